/* button-config.c - see buttons.h: what the configuration says of a button, for every program
 * that reads the player's. */
#include "player/buttons.h"

void
play_button_config_free(gpointer data)
{
    PlayButtonConfig *config = data;

    g_free(config->name);
    g_free(config->input);
    g_free(config->template_);
    g_strfreev(config->villages);
    g_free(config->lamp);
    g_free(config);
}
