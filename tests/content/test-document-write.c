/*
 * test-document-write.c - whatever a struct holds, what is written reads back as the same
 * bytes, and a value that no reader would take is not written.
 *
 * Every golden document, every member of it, every way in which a field of its kind can be bad.
 */
#include "content/document-write.h"

#include "content/lease.h"
#include "tests/support/golden.h"

#include <string.h>

/* What was tried, so that a table that lost its rows does not pass in silence. */
typedef struct {
    const GoldenFile *file;
    gpointer document;
    guint n_tried;
} Trial;

static void
assert_refused(Trial *trial, const char *member, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        content_document_write(trial->file->type, trial->document, &error);

    if (bytes != NULL)
        g_error("%s: %s: %s: written nevertheless", trial->file->name, member, why);
    g_assert_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_MEMBER);
    trial->n_tried++;
}

static void
spoil_int(Trial *trial, const ContentMember *member, gint64 *field)
{
    gint64 good = *field;

    if (member->min > G_MININT64 && member->min - 1 != member->absent) {
        *field = member->min - 1;
        assert_refused(trial, member->name, "below its range");
    }
    if (member->max < G_MAXINT64) {
        *field = member->max + 1;
        assert_refused(trial, member->name, "above its range");
    }
    *field = good;
}

static void
spoil_enum(Trial *trial, const ContentMember *member, gint *field)
{
    gint good = *field;

    *field = -1;
    assert_refused(trial, member->name, "no word of the list");
    *field = (gint) g_strv_length((char **) member->choices);
    assert_refused(trial, member->name, "one past the list");
    *field = good;
}

static void
spoil_text(Trial *trial, const ContentMember *member, char **field)
{
    static const struct {
        const char *why, *text;
    } bad[] = {
        {"not UTF-8", "\xff\xfe"},
        {"not in NFC", "a\xcc\x83"},
        {"a control character", "a\x1b[2J"},
        {"a C1 control character", "a\xc2\x85z"},
    };
    char *good = *field;
    g_autofree char *long_text = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        *field = (char *) bad[i].text;
        assert_refused(trial, member->name, bad[i].why);
    }
    if (member->kind == CONTENT_MEMBER_TEXT) {
        long_text = g_strnfill((gsize) member->max + 1, 'a');
        *field = long_text;
        assert_refused(trial, member->name, "too long");
    }
    if (member->required) {
        *field = NULL;
        assert_refused(trial, member->name, "not there");
    }
    *field = good;
}

static void spoil_shape(Trial *trial, const ContentShape *shape, gpointer element);

static void
spoil_value(Trial *trial, const ContentMember *member, gpointer field)
{
    if (member->kind == CONTENT_MEMBER_INT)
        spoil_int(trial, member, field);
    else if (member->kind == CONTENT_MEMBER_ENUM)
        spoil_enum(trial, member, field);
    else if (member->kind == CONTENT_MEMBER_STRUCT && *(gpointer *) field != NULL)
        spoil_shape(trial, member->element, *(gpointer *) field);
    else if (member->kind != CONTENT_MEMBER_BOOL && *(gpointer *) field != NULL)
        spoil_text(trial, member, field);
}

static void
spoil_list(Trial *trial, const ContentMember *member, GPtrArray *list)
{
    guint n_good = list->len;
    gpointer first = n_good > 0 ? list->pdata[0] : NULL;

    if (first == NULL)
        return;
    /* An element's own field is what the list's pointer points to. */
    spoil_value(trial, member, &list->pdata[0]);
    list->pdata[0] = NULL;
    assert_refused(trial, member->name, "a hole in the list");
    list->pdata[0] = first;
    if (member->max_count > 10000)
        return;
    g_ptr_array_set_free_func(list, NULL);
    while ((gint64) list->len <= member->max_count)
        g_ptr_array_add(list, first);
    assert_refused(trial, member->name, "too many");
    g_ptr_array_set_size(list, (gint) n_good);
    g_ptr_array_set_free_func(
        list, member->kind == CONTENT_MEMBER_STRUCT ? member->element->free : g_free);
}

static void
spoil_shape(Trial *trial, const ContentShape *shape, gpointer element)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        gpointer field = G_STRUCT_MEMBER_P(element, member->offset);

        if (member->is_list)
            spoil_list(trial, member, *(GPtrArray **) field);
        else
            spoil_value(trial, member, field);
    }
}

static void
test_bad_values(void)
{
    g_autoptr(GPtrArray) files = golden_files_read();
    guint n_tried = 0;

    for (guint i = 0; i < files->len; i++) {
        Trial trial = {.file = g_ptr_array_index(files, i)};
        g_autoptr(GError) error = NULL;

        trial.document =
            content_document_read(trial.file->type, g_bytes_get_data(trial.file->bytes, NULL),
                                  g_bytes_get_size(trial.file->bytes), &error);
        g_assert_no_error(error);
        spoil_shape(&trial, trial.file->type->shape, trial.document);
        n_tried += trial.n_tried;
        content_document_free(trial.file->type, trial.document);
    }
    g_test_message("%u bad values", n_tried);
    g_assert_cmpuint(n_tried, >, 500);
}

/* The short way alone: all genuine documents go it, to the very bytes. */
static void
test_short_way(void)
{
    g_autoptr(GPtrArray) files = golden_files_read();

    for (guint i = 0; i < files->len; i++) {
        const GoldenFile *file = g_ptr_array_index(files, i);
        gpointer document =
            content_document_read(file->type, g_bytes_get_data(file->bytes, NULL),
                                  g_bytes_get_size(file->bytes), NULL);
        g_autoptr(GBytes) bytes = content_write_bytes(file->type, document);

        g_assert_nonnull(bytes);
        g_assert_true(g_bytes_equal(bytes, file->bytes));
        content_document_free(file->type, document);
    }
}

/* Letters that stay and letters that move, in every order. */
static void
test_normal_forms(void)
{
    /* clang-format off */
    static const struct { const char *why, *text; gboolean is_normal; } cases[] = {
        { "Vietnamese, composed",              "Tiêm phòng ở xã",           TRUE  },
        { "Bahnar: o with horn and breve",     "\u01a1\u0306n pơ\u0306lei", TRUE  },
        { "the horn beside the o",             "o\u031b\u0306n",            FALSE },
        { "breve beside an a, which has one",  "pa\u0306",                  FALSE },
        { "marks in the wrong order",          "q\u0307\u0323",             FALSE },
        { "a mark that begins the text",       "\u0306a",                   TRUE  },
        { "two marks on the last letter",      "q\u0323\u0307",             TRUE  },
        { "the Ångström sign",                 "5 \u212b",                  FALSE },
        { "the Greek question mark",           "ai\u037e",                  FALSE },
        { "Hangul in parts",                   "a\u1112\u1161\u11ab",       FALSE },
        { "quotes, dashes, an ellipsis",       "“Ia Le” – 7h …",            TRUE  },
        { "good before, bad behind",           "ơ\u0306 a\u0301",           FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) none = g_ptr_array_new();
        ContentRemark said = {(char *) "test_good", (char *) cases[i].text, none, NULL};
        const ContentTestAnswer answer = {.id = (char *) "thu", .said = &said};
        g_autoptr(GBytes) bytes =
            content_document_write(&content_test_answer_type, &answer, NULL);

        g_test_message("%s", cases[i].why);
        g_assert_true((bytes != NULL) == cases[i].is_normal);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/document-write/bad-values", test_bad_values);
    g_test_add_func("/document-write/short-way", test_short_way);
    g_test_add_func("/document-write/normal-forms", test_normal_forms);
    return g_test_run();
}
