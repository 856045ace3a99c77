/* alert-steps.c - see alert-steps.h */
#include "player/cue/alert-steps.h"

#include <string.h>

/* What one zone is still to hear. */
typedef struct {
    const char *zone;
    GPtrArray *speeches; /* (owned) (element-type ContentSpeech): the first one comes next */
} Ear;

static void
ear_free(gpointer data)
{
    Ear *ear = data;

    g_ptr_array_unref(ear->speeches);
    g_free(ear);
}

static void
step_free(gpointer data)
{
    PlayAlertStep *step = data;

    g_free(step->object);
    g_free(step->language);
    g_ptr_array_unref(step->zones);
    g_free(step);
}

static PlayAlertStep *
add_step(GPtrArray *steps, const char *object, const char *language, guint part,
         gint64 duration_us)
{
    PlayAlertStep *step = g_new0(PlayAlertStep, 1);

    step->object = g_strdup(object);
    step->language = g_strdup(language);
    step->part = part;
    step->duration_us = duration_us;
    step->zones = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(steps, step);
    return step;
}

static gboolean
is_brought(const ContentAlert *alert, const char *object)
{
    for (guint i = 0; i < alert->objects->len; i++) {
        if (strcmp(((const ContentAlertObject *) alert->objects->pdata[i])->hash, object) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
play_alert_part_may_lack(const ContentAlert *alert, const ContentSpeech *speech, guint part)
{
    gboolean has_frame = FALSE;

    for (guint i = 0; i < speech->parts->len && !has_frame; i++)
        has_frame = !is_brought(alert, speech->parts->pdata[i]);
    return has_frame && is_brought(alert, speech->parts->pdata[part]);
}

static gboolean
is_here(const ContentAlert *alert, const ContentSpeech *speech, const ContentSettingsZone *zone,
        PlayAlertLengthFunc length, gpointer data)
{
    for (guint i = 0; i < speech->parts->len; i++) {
        if (length(speech->parts->pdata[i], speech->language, zone, data) == 0 &&
            !play_alert_part_may_lack(alert, speech, i))
            return FALSE;
    }
    return TRUE;
}

static ContentSpeech *
first_here(const ContentAlert *alert, const ContentSettingsZone *zone,
           PlayAlertLengthFunc length, gpointer data)
{
    for (guint i = 0; i < alert->speeches->len; i++) {
        if (is_here(alert, alert->speeches->pdata[i], zone, length, data))
            return alert->speeches->pdata[i];
    }
    return NULL;
}

static GPtrArray *
list_ears(const ContentAlert *alert, GPtrArray *zones, PlayAlertLengthFunc length,
          gpointer data)
{
    GPtrArray *ears = g_ptr_array_new_with_free_func(ear_free);

    for (guint i = 0; i < zones->len; i++) {
        const ContentSettingsZone *zone = zones->pdata[i];
        ContentSpeech *fallback = first_here(alert, zone, length, data);
        Ear *ear = g_new0(Ear, 1);

        ear->zone = zone->id;
        ear->speeches = content_alert_speeches(alert, zone);
        for (guint j = ear->speeches->len; j-- > 0;) {
            if (!is_here(alert, ear->speeches->pdata[j], zone, length, data))
                g_ptr_array_remove_index(ear->speeches, j);
        }
        if (ear->speeches->len == 0 && fallback != NULL)
            g_ptr_array_add(ear->speeches, fallback);
        g_ptr_array_add(ears, ear);
    }
    return ears;
}

/* How many zones wait for @speech now, and how many come to it only later. */
static void
count(const GPtrArray *ears, const ContentSpeech *speech, guint *out_now, guint *out_later)
{
    *out_now = *out_later = 0;
    for (guint i = 0; i < ears->len; i++) {
        const Ear *ear = ears->pdata[i];
        guint at;

        if (!g_ptr_array_find(ear->speeches, speech, &at))
            continue;
        *(at == 0 ? out_now : out_later) += 1;
    }
}

/* The one that fewest zones would have to hear again, then the one that most wait for.
 * Returns: (nullable): NULL: all have heard everything */
static ContentSpeech *
next_speech(const ContentAlert *alert, const GPtrArray *ears)
{
    ContentSpeech *best = NULL;
    guint best_now = 0, best_later = 0;

    for (guint i = 0; i < alert->speeches->len; i++) {
        guint now, later;

        count(ears, alert->speeches->pdata[i], &now, &later);
        if (now == 0)
            continue;
        if (best == NULL || later < best_later || (later == best_later && now > best_now)) {
            best = alert->speeches->pdata[i];
            best_now = now;
            best_later = later;
        }
    }
    return best;
}

static void
add_speech(GPtrArray *steps, const ContentSpeech *speech, GPtrArray *ears,
           PlayAlertLengthFunc length, gpointer data)
{
    guint first = steps->len;

    for (guint i = 0; i < speech->parts->len; i++) {
        gint64 duration_us = length(speech->parts->pdata[i], speech->language, NULL, data);

        if (duration_us > 0)
            add_step(steps, speech->parts->pdata[i], speech->language, i, duration_us);
    }
    for (guint i = 0; i < ears->len; i++) {
        Ear *ear = ears->pdata[i];

        if (ear->speeches->len == 0 || ear->speeches->pdata[0] != speech)
            continue;
        g_ptr_array_remove_index(ear->speeches, 0);
        for (guint j = first; j < steps->len; j++)
            g_ptr_array_add(((PlayAlertStep *) steps->pdata[j])->zones, g_strdup(ear->zone));
    }
}

GPtrArray *
play_alert_steps(const ContentAlert *alert, GPtrArray *zones, PlayAlertLengthFunc length,
                 gpointer data)
{
    g_autoptr(GPtrArray) ears = list_ears(alert, zones, length, data);
    GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);
    const ContentSpeech *speech;
    PlayAlertStep *signal, *live;

    if (zones->len == 0)
        return steps;
    signal = add_step(steps, NULL, NULL, 0, alert->tone_ms * 1000);
    for (guint i = 0; i < ears->len; i++)
        g_ptr_array_add(signal->zones, g_strdup(((Ear *) ears->pdata[i])->zone));
    if (alert->live != NULL) {
        live = add_step(steps, NULL, NULL, 0, PLAY_ALERT_UNKNOWN_US);
        live->is_live = TRUE;
        for (guint i = 0; i < signal->zones->len; i++)
            g_ptr_array_add(live->zones, g_strdup(signal->zones->pdata[i]));
        return steps;
    }
    while ((speech = next_speech(alert, ears)) != NULL)
        add_speech(steps, speech, ears, length, data);
    return steps;
}

const char *
play_alert_step_part(const PlayAlertStep *step)
{
    return step->is_live ? PLAY_ALERT_LIVE_PART : "";
}

gboolean
play_alert_step_has(const PlayAlertStep *step, const char *zone)
{
    return g_ptr_array_find_with_equal_func(step->zones, zone, g_str_equal, NULL);
}

gboolean
play_alert_step_is_joined(const PlayAlertStep *step, const PlayAlertStep *next)
{
    if (step->duration_us >= PLAY_ALERT_UNKNOWN_US || step->zones->len != next->zones->len)
        return FALSE;
    for (guint i = 0; i < step->zones->len; i++) {
        if (strcmp(step->zones->pdata[i], next->zones->pdata[i]) != 0)
            return FALSE;
    }
    return TRUE;
}
