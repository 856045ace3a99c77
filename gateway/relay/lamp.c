/* lamp.c - see lamp.h */
#include "gateway/relay/lamp.h"

#define MS 1000

/* Lit, dark, lit, dark, and again from the beginning. A relay board at 9600 baud takes some 30
 * ms for each change, so nothing is quicker than a person sees and a relay bears. */
#define N_STRETCHES 4

static const gint64 stretches_us[][N_STRETCHES] = {
    [CONTENT_LAMP_SLOW] = {500 * MS, 500 * MS, 500 * MS, 500 * MS},
    [CONTENT_LAMP_FAST] = {200 * MS, 200 * MS, 200 * MS, 200 * MS},
    [CONTENT_LAMP_DOUBLE] = {150 * MS, 150 * MS, 150 * MS, 850 * MS},
};

void
gate_lamp_order(GateLamp *lamp, guint owner, ContentLampShow show, gint64 now_us)
{
    if (show == CONTENT_LAMP_OFF) {
        gate_lamp_drop(lamp, owner);
        return;
    }
    if (lamp->show != show)
        lamp->since_us = now_us;
    lamp->show = show;
    lamp->owner = owner;
    lamp->expires_us = now_us + CONTENT_LEASE_LIFE_US;
}

void
gate_lamp_drop(GateLamp *lamp, guint owner)
{
    if (lamp->owner == owner)
        *lamp = (GateLamp){.show = CONTENT_LAMP_OFF};
}

void
gate_lamp_expire(GateLamp *lamp, gint64 now_us)
{
    if (lamp->owner != 0 && now_us >= lamp->expires_us)
        gate_lamp_drop(lamp, lamp->owner);
}

/* The stretch of its blinking in which @now_us lies. @out_end_us: (out): when it is over */
static guint
stretch_at(const GateLamp *lamp, gint64 now_us, gint64 *out_end_us)
{
    const gint64 *lengths_us = stretches_us[lamp->show];
    gint64 round_us = lengths_us[0] + lengths_us[1] + lengths_us[2] + lengths_us[3];
    gint64 end_us = now_us - (now_us - lamp->since_us) % round_us;

    for (guint i = 0;; i++) {
        end_us += lengths_us[i];
        if (now_us < end_us || i == N_STRETCHES - 1) {
            *out_end_us = end_us;
            return i;
        }
    }
}

gboolean
gate_lamp_is_lit(const GateLamp *lamp, gint64 now_us)
{
    gint64 end_us;

    if (lamp->show == CONTENT_LAMP_OFF || lamp->show == CONTENT_LAMP_STEADY)
        return lamp->show == CONTENT_LAMP_STEADY;
    return stretch_at(lamp, now_us, &end_us) % 2 == 0;
}

gint64
gate_lamp_next_us(const GateLamp *lamp, gint64 now_us)
{
    gint64 end_us;

    if (lamp->show == CONTENT_LAMP_OFF)
        return G_MAXINT64;
    if (lamp->show == CONTENT_LAMP_STEADY)
        return lamp->expires_us;
    stretch_at(lamp, now_us, &end_us);
    return MIN(end_us, lamp->expires_us);
}
