/* test-factor.c - codes by the RFCs' own vectors, sealed secrets, recovery codes. */
#include "scheduler/trust/factor.h"
#include "tests/support/scratch.h"

#include <glib/gstdio.h>
#include <string.h>

static const guint8 *const rfc_secret = (const guint8 *) "12345678901234567890";

#define AT(s) ((gint64) (s) *G_USEC_PER_SEC)

/* RFC 4226 appendix D, RFC 6238 appendix B (SHA-1, eight digits). */
static void
test_vectors(void)
{
    static const guint hotp[] = {755224, 287082, 359152, 969429, 338314,
                                 254676, 287922, 162583, 399871, 520489};
    static const struct {
        gint64 at_s;
        guint code;
    } totp[] = {
        {59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
        {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130},
    };

    for (guint i = 0; i < G_N_ELEMENTS(hotp); i++)
        g_assert_cmpuint(sched_totp_number(rfc_secret, i) % 1000000, ==, hotp[i]);
    for (guint i = 0; i < G_N_ELEMENTS(totp); i++)
        g_assert_cmpuint(sched_totp_number(rfc_secret, totp[i].at_s / 30) % 100000000, ==,
                         totp[i].code);
}

static void
test_match(void)
{
    /* clang-format off */
    /* 1111111109 s is step 37037036, and 1111111111 s is 37037037. */
    static const struct {
        const char *why, *typed; gint64 at_s, last_step, step;
    } cases[] = {
        { "now",                     "081804",          1111111109, 0,        37037036 },
        { "with a blank",            "081 804",         1111111109, 0,        37037036 },
        { "of the step before",      "081804",          1111111111, 0,        37037036 },
        { "of the step after",       "050471",          1111111109, 0,        37037037 },
        { "two steps late",          "081804",          1111111141, 0,        0        },
        { "two steps early",         "050471",          1111111079, 0,        0        },
        { "used",                    "081804",          1111111109, 37037036, 0        },
        { "older than what was used", "081804",         1111111111, 37037037, 0        },
        { "newer than what was used", "050471",         1111111109, 37037036, 37037037 },
        { "another one",             "081805",          1111111109, 0,        0        },
        { "five digits",             "81804",           1111111109, 0,        0        },
        { "seven digits",            "0081804",         1111111109, 0,        0        },
        { "a sign",                  "+81804",          1111111109, 0,        0        },
        { "digits of another script", "٠٨١٨٠٤",         1111111109, 0,        0        },
        { "nothing",                 "",                1111111109, 0,        0        },
        { "blanks",                  "      ",          1111111109, 0,        0        },
        { "much",  "000000000000000000000000000000000000000081804", 1111111109, 0, 0  },
    };
    /* clang-format on */

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_totp_match(rfc_secret, cases[i].typed, AT(cases[i].at_s),
                                         cases[i].last_step),
                        ==, cases[i].step);
    }
    g_assert_true(sched_totp_looks_like("123 456"));
    g_assert_false(sched_totp_looks_like("abcd-efgh-jkmn-pqrs"));
}

/* What base32 (RFC 4648) of the RFC's secret is, as `base32` of coreutils writes it. */
static void
test_uri(void)
{
    g_autofree char *plain = sched_totp_base32(rfc_secret, FALSE);
    g_autofree char *grouped = sched_totp_base32(rfc_secret, TRUE);
    g_autofree char *uri = sched_totp_uri(rfc_secret, "Ia Pa & Đak", "h.rmah");

    g_assert_cmpstr(plain, ==, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    g_assert_cmpstr(grouped, ==, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    g_assert_cmpstr(uri, ==,
                    "otpauth://totp/Ia%20Pa%20%26%20%C4%90ak:h.rmah?secret="
                    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ia%20Pa%20%26%20%C4%90ak"
                    "&algorithm=SHA1&digits=6&period=30");
}

static void
test_seal(void)
{
    char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, SCHED_FACTOR_KEY_NAME, NULL);
    g_autoptr(SchedFactors) one = sched_factors_open(folder, NULL);
    g_autoptr(SchedFactors) again = sched_factors_open(folder, NULL);
    g_autoptr(SchedFactors) other = NULL;
    g_autofree char *sealed = sched_factors_seal(one, "anna", rfc_secret);
    g_autofree char *twice = sched_factors_seal(one, "anna", rfc_secret);
    g_autoptr(GError) error = NULL;
    guint8 secret[SCHED_TOTP_SECRET_BYTES];
    GStatBuf there;

    g_assert_cmpint(g_stat(path, &there), ==, 0);
    g_assert_cmpuint(there.st_mode & 0777, ==, 0600);
    g_assert_cmpstr(sealed, !=, twice);
    g_assert_true(sched_factors_unseal(again, "anna", sealed, secret, NULL));
    g_assert_cmpmem(secret, sizeof secret, rfc_secret, SCHED_TOTP_SECRET_BYTES);
    /* A row that was put under another account, a changed byte, a piece, another key. */
    g_assert_false(sched_factors_unseal(one, "otto", sealed, secret, &error));
    g_assert_error(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_DAMAGED);
    twice[40] = twice[40] == 'A' ? 'B' : 'A';
    g_assert_false(sched_factors_unseal(one, "anna", twice, secret, NULL));
    g_assert_false(sched_factors_unseal(one, "anna", "AAAA", secret, NULL));
    g_assert_false(sched_factors_unseal(one, "anna", "", secret, NULL));
    g_assert_cmpint(g_unlink(path), ==, 0);
    other = sched_factors_open(folder, NULL);
    g_assert_false(sched_factors_unseal(other, "anna", sealed, secret, NULL));
    test_scratch_free(folder);
}

/* A damaged key is a matter for a person: made anew, it would shut everybody out. */
static void
test_damaged(void)
{
    char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, SCHED_FACTOR_KEY_NAME, NULL);
    g_autofree char *after = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(path, "c2hvcnQ=\n", -1, NULL));
    g_assert_null(sched_factors_open(folder, &error));
    g_assert_error(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_DAMAGED);
    g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
    g_assert_cmpstr(after, ==, "c2hvcnQ=\n");
    test_scratch_free(folder);
}

static void
test_recovery(void)
{
    g_autofree char *code = sched_recovery_code(), *other = sched_recovery_code();
    g_autofree char *loud = g_ascii_strup(code, -1), *hash = sched_recovery_hash("anna", code);
    g_autofree char *same = sched_recovery_hash("anna", loud);
    g_autofree char *theirs = sched_recovery_hash("otto", code);
    g_autofree char *more = g_strconcat(code, "a", NULL);
    g_auto(GStrv) parts = g_strsplit(code, "-", -1);
    g_autofree char *spaced = g_strjoinv(" ", parts);
    g_autofree char *third = sched_recovery_hash("anna", spaced);

    g_assert_cmpuint(strlen(code), ==, 19);
    g_assert_cmpuint(g_strv_length(parts), ==, 4);
    g_assert_cmpstr(code, !=, other);
    g_assert_cmpuint(strlen(hash), ==, 64);
    g_assert_cmpstr(hash, ==, same);
    g_assert_cmpstr(hash, ==, third);
    g_assert_cmpstr(hash, !=, theirs);
    g_assert_null(sched_recovery_hash("anna", more));
    g_assert_null(sched_recovery_hash("anna", "abcd"));
    g_assert_null(sched_recovery_hash("anna", "abcd-efgh-jkmn-pq1s")); /* no digit one */
    g_assert_null(sched_recovery_hash("anna", "123456"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/trust/factor/vectors", test_vectors);
    g_test_add_func("/scheduler/trust/factor/match", test_match);
    g_test_add_func("/scheduler/trust/factor/uri", test_uri);
    g_test_add_func("/scheduler/trust/factor/seal", test_seal);
    g_test_add_func("/scheduler/trust/factor/damaged", test_damaged);
    g_test_add_func("/scheduler/trust/factor/recovery", test_recovery);
    return g_test_run();
}
