/*
 * test-mutation.c - genuine documents, damaged in 20,000 ways that are the same every time.
 *
 * Never a crash, never an accepted document that would be written differently: bytes and struct
 * say the same thing. Worth most under the address sanitizer.
 */
#include "content/document.h"

#include "tests/support/golden.h"

#include <string.h>

#define N_MUTATIONS 20000
#define SEED        20260302
#define MAX_EDITS   4
#define MAX_RANGE   24

/* clang-format off */
static const char *const snippets[] = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\n", "null", "true", "0", "-1", "-0",
    "9223372036854775808", "1e9", "0.5", "\xff", "\xcc\x9b", "ơ", "{}", "[]", "[[[[[[[[[[[[[[[[[",
    "\"v\":1", "\"type\":\"ack\"", ",\"v\":1", " ", "\n", "khan_cap", "../", "2026-02-30",
};
/* clang-format on */

static gsize
place_in(GRand *rand, gsize n_bytes)
{
    return n_bytes == 0 ? 0 : (gsize) g_rand_int_range(rand, 0, (gint32) n_bytes);
}

static gsize
range_from(GRand *rand, const GString *text, gsize from)
{
    gsize length = (gsize) g_rand_int_range(rand, 1, MAX_RANGE);

    return MIN(length, text->len - from);
}

static void
flip_bit(GRand *rand, GString *text, const GString *other)
{
    if (text->len > 0)
        text->str[place_in(rand, text->len)] ^= (char) (1 << g_rand_int_range(rand, 0, 8));
}

static void
change_digit(GRand *rand, GString *text, const GString *other)
{
    gsize from = place_in(rand, text->len);

    for (gsize i = from; i < text->len; i++) {
        if (g_ascii_isdigit(text->str[i])) {
            text->str[i] = (char) ('0' + g_rand_int_range(rand, 0, 10));
            return;
        }
    }
}

static void
delete_range(GRand *rand, GString *text, const GString *other)
{
    gsize from = place_in(rand, text->len);

    g_string_erase(text, (gssize) from, (gssize) range_from(rand, text, from));
}

static void
double_range(GRand *rand, GString *text, const GString *other)
{
    gsize from = place_in(rand, text->len);
    gsize length = range_from(rand, text, from);
    g_autofree char *range = g_memdup2(text->str + from, length);

    g_string_insert_len(text, (gssize) from, range, (gssize) length);
}

static void
insert_snippet(GRand *rand, GString *text, const GString *other)
{
    g_string_insert(text, (gssize) place_in(rand, text->len + 1),
                    snippets[place_in(rand, G_N_ELEMENTS(snippets))]);
}

static void
splice(GRand *rand, GString *text, const GString *other)
{
    g_string_truncate(text, place_in(rand, text->len + 1));
    g_string_append(text, other->str + place_in(rand, other->len));
}

typedef void (*Edit)(GRand *rand, GString *text, const GString *other);
static const Edit edits[] = {flip_bit,     change_digit,   change_digit, delete_range,
                             double_range, insert_snippet, splice};

static GString *
text_of(const GoldenFile *file)
{
    gsize n_bytes;
    const char *text = g_bytes_get_data(file->bytes, &n_bytes);

    return g_string_new_len(text, (gssize) n_bytes);
}

/* Returns whether it was accepted. */
static gboolean
check_mutation(const ContentDocumentType *type, const GString *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autofree char *name = NULL;
    gint64 v;
    gpointer document = content_document_read(type, text->str, text->len, &error);

    if (document == NULL) {
        g_assert_nonnull(error);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return FALSE;
    }
    again = content_document_write(type, document, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(again, NULL), g_bytes_get_size(again), text->str,
                    text->len);
    g_assert_true(content_document_peek_type(text->str, text->len, &name, &v, &error));
    content_document_free(type, document);
    return TRUE;
}

static void
test_mutations(void)
{
    g_autoptr(GPtrArray) files = golden_files_read();
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    guint n_accepted = 0, n_refused = 0;

    for (guint i = 0; i < N_MUTATIONS; i++) {
        const GoldenFile *file = files->pdata[place_in(rand, files->len)];
        GString *other = text_of(files->pdata[place_in(rand, files->len)]);
        GString *text = text_of(file);
        gint32 n_edits = g_rand_int_range(rand, 1, MAX_EDITS + 1);

        for (gint32 j = 0; j < n_edits; j++)
            edits[place_in(rand, G_N_ELEMENTS(edits))](rand, text, other);
        if (check_mutation(file->type, text))
            n_accepted++;
        else
            n_refused++;
        g_string_free(text, TRUE);
        g_string_free(other, TRUE);
    }
    g_test_message("%u accepted, %u refused", n_accepted, n_refused);
    /* Both must occur often, or the damage is too weak or too strong to tell anything. */
    g_assert_cmpuint(n_accepted, >, N_MUTATIONS / 50);
    g_assert_cmpuint(n_refused, >, N_MUTATIONS / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/mutation/golden-documents", test_mutations);
    return g_test_run();
}
