/*
 * config.h - the site's file: lines, boards, zones, inputs, and who may speak to us.
 *
 * Flow: file -> settings table -> checked as a whole -> bus (lines, boards) and relay (layout).
 *
 * Two readings of the same file. gate_config_read() is strict. gate_config_read_boards() takes
 * from it only what is needed to reach the boards and passes over what is wrong: it serves the
 * first act at start, everything off, which a slip in a zone must not prevent.
 */
#pragma once

#include "gateway/bus/line.h"
#include "gateway/relay/layout.h"

#define GATE_CONFIG_ERROR (gate_config_error_quark())
GQuark gate_config_error_quark(void);

typedef enum {
    GATE_CONFIG_ERROR_INVALID, /* the message names group and key */
} GateConfigError;

/* As many lines as boards can be on. */
#define GATE_CONFIG_MAX_LINES GATE_MAX_BOARDS

typedef struct {
    char *path;          /* (owned) */
    char *socket;        /* (owned) */
    char **player_users; /* (owned): may hold leases */
    char **test_users;   /* (owned): may ask for a test */
    GateLineSpec lines[GATE_CONFIG_MAX_LINES];
    guint n_lines;
    GateBusBoard boards[GATE_MAX_BOARDS];
    char *board_ids[GATE_MAX_BOARDS]; /* (owned) */
    guint board_lines[GATE_MAX_BOARDS];
    guint n_boards;
    GateLayout *layout; /* (owned) (nullable): NULL after gate_config_read_boards() */
} GateConfig;

/**
 * gate_config_read:
 *
 * Returns: (transfer full): everything in order; NULL with an error that says where it is not
 */
GateConfig *gate_config_read(const char *path, GError **error);

/**
 * gate_config_read_boards:
 * @problems: (nullable) (element-type utf8): receives one sentence for each group passed over
 *
 * Returns: (transfer full): the lines and boards that can be made out, perhaps none
 */
GateConfig *gate_config_read_boards(const char *path, GPtrArray *problems);

/** gate_config_free: @config: (nullable) (transfer full) */
void gate_config_free(GateConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateConfig, gate_config_free)

/**
 * gate_config_describe:
 *
 * Returns: (transfer full): every key with its meaning, as Markdown
 */
char *gate_config_describe(void);
