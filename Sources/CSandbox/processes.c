#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
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

int sb_set_browser_limits(const sb_limits *limits, uint64_t file_bytes) {
    int result = limit(RLIMIT_DATA, limits->memory_bytes, limits->memory_bytes);
    if (result == 0) result = limit(RLIMIT_CPU, limits->cpu_seconds, limits->most_cpu_seconds + 2);
    if (result == 0) result = limit(RLIMIT_NOFILE, limits->open_files, limits->open_files);
    if (result == 0) result = limit(RLIMIT_FSIZE, file_bytes, file_bytes);
    if (result == 0) result = limit(RLIMIT_CORE, 0, 0);
    return result;
}

int sb_leave_root(uid_t user, gid_t group) {
    if (geteuid() != 0) return 0;
    if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0) return errno;
    return setresuid(user, user, user) == 0 ? 0 : errno;
}

// `copies` are above all the numbers that the program gets, so that none is overwritten before it is copied.
static int start(pid_t *process, const sb_program *program, const int *copies) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (size_t i = 0; i < program->descriptor_count; i++) posix_spawn_file_actions_adddup2(&actions, copies[i], (int)i);
    posix_spawn_file_actions_addclosefrom_np(&actions, (int)program->descriptor_count);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (program->leads_session) flags |= POSIX_SPAWN_SETSID;
    posix_spawnattr_setflags(&attributes, flags);

    char *const *environment = program->environment ? program->environment : environ;
    int result = posix_spawnp(process, program->arguments[0], &actions, &attributes, program->arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int sb_start(pid_t *process, const sb_program *program) {
    int *copies = calloc(program->descriptor_count, sizeof *copies);
    if (copies == NULL) return errno;
    size_t count = 0;
    int result = 0;
    for (; count < program->descriptor_count && result == 0; count++) {
        copies[count] = fcntl(program->descriptors[count], F_DUPFD_CLOEXEC, (int)program->descriptor_count);
        if (copies[count] < 0) result = errno;
    }
    if (result == 0) result = start(process, program, copies);
    for (size_t i = 0; i < count; i++)
        if (copies[i] >= 0) close(copies[i]);
    free(copies);
    return result;
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
