/* test-command.c - a text message handed to a program: its arguments, its limits, its faults.
 */
#include "scheduler/message/command.h"

#include "scheduler/message/smtp.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#include <glib/gstdio.h>

#define MS ((gint64) 1000)

/* Returns: (transfer full): a program of the site */
static char *
write_program(const char *folder, const char *text)
{
    char *path = g_build_filename(folder, "send", NULL);
    g_autofree char *whole = g_strconcat("#!/bin/sh\n", text, NULL);

    g_assert_true(g_file_set_contents(path, whole, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0700), ==, 0);
    return path;
}

static void
test_arguments(void)
{
    g_autofree char *folder = test_scratch_new();
    g_autofree char *out = g_build_filename(folder, "out", NULL), *said = NULL;
    g_autofree char *program = write_program(
        folder, "{ for a in \"$@\"; do echo \"<$a>\"; done; cat; env | sort; } > \"$1\"\n");
    /* Nothing of it is anything to a shell. */
    const char *words[] = {program, out, "$(reboot); `id`", SCHED_COMMAND_PHONE, "a b", NULL};
    g_autoptr(GError) error = NULL;

    g_setenv("LOA_SECRET", "x", TRUE);
    g_assert_true(
        sched_command_send(words, "+84905123456", "Loa: ơ̆ $(reboot)\n", 0, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(out, &said, NULL, NULL));
    g_assert_nonnull(g_strstr_len(said, -1,
                                  "<$(reboot); `id`>\n<+84905123456>\n<a b>\n"
                                  "Loa: ơ̆ $(reboot)\n"));
    g_assert_null(g_strstr_len(said, -1, "LOA_SECRET"));
    test_scratch_free(g_steal_pointer(&folder));
}

static void
test_faults(void)
{
    /* clang-format off */
    static const struct { const char *why, *text; gint64 most_us; SchedPostError code; const char *says; } cases[] = {
        { "it fails and says why",     "cat >/dev/null; echo no network >&2; exit 3\n", 0, SCHED_POST_ERROR_COMMAND, "3: no network" },
        { "it reads nothing and fails", "exit 1\n",                               0,         SCHED_POST_ERROR_COMMAND, "ended with 1" },
        { "it is killed",              "kill -9 $$\n",                            0,         SCHED_POST_ERROR_COMMAND, "signal 9" },
        { "it does not end",           "exec sleep 60\n",                         200 * MS,  SCHED_POST_ERROR_LATE,    "too long" },
        { "its child holds the line",  "sleep 60 & exit 4\n",                     0,         SCHED_POST_ERROR_COMMAND, "ended with 4" },
        { "it talks without end",      "exec yes\n",                              0,         SCHED_POST_ERROR_COMMAND, "more than it may" },
        { "broken letters",            "printf '\\377'; exit 1\n",                0,         SCHED_POST_ERROR_COMMAND, "ended with 1" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folder = test_scratch_new();
        g_autofree char *program = write_program(folder, cases[i].text);
        const char *words[] = {program, SCHED_COMMAND_PHONE, NULL};
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_false(
            sched_command_send(words, "0905123456", "Loa", cases[i].most_us, NULL, &error));
        g_assert_error(error, SCHED_POST_ERROR, (gint) cases[i].code);
        g_assert_nonnull(g_strstr_len(error->message, -1, cases[i].says));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        test_scratch_free(g_steal_pointer(&folder));
    }
}

static void
test_nothing_to_run(void)
{
    static const char *const words[] = {"/nonexistent/send", SCHED_COMMAND_PHONE, NULL};
    g_autoptr(GError) error = NULL, phone = NULL, ended = NULL;
    g_autoptr(GCancellable) over = g_cancellable_new();
    static const char *const sleeps[] = {"/bin/sleep", "60", NULL};

    g_assert_false(sched_command_send(words, "0905123456", "Loa", 0, NULL, &error));
    g_assert_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND);
    g_assert_false(sched_command_send(words, "--help", "Loa", 0, NULL, &phone));
    g_assert_error(phone, SCHED_POST_ERROR, SCHED_POST_ERROR_REFUSED);
    /* The scheduler ends: nobody waits for a modem. */
    g_cancellable_cancel(over);
    g_assert_false(sched_command_send(sleeps, "0905123456", "Loa", 0, over, &ended));
    g_assert_error(ended, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND);
}

/* A command that runs beside us, and the moment in which we break it off. */
typedef struct {
    GCancellable *over; /* (owned) */
    GMutex mutex;
    GCond cond;
    gboolean is_back, was_back; /* at all; while others still heard of the end */
} BrokenOff;

static gpointer
send_beside(gpointer data)
{
    static const char *const sleeps[] = {"/bin/sleep", "60", NULL};
    BrokenOff *self = data;
    g_autoptr(GError) error = NULL;

    g_assert_false(sched_command_send(sleeps, "0905123456", "Loa", 0, self->over, &error));
    g_assert_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND);
    g_mutex_lock(&self->mutex);
    self->is_back = TRUE;
    g_cond_signal(&self->cond);
    g_mutex_unlock(&self->mutex);
    return NULL;
}

/* A busy machine: whoever breaks it off comes no further for a while. */
static void
hold_up(GCancellable *over, gpointer data)
{
    BrokenOff *self = data;
    gint64 until_us = g_get_monotonic_time() + 300 * MS;

    g_mutex_lock(&self->mutex);
    while (!self->is_back && g_cond_wait_until(&self->cond, &self->mutex, until_us))
        continue;
    self->was_back = self->is_back;
    g_mutex_unlock(&self->mutex);
}

/* GLib loses a source of a cancellable that is let go before everybody has heard of the end. */
static void
test_broken_off(void)
{
    BrokenOff it = {.over = g_cancellable_new()};
    guint cancelled = g_signal_lookup("cancelled", G_TYPE_CANCELLABLE);
    GThread *thread;

    g_mutex_init(&it.mutex);
    g_cond_init(&it.cond);
    thread = g_thread_new("send", send_beside, &it);
    TEST_WAIT_UNTIL(g_signal_has_handler_pending(it.over, cancelled, 0, TRUE));
    g_signal_connect(it.over, "cancelled", G_CALLBACK(hold_up), &it);
    g_cancellable_cancel(it.over);
    g_thread_join(thread);
    g_assert_true(it.is_back);
    g_assert_false(it.was_back);
    g_mutex_clear(&it.mutex);
    g_cond_clear(&it.cond);
    g_object_unref(it.over);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/command/arguments", test_arguments);
    g_test_add_func("/message/command/faults", test_faults);
    g_test_add_func("/message/command/nothing-to-run", test_nothing_to_run);
    g_test_add_func("/message/command/broken-off", test_broken_off);
    return g_test_run();
}
