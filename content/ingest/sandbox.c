/* sandbox.c - see sandbox.h */
#include "content/ingest/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Descriptors GStreamer needs for its loops and plug-ins, with room. */
#define MAX_DESCRIPTORS 256

G_DEFINE_QUARK(ContentIngestError, content_ingest_error)

#if defined(__SANITIZE_ADDRESS__)
/* AddressSanitizer reserves terabytes of address space. */
#define LIMITS_MEMORY FALSE
#else
#define LIMITS_MEMORY TRUE
#endif

/* clang-format off */
/*
 * Answered with EPERM: a decoder has no business with any of them. socketpair() stays: GStreamer
 * wakes its loops through one, and nobody outside is at its other end.
 */
static const int forbidden[] = {
    SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg),
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(setuid), SCMP_SYS(setgid),
    SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups), SCMP_SYS(capset),
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(unshare),
    SCMP_SYS(setns), SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname), SCMP_SYS(prlimit64), SCMP_SYS(setrlimit), SCMP_SYS(ioperm),
    SCMP_SYS(iopl), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(symlink),
    SCMP_SYS(symlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(lchown),
    SCMP_SYS(fchownat), SCMP_SYS(mknod), SCMP_SYS(mknodat),
};

/* Signals, which abort() and threads send within the process; first argument: to which process. */
static const int inward[] = { SCMP_SYS(tgkill), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo) };

/* Where libraries and plug-ins read, and nothing is written. */
static const char *const readable[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc",
                                        "/sys/devices/system/cpu", "/dev/null", "/dev/urandom" };
/* clang-format on */

static gboolean
fail(GError **error, const char *what, int number)
{
    g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED, "%s: %s", what,
                g_strerror(number));
    return FALSE;
}

static gboolean
limit_one(int resource, guint64 most, const char *what, GError **error)
{
    struct rlimit limit = {most, most};

    if (setrlimit((__rlimit_resource_t) resource, &limit) != 0)
        return fail(error, what, errno);
    return TRUE;
}

static gboolean
limit_resources(const ContentIngestLimits *limits, GError **error)
{
    /* A write past the limit then fails with EFBIG and is reported, instead of killing us. */
    signal(SIGXFSZ, SIG_IGN);
    if (LIMITS_MEMORY && !limit_one(RLIMIT_AS, limits->memory_bytes, "memory limit", error))
        return FALSE;
    return limit_one(RLIMIT_CPU, limits->processor_s, "processor limit", error) &&
           limit_one(RLIMIT_FSIZE, limits->file_bytes, "file limit", error) &&
           limit_one(RLIMIT_NOFILE, MAX_DESCRIPTORS, "descriptor limit", error) &&
           limit_one(RLIMIT_CORE, 0, "core limit", error);
}

/* @fd: a folder or file; rights that a file cannot have are left out by the caller */
static gboolean
allow(int ruleset, int fd, guint64 rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};

    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static void
allow_readable(int ruleset)
{
    const guint64 file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;

    for (gsize i = 0; i < G_N_ELEMENTS(readable); i++) {
        int fd = open(readable[i], O_PATH | O_CLOEXEC);

        /* A folder may be listed too; a file refuses that right, so it is asked without. */
        if (fd >= 0 && !allow(ruleset, fd, file | LANDLOCK_ACCESS_FS_READ_DIR))
            allow(ruleset, fd, file);
        if (fd >= 0)
            close(fd);
    }
}

/* @fd: -1: there is none */
static gboolean
allow_again(int ruleset, int fd)
{
    return fd < 0 || allow(ruleset, fd, LANDLOCK_ACCESS_FS_READ_FILE);
}

/* A kernel without Landlock is no error: the rest of the walls stands. */
static gboolean
wall_off_files(int first_fd, int second_fd, GError **error)
{
    /* The rights of the first version of the interface: every kernel with Landlock has them. */
    struct landlock_ruleset_attr attributes = {
        .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
    };
    int ruleset = (int) syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    gboolean ok;
    int number;

    if (ruleset < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP ||
               fail(error, "landlock_create_ruleset", errno);
    allow_readable(ruleset);
    ok = allow_again(ruleset, first_fd) && allow_again(ruleset, second_fd) &&
         syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    number = errno;
    close(ruleset);
    return ok || fail(error, "landlock_restrict_self", number);
}

static gboolean
filter_calls(GError **error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int status = filter == NULL ? -ENOMEM : 0;

    for (gsize i = 0; status == 0 && i < G_N_ELEMENTS(forbidden); i++) {
        /* Calls that this architecture does not have are negative: nothing to forbid. */
        if (forbidden[i] >= 0)
            status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
    }
    for (gsize i = 0; status == 0 && i < G_N_ELEMENTS(inward); i++)
        status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), inward[i], 1,
                                  SCMP_A0(SCMP_CMP_NE, (scmp_datum_t) getpid()));
    if (status == 0)
        status = seccomp_load(filter);
    if (filter != NULL)
        seccomp_release(filter);
    return status == 0 || fail(error, "seccomp", -status);
}

gboolean
content_ingest_confine(const ContentIngestLimits *limits, int first_fd, int second_fd,
                       GError **error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fail(error, "prctl", errno);
    return limit_resources(limits, error) && wall_off_files(first_fd, second_fd, error) &&
           filter_calls(error);
}
