/* preview.c - see preview.h */
#include "scheduler/publish/preview.h"

#include "scheduler/plan/preview.h"
#include "scheduler/publish/gather.h"

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
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
    set_text(object, "by", line->by);
    if (line->has_finding)
        set_text(object, "finding", sched_finding_words[line->why]);
    return object;
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
    if (snapshot == NULL || (index = sched_index_new(snapshot, error)) == NULL)
        return NULL;
    if (sched_index_area(index, area) == NULL) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no area '%s'",
                    area);
        return NULL;
    }
    preview = sched_preview_area(index, area, day, error);
    if (preview == NULL)
        return NULL;
    lines = json_array();
    for (guint i = 0; i < preview->lines->len; i++)
        json_array_append_new(lines,
                              line_json(&g_array_index(preview->lines, SchedPreviewLine, i)));
    return json_pack("{s:I, s:o}", "zones", (json_int_t) preview->n_zones, "lines", lines);
}
