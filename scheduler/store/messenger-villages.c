/* messenger-villages.c - who goes to which village, and what is to be said there; see
 * messengers.h */
#include "scheduler/store/messengers.h"

#include "content/language.h"
#include "scheduler/message/address.h"
#include "scheduler/message/decide.h"
#include "scheduler/store/local-alerts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/templates.h"

#include <string.h>

/* Where everybody's text is, when there is no other. */
#define COMMON "vi"

/* clang-format off */
static const char sql_put[] =
    "INSERT INTO messenger_villages (village, households, signal) VALUES ($1, $2, $3) "
    "ON CONFLICT (village) DO UPDATE SET households = excluded.households, "
    "signal = excluded.signal";
static const char sql_clear_languages[] = "DELETE FROM messenger_languages WHERE village = $1";
static const char sql_clear_people[] = "DELETE FROM messenger_people WHERE village = $1";
static const char sql_add_language[] =
    "INSERT INTO messenger_languages (village, position, language) VALUES ($1, $2, $3)";
static const char sql_add_person[] =
    "INSERT INTO messenger_people (village, position, name, phone, means, hours) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

#define HAS_LOUDSPEAKER \
    "EXISTS (SELECT 1 FROM zones AS z JOIN stations AS t ON t.id = z.station " \
    "WHERE z.village = v.id AND t.retired = 0)"
#define SELECT \
    "SELECT v.id AS village, v.name AS village_name, coalesce(m.households, 0) AS households, " \
    "coalesce(m.signal, '') AS signal, " HAS_LOUDSPEAKER " AS has_loudspeaker " \
    "FROM areas AS v LEFT JOIN messenger_villages AS m ON m.village = v.id " \
    "WHERE v.kind = 'village' "
static const char sql_get[] = SELECT "AND v.id = $1";
static const char sql_list[] =
    SELECT "AND v.valid_to IS NULL AND ($1 IS NULL OR v.id IN (SELECT below FROM area_paths "
    "WHERE above = $1)) AND (NOT " HAS_LOUDSPEAKER " OR EXISTS (SELECT 1 FROM messenger_people "
    "AS p WHERE p.village = v.id)) ORDER BY v.name, v.id LIMIT $2";
static const char sql_silent[] =
    "SELECT v.id FROM areas AS v WHERE v.kind = 'village' AND v.valid_to IS NULL "
    "AND NOT " HAS_LOUDSPEAKER " ORDER BY v.id";
/* As agreed; else what its loudspeakers speak. */
static const char sql_languages[] =
    "SELECT language FROM messenger_languages WHERE village = $1 ORDER BY position";
static const char sql_zone_languages[] =
    "SELECT l.language FROM zones AS z JOIN zone_languages AS l ON l.station = z.station "
    "AND l.zone = z.id WHERE z.village = $1 GROUP BY l.language ORDER BY min(l.position), "
    "l.language";
static const char sql_people[] =
    "SELECT name, phone, means, hours FROM messenger_people WHERE village = $1 "
    "ORDER BY position";
#define AT(member) G_STRUCT_OFFSET(SchedMessengerVillageRow, member)
static const SchedSqlColumn columns[] = {
    { "village",         SCHED_SQL_TEXT, AT(village)         },
    { "village_name",    SCHED_SQL_TEXT, AT(village_name)    },
    { "households",      SCHED_SQL_INT,  AT(households)      },
    { "signal",          SCHED_SQL_TEXT, AT(signal)          },
    { "has_loudspeaker", SCHED_SQL_BOOL, AT(has_loudspeaker) },
    { "languages",       SCHED_SQL_LIST, AT(languages)       },
    { "people",          SCHED_SQL_LIST, AT(people)          },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedMessengerPersonRow, member)
static const SchedSqlColumn person_columns[] = {
    { "name",  SCHED_SQL_TEXT, AT(name)  },
    { "phone", SCHED_SQL_TEXT, AT(phone) },
    { "means", SCHED_SQL_WORD, AT(means), sched_messenger_means_words },
    { "hours", SCHED_SQL_TEXT, AT(hours) },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedMessengerVillageRow), columns,
                                    (GDestroyNotify) sched_messenger_village_row_free};
static const SchedSqlShape person_shape = {sizeof(SchedMessengerPersonRow), person_columns,
                                           (GDestroyNotify) sched_messenger_person_row_free};
SCHED_SQL_DEFINE_FREE(SchedMessengerVillageRow, sched_messenger_village_row, shape)
SCHED_SQL_DEFINE_FREE(SchedMessengerPersonRow, sched_messenger_person_row, person_shape)

void
sched_messenger_text_row_free(SchedMessengerTextRow *row)
{
    if (row == NULL)
        return;
    g_free(row->language);
    g_free(row->text);
    g_free(row);
}

static gboolean
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, words);
    return FALSE;
}

/* --- what is agreed --------------------------------------------------------------------------
 */

static gboolean
check_person(const SchedMessengerPersonRow *person, GError **error)
{
    if (person->name == NULL || *person->name == '\0')
        return refuse(error, "people: one without a name");
    if (*person->phone != '\0' && !sched_phone_is_valid(person->phone))
        return refuse(error, "phone: no phone number");
    if (person->means == SCHED_MESSENGER_UNSAID)
        return refuse(error, "means: how the village is called");
    return sched_check_text("name", person->name, SCHED_MESSENGER_NAME_MAX_BYTES, error) &&
           sched_check_text("hours", person->hours, SCHED_MESSENGER_HOURS_MAX_BYTES, error);
}

static gboolean
check_village(SchedTxn *txn, const SchedMessengerVillageRow *row, GError **error)
{
    g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, row->village, error);

    if (area == NULL)
        return FALSE;
    if (area->kind != SCHED_AREA_VILLAGE)
        return refuse(error, "village: messengers go to villages");
    if (row->households < 0 || row->households > SCHED_MESSENGER_MAX_HOUSEHOLDS)
        return refuse(error, "households: 0 to 10000");
    for (guint i = 0; i < row->languages->len; i++) {
        guint first = 0;

        if (!sched_check_language("languages", row->languages->pdata[i], error))
            return FALSE;
        g_ptr_array_find_with_equal_func(row->languages, row->languages->pdata[i], g_str_equal,
                                         &first);
        if (first != i)
            return refuse(error, "languages: one of them twice");
    }
    for (guint i = 0; i < row->people->len; i++) {
        if (!check_person(row->people->pdata[i], error))
            return FALSE;
    }
    return sched_check_text("signal", row->signal, SCHED_MESSENGER_SIGNAL_MAX_BYTES, error) &&
           sched_check_count("languages", row->languages->len, SCHED_MESSENGER_MAX_LANGUAGES,
                             error) &&
           sched_check_count("people", row->people->len, SCHED_MESSENGER_MAX_PEOPLE, error);
}

static gboolean
write_lists(SchedTxn *txn, const SchedMessengerVillageRow *row, GError **error)
{
    if (!sched_sql_run(txn, sql_clear_languages, error, "t", row->village) ||
        !sched_sql_run(txn, sql_clear_people, error, "t", row->village))
        return FALSE;
    for (guint i = 0; i < row->languages->len; i++) {
        if (!sched_sql_run(txn, sql_add_language, error, "tit", row->village, (gint64) i,
                           row->languages->pdata[i]))
            return FALSE;
    }
    for (guint i = 0; i < row->people->len; i++) {
        const SchedMessengerPersonRow *person = row->people->pdata[i];

        if (!sched_sql_run(txn, sql_add_person, error, "titttt", row->village, (gint64) i,
                           person->name, person->phone,
                           sched_messenger_means_words[person->means], person->hours))
            return FALSE;
    }
    return TRUE;
}

/* Who they are is in the audit; their numbers can be forgotten. */
static gboolean
audit_village(SchedTxn *txn, const SchedMessengerVillageRow *row, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autofree char *households = g_strdup_printf("%" G_GINT64_FORMAT, row->households);

    for (guint i = 0; i < row->people->len; i++)
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ",
                               ((const SchedMessengerPersonRow *) row->people->pdata[i])->name);
    return sched_sql_audit_words(txn, "messenger.village", row->village, error, "households",
                                 households, "signal", row->signal, "people", names->str, NULL);
}

gboolean
sched_store_messenger_village_put(SchedTxn *txn, const SchedMessengerVillageRow *row,
                                  GError **error)
{
    return check_village(txn, row, error) &&
           sched_sql_run(txn, sql_put, error, "tit", row->village, row->households,
                         row->signal) &&
           write_lists(txn, row, error) && audit_village(txn, row, error);
}

static gboolean
load_lists(SchedTxn *txn, SchedMessengerVillageRow *row, GError **error)
{
    row->people = sched_sql_list(txn, sql_people, &person_shape, error, "t", row->village);
    row->languages = row->people == NULL
                         ? NULL
                         : sched_sql_texts(txn, sql_languages, error, "t", row->village);
    if (row->languages != NULL && row->languages->len == 0) {
        g_ptr_array_unref(row->languages);
        row->languages = sched_sql_texts(txn, sql_zone_languages, error, "t", row->village);
    }
    return row->languages != NULL;
}

SchedMessengerVillageRow *
sched_store_messenger_village_get(SchedTxn *txn, const char *village, GError **error)
{
    g_autoptr(SchedMessengerVillageRow) row =
        sched_sql_one(txn, sql_get, &shape, "village", error, "t", village);

    return row != NULL && load_lists(txn, row, error) ? g_steal_pointer(&row) : NULL;
}

GPtrArray *
sched_store_messenger_village_list(SchedTxn *txn, const char *area, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_list, &shape, error, "ti", area,
                                               (gint64) SCHED_MESSENGER_MAX_VILLAGES);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_lists(txn, rows->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

GPtrArray *
sched_store_messenger_silent(SchedTxn *txn, GError **error)
{
    return sched_sql_texts(txn, sql_silent, error, "");
}

/* --- what is to be said ----------------------------------------------------------------------
 */

/* The texts that there are: language -> text, in the order of the list. */
typedef struct {
    GPtrArray *languages; /* (owned) (element-type utf8) */
    GPtrArray *texts;     /* (owned) (element-type utf8) */
} Said;

static void
said_clear(Said *said)
{
    g_clear_pointer(&said->languages, g_ptr_array_unref);
    g_clear_pointer(&said->texts, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

/* @text: (transfer full) */
static void
add_said(Said *said, const char *language, char *text)
{
    g_ptr_array_add(said->languages, g_strdup(language));
    g_ptr_array_add(said->texts, text);
}

static gboolean
take_announcement(Said *said, SchedTxn *txn, const char *announcement, GError **error)
{
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, announcement, error);

    for (guint i = 0; versions != NULL && i < versions->len; i++) {
        const SchedVersionRow *version = versions->pdata[i];

        if (version->state == SCHED_VERSION_APPROVED && version->language != NULL &&
            version->script != NULL)
            add_said(said, version->language, g_strdup(version->script));
    }
    return versions != NULL;
}

/* Returns: (transfer full) (nullable): "": a part of it has no script; NULL with @error */
static char *
speech_text(SchedTxn *txn, const ContentSpeech *speech, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < speech->parts->len; i++) {
        g_autoptr(GPtrArray) found =
            sched_store_phrase_versions(txn, speech->parts->pdata[i], error);
        g_autoptr(SchedVersionRow) version = NULL;

        if (found == NULL)
            return NULL;
        if (found->len == 0)
            return g_strdup("");
        version = sched_store_version_get(txn, found->pdata[0], error);
        if (version == NULL)
            return NULL;
        if (version->script == NULL)
            return g_strdup("");
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", version->script);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
take_alert(Said *said, SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, id, error);
    g_autoptr(ContentAlert) alert =
        row == NULL ? NULL : sched_store_alert_open(txn, row, error);

    for (guint i = 0; alert != NULL && i < alert->speeches->len; i++) {
        const ContentSpeech *speech = alert->speeches->pdata[i];
        char *text = speech_text(txn, speech, error);

        if (text == NULL)
            return FALSE;
        add_said(said, speech->language, text);
    }
    return alert != NULL;
}

/* No sentence of a warning: only that it is over, and when. */
static gboolean
take_over(Said *said, SchedTxn *txn, const SchedMessengerTaskRow *task, GError **error)
{
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    g_autoptr(GTimeZone) zone = tzid == NULL ? NULL : g_time_zone_new_identifier(tzid);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(task->made_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local =
        zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, zone);
    g_autofree char *at = g_date_time_format(local, "%H:%M %d/%m/%Y");

    if (tzid == NULL)
        return FALSE;
    add_said(said, COMMON,
             sched_message_say(CONTENT_READER_VI,
                               task->drill ? "messenger_over.drill" : "messenger_over", "title",
                               task->title, "time", at, NULL));
    return TRUE;
}

/* (nullable): the best match of what there is */
static const char *
said_in(const Said *said, const char *language)
{
    const char *text = NULL;
    int best = 0;

    for (guint i = 0; i < said->languages->len; i++) {
        int match = content_language_match(language, said->languages->pdata[i]);

        if (match > best && *(const char *) said->texts->pdata[i] != '\0') {
            best = match;
            text = said->texts->pdata[i];
        }
    }
    return text;
}

static void
add_text(GPtrArray *rows, const Said *said, const char *language)
{
    SchedMessengerTextRow *row = g_new0(SchedMessengerTextRow, 1);
    const char *text = said_in(said, language);

    row->language = g_strdup(language);
    row->text = g_strdup(text == NULL ? "" : text);
    g_ptr_array_add(rows, row);
}

/* Who lists no language is told in all that there are, Vietnamese first. */
static GPtrArray *
pick(const Said *said, GPtrArray *wanted)
{
    GPtrArray *rows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_messenger_text_row_free);
    gboolean has_common = FALSE;

    for (guint i = 0; i < wanted->len; i++) {
        add_text(rows, said, wanted->pdata[i]);
        has_common = has_common || strcmp(wanted->pdata[i], COMMON) == 0;
    }
    if (!has_common && (wanted->len == 0 || said_in(said, COMMON) != NULL))
        add_text(rows, said, COMMON);
    for (guint i = 0; wanted->len == 0 && i < said->languages->len; i++) {
        if (strcmp(said->languages->pdata[i], COMMON) != 0)
            add_text(rows, said, said->languages->pdata[i]);
    }
    return rows;
}

GPtrArray *
sched_store_messenger_texts(SchedTxn *txn, const SchedMessengerTaskRow *task, GError **error)
{
    g_autoptr(SchedMessengerVillageRow) village =
        sched_store_messenger_village_get(txn, task->village, error);
    g_auto(Said) said = {NULL, NULL};
    gboolean ok;

    if (village == NULL)
        return NULL;
    said.languages = g_ptr_array_new_with_free_func(g_free);
    said.texts = g_ptr_array_new_with_free_func(g_free);
    switch ((SchedMessengerKind) task->kind) {
    case SCHED_MESSENGER_OF_ANNOUNCEMENT:
        ok = take_announcement(&said, txn, task->announcement, error);
        break;
    case SCHED_MESSENGER_OF_ALERT:
        ok = take_alert(&said, txn, task->alert, error);
        break;
    default:
        ok = take_over(&said, txn, task, error);
        break;
    }
    return ok ? pick(&said, village->languages) : NULL;
}
