/* ledger.c - see ledger.h */
#include "player/cue/ledger.h"

#include "player/cue/parts.h"

#include <string.h>

/* What is known of one zone. */
typedef struct {
    gboolean is_settled; /* it has its final record */
    gboolean is_used;    /* it counts for the zone's minutes a day: begun there, not missed */
    GPtrArray *parts;    /* (owned): heard by players that ended within it */
    gint reason;         /* ContentReason: why the newest of those ended */
} ZoneLine;

typedef struct {
    gint64 start_us;   /* planned */
    gint64 end_us;     /* planned */
    gint64 started_us; /* 0: not begun */
    GHashTable *zones; /* (owned): id -> ZoneLine */
} Line;

struct PlayLedger {
    GHashTable *lines; /* segment id -> Line */
};

static void
zone_line_free(gpointer data)
{
    ZoneLine *zone = data;

    g_ptr_array_unref(zone->parts);
    g_free(zone);
}

static void
line_free(gpointer data)
{
    Line *line = data;

    g_hash_table_unref(line->zones);
    g_free(line);
}

PlayLedger *
play_ledger_new(void)
{
    PlayLedger *self = g_new0(PlayLedger, 1);

    self->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, line_free);
    return self;
}

void
play_ledger_free(PlayLedger *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->lines);
    g_free(self);
}

static Line *
line_for(PlayLedger *self, const ContentRecord *record)
{
    Line *line = g_hash_table_lookup(self->lines, record->segment);

    if (line == NULL) {
        line = g_new0(Line, 1);
        line->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, zone_line_free);
        g_hash_table_insert(self->lines, g_strdup(record->segment), line);
    }
    line->start_us = record->planned_start_us;
    line->end_us = record->planned_end_us;
    return line;
}

static ZoneLine *
zone_for(Line *line, const char *id)
{
    ZoneLine *zone = g_hash_table_lookup(line->zones, id);

    if (zone == NULL) {
        zone = g_new0(ZoneLine, 1);
        zone->parts = play_parts_new();
        g_hash_table_insert(line->zones, g_strdup(id), zone);
    }
    return zone;
}

static void
note_part(ZoneLine *zone, const ContentRecord *record)
{
    g_autoptr(GPtrArray) parts = content_record_parts(record);

    play_parts_add_all(zone->parts, parts, 0);
    zone->reason = record->reason;
}

void
play_ledger_note(PlayLedger *self, const ContentRecord *record)
{
    gboolean is_final =
        record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_MISSED;
    gboolean is_part = record->kind == CONTENT_RECORD_PART;
    ZoneLine *zone;
    Line *line;

    if (record->segment == NULL ||
        (!is_final && !is_part && record->kind != CONTENT_RECORD_STARTED))
        return;
    line = line_for(self, record);
    if (record->kind == CONTENT_RECORD_STARTED && line->started_us == 0)
        line->started_us = record->at_us;
    if (record->zone == NULL)
        return;
    zone = zone_for(line, record->zone);
    zone->is_settled |= is_final;
    zone->is_used = record->kind != CONTENT_RECORD_MISSED;
    if (is_part)
        note_part(zone, record);
}

void
play_ledger_use(PlayLedger *self, const char *segment, const char *zone)
{
    Line *line = g_hash_table_lookup(self->lines, segment);

    if (line != NULL)
        zone_for(line, zone)->is_used = TRUE;
}

gint64
play_ledger_started_us(PlayLedger *self, const char *segment)
{
    const Line *line = g_hash_table_lookup(self->lines, segment);

    return line == NULL ? 0 : line->started_us;
}

gboolean
play_ledger_is_settled(PlayLedger *self, const char *segment)
{
    const Line *line = g_hash_table_lookup(self->lines, segment);
    GHashTableIter iter;
    gpointer zone;

    if (line == NULL)
        return FALSE;
    g_hash_table_iter_init(&iter, line->zones);
    while (g_hash_table_iter_next(&iter, NULL, &zone)) {
        if (((const ZoneLine *) zone)->is_settled)
            return TRUE;
    }
    return FALSE;
}

static const ZoneLine *
find_zone(PlayLedger *self, const char *segment, const char *zone)
{
    const Line *line = g_hash_table_lookup(self->lines, segment);

    return line == NULL ? NULL : g_hash_table_lookup(line->zones, zone);
}

gboolean
play_ledger_has_zone(PlayLedger *self, const char *segment, const char *zone)
{
    const ZoneLine *line = find_zone(self, segment, zone);

    return line != NULL && line->is_settled;
}

const GPtrArray *
play_ledger_parts(PlayLedger *self, const char *segment, const char *zone, gint *out_reason)
{
    const ZoneLine *line = find_zone(self, segment, zone);

    if (line == NULL || line->parts->len == 0)
        return NULL;
    *out_reason = line->reason;
    return line->parts;
}

/* No local date is longer than that, clock changes included. */
#define LONGEST_DATE_US (G_GINT64_CONSTANT(26) * 3600 * G_USEC_PER_SEC)

gint64
play_ledger_used_us(PlayLedger *self, const PlayLocalTime *local, const ContentSegment *segment,
                    const char *zone)
{
    PlayLocal here = play_local_time_read(local, segment->start_us);
    GHashTableIter iter;
    gpointer key, value;
    gint64 used_us = 0;

    g_hash_table_iter_init(&iter, self->lines);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Line *line = value;
        const ZoneLine *there = g_hash_table_lookup(line->zones, zone);

        if (there == NULL || !there->is_used || strcmp(key, segment->id) == 0 ||
            ABS(line->start_us - segment->start_us) > LONGEST_DATE_US)
            continue;
        if (strcmp(play_local_time_read(local, line->start_us).date, here.date) == 0)
            used_us += line->end_us - line->start_us;
    }
    return used_us;
}

static gboolean
ended_before(gpointer key, gpointer value, gpointer data)
{
    return ((Line *) value)->end_us < *(gint64 *) data;
}

void
play_ledger_forget_before(PlayLedger *self, gint64 utc_us)
{
    g_hash_table_foreach_remove(self->lines, ended_before, &utc_us);
}
