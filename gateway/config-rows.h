/*
 * config-rows.h - the groups of the gateway's file as structs, and their tables.
 *
 * Flow: content/base/settings.h fills the structs -> config.c makes lines, boards and a layout
 * of them. For config*.c alone.
 */
#pragma once

#include "content/base/settings.h"

typedef struct {
    char *socket;
    char **player_users, **test_users;
} GatewayRow;

typedef struct {
    char *name;
    gint64 kind; /* GateLineKind */
    char *device;
    gint64 baud, parity, stop_bits;
    char *address;
    gint64 port, response_ms, quiet_ms;
} LineRow;

typedef struct {
    char *name, *line;
    gint64 unit;
    char *profile;
    gint64 relays, base, inputs, input_poll_ms, timed_on_s;
} BoardRow;

typedef struct {
    char *name, *output;
    char **relays;
    char *amplifier;
    gint64 warm_up_ms, stagger_ms, tail_ms, max_on_s, rest_s;
} ZoneRow;

typedef struct {
    char *name, *board;
    gint64 number, contact, debounce_ms, role; /* GateInputRole */
    char *zone, *words;
} InputRow;

typedef struct {
    char *name, *relay;
} LampRow;

/* In the order of gate_config_groups. */
enum { ROWS_LINE, ROWS_BOARD, ROWS_ZONE, ROWS_INPUT, ROWS_LAMP, ROWS_N };

extern const ContentSetting gate_config_settings[];
extern const gsize gate_config_n_settings;
extern const ContentSettingGroup gate_config_groups[ROWS_N];
