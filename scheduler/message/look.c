/* look.c - see look.h */
#include "scheduler/message/look.h"

#include <string.h>

#include "content/base/id.h"
#include "content/document.h"
#include "scheduler/message/decide.h"
#include "scheduler/message/news.h"
#include "scheduler/plan/calendar.h"
#include "scheduler/publish/unapproved.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/settings.h"

#define LOCK "messages"
/* Longer than a look takes; shorter than another scheduler would be missed. */
#define LOCK_US (3 * SCHED_LOOK_EVERY_US)

/* Some SMS parts: who goes on foot has it to read from. */
#define SCHED_LOOK_TEXT_BYTES 480

struct SchedLook {
    SchedStore *store;             /* (not owned) */
    ContentClock *clock;           /* (not owned) */
    const SchedLookEvents *events; /* (not owned) */
    gpointer user_data;
    char *holder;        /* (owned) */
    const char *link;    /* (not owned) */
    gint64 listening_us; /* UTC: since when stations are heard */
    char *told;          /* (owned) (nullable): the trouble that lasts */
    guint alarm;
    gboolean has_texts;
    gboolean is_working, is_stopping;
    gboolean is_asked;     /* while it worked: what happened may have come too late for it */
    GMainContext *context; /* (owned) */
};

/* One look, in a task's thread. */
typedef struct {
    SchedLook *look; /* (not owned) */
    gint64 now_us;
    GPtrArray *rows;   /* (owned) (element-type SchedUnapprovedRow): as found */
    gboolean is_news;  /* they are not what is kept */
    gboolean is_ours;  /* the lock */
    GPtrArray *people; /* (owned) */
    GPtrArray *drafts; /* (owned): of messages */
    GPtrArray *texts;  /* (owned) (element-type SchedMessageRow): to messengers */
} Step;

static void
step_free(gpointer data)
{
    Step *step = data;

    g_clear_pointer(&step->texts, g_ptr_array_unref);
    g_clear_pointer(&step->drafts, g_ptr_array_unref); /* its texts are the people's */
    g_clear_pointer(&step->people, g_ptr_array_unref);
    g_clear_pointer(&step->rows, g_ptr_array_unref);
    g_free(step);
}

gint64
sched_look_morning_us(gint64 now_us, const char *tzid)
{
    g_autoptr(SchedCalendar) calendar = sched_calendar_new(tzid);
    gint64 second = 0;
    SchedDay day;

    if (calendar == NULL)
        return 0;
    day = sched_calendar_local(calendar, now_us, &second);
    if (second < SCHED_LOOK_NIGHT_TO_S)
        return sched_calendar_instant(calendar, day, SCHED_LOOK_NIGHT_TO_S);
    return second >= SCHED_LOOK_NIGHT_FROM_S
               ? sched_calendar_instant(calendar, day + 1, SCHED_LOOK_NIGHT_TO_S)
               : 0;
}

/* ---- in the task's thread ---- */

static gboolean
is_same(const SchedUnapprovedRow *one, const SchedUnapprovedRow *other)
{
    return strcmp(one->slot, other->slot) == 0 &&
           strcmp(one->slot_date, other->slot_date) == 0 &&
           strcmp(one->version, other->version) == 0 && one->start_us == other->start_us &&
           one->n_zones == other->n_zones && strcmp(one->title, other->title) == 0;
}

/* Whether something is to be written: most looks find what was found before. */
static gboolean
differs(const Step *step, const GPtrArray *kept)
{
    guint at = 0;

    for (guint i = 0; i < kept->len; i++) {
        const SchedUnapprovedRow *row = g_ptr_array_index(kept, i);

        if (row->dropped)
            continue;
        while (at < step->rows->len &&
               ((SchedUnapprovedRow *) g_ptr_array_index(step->rows, at))->start_us <=
                   step->now_us)
            at++;
        if (row->start_us <= step->now_us || at == step->rows->len ||
            !is_same(row, g_ptr_array_index(step->rows, at)))
            return TRUE;
        at++;
    }
    while (at < step->rows->len &&
           ((SchedUnapprovedRow *) g_ptr_array_index(step->rows, at))->start_us <= step->now_us)
        at++;
    return at < step->rows->len;
}

static gboolean
find(SchedTxn *txn, gpointer data, GError **error)
{
    Step *step = data;
    g_autoptr(GPtrArray) kept = NULL;

    step->rows = sched_unapproved_rows(txn, step->now_us, error);
    if (step->rows == NULL)
        return FALSE;
    kept = sched_store_unapproved_list(txn, step->now_us - SCHED_UNAPPROVED_BACK_US, error);
    if (kept == NULL)
        return FALSE;
    step->is_news = differs(step, kept);
    return TRUE;
}

/* In the writer's thread. */
static gboolean
keep_rows(SchedTxn *txn, gpointer data, GError **error)
{
    Step *step = data;
    g_autoptr(GError) cause = NULL;

    step->is_ours = sched_store_lock_take(txn, LOCK, step->look->holder, LOCK_US, &cause);
    if (cause != NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    return !step->is_ours || !step->is_news ||
           sched_store_unapproved_set(txn, step->rows, error);
}

static gboolean
was_told(const char *account, gint way, const char *key, gpointer data)
{
    return sched_store_message_was_told(data, account, way, key);
}

/* What there is to be said in the language that the village wants most, or in another one. */
static char *
words_of(SchedTxn *txn, const SchedMessengerTaskRow *task, GError **error)
{
    g_autoptr(GPtrArray) texts = sched_store_messenger_texts(txn, task, error);
    const char *text = "";

    for (guint i = 0; texts != NULL && i < texts->len && *text == '\0'; i++)
        text = ((const SchedMessengerTextRow *) g_ptr_array_index(texts, i))->text;
    return texts == NULL
               ? NULL
               : sched_message_say(CONTENT_READER_VI,
                                   task->drill ? "messenger_text.drill" : "messenger_text",
                                   "village", task->village_name, "title", task->title, "text",
                                   text, NULL);
}

static SchedMessageRow *
text_of(SchedTxn *txn, const SchedMessengerTaskRow *task, gint64 now_us, GError **error)
{
    g_autofree char *words = words_of(txn, task, error);
    SchedMessageRow *row = words == NULL ? NULL : g_new0(SchedMessageRow, 1);

    if (row == NULL)
        return NULL;
    row->id = content_id_new(now_us);
    row->name = g_strdup(task->person);
    row->task = g_strdup(task->id);
    row->way = SCHED_MESSAGE_BY_PHONE;
    row->event = g_strdup(sched_message_event_words[SCHED_MESSAGE_MESSENGER]);
    row->address = g_strdup(task->phone);
    row->subject = content_document_text(task->title, SCHED_MESSAGE_SUBJECT_BYTES);
    row->body = content_document_text(words, SCHED_LOOK_TEXT_BYTES);
    row->due_us = now_us;
    return row;
}

/* Whoever goes to a village is told once that there is something to go for. */
static gboolean
write_texts(SchedTxn *txn, Step *step, GError **error)
{
    g_autoptr(GPtrArray) tasks =
        sched_store_messenger_called(txn, step->now_us - SCHED_NEWS_ALERT_US, error);

    step->texts = g_ptr_array_new_with_free_func((GDestroyNotify) sched_message_row_free);
    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        const SchedMessengerTaskRow *task = g_ptr_array_index(tasks, i);
        SchedMessageRow *row;

        if (*task->phone == '\0' || sched_store_messenger_texted(txn, task->id))
            continue;
        row = text_of(txn, task, step->now_us, error);
        if (row == NULL)
            return FALSE;
        g_ptr_array_add(step->texts, row);
    }
    return tasks != NULL;
}

static gboolean
decide(SchedTxn *txn, gpointer data, GError **error)
{
    Step *step = data;
    const SchedLook *look = step->look;
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    g_autoptr(GPtrArray) rows = NULL, news = NULL;
    SchedMessageMoment moment = {
        .now_us = step->now_us, .link = look->link, .was_told = was_told};

    if (tzid == NULL ||
        (step->people =
             sched_store_message_people(txn, step->now_us, look->has_texts, error)) == NULL ||
        (look->has_texts && !write_texts(txn, step, error)))
        return FALSE;
    step->drafts = g_ptr_array_new();
    if (step->people->len == 0)
        return TRUE;
    rows = sched_store_unapproved_list(txn, step->now_us - SCHED_UNAPPROVED_BACK_US, error);
    news = rows == NULL ? NULL
                        : sched_news_gather(txn, rows, step->people, step->now_us,
                                            look->listening_us, error);
    if (news == NULL)
        return FALSE;
    moment.morning_us = sched_look_morning_us(step->now_us, tzid);
    moment.data = txn;
    g_ptr_array_unref(step->drafts);
    step->drafts = sched_message_decide(news, step->people, &moment);
    return TRUE;
}

static guint
n_messages(const Step *step)
{
    return (step->drafts == NULL ? 0 : step->drafts->len) +
           (step->texts == NULL ? 0 : step->texts->len);
}

static gboolean
keep_messages(SchedTxn *txn, gpointer data, GError **error)
{
    const Step *step = data;

    for (guint i = 0; step->texts != NULL && i < step->texts->len; i++) {
        if (!sched_store_message_add(txn, g_ptr_array_index(step->texts, i), NULL, error))
            return FALSE;
    }
    for (guint i = 0; i < step->drafts->len; i++) {
        const SchedMessageDraft *draft = g_ptr_array_index(step->drafts, i);
        g_autofree char *id = content_id_new(step->now_us);
        const SchedMessageRow row = {
            .id = id,
            .account = (char *) draft->account,
            .way = draft->way,
            .event = (char *) sched_message_event_words[draft->event],
            .address = (char *) draft->address,
            .subject = draft->subject,
            .body = draft->body,
            .due_us = draft->due_us,
        };

        if (!sched_store_message_add(txn, &row, draft->keys, error))
            return FALSE;
    }
    return TRUE;
}

static void
run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Step *step = data;
    SchedStore *store = step->look->store;
    const SchedWrite write = {.actor = "system", .at_us = step->now_us};
    GError *error = NULL;

    if (!sched_store_read(store, find, step, &error) ||
        !sched_store_write(store, &write, keep_rows, step, NULL, &error) ||
        (step->is_ours &&
         (!sched_store_read(store, decide, step, &error) ||
          (n_messages(step) > 0 &&
           !sched_store_write(store, &write, keep_messages, step, NULL, &error)))))
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

/* ---- in the owner's thread ---- */

static void begin(gpointer user_data);

static void
wait_for_next(SchedLook *self)
{
    if (!self->is_stopping)
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + SCHED_LOOK_EVERY_US, begin,
            self);
}

static void
on_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedLook *self = user_data;
    const Step *step = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
    const char *words = ok ? NULL : error->message;

    self->is_working = FALSE;
    if (words != NULL && g_strcmp0(words, self->told) != 0)
        self->events->trouble(words, self->user_data);
    g_free(self->told);
    self->told = g_strdup(words);
    if (ok && n_messages(step) > 0 && !self->is_stopping)
        self->events->added(n_messages(step), self->user_data);
    if (self->is_asked && !self->is_stopping)
        begin(self);
    else
        wait_for_next(self);
}

static void
begin(gpointer user_data)
{
    SchedLook *self = user_data;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_over, self);
    Step *step = g_new0(Step, 1);

    self->alarm = 0;
    self->is_working = TRUE;
    self->is_asked = FALSE;
    step->look = self;
    step->now_us = content_clock_utc_us(self->clock);
    g_task_set_task_data(task, step, step_free);
    g_task_run_in_thread(task, run);
}

void
sched_look_now(SchedLook *self)
{
    if (self->is_working) {
        self->is_asked = TRUE;
        return;
    }
    content_clock_cancel(self->clock, self->alarm);
    begin(self);
}

SchedLook *
sched_look_new(SchedStore *store, ContentClock *clock, const char *holder, const char *link,
               gboolean has_texts, const SchedLookEvents *events, gpointer user_data)
{
    SchedLook *self = g_new0(SchedLook, 1);

    self->store = store;
    self->clock = clock;
    self->holder = g_strdup(holder);
    self->link = link;
    self->has_texts = has_texts;
    self->listening_us = content_clock_utc_us(clock);
    self->events = events;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    wait_for_next(self);
    return self;
}

void
sched_look_free(SchedLook *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    content_clock_cancel(self->clock, self->alarm);
    while (self->is_working)
        g_main_context_iteration(self->context, TRUE);
    g_main_context_unref(self->context);
    g_free(self->holder);
    g_free(self->told);
    g_free(self);
}
