/* slot-content.c - see slot-content.h */
#include "scheduler/store/slot-content.h"

#include "content/base/id.h"
#include "content/kinds.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
static const char sql_approvals[] =
    "SELECT id AS slot, '' AS date, approver, approved_us FROM slots "
    "WHERE playlist = $1 AND approved = content "
    "UNION ALL SELECT slot, date, approver, approved_us FROM slot_overrides "
    "WHERE playlist = $1 AND approver IS NOT NULL";
static const char sql_slots[] = "SELECT id FROM slots WHERE playlist = $1";
static const char sql_overrides[] =
    "SELECT slot || ' ' || date FROM slot_overrides WHERE playlist = $1";
static const char sql_set_content[] = "UPDATE slots SET content = $2 WHERE id = $1";
static const char sql_set_override_content[] =
    "UPDATE slot_overrides SET content = $3 WHERE slot = $1 AND date = $2";
static const char sql_give_back[] =
    "UPDATE slots SET approved = content, approver = $2, approved_us = $3 WHERE id = $1";
static const char sql_give_back_override[] =
    "UPDATE slot_overrides SET approver = $3, approved_us = $4, cancelled = 0 "
    "WHERE slot = $1 AND date = $2";
static const char sql_specials[] = "SELECT id FROM special_days WHERE playlist = $1";
static const char sql_set_special_content[] =
    "UPDATE special_days SET content = $2, "
    "approved = CASE WHEN $3 = 1 AND approved = content THEN $2 ELSE approved END WHERE id = $1";
static const char sql_approved_text[] = "SELECT text FROM slot_approved WHERE slot = $1";
static const char sql_keep_text[] =
    "INSERT INTO slot_approved (slot, text) VALUES ($1, $2) "
    "ON CONFLICT (slot) DO UPDATE SET text = excluded.text";

static const SchedSqlColumn kept_columns[] = {
    { "slot",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedKeptApproval, slot)        },
    { "date",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedKeptApproval, date)        },
    { "approver",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedKeptApproval, approver)    },
    { "approved_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedKeptApproval, approved_us) },
    { NULL },
};
/* clang-format on */
static void kept_approval_free(SchedKeptApproval *kept);
static const SchedSqlShape kept_shape = {sizeof(SchedKeptApproval), kept_columns,
                                         (GDestroyNotify) kept_approval_free};

static void
kept_approval_free(SchedKeptApproval *kept)
{
    sched_sql_row_free(&kept_shape, kept);
}

/* A text that never holds a line feed, on a line of its own. */
static void
add_line(GString *text, const char *name, const char *value)
{
    g_string_append_printf(text, "%s %s\n", name, value == NULL ? "" : value);
}

static void
add_number(GString *text, const char *name, gint64 value)
{
    g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", name, value);
}

static gboolean
add_playlist(SchedTxn *txn, GString *text, const char *id, GError **error)
{
    g_autoptr(SchedPlaylistRow) playlist = sched_store_playlist_get(txn, id, error);

    if (playlist == NULL)
        return FALSE;
    add_line(text, "playlist", id);
    for (guint i = 0; i < playlist->items->len; i++) {
        const SchedItemRow *item = g_ptr_array_index(playlist->items, i);

        add_line(text, "item", item->id);
        add_line(text, "kind", sched_item_kind_words[item->kind]);
        add_line(text, "announcement", item->announcement);
        add_number(text, "duration", item->duration_us);
        add_number(text, "times", item->times);
    }
    return TRUE;
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *) a, *(const char *const *) b);
}

/* Sets have no order, so they are written sorted. */
static void
add_sorted(GString *text, GPtrArray *lines)
{
    g_ptr_array_sort(lines, compare_lines);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(text, g_ptr_array_index(lines, i));
}

static void
add_sets(GString *text, const SchedSlotRow *slot)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < slot->targets->len; i++) {
        const SchedTargetRow *t = g_ptr_array_index(slot->targets, i);

        g_ptr_array_add(lines,
                        g_strdup_printf("target %s %s %s\n", t->area, t->station, t->zone));
    }
    for (guint i = 0; i < slot->dates_in->len; i++)
        g_ptr_array_add(lines, g_strdup_printf("in %s\n", (char *) slot->dates_in->pdata[i]));
    for (guint i = 0; i < slot->dates_out->len; i++)
        g_ptr_array_add(lines, g_strdup_printf("out %s\n", (char *) slot->dates_out->pdata[i]));
    add_sorted(text, lines);
}

char *
sched_store_slot_text(SchedTxn *txn, const SchedSlotRow *slot, GError **error)
{
    g_autoptr(GString) text = g_string_new("slot\n");

    add_line(text, "class", content_class_words[slot->class_]);
    add_line(text, "tzid", slot->tzid);
    add_line(text, "first", slot->first_date);
    add_number(text, "minute", slot->local_min);
    add_number(text, "second", slot->local_s);
    add_line(text, "rule", slot->rule);
    add_line(text, "until", slot->until);
    add_number(text, "length", slot->length_s);
    /* Not there where nobody asked for it: what was approved before keeps its hash. */
    if (slot->make_up_min > 0)
        add_number(text, "makeup", slot->make_up_min);
    add_number(text, "priority", slot->priority);
    add_number(text, "gain", slot->gain_mdb);
    add_line(text, "policy", sched_language_policy_words[slot->policy]);
    add_line(text, "order", sched_block_order_words[slot->order]);
    add_sets(text, slot);
    if (!add_playlist(txn, text, slot->playlist, error))
        return NULL;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
sched_slot_content(SchedTxn *txn, const SchedSlotRow *slot, GError **error)
{
    g_autofree char *text = sched_store_slot_text(txn, slot, error);

    return text == NULL ? NULL : content_sha256_hex(text, strlen(text));
}

gboolean
sched_store_slot_approved_text(SchedTxn *txn, const char *id, char **out_text, GError **error)
{
    g_autoptr(GPtrArray) texts = sched_sql_texts(txn, sql_approved_text, error, "t", id);

    if (texts == NULL)
        return FALSE;
    *out_text = texts->len == 0 ? NULL : g_strdup(g_ptr_array_index(texts, 0));
    return TRUE;
}

/* What was approved is kept beside the approval, for whoever judges the next change. */
static gboolean
keep_text(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, id, error);
    g_autofree char *text = slot == NULL ? NULL : sched_store_slot_text(txn, slot, error);

    return text != NULL && sched_sql_run(txn, sql_keep_text, error, "tt", id, text);
}

char *
sched_override_text(SchedTxn *txn, const char *slot, const char *date, const char *playlist,
                    GError **error)
{
    g_autoptr(GString) text = g_string_new("override\n");

    add_line(text, "slot", slot);
    add_line(text, "date", date);
    if (playlist != NULL && !add_playlist(txn, text, playlist, error))
        return NULL;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
sched_override_content(SchedTxn *txn, const char *slot, const char *date, const char *playlist,
                       GError **error)
{
    g_autofree char *text = sched_override_text(txn, slot, date, playlist, error);

    return text == NULL ? NULL : content_sha256_hex(text, strlen(text));
}

char *
sched_special_content(SchedTxn *txn, const SchedSpecialRow *special, GError **error)
{
    g_autoptr(GString) text = g_string_new("special day\n");

    add_line(text, "area", special->area);
    add_line(text, "first", special->first_date);
    add_line(text, "last", special->last_date);
    add_number(text, "from", special->from_min);
    add_number(text, "to", special->to_min);
    add_line(text, "act", sched_special_act_words[special->act]);
    add_number(text, "minutes", special->minutes);
    add_number(text, "off", special->off);
    if (special->playlist != NULL && !add_playlist(txn, text, special->playlist, error))
        return NULL;
    return content_sha256_hex(text->str, text->len);
}

char *
sched_offer_content(SchedTxn *txn, const SchedOfferRow *offer, GPtrArray *areas, GError **error)
{
    g_autoptr(GString) text = g_string_new("offer\n");

    add_number(text, "until", offer->until_us);
    add_number(text, "lead", offer->lead_h);
    g_ptr_array_sort(areas, compare_lines);
    for (guint i = 0; i < areas->len; i++)
        add_line(text, "area", areas->pdata[i]);
    if (!add_playlist(txn, text, offer->playlist, error))
        return NULL;
    return content_sha256_hex(text->str, text->len);
}

GPtrArray *
sched_slot_approvals_of_playlist(SchedTxn *txn, const char *playlist, GError **error)
{
    return sched_sql_list(txn, sql_approvals, &kept_shape, error, "t", playlist);
}

gboolean
sched_slot_give_back(SchedTxn *txn, const SchedKeptApproval *kept, GError **error)
{
    if (*kept->date == '\0')
        return sched_sql_run(txn, sql_give_back, error, "tti", kept->slot, kept->approver,
                             kept->approved_us) &&
               keep_text(txn, kept->slot, error);
    return sched_sql_run(txn, sql_give_back_override, error, "ttti", kept->slot, kept->date,
                         kept->approver, kept->approved_us);
}

static gboolean
renew_slot(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, id, error);
    g_autofree char *content = slot == NULL ? NULL : sched_slot_content(txn, slot, error);

    return content != NULL && sched_sql_run(txn, sql_set_content, error, "tt", id, content);
}

static gboolean
renew_override(SchedTxn *txn, const char *name, const char *playlist, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(name, " ", 2);
    g_autofree char *content = sched_override_content(txn, parts[0], parts[1], playlist, error);

    return content != NULL && sched_sql_run(txn, sql_set_override_content, error, "ttt",
                                            parts[0], parts[1], content);
}

static gboolean
renew_specials(SchedTxn *txn, const char *playlist, gboolean keeps_approval, GError **error)
{
    g_autoptr(GPtrArray) ids = sched_sql_texts(txn, sql_specials, error, "t", playlist);

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        g_autoptr(SchedSpecialRow) special = sched_store_special_get(txn, ids->pdata[i], error);
        g_autofree char *content =
            special == NULL ? NULL : sched_special_content(txn, special, error);

        if (content == NULL || !sched_sql_run(txn, sql_set_special_content, error, "tti",
                                              special->id, content, (gint64) keeps_approval))
            return FALSE;
    }
    return ids != NULL;
}

gboolean
sched_slot_contents_of_playlist(SchedTxn *txn, const char *playlist, GPtrArray *kept,
                                GError **error)
{
    g_autoptr(GPtrArray) slots = sched_sql_texts(txn, sql_slots, error, "t", playlist);
    g_autoptr(GPtrArray) overrides =
        slots == NULL ? NULL : sched_sql_texts(txn, sql_overrides, error, "t", playlist);

    if (overrides == NULL)
        return FALSE;
    for (guint i = 0; i < slots->len; i++) {
        if (!renew_slot(txn, g_ptr_array_index(slots, i), error))
            return FALSE;
    }
    for (guint i = 0; i < overrides->len; i++) {
        if (!renew_override(txn, g_ptr_array_index(overrides, i), playlist, error))
            return FALSE;
    }
    for (guint i = 0; kept != NULL && i < kept->len; i++) {
        if (!sched_slot_give_back(txn, g_ptr_array_index(kept, i), error))
            return FALSE;
    }
    return renew_specials(txn, playlist, kept != NULL, error);
}
