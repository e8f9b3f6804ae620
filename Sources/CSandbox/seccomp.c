// A filter of system calls as a program for the kernel's packet filter (seccomp(2)). What is refused gives EPERM, not a
// signal: libraries then go another way or say what is wrong.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The filter of system calls is written for x86-64 and AArch64."
#endif

// Numbers that are the same on every architecture, where headers are older than the calls.
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_removexattrat 466
#endif

static const int refused[] = {
    // The network, and sockets of services on this machine. A pair of sockets that are joined already stays allowed.
    SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // What runs system calls past this filter.
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    // A session or group of its own would survive the end of the parser's group.
    SYS_setsid, SYS_setpgid,
    // Signals; the two that may go to oneself are looked at below.
    SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_pidfd_getfd,
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp, SYS_setpriority, SYS_sched_setscheduler,
    SYS_sched_setattr, SYS_sched_setparam, SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages,
    // Namespaces, mounts, the machine.
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_sethostname,
    SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_syslog, SYS_acct,
    SYS_quotactl, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_vhangup, SYS_personality,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_fanotify_init, SYS_fanotify_mark, SYS_name_to_handle_at,
    SYS_open_by_handle_at, SYS_add_key, SYS_request_key, SYS_keyctl,
    // Memory and queues that outlive the process, and files without a name to run from.
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_semget, SYS_semop, SYS_semctl,
    SYS_mq_open, SYS_mq_unlink, SYS_memfd_create, SYS_memfd_secret, SYS_execveat,
    // Changes of files that Landlock leaves to the owner's rights; truncating it knows from version 3 on only.
    SYS_truncate, SYS_ftruncate, SYS_fallocate, SYS_fchmod, SYS_fchmodat, SYS_fchmodat2, SYS_fchown, SYS_fchownat,
    SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
    SYS_setxattrat, SYS_removexattrat,
    // Identities.
    SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid,
    SYS_setgroups, SYS_capset,
#if defined(__x86_64__)
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib,
    SYS_ustat, SYS_sysfs, SYS_creat,
#endif
};

enum { refused_count = sizeof refused / sizeof refused[0], capacity = 2 * refused_count + 80 };

typedef struct {
    struct sock_filter lines[capacity];
    unsigned short count;
} program;

static void add(program *filter, struct sock_filter line) { filter->lines[filter->count++] = line; }

static void load(program *filter, size_t offset) {
    add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

static void load_number(program *filter) { load(filter, offsetof(struct seccomp_data, nr)); }

// Both machines store the low half first.
static void load_argument(program *filter, int index) {
    load(filter, offsetof(struct seccomp_data, args) + 8 * (size_t)index);
}

static void answer(program *filter, unsigned result) { add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, result)); }

static void refuse(program *filter, int code) { answer(filter, SECCOMP_RET_ERRNO | ((unsigned)code & SECCOMP_RET_DATA)); }

// Passes over `lines` lines unless what is loaded is `value`.
static void unless_equal_skip(program *filter, unsigned value, unsigned char lines) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, lines));
}

// Passes over `lines` lines unless what is loaded has one of `bits`.
static void unless_bits_skip(program *filter, unsigned bits, unsigned char lines) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, lines));
}

static void refuse_call(program *filter, int number, int code) {
    unless_equal_skip(filter, (unsigned)number, 1);
    refuse(filter, code);
}

// Refuses the call where its argument has one of `bits`. The number is loaded before and after.
static void refuse_bits(program *filter, int number, int argument, unsigned bits) {
    unless_equal_skip(filter, (unsigned)number, 4);
    load_argument(filter, argument);
    unless_bits_skip(filter, bits, 1);
    refuse(filter, EPERM);
    load_number(filter);
}

// Refuses the call unless its argument is one of two values.
static void allow_values(program *filter, int number, int argument, unsigned first, unsigned second) {
    unless_equal_skip(filter, (unsigned)number, 5);
    load_argument(filter, argument);
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first, 2, 0));
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, second, 1, 0));
    refuse(filter, EPERM);
    load_number(filter);
}

// Only threads: a process is what does not share its thread group.
static void refuse_processes(program *filter) {
    unless_equal_skip(filter, SYS_clone, 4);
    load_argument(filter, 0);
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0));
    refuse(filter, EPERM);
    load_number(filter);
    refuse_call(filter, SYS_execve, EPERM);
#if defined(__x86_64__)
    refuse_call(filter, SYS_fork, EPERM);
    refuse_call(filter, SYS_vfork, EPERM);
#endif
}

static void refuse_arguments(program *filter) {
    // The flags of clone3 lie in memory, where a filter cannot look. glibc goes back to clone.
    refuse_call(filter, SYS_clone3, ENOSYS);
    refuse_bits(filter, SYS_clone, 0,
        CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET);
    // A file that is opened for reading can be truncated as well, which Landlock knows from version 3 on only.
    refuse_bits(filter, SYS_openat, 2, O_TRUNC);
    refuse_call(filter, SYS_openat2, ENOSYS);
#if defined(__x86_64__)
    refuse_bits(filter, SYS_open, 1, O_TRUNC);
#endif
    // Signals to oneself are how a process aborts, to its own group how it ends its tools.
    allow_values(filter, SYS_kill, 0, 0, (unsigned)getpid());
    allow_values(filter, SYS_tgkill, 0, (unsigned)getpid(), (unsigned)getpid());
    // Limits of other processes; 0 is oneself.
    allow_values(filter, SYS_prlimit64, 0, 0, (unsigned)getpid());
    // Words put into a terminal's input.
    unless_equal_skip(filter, SYS_ioctl, 4);
    load_argument(filter, 1);
    unless_equal_skip(filter, TIOCSTI, 1);
    refuse(filter, EPERM);
    load_number(filter);
}

// Begins with the calls of this architecture alone, whose number is loaded.
static program begin(void) {
    program filter = {.count = 0};
    load(&filter, offsetof(struct seccomp_data, arch));
    unless_equal_skip(&filter, OUR_ARCHITECTURE, 1);
    add(&filter, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 1));
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
    load_number(&filter);
#if defined(__x86_64__)
    // The x32 calls have numbers of their own for the same things.
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    refuse(&filter, ENOSYS);
#endif
    return filter;
}

static int install(const program *filter) {
    struct sock_fprog code = {.len = filter->count, .filter = (struct sock_filter *)filter->lines};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &code) == 0 ? 0 : errno;
}

int sb_filter_sockets(void) {
    program filter = begin();
    // What makes sockets past this filter.
    refuse_call(&filter, SYS_io_uring_setup, EPERM);
    unless_equal_skip(&filter, SYS_socket, 10);
    load_argument(&filter, 0);
    // Local services, and the kernel's own messages: of any type.
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 7, 0));
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 6, 0));
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0));
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 3));
    load_argument(&filter, 1);
    // Above the type are flags.
    add(&filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xF));
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 1, 0));
    refuse(&filter, EPERM);
    load_number(&filter);
    answer(&filter, SECCOMP_RET_ALLOW);
    return install(&filter);
}

int sb_filter_system_calls(bool may_start_processes) {
    program filter = begin();
    for (size_t i = 0; i < refused_count; i++) refuse_call(&filter, refused[i], EPERM);
    refuse_arguments(&filter);
    if (!may_start_processes) refuse_processes(&filter);
    answer(&filter, SECCOMP_RET_ALLOW);
    return install(&filter);
}
