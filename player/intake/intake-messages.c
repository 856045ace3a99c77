/*
 * intake-messages.c - what the line says, and what is said on it of manifests.
 *
 * Flow: broker.c -> verify.c, hold.c -> the owner, or a report. See intake-internal.h
 */
#include "content/live.h"
#include "content/record.h"
#include "player/intake/intake-internal.h"

/* ---- reports ---- */

static void
send_report(PlayIntake *self, gint64 version, const ContentRemark *refusal)
{
    ContentReport report = {.station = self->identity->station,
                            .manifest_version = version,
                            .accepted = refusal == NULL,
                            .refusal = (ContentRemark *) refusal};
    g_autoptr(GPtrArray) days =
        play_intake_report_days(play_hold_days(self->hold), self->objects,
                                play_intake_time(self).now_us);
    g_autoptr(GBytes) bytes = NULL;

    report.days = days;
    bytes = content_document_write(&content_report_type, &report, NULL);
    if (bytes != NULL)
        play_broker_publish(self->broker, PLAY_BROKER_SAY_REPORT, bytes);
}

void
play_intake_report(PlayIntake *self)
{
    const ContentManifest *manifest = play_hold_manifest(self->hold);

    if (manifest != NULL)
        send_report(self, manifest->version, NULL);
}

void
play_intake_copy_floors(PlayIntake *self)
{
    GPtrArray *floors = play_keep_floors(self->keep, NULL);

    if (floors == NULL)
        return;
    g_mutex_lock(&self->lock);
    g_clear_pointer(&self->floors, g_ptr_array_unref);
    self->floors = floors;
    g_mutex_unlock(&self->lock);
}

/* ---- the line ---- */

static void
on_up(gpointer data)
{
    PlayIntake *self = data;

    play_intake_look_at_certificate(self);
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_LINE, .flag = TRUE});
    play_fetch_hurry(self->fetch);
    play_hold_ask_again(self->hold);
    play_intake_cancel_retry(self);
    self->n_failures = 0;
    play_intake_ask(self);
    play_intake_report(self);
}

static void
on_down(const char *words, gpointer data)
{
    play_herald_tell(((PlayIntake *) data)->herald,
                     (PlaySay){.kind = PLAY_SAY_LINE, .text = g_strdup(words)});
}

static void
take_manifest(PlayIntake *self, GBytes *payload)
{
    gint64 version = 0;

    if (!play_hold_take_pushed(self->hold, payload, play_intake_time(self))) {
        const ContentRemark *refusal = play_hold_refusal(self->hold, &version);

        send_report(self, version, refusal);
        return;
    }
    play_intake_copy_floors(self);
    self->n_failures = 0;
    play_intake_cancel_retry(self);
    play_intake_ask(self);
    play_intake_look(self);
    play_intake_report(self);
}

/* A message that is obeyed at once and not kept. */
static void
take_message(PlayIntake *self, const ContentDocumentType *type, GBytes *payload)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(play_hold_verify(self->hold), type,
                             g_bytes_get_data(payload, NULL), g_bytes_get_size(payload),
                             play_intake_time(self), &error);

    if (verified == NULL) {
        play_intake_say_error(self, type->type, error);
    } else if (type == &content_ack_type) {
        const ContentAck *ack = verified->parsed;

        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_ACK,
                                                 .text = g_strdup(ack->journal),
                                                 .number = ack->seq});
    } else if (type == &content_time_answer_type) {
        const ContentTimeAnswer *answer = verified->parsed;

        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_TIME,
                                                 .text = g_strdup(answer->nonce),
                                                 .number = answer->utc_us});
    } else {
        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_ENQUIRY});
        play_intake_report(self);
    }
}

/* Good once: whoever kept it cannot close the relay again, not even after a restart. */
static void
take_test_order(PlayIntake *self, GBytes *payload)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(play_hold_verify(self->hold), &content_test_order_type,
                             g_bytes_get_data(payload, NULL), g_bytes_get_size(payload),
                             play_intake_time(self), &error);
    const ContentTestOrder *order = verified == NULL ? NULL : verified->parsed;

    if (order == NULL || !play_keep_take_test_order(self->keep, order->issued_us, &error)) {
        play_intake_say_error(self, content_test_order_type.type, error);
        return;
    }
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_TEST,
                                             .order = g_steal_pointer(&verified->parsed)});
}

static void
take_order(PlayIntake *self, const ContentDocumentType *type, GBytes *payload)
{
    play_orders_take(self->orders, type, payload, play_intake_time(self));
    play_intake_look(self);
}

static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
    PlayIntake *self = data;

    switch (topic) {
    case PLAY_BROKER_MANIFEST:
        take_manifest(self, payload);
        break;
    case PLAY_BROKER_ACK:
        take_message(self, &content_ack_type, payload);
        break;
    case PLAY_BROKER_TIME:
        take_message(self, &content_time_answer_type, payload);
        break;
    case PLAY_BROKER_ENQUIRY:
        take_message(self, &content_enquiry_type, payload);
        break;
    case PLAY_BROKER_TEST:
        take_test_order(self, payload);
        break;
    case PLAY_BROKER_ALERT:
        take_order(self, &content_alert_type, payload);
        break;
    case PLAY_BROKER_STOP:
        take_order(self, &content_stop_type, payload);
        break;
    case PLAY_BROKER_LIVE:
        if (g_bytes_get_size(payload) <= CONTENT_LIVE_MAX_BYTES)
            play_herald_tell(self->herald,
                             (PlaySay){.kind = PLAY_SAY_LIVE, .frame = g_bytes_ref(payload)});
        break;
    }
}

const PlayBrokerEvents play_intake_broker_events = {on_up, on_down, on_message};
