/* complaints.c - see complaints.h */
#include "gateway/link/complaints.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)

struct GateComplaints {
    ContentClock *clock;
    GateComplaintFunc func;
    gpointer user_data;
    gint64 minute_us; /* monotonic: when the minute began */
    guint n_said;     /* in it */
    guint n_unsaid;   /* in it */
    char *last;       /* (owned) (nullable): the newest of those */
    guint alarm;
};

GateComplaints *
gate_complaints_new(ContentClock *clock, GateComplaintFunc func, gpointer user_data)
{
    GateComplaints *self = g_new0(GateComplaints, 1);

    self->clock = clock;
    self->func = func;
    self->user_data = user_data;
    self->minute_us = G_MININT64 / 2;
    return self;
}

static void
say_rest(GateComplaints *self)
{
    g_autofree char *words = NULL;

    if (self->n_unsaid == 0)
        return;
    words =
        g_strdup_printf("%u more within a minute; the last: %s", self->n_unsaid, self->last);
    self->n_unsaid = 0;
    self->func(words, self->user_data);
}

static void
on_minute_over(gpointer data)
{
    GateComplaints *self = data;

    self->alarm = 0;
    say_rest(self);
}

void
gate_complaints_free(GateComplaints *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    say_rest(self);
    g_free(self->last);
    g_free(self);
}

void
gate_complaints_say(GateComplaints *self, const char *words)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);

    /* An alarm that is late must not lose its minute to the next one. */
    if (self->alarm == 0 && now_us - self->minute_us >= MINUTE_US) {
        self->minute_us = now_us;
        self->n_said = 0;
    }
    if (self->n_said < GATE_COMPLAINTS_MAX_A_MINUTE) {
        self->n_said++;
        self->func(words, self->user_data);
        return;
    }
    self->n_unsaid++;
    g_free(self->last);
    self->last = g_strdup(words);
    if (self->alarm == 0)
        self->alarm = content_clock_alarm_monotonic(self->clock, self->minute_us + MINUTE_US,
                                                    on_minute_over, self);
}
