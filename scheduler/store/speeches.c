/* speeches.c - see speeches.h */
#include "scheduler/store/speeches.h"

#include "scheduler/store/sql.h"

#define MAX_SPEAKER_BYTES 400

const char *const sched_ending_words[] = {"none",   "spoken",  "stopped", "expired",
                                          "silent", "restart", NULL};

/* clang-format off */
#define COLUMNS "alert, origin, station, speaker, ended_us, ending, n_frames, n_lost, duration_us, object"
static const char sql_add[] =
    "INSERT INTO speeches (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_end[] =
    "UPDATE speeches SET ended_us = $2, ending = $3, n_frames = $4, n_lost = $5, "
    "duration_us = $6, object = $7 WHERE alert = $1 AND ended_us = 0";
static const char sql_get[] = "SELECT " COLUMNS " FROM speeches WHERE alert = $1";
static const char sql_open[] =
    "SELECT " COLUMNS " FROM speeches WHERE ended_us = 0 AND origin = 'district' ORDER BY alert";
static const char sql_stations[] =
    "SELECT DISTINCT z.station FROM zones AS z JOIN stations AS t ON t.id = z.station "
    "WHERE t.retired = 0 AND z.village IN (SELECT p.below FROM alert_areas AS a "
    "JOIN area_paths AS p ON p.above = a.area WHERE a.alert = $1) ORDER BY z.station LIMIT $2";
static const char sql_is_stopped[] =
    "SELECT 1 FROM alerts AS a WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM alert_areas AS w "
    "WHERE w.alert = a.id AND NOT EXISTS (SELECT 1 FROM alert_stops AS s "
    "WHERE (s.alert IS NULL OR s.alert = a.id) AND s.issued_us >= a.issued_us "
    "AND (NOT EXISTS (SELECT 1 FROM alert_stop_areas AS x WHERE x.stop = s.id) "
    "OR EXISTS (SELECT 1 FROM alert_stop_areas AS x JOIN area_paths AS p ON p.above = x.area "
    "WHERE x.stop = s.id AND p.below = w.area))))";

#define AT(member) G_STRUCT_OFFSET(SchedSpeechRow, member)
static const SchedSqlColumn columns[] = {
    { "alert",       SCHED_SQL_TEXT, AT(alert)       },
    { "origin",      SCHED_SQL_WORD, AT(origin), content_live_origin_words },
    { "station",     SCHED_SQL_TEXT, AT(station)     },
    { "speaker",     SCHED_SQL_TEXT, AT(speaker)     },
    { "ended_us",    SCHED_SQL_INT,  AT(ended_us)    },
    { "ending",      SCHED_SQL_WORD, AT(ending), sched_ending_words },
    { "n_frames",    SCHED_SQL_INT,  AT(n_frames)    },
    { "n_lost",      SCHED_SQL_INT,  AT(n_lost)      },
    { "duration_us", SCHED_SQL_INT,  AT(duration_us) },
    { "object",      SCHED_SQL_TEXT, AT(object)      },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedSpeechRow), columns,
                                    (GDestroyNotify) sched_speech_row_free};
SCHED_SQL_DEFINE_FREE(SchedSpeechRow, sched_speech_row, shape)

gboolean
sched_store_speech_add(SchedTxn *txn, const SchedSpeechRow *speech, GError **error)
{
    const SchedSpeechRow row = {.alert = speech->alert,
                                .origin = speech->origin,
                                .station = speech->station,
                                .speaker = speech->speaker};

    return sched_check_text("speaker", row.speaker, MAX_SPEAKER_BYTES, error) &&
           sched_sql_run_row(txn, sql_add, &shape, &row, error) &&
           sched_sql_audit_row(txn, "speech.begin", row.alert, &shape, &row, error);
}

gboolean
sched_store_speech_end(SchedTxn *txn, const SchedSpeechRow *speech, GError **error)
{
    g_autoptr(SchedSpeechRow) row = NULL;

    if ((speech->object != NULL && !sched_check_hash("recording", speech->object, error)) ||
        !sched_sql_run(txn, sql_end, error, "titiiit", speech->alert, sched_txn_at_us(txn),
                       sched_ending_words[speech->ending], speech->n_frames, speech->n_lost,
                       speech->duration_us, speech->object))
        return FALSE;
    if (sched_sql_changes(txn) == 0)
        return TRUE;
    row = sched_store_speech_get(txn, speech->alert, error);
    return row != NULL &&
           sched_sql_audit_row(txn, "speech.end", row->alert, &shape, row, error);
}

SchedSpeechRow *
sched_store_speech_get(SchedTxn *txn, const char *alert, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "live speech", error, "t", alert);
}

gboolean
sched_store_speech_find(SchedTxn *txn, const char *alert, SchedSpeechRow **out_speech,
                        GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_get, &shape, error, "t", alert);

    if (rows == NULL)
        return FALSE;
    *out_speech = rows->len == 0 ? NULL : g_ptr_array_steal_index(rows, 0);
    return TRUE;
}

GPtrArray *
sched_store_speech_open(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_open, &shape, error, "");
}

GPtrArray *
sched_store_speech_stations(SchedTxn *txn, const char *alert, GError **error)
{
    return sched_sql_texts(txn, sql_stations, error, "ti", alert,
                           (gint64) SCHED_SPEECH_MAX_STATIONS);
}

gboolean
sched_store_speech_is_stopped(SchedTxn *txn, const char *alert)
{
    return sched_sql_is(txn, sql_is_stopped, "t", alert);
}
