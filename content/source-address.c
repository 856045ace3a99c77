/* source-address.c - see source-address.h. Pure. */
#include "content/source-address.h"

#include <string.h>

#include "content/base/id.h"

#define LINE_PREFIX "line:"

/* Outside of these a URL has its characters written as %XX. */
static const char url_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~:/?[]!$&()*+,;=%";

static gboolean
is_stream(const char *address)
{
    static const char *const schemes[] = {"https://", "http://"};
    const char *host = NULL;

    for (gsize i = 0; host == NULL && i < G_N_ELEMENTS(schemes); i++) {
        if (g_str_has_prefix(address, schemes[i]))
            host = address + strlen(schemes[i]);
    }
    return host != NULL && strcspn(host, "/?:") > 0 &&
           strspn(address, url_characters) == strlen(address);
}

const char *
content_source_address_line(const char *address)
{
    const char *name =
        g_str_has_prefix(address, LINE_PREFIX) ? address + strlen(LINE_PREFIX) : NULL;

    return name != NULL && content_id_is_valid(name) ? name : NULL;
}

gint
content_source_address_kind(const char *address)
{
    if (address == NULL || strlen(address) > CONTENT_SOURCE_ADDRESS_MAX_BYTES)
        return -1;
    if (is_stream(address))
        return CONTENT_SOURCE_STREAM;
    return content_source_address_line(address) != NULL ? CONTENT_SOURCE_LINE_IN : -1;
}
