/*
 * layout.c - see layout.h
 *
 * The ranges are checked here and not only in the settings table, because a layout built by a
 * test or by another front end must not be able to do what a file may not.
 */
#include "gateway/relay/layout.h"

#include <string.h>

#include "content/base/id.h"

G_DEFINE_QUARK(GateLayoutError, gate_layout_error)

/* The margin for a queue that has to let one running request finish (response time-out). */
#define SWITCH_RESERVE_US (200 * 1000)

static void
board_free(gpointer data)
{
    GateLayoutBoard *board = data;

    g_free(board->id);
    g_free(board);
}

static void
zone_free(gpointer data)
{
    GateLayoutZone *zone = data;

    g_free(zone->id);
    g_free(zone->output);
    g_free(zone);
}

static void
input_free(gpointer data)
{
    GateLayoutInput *input = data;

    g_free(input->id);
    g_free(input->zone);
    g_free(input->words);
    g_free(input);
}

static void
lamp_free(gpointer data)
{
    GateLayoutLamp *lamp = data;

    g_free(lamp->id);
    g_free(lamp);
}

GateLayout *
gate_layout_new(void)
{
    GateLayout *layout = g_new0(GateLayout, 1);

    layout->boards = g_ptr_array_new_with_free_func(board_free);
    layout->zones = g_ptr_array_new_with_free_func(zone_free);
    layout->inputs = g_ptr_array_new_with_free_func(input_free);
    layout->lamps = g_ptr_array_new_with_free_func(lamp_free);
    return layout;
}

void
gate_layout_free(GateLayout *layout)
{
    if (layout == NULL)
        return;
    g_ptr_array_unref(layout->boards);
    g_ptr_array_unref(layout->zones);
    g_ptr_array_unref(layout->inputs);
    g_ptr_array_unref(layout->lamps);
    g_free(layout);
}

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error != NULL)
        *error = g_error_new_valist(GATE_LAYOUT_ERROR, GATE_LAYOUT_ERROR_INVALID, format, args);
    va_end(args);
    return FALSE;
}

/* A range of one time or count, so that the messages all read alike. */
typedef struct {
    const char *what;
    gint64 value, min, max;
} Range;

static gboolean
ranges_hold(const char *kind, const char *id, const Range *ranges, gsize n_ranges,
            GError **error)
{
    for (gsize i = 0; i < n_ranges; i++) {
        if (ranges[i].value < ranges[i].min || ranges[i].value > ranges[i].max)
            return refuse(error,
                          "%s %s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT
                          " to %" G_GINT64_FORMAT,
                          kind, id, ranges[i].what, ranges[i].value, ranges[i].min,
                          ranges[i].max);
    }
    return TRUE;
}

static int
board_index(const GateLayout *layout, const char *id)
{
    for (guint i = 0; i < layout->boards->len; i++) {
        if (g_strcmp0(gate_layout_board(layout, i)->id, id) == 0)
            return (int) i;
    }
    return -1;
}

gboolean
gate_layout_add_board(GateLayout *layout, const GateLayoutBoard *board, GError **error)
{
    const Range ranges[] = {
        {"relays", board->n_relays, 1, GATE_BOARD_MAX_RELAYS},
        {"inputs", board->n_inputs, 0, GATE_BOARD_MAX_INPUTS},
        {"timed-on, in µs,", board->timed_on_us, 0, 3600 * (gint64) G_USEC_PER_SEC},
        {"input poll, in µs,", board->input_poll_us, 50 * 1000, 10 * G_USEC_PER_SEC},
    };
    GateLayoutBoard *copy;

    if (!content_id_is_valid(board->id))
        return refuse(error, "board '%s': a name is 1 to 64 of a-z, 0-9 and '-'", board->id);
    if (board_index(layout, board->id) >= 0)
        return refuse(error, "board %s: named twice", board->id);
    if (layout->boards->len == GATE_MAX_BOARDS)
        return refuse(error, "board %s: more than %d boards", board->id, GATE_MAX_BOARDS);
    if (!ranges_hold("board", board->id, ranges, G_N_ELEMENTS(ranges), error))
        return FALSE;
    /* Below three seconds a renewal that waits behind a silent board would come too late. */
    if (board->timed_on_us != 0 && board->timed_on_us < 3 * G_USEC_PER_SEC)
        return refuse(error, "board %s: timed-on under 3 s leaves no time to renew it",
                      board->id);
    copy = g_memdup2(board, sizeof *board);
    copy->id = g_strdup(board->id);
    copy->first_coil = layout->n_coils;
    layout->n_coils += board->n_relays;
    g_ptr_array_add(layout->boards, copy);
    return TRUE;
}

gboolean
gate_layout_parse_relay(const GateLayout *layout, const char *text, guint *out_coil,
                        GError **error)
{
    const char *slash = strchr(text, '/');
    g_autofree char *id = slash == NULL ? NULL : g_strndup(text, (gsize) (slash - text));
    int index = id == NULL ? -1 : board_index(layout, id);
    guint64 number = 0;

    if (slash == NULL)
        return refuse(error, "relay '%s' is not BOARD/NUMBER", text);
    if (index < 0)
        return refuse(error, "relay '%s': there is no board '%s'", text, id);
    if (!g_ascii_string_to_unsigned(slash + 1, 10, 1,
                                    gate_layout_board(layout, (guint) index)->n_relays, &number,
                                    NULL))
        return refuse(error, "relay '%s': board %s has relays 1 to %u", text, id,
                      gate_layout_board(layout, (guint) index)->n_relays);
    *out_coil = gate_layout_board(layout, (guint) index)->first_coil + (guint) number - 1;
    return TRUE;
}

static gboolean
zone_has_coil(const GateLayoutZone *zone, guint coil)
{
    for (guint i = 0; i < zone->n_coils; i++) {
        if (zone->coils[i] == coil)
            return TRUE;
    }
    return FALSE;
}

/* A relay is an amplifier's or a line's for the whole site, or no order of switching holds. */
static gboolean
roles_are_distinct(const GateLayout *layout, const GateLayoutZone *zone, GError **error)
{
    for (guint i = 0; i <= layout->zones->len; i++) {
        const GateLayoutZone *other =
            i == layout->zones->len ? zone : gate_layout_zone(layout, i);

        if (zone_has_coil(other, zone->amplifier) || zone_has_coil(zone, other->amplifier))
            return refuse(error, "zone %s: a relay is both amplifier and line relay (zone %s)",
                          zone->id, other->id);
    }
    return TRUE;
}

gboolean
gate_layout_zone_uses(const GateLayoutZone *zone, guint coil)
{
    return zone_has_coil(zone, coil) || zone->amplifier == coil;
}

/* Or a blinking lamp would switch loudspeakers. */
static gboolean
lamps_are_apart(const GateLayout *layout, const GateLayoutZone *zone, GError **error)
{
    for (guint i = 0; i < layout->lamps->len; i++) {
        const GateLayoutLamp *lamp = gate_layout_lamp(layout, i);

        if (gate_layout_zone_uses(zone, lamp->coil))
            return refuse(error, "zone %s: one of its relays is that of lamp %s", zone->id,
                          lamp->id);
    }
    return TRUE;
}

static gboolean
zone_relays_hold(const GateLayout *layout, const GateLayoutZone *zone, GError **error)
{
    if (zone->n_coils == 0 || zone->n_coils > GATE_ZONE_MAX_RELAYS)
        return refuse(error, "zone %s: it needs 1 to %d relays", zone->id,
                      GATE_ZONE_MAX_RELAYS);
    for (guint i = 0; i < zone->n_coils; i++) {
        for (guint j = 0; j < i; j++) {
            if (zone->coils[i] == zone->coils[j])
                return refuse(error, "zone %s: a relay is named twice", zone->id);
        }
    }
    return roles_are_distinct(layout, zone, error) && lamps_are_apart(layout, zone, error);
}

static int
compare_zones(gconstpointer a, gconstpointer b)
{
    const GateLayoutZone *const *left = a, *const *right = b;

    return strcmp((*left)->id, (*right)->id);
}

gboolean
gate_layout_add_zone(GateLayout *layout, const GateLayoutZone *zone, GError **error)
{
    const Range ranges[] = {
        {"warm-up, in µs,", zone->warm_up_us, 0, 120 * G_USEC_PER_SEC},
        {"stagger, in µs,", zone->stagger_us, 0, 5 * G_USEC_PER_SEC},
        {"tail, in µs,", zone->tail_us, 0, 10 * G_USEC_PER_SEC},
        {"maximum on-time, in µs,", zone->max_on_us, G_USEC_PER_SEC,
         24 * 3600 * (gint64) G_USEC_PER_SEC},
        {"rest, in µs,", zone->rest_us, 0, 24 * 3600 * (gint64) G_USEC_PER_SEC},
    };
    GateLayoutZone *copy;

    if (!content_id_is_valid(zone->id) || !content_id_is_valid(zone->output))
        return refuse(error, "zone '%s' on output '%s': a name is 1 to 64 of a-z, 0-9 and '-'",
                      zone->id, zone->output);
    if (gate_layout_zone_index(layout, zone->id) >= 0)
        return refuse(error, "zone %s: named twice", zone->id);
    if (layout->zones->len == CONTENT_LEASE_MAX_ZONES)
        return refuse(error, "zone %s: more than %d zones", zone->id, CONTENT_LEASE_MAX_ZONES);
    if (!ranges_hold("zone", zone->id, ranges, G_N_ELEMENTS(ranges), error) ||
        !zone_relays_hold(layout, zone, error))
        return FALSE;
    copy = g_memdup2(zone, sizeof *zone);
    copy->id = g_strdup(zone->id);
    copy->output = g_strdup(zone->output);
    g_ptr_array_add(layout->zones, copy);
    g_ptr_array_sort(layout->zones, compare_zones);
    return TRUE;
}

static guint
count_buttons(const GateLayout *layout)
{
    guint n_buttons = 0;

    for (guint i = 0; i < layout->inputs->len; i++)
        n_buttons += gate_layout_input(layout, i)->role == GATE_INPUT_BUTTON;
    return n_buttons;
}

static void
read_often(GateLayout *layout, guint index)
{
    GateLayoutBoard *board = g_ptr_array_index(layout->boards, index);

    board->input_poll_us = MIN(board->input_poll_us, GATE_BUTTON_POLL_US);
}

gboolean
gate_layout_add_input(GateLayout *layout, const GateLayoutInput *input, GError **error)
{
    GateLayoutInput *copy;

    if (!content_id_is_valid(input->id))
        return refuse(error, "input '%s': a name is 1 to 64 of a-z, 0-9 and '-'", input->id);
    if (layout->inputs->len == GATE_MAX_INPUTS)
        return refuse(error, "input %s: more than %d inputs", input->id, GATE_MAX_INPUTS);
    if (input->board >= layout->boards->len ||
        input->number >= gate_layout_board(layout, input->board)->n_inputs)
        return refuse(error, "input %s: its board has no such input", input->id);
    if (input->zone != NULL && input->role == GATE_INPUT_BUTTON)
        return refuse(error, "input %s: a button is of no zone; what it sounds is the player's",
                      input->id);
    if (input->role == GATE_INPUT_BUTTON && count_buttons(layout) == GATE_MAX_BUTTONS)
        return refuse(error, "input %s: more than %d buttons", input->id, GATE_MAX_BUTTONS);
    if (input->zone != NULL && gate_layout_zone_index(layout, input->zone) < 0)
        return refuse(error, "input %s: there is no zone '%s'", input->id, input->zone);
    for (guint i = 0; i < layout->inputs->len; i++) {
        if (strcmp(gate_layout_input(layout, i)->id, input->id) == 0)
            return refuse(error, "input %s: named twice", input->id);
    }
    copy = g_memdup2(input, sizeof *input);
    copy->id = g_strdup(input->id);
    copy->zone = g_strdup(input->zone);
    copy->words = g_strdup(input->words);
    g_ptr_array_add(layout->inputs, copy);
    if (input->role == GATE_INPUT_BUTTON)
        read_often(layout, input->board);
    return TRUE;
}

gboolean
gate_layout_add_lamp(GateLayout *layout, const GateLayoutLamp *lamp, GError **error)
{
    GateLayoutLamp *copy;

    if (!content_id_is_valid(lamp->id))
        return refuse(error, "lamp '%s': a name is 1 to 64 of a-z, 0-9 and '-'", lamp->id);
    if (gate_layout_lamp_index(layout, lamp->id) >= 0)
        return refuse(error, "lamp %s: named twice", lamp->id);
    if (layout->lamps->len == CONTENT_LEASE_MAX_LAMPS)
        return refuse(error, "lamp %s: more than %d lamps", lamp->id, CONTENT_LEASE_MAX_LAMPS);
    for (guint i = 0; i < layout->zones->len; i++) {
        const GateLayoutZone *zone = gate_layout_zone(layout, i);

        if (gate_layout_zone_uses(zone, lamp->coil))
            return refuse(error, "lamp %s: its relay is one of zone %s, which it would switch",
                          lamp->id, zone->id);
    }
    for (guint i = 0; i < layout->lamps->len; i++) {
        const GateLayoutLamp *other = gate_layout_lamp(layout, i);

        if (other->coil == lamp->coil)
            return refuse(error, "lamp %s: its relay is that of lamp %s", lamp->id, other->id);
    }
    copy = g_memdup2(lamp, sizeof *lamp);
    copy->id = g_strdup(lamp->id);
    g_ptr_array_add(layout->lamps, copy);
    return TRUE;
}

int
gate_layout_lamp_index(const GateLayout *layout, const char *id)
{
    for (guint i = 0; i < layout->lamps->len; i++) {
        if (strcmp(gate_layout_lamp(layout, i)->id, id) == 0)
            return (int) i;
    }
    return -1;
}

int
gate_layout_zone_index(const GateLayout *layout, const char *id)
{
    for (guint i = 0; i < layout->zones->len; i++) {
        if (g_strcmp0(gate_layout_zone(layout, i)->id, id) == 0)
            return (int) i;
    }
    return -1;
}

guint
gate_layout_board_of(const GateLayout *layout, guint coil, guint *out_number)
{
    guint index = 0;

    while (index + 1 < layout->boards->len &&
           coil >= gate_layout_board(layout, index + 1)->first_coil)
        index++;
    if (out_number != NULL)
        *out_number = coil - gate_layout_board(layout, index)->first_coil;
    return index;
}

char *
gate_layout_coil_name(const GateLayout *layout, guint coil)
{
    guint number = 0;
    guint board = gate_layout_board_of(layout, coil, &number);

    return g_strdup_printf("%s/%u", gate_layout_board(layout, board)->id, number + 1);
}

gint64
gate_layout_switch_us(const GateLayout *layout, guint zone)
{
    const char *output = gate_layout_zone(layout, zone)->output;
    gint64 total_us = SWITCH_RESERVE_US;

    for (guint i = 0; i < layout->zones->len; i++) {
        const GateLayoutZone *other = gate_layout_zone(layout, i);

        if (strcmp(other->output, output) != 0)
            continue;
        /* Each relay may have to be opened for the zone before and closed for this one. */
        for (guint j = 0; j < other->n_coils; j++) {
            guint board = gate_layout_board_of(layout, other->coils[j], NULL);

            total_us += 2 * gate_layout_board(layout, board)->write_us + other->stagger_us;
        }
    }
    return total_us;
}

gboolean
gate_layout_has_sense(const GateLayout *layout, guint zone)
{
    for (guint i = 0; i < layout->inputs->len; i++) {
        const GateLayoutInput *input = gate_layout_input(layout, i);

        if ((input->role == GATE_INPUT_FAULT || input->role == GATE_INPUT_BLOCK) &&
            g_strcmp0(input->zone, gate_layout_zone(layout, zone)->id) == 0)
            return TRUE;
    }
    return FALSE;
}
