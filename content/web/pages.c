/* pages.c - see pages.h */
#include "content/web/pages.h"

#include "content/base/id.h"
#include "content/web/pack.h"

#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>

#define VERSION_DIGITS 16
#define MAX_DEPTH      3
#define FIRST_PAGE     "index.html"
#define MAX_HEADER     4096

typedef struct {
    const char *ending;
    const char *media;
    gboolean packs; /* fonts and pictures of bits are packed already */
} Media;

/* clang-format off */
static const Media medias[] = {
    { ".html",  "text/html; charset=utf-8",       TRUE },
    { ".js",    "text/javascript; charset=utf-8", TRUE },
    { ".css",   "text/css; charset=utf-8",        TRUE },
    { ".json",  "application/json",               TRUE },
    { ".svg",   "image/svg+xml",                  TRUE },
    { ".woff2", "font/woff2",                     FALSE },
    { ".txt",   "text/plain; charset=utf-8",      TRUE },
};
/* clang-format on */

typedef struct {
    const Media *media;
    GBytes *bytes;  /* (owned) */
    GBytes *packed; /* (owned) (nullable) */
    char *tag;      /* (owned): quoted */
} Page;

struct ContentPages {
    GResource *files;  /* (not owned) */
    const char *root;  /* (not owned) */
    GHashTable *pages; /* (owned): "views/today.js" -> Page (owned) */
    char *version;     /* (owned) */
};

static void
page_free(gpointer data)
{
    Page *page = data;

    g_bytes_unref(page->bytes);
    g_clear_pointer(&page->packed, g_bytes_unref);
    g_free(page->tag);
    g_free(page);
}

static const Media *
media_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(medias); i++) {
        if (g_str_has_suffix(name, medias[i].ending))
            return &medias[i];
    }
    return NULL;
}

static Page *
page_new(const Media *media, GBytes *bytes)
{
    Page *page = g_new0(Page, 1);
    g_autofree char *hash =
        content_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    page->media = media;
    page->bytes = g_bytes_ref(bytes);
    page->packed = media->packs ? content_pack(bytes) : NULL;
    page->tag = g_strdup_printf("\"%.32s\"", hash);
    return page;
}

/* ---- the files in the program ---- */

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
list_files(ContentPages *self, const char *folder, guint depth, GPtrArray *names)
{
    g_autofree char *path = g_strconcat(self->root, folder, NULL);
    g_auto(GStrv) children =
        g_resource_enumerate_children(self->files, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    for (gsize i = 0; children != NULL && children[i] != NULL; i++) {
        g_autofree char *name = g_strconcat(folder, children[i], NULL);

        if (!g_str_has_suffix(name, "/"))
            g_ptr_array_add(names, g_steal_pointer(&name));
        else if (depth < MAX_DEPTH)
            list_files(self, name, depth + 1, names);
    }
}

static GBytes *
read_file(ContentPages *self, const char *name)
{
    g_autofree char *path = g_strconcat(self->root, name, NULL);

    return g_resource_lookup_data(self->files, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void
add_files(ContentPages *self, GPtrArray *names)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        const Media *media = media_of(name);
        g_autoptr(GBytes) bytes = media == NULL ? NULL : read_file(self, name);

        if (bytes == NULL)
            continue;
        g_checksum_update(sum, (const guchar *) name, -1);
        g_checksum_update(sum, g_bytes_get_data(bytes, NULL), (gssize) g_bytes_get_size(bytes));
        g_hash_table_insert(self->pages, g_strdup(name), page_new(media, bytes));
    }
    self->version = g_strndup(g_checksum_get_string(sum), VERSION_DIGITS);
}

/* The first page names the others by where they lie now. */
static void
complete_first_page(ContentPages *self)
{
    Page *raw = g_hash_table_lookup(self->pages, FIRST_PAGE);
    g_autoptr(GString) html = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (raw == NULL)
        return;
    html = g_string_new_len(g_bytes_get_data(raw->bytes, NULL),
                            (gssize) g_bytes_get_size(raw->bytes));
    g_string_replace(html, "@ROOT@", "/pages/@VERSION@", 0);
    g_string_replace(html, "@VERSION@", self->version, 0);
    bytes = g_string_free_to_bytes(g_steal_pointer(&html));
    g_hash_table_insert(self->pages, g_strdup(FIRST_PAGE), page_new(raw->media, bytes));
}

ContentPages *
content_pages_new(GResource *files, const char *root)
{
    ContentPages *self = g_new0(ContentPages, 1);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    self->files = files;
    self->root = root;
    self->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
    list_files(self, "", 0, names);
    g_ptr_array_sort(names, compare_names);
    add_files(self, names);
    complete_first_page(self);
    return self;
}

void
content_pages_free(ContentPages *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->pages);
    g_free(self->version);
    g_free(self);
}

const char *
content_pages_version(ContentPages *self)
{
    return self->version;
}

/* ---- requests ---- */

/* The name of the file that a path means: "" and "index.html" are the first page. */
static char *
name_of(ContentPages *self, const ContentTarget *target)
{
    GPtrArray *segments = target->segments;
    g_autoptr(GString) name = g_string_new(NULL);

    if (segments->len == 0)
        return g_strdup(FIRST_PAGE);
    if (segments->len < 3 || segments->len > 2 + MAX_DEPTH ||
        strcmp(segments->pdata[0], "pages") != 0 ||
        strcmp(segments->pdata[1], self->version) != 0)
        return NULL;
    for (guint i = 2; i < segments->len; i++)
        g_string_append_printf(name, "%s%s", i > 2 ? "/" : "",
                               (const char *) segments->pdata[i]);
    return g_string_free(g_steal_pointer(&name), FALSE);
}

static void
send_page(ContentCall *call, const Page *page, gboolean is_first)
{
    gboolean packed = page->packed != NULL &&
                      content_pack_is_welcome(content_call_header(call, "Accept-Encoding"));
    const char *known = content_call_header(call, "If-None-Match");

    content_call_add_header(call, MHD_HTTP_HEADER_CACHE_CONTROL,
                            is_first ? "no-cache" : "public, max-age=31536000, immutable");
    content_call_add_header(call, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    content_call_add_header(call, MHD_HTTP_HEADER_ETAG, page->tag);
    if (known != NULL && strlen(known) < MAX_HEADER && strstr(known, page->tag) != NULL) {
        content_call_answer(call, MHD_HTTP_NOT_MODIFIED, NULL, NULL);
        return;
    }
    if (packed)
        content_call_add_header(call, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    content_call_answer(call, MHD_HTTP_OK, page->media->media,
                        packed ? page->packed : page->bytes);
}

gboolean
content_pages_answer(ContentPages *self, ContentCall *call)
{
    const char *method = content_call_method(call);
    g_autofree char *name = name_of(self, content_call_target(call));
    const Page *page = name == NULL ? NULL : g_hash_table_lookup(self->pages, name);

    if (page == NULL)
        return FALSE;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        content_call_add_header(call, MHD_HTTP_HEADER_ALLOW, "GET");
        content_call_problem(call, MHD_HTTP_METHOD_NOT_ALLOWED, "method", NULL);
        return TRUE;
    }
    send_page(call, page, strcmp(name, FIRST_PAGE) == 0);
    return TRUE;
}
