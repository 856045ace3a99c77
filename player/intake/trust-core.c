/* trust-core.c - see trust-core.h */
#include "player/intake/trust-core.h"

/* Differences below this are the noise of two readings, not news. */
#define NOISE_US 1000

/* clang-format off */
/* What a kind of evidence is worth. */
static const ContentTrust trust_of_evidence[] = {
    [PLAY_TRUST_EVIDENCE_NONE]      = CONTENT_TRUST_UNSET,
    [PLAY_TRUST_EVIDENCE_KERNEL]    = CONTENT_TRUST_SYNCED,
    [PLAY_TRUST_EVIDENCE_RTC]       = CONTENT_TRUST_GUARDED,
    [PLAY_TRUST_EVIDENCE_SAME_BOOT] = CONTENT_TRUST_GUARDED,
    [PLAY_TRUST_EVIDENCE_SIGNED]    = CONTENT_TRUST_SYNCED,
};
/* clang-format on */

static gint64
machine_base(const PlayTrustReading *reading)
{
    return reading->utc_us - reading->monotonic_us;
}

static gint64
distance(gint64 a, gint64 b)
{
    return a > b ? a - b : b - a;
}

void
play_trust_init(PlayTrust *self, gint64 floor_us)
{
    *self = (PlayTrust){.floor_us = floor_us};
}

void
play_trust_resume(PlayTrust *self, gint64 base_us, ContentTrust trust,
                  const PlayTrustReading *reading)
{
    if (trust == CONTENT_TRUST_UNSET || base_us + reading->monotonic_us < self->floor_us)
        return;
    self->base_us = base_us;
    self->evidence = PLAY_TRUST_EVIDENCE_SAME_BOOT;
    self->trust = trust_of_evidence[self->evidence];
}

/* What the machine's own clock can show for itself. */
static PlayTrustEvidence
evidence_of(const PlayTrust *self, const PlayTrustReading *reading)
{
    if (reading->utc_us < self->floor_us)
        return PLAY_TRUST_EVIDENCE_NONE;
    if (reading->is_synchronised)
        return PLAY_TRUST_EVIDENCE_KERNEL;
    return reading->has_rtc ? PLAY_TRUST_EVIDENCE_RTC : PLAY_TRUST_EVIDENCE_NONE;
}

/* Takes the machine's clock with what it shows for itself. Returns: whether that is news. */
static gboolean
follow(PlayTrust *self, const PlayTrustReading *reading, PlayTrustEvidence evidence)
{
    gint64 base_us = machine_base(reading);
    gboolean is_news = self->refuses_step || trust_of_evidence[evidence] != self->trust ||
                       distance(base_us, self->base_us) > NOISE_US;

    self->base_us = base_us;
    self->evidence = evidence;
    self->trust = trust_of_evidence[evidence];
    self->refuses_step = FALSE;
    if (self->trust == CONTENT_TRUST_SYNCED)
        self->proved_us = reading->monotonic_us;
    return is_news;
}

/* Time goes on from the last trusted instant, whatever the machine says. */
static gboolean
hold(PlayTrust *self, const PlayTrustReading *reading, gboolean refuses)
{
    gboolean is_stale = self->trust == CONTENT_TRUST_SYNCED &&
                        reading->monotonic_us - self->proved_us > PLAY_TRUST_PROOF_LIFE_US;
    gboolean is_news = is_stale || refuses != self->refuses_step;

    if (is_stale)
        self->trust = CONTENT_TRUST_GUARDED;
    self->refuses_step = refuses;
    return is_news;
}

gboolean
play_trust_look(PlayTrust *self, const PlayTrustReading *reading)
{
    PlayTrustEvidence evidence = evidence_of(self, reading);
    gboolean is_far = distance(machine_base(reading), self->base_us) > PLAY_TRUST_MAX_STEP_US;

    if (self->trust == CONTENT_TRUST_UNSET)
        return follow(self, reading, evidence);
    /* A clock that nobody has set is not refused, only not used. */
    if (is_far)
        return hold(self, reading, reading->is_synchronised || reading->has_rtc);
    if (evidence == PLAY_TRUST_EVIDENCE_KERNEL)
        return follow(self, reading, evidence);
    /* A battery clock is no better than what a network once said. */
    if (evidence == PLAY_TRUST_EVIDENCE_RTC && self->trust == CONTENT_TRUST_GUARDED &&
        self->evidence != PLAY_TRUST_EVIDENCE_SIGNED)
        return follow(self, reading, evidence);
    return hold(self, reading, FALSE);
}

/* With a synchronised machine the answer is a proof, not a better clock. */
static gboolean
machine_is_better(const PlayTrust *self, const PlayTrustReading *reading, gint64 base_us)
{
    return evidence_of(self, reading) == PLAY_TRUST_EVIDENCE_KERNEL &&
           distance(machine_base(reading), base_us) <= PLAY_TRUST_MAX_STEP_US;
}

const char *
play_trust_answer(PlayTrust *self, const PlayTrustReading *reading, gint64 asked_us,
                  gint64 answered_utc_us)
{
    gint64 round_trip_us = reading->monotonic_us - asked_us;
    gint64 base_us;

    if (round_trip_us < 0 || round_trip_us > PLAY_TRUST_MAX_ROUND_TRIP_US)
        return "time_late";
    if (answered_utc_us < self->floor_us)
        return "time_early";
    /* The answer was signed somewhere within the round trip: half of it is the least error. */
    base_us = answered_utc_us + round_trip_us / 2 - reading->monotonic_us;
    if (machine_is_better(self, reading, base_us))
        base_us = machine_base(reading);
    self->base_us = base_us;
    self->evidence = PLAY_TRUST_EVIDENCE_SIGNED;
    self->trust = CONTENT_TRUST_SYNCED;
    self->proved_us = reading->monotonic_us;
    self->refuses_step = (reading->is_synchronised || reading->has_rtc) &&
                         distance(machine_base(reading), base_us) > PLAY_TRUST_MAX_STEP_US;
    return NULL;
}

void
play_trust_raise_floor(PlayTrust *self, gint64 issued_us)
{
    self->floor_us = MAX(self->floor_us, issued_us);
}

void
play_trust_reset_floor(PlayTrust *self, gint64 floor_us)
{
    self->floor_us = floor_us;
}

gint64
play_trust_utc(const PlayTrust *self, gint64 monotonic_us)
{
    return monotonic_us + self->base_us;
}

gint64
play_trust_verify_time(const PlayTrust *self, gint64 monotonic_us)
{
    return MAX(play_trust_utc(self, monotonic_us), self->floor_us);
}
