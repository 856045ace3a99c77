/* watch.c - see watch.h */
#include "player/page/watch.h"

#include <string.h>

typedef struct {
    char *id; /* (owned) */
    gboolean is_over;
    gint reason; /* ContentReason: why it waits, or how it ended */
} Zone;

typedef struct {
    char *id;    /* (owned) */
    char *title; /* (owned) (nullable): NULL: only records of before a restart speak of it */
    gboolean is_drill;
    gint64 begun_us;
    GPtrArray *zones; /* (owned) (element-type Zone): as they were told of */
} Alert;

struct PlayPageWatch {
    GPtrArray *alerts; /* (owned) (element-type Alert): the oldest first */
};

static void
zone_free(gpointer data)
{
    Zone *zone = data;

    g_free(zone->id);
    g_free(zone);
}

static void
alert_free(gpointer data)
{
    Alert *alert = data;

    g_free(alert->id);
    g_free(alert->title);
    g_ptr_array_unref(alert->zones);
    g_free(alert);
}

PlayPageWatch *
play_page_watch_new(void)
{
    PlayPageWatch *self = g_new0(PlayPageWatch, 1);

    self->alerts = g_ptr_array_new_with_free_func(alert_free);
    return self;
}

void
play_page_watch_free(PlayPageWatch *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->alerts);
    g_free(self);
}

/* ---- what is told ---- */

static Alert *
find_alert(const PlayPageWatch *self, const char *id)
{
    for (guint i = 0; i < self->alerts->len; i++) {
        Alert *alert = self->alerts->pdata[i];

        if (g_strcmp0(alert->id, id) == 0)
            return alert;
    }
    return NULL;
}

static Zone *
find_zone(const Alert *alert, const char *id)
{
    for (guint i = 0; i < alert->zones->len; i++) {
        Zone *zone = alert->zones->pdata[i];

        if (strcmp(zone->id, id) == 0)
            return zone;
    }
    return NULL;
}

static Zone *
ensure_zone(Alert *alert, const char *id)
{
    Zone *zone = find_zone(alert, id);

    if (zone != NULL || alert->zones->len >= PLAY_PAGE_MAX_ZONES)
        return zone;
    zone = g_new0(Zone, 1);
    zone->id = g_strdup(id);
    g_ptr_array_add(alert->zones, zone);
    return zone;
}

static gboolean
is_over(const Alert *alert)
{
    for (guint i = 0; i < alert->zones->len; i++) {
        if (!((const Zone *) alert->zones->pdata[i])->is_over)
            return FALSE;
    }
    return alert->zones->len > 0;
}

static void
make_room(PlayPageWatch *self)
{
    guint index = 0;

    if (self->alerts->len < PLAY_PAGE_MAX_ALERTS)
        return;
    while (index < self->alerts->len && !is_over(self->alerts->pdata[index]))
        index++;
    g_ptr_array_remove_index(self->alerts, index < self->alerts->len ? index : 0);
}

static Alert *
add_alert(PlayPageWatch *self, const char *id)
{
    Alert *alert;

    make_room(self);
    alert = g_new0(Alert, 1);
    alert->id = g_strdup(id);
    alert->zones = g_ptr_array_new_with_free_func(zone_free);
    g_ptr_array_add(self->alerts, alert);
    return alert;
}

void
play_page_watch_alert(PlayPageWatch *self, const ContentAlert *alert, gint64 begun_us)
{
    Alert *row = find_alert(self, alert->id);

    if (row == NULL)
        row = add_alert(self, alert->id);
    if (row->title != NULL)
        return;
    row->title = g_strdup(alert->title);
    row->is_drill = alert->drill;
    row->begun_us = begun_us;
}

static gboolean
is_told(const ContentRecord *record)
{
    return record->occurrence != NULL && record->zone != NULL &&
           (record->kind == CONTENT_RECORD_ALERT_ENDED ||
            record->kind == CONTENT_RECORD_ALERT_TAKEN);
}

void
play_page_watch_record(PlayPageWatch *self, const ContentRecord *record)
{
    Alert *alert = is_told(record) ? find_alert(self, record->occurrence) : NULL;
    Zone *zone = alert == NULL ? NULL : ensure_zone(alert, record->zone);

    if (zone == NULL || zone->is_over)
        return;
    zone->is_over = record->kind == CONTENT_RECORD_ALERT_ENDED;
    zone->reason = record->reason;
}

void
play_page_watch_restore(PlayPageWatch *self, const ContentRecord *record)
{
    if (is_told(record) && find_alert(self, record->occurrence) == NULL)
        add_alert(self, record->occurrence);
    play_page_watch_record(self, record);
}

/* ---- what is said of it ---- */

static gboolean
is_sounding(const ContentHeartbeat *heartbeat, const char *alert, const char *zone)
{
    for (guint i = 0; i < heartbeat->sounding->len; i++) {
        const ContentSounding *one = heartbeat->sounding->pdata[i];

        if (g_strcmp0(one->alert, alert) == 0 &&
            g_ptr_array_find_with_equal_func(one->zones, zone, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_relay_on(const ContentHeartbeat *heartbeat, const char *zone)
{
    for (guint i = 0; i < heartbeat->zones->len; i++) {
        const ContentZoneState *one = heartbeat->zones->pdata[i];

        if (strcmp(one->zone, zone) == 0)
            return one->relay == CONTENT_RELAY_CLOSED;
    }
    return FALSE;
}

static PlayPageFar
far_of_end(gint reason)
{
    if (reason == CONTENT_REASON_NONE)
        return PLAY_PAGE_DONE;
    return reason == CONTENT_REASON_STOPPED || reason == CONTENT_REASON_REPLACED
               ? PLAY_PAGE_STOPPED
               : PLAY_PAGE_FAILED;
}

static PlayPageFar
far_of(const Alert *alert, const Zone *zone, const ContentHeartbeat *heartbeat)
{
    if (zone->is_over)
        return far_of_end(zone->reason);
    if (is_sounding(heartbeat, alert->id, zone->id))
        return PLAY_PAGE_SOUNDING;
    if (zone->reason != CONTENT_REASON_NONE)
        return PLAY_PAGE_HELD;
    return is_relay_on(heartbeat, zone->id) ? PLAY_PAGE_RELAY_ON : PLAY_PAGE_RECEIVED;
}

static void
add_zone(PlayPageAlert *out, const char *id, PlayPageFar far, gint reason)
{
    PlayPageAlertZone *told;

    if (out->zones->len >= PLAY_PAGE_MAX_ZONES)
        return;
    told = content_shape_new(&play_page_alert_zone_shape);
    told->zone = g_strdup(id);
    told->state = (gint) far;
    /* Of one that goes its way there is nothing to be explained. */
    told->reason = far == PLAY_PAGE_HELD || far == PLAY_PAGE_FAILED || far == PLAY_PAGE_STOPPED
                       ? reason
                       : CONTENT_REASON_NONE;
    g_ptr_array_add(out->zones, told);
}

/* One that began before the player did was told of then; what sounds of it tells of itself. */
static void
add_sounding(PlayPageAlert *out, const Alert *alert, const ContentHeartbeat *heartbeat)
{
    for (guint i = 0; i < heartbeat->sounding->len; i++) {
        const ContentSounding *one = heartbeat->sounding->pdata[i];

        for (guint k = 0; g_strcmp0(one->alert, alert->id) == 0 && k < one->zones->len; k++) {
            if (find_zone(alert, one->zones->pdata[k]) == NULL)
                add_zone(out, one->zones->pdata[k], PLAY_PAGE_SOUNDING, CONTENT_REASON_NONE);
        }
    }
}

static PlayPageAlert *
tell(const Alert *alert, const ContentHeartbeat *heartbeat, gint64 now_us)
{
    PlayPageAlert *out = content_shape_new(&play_page_alert_shape);

    out->id = g_strdup(alert->id);
    out->title = g_strdup(alert->title);
    out->drill = alert->is_drill;
    out->over = is_over(alert);
    out->begun_ago_ms = MAX(0, now_us - alert->begun_us) / 1000;
    for (guint i = 0; i < alert->zones->len; i++) {
        const Zone *zone = alert->zones->pdata[i];

        add_zone(out, zone->id, far_of(alert, zone, heartbeat), zone->reason);
    }
    add_sounding(out, alert, heartbeat);
    return out;
}

void
play_page_watch_fill(const PlayPageWatch *self, const ContentHeartbeat *heartbeat,
                     gint64 now_us, PlayPageState *state)
{
    for (guint i = self->alerts->len; i > 0; i--) {
        const Alert *alert = self->alerts->pdata[i - 1];
        PlayPageAlert *out;

        if (alert->title == NULL)
            continue;
        out = tell(alert, heartbeat, now_us);

        /* One that concerns no zone of this station is not its to show. */
        if (out->zones->len > 0)
            g_ptr_array_add(state->alerts, out);
        else
            content_shape_free(&play_page_alert_shape, out);
    }
}
