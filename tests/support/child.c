/* child.c - see child.h */
#include "tests/support/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A board that was silent is asked every 5 s only, and the machine may be busy meanwhile. */
#define PATIENCE_US (60 * G_USEC_PER_SEC)

struct TestChild {
    GPid pid;
    int in, out;
    GString *partial;
    GQueue lines; /* (element-type utf8) */
};

static void
in_child(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

TestChild *
test_child_start(const char *const *argv)
{
    TestChild *child = g_new0(TestChild, 1);
    g_autoptr(GError) error = NULL;

    child->partial = g_string_new(NULL);
    g_queue_init(&child->lines);
    signal(SIGPIPE, SIG_IGN);
    g_spawn_async_with_pipes(NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, in_child,
                             NULL, &child->pid, &child->in, &child->out, NULL, &error);
    g_assert_no_error(error);
    return child;
}

GPid
test_child_pid(const TestChild *child)
{
    return child->pid;
}

static void
split_lines(TestChild *child)
{
    char *end;

    while ((end = strchr(child->partial->str, '\n')) != NULL) {
        gsize length = (gsize) (end - child->partial->str);

        g_queue_push_tail(&child->lines, g_strndup(child->partial->str, length));
        g_string_erase(child->partial, 0, (gssize) length + 1);
    }
}

/* Returns: %FALSE at the end of its output or when the time is over */
static gboolean
read_more(TestChild *child, gint64 until_us)
{
    struct pollfd fd = {.fd = child->out, .events = POLLIN};
    gint64 left_us = until_us - g_get_monotonic_time();
    char bytes[4096];
    ssize_t n;

    if (poll(&fd, 1, (int) ((MAX(left_us, 0) + 999) / 1000)) <= 0)
        return FALSE;
    n = read(child->out, bytes, sizeof bytes);
    if (n <= 0)
        return FALSE;
    g_string_append_len(child->partial, bytes, n);
    split_lines(child);
    return TRUE;
}

static char *
take_line(TestChild *child, const char *prefix)
{
    for (GList *node = child->lines.head; node != NULL; node = node->next) {
        char *line = node->data;

        if (g_str_has_prefix(line, prefix)) {
            g_queue_delete_link(&child->lines, node);
            return line;
        }
    }
    return NULL;
}

char *
test_child_line(TestChild *child, const char *prefix, gint64 timeout_us)
{
    gint64 until_us = g_get_monotonic_time() + timeout_us;

    for (;;) {
        char *line = take_line(child, prefix);

        if (line != NULL || !read_more(child, until_us))
            return line;
    }
}

char *
test_child_expect(TestChild *child, const char *prefix)
{
    char *line = test_child_line(child, prefix, PATIENCE_US);

    if (line == NULL)
        g_error("process %d never said '%s'", child->pid, prefix);
    return line;
}

void
test_child_forget(TestChild *child)
{
    while (read_more(child, 0))
        continue;
    g_queue_clear_full(&child->lines, g_free);
}

void
test_child_say(TestChild *child, const char *format, ...)
{
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    line = g_strconcat(text, "\n", NULL);
    g_assert_cmpint(write(child->in, line, strlen(line)), ==, (gssize) strlen(line));
}

void
test_child_signal(TestChild *child, int signal_number)
{
    g_assert_cmpint(kill(child->pid, signal_number), ==, 0);
}

int
test_child_wait(TestChild *child, gint64 timeout_us)
{
    gint64 until_us = g_get_monotonic_time() + timeout_us;
    int status = 0;

    /* Its output ends when it does; to wait for that needs neither signals nor naps. */
    while (read_more(child, until_us))
        continue;
    while (waitpid(child->pid, &status, WNOHANG) == 0) {
        if (g_get_monotonic_time() >= until_us)
            return -1;
        g_usleep(1000);
    }
    child->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
test_child_stop(TestChild *child)
{
    if (child == NULL)
        return;
    if (child->pid != 0) {
        kill(child->pid, SIGCONT);
        kill(child->pid, SIGTERM);
        if (test_child_wait(child, PATIENCE_US) < 0) {
            kill(child->pid, SIGKILL);
            test_child_wait(child, PATIENCE_US);
        }
    }
    close(child->in);
    close(child->out);
    g_queue_clear_full(&child->lines, g_free);
    g_string_free(child->partial, TRUE);
    g_free(child);
}
