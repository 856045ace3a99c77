/* retention.c - see retention.h */
#include "scheduler/store/retention.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

typedef enum {
    BY_RETENTION, /* $1 is the retention floor */
    BY_HISTORY,   /* $1 is where the heartbeats' history begins */
    BY_KEY,       /* $1 is where idempotency keys begin */
    BY_MESSAGE,   /* $1 is where messages to people begin */
    BY_NOW,
} Limit;

/* clang-format off */
static const char sql_raise[] = "UPDATE retention SET floor_us = $1 WHERE floor_us < $1";

/* In this order: a document goes when no manifest names it any more. $2 is the step. */
static const struct { Limit limit; const char *sql; } steps[] = {
    { BY_NOW,
      "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions "
      "WHERE until_us <= $1 OR used_us + idle_us <= $1 LIMIT $2)" },
    { BY_KEY,
      "DELETE FROM writes WHERE (actor, key) IN (SELECT actor, key FROM writes "
      "WHERE at_us < $1 LIMIT $2)" },
    { BY_MESSAGE,
      "DELETE FROM messages WHERE id IN (SELECT id FROM messages "
      "WHERE made_us < $1 AND state <> 'waiting' LIMIT $2)" },
    { BY_MESSAGE,
      "DELETE FROM message_marks WHERE (account, way, key) IN (SELECT account, way, key "
      "FROM message_marks WHERE told_us < $1 LIMIT $2)" },
    { BY_HISTORY,
      "DELETE FROM heartbeat_history WHERE (station, step) IN (SELECT station, step "
      "FROM heartbeat_history WHERE received_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM records WHERE (station, journal, seq) IN (SELECT station, journal, seq "
      "FROM records WHERE received_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM manifests WHERE (station, version) IN (SELECT m.station, m.version "
      "FROM manifests AS m WHERE m.issued_us < $1 AND m.expires_us < $1 "
      "AND m.version < (SELECT max(n.version) FROM manifests AS n WHERE n.station = m.station) "
      "LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM station_names WHERE (station, hash) IN (SELECT station, hash "
      "FROM station_names WHERE until_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM silenced WHERE (station, segment, zone) IN (SELECT station, segment, zone "
      "FROM silenced WHERE start_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM make_ups WHERE (station, zone, slot, slot_date, item, language) IN "
      "(SELECT station, zone, slot, slot_date, item, language FROM make_ups "
      "WHERE made_us < $1 AND start_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM relay_tests WHERE (station, id) IN (SELECT station, id "
      "FROM relay_tests WHERE asked_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM unapproved WHERE (slot, slot_date, version) IN (SELECT slot, slot_date, "
      "version FROM unapproved WHERE start_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM quiets WHERE id IN (SELECT q.id FROM quiets AS q "
      "WHERE q.made_us < $1 AND q.until_us < $1 "
      "AND NOT EXISTS (SELECT 1 FROM silenced AS s WHERE s.quiet = q.id) LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM messenger_steps WHERE (task, number) IN (SELECT s.task, s.number "
      "FROM messenger_steps AS s JOIN messenger_tasks AS t ON t.id = s.task "
      "WHERE t.made_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM messenger_tasks WHERE id IN (SELECT t.id FROM messenger_tasks AS t "
      "WHERE t.made_us < $1 AND NOT EXISTS (SELECT 1 FROM messenger_steps AS s "
      "WHERE s.task = t.id) LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM alert_imports WHERE id IN (SELECT id FROM alert_imports "
      "WHERE imported_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM alert_stops WHERE id IN (SELECT id FROM alert_stops "
      "WHERE issued_us < $1 AND expires_us < $1 LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts "
      "WHERE issued_us < $1 AND expires_us < $1 AND NOT EXISTS (SELECT 1 FROM alert_stops AS s "
      "WHERE s.alert = alerts.id) AND NOT EXISTS (SELECT 1 FROM messenger_tasks AS m "
      "WHERE m.alert = alerts.id) LIMIT $2)" },
    { BY_RETENTION,
      "DELETE FROM documents WHERE hash IN (SELECT d.hash FROM documents AS d "
      "WHERE d.created_us < $1 "
      "AND NOT EXISTS (SELECT 1 FROM approvals AS a WHERE a.hash = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM manifests AS m WHERE m.hash = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM manifests AS m WHERE m.settings = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM manifests AS m WHERE m.keys = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM manifests AS m WHERE m.templates = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM alerts AS t WHERE t.hash = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM alert_stops AS t WHERE t.hash = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM manifest_days AS n WHERE n.hash = d.hash) "
      "AND NOT EXISTS (SELECT 1 FROM station_names AS s WHERE s.hash = d.hash) LIMIT $2)" },
};
/* clang-format on */

gboolean
sched_store_retention_step(SchedTxn *txn, gint64 *out_deleted, gboolean *out_more,
                           GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    const gint64 limits_us[] = {
        [BY_RETENTION] = now_us - sched_store_setting_int(txn, "retention-days") * DAY_US,
        [BY_HISTORY] = now_us - sched_store_setting_int(txn, "heartbeat-history-days") * DAY_US,
        [BY_KEY] = now_us - SCHED_KEY_LIFE_US,
        [BY_MESSAGE] = now_us - SCHED_MESSAGE_KEPT_DAYS * DAY_US,
        [BY_NOW] = now_us,
    };
    g_autofree char *count = NULL;
    gint64 deleted = 0;
    gboolean more = FALSE;

    if (!sched_sql_run(txn, sql_raise, error, "i", limits_us[BY_RETENTION]))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!sched_sql_run(txn, steps[i].sql, error, "ii", limits_us[steps[i].limit],
                           (gint64) SCHED_RETENTION_STEP))
            return FALSE;
        deleted += sched_sql_changes(txn);
        more = more || sched_sql_changes(txn) >= SCHED_RETENTION_STEP;
    }
    count = g_strdup_printf("%" G_GINT64_FORMAT, deleted);
    if (deleted > 0 &&
        !sched_sql_audit_words(txn, "retention.step", "store", error, "rows", count, NULL))
        return FALSE;
    *out_deleted = deleted;
    *out_more = more;
    return TRUE;
}
