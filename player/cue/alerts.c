/* alerts.c - see alerts.h */
#include "player/cue/alerts-private.h"

#include <string.h>

static void
alert_free(gpointer data)
{
    PlayAlert *one = data;

    g_ptr_array_unref(one->runs);
    g_clear_pointer(&one->zones, g_ptr_array_unref);
    content_alert_free(one->alert);
    g_free(one);
}

PlayAlerts *
play_alerts_new(void)
{
    PlayAlerts *self = g_new0(PlayAlerts, 1);

    self->alerts = g_ptr_array_new_with_free_func(alert_free);
    self->stops = g_ptr_array_new_with_free_func((GDestroyNotify) content_stop_free);
    self->settled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void
play_alerts_free(PlayAlerts *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->tops);
    g_hash_table_unref(self->told);
    g_hash_table_unref(self->settled);
    g_ptr_array_unref(self->stops);
    g_ptr_array_unref(self->alerts);
    g_free(self);
}

/* ---- facts ---- */

static char *
key_of(const char *alert, const char *zone)
{
    return g_strconcat(alert, " ", zone, NULL);
}

gboolean
play_alerts_restore(PlayAlerts *self, const ContentRecord *record)
{
    GHashTable *into = record->kind == CONTENT_RECORD_ALERT_ENDED   ? self->settled
                       : record->kind == CONTENT_RECORD_ALERT_TAKEN ? self->told
                                                                    : NULL;

    if (into != NULL && record->occurrence != NULL && record->zone != NULL)
        g_hash_table_add(into, key_of(record->occurrence, record->zone));
    return g_strcmp0(record->item, PLAY_ALERT_ITEM) == 0;
}

static PlayAlert *
find_alert(const PlayAlerts *self, const char *id)
{
    for (guint i = 0; i < self->alerts->len; i++) {
        PlayAlert *one = self->alerts->pdata[i];

        if (strcmp(one->alert->id, id) == 0)
            return one;
    }
    return NULL;
}

/* Whichever of the two came first. */
static void
replace(PlayAlerts *self, PlayAlert *newest)
{
    for (guint i = 0; i < newest->alert->replaces->len; i++) {
        PlayAlert *one = find_alert(self, newest->alert->replaces->pdata[i]);

        if (one != NULL)
            one->is_replaced = TRUE;
    }
    for (guint i = 0; i < self->alerts->len; i++) {
        const PlayAlert *one = self->alerts->pdata[i];

        newest->is_replaced |=
            g_ptr_array_find_with_equal_func(one->alert->replaces, newest->alert->id,
                                             g_str_equal, NULL);
    }
}

static gint
compare_alerts(gconstpointer a, gconstpointer b)
{
    return content_alert_compare((*(PlayAlert *const *) a)->alert,
                                 (*(PlayAlert *const *) b)->alert);
}

/* Of those that are over the one that came first is forgotten.
 * Returns: whether there is room for one more */
static gboolean
make_room(PlayAlerts *self)
{
    guint n_alive = 0, oldest = G_MAXUINT;

    for (guint i = 0; i < self->alerts->len; i++) {
        const PlayAlert *one = self->alerts->pdata[i];

        if (!one->is_done)
            n_alive++;
        else if (oldest == G_MAXUINT ||
                 one->taken_us < ((const PlayAlert *) self->alerts->pdata[oldest])->taken_us)
            oldest = i;
    }
    if (self->alerts->len >= PLAY_ALERTS_MAX_KNOWN && oldest != G_MAXUINT)
        g_ptr_array_remove_index(self->alerts, oldest);
    return n_alive < PLAY_ALERTS_MAX;
}

/* Returns: (nullable): NULL: known, or too many; @alert is freed then */
static PlayAlert *
take(PlayAlerts *self, ContentAlert *alert, PlayAlertOrigin origin, const PlayInstant *now)
{
    PlayAlert *one;

    if (find_alert(self, alert->id) != NULL || !make_room(self)) {
        content_alert_free(alert);
        return NULL;
    }
    one = g_new0(PlayAlert, 1);
    one->alert = alert;
    one->taken_us = now->monotonic_us;
    one->is_kept = one->was_kept = origin == PLAY_ALERT_KEPT;
    one->is_done = origin == PLAY_ALERT_ENDED;
    one->runs = g_ptr_array_new_with_free_func((GDestroyNotify) play_alert_run_free);
    replace(self, one);
    g_ptr_array_add(self->alerts, one);
    g_ptr_array_sort(self->alerts, compare_alerts);
    return one;
}

gboolean
play_alerts_take(PlayAlerts *self, ContentAlert *alert, PlayAlertOrigin origin,
                 const PlayInstant *now)
{
    gboolean is_known = find_alert(self, alert->id) != NULL;

    return take(self, alert, origin, now) != NULL || is_known;
}

gboolean
play_alerts_take_local(PlayAlerts *self, ContentAlert *alert, const GPtrArray *zones,
                       PlayAlertOrigin origin, const PlayInstant *now)
{
    gboolean is_known = find_alert(self, alert->id) != NULL;
    PlayAlert *one = take(self, alert, origin, now);

    if (one == NULL)
        return is_known;
    one->zones = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < zones->len; i++)
        g_ptr_array_add(one->zones, g_strdup(zones->pdata[i]));
    one->is_undated = origin == PLAY_ALERT_FRESH && now->trust == CONTENT_TRUST_UNSET;
    return TRUE;
}

void
play_alerts_stop(PlayAlerts *self, ContentStop *stop)
{
    if (self->stops->len >= PLAY_ALERTS_MAX_STOPS)
        g_ptr_array_remove_index(self->stops, 0);
    g_ptr_array_add(self->stops, stop);
}

/* ---- what ends ---- */

/* While nobody vouches for the clock, an alert that was fresh when it was taken lives for as
 * long as its own dates are apart. */
static gboolean
is_over(const PlayAlert *one, const PlayInstant *now)
{
    if (now->trust != CONTENT_TRUST_UNSET && !one->is_undated)
        return now->utc_us >= one->alert->expires_us;
    return !one->is_kept &&
           now->monotonic_us - one->taken_us >= one->alert->expires_us - one->alert->issued_us;
}

/* Monotonic. */
static gint64
over_us(const PlayAlert *one, const PlayInstant *now)
{
    return now->trust != CONTENT_TRUST_UNSET && !one->is_undated
               ? one->alert->expires_us - play_instant_offset_us(now)
               : one->taken_us + one->alert->expires_us - one->alert->issued_us;
}

static PlayAlertRun *
run_for(PlayAlert *one, const char *output)
{
    PlayAlertRun *run;

    for (guint i = 0; i < one->runs->len; i++) {
        run = one->runs->pdata[i];
        if (strcmp(run->output, output) == 0)
            return run;
    }
    run = play_alert_run_new(one->alert, output);
    g_ptr_array_add(one->runs, run);
    return run;
}

static gboolean
concerns(const PlayAlert *one, const ContentSettingsZone *place)
{
    return content_alert_concerns(one->alert, place) &&
           (one->zones == NULL ||
            g_ptr_array_find_with_equal_func(one->zones, place->id, g_str_equal, NULL));
}

/* The zones that the settings put under it; one that they take out again is held. */
static void
find_zones(PlayAlerts *self, PlayAlert *one, const ContentStationSettings *settings)
{
    for (guint i = 0; settings != NULL && i < settings->zones->len; i++) {
        const ContentSettingsZone *place = settings->zones->pdata[i];
        g_autofree char *key = NULL;
        PlayAlertZone *zone;

        if (!concerns(one, place))
            continue;
        key = key_of(one->alert->id, place->id);
        zone = play_alert_run_zone(run_for(one, place->output), place->id);
        if (one->was_kept && zone->reason == CONTENT_REASON_NONE)
            zone->reason = CONTENT_REASON_PLAYER_STOPPED;
        zone->is_settled |= g_hash_table_contains(self->settled, key);
        zone->is_told |= g_hash_table_contains(self->told, key);
    }
}

static void
find_stops(const PlayAlerts *self, const PlayAlert *one, PlayAlertRun *run,
           const ContentStationSettings *settings)
{
    for (guint i = 0; settings != NULL && i < settings->zones->len; i++) {
        const ContentSettingsZone *place = settings->zones->pdata[i];

        if (strcmp(place->output, run->output) != 0 || !concerns(one, place))
            continue;
        for (guint j = 0; j < self->stops->len; j++) {
            if (content_stop_ends(self->stops->pdata[j], run->alert, place))
                play_alert_run_zone(run, place->id)->ending = CONTENT_REASON_STOPPED;
        }
    }
}

static void
judge_one(PlayAlerts *self, PlayAlert *one, const PlayAlertFacts *facts, const PlayInstant *now)
{
    gboolean has_expired = is_over(one, now);

    if (one->is_done)
        return;
    if (now->trust != CONTENT_TRUST_UNSET)
        one->is_kept = FALSE;
    find_zones(self, one, facts->settings);
    for (guint i = 0; i < one->runs->len; i++) {
        PlayAlertRun *run = one->runs->pdata[i];

        if (run->ending == CONTENT_REASON_NONE && (one->is_replaced || has_expired))
            run->ending = one->is_replaced ? CONTENT_REASON_REPLACED : CONTENT_REASON_EXPIRED;
        run->is_waiting = one->is_kept;
        run->over_us = over_us(one, now);
        find_stops(self, one, run, facts->settings);
        play_alert_run_hold(run, facts, now);
    }
}

/* What is over is remembered for as long as any alert of its time may live: the same may come
 * again, or what it replaces, and a clock may be set back. */
static void
forget(PlayAlerts *self, const PlayInstant *now)
{
    for (guint i = self->alerts->len; i-- > 0 && now->trust != CONTENT_TRUST_UNSET;) {
        const PlayAlert *one = self->alerts->pdata[i];

        if (one->is_done && now->utc_us >= one->alert->issued_us + CONTENT_ALERT_MAX_LIFE_US)
            g_ptr_array_remove_index(self->alerts, i);
    }
    for (guint i = self->stops->len; i-- > 0;) {
        const ContentStop *stop = self->stops->pdata[i];

        if (now->trust != CONTENT_TRUST_UNSET && now->utc_us >= stop->expires_us)
            g_ptr_array_remove_index(self->stops, i);
    }
}

/* By rank: the first one that wants an output has it. */
static void
find_tops(PlayAlerts *self)
{
    g_hash_table_remove_all(self->tops);
    for (guint i = 0; i < self->alerts->len; i++) {
        const PlayAlert *one = self->alerts->pdata[i];

        for (guint j = 0; j < one->runs->len; j++) {
            PlayAlertRun *run = one->runs->pdata[j];

            if (play_alert_run_wants(run) && !g_hash_table_contains(self->tops, run->output))
                g_hash_table_insert(self->tops, g_strdup(run->output), run);
        }
    }
}

void
play_alerts_judge(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now)
{
    for (guint i = 0; i < self->alerts->len; i++)
        judge_one(self, self->alerts->pdata[i], facts, now);
    find_tops(self);
    forget(self, now);
}

/* ---- every alert, every output ---- */

PlayAlertRun *
play_alerts_next_run(const PlayAlerts *self, PlayAlertsWalk *walk)
{
    for (; walk->i < self->alerts->len; walk->i++, walk->j = 0) {
        const PlayAlert *one = self->alerts->pdata[walk->i];

        if (walk->j < one->runs->len)
            return one->runs->pdata[walk->j++];
    }
    return NULL;
}

static gboolean
has_output(const PlayAlerts *self, const PlayAlertRun *run)
{
    return g_hash_table_lookup(self->tops, run->output) == run;
}

gboolean
play_alerts_claims(const PlayAlerts *self, const char *output)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    if (g_hash_table_contains(self->tops, output))
        return TRUE;
    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_is_busy(run) && strcmp(run->output, output) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
play_alerts_is_waiting(const PlayAlerts *self)
{
    return g_hash_table_size(self->tops) > 0;
}

gboolean
play_alerts_is_busy(const PlayAlerts *self)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_is_busy(run))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_output_free(const PlayAlerts *self, const PlayAlertRun *asker, const PlayAlertFacts *facts)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    if (asker->state == PLAY_ALERT_SOUNDING)
        return asker->now.has_started;
    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (run != asker && strcmp(run->output, asker->output) == 0 &&
            (run->state == PLAY_ALERT_SOUNDING || run->state == PLAY_ALERT_STOPPING))
            return FALSE;
    }
    return !facts->is_sounding(asker->output, facts->data);
}

static void
find_free(PlayAlerts *self, const PlayAlertFacts *facts)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL)
        run->is_free = is_output_free(self, run, facts);
}

/* Those that lose an output give it up before another takes it. */
static gboolean
step_all(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now,
         GPtrArray *actions)
{
    gboolean has_changed = FALSE;

    for (gint winners = 0; winners <= 1; winners++) {
        PlayAlertsWalk walk = {0};
        PlayAlertRun *run;

        find_free(self, facts);
        while ((run = play_alerts_next_run(self, &walk)) != NULL) {
            if (has_output(self, run) == winners)
                has_changed |= play_alert_run_step(run, winners, facts, now, actions);
        }
    }
    return has_changed;
}

static void
tell_taken(PlayAlerts *self, PlayAlertRun *run, const PlayAlertFacts *facts,
           const PlayInstant *now, GPtrArray *actions)
{
    play_alert_judge_lines(run, TRUE, facts, now);
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        ContentReason why = run->ending != CONTENT_REASON_NONE    ? run->ending
                            : zone->ending != CONTENT_REASON_NONE ? zone->ending
                            : run->is_waiting       ? CONTENT_REASON_CLOCK_UNTRUSTED
                            : zone->is_held         ? zone->reason
                            : has_output(self, run) ? CONTENT_REASON_NONE
                                                    : CONTENT_REASON_DISPLACED;

        if (!zone->is_settled)
            play_alert_say_taken(run, zone, why, now, actions);
    }
}

static gboolean
is_done(const PlayAlert *one, const PlayAlertFacts *facts)
{
    if (facts->settings == NULL)
        return FALSE;
    for (guint i = 0; i < one->runs->len; i++) {
        if (((const PlayAlertRun *) one->runs->pdata[i])->state != PLAY_ALERT_OVER)
            return FALSE;
    }
    return TRUE;
}

static void
tell_done(PlayAlerts *self, const PlayAlertFacts *facts, GPtrArray *actions)
{
    for (guint i = 0; i < self->alerts->len; i++) {
        PlayAlert *one = self->alerts->pdata[i];

        if (one->is_done || !is_done(one, facts))
            continue;
        one->is_done = TRUE;
        play_actions_add(actions, PLAY_DO_ALERT_DONE)->alert = g_strdup(one->alert->id);
    }
}

static void
listen_all(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now,
           GPtrArray *actions)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        play_alert_listen(run, facts, now, actions);
        play_alert_blame(run, play_alert_run_wants(run) && !has_output(self, run), facts, now);
    }
}

gint64
play_alerts_alarm(const PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now)
{
    gint64 alarm_us = 0;

    for (guint i = 0; i < self->alerts->len; i++) {
        const PlayAlert *one = self->alerts->pdata[i];
        gint64 end_us = over_us(one, now);

        if (end_us > now->monotonic_us && !(one->is_done || one->is_kept))
            alarm_us = play_instant_sooner(alarm_us, end_us);
        for (guint j = 0; j < one->runs->len; j++)
            alarm_us = play_instant_sooner(alarm_us, play_alert_run_alarm(one->runs->pdata[j],
                                                                          facts, now));
    }
    return alarm_us;
}

void
play_alerts_step(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now,
                 GPtrArray *actions)
{
    guint bound = 8 * (self->alerts->len + 1);
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    self->has_changed = FALSE;
    if (self->alerts->len == 0)
        return;
    while ((run = play_alerts_next_run(self, &walk)) != NULL)
        tell_taken(self, run, facts, now, actions);
    listen_all(self, facts, now, actions);
    /* Each change makes progress within the states; the bound is for a rule that is wrong. */
    while (step_all(self, facts, now, actions) && bound-- > 0) {
        self->has_changed = TRUE;
        play_alerts_judge(self, facts, now);
    }
    find_free(self, facts);
    listen_all(self, facts, now, actions);
    tell_done(self, facts, actions);
}

gboolean
play_alerts_has_changed(const PlayAlerts *self)
{
    return self->has_changed;
}
