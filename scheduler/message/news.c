/* news.c - see news.h */
#include "scheduler/message/news.h"

#include <string.h>

#include "content/heartbeat.h"
#include "content/language.h"
#include "scheduler/message/news-offers.h"
#include "scheduler/plan/calendar.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/figures.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/unapproved.h"
#include "scheduler/store/waiting.h"
#include "scheduler/store/wanted.h"

/* What can be told of the first morning of the night is told before it. */
#define NIGHT_US (G_GINT64_CONSTANT(10) * 3600 * G_USEC_PER_SEC)

static const ContentReader readers[] = {CONTENT_READER_VI, CONTENT_READER_EN};

/* A look under way. */
typedef struct {
    SchedTxn *txn;
    gint64 now_us, listening_us;
    GTimeZone *zone;      /* (owned) (nullable): of the district */
    GHashTable *paths;    /* (owned): area -> GPtrArray of it and all above */
    GHashTable *stations; /* (owned): id -> SchedStationRow, those in use */
    GPtrArray *news;      /* (owned) (element-type SchedNews) */
} Gathering;

static void
gathering_clear(Gathering *self)
{
    g_clear_pointer(&self->zone, g_time_zone_unref);
    g_clear_pointer(&self->paths, g_hash_table_unref);
    g_clear_pointer(&self->stations, g_hash_table_unref);
    g_clear_pointer(&self->news, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gathering, gathering_clear)

/* ---- parts ---- */

static char *
instant(const Gathering *self, gint64 at_us)
{
    return sched_news_instant(self->zone, at_us);
}

/* Returns: (transfer full) (nullable): NULL with @error */
static GPtrArray *
path_of(Gathering *self, const char *area, GError **error)
{
    GPtrArray *path = g_hash_table_lookup(self->paths, area);

    if (path == NULL) {
        path = sched_store_area_path(self->txn, area, error);
        if (path == NULL)
            return NULL;
        g_hash_table_insert(self->paths, g_strdup(area), path);
    }
    return g_ptr_array_ref(path);
}

/* Returns: (transfer none) (nullable): of the place @area; NULL with @error */
static SchedNews *
add(Gathering *self, gint event, const char *key, const char *area, gint64 since_us,
    GError **error)
{
    g_autoptr(GPtrArray) above = path_of(self, area, error);
    SchedNews *news;

    if (above == NULL)
        return NULL;
    news = sched_news_new(event, key);
    news->above = g_steal_pointer(&above);
    news->since_us = since_us;
    g_ptr_array_add(self->news, news);
    return news;
}

static void
set_who(SchedNews *news, const char *who)
{
    g_free(news->who);
    news->who = g_strdup(who);
}

/* ---- stations ---- */

static gboolean
add_lost(Gathering *self, const SchedStationRow *station, gint64 contact_us, GError **error)
{
    gint64 beats_us = SCHED_NEWS_MISSED_BEATS * station->heartbeat_s * G_USEC_PER_SEC;
    gint64 since_us = MAX(contact_us, self->listening_us) + beats_us;
    g_autofree char *key = NULL, *at = NULL;
    SchedNews *news;

    if (contact_us == 0 || since_us > self->now_us)
        return TRUE;
    key = g_strdup_printf("lost/%s/%" G_GINT64_FORMAT, station->id, contact_us);
    at = instant(self, contact_us);
    news = add(self, SCHED_MESSAGE_STATION_LOST, key, station->area, since_us, error);
    if (news == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] = sched_message_say(readers[i], "lost", NULL);
    g_free(news->who);
    news->who = g_strdup_printf("%s (%s)", station->name, at);
    return TRUE;
}

static gboolean
gather_lost(Gathering *self, GError **error)
{
    g_autoptr(GPtrArray) states = sched_store_station_state_list(self->txn, error);

    for (guint i = 0; states != NULL && i < states->len; i++) {
        const SchedStationStateRow *state = g_ptr_array_index(states, i);
        const SchedStationRow *station = g_hash_table_lookup(self->stations, state->station);

        if (station != NULL && !add_lost(self, station, state->contact_us, error))
            return FALSE;
    }
    return states != NULL;
}

/* One that comes and goes is told once a day. */
static gboolean
add_fault(Gathering *self, const SchedStationRow *station, const ContentFault *fault,
          GError **error)
{
    g_autofree char *key =
        g_strdup_printf("fault/%s/%s/%s/%d", station->id, fault->what.code,
                        fault->what.subject == NULL ? "" : fault->what.subject,
                        (int) (fault->since_us / G_USEC_PER_SEC / 86400));
    SchedNews *news =
        add(self, SCHED_MESSAGE_STATION_FAULT, key, station->area, fault->since_us, error);

    for (gsize i = 0; news != NULL && i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] = content_wording_remark(&fault->what, readers[i], self->zone);
    if (news != NULL)
        set_who(news, station->name);
    return news != NULL;
}

static gboolean
gather_faults(Gathering *self, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_heartbeat_list(self->txn, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedHeartbeatRow *row = g_ptr_array_index(rows, i);
        const SchedStationRow *station = g_hash_table_lookup(self->stations, row->station);
        g_autoptr(ContentHeartbeat) heartbeat = NULL;

        if (station == NULL || row->n_faults == 0)
            continue;
        /* One that cannot be read was told when it came. */
        heartbeat = content_document_read(&content_heartbeat_type, row->document,
                                          strlen(row->document), NULL);
        for (guint k = 0; heartbeat != NULL && k < heartbeat->faults->len; k++) {
            if (!add_fault(self, station, g_ptr_array_index(heartbeat->faults, k), error))
                return FALSE;
        }
    }
    return rows != NULL;
}

/* ---- what was missed ---- */

typedef struct {
    guint n;
    gint64 last_us; /* end of the last of them */
} Missed;

/* What a person did on purpose is no failure. */
static gboolean
is_failure(const SchedDelivery *d)
{
    return (d->state == SCHED_DELIVERY_MISSED || d->state == SCHED_DELIVERY_PARTIAL) &&
           d->reason != CONTENT_REASON_WITHDRAWN && d->reason != CONTENT_REASON_QUIET_REQUEST;
}

static gboolean
add_missed(Gathering *self, const SchedStationRow *station, const char *date, gint reason,
           const Missed *missed, GError **error)
{
    g_autofree char *key = g_strdup_printf("missed/%s/%s/%s/%u", station->id, date,
                                           content_reason_words[reason], missed->n);
    g_autofree char *day = g_strdup_printf("%.2s/%.2s", date + 8, date + 5);
    g_autofree char *count = g_strdup_printf("%u", missed->n);
    SchedNews *news =
        add(self, SCHED_MESSAGE_MISSED, key, station->area, missed->last_us, error);

    for (gsize i = 0; news != NULL && i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] =
            sched_message_say(readers[i], "missed", "date", day, "reason",
                              content_wording_reason(readers[i], (ContentReason) reason), NULL);
    if (news != NULL) {
        g_free(news->who);
        news->who = g_strdup_printf("%s (%s)", station->name, count);
    }
    return news != NULL;
}

static gboolean
judge(Gathering *self, const SchedFigureDay *day, GError **error)
{
    const SchedStationRow *station = g_hash_table_lookup(self->stations, day->station);
    const gint n_reasons = (gint) g_strv_length((GStrv) content_reason_words);
    g_autofree Missed *by_reason = g_new0(Missed, n_reasons);
    g_autoptr(GPtrArray) deliveries = NULL;
    g_autoptr(GError) cause = NULL;

    if (station == NULL)
        return TRUE;
    deliveries =
        sched_store_delivery_of(self->txn, day->station, day->date, self->now_us, &cause);
    if (deliveries == NULL && sched_store_delivery_is_spoilt(cause))
        return TRUE; /* the delivery report names it */
    for (guint i = 0; deliveries != NULL && i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        gint64 end_us = d->planned_start_us + d->planned_us;

        if (!is_failure(d))
            continue;
        by_reason[d->reason].n++;
        by_reason[d->reason].last_us = MAX(by_reason[d->reason].last_us, end_us);
    }
    if (deliveries == NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    for (gint reason = 0; reason < n_reasons; reason++) {
        if (by_reason[reason].n > 0 &&
            !add_missed(self, station, day->date, reason, &by_reason[reason], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
gather_missed(Gathering *self, GError **error)
{
    g_autoptr(GDateTime) yesterday =
        g_date_time_new_from_unix_utc(self->now_us / G_USEC_PER_SEC - 86400);
    g_autofree char *since = g_date_time_format(yesterday, "%Y-%m-%d");
    g_autoptr(GPtrArray) days =
        sched_store_figures_missed(self->txn, since, SCHED_NEWS_MAX_JUDGED, error);

    for (guint i = 0; days != NULL && i < days->len; i++) {
        if (!judge(self, g_ptr_array_index(days, i), error))
            return FALSE;
    }
    return days != NULL;
}

/* ---- what nobody approved ---- */

/* "tiếng Bahnar"; "" for a sound without language */
static const char *
tongue_of(const char *tag, ContentReader reader)
{
    g_autofree char *base = *tag == '\0' ? NULL : content_language_base(tag);
    gsize n_languages;
    const ContentLanguage *languages = content_languages(&n_languages);

    for (gsize i = 0; base != NULL && i < n_languages; i++) {
        if (strcmp(languages[i].tag, base) == 0)
            return reader == CONTENT_READER_VI ? languages[i].vietnamese : languages[i].english;
    }
    return tag;
}

static char *
unapproved_words(const Gathering *self, const SchedUnapprovedRow *row, ContentReader reader)
{
    g_autofree char *at = instant(self, row->start_us);
    g_autofree char *key = g_strdup_printf(
        "unapproved.%s%s", sched_unapproved_kind_words[row->kind],
        row->kind == SCHED_UNAPPROVED_VERSION && *row->language == '\0' ? ".sound" : "");

    return sched_message_say(reader, key, "time", at, "title", row->title, "slot",
                             row->slot_name, "tongue", tongue_of(row->language, reader), NULL);
}

/* A key names how near it is: who was told a day before is told again two hours before. */
static const char *
stage_of(const SchedUnapprovedRow *row, gint64 left_us)
{
    if (row->dropped)
        return "dropped";
    return left_us <= SCHED_NEWS_SECOND_WARNING_US ? "near" : "day";
}

static gboolean
add_unapproved(Gathering *self, const SchedUnapprovedRow *row, GError **error)
{
    gint64 left_us = row->start_us - self->now_us;
    g_autofree char *key = g_strdup_printf("%s/%s/%s/%s", stage_of(row, left_us), row->slot,
                                           row->slot_date, row->version);
    g_autoptr(GPtrArray) authors = NULL;
    SchedNews *news;

    /* Dropped long ago, or still on its way to the first warning. */
    if (left_us < -SCHED_NEWS_FIRST_WARNING_US || left_us > SCHED_NEWS_FIRST_WARNING_US)
        return TRUE;
    authors = sched_store_unapproved_authors(self->txn, row, error);
    news = authors == NULL
               ? NULL
               : add(self, row->dropped ? SCHED_MESSAGE_DROPPED : SCHED_MESSAGE_UNAPPROVED, key,
                     row->home, self->now_us, error);
    if (news == NULL)
        return FALSE;
    for (guint i = 0; i < authors->len; i++)
        g_ptr_array_add(news->only, g_strdup(g_ptr_array_index(authors, i)));
    news->language = g_strdup(*row->language == '\0' ? NULL : row->language);
    news->is_urgent = !row->dropped && left_us <= NIGHT_US;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] = unapproved_words(self, row, readers[i]);
    return TRUE;
}

static gboolean
gather_unapproved(Gathering *self, const GPtrArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        if (!add_unapproved(self, g_ptr_array_index(rows, i), error))
            return FALSE;
    }
    return TRUE;
}

/* ---- what waits for somebody ---- */

static void
add_waiting(Gathering *self, const char *account, const SchedWaitingRow *row)
{
    const char *kind = sched_waiting_kind_words[row->kind];
    g_autofree char *key = g_strdup_printf("waiting/%s/%s/%s/%" G_GINT64_FORMAT, kind, row->id,
                                           row->date == NULL ? "" : row->date, row->since_us);
    g_autofree char *words = g_strdup_printf("waiting.%s", kind);
    SchedNews *news = sched_news_new(SCHED_MESSAGE_WAITING, key);

    g_ptr_array_add(news->only, g_strdup(account));
    news->since_us = row->since_us;
    /* To be heard as soon as it is approved. */
    news->is_urgent = row->kind == SCHED_WAITING_NOTICE;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] = sched_message_say(readers[i], words, "title", row->title,
                                                   "author", row->author, NULL);
    g_ptr_array_add(self->news, news);
}

static gboolean
may_judge(const SchedReachable *person)
{
    guint roles = 0;

    for (guint i = 0; i < person->rights->len; i++)
        roles |= 1u << ((const SchedReaderRight *) g_ptr_array_index(person->rights, i))->role;
    return (sched_message_rule(SCHED_MESSAGE_WAITING)->roles & roles) != 0;
}

static gboolean
gather_waiting(Gathering *self, const GPtrArray *people, GError **error)
{
    for (guint i = 0; i < people->len; i++) {
        const SchedReachable *person = g_ptr_array_index(people, i);
        g_autoptr(GPtrArray) rows = NULL;

        if (!may_judge(person))
            continue;
        rows = sched_store_waiting_list(self->txn, person->account, self->now_us, error);
        if (rows == NULL)
            return FALSE;
        for (guint k = 0; k < rows->len; k++)
            add_waiting(self, person->account, g_ptr_array_index(rows, k));
    }
    return TRUE;
}

/* ---- what somebody was asked to record ---- */

static char *
local_date(const Gathering *self)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(self->now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local =
        self->zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, self->zone);

    return g_date_time_format(local, "%Y-%m-%d");
}

/* Told when it is asked, when it is sent back, and once more when its day is over. */
static void
add_wanted(Gathering *self, const SchedWantedRow *row, const char *today)
{
    const char *stage =
        strcmp(row->by_date, today) < 0 ? "late" : sched_wanted_state_words[row->state];
    g_autofree char *key = g_strdup_printf("wanted/%s/%s", row->id, stage);
    g_autofree char *words = g_strdup_printf("wanted.%s", stage);
    g_autofree char *day = g_strdup_printf("%.2s/%.2s", row->by_date + 8, row->by_date + 5);
    SchedNews *news = sched_news_new(SCHED_MESSAGE_WAITING, key);

    g_ptr_array_add(news->only, g_strdup(row->account));
    news->since_us = row->made_us;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] =
            sched_message_say(readers[i], words, "title", row->title, "author",
                              row->author_name, "date", day, "tongue",
                              tongue_of(row->language, readers[i]), NULL);
    g_ptr_array_add(self->news, news);
}

/* In one look for everybody: the most urgent come first. */
static gboolean
gather_wanted(Gathering *self, GError **error)
{
    const SchedWantedFilter everybody = {NULL};
    g_autofree char *today = local_date(self);
    g_autoptr(GPtrArray) rows =
        sched_store_wanted_list(self->txn, &everybody, self->now_us, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedWantedRow *row = g_ptr_array_index(rows, i);

        if (row->account != NULL &&
            (row->state == SCHED_WANTED_WANTED || row->state == SCHED_WANTED_RETURNED))
            add_wanted(self, row, today);
    }
    return rows != NULL;
}

/* ---- alerts ---- */

#define MAX_ALERTS 100

/* One person called it: every other approver of the place is told. */
static gboolean
add_alert(Gathering *self, const SchedAlertRow *row, GError **error)
{
    static const char *const words[2][2] = {{"alert.real", "alert.drill"},
                                            {"alert.alone", "alert.alone.drill"}};
    g_autofree char *key = g_strdup_printf("alert/%s", row->id);
    g_autofree char *at = instant(self, row->issued_us);
    g_autoptr(GPtrArray) told = sched_store_alert_told(self->txn, row->id, error);
    SchedNews *news;

    if (told == NULL)
        return FALSE;
    news = sched_news_new(SCHED_MESSAGE_ALERT, key);
    news->since_us = row->station == NULL ? row->issued_us : row->published_us;
    for (guint i = 0; i < told->len; i++)
        g_ptr_array_add(news->only, g_strdup(told->pdata[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] =
            sched_message_say(readers[i], words[row->station != NULL][row->drill != 0], "title",
                              row->title, "author", row->author_name, "time", at, "station",
                              row->station_name == NULL ? "" : row->station_name, NULL);
    g_ptr_array_add(self->news, news);
    return TRUE;
}

/* A commune starts one alone when it does not reach us: what is long over there is news here.
 */
static gboolean
gather_alerts(Gathering *self, GError **error)
{
    g_autoptr(GPtrArray) alerts =
        sched_store_alert_news(self->txn, self->now_us, self->now_us - SCHED_NEWS_ALERT_US,
                               MAX_ALERTS, error);

    for (guint i = 0; alerts != NULL && i < alerts->len; i++) {
        if (!add_alert(self, g_ptr_array_index(alerts, i), error))
            return FALSE;
    }
    return alerts != NULL;
}

/* The same alert of several villages is one line. */
static gboolean
add_messenger(Gathering *self, const SchedMessengerTaskRow *task, GError **error)
{
    g_autofree char *key = g_strdup_printf("messenger/%s", task->id);
    g_autofree char *words =
        g_strdup_printf("messenger.%s%s", sched_messenger_kind_words[task->kind],
                        task->drill ? ".drill" : "");
    SchedNews *news =
        add(self, SCHED_MESSAGE_MESSENGER, key, task->village, task->made_us, error);

    for (gsize i = 0; news != NULL && i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] =
            sched_message_say(readers[i], words, "title", task->title, NULL);
    if (news != NULL)
        set_who(news, task->village_name);
    return news != NULL;
}

static gboolean
gather_messengers(Gathering *self, GError **error)
{
    g_autoptr(GPtrArray) tasks =
        sched_store_messenger_called(self->txn, self->now_us - SCHED_NEWS_ALERT_US, error);

    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        if (!add_messenger(self, g_ptr_array_index(tasks, i), error))
            return FALSE;
    }
    return tasks != NULL;
}

/* ---- all of it ---- */

static gboolean
read_stations(Gathering *self, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_station_list(self->txn, NULL, error);

    if (rows == NULL)
        return FALSE;
    g_ptr_array_set_free_func(rows, NULL);
    for (guint i = 0; i < rows->len; i++) {
        SchedStationRow *row = g_ptr_array_index(rows, i);

        if (row->retired)
            sched_station_row_free(row);
        else
            g_hash_table_insert(self->stations, row->id, row);
    }
    return TRUE;
}

GPtrArray *
sched_news_gather(SchedTxn *txn, const GPtrArray *unapproved, const GPtrArray *people,
                  gint64 now_us, gint64 listening_us, GError **error)
{
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    g_auto(Gathering) self = {.txn = txn, .now_us = now_us, .listening_us = listening_us};

    if (tzid == NULL)
        return NULL;
    self.zone = g_time_zone_new_identifier(tzid);
    self.paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
    self.stations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                          (GDestroyNotify) sched_station_row_free);
    self.news = g_ptr_array_new_with_free_func((GDestroyNotify) sched_news_free);
    if (!read_stations(&self, error) || !gather_unapproved(&self, unapproved, error) ||
        !gather_waiting(&self, people, error) || !gather_wanted(&self, error) ||
        !gather_lost(&self, error) || !gather_faults(&self, error) ||
        !gather_missed(&self, error) || !gather_alerts(&self, error) ||
        !gather_messengers(&self, error) ||
        !sched_news_offers(txn, self.zone, people, now_us, self.news, error))
        return NULL;
    return g_steal_pointer(&self.news);
}
