/*
 * test-document-read.c - the short way of reading takes every genuine document, and nothing
 * that it would write otherwise. What the long way says of the rest: test-document.c.
 */
#include "content/document-read.h"

#include "content/document-write.h"
#include "content/lease.h"
#include "content/record.h"
#include "tests/support/golden.h"

#include <string.h>

/* TRUE if it was taken; what is taken is written as the very same bytes. */
static gboolean
is_taken(const ContentDocumentType *type, gconstpointer bytes, gsize n_bytes)
{
    gpointer document = content_read_bytes(type, bytes, n_bytes);
    g_autoptr(GBytes) given = g_bytes_new(bytes, n_bytes);
    g_autoptr(GBytes) again = NULL;

    if (document == NULL)
        return FALSE;
    again = content_write_bytes(type, document);
    g_assert_nonnull(again);
    g_assert_true(g_bytes_equal(given, again));
    content_document_free(type, document);
    return TRUE;
}

static void
test_genuine(void)
{
    g_autoptr(GPtrArray) files = golden_files_read();

    g_assert_cmpuint(files->len, >, 20);
    for (guint i = 0; i < files->len; i++) {
        const GoldenFile *file = g_ptr_array_index(files, i);
        gsize n_bytes;
        gconstpointer bytes = g_bytes_get_data(file->bytes, &n_bytes);

        g_test_message("%s", file->name);
        g_assert_true(is_taken(file->type, bytes, n_bytes));
    }
}

/* Every genuine document with one byte gone, cut off there, doubled, or another one. */
static void
test_each_byte(void)
{
    static const char others[] = {'\0', '"', '\\', ',', '{', '}', ']', '0', 'n', ' ', '\xff'};
    g_autoptr(GPtrArray) files = golden_files_read();
    guint n_taken = 0, n_refused = 0;

    for (guint i = 0; i < files->len; i++) {
        const GoldenFile *file = g_ptr_array_index(files, i);
        gsize n_bytes;
        const char *bytes = g_bytes_get_data(file->bytes, &n_bytes);

        for (gsize at = 0; at < MIN(n_bytes, 1500); at++) {
            g_autofree char *copy = g_memdup2(bytes, n_bytes);
            g_autoptr(GString) longer = g_string_new_len(bytes, (gssize) n_bytes);

            g_assert_false(is_taken(file->type, bytes, at));
            g_string_insert_c(longer, (gssize) at, bytes[at]);
            n_taken += is_taken(file->type, longer->str, longer->len);
            g_string_erase(longer, (gssize) at, 2);
            n_taken += is_taken(file->type, longer->str, longer->len);
            for (gsize j = 0; j < sizeof others; j++) {
                copy[at] = others[j];
                n_refused += !is_taken(file->type, copy, n_bytes);
            }
        }
    }
    g_test_message("%u taken, %u refused", n_taken, n_refused);
    g_assert_cmpuint(n_taken, >, 100); /* one letter more in a title is another good title */
    g_assert_cmpuint(n_refused, >, 10000);
}

/* clang-format off */
static const struct { const char *why, *words; gboolean is_short; } texts[] = {
    { "marks of Bahnar and Vietnamese", "Cơ\xcc\x86 – “Tiêm phòng”",  TRUE  },
    { "each escape that is needed",     "a\\\"b\\\\c\\nd",             TRUE  },
    { "nothing but an escape",          "\\n",                         TRUE  },
    { "an escape nobody needs",         "a\\/b",                       FALSE },
    { "a letter as a number",           "\\u006a",                     FALSE },
    { "a tab, which no text may hold",  "a\\tb",                       FALSE },
    { "a bare line feed",               "a\nb",                        FALSE },
    { "a control character",            "a\x1b[2J",                    FALSE },
    { "cut off in an escape",           "a\\",                         FALSE },
    { "no text at all",                 "",                            FALSE },
    { "not in NFC",                     "o\xcc\x9b",                   FALSE },
    { "not UTF-8",                      "\xc3",                        FALSE },
};
/* clang-format on */

static void
test_texts(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"accepted\":true,\"id\":\"t\",\"is_over\":true,\"relay\":\"open\",\"said\":"
            "{\"code\":\"test_good\",\"words\":\"%s\"},\"type\":\"test-answer\",\"v\":1}",
            texts[i].words);

        g_test_message("%s", texts[i].why);
        g_assert_cmpint(is_taken(&content_test_answer_type, text, strlen(text)), ==,
                        texts[i].is_short);
    }
}

/* clang-format off */
static const struct { const char *why, *number; gboolean is_short; } numbers[] = {
    { "nought",               "0",                     TRUE  },
    { "the largest",          "9007199254740991",      TRUE  },
    { "past the range",       "9007199254740992",      FALSE },
    { "past 64 bits",         "9223372036854775808",   FALSE },
    { "once round and back",  "18446744073709551617",  FALSE },
    { "a zero in front",      "07",                    FALSE },
    { "minus zero",           "-0",                    FALSE },
    { "below the range",      "-1",                    FALSE },
    { "the lowest of all",    "-9223372036854775808",  FALSE },
    { "a minus alone",        "-",                     FALSE },
    { "nothing",              "",                      FALSE },
    { "a fraction",           "1.0",                   FALSE },
    { "an exponent",          "1e3",                   FALSE },
    { "a plus",               "+1",                    FALSE },
    { "a text",               "\"1\"",                 FALSE },
};
/* clang-format on */

static void
test_numbers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"journal\":\"j\",\"seq\":%s,\"station\":\"s\",\"type\":\"ack\",\"v\":1}",
            numbers[i].number);

        g_test_message("%s", numbers[i].why);
        g_assert_cmpint(is_taken(&content_ack_type, text, strlen(text)), ==,
                        numbers[i].is_short);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/document-read/genuine", test_genuine);
    g_test_add_func("/document-read/each-byte", test_each_byte);
    g_test_add_func("/document-read/texts", test_texts);
    g_test_add_func("/document-read/numbers", test_numbers);
    return g_test_run();
}
