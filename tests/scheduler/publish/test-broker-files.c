/* test-broker-files.c - who may say what to whom is a text; these are its promises. */
#include "scheduler/publish/broker-files.h"

#include <glib/gstdio.h>
#include <string.h>

static GPtrArray *
stations(const char *const *names)
{
    GPtrArray *list = g_ptr_array_new();

    for (gsize i = 0; names[i] != NULL; i++)
        g_ptr_array_add(list, (gpointer) names[i]);
    return list;
}

static SchedBrokerPlace
place_in(const char *folder)
{
    return (SchedBrokerPlace){
        .folder = folder,
        .address = "127.0.0.1",
        .port = 8883,
        .authority = "/a/ca.pem",
        .certificate = "/a/broker.pem",
        .key = "/a/broker.key",
        .revoked = "/a/crl.pem",
    };
}

static void
test_config(void)
{
    const SchedBrokerPlace place = place_in("/var/lib/loa/broker");
    g_autofree char *text = sched_broker_config_text(&place);
    /* clang-format off */
    const struct { const char *why, *line; } cases[] = {
        { "a certificate is demanded",             "\nrequire_certificate true\n" },
        { "its name is the user name",             "\nuse_identity_as_username true\n" },
        { "and the client id: nobody is evicted",  "\nuse_username_as_clientid true\n" },
        { "nobody without a name",                 "\nallow_anonymous false\n" },
        { "revoked certificates are refused",      "\ncrlfile /a/crl.pem\n" },
        { "nothing rests on the broker's memory",  "\npersistence false\n" },
        { "nor on retained messages",              "\nretain_available false\n" },
        { "packets are bounded",                   "\nmax_packet_size 131072\n" },
        { "one listener, at one address",          "\nlistener 8883 127.0.0.1\n" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_nonnull(strstr(text, cases[i].line));
    }
    g_assert_null(strstr(text, "\nuser "));
}

static void
test_rights(void)
{
    const char *const names[] = {"kong-chro", "ia-pa", NULL};
    g_autoptr(GPtrArray) list = stations(names);
    g_autofree char *text = sched_broker_rights_text(list);

    g_assert_nonnull(strstr(text, "\nuser ia-pa\n"
                                  "topic read loa/1/to/ia-pa/+\n"
                                  "topic read loa/1/all/+\n"
                                  "topic write loa/1/from/ia-pa/+\n"));
    g_assert_nonnull(strstr(text, "\nuser kong-chro\n"));
    g_assert_nonnull(strstr(text, "user loa-scheduler\ntopic read loa/1/from/#\n"));
    /* `pattern` rules would serve every certificate of the CA, also a revoked station's. */
    g_assert_null(strstr(text, "pattern"));
}

static void
test_rights_of_bad_names(void)
{
    const char *const names[] = {"x\nuser loa-scheduler", "a/#", "+", "",
                                 "loa-scheduler",         NULL};
    g_autoptr(GPtrArray) bad = stations(names);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autofree char *text = sched_broker_rights_text(bad);
    g_autofree char *plain = sched_broker_rights_text(none);

    g_assert_cmpstr(text, ==, plain);
}

static void
test_write_only_what_changed(void)
{
    const char *const two[] = {"kong-chro", "ia-pa", NULL};
    const char *const one[] = {"kong-chro", NULL};
    g_autoptr(GPtrArray) before = stations(two);
    g_autoptr(GPtrArray) after = stations(one);
    g_autofree char *top = g_dir_make_tmp("loa-broker-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(top, "broker", NULL);
    g_autofree char *rights = g_build_filename(folder, "rights.acl", NULL);
    g_autofree char *config = g_build_filename(folder, "mosquitto.conf", NULL);
    g_autofree char *text = NULL;
    const SchedBrokerPlace place = place_in(folder);
    g_autoptr(GError) error = NULL;
    gboolean has_changed = FALSE;

    g_assert_true(sched_broker_files_write(&place, before, &has_changed, &error));
    g_assert_no_error(error);
    g_assert_true(has_changed);
    g_assert_true(sched_broker_files_write(&place, before, &has_changed, &error));
    g_assert_false(has_changed);
    g_assert_true(sched_broker_files_write(&place, after, &has_changed, &error));
    g_assert_true(has_changed);
    g_assert_true(g_file_get_contents(rights, &text, NULL, NULL));
    g_assert_null(strstr(text, "ia-pa"));
    g_unlink(rights);
    g_unlink(config);
    g_rmdir(folder);
    g_rmdir(top);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/broker-files/config", test_config);
    g_test_add_func("/publish/broker-files/rights", test_rights);
    g_test_add_func("/publish/broker-files/rights-of-bad-names", test_rights_of_bad_names);
    g_test_add_func("/publish/broker-files/write-only-what-changed",
                    test_write_only_what_changed);
    return g_test_run();
}
