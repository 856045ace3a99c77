/* slots.c - see slots.h */
#include "scheduler/store/slots.h"

#include "content/kinds.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* With a hyphen and a date the id is that of an occurrence, and that fits an id. */
#define MAX_ID_BYTES 53

/* clang-format off */
const char *const sched_language_policy_words[] = { "each", "first", NULL };
const char *const sched_block_order_words[] = { "item", "language", NULL };

#define COLUMNS \
    "s.id, s.name, s.home, s.playlist, s.class, s.tzid, s.first_date, s.local_min, s.local_s, " \
    "s.rule, s.until, s.length_s, s.priority, s.gain_mdb, s.policy, s.block_order, s.stopped, " \
    "s.author, s.content, s.approved, s.approver, s.approved_us, s.revision, s.changed_us, " \
    "s.returned, s.note, s.make_up_min"
static const char sql_add[] =
    "INSERT INTO slots (id, name, home, playlist, class, tzid, first_date, local_min, local_s, "
    "rule, until, length_s, priority, gain_mdb, policy, block_order, stopped, author, content, "
    "approved, approver, approved_us, revision, changed_us, returned, note, make_up_min) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22, $23, $24, $25, $26, $27)";
static const char sql_change[] =
    "UPDATE slots SET name = $2, home = $3, playlist = $4, class = $5, tzid = $6, "
    "first_date = $7, local_min = $8, local_s = $9, rule = $10, until = $11, length_s = $12, "
    "priority = $13, gain_mdb = $14, policy = $15, block_order = $16, stopped = $17, "
    "author = $18, content = $19, approved = $20, approver = $21, approved_us = $22, "
    "revision = $23, changed_us = $24, returned = $25, note = $26, make_up_min = $27 WHERE id = $1";
static const char sql_get[] = "SELECT " COLUMNS " FROM slots AS s WHERE s.id = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM slots AS s "
    "WHERE $1 IS NULL OR s.home IN (SELECT below FROM area_paths WHERE above = $1) "
    "ORDER BY s.local_min, s.local_s, s.id";
/* $2: now. What began yesterday may sound still, and one's today is another's yesterday. */
#define LONG_AGO "strftime('%Y-%m-%d', $2 / 1000000 - 2 * 86400, 'unixepoch')"
static const char sql_list_station[] =
    "SELECT " COLUMNS " FROM slots AS s WHERE s.id IN ("
    "SELECT t.slot FROM zones AS z JOIN area_paths AS p ON p.below = z.village "
    "JOIN slot_targets AS t ON t.area = p.above WHERE z.station = $1 "
    "UNION SELECT t.slot FROM slot_targets AS t WHERE t.station = $1) "
    "AND s.stopped = 0 AND (s.until IS NULL OR s.until >= " LONG_AGO ") AND (s.rule <> '' "
    "OR s.first_date >= " LONG_AGO " OR EXISTS (SELECT 1 FROM slot_dates AS d "
    "WHERE d.slot = s.id AND d.is_out = 0 AND d.date >= " LONG_AGO ")) ORDER BY s.local_min, s.local_s, s.id";
static const char sql_targets[] =
    "SELECT area, station, zone FROM slot_targets WHERE slot = $1 ORDER BY area, station, zone";
static const char sql_clear_targets[] = "DELETE FROM slot_targets WHERE slot = $1";
static const char sql_add_target[] =
    "INSERT INTO slot_targets (slot, area, station, zone) VALUES ($1, $2, $3, $4)";
static const char sql_dates[] =
    "SELECT date FROM slot_dates WHERE slot = $1 AND is_out = $2 ORDER BY date";
static const char sql_clear_dates[] = "DELETE FROM slot_dates WHERE slot = $1";
static const char sql_add_date[] =
    "INSERT INTO slot_dates (slot, date, is_out) VALUES ($1, $2, $3)";
static const char sql_stop[] =
    "UPDATE slots SET stopped = 1, changed_us = $2, revision = revision + 1 WHERE id = $1";
static const char sql_return[] =
    "UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0, returned = $2, "
    "note = $3 WHERE id = $1";
static const char sql_keep[] = "UPDATE slots SET returned = NULL, note = '' WHERE id = $1";

#define AT(member) G_STRUCT_OFFSET(SchedSlotRow, member)
static const SchedSqlColumn slot_columns[] = {
    { "id",          SCHED_SQL_TEXT, AT(id)          },
    { "name",        SCHED_SQL_TEXT, AT(name)        },
    { "home",        SCHED_SQL_TEXT, AT(home)        },
    { "playlist",    SCHED_SQL_TEXT, AT(playlist)    },
    { "class",       SCHED_SQL_WORD, AT(class_), content_class_words },
    { "tzid",        SCHED_SQL_TEXT, AT(tzid)        },
    { "first_date",  SCHED_SQL_TEXT, AT(first_date)  },
    { "local_min",   SCHED_SQL_INT,  AT(local_min)   },
    { "local_s",     SCHED_SQL_INT,  AT(local_s)     },
    { "rule",        SCHED_SQL_TEXT, AT(rule)        },
    { "until",       SCHED_SQL_TEXT, AT(until)       },
    { "length_s",    SCHED_SQL_INT,  AT(length_s)    },
    { "priority",    SCHED_SQL_INT,  AT(priority)    },
    { "gain_mdb",    SCHED_SQL_INT,  AT(gain_mdb)    },
    { "policy",      SCHED_SQL_WORD, AT(policy), sched_language_policy_words },
    { "block_order", SCHED_SQL_WORD, AT(order), sched_block_order_words },
    { "stopped",     SCHED_SQL_BOOL, AT(stopped)     },
    { "author",      SCHED_SQL_TEXT, AT(author)      },
    { "content",     SCHED_SQL_TEXT, AT(content)     },
    { "approved",    SCHED_SQL_TEXT, AT(approved)    },
    { "approver",    SCHED_SQL_TEXT, AT(approver)    },
    { "approved_us", SCHED_SQL_INT,  AT(approved_us) },
    { "revision",    SCHED_SQL_INT,  AT(revision)    },
    { "changed_us",  SCHED_SQL_INT,  AT(changed_us)  },
    { "returned",    SCHED_SQL_TEXT, AT(returned)    },
    { "note",        SCHED_SQL_TEXT, AT(note)        },
    { "make_up_min", SCHED_SQL_INT,  AT(make_up_min) },
    { "targets",     SCHED_SQL_LIST, AT(targets)     },
    { "dates_in",    SCHED_SQL_LIST, AT(dates_in)    },
    { "dates_out",   SCHED_SQL_LIST, AT(dates_out)   },
    { NULL },
};
#undef AT
static const SchedSqlColumn target_columns[] = {
    { "area",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedTargetRow, area)    },
    { "station", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedTargetRow, station) },
    { "zone",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedTargetRow, zone)    },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape slot_shape = {sizeof(SchedSlotRow), slot_columns,
                                         (GDestroyNotify) sched_slot_row_free};
static const SchedSqlShape target_shape = {sizeof(SchedTargetRow), target_columns,
                                           (GDestroyNotify) sched_target_row_free};
SCHED_SQL_DEFINE_FREE(SchedSlotRow, sched_slot_row, slot_shape)
SCHED_SQL_DEFINE_FREE(SchedTargetRow, sched_target_row, target_shape)

gboolean
sched_slot_row_is_live(const SchedSlotRow *slot)
{
    return !slot->stopped && slot->approved != NULL &&
           g_strcmp0(slot->approved, slot->content) == 0;
}

/* Less sound
 * ------------------------------------------------------------------------------------ */

static gboolean
has_text(GPtrArray *texts, const char *text)
{
    return g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL);
}

static gboolean
holds_all_texts(GPtrArray *texts, GPtrArray *wanted)
{
    for (guint i = 0; i < wanted->len; i++) {
        if (!has_text(texts, g_ptr_array_index(wanted, i)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_same_target(gconstpointer a, gconstpointer b)
{
    const SchedTargetRow *one = a, *other = b;

    return g_str_equal(one->area, other->area) && g_str_equal(one->station, other->station) &&
           g_str_equal(one->zone, other->zone);
}

static gboolean
holds_all_targets(GPtrArray *targets, GPtrArray *wanted)
{
    for (guint i = 0; i < wanted->len; i++) {
        if (!g_ptr_array_find_with_equal_func(targets, g_ptr_array_index(wanted, i),
                                              is_same_target, NULL))
            return FALSE;
    }
    return TRUE;
}

static gboolean
ends_no_later(const SchedSlotRow *before, const SchedSlotRow *after)
{
    if (g_strcmp0(before->until, after->until) == 0)
        return TRUE;
    return after->until != NULL &&
           (before->until == NULL || strcmp(after->until, before->until) <= 0);
}

/* Whether @after is @before with nothing changed but dates, places, the end or the time for
 * making up taken away. */
static gboolean
is_quieter(const SchedSlotRow *before, const SchedSlotRow *after)
{
    return g_str_equal(before->playlist, after->playlist) && before->class_ == after->class_ &&
           g_str_equal(before->tzid, after->tzid) &&
           g_str_equal(before->first_date, after->first_date) &&
           before->local_min == after->local_min && before->local_s == after->local_s &&
           g_str_equal(before->rule, after->rule) && ends_no_later(before, after) &&
           before->length_s == after->length_s && before->priority == after->priority &&
           before->gain_mdb == after->gain_mdb && before->policy == after->policy &&
           before->make_up_min >= after->make_up_min && before->order == after->order &&
           !(before->stopped && !after->stopped) &&
           holds_all_targets(before->targets, after->targets) &&
           holds_all_texts(before->dates_in, after->dates_in) &&
           holds_all_texts(after->dates_out, before->dates_out);
}

/* Writing
 * --------------------------------------------------------------------------------------- */

static gboolean
check_dates(const char *what, GPtrArray *dates, GError **error)
{
    if (!sched_check_count(what, dates->len, SCHED_SLOT_MAX_DATES, error))
        return FALSE;
    for (guint i = 0; i < dates->len; i++) {
        if (!sched_check_plan_date(what, g_ptr_array_index(dates, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_words_of(const SchedSlotRow *row, GError **error)
{
    if (row->class_ >= 0 && row->class_ <= CONTENT_CLASS_KHAN_CAP && row->policy >= 0 &&
        row->policy <= SCHED_POLICY_FIRST && row->order >= 0 &&
        row->order <= SCHED_ORDER_LANGUAGE)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "class, policy or order: no such word");
    return FALSE;
}

/* The planner writes the last date into the rule, which must still be short enough then. */
static gboolean
check_until(const SchedSlotRow *row, GError **error)
{
    if (row->until == NULL)
        return TRUE;
    return sched_check_plan_date("until", row->until, error) &&
           sched_check_text("rule beside an until", row->rule,
                            SCHED_SLOT_MAX_RULE_BYTES - strlen(";UNTIL=20261231"), error);
}

gboolean
sched_store_slot_check(const SchedSlotRow *row, GError **error)
{
    if (row->targets->len == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "targets: at least one");
        return FALSE;
    }
    return sched_check_tzid("tzid", row->tzid, error) && sched_check_id("id", row->id, error) &&
           sched_check_text("id", row->id, MAX_ID_BYTES, error) &&
           sched_check_text("name", row->name, 200, error) &&
           sched_check_id("playlist", row->playlist, error) &&
           sched_check_text("rule", row->rule, SCHED_SLOT_MAX_RULE_BYTES, error) &&
           sched_check_plan_date("first date", row->first_date, error) &&
           check_until(row, error) &&
           sched_check_count("targets", row->targets->len, SCHED_SLOT_MAX_TARGETS, error) &&
           check_dates("dates in", row->dates_in, error) &&
           check_dates("dates out", row->dates_out, error) && check_words_of(row, error);
}

static gboolean
write_targets(SchedTxn *txn, const SchedSlotRow *row, GError **error)
{
    if (!sched_sql_run(txn, sql_clear_targets, error, "t", row->id))
        return FALSE;
    for (guint i = 0; i < row->targets->len; i++) {
        const SchedTargetRow *t = g_ptr_array_index(row->targets, i);

        if (!sched_sql_run(txn, sql_add_target, error, "tttt", row->id, t->area, t->station,
                           t->zone)) {
            g_prefix_error(error, "targets[%u]: ", i);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
write_dates(SchedTxn *txn, const char *slot, GPtrArray *dates, gint64 is_out, GError **error)
{
    for (guint i = 0; i < dates->len; i++) {
        if (!sched_sql_run(txn, sql_add_date, error, "tti", slot, g_ptr_array_index(dates, i),
                           is_out))
            return FALSE;
    }
    return TRUE;
}

/* The row with its targets and dates; the triggers take the approval away, which is given back
 * where it may stay. */
static gboolean
write_slot(SchedTxn *txn, SchedSlotRow *row, const SchedSlotRow *old, GError **error)
{
    gboolean was_live = old != NULL && g_strcmp0(old->approved, old->content) == 0;
    SchedKeptApproval kept = {.slot = row->id, .date = (char *) ""};

    row->approved = row->approver = NULL;
    row->approved_us = 0;
    if (!sched_sql_run_row(txn, old == NULL ? sql_add : sql_change, &slot_shape, row, error) ||
        !write_targets(txn, row, error) ||
        !sched_sql_run(txn, sql_clear_dates, error, "t", row->id) ||
        !write_dates(txn, row->id, row->dates_in, 0, error) ||
        !write_dates(txn, row->id, row->dates_out, 1, error))
        return FALSE;
    if (!was_live || !is_quieter(old, row))
        return TRUE;
    kept.approver = old->approver;
    kept.approved_us = old->approved_us;
    return sched_slot_give_back(txn, &kept, error);
}

static gboolean
put_slot(SchedTxn *txn, const SchedSlotRow *slot, const char *author, gint64 expect_revision,
         GError **error)
{
    SchedSlotRow row = *slot;
    g_autoptr(SchedSlotRow) old = NULL;
    g_autofree char *content = NULL;

    if (!sched_store_slot_check(&row, error))
        return FALSE;
    old = sched_store_slot_get(txn, row.id, NULL);
    if (!sched_check_revision(old == NULL ? 0 : old->revision, expect_revision, error))
        return FALSE;
    content = sched_slot_content(txn, &row, error);
    if (content == NULL || (old != NULL && !sched_reach_slot(txn, row.id, "slot", error)))
        return FALSE;
    row.content = content;
    /* Who only takes something away becomes no author: the approval stays another's. */
    row.author = old != NULL && is_quieter(old, &row) ? old->author : (char *) author;
    row.revision = old == NULL ? 1 : old->revision + 1;
    /* Sent back until its content is another. */
    row.returned = old == NULL ? NULL : old->returned;
    row.note = row.returned == NULL ? (char *) "" : old->note;
    row.changed_us = sched_txn_at_us(txn);
    if (!write_slot(txn, &row, old, error)) {
        g_prefix_error(error, "slot %s: ", row.id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "slot.put", row.id, &slot_shape, &row, error) &&
           sched_reach_slot(txn, row.id, "slot", error);
}

gboolean
sched_store_slot_put(SchedTxn *txn, const SchedSlotRow *slot, gint64 expect_revision,
                     GError **error)
{
    return put_slot(txn, slot, sched_txn_actor(txn), expect_revision, error);
}

gboolean
sched_store_slot_put_for(SchedTxn *txn, const SchedSlotRow *slot, const char *author,
                         gint64 expect_revision, GError **error)
{
    return put_slot(txn, slot, author, expect_revision, error);
}

gboolean
sched_store_slot_stop(SchedTxn *txn, const char *id, GError **error)
{
    if (!sched_sql_run(txn, sql_stop, error, "ti", id, sched_txn_at_us(txn)))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such slot");
        return FALSE;
    }
    return sched_store_audit_append(txn, "slot.stop", id, NULL, error) &&
           sched_reach_slot(txn, id, "stop", error);
}

/* The slot, if it is as whoever judges it saw it, and may still be heard. */
static gboolean
expect_seen(SchedTxn *txn, const char *id, const char *content, GError **error)
{
    g_autoptr(SchedSlotRow) row = sched_store_slot_get(txn, id, error);
    g_autofree char *present = row == NULL ? NULL : sched_slot_content(txn, row, error);

    if (present == NULL)
        return FALSE;
    if (g_strcmp0(present, content) != 0 || g_strcmp0(row->content, content) != 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "the slot or its playlist were changed since they were read");
        return FALSE;
    }
    if (row->stopped) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "a stopped slot is not approved");
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_slot_approve(SchedTxn *txn, const char *id, const char *content, GError **error)
{
    SchedKeptApproval approval = {(char *) id, (char *) "", (char *) sched_txn_actor(txn),
                                  sched_txn_at_us(txn)};

    return expect_seen(txn, id, content, error) &&
           sched_slot_give_back(txn, &approval, error) &&
           sched_sql_run(txn, sql_keep, error, "t", id) &&
           sched_sql_audit_words(txn, "slot.approve", id, error, "content", content, NULL) &&
           sched_reach_slot(txn, id, "approval", error);
}

gboolean
sched_store_slot_return(SchedTxn *txn, const char *id, const char *content, const char *note,
                        GError **error)
{
    return sched_check_text("note", note, SCHED_SLOT_MAX_NOTE_BYTES, error) &&
           expect_seen(txn, id, content, error) &&
           sched_sql_run(txn, sql_return, error, "ttt", id, content, note) &&
           sched_sql_audit_words(txn, "slot.return", id, error, "content", content, "note",
                                 note, NULL) &&
           sched_reach_slot(txn, id, "returned", error);
}

/* Reading
 * --------------------------------------------------------------------------------------- */

/* With what else belongs to it; what was sent back as another content is not sent back now. */
static gboolean
complete(SchedTxn *txn, SchedSlotRow *row, GError **error)
{
    if (g_strcmp0(row->returned, row->content) != 0) {
        g_clear_pointer(&row->returned, g_free);
        g_clear_pointer(&row->note, g_free);
    }
    row->targets = sched_sql_list(txn, sql_targets, &target_shape, error, "t", row->id);
    if (row->targets == NULL)
        return FALSE;
    row->dates_in = sched_sql_texts(txn, sql_dates, error, "ti", row->id, G_GINT64_CONSTANT(0));
    if (row->dates_in == NULL)
        return FALSE;
    row->dates_out =
        sched_sql_texts(txn, sql_dates, error, "ti", row->id, G_GINT64_CONSTANT(1));
    return row->dates_out != NULL;
}

SchedSlotRow *
sched_store_slot_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedSlotRow) row =
        sched_sql_one(txn, sql_get, &slot_shape, "slot", error, "t", id);

    if (row == NULL || !complete(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

static GPtrArray *
complete_all(SchedTxn *txn, GPtrArray *slots, GError **error)
{
    g_autoptr(GPtrArray) rows = slots;

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!complete(txn, g_ptr_array_index(rows, i), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

GPtrArray *
sched_store_slot_list(SchedTxn *txn, const char *area, GError **error)
{
    return complete_all(txn, sched_sql_list(txn, sql_list, &slot_shape, error, "t", area),
                        error);
}

GPtrArray *
sched_store_slot_list_for_station(SchedTxn *txn, const char *station, gint64 now_us,
                                  GError **error)
{
    return complete_all(
        txn, sched_sql_list(txn, sql_list_station, &slot_shape, error, "ti", station, now_us),
        error);
}

const char *
sched_store_slot_station_sql(void)
{
    return sql_list_station;
}
