/* speech-orders.c - see speech-orders.h */
#include "scheduler/store/speech-orders.h"

#include "content/alert.h"
#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO speech_orders (id, speaker, station, about, drill, from_us, ends_us, approver, "
    "approved_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_add_area[] =
    "INSERT INTO speech_order_areas (speech_order, area) VALUES ($1, $2)";
static const char sql_has[] = "SELECT 1 FROM speech_orders WHERE id = $1";
static const char sql_has_account[] = "SELECT 1 FROM accounts WHERE id = $1 AND state = 'active'";
#define SELECT \
    "SELECT o.id AS id, o.speaker AS speaker, o.station AS station, o.about AS about, " \
    "o.drill AS drill, o.from_us AS from_us, o.ends_us AS ends_us, o.approver AS approver, " \
    "o.approved_us AS approved_us, o.alert AS alert, p.name AS approver_name, " \
    "s.name AS speaker_name FROM speech_orders AS o JOIN accounts AS p ON p.id = o.approver " \
    "JOIN accounts AS s ON s.id = o.speaker "
static const char sql_get[] = SELECT "WHERE o.id = $1";
static const char sql_of[] = SELECT "WHERE o.alert = $1";
static const char sql_list[] = SELECT "WHERE o.ends_us > $1 ORDER BY o.from_us, o.id";
static const char sql_areas[] =
    "SELECT area FROM speech_order_areas WHERE speech_order = $1 ORDER BY area";
static const char sql_use[] = "UPDATE speech_orders SET alert = $2 WHERE id = $1";
static const char sql_remove[] = "DELETE FROM speech_orders WHERE id = $1";
static const char sql_untell[] = "DELETE FROM alert_told WHERE alert = $1";

#define AT(member) G_STRUCT_OFFSET(SchedSpeechOrderRow, member)
static const SchedSqlColumn columns[] = {
    { "id",            SCHED_SQL_TEXT, AT(id)            },
    { "speaker",       SCHED_SQL_TEXT, AT(speaker)       },
    { "station",       SCHED_SQL_TEXT, AT(station)       },
    { "about",         SCHED_SQL_TEXT, AT(about)         },
    { "drill",         SCHED_SQL_BOOL, AT(drill)         },
    { "from_us",       SCHED_SQL_INT,  AT(from_us)       },
    { "ends_us",       SCHED_SQL_INT,  AT(ends_us)       },
    { "approver",      SCHED_SQL_TEXT, AT(approver)      },
    { "approved_us",   SCHED_SQL_INT,  AT(approved_us)   },
    { "alert",         SCHED_SQL_TEXT, AT(alert)         },
    { "approver_name", SCHED_SQL_TEXT, AT(approver_name) },
    { "speaker_name",  SCHED_SQL_TEXT, AT(speaker_name)  },
    { NULL,            SCHED_SQL_LIST, AT(areas)         },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedSpeechOrderRow), columns,
                                    (GDestroyNotify) sched_speech_order_row_free};
SCHED_SQL_DEFINE_FREE(SchedSpeechOrderRow, sched_speech_order_row, shape)

static gboolean
refuse(GError **error, SchedStoreError code, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, (gint) code, words);
    return FALSE;
}

gboolean
sched_store_speech_order_check(SchedTxn *txn, const SchedSpeechOrderRow *order, GError **error)
{
    if (!sched_check_id("order", order->id, error) ||
        !sched_check_text("about", order->about, SCHED_SPEECH_ORDER_MAX_ABOUT_BYTES, error))
        return FALSE;
    if (order->ends_us <= order->from_us ||
        order->ends_us - order->from_us > CONTENT_ALERT_LIVE_MAX_LIFE_US)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "ends_us: after its beginning, within an hour");
    if (order->ends_us <= sched_txn_at_us(txn))
        return refuse(error, SCHED_STORE_ERROR_INVALID, "ends_us: that is over");
    if (!sched_sql_is(txn, sql_has_account, "t", order->speaker))
        return refuse(error, SCHED_STORE_ERROR_NOT_FOUND, "speaker: there is no such account");
    return !sched_sql_is(txn, sql_has, "t", order->id) ||
           refuse(error, SCHED_STORE_ERROR_CONFLICT, "there is an order of that name already");
}

gboolean
sched_store_speech_order_add(SchedTxn *txn, const SchedSpeechOrderRow *order, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row = NULL;

    if (!sched_store_speech_order_check(txn, order, error) ||
        !sched_sql_run(txn, sql_add, error, "ttttiiiti", order->id, order->speaker,
                       order->station, order->about, (gint64) order->drill, order->from_us,
                       order->ends_us, sched_txn_actor(txn), sched_txn_at_us(txn)))
        return FALSE;
    for (guint i = 0; i < order->areas->len; i++) {
        if (!sched_sql_run(txn, sql_add_area, error, "tt", order->id, order->areas->pdata[i]))
            return FALSE;
    }
    row = sched_store_speech_order_get(txn, order->id, error);
    return row != NULL &&
           sched_sql_audit_row(txn, "speech-order.approve", row->id, &shape, row, error);
}

static gboolean
fill_areas(SchedTxn *txn, GPtrArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        SchedSpeechOrderRow *row = rows->pdata[i];
        GPtrArray *areas = sched_sql_texts(txn, sql_areas, error, "t", row->id);

        if (areas == NULL)
            return FALSE;
        g_clear_pointer(&row->areas, g_ptr_array_unref);
        row->areas = areas;
    }
    return TRUE;
}

/* Returns: (transfer full) (nullable) */
static GPtrArray *
filled(SchedTxn *txn, GPtrArray *list, GError **error)
{
    g_autoptr(GPtrArray) rows = list;

    return rows != NULL && fill_areas(txn, rows, error) ? g_steal_pointer(&rows) : NULL;
}

SchedSpeechOrderRow *
sched_store_speech_order_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) rows =
        filled(txn, sched_sql_list(txn, sql_get, &shape, error, "t", id), error);

    if (rows == NULL)
        return NULL;
    if (rows->len == 0) {
        refuse(error, SCHED_STORE_ERROR_NOT_FOUND, "there is no such order to speak");
        return NULL;
    }
    return g_ptr_array_steal_index(rows, 0);
}

gboolean
sched_store_speech_order_of(SchedTxn *txn, const char *alert, SchedSpeechOrderRow **out_order,
                            GError **error)
{
    g_autoptr(GPtrArray) rows =
        filled(txn, sched_sql_list(txn, sql_of, &shape, error, "t", alert), error);

    if (rows == NULL)
        return FALSE;
    *out_order = rows->len == 0 ? NULL : g_ptr_array_steal_index(rows, 0);
    return TRUE;
}

GPtrArray *
sched_store_speech_order_list(SchedTxn *txn, gint64 now_us, GError **error)
{
    return filled(txn, sched_sql_list(txn, sql_list, &shape, error, "i", now_us), error);
}

gboolean
sched_store_speech_order_use(SchedTxn *txn, const char *id, const char *alert, GError **error)
{
    return sched_sql_run(txn, sql_use, error, "tt", id, alert) &&
           sched_sql_run(txn, sql_untell, error, "t", alert) &&
           sched_sql_audit_words(txn, "speech-order.speak", id, error, "alert", alert, NULL);
}

gboolean
sched_store_speech_order_remove(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row = sched_store_speech_order_get(txn, id, error);

    return row != NULL &&
           (row->alert == NULL ||
            refuse(error, SCHED_STORE_ERROR_RULE, "it was spoken: the order stays")) &&
           sched_sql_run(txn, sql_remove, error, "t", id) &&
           sched_sql_audit_row(txn, "speech-order.withdraw", id, &shape, row, error);
}
