/*
 * config.h - the player's configuration file.
 *
 * Flow: main.c reads it once -> commune.c builds the parts of it. What the station plays, and
 * how loud, comes from the district; here stands only what is known on the spot.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *state;          /* (owned): folder of identity, journal and cache */
    char *gateway_socket; /* (owned) */
    gint64 buffer_ms;     /* of the sound cards */
    GPtrArray *outputs;   /* (owned) (element-type PlayDeskOutput) */
    GPtrArray *buttons;   /* (owned) (element-type PlayButtonConfig) */
} PlayConfig;

/**
 * play_config_read:
 *
 * Returns: (transfer full): NULL with an error that names file, group and key
 */
PlayConfig *play_config_read(const char *path, GError **error);
void play_config_free(PlayConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayConfig, play_config_free)

/** play_config_describe: Returns: (transfer full): every key with its meaning, Markdown */
char *play_config_describe(void);
