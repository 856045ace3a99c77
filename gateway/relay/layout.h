/*
 * layout.h - what is wired to what: boards, relays, zones, amplifiers, inputs and lamps of a
 * site.
 *
 * Flow: gateway/config (the site's file) -> here (checked as a whole) -> machine.h.
 * Pure. A layout never changes while the gateway runs.
 *
 * Every relay of every board has a coil number of its own, also one that no zone uses: it is
 * watched all the same, because a relay nobody asked for must not be on.
 */
#pragma once

#include "content/lease.h"

#define GATE_LAYOUT_ERROR (gate_layout_error_quark())
GQuark gate_layout_error_quark(void);

typedef enum {
    GATE_LAYOUT_ERROR_INVALID, /* the message says which group and key is wrong, and how */
} GateLayoutError;

/* A read answer fits one guint32, and no relay board on the market has more. */
#define GATE_BOARD_MAX_RELAYS 32
#define GATE_BOARD_MAX_INPUTS 32
#define GATE_MAX_BOARDS       32
#define GATE_MAX_INPUTS       64
#define GATE_MAX_BUTTONS      16
#define GATE_ZONE_MAX_RELAYS  16
#define GATE_NO_COIL          G_MAXUINT
/* How soon the inputs of a board with a button are read again: a press is seen within 100 ms,
 * also where one reading takes 15 ms (9600 baud) and another errand is on the line before it.
 */
#define GATE_BUTTON_POLL_US (50 * G_GINT64_CONSTANT(1000))

typedef struct {
    char *id; /* (owned) */
    guint n_relays;
    guint n_inputs;
    gint64 timed_on_us;   /* the board's own timer as a dead-man; 0: plain on */
    gint64 input_poll_us; /* between two reads of the inputs */
    gint64 write_us;      /* what one write and its read-back take on its line */
    guint first_coil;     /* filled in by gate_layout_add_board() */
} GateLayoutBoard;

typedef struct {
    char *id;     /* (owned) */
    char *output; /* (owned): the player's output that this zone hears */
    guint coils[GATE_ZONE_MAX_RELAYS];
    guint n_coils;
    guint amplifier;   /* coil, or GATE_NO_COIL */
    gint64 warm_up_us; /* amplifier read closed -> line relays may close */
    gint64 stagger_us; /* between two closings on the same output */
    gint64 tail_us;    /* orderly release -> relays open */
    gint64 max_on_us;  /* then it is opened whatever is asked */
    gint64 rest_us;    /* and stays open at least this long */
} GateLayoutZone;

/* What a closed loop on an input is about. */
typedef enum {
    GATE_INPUT_NOTICE,  /* told to the district, nothing else */
    GATE_INPUT_FAULT,   /* a fault of its zone, or of every zone */
    GATE_INPUT_BLOCK,   /* as a fault, and its zones stay off while it lasts */
    GATE_INPUT_MAINS,   /* active: mains is there */
    GATE_INPUT_BATTERY, /* active: the station runs on its battery */
    GATE_INPUT_BUTTON,  /* pressed by a person: read often, and each reading is told */
} GateInputRole;

typedef struct {
    char *id; /* (owned) */
    guint board;
    guint number;       /* from 0 */
    gboolean is_nc;     /* normally closed: active when it reads open */
    gint64 debounce_us; /* a change counts after it has lasted this long */
    GateInputRole role;
    char *zone;  /* (owned) (nullable): the zone it speaks of; NULL: all */
    char *words; /* (owned): what it means when active */
} GateLayoutInput;

/* A relay that lights a lamp beside a button, and nothing else. */
typedef struct {
    char *id; /* (owned) */
    guint coil;
} GateLayoutLamp;

typedef struct {
    GPtrArray *boards; /* (owned) (element-type GateLayoutBoard) */
    GPtrArray *zones;  /* (owned) (element-type GateLayoutZone): by id */
    GPtrArray *inputs; /* (owned) (element-type GateLayoutInput) */
    GPtrArray *lamps;  /* (owned) (element-type GateLayoutLamp) */
    guint n_coils;
} GateLayout;

/** gate_layout_new: an empty site. */
GateLayout *gate_layout_new(void);

/** gate_layout_free: @layout: (nullable) (transfer full) */
void gate_layout_free(GateLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateLayout, gate_layout_free)

/**
 * gate_layout_add_board:
 * @board: copied; its first_coil is worked out here
 *
 * Returns: %FALSE when the id is taken or invalid, or a count or time is out of range
 */
gboolean gate_layout_add_board(GateLayout *layout, const GateLayoutBoard *board,
                               GError **error);

/**
 * gate_layout_parse_relay:
 * @text: BOARD/NUMBER, the number from 1 as printed on the boards
 * @out_coil: (out)
 */
gboolean gate_layout_parse_relay(const GateLayout *layout, const char *text, guint *out_coil,
                                 GError **error);

/**
 * gate_layout_add_zone:
 * @zone: copied
 *
 * Returns: %FALSE when a relay serves as line relay and amplifier, is named twice, or a time
 *   is out of range
 */
gboolean gate_layout_add_zone(GateLayout *layout, const GateLayoutZone *zone, GError **error);

/**
 * gate_layout_add_input:
 * @input: copied; a button has its board's inputs read every %GATE_BUTTON_POLL_US
 */
gboolean gate_layout_add_input(GateLayout *layout, const GateLayoutInput *input,
                               GError **error);

/**
 * gate_layout_add_lamp:
 * @lamp: copied
 *
 * Returns: %FALSE when its relay is a zone's, an amplifier's or another lamp's; zones that are
 *   added later are refused the relay of a lamp as well
 */
gboolean gate_layout_add_lamp(GateLayout *layout, const GateLayoutLamp *lamp, GError **error);

/**
 * gate_layout_lamp_index:
 *
 * Returns: the lamp's index, or -1
 */
int gate_layout_lamp_index(const GateLayout *layout, const char *id);

/**
 * gate_layout_zone_index:
 *
 * Returns: the zone's index, or -1
 */
int gate_layout_zone_index(const GateLayout *layout, const char *id);

/**
 * gate_layout_zone_uses:
 *
 * Returns: whether @coil is one of the zone's line relays or its amplifier's
 */
gboolean gate_layout_zone_uses(const GateLayoutZone *zone, guint coil);

/**
 * gate_layout_board_of:
 * @out_number: (out) (optional): the relay's number on that board, from 0
 *
 * Returns: the index of the board that has @coil
 */
guint gate_layout_board_of(const GateLayout *layout, guint coil, guint *out_number);

/**
 * gate_layout_coil_name:
 *
 * Returns: (transfer full): BOARD/NUMBER as in the configuration
 */
char *gate_layout_coil_name(const GateLayout *layout, guint coil);

/**
 * gate_layout_switch_us:
 *
 * How long zone @zone needs from being asked to being read closed with a warm amplifier, in
 * the worst case: every zone of its output asked at the same moment.
 */
gint64 gate_layout_switch_us(const GateLayout *layout, guint zone);

/**
 * gate_layout_has_sense:
 *
 * Returns: whether an input proves sound at the line of @zone
 */
gboolean gate_layout_has_sense(const GateLayout *layout, guint zone);

static inline const GateLayoutBoard *
gate_layout_board(const GateLayout *layout, guint index)
{
    return g_ptr_array_index(layout->boards, index);
}

static inline const GateLayoutZone *
gate_layout_zone(const GateLayout *layout, guint index)
{
    return g_ptr_array_index(layout->zones, index);
}

static inline const GateLayoutInput *
gate_layout_input(const GateLayout *layout, guint index)
{
    return g_ptr_array_index(layout->inputs, index);
}

static inline const GateLayoutLamp *
gate_layout_lamp(const GateLayout *layout, guint index)
{
    return g_ptr_array_index(layout->lamps, index);
}
