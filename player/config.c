/* config.c - see config.h */
#include "player/config.h"

#include "content/base/id.h"
#include "content/base/settings.h"
#include "player/desk.h"
#include "player/output/output.h"

#define MAX_OUTPUTS 8

/* clang-format off */
static const ContentSetting settings[] = {
    { "player", "state", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, state),
      "/var/lib/loa-player", 1, 200, NULL, "Folder of the station's identity, journal and cache." },
    { "player", "gateway-socket", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, gateway_socket),
      "/run/loa-gateway/lease.sock", 1, 100, NULL, "Where the gateway listens." },
    { "player", "buffer-ms", CONTENT_SETTING_INT, G_STRUCT_OFFSET(PlayConfig, buffer_ms),
      "200", PLAY_OUTPUT_BUFFER_MIN_MS, PLAY_OUTPUT_BUFFER_MAX_MS, NULL,
      "Buffer of the sound cards; less than 200 wants real-time priority." },
};

static const ContentSetting output_settings[] = {
    { "output ", "device", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayDeskOutput, device),
      "default", 1, 200, NULL, "Its ALSA device, as in `aplay -L`." },
};
/* clang-format on */

static void
output_free(gpointer data)
{
    PlayDeskOutput *output = data;

    g_free(output->name);
    g_free(output->device);
    g_free(output);
}

static const ContentSettingGroup groups[] = {
    {"output", sizeof(PlayDeskOutput), G_STRUCT_OFFSET(PlayDeskOutput, name), output_settings,
     G_N_ELEMENTS(output_settings), output_free, MAX_OUTPUTS},
};

static gboolean
check_outputs(const PlayConfig *config, const char *path, GError **error)
{
    if (config->outputs->len == 0) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_MISSING,
                    "%s: there is no [output NAME], so nothing could sound", path);
        return FALSE;
    }
    for (guint i = 0; i < config->outputs->len; i++) {
        const PlayDeskOutput *output = config->outputs->pdata[i];

        if (content_id_is_valid(output->name))
            continue;
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [output %s]: a name is made of a-z, 0-9 and '-'", path, output->name);
        return FALSE;
    }
    return TRUE;
}

PlayConfig *
play_config_read(const char *path, GError **error)
{
    g_autoptr(PlayConfig) config = g_new0(PlayConfig, 1);

    if (!content_settings_read(path, settings, G_N_ELEMENTS(settings), config, groups,
                               G_N_ELEMENTS(groups), &config->outputs, error) ||
        !check_outputs(config, path, error))
        return NULL;
    return g_steal_pointer(&config);
}

void
play_config_free(PlayConfig *config)
{
    if (config == NULL)
        return;
    content_settings_clear(settings, G_N_ELEMENTS(settings), config);
    g_clear_pointer(&config->outputs, g_ptr_array_unref);
    g_free(config);
}

char *
play_config_describe(void)
{
    g_autofree char *plain = content_settings_describe(settings, G_N_ELEMENTS(settings));
    g_autofree char *outputs =
        content_settings_describe(output_settings, G_N_ELEMENTS(output_settings));

    return g_strconcat(plain, "\n", outputs, NULL);
}
