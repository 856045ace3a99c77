/* watch.c - see watch.h */
#include "scheduler/publish/watch.h"

#include "content/wording.h"

#include "content/heartbeat.h"

struct SchedWatch {
    const SchedWatchEvents *events; /* (not owned) */
    gpointer user_data;
    GHashTable *stations; /* (owned): id -> Station, of those that had anything to say */
};

/* One fault of a station, as it is and as it was told. */
typedef struct {
    char *words; /* (owned): of its last beginning; the machine's journal is in English */
    gint64 began_us, began_told_us;
    guint n_untold; /* beginnings since then */
    gboolean is_on, is_told_on, is_named;
} Fault;

typedef struct {
    GHashTable *faults; /* (owned): "code subject" -> Fault */
    gint64 crowded_us;  /* when it was told that there are too many; 0: never */
    gint64 refused_us;  /* beginning of the span in which refusals are counted; 0: none */
    guint n_refused;    /* in it */
} Station;

static void
fault_free(gpointer data)
{
    Fault *fault = data;

    g_free(fault->words);
    g_free(fault);
}

static void
station_free(gpointer data)
{
    Station *station = data;

    g_hash_table_unref(station->faults);
    g_free(station);
}

static Station *
find_station(SchedWatch *self, const char *id)
{
    Station *station = g_hash_table_lookup(self->stations, id);

    if (station == NULL) {
        station = g_new0(Station, 1);
        station->faults = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fault_free);
        g_hash_table_insert(self->stations, g_strdup(id), station);
    }
    return station;
}

/* Returns: %FALSE if there is no room for one more */
static gboolean
note_fault(Station *station, const ContentFault *said, gint64 now_us)
{
    g_autofree char *key =
        g_strdup_printf("%s %s", content_remark_family(&said->what),
                        said->what.subject == NULL ? "" : said->what.subject);
    Fault *fault = g_hash_table_lookup(station->faults, key);

    if (fault == NULL) {
        if (g_hash_table_size(station->faults) >= SCHED_WATCH_MAX_FAULTS)
            return FALSE;
        fault = g_new0(Fault, 1);
        g_hash_table_insert(station->faults, g_steal_pointer(&key), fault);
    }
    fault->is_named = TRUE;
    if (fault->is_on)
        return TRUE;
    fault->is_on = TRUE;
    fault->began_us = now_us;
    fault->n_untold++;
    g_free(fault->words);
    fault->words = content_wording_remark(&said->what, CONTENT_READER_EN, NULL);
    return TRUE;
}

static void
tell_crowd(SchedWatch *self, const char *id, Station *station, gint64 now_us)
{
    g_autofree char *words = NULL;

    if (station->crowded_us != 0 && now_us - station->crowded_us < SCHED_WATCH_AGAIN_US)
        return;
    station->crowded_us = now_us;
    words = g_strdup_printf("more than %d faults within %d minutes: look at its status",
                            SCHED_WATCH_MAX_FAULTS,
                            (int) (SCHED_WATCH_AGAIN_US / G_USEC_PER_SEC / 60));
    self->events->fault(id, words, self->user_data);
}

static void
tell_began(SchedWatch *self, const char *id, const char *key, Fault *fault, gint64 now_us)
{
    g_autofree char *words =
        fault->n_untold <= 1
            ? g_strdup_printf("%s: %s", key, fault->words)
            : g_strdup_printf("%s: %s (it came %u times in %d minutes)", key, fault->words,
                              fault->n_untold,
                              (int) ((now_us - fault->began_told_us) / G_USEC_PER_SEC / 60));

    fault->is_told_on = TRUE;
    fault->began_told_us = now_us;
    fault->n_untold = 0;
    self->events->fault(id, words, self->user_data);
}

static void
tell_over(SchedWatch *self, const char *id, const char *key, Fault *fault)
{
    g_autofree char *words = g_strdup_printf("%s: over", key);

    fault->is_told_on = FALSE;
    self->events->fault(id, words, self->user_data);
}

static void
tell_station(SchedWatch *self, const char *id, Station *station, gint64 now_us)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, station->faults);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        Fault *fault = value;
        gboolean may_begin =
            fault->began_told_us == 0 || now_us - fault->began_told_us >= SCHED_WATCH_AGAIN_US;
        gboolean stands;

        fault->is_on = fault->is_on && fault->is_named;
        fault->is_named = FALSE;
        stands = fault->is_on && now_us - fault->began_us >= SCHED_WATCH_STANDS_US;
        if (fault->is_told_on && !fault->is_on)
            tell_over(self, id, key, fault);
        else if (fault->n_untold > 0 &&
                 (stands || (may_begin && (fault->is_on || fault->n_untold > 1))))
            tell_began(self, id, key, fault, now_us);
        else if (!fault->is_on && may_begin)
            g_hash_table_iter_remove(&iter);
    }
}

void
sched_watch_faults(SchedWatch *self, const char *station, const GPtrArray *faults,
                   gint64 now_us)
{
    Station *known;
    gboolean is_crowded = FALSE;

    if (faults->len == 0 && !g_hash_table_contains(self->stations, station))
        return;
    known = find_station(self, station);
    for (guint i = 0; i < faults->len; i++)
        is_crowded = !note_fault(known, g_ptr_array_index(faults, i), now_us) || is_crowded;
    if (is_crowded)
        tell_crowd(self, station, known, now_us);
    tell_station(self, station, known, now_us);
    if (g_hash_table_size(known->faults) == 0 && known->refused_us == 0)
        g_hash_table_remove(self->stations, station);
}

void
sched_watch_refused(SchedWatch *self, const char *station, const char *words, gint64 now_us)
{
    Station *known = find_station(self, station);
    g_autofree char *counted = NULL;

    if (known->refused_us == 0 || now_us - known->refused_us >= SCHED_WATCH_AGAIN_US) {
        if (known->n_refused > SCHED_WATCH_MAX_REFUSALS)
            counted = g_strdup_printf("%s (and %u more before it that were not told)", words,
                                      known->n_refused - SCHED_WATCH_MAX_REFUSALS);
        known->refused_us = now_us;
        known->n_refused = 0;
    }
    known->n_refused++;
    if (known->n_refused <= SCHED_WATCH_MAX_REFUSALS)
        self->events->refused(station, counted == NULL ? words : counted, self->user_data);
}

SchedWatch *
sched_watch_new(const SchedWatchEvents *events, gpointer user_data)
{
    SchedWatch *self = g_new0(SchedWatch, 1);

    self->events = events;
    self->user_data = user_data;
    self->stations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, station_free);
    return self;
}

void
sched_watch_free(SchedWatch *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->stations);
    g_free(self);
}
