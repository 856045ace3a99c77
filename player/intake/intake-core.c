/* intake-core.c - see intake-core.h */
#include "player/intake/intake-core.h"

#include <string.h>

#include "content/exchange.h"

#define MINUTE_US      (60 * G_USEC_PER_SEC)
#define MINUTES_OF_DAY 1440
#define FREE_SHARE     5 /* a fifth of the disk is kept free */

void
play_intake_day_free(gpointer data)
{
    PlayIntakeDay *day = data;

    if (day == NULL)
        return;
    g_free(day->date);
    g_free(day->hash);
    content_day_plan_free(day->plan);
    g_free(day);
}

/* Adds a hash that is unknown, once, while there is room in the request. */
static void
want(GPtrArray *wanted, GHashTable *known, GHashTable *seen, const char *hash)
{
    if (hash == NULL || wanted->len >= CONTENT_REQUEST_MAX_HASHES ||
        g_hash_table_contains(known, hash) || !g_hash_table_add(seen, (gpointer) hash))
        return;
    g_ptr_array_add(wanted, g_strdup(hash));
}

GPtrArray *
play_intake_wanted(const ContentManifest *manifest, GPtrArray *days, GHashTable *known)
{
    GPtrArray *wanted = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    want(wanted, known, seen, manifest->keys);
    want(wanted, known, seen, manifest->settings);
    want(wanted, known, seen, manifest->templates);
    for (guint i = 0; i < manifest->grants->len; i++)
        want(wanted, known, seen, manifest->grants->pdata[i]);
    for (guint i = 0; i < days->len; i++)
        want(wanted, known, seen, ((const PlayIntakeDay *) days->pdata[i])->hash);
    for (guint i = 0; i < days->len; i++) {
        const ContentDayPlan *plan = ((const PlayIntakeDay *) days->pdata[i])->plan;

        for (guint j = 0; plan != NULL && j < plan->approvals->len; j++)
            want(wanted, known, seen, plan->approvals->pdata[j]);
    }
    return wanted;
}

gboolean
play_intake_can_apply(const ContentDayPlan *plan, GHashTable *known)
{
    for (guint i = 0; i < plan->approvals->len; i++) {
        if (!g_hash_table_contains(known, plan->approvals->pdata[i]))
            return FALSE;
    }
    return TRUE;
}

void
play_intake_needed_objects(const ContentDayPlan *plan, GHashTable *into)
{
    for (guint i = 0; i < plan->objects->len; i++) {
        const ContentPlanObject *object = plan->objects->pdata[i];

        g_hash_table_add(into, g_strdup(object->hash));
    }
}

/*
 * Returns: (transfer full): object hash -> its earliest start in segments that are not over, as
 *   gint64 *
 */
static GHashTable *
needs_of(const ContentDayPlan *plan, gint64 now_us)
{
    GHashTable *needs = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < plan->segments->len; i++) {
        ContentSegment *segment = plan->segments->pdata[i];
        const gint64 *known;

        if (segment->object == NULL || segment->start_us + segment->duration_us <= now_us)
            continue;
        known = g_hash_table_lookup(needs, segment->object);
        if (known == NULL || segment->start_us < *known)
            g_hash_table_replace(needs, segment->object, &segment->start_us);
    }
    return needs;
}

/* Is this the time for large files, or can it not wait for it? */
static gboolean
may_fetch_now(const PlayFetchItem *item, const ContentStationSettings *settings,
              PlayIntakeNow now)
{
    gint64 from, length, into, until_end;

    if (settings == NULL || item->size_bytes < settings->large_bytes ||
        settings->night_from_min == settings->night_to_min)
        return TRUE;
    from = settings->night_from_min;
    length = (settings->night_to_min - from + MINUTES_OF_DAY) % MINUTES_OF_DAY;
    into = (now.minute - from + MINUTES_OF_DAY) % MINUTES_OF_DAY;
    if (into < length)
        return TRUE;
    until_end = MINUTES_OF_DAY - into + length;
    return item->need_us < now.now_us + until_end * MINUTE_US;
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const PlayFetchItem *left = *(PlayFetchItem *const *) a;
    const PlayFetchItem *right = *(PlayFetchItem *const *) b;

    if (left->need_us != right->need_us)
        return left->need_us < right->need_us ? -1 : 1;
    return strcmp(left->hash, right->hash);
}

/* Remembers the earliest need of an object that is not here. */
static void
note_need(GHashTable *items, const ContentPlanObject *object, gint64 need_us)
{
    PlayFetchItem *item = g_hash_table_lookup(items, object->hash);

    if (item == NULL) {
        item = g_new0(PlayFetchItem, 1);
        g_strlcpy(item->hash, object->hash, sizeof item->hash);
        item->size_bytes = object->size_bytes;
        item->need_us = need_us;
        g_hash_table_insert(items, item->hash, item);
    }
    item->need_us = MIN(item->need_us, need_us);
}

static void
note_plan(GHashTable *items, const ContentDayPlan *plan, GHashTable *objects, gint64 now_us)
{
    g_autoptr(GHashTable) needs = needs_of(plan, now_us);

    for (guint i = 0; i < plan->objects->len; i++) {
        const ContentPlanObject *object = plan->objects->pdata[i];
        const gint64 *need_us = g_hash_table_lookup(needs, object->hash);

        if (need_us != NULL && !g_hash_table_contains(objects, object->hash))
            note_need(items, object, *need_us);
    }
}

GPtrArray *
play_intake_queue(GPtrArray *days, GHashTable *objects, const ContentStationSettings *settings,
                  PlayIntakeNow now)
{
    GPtrArray *queue = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) items = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer value;

    for (guint i = 0; i < days->len; i++) {
        const PlayIntakeDay *day = days->pdata[i];

        if (day->plan != NULL)
            note_plan(items, day->plan, objects, now.now_us);
    }
    g_hash_table_iter_init(&iter, items);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (may_fetch_now(value, settings, now))
            g_ptr_array_add(queue, value);
        else
            g_free(value);
    }
    g_ptr_array_sort(queue, compare_items);
    return queue;
}

/* What a day still lacks for segments from now on. */
static void
count_missing(const PlayIntakeDay *day, GHashTable *objects, gint64 now_us, gint64 *out_missing,
              gint64 *out_bytes)
{
    g_autoptr(GHashTable) needs = NULL;

    *out_missing = 0;
    *out_bytes = 0;
    if (day->plan == NULL)
        return;
    needs = needs_of(day->plan, now_us);
    for (guint i = 0; i < day->plan->objects->len; i++) {
        const ContentPlanObject *object = day->plan->objects->pdata[i];

        if (g_hash_table_contains(objects, object->hash) ||
            !g_hash_table_contains(needs, object->hash))
            continue;
        ++*out_missing;
        *out_bytes += object->size_bytes;
    }
}

void
play_intake_queue_first(const GPtrArray *wanted, GHashTable *objects, GPtrArray *queue)
{
    for (guint i = 0; i < wanted->len; i++) {
        const ContentAlertObject *object = wanted->pdata[i];
        PlayFetchItem *item;

        /* One that several phrases sound like stands there once for each, side by side. */
        if (g_hash_table_contains(objects, object->hash) ||
            (i > 0 && strcmp(object->hash,
                             ((const ContentAlertObject *) wanted->pdata[i - 1])->hash) == 0))
            continue;
        item = g_new0(PlayFetchItem, 1);
        g_strlcpy(item->hash, object->hash, sizeof item->hash);
        item->size_bytes = object->size_bytes;
        g_ptr_array_insert(queue, 0, item);
    }
}

GPtrArray *
play_intake_report_days(GPtrArray *days, GHashTable *objects, gint64 now_us)
{
    GPtrArray *report = g_ptr_array_new_with_free_func(content_report_day_shape.free);

    for (guint i = 0; i < days->len; i++) {
        const PlayIntakeDay *day = days->pdata[i];
        ContentReportDay *said = content_shape_new(&content_report_day_shape);

        said->date = g_strdup(day->date);
        said->hash = g_strdup(day->hash);
        said->state = day->is_applied ? CONTENT_DAY_APPLIED : CONTENT_DAY_PENDING;
        count_missing(day, objects, now_us, &said->missing_objects, &said->missing_bytes);
        g_ptr_array_add(report, said);
    }
    return report;
}

/* Writes the date after @date into @out, which holds 11 bytes. */
static void
next_date(const char *date, char *out)
{
    guint year = (guint) g_ascii_strtoull(date, NULL, 10);
    guint month = (guint) g_ascii_strtoull(date + 5, NULL, 10);
    guint day = (guint) g_ascii_strtoull(date + 8, NULL, 10);
    GDate next;

    g_date_clear(&next, 1);
    g_date_set_dmy(&next, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
    g_date_add_days(&next, 1);
    g_date_strftime(out, 11, "%Y-%m-%d", &next);
}

gint64
play_intake_days_ready(GPtrArray *days, GHashTable *objects, PlayIntakeNow now)
{
    char expected[11];
    gint64 n_ready = 0;

    g_strlcpy(expected, now.today, sizeof expected);
    for (guint i = 0; i < days->len; i++) {
        const PlayIntakeDay *day = days->pdata[i];
        gint64 missing = 0, bytes = 0;

        if (strcmp(day->date, now.today) < 0)
            continue;
        count_missing(day, objects, now.now_us, &missing, &bytes);
        if (strcmp(day->date, expected) != 0 || !day->is_applied || missing > 0)
            break;
        n_ready++;
        next_date(day->date, expected);
    }
    /* At midnight the district's date may be ahead of the station's. */
    return MIN(n_ready, CONTENT_DAYS_AHEAD);
}

gboolean
play_intake_must_evict(gint64 free_bytes, gint64 total_bytes)
{
    return free_bytes < total_bytes / FREE_SHARE;
}

guint
play_intake_fit(GPtrArray *queue, gint64 free_bytes)
{
    gint64 room_bytes = free_bytes - PLAY_INTAKE_RESERVE_BYTES;
    guint n_out = 0;

    for (guint i = 0; i < queue->len;) {
        const PlayFetchItem *item = queue->pdata[i];

        if (item->size_bytes > room_bytes) {
            g_ptr_array_remove_index(queue, i);
            n_out++;
        } else {
            room_bytes -= item->size_bytes;
            i++;
        }
    }
    return n_out;
}

GPtrArray *
play_intake_evictable(GPtrArray *all, GHashTable *named, GHashTable *sounding)
{
    GPtrArray *evictable = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++) {
        if (!g_hash_table_contains(named, all->pdata[i]) &&
            !g_hash_table_contains(sounding, all->pdata[i]))
            g_ptr_array_add(evictable, all->pdata[i]);
    }
    return evictable;
}
