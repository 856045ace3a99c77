/* messengers.c - see messengers.h */
#include "scheduler/store/messengers.h"

#include "content/base/id.h"
#include "content/language.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/local-alerts.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_messenger_means_words[] = {
    "", "by_phone", "gong", "drum", "megaphone", "on_foot", "otherwise", NULL,
};
const char *const sched_messenger_kind_words[] = { "alert", "alert_over", "announcement", NULL };

static const char sql_add[] =
    "INSERT INTO messenger_tasks (id, village, kind, alert, announcement, why, date, made_us, "
    "due_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
static const char sql_first_languages[] =
    "SELECT z.station AS station, z.id AS zone, l.language AS language FROM zones AS z "
    "JOIN zone_languages AS l ON l.station = z.station AND l.zone = z.id "
    "AND l.position = (SELECT min(m.position) FROM zone_languages AS m "
    "WHERE m.station = z.station AND m.zone = z.id) WHERE z.village IN (SELECT p.below "
    "FROM alert_areas AS a JOIN area_paths AS p ON p.above = a.area WHERE a.alert = $1)";
static const char sql_known[] =
    "SELECT village FROM messenger_tasks WHERE alert = $1 AND kind = 'alert'";
static const char sql_has[] =
    "SELECT 1 FROM messenger_tasks WHERE announcement = $1 AND village = $2";
static const char sql_waiting[] =
    "SELECT count(*) FROM messenger_tasks WHERE state IN ('to_tell', 'told', 'not_reached')";

/* What ends with an alert, or of those in force at $3; $2: there, or NULL: everywhere. */
static const char sql_ending[] =
    "SELECT t.id AS id, t.village AS village, t.alert AS alert, t.why AS why, t.state AS state "
    "FROM messenger_tasks AS t JOIN alerts AS a ON a.id = t.alert WHERE t.kind = 'alert' "
    "AND t.state <> 'no_longer' AND ($1 IS NULL OR t.alert = $1) "
    "AND ($1 IS NOT NULL OR a.expires_us > $3) "
    "AND ($2 IS NULL OR t.village IN (SELECT below FROM area_paths WHERE above = $2))";
/* What is open of $1 where the alert $2 is told. */
static const char sql_replaced[] =
    "SELECT id FROM messenger_tasks WHERE alert = $1 AND state = 'to_tell' "
    "AND village IN (SELECT p.below FROM alert_areas AS a JOIN area_paths AS p "
    "ON p.above = a.area WHERE a.alert = $2)";
static const char sql_withdrawn[] =
    "SELECT id FROM messenger_tasks WHERE announcement = $1 AND state = 'to_tell'";

#define CONFIRMED(what) \
    "(SELECT c." what " FROM messenger_steps AS c WHERE c.task = t.id AND c.state = 'confirmed' " \
    "ORDER BY c.number DESC LIMIT 1)"
#define FIRST(what) \
    "coalesce((SELECT p." what " FROM messenger_people AS p WHERE p.village = t.village " \
    "ORDER BY p.position LIMIT 1), '')"
#define SELECT \
    "SELECT t.id AS id, t.village AS village, t.kind AS kind, t.alert AS alert, " \
    "t.announcement AS announcement, t.why AS why, t.date AS date, t.made_us AS made_us, " \
    "t.due_us AS due_us, t.state AS state, v.name AS village_name, " \
    "coalesce(a.title, n.title) AS title, coalesce(a.drill, 0) AS drill, " \
    "coalesce(s.at_us, t.made_us) AS changed_us, coalesce(b.name, s.author, '') AS changed_by, " \
    "coalesce(s.note, '') AS note, coalesce(" CONFIRMED("reached") ", 0) AS reached, " \
    "coalesce(" CONFIRMED("households") ", m.households, 0) AS households, " \
    FIRST("name") " AS person, " FIRST("phone") " AS phone " \
    "FROM messenger_tasks AS t JOIN areas AS v ON v.id = t.village " \
    "LEFT JOIN alerts AS a ON a.id = t.alert " \
    "LEFT JOIN announcements AS n ON n.id = t.announcement " \
    "LEFT JOIN messenger_villages AS m ON m.village = t.village " \
    "LEFT JOIN messenger_steps AS s ON s.task = t.id " \
    "AND s.number = (SELECT max(number) FROM messenger_steps WHERE task = t.id) " \
    "LEFT JOIN accounts AS b ON b.id = s.author "
static const char sql_get[] = SELECT "WHERE t.id = $1";
#define WAITS "t.state IN ('to_tell', 'told', 'not_reached')"
/* One a way to ask, so that each is found by its index. */
#define IN_AREA "($1 IS NULL OR t.village IN (SELECT below FROM area_paths WHERE above = $1)) "
#define IN_ORDER \
    "ORDER BY " WAITS " DESC, CASE WHEN " WAITS " THEN t.due_us ELSE -t.made_us END, v.name, " \
    "t.id LIMIT $2"
static const char sql_list[] = SELECT "WHERE " IN_AREA IN_ORDER;
static const char sql_list_waiting[] = SELECT "WHERE " WAITS " AND " IN_AREA IN_ORDER;
static const char sql_list_alert[] = SELECT "WHERE t.alert = $3 AND " IN_AREA IN_ORDER;
static const char sql_list_date[] = SELECT "WHERE t.date = $3 AND " IN_AREA IN_ORDER;

static const char sql_called[] =
    SELECT "WHERE t.made_us > $1 AND t.state = 'to_tell' AND t.alert IS NOT NULL "
    "ORDER BY t.made_us, t.id LIMIT $2";
static const char sql_texted[] = "SELECT 1 FROM messages WHERE task = $1";

static const char sql_sum[] =
    "SELECT count(*) AS n_tasks, coalesce(sum(state = 'confirmed'), 0) AS n_confirmed, "
    "coalesce(sum(reached), 0) AS reached, coalesce(sum(households), 0) AS households "
    "FROM (SELECT t.state AS state, s.reached AS reached, s.households AS households "
    "FROM messenger_tasks AS t LEFT JOIN alerts AS a ON a.id = t.alert "
    "LEFT JOIN messenger_steps AS s ON t.state = 'confirmed' AND s.task = t.id "
    "AND s.number = (SELECT max(number) FROM messenger_steps WHERE task = t.id) "
    "WHERE t.date BETWEEN $2 AND $3 AND t.state <> 'no_longer' AND t.kind <> 'alert_over' "
    "AND coalesce(a.drill, 0) = 0 "
    "AND t.village IN (SELECT below FROM area_paths WHERE above = $1))";

static const char sql_n_steps[] = "SELECT count(*) FROM messenger_steps WHERE task = $1";
static const char sql_step[] =
    "INSERT INTO messenger_steps (task, number, state, at_us, author, means, person, reached, "
    "households, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_steps[] =
    "SELECT s.state AS state, s.at_us AS at_us, s.means AS means, s.person AS person, "
    "s.reached AS reached, s.households AS households, s.note AS note, s.author AS author, "
    "coalesce(a.name, s.author) AS author_name FROM messenger_steps AS s "
    "LEFT JOIN accounts AS a ON a.id = s.author WHERE s.task = $1 ORDER BY s.number";

#define AT(member) G_STRUCT_OFFSET(SchedMessengerTaskRow, member)
static const SchedSqlColumn task_columns[] = {
    { "id",           SCHED_SQL_TEXT, AT(id)           },
    { "village",      SCHED_SQL_TEXT, AT(village)      },
    { "kind",         SCHED_SQL_WORD, AT(kind), sched_messenger_kind_words },
    { "alert",        SCHED_SQL_TEXT, AT(alert)        },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "why",          SCHED_SQL_WORD, AT(why), sched_messenger_why_words },
    { "date",         SCHED_SQL_TEXT, AT(date)         },
    { "made_us",      SCHED_SQL_INT,  AT(made_us)      },
    { "due_us",       SCHED_SQL_INT,  AT(due_us)       },
    { "state",        SCHED_SQL_WORD, AT(state), sched_messenger_state_words },
    { "village_name", SCHED_SQL_TEXT, AT(village_name), .unaudited = TRUE },
    { "title",        SCHED_SQL_TEXT, AT(title),        .unaudited = TRUE },
    { "drill",        SCHED_SQL_BOOL, AT(drill),        .unaudited = TRUE },
    { "changed_us",   SCHED_SQL_INT,  AT(changed_us),   .unaudited = TRUE },
    { "changed_by",   SCHED_SQL_TEXT, AT(changed_by),   .unaudited = TRUE },
    { "note",         SCHED_SQL_TEXT, AT(note),         .unaudited = TRUE },
    { "reached",      SCHED_SQL_INT,  AT(reached),      .unaudited = TRUE },
    { "households",   SCHED_SQL_INT,  AT(households),   .unaudited = TRUE },
    { "person",       SCHED_SQL_TEXT, AT(person),       .unaudited = TRUE },
    { "phone",        SCHED_SQL_TEXT, AT(phone),        .unaudited = TRUE },
    { NULL },
};
/* Of what ends. */
static const SchedSqlColumn ending_columns[] = {
    { "id",      SCHED_SQL_TEXT, AT(id)      },
    { "village", SCHED_SQL_TEXT, AT(village) },
    { "alert",   SCHED_SQL_TEXT, AT(alert)   },
    { "why",     SCHED_SQL_WORD, AT(why), sched_messenger_why_words },
    { "state",   SCHED_SQL_WORD, AT(state), sched_messenger_state_words },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedMessengerStepRow, member)
static const SchedSqlColumn step_columns[] = {
    { "state",       SCHED_SQL_WORD, AT(state), sched_messenger_state_words },
    { "at_us",       SCHED_SQL_INT,  AT(at_us)       },
    { "means",       SCHED_SQL_WORD, AT(means), sched_messenger_means_words },
    { "person",      SCHED_SQL_TEXT, AT(person)      },
    { "reached",     SCHED_SQL_INT,  AT(reached)     },
    { "households",  SCHED_SQL_INT,  AT(households)  },
    { "note",        SCHED_SQL_TEXT, AT(note)        },
    { "author",      SCHED_SQL_TEXT, AT(author),      .unaudited = TRUE },
    { "author_name", SCHED_SQL_TEXT, AT(author_name), .unaudited = TRUE },
    { NULL },
};
#undef AT

#define AT(member) G_STRUCT_OFFSET(SchedMessengerSum, member)
static const SchedSqlColumn sum_columns[] = {
    { "n_tasks",     SCHED_SQL_INT, AT(n_tasks)     },
    { "n_confirmed", SCHED_SQL_INT, AT(n_confirmed) },
    { "reached",     SCHED_SQL_INT, AT(reached)     },
    { "households",  SCHED_SQL_INT, AT(households)  },
    { NULL },
};
#undef AT

typedef struct {
    char *station, *zone, *language; /* (owned) */
} Tongue;
static const SchedSqlColumn tongue_columns[] = {
    { "station",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(Tongue, station)  },
    { "zone",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(Tongue, zone)     },
    { "language", SCHED_SQL_TEXT, G_STRUCT_OFFSET(Tongue, language) },
    { NULL },
};
/* clang-format on */

static const SchedSqlShape task_shape = {sizeof(SchedMessengerTaskRow), task_columns,
                                         (GDestroyNotify) sched_messenger_task_row_free};
static const SchedSqlShape ending_shape = {sizeof(SchedMessengerTaskRow), ending_columns,
                                           (GDestroyNotify) sched_messenger_task_row_free};
static const SchedSqlShape step_shape = {sizeof(SchedMessengerStepRow), step_columns,
                                         (GDestroyNotify) sched_messenger_step_row_free};
static const SchedSqlShape sum_shape = {sizeof(SchedMessengerSum), sum_columns,
                                        (GDestroyNotify) sched_messenger_sum_free};
SCHED_SQL_DEFINE_FREE(SchedMessengerSum, sched_messenger_sum, sum_shape)
SCHED_SQL_DEFINE_FREE(SchedMessengerTaskRow, sched_messenger_task_row, task_shape)
SCHED_SQL_DEFINE_FREE(SchedMessengerStepRow, sched_messenger_step_row, step_shape)

static void
tongue_free(gpointer data)
{
    Tongue *tongue = data;

    g_free(tongue->station);
    g_free(tongue->zone);
    g_free(tongue->language);
    g_free(tongue);
}
static const SchedSqlShape tongue_shape = {sizeof(Tongue), tongue_columns, tongue_free};

static gboolean
refuse(GError **error, SchedStoreError code, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, (gint) code, words);
    return FALSE;
}

/* --- made ------------------------------------------------------------------------------------
 */

gboolean
sched_store_messenger_add(SchedTxn *txn, const SchedMessengerTaskRow *task, GError **error)
{
    SchedMessengerTaskRow row = *task;

    row.made_us = sched_txn_at_us(txn);
    row.due_us = MAX(task->due_us, row.made_us + SCHED_MESSENGER_LEAST_US);
    row.state = SCHED_MESSENGER_OPEN;
    if (!sched_sql_run(txn, sql_add, error, "tttttttii", row.id, row.village,
                       sched_messenger_kind_words[row.kind], row.alert, row.announcement,
                       sched_messenger_why_words[row.why], row.date, row.made_us, row.due_us))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_sql_audit_row(txn, "messenger.task", row.id, &task_shape, &row, error);
}

/* (transfer full) (nullable) */
static char *
local_date(SchedTxn *txn, gint64 at_us, GError **error)
{
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    g_autoptr(GTimeZone) zone = tzid == NULL ? NULL : g_time_zone_new_identifier(tzid);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local =
        zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, zone);

    return tzid == NULL ? NULL : g_date_time_format(local, "%Y-%m-%d");
}

/* A look at what stations answered to one alert. */
typedef struct {
    SchedAlertRow *row;    /* (owned) */
    ContentAlert *alert;   /* (owned) */
    GHashTable *languages; /* (owned): "station/zone" -> Tongue: what it wants most */
    GHashTable *villages;  /* (owned): village -> SchedMessengerWhy */
    gint64 now_us;
} Look;

static void
look_clear(Look *self)
{
    sched_alert_row_free(self->row);
    content_alert_free(self->alert);
    g_clear_pointer(&self->languages, g_hash_table_unref);
    g_clear_pointer(&self->villages, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static gboolean
open_look(Look *self, SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) tongues = NULL;

    self->row = sched_store_alert_get(txn, id, error);
    self->alert = self->row == NULL ? NULL : sched_store_alert_open(txn, self->row, error);
    tongues = self->alert == NULL
                  ? NULL
                  : sched_sql_list(txn, sql_first_languages, &tongue_shape, error, "t", id);
    if (tongues == NULL)
        return FALSE;
    self->languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, tongue_free);
    self->villages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_set_free_func(tongues, NULL);
    for (guint i = 0; i < tongues->len; i++) {
        Tongue *tongue = tongues->pdata[i];

        g_hash_table_insert(self->languages,
                            g_strconcat(tongue->station, "/", tongue->zone, NULL), tongue);
    }
    return TRUE;
}

static gboolean
speaks(const Look *self, const SchedAlertZoneRow *zone)
{
    g_autofree char *key = g_strconcat(zone->station, "/", zone->zone, NULL);
    const Tongue *tongue = g_hash_table_lookup(self->languages, key);

    for (guint i = 0; tongue != NULL && i < self->alert->speeches->len; i++) {
        const ContentSpeech *speech = self->alert->speeches->pdata[i];

        if (content_language_match(tongue->language, speech->language) != 0)
            return TRUE;
    }
    /* What was said is not known of every alert that a commune started alone. */
    return tongue == NULL || self->alert->speeches->len == 0;
}

/* What it said of itself last: a record may be longer on its way than a heartbeat. */
static ContentHeartbeat *
last_heartbeat(SchedTxn *txn, const char *station)
{
    g_autoptr(SchedHeartbeatRow) row = sched_store_heartbeat_get(txn, station, NULL);

    return row == NULL ? NULL
                       : content_document_read(&content_heartbeat_type, row->document,
                                               strlen(row->document), NULL);
}

static void
take_zone(Look *self, SchedTxn *txn, const SchedAlertZoneRow *zone)
{
    g_autoptr(ContentHeartbeat) heartbeat = NULL;
    g_autoptr(ContentRecord) ended = sched_store_alert_record(zone->ended);
    SchedAlertFacts facts = {
        .alert = self->row->id,
        .zone = zone->zone,
        .issued_us = self->row->issued_us,
        .expires_us = self->row->expires_us,
        .published_us = self->row->published_us,
        .contact_us = zone->contact_us,
        .reads_them = strstr(zone->reads, "\"alert\"") != NULL,
        .taken_us = zone->taken_us,
        .taken_reason = zone->taken_reason,
        .ended_us = zone->ended_us,
        .ended_reason = zone->ended_reason,
        .ended = ended,
        .now_us = self->now_us,
    };
    gint64 age_us = self->now_us - self->row->issued_us;
    gint reason = 0;
    SchedMessengerWhy why =
        sched_messenger_zone(sched_alert_state(&facts, &reason), age_us, speaks(self, zone));
    SchedMessengerWhy known =
        GPOINTER_TO_INT(g_hash_table_lookup(self->villages, zone->village));

    if (why == SCHED_MESSENGER_NO_ANSWER) {
        facts.heartbeat = heartbeat = last_heartbeat(txn, zone->station);
        why = sched_messenger_zone(sched_alert_state(&facts, &reason), age_us,
                                   speaks(self, zone));
    }
    if (why > known)
        g_hash_table_insert(self->villages, g_strdup(zone->village), GINT_TO_POINTER(why));
}

static gboolean
take_places(Look *self, SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_alert_zones(txn, self->row->id, error);
    g_autoptr(GPtrArray) silent =
        zones == NULL ? NULL : sched_store_alert_silent(txn, self->row->id, error);
    g_autoptr(GPtrArray) known =
        silent == NULL ? NULL : sched_sql_texts(txn, sql_known, error, "t", self->row->id);

    if (known == NULL)
        return FALSE;
    for (guint i = 0; i < zones->len; i++)
        take_zone(self, txn, zones->pdata[i]);
    for (guint i = 0; i < silent->len; i++)
        g_hash_table_insert(self->villages,
                            g_strdup(((const SchedSilentVillageRow *) silent->pdata[i])->id),
                            GINT_TO_POINTER(SCHED_MESSENGER_NO_LOUDSPEAKER));
    for (guint i = 0; i < known->len; i++)
        g_hash_table_remove(self->villages, known->pdata[i]);
    return TRUE;
}

/* Who hears nothing at all stands first. */
static gint
compare_need(gconstpointer a, gconstpointer b)
{
    const SchedMessengerTaskRow *one = *(const SchedMessengerTaskRow *const *) a;
    const SchedMessengerTaskRow *other = *(const SchedMessengerTaskRow *const *) b;

    return one->why != other->why ? other->why - one->why
                                  : strcmp(one->village, other->village);
}

GPtrArray *
sched_store_messenger_missing(SchedTxn *txn, const char *alert, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_messenger_task_row_free);
    g_auto(Look) self = {.now_us = now_us};
    g_autofree char *date = NULL;
    GHashTableIter iter;
    gpointer village, why;

    if (!open_look(&self, txn, alert, error) || !take_places(&self, txn, error) ||
        (date = local_date(txn, self.row->issued_us, error)) == NULL)
        return NULL;
    g_hash_table_iter_init(&iter, self.villages);
    while (self.row->stopped_us == 0 && g_hash_table_iter_next(&iter, &village, &why)) {
        SchedMessengerTaskRow *row = g_new0(SchedMessengerTaskRow, 1);

        row->id = content_id_new(now_us);
        row->village = g_strdup(village);
        row->kind = SCHED_MESSENGER_OF_ALERT;
        row->alert = g_strdup(alert);
        row->why = GPOINTER_TO_INT(why);
        row->date = g_strdup(date);
        row->due_us = self.row->expires_us;
        g_ptr_array_add(rows, row);
    }
    g_ptr_array_sort(rows, compare_need);
    return g_steal_pointer(&rows);
}

/* --- ended -----------------------------------------------------------------------------------
 */

/* What nobody has gone for is no longer to be gone for. */
static gboolean
drop(SchedTxn *txn, const char *task, const char *note, GError **error)
{
    const SchedMessengerStepRow step = {
        .state = SCHED_MESSENGER_DROPPED, .person = (char *) "", .note = (char *) note};

    return sched_store_messenger_step(txn, task, &step, error);
}

/* @tasks: (transfer full) (nullable): NULL: @error is set already */
static gboolean
drop_all(SchedTxn *txn, GPtrArray *tasks, const char *note, GError **error)
{
    g_autoptr(GPtrArray) ids = tasks;

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        if (!drop(txn, ids->pdata[i], note, error))
            return FALSE;
    }
    return ids != NULL;
}

gboolean
sched_store_messenger_call(SchedTxn *txn, const ContentAlert *alert, GError **error)
{
    g_autoptr(GPtrArray) missing =
        sched_store_messenger_missing(txn, alert->id, sched_txn_at_us(txn), error);

    for (guint i = 0; missing != NULL && i < MIN(missing->len, SCHED_MESSENGER_AT_ONCE); i++) {
        if (!sched_store_messenger_add(txn, missing->pdata[i], error))
            return FALSE;
    }
    for (guint i = 0; missing != NULL && i < alert->replaces->len; i++) {
        if (!drop_all(txn,
                      sched_sql_texts(txn, sql_replaced, error, "tt", alert->replaces->pdata[i],
                                      alert->id),
                      "replaced", error))
            return FALSE;
    }
    return missing != NULL;
}

static gboolean
end_task(SchedTxn *txn, const SchedMessengerTaskRow *task, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    g_autofree char *id = content_id_new(now_us);
    g_autofree char *date = NULL;
    SchedMessengerTaskRow over = {.id = id,
                                  .village = task->village,
                                  .kind = SCHED_MESSENGER_OF_OVER,
                                  .alert = task->alert,
                                  .why = task->why};

    if (task->state == SCHED_MESSENGER_OPEN)
        return drop(txn, task->id, "over", error);
    over.date = date = local_date(txn, now_us, error);
    return date != NULL && sched_store_messenger_add(txn, &over, error);
}

static gboolean
end_in(SchedTxn *txn, const char *alert, const char *area, GError **error)
{
    g_autoptr(GPtrArray) tasks = sched_sql_list(txn, sql_ending, &ending_shape, error, "tti",
                                                alert, area, sched_txn_at_us(txn));

    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        if (!end_task(txn, tasks->pdata[i], error))
            return FALSE;
    }
    return tasks != NULL;
}

gboolean
sched_store_messenger_end(SchedTxn *txn, const char *alert, const GPtrArray *areas,
                          GError **error)
{
    if (areas->len == 0)
        return end_in(txn, alert, NULL, error);
    for (guint i = 0; i < areas->len; i++) {
        if (!end_in(txn, alert, areas->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_messenger_withdraw(SchedTxn *txn, const char *announcement, GError **error)
{
    return drop_all(txn, sched_sql_texts(txn, sql_withdrawn, error, "t", announcement),
                    "withdrawn", error);
}

/* --- read ------------------------------------------------------------------------------------
 */

gboolean
sched_store_messenger_has(SchedTxn *txn, const char *announcement, const char *village)
{
    return sched_sql_is(txn, sql_has, "tt", announcement, village);
}

gboolean
sched_store_messenger_n_waiting(SchedTxn *txn, gint64 *out_n, GError **error)
{
    return sched_sql_int(txn, sql_waiting, out_n, error, "");
}

SchedMessengerTaskRow *
sched_store_messenger_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &task_shape, "messenger's task", error, "t", id);
}

GPtrArray *
sched_store_messenger_list(SchedTxn *txn, const SchedMessengerFilter *filter, GError **error)
{
    const gint64 most = SCHED_MESSENGER_MAX_TASKS;

    if (filter->alert != NULL)
        return sched_sql_list(txn, sql_list_alert, &task_shape, error, "tit", filter->area,
                              most, filter->alert);
    if (filter->date != NULL)
        return sched_sql_list(txn, sql_list_date, &task_shape, error, "tit", filter->area, most,
                              filter->date);
    return sched_sql_list(txn, filter->waiting ? sql_list_waiting : sql_list, &task_shape,
                          error, "ti", filter->area, most);
}

GPtrArray *
sched_store_messenger_called(SchedTxn *txn, gint64 since_us, GError **error)
{
    return sched_sql_list(txn, sql_called, &task_shape, error, "ii", since_us,
                          (gint64) SCHED_MESSENGER_MAX_TASKS);
}

gboolean
sched_store_messenger_texted(SchedTxn *txn, const char *task)
{
    return sched_sql_is(txn, sql_texted, "t", task);
}

SchedMessengerSum *
sched_store_messenger_sum(SchedTxn *txn, const char *area, const char *from, const char *to,
                          GError **error)
{
    return sched_sql_one(txn, sql_sum, &sum_shape, "sum", error, "ttt", area, from, to);
}

/* --- said ------------------------------------------------------------------------------------
 */

static gboolean
check_step(const SchedMessengerTaskRow *task, const SchedMessengerStepRow *step, gint64 now_us,
           GError **error)
{
    if (step->at_us < task->made_us || step->at_us > MAX(now_us, task->made_us))
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "at_us: before the task was made, or still to come");
    if (step->state == SCHED_MESSENGER_TOLD && step->means == SCHED_MESSENGER_UNSAID)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "means: by what they were told");
    if (step->state == SCHED_MESSENGER_CONFIRMED &&
        (step->households < 1 || step->households > SCHED_MESSENGER_MAX_HOUSEHOLDS))
        return refuse(error, SCHED_STORE_ERROR_INVALID, "households: how many there are");
    if (step->reached < 0 || step->reached > step->households)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "reached: more households than there are");
    if (step->state != SCHED_MESSENGER_CONFIRMED && step->households != 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "households: counted when they are confirmed");
    if (step->state == SCHED_MESSENGER_NOT_REACHED && *step->note == '\0')
        return refuse(error, SCHED_STORE_ERROR_INVALID, "note: why they were not reached");
    return sched_check_text("person", step->person, SCHED_MESSENGER_NAME_MAX_BYTES, error) &&
           sched_check_text("note", step->note, SCHED_MESSENGER_NOTE_MAX_BYTES, error);
}

gboolean
sched_store_messenger_step(SchedTxn *txn, const char *id, const SchedMessengerStepRow *step,
                           GError **error)
{
    g_autoptr(SchedMessengerTaskRow) task = sched_store_messenger_get(txn, id, error);
    g_autofree char *action =
        g_strconcat("messenger.", sched_messenger_state_words[step->state], NULL);
    SchedMessengerStepRow row = *step;
    gint64 now_us = sched_txn_at_us(txn), n_steps = 0;

    if (task == NULL)
        return FALSE;
    if (!sched_messenger_follows((SchedMessengerState) task->state,
                                 (SchedMessengerState) step->state))
        return refuse(error, SCHED_STORE_ERROR_RULE,
                      "after what was said last this cannot be said");
    /* A clock that was put back holds nobody up. */
    row.at_us = step->at_us == 0 ? MAX(now_us, task->made_us) : step->at_us;
    if (!check_step(task, &row, now_us, error) ||
        !sched_sql_int(txn, sql_n_steps, &n_steps, error, "t", id) ||
        !sched_check_count("steps", (gsize) n_steps + 1, SCHED_MESSENGER_MAX_STEPS, error))
        return FALSE;
    return sched_sql_run(txn, sql_step, error, "tititttiit", id, n_steps + 1,
                         sched_messenger_state_words[row.state], row.at_us,
                         sched_txn_actor(txn), sched_messenger_means_words[row.means],
                         row.person, row.reached, row.households, row.note) &&
           sched_sql_audit_row(txn, action, id, &step_shape, &row, error);
}

GPtrArray *
sched_store_messenger_steps(SchedTxn *txn, const char *task, GError **error)
{
    return sched_sql_list(txn, sql_steps, &step_shape, error, "t", task);
}
