/* local.c - see local.h */
#include "player/local.h"

#include <string.h>

#include "content/base/id.h"
#include "content/claim.h"
#include "player/cue/action.h"

/* Of an id that is made of the caller's key. */
#define ID_DIGITS 32
/* Starts remembered: what all grants of a station may allow in a day, and more. */
#define MAX_STARTS (CONTENT_MANIFEST_MAX_GRANTS * CONTENT_GRANT_MAX_STARTS)

struct PlayLocalAlerts {
    PlayCue *cue;
    PlayTrustClock *trust;
    const PlayIdentity *identity;
    const PlayLocalEvents *events;
    gpointer data;
    GPtrArray *starts; /* (element-type PlayLocalStart): by time */
    gint64 past_us;    /* UTC that was surely past at @since_us */
    gint64 since_us;   /* monotonic */
};

static ContentClock *
clock_of(PlayLocalAlerts *self)
{
    return play_trust_clock_clock(self->trust);
}

PlayLocalAlerts *
play_local_new(PlayCue *cue, PlayTrustClock *trust, const PlayIdentity *identity,
               const PlayLocalEvents *events, gpointer data)
{
    PlayLocalAlerts *self = g_new0(PlayLocalAlerts, 1);

    self->cue = cue;
    self->trust = trust;
    self->identity = identity;
    self->events = events;
    self->data = data;
    self->starts = g_ptr_array_new_with_free_func((GDestroyNotify) play_local_start_free);
    self->past_us = play_trust_clock_verify_time(trust);
    self->since_us = content_clock_monotonic_us(clock_of(self));
    return self;
}

void
play_local_free(PlayLocalAlerts *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->starts);
    g_free(self);
}

/* ---- the present ---- */

/* Without a trusted clock: the latest instant that is surely past, and what went by since. */
static gint64
now_us(PlayLocalAlerts *self)
{
    gint64 monotonic_us = content_clock_monotonic_us(clock_of(self));
    gint64 verified_us = play_trust_clock_verify_time(self->trust);

    if (play_trust_clock_trust(self->trust) != CONTENT_TRUST_UNSET)
        return verified_us;
    return MAX(verified_us, self->past_us + monotonic_us - self->since_us);
}

static PlayLocalFacts
facts_of(PlayLocalAlerts *self)
{
    PlayLocalFacts facts = play_cue_local_facts(self->cue);

    facts.starts = self->starts;
    facts.now_us = now_us(self);
    facts.is_trusted = play_trust_clock_trust(self->trust) != CONTENT_TRUST_UNSET;
    return facts;
}

static void
note_start(PlayLocalAlerts *self, const char *grant, const char *alert, gint64 at_us)
{
    if (self->starts->len >= MAX_STARTS)
        g_ptr_array_remove_index(self->starts, 0);
    g_ptr_array_add(self->starts, play_local_start_new(grant, alert, at_us));
}

void
play_local_restore(PlayLocalAlerts *self, const ContentLocalOrder *order,
                   const ContentAlert *alert)
{
    gint64 monotonic_us = content_clock_monotonic_us(clock_of(self));

    note_start(self, order->grant, alert->id, alert->issued_us);
    if (alert->issued_us <= self->past_us + monotonic_us - self->since_us)
        return;
    self->past_us = alert->issued_us;
    self->since_us = monotonic_us;
}

/* ---- what is told ---- */

/* @alert: (nullable): NULL: of a stop */
static ContentRemark *
remark_of(gboolean by_input, const char *by, const ContentGrant *grant,
          const ContentAlert *alert)
{
    static const char *const codes[2][2] = {{"local_stop_by_account", "local_stop_by_input"},
                                            {"local_by_account", "local_by_input"}};
    ContentRemark *remark = content_remark_new(codes[alert != NULL][by_input != 0], NULL, NULL);

    content_remark_add(remark, by_input ? "input" : "account", by);
    content_remark_add(remark, "grant", grant->id);
    if (alert != NULL) {
        content_remark_add(remark, "template", alert->template_);
        content_remark_add(remark, "title", alert->title);
    }
    return remark;
}

/* Returns: (transfer full) (nullable): what fills the blanks, if there is anything, and if it
 * can be told whole: without it the district knows what was warned of, and not its every word
 */
static ContentRemark *
fills_of(const PlayLocalCall *call, const ContentGrant *grant)
{
    const ContentGrantInput *input =
        call->by_input ? content_grant_find_input(grant, call->by) : NULL;
    g_autoptr(GString) fills = g_string_new(NULL);
    ContentRemark *remark;

    for (guint i = 0; input != NULL && i < input->values->len; i++)
        g_string_append_printf(fills, " %s", (const char *) input->values->pdata[i]);
    for (gsize i = 0; input == NULL && call->values != NULL && call->values[i] != NULL; i++)
        g_string_append_printf(fills, " %s", call->values[i]);
    if (fills->len == 0 || fills->len - 1 > CONTENT_REMARK_ARGUMENT_BYTES)
        return NULL;
    remark = content_remark_new("local_fills", NULL, NULL);
    content_remark_add(remark, "values", fills->str + 1);
    return remark;
}

/* @fills: (transfer full) (nullable) */
static void
tell(PlayLocalAlerts *self, ContentRecordKind kind, const char *alert_id, gint64 from_us,
     gint64 until_us, ContentRemark *who, gboolean is_drill, ContentRemark *fills)
{
    ContentRecord *record = play_record_new(kind);

    record->occurrence = g_strdup(alert_id);
    record->item = g_strdup(PLAY_ALERT_ITEM);
    record->planned_start_us = from_us;
    record->planned_end_us = until_us;
    content_record_tell(record, who);
    if (is_drill)
        content_record_tell(record, content_remark_new("local_as_drill", NULL, NULL));
    content_record_tell(record, fills);
    self->events->record(record, self->data);
}

static void
tell_refused(PlayLocalAlerts *self, const char *by, const GError *error)
{
    ContentRecord *record = play_record_new(CONTENT_RECORD_REFUSED);

    content_record_tell(record, content_remark_new(play_local_error_code(error), by, NULL));
    self->events->record(record, self->data);
}

/* ---- orders ---- */

static char *
text_of(GBytes *bytes)
{
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* Returns: (transfer full): the order with the station's signature */
static GBytes *
seal(PlayLocalAlerts *self, const ContentLocalOrder *order, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_local_order_type, order, &why);
    g_autofree char *comment = NULL, *signature = NULL;

    if (bytes == NULL) {
        g_set_error(error, PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_UNSIGNABLE,
                    "the order cannot be written: %s", why->message);
        return NULL;
    }
    comment = content_claim_comment(content_local_order_type.type, self->identity->station, 0);
    signature = content_seal_sign(self->identity->seal, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), comment);
    return content_seal_wrap(signature, bytes);
}

/* @document: the alert or the stop, of @type */
static GBytes *
order_of(PlayLocalAlerts *self, gboolean by_input, const char *by, const ContentGrant *grant,
         const ContentDocumentType *type, gconstpointer document, GError **error)
{
    g_autoptr(ContentLocalOrder) order = content_document_new(&content_local_order_type);
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &why);

    if (bytes == NULL) {
        g_set_error(error, PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_UNSIGNABLE,
                    "the order cannot be written: %s", why->message);
        return NULL;
    }
    order->station = g_strdup(self->identity->station);
    order->grant = g_strdup(grant->id);
    order->by = g_strdup(by);
    order->input = by_input;
    if (type == &content_alert_type)
        order->alert = text_of(bytes);
    else
        order->stop = text_of(bytes);
    return seal(self, order, error);
}

/* Nobody else, and no other station, comes to the same one. */
static char *
id_of(PlayLocalAlerts *self, const PlayLocalCall *call, gint64 now_us)
{
    g_autofree char *text = NULL, *hash = NULL;

    if (call->key == NULL)
        return content_id_new(now_us);
    text = g_strjoin("\n", self->identity->station, call->by_input ? "input" : "account",
                     call->by, call->key, NULL);
    hash = content_sha256_hex(text, strlen(text));
    return g_strndup(hash, ID_DIGITS);
}

static gboolean
was_started(const PlayLocalAlerts *self, const char *alert)
{
    for (guint i = 0; i < self->starts->len; i++) {
        if (strcmp(((const PlayLocalStart *) self->starts->pdata[i])->alert, alert) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
start(PlayLocalAlerts *self, const PlayLocalCall *call, char **out_alert_id, GError **error)
{
    const PlayLocalFacts facts = facts_of(self);
    g_autofree char *id = id_of(self, call, facts.now_us);
    const ContentGrant *grant = NULL;
    g_autoptr(ContentAlert) alert = NULL;
    g_autoptr(GBytes) envelope = NULL;

    if (was_started(self, id)) {
        *out_alert_id = g_steal_pointer(&id);
        return TRUE;
    }
    alert = play_local_judge(&facts, call, id, &grant, error);
    if (alert == NULL)
        return FALSE;
    envelope =
        order_of(self, call->by_input, call->by, grant, &content_alert_type, alert, error);
    if (envelope == NULL)
        return FALSE;
    note_start(self, grant->id, alert->id, alert->issued_us);
    self->events->order(envelope, self->data);
    tell(self, CONTENT_RECORD_ALERT_STARTED_LOCALLY, alert->id, alert->issued_us,
         alert->expires_us, remark_of(call->by_input, call->by, grant, alert), alert->drill,
         fills_of(call, grant));
    *out_alert_id = g_steal_pointer(&id);
    return TRUE;
}

gboolean
play_local_start(PlayLocalAlerts *self, const PlayLocalCall *call, char **out_alert_id,
                 GError **error)
{
    g_autoptr(GError) why = NULL;

    if (start(self, call, out_alert_id, &why))
        return TRUE;
    tell_refused(self, call->by, why);
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

/* The newest order of ours is not to be younger than its stop, whatever the clock did since. */
static gint64
stop_time(PlayLocalAlerts *self, const PlayLocalFacts *facts)
{
    gint64 at_us = facts->now_us;

    for (guint i = 0; i < self->starts->len; i++)
        at_us = MAX(at_us, ((const PlayLocalStart *) self->starts->pdata[i])->at_us);
    return at_us;
}

static gboolean
stop(PlayLocalAlerts *self, gboolean by_input, const char *by, const char *alert,
     GError **error)
{
    const PlayLocalFacts facts = facts_of(self);
    g_autoptr(ContentStop) order = content_document_new(&content_stop_type);
    g_autoptr(GPtrArray) areas = NULL;
    g_autoptr(GBytes) envelope = NULL;
    const ContentGrant *grant = play_local_judge_stop(&facts, by_input, by, &areas, error);

    if (grant == NULL)
        return FALSE;
    order->id = content_id_new(facts.now_us);
    order->alert = g_strdup(alert);
    order->issued_us = stop_time(self, &facts);
    order->expires_us = order->issued_us + CONTENT_ALERT_MAX_LIFE_US;
    g_ptr_array_extend_and_steal(order->areas, g_steal_pointer(&areas));
    envelope = order_of(self, by_input, by, grant, &content_stop_type, order, error);
    if (envelope == NULL)
        return FALSE;
    self->events->order(envelope, self->data);
    tell(self, CONTENT_RECORD_ALERT_STOPPED_LOCALLY, alert, order->issued_us, 0,
         remark_of(by_input, by, grant, NULL), FALSE, NULL);
    return TRUE;
}

gboolean
play_local_stop(PlayLocalAlerts *self, gboolean by_input, const char *by, const char *alert,
                GError **error)
{
    g_autoptr(GError) why = NULL;

    if (stop(self, by_input, by, alert, &why))
        return TRUE;
    tell_refused(self, by, why);
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

/* ---- what may be chosen, and by whom ---- */

PlayLocalChoices *
play_local_choices(PlayLocalAlerts *self, gboolean by_input, const char *by)
{
    const PlayLocalFacts facts = facts_of(self);

    return play_local_list_choices(&facts, by_input, by);
}

GPtrArray *
play_local_accounts(PlayLocalAlerts *self)
{
    const PlayLocalFacts facts = facts_of(self);

    return play_local_list_accounts(&facts);
}
