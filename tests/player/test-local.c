/*
 * test-local.c - what is ordered at the station: signed, counted and told. A real cue and real
 * signatures; time is a fake.
 */
#include "player/local.h"

#include <string.h>

#include "content/base/id.h"
#include "player/intake/verify.h"
#include "tests/support/fake-clock.h"
#include "tests/support/plan-builder.h"
#include "tests/support/scratch.h"

#define S(n)       ((gint64) (n) *G_USEC_PER_SEC)
#define NOW        FAKE_CLOCK_START_US
#define STATION    "ia-pa"
#define BOOT       "0123456789abcdef0123456789abcdef"
#define OTHER_BOOT "ffffffffffffffffffffffffffffffff"
#define PIN_HASH   "$argon2id$v=19$m=8,t=1,p=1$c2E$aGE"

typedef struct {
    char *folder;
    ContentClock *inner;
    PlayTrustClock *trust;
    gboolean is_synchronised;
    const char *boot;
    PlayIdentity identity;
    ContentSealKey *root;
    PlayVerify *verify;
    PlayCue *cue;
    PlayLocalAlerts *local;
    GPtrArray *orders;  /* (element-type ContentLocalOrder) */
    GPtrArray *records; /* (element-type ContentRecord) */
} Fixture;

static gboolean
is_synchronised(gpointer data)
{
    return ((Fixture *) data)->is_synchronised;
}

static gboolean
has_no_rtc(gpointer data)
{
    return FALSE;
}

static const PlayTrustMachine machine = {is_synchronised, has_no_rtc};

static void
on_changed(const char *code, gpointer data)
{
}

static void
on_ask(const char *nonce, gpointer data)
{
}

static const PlayTrustClockEvents clock_events = {on_changed, on_ask};

static void
on_order(GBytes *envelope, gpointer data)
{
    Fixture *f = data;
    const PlayVerifyTime time = {NOW, FALSE, FALSE};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(f->verify, &content_local_order_type,
                             g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope), time,
                             &error);

    g_assert_no_error(error);
    g_ptr_array_add(f->orders, g_steal_pointer(&verified->parsed));
}

static void
on_record(ContentRecord *record, gpointer data)
{
    g_ptr_array_add(((Fixture *) data)->records, record);
}

static const PlayLocalEvents events = {on_order, on_record};

/* ---- a station with one template, one grant, two villages ---- */

static ContentTemplates *
new_templates(void)
{
    ContentTemplates *templates = content_document_new(&content_templates_type);
    ContentTemplate *template = content_shape_new(&content_template_shape);
    ContentTemplateLine *line = content_shape_new(&content_template_line_shape);
    ContentTemplatePart *part = content_shape_new(&content_template_part_shape);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

    template->id = g_strdup("lu");
    template->title = g_strdup("Lũ");
    template->event = CONTENT_EVENT_FLOOD;
    template->severity = 4;
    template->tone = CONTENT_ALERT_TONE_WAIL;
    template->tone_ms = 5000;
    template->repeats = 3;
    template->life_min = 60;
    line->language = g_strdup("vi");
    part->object = plan_builder_hash("lu-vi");
    g_ptr_array_add(line->parts, part);
    g_ptr_array_add(template->lines, line);
    g_ptr_array_add(templates->templates, template);
    object->hash = plan_builder_hash("lu-vi");
    object->duration_us = S(10);
    object->approval = plan_builder_hash("lu-vi approved");
    g_ptr_array_add(templates->objects, object);
    return templates;
}

static GHashTable *
approve(void)
{
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);
    g_autofree char *object = plan_builder_hash("lu-vi");

    g_hash_table_insert(approvals, plan_builder_hash("lu-vi approved"),
                        plan_builder_spoken(object, "vi"));
    return approvals;
}

static GPtrArray *
new_grants(gint64 max_starts)
{
    GPtrArray *grants = g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);
    ContentGrant *grant = content_document_new(&content_grant_type);
    ContentGrantAccount *account = content_shape_new(&content_grant_account_shape);

    grant->id = g_strdup("g1");
    grant->station = g_strdup(STATION);
    *account = (ContentGrantAccount){g_strdup("an"), g_strdup("An"), g_strdup(PIN_HASH)};
    g_ptr_array_add(grant->accounts, account);
    g_ptr_array_add(grant->templates, g_strdup("lu"));
    g_ptr_array_add(grant->zones, g_strdup("cho"));
    grant->max_starts = max_starts;
    grant->span_s = 3600;
    grant->not_before_us = NOW - S(86400);
    grant->expires_us = NOW + S(86400);
    g_ptr_array_add(grants, grant);
    return grants;
}

static void
begin(Fixture *f)
{
    f->trust =
        play_trust_clock_new(f->inner, f->folder, f->boot, &machine, f, &clock_events, f);
    f->cue = play_cue_new();
    play_cue_take_settings(f->cue, plan_builder_settings("Asia/Ho_Chi_Minh", "o1:cho o1:suoi"));
    play_cue_take_templates(f->cue, new_templates(), approve());
    play_cue_take_grants(f->cue, new_grants(2));
    f->local = play_local_new(f->cue, f->trust, &f->identity, &events, f);
}

static void
end(Fixture *f)
{
    play_local_free(f->local);
    play_cue_free(f->cue);
    play_trust_clock_free(f->trust);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = test_scratch_new();
    f->inner = fake_clock_new(NOW);
    f->is_synchronised = TRUE;
    f->boot = BOOT;
    f->root = content_seal_key_generate();
    f->identity.station = (char *) STATION;
    f->identity.seal = content_seal_key_generate();
    f->verify = play_verify_new(STATION, content_seal_key_public(f->root), &error);
    g_assert_no_error(error);
    g_assert_true(
        play_verify_set_own(f->verify, content_seal_key_public(f->identity.seal), NULL));
    f->orders = g_ptr_array_new_with_free_func((GDestroyNotify) content_local_order_free);
    f->records = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    begin(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    end(f);
    g_ptr_array_unref(f->orders);
    g_ptr_array_unref(f->records);
    play_verify_free(f->verify);
    content_seal_key_free(f->identity.seal);
    content_seal_key_free(f->root);
    content_clock_free(f->inner);
    test_scratch_free(f->folder);
}

static ContentAlert *
alert_in(const ContentLocalOrder *order)
{
    return content_document_read(&content_alert_type, order->alert, strlen(order->alert), NULL);
}

/* The player starts anew, and the orders that it kept are told again. */
static void
restart(Fixture *f)
{
    end(f);
    begin(f);
    for (guint i = 0; i < f->orders->len; i++) {
        g_autoptr(ContentAlert) alert = alert_in(f->orders->pdata[i]);

        play_local_restore(f->local, f->orders->pdata[i], alert);
    }
}

static const PlayLocalCall call = {.by = "an", .template_ = "lu"};

/* @error: (or -1): that it is refused for */
static void
start(Fixture *f, int code)
{
    g_autofree char *id = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_started = play_local_start(f->local, &call, &id, &error);

    g_assert_cmpint(is_started, ==, code < 0);
    g_assert_cmpint(id != NULL, ==, code < 0);
    if (code >= 0)
        g_assert_error(error, PLAY_LOCAL_ERROR, code);
    else
        g_assert_no_error(error);
}

/* One key is one alert, also after a restart, and it counts once; another's is another. */
static void
test_key(Fixture *f, gconstpointer data)
{
    const PlayLocalCall calls[] = {
        {.by = "an", .template_ = "lu", .key = "k1"},
        {.by = "an", .template_ = "lu", .key = "k1"},
        {.by = "an", .template_ = "lu", .key = "k2"},
        {.by = "an", .template_ = "lu", .key = "k1"},
    };
    g_autofree char *first = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autofree char *id = NULL;
        g_autoptr(GError) error = NULL;

        if (i == 2)
            restart(f);
        play_local_start(f->local, &calls[i], &id, &error);
        g_assert_no_error(error);
        g_assert_true(content_id_is_valid(id));
        if (i == 0)
            first = g_strdup(id);
        g_assert_cmpint(strcmp(id, first) == 0, ==, strcmp(calls[i].key, "k1") == 0);
    }
    g_assert_cmpuint(f->orders->len, ==, 2);
    g_assert_cmpuint(f->records->len, ==, 2);
}

static const ContentRecord *
last_record(Fixture *f)
{
    return f->records->pdata[f->records->len - 1];
}

static void
test_start(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentAlert) alert = NULL;
    const ContentRemark *who;

    start(f, -1);
    g_assert_cmpuint(f->orders->len, ==, 1);
    alert = alert_in(f->orders->pdata[0]);
    g_assert_cmpint(alert->issued_us, ==, NOW);
    g_assert_cmpuint(alert->areas->len, ==, 1);
    g_assert_cmpstr(alert->areas->pdata[0], ==, "cho");
    g_assert_cmpint(last_record(f)->kind, ==, CONTENT_RECORD_ALERT_STARTED_LOCALLY);
    g_assert_cmpstr(last_record(f)->occurrence, ==, alert->id);
    g_assert_cmpint(last_record(f)->planned_end_us, ==, alert->expires_us);
    who = last_record(f)->details->pdata[0];
    g_assert_cmpstr(who->code, ==, "local_by_account");
    g_assert_cmpstr(content_remark_get(who, "account"), ==, "an");
    g_assert_cmpstr(content_remark_get(who, "grant"), ==, "g1");
    g_assert_cmpstr(content_remark_get(who, "title"), ==, "Lũ");
}

static void
test_counted(Fixture *f, gconstpointer data)
{
    start(f, -1);
    start(f, -1);
    start(f, PLAY_LOCAL_ERROR_OFTEN);
    g_assert_cmpuint(f->orders->len, ==, 2);
    g_assert_cmpint(last_record(f)->kind, ==, CONTENT_RECORD_REFUSED);
    g_assert_cmpstr(((const ContentRemark *) last_record(f)->details->pdata[0])->code, ==,
                    "local_often");
    restart(f);
    start(f, PLAY_LOCAL_ERROR_OFTEN);
    fake_clock_advance(f->inner, S(3600));
    start(f, -1);
}

/* A machine without a clock wakes up in 1970, again and again: its orders are dated from the
 * newest instant that is surely past, and its starts grow old by the time it has run. */
static void
test_no_clock(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentAlert) alert = NULL;

    play_trust_clock_raise_floor(f->trust, NOW);
    end(f);
    f->is_synchronised = FALSE;
    f->boot = OTHER_BOOT;
    content_clock_free(f->inner);
    f->inner = fake_clock_new(0);
    begin(f);
    g_assert_cmpint(play_trust_clock_trust(f->trust), ==, CONTENT_TRUST_UNSET);
    fake_clock_advance(f->inner, S(600));
    start(f, -1);
    alert = alert_in(f->orders->pdata[0]);
    g_assert_cmpint(alert->issued_us, ==, NOW + S(600));
    fake_clock_advance(f->inner, S(1800));
    start(f, -1);
    start(f, PLAY_LOCAL_ERROR_OFTEN);
    restart(f);
    start(f, PLAY_LOCAL_ERROR_OFTEN);
    fake_clock_advance(f->inner, S(1800));
    start(f, -1);
    fake_clock_advance(f->inner, S(86400));
    start(f, PLAY_LOCAL_ERROR_OVER);
}

/* It ends what was ordered just now also by a clock that was set back meanwhile. */
static void
test_stop(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentAlert) alert = NULL;
    g_autoptr(ContentStop) stop = NULL;
    const ContentLocalOrder *order;

    start(f, -1);
    alert = alert_in(f->orders->pdata[0]);
    end(f);
    content_clock_free(f->inner);
    f->inner = fake_clock_new(NOW - S(60));
    begin(f);
    play_local_restore(f->local, f->orders->pdata[0], alert);
    g_assert_true(play_local_stop(f->local, FALSE, "an", alert->id, &error));
    order = f->orders->pdata[1];
    stop = content_document_read(&content_stop_type, order->stop, strlen(order->stop), &error);
    g_assert_no_error(error);
    g_assert_cmpint(stop->issued_us, >=, alert->issued_us);
    g_assert_cmpstr(stop->areas->pdata[0], ==, "cho");
    g_assert_cmpint(last_record(f)->kind, ==, CONTENT_RECORD_ALERT_STOPPED_LOCALLY);
    g_assert_cmpstr(last_record(f)->occurrence, ==, alert->id);
    g_assert_false(play_local_stop(f->local, TRUE, "nut", NULL, &error));
    g_assert_error(error, PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_CALLER);
    g_assert_cmpint(last_record(f)->kind, ==, CONTENT_RECORD_REFUSED);
}

/* The cue believes nobody: without the grant, or in another village, it takes nothing. */
static void
test_cue(Fixture *f, gconstpointer data)
{
    const PlayInstant now = {
        .utc_us = NOW, .monotonic_us = S(1), .trust = CONTENT_TRUST_SYNCED};
    g_autoptr(ContentAlert) alert = NULL;
    const ContentLocalOrder *order;
    const char *why = NULL;

    start(f, -1);
    order = f->orders->pdata[0];
    alert = alert_in(order);
    g_ptr_array_add(alert->areas, g_strdup("suoi"));
    g_assert_false(play_cue_take_local(f->cue, g_steal_pointer(&alert), order, PLAY_ALERT_FRESH,
                                       &now, &why));
    g_assert_cmpstr(why, ==, "local_place");
    play_cue_take_grants(f->cue,
                         g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free));
    g_assert_false(
        play_cue_take_local(f->cue, alert_in(order), order, PLAY_ALERT_KEPT, &now, &why));
    g_assert_cmpstr(why, ==, "local_no_grant");
    /* What is over sounds no more; that it was is still known. */
    g_assert_true(
        play_cue_take_local(f->cue, alert_in(order), order, PLAY_ALERT_ENDED, &now, &why));
    play_cue_take_grants(f->cue, new_grants(2));
    g_assert_true(
        play_cue_take_local(f->cue, alert_in(order), order, PLAY_ALERT_FRESH, &now, &why));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/player/local/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("start", test_start);
    ADD("counted", test_counted);
    ADD("key", test_key);
    ADD("no-clock", test_no_clock);
    ADD("stop", test_stop);
    ADD("cue", test_cue);
    return g_test_run();
}
