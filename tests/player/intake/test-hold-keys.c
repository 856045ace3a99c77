/*
 * test-hold-keys.c - keys that are lost, narrowed and made new: what they signed is in force no
 * more, and what the next ones sign is.
 */
#include "tests/player/intake/hold-fixture.h"

#include <string.h>

/* The shelf gives the same approval with a signature by another key. */
static void
shelve_approval(Fixture *fixture, ContentSealKey *key)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);

    g_hash_table_remove(fixture->shelf->documents, fixture->approval);
    g_assert_cmpstr(test_shelf_put(fixture->shelf, &content_approval_type, approval, key, 0),
                    ==, fixture->approval);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    HOLD_ADD("key-rotation", test_key_rotation);
    HOLD_ADD("lost-approval-key", test_lost_approval_key);
    HOLD_ADD("moved-out-of-scope", test_moved_out_of_scope);
    HOLD_ADD("narrowed-keys", test_narrowed_keys);
    return g_test_run();
}
