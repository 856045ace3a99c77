/* test-sandbox.c - what a confined process can still do; each try in a child of its own. */
#include "content/ingest/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEBIBYTE (1024 * 1024)

/* Each returns whether the thing could be done. */
/* clang-format off */
static gboolean try_internet(int fd) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static gboolean try_unix(int fd)     { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }
static gboolean try_exec(int fd)     { execl("/bin/true", "true", NULL); return errno != EPERM; }
static gboolean try_kill(int fd)     { return kill(getppid(), 0) == 0; }
static gboolean try_tgkill(int fd)   { return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0; }
static gboolean try_oneself(int fd)  { return syscall(SYS_tgkill, getpid(), getpid(), 0) == 0; }
static gboolean try_passwd(int fd)   { return open("/etc/passwd", O_RDONLY) >= 0; }
static gboolean try_write(int fd)    { return open("/tmp/loa-sandbox-escaped", O_WRONLY | O_CREAT, 0600) >= 0; }
static gboolean try_library(int fd)  { return open("/usr/lib/os-release", O_RDONLY) >= 0; }
static gboolean try_pair(int fd)     { int pair[2]; return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0; }
static gboolean try_small_file(int fd) { return ftruncate(fd, MEBIBYTE) == 0; }
static gboolean try_large_file(int fd) { return ftruncate(fd, 3 * MEBIBYTE) == 0; }
static gboolean try_memory(int fd)   { return mmap(NULL, (gsize) 2048 * MEBIBYTE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED; }
static gboolean
try_own_file(int fd)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

    return open(path, O_RDONLY) >= 0;
}

static const struct {
    const char *why;
    gboolean (*attempt)(int fd);
    gboolean is_allowed, needs_landlock, needs_memory_limit;
} cases[] = {
    { "no network",                       try_internet,   FALSE, FALSE, FALSE },
    { "nor a way to the daemons here",    try_unix,       FALSE, FALSE, FALSE },
    { "no other program",                 try_exec,       FALSE, FALSE, FALSE },
    { "no signal to others",              try_kill,       FALSE, FALSE, FALSE },
    { "nor by another call",              try_tgkill,     FALSE, FALSE, FALSE },
    { "but to oneself, as abort() does",  try_oneself,    TRUE,  FALSE, FALSE },
    { "no file of the machine",           try_passwd,     FALSE, TRUE,  FALSE },
    { "no new file",                      try_write,      FALSE, TRUE,  FALSE },
    { "no endless file",                  try_large_file, FALSE, FALSE, FALSE },
    { "no endless memory",                try_memory,     FALSE, FALSE, TRUE  },
    { "plug-ins can be read",             try_library,    TRUE,  FALSE, FALSE },
    { "threads can wake each other",      try_pair,       TRUE,  FALSE, FALSE },
    { "a file within the limit",          try_small_file, TRUE,  FALSE, FALSE },
    { "the file given may be opened again", try_own_file, TRUE,  FALSE, FALSE },
};
/* clang-format on */

static gboolean
kernel_has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static int
try_confined(gboolean (*attempt)(int fd), int fd)
{
    const ContentIngestLimits limits = {(guint64) 1024 * MEBIBYTE, 60, 2 * MEBIBYTE};
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        if (!content_ingest_confine(&limits, fd, fd, NULL))
            _exit(2);
        _exit(attempt(fd) ? 1 : 0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
test_walls(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("loa-sandbox-XXXXXX", &path, NULL);

    g_assert_cmpint(fd, >=, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
#if defined(__SANITIZE_ADDRESS__)
        if (cases[i].needs_memory_limit)
            continue;
#endif
        if (cases[i].needs_landlock && !kernel_has_landlock())
            continue;
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(try_confined(cases[i].attempt, fd), ==, cases[i].is_allowed ? 1 : 0);
    }
    close(fd);
    unlink(path);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/ingest/sandbox/walls", test_walls);
    return g_test_run();
}
