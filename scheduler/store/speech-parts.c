/* speech-parts.c - see speech-parts.h */
#include "scheduler/store/speech-parts.h"

#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_is_spoken[] =
    "SELECT 1 FROM speeches WHERE alert = $1 AND station = $2 AND origin = 'station'";
static const char sql_has[] = "SELECT 1 FROM speech_parts WHERE alert = $1 AND object = $2";
static const char sql_count[] = "SELECT count(*) FROM speech_parts WHERE alert = $1";
static const char sql_add[] =
    "INSERT INTO speech_parts (alert, object, from_us, duration_us, kept_us) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
static const char sql_list[] =
    "SELECT p.alert AS alert, p.object AS object, p.from_us AS from_us, "
    "p.duration_us AS duration_us, p.kept_us AS kept_us, EXISTS (SELECT 1 FROM records AS r "
    "WHERE r.occurrence = p.alert AND r.object = p.object AND r.kind = 'speech_kept' "
    "AND r.station = v.station) AS is_recorded "
    "FROM speech_parts AS p JOIN speeches AS v ON v.alert = p.alert "
    "WHERE p.alert = $1 ORDER BY p.from_us, p.object";

#define AT(member) G_STRUCT_OFFSET(SchedSpeechPartRow, member)
static const SchedSqlColumn columns[] = {
    { "alert",       SCHED_SQL_TEXT, AT(alert)       },
    { "object",      SCHED_SQL_TEXT, AT(object)      },
    { "from_us",     SCHED_SQL_INT,  AT(from_us)     },
    { "duration_us", SCHED_SQL_INT,  AT(duration_us) },
    { "kept_us",     SCHED_SQL_INT,  AT(kept_us)     },
    { "is_recorded", SCHED_SQL_BOOL, AT(is_recorded) },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedSpeechPartRow), columns,
                                    (GDestroyNotify) sched_speech_part_row_free};
SCHED_SQL_DEFINE_FREE(SchedSpeechPartRow, sched_speech_part_row, shape)

gboolean
sched_store_speech_part_expected(SchedTxn *txn, const char *station, const char *alert,
                                 const char *object, GError **error)
{
    gint64 n_parts = 0;

    if (!sched_sql_is(txn, sql_is_spoken, "tt", alert, station)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "no alert '%s' was spoken at %s", alert, station);
        return FALSE;
    }
    if (sched_sql_is(txn, sql_has, "tt", alert, object))
        return TRUE;
    return sched_sql_int(txn, sql_count, &n_parts, error, "t", alert) &&
           sched_check_count("parts", (gsize) n_parts + 1, SCHED_SPEECH_MAX_PARTS, error);
}

gboolean
sched_store_speech_part_add(SchedTxn *txn, const SchedSpeechPartRow *part, GError **error)
{
    if (!sched_check_hash("recording", part->object, error) ||
        !sched_sql_run(txn, sql_add, error, "ttiii", part->alert, part->object, part->from_us,
                       part->duration_us, sched_txn_at_us(txn)))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_sql_audit_words(txn, "speech.part", part->alert, error, "object", part->object,
                                 NULL);
}

GPtrArray *
sched_store_speech_parts(SchedTxn *txn, const char *alert, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "t", alert);
}
