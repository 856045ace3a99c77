/* hls.c - see hls.h */
#include "player/output/hls.h"

#include <string.h>

#include "player/output/source.h"

typedef struct {
    PlayHlsList *list;
    guint line;
    gint64 bandwidth; /* of the variant that the next line names; -1: it names none */
    gint64 narrowest; /* of the variant that was taken; -1: none yet */
    GError *error;
} Reading;

static void
fail(Reading *reading, const char *words)
{
    if (reading->error == NULL)
        reading->error = g_error_new(PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE,
                                     "line %u of its playlist: %s", reading->line, words);
}

gboolean
play_hls_is_list(const char *type)
{
    static const char *const types[] = {"application/vnd.apple.mpegurl",
                                        "application/x-mpegurl", "audio/mpegurl",
                                        "audio/x-mpegurl"};
    gsize length = strcspn(type, "; ");

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (length == strlen(types[i]) && g_ascii_strncasecmp(type, types[i], length) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
play_hls_collect(GString *text, const char *bytes, gsize n_bytes, GError **error)
{
    if (text->len + n_bytes <= PLAY_HLS_MAX_BYTES && memchr(bytes, 0, n_bytes) == NULL) {
        g_string_append_len(text, bytes, (gssize) n_bytes);
        return TRUE;
    }
    g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE,
                "its playlist is longer than %d bytes, or no text", PLAY_HLS_MAX_BYTES);
    return FALSE;
}

/* ---- attributes: NAME=value,NAME="quoted, value" ---- */

/* Returns: (transfer full) (nullable) */
static char *
attribute(const char *text, const char *name)
{
    gsize length = strlen(name);

    while (*text != '\0') {
        gsize n_name = strcspn(text, "=");
        const char *value = text + n_name + (text[n_name] == '=');
        gboolean is_quoted = *value == '"';
        gsize n_value = is_quoted ? strcspn(value + 1, "\"") : strcspn(value, ",");

        if (n_name == length && strncmp(text, name, length) == 0)
            return g_strndup(value + is_quoted, n_value);
        text = value + is_quoted + n_value;
        text += strcspn(text, ",");
        text += *text == ',';
    }
    return NULL;
}

/* ---- tags ---- */

static void
on_target(Reading *reading, const char *rest)
{
    guint64 seconds = 0;

    if (g_ascii_string_to_unsigned(rest, 10, 1, PLAY_HLS_MAX_TARGET_MS / 1000, &seconds, NULL))
        reading->list->target_ms = (gint64) seconds * 1000;
    else
        fail(reading, "a target duration of 1 to 60 s is expected");
}

static void
on_first(Reading *reading, const char *rest)
{
    guint64 number = 0;

    if (g_ascii_string_to_unsigned(rest, 10, 0, G_MAXINT64 / 2, &number, NULL))
        reading->list->first = (gint64) number;
    else
        fail(reading, "the number of a segment is expected");
}

static void
on_variant(Reading *reading, const char *rest)
{
    g_autofree char *bandwidth = attribute(rest, "BANDWIDTH");

    reading->bandwidth = bandwidth == NULL ? 0 : (gint64) g_ascii_strtoull(bandwidth, NULL, 10);
}

static void
on_key(Reading *reading, const char *rest)
{
    g_autofree char *method = attribute(rest, "METHOD");

    if (g_strcmp0(method, "NONE") != 0)
        fail(reading, "it is encrypted");
}

static void
on_map(Reading *reading, const char *rest)
{
    g_autofree char *range = attribute(rest, "BYTERANGE");

    g_free(reading->list->map);
    reading->list->map = attribute(rest, "URI");
    if (reading->list->map == NULL || range != NULL)
        fail(reading, "a map of a file of its own is expected");
}

static void
on_range(Reading *reading, const char *rest)
{
    fail(reading, "pieces of a file are not played");
}

static void
on_end(Reading *reading, const char *rest)
{
    reading->list->is_ended = TRUE;
}

/* clang-format off */
static const struct {
    const char *tag;
    void (*read)(Reading *reading, const char *rest);
} tags[] = {
    { "#EXT-X-TARGETDURATION:", on_target },
    { "#EXT-X-MEDIA-SEQUENCE:", on_first },
    { "#EXT-X-STREAM-INF:",     on_variant },
    { "#EXT-X-KEY:",            on_key },
    { "#EXT-X-MAP:",            on_map },
    { "#EXT-X-BYTERANGE:",      on_range },
    { "#EXT-X-ENDLIST",         on_end },
};
/* clang-format on */

static void
read_tag(Reading *reading, const char *line)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
        if (g_str_has_prefix(line, tags[i].tag)) {
            tags[i].read(reading, line + strlen(tags[i].tag));
            return;
        }
    }
}

static void
read_address(Reading *reading, const char *line)
{
    PlayHlsList *list = reading->list;

    if (reading->bandwidth < 0) {
        if (list->segments->len == PLAY_HLS_MAX_SEGMENTS)
            fail(reading, "too many segments");
        else
            g_ptr_array_add(list->segments, g_strdup(line));
        return;
    }
    if (reading->narrowest < 0 || reading->bandwidth < reading->narrowest) {
        g_free(list->variant);
        list->variant = g_strdup(line);
        reading->narrowest = reading->bandwidth;
    }
    reading->bandwidth = -1;
}

PlayHlsList *
play_hls_parse(const char *text, GError **error)
{
    g_autoptr(PlayHlsList) list = g_new0(PlayHlsList, 1);
    Reading reading = {.list = list, .bandwidth = -1, .narrowest = -1};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    list->segments = g_ptr_array_new_with_free_func(g_free);
    reading.line = 1;
    if (!g_str_has_prefix(text, "#EXTM3U"))
        fail(&reading, "it does not begin with #EXTM3U");
    for (char **line = lines; *line != NULL && reading.error == NULL; line++, reading.line++) {
        g_strstrip(*line);
        if (**line == '#')
            read_tag(&reading, *line);
        else if (**line != '\0')
            read_address(&reading, *line);
    }
    if (list->variant == NULL && list->target_ms == 0)
        fail(&reading, "it has no target duration");
    if (reading.error == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, reading.error);
    return NULL;
}

void
play_hls_list_free(PlayHlsList *list)
{
    if (list == NULL)
        return;
    g_ptr_array_unref(list->segments);
    g_free(list->variant);
    g_free(list->map);
    g_free(list);
}
