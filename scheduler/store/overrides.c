/* overrides.c - what is different on one date, and how communes order clashes; see slots.h */
#include "scheduler/store/slots.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS \
    "slot, date, CASE cancelled WHEN 1 THEN NULL ELSE playlist END AS playlist, " \
    "playlist AS proposed, author, content, approver, approved_us, " \
    "CASE WHEN returned = content THEN returned END AS returned, " \
    "CASE WHEN returned = content THEN note END AS note"
/* A date that was cancelled stays so until its proposal is approved; one that was approved is
 * cancelled by the trigger that sees the approval go. */
static const char sql_put[] =
    "INSERT INTO slot_overrides (slot, date, playlist, cancelled, author, content, approver, "
    "approved_us, changed_us) VALUES ($1, $2, $3, $4, $5, $6, NULL, 0, $7) "
    "ON CONFLICT (slot, date) DO UPDATE SET playlist = excluded.playlist, "
    "cancelled = CASE WHEN slot_overrides.cancelled = 1 THEN 1 ELSE excluded.cancelled END, "
    "author = excluded.author, content = excluded.content, approver = NULL, approved_us = 0, "
    "changed_us = excluded.changed_us";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM slot_overrides WHERE $1 IS NULL OR slot = $1 ORDER BY slot, date";
static const char sql_get[] =
    "SELECT " COLUMNS " FROM slot_overrides WHERE slot = $1 AND date = $2";
static const char sql_remove[] = "DELETE FROM slot_overrides WHERE slot = $1 AND date = $2";
static const char sql_return[] =
    "UPDATE slot_overrides SET approver = NULL, approved_us = 0, returned = $3, note = $4 "
    "WHERE slot = $1 AND date = $2";
static const char sql_keep[] =
    "UPDATE slot_overrides SET returned = NULL, note = '' WHERE slot = $1 AND date = $2";
static const char sql_clear_choices[] = "DELETE FROM slot_choices WHERE area = $1";
static const char sql_add_choice[] =
    "INSERT INTO slot_choices (area, slot, rank) VALUES ($1, $2, $3)";
static const char sql_choices[] =
    "SELECT area, slot, rank FROM slot_choices ORDER BY area, rank, slot";

static const SchedSqlColumn override_columns[] = {
    { "slot",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, slot)        },
    { "date",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, date)        },
    { "playlist",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, playlist)    },
    { "proposed",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, proposed)    },
    { "author",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, author)      },
    { "content",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, content)     },
    { "approver",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, approver)    },
    { "approved_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOverrideRow, approved_us) },
    { "returned",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, returned)    },
    { "note",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOverrideRow, note)        },
    { NULL },
};
static const SchedSqlColumn choice_columns[] = {
    { "area", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedChoiceRow, area) },
    { "slot", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedChoiceRow, slot) },
    { "rank", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedChoiceRow, rank) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape override_shape = {sizeof(SchedOverrideRow), override_columns,
                                             (GDestroyNotify) sched_override_row_free};
static const SchedSqlShape choice_shape = {sizeof(SchedChoiceRow), choice_columns,
                                           (GDestroyNotify) sched_choice_row_free};
SCHED_SQL_DEFINE_FREE(SchedOverrideRow, sched_override_row, override_shape)
SCHED_SQL_DEFINE_FREE(SchedChoiceRow, sched_choice_row, choice_shape)

gboolean
sched_override_row_is_live(const SchedOverrideRow *override)
{
    return override->playlist == NULL || override->approver != NULL;
}

static char *
date_name(const char *slot, const char *date)
{
    return g_strdup_printf("%s %s", slot, date);
}

gboolean
sched_store_override_put(SchedTxn *txn, const SchedOverrideRow *override, GError **error)
{
    g_autofree char *name = date_name(override->slot, override->date);
    g_autofree char *content = NULL;

    if (!sched_check_plan_date("date", override->date, error))
        return FALSE;
    content =
        sched_override_content(txn, override->slot, override->date, override->playlist, error);
    if (content == NULL ||
        !sched_sql_run(txn, sql_put, error, "tttitti", override->slot, override->date,
                       override->playlist, (gint64) (override->playlist == NULL),
                       sched_txn_actor(txn), content, sched_txn_at_us(txn))) {
        g_prefix_error(error, "%s: ", name);
        return FALSE;
    }
    return sched_sql_audit_words(txn, "override.put", name, error, "content", content,
                                 "playlist", override->playlist, NULL) &&
           sched_reach_slot(txn, override->slot, "override", error);
}

static SchedOverrideRow *
get_override(SchedTxn *txn, const char *slot, const char *date, GError **error)
{
    return sched_sql_one(txn, sql_get, &override_shape, "change of a date", error, "tt", slot,
                         date);
}

/* The change, if it is as whoever judges it saw it, and there is something to judge. */
static gboolean
expect_seen(SchedTxn *txn, const char *slot, const char *date, const char *content,
            GError **error)
{
    g_autoptr(SchedOverrideRow) row = get_override(txn, slot, date, error);

    if (row == NULL)
        return FALSE;
    if (row->proposed == NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "a cancelled date needs no approval");
        return FALSE;
    }
    if (g_strcmp0(row->content, content) != 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "it was changed since it was read");
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_override_approve(SchedTxn *txn, const char *slot, const char *date,
                             const char *content, GError **error)
{
    g_autofree char *name = date_name(slot, date);
    SchedKeptApproval approval = {(char *) slot, (char *) date, (char *) sched_txn_actor(txn),
                                  sched_txn_at_us(txn)};

    return expect_seen(txn, slot, date, content, error) &&
           sched_slot_give_back(txn, &approval, error) &&
           sched_sql_run(txn, sql_keep, error, "tt", slot, date) &&
           sched_sql_audit_words(txn, "override.approve", name, error, "content", content,
                                 NULL) &&
           sched_reach_slot(txn, slot, "approval", error);
}

gboolean
sched_store_override_return(SchedTxn *txn, const char *slot, const char *date,
                            const char *content, const char *note, GError **error)
{
    g_autofree char *name = date_name(slot, date);

    return sched_check_text("note", note, SCHED_SLOT_MAX_NOTE_BYTES, error) &&
           expect_seen(txn, slot, date, content, error) &&
           sched_sql_run(txn, sql_return, error, "tttt", slot, date, content, note) &&
           sched_sql_audit_words(txn, "override.return", name, error, "content", content,
                                 "note", note, NULL) &&
           sched_reach_slot(txn, slot, "returned", error);
}

gboolean
sched_store_override_remove(SchedTxn *txn, const char *slot, const char *date, GError **error)
{
    g_autoptr(SchedOverrideRow) row = get_override(txn, slot, date, error);
    g_autofree char *name = date_name(slot, date);

    return row != NULL && sched_sql_run(txn, sql_remove, error, "tt", slot, date) &&
           sched_store_audit_append(txn, "override.remove", name, NULL, error) &&
           sched_reach_slot(txn, slot, "override", error);
}

GPtrArray *
sched_store_override_list(SchedTxn *txn, const char *slot, GError **error)
{
    return sched_sql_list(txn, sql_list, &override_shape, error, "t", slot);
}

gboolean
sched_store_choices_set(SchedTxn *txn, const char *area, GPtrArray *slots, GError **error)
{
    g_autoptr(GString) order = g_string_new(NULL);

    if (!sched_check_count("slots", slots->len, SCHED_AREA_MAX_CHOICES, error) ||
        !sched_sql_run(txn, sql_clear_choices, error, "t", area))
        return FALSE;
    for (guint i = 0; i < slots->len; i++) {
        const char *slot = g_ptr_array_index(slots, i);

        g_string_append_printf(order, "%s%s", i == 0 ? "" : " ", slot);
        if (!sched_sql_run(txn, sql_add_choice, error, "tti", area, slot, (gint64) i)) {
            g_prefix_error(error, "slots[%u]: ", i);
            return FALSE;
        }
    }
    return sched_sql_audit_words(txn, "choices.set", area, error, "slots", order->str, NULL) &&
           sched_reach_area(txn, area, "choices", error);
}

GPtrArray *
sched_store_choice_list(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_choices, &choice_shape, error, "");
}
