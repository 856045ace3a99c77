/* preview.c - see preview.h */
#include "scheduler/publish/preview.h"

#include "scheduler/plan/preview.h"
#include "scheduler/publish/gather.h"
#include "scheduler/store/areas.h"

#include <string.h>

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
}

void
sched_source_set_json(json_t *line, gint source)
{
    if (source != CONTENT_SOURCE_OBJECT)
        set_text(line, "source", content_source_words[source]);
}

void
sched_quiet_set_json(json_t *line, const SchedQuiet *quiet)
{
    json_t *object;

    if (quiet == NULL)
        return;
    object = json_pack("{s:s, s:s, s:I, s:I, s:s}", "id", quiet->id, "reason", quiet->reason,
                       "from_us", (json_int_t) quiet->from_us, "until_us",
                       (json_int_t) quiet->until_us, "who", quiet->who);
    set_text(object, "words", quiet->words);
    json_object_set_new(line, "quiet", object);
}

static json_t *
line_json(const SchedPreviewLine *line)
{
    json_t *object = json_object();

    json_object_set_new(object, "at_us", json_integer(line->at_us));
    json_object_set_new(object, "duration_us", json_integer(line->duration_us));
    json_object_set_new(object, "sounds", json_boolean(line->sounds));
    set_text(object, "station", line->station);
    set_text(object, "zone", line->zone);
    set_text(object, "slot", line->slot);
    set_text(object, "item", line->item);
    set_text(object, "title", line->title);
    set_text(object, "language", line->language);
    sched_source_set_json(object, line->source);
    set_text(object, "by", line->by);
    set_text(object, "special", line->special);
    set_text(object, "special_name", line->special_name);
    if (line->has_finding)
        set_text(object, "finding", sched_finding_words[line->why]);
    sched_quiet_set_json(object, line->quiet);
    return object;
}

json_t *
sched_area_troubles_json(SchedTxn *txn, SchedIndex *index, const char *area)
{
    const GPtrArray *troubles = sched_index_troubles(index);
    json_t *list = json_array();

    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *trouble = g_ptr_array_index(troubles, i);
        json_t *object;

        if (area != NULL && trouble->place != NULL &&
            !sched_store_area_contains(txn, area, trouble->place))
            continue;
        object = json_object();
        set_text(object, "kind", trouble->kind);
        set_text(object, "id", trouble->id);
        set_text(object, "place", trouble->place);
        set_text(object, "words", trouble->words);
        set_text(object, "words_vi", trouble->words_vi);
        json_array_append_new(list, object);
    }
    return list;
}

json_t *
sched_preview_troubles(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);

    return index == NULL ? NULL : sched_area_troubles_json(txn, index, NULL);
}

gboolean
sched_area_is_planned(SchedIndex *index, const char *area, GError **error)
{
    const GPtrArray *troubles = sched_index_troubles(index);

    if (sched_index_area(index, area) != NULL)
        return TRUE;
    /* An area that was left out is not unknown. */
    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *trouble = g_ptr_array_index(troubles, i);

        if (strcmp(trouble->kind, "area") == 0 && strcmp(trouble->id, area) == 0) {
            g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                                trouble->words);
            return FALSE;
        }
    }
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no area '%s'", area);
    return FALSE;
}

json_t *
sched_preview_json(SchedTxn *txn, const char *area, const char *date, gint64 now_us,
                   GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = NULL;
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPreview) preview = NULL;
    SchedDay day;
    json_t *lines;

    if (!sched_day_parse(date, &day)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "date: '%s' is no date", date);
        return NULL;
    }
    snapshot = sched_gather_snapshot(txn, now_us, error);
    if (snapshot == NULL)
        return NULL;
    index = sched_index_new(snapshot);
    if (!sched_area_is_planned(index, area, error))
        return NULL;
    preview = sched_preview_area(index, area, day, error);
    if (preview == NULL)
        return NULL;
    lines = json_array();
    for (guint i = 0; i < preview->lines->len; i++)
        json_array_append_new(lines,
                              line_json(&g_array_index(preview->lines, SchedPreviewLine, i)));
    return json_pack("{s:I, s:o, s:o}", "zones", (json_int_t) preview->n_zones, "lines", lines,
                     "troubles", sched_area_troubles_json(txn, index, area));
}
