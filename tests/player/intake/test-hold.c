/*
 * test-hold.c - manifests obeyed at once, days applied one by one, and everything the same
 * after a restart. Real signatures, real SQLite, no network.
 */
#include "player/intake/hold.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "content/base/id.h"
#include "tests/support/district.h"
#include "tests/support/event-tape.h"
#include "tests/support/scratch.h"

#define STATION "ia-pa-02"
#define DAY_US  (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* 2026-03-02T00:00:00Z */
#define NOW G_GINT64_CONSTANT(1772409600000000)

typedef struct {
    char *folder;
    TestDistrict *district;
    TestShelf *shelf;
    EventTape *tape;
    PlayKeep *keep;
    PlayHold *hold;
    PlayVerifyTime time;
    char *settings;  /* hash */
    char *keys;      /* hash */
    char *keys_text; /* envelope of the enrolment */
    char *object;    /* a hash */
    char *approval;  /* hash of its approval */
} Fixture;

static void
on_manifest(const ContentManifest *manifest, gpointer data)
{
    Fixture *fixture = data;

    if (manifest == NULL)
        event_tape_add(fixture->tape, "no manifest");
    else
        event_tape_add(fixture->tape, "manifest %" G_GINT64_FORMAT, manifest->version);
}

static void
on_settings(ContentStationSettings *settings, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "settings %s", settings->tzid);
    content_station_settings_free(settings);
}

static void
on_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
       gboolean is_pending, gpointer data)
{
    Fixture *fixture = data;

    if (plan == NULL)
        event_tape_add(fixture->tape, "%s %s", date, is_pending ? "pending" : "gone");
    else
        event_tape_add(fixture->tape, "%s %u segments %u approvals", date, plan->segments->len,
                       g_hash_table_size(approvals));
    content_day_plan_free(plan);
    if (approvals != NULL)
        g_hash_table_unref(approvals);
}

static void
on_refused(const ContentRemark *why, gpointer data)
{
    g_test_message("%s (%s)", why->code, why->words == NULL ? "" : why->words);
    event_tape_add(((Fixture *) data)->tape, "refused %s", why->subject);
}

static void
on_issued(gint64 issued_us, gboolean is_reset, gpointer data)
{
    if (is_reset)
        event_tape_add(((Fixture *) data)->tape, "floor reset");
}

static void
on_templates(const ContentTemplates *templates, GHashTable *approvals, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "%u audio of templates, %u approved",
                   templates->objects->len, g_hash_table_size(approvals));
    g_hash_table_unref(approvals);
}

static void
on_grants(const GPtrArray *grants, gpointer data)
{
    g_autoptr(GString) words = g_string_new("grants");

    for (guint i = 0; i < grants->len; i++)
        g_string_append_printf(words, " %s", ((const ContentGrant *) grants->pdata[i])->id);
    event_tape_add(((Fixture *) data)->tape, "%s", words->str);
}

static const PlayHoldEvents events = {on_manifest, on_settings, on_day,   on_templates,
                                      on_refused,  on_issued,   on_grants};

static void
open_hold(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;

    fixture->keep = play_keep_open(fixture->folder, STATION,
                                   content_seal_key_public(fixture->district->root), &error);
    g_assert_no_error(error);
    fixture->hold =
        play_hold_new(fixture->keep, STATION, content_seal_key_public(fixture->district->root),
                      fixture->keys_text, fixture->time, &events, fixture, &error);
    g_assert_no_error(error);
    play_hold_announce(fixture->hold, fixture->time);
}

static void
close_hold(Fixture *fixture)
{
    g_clear_pointer(&fixture->hold, play_hold_free);
    g_clear_pointer(&fixture->keep, play_keep_free);
}

static void
restart(Fixture *fixture)
{
    close_hold(fixture);
    open_hold(fixture);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentStationSettings) settings = test_settings(STATION);
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(ContentApproval) approval = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->folder = test_scratch_new();
    fixture->tape = event_tape_new();
    fixture->district = test_district_new();
    fixture->shelf = test_shelf_new();
    fixture->time = (PlayVerifyTime){NOW, TRUE, FALSE};
    fixture->object = content_sha256_hex("sound", 5);
    approval = test_approval(fixture->object);
    keys = test_district_keys(fixture->district, NOW - DAY_US);
    fixture->settings = g_strdup(
        test_shelf_put(fixture->shelf, &content_station_settings_type, settings, NULL, 0));
    fixture->approval = g_strdup(test_shelf_put(fixture->shelf, &content_approval_type,
                                                approval, fixture->district->approver, 0));
    fixture->keys = g_strdup(
        test_shelf_put(fixture->shelf, &content_keys_type, keys, fixture->district->root, 1));
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL, 1);
    fixture->keys_text =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    open_hold(fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    close_hold(fixture);
    event_tape_free(fixture->tape);
    test_shelf_free(fixture->shelf);
    test_district_free(fixture->district);
    test_scratch_free(fixture->folder);
    g_free(fixture->settings);
    g_free(fixture->keys);
    g_free(fixture->keys_text);
    g_free(fixture->object);
    g_free(fixture->approval);
}

/* A day with n segments, on the shelf. Returns: (transfer none): its hash */
static const char *
shelve_day(Fixture *fixture, const char *date, guint n_segments, const char *approval)
{
    g_autoptr(ContentDayPlan) plan = test_plan(STATION, date);

    for (guint i = 0; i < n_segments; i++) {
        g_autofree char *text = g_strdup_printf("%s %u", date, i);
        g_autofree char *object = content_sha256_hex(text, strlen(text));

        test_plan_add(plan, NOW + i * 60 * G_USEC_PER_SEC, object, 1000, approval);
    }
    return test_shelf_put(fixture->shelf, &content_day_plan_type, plan, NULL, 0);
}

static GBytes *
manifest_of(Fixture *fixture, ContentSealKey *key, gint64 version, const char *const *days)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);

    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    for (gsize i = 0; days[i] != NULL; i += 2)
        test_manifest_add_day(manifest, days[i], days[i + 1]);
    return test_seal(key, &content_manifest_type, manifest, STATION, version);
}

static gboolean
push(Fixture *fixture, gint64 version, const char *const *days)
{
    g_autoptr(GBytes) envelope = manifest_of(fixture, fixture->district->online, version, days);

    return play_hold_take_pushed(fixture->hold, envelope, fixture->time);
}

/* Asks and is answered until nothing is wanted any more. Returns: how often */
static guint
fetch_all(Fixture *fixture)
{
    guint n = 0;

    for (;; n++) {
        g_autoptr(GPtrArray) wanted = play_hold_wanted(fixture->hold);
        g_autoptr(ContentBundle) bundle = NULL;

        if (wanted->len == 0)
            return n;
        bundle = test_shelf_answer(fixture->shelf, wanted);
        g_assert_cmpuint(play_hold_take_bundle(fixture->hold, bundle, fixture->time), >, 0);
    }
}

static void
expect(Fixture *fixture, const char *const *expected)
{
    for (gsize i = 0; expected[i] != NULL; i++)
        event_tape_expect(fixture->tape, expected[i]);
    event_tape_assert_empty(fixture->tape);
}
#define EXPECT(...) expect(fixture, (const char *const[]){__VA_ARGS__, NULL})
#define DAYS(...)   ((const char *const[]){__VA_ARGS__, NULL})

/* Documents in one request, approvals in a second; then a restart without any network. */
static void
test_first_manifest(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);

    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    EXPECT("manifest 1");
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");

    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
}

/* No file can grow any more, or all can again. */
static void
fill_disk(gboolean is_full)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = is_full ? 1 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A full disk: documents are asked for again, not given up; what is withdrawn is withdrawn at
 * once, and the manifest is accepted when it is kept. */
static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);
    g_autoptr(GPtrArray) wanted = NULL;
    g_autoptr(ContentBundle) bundle = NULL;
    gint64 version = 0;

    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    EXPECT("manifest 1");
    wanted = play_hold_wanted(fixture->hold);
    bundle = test_shelf_answer(fixture->shelf, wanted);
    fill_disk(TRUE);
    g_assert_cmpuint(play_hold_take_bundle(fixture->hold, bundle, fixture->time), ==, 0);
    for (guint i = 0; i < wanted->len; i++)
        event_tape_expect(fixture->tape, "refused disk");
    event_tape_assert_empty(fixture->tape);
    fill_disk(FALSE);
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");

    fill_disk(TRUE);
    g_assert_false(push(fixture, 2, DAYS("2026-03-02", monday)));
    g_assert_nonnull(play_hold_refusal(fixture->hold, &version));
    g_assert_cmpint(version, ==, 2);
    EXPECT("manifest 2", "2026-03-03 gone", "refused disk", "refused manifest");
    g_assert_false(play_hold_keep_again(fixture->hold));
    fill_disk(FALSE);
    g_assert_true(play_hold_keep_again(fixture->hold));
    g_assert_false(play_hold_keep_again(fixture->hold));
    event_tape_assert_empty(fixture->tape);
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
}

/* A manifest that a disk has refused is accepted when it is pushed again. */
static void
test_pushed_again(Fixture *fixture, gconstpointer data)
{
    fill_disk(TRUE);
    g_assert_false(push(fixture, 1, DAYS(NULL)));
    g_assert_false(push(fixture, 1, DAYS(NULL)));
    fill_disk(FALSE);
    g_assert_true(push(fixture, 1, DAYS(NULL)));
    g_assert_false(play_hold_keep_again(fixture->hold));
    EXPECT("manifest 1", "refused disk", "refused manifest", "refused manifest");
}

/* The same push again changes nothing; a new one only what it changes. */
static void
test_replacing(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *other = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);

    push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");
    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    event_tape_assert_empty(fixture->tape);

    /* Withdrawn before anything is fetched. */
    g_assert_true(push(fixture, 2, DAYS("2026-03-02", other)));
    EXPECT("manifest 2", "2026-03-03 gone", "2026-03-02 pending");
    g_assert_cmpuint(fetch_all(fixture), ==, 1);
    EXPECT("2026-03-02 1 segments 1 approvals");

    /* Back to a plan that is still here: no request at all. */
    g_assert_true(push(fixture, 3, DAYS("2026-03-02", monday)));
    EXPECT("manifest 3", "2026-03-02 2 segments 1 approvals");
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
}

static void
test_refused_manifests(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *other = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    gint64 version = 0;

    push(fixture, 5, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 5", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");

    g_assert_false(push(fixture, 4, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
    g_assert_cmpstr(play_hold_refusal(fixture->hold, &version)->code, ==, "refused_version");
    g_assert_false(push(fixture, 5, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
    g_assert_cmpint((play_hold_refusal(fixture->hold, &version), version), ==, 5);

    /* The floor survives a restart. */
    restart(fixture);
    EXPECT("manifest 5", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    g_assert_false(push(fixture, 4, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
}

/* Who holds only the manifests' key lists an approval as templates, which nobody signs. */
static void
test_approval_as_templates(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentApproval) forged = test_approval(fixture->object);
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 1, NOW);
    g_autoptr(GBytes) envelope = NULL;
    const char *hash, *monday;

    forged->title[0] = 'X';
    hash = test_shelf_put(fixture->shelf, &content_approval_type, forged, NULL, 0);
    monday = shelve_day(fixture, "2026-03-02", 1, hash);
    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    manifest->templates = g_strdup(hash);
    test_manifest_add_day(manifest, "2026-03-02", monday);
    envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 1);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
    fetch_all(fixture);
    EXPECT("manifest 1", "refused templates", "settings Asia/Ho_Chi_Minh",
           "2026-03-02 1 segments 0 approvals");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 1 segments 0 approvals");
}

static void push_approver(Fixture *fixture, ContentSealKey *approver);

/* Returns: hash of the approval of what a template says, signed by @key */
static const char *
shelve_spoken(Fixture *fixture, ContentSealKey *key)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);

    approval->kind = CONTENT_APPROVED_TEMPLATE;
    approval->class_ = CONTENT_CLASS_KHAN_CAP;
    return test_shelf_put(fixture->shelf, &content_approval_type, approval, key, 0);
}

static void
push_templates(Fixture *fixture, gint64 version, const char *title, const char *approval)
{
    g_autoptr(ContentTemplates) templates = content_document_new(&content_templates_type);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    ContentTemplate *template = content_shape_new(&content_template_shape);
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
    g_autoptr(GBytes) envelope = NULL;

    templates->station = g_strdup(STATION);
    object->hash = g_strdup(fixture->object);
    object->size_bytes = 100;
    object->duration_us = 1000;
    object->approval = g_strdup(approval);
    g_ptr_array_add(templates->objects, object);
    template->id = g_strdup("lu");
    template->title = g_strdup(title);
    template->severity = 3;
    template->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    template->repeats = template->life_min = 1;
    g_ptr_array_add(templates->templates, template);
    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    manifest->templates =
        g_strdup(test_shelf_put(fixture->shelf, &content_templates_type, templates, NULL, 0));
    envelope = test_seal(fixture->district->online, &content_manifest_type, manifest, STATION,
                         version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

/*
 * Templates without an approval of their audio are known by that; the next ones wait for
 * theirs, and what is in force stays. An approval of something else is none, and is told once.
 */
static void
test_templates_approved(Fixture *fixture, gconstpointer data)
{
    g_autofree char *nowhere = g_strnfill(64, 'a');
    const char *good = shelve_spoken(fixture, fixture->district->approver);

    push_templates(fixture, 1, "Lũ", good);
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved",
           "1 audio of templates, 1 approved");
    push_templates(fixture, 2, "Lũ lớn", nowhere);
    EXPECT("manifest 2");
    fetch_all(fixture);
    EXPECT("refused templates", "1 audio of templates, 0 approved");
    push_templates(fixture, 3, "Lũ nhỏ", fixture->approval);
    fetch_all(fixture);
    EXPECT("manifest 3", "refused templates", "1 audio of templates, 1 approved");
    restart(fixture);
    EXPECT("manifest 3", "settings Asia/Ho_Chi_Minh", "refused templates",
           "1 audio of templates, 1 approved");
}

/* What a lost key approved is no longer said in alerts either, nor after a restart. */
static void
test_templates_lost_key(Fixture *fixture, gconstpointer data)
{
    push_templates(fixture, 1, "Lũ", shelve_spoken(fixture, fixture->district->approver));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved",
           "1 audio of templates, 1 approved");
    push_approver(fixture, content_seal_key_generate());
    EXPECT("1 audio of templates, 0 approved", "floor reset");
    fetch_all(fixture);
    EXPECT("refused approval");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved");
}

/* Its audio is wanted first and never evicted; they stay in force until others are here, and
 * those of another station are none. */
static void
test_templates(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentTemplates) templates = content_document_new(&content_templates_type);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    g_autoptr(GHashTable) here = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) named = NULL;
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);

    object->hash = g_strdup(fixture->object);
    object->size_bytes = 100;
    object->duration_us = 1000;
    object->approval = g_strdup(shelve_spoken(fixture, fixture->district->approver));
    g_ptr_array_add(templates->objects, object);
    for (gint64 version = 1; version <= 3; version++) {
        g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
        g_autoptr(GBytes) envelope = NULL;

        g_free(templates->station);
        templates->station = g_strdup(version == 3 ? "another" : STATION);
        g_free(manifest->settings);
        manifest->settings = g_strdup(fixture->settings);
        g_free(manifest->keys);
        manifest->keys = g_strdup(fixture->keys);
        if (version != 2)
            manifest->templates = g_strdup(
                test_shelf_put(fixture->shelf, &content_templates_type, templates, NULL, 0));
        envelope = test_seal(fixture->district->online, &content_manifest_type, manifest,
                             STATION, version);
        g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
        fetch_all(fixture);
        if (version == 1)
            EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh",
                   "1 audio of templates, 0 approved", "1 audio of templates, 1 approved");
        else if (version == 2)
            EXPECT("manifest 2");
        else
            EXPECT("manifest 3");
        if (version == 1) {
            restart(fixture);
            EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh",
                   "1 audio of templates, 1 approved");
        }
    }
    play_hold_queue_templates(fixture->hold, here, queue);
    g_assert_cmpuint(queue->len, ==, 1);
    g_assert_cmpstr(((PlayFetchItem *) queue->pdata[0])->hash, ==, fixture->object);
    named = play_hold_named_objects(fixture->hold);
    g_assert_true(g_hash_table_contains(named, fixture->object));
}

static void
test_expiry(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);

    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    fixture->time.now_us = NOW + CONTENT_MANIFEST_LIFE_US - 1;
    play_hold_check_expiry(fixture->hold, fixture->time);
    event_tape_assert_empty(fixture->tape);
    fixture->time.now_us++;
    play_hold_check_expiry(fixture->hold, fixture->time);
    EXPECT("refused manifest", "no manifest", "2026-03-02 gone");
    /* Where the zones are is known all the same: alerts need no manifest. */
    restart(fixture);
    EXPECT("refused manifest", "settings Asia/Ho_Chi_Minh");
}

/* ---- grants ---- */

static ContentGrant *
new_grant(const char *id, const char *station)
{
    ContentGrant *grant = content_document_new(&content_grant_type);
    ContentGrantInput *input = content_shape_new(&content_grant_input_shape);

    grant->id = g_strdup(id);
    grant->station = g_strdup(station);
    input->name = g_strdup("nut");
    input->template_ = g_strdup("lu");
    g_ptr_array_add(grant->inputs, input);
    g_ptr_array_add(grant->templates, g_strdup("lu"));
    g_ptr_array_add(grant->zones, g_strdup("cho"));
    grant->max_starts = 1;
    grant->span_s = 60;
    /* It begins later, and is here all the same. */
    grant->not_before_us = NOW + DAY_US;
    grant->expires_us = NOW + 90 * DAY_US;
    return grant;
}

/* Returns: (transfer none): its hash; it is on the shelf if there is a @key */
static const char *
shelve_grant(Fixture *fixture, const char *id, const char *station, ContentSealKey *key)
{
    g_autoptr(ContentGrant) grant = new_grant(id, station);

    return test_shelf_put(fixture->shelf, &content_grant_type, grant, key, 0);
}

static void
push_grants(Fixture *fixture, gint64 version, const char *const *hashes)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
    g_autoptr(GBytes) envelope = NULL;

    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    for (gsize i = 0; hashes[i] != NULL; i++)
        g_ptr_array_add(manifest->grants, g_strdup(hashes[i]));
    envelope = test_seal(fixture->district->online, &content_manifest_type, manifest, STATION,
                         version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

/* The root says whose key may order alerts; NULL: nobody's. */
static void
push_alerter(Fixture *fixture, ContentSealKey *alerter)
{
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->district->keys_version++;
    keys = test_district_keys(fixture->district, NOW);
    if (alerter != NULL)
        test_district_add_key(keys, alerter, CONTENT_ROLE_ALERT, NOW - DAY_US,
                              NOW + 90 * DAY_US);
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL,
                         fixture->district->keys_version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
    g_free(fixture->keys);
    fixture->keys =
        g_strdup(test_shelf_put(fixture->shelf, &content_keys_type, keys,
                                fixture->district->root, fixture->district->keys_version));
}

/* In force when all that are listed are here; gone with the manifest that lists them no more,
 * and not with one whose time is over. */
static void
test_grants(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) alerter = content_seal_key_generate();
    const char *one, *two;

    push_alerter(fixture, alerter);
    one = shelve_grant(fixture, "g1", STATION, alerter);
    two = shelve_grant(fixture, "g2", STATION, alerter);
    push_grants(fixture, 1, DAYS(one));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "grants g1");
    push_grants(fixture, 2, DAYS(one, two));
    EXPECT("manifest 2");
    fetch_all(fixture);
    EXPECT("grants g1 g2");
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "grants g1 g2");
    push_grants(fixture, 3, DAYS(two));
    EXPECT("manifest 3", "grants g2");
    fixture->time.now_us = NOW + CONTENT_MANIFEST_LIFE_US;
    play_hold_check_expiry(fixture->hold, fixture->time);
    EXPECT("refused manifest", "no manifest");
    restart(fixture);
    EXPECT("refused manifest", "settings Asia/Ho_Chi_Minh", "grants g2");
    fixture->time.now_us = NOW;
    push_grants(fixture, 4, DAYS(NULL));
    EXPECT("manifest 4", "grants");
    restart(fixture);
    EXPECT("manifest 4", "settings Asia/Ho_Chi_Minh");
}

/* Who holds the manifests' key alone cannot grant, nor hand over what is another station's. */
static void
test_refused_grants(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) alerter = content_seal_key_generate();
    const char *by_other, *by_nobody, *of_other;

    push_alerter(fixture, alerter);
    by_other = shelve_grant(fixture, "g1", STATION, fixture->district->online);
    by_nobody = shelve_grant(fixture, "g2", STATION, NULL);
    of_other = shelve_grant(fixture, "g3", "another", alerter);
    push_grants(fixture, 1, DAYS(by_other, by_nobody, of_other, fixture->approval));
    fetch_all(fixture);
    EXPECT("manifest 1", "refused grant", "refused grant", "refused grant", "refused grant",
           "settings Asia/Ho_Chi_Minh");
}

/* A key of alerts that is lost takes its grants with it, until another one has signed them. */
static void
test_lost_alert_key(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) lost = content_seal_key_generate();
    g_autoptr(ContentSealKey) next = content_seal_key_generate();
    const char *grant;

    push_alerter(fixture, lost);
    grant = shelve_grant(fixture, "g1", STATION, lost);
    push_grants(fixture, 1, DAYS(grant));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "grants g1");
    push_alerter(fixture, next);
    EXPECT("grants");
    fetch_all(fixture);
    EXPECT("refused grant");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh");
    grant = shelve_grant(fixture, "g1", STATION, next);
    push_grants(fixture, 2, DAYS(grant));
    fetch_all(fixture);
    EXPECT("manifest 2", "grants g1");
}

/* One bad approval costs its own segments, not the day; one bad plan its day, not the others.
 */
static void
test_bad_documents(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);
    const char *unsigned_one, *monday, *tuesday, *wednesday;
    g_autoptr(ContentDayPlan) wrong_date = test_plan(STATION, "2026-03-09");
    g_autoptr(ContentDayPlan) wrong_station = test_plan("another", "2026-03-05");

    approval->title[0] = 'X';
    unsigned_one = test_shelf_put(fixture->shelf, &content_approval_type, approval,
                                  fixture->district->online, 0);
    monday = shelve_day(fixture, "2026-03-02", 2, unsigned_one);
    tuesday = shelve_day(fixture, "2026-03-03", 3, NULL);
    wednesday = test_shelf_put(fixture->shelf, &content_day_plan_type, wrong_date, NULL, 0);
    push(fixture, 1,
         DAYS("2026-03-02", monday, "2026-03-03", tuesday, "2026-03-04", wednesday,
              "2026-03-05",
              test_shelf_put(fixture->shelf, &content_day_plan_type, wrong_station, NULL, 0)));
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("manifest 1", "refused dayplan", "refused dayplan", "settings Asia/Ho_Chi_Minh",
           "refused approval", "2026-03-02 2 segments 0 approvals",
           "2026-03-03 3 segments 0 approvals");
}

/* Other bytes than asked for, and things nobody asked for. */
static void
test_lying_district(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autoptr(ContentBundle) bundle = content_document_new(&content_bundle_type);
    g_autoptr(GPtrArray) everything = g_ptr_array_new();
    ContentBundled *swapped;

    push(fixture, 1, DAYS("2026-03-02", monday));
    EXPECT("manifest 1");
    g_ptr_array_add(everything, (gpointer) monday);
    g_ptr_array_add(everything, fixture->settings);
    g_ptr_array_add(everything, g_strdup(shelve_day(fixture, "2026-03-08", 1, NULL)));
    g_clear_pointer(&bundle, content_bundle_free);
    bundle = test_shelf_answer(fixture->shelf, everything);
    g_free(everything->pdata[2]);
    swapped = bundle->documents->pdata[0];
    swapped->text[10] ^= 1;
    g_assert_cmpuint(play_hold_take_bundle(fixture->hold, bundle, fixture->time), ==, 2);
    EXPECT("refused document", "settings Asia/Ho_Chi_Minh");
    /* Not asked again for the same manifest; the next one gives it another chance. */
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
    push(fixture, 2, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 2", "2026-03-02 2 segments 1 approvals");
}

/* The shelf gives the same approval with a signature by another key. */
static void
shelve_approval(Fixture *fixture, ContentSealKey *key)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);

    g_hash_table_remove(fixture->shelf->documents, fixture->approval);
    g_assert_cmpstr(test_shelf_put(fixture->shelf, &content_approval_type, approval, key, 0),
                    ==, fixture->approval);
}

/* Pushes a keys document in which @approver approves instead of the one before. */
static void
push_approver(Fixture *fixture, ContentSealKey *approver)
{
    g_autoptr(ContentSealKey) lost = fixture->district->approver;
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->district->approver = approver;
    fixture->district->keys_version++;
    keys = test_district_keys(fixture->district, NOW);
    g_ptr_array_add(keys->forget_floors, g_strdup(content_seal_key_id(lost)));
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL,
                         fixture->district->keys_version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

/*
 * The approval key was lost: what it approved is believed no more, not even from the disk and
 * not after a restart, until the same statement comes with a signature by the new key.
 */
static void
test_lost_approval_key(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);

    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");

    push_approver(fixture, content_seal_key_generate());
    EXPECT("2026-03-02 2 segments 0 approvals", "floor reset");
    g_assert_cmpuint(fetch_all(fixture), ==, 1); /* the shelf has it by the lost key alone */
    EXPECT("refused approval");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 0 approvals");
    fetch_all(fixture);
    EXPECT("refused approval");

    shelve_approval(fixture, fixture->district->approver);
    push(fixture, 2, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 2", "2026-03-02 2 segments 1 approvals");
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
}

/* Pushes a keys document in which the key @id is for @scope alone. */
static void
push_scope(Fixture *fixture, const char *id, const char *scope)
{
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->district->keys_version++;
    keys = test_district_keys(fixture->district, NOW);
    for (guint i = 0; i < keys->keys->len; i++) {
        ContentKey *key = keys->keys->pdata[i];

        if (strcmp(key->id, id) == 0)
            g_ptr_array_add(key->scope, g_strdup(scope));
    }
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL,
                         fixture->district->keys_version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

static void
add_zone(ContentStationSettings *settings, const char *id, const char *commune)
{
    ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);

    zone->id = g_strdup(id);
    zone->name = g_strdup(id);
    zone->output = g_strdup("main");
    zone->village = g_strdup(commune);
    g_ptr_array_add(zone->areas, g_strdup(commune));
    g_ptr_array_add(zone->areas, g_strdup("ia-pa"));
    g_ptr_array_add(settings->zones, zone);
}

/* The next manifest puts the station into one commune, or into that one and another. */
static void
shelve_settings(Fixture *fixture, gboolean is_in_both)
{
    g_autoptr(ContentStationSettings) settings = test_settings(STATION);

    add_zone(settings, "c1", "xa-mot");
    if (is_in_both)
        add_zone(settings, "c2", "xa-hai");
    g_free(fixture->settings);
    fixture->settings = g_strdup(
        test_shelf_put(fixture->shelf, &content_station_settings_type, settings, NULL, 0));
}

/* An approval by a commune's key, for all of the district, holds as long as the station lies in
 * that commune; a zone elsewhere takes it back, and a restart does not bring it. */
static void
test_moved_out_of_scope(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);

    push_scope(fixture, content_seal_key_id(fixture->district->approver), "xa-mot");
    shelve_settings(fixture, FALSE);
    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");

    shelve_settings(fixture, TRUE);
    push(fixture, 2, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 2", "2026-03-02 2 segments 0 approvals", "settings Asia/Ho_Chi_Minh",
           "refused approval");
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 0 approvals");
    fetch_all(fixture);
    EXPECT("refused approval");

    shelve_settings(fixture, FALSE);
    push(fixture, 3, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 3", "2026-03-02 2 segments 0 approvals", "settings Asia/Ho_Chi_Minh",
           "2026-03-02 2 segments 1 approvals");
}

/* Keys that stay in the ring for fewer areas lose what they signed for the others. */
static void
test_narrowed_keys(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);

    shelve_settings(fixture, TRUE);
    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");

    push_scope(fixture, content_seal_key_id(fixture->district->approver), "xa-mot");
    EXPECT("2026-03-02 2 segments 0 approvals");
    fetch_all(fixture);
    EXPECT("refused approval");

    push_scope(fixture, content_seal_key_id(fixture->district->online), "xa-mot");
    EXPECT("refused manifest", "no manifest", "2026-03-02 gone");
    restart(fixture);
    EXPECT("manifest 1", "refused settings", "no manifest", "2026-03-02 gone");
}

/* A lost online key: the root's keys document is pushed, then a manifest by the new key. */
static void
test_key_rotation(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autoptr(ContentSealKey) fresh = content_seal_key_generate();
    g_autoptr(ContentSealKey) lost = fixture->district->online;
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) keys_envelope = NULL;
    g_autoptr(GBytes) manifest = NULL;

    push(fixture, 100, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 100", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    fixture->district->online = g_steal_pointer(&fresh);
    manifest = manifest_of(fixture, fixture->district->online, 1, DAYS("2026-03-02", monday));
    g_assert_false(play_hold_take_pushed(fixture->hold, manifest, fixture->time));
    EXPECT("refused manifest");

    fixture->district->keys_version = 2;
    keys = test_district_keys(fixture->district, NOW);
    g_ptr_array_add(keys->forget_floors, g_strdup(content_seal_key_id(lost)));
    keys_envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL, 2);
    g_assert_true(play_hold_take_pushed(fixture->hold, keys_envelope, fixture->time));
    /* The lost key's orders end with it. */
    EXPECT("refused manifest", "no manifest", "2026-03-02 gone", "floor reset");
    g_assert_true(play_hold_take_pushed(fixture->hold, manifest, fixture->time));
    EXPECT("manifest 1", "2026-03-02 2 segments 1 approvals");

    /* An older keys document is no way back, not even after a restart. */
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    g_clear_pointer(&keys_envelope, g_bytes_unref);
    keys_envelope = g_bytes_new(fixture->keys_text, strlen(fixture->keys_text));
    g_assert_false(play_hold_take_pushed(fixture->hold, keys_envelope, fixture->time));
    EXPECT("refused keys");
}

/* A bit flipped on the card: the document is fetched again, nothing of it is used. */
static void
test_flipped_bit(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autofree char *path = g_build_filename(fixture->folder, "keep.db", NULL);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE document SET bytes = CAST(replace(CAST(bytes AS TEXT), 'cho', 'chp') AS BLOB)"
        " WHERE hash = '%s'",
        monday);
    sqlite3 *db = NULL;

    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    close_hold(fixture);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
    open_hold(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "manifest 1", "settings Asia/Ho_Chi_Minh");
    g_assert_cmpuint(fetch_all(fixture), >, 0);
    EXPECT("2026-03-02 2 segments 1 approvals");
}

/* Enrolled at another district: nothing of the old one is in force, and nothing of it counts.
 */
static void
test_other_root(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autoptr(PlayKeep) keep = NULL;
    g_autoptr(ContentSealKey) root = content_seal_key_generate();
    g_autoptr(GPtrArray) floors = NULL;
    g_autoptr(GError) error = NULL;

    push(fixture, 9, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 9", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    close_hold(fixture);
    keep = play_keep_open(fixture->folder, STATION, content_seal_key_public(root), &error);
    g_assert_no_error(error);
    floors = play_keep_floors(keep, &error);
    g_assert_cmpuint(floors->len, ==, 0);
    g_assert_null(play_keep_manifest(keep, &error));
    g_assert_no_error(error);
    g_assert_false(play_keep_has_document(keep, monday));
}

/* What two manifests do not name any more goes; what the previous one names stays. */
static void
test_tidy(Fixture *fixture, gconstpointer data)
{
    const char *a = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    const char *b = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *c = shelve_day(fixture, "2026-03-02", 3, fixture->approval);
    const char *all[] = {a, b, c};
    g_autoptr(GHashTable) named = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        push(fixture, (gint64) i + 1, DAYS("2026-03-02", all[i]));
        fetch_all(fixture);
    }
    play_hold_tidy(fixture->hold);
    g_assert_false(play_keep_has_document(fixture->keep, a));
    g_assert_true(play_keep_has_document(fixture->keep, b));
    g_assert_true(play_keep_has_document(fixture->keep, c));
    g_assert_true(play_keep_has_document(fixture->keep, fixture->approval));
    named = play_hold_named_objects(fixture->hold);
    g_assert_cmpuint(g_hash_table_size(named), ==, 3);
    for (char *event; (event = event_tape_take(fixture->tape)) != NULL; g_free(event))
        continue;
}

/* A file of a newer program is refused and stays. */
static void
test_refused_files(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->folder, "keep.db", NULL);
    g_autoptr(GError) error = NULL;
    sqlite3 *db = NULL;

    close_hold(fixture);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, "PRAGMA user_version = 9", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    sqlite3_close(db);
    g_assert_null(play_keep_open(fixture->folder, STATION, "x", &error));
    g_assert_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_NEWER);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/hold/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("first-manifest", test_first_manifest);
    ADD("full-disk", test_full_disk);
    ADD("pushed-again", test_pushed_again);
    ADD("replacing", test_replacing);
    ADD("refused-manifests", test_refused_manifests);
    ADD("approval-as-templates", test_approval_as_templates);
    ADD("templates", test_templates);
    ADD("templates-approved", test_templates_approved);
    ADD("templates-lost-key", test_templates_lost_key);
    ADD("expiry", test_expiry);
    ADD("grants", test_grants);
    ADD("refused-grants", test_refused_grants);
    ADD("lost-alert-key", test_lost_alert_key);
    ADD("bad-documents", test_bad_documents);
    ADD("lying-district", test_lying_district);
    ADD("key-rotation", test_key_rotation);
    ADD("lost-approval-key", test_lost_approval_key);
    ADD("moved-out-of-scope", test_moved_out_of_scope);
    ADD("narrowed-keys", test_narrowed_keys);
    ADD("flipped-bit", test_flipped_bit);
    ADD("other-root", test_other_root);
    ADD("tidy", test_tidy);
    ADD("refused-files", test_refused_files);
    return g_test_run();
}
