/*
 * test-desk-keys.c - a signing key is made new: stations hear the keys before what they sign.
 */
#include "tests/scheduler/publish/desk-fixture.h"

#include "tests/support/wait.h"

#include <string.h>

static void
expect_keys(DeskFixture *f, TestStation *line, gint64 version)
{
    g_autofree char *topic = NULL, *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) envelope = test_station_next(line, &topic);
    g_autoptr(GBytes) document = NULL;
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(topic, ==, "loa/1/to/" DESK_STATION "/manifest");
    document =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            content_keys_type.max_bytes, &signature, &comment, &key_id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(key_id, ==, content_seal_key_id(f->root));
    g_assert_true(g_str_has_prefix(comment, "keys "));
    keys = content_document_read(&content_keys_type, g_bytes_get_data(document, NULL),
                                 g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    g_assert_cmpint(keys->version, ==, version);
}

static void
rotate(DeskFixture *f, ContentRole role, SchedRotate why)
{
    g_autofree char *folder = g_build_filename(f->folder, "keys", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(sched_keys_rotate(folder, f->root, role, why, g_get_real_time(), &error));
    g_assert_true(sched_keys_reload(f->keys, &error));
    g_assert_true(sched_desk_set_keys(f->desk, f->keys, &error));
    g_assert_no_error(error);
}

/* The keys come first, then what the new key signed; desk_expect_manifest() verifies with it.
 */
static void
test_rotation(DeskFixture *f, gconstpointer data)
{
    SchedRotate why = GPOINTER_TO_INT(data) == 0 ? SCHED_ROTATE_AGED : SCHED_ROTATE_LOST;
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autofree char *old =
        g_strdup(content_seal_key_id(sched_keys_signer(f->keys, CONTENT_ROLE_MANIFEST)));

    desk_say_hello(f, line, 1, 1);
    desk_say_records(f, line);
    desk_expect_ack(f, line, 1);
    rotate(f, CONTENT_ROLE_MANIFEST, why);
    g_assert_cmpstr(content_seal_key_id(sched_keys_signer(f->keys, CONTENT_ROLE_MANIFEST)), !=,
                    old);
    expect_keys(f, line, 2); /* at once */
    expect_keys(f, line, 2); /* ahead of the manifest, for it has not said that it knows */
    desk_expect_manifest(f, line, 2);
    desk_say_hello_knowing(f, line, 2, 2, 2);
    desk_expect_ack(f, line, 1); /* the hello is heard */
    temp_store_run(f->temp, desk_rename_station, &(DeskRename){DESK_STATION, "after"});
    desk_expect_manifest(f, line, 3); /* it knows: not told again */
    desk_say_records(f, line);
    desk_expect_ack(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
    g_assert_cmpstr(f->troubles->str, ==, "");
}

/* It was away while two keys were made new: its hello shows what it does not know. */
static void
test_rotation_while_away(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;

    rotate(f, CONTENT_ROLE_MANIFEST, SCHED_ROTATE_LOST);
    rotate(f, CONTENT_ROLE_TIME, SCHED_ROTATE_AGED);
    TEST_WAIT_UNTIL(strstr(f->said->str, DESK_STATION ": manifest 3 issued") != NULL);
    line = desk_connect(f, DESK_STATION);
    desk_say_hello(f, line, 1, 1);
    expect_keys(f, line, 3);
    desk_expect_manifest(f, line, 3);
    desk_say_hello_knowing(f, line, 3, 3,
                           1); /* the manifest in force is the newest, the keys are not */
    expect_keys(f, line, 3);
    desk_say_hello_knowing(f, line, 3, 3, 3);
    desk_say_records(f, line);
    desk_expect_ack(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/desk/" name, DeskFixture, NULL, desk_set_up, function, desk_tear_down)
    ADD("rotation-while-away", test_rotation_while_away);
    g_test_add("/publish/desk/rotation-aged", DeskFixture, GINT_TO_POINTER(0), desk_set_up,
               test_rotation, desk_tear_down);
    g_test_add("/publish/desk/rotation-lost", DeskFixture, GINT_TO_POINTER(1), desk_set_up,
               test_rotation, desk_tear_down);
    return g_test_run();
}
