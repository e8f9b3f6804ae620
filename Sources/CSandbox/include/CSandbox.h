// Starts processes, and confines the calling one for good: what it may open, whom it may signal, which system calls it has.
// Linux only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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
// writing, `writable` for whatever one does with files. What does not exist is passed over. Nothing can be made, written,
// renamed or removed anywhere else; where the kernel can, no TCP socket can be bound, none connected but to `tcp_port` (0
// for none), and no process outside can be signalled. Only the calling thread and what it starts are confined, so no other
// thread may exist yet. Returns 0 or errno; ENOSYS and EOPNOTSUPP say that the kernel has no Landlock.
typedef struct {
    const char *const *readable;
    size_t readable_count;
    const char *const *devices;
    size_t device_count;
    const char *const *writable;
    size_t writable_count;
    uint16_t tcp_port;
} sb_openings;

int sb_restrict(const sb_openings *openings);

// Refuses, with EPERM, the system calls that a reader of files has no use for: sockets, namespaces, mounts, sessions and
// process groups of its own, signals to others, changes of owners and modes, tracing, keys, io_uring. With
// `may_start_processes` false also fork and exec. Returns 0 or errno.
int sb_filter_system_calls(bool may_start_processes);

// Refuses, with EPERM, every socket but those of local services, of the kernel's own messages, and of TCP: no datagram leaves
// this machine. Returns 0 or errno.
int sb_filter_sockets(void);

// Where the process is root's: makes it somebody's who may do little, for good. Returns 0 or errno.
int sb_leave_root(uid_t user, gid_t group);

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

// The same for a browser, whose address space is wide and mostly empty: `memory_bytes` bounds what it writes to. Its files may
// have `file_bytes`; `processes` is not looked at.
int sb_set_browser_limits(const sb_limits *limits, uint64_t file_bytes);

// Starts a program, a path or a name in `PATH`. Its descriptors from 0 on are `descriptors`, and it has no others; it takes all
// signals as usual, and leads a session of its own if it is to. Returns 0 or errno.
typedef struct {
    char *const *arguments;
    // That of this process where there is none.
    char *const *environment;
    const int *descriptors;
    size_t descriptor_count;
    bool leads_session;
} sb_program;

int sb_start(pid_t *process, const sb_program *program);

// A descriptor that can be read from when the process has ended (pidfd_open(2), Linux 5.3); -1 where there can be none.
int sb_open_process(int process);

// For checks from inside. Each returns 0 or errno; the last two try in a child of this process.
int sb_try_socket(int family);
int sb_try_new_session_in_child(void);
int sb_try_fork(void);
