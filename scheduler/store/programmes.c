/* programmes.c - see programmes.h */
#include "scheduler/store/programmes.h"

#include "content/base/id.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_programme_state_words[] = {
    "open", "approved", "returned", "replaced", NULL,
};

/* $1 area, $2 first and $3 last date, $4: what was taken away before is old. What was sent back
 * as it stands waits for its author. A slot that was never heard, and by its dates is not in the
 * week, is not read at all; the rule itself is looked at afterwards. */
#define MAY_FALL \
    "(EXISTS (SELECT 1 FROM slot_approved AS k WHERE k.slot = s.id) " \
    "OR EXISTS (SELECT 1 FROM slot_dates AS d WHERE d.slot = s.id AND d.is_out = 0 " \
    "AND d.date BETWEEN $2 AND $3) " \
    "OR (s.first_date <= $3 AND CASE s.rule WHEN '' THEN s.first_date >= $2 " \
    "ELSE coalesce(s.until, '9999') >= $2 END)) "
static const char sql_candidates[] =
    "SELECT s.id AS slot, s.name AS name, '' AS date, '' AS change, '' AS before, "
    "CASE s.stopped WHEN 1 THEN '' ELSE s.content END AS content FROM slots AS s "
    "WHERE s.home IN (SELECT below FROM area_paths WHERE above = $1) AND ("
    "(s.stopped = 0 AND s.approved IS NOT s.content AND s.returned IS NOT s.content "
    "AND " MAY_FALL ") OR (s.stopped = 1 AND s.changed_us > $4 "
    "AND EXISTS (SELECT 1 FROM slot_approved AS k WHERE k.slot = s.id))) "
    "UNION ALL SELECT o.slot, s.name, o.date, '', '', "
    "CASE WHEN o.playlist IS NULL THEN '' ELSE o.content END "
    "FROM slot_overrides AS o JOIN slots AS s ON s.id = o.slot "
    "WHERE s.home IN (SELECT below FROM area_paths WHERE above = $1) AND s.stopped = 0 "
    "AND o.date BETWEEN $2 AND $3 AND ("
    "(o.playlist IS NOT NULL AND o.approver IS NULL AND o.returned IS NOT o.content) "
    "OR (o.playlist IS NULL AND o.changed_us > $4)) "
    "ORDER BY slot, date";
static const char sql_parts[] =
    "SELECT p.slot AS slot, coalesce(s.name, p.slot) AS name, p.date AS date, "
    "p.change AS change, p.before AS before, p.content AS content FROM programme_parts AS p "
    "LEFT JOIN slots AS s ON s.id = p.slot WHERE p.programme = $1 ORDER BY p.slot, p.date";
static const char sql_last[] =
    "SELECT max(judged_us) FROM programmes WHERE area = $1 AND from_date = $2 "
    "AND state = 'approved'";
#define COLUMNS "id, area, from_date, content, author, made_us, state, judge, judged_us, note"
static const char sql_get[] = "SELECT " COLUMNS " FROM programmes WHERE id = $1";
static const char sql_newest[] =
    "SELECT " COLUMNS " FROM programmes WHERE area = $1 AND from_date = $2 "
    "ORDER BY made_us DESC, state = 'replaced' LIMIT 1";
static const char sql_replace[] =
    "UPDATE programmes SET state = 'replaced', judged_us = $3 "
    "WHERE area = $1 AND from_date = $2 AND state = 'open'";
static const char sql_add[] =
    "INSERT INTO programmes (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, 'open', NULL, 0, '')";
static const char sql_add_part[] =
    "INSERT INTO programme_parts (programme, slot, date, change, before, content) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_judge[] =
    "UPDATE programmes SET state = $2, judge = $3, judged_us = $4, note = $5 WHERE id = $1";
static const char sql_keys[] =
    "SELECT slot || ' ' || date FROM programme_parts WHERE programme = $1 AND content <> ''";
static const char sql_proposed[] =
    "SELECT playlist FROM slot_overrides WHERE slot = $1 AND date = $2 AND playlist IS NOT NULL";

#define AT(member) G_STRUCT_OFFSET(SchedProgrammeRow, member)
static const SchedSqlColumn columns[] = {
    { "id",        SCHED_SQL_TEXT, AT(id)        },
    { "area",      SCHED_SQL_TEXT, AT(area)      },
    { "from_date", SCHED_SQL_TEXT, AT(from_date) },
    { "content",   SCHED_SQL_TEXT, AT(content)   },
    { "author",    SCHED_SQL_TEXT, AT(author)    },
    { "made_us",   SCHED_SQL_INT,  AT(made_us)   },
    { "state",     SCHED_SQL_WORD, AT(state), sched_programme_state_words },
    { "judge",     SCHED_SQL_TEXT, AT(judge)     },
    { "judged_us", SCHED_SQL_INT,  AT(judged_us) },
    { "note",      SCHED_SQL_TEXT, AT(note)      },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedProgrammePartRow, member)
static const SchedSqlColumn part_columns[] = {
    { "slot",    SCHED_SQL_TEXT, AT(slot)    },
    { "name",    SCHED_SQL_TEXT, AT(name)    },
    { "date",    SCHED_SQL_TEXT, AT(date)    },
    { "change",  SCHED_SQL_WORD, AT(change), sched_programme_change_words },
    { "before",  SCHED_SQL_TEXT, AT(before)  },
    { "content", SCHED_SQL_TEXT, AT(content) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedProgrammeRow), columns,
                                    (GDestroyNotify) sched_programme_row_free};
static const SchedSqlShape part_shape = {sizeof(SchedProgrammePartRow), part_columns,
                                         (GDestroyNotify) sched_programme_part_row_free};
SCHED_SQL_DEFINE_FREE(SchedProgrammeRow, sched_programme_row, shape)

void
sched_programme_part_row_free(SchedProgrammePartRow *row)
{
    if (row == NULL)
        return;
    g_free(row->text);
    g_free(row->approved_text);
    sched_sql_row_free(&part_shape, row);
}

/* What is different
 * ------------------------------------------------------------------------------ */

static char *
hash_of(const char *text)
{
    return text == NULL ? g_strdup("") : content_sha256_hex(text, strlen(text));
}

/* A date stands against what its slot plays on every other one. */
static gboolean
read_date(SchedTxn *txn, SchedProgrammePartRow *part, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, part->slot, error);
    g_autoptr(GPtrArray) playlists = NULL;

    if (slot == NULL)
        return FALSE;
    part->approved_text = sched_store_slot_text(txn, slot, error);
    playlists = part->approved_text == NULL
                    ? NULL
                    : sched_sql_texts(txn, sql_proposed, error, "tt", part->slot, part->date);
    if (playlists == NULL)
        return FALSE;
    if (playlists->len > 0)
        part->text =
            sched_override_text(txn, part->slot, part->date, playlists->pdata[0], error);
    return playlists->len == 0 || part->text != NULL;
}

static gboolean
read_slot(SchedTxn *txn, SchedProgrammePartRow *part, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, part->slot, error);

    if (slot == NULL ||
        !sched_store_slot_approved_text(txn, part->slot, &part->approved_text, error))
        return FALSE;
    if (!slot->stopped)
        part->text = sched_store_slot_text(txn, slot, error);
    return slot->stopped || part->text != NULL;
}

static gboolean
read_texts(SchedTxn *txn, SchedProgrammePartRow *part, GError **error)
{
    return *part->date == '\0' ? read_slot(txn, part, error) : read_date(txn, part, error);
}

/* In the week now, or when it was approved: what leaves the week is different in it, too. */
static gboolean
falls(const SchedProgrammePartRow *part, SchedDay from)
{
    return *part->date != '\0' || sched_programme_falls(part->text, from) ||
           sched_programme_falls(part->approved_text, from);
}

static void
settle(SchedProgrammePartRow *part)
{
    g_free(part->before);
    g_free(part->content);
    part->before = hash_of(part->approved_text);
    part->content = hash_of(part->text);
    part->change = sched_programme_change(part->approved_text, part->text);
}

static GPtrArray *
list_candidates(SchedTxn *txn, const char *area, const char *from, SchedDay first,
                gint64 now_us, GError **error)
{
    char last[11];
    gint64 since_us = 0;

    sched_day_write(first + SCHED_PROGRAMME_DAYS - 1, last);
    if (!sched_sql_int(txn, sql_last, &since_us, error, "tt", area, from))
        return NULL;
    since_us = MAX(since_us, now_us - SCHED_PROGRAMME_REMOVED_US);
    return sched_sql_list(txn, sql_candidates, &part_shape, error, "ttti", area, from, last,
                          since_us);
}

GPtrArray *
sched_store_programme_parts(SchedTxn *txn, const char *area, const char *from, gint64 now_us,
                            GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    SchedDay first;
    guint n = 0;

    if (!sched_check_plan_date("from", from, error) || !sched_day_parse(from, &first))
        return NULL;
    rows = list_candidates(txn, area, from, first, now_us, error);
    /* One too many is as wrong as thousands, and sooner known. */
    for (guint i = rows == NULL ? 0 : rows->len; i > 0 && n <= SCHED_PROGRAMME_MAX_PARTS; i--) {
        SchedProgrammePartRow *part = rows->pdata[i - 1];

        if (!read_texts(txn, part, error))
            return NULL;
        if (!falls(part, first)) {
            g_ptr_array_remove_index(rows, i - 1);
            continue;
        }
        settle(part);
        n++;
    }
    if (rows == NULL || !sched_check_count("parts", n, SCHED_PROGRAMME_MAX_PARTS, error))
        return NULL;
    return g_steal_pointer(&rows);
}

char *
sched_store_programme_content(const char *area, const char *from, GPtrArray *parts)
{
    g_autoptr(GString) text = g_string_new("programme\n");

    g_string_append_printf(text, "area %s\nfrom %s\n", area, from);
    for (guint i = 0; i < parts->len; i++) {
        const SchedProgrammePartRow *part = parts->pdata[i];

        g_string_append_printf(text, "part %s %s %s %s %s\n", part->slot, part->date,
                               sched_programme_change_words[part->change], part->before,
                               part->content);
    }
    return content_sha256_hex(text->str, text->len);
}

/* Submitting
 * -------------------------------------------------------------------------------------- */

static gboolean
conflict(GError **error, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT, words);
    return FALSE;
}

/* What is only silent needs nobody. */
static gboolean
has_sound(GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        if (*((const SchedProgrammePartRow *) parts->pdata[i])->content != '\0')
            return TRUE;
    }
    return FALSE;
}

static gboolean
add_parts(SchedTxn *txn, const char *id, GPtrArray *parts, GError **error)
{
    for (guint i = 0; i < parts->len; i++) {
        const SchedProgrammePartRow *part = parts->pdata[i];

        if (!sched_sql_run(txn, sql_add_part, error, "tttttt", id, part->slot, part->date,
                           sched_programme_change_words[part->change], part->before,
                           part->content))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_programme_submit(SchedTxn *txn, const char *id, const char *area, const char *from,
                             const char *content, GError **error)
{
    g_autoptr(GPtrArray) parts =
        sched_store_programme_parts(txn, area, from, sched_txn_at_us(txn), error);
    g_autofree char *present =
        parts == NULL ? NULL : sched_store_programme_content(area, from, parts);

    if (present == NULL)
        return FALSE;
    if (g_strcmp0(present, content) != 0)
        return conflict(error, "the programme was changed since it was read");
    if (!has_sound(parts)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "nothing of this week waits for approval");
        return FALSE;
    }
    return sched_sql_run(txn, sql_replace, error, "tti", area, from, sched_txn_at_us(txn)) &&
           sched_sql_run(txn, sql_add, error, "ttttti", id, area, from, content,
                         sched_txn_actor(txn), sched_txn_at_us(txn)) &&
           add_parts(txn, id, parts, error) &&
           sched_sql_audit_words(txn, "programme.submit", id, error, "area", area, "content",
                                 content, "from", from, NULL);
}

/* Reading
 * ----------------------------------------------------------------------------------------- */

SchedProgrammeRow *
sched_store_programme_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "programme", error, "t", id);
}

gboolean
sched_store_programme_newest(SchedTxn *txn, const char *area, const char *from,
                             SchedProgrammeRow **out_row, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_newest, &shape, error, "tt", area, from);

    if (rows == NULL)
        return FALSE;
    *out_row = rows->len == 0 ? NULL : g_ptr_array_steal_index(rows, 0);
    return TRUE;
}

GPtrArray *
sched_store_programme_submitted(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) parts = sched_sql_list(txn, sql_parts, &part_shape, error, "t", id);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        if (!read_texts(txn, parts->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer(&parts);
}

GPtrArray *
sched_store_programme_keys(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_texts(txn, sql_keys, error, "t", id);
}

/* Judging
 * ----------------------------------------------------------------------------------------- */

gboolean
sched_store_programme_is_stale(GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        const SchedProgrammePartRow *part = parts->pdata[i];
        g_autofree char *before = hash_of(part->approved_text);
        g_autofree char *content = hash_of(part->text);

        if (strcmp(before, part->before) != 0 || strcmp(content, part->content) != 0)
            return TRUE;
    }
    return FALSE;
}

/* The row with its parts, if it is open and what whoever judges it saw. */
static gboolean
expect_seen(SchedTxn *txn, const char *id, const char *content, GPtrArray **out_parts,
            GError **error)
{
    g_autoptr(SchedProgrammeRow) row = sched_store_programme_get(txn, id, error);
    g_autoptr(GPtrArray) parts =
        row == NULL ? NULL : sched_store_programme_submitted(txn, id, error);

    if (parts == NULL)
        return FALSE;
    if (row->state != SCHED_PROGRAMME_OPEN || g_strcmp0(row->content, content) != 0)
        return conflict(error, "it was judged, or submitted anew, since it was read");
    if (sched_store_programme_is_stale(parts))
        return conflict(error, "a part of the programme was changed since it was submitted");
    *out_parts = g_steal_pointer(&parts);
    return TRUE;
}

/* @note: (nullable): NULL: approved. What is silent now needs nobody. */
static gboolean
judge_part(SchedTxn *txn, const SchedProgrammePartRow *part, const char *note, GError **error)
{
    if (*part->content == '\0')
        return TRUE;
    if (*part->date == '\0')
        return note == NULL
                   ? sched_store_slot_approve(txn, part->slot, part->content, error)
                   : sched_store_slot_return(txn, part->slot, part->content, note, error);
    return note == NULL
               ? sched_store_override_approve(txn, part->slot, part->date, part->content, error)
               : sched_store_override_return(txn, part->slot, part->date, part->content, note,
                                             error);
}

static gboolean
judge(SchedTxn *txn, const char *id, const char *content, const char *note, GError **error)
{
    const char *word = note == NULL ? "approved" : "returned";
    const char *action = note == NULL ? "programme.approve" : "programme.return";
    g_autoptr(GPtrArray) parts = NULL;

    if (!expect_seen(txn, id, content, &parts, error))
        return FALSE;
    for (guint i = 0; i < parts->len; i++) {
        if (!judge_part(txn, parts->pdata[i], note, error)) {
            g_prefix_error(error, "%s: ", ((SchedProgrammePartRow *) parts->pdata[i])->name);
            return FALSE;
        }
    }
    return sched_sql_run(txn, sql_judge, error, "tttit", id, word, sched_txn_actor(txn),
                         sched_txn_at_us(txn), note == NULL ? "" : note) &&
           sched_sql_audit_words(txn, action, id, error, "content", content, "note", note,
                                 NULL);
}

gboolean
sched_store_programme_approve(SchedTxn *txn, const char *id, const char *content,
                              GError **error)
{
    g_autoptr(SchedProgrammeRow) row = sched_store_programme_get(txn, id, error);

    if (row == NULL)
        return FALSE;
    /* The CHECK says so too; its refusal is no rule of the house in the words of HTTP. */
    if (strcmp(row->author, sched_txn_actor(txn)) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "nobody approves a programme that they submitted");
        return FALSE;
    }
    return judge(txn, id, content, NULL, error);
}

gboolean
sched_store_programme_return(SchedTxn *txn, const char *id, const char *content,
                             const char *note, GError **error)
{
    return sched_check_text("note", note, SCHED_SLOT_MAX_NOTE_BYTES, error) &&
           judge(txn, id, content, note, error);
}
