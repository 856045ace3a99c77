/*
 * elements.c - the GStreamer elements the player is allowed to have; see source-file.h
 *
 * The registry would scan every plug-in of the machine, run a helper process and write a cache;
 * loading these files by name does none of it, and leaves nothing else to be attacked.
 */
#include "player/output/source-file.h"

#include <gst/gst.h>

/* clang-format off */
static const struct {
    const char *file;    /* in PLAY_GST_PLUGINS */
    const char *element;
    const char *package; /* where Debian keeps it */
} elements[] = {
    { "libgstapp.so",  "appsrc",   "gstreamer1.0-plugins-base" },
    { "libgstapp.so",  "appsink",  "gstreamer1.0-plugins-base" },
    { "libgstogg.so",  "oggdemux", "gstreamer1.0-plugins-base" },
    { "libgstopus.so", "opusdec",  "gstreamer1.0-plugins-base" },
    { "libgstvorbis.so", "vorbisdec", "gstreamer1.0-plugins-base" },
    { "libgstaudioconvert.so", "audioconvert", "gstreamer1.0-plugins-base" },
    { "libgstaudioresample.so", "audioresample", "gstreamer1.0-plugins-base" },
};
/* clang-format on */

static gboolean
has_element(const char *name)
{
    g_autoptr(GstElementFactory) factory = gst_element_factory_find(name);

    return factory != NULL;
}

static void
load_plugin(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autoptr(GstPlugin) plugin = gst_plugin_load_file(path, NULL);
}

/* The only way to tell GStreamer is its environment; child processes shall not inherit it. */
static gboolean
init_without_registry(GError **error)
{
    static const char *const names[] = {"GST_REGISTRY_DISABLE", "GST_PLUGIN_SYSTEM_PATH_1_0",
                                        "GST_PLUGIN_PATH_1_0"};
    gboolean is_ready;

    if (gst_is_initialized())
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_setenv(names[i], i == 0 ? "yes" : "", TRUE);
    is_ready = gst_init_check(NULL, NULL, error);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_unsetenv(names[i]);
    return is_ready;
}

gboolean
play_source_file_start_from(const char *folder, GError **error)
{
    g_autoptr(GString) missing = g_string_new(NULL);

    if (!init_without_registry(error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (!has_element(elements[i].element))
            load_plugin(folder, elements[i].file);
        if (!has_element(elements[i].element))
            g_string_append_printf(missing, " %s (%s)", elements[i].element,
                                   elements[i].package);
    }
    if (missing->len == 0)
        return TRUE;
    g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP,
                "missing GStreamer elements:%s; looked in %s", missing->str, folder);
    return FALSE;
}

gboolean
play_source_file_start(GError **error)
{
    return play_source_file_start_from(PLAY_GST_PLUGINS, error);
}
