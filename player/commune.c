/*
 * commune.c - see commune.h
 *
 * One table of functions for each part that says something; each row hands a fact on.
 */
#include "player/commune.h"

#include <string.h>

#include "content/base/files.h"
#include "content/base/notify.h"
#include "content/exchange.h"
#include "player/desk.h"
#include "player/events.h"
#include "player/intake/courier.h"
#include "player/intake/hold.h"
#include "player/intake/intake.h"
#include "player/local.h"
#include "player/logbook.h"
#include "player/report/standing.h"
#include "player/window.h"

/* A temporary file this old is nobody's: a file is written in milliseconds. */
#define STALE_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* What is said at the station fills the disk no further than what is fetched. */
G_STATIC_ASSERT(PLAY_REEL_RESERVE_BYTES == PLAY_INTAKE_RESERVE_BYTES);

/* How long a stop waits for silence and open relays: the cue gives up after one second. */
#define STOP_US (2 * G_USEC_PER_SEC)

struct PlayCommune {
    ContentClock *clock; /* the machine's */
    PlayIdentity *identity;
    PlayVitals *vitals;
    PlayTrustClock *trust;
    PlayLogbook *logbook;
    PlayIntake *intake;
    PlayDesk *desk;
    PlayReport *report;
    PlayLocalAlerts *local;
    PlayCourier *courier;
    char *speeches;   /* (owned): folder of what was said here and is not at the district */
    GHashTable *told; /* (owned) (element-type utf8): of its files, those that a record names */
    PlayWindow *window; /* (nullable): the page is switched off */
    PlayIntakeState held;
    guint n_unapproved; /* audio of the templates in force that is not said */
    PlayStanding clock_fault, templates_fault;
    gboolean has_microphone; /* by the configuration */
    gboolean has_begun;      /* what was kept from before has been handed over */
    ContentAuditHead *audit; /* (owned) (nullable): of the manifest in force */
    gint64 alive_every_us;   /* 0: no watchdog */
    guint alive_alarm, stop_alarm;
    PlayCommuneStoppedFunc stopped; /* (nullable): told to stop, and it is to be called */
    gpointer stopped_data;
};

static ContentClock *
trusted_clock(PlayCommune *self)
{
    return play_trust_clock_clock(self->trust);
}

/* ---- what the logbook says ---- */

static void
on_journaled(const char *segment, gpointer data)
{
    PlayCommune *self = data;

    if (self->desk != NULL)
        play_desk_journaled(self->desk, segment);
}

static void
on_disk_changed(gpointer data)
{
    PlayCommune *self = data;

    if (self->report != NULL)
        play_report_changed(self->report);
}

/* Returns: (transfer full): of a file of what was said here */
static char *
speech_key(const char *alert, gint64 from_us)
{
    return g_strdup_printf("%s-%" G_GINT64_FORMAT, alert, from_us);
}

static void
on_history(const ContentRecord *record, gpointer data)
{
    PlayCommune *self = data;

    play_window_restore(self->window, record);
    if (record->kind == CONTENT_RECORD_SPEECH_KEPT && record->object != NULL)
        g_hash_table_add(self->told, speech_key(record->occurrence, record->actual_start_us));
}

static const PlayLogbookEvents logbook_events = {on_journaled, on_disk_changed, on_history};

/* ---- what the desk says ---- */

static ContentTrust
on_trust(gpointer data)
{
    return play_trust_clock_trust(((PlayCommune *) data)->trust);
}

static void
on_desk_changed(gpointer data)
{
    PlayCommune *self = data;
    g_autoptr(GPtrArray) objects = play_cue_objects_in_use(play_desk_cue(self->desk));

    play_intake_sounding(self->intake, objects);
    play_report_changed(self->report);
}

static void
on_object_failed(const char *object, gpointer data)
{
    play_intake_object_failed(((PlayCommune *) data)->intake, object);
}

static void
on_gateway(gboolean is_up, const char *words, gpointer data)
{
    PlayCommune *self = data;

    content_event_log(&play_logs[PLAY_LOG_GATEWAY], NULL,
                      is_up ? "the gateway answers%s" : "%s", is_up ? "" : words);
    /* Its inventory goes to the district in the hello. */
    if (is_up)
        play_report_hello(self->report);
}

static void
on_source(gboolean comes, const char *words, gpointer data)
{
    content_event_log(&play_logs[PLAY_LOG_SOURCE], NULL, "%s",
                      comes ? "the source of the relay is heard" : words);
}

static void
on_record(ContentRecord *record, gpointer data)
{
    PlayCommune *self = data;

    play_window_record(self->window, record);
    play_logbook_take(self->logbook, record);
}

static void
on_drafts(GPtrArray *drafts, gpointer data)
{
    play_logbook_draft(((PlayCommune *) data)->logbook, drafts);
}

/* The stamp waits for the disk, so it comes after silence and open relays. */
static void
on_left(gpointer data)
{
    PlayCommune *self = data;
    PlayCommuneStoppedFunc stopped = g_steal_pointer(&self->stopped);

    if (stopped == NULL)
        return;
    play_vitals_stopping(self->vitals);
    stopped(self->stopped_data);
}

static void
on_alert_done(const char *alert, gpointer data)
{
    play_intake_alert_done(((PlayCommune *) data)->intake, alert);
}

/* Whatever its grant does not say stands in the configuration, and the other way round. A
 * refusal is recorded where it is made. */
static char *
on_pressed(const PlayButtonConfig *button, gpointer data)
{
    const PlayLocalCall call = {
        .by_input = TRUE,
        .by = button->input,
        .template_ = button->template_[0] == '\0' ? NULL : button->template_,
        .villages = button->villages[0] == NULL ? NULL : (const char *const *) button->villages,
    };
    char *alert = NULL;

    play_local_start(((PlayCommune *) data)->local, &call, &alert, NULL);
    return alert;
}

static void
on_press_lost(const ContentRemark *what, gpointer data)
{
    PlayCommune *self = data;

    play_logbook_say(self->logbook, CONTENT_RECORD_REFUSED, self->held.manifest_version, what);
}

/* Said by the journal, once, and then brought to the district. */
static void
on_taped(const char *alert, const PlayReelKept *kept, const char *words, gpointer data)
{
    PlayCommune *self = data;
    ContentRecord *record;

    if (kept != NULL && !g_hash_table_add(self->told, speech_key(alert, kept->name.from_us)))
        return;
    record = play_record_new(CONTENT_RECORD_SPEECH_KEPT);
    record->occurrence = g_strdup(alert);
    if (kept != NULL) {
        record->object = g_strdup(kept->object);
        record->actual_start_us = kept->name.from_us;
        record->actual_end_us = kept->name.from_us + kept->duration_us;
        record->silent_us = kept->lost_us;
    } else {
        content_record_tell(
            record,
            content_remark_say(content_remark_new("speech_not_kept", NULL, NULL), words));
    }
    play_logbook_tell(self->logbook, record, self->held.manifest_version);
    if (self->courier != NULL)
        play_courier_hurry(self->courier);
}

static const PlayDeskEvents desk_events = {
    .trust = on_trust,
    .record = on_record,
    .drafts = on_drafts,
    .alert_done = on_alert_done,
    .left = on_left,
    .changed = on_desk_changed,
    .object_failed = on_object_failed,
    .gateway = on_gateway,
    .source = on_source,
    .pressed = on_pressed,
    .press_lost = on_press_lost,
    .taped = on_taped,
};

/* ---- what intake says ---- */

static void
on_line(gboolean is_up, const char *words, gpointer data)
{
    PlayCommune *self = data;

    content_event_log(&play_logs[PLAY_LOG_LINE], NULL, "%s",
                      is_up ? "the district is reached" : words);
    play_trust_clock_connected(self->trust, is_up);
    play_window_line(self->window, is_up);
    play_report_line(self->report, is_up);
    if (is_up)
        play_courier_hurry(self->courier);
}

static void
on_handed_in(const char *file, const GError *error, gpointer data)
{
    content_event_log(&play_logs[PLAY_LOG_SPEECH], NULL, "%s: %s", file,
                      error == NULL ? "at the district, deleted here" : error->message);
}

/* The head of the district's audit chain, said back in heartbeats: we are its witness. */
static void
keep_audit_head(PlayCommune *self, const ContentAuditHead *head)
{
    content_shape_free(&content_audit_head_shape, g_steal_pointer(&self->audit));
    if (head == NULL)
        return;
    self->audit = content_shape_new(&content_audit_head_shape);
    self->audit->chain = g_strdup(head->chain);
    self->audit->seq = head->seq;
    self->audit->hash = g_strdup(head->hash);
}

static void
on_manifest(const ContentManifest *manifest, gpointer data)
{
    PlayCommune *self = data;

    keep_audit_head(self, manifest == NULL ? NULL : manifest->audit);
    play_trust_clock_ask_again(self->trust);
    play_cue_obey(play_desk_cue(self->desk), manifest);
    play_desk_step(self->desk);
}

static void
on_settings(ContentStationSettings *settings, gpointer data)
{
    PlayCommune *self = data;

    play_report_set_period(self->report, settings->heartbeat_s);
    play_cue_take_settings(play_desk_cue(self->desk), settings);
    play_desk_step(self->desk);
}

static void
on_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
       gboolean is_pending, gpointer data)
{
    PlayCommune *self = data;

    /* Without a plan there is nothing to do: what the manifest does not list is dropped by it.
     */
    if (plan == NULL) {
        g_clear_pointer(&approvals, g_hash_table_unref);
        return;
    }
    play_cue_take_day(play_desk_cue(self->desk), hash, plan, approvals,
                      self->has_begun ? content_clock_utc_us(trusted_clock(self)) : 0);
    play_desk_step(self->desk);
}

static void
on_object(const char *hash, gpointer data)
{
    PlayCommune *self = data;

    play_cue_take_object(play_desk_cue(self->desk), hash, PLAY_OBJECT_HERE);
    play_desk_step(self->desk);
}

static void
on_refused(const ContentRemark *why, gpointer data)
{
    PlayCommune *self = data;

    if (g_strcmp0(why->subject, content_time_answer_type.type) == 0)
        play_trust_clock_refused(self->trust);
    play_logbook_say(self->logbook, CONTENT_RECORD_REFUSED, self->held.manifest_version, why);
}

static void
on_state(const PlayIntakeState *state, gpointer data)
{
    PlayCommune *self = data;

    self->held = *state;
    self->has_begun = TRUE;
    play_report_changed(self->report);
}

static void
on_ack(const char *journal, gint64 seq, gpointer data)
{
    play_report_acknowledged(((PlayCommune *) data)->report, journal, seq);
}

static void
on_time(const char *nonce, gint64 utc_us, gpointer data)
{
    PlayCommune *self = data;
    const char *code = play_trust_clock_answer(self->trust, nonce, utc_us);
    g_autoptr(ContentRemark) why = NULL;

    if (code == NULL)
        return;
    why = content_remark_new(code, "time-answer", NULL);
    on_refused(why, self);
}

static void
on_enquiry(gpointer data)
{
    play_report_hello(((PlayCommune *) data)->report);
}

static void
on_test(ContentTestOrder *order, gpointer data)
{
    play_desk_order_test(((PlayCommune *) data)->desk, order);
}

static const PlayAlertOrigin origins[] = {
    [PLAY_ORDER_FRESH] = PLAY_ALERT_FRESH,
    [PLAY_ORDER_KEPT] = PLAY_ALERT_KEPT,
    [PLAY_ORDER_ENDED] = PLAY_ALERT_ENDED,
};

static void
on_alert(ContentAlert *alert, PlayOrderOrigin origin, gpointer data)
{
    PlayCommune *self = data;
    g_autofree char *id = g_strdup(alert->id);
    g_autoptr(ContentRemark) why = NULL;

    play_window_alert(self->window, alert, origin == PLAY_ORDER_FRESH);
    if (play_desk_alert(self->desk, alert, origins[origin]))
        return;
    why = content_remark_new("alert_too_many", id, NULL);
    on_refused(why, self);
}

static void
on_stop(ContentStop *stop, gpointer data)
{
    play_desk_stop(((PlayCommune *) data)->desk, stop);
}

static void
on_live(GBytes *frame, gpointer data)
{
    PlayCommune *self = data;
    g_autofree char *refusal = play_desk_frame(self->desk, frame);
    g_autoptr(ContentRemark) why = NULL;

    if (refusal == NULL)
        return;
    why = content_remark_say(content_remark_new("refused_other", "live", NULL), refusal);
    on_refused(why, self);
}

static void
on_templates(ContentTemplates *templates, GHashTable *approvals, gpointer data)
{
    PlayCommune *self = data;

    self->n_unapproved = play_hold_unapproved_templates(templates, approvals);
    play_report_changed(self->report);
    play_cue_take_templates(play_desk_cue(self->desk), templates, approvals);
    play_desk_step(self->desk);
}

static void
on_grants(GPtrArray *grants, gpointer data)
{
    play_cue_take_grants(play_desk_cue(((PlayCommune *) data)->desk), grants);
}

static void
on_local(ContentAlert *alert, ContentLocalOrder *order, PlayOrderOrigin origin, gpointer data)
{
    PlayCommune *self = data;
    g_autoptr(ContentLocalOrder) mine = order;
    g_autofree char *id = g_strdup(alert->id);
    g_autoptr(ContentRemark) why = NULL;
    const char *code;

    if (origin != PLAY_ORDER_FRESH)
        play_local_restore(self->local, order, alert);
    play_window_alert(self->window, alert, origin == PLAY_ORDER_FRESH);
    if (play_desk_local(self->desk, alert, order, origins[origin], &code))
        return;
    why = content_remark_new(code, id, NULL);
    on_refused(why, self);
    play_intake_alert_done(self->intake, id);
}

static const PlayIntakeEvents intake_events = {
    .line = on_line,
    .manifest = on_manifest,
    .settings = on_settings,
    .day = on_day,
    .object = on_object,
    .refused = on_refused,
    .state = on_state,
    .ack = on_ack,
    .time = on_time,
    .enquiry = on_enquiry,
    .alert = on_alert,
    .stop = on_stop,
    .live = on_live,
    .templates = on_templates,
    .grants = on_grants,
    .local = on_local,
    .test = on_test,
};

/* ---- what is ordered at the station ---- */

static void
on_local_order(GBytes *envelope, gpointer data)
{
    play_intake_order(((PlayCommune *) data)->intake, envelope);
}

static void
on_local_record(ContentRecord *record, gpointer data)
{
    PlayCommune *self = data;

    play_logbook_tell(self->logbook, record, self->held.manifest_version);
}

static const PlayLocalEvents local_events = {on_local_order, on_local_record};

/* Whoever opens the page for the first time asks the district by phone whether it is this one.
 */
static void
on_page_served(const char *fingerprint, gpointer data)
{
    PlayCommune *self = data;
    g_autoptr(ContentRemark) what =
        content_remark_new("page_served", NULL, "fingerprint", fingerprint, NULL);

    play_logbook_say(self->logbook, CONTENT_RECORD_BOOT, self->held.manifest_version, what);
}

/* ---- what the clock says ---- */

static void
on_clock_step(gpointer data)
{
    PlayCommune *self = data;

    if (self->desk == NULL)
        return;
    play_intake_clock_stepped(self->intake);
    play_desk_step(self->desk);
}

static void
on_clock_changed(const char *code, gpointer data)
{
    PlayCommune *self = data;
    g_autoptr(ContentRemark) what = content_remark_new(code, NULL, NULL);

    if (self->report == NULL)
        return;
    play_vitals_set_trust(self->vitals, play_trust_clock_trust(self->trust));
    play_logbook_say(self->logbook, CONTENT_RECORD_CLOCK, self->held.manifest_version, what);
    on_clock_step(self);
    play_report_changed(self->report);
}

static void
on_clock_ask(const char *nonce, gpointer data)
{
    PlayCommune *self = data;
    ContentTimeAsk ask = {self->identity->station, (char *) nonce};
    g_autoptr(GBytes) bytes = content_document_write(&content_time_ask_type, &ask, NULL);

    if (bytes != NULL && self->intake != NULL)
        play_broker_publish(play_intake_broker(self->intake), PLAY_BROKER_SAY_TIME, bytes);
}

static const PlayTrustClockEvents clock_events = {on_clock_changed, on_clock_ask};

/* ---- what the report asks ---- */

static void
add_clock_fault(ContentHeartbeat *heartbeat, const char *code, gint64 since_us)
{
    ContentFault *fault = content_shape_new(&content_fault_shape);

    fault->what.code = g_strdup(code);
    fault->what.subject = g_strdup("clock");
    fault->since_us = since_us;
    g_ptr_array_add(heartbeat->faults, fault);
}

/* So that the district calls the station not ready for alerts, and says why. */
static void
add_templates_fault(ContentHeartbeat *heartbeat, guint n_unapproved, gint64 since_us)
{
    g_autoptr(ContentRemark) what =
        content_remark_new("templates_unapproved", "templates", NULL);
    ContentFault *fault = content_shape_new(&content_fault_shape);

    content_remark_add_number(what, "count", n_unapproved);
    fault->what.code = g_steal_pointer(&what->code);
    fault->what.subject = g_steal_pointer(&what->subject);
    g_clear_pointer(&fault->what.arguments, g_ptr_array_unref);
    fault->what.arguments = g_steal_pointer(&what->arguments);
    fault->since_us = since_us;
    g_ptr_array_add(heartbeat->faults, fault);
}

static void
fill_heartbeat(ContentHeartbeat *heartbeat, gpointer data)
{
    PlayCommune *self = data;
    const char *clock_fault = play_trust_clock_fault(self->trust);
    gint64 clock_us, templates_us;

    play_desk_fill_heartbeat(self->desk, heartbeat);
    heartbeat->manifest_version = self->held.manifest_version;
    heartbeat->days_ready = self->held.days_ready;
    heartbeat->missing_objects = self->held.missing_objects;
    heartbeat->missing_bytes = self->held.missing_bytes;
    if (self->audit != NULL) {
        heartbeat->audit = content_shape_new(&content_audit_head_shape);
        heartbeat->audit->chain = g_strdup(self->audit->chain);
        heartbeat->audit->seq = self->audit->seq;
        heartbeat->audit->hash = g_strdup(self->audit->hash);
    }
    clock_us = play_standing_since(&self->clock_fault, clock_fault, heartbeat->at_us);
    if (clock_fault != NULL)
        add_clock_fault(heartbeat, clock_fault, clock_us);
    templates_us =
        play_standing_since(&self->templates_fault, self->n_unapproved > 0 ? "templates" : NULL,
                            heartbeat->at_us);
    if (self->n_unapproved > 0)
        add_templates_fault(heartbeat, self->n_unapproved, templates_us);
    play_logbook_fill_heartbeat(self->logbook, heartbeat);
}

/* What no document says: that frames are understood, and that there is a microphone. */
static void
add_ability(ContentHello *hello, const char *name)
{
    ContentReads *reading = content_shape_new(&content_reads_shape);

    reading->type = g_strdup(name);
    reading->v = 1;
    g_ptr_array_add(hello->reads, reading);
}

static void
fill_hello(ContentHello *hello, gpointer data)
{
    PlayCommune *self = data;
    GBytes *inventory = play_desk_inventory(self->desk);
    g_autoptr(GPtrArray) floors = play_intake_floors(self->intake);

    add_ability(hello, "live");
    if (self->has_microphone)
        add_ability(hello, "microphone");
    hello->manifest_version = self->held.manifest_version;
    g_ptr_array_extend_and_steal(hello->floors, g_steal_pointer(&floors));
    if (inventory != NULL)
        hello->inventory =
            g_strndup(g_bytes_get_data(inventory, NULL), g_bytes_get_size(inventory));
}

static const PlayReportEvents report_events = {fill_heartbeat, fill_hello};

/* ---- building ---- */

static gboolean
open_ports(PlayCommune *self, const PlayConfig *config, GError **error)
{
    g_autofree char *boot = play_vitals_read_boot(&play_vitals_paths, error);

    if (boot == NULL)
        return FALSE;
    content_files_tidy(config->state, CONTENT_FILES_TEMPORARY,
                       content_clock_utc_us(self->clock) - STALE_US);
    self->identity = play_identity_load(config->state, error);
    if (self->identity == NULL)
        return FALSE;
    self->trust = play_trust_clock_new(self->clock, config->state, boot, &play_trust_machine,
                                       NULL, &clock_events, self);
    content_clock_on_step(trusted_clock(self), on_clock_step, self);
    self->vitals =
        play_vitals_new(config->state, &play_vitals_paths, trusted_clock(self), error);
    if (self->vitals == NULL)
        return FALSE;
    play_vitals_set_trust(self->vitals, play_trust_clock_trust(self->trust));
    self->logbook = play_logbook_open(config->state, self->trust, self->vitals, &logbook_events,
                                      self, error);
    if (self->logbook == NULL)
        return FALSE;
    self->intake = play_intake_new(config->state, self->identity, self->trust, NULL, NULL,
                                   &intake_events, self, error);
    return self->intake != NULL;
}

static void
build_desk(PlayCommune *self, const PlayConfig *config)
{
    const char *microphone = config->microphone[0] == '\0' ? NULL : config->microphone;
    PlayDeskConfig desk = {
        config->gateway_socket, (guint) config->buffer_ms, config->outputs, config->buttons,
        config->lines,          config->decoder,           microphone,      self->speeches};

    self->has_microphone = desk.microphone != NULL;
    self->courier =
        play_courier_new(self->speeches, self->identity, NULL, play_trust_clock_verify_time,
                         self->trust, on_handed_in, self);
    self->desk = play_desk_new(&desk, trusted_clock(self), play_intake_objects(self->intake),
                               &desk_events, self);
    self->report =
        play_report_new(self->identity, play_intake_broker(self->intake),
                        play_logbook_journal(self->logbook), self->vitals, trusted_clock(self),
                        &play_report_timing, &report_events, self);
    play_logbook_write_through(self->logbook, self->report);
    self->local = play_local_new(play_desk_cue(self->desk), self->trust, self->identity,
                                 &local_events, self);
    if (config->page_enabled)
        self->window = play_window_new(config->page_socket, self->clock, self->desk,
                                       self->local, self->trust, on_page_served, self);
}

/* What the journal knows, and which audio is there. */
static gboolean
restore(PlayCommune *self, GError **error)
{
    PlayCue *cue = play_desk_cue(self->desk);
    g_autoptr(GPtrArray) objects =
        content_object_store_list(play_intake_objects(self->intake), NULL);

    for (guint i = 0; objects != NULL && i < objects->len; i++)
        play_cue_take_object(cue, objects->pdata[i], PLAY_OBJECT_HERE);
    return play_logbook_restore(self->logbook, cue, error);
}

/* The player before this one may have died when a file was whole and no record said so yet: the
 * courier brings it, and no evidence would name it. */
static void
tell_what_was_left(PlayCommune *self)
{
    g_autoptr(GArray) names = play_reel_list(self->speeches);

    for (guint i = 0; i < names->len; i++) {
        const PlayReelName *name = &g_array_index(names, PlayReelName, i);
        g_autofree char *key = speech_key(name->alert, name->from_us);
        PlayReelKept kept;

        if (!g_hash_table_contains(self->told, key) &&
            play_reel_look(self->speeches, name, &kept))
            on_taped(name->alert, &kept, NULL, self);
    }
}

/* The watchdog is fed by a cue that is on time and sound that moves, not by a loop that turns.
 */
static void
on_alive(gpointer data)
{
    PlayCommune *self = data;

    if (play_desk_is_alive(self->desk))
        content_notify_alive();
    self->alive_alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + self->alive_every_us, on_alive,
        self);
}

PlayCommune *
play_commune_new(const PlayConfig *config, ContentClock *clock, GError **error)
{
    g_autoptr(PlayCommune) self = g_new0(PlayCommune, 1);

    self->clock = clock;
    self->speeches = g_build_filename(config->state, "speeches", NULL);
    self->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!open_ports(self, config, error))
        return NULL;
    build_desk(self, config);
    if (!restore(self, error))
        return NULL;
    play_logbook_say_boot(self->logbook, self->held.manifest_version);
    tell_what_was_left(self);
    self->alive_every_us = content_notify_watchdog_us() / 2;
    if (self->alive_every_us > 0)
        on_alive(self);
    return g_steal_pointer(&self);
}

/* A card or a test that does not say that it is over keeps nobody waiting. */
static void
on_stop_alarm(gpointer data)
{
    PlayCommune *self = data;

    self->stop_alarm = 0;
    on_left(self);
}

void
play_commune_stop(PlayCommune *self, PlayCommuneStoppedFunc stopped, gpointer data)
{
    if (self->stopped != NULL) {
        on_left(self);
        return;
    }
    content_event_log(&content_event_stopping, NULL, "told to stop");
    self->stopped = stopped;
    self->stopped_data = data;
    self->stop_alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + STOP_US, on_stop_alarm, self);
    play_desk_leave(self->desk);
}

void
play_commune_free(PlayCommune *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alive_alarm);
    content_clock_cancel(self->clock, self->stop_alarm);
    g_clear_pointer(&self->window, play_window_free);
    g_clear_pointer(&self->local, play_local_free);
    /* The desk first: relays open before anything else is taken apart. */
    g_clear_pointer(&self->desk, play_desk_free);
    g_clear_pointer(&self->courier, play_courier_free);
    g_clear_pointer(&self->report, play_report_free);
    g_clear_pointer(&self->intake, play_intake_free);
    g_clear_pointer(&self->logbook, play_logbook_close);
    g_clear_pointer(&self->vitals, play_vitals_free);
    g_clear_pointer(&self->trust, play_trust_clock_free);
    g_clear_pointer(&self->identity, play_identity_free);
    content_shape_free(&content_audit_head_shape, self->audit);
    g_free(self->speeches);
    g_clear_pointer(&self->told, g_hash_table_unref);
    g_free(self);
}
