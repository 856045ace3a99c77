/* stage.c - see stage.h */
#include "player/output/stage.h"

#include "player/output/drift.h"

#include <math.h>
#include <string.h>

#define FADE_FRAMES (PLAY_RATE * 5 / 1000)
/* The longest block rendered at once. */
#define BLOCK_MAX_FRAMES 4800

struct PlayStage {
    GPtrArray *items; /* (element-type PlayItem), by start; not owned by the array */
    gint64 next;      /* nominal */
    gint64 written;   /* card */
    gint64 block_end; /* card: one past the block that is being rendered */
    gint16 *history;  /* ring: card frame n is at n % n_history */
    gint64 n_history;
    PlayLevel level;
    PlayStageFunc func;
    gpointer user_data;
};

void
play_item_free(PlayItem *item)
{
    if (item == NULL)
        return;
    play_source_free(item->source);
    g_free(item->id);
    g_free(item);
}

gint64
play_item_silent_frames(const PlayItem *item)
{
    return MAX(item->reached - item->joined - item->n_sounded, 0);
}

PlayStage *
play_stage_new(gint64 n_history, PlayStageFunc func, gpointer user_data)
{
    PlayStage *self = g_new0(PlayStage, 1);

    self->items = g_ptr_array_new();
    self->n_history = n_history;
    self->history = g_new0(gint16, (gsize) n_history);
    self->func = func;
    self->user_data = user_data;
    return self;
}

void
play_stage_free(PlayStage *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->items->len; i++)
        play_item_free(g_ptr_array_index(self->items, i));
    g_ptr_array_unref(self->items);
    g_free(self->history);
    g_free(self);
}

static PlayItem *
item_at(PlayStage *self, guint i)
{
    return g_ptr_array_index(self->items, i);
}

static gint64
planned_end(const PlayItem *item)
{
    return item->start + item->n_frames;
}

void
play_stage_add(PlayStage *self, PlayItem *item)
{
    guint i = 0;

    while (i < self->items->len && item_at(self, i)->start <= item->start)
        i++;
    g_ptr_array_insert(self->items, (gint) i, item);
}

gint64
play_stage_next(PlayStage *self)
{
    return self->next;
}

gint64
play_stage_written(PlayStage *self)
{
    return self->written;
}

PlayLevel *
play_stage_level(PlayStage *self)
{
    return &self->level;
}

static void
tell_end(PlayStage *self, guint i)
{
    PlayItem *item = item_at(self, i);

    g_ptr_array_remove_index(self->items, i);
    self->func(item, TRUE, self->user_data);
}

/* The card frame at which nominal frame @offset of the block lies; a stretched block is one
 * nominal frame longer or shorter than it will be on the card. */
static gint64
card_frame(PlayStage *self, gint64 offset)
{
    return MIN(self->written + offset, self->block_end);
}

/* The item gets no more frames; its end is told when the card has sounded the last one. */
static void
finish(PlayStage *self, PlayItem *item, gint64 card_to, ContentReason reason)
{
    if (item->state == PLAY_ITEM_PLACED)
        item->card_from = card_to;
    item->state = PLAY_ITEM_RENDERED;
    item->card_to = card_to;
    item->reason = reason;
}

void
play_stage_jump(PlayStage *self, gint64 nominal)
{
    self->next = nominal;
    for (guint i = 0; i < self->items->len; i++) {
        PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_RENDERED || planned_end(item) > nominal)
            continue;
        if (item->state == PLAY_ITEM_SOUNDING)
            item->reached = item->offset + item->n_frames;
        finish(self, item, self->written, CONTENT_REASON_OUTPUT_FAILED);
    }
}

gboolean
play_stage_is_silent(PlayStage *self, gint64 from, gint64 to)
{
    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);

        if (item->state != PLAY_ITEM_RENDERED && item->start < to && planned_end(item) > from)
            return FALSE;
    }
    return TRUE;
}

gboolean
play_stage_is_sounding(PlayStage *self, gint64 heard)
{
    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_SOUNDING ||
            (item->state == PLAY_ITEM_RENDERED && item->card_to > heard &&
             item->card_from < item->card_to))
            return TRUE;
    }
    return FALSE;
}

PlayLevel
play_stage_item_level(PlayStage *self, gint64 heard)
{
    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_SOUNDING ||
            (item->state == PLAY_ITEM_RENDERED && item->card_to > heard))
            return item->level;
    }
    return (PlayLevel){0};
}

gboolean
play_stage_waits(PlayStage *self)
{
    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_RENDERED)
            continue;
        return item->start <= self->next && planned_end(item) > self->next &&
               !play_source_is_ready(item->source);
    }
    return FALSE;
}

static void
apply_gain(gint16 *frames, gint64 n_frames, gdouble gain)
{
    for (gint64 i = 0; gain < 1.0 && i < n_frames; i++)
        frames[i] = (gint16) lrint(gain * frames[i]);
}

/*
 * Frames [@at, @at + @n) of the item. A source behind its time is skipped up to it, one that is
 * ahead (a hole in the file) leaves silence. Returns how many frames were the source's, which
 * end the span of *@out_span frames that have a place; fewer than @n: late, or over.
 */
static gint64
read_item(PlayItem *item, gint64 at, gint16 *frames, gint64 n, gint64 *out_span)
{
    gint64 position = play_source_position(item->source), ahead;
    gint64 n_read;

    *out_span = 0;
    if (position < at) {
        play_source_read(item->source, NULL, (gsize) (at - position));
        position = play_source_position(item->source);
        if (position < at)
            return 0;
    }
    ahead = MIN(position - at, n);
    n_read = (gint64) play_source_read(item->source, frames + ahead, (gsize) (n - ahead));
    apply_gain(frames + ahead, n_read, item->gain);
    *out_span = ahead + n_read;
    return n_read;
}

/* Why an item whose source gave all it will give is over. */
static ContentReason
reason_of_end(PlayItem *item, PlaySourceEnd end)
{
    if (end == PLAY_SOURCE_FAILED)
        return CONTENT_REASON_DECODE_FAILED;
    return item->n_sounded == 0 && item->n_frames > 0 ? CONTENT_REASON_LATE_SOURCE
                                                      : CONTENT_REASON_NONE;
}

/*
 * Renders the item's share of nominal [next + done, next + n_frames) and returns one past the
 * last frame of the block that is the item's; the rest of its share is silence.
 */
static gint64
render_item(PlayStage *self, PlayItem *item, gint16 *frames, gint64 done, gint64 n_frames)
{
    gint64 from = MAX(item->start - self->next, done);
    gint64 to = MIN(planned_end(item) - self->next, n_frames);
    gint64 at = item->offset + self->next + from - item->start, span, n_read;
    PlaySourceEnd end = PLAY_SOURCE_GOING;

    if (item->state == PLAY_ITEM_PLACED) {
        item->state = PLAY_ITEM_SOUNDING;
        item->joined = item->reached = at;
        item->card_from = card_frame(self, from);
    }
    n_read = read_item(item, at, frames + from, to - from, &span);
    item->n_sounded += n_read;
    if (span < to - from)
        end = play_source_end(item->source, NULL);
    if (end != PLAY_SOURCE_GOING)
        to = from + span;
    play_level_add(&item->level, frames + from, (gsize) (to - from));
    item->reached = at + to - from;
    if (end == PLAY_SOURCE_FINISHED)
        item->missing = item->offset + item->n_frames - item->reached;
    if (end != PLAY_SOURCE_GOING || item->reached >= item->offset + item->n_frames)
        finish(self, item, card_frame(self, to), reason_of_end(item, end));
    return to;
}

static void
render_nominal(PlayStage *self, gint16 *frames, gint64 n_frames)
{
    gint64 done = 0;

    memset(frames, 0, (gsize) n_frames * sizeof *frames);
    for (guint i = 0; i < self->items->len; i++) {
        PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_RENDERED)
            continue;
        if (item->start >= self->next + n_frames)
            break;
        if (planned_end(item) <= self->next + done)
            finish(self, item, card_frame(self, done), CONTENT_REASON_DISPLACED);
        else if (done < n_frames)
            done = render_item(self, item, frames, done, n_frames);
    }
    self->next += n_frames;
}

/* In pieces up to the end of the ring: a division for each frame would be most of the work. */
static void
remember(PlayStage *self, const gint16 *frames, gint64 n_frames)
{
    while (n_frames > 0) {
        gint64 at = self->written % self->n_history;
        gint64 n = MIN(n_frames, self->n_history - at);

        memcpy(self->history + at, frames, (gsize) n * sizeof *frames);
        self->written += n;
        frames += n;
        n_frames -= n;
    }
}

void
play_stage_render(PlayStage *self, gint16 *frames, gint64 n_frames, gint stretch)
{
    gint16 nominal[BLOCK_MAX_FRAMES + 1];

    g_return_if_fail(n_frames > 1 && n_frames <= BLOCK_MAX_FRAMES);
    g_return_if_fail(stretch >= -1 && stretch <= 1);
    self->block_end = self->written + n_frames;
    render_nominal(self, nominal, n_frames + stretch);
    play_stretch(nominal, (gsize) (n_frames + stretch), frames, (gsize) n_frames);
    play_level_add(&self->level, frames, (gsize) n_frames);
    remember(self, frames, n_frames);
}

void
play_stage_pad(PlayStage *self, gint64 n_frames)
{
    for (; n_frames > 0; n_frames--) {
        self->history[self->written % self->n_history] = 0;
        self->written++;
    }
}

static gint16 *
history_at(PlayStage *self, gint64 card_frame)
{
    return &self->history[card_frame % self->n_history];
}

/* Turns card frames [from, to) of the item into a fade and silence. */
static void
fade_out(PlayStage *self, PlayItem *item, gint64 from, gint64 to)
{
    gint64 n_fade = MIN(FADE_FRAMES, to - from);

    for (gint64 i = from; i < to; i++) {
        gint16 *frame = history_at(self, i);
        gint64 left = n_fade - (i - from);

        play_level_remove(&item->level, frame, 1);
        *frame = (gint16) (*frame * MAX(left, 0) / (n_fade + 1));
        if (left > 0)
            play_level_add(&item->level, frame, 1);
    }
    item->n_sounded = MAX(item->n_sounded - (to - from - n_fade), 0);
    item->reached = MAX(item->reached - (to - from - n_fade), item->joined);
    item->card_to = from + n_fade;
}

static void
cut_item(PlayStage *self, PlayItem *item, gint64 n_back, ContentReason reason)
{
    gint64 from = MAX(item->card_from, self->written - n_back);
    gint64 to = item->state == PLAY_ITEM_RENDERED ? item->card_to : self->written;

    if (item->state == PLAY_ITEM_RENDERED && from >= to)
        return;
    finish(self, item, to, reason);
    if (from < to)
        fade_out(self, item, from, to);
}

void
play_stage_cut(PlayStage *self, const char *id, gint64 n_back, ContentReason reason)
{
    for (guint i = self->items->len; i-- > 0;) {
        PlayItem *item = item_at(self, i);

        if (id != NULL && !g_str_equal(id, item->id))
            continue;
        if (item->state == PLAY_ITEM_PLACED) {
            item->reason = reason;
            tell_end(self, i);
        } else {
            cut_item(self, item, n_back, reason);
        }
    }
}

const PlayItem *
play_stage_find(PlayStage *self, const char *id)
{
    for (guint i = 0; i < self->items->len; i++) {
        if (g_str_equal(item_at(self, i)->id, id))
            return item_at(self, i);
    }
    return NULL;
}

gint64
play_stage_next_mark(PlayStage *self, gint64 heard)
{
    gint64 nearest = -1;

    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);
        gint64 mark = -1;

        if (item->state != PLAY_ITEM_PLACED && !item->was_started)
            mark = MAX(item->card_from + 1 - heard, 0);
        else if (item->state == PLAY_ITEM_RENDERED)
            mark = MAX(item->card_to - heard, 0);
        if (mark >= 0 && (nearest < 0 || mark < nearest))
            nearest = mark;
    }
    return nearest;
}

void
play_stage_recall(PlayStage *self, gint16 *frames, gint64 n_frames)
{
    for (gint64 i = 0; i < n_frames; i++)
        frames[i] = *history_at(self, self->written - n_frames + i);
}

gint64
play_stage_silent_back(PlayStage *self, gint64 n_back)
{
    gint64 silent_from = self->written - n_back;

    for (guint i = 0; i < self->items->len; i++) {
        const PlayItem *item = item_at(self, i);

        if (item->state == PLAY_ITEM_SOUNDING)
            return 0;
        if (item->state == PLAY_ITEM_RENDERED)
            silent_from = MAX(silent_from, item->card_to);
    }
    return self->written - silent_from;
}

void
play_stage_step_back(PlayStage *self, gint64 n_frames)
{
    self->written -= n_frames;
    self->next -= n_frames;
}

void
play_stage_heard(PlayStage *self, gint64 heard, gint64 now_us)
{
    for (guint i = 0; i < self->items->len;) {
        PlayItem *item = item_at(self, i);

        if (item->state != PLAY_ITEM_PLACED && !item->was_started && item->n_sounded > 0 &&
            heard > item->card_from) {
            item->was_started = TRUE;
            item->start_us = now_us - play_us_of_frames(heard - item->card_from);
            self->func(item, FALSE, self->user_data);
        }
        if (item->state != PLAY_ITEM_RENDERED || heard < item->card_to) {
            i++;
            continue;
        }
        if (item->was_started)
            item->end_us = now_us - play_us_of_frames(heard - item->card_to);
        tell_end(self, i);
    }
}

void
play_stage_lose(PlayStage *self, gint64 n_frames)
{
    gint64 kept = self->written - n_frames;

    for (guint i = 0; i < self->items->len; i++) {
        PlayItem *item = item_at(self, i);
        gint64 to = item->state == PLAY_ITEM_RENDERED ? item->card_to : self->written;
        gint64 n_lost = to - MAX(item->card_from, kept);

        if (item->state == PLAY_ITEM_PLACED || n_lost <= 0)
            continue;
        item->n_sounded = MAX(item->n_sounded - n_lost, 0);
        if (item->state == PLAY_ITEM_RENDERED)
            item->reason = CONTENT_REASON_OUTPUT_FAILED;
        else if (!item->was_started && item->card_from >= kept)
            item->state = PLAY_ITEM_PLACED;
    }
}
