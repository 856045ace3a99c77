/* versions.c - the languages of an announcement, up to the language check; see announcements.h
 */
#include "scheduler/store/announcements.h"

#include "content/base/id.h"
#include "content/language.h"
#include "content/source-address.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/search.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/version-expect.h"

#include <string.h>

/* clang-format off */
const char *const sched_version_state_words[] = {
    "draft", "checked", "approved", "returned", NULL,
};

#define COLUMNS \
    "id, announcement, language, object, script, script_hash, announcer, announcer_name, " \
    "state, author, checker, checked_us, approval, note, created_us, changed_us, uploader, " \
    "address, no_state_secret"
static const char sql_add[] =
    "INSERT INTO versions (" COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
    "$17, $18, $19)";
static const char sql_change[] =
    "UPDATE versions SET language = $3, object = $4, script = $5, script_hash = $6, "
    "announcer = $7, announcer_name = $8, author = $9, changed_us = $10, uploader = $11, "
    "address = $12, no_state_secret = $13 "
    "WHERE id = $1 AND announcement = $2";
#define SELECT \
    "SELECT " COLUMNS ", (SELECT n.name FROM accounts AS n WHERE n.id = v.uploader) " \
    "AS uploader_name, " SCHED_VERSION_IS_BEHALF " AS behalf FROM versions AS v "
static const char sql_get[] = SELECT "WHERE v.id = $1";
static const char sql_list[] = SELECT "WHERE announcement = $1 ORDER BY language, id";
static const char sql_list_all[] = SELECT "ORDER BY announcement, language, id";
static const char sql_is_wanted[] =
    "SELECT 1 FROM wanted WHERE announcement = $1 AND language = $2 AND withdrawn_us = 0";
static const char sql_count[] = "SELECT count(*) FROM versions WHERE announcement = $1";
static const char sql_remove[] = "DELETE FROM versions WHERE id = $1";
static const char sql_check[] =
    "UPDATE versions SET state = 'checked', checker = $2, checked_us = $3, note = '' "
    "WHERE id = $1";
static const char sql_return[] =
    "UPDATE versions SET state = 'returned', checker = NULL, checked_us = 0, approval = NULL, "
    "note = $2, changed_us = $3 WHERE id = $1";

#define AT(member) G_STRUCT_OFFSET(SchedVersionRow, member)
static const SchedSqlColumn columns[] = {
    { "id",             SCHED_SQL_TEXT, AT(id)             },
    { "announcement",   SCHED_SQL_TEXT, AT(announcement)   },
    { "language",       SCHED_SQL_TEXT, AT(language)       },
    { "object",         SCHED_SQL_TEXT, AT(object)         },
    { "script",         SCHED_SQL_TEXT, AT(script), NULL, TRUE },
    { "script_hash",    SCHED_SQL_TEXT, AT(script_hash)    },
    { "announcer",      SCHED_SQL_TEXT, AT(announcer)      },
    { "announcer_name", SCHED_SQL_TEXT, AT(announcer_name) },
    { "state",          SCHED_SQL_WORD, AT(state), sched_version_state_words },
    { "author",         SCHED_SQL_TEXT, AT(author)         },
    { "checker",        SCHED_SQL_TEXT, AT(checker)        },
    { "checked_us",     SCHED_SQL_INT,  AT(checked_us)     },
    { "approval",       SCHED_SQL_TEXT, AT(approval)       },
    { "note",           SCHED_SQL_TEXT, AT(note)           },
    { "created_us",     SCHED_SQL_INT,  AT(created_us)     },
    { "changed_us",     SCHED_SQL_INT,  AT(changed_us)     },
    { "uploader",       SCHED_SQL_TEXT, AT(uploader)       },
    { "address",        SCHED_SQL_TEXT, AT(address)        },
    { "no_state_secret", SCHED_SQL_BOOL, AT(no_state_secret) },
    { "uploader_name",  SCHED_SQL_TEXT, AT(uploader_name), NULL, TRUE },
    { "behalf",         SCHED_SQL_BOOL, AT(behalf), NULL, TRUE },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedVersionRow), columns,
                                    (GDestroyNotify) sched_version_row_free};
SCHED_SQL_DEFINE_FREE(SchedVersionRow, sched_version_row, shape)

static gboolean
check_address(const SchedVersionRow *row, GError **error)
{
    if (row->address == NULL || content_source_address_kind(row->address) >= 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "address: \"https://…\", \"http://…\", or \"line:\" and what the "
                        "stations call the input");
    return FALSE;
}

static gboolean
check_version(const SchedVersionRow *row, GError **error)
{
    return check_address(row, error) && sched_check_id("id", row->id, error) &&
           sched_check_id("announcement", row->announcement, error) &&
           (row->language == NULL || sched_check_language("language", row->language, error)) &&
           (row->object == NULL || sched_check_hash("object", row->object, error)) &&
           (row->script == NULL ||
            sched_check_text("script", row->script, SCHED_VERSION_MAX_SCRIPT_BYTES, error)) &&
           sched_check_text("announcer name", row->announcer_name, 200, error);
}

static gboolean
add_version(SchedTxn *txn, SchedVersionRow *row, GError **error)
{
    gint64 count = 0;

    row->created_us = row->changed_us;
    row->state = SCHED_VERSION_DRAFT;
    row->note = (char *) "";
    return sched_sql_int(txn, sql_count, &count, error, "t", row->announcement) &&
           sched_check_count("versions of an announcement", (gsize) count + 1,
                             SCHED_ANNOUNCEMENT_MAX_VERSIONS, error) &&
           sched_sql_run_row(txn, sql_add, &shape, row, error);
}

static gboolean
change_version(SchedTxn *txn, const SchedVersionRow *row, GError **error)
{
    if (!sched_sql_run(txn, sql_change, error, "tttttttttitti", row->id, row->announcement,
                       row->language, row->object, row->script, row->script_hash,
                       row->announcer, row->announcer_name, row->author, row->changed_us,
                       row->uploader, row->address, (gint64) row->no_state_secret))
        return FALSE;
    if (sched_sql_changes(txn) > 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                        "a version stays with its announcement");
    return FALSE;
}

/* Where the voice has an account, it is called as the account is, whatever was typed. */
static gboolean
name_voice(SchedTxn *txn, SchedVersionRow *row, char **out_name, GError **error)
{
    g_autoptr(SchedAccountRow) account = NULL;

    if (row->announcer == NULL)
        return TRUE;
    account = sched_store_account_get(txn, row->announcer, error);
    if (account == NULL)
        return FALSE;
    row->announcer_name = *out_name = g_strdup(account->name);
    return TRUE;
}

/* Who changes the audio brought it in; whatever else is changed, it stays theirs. */
static const char *
uploader_of(SchedTxn *txn, const SchedVersionRow *row, const SchedVersionRow *old)
{
    if (row->object == NULL)
        return NULL;
    return old != NULL && g_strcmp0(row->object, old->object) == 0 ? old->uploader
                                                                   : sched_txn_actor(txn);
}

/* A recording that was asked of somebody is theirs or another's: which, is said with it. */
static gboolean
check_voice_said(SchedTxn *txn, const SchedVersionRow *row, const SchedVersionRow *old,
                 GError **error)
{
    /* One that was there before it was asked for may stay as it was. */
    gboolean was_so =
        old != NULL && *old->announcer_name == '\0' && g_strcmp0(row->object, old->object) == 0;

    if (row->object == NULL || *row->announcer_name != '\0' || was_so ||
        !sched_sql_is(txn, sql_is_wanted, "tt", row->announcement, row->language))
        return TRUE;
    g_set_error_literal(
        error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
        "announcer: a version that was asked of somebody says whose voice it is");
    return FALSE;
}

gboolean
sched_store_version_put(SchedTxn *txn, const SchedVersionRow *version, GError **error)
{
    SchedVersionRow row = *version;
    g_autoptr(SchedVersionRow) old = NULL;
    g_autofree char *script_hash = NULL, *voice = NULL;
    gboolean ok;

    if (!check_version(&row, error) || !name_voice(txn, &row, &voice, error))
        return FALSE;
    if (row.script != NULL)
        script_hash = content_sha256_hex(row.script, strlen(row.script));
    row.script_hash = script_hash;
    row.author = (char *) sched_txn_actor(txn);
    row.changed_us = sched_txn_at_us(txn);
    row.checker = row.approval = NULL;
    row.checked_us = 0;
    row.no_state_secret = sched_txn_is_declared(txn);
    old = sched_store_version_get(txn, row.id, NULL);
    row.uploader = (char *) uploader_of(txn, &row, old);
    ok = check_voice_said(txn, &row, old, error) &&
         (old == NULL ? add_version(txn, &row, error) : change_version(txn, &row, error)) &&
         sched_search_keep(txn, row.id, row.announcement, row.script, error);
    if (!ok) {
        g_prefix_error(error, "version %s: ", row.id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "version.put", row.id, &shape, &row, error) &&
           sched_reach_announcement(txn, row.announcement, "version", error);
}

SchedVersionRow *
sched_store_version_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "version", error, "t", id);
}

GPtrArray *
sched_store_version_list(SchedTxn *txn, const char *announcement, GError **error)
{
    if (announcement == NULL)
        return sched_sql_list(txn, sql_list_all, &shape, error, "");
    return sched_sql_list(txn, sql_list, &shape, error, "t", announcement);
}

gboolean
sched_store_version_remove(SchedTxn *txn, const char *id, GError **error)
{
    if (!sched_search_keep(txn, id, NULL, NULL, error) ||
        !sched_sql_run(txn, sql_remove, error, "t", id))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such version");
        return FALSE;
    }
    return sched_store_audit_append(txn, "version.remove", id, NULL, error);
}

/* What a person judged must be what stands there now. */
static gboolean
check_same(const SchedVersionRow *row, const char *object, const char *script_hash,
           GError **error)
{
    if (row->object == NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "there is no audio yet that could be heard and judged");
        return FALSE;
    }
    if (g_strcmp0(row->object, object) == 0 && g_strcmp0(row->script_hash, script_hash) == 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                        "audio or script were changed since they were heard and read");
    return FALSE;
}

/* A voice that has no account, as was told, may be whoever judges all the same. */
static gboolean
check_other_voice(SchedTxn *txn, const SchedVersionRow *row, GError **error)
{
    g_autoptr(SchedAccountRow) judge = sched_store_account_get(txn, sched_txn_actor(txn), NULL);
    g_autofree char *here = NULL, *there = NULL;

    if (judge == NULL || row->announcer != NULL || *row->announcer_name == '\0')
        return TRUE;
    here = content_text_fold(judge->name);
    there = content_text_fold(row->announcer_name);
    if (strcmp(here, there) != 0)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                "the voice is told to be %s: nobody judges what they announced",
                row->announcer_name);
    return FALSE;
}

SchedVersionRow *
sched_version_expect(SchedTxn *txn, const char *id, const char *object, const char *script_hash,
                     GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, id, error);

    if (row == NULL || !check_same(row, object, script_hash, error) ||
        !check_other_voice(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

gboolean
sched_store_version_check(SchedTxn *txn, const char *id, const char *object,
                          const char *script_hash, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_version_expect(txn, id, object, script_hash, error);

    if (row == NULL)
        return FALSE;
    if (row->language == NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "a signal has no language to be checked");
        return FALSE;
    }
    if (row->state == SCHED_VERSION_APPROVED) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "it is approved already");
        return FALSE;
    }
    return sched_sql_run(txn, sql_check, error, "tti", id, sched_txn_actor(txn),
                         sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "version.check", id, error, "object", object,
                                 "script_hash", script_hash, SCHED_SQL_DECLARED(txn), NULL);
}

gboolean
sched_store_version_return(SchedTxn *txn, const char *id, const char *note, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, id, error);

    if (row == NULL || !sched_check_text("note", note, 2000, error))
        return FALSE;
    return sched_sql_run(txn, sql_return, error, "tti", id, note, sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "version.return", id, error, "note", note, NULL) &&
           sched_reach_announcement(txn, row->announcement, "returned", error);
}
