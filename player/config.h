/*
 * config.h - the player's configuration file.
 *
 * Flow: main.c reads it once -> commune.c builds the parts of it; loa-page reads [page] alone.
 * What the station plays, and how loud, comes from the district; here stands only what is known
 * on the spot.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *state;           /* (owned): folder of identity, journal and cache */
    char *gateway_socket;  /* (owned) */
    char *decoder;         /* (owned): path of loa-decode */
    gint64 buffer_ms;      /* of the sound cards */
    char *microphone;      /* (owned): ALSA device; "": none */
    gboolean page_enabled; /* the station's own page is served, by loa-page */
    char *page_address;    /* (owned) */
    gint64 page_port;
    char *page_state;   /* (owned): folder of loa-page */
    char *page_socket;  /* (owned): of loa-page, to which the player connects */
    char *page_user;    /* (owned): the player's account, which loa-page believes */
    GPtrArray *outputs; /* (owned) (element-type PlayDeskOutput) */
    GPtrArray *buttons; /* (owned) (element-type PlayButtonConfig) */
    GPtrArray *lines;   /* (owned) (element-type PlayDeskOutput): line-ins */
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
