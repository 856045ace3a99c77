/* ledger.c - see ledger.h */
#include "player/cue/ledger.h"

#include <string.h>

typedef struct {
    char *output;      /* (owned) */
    gint64 start_us;   /* planned */
    gint64 end_us;     /* planned */
    gint64 started_us; /* 0: not begun */
    GHashTable *zones; /* (owned): those with a final record */
} Line;

struct PlayLedger {
    GHashTable *lines; /* segment id -> Line */
};

static void
line_free(gpointer data)
{
    Line *line = data;

    g_free(line->output);
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
        line->output = g_strdup(record->output);
        line->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(self->lines, g_strdup(record->segment), line);
    }
    line->start_us = record->planned_start_us;
    line->end_us = record->planned_end_us;
    return line;
}

void
play_ledger_note(PlayLedger *self, const ContentRecord *record)
{
    gboolean is_final =
        record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_MISSED;
    Line *line;

    if (record->segment == NULL || (!is_final && record->kind != CONTENT_RECORD_STARTED))
        return;
    line = line_for(self, record);
    if (!is_final && line->started_us == 0)
        line->started_us = record->at_us;
    if (is_final && record->zone != NULL)
        g_hash_table_add(line->zones, g_strdup(record->zone));
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

    return line != NULL && g_hash_table_size(line->zones) > 0;
}

gboolean
play_ledger_has_zone(PlayLedger *self, const char *segment, const char *zone)
{
    const Line *line = g_hash_table_lookup(self->lines, segment);

    return line != NULL && g_hash_table_contains(line->zones, zone);
}

/* No local date is longer than that, clock changes included. */
#define LONGEST_DATE_US (G_GINT64_CONSTANT(26) * 3600 * G_USEC_PER_SEC)

gint64
play_ledger_used_us(PlayLedger *self, const PlayLocalTime *local, const ContentSegment *segment)
{
    PlayLocal here = play_local_time_read(local, segment->start_us);
    GHashTableIter iter;
    gpointer key, value;
    gint64 used_us = 0;

    g_hash_table_iter_init(&iter, self->lines);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Line *line = value;

        if (line->started_us == 0 ||
            ABS(line->start_us - segment->start_us) > LONGEST_DATE_US ||
            strcmp(key, segment->id) == 0 || g_strcmp0(line->output, segment->output) != 0)
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
