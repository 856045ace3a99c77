/* config.c - see config.h */
#include "player/config.h"

#include <string.h>

#include "content/base/id.h"
#include "content/base/settings.h"
#include "player/desk.h"
#include "player/output/far-decoder.h"
#include "player/output/output.h"

#define MAX_OUTPUTS 8
#define MAX_LINES   8

/* clang-format off */
static const ContentSetting settings[] = {
    { "player", "state", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, state),
      "/var/lib/loa-player", 1, 200, NULL, "Folder of the station's identity, journal and cache." },
    { "player", "gateway-socket", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, gateway_socket),
      "/run/loa-gateway/lease.sock", 1, 100, NULL, "Where the gateway listens." },
    { "player", "buffer-ms", CONTENT_SETTING_INT, G_STRUCT_OFFSET(PlayConfig, buffer_ms),
      "200", PLAY_OUTPUT_BUFFER_MIN_MS, PLAY_OUTPUT_BUFFER_MAX_MS, NULL,
      "Buffer of the sound cards; less than 200 wants real-time priority." },
    { "player", "decoder", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, decoder),
      PLAY_FAR_DECODER_PROGRAM, 1, 200, NULL, "The limited process that decodes streams of MP3 and AAC." },
    { "microphone", "device", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, microphone),
      "", 0, 200, NULL, "ALSA device of the microphone for live speech from this station, as in `arecord -L`; "
      "empty: it has none. With more than one output one that several can open at once: `dsnoop:`, not `hw:` or `plughw:`. "
      "It is opened while a signed order to speak lasts, and at no other time." },
    { "page", "enabled", CONTENT_SETTING_BOOL, G_STRUCT_OFFSET(PlayConfig, page_enabled),
      "false", 0, 0, NULL, "Whether loa-page serves the station's own page, for alerts with the district out of reach." },
    { "page", "address", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, page_address),
      "0.0.0.0", 1, 45, NULL, "IP address that it listens on." },
    { "page", "port", CONTENT_SETTING_INT, G_STRUCT_OFFSET(PlayConfig, page_port),
      "8443", 0, 65535, NULL, "Its port; 0: any free one, told in the journal." },
    { "page", "state", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, page_state),
      "/var/lib/loa-page", 1, 200, NULL, "Folder of loa-page: its key and certificate." },
    { "page", "socket", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, page_socket),
      "/run/loa-page/player.sock", 1, 100, NULL, "Where the player finds loa-page." },
    { "page", "player-user", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayConfig, page_user),
      "loa-player", 1, 64, NULL, "Account that loa-page takes for the player's: name or number." },
};

static const ContentSetting line_settings[] = {
    { "line ", "device", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayDeskOutput, device),
      NULL, 1, 200, NULL, "ALSA device of a line-in, as in `arecord -L`: of a tuner, for example. "
      "A relay finds it by NAME, and hears nothing that is not listed here." },
};

static const ContentSetting output_settings[] = {
    { "output ", "device", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(PlayDeskOutput, device),
      "default", 1, 200, NULL, "Its ALSA device, as in `aplay -L`." },
};

#define BUTTON(field) G_STRUCT_OFFSET(PlayButtonConfig, field)

static const ContentSetting button_settings[] = {
    { "button ", "input", CONTENT_SETTING_STRING, BUTTON(input), NULL, 1, 64, NULL,
      "The gateway's input of the role button. Only a grant of the district that names it lets it "
      "start anything." },
    { "button ", "template", CONTENT_SETTING_STRING, BUTTON(template_), "", 0, 64, NULL,
      "The alert template it starts; empty: the one that its grant settles." },
    { "button ", "villages", CONTENT_SETTING_LIST, BUTTON(villages), "", 0, PLAY_BUTTONS_MAX_VILLAGES, NULL,
      "Ids of the villages where it sounds; empty: wherever its grant allows." },
    { "button ", "hold-ms", CONTENT_SETTING_INT, BUTTON(hold_ms), "3000", PLAY_BUTTONS_HOLD_MIN_MS,
      PLAY_BUTTONS_HOLD_MAX_MS, NULL, "How long it has to be held." },
    { "button ", "cancel-ms", CONTENT_SETTING_INT, BUTTON(cancel_ms), "3000", 0,
      PLAY_BUTTONS_CANCEL_MAX_MS, NULL,
      "For how long after letting go a second press calls the alert off; 0: it sounds at once." },
    { "button ", "lamp", CONTENT_SETTING_STRING, BUTTON(lamp), "", 0, 64, NULL,
      "The gateway's lamp beside it; empty: none." },
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
    {"button", sizeof(PlayButtonConfig), BUTTON(name), button_settings,
     G_N_ELEMENTS(button_settings), play_button_config_free, PLAY_BUTTONS_MAX},
    {"line", sizeof(PlayDeskOutput), G_STRUCT_OFFSET(PlayDeskOutput, name), line_settings,
     G_N_ELEMENTS(line_settings), output_free, MAX_LINES},
};

enum { ROWS_OUTPUT, ROWS_BUTTON, ROWS_LINE, ROWS_N };
G_STATIC_ASSERT(G_N_ELEMENTS(groups) == ROWS_N);

/* @kind: "output" or "line" */
static gboolean
check_names(const GPtrArray *named, const char *kind, const char *path, GError **error)
{
    for (guint i = 0; i < named->len; i++) {
        const PlayDeskOutput *one = named->pdata[i];

        if (content_id_is_valid(one->name))
            continue;
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [%s %s]: a name is made of a-z, 0-9 and '-'", path, kind, one->name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_outputs(const PlayConfig *config, const char *path, GError **error)
{
    if (config->outputs->len == 0) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_MISSING,
                    "%s: there is no [output NAME], so nothing could sound", path);
        return FALSE;
    }
    return check_names(config->outputs, "output", path, error) &&
           check_names(config->lines, "line", path, error);
}

/* Each output opens it for itself, and the hardware lets nobody in after the first one. */
static gboolean
check_microphone(const PlayConfig *config, const char *path, GError **error)
{
    const char *device = config->microphone;
    gboolean is_converted = g_str_has_prefix(device, "plughw:");

    if (config->outputs->len < 2 || !(is_converted || g_str_has_prefix(device, "hw:")))
        return TRUE;
    g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                is_converted
                    ? "%s: [microphone] device: '%s' can be opened once, and there are "
                      "%u outputs: plug:'dsnoop:%s' can be opened by each of them"
                    : "%s: [microphone] device: '%s' can be opened once, and there are "
                      "%u outputs: dsnoop:%s can be opened by each of them",
                path, device, config->outputs->len, strchr(device, ':') + 1);
    return FALSE;
}

static gboolean
is_id(const PlayButtonConfig *button, const char *path, const char *key, const char *value,
      GError **error)
{
    if (content_id_is_valid(value))
        return TRUE;
    g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                "%s: [button %s] %s: '%s' is not made of a-z, 0-9 and '-'", path, button->name,
                key, value);
    return FALSE;
}

/* Two groups on one contact would start two alerts by one press; one lamp cannot show both. */
static gboolean
is_alone(const PlayConfig *config, guint index, const char *path, GError **error)
{
    const PlayButtonConfig *button = config->buttons->pdata[index];

    for (guint i = 0; i < index; i++) {
        const PlayButtonConfig *other = config->buttons->pdata[i];
        gboolean shares_input = g_str_equal(other->input, button->input);

        if (!shares_input &&
            (button->lamp[0] == '\0' || !g_str_equal(other->lamp, button->lamp)))
            continue;
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [button %s] %s: [button %s] has it already", path, button->name,
                    shares_input ? "input" : "lamp", other->name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_buttons(const PlayConfig *config, const char *path, GError **error)
{
    for (guint i = 0; i < config->buttons->len; i++) {
        const PlayButtonConfig *button = config->buttons->pdata[i];

        if (!is_id(button, path, "name", button->name, error) ||
            !is_id(button, path, "input", button->input, error) ||
            (button->template_[0] != '\0' &&
             !is_id(button, path, "template", button->template_, error)) ||
            (button->lamp[0] != '\0' && !is_id(button, path, "lamp", button->lamp, error)) ||
            !is_alone(config, i, path, error))
            return FALSE;
        for (guint j = 0; button->villages[j] != NULL; j++) {
            if (!is_id(button, path, "villages", g_strstrip(button->villages[j]), error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_page(const PlayConfig *config, const char *path, GError **error)
{
    if (g_hostname_is_ip_address(config->page_address))
        return TRUE;
    g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                "%s: [page] address: '%s' is no IP address", path, config->page_address);
    return FALSE;
}

PlayConfig *
play_config_read(const char *path, GError **error)
{
    g_autoptr(PlayConfig) config = g_new0(PlayConfig, 1);
    GPtrArray *rows[ROWS_N] = {NULL};
    gboolean is_read = content_settings_read(path, settings, G_N_ELEMENTS(settings), config,
                                             groups, G_N_ELEMENTS(groups), rows, error);

    config->outputs = rows[ROWS_OUTPUT];
    config->buttons = rows[ROWS_BUTTON];
    config->lines = rows[ROWS_LINE];
    if (!is_read || !check_outputs(config, path, error) ||
        !check_microphone(config, path, error) || !check_buttons(config, path, error) ||
        !check_page(config, path, error))
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
    g_clear_pointer(&config->buttons, g_ptr_array_unref);
    g_clear_pointer(&config->lines, g_ptr_array_unref);
    g_free(config);
}

char *
play_config_describe(void)
{
    g_autofree char *plain = content_settings_describe(settings, G_N_ELEMENTS(settings));
    g_autofree char *outputs =
        content_settings_describe(output_settings, G_N_ELEMENTS(output_settings));

    g_autofree char *buttons =
        content_settings_describe(button_settings, G_N_ELEMENTS(button_settings));
    g_autofree char *lines =
        content_settings_describe(line_settings, G_N_ELEMENTS(line_settings));

    return g_strconcat(plain, "\n", outputs, "\n", buttons, "\n", lines, NULL);
}
