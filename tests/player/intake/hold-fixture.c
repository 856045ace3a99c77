/* hold-fixture.c - see hold-fixture.h */
#include "tests/player/intake/hold-fixture.h"

#include <string.h>

#include "content/base/id.h"
#include "tests/support/scratch.h"

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

void
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

void
close_hold(Fixture *fixture)
{
    g_clear_pointer(&fixture->hold, play_hold_free);
    g_clear_pointer(&fixture->keep, play_keep_free);
}

void
restart(Fixture *fixture)
{
    close_hold(fixture);
    open_hold(fixture);
}

void
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

void
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

const char *
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

GBytes *
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

gboolean
push(Fixture *fixture, gint64 version, const char *const *days)
{
    g_autoptr(GBytes) envelope = manifest_of(fixture, fixture->district->online, version, days);

    return play_hold_take_pushed(fixture->hold, envelope, fixture->time);
}

guint
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

void
expect(Fixture *fixture, const char *const *expected)
{
    for (gsize i = 0; expected[i] != NULL; i++)
        event_tape_expect(fixture->tape, expected[i]);
    event_tape_assert_empty(fixture->tape);
}
void
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
