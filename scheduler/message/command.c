/* command.c - see command.h */
#include "scheduler/message/command.h"

#include <signal.h>
#include <string.h>

#include "scheduler/message/address.h"
#include "scheduler/message/smtp.h"

#define LINGER_MS 500

/* A program that runs, in the loop of its own that this thread turns. */
typedef struct {
    GMainLoop *loop;      /* (owned) */
    GSubprocess *process; /* (owned) */
    GCancellable *pipes;  /* (owned): of what is read and written */
    GSource *lingering;   /* (owned) (nullable) */
    char said[SCHED_COMMAND_MOST_BYTES + 1];
    gsize n_said;
    guint n_open; /* what must be over before it is */
    gboolean is_late, is_cancelled;
} Running;

static void
over(Running *self)
{
    if (--self->n_open == 0)
        g_main_loop_quit(self->loop);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer data)
{
    /* A program that reads nothing and ends well has done what it was made for. */
    g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
    g_output_stream_close(G_OUTPUT_STREAM(source), NULL, NULL);
    over(data);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    Running *self = data;

    g_input_stream_read_all_finish(G_INPUT_STREAM(source), result, &self->n_said, NULL);
    if (self->n_said == SCHED_COMMAND_MOST_BYTES)
        g_subprocess_force_exit(self->process);
    over(self);
}

static gboolean
on_lingered(gpointer data)
{
    g_cancellable_cancel(((Running *) data)->pipes);
    return G_SOURCE_REMOVE;
}

static GSource *
attach(GSource *source, GSourceFunc func, Running *self)
{
    g_source_set_callback(source, func, self, NULL);
    g_source_attach(source, g_main_loop_get_context(self->loop));
    return source;
}

/* What it started may live on and hold its pipes: nobody waits for that. */
static void
on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
    Running *self = data;

    g_subprocess_wait_finish(G_SUBPROCESS(source), result, NULL);
    self->lingering = attach(g_timeout_source_new(LINGER_MS), on_lingered, self);
    over(self);
}

static gboolean
on_late(gpointer data)
{
    Running *self = data;

    self->is_late = TRUE;
    g_subprocess_force_exit(self->process);
    return G_SOURCE_REMOVE;
}

static gboolean
on_broken_off(gpointer data)
{
    Running *self = data;

    self->is_cancelled = TRUE;
    g_subprocess_force_exit(self->process);
    return G_SOURCE_REMOVE;
}

/* In the thread of whoever cancels. */
static void
on_cancelled(GCancellable *cancellable, gpointer data)
{
    g_source_unref(attach(g_idle_source_new(), on_broken_off, data));
}

static void
detach(GSource *source)
{
    if (source != NULL)
        g_source_destroy(source);
    g_clear_pointer(&source, g_source_unref);
}

static void
turn(Running *self, const char *text, gint64 most_us, GCancellable *cancellable)
{
    GSource *late = attach(g_timeout_source_new((guint) (most_us / 1000)), on_late, self);
    /* No source of the cancellable's: GLib 2.74 loses one that is let go while it cancels. */
    gulong cancelled =
        cancellable == NULL
            ? 0
            : g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), self, NULL);

    self->n_open = 3;
    g_output_stream_write_all_async(g_subprocess_get_stdin_pipe(self->process), text,
                                    strlen(text), G_PRIORITY_DEFAULT, self->pipes, on_written,
                                    self);
    g_input_stream_read_all_async(g_subprocess_get_stdout_pipe(self->process), self->said,
                                  SCHED_COMMAND_MOST_BYTES, G_PRIORITY_DEFAULT, self->pipes,
                                  on_read, self);
    g_subprocess_wait_async(self->process, NULL, on_ended, self);
    g_main_loop_run(self->loop);
    g_cancellable_disconnect(cancellable, cancelled);
    detach(late);
    detach(self->lingering);
}

/* A program that does not read on ends nobody but itself; it was started before, with a mask of
 * its own. */
static void
hold_sigpipe(sigset_t *before)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, before);
}

static void
let_sigpipe(const sigset_t *before)
{
    static const struct timespec at_once = {0, 0};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    while (!sigismember(before, SIGPIPE) && sigtimedwait(&set, NULL, &at_once) == SIGPIPE)
        continue;
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

static gboolean
judge(const Running *self, GError **error)
{
    g_autofree char *valid = g_utf8_make_valid(self->said, (gssize) self->n_said);
    const char *words = g_strstrip(valid);

    if (g_subprocess_get_if_exited(self->process) &&
        g_subprocess_get_exit_status(self->process) == 0)
        return TRUE;
    if (self->is_late)
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_LATE,
                            "the command took too long");
    else if (self->is_cancelled)
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND,
                            "the command was ended with the scheduler");
    else if (self->n_said == SCHED_COMMAND_MOST_BYTES)
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND,
                            "the command says more than it may");
    else if (!g_subprocess_get_if_exited(self->process))
        g_set_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND,
                    "the command was ended by signal %d",
                    g_subprocess_get_term_sig(self->process));
    else
        g_set_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND,
                    "the command ended with %d: %.200s",
                    g_subprocess_get_exit_status(self->process), words);
    return FALSE;
}

/* It sees nothing of the scheduler's own surroundings. */
static GSubprocess *
start(const char *const *words, const char *phone, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
        G_SUBPROCESS_FLAGS_STDERR_MERGE);
    char *environment[] = {(char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8", NULL};
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    g_autoptr(GError) cause = NULL;
    GSubprocess *process;

    for (gsize i = 0; words[i] != NULL; i++)
        g_ptr_array_add(arguments,
                        (gpointer) (strcmp(words[i], SCHED_COMMAND_PHONE) == 0 ? phone
                                                                               : words[i]));
    g_ptr_array_add(arguments, NULL);
    g_subprocess_launcher_set_environ(launcher, environment);
    process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *) arguments->pdata, &cause);
    if (process == NULL)
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_COMMAND, cause->message);
    return process;
}

gboolean
sched_command_send(const char *const *words, const char *phone, const char *text,
                   gint64 most_us, GCancellable *cancellable, GError **error)
{
    g_autoptr(GMainContext) context = NULL;
    g_autofree Running *self = g_new0(Running, 1);
    sigset_t before;
    gboolean ok;

    if (!sched_phone_is_valid(phone)) {
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_REFUSED,
                            "this is no phone number");
        return FALSE;
    }
    self->process = start(words, phone, error);
    if (self->process == NULL)
        return FALSE;
    context = g_main_context_new();
    g_main_context_push_thread_default(context);
    self->loop = g_main_loop_new(context, FALSE);
    self->pipes = g_cancellable_new();
    hold_sigpipe(&before);
    turn(self, text, most_us == 0 ? SCHED_COMMAND_MOST_S * G_USEC_PER_SEC : most_us,
         cancellable);
    let_sigpipe(&before);
    ok = judge(self, error);
    g_object_unref(self->pipes);
    g_main_loop_unref(self->loop);
    g_object_unref(self->process);
    g_main_context_pop_thread_default(context);
    return ok;
}
