import Glibc

/// Lets the process open as many files and connections as the system allows it; shells allow 1024 at first, and each
/// streamed answer takes two.
enum OpenFileLimit {
    /// Connections that are served at once; more of them wait until others have ended. Behind each may stand one to a
    /// provider, and files, the database and child processes need what is left.
    static var connections: Int {
        let files = Int(clamping: current.rlim_cur)
        return max(16, min(files / 2, files - 256))
    }

    private static var current: rlimit {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
            ? limit : rlimit(rlim_cur: 1024, rlim_max: 1024)
    }

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
