/* herald.c - see herald.h */
#include "player/intake/herald.h"

#include "player/intake/mailbox.h"

struct PlayHerald {
    const PlayIntakeEvents *events;
    gpointer data;
    PlayTrustClock *clock;
    PlayMailbox *mailbox;
};

static void
say_free(gpointer data)
{
    PlaySay *say = data;

    g_free(say->text);
    g_free(say->more);
    content_remark_free(say->why);
    g_clear_pointer(&say->manifest, g_bytes_unref);
    g_clear_pointer(&say->frame, g_bytes_unref);
    g_clear_pointer(&say->templates, g_bytes_unref);
    content_station_settings_free(say->settings);
    content_day_plan_free(say->plan);
    content_alert_free(say->alert);
    content_stop_free(say->stop);
    content_local_order_free(say->local);
    g_clear_pointer(&say->grants, g_ptr_array_unref);
    g_clear_pointer(&say->approvals, g_hash_table_unref);
    content_test_order_free(say->order);
    g_free(say);
}

static void
deliver_manifest(PlayHerald *self, PlaySay *say)
{
    g_autoptr(ContentManifest) manifest = NULL;

    if (say->manifest != NULL)
        manifest =
            content_document_read(&content_manifest_type, g_bytes_get_data(say->manifest, NULL),
                                  g_bytes_get_size(say->manifest), NULL);
    self->events->manifest(manifest, self->data);
}

static void
deliver_templates(PlayHerald *self, PlaySay *say)
{
    ContentTemplates *templates =
        content_document_read(&content_templates_type, g_bytes_get_data(say->templates, NULL),
                              g_bytes_get_size(say->templates), NULL);

    if (templates != NULL)
        self->events->templates(templates, g_steal_pointer(&say->approvals), self->data);
}

static void
deliver_issued(PlayHerald *self, const PlaySay *say)
{
    if (say->flag)
        play_trust_clock_reset_floor(self->clock, say->number);
    else
        play_trust_clock_raise_floor(self->clock, say->number);
}

static void
on_say(gpointer data, gpointer owner)
{
    PlaySay *say = data;
    PlayHerald *self = owner;
    const PlayIntakeEvents *events = self->events;

    switch (say->kind) {
    case PLAY_SAY_LINE:
        events->line(say->flag, say->text, self->data);
        break;
    case PLAY_SAY_MANIFEST:
        deliver_manifest(self, say);
        break;
    case PLAY_SAY_SETTINGS:
        events->settings(g_steal_pointer(&say->settings), self->data);
        break;
    case PLAY_SAY_DAY:
        events->day(say->text, say->more, g_steal_pointer(&say->plan),
                    g_steal_pointer(&say->approvals), say->flag, self->data);
        break;
    case PLAY_SAY_OBJECT:
        events->object(say->text, self->data);
        break;
    case PLAY_SAY_REFUSED:
        events->refused(say->why, self->data);
        break;
    case PLAY_SAY_STATE:
        events->state(&say->state, self->data);
        break;
    case PLAY_SAY_ACK:
        events->ack(say->text, say->number, self->data);
        break;
    case PLAY_SAY_TIME:
        events->time(say->text, say->number, self->data);
        break;
    case PLAY_SAY_ENQUIRY:
        events->enquiry(self->data);
        break;
    case PLAY_SAY_TEST:
        events->test(g_steal_pointer(&say->order), self->data);
        break;
    case PLAY_SAY_ALERT:
        events->alert(g_steal_pointer(&say->alert), (PlayOrderOrigin) say->number, self->data);
        break;
    case PLAY_SAY_STOP:
        events->stop(g_steal_pointer(&say->stop), self->data);
        break;
    case PLAY_SAY_TEMPLATES:
        deliver_templates(self, say);
        break;
    case PLAY_SAY_ASK_TIME:
        play_trust_clock_ask_now(self->clock);
        break;
    case PLAY_SAY_GRANTS:
        events->grants(g_steal_pointer(&say->grants), self->data);
        break;
    case PLAY_SAY_LOCAL:
        events->local(g_steal_pointer(&say->alert), g_steal_pointer(&say->local),
                      (PlayOrderOrigin) say->number, self->data);
        break;
    case PLAY_SAY_LIVE:
        events->live(say->frame, self->data);
        break;
    case PLAY_SAY_ISSUED:
        deliver_issued(self, say);
        break;
    }
}

void
play_herald_tell(PlayHerald *self, PlaySay say)
{
    play_mailbox_post(self->mailbox, on_say, g_memdup2(&say, sizeof say), say_free);
}

PlayHerald *
play_herald_new(const PlayIntakeEvents *events, gpointer data, PlayTrustClock *clock)
{
    PlayHerald *self = g_new0(PlayHerald, 1);

    self->events = events;
    self->data = data;
    self->clock = clock;
    self->mailbox = play_mailbox_new(self);
    return self;
}

void
play_herald_free(PlayHerald *self)
{
    if (self == NULL)
        return;
    play_mailbox_close(self->mailbox);
    g_free(self);
}
