/* parts.c - see parts.h */
#include "player/cue/parts.h"

void
play_part_take_level(ContentPart *part, const PlayHeard *heard, gboolean is_newest)
{
    part->level_mdb = heard->level_mdb;
    part->peak_mdb = heard->peak_mdb;
    if (is_newest)
        part->silent_us += heard->silent_us;
}

GPtrArray *
play_parts_new(void)
{
    return g_ptr_array_new_with_free_func(content_part_shape.free);
}

static gint
compare_parts(gconstpointer a, gconstpointer b)
{
    const ContentPart *x = *(ContentPart *const *) a;
    const ContentPart *y = *(ContentPart *const *) b;

    return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static ContentPart *
find_start(const GPtrArray *parts, gint64 from_us)
{
    for (guint i = 0; i < parts->len; i++) {
        ContentPart *part = parts->pdata[i];

        if (part->from_us == from_us)
            return part;
    }
    return NULL;
}

/* Evidence of a relay that is not the same for both is no evidence for the whole. */
static void
join(ContentPart *one, const ContentPart *next)
{
    gboolean is_longer = next->to_us - next->from_us > one->to_us - one->from_us;

    if (is_longer)
        one->level_mdb = next->level_mdb;
    one->peak_mdb = MAX(one->peak_mdb, next->peak_mdb);
    one->silent_us += next->silent_us + MAX(next->from_us - one->to_us, 0);
    if (one->relay != next->relay)
        one->relay = CONTENT_RELAY_UNKNOWN;
    if (next->to_us >= one->to_us)
        one->at_least = next->at_least;
    one->to_us = MAX(one->to_us, next->to_us);
    one->silent_us = MIN(one->silent_us, one->to_us - one->from_us);
}

void
play_parts_add(GPtrArray *parts, ContentPart *part)
{
    ContentPart *same = find_start(parts, part->from_us);

    if (same != NULL) {
        if (part->to_us > same->to_us)
            *same = *part;
        content_shape_free(&content_part_shape, part);
        return;
    }
    g_ptr_array_add(parts, part);
    g_ptr_array_sort(parts, compare_parts);
    if (parts->len <= CONTENT_RECORD_MAX_PARTS)
        return;
    join(parts->pdata[parts->len - 2], parts->pdata[parts->len - 1]);
    g_ptr_array_set_size(parts, (gint) parts->len - 1);
}

void
play_parts_add_all(GPtrArray *parts, const GPtrArray *more, gint64 offset_us)
{
    for (guint i = 0; i < more->len; i++) {
        ContentPart *part = content_part_copy(more->pdata[i]);

        part->from_us += offset_us;
        part->to_us += offset_us;
        if (part->relay_asked_us != 0)
            part->relay_asked_us += offset_us;
        if (part->relay_read_us != 0)
            part->relay_read_us += offset_us;
        play_parts_add(parts, part);
    }
}

gint64
play_parts_heard_us(const GPtrArray *parts)
{
    gint64 heard_us = 0, covered_us = 0;

    for (guint i = 0; i < parts->len; i++) {
        const ContentPart *part = parts->pdata[i];

        heard_us += MAX(part->to_us - MAX(part->from_us, covered_us), 0);
        covered_us = MAX(covered_us, part->to_us);
    }
    return heard_us;
}

const ContentPart *
play_parts_longest(const GPtrArray *parts)
{
    const ContentPart *longest = parts->pdata[0];

    for (guint i = 1; i < parts->len; i++) {
        const ContentPart *part = parts->pdata[i];

        if (part->to_us - part->from_us > longest->to_us - longest->from_us)
            longest = part;
    }
    return longest;
}
