/* post.c - see post.h */
#include "scheduler/message/post.h"

#include <string.h>

#include "scheduler/message/command.h"
#include "scheduler/message/letter.h"
#include "scheduler/store/messages.h"

/* One of the two ways. */
typedef struct {
    SchedPost *post; /* (not owned) */
    SchedMessageWay way;
    gboolean is_working, is_failing;
    gboolean is_asked; /* while it worked: what was added may have come too late for it */
} Lane;

struct SchedPost {
    SchedStore *store;   /* (not owned) */
    ContentClock *clock; /* (not owned) */
    SchedPostOptions options;
    const SchedPostEvents *events; /* (not owned) */
    gpointer user_data;
    Lane lanes[SCHED_MESSAGE_N_WAYS];
    guint alarm;
    GCancellable *stopping; /* (owned) */
    GMainContext *context;  /* (owned) */
    gboolean is_stopping;
};

/* One turn of a lane: what is due is taken, sent and written down in a task's thread. */
typedef struct {
    SchedPost *post; /* (not owned) */
    SchedMessageWay way;
    SchedMessageRow *message; /* (owned) (nullable): NULL: nothing was due */
    GError *fault;            /* (owned) (nullable): why it was not taken */
    gboolean is_given_up;
    gint64 now_us;
} Turn;

static void
turn_free(gpointer data)
{
    Turn *turn = data;

    sched_message_row_free(turn->message);
    g_clear_error(&turn->fault);
    g_free(turn);
}

static gboolean
take(SchedTxn *txn, gpointer data, GError **error)
{
    Turn *turn = data;
    g_autoptr(GPtrArray) rows = sched_store_message_due(txn, turn->way, turn->now_us, 1, error);

    if (rows != NULL && rows->len > 0) {
        g_ptr_array_set_free_func(rows, NULL);
        turn->message = g_ptr_array_index(rows, 0);
    }
    return rows != NULL;
}

static gboolean
write_down(SchedTxn *txn, gpointer data, GError **error)
{
    Turn *turn = data;
    const GError *fault = turn->fault;
    gboolean is_hopeless = fault != NULL && fault->code == SCHED_POST_ERROR_NO_WAY;

    return sched_store_message_tried(txn, turn->message,
                                     fault == NULL ? NULL : sched_post_error_words[fault->code],
                                     fault == NULL ? NULL : fault->message, is_hopeless,
                                     &turn->is_given_up, error);
}

static gboolean
no_way(GError **error)
{
    g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_NO_WAY,
                        "the settings name no such way");
    return FALSE;
}

static gboolean
send_letter(const SchedPost *self, const SchedMessageRow *message, GError **error)
{
    const SchedLetter letter = {.id = message->id,
                                .from = self->options.smtp.from,
                                .to = message->address,
                                .subject = message->subject,
                                .body = message->body,
                                .at_us = message->made_us};
    g_autofree char *text = NULL;

    if (!sched_post_has(self, SCHED_MESSAGE_BY_EMAIL))
        return no_way(error);
    text = sched_letter_write(&letter);
    if (text != NULL)
        return sched_smtp_send(&self->options.smtp, message->address, text, self->stopping,
                               error);
    g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_REFUSED,
                        "this is no e-mail address");
    return FALSE;
}

static gboolean
send_text(const SchedPost *self, const SchedMessageRow *message, GError **error)
{
    return sched_post_has(self, SCHED_MESSAGE_BY_PHONE)
               ? sched_command_send(self->options.command, message->address, message->body, 0,
                                    self->stopping, error)
               : no_way(error);
}

static void
run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Turn *turn = data;
    const SchedPost *self = turn->post;
    const SchedWrite write = {.actor = "system", .at_us = turn->now_us};
    GError *error = NULL;
    gboolean ok = sched_store_read(self->store, take, turn, &error);

    if (ok && turn->message != NULL) {
        if (turn->way == SCHED_MESSAGE_BY_EMAIL)
            send_letter(self, turn->message, &turn->fault);
        else
            send_text(self, turn->message, &turn->fault);
        /* Broken off because we end: it is tried again, and that was no attempt. */
        ok = g_cancellable_is_cancelled(self->stopping) && turn->fault != NULL
                 ? TRUE
                 : sched_store_write(self->store, &write, write_down, turn, NULL, &error);
    }
    if (ok)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

/* ---- in the owner's thread ---- */

static void begin(Lane *lane);

static void say(SchedPost *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(SchedPost *self, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list values;

    va_start(values, format);
    words = g_strdup_vprintf(format, values);
    va_end(values);
    self->events->said(words, self->user_data);
}

/* The first of a row of failures, and their end; every one of them stands in the store. */
static void
tell(Lane *lane, const Turn *turn)
{
    const char *way = sched_message_way_words[lane->way];

    if (turn->fault != NULL && !lane->is_failing)
        say(lane->post, "messages by %s do not leave: %s", way, turn->fault->message);
    if (turn->fault == NULL && lane->is_failing)
        say(lane->post, "messages by %s leave again", way);
    if (turn->is_given_up)
        say(lane->post, "message %s by %s was given up: %s", turn->message->id, way,
            turn->fault->message);
    lane->is_failing = turn->fault != NULL;
}

static void
on_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Lane *lane = user_data;
    const Turn *turn = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);

    lane->is_working = FALSE;
    if (!ok)
        say(lane->post, "messages: %s", error->message);
    if (lane->post->is_stopping)
        return;
    if (turn->message != NULL)
        tell(lane, turn);
    /* A store that does not take it down is not asked again at once. */
    if (ok && (turn->message != NULL || lane->is_asked))
        begin(lane);
}

static void
begin(Lane *lane)
{
    SchedPost *self = lane->post;
    g_autoptr(GTask) task = NULL;
    Turn *turn;

    lane->is_asked = lane->is_working;
    if (lane->is_working || self->is_stopping)
        return;
    lane->is_working = TRUE;
    turn = g_new0(Turn, 1);
    turn->post = self;
    turn->way = lane->way;
    turn->now_us = content_clock_utc_us(self->clock);
    task = g_task_new(NULL, NULL, on_over, lane);
    g_task_set_task_data(task, turn, turn_free);
    g_task_run_in_thread(task, run);
}

static void
on_alarm(gpointer user_data)
{
    SchedPost *self = user_data;

    self->alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + SCHED_POST_EVERY_US, on_alarm,
        self);
    sched_post_wake(self);
}

void
sched_post_wake(SchedPost *self)
{
    for (gsize i = 0; i < SCHED_MESSAGE_N_WAYS; i++)
        begin(&self->lanes[i]);
}

gboolean
sched_post_has(const SchedPost *self, SchedMessageWay way)
{
    return way == SCHED_MESSAGE_BY_EMAIL
               ? self->options.smtp.host != NULL && *self->options.smtp.host != '\0'
               : self->options.command != NULL && self->options.command[0] != NULL;
}

SchedPost *
sched_post_new(SchedStore *store, ContentClock *clock, const SchedPostOptions *options,
               const SchedPostEvents *events, gpointer user_data)
{
    SchedPost *self = g_new0(SchedPost, 1);

    self->store = store;
    self->clock = clock;
    self->options = *options;
    self->events = events;
    self->user_data = user_data;
    self->stopping = g_cancellable_new();
    self->context = g_main_context_ref_thread_default();
    for (guint i = 0; i < SCHED_MESSAGE_N_WAYS; i++)
        self->lanes[i] = (Lane){.post = self, .way = (SchedMessageWay) i};
    on_alarm(self);
    return self;
}

void
sched_post_free(SchedPost *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    g_cancellable_cancel(self->stopping);
    content_clock_cancel(self->clock, self->alarm);
    while (self->lanes[0].is_working || self->lanes[1].is_working)
        g_main_context_iteration(self->context, TRUE);
    g_object_unref(self->stopping);
    g_main_context_unref(self->context);
    g_free(self);
}
