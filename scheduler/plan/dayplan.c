/* dayplan.c - see dayplan.h */
#include "scheduler/plan/dayplan.h"

#include "scheduler/plan/layout.h"
#include "scheduler/plan/make-up.h"
#include "scheduler/plan/quiet.h"

#include <string.h>

/*
 * Names of members, numbers at their longest, hashes and punctuation: of a day plan, of a
 * segment, of an object with its approval. The texts come on top (docs/formats.md).
 */
#define HEAD_BYTES    512
#define SEGMENT_BYTES 470
#define OBJECT_BYTES  220

/* A segment on its way into a day plan, with the id that orders it. */
typedef struct {
    const SchedSegment *segment;
    SchedZoneSet zones; /* that are to sound */
    char *id;           /* (owned) */
} Named;

static void
named_clear(gpointer data)
{
    g_free(((Named *) data)->id);
}

/* Most of its texts are the snapshot's: a large district would copy three million of them. */
static void
segment_free(gpointer data)
{
    ContentSegment *segment = data;

    g_free(segment->id);
    g_free(segment->occurrence);
    g_ptr_array_unref(segment->zones);
    g_free(segment);
}

static void
silenced_free(gpointer data)
{
    SchedSilenced *silenced = data;

    segment_free(silenced->segment);
    g_free(silenced);
}

void
sched_plan_day_free(SchedPlanDay *self)
{
    if (self == NULL)
        return;
    content_day_plan_free(self->plan);
    g_array_unref(self->findings);
    g_ptr_array_unref(self->silenced);
    g_free(self);
}

static gint
compare_named(gconstpointer a, gconstpointer b)
{
    const Named *left = a;
    const Named *right = b;

    if (left->segment->start_us != right->segment->start_us)
        return left->segment->start_us < right->segment->start_us ? -1 : 1;
    if (left->segment->output != right->segment->output)
        return left->segment->output < right->segment->output ? -1 : 1;
    return strcmp(left->id, right->id);
}

static gint
compare_objects(gconstpointer a, gconstpointer b)
{
    const SchedVersion *const *left = a;
    const SchedVersion *const *right = b;

    return strcmp((*left)->object, (*right)->object);
}

static gint
compare_approvals(gconstpointer a, gconstpointer b)
{
    const SchedVersion *const *left = a;
    const SchedVersion *const *right = b;

    return strcmp((*left)->approval, (*right)->approval);
}

static gint
compare_findings(gconstpointer a, gconstpointer b)
{
    const SchedFinding *left = a;
    const SchedFinding *right = b;
    gint order = (left->at_us > right->at_us) - (left->at_us < right->at_us);

    if (order == 0)
        order = strcmp(left->slot, right->slot);
    if (order == 0)
        order = g_strcmp0(left->item, right->item);
    if (order == 0)
        order = g_strcmp0(left->zone, right->zone);
    if (order == 0)
        order = g_strcmp0(left->language, right->language);
    return order != 0 ? order : (gint) left->kind - (gint) right->kind;
}

static ContentSource
source_of(SchedPlanItemKind kind)
{
    if (kind == SCHED_PLAN_ITEM_STREAM)
        return CONTENT_SOURCE_STREAM;
    return kind == SCHED_PLAN_ITEM_LINE_IN ? CONTENT_SOURCE_LINE_IN : CONTENT_SOURCE_OBJECT;
}

static ContentSegment *
segment_new(const SchedIndexStation *station, const Named *named, const SchedZoneSet *zones)
{
    const SchedSegment *from = named->segment;
    const SchedSlot *slot = from->occurrence->slot->slot->source;
    const SchedVersion *version = from->version->source;
    ContentSegment *segment = content_shape_new(&content_segment_shape);

    segment->id = g_strdup(named->id);
    g_ptr_array_set_free_func(segment->zones, NULL);
    segment->slot = slot->id;
    segment->occurrence = g_strdup(from->occurrence->id);
    segment->item = from->item->source->id;
    segment->repetition = from->repetition;
    segment->output = g_ptr_array_index(station->outputs, from->output);
    for (SCHED_ZONES(zones, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

        g_ptr_array_add(segment->zones, zone->source->id);
    }
    segment->start_us = from->start_us;
    segment->duration_us = from->duration_us;
    segment->language = version->language;
    segment->class_ = slot->class_;
    segment->source = source_of(from->item->source->kind);
    segment->object = version->object;
    segment->approval = version->approval;
    segment->gain_mdb = slot->gain_mdb;
    segment->title = from->item->announcement->source->title;
    return segment;
}

/* What the segments of @named need, each once and in order. */
static void
add_objects(ContentDayPlan *plan, const GArray *named)
{
    g_autoptr(GPtrArray) versions = g_ptr_array_sized_new(named->len);
    const SchedVersion *last = NULL;

    for (guint i = 0; i < named->len; i++)
        g_ptr_array_add(versions,
                        (gpointer) g_array_index(named, Named, i).segment->version->source);
    g_ptr_array_sort(versions, compare_objects);
    for (guint i = 0; i < versions->len; i++) {
        const SchedVersion *version = g_ptr_array_index(versions, i);
        ContentPlanObject *object;

        if (last != NULL && strcmp(last->object, version->object) == 0)
            continue;
        last = version;
        object = content_shape_new(&content_plan_object_shape);
        object->hash = version->object;
        object->size_bytes = version->size_bytes;
        object->duration_us = version->duration_us;
        g_ptr_array_add(plan->objects, object);
    }
    last = NULL;
    g_ptr_array_sort(versions, compare_approvals);
    for (guint i = 0; i < versions->len; i++) {
        const SchedVersion *version = g_ptr_array_index(versions, i);

        if (last == NULL || strcmp(last->approval, version->approval) != 0)
            g_ptr_array_add(plan->approvals, version->approval);
        last = version;
    }
}

/* Bytes of a text in JSON, where two of its signs take one more. */
static gsize
text_bytes(const char *text)
{
    gsize n = strlen(text);

    for (; *text != '\0'; text++)
        n += *text == '"' || *text == '\\';
    return n;
}

/* At most so many bytes a segment takes in the document; a new @version brings its rows along.
 */
static gsize
segment_bytes(const SchedIndexStation *station, const Named *named, gboolean is_new_version)
{
    const SchedSegment *from = named->segment;
    gsize n = SEGMENT_BYTES + (is_new_version ? OBJECT_BYTES : 0);

    n += strlen(from->occurrence->slot->slot->source->id) + strlen(from->occurrence->id) +
         strlen(from->item->source->id) +
         strlen(g_ptr_array_index(station->outputs, from->output)) +
         text_bytes(from->item->announcement->source->title);
    for (SCHED_ZONES(&named->zones, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

        n += strlen(zone->source->id) + strlen("\"\",");
    }
    return n;
}

/* How many of the first segments a document holds. */
static guint
count_that_fit(const SchedIndexStation *station, const GArray *named)
{
    g_autoptr(GHashTable) versions = g_hash_table_new(NULL, NULL);
    gsize n_bytes = HEAD_BYTES;

    for (guint i = 0; i < named->len; i++) {
        const Named *one = &g_array_index(named, Named, i);

        n_bytes += segment_bytes(station, one,
                                 g_hash_table_add(versions, (gpointer) one->segment->version));
        if (i >= CONTENT_PLAN_MAX_SEGMENTS || n_bytes > CONTENT_DOCUMENT_MAX_BYTES)
            return i;
    }
    return named->len;
}

/* Above the limits of a document the latest are left out, and said to be. */
static void
drop_surplus(const SchedIndexStation *station, GArray *named, SchedLayout *layout)
{
    guint n_kept = count_that_fit(station, named);

    for (guint i = n_kept; i < named->len; i++) {
        const Named *surplus = &g_array_index(named, Named, i);

        sched_layout_report(layout, surplus->segment, &surplus->zones, SCHED_FINDING_TOO_MANY,
                            NULL);
    }
    g_array_set_size(named, n_kept);
}

static ContentDayPlan *
day_plan_new(const SchedIndexStation *station, SchedDay day, const GArray *named)
{
    ContentDayPlan *plan = content_document_new(&content_day_plan_type);

    g_ptr_array_set_free_func(plan->segments, segment_free);
    g_ptr_array_set_free_func(plan->objects, g_free);
    g_ptr_array_set_free_func(plan->approvals, NULL);
    plan->station = g_strdup(station->source->id);
    plan->date = g_malloc(11);
    sched_day_write(day, plan->date);
    plan->tzid = g_strdup(station->source->tzid);
    for (guint i = 0; i < named->len; i++) {
        const Named *one = &g_array_index(named, Named, i);

        g_ptr_array_add(plan->segments, segment_new(station, one, &one->zones));
    }
    add_objects(plan, named);
    return plan;
}

/*
 * What is made up has an id of its own, for the player keeps the other one as missed. The
 * block, and the special day that moved it: a village that hears it at its own time must
 * not find its id finished by another that heard it earlier.
 */
static char *
part_of(const SchedSegment *segment)
{
    const SchedSpecialDay *rule = segment->occurrence->special.rule;
    const char *block = segment->block == NULL ? "" : segment->block;
    gboolean is_moved = rule != NULL && (rule->act == SCHED_SPECIAL_MOVE_TO ||
                                         rule->act == SCHED_SPECIAL_MOVE_BY);

    if (segment->occurrence->is_make_up)
        return g_strconcat(block, "@make-up", NULL);
    return is_moved ? g_strconcat(block, "@", rule->id, NULL) : g_strdup(block);
}

/*
 * An id depends on nothing that other zones hear. Only where their orders contradict each other
 * does the same part sound twice, each time in other zones: the later one is numbered.
 * @taken: set of ids of the day
 */
static char *
name_segment(const SchedIndexStation *station, const SchedSegment *segment, GHashTable *taken)
{
    g_autofree char *base = part_of(segment);

    for (guint again = 0;; again++) {
        g_autofree char *part =
            again == 0 ? g_strdup(base) : g_strdup_printf("%s+%u", base, again);
        char *id = content_segment_id(segment->occurrence->id, segment->item->source->id,
                                      segment->version->source->language,
                                      g_ptr_array_index(station->outputs, segment->output),
                                      segment->repetition, part);

        if (!g_hash_table_contains(taken, id)) {
            g_hash_table_add(taken, id);
            return id;
        }
        g_free(id);
    }
}

/* A segment's id is a hash already; its first digits are as good as all of them. */
static guint
hash_name(gconstpointer id)
{
    guint hash;

    memcpy(&hash, id, sizeof hash);
    return hash * 2654435761u;
}

/* The segments of @day, named and in the order of the document. */
static GArray *
name_segments(const SchedIndexStation *station, const SchedLayout *layout, SchedDay day)
{
    const GArray *segments = sched_layout_segments(layout);
    GArray *named = g_array_new(FALSE, FALSE, sizeof(Named));
    g_autoptr(GHashTable) taken = g_hash_table_new(hash_name, g_str_equal);

    g_array_set_clear_func(named, named_clear);
    for (guint i = 0; i < segments->len; i++) {
        const SchedSegment *segment = &g_array_index(segments, SchedSegment, i);
        Named name = {segment, segment->zones, NULL};

        if (segment->occurrence->day != day)
            continue;
        name.id = name_segment(station, segment, taken);
        g_array_append_val(named, name);
    }
    g_array_sort(named, compare_named);
    return named;
}

static GArray *
findings_of(const SchedLayout *layout, SchedDay day)
{
    const GArray *all = sched_layout_findings(layout);
    GArray *findings = g_array_new(FALSE, FALSE, sizeof(SchedFinding));

    for (guint i = 0; i < all->len; i++) {
        const SchedDatedFinding *dated = &g_array_index(all, SchedDatedFinding, i);

        if (dated->day == day)
            g_array_append_val(findings, dated->finding);
    }
    g_array_sort(findings, compare_findings);
    return findings;
}

/* Every zone keeps silent for one request alone, the first that asks. */
static void
hush_segment(const SchedIndexStation *station, Named *named, SchedLayout *layout,
             GPtrArray *silenced)
{
    gint64 start_us = named->segment->start_us;
    gint64 end_us = start_us + named->segment->duration_us;
    const SchedQuiet *quiet;
    SchedZoneSet zones;
    guint number = 0;

    while ((quiet = sched_quiet_zones(station, start_us, end_us, &named->zones, &number,
                                      &zones)) != NULL) {
        SchedSilenced *one = g_new0(SchedSilenced, 1);

        one->segment = segment_new(station, named, &zones);
        one->quiet = quiet;
        g_ptr_array_add(silenced, one);
        sched_layout_report(layout, named->segment, &zones, SCHED_FINDING_QUIET_REQUEST, quiet);
        named->zones = sched_zone_set_differing(&named->zones, &zones);
    }
}

/* Takes out of @named what is not to sound; what is named already keeps its name. */
static GPtrArray *
hush(const SchedIndexStation *station, GArray *named, SchedLayout *layout)
{
    GPtrArray *silenced = g_ptr_array_new_with_free_func(silenced_free);

    for (guint i = 0; station->quiets->len > 0 && i < named->len;) {
        Named *one = &g_array_index(named, Named, i);

        hush_segment(station, one, layout, silenced);
        if (sched_zone_set_is_empty(&one->zones))
            g_array_remove_index(named, i);
        else
            i++;
    }
    return silenced;
}

static SchedPlanDay *
plan_day_new(const SchedIndexStation *station, SchedLayout *layout, SchedDay day)
{
    SchedPlanDay *self = g_new0(SchedPlanDay, 1);
    g_autoptr(GArray) named = name_segments(station, layout, day);

    self->silenced = hush(station, named, layout);
    drop_surplus(station, named, layout);
    self->day = day;
    self->plan = day_plan_new(station, day, named);
    self->findings = findings_of(layout, day);
    return self;
}

GPtrArray *
sched_plan_station(SchedIndex *index, const char *station, SchedDay from, guint n_days,
                   GError **error)
{
    const SchedIndexStation *found = sched_index_station(index, station);
    SchedDay to = from + (SchedDay) n_days - 1;
    g_autoptr(GPtrArray) days = NULL;
    g_autoptr(GArray) occurrences = NULL;
    g_autoptr(GPtrArray) made_up = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchedLayout) layout = NULL;

    g_return_val_if_fail(n_days >= 1 && n_days <= SCHED_PLAN_MAX_DAYS, NULL);
    if (found == NULL) {
        g_set_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID,
                    "no station \"%s\" in the snapshot", station);
        return NULL;
    }
    occurrences = sched_expand(found, index, from - 1, to + 1, error);
    if (occurrences == NULL)
        return NULL;
    sched_clash_sort(occurrences);
    layout = sched_layout_new(found, from - 1, to + 1);
    for (guint i = 0; i < occurrences->len; i++)
        sched_layout_add(layout, &g_array_index(occurrences, SchedOccurrence, i));
    sched_make_up_lay(index, found, layout, from - 1, to + 1, made_up);
    days = g_ptr_array_new_with_free_func((GDestroyNotify) sched_plan_day_free);
    for (SchedDay day = from; day <= to; day++)
        g_ptr_array_add(days, plan_day_new(found, layout, day));
    return g_steal_pointer(&days);
}

SchedPlanDay *
sched_plan_station_day(SchedIndex *index, const char *station, SchedDay day, GError **error)
{
    g_autoptr(GPtrArray) days = sched_plan_station(index, station, day, 1, error);

    return days == NULL ? NULL : g_ptr_array_steal_index(days, 0);
}
