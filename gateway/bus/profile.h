/*
 * profile.h - how the kinds of relay boards want to be spoken to, as data.
 *
 * Flow: the configuration names a profile -> errand.h speaks by its row. Pure.
 *
 * A further kind of board is a further row; docs/relay-boards.md explains the columns and what
 * is known of each kind.
 */
#pragma once

#include <glib.h>

#define GATE_PROFILE_NONE (-1)

typedef struct {
    const char *name;      /* as in the configuration */
    guint16 base;          /* address of the first relay; a board may differ from its kind */
    guint8 write_function; /* 0x05 write single coil, 0x06 write single register */
    guint16 on, off;       /* the values that close and open */
    gint cancel;          /* the value that ends a running timer, or GATE_PROFILE_NONE: `off` */
    guint8 read_function; /* 0x01 read coils, 0x03 read registers */
    guint16 reads_closed, reads_open;
    gboolean opens_runs;  /* 0x0F opens relays next to each other with one request */
    gint all_off_address; /* one write that opens every relay, or GATE_PROFILE_NONE */
    guint16 all_off;      /* its value */
    guint16 timer_offset; /* added to the address to close for a time */
    guint16 timer_value;  /* added to the count of units; 0 with unit 0: no timer */
    guint timer_unit_ms;  /* 0: the board has no timer */
    guint timer_max_units;
    gint input_base; /* of discrete inputs (0x02), or GATE_PROFILE_NONE */
    guint max_relays, max_inputs;
    guint answer_ms; /* how long such a board takes to answer */
} GateProfile;

/**
 * gate_profile_find:
 *
 * Returns: (nullable) (transfer none): the profile called @name
 */
const GateProfile *gate_profile_find(const char *name);

/** gate_profile_at: Returns: (nullable) (transfer none): the @index-th; NULL past the last */
const GateProfile *gate_profile_at(gsize index);

/**
 * gate_profile_max_timer_s:
 *
 * Returns: the longest time a relay of this kind can be closed for, whole seconds; 0: no timer
 */
guint gate_profile_max_timer_s(const GateProfile *profile);
