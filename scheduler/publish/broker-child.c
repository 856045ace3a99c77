/* broker-child.c - see broker-child.h */
#include "scheduler/publish/broker-child.h"

#include <gio/gio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAUSE_FIRST_US (1 * G_USEC_PER_SEC)
#define PAUSE_MOST_US  (30 * G_USEC_PER_SEC)
#define LONG_RUN_US    (60 * G_USEC_PER_SEC)
/* Longer lines are cut by the reader's buffer; mosquitto's are short. */
#define LINE_MAX_BYTES 1024

struct SchedBrokerChild {
    char *program;       /* (owned) */
    char *config;        /* (owned) */
    ContentClock *clock; /* (not owned) */
    SchedBrokerSaidFunc said;
    gpointer user_data;
    GSubprocess *process; /* (owned) (nullable) */
    GCancellable *stop;   /* (owned): ends the waits of a freed child */
    gint64 started_us;    /* monotonic */
    gint64 pause_us;      /* before the next start; 0: at once */
    guint alarm;          /* of the next start, 0: none */
};

G_DEFINE_QUARK(SchedBrokerError, sched_broker_error)

static gboolean start_process(SchedBrokerChild *self, GError **error);

static void
say(SchedBrokerChild *self, const char *format, ...)
{
    va_list arguments;
    g_autofree char *words = NULL;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    self->said(words, self->user_data);
}

/* Runs in the child between fork and exec: only async-signal-safe calls. */
static void
die_with_parent(gpointer user_data)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != GPOINTER_TO_INT(user_data))
        _exit(1);
}

static void
on_start_due(gpointer user_data)
{
    SchedBrokerChild *self = user_data;
    g_autoptr(GError) error = NULL;

    self->alarm = 0;
    if (!start_process(self, &error)) {
        say(self, "%s; trying again in %d s", error->message,
            (int) (PAUSE_MOST_US / G_USEC_PER_SEC));
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + PAUSE_MOST_US, on_start_due,
            self);
    }
}

static void
start_again(SchedBrokerChild *self)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);

    if (now_us - self->started_us >= LONG_RUN_US)
        self->pause_us = 0;
    self->alarm =
        content_clock_alarm_monotonic(self->clock, now_us + self->pause_us, on_start_due, self);
    self->pause_us = CLAMP(self->pause_us * 2, PAUSE_FIRST_US, PAUSE_MOST_US);
}

static void
on_process_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GSubprocess *process = G_SUBPROCESS(source);
    g_autoptr(GError) error = NULL;
    SchedBrokerChild *self;

    if (!g_subprocess_wait_finish(process, result, &error))
        return; /* cancelled: the child object is gone */
    self = user_data;
    if (g_subprocess_get_if_signaled(process))
        say(self, "broker ended by signal %d", g_subprocess_get_term_sig(process));
    else
        say(self, "broker ended with status %d", g_subprocess_get_exit_status(process));
    g_clear_object(&self->process);
    start_again(self);
}

static void
on_line_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GDataInputStream *lines = G_DATA_INPUT_STREAM(source);
    g_autoptr(GError) error = NULL;
    g_autofree char *line = g_data_input_stream_read_line_finish(lines, result, NULL, &error);
    SchedBrokerChild *self;

    if (error != NULL || line == NULL)
        return; /* cancelled, or the program closed its end */
    self = user_data;
    if (strnlen(line, LINE_MAX_BYTES) < LINE_MAX_BYTES && g_utf8_validate(line, -1, NULL))
        say(self, "broker: %s", line);
    g_data_input_stream_read_line_async(lines, G_PRIORITY_LOW, self->stop, on_line_read, self);
}

static gboolean
start_process(SchedBrokerChild *self, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDataInputStream) lines = NULL;

    /* Ready is what the scheduler says; systemd would complain of mosquitto saying it too. */
    g_subprocess_launcher_unsetenv(launcher, "NOTIFY_SOCKET");
    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, GINT_TO_POINTER(getpid()),
                                          NULL);
    self->process =
        g_subprocess_launcher_spawn(launcher, &cause, self->program, "-c", self->config, NULL);
    if (self->process == NULL) {
        g_set_error(error, SCHED_BROKER_ERROR, SCHED_BROKER_ERROR_START,
                    "starting the broker: %s", cause->message);
        return FALSE;
    }
    self->started_us = content_clock_monotonic_us(self->clock);
    say(self, "broker started, process %s", g_subprocess_get_identifier(self->process));
    g_subprocess_wait_async(self->process, self->stop, on_process_ended, self);
    lines = g_data_input_stream_new(g_subprocess_get_stderr_pipe(self->process));
    g_data_input_stream_read_line_async(lines, G_PRIORITY_LOW, self->stop, on_line_read, self);
    return TRUE;
}

SchedBrokerChild *
sched_broker_child_start(const char *program, const char *config, ContentClock *clock,
                         SchedBrokerSaidFunc said, gpointer user_data, GError **error)
{
    g_autoptr(SchedBrokerChild) self = g_new0(SchedBrokerChild, 1);

    self->program = g_strdup(program);
    self->config = g_strdup(config);
    self->clock = clock;
    self->said = said;
    self->user_data = user_data;
    self->stop = g_cancellable_new();
    if (!start_process(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
sched_broker_child_reload(SchedBrokerChild *self)
{
    if (self->process != NULL)
        g_subprocess_send_signal(self->process, SIGHUP);
}

void
sched_broker_child_restart(SchedBrokerChild *self)
{
    self->pause_us = 0;
    if (self->process != NULL)
        g_subprocess_send_signal(self->process, SIGTERM);
}

GPid
sched_broker_child_pid(SchedBrokerChild *self)
{
    const char *identifier;

    if (self->process == NULL)
        return 0;
    identifier = g_subprocess_get_identifier(self->process);
    return identifier == NULL ? 0 : (GPid) g_ascii_strtoll(identifier, NULL, 10);
}

void
sched_broker_child_free(SchedBrokerChild *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->stop);
    if (self->alarm != 0)
        content_clock_cancel(self->clock, self->alarm);
    if (self->process != NULL) {
        g_subprocess_send_signal(self->process, SIGTERM);
        g_subprocess_wait(self->process, NULL, NULL);
    }
    g_clear_object(&self->process);
    g_clear_object(&self->stop);
    g_free(self->program);
    g_free(self->config);
    g_free(self);
}
