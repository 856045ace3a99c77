/* templates.c - see templates.h */
#include "scheduler/store/templates.h"

#include "content/base/id.h"
#include "content/language.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

#include <string.h>

#define VIETNAMESE "vi"
/* Phrases have no end of their own: they are withdrawn. */
#define VALID_UNTIL_US CONTENT_US_MAX
#define CATEGORY       "canh-bao"
#define ISSUER         "Bộ câu mẫu cảnh báo của Loa"
#define DISTRICT       "district"
#define ADDED_LAST     1000 /* behind the standard set */

/* clang-format off */
static const char sql_add_template[] =
    "INSERT INTO alert_templates (id, event, title, severity, tone, tone_ms, repeats, gap_ms, "
    "again_s, life_min) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_add_part[] =
    "INSERT INTO alert_parts (template, position, phrase, blank) VALUES ($1, $2, $3, $4)";
static const char sql_add_value[] =
    "INSERT INTO alert_values (id, blank, area, position) VALUES ($1, $2, $3, $4)";
static const char sql_has_phrase[] = "SELECT 1 FROM announcements WHERE id = $1";
static const char sql_has_template[] = "SELECT 1 FROM alert_templates WHERE id = $1";
static const char sql_has_value[] = "SELECT 1 FROM alert_values WHERE id = $1";
static const char sql_count_values[] =
    "SELECT count(*) FROM alert_values AS v JOIN announcements AS a ON a.id = v.id "
    "WHERE v.area IS NULL AND a.withdrawn = 0 AND v.id <> $1";
static const char sql_names[] = "SELECT count(*) FROM alert_values WHERE area = $1";
static const char sql_templates[] =
    "SELECT id, event, title, severity, tone, tone_ms, repeats, gap_ms, again_s, life_min "
    "FROM alert_templates WHERE retired_us = 0 ORDER BY id";
static const char sql_parts[] =
    "SELECT template, language, phrase, blank FROM alert_parts ORDER BY template, language, position";
static const char sql_values[] =
    "SELECT v.id AS id, v.blank AS blank, a.title AS title, v.area AS area "
    "FROM alert_values AS v JOIN announcements AS a ON a.id = v.id WHERE a.withdrawn = 0 "
    "ORDER BY v.id";
static const char sql_audio[] =
    "SELECT v.announcement AS phrase, v.language AS language, v.object AS object, "
    "v.approval AS approval, o.size_bytes AS size_bytes, o.duration_us AS duration_us "
    "FROM announcements AS a JOIN versions AS v ON v.announcement = a.id "
    "JOIN objects AS o ON o.hash = v.object WHERE a.phrase = 1 AND a.withdrawn = 0 "
    "AND v.state = 'approved' AND a.valid_from_us <= $1 AND a.valid_until_us > $1 "
    "ORDER BY CASE v.language WHEN 'vi' THEN 0 ELSE 1 END, v.language, v.announcement";
static const char sql_spoken_by[] =
    "SELECT v.id FROM versions AS v JOIN announcements AS a ON a.id = v.announcement "
    "WHERE v.object = $1 AND a.phrase = 1 ORDER BY v.id LIMIT 1";
static const char sql_phrases[] =
    "SELECT a.id AS phrase, a.title AS title, coalesce(w.blank, 'none') AS blank, "
    "coalesce(v.language, $2, '') AS language, coalesce(v.id, '') AS version, v.state AS state, "
    "CASE WHEN v.object IS NULL THEN 0 ELSE 1 END AS has_audio FROM announcements AS a "
    "LEFT JOIN alert_values AS w ON w.id = a.id LEFT JOIN versions AS v ON v.announcement = a.id "
    "AND ($2 IS NULL OR v.language = $2) "
    "WHERE a.phrase = 1 AND a.withdrawn = 0 AND (w.id IS NOT NULL OR EXISTS (SELECT 1 "
    "FROM alert_parts AS q JOIN alert_templates AS t ON t.id = q.template "
    "WHERE q.phrase = a.id AND t.retired_us = 0) OR NOT EXISTS (SELECT 1 FROM alert_parts AS q "
    "WHERE q.phrase = a.id)) AND ($1 IS NULL OR w.area IS NULL "
    "OR w.area IN (SELECT below FROM area_paths WHERE above = $1) "
    "OR w.area IN (SELECT z.village FROM zones AS z JOIN stations AS s ON s.id = z.station "
    "JOIN area_paths AS p ON p.below = s.area WHERE p.above = $1 AND s.retired = 0)) "
    "ORDER BY CASE coalesce(w.blank, 'none') WHEN 'none' THEN 0 WHEN 'village' THEN 2 ELSE 1 END, "
    "w.blank, w.position, CASE WHEN w.area IS NULL THEN '' ELSE a.title END, a.id, v.language";

static const SchedSqlColumn template_columns[] = {
    { "id",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentTemplate, id)       },
    { "event",    SCHED_SQL_WORD, G_STRUCT_OFFSET(ContentTemplate, event), content_event_kind_words },
    { "title",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentTemplate, title)    },
    { "severity", SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, severity) },
    { "tone",     SCHED_SQL_WORD, G_STRUCT_OFFSET(ContentTemplate, tone), content_alert_tone_words },
    { "tone_ms",  SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, tone_ms)  },
    { "repeats",  SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, repeats)  },
    { "gap_ms",   SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, gap_ms)   },
    { "again_s",  SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, again_s)  },
    { "life_min", SCHED_SQL_INT,  G_STRUCT_OFFSET(ContentTemplate, life_min) },
    { "lines",    SCHED_SQL_LIST, G_STRUCT_OFFSET(ContentTemplate, lines)    },
    { NULL },
};
static const SchedSqlColumn value_columns[] = {
    { "id",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentTemplateValue, id)    },
    { "blank",  SCHED_SQL_WORD, G_STRUCT_OFFSET(ContentTemplateValue, blank), content_blank_words },
    { "title",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentTemplateValue, title) },
    { "area",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentTemplateValue, area)  },
    { "spoken", SCHED_SQL_LIST, G_STRUCT_OFFSET(ContentTemplateValue, spoken) },
    { NULL },
};

/* A part of a template, before it is known in which languages it is spoken. */
typedef struct {
    char *template_, *language, *phrase; /* (owned) */
    gint blank;
} PartRow;
static const SchedSqlColumn part_columns[] = {
    { "template", SCHED_SQL_TEXT, G_STRUCT_OFFSET(PartRow, template_) },
    { "language", SCHED_SQL_TEXT, G_STRUCT_OFFSET(PartRow, language)  },
    { "phrase",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(PartRow, phrase)    },
    { "blank",    SCHED_SQL_WORD, G_STRUCT_OFFSET(PartRow, blank), content_blank_words },
    { NULL },
};

/* What is approved of a phrase in a language. */
typedef struct {
    char *phrase, *language, *object, *approval; /* (owned) */
    gint64 size_bytes, duration_us;
} AudioRow;
static const SchedSqlColumn audio_columns[] = {
    { "phrase",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(AudioRow, phrase)      },
    { "language",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(AudioRow, language)    },
    { "object",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(AudioRow, object)      },
    { "approval",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(AudioRow, approval)    },
    { "size_bytes",  SCHED_SQL_INT,  G_STRUCT_OFFSET(AudioRow, size_bytes)  },
    { "duration_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(AudioRow, duration_us) },
    { NULL },
};

static const SchedSqlColumn phrase_columns[] = {
    { "phrase",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPhraseRow, phrase)   },
    { "title",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPhraseRow, title)    },
    { "blank",     SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedPhraseRow, blank), content_blank_words },
    { "language",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPhraseRow, language) },
    { "version",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPhraseRow, version)  },
    { "state",     SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedPhraseRow, state), sched_version_state_words },
    { "has_audio", SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedPhraseRow, has_audio) },
    { NULL },
};
/* clang-format on */
static void part_row_free(gpointer row);
static void audio_row_free(gpointer row);
static void
template_free(gpointer row)
{
    content_shape_free(&content_template_shape, row);
}
static void
value_free(gpointer row)
{
    content_shape_free(&content_template_value_shape, row);
}
static const SchedSqlShape template_rows = {sizeof(ContentTemplate), template_columns,
                                            template_free};
static const SchedSqlShape value_rows = {sizeof(ContentTemplateValue), value_columns,
                                         value_free};
static const SchedSqlShape part_rows = {sizeof(PartRow), part_columns, part_row_free};
static const SchedSqlShape audio_rows = {sizeof(AudioRow), audio_columns, audio_row_free};
static const SchedSqlShape phrase_rows = {sizeof(SchedPhraseRow), phrase_columns,
                                          (GDestroyNotify) sched_phrase_row_free};
SCHED_SQL_DEFINE_FREE(SchedPhraseRow, sched_phrase_row, phrase_rows)

static void
part_row_free(gpointer row)
{
    sched_sql_row_free(&part_rows, row);
}

static void
audio_row_free(gpointer row)
{
    sched_sql_row_free(&audio_rows, row);
}

/* --- the standard set ------------------------------------------------------------------------
 */

static char *
local_date(gint64 now_us)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);

    return g_date_time_format(now, "%Y-%m-%d");
}

/* As a draft with the Vietnamese text; one that is there stays as it is. */
static gboolean
add_phrase(SchedTxn *txn, const char *home, const char *id, const char *title, const char *text,
           GError **error)
{
    g_autofree char *date = local_date(sched_txn_at_us(txn));
    g_autofree char *version_id = content_id_new(sched_txn_at_us(txn));
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {.id = (char *) id,
                                      .kind = SCHED_ANNOUNCEMENT_PHRASE,
                                      .title = (char *) title,
                                      .category = (char *) CATEGORY,
                                      .class_ = CONTENT_CLASS_UU_TIEN,
                                      .source_number = (char *) "",
                                      .source_issuer = (char *) ISSUER,
                                      .source_date = date,
                                      .valid_from_us = sched_txn_at_us(txn),
                                      .valid_until_us = VALID_UNTIL_US,
                                      .home = (char *) home,
                                      .areas = areas};
    const SchedVersionRow version = {.id = version_id,
                                     .announcement = (char *) id,
                                     .language = (char *) VIETNAMESE,
                                     .script = (char *) text,
                                     .announcer_name = (char *) ""};

    if (sched_sql_is(txn, sql_has_phrase, "t", id))
        return TRUE;
    g_ptr_array_add(areas, (gpointer) home);
    return sched_store_announcement_put(txn, &row, 0, error) &&
           sched_store_version_put(txn, &version, error);
}

static gboolean
add_part(SchedTxn *txn, const char *template, gsize position, const char *part, GError **error)
{
    g_autofree char *blank =
        part[0] == '[' ? g_strndup(part + 1, strlen(part) - 2) : g_strdup("none");

    return sched_sql_run(txn, sql_add_part, error, "titt", template, (gint64) position,
                         part[0] == '[' ? NULL : part, blank);
}

static gboolean
add_template(SchedTxn *txn, const SchedStandardTemplate *t, GError **error)
{
    if (sched_sql_is(txn, sql_has_template, "t", t->id))
        return TRUE;
    if (!sched_sql_run(txn, sql_add_template, error, "tttitiiiii", t->id,
                       content_event_kind_words[t->event], t->title, t->severity,
                       content_alert_tone_words[t->tone], t->tone_ms, t->repeats, t->gap_ms,
                       t->again_s, t->life_min))
        return FALSE;
    for (gsize i = 0; t->parts[i] != NULL; i++) {
        if (!add_part(txn, t->id, i, t->parts[i], error))
            return FALSE;
    }
    return sched_sql_audit_words(txn, "alert_template.add", t->id, error, "title", t->title,
                                 NULL);
}

static gboolean
add_value(SchedTxn *txn, const char *home, const SchedStandardValue *value, const char *area,
          gint64 position, GError **error)
{
    if (sched_sql_is(txn, sql_has_value, "t", value->id))
        return TRUE;
    return add_phrase(txn, home, value->id, value->title, value->text, error) &&
           sched_sql_run(txn, sql_add_value, error, "ttti", value->id,
                         content_blank_words[value->blank], area, position);
}

/* Villages are called by the name they have in the tree. */
static gboolean
add_villages(SchedTxn *txn, const char *home, GError **error)
{
    g_autoptr(GPtrArray) areas = sched_store_area_list(txn, home, NULL, error);

    for (guint i = 0; areas != NULL && i < areas->len; i++) {
        const SchedAreaRow *area = areas->pdata[i];
        g_autofree char *id = content_id_new(sched_txn_at_us(txn));
        const SchedStandardValue value = {id, CONTENT_BLANK_VILLAGE, area->name, area->name};

        if (area->kind != SCHED_AREA_VILLAGE || area->valid_to != NULL ||
            sched_sql_is(txn, sql_names, "t", area->id))
            continue;
        if (!add_value(txn, home, &value, area->id, 0, error))
            return FALSE;
    }
    return areas != NULL;
}

static gboolean
check_values(SchedTxn *txn, const char *id, GError **error)
{
    gint64 n_others = 0;

    return sched_sql_int(txn, sql_count_values, &n_others, error, "t", id) &&
           sched_check_count("values", (gsize) n_others + 1, SCHED_VALUES_MAX, error);
}

gboolean
sched_store_phrase_add(SchedTxn *txn, const char *home, const char *id, gint blank,
                       const char *text, GError **error)
{
    const SchedStandardValue value = {id, (ContentBlank) blank, text, text};

    if (blank == CONTENT_BLANK_NONE)
        return add_phrase(txn, home, id, text, text, error);
    if (blank != CONTENT_BLANK_VILLAGE)
        return check_values(txn, id, error) &&
               add_value(txn, home, &value, NULL, ADDED_LAST, error);
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "blank: villages are called by the name they have in the tree");
    return FALSE;
}

gboolean
sched_store_templates_standard(SchedTxn *txn, const char *home, GError **error)
{
    for (const SchedStandardPhrase *p = sched_standard_phrases; p->id != NULL; p++) {
        if (!add_phrase(txn, home, p->id, p->text, p->text, error))
            return FALSE;
    }
    for (const SchedStandardTemplate *t = sched_standard_templates; t->id != NULL; t++) {
        if (!add_template(txn, t, error))
            return FALSE;
    }
    for (gsize i = 0; sched_standard_values[i].id != NULL; i++) {
        if (!add_value(txn, home, &sched_standard_values[i], NULL, (gint64) i, error))
            return FALSE;
    }
    return add_villages(txn, home, error);
}

/* --- what is approved ------------------------------------------------------------------------
 */

/* phrase and language -> AudioRow, and the languages in their order. */
typedef struct {
    GHashTable *audio;    /* (owned): "phrase language" -> AudioRow (not owned) */
    GPtrArray *languages; /* (owned) (element-type utf8) */
    GPtrArray *rows;      /* (owned) */
} Said;

static void
said_clear(Said *said)
{
    g_clear_pointer(&said->audio, g_hash_table_unref);
    g_clear_pointer(&said->languages, g_ptr_array_unref);
    g_clear_pointer(&said->rows, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static gboolean
read_said(SchedTxn *txn, Said *said, gint64 now_us, GError **error)
{
    said->rows = sched_sql_list(txn, sql_audio, &audio_rows, error, "i", now_us);
    said->audio = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    said->languages = g_ptr_array_new();
    for (guint i = 0; said->rows != NULL && i < said->rows->len; i++) {
        AudioRow *row = said->rows->pdata[i];

        g_hash_table_insert(said->audio, g_strdup_printf("%s %s", row->phrase, row->language),
                            row);
        if (!g_ptr_array_find_with_equal_func(said->languages, row->language, g_str_equal,
                                              NULL))
            g_ptr_array_add(said->languages, row->language);
    }
    return said->rows != NULL;
}

/* (nullable) (transfer none) */
static const AudioRow *
find_audio(const Said *said, const char *phrase, const char *language)
{
    g_autofree char *key = g_strdup_printf("%s %s", phrase, language);

    return g_hash_table_lookup(said->audio, key);
}

static void
add_object(ContentTemplates *templates, const AudioRow *row)
{
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

    object->hash = g_strdup(row->object);
    object->approval = g_strdup(row->approval);
    object->size_bytes = row->size_bytes;
    object->duration_us = row->duration_us;
    g_ptr_array_add(templates->objects, object);
}

static int
compare_objects(gconstpointer a, gconstpointer b)
{
    const ContentAlertObject *one = *(ContentAlertObject *const *) a;
    const ContentAlertObject *other = *(ContentAlertObject *const *) b;
    int order = strcmp(one->hash, other->hash);

    return order != 0 ? order : strcmp(one->approval, other->approval);
}

/* Two phrases may sound the same; each has its own approval, of its own language. */
static void
add_objects(ContentTemplates *templates, const Said *said)
{
    for (guint i = 0; i < said->rows->len; i++)
        add_object(templates, said->rows->pdata[i]);
    g_ptr_array_sort(templates->objects, compare_objects);
}

/* Its own order of words; a dialect has else that of its language; or else that of all: "" */
static const char *
order_of(const char *id, GPtrArray *parts, const char *language)
{
    const char *found = "";
    int best = 0;

    for (guint i = 0; i < parts->len; i++) {
        const PartRow *row = parts->pdata[i];
        int match = strcmp(row->template_, id) == 0
                        ? content_language_match(language, row->language)
                        : 0;

        if (match > best) {
            best = match;
            found = row->language;
        }
    }
    return found;
}

/* (nullable) (transfer full): NULL: something of it is not approved in the language */
static ContentTemplateLine *
make_line(const char *id, GPtrArray *parts, const Said *said, const char *language)
{
    ContentTemplateLine *line = content_shape_new(&content_template_line_shape);
    const char *order = order_of(id, parts, language);

    line->language = g_strdup(language);
    for (guint i = 0; i < parts->len; i++) {
        const PartRow *row = parts->pdata[i];
        const AudioRow *audio =
            row->phrase == NULL ? NULL : find_audio(said, row->phrase, language);
        ContentTemplatePart *part;

        if (strcmp(row->template_, id) != 0 || strcmp(row->language, order) != 0)
            continue;
        if (row->phrase != NULL && audio == NULL) {
            content_shape_free(&content_template_line_shape, line);
            return NULL;
        }
        part = content_shape_new(&content_template_part_shape);
        part->blank = row->blank;
        part->object = audio == NULL ? NULL : g_strdup(audio->object);
        g_ptr_array_add(line->parts, part);
    }
    return line;
}

static void
add_lines(ContentTemplate *template, GPtrArray *parts, const Said *said)
{
    template->lines = g_ptr_array_new_with_free_func(content_template_line_shape.free);
    for (guint i = 0; i < said->languages->len; i++) {
        ContentTemplateLine *line =
            make_line(template->id, parts, said, said->languages->pdata[i]);

        if (line != NULL)
            g_ptr_array_add(template->lines, line);
    }
}

static void
add_spoken(ContentTemplateValue *value, const Said *said)
{
    value->spoken = g_ptr_array_new_with_free_func(content_spoken_shape.free);
    for (guint i = 0; i < said->languages->len; i++) {
        const char *language = said->languages->pdata[i];
        const AudioRow *audio = find_audio(said, value->id, language);
        ContentSpoken *spoken;

        if (audio == NULL)
            continue;
        spoken = content_shape_new(&content_spoken_shape);
        spoken->language = g_strdup(language);
        spoken->object = g_strdup(audio->object);
        g_ptr_array_add(value->spoken, spoken);
    }
}

ContentTemplates *
sched_store_templates(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_auto(Said) said = {NULL};
    g_autoptr(GPtrArray) parts = sched_sql_list(txn, sql_parts, &part_rows, error, "");
    g_autoptr(GPtrArray) templates =
        parts == NULL ? NULL : sched_sql_list(txn, sql_templates, &template_rows, error, "");
    g_autoptr(GPtrArray) values =
        templates == NULL ? NULL : sched_sql_list(txn, sql_values, &value_rows, error, "");
    ContentTemplates *all;

    if (values == NULL || !read_said(txn, &said, now_us, error))
        return NULL;
    all = content_document_new(&content_templates_type);
    all->station = g_strdup(DISTRICT);
    for (guint i = 0; i < templates->len; i++)
        add_lines(templates->pdata[i], parts, &said);
    for (guint i = 0; i < values->len; i++)
        add_spoken(values->pdata[i], &said);
    g_ptr_array_extend_and_steal(all->templates, g_steal_pointer(&templates));
    g_ptr_array_extend_and_steal(all->values, g_steal_pointer(&values));
    add_objects(all, &said);
    return all;
}

GPtrArray *
sched_store_phrase_list(SchedTxn *txn, const char *area, const char *language, GError **error)
{
    return sched_sql_list(txn, sql_phrases, &phrase_rows, error, "tt", area, language);
}

GPtrArray *
sched_store_phrase_versions(SchedTxn *txn, const char *object, GError **error)
{
    return sched_sql_texts(txn, sql_spoken_by, error, "t", object);
}
