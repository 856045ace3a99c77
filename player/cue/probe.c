/* probe.c - see probe.h */
#include "player/cue/probe.h"

struct PlayProbe {
    char *id, *zone;
    gint64 asked_us, until_us;
    gint64 closed_us; /* when the relay was read closed; 0: not yet */
    gint64 read_us;
    gint relay;          /* the best that was read while it was wanted */
    gboolean wants;      /* %FALSE: waiting for the relay to open */
    gboolean is_ordered; /* by the district: the record is the answer */
    gint64 opening_until_us;
};

static PlayProbe *
begin(const char *id, const char *zone, gint64 duration_ms, const PlayInstant *now)
{
    PlayProbe *self = g_new0(PlayProbe, 1);

    self->id = g_strdup(id);
    self->zone = g_strdup(zone);
    self->asked_us = now->monotonic_us;
    self->until_us = now->monotonic_us + CLAMP(duration_ms, 1, CONTENT_TEST_MAX_MS) * 1000;
    self->wants = TRUE;
    return self;
}

PlayProbe *
play_probe_new(const ContentTestAsk *ask, const PlayInstant *now)
{
    return begin(ask->id, ask->zone, ask->duration_ms, now);
}

PlayProbe *
play_probe_new_ordered(const ContentTestOrder *order, const PlayInstant *now)
{
    PlayProbe *self = begin(order->id, order->zone, order->duration_ms, now);

    self->is_ordered = TRUE;
    return self;
}

void
play_probe_free(PlayProbe *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->zone);
    g_free(self);
}

const char *
play_probe_zone(const PlayProbe *self)
{
    return self->wants ? self->zone : NULL;
}

const char *
play_probe_id(const PlayProbe *self)
{
    return self->id;
}

void
play_probe_stop(PlayProbe *self)
{
    self->until_us = 0;
}

void
play_probe_answer(GPtrArray *actions, const char *id, gboolean accepted, gboolean is_over,
                  gint relay, const char *code)
{
    PlayAction *action = play_actions_add(actions, PLAY_DO_ANSWER);

    action->answer = content_document_new(&content_test_answer_type);
    action->answer->id = g_strdup(id);
    action->answer->accepted = accepted;
    action->answer->is_over = is_over;
    action->answer->relay = relay;
    action->answer->said = content_remark_new(code, NULL, NULL);
}

void
play_probe_refuse_order(GPtrArray *actions, const ContentTestOrder *order, const char *code)
{
    PlayAction *action = play_actions_add(actions, PLAY_DO_RECORD);

    action->record = play_record_new(CONTENT_RECORD_TEST);
    action->record->zone = g_strdup(order->zone);
    action->record->reason = CONTENT_REASON_UNKNOWN;
    content_record_tell(action->record, content_remark_new(code, order->id, NULL));
}

/* What was read while the zone was wanted; closed once is proof enough. */
static void
look(PlayProbe *self, const PlayGateView *view)
{
    const ContentLeaseZone *told = play_gate_view_zone(view, self->zone);

    if (told == NULL || !self->wants || self->closed_us != 0)
        return;
    self->relay = told->relay;
    self->read_us = told->read_us;
    if (play_gate_view_is_ready(view, self->zone))
        self->closed_us = told->ready_us;
}

static gboolean
is_open_again(const PlayProbe *self, const PlayGateView *view)
{
    const ContentLeaseZone *told = play_gate_view_zone(view, self->zone);

    return told != NULL && !told->held && told->relay == CONTENT_RELAY_OPEN;
}

static void
conclude(const PlayProbe *self, const PlayGateView *view, const PlayInstant *now,
         GPtrArray *actions)
{
    gint64 offset_us = play_instant_offset_us(now);
    gboolean is_open = is_open_again(self, view);
    const char *code = self->closed_us == 0 ? "test_not_closed"
                       : is_open            ? "test_good"
                                            : "test_not_opened";
    PlayAction *action = play_actions_add(actions, PLAY_DO_RECORD);

    action->record = play_record_new(CONTENT_RECORD_TEST);
    action->record->zone = g_strdup(self->zone);
    action->record->actual_start_us = self->asked_us + offset_us;
    action->record->actual_end_us = now->utc_us;
    action->record->relay_asked_us = self->asked_us + offset_us;
    action->record->relay_read_us = self->read_us == 0 ? 0 : self->read_us + offset_us;
    action->record->relay = self->relay;
    action->record->reason =
        self->closed_us == 0 ? CONTENT_REASON_RELAY_FAILED : CONTENT_REASON_NONE;
    content_record_tell(action->record, content_remark_new(code, self->id, NULL));
    if (!self->is_ordered)
        play_probe_answer(actions, self->id, TRUE, TRUE, self->relay, code);
}

gboolean
play_probe_step(PlayProbe *self, const PlayGateView *view, const PlayInstant *now,
                GPtrArray *actions, gint64 *out_alarm_us)
{
    look(self, view);
    if (self->wants && now->monotonic_us >= self->until_us) {
        self->wants = FALSE;
        self->opening_until_us = now->monotonic_us + PLAY_PROBE_OPENING_US;
    }
    *out_alarm_us = self->wants ? self->until_us : self->opening_until_us;
    if (self->wants)
        return FALSE;
    if (!is_open_again(self, view) && now->monotonic_us < self->opening_until_us &&
        play_gate_view_is_up(view))
        return FALSE;
    conclude(self, view, now, actions);
    return TRUE;
}
