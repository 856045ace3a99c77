/* test-approval.c - an approval by one person alone is none, wherever it is read. */
#include "content/manifest.h"

#include <string.h>

#define HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* clang-format off */
static const char good[] =
    "{\"announcement\":\"ann\",\"approved_us\":1772409600000000,\"approver\":\"approver\","
    "\"areas\":[\"ia-pa\"],\"author\":\"author\",\"checker\":\"checker\","
    "\"class\":\"uu_tien\",\"kind\":\"version\",\"language\":\"jra\",\"object\":\"" HASH "\","
    "\"source_document\":\"12/TB\",\"title\":\"Tin\",\"type\":\"approval\",\"v\":VERSION,"
    "\"valid_from_us\":1772409600000000,\"valid_until_us\":1775001600000000,"
    "\"version\":\"ver\"}";

static const struct { const char *why, *from, *to, *error; } cases[] = {
    { "three persons",              "",                          "",                            NULL },
    { "checker and approver in one", "\"checker\":\"checker\"", "\"checker\":\"approver\"",  NULL },
    { "author and approver in one", "\"approver\":\"approver\"", "\"approver\":\"author\"",
      "the author cannot approve" },
    { "author and checker in one",  "\"checker\":\"checker\"", "\"checker\":\"author\"",
      "the author cannot check the language" },
    { "nobody checked",             "\"checker\":\"checker\",", "",
      "a version needs somebody who checked its language" },
    { "no language",                "\"language\":\"jra\",",   "", "a version needs a language" },
    { "an alert's class",           "\"uu_tien\"",              "\"khan_cap\"",
      "khan_cap is the class of alerts" },
    { "over before it begins",      "1775001600000000",         "1772409600000000",
      "valid_until_us is not after valid_from_us" },
    { "a signal has no language to check", "\"checker\":\"checker\",\"class\":\"uu_tien\",\"kind\":\"version\",\"language\":\"jra\",",
      "\"class\":\"uu_tien\",\"kind\":\"signal\",", NULL },
};
/* clang-format on */

static void
test_rules(void)
{
    g_autofree char *version =
        g_strdup_printf("%" G_GINT64_FORMAT, (gint64) content_approval_type.v);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(good);
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentApproval) approval = NULL;

        g_test_message("%s", cases[i].why);
        g_string_replace(text, "VERSION", version, 1);
        if (cases[i].from[0] != '\0')
            g_assert_cmpuint(g_string_replace(text, cases[i].from, cases[i].to, 1), ==, 1);
        approval = content_document_read(&content_approval_type, text->str, text->len, &error);
        if (cases[i].error == NULL) {
            g_assert_no_error(error);
            continue;
        }
        g_assert_null(approval);
        g_assert_nonnull(strstr(error->message, cases[i].error));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/approval/rules", test_rules);
    return g_test_run();
}
