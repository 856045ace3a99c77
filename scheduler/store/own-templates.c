/*
 * own-templates.c - what a district makes of its templates: added, changed, retired. See
 * templates.h.
 *
 * Their words are phrases, each recorded, checked and approved by itself; a template only says
 * which stand in it, and in what order.
 */
#include "scheduler/store/templates.h"

#include "content/document-rows.h"
#include "content/language.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/sql.h"

#include <string.h>

#define REASON      "alert_template"
#define AGAIN_MIN_S 60
#define AGAIN_MAX_S (6 * 3600)

/* clang-format off */
#define COLUMNS "id, event, title, severity, tone, tone_ms, repeats, gap_ms, again_s, life_min, retired_us"
static const char sql_get[] = "SELECT " COLUMNS " FROM alert_templates WHERE id = $1";
static const char sql_list[] = "SELECT " COLUMNS " FROM alert_templates WHERE retired_us = 0 ORDER BY id";
static const char sql_put[] =
    "INSERT INTO alert_templates (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (id) DO UPDATE SET event = excluded.event, title = excluded.title, "
    "severity = excluded.severity, tone = excluded.tone, tone_ms = excluded.tone_ms, "
    "repeats = excluded.repeats, gap_ms = excluded.gap_ms, again_s = excluded.again_s, "
    "life_min = excluded.life_min, retired_us = 0";
static const char sql_clear[] = "DELETE FROM alert_parts WHERE template = $1";
static const char sql_add_part[] =
    "INSERT INTO alert_parts (template, language, position, phrase, blank) VALUES ($1, $2, $3, $4, $5)";
static const char sql_parts[] =
    "SELECT CASE WHEN phrase IS NULL THEN '[' || blank || ']' ELSE phrase END FROM alert_parts "
    "WHERE template = $1 AND language = $2 ORDER BY position";
static const char sql_languages[] =
    "SELECT DISTINCT language FROM alert_parts WHERE template = $1 AND language <> '' ORDER BY language";
static const char sql_is_phrase[] =
    "SELECT 1 FROM announcements AS a WHERE a.id = $1 AND a.phrase = 1 AND a.withdrawn = 0 "
    "AND NOT EXISTS (SELECT 1 FROM alert_values AS v WHERE v.id = a.id)";
static const char sql_other_drill[] =
    "SELECT 1 FROM alert_templates WHERE event = 'drill' AND retired_us = 0 AND id <> $1";
static const char sql_count[] =
    "SELECT count(*) FROM alert_templates WHERE retired_us = 0 AND id <> $1";
static const char sql_retire[] = "UPDATE alert_templates SET retired_us = $2 WHERE id = $1";
static const char sql_is_granted[] =
    "SELECT 1 FROM grant_templates AS t JOIN grants AS g ON g.id = t.grant_id "
    "WHERE t.template = $1 AND g.revoked_us = 0 AND g.expires_us > $2";

static const char sql_is_for_drills[] =
    "SELECT 1 FROM alert_templates WHERE id = $1 AND event = 'drill' AND retired_us = 0";
static const char sql_fills[] =
    "SELECT i.fills FROM grant_inputs AS i JOIN grants AS g ON g.id = i.grant_id "
    "WHERE i.template = $1 AND g.revoked_us = 0 AND g.expires_us > $2";
static const char sql_blanks[] =
    "SELECT DISTINCT blank FROM alert_parts WHERE template = $1 AND phrase IS NULL";
static const char sql_fills_blank[] = "SELECT 1 FROM alert_values WHERE id = $1 AND blank = $2";
static const char sql_is_said[] =
    "SELECT 1 FROM announcements AS a JOIN versions AS v ON v.announcement = a.id "
    "WHERE a.id = $1 AND a.withdrawn = 0 AND v.language = $2 AND v.state = 'approved' "
    "AND v.object IS NOT NULL AND a.valid_from_us <= $3 AND a.valid_until_us > $3";

#define AT(member) G_STRUCT_OFFSET(SchedTemplateRow, member)
static const SchedSqlColumn columns[] = {
    { "id",         SCHED_SQL_TEXT, AT(id)         },
    { "event",      SCHED_SQL_WORD, AT(event), content_event_kind_words },
    { "title",      SCHED_SQL_TEXT, AT(title)      },
    { "severity",   SCHED_SQL_INT,  AT(severity)   },
    { "tone",       SCHED_SQL_WORD, AT(tone), content_alert_tone_words },
    { "tone_ms",    SCHED_SQL_INT,  AT(tone_ms)    },
    { "repeats",    SCHED_SQL_INT,  AT(repeats)    },
    { "gap_ms",     SCHED_SQL_INT,  AT(gap_ms)     },
    { "again_s",    SCHED_SQL_INT,  AT(again_s)    },
    { "life_min",   SCHED_SQL_INT,  AT(life_min)   },
    { "retired_us", SCHED_SQL_INT,  AT(retired_us) },
    { "parts",      SCHED_SQL_LIST, AT(parts)      },
    { "orders",     SCHED_SQL_LIST, AT(orders)     },
    { NULL },
};
#undef AT
static const ContentMember sched_template_order_shape_members[] = {
    ROW_WORD(SchedTemplateOrder, language, LANGUAGE, "Language."),
    ROW_TEXTS(SchedTemplateOrder, parts, CONTENT_ALERT_MAX_PARTS, 1, 64, "As `parts`, in the order of this language."),
    ROW_END,
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedTemplateRow), columns,
                                    (GDestroyNotify) sched_template_row_free};
SCHED_SQL_DEFINE_FREE(SchedTemplateRow, sched_template_row, shape)

ROWS_DEFINE_SHAPE(sched_template_order_shape, SchedTemplateOrder, "AlertTemplateOrder", NULL)

static gboolean
refuse(GError **error, SchedStoreError code, const char *what, const char *words)
{
    g_set_error(error, SCHED_STORE_ERROR, (gint) code, "%s: %s", what, words);
    return FALSE;
}

/* ---- checking ---- */

/* Returns: ContentBlank; NONE: it is a phrase; -1: neither */
static gint
blank_of(const char *part)
{
    if (part[0] != '[')
        return CONTENT_BLANK_NONE;
    for (gint i = CONTENT_BLANK_NONE + 1; i < CONTENT_N_BLANKS; i++) {
        g_autofree char *wanted = g_strdup_printf("[%s]", content_blank_words[i]);

        if (strcmp(part, wanted) == 0)
            return i;
    }
    return -1;
}

/* @out_blanks: a bit for each */
static gboolean
check_parts(SchedTxn *txn, const char *what, const GPtrArray *parts, guint *out_blanks,
            GError **error)
{
    *out_blanks = 0;
    if (parts->len == 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, what, "says nothing");
    if (!sched_check_count(what, parts->len, CONTENT_ALERT_MAX_PARTS, error))
        return FALSE;
    for (guint i = 0; i < parts->len; i++) {
        const char *part = parts->pdata[i];
        gint blank = blank_of(part);

        if (blank < 0 ||
            (blank == CONTENT_BLANK_NONE && !sched_sql_is(txn, sql_is_phrase, "t", part))) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "%s: %s is neither a phrase of alerts nor a blank", what, part);
            return FALSE;
        }
        if (blank != CONTENT_BLANK_NONE)
            *out_blanks |= 1u << blank;
    }
    return TRUE;
}

/* In every language the same is left open: a level that is chosen is said in all of them. */
static gboolean
check_orders(SchedTxn *txn, const SchedTemplateRow *row, guint wanted, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (!sched_check_count("orders", row->orders->len, CONTENT_ALERT_MAX_SPEECHES, error))
        return FALSE;
    for (guint i = 0; i < row->orders->len; i++) {
        const SchedTemplateOrder *order = row->orders->pdata[i];
        guint blanks;

        if (!sched_check_language("orders", order->language, error) ||
            !check_parts(txn, "orders", order->parts, &blanks, error))
            return FALSE;
        if (blanks != wanted)
            return refuse(error, SCHED_STORE_ERROR_INVALID, "orders",
                          "a language leaves other blanks open than `parts` does");
        if (!g_hash_table_add(seen, order->language))
            return refuse(error, SCHED_STORE_ERROR_INVALID, "orders",
                          "a language stands there twice");
    }
    return TRUE;
}

static gboolean
check_room(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    gint64 n_others = 0;

    return sched_sql_int(txn, sql_count, &n_others, error, "t", row->id) &&
           sched_check_count("templates", (gsize) n_others + 1, SCHED_TEMPLATES_MAX, error);
}

/* ---- checking what is there already ---- */

static guint
blanks_filled(SchedTxn *txn, const char *const *values)
{
    guint blanks = 0;

    for (gsize i = 0; values[i] != NULL; i++) {
        for (guint k = CONTENT_BLANK_NONE + 1; k < CONTENT_N_BLANKS; k++) {
            if (sched_sql_is(txn, sql_fills_blank, "tt", values[i], content_blank_words[k]))
                blanks |= 1u << k;
        }
    }
    return blanks;
}

gboolean
sched_store_template_is_filled(SchedTxn *txn, const char *id, const GPtrArray *values,
                               gboolean *out_is_filled, GError **error)
{
    g_autoptr(GPtrArray) words = sched_sql_texts(txn, sql_blanks, error, "t", id);
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();
    g_auto(GStrv) ids = NULL;
    guint wanted = 0;

    for (guint i = 0; words != NULL && i < words->len; i++) {
        for (guint k = CONTENT_BLANK_NONE + 1; k < CONTENT_N_BLANKS; k++) {
            if (strcmp(words->pdata[i], content_blank_words[k]) == 0)
                wanted |= 1u << k;
        }
    }
    for (guint i = 0; i < values->len; i++)
        g_strv_builder_add(all, values->pdata[i]);
    ids = g_strv_builder_end(all);
    *out_is_filled = blanks_filled(txn, (const char *const *) ids) == wanted;
    return words != NULL;
}

/* What a push button fills was settled with its grant: it would start nothing any more. */
static gboolean
check_buttons(SchedTxn *txn, const char *id, guint blanks, GError **error)
{
    g_autoptr(GPtrArray) all =
        sched_sql_texts(txn, sql_fills, error, "ti", id, sched_txn_at_us(txn));

    for (guint i = 0; all != NULL && i < all->len; i++) {
        g_auto(GStrv) values = g_strsplit(all->pdata[i], " ", -1);

        if (blanks_filled(txn, (const char *const *) values) != blanks)
            return refuse(error, SCHED_STORE_ERROR_IN_USE, "template",
                          "a push button of a grant in force fills other blanks: revoke that "
                          "first");
    }
    return all != NULL;
}

/* As they will be said: a dialect without an order of its own has that of its language. */
static const GPtrArray *
parts_in(const SchedTemplateRow *row, const char *language)
{
    const GPtrArray *found = row->parts;
    int best = 0;

    for (guint i = 0; i < row->orders->len; i++) {
        const SchedTemplateOrder *order = row->orders->pdata[i];
        int match = content_language_match(language, order->language);

        if (match > best) {
            best = match;
            found = order->parts;
        }
    }
    return found;
}

static gboolean
check_language(SchedTxn *txn, const SchedTemplateRow *row, const char *language, GError **error)
{
    const GPtrArray *parts = parts_in(row, language);

    for (guint i = 0; i < parts->len; i++) {
        const char *part = parts->pdata[i];

        if (blank_of(part) != CONTENT_BLANK_NONE ||
            sched_sql_is(txn, sql_is_said, "tti", part, language, sched_txn_at_us(txn)))
            continue;
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                    "parts: %s is not approved in %s, in which the template is said now", part,
                    language);
        return FALSE;
    }
    return TRUE;
}

/* Whoever heard it in their own language still does. */
static gboolean
check_said(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    g_autoptr(ContentTemplates) all = sched_store_templates(txn, sched_txn_at_us(txn), error);
    const ContentTemplate *now = all == NULL ? NULL : content_templates_find(all, row->id);

    for (guint i = 0; now != NULL && i < now->lines->len; i++) {
        const ContentTemplateLine *line = now->lines->pdata[i];

        if (!check_language(txn, row, line->language, error))
            return FALSE;
    }
    return all != NULL;
}

static gboolean
check_drill(SchedTxn *txn, const SchedTemplateRow *row, guint blanks, GError **error)
{
    if (row->event != CONTENT_EVENT_DRILL)
        return !sched_sql_is(txn, sql_is_for_drills, "t", row->id) ||
               refuse(error, SCHED_STORE_ERROR_RULE, "event",
                      "without this template no drill could say that it is one");
    if (blanks != 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "parts",
                      "what stands around every drill leaves nothing open");
    return !sched_sql_is(txn, sql_other_drill, "t", row->id) ||
           refuse(error, SCHED_STORE_ERROR_RULE, "event", "there is a template for drills");
}

gboolean
sched_store_template_check(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    guint blanks;

    if (!sched_check_id("id", row->id, error) ||
        !sched_check_text("title", row->title, SCHED_ANNOUNCEMENT_MAX_TITLE_BYTES, error) ||
        !check_parts(txn, "parts", row->parts, &blanks, error) ||
        !check_orders(txn, row, blanks, error) || !check_room(txn, row, error))
        return FALSE;
    if (*row->title == '\0')
        return refuse(error, SCHED_STORE_ERROR_INVALID, "title", "is empty");
    if (row->again_s != 0 && (row->again_s < AGAIN_MIN_S || row->again_s > AGAIN_MAX_S))
        return refuse(error, SCHED_STORE_ERROR_INVALID, "again_s",
                      "0 for one series, or 60 to 21600");
    return check_drill(txn, row, blanks, error) && check_buttons(txn, row->id, blanks, error) &&
           check_said(txn, row, error);
}

/* ---- writing ---- */

static gboolean
add_parts(SchedTxn *txn, const char *id, const char *language, const GPtrArray *parts,
          GError **error)
{
    for (guint i = 0; i < parts->len; i++) {
        const char *part = parts->pdata[i];
        gint blank = blank_of(part);

        if (!sched_sql_run(txn, sql_add_part, error, "ttitt", id, language, (gint64) i,
                           blank == CONTENT_BLANK_NONE ? part : NULL,
                           content_blank_words[blank]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_parts(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    if (!sched_sql_run(txn, sql_clear, error, "t", row->id) ||
        !add_parts(txn, row->id, "", row->parts, error))
        return FALSE;
    for (guint i = 0; i < row->orders->len; i++) {
        const SchedTemplateOrder *order = row->orders->pdata[i];

        if (!add_parts(txn, row->id, order->language, order->parts, error))
            return FALSE;
    }
    return TRUE;
}

static void
append_parts(GString *text, const char *language, const GPtrArray *parts)
{
    g_string_append_printf(text, "%s%s", text->len == 0 ? "" : "; ", language);
    for (guint i = 0; i < parts->len; i++)
        g_string_append_printf(text, " %s", (const char *) parts->pdata[i]);
}

static gboolean
audit_put(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    g_autoptr(GString) said = g_string_new(NULL);

    append_parts(said, "*", row->parts);
    for (guint i = 0; i < row->orders->len; i++) {
        const SchedTemplateOrder *order = row->orders->pdata[i];

        append_parts(said, order->language, order->parts);
    }
    return sched_sql_audit_row(txn, "alert_template.put", row->id, &shape, row, error) &&
           sched_sql_audit_words(txn, "alert_template.words", row->id, error, "parts",
                                 said->str, NULL);
}

gboolean
sched_store_template_put(SchedTxn *txn, const SchedTemplateRow *row, GError **error)
{
    SchedTemplateRow kept = *row;

    kept.retired_us = 0;
    return sched_store_template_check(txn, row, error) &&
           sched_sql_run_row(txn, sql_put, &shape, &kept, error) &&
           put_parts(txn, row, error) && audit_put(txn, &kept, error) &&
           sched_store_outbox_add(txn, NULL, REASON, error);
}

gboolean
sched_store_template_check_retire(SchedTxn *txn, const char *id, gboolean *out_is_said,
                                  GError **error)
{
    g_autoptr(SchedTemplateRow) row = sched_store_template_get(txn, id, error);
    g_autoptr(ContentTemplates) all = NULL;
    const ContentTemplate *now;

    if (row == NULL)
        return FALSE;
    if (row->event == CONTENT_EVENT_DRILL)
        return refuse(error, SCHED_STORE_ERROR_RULE, "template",
                      "without it no drill could say that it is one");
    if (sched_sql_is(txn, sql_is_granted, "ti", id, sched_txn_at_us(txn)))
        return refuse(error, SCHED_STORE_ERROR_IN_USE, "template",
                      "a grant in force names it: revoke that first");
    all = sched_store_templates(txn, sched_txn_at_us(txn), error);
    now = all == NULL ? NULL : content_templates_find(all, id);
    *out_is_said = now != NULL && now->lines->len > 0;
    return all != NULL;
}

gboolean
sched_store_template_retire(SchedTxn *txn, const char *id, const char *why, GError **error)
{
    g_autoptr(SchedTemplateRow) row = sched_store_template_get(txn, id, error);
    gboolean is_said;

    if (row == NULL)
        return FALSE;
    if (row->retired_us != 0)
        return TRUE;
    return sched_store_template_check_retire(txn, id, &is_said, error) &&
           sched_sql_run(txn, sql_retire, error, "ti", id, sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "alert_template.retire", id, error, "title", row->title,
                                 "why", why, NULL) &&
           sched_store_outbox_add(txn, NULL, REASON, error);
}

/* ---- reading ---- */

static gboolean
load_parts(SchedTxn *txn, SchedTemplateRow *row, GError **error)
{
    g_autoptr(GPtrArray) languages = sched_sql_texts(txn, sql_languages, error, "t", row->id);

    row->parts =
        languages == NULL ? NULL : sched_sql_texts(txn, sql_parts, error, "tt", row->id, "");
    row->orders = g_ptr_array_new_with_free_func(sched_template_order_shape.free);
    for (guint i = 0; row->parts != NULL && i < languages->len; i++) {
        SchedTemplateOrder *order = content_shape_new(&sched_template_order_shape);

        g_ptr_array_add(row->orders, order);
        order->language = g_strdup(languages->pdata[i]);
        g_ptr_array_unref(order->parts);
        order->parts = sched_sql_texts(txn, sql_parts, error, "tt", row->id, order->language);
        if (order->parts == NULL)
            return FALSE;
    }
    return row->parts != NULL;
}

SchedTemplateRow *
sched_store_template_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedTemplateRow) row =
        sched_sql_one(txn, sql_get, &shape, "template", error, "t", id);

    if (row == NULL || !load_parts(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

GPtrArray *
sched_store_template_list(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_list, &shape, error, "");

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_parts(txn, rows->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}
