// Landlock by direct system calls: glibc has no wrappers, and Debian 12's header knows version 2 only.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

// linux/landlock.h of Linux 6.12.
struct ruleset {
    uint64_t files, network, scoped;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

struct port_rule {
    uint64_t allowed, port;
};

enum { create_version = 1, rule_path_beneath = 1, rule_port = 2 };

enum : uint64_t {
    fs_execute = 1 << 0,
    fs_write_file = 1 << 1,
    fs_read_file = 1 << 2,
    fs_read_dir = 1 << 3,
    fs_version_1 = (1 << 13) - 1,
    fs_refer = 1 << 13,
    fs_truncate = 1 << 14,
    fs_ioctl_device = 1 << 15,
    network_connect_tcp = 1 << 1,
    network_tcp = 3,
    scope_abstract_sockets_and_signals = 3,
};

static int landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, create_version);
    return version > 0 ? (int)version : 0;
}

sb_kernel sb_probe_kernel(void) {
    // With an address of nothing, a kernel that can filter says EFAULT and any other EINVAL.
    bool seccomp = prctl(PR_SET_SECCOMP, 2, NULL, 0, 0) == -1 && errno == EFAULT;
    return (sb_kernel){.landlock = landlock_version(), .seccomp = seccomp};
}

int sb_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

static int allow(int ruleset, const char *path, uint64_t access) {
    int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
    struct stat status;
    int result = fstat(parent, &status) == 0 ? 0 : errno;
    if (result == 0) {
        // Rights on folders are refused for what is none.
        if (!S_ISDIR(status.st_mode)) access &= fs_execute | fs_write_file | fs_read_file | fs_truncate;
        struct path_rule rule = {.allowed = access, .parent = parent};
        if (syscall(SYS_landlock_add_rule, ruleset, rule_path_beneath, &rule, 0) != 0) result = errno;
    }
    close(parent);
    return result;
}

static int allow_all(int ruleset, const char *const *paths, size_t count, uint64_t access) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) result = allow(ruleset, paths[i], access);
    return result;
}

static int allow_port(int ruleset, uint16_t port) {
    struct port_rule rule = {.allowed = network_connect_tcp, .port = port};
    return syscall(SYS_landlock_add_rule, ruleset, rule_port, &rule, 0) == 0 ? 0 : errno;
}

int sb_restrict(const sb_openings *openings) {
    int version = landlock_version();
    if (version == 0) return ENOSYS;
    struct ruleset attributes = {.files = fs_version_1};
    size_t size = sizeof attributes.files;
    if (version >= 2) attributes.files |= fs_refer;
    if (version >= 3) attributes.files |= fs_truncate;
    if (version >= 4) {
        attributes.network = network_tcp;
        size += sizeof attributes.network;
    }
    if (version >= 5) attributes.files |= fs_ioctl_device;
    if (version >= 6) {
        attributes.scoped = scope_abstract_sockets_and_signals;
        size += sizeof attributes.scoped;
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0) return errno;
    int result = allow_all(
        ruleset, openings->readable, openings->readable_count, fs_execute | fs_read_file | fs_read_dir);
    if (result == 0)
        result = allow_all(ruleset, openings->devices, openings->device_count, fs_read_file | fs_write_file);
    if (result == 0)
        result = allow_all(ruleset, openings->writable, openings->writable_count, attributes.files & ~fs_execute);
    if (result == 0 && version >= 4 && openings->tcp_port != 0) result = allow_port(ruleset, openings->tcp_port);
    if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) result = errno;
    close(ruleset);
    return result;
}
