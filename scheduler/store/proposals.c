/* proposals.c - see proposals.h */
#include "scheduler/store/proposals.h"

#include "content/base/id.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_proposal_state_words[] = {
    "open", "approved", "refused", "replaced", NULL,
};

#define COLUMNS "id, route, arguments, body, author, made_us, state, judge, judged_us"
static const char sql_replace[] =
    "UPDATE proposals SET state = 'replaced', judged_us = $3 "
    "WHERE route = $1 AND arguments = $2 AND state = 'open'";
static const char sql_count[] = "SELECT count(*) FROM proposals WHERE state = 'open'";
static const char sql_count_author[] =
    "SELECT count(*) FROM proposals WHERE state = 'open' AND author = $1";
static const char sql_is_changed[] =
    "SELECT 1 FROM audit AS made JOIN audit AS since ON since.chain = made.chain "
    "AND since.seq > made.seq WHERE made.object = $1 AND made.action = 'proposal.make' "
    "AND since.object = $2 AND substr(since.action, 1, length($3)) = $3 LIMIT 1";
static const char sql_add[] =
    "INSERT INTO proposals (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, 'open', NULL, 0)";
static const char sql_get[] = "SELECT " COLUMNS " FROM proposals WHERE id = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM proposals WHERE state = 'open' ORDER BY made_us, id";
static const char sql_replace_one[] =
    "UPDATE proposals SET state = 'replaced', judged_us = $2 WHERE id = $1";
static const char sql_judge[] =
    "UPDATE proposals SET state = $2, judge = $3, judged_us = $4 WHERE id = $1";

#define AT(member) G_STRUCT_OFFSET(SchedProposalRow, member)
static const SchedSqlColumn columns[] = {
    { "id",        SCHED_SQL_TEXT, AT(id)        },
    { "route",     SCHED_SQL_TEXT, AT(route)     },
    { "arguments", SCHED_SQL_TEXT, AT(arguments) },
    { "body",      SCHED_SQL_TEXT, AT(body)      },
    { "author",    SCHED_SQL_TEXT, AT(author)    },
    { "made_us",   SCHED_SQL_INT,  AT(made_us)   },
    { "state",     SCHED_SQL_WORD, AT(state), sched_proposal_state_words },
    { "judge",     SCHED_SQL_TEXT, AT(judge)     },
    { "judged_us", SCHED_SQL_INT,  AT(judged_us) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedProposalRow), columns,
                                    (GDestroyNotify) sched_proposal_row_free};
SCHED_SQL_DEFINE_FREE(SchedProposalRow, sched_proposal_row, shape)

static gboolean
check_room(SchedTxn *txn, GError **error)
{
    gint64 count = 0, count_author = 0;

    return sched_sql_int(txn, sql_count, &count, error, "") &&
           sched_check_count("proposals that wait", (gsize) count + 1, SCHED_PROPOSAL_MAX_OPEN,
                             error) &&
           sched_sql_int(txn, sql_count_author, &count_author, error, "t",
                         sched_txn_actor(txn)) &&
           sched_check_count("proposals of one person that wait", (gsize) count_author + 1,
                             SCHED_PROPOSAL_MAX_OPEN_AUTHOR, error);
}

gboolean
sched_store_proposal_add(SchedTxn *txn, const SchedProposalRow *proposal, GError **error)
{
    g_autofree char *hash = content_sha256_hex(proposal->body, strlen(proposal->body));

    if (!sched_check_id("id", proposal->id, error) ||
        !sched_check_text("body", proposal->body, SCHED_PROPOSAL_MAX_BODY_BYTES, error) ||
        !sched_sql_run(txn, sql_replace, error, "tti", proposal->route, proposal->arguments,
                       sched_txn_at_us(txn)) ||
        !check_room(txn, error))
        return FALSE;
    return sched_sql_run(txn, sql_add, error, "ttttti", proposal->id, proposal->route,
                         proposal->arguments, proposal->body, sched_txn_actor(txn),
                         sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "proposal.make", proposal->id, error, "arguments",
                                 proposal->arguments, "body", hash, "route", proposal->route,
                                 NULL);
}

SchedProposalRow *
sched_store_proposal_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "proposal", error, "t", id);
}

gboolean
sched_store_proposal_check(SchedTxn *txn, const char *id, const char *touches,
                           const char *object, GError **error)
{
    if (!sched_sql_is(txn, sql_is_changed, "ttt", id, object, touches))
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                "%s was changed since this was asked for: refuse it, and ask for it anew",
                object);
    return FALSE;
}

gboolean
sched_store_proposal_hand_over(SchedTxn *txn, const SchedProposalRow *proposal, const char *id,
                               const char *author, GError **error)
{
    const gint64 now_us = sched_txn_at_us(txn);

    return sched_sql_run(txn, sql_replace_one, error, "ti", proposal->id, now_us) &&
           sched_sql_run(txn, sql_add, error, "ttttti", id, proposal->route,
                         proposal->arguments, proposal->body, author, now_us) &&
           sched_sql_audit_words(txn, "proposal.make", id, error, "arguments",
                                 proposal->arguments, "author", author, "instead_of",
                                 proposal->id, "route", proposal->route, NULL);
}

GPtrArray *
sched_store_proposal_list(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "");
}

gboolean
sched_store_proposal_judge(SchedTxn *txn, const char *id, SchedProposalState state,
                           GError **error)
{
    g_autoptr(SchedProposalRow) row = sched_store_proposal_get(txn, id, error);
    const char *word = sched_proposal_state_words[state];

    if (row == NULL)
        return FALSE;
    /* The CHECK says so too; its refusal is no rule of the house in the words of HTTP. */
    if (state == SCHED_PROPOSAL_APPROVED && strcmp(row->author, sched_txn_actor(txn)) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "nobody approves a change that they asked for");
        return FALSE;
    }
    return sched_sql_run(txn, sql_judge, error, "ttti", id, word, sched_txn_actor(txn),
                         sched_txn_at_us(txn)) &&
           sched_sql_audit_words(
               txn, state == SCHED_PROPOSAL_APPROVED ? "proposal.approve" : "proposal.refuse",
               id, error, "arguments", row->arguments, "author", row->author, "route",
               row->route, NULL);
}
