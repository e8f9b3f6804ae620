#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit old;
    if (getrlimit(resource, &old) != 0) return errno;
    // Nobody but root can raise a hard limit that is lower already.
    if (old.rlim_max != RLIM_INFINITY && hard > old.rlim_max) hard = old.rlim_max;
    if (soft > hard) soft = hard;
    struct rlimit new = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &new) == 0 ? 0 : errno;
}

int sb_set_limits(const sb_limits *limits) {
    int result = limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes);
    if (result == 0) result = limit(RLIMIT_CPU, limits->cpu_seconds, limits->most_cpu_seconds + 2);
    if (result == 0) result = limit(RLIMIT_NOFILE, limits->open_files, limits->open_files);
    if (result == 0) result = limit(RLIMIT_NPROC, limits->processes, limits->processes);
    if (result == 0) result = limit(RLIMIT_FSIZE, 0, 0);
    if (result == 0) result = limit(RLIMIT_CORE, 0, 0);
    return result;
}

int sb_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int sb_spawn_new_session(posix_spawnattr_t *attributes) {
    short flags;
    int result = posix_spawnattr_getflags(attributes, &flags);
    return result != 0 ? result : posix_spawnattr_setflags(attributes, (short)(flags | POSIX_SPAWN_SETSID));
}

int sb_open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int sb_try_socket(int family) {
    int descriptor = socket(family, SOCK_STREAM, 0);
    if (descriptor < 0) return errno;
    close(descriptor);
    return 0;
}

// Runs `attempt` in a child of ours; its result is the exit status.
static int in_child(int (*attempt)(void)) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(attempt());
    int status;
    if (waitpid(child, &status, 0) < 0) return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

static int new_session(void) { return setsid() < 0 ? errno : 0; }
static int nothing(void) { return 0; }

int sb_try_new_session_in_child(void) { return in_child(new_session); }
int sb_try_fork(void) { return in_child(nothing); }
