// Confines the calling process for good: what it may open, whom it may signal, which system calls it has. Linux only.
#pragma once

#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the kernel has. `landlock` is the version of its interface (landlock(7)): 0 where there is none, 2 for Linux 5.19,
// 3 for 6.2 (truncating), 4 for 6.7 (TCP), 6 for 6.12 (signals). `seccomp` tells whether system calls can be filtered.
typedef struct {
    int landlock;
    bool seccomp;
} sb_kernel;

sb_kernel sb_probe_kernel(void);

// Takes away, for this process and whatever it starts, the gaining of privileges by executing a file. Returns 0 or errno.
int sb_no_new_privileges(void);

// Leaves only these paths open: `readable` for reading and executing, with all below them, `devices` for reading and
// writing. What does not exist is passed over. Nothing can be made, written, renamed or removed anywhere else; where the
// kernel can, no TCP socket can be bound or connected and no process outside can be signalled. Only the calling thread and
// what it starts are confined, so no other thread may exist yet. Returns 0 or errno; ENOSYS and EOPNOTSUPP say that the
// kernel has no Landlock.
int sb_restrict_files(const char *const *readable, size_t readable_count, const char *const *devices, size_t device_count);

// Refuses, with EPERM, the system calls that a reader of files has no use for: sockets, namespaces, mounts, sessions and
// process groups of its own, signals to others, changes of owners and modes, tracing, keys, io_uring. With
// `may_start_processes` false also fork and exec. Returns 0 or errno.
int sb_filter_system_calls(bool may_start_processes);

// Each is the soft limit; that of processor time can be raised up to `most_cpu_seconds`, as each tool needs it, and the hard one
// is a little above, so that its signal tells what happened. `processes` counts those of the user, and binds no root. Returns 0 or
// errno.
typedef struct {
    uint64_t memory_bytes;
    uint64_t cpu_seconds;
    uint64_t most_cpu_seconds;
    uint64_t open_files;
    uint64_t processes;
} sb_limits;

int sb_set_limits(const sb_limits *limits);

// What glibc's spawn.h declares for GNU programs only, as which Swift does not count: closes the descriptors from `first` on in
// the child; makes the child lead a session of its own.
int sb_spawn_close_from(posix_spawn_file_actions_t *actions, int first);
int sb_spawn_new_session(posix_spawnattr_t *attributes);

// A descriptor that can be read from when the process has ended (pidfd_open(2), Linux 5.3); -1 where there can be none.
int sb_open_process(int process);

// For checks from inside. Each returns 0 or errno; the last two try in a child of this process.
int sb_try_socket(int family);
int sb_try_new_session_in_child(void);
int sb_try_fork(void);
