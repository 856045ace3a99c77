/* messages.c - see messages.h */
#include "scheduler/store/messages.h"

#include "content/document.h"
#include "scheduler/message/decide.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_message_state_words[] = { "waiting", "sent", "failed", NULL };

static const char sql_choices[] =
    "SELECT event, email, phone FROM message_choices WHERE account = $1";
static const char sql_choose[] =
    "INSERT INTO message_choices (account, event, email, phone) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account, event) DO UPDATE SET email = excluded.email, phone = excluded.phone";

#define COLUMNS \
    "m.id AS id, m.account AS account, coalesce(a.name, m.account, m.name) AS name, " \
    "m.task AS task, m.way AS way, " \
    "m.event AS event, m.address AS address, m.subject AS subject, m.body AS body, " \
    "m.made_us AS made_us, m.due_us AS due_us, m.state AS state, m.attempts AS attempts, " \
    "m.tried_us AS tried_us, m.fault AS fault, m.detail AS detail " \
    "FROM messages AS m LEFT JOIN accounts AS a ON a.id = m.account "
static const char sql_add[] =
    "INSERT INTO messages (id, account, way, event, address, subject, body, made_us, due_us, "
    "name, task, state, attempts, tried_us, fault, detail) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', 0, 0, '', '')";
static const char sql_crowded[] =
    "UPDATE messages SET state = 'failed', fault = 'crowded' WHERE id IN (SELECT id FROM messages "
    "WHERE account IS $1 AND ($1 IS NOT NULL OR address = $4) AND way = $2 "
    "AND state = 'waiting' ORDER BY made_us DESC, id DESC "
    "LIMIT -1 OFFSET $3)";
static const char sql_mark[] =
    "INSERT INTO message_marks (account, way, key, told_us) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account, way, key) DO NOTHING";
static const char sql_told[] =
    "SELECT 1 FROM message_marks WHERE account = $1 AND way = $2 AND key = $3";
static const char sql_due[] =
    "SELECT " COLUMNS "WHERE m.state = 'waiting' AND m.way = $1 AND m.due_us <= $2 "
    "ORDER BY m.due_us, m.id LIMIT $3";
static const char sql_next[] =
    "SELECT coalesce(min(due_us), 0) FROM messages WHERE state = 'waiting'";
static const char sql_tried[] =
    "UPDATE messages SET state = $2, attempts = attempts + 1, tried_us = $3, due_us = $4, "
    "fault = $5, detail = $6 WHERE id = $1 AND state = 'waiting'";
static const char sql_list[] =
    "SELECT " COLUMNS "WHERE ($1 IS NULL OR m.account = $1) AND ($2 IS NULL OR m.state = $2) "
    "ORDER BY m.made_us DESC, m.id DESC LIMIT $3";
static const char sql_tests[] =
    "SELECT count(*) FROM messages WHERE account = $1 AND event = 'test' AND made_us > $2";
static const char sql_last[] =
    "SELECT account, way, event, max(made_us) AS made_us FROM messages WHERE made_us > $1 "
    "AND account IS NOT NULL GROUP BY account, way, event";
static const char sql_all_choices[] =
    "SELECT account, event, email, phone FROM message_choices";

#define AT(member) G_STRUCT_OFFSET(SchedMessageRow, member)
static const SchedSqlColumn columns[] = {
    { "id",       SCHED_SQL_TEXT, AT(id)       },
    { "account",  SCHED_SQL_TEXT, AT(account)  },
    { "name",     SCHED_SQL_TEXT, AT(name)     },
    { "task",     SCHED_SQL_TEXT, AT(task)     },
    { "way",      SCHED_SQL_WORD, AT(way), sched_message_way_words },
    { "event",    SCHED_SQL_TEXT, AT(event)    },
    { "address",  SCHED_SQL_TEXT, AT(address)  },
    { "subject",  SCHED_SQL_TEXT, AT(subject)  },
    { "body",     SCHED_SQL_TEXT, AT(body)     },
    { "made_us",  SCHED_SQL_INT,  AT(made_us)  },
    { "due_us",   SCHED_SQL_INT,  AT(due_us)   },
    { "state",    SCHED_SQL_WORD, AT(state), sched_message_state_words },
    { "attempts", SCHED_SQL_INT,  AT(attempts) },
    { "tried_us", SCHED_SQL_INT,  AT(tried_us) },
    { "fault",    SCHED_SQL_TEXT, AT(fault)    },
    { "detail",   SCHED_SQL_TEXT, AT(detail)   },
    { NULL },
};
#undef AT
static const SchedSqlColumn last_columns[] = {
    { "account", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedMessageRow, account) },
    { "way",     SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedMessageRow, way), sched_message_way_words },
    { "event",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedMessageRow, event)   },
    { "made_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedMessageRow, made_us) },
    { NULL },
};

typedef struct {
    char *account, *event;
    gboolean email, phone;
} Choice;
static const SchedSqlColumn choice_columns[] = {
    { "event",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(Choice, event)   },
    { "email",   SCHED_SQL_BOOL, G_STRUCT_OFFSET(Choice, email)   },
    { "phone",   SCHED_SQL_BOOL, G_STRUCT_OFFSET(Choice, phone)   },
    { NULL },
};
static const SchedSqlColumn all_choice_columns[] = {
    { "account", SCHED_SQL_TEXT, G_STRUCT_OFFSET(Choice, account) },
    { "event",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(Choice, event)   },
    { "email",   SCHED_SQL_BOOL, G_STRUCT_OFFSET(Choice, email)   },
    { "phone",   SCHED_SQL_BOOL, G_STRUCT_OFFSET(Choice, phone)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedMessageRow), columns,
                                    (GDestroyNotify) sched_message_row_free};
static const SchedSqlShape last_shape = {sizeof(SchedMessageRow), last_columns,
                                         (GDestroyNotify) sched_message_row_free};
SCHED_SQL_DEFINE_FREE(SchedMessageRow, sched_message_row, shape)

static void
choice_free(gpointer data)
{
    Choice *choice = data;

    g_free(choice->account);
    g_free(choice->event);
    g_free(choice);
}
static const SchedSqlShape choice_shape = {sizeof(Choice), choice_columns, choice_free};
static const SchedSqlShape all_choice_shape = {sizeof(Choice), all_choice_columns, choice_free};

/* ---- choices ---- */

gboolean
sched_store_message_choices(SchedTxn *txn, const char *account, SchedMessageChoice *out_choices,
                            GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_choices, &choice_shape, error, "t", account);

    for (gint event = 0; rows != NULL && event < SCHED_MESSAGE_N_EVENTS; event++)
        out_choices[event] =
            (SchedMessageChoice){event, TRUE, sched_message_rule(event)->by_text};
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const Choice *row = g_ptr_array_index(rows, i);
        int event = content_word_index(sched_message_event_words, row->event);

        if (event >= 0 && event < SCHED_MESSAGE_N_EVENTS)
            out_choices[event] = (SchedMessageChoice){event, row->email, row->phone};
    }
    return rows != NULL;
}

gboolean
sched_store_message_choose(SchedTxn *txn, const char *account, const SchedMessageChoice *choice,
                           GError **error)
{
    const char *event;

    if (choice->event < 0 || choice->event >= SCHED_MESSAGE_N_EVENTS) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "event: none that is chosen");
        return FALSE;
    }
    event = sched_message_event_words[choice->event];
    return sched_sql_run(txn, sql_choose, error, "ttii", account, event,
                         (gint64) (choice->email != 0), (gint64) (choice->phone != 0)) &&
           sched_sql_audit_words(txn, "account.messages", account, error, "event", event,
                                 "email", choice->email ? "yes" : "no", "phone",
                                 choice->phone ? "yes" : "no", NULL);
}

/* ---- messages ---- */

gboolean
sched_store_message_add(SchedTxn *txn, const SchedMessageRow *message, const GPtrArray *keys,
                        GError **error)
{
    const char *way = sched_message_way_words[message->way];
    gint64 now_us = sched_txn_at_us(txn);

    if (!sched_check_id("id", message->id, error) ||
        !sched_check_text("subject", message->subject, SCHED_MESSAGE_SUBJECT_BYTES, error) ||
        !sched_check_text("body", message->body, 65536, error) ||
        !sched_sql_run(txn, sql_add, error, "tttttttiitt", message->id, message->account, way,
                       message->event, message->address, message->subject, message->body,
                       now_us, message->due_us, message->account == NULL ? message->name : "",
                       message->task))
        return FALSE;
    for (guint i = 0; keys != NULL && i < keys->len; i++) {
        if (!sched_sql_run(txn, sql_mark, error, "ttti", message->account, way,
                           (const char *) g_ptr_array_index(keys, i), now_us))
            return FALSE;
    }
    return sched_sql_run(txn, sql_crowded, error, "ttit", message->account, way,
                         (gint64) SCHED_MESSAGE_MAX_WAITING, message->address);
}

GPtrArray *
sched_store_message_due(SchedTxn *txn, SchedMessageWay way, gint64 now_us, gint64 limit,
                        GError **error)
{
    return sched_sql_list(txn, sql_due, &shape, error, "tii", sched_message_way_words[way],
                          now_us, limit);
}

gboolean
sched_store_message_next_us(SchedTxn *txn, gint64 *out_us, GError **error)
{
    return sched_sql_int(txn, sql_next, out_us, error, "");
}

static gint64
next_attempt_us(const SchedMessageRow *message, gint64 now_us)
{
    guint doublings = (guint) MIN(message->attempts, 6);

    return now_us + MIN(SCHED_MESSAGE_FIRST_US << doublings, SCHED_MESSAGE_LAST_US);
}

gboolean
sched_store_message_tried(SchedTxn *txn, const SchedMessageRow *message, const char *fault,
                          const char *detail, gboolean is_hopeless, gboolean *out_failed,
                          GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    gboolean is_failed =
        fault != NULL && (is_hopeless || now_us - message->made_us >= SCHED_MESSAGE_GIVE_UP_US);
    SchedMessageState state = fault == NULL ? SCHED_MESSAGE_SENT
                              : is_failed   ? SCHED_MESSAGE_FAILED
                                            : SCHED_MESSAGE_WAITS;
    g_autofree char *words =
        content_document_text(detail == NULL ? "" : detail, SCHED_MESSAGE_DETAIL_BYTES);

    if (!sched_sql_run(txn, sql_tried, error, "ttiitt", message->id,
                       sched_message_state_words[state], now_us,
                       state == SCHED_MESSAGE_WAITS ? next_attempt_us(message, now_us)
                                                    : message->due_us,
                       fault == NULL ? "" : fault, words))
        return FALSE;
    if (out_failed != NULL)
        *out_failed = is_failed;
    return TRUE;
}

GPtrArray *
sched_store_message_list(SchedTxn *txn, const char *account, const char *state, gint64 limit,
                         GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "tti", account, state, limit);
}

gboolean
sched_store_message_may_test(SchedTxn *txn, const char *account, gboolean *out_may,
                             GError **error)
{
    gint64 now_us = sched_txn_at_us(txn), n_lately = 0, n_today = 0;

    if (!sched_sql_int(txn, sql_tests, &n_lately, error, "ti", account,
                       now_us - SCHED_MESSAGE_TEST_GAP_US) ||
        !sched_sql_int(txn, sql_tests, &n_today, error, "ti", account,
                       now_us - G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC))
        return FALSE;
    *out_may = n_lately == 0 && n_today < SCHED_MESSAGE_TESTS_A_DAY;
    return TRUE;
}

/* ---- people ---- */

static gboolean
add_rights(SchedTxn *txn, SchedReachable *person, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rights = sched_store_right_list(txn, person->account, error);

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        const SchedRightRow *right = g_ptr_array_index(rights, i);

        if ((right->until_us == 0 || right->until_us > now_us) && right->from_us <= now_us)
            sched_reachable_add_right(person, (guint) right->role, right->area,
                                      right->language);
    }
    return rights != NULL;
}

static gboolean
add_choices(SchedTxn *txn, GHashTable *by_account, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_all_choices, &all_choice_shape, error, "");

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const Choice *row = g_ptr_array_index(rows, i);
        SchedReachable *person = g_hash_table_lookup(by_account, row->account);
        int event = content_word_index(sched_message_event_words, row->event);

        if (person == NULL || event < 0 || event >= SCHED_MESSAGE_N_EVENTS)
            continue;
        person->wants[event][SCHED_MESSAGE_BY_EMAIL] = row->email;
        person->wants[event][SCHED_MESSAGE_BY_PHONE] = row->phone;
    }
    return rows != NULL;
}

static gboolean
add_last(SchedTxn *txn, GHashTable *by_account, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_last, &last_shape, error, "i",
                       now_us - G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedMessageRow *row = g_ptr_array_index(rows, i);
        SchedReachable *person = g_hash_table_lookup(by_account, row->account);
        int event = content_word_index(sched_message_event_words, row->event);

        if (person != NULL && event >= 0 && event < SCHED_MESSAGE_N_EVENTS)
            person->last_us[event][row->way] = row->made_us;
    }
    return rows != NULL;
}

static SchedReachable *
reachable_of(const SchedAccountRow *account, gboolean has_texts)
{
    SchedReachable *person = sched_reachable_new(account->id);

    person->address[SCHED_MESSAGE_BY_EMAIL] = g_strdup(account->email);
    person->address[SCHED_MESSAGE_BY_PHONE] = g_strdup(account->phone);
    person->reader = account->reader;
    for (gint event = 0; event < SCHED_MESSAGE_N_EVENTS; event++) {
        person->wants[event][SCHED_MESSAGE_BY_EMAIL] = TRUE;
        person->wants[event][SCHED_MESSAGE_BY_PHONE] =
            has_texts && sched_message_rule(event)->by_text;
    }
    return person;
}

GPtrArray *
sched_store_message_people(SchedTxn *txn, gint64 now_us, gboolean has_texts, GError **error)
{
    g_autoptr(GPtrArray) accounts = sched_store_account_list(txn, error);
    g_autoptr(GPtrArray) people =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_reachable_free);
    g_autoptr(GHashTable) by_account = g_hash_table_new(g_str_hash, g_str_equal);

    if (accounts == NULL)
        return NULL;
    for (guint i = 0; i < accounts->len; i++) {
        const SchedAccountRow *account = g_ptr_array_index(accounts, i);
        SchedReachable *person;

        if (account->state != SCHED_ACCOUNT_ACTIVE ||
            (*account->email == '\0' && *account->phone == '\0'))
            continue;
        person = reachable_of(account, has_texts);
        g_ptr_array_add(people, person);
        g_hash_table_insert(by_account, person->account, person);
        if (!add_rights(txn, person, now_us, error))
            return NULL;
    }
    return add_choices(txn, by_account, error) && add_last(txn, by_account, now_us, error)
               ? g_steal_pointer(&people)
               : NULL;
}

gboolean
sched_store_message_was_told(SchedTxn *txn, const char *account, gint way, const char *key)
{
    return sched_sql_is(txn, sql_told, "ttt", account, sched_message_way_words[way], key);
}
