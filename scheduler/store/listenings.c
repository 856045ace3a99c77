/* listenings.c - see listenings.h */
#include "scheduler/store/listenings.h"

#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_forget[] = "DELETE FROM listenings WHERE account = $1 AND heard_us = 0";
static const char sql_begin[] =
    "INSERT INTO listenings (account, object, begun_us, heard_us) VALUES ($1, $2, $3, 0)";
static const char sql_end[] =
    "UPDATE listenings SET heard_us = $3 WHERE account = $1 AND object = $2";
static const char sql_get[] =
    "SELECT l.account, l.object, l.begun_us, l.heard_us, o.duration_us FROM listenings AS l "
    "JOIN objects AS o ON o.hash = l.object WHERE l.account = $1 AND l.object = $2";
static const char sql_is_heard[] =
    "SELECT 1 FROM listenings WHERE account = $1 AND object = $2 AND heard_us > 0";

#define AT(member) G_STRUCT_OFFSET(SchedListeningRow, member)
static const SchedSqlColumn columns[] = {
    { "account",     SCHED_SQL_TEXT, AT(account)     },
    { "object",      SCHED_SQL_TEXT, AT(object)      },
    { "begun_us",    SCHED_SQL_INT,  AT(begun_us)    },
    { "heard_us",    SCHED_SQL_INT,  AT(heard_us)    },
    { "duration_us", SCHED_SQL_INT,  AT(duration_us) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedListeningRow), columns,
                                    (GDestroyNotify) sched_listening_row_free};
SCHED_SQL_DEFINE_FREE(SchedListeningRow, sched_listening_row, shape)

gboolean
sched_store_listening_begin(SchedTxn *txn, const char *version, const char *object,
                            GError **error)
{
    if (sched_store_listening_is_heard(txn, sched_txn_actor(txn), object))
        return TRUE;
    return sched_sql_run(txn, sql_forget, error, "t", sched_txn_actor(txn)) &&
           sched_sql_run(txn, sql_begin, error, "tti", sched_txn_actor(txn), object,
                         sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "version.listen", version, error, "object", object, NULL);
}

/* A clock that was set back since makes it longer, never shorter than the audio is. */
static gint64
wait_of(const SchedListeningRow *row, gint64 now_us)
{
    gint64 need_us = MAX(0, row->duration_us - SCHED_LISTENING_SLACK_US);
    gint64 passed_us = now_us - row->begun_us;

    return passed_us >= need_us && passed_us >= 0 ? 0 : need_us - passed_us;
}

gboolean
sched_store_listening_end(SchedTxn *txn, const char *version, const char *object,
                          gint64 *out_wait_us, GError **error)
{
    g_autoptr(SchedListeningRow) row =
        sched_store_listening_get(txn, sched_txn_actor(txn), object, error);

    if (row == NULL)
        return FALSE;
    *out_wait_us = row->heard_us > 0 ? 0 : wait_of(row, sched_txn_at_us(txn));
    if (row->heard_us > 0 || *out_wait_us > 0)
        return TRUE;
    return sched_sql_run(txn, sql_end, error, "tti", sched_txn_actor(txn), object,
                         sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "version.heard", version, error, "object", object, NULL);
}

SchedListeningRow *
sched_store_listening_get(SchedTxn *txn, const char *account, const char *object,
                          GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "listening", error, "tt", account, object);
}

gboolean
sched_store_listening_is_heard(SchedTxn *txn, const char *account, const char *object)
{
    return sched_sql_is(txn, sql_is_heard, "tt", account, object);
}
