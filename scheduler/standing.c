/*
 * standing.c - see standing.h
 *
 * A listener that is down is told and tried again (listeners.h) and does not starve the
 * watchdog: where somebody else has the port, to start anew would take the brokers away, too.
 */
#include "scheduler/standing.h"

#include "content/base/events.h"
#include "content/base/notify.h"

/* The broker that we started answers within some 100 ms, or something is wrong with it. */
#define READY_WITHIN_MS 5000

struct SchedStanding {
    const SchedConfig *config; /* (not owned) */
    char *lines;               /* (owned): how many brokers are connected, in words */
    char *unserved;            /* (owned) (nullable) */
    gboolean is_ready;
    guint n_up;
    guint ready_timer;
};

SchedStanding *
sched_standing_new(const SchedConfig *config)
{
    SchedStanding *self = g_new0(SchedStanding, 1);

    self->config = config;
    return self;
}

/* Said once: people and stations can connect, and the broker answers or does not. */
static void
tell_ready(SchedStanding *self)
{
    g_clear_handle_id(&self->ready_timer, g_source_remove);
    self->is_ready = TRUE;
    content_notify_ready(self->lines);
    content_event_log(&content_event_ready, NULL,
                      "serving people at port %" G_GINT64_FORMAT
                      " and stations at port %" G_GINT64_FORMAT "; %s",
                      self->config->people_port, self->config->station_port, self->lines);
}

static gboolean
on_waited_for_broker(gpointer user_data)
{
    SchedStanding *self = user_data;

    self->ready_timer = 0;
    tell_ready(self);
    return G_SOURCE_REMOVE;
}

static void
tell_status(SchedStanding *self)
{
    g_autofree char *words = NULL;

    if (!self->is_ready)
        return;
    if (self->unserved != NULL)
        words = g_strdup_printf("%s; %s", self->unserved, self->lines);
    content_notify_status(words == NULL ? self->lines : words);
}

void
sched_standing_brokers(SchedStanding *self, guint n_up, guint n_all)
{
    g_free(self->lines);
    self->lines = g_strdup_printf("brokers: %u, connected: %u", n_all, n_up);
    self->n_up = n_up;
    if (self->ready_timer != 0 && n_up > 0)
        tell_ready(self);
    else
        tell_status(self);
}

void
sched_standing_unserved(SchedStanding *self, const char *words)
{
    if (g_strcmp0(self->unserved, words) == 0)
        return;
    g_free(self->unserved);
    self->unserved = g_strdup(words);
    tell_status(self);
}

void
sched_standing_begin(SchedStanding *self)
{
    if (self->config->broker_uris[0] != NULL || self->n_up > 0)
        tell_ready(self);
    else
        self->ready_timer = g_timeout_add(READY_WITHIN_MS, on_waited_for_broker, self);
}

void
sched_standing_free(SchedStanding *self)
{
    if (self == NULL)
        return;
    g_clear_handle_id(&self->ready_timer, g_source_remove);
    g_free(self->lines);
    g_free(self->unserved);
    g_free(self);
}
