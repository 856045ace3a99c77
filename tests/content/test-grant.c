/* test-grant.c - a grant says nothing impossible, and a PIN is none that anybody guesses first.
 */
#include "content/grant.h"

#include <string.h>

#define GOOD_HASH "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA"

static ContentGrant *
good_grant(void)
{
    ContentGrant *grant = content_document_new(&content_grant_type);
    ContentGrantAccount *account = content_shape_new(&content_grant_account_shape);
    ContentGrantInput *input = content_shape_new(&content_grant_input_shape);

    *account =
        (ContentGrantAccount){g_strdup("h-nhun"), g_strdup("H’Nhun"), g_strdup(GOOD_HASH)};
    g_ptr_array_add(grant->accounts, account);
    input->name = g_strdup("nut-lu");
    input->template_ = g_strdup("lu");
    g_ptr_array_add(grant->inputs, input);
    g_ptr_array_add(grant->templates, g_strdup("lu"));
    g_ptr_array_add(grant->zones, g_strdup("plei-oi"));
    grant->id = g_strdup("g1");
    grant->station = g_strdup("ia-pa-02");
    grant->max_starts = 3;
    grant->span_s = 3600;
    grant->expires_us = 1;
    return grant;
}

static void
no_accounts(ContentGrant *grant)
{
    g_ptr_array_set_size(grant->accounts, 0);
}

static void
nobody(ContentGrant *grant)
{
    g_ptr_array_set_size(grant->accounts, 0);
    g_ptr_array_set_size(grant->inputs, 0);
}

static void
no_template(ContentGrant *grant)
{
    g_ptr_array_set_size(grant->templates, 0);
}

static void
other_template(ContentGrant *grant)
{
    no_template(grant);
    g_ptr_array_add(grant->templates, g_strdup("bao"));
}

static void
no_zone(ContentGrant *grant)
{
    g_ptr_array_set_size(grant->zones, 0);
}

static void
no_time(ContentGrant *grant)
{
    grant->not_before_us = grant->expires_us;
}

static void
no_starts(ContentGrant *grant)
{
    grant->max_starts = 0;
}

static void
long_span(ContentGrant *grant)
{
    grant->span_s = CONTENT_GRANT_MAX_SPAN_S + 1;
}

static void
many_zones(ContentGrant *grant)
{
    while (grant->zones->len <= CONTENT_GRANT_MAX_ZONES)
        g_ptr_array_add(grant->zones, g_strdup_printf("z%u", grant->zones->len));
}

static void
weak_hash(ContentGrant *grant)
{
    ContentGrantAccount *account = grant->accounts->pdata[0];

    account->pin_hash[7] = 'i';
    account->pin_hash[8] = '$';
}

static void
test_grant(void)
{
    /* clang-format off */
    const struct { const char *why; void (*spoil)(ContentGrant *); const char *says; } cases[] = {
        { "buttons alone",                no_accounts,    NULL },
        { "nobody",                       nobody,         "names nobody" },
        { "nothing to start",             no_template,    "names no template" },
        { "a button that starts another", other_template, "that the grant does not name" },
        { "nowhere",                      no_zone,        "names no zone" },
        { "never",                        no_time,        "not after not_before_us" },
        { "not once",                     no_starts,      "max_starts" },
        { "counted over more than a day", long_span,      "span_s" },
        { "one zone too many",            many_zones,     "zones" },
        { "a PIN by argon2i",             weak_hash,      "argon2id" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentGrant) grant = good_grant();
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = NULL;

        g_test_message("%s", cases[i].why);
        cases[i].spoil(grant);
        bytes = content_document_write(&content_grant_type, grant, &error);
        if (cases[i].says == NULL) {
            g_assert_no_error(error);
            continue;
        }
        g_assert_null(bytes);
        g_assert_nonnull(strstr(error->message, cases[i].says));
    }
}

static void
test_copy(void)
{
    g_autoptr(ContentGrant) grant = good_grant();
    g_autoptr(ContentGrant) copy = content_grant_copy(grant);
    g_autoptr(GBytes) first = content_document_write(&content_grant_type, grant, NULL);
    g_autoptr(GBytes) second = content_document_write(&content_grant_type, copy, NULL);

    g_assert_true(g_bytes_equal(first, second));
    g_assert_nonnull(content_grant_find_account(copy, "h-nhun"));
    g_assert_null(content_grant_find_account(copy, "nut-lu"));
    g_assert_nonnull(content_grant_find_input(copy, "nut-lu"));
    g_assert_null(content_grant_find_input(copy, "h-nhun"));
}

static void
test_pins(void)
{
    /* clang-format off */
    const struct { const char *pin; gboolean is_good; } cases[] = {
        { "260302",        TRUE  },
        { "123456789012",  TRUE  },
        { "12345",         FALSE },
        { "1234567890123", FALSE },
        { "000000",        FALSE },
        { "26030a",        FALSE },
        { "",              FALSE },
        { "２６０３０２",  FALSE },
    };
    const struct { const char *why, *hash; gboolean is_good; } hashes[] = {
        { "as libsodium writes it",   GOOD_HASH,                               TRUE  },
        { "cheap",                    "$argon2id$v=19$m=8,t=1,p=1$c2E$aGE",    TRUE  },
        { "more memory than there is","$argon2id$v=19$m=65537,t=2,p=1$c2E$aGE", FALSE },
        { "more than 64 bits of it",  "$argon2id$v=19$m=99999999999999999999999,t=2,p=1$c2E$aGE", FALSE },
        { "too many passes",          "$argon2id$v=19$m=65536,t=5,p=1$c2E$aGE", FALSE },
        { "none",                     "$argon2id$v=19$m=65536,t=0,p=1$c2E$aGE", FALSE },
        { "two lanes",                "$argon2id$v=19$m=65536,t=2,p=2$c2E$aGE", FALSE },
        { "a sign",                   "$argon2id$v=19$m=+1,t=2,p=1$c2E$aGE",    FALSE },
        { "another kind",             "$argon2i$v=19$m=65536,t=2,p=1$c2E$aGE",  FALSE },
        { "the PIN itself",           "260302",                                FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].pin);
        g_assert_cmpint(content_pin_check(cases[i].pin) == NULL, ==, cases[i].is_good);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(hashes); i++) {
        g_test_message("%s", hashes[i].why);
        g_assert_cmpint(content_pin_hash_check(hashes[i].hash) == NULL, ==, hashes[i].is_good);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/grant/checked", test_grant);
    g_test_add_func("/content/grant/copied", test_copy);
    g_test_add_func("/content/grant/pins", test_pins);
    return g_test_run();
}
