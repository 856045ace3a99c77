/*
 * test-formats.c - docs/formats.md says what the tables say.
 *
 * The part between the two marks is made from the tables; `ninja formats` writes
 * it anew. Everything else in the file is written by hand, and must name every type.
 */
#include "content/base/files.h"
#include "content/document-member.h"
#include "content/registry.h"

#include <string.h>

#define BEGIN_MARK "<!-- tables: begin -->\n"
#define END_MARK   "<!-- tables: end -->\n"
#define MAX_BYTES  (256 * 1024)

static void
append_bytes(GString *out, gsize n_bytes)
{
    if (n_bytes >= 1024 * 1024)
        g_string_append_printf(out, "%" G_GSIZE_FORMAT " MiB", n_bytes / (1024 * 1024));
    else if (n_bytes % 1024 == 0)
        g_string_append_printf(out, "%" G_GSIZE_FORMAT " KiB", n_bytes / 1024);
    else
        g_string_append_printf(out, "%" G_GSIZE_FORMAT " bytes", n_bytes);
}

static void
append_kind(GString *out, const ContentMember *member)
{
    if (member->is_list)
        g_string_append_printf(out, "list of ≤ %" G_GINT64_FORMAT " × ", member->max_count);
    if (member->kind == CONTENT_MEMBER_STRUCT)
        g_string_append_printf(out, "*%s*", member->element->name);
    else
        g_string_append(out, content_member_kind_words(member->kind));
}

static void
append_range(GString *out, const ContentMember *member)
{
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT, member->min,
                               member->max);
        break;
    case CONTENT_MEMBER_TEXT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT " bytes",
                               member->min, member->max);
        break;
    case CONTENT_MEMBER_HEX:
        g_string_append_printf(out, "%" G_GINT64_FORMAT " digits", member->max);
        break;
    case CONTENT_MEMBER_ENUM:
        for (gsize i = 0; member->choices[i] != NULL; i++)
            g_string_append_printf(out, "%s`%s`", i > 0 ? ", " : "", member->choices[i]);
        break;
    default:
        break;
    }
}

static void
append_table(GString *out, const ContentShape *shape)
{
    g_string_append(out, "| member | kind | unit | range | required | meaning |\n"
                         "| --- | --- | --- | --- | --- | --- |\n");
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        g_string_append_printf(out, "| `%s` | ", member->name);
        append_kind(out, member);
        g_string_append_printf(out, " | %s | ", member->unit);
        append_range(out, member);
        g_string_append_printf(out, " | %s | %s |\n", member->required ? "yes" : "no",
                               member->meaning);
    }
}

/* The objects inside a type, each once, where they first occur. */
static void
append_elements(GString *out, const ContentShape *shape, GHashTable *seen)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (member->element == NULL || !g_hash_table_add(seen, (gpointer) member->element))
            continue;
        g_string_append_printf(out, "\n#### %s\n\n", member->element->name);
        append_table(out, member->element);
        append_elements(out, member->element, seen);
    }
}

static char *
describe_types(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GString *out = g_string_new(NULL);
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    for (gsize i = 0; i < n_types; i++) {
        g_string_append_printf(out, "%s### %s\n\n`v` %" G_GINT64_FORMAT ", at most ",
                               i > 0 ? "\n" : "", types[i]->type, types[i]->v);
        append_bytes(out, types[i]->max_bytes);
        g_string_append(out, ".\n\n");
        append_table(out, types[i]->shape);
        append_elements(out, types[i]->shape, seen);
    }
    return g_string_free(out, FALSE);
}

static char *
formats_path(void)
{
    return g_build_filename(g_test_get_dir(G_TEST_DIST), "..", "docs", "formats.md", NULL);
}

/* The file, with the tables between the marks replaced by the ones of this build. */
static char *
renew(const char *text)
{
    g_autofree char *tables = describe_types();
    const char *begin = strstr(text, BEGIN_MARK), *end = strstr(text, END_MARK);

    g_assert_nonnull(begin);
    g_assert_nonnull(end);
    g_assert_true(begin < end);
    return g_strdup_printf("%.*s" BEGIN_MARK "%s%s", (int) (begin - text), text, tables, end);
}

static char *
read_formats(void)
{
    g_autofree char *path = formats_path();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_BYTES, &error);

    g_assert_no_error(error);
    return g_strdup(g_bytes_get_data(bytes, NULL));
}

static void
test_tables(void)
{
    g_autofree char *text = read_formats();
    g_autofree char *renewed = renew(text);

    if (strcmp(text, renewed) != 0)
        g_test_message("docs/formats.md is old: run ninja -C build formats");
    g_assert_cmpstr(text, ==, renewed);
}

static void
test_prose_names_every_type(void)
{
    g_autofree char *text = read_formats();
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    *strstr(text, BEGIN_MARK) = '\0';
    for (gsize i = 0; i < n_types; i++) {
        g_autofree char *row = g_strdup_printf("\n| `%s` |", types[i]->type);

        g_test_message("%s", types[i]->type);
        g_assert_nonnull(strstr(text, row));
    }
}

static int
write_formats(void)
{
    g_autofree char *text = read_formats();
    g_autofree char *renewed = renew(text);
    g_autofree char *path = formats_path();

    return content_files_write(path, renewed, strlen(renewed), 0644, NULL) ? 0 : 1;
}

int
main(int argc, char **argv)
{
    gboolean wants_write = argc > 1 && strcmp(argv[1], "--write") == 0;

    if (wants_write)
        argc = 1;
    g_test_init(&argc, &argv, NULL);
    if (wants_write)
        return write_formats();
    g_test_add_func("/content/formats/tables", test_tables);
    g_test_add_func("/content/formats/prose-names-every-type", test_prose_names_every_type);
    return g_test_run();
}
