/* test-claim.c - what a signature says it is for is read strictly, before any parsing. */
#include "content/claim.h"

#include "content/manifest.h"

static void
test_round_trip(void)
{
    g_autofree char *comment = content_claim_comment("manifest", "ia-pa-02", 17);
    g_autofree char *keys = content_claim_comment("keys", NULL, 3);
    g_autofree char *audience = NULL;
    gint64 version = 0;

    g_assert_cmpstr(comment, ==, "manifest ia-pa-02 17");
    g_assert_cmpstr(keys, ==, "keys all 3");
    g_assert_cmpint(content_claim_read(comment, &audience, &version)->signer, ==,
                    CONTENT_ROLE_MANIFEST);
    g_assert_cmpstr(audience, ==, "ia-pa-02");
    g_assert_cmpint(version, ==, 17);
}

static void
test_read(void)
{
    /* clang-format off */
    const struct { const char *why, *comment; gboolean is_claim; } cases[] = {
        { "a manifest",                      "manifest ia-pa-02 1",                TRUE  },
        { "the largest version",             "manifest ia-pa-02 9007199254740991", TRUE  },
        { "one above it",                    "manifest ia-pa-02 9007199254740992", FALSE },
        { "an approval is for everybody",    "approval all 0",                     TRUE  },
        { "an approval for one",             "approval ia-pa-02 0",                FALSE },
        { "a manifest without a version",    "manifest ia-pa-02 0",                FALSE },
        { "an ack with one",                 "ack ia-pa-02 4",                     FALSE },
        { "a type that is never signed",     "heartbeat ia-pa-02 0",               FALSE },
        { "two words",                       "manifest ia-pa-02",                  FALSE },
        { "four words",                      "manifest ia-pa-02 1 1",              FALSE },
        { "two spaces",                      "manifest  1",                        FALSE },
        { "a sign",                          "manifest ia-pa-02 +1",               FALSE },
        { "a leading zero",                  "manifest ia-pa-02 01",               FALSE },
        { "a wildcard for a name",           "manifest # 1",                       FALSE },
        { "nothing",                         "",                                   FALSE },
        { "minisign's usual comment",        "timestamp:1700000000\tfile:x",       FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *audience = NULL;
        gint64 version = -1;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_claim_read(cases[i].comment, &audience, &version) != NULL, ==,
                        cases[i].is_claim);
        g_assert_cmpint(audience != NULL, ==, cases[i].is_claim);
        g_assert_cmpint(version >= 0, ==, cases[i].is_claim);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/claim/round-trip", test_round_trip);
    g_test_add_func("/content/claim/read", test_read);
    return g_test_run();
}
