import Glibc

/// Lets the process open as many files and connections as the system allows it; shells allow 1024 at first, and each
/// streamed answer takes two.
enum OpenFileLimit {
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        // Where this fails, fewer connections are served at once; nothing else depends on it.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
