/* desk.c - see desk.h */
#include "player/desk.h"

#include <string.h>

#include "player/output/gateway-link.h"
#include "player/output/items.h"

/* Sound that did not move for so long does not renew a lease. */
#define STALE_US (1500 * G_GINT64_CONSTANT(1000))

/* How often it is kept how far segments have sounded. */
#define DRAFT_US (1 * G_USEC_PER_SEC)

/* The cue's alarm may be so late on a machine that is busy; later, something is broken. */
#define OVERDUE_US (5 * G_USEC_PER_SEC)

/* How a card moves. */
typedef struct {
    gint64 frames, moved_us;
    gint64 frames_seen; /* at the last play_desk_is_alive() */
} Progress;

struct PlayDesk {
    ContentClock *clock;
    const PlayDeskEvents *events;
    gpointer data;
    PlayCue *cue;
    PlayItems *items;
    PlayGatewayLink *link;
    PlayButtons *buttons;
    GHashTable *progress;     /* output -> Progress */
    GHashTable *zone_outputs; /* zone -> output, of the inventory */
    GHashTable *objects;      /* item -> hash */
    char *gateway_version;    /* (nullable) */
    gint mains, battery;
    guint utc_alarm, monotonic_alarm, draft_alarm;
    gboolean has_drafts, has_left;
    PlayAlarm alarm; /* when the cue wants to be asked again */
    gboolean is_stepping, must_step;
};

static PlayInstant
now_of(PlayDesk *self)
{
    PlayInstant now = {.trust = self->events->trust(self->data)};

    content_clock_now(self->clock, &now.utc_us, &now.monotonic_us);
    return now;
}

/* ---- what the cue wants done ---- */

static const PlaySignal signals[] = {
    [CONTENT_ALERT_TONE_GONG] = PLAY_SIGNAL_GONG,
    [CONTENT_ALERT_TONE_CHIME] = PLAY_SIGNAL_CHIME,
    [CONTENT_ALERT_TONE_WAIL] = PLAY_SIGNAL_WAIL,
    [CONTENT_ALERT_TONE_PULSE] = PLAY_SIGNAL_PULSE,
};

static void
prepare(PlayDesk *self, PlayAction *action)
{
    guint64 *item = g_memdup2(&action->item, sizeof action->item);

    g_hash_table_replace(self->objects, item, g_strdup(action->object));
    if (action->source == CONTENT_SOURCE_TONE && action->tone != PLAY_TONE_TEST) {
        play_items_prepare_signal(self->items, action->item, action->output,
                                  action->tone == PLAY_TONE_DRILL ? PLAY_SIGNAL_DRILL
                                                                  : signals[action->tone],
                                  action->duration_us);
        return;
    }
    if (action->source == CONTENT_SOURCE_MICROPHONE) {
        play_items_prepare_speech(self->items, action->item, action->output, action->alert,
                                  action->key);
        return;
    }
    if (action->address != NULL) {
        play_items_prepare_live(self->items, action->item, action->output, action->address,
                                action->object, action->position_us);
        return;
    }
    play_items_prepare(self->items, action->item, action->output, action->source,
                       action->object, action->position_us, action->duration_us);
    if (action->alert != NULL)
        play_items_hurry(self->items, action->item);
}

static void
carry_out(PlayDesk *self, PlayAction *action)
{
    switch (action->what) {
    case PLAY_DO_WISH:
        play_gateway_link_wish(self->link, action->zones, action->wish);
        break;
    case PLAY_DO_PREPARE:
        prepare(self, action);
        break;
    case PLAY_DO_PLACE:
        play_items_place(self->items, action->item, action->start_us, action->position_us,
                         action->duration_us, action->gain_mdb);
        break;
    case PLAY_DO_INTERRUPT:
        play_items_interrupt(self->items, action->item, action->duration_us, action->gain_mdb);
        break;
    case PLAY_DO_CANCEL:
        play_items_cancel(self->items, action->item);
        break;
    case PLAY_DO_RECORD:
        self->events->record(g_steal_pointer(&action->record), self->data);
        break;
    case PLAY_DO_ANSWER:
        play_gateway_link_answer(self->link, action->answer);
        break;
    case PLAY_DO_ALERT_DONE:
        play_buttons_alert_done(self->buttons, action->alert);
        self->events->alert_done(action->alert, self->data);
        break;
    case PLAY_DO_TELL:
        self->events->changed(self->data);
        break;
    }
}

static void
on_utc_alarm(gpointer data)
{
    PlayDesk *self = data;

    self->utc_alarm = 0;
    play_desk_step(self);
}

static void
on_monotonic_alarm(gpointer data)
{
    PlayDesk *self = data;

    self->monotonic_alarm = 0;
    play_desk_step(self);
}

static void
set_alarms(PlayDesk *self, const PlayAlarm *alarm)
{
    content_clock_cancel(self->clock, self->utc_alarm);
    content_clock_cancel(self->clock, self->monotonic_alarm);
    self->utc_alarm = self->monotonic_alarm = 0;
    self->alarm = *alarm;
    if (alarm->utc_us != 0)
        self->utc_alarm =
            content_clock_alarm_utc(self->clock, alarm->utc_us, on_utc_alarm, self);
    if (alarm->monotonic_us != 0)
        self->monotonic_alarm = content_clock_alarm_monotonic(self->clock, alarm->monotonic_us,
                                                              on_monotonic_alarm, self);
}

static void
step_once(PlayDesk *self)
{
    g_autoptr(GPtrArray) actions = play_actions_new();
    PlayInstant now = now_of(self);
    PlayAlarm alarm = {0, 0};

    play_cue_step(self->cue, &now, actions, &alarm);
    for (guint i = 0; i < actions->len; i++)
        carry_out(self, actions->pdata[i]);
    set_alarms(self, &alarm);
}

/* ---- what would be told if the player ended now ---- */

static void
look_at(PlayDesk *self, const char *output, Progress *progress)
{
    PlayOutputState state = play_output_state(play_items_output(self->items, output));

    if (state.progress_frames == progress->frames)
        return;
    progress->frames = state.progress_frames;
    progress->moved_us = content_clock_monotonic_us(self->clock);
}

/* Sound that does not move has not left. */
static gboolean
tell_sound(const char *output, PlayHeard *out_heard, gpointer data)
{
    PlayDesk *self = data;
    PlayOutputState state;

    if (!g_hash_table_contains(self->progress, output))
        return FALSE;
    state = play_output_state(play_items_output(self->items, output));
    *out_heard = (PlayHeard){.end_us = state.progress_us,
                             .level_mdb = play_level_rms_mdb(&state.item),
                             .peak_mdb = play_level_peak_mdb(&state.item)};
    return TRUE;
}

static void draft(PlayDesk *self);

static void
on_draft_alarm(gpointer data)
{
    PlayDesk *self = data;

    self->draft_alarm = 0;
    draft(self);
}

static void
draft(PlayDesk *self)
{
    PlayInstant now = now_of(self);
    g_autoptr(GPtrArray) drafts = play_cue_drafts(self->cue, &now, tell_sound, self);
    gboolean had_drafts = self->has_drafts;

    self->has_drafts = drafts->len > 0;
    if (self->has_drafts)
        self->draft_alarm =
            content_clock_alarm_monotonic(self->clock, now.monotonic_us + DRAFT_US,
                                          on_draft_alarm, self);
    if (self->has_drafts || had_drafts)
        self->events->drafts(g_steal_pointer(&drafts), self->data);
}

/* ---- the step ---- */

/* What an action brings about at once is a fact for the next round, not within this one. */
void
play_desk_step(PlayDesk *self)
{
    self->must_step = TRUE;
    if (self->is_stepping)
        return;
    self->is_stepping = TRUE;
    while (self->must_step) {
        self->must_step = FALSE;
        step_once(self);
    }
    self->is_stepping = FALSE;
    if (self->draft_alarm == 0)
        draft(self);
    if (!self->has_left && play_cue_has_left(self->cue)) {
        self->has_left = TRUE;
        self->events->left(self->data);
    }
}

gboolean
play_desk_alert(PlayDesk *self, ContentAlert *alert, PlayAlertOrigin origin)
{
    PlayInstant now = now_of(self);
    gboolean is_taken = play_cue_take_alert(self->cue, alert, origin, &now);

    play_desk_step(self);
    return is_taken;
}

gboolean
play_desk_local(PlayDesk *self, ContentAlert *alert, const ContentLocalOrder *order,
                PlayAlertOrigin origin, const char **out_why)
{
    PlayInstant now = now_of(self);
    g_autofree char *id = g_strdup(alert->id);
    gboolean is_taken;

    if (origin == PLAY_ALERT_KEPT && order->input)
        play_buttons_alert_kept(self->buttons, order->by, id);
    is_taken = play_cue_take_local(self->cue, alert, order, origin, &now, out_why);
    play_desk_step(self);
    play_buttons_alert_taken(self->buttons, id, is_taken);
    return is_taken;
}

void
play_desk_stop(PlayDesk *self, ContentStop *stop)
{
    play_cue_take_stop(self->cue, stop);
    play_desk_step(self);
}

char *
play_desk_frame(PlayDesk *self, GBytes *bytes)
{
    return play_items_take_frame(self->items, bytes);
}

void
play_desk_leave(PlayDesk *self)
{
    play_cue_leave(self->cue);
    play_desk_step(self);
}

/* ---- what the outputs say ---- */

static PlayHeard
heard_of(const PlayEvent *event)
{
    PlayHeard heard = {event->start_us,      event->end_us,
                       event->level_mdb,     event->peak_mdb,
                       event->silent_us,     event->reason == CONTENT_REASON_LATE_SOURCE,
                       event->missing_us,    event->story.silent_us,
                       event->story.gone_us, event->story.spare_us,
                       event->n_lost,        event->n_refused};

    return heard;
}

static void
on_started(guint64 item, gint64 at_us, gpointer data)
{
    PlayDesk *self = data;

    play_cue_item_started(self->cue, item, at_us);
    play_desk_step(self);
}

static void
on_ended(guint64 item, const PlayEvent *event, gpointer data)
{
    PlayDesk *self = data;
    PlayHeard heard = heard_of(event);

    g_hash_table_remove(self->objects, &item);
    play_cue_item_ended(self->cue, item, &heard);
    play_desk_step(self);
}

static void
tell_object(PlayDesk *self, guint64 item, ContentReason reason)
{
    const char *object = g_hash_table_lookup(self->objects, &item);

    if (object != NULL &&
        (reason == CONTENT_REASON_OBJECT_CORRUPT || reason == CONTENT_REASON_OBJECT_MISSING))
        self->events->object_failed(object, self->data);
}

static void
on_failed(guint64 item, ContentReason reason, const char *words, const PlayEvent *event,
          gpointer data)
{
    PlayDesk *self = data;
    PlayHeard heard = {0};

    if (event != NULL)
        heard = heard_of(event);
    tell_object(self, item, reason);
    play_cue_item_failed(self->cue, item, reason, event == NULL ? NULL : &heard);
    g_hash_table_remove(self->objects, &item);
    play_desk_step(self);
}

static void
on_spare(guint64 item, ContentReason reason, gpointer data)
{
    tell_object(data, item, reason);
}

static void
on_source(guint64 item, gboolean comes, const char *words, gpointer data)
{
    PlayDesk *self = data;

    play_cue_item_source(self->cue, item, comes, words);
    self->events->source(comes, words, self->data);
    play_desk_step(self);
}

static void
on_card(const char *output, gboolean works, const char *words, gpointer data)
{
    PlayDesk *self = data;

    play_cue_take_output(self->cue, output, works);
    play_desk_step(self);
}

static void
on_taped(const char *alert, const PlayReelKept *kept, const char *words, gpointer data)
{
    PlayDesk *self = data;

    if (self->events->taped != NULL)
        self->events->taped(alert, kept, words, self->data);
}

static const PlayItemsEvents items_events = {on_started, on_ended, on_failed, on_source,
                                             on_spare,   on_card,  on_taped};

/* ---- what the gateway says ---- */

static void
on_inventory(const ContentInventory *inventory, const char *words, gpointer data)
{
    PlayDesk *self = data;

    g_clear_pointer(&self->gateway_version, g_free);
    self->mains = self->battery = CONTENT_POWER_UNKNOWN;
    g_hash_table_remove_all(self->zone_outputs);
    for (guint i = 0; inventory != NULL && i < inventory->zones->len; i++) {
        const ContentInventoryZone *zone = inventory->zones->pdata[i];

        g_hash_table_insert(self->zone_outputs, g_strdup(zone->id), g_strdup(zone->output));
    }
    if (inventory != NULL)
        self->gateway_version = g_strdup(inventory->version);
    play_cue_take_inventory(self->cue, inventory);
    self->events->gateway(inventory != NULL, words, self->data);
    play_buttons_inventory(self->buttons, inventory);
    play_desk_step(self);
}

static void
on_state(const ContentLeaseState *state, gint64 wish, gpointer data)
{
    PlayDesk *self = data;
    gboolean has_changed = state->mains != self->mains || state->battery != self->battery;

    self->mains = state->mains;
    self->battery = state->battery;
    play_cue_take_lease(self->cue, state, wish);
    play_buttons_state(self->buttons, state);
    play_desk_step(self);
    if (has_changed)
        self->events->changed(self->data);
}

static void
on_ask(const ContentTestAsk *ask, gpointer data)
{
    PlayDesk *self = data;

    play_cue_ask_test(self->cue, ask);
    play_desk_step(self);
}

static gboolean
on_is_alive(const char *zone, gpointer data)
{
    PlayDesk *self = data;
    const char *output = g_hash_table_lookup(self->zone_outputs, zone);
    Progress *progress = output == NULL ? NULL : g_hash_table_lookup(self->progress, output);

    if (progress == NULL)
        return FALSE;
    look_at(self, output, progress);
    return content_clock_monotonic_us(self->clock) - progress->moved_us < STALE_US;
}

static const PlayGatewayLinkEvents link_events = {on_inventory, on_state, on_ask, on_is_alive};

/* ---- what the buttons want ---- */

static char *
on_pressed(const PlayButtonConfig *button, gpointer data)
{
    PlayDesk *self = data;

    return self->events->pressed(button, self->data);
}

static void
on_light(GPtrArray *lamps, gpointer data)
{
    play_gateway_link_light(((PlayDesk *) data)->link, lamps);
}

static void
on_wrong(GPtrArray *faults, gpointer data)
{
    PlayDesk *self = data;

    play_cue_take_findings(self->cue, faults);
    play_desk_step(self);
}

static void
on_press_lost(const ContentRemark *what, gpointer data)
{
    PlayDesk *self = data;

    self->events->press_lost(what, self->data);
}

static const PlayButtonsEvents button_events = {
    .start = on_pressed,
    .light = on_light,
    .wrong = on_wrong,
    .say = on_press_lost,
};

/* ---- the interface ---- */

PlayDesk *
play_desk_new(const PlayDeskConfig *config, ContentClock *clock, ContentObjectStore *objects,
              const PlayDeskEvents *events, gpointer data)
{
    PlayDesk *self = g_new0(PlayDesk, 1);

    self->clock = clock;
    self->events = events;
    self->data = data;
    self->cue = play_cue_new();
    self->progress = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->zone_outputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->objects = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    self->items = play_items_new(objects, clock, &items_events, self);
    for (guint i = 0; i < config->outputs->len; i++) {
        const PlayDeskOutput *output = config->outputs->pdata[i];

        g_hash_table_insert(self->progress, g_strdup(output->name), g_new0(Progress, 1));
        play_items_add_output(self->items, output->name, output->device, config->buffer_ms);
    }
    self->buttons = play_buttons_new(config->buttons, clock, &button_events, self);
    play_items_set_microphone(self->items, config->microphone);
    if (config->speeches != NULL)
        play_items_keep_speech(self->items, config->speeches);
    for (guint i = 0; config->lines != NULL && i < config->lines->len; i++) {
        const PlayDeskOutput *line = config->lines->pdata[i];

        play_items_add_line(self->items, line->name, line->device);
    }
    if (config->decoder != NULL)
        play_items_set_decoder(self->items, config->decoder);
    self->link = play_gateway_link_new(config->socket, clock, &link_events, self);
    return self;
}

void
play_desk_free(PlayDesk *self)
{
    if (self == NULL)
        return;
    /* First the relays, then the sound: nobody hears a sound card being closed. */
    play_gateway_link_free(self->link);
    play_buttons_free(self->buttons);
    play_items_free(self->items);
    content_clock_cancel(self->clock, self->utc_alarm);
    content_clock_cancel(self->clock, self->monotonic_alarm);
    content_clock_cancel(self->clock, self->draft_alarm);
    play_cue_free(self->cue);
    g_hash_table_unref(self->progress);
    g_hash_table_unref(self->zone_outputs);
    g_hash_table_unref(self->objects);
    g_free(self->gateway_version);
    g_free(self);
}

PlayCue *
play_desk_cue(PlayDesk *self)
{
    return self->cue;
}

void
play_desk_order_test(PlayDesk *self, ContentTestOrder *order)
{
    play_cue_order_test(self->cue, order);
    play_desk_step(self);
}

void
play_desk_journaled(PlayDesk *self, const char *segment)
{
    play_cue_journaled(self->cue, segment);
}

void
play_desk_fill_heartbeat(PlayDesk *self, ContentHeartbeat *heartbeat)
{
    PlayInstant now = now_of(self);

    play_cue_fill_heartbeat(self->cue, &now, heartbeat);
    for (guint i = 0; i < heartbeat->sounding->len; i++) {
        ContentSounding *sounding = heartbeat->sounding->pdata[i];

        sounding->level_mdb =
            play_output_state(play_items_output(self->items, sounding->output)).level_mdb;
    }
    heartbeat->mains = self->mains;
    heartbeat->battery = self->battery;
    g_free(heartbeat->gateway_version);
    heartbeat->gateway_version = g_strdup(self->gateway_version);
}

GBytes *
play_desk_inventory(PlayDesk *self)
{
    return play_gateway_link_inventory(self->link);
}

/* The cue wanted to decide something a while ago and was not asked. */
static gboolean
is_overdue(const PlayDesk *self)
{
    const PlayAlarm *alarm = &self->alarm;

    return (alarm->monotonic_us != 0 &&
            content_clock_monotonic_us(self->clock) > alarm->monotonic_us + OVERDUE_US) ||
           (alarm->utc_us != 0 &&
            content_clock_utc_us(self->clock) > alarm->utc_us + OVERDUE_US);
}

gboolean
play_desk_is_alive(PlayDesk *self)
{
    GHashTableIter iter;
    gpointer key, value;
    gboolean is_alive = !is_overdue(self);

    g_hash_table_iter_init(&iter, self->progress);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        Progress *progress = value;

        look_at(self, key, progress);
        if (play_output_state(play_items_output(self->items, key)).is_open &&
            progress->frames == progress->frames_seen)
            is_alive = FALSE;
        progress->frames_seen = progress->frames;
    }
    return is_alive;
}
