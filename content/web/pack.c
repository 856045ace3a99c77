/* pack.c - see pack.h */
#include "content/web/pack.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_CODINGS 16
/* A day plan comes out 1.5 % larger than with zlib's sixth way, for five sixths of the work. */
#define LEVEL 5

/* "gzip", "gzip;q=0.5"; a weight is 0 only if it has no other digit. */
static gboolean
allows_gzip(char *coding)
{
    char *weight = strchr(coding, ';');

    if (weight != NULL)
        *weight++ = '\0';
    if (g_ascii_strcasecmp(g_strstrip(coding), "gzip") != 0)
        return FALSE;
    weight = weight == NULL ? NULL : strchr(weight, '=');
    return weight == NULL || strpbrk(weight, "123456789") != NULL;
}

gboolean
content_pack_is_welcome(const char *header)
{
    g_auto(GStrv) codings = g_strsplit(header == NULL ? "" : header, ",", MAX_CODINGS);

    for (gsize i = 0; codings[i] != NULL; i++) {
        if (allows_gzip(codings[i]))
            return TRUE;
    }
    return FALSE;
}

GBytes *
content_pack(GBytes *bytes)
{
    g_autoptr(GZlibCompressor) compressor =
        g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) packing =
        g_converter_output_stream_new(memory, G_CONVERTER(compressor));

    /* Neither zlib nor memory says no to bytes that are all there. */
    g_output_stream_write_all(packing, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                              NULL, NULL, NULL);
    g_output_stream_close(packing, NULL, NULL);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}
