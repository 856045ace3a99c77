/* view.c - see view.h */
#include "gateway/relay/view.h"

#include <string.h>

/* A state of the largest site stays well under CONTENT_LEASE_MAX_BYTES. */
#define MAX_FAULTS 32

static void
add_fault(GPtrArray *faults, ContentRemark *fault)
{
    if (fault != NULL && faults->len < MAX_FAULTS)
        g_ptr_array_add(faults, fault);
    else
        content_remark_free(fault);
}

static gboolean
is_faulty(GateVerdict verdict)
{
    return verdict == GATE_VERDICT_READS_OPEN || verdict == GATE_VERDICT_READS_CLOSED;
}

static gboolean
is_silent(const GateMachine *machine, guint coil)
{
    guint board = gate_layout_board_of(gate_machine_layout(machine), coil, NULL);

    return gate_machine_board(machine, board)->is_silent;
}

ContentRelay
gate_view_relay(const GateMachine *machine, guint zone, gint64 now_us)
{
    const GateLayoutZone *layout = gate_layout_zone(gate_machine_layout(machine), zone);
    guint n_closed = 0;

    for (guint i = 0; i < layout->n_coils; i++) {
        const GateCoil *coil = gate_machine_coil(machine, layout->coils[i]);

        if (is_faulty(gate_coil_judge(coil, now_us)))
            return CONTENT_RELAY_FAULT;
        /* Just asked to close, it is not read yet but not unknown either. */
        if (coil->reading == GATE_READING_UNKNOWN &&
            (!coil->is_wanted || is_silent(machine, layout->coils[i])))
            return CONTENT_RELAY_UNKNOWN;
        n_closed += coil->reading == GATE_READING_CLOSED;
    }
    if (n_closed == layout->n_coils)
        return CONTENT_RELAY_CLOSED;
    if (n_closed == 0)
        return CONTENT_RELAY_OPEN;
    return gate_zone_wants_relays(gate_machine_zone(machine, zone)) ? CONTENT_RELAY_OPEN
                                                                    : CONTENT_RELAY_CLOSED;
}

/* Returns: (transfer full) (nullable): what is wrong with one relay, its board included. */
static ContentRemark *
coil_fault(const GateMachine *machine, guint coil, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);
    const GateBoard *board =
        gate_machine_board(machine, gate_layout_board_of(layout, coil, NULL));
    const char *code =
        gate_verdict_code(gate_coil_judge(gate_machine_coil(machine, coil), now_us));
    g_autofree char *name = NULL;

    if (board->is_silent)
        return content_remark_copy(board->wrong);
    if (code == NULL)
        return NULL;
    name = gate_layout_coil_name(layout, coil);
    return content_remark_new(code, name, NULL);
}

static const GateLayoutInput *
fault_input_of(const GateMachine *machine, const char *zone, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);

    for (guint i = 0; i < layout->inputs->len; i++) {
        const GateLayoutInput *input = gate_layout_input(layout, i);
        const GateInput *now = gate_machine_input(machine, i);

        if (input->role == GATE_INPUT_FAULT && now->is_active &&
            gate_input_is_known(now, now_us) &&
            (input->zone == NULL || strcmp(input->zone, zone) == 0))
            return input;
    }
    return NULL;
}

static ContentRemark *
resting(const GateLayoutZone *zone)
{
    ContentRemark *made = content_remark_new("zone_rests", zone->id, NULL);

    content_remark_add_number(made, "seconds", zone->max_on_us / G_USEC_PER_SEC);
    return made;
}

static ContentRemark *
of_input(const char *code, const GateLayoutZone *zone, const GateLayoutInput *input)
{
    return content_remark_new(code, zone->id, "input", input->id, "meaning", input->words,
                              NULL);
}

static ContentRemark *
zone_fault(const GateMachine *machine, guint zone, gint64 now_us)
{
    const GateLayoutZone *layout = gate_layout_zone(gate_machine_layout(machine), zone);
    const GateLayoutInput *input = gate_machine_blocking_input(machine, zone, now_us);
    ContentRemark *fault = NULL;

    if (gate_machine_zone(machine, zone)->state == GATE_ZONE_RESTING)
        return resting(layout);
    if (input != NULL)
        return of_input("input_blocks", layout, input);
    if (layout->amplifier != GATE_NO_COIL)
        fault = coil_fault(machine, layout->amplifier, now_us);
    for (guint i = 0; i < layout->n_coils && fault == NULL; i++)
        fault = coil_fault(machine, layout->coils[i], now_us);
    input = fault_input_of(machine, layout->id, now_us);
    if (fault == NULL && input != NULL)
        fault = of_input("input_fault", layout, input);
    return fault;
}

/* The oldest of the readings: all relays of the zone have been read since. */
static gint64
read_us_of(const GateMachine *machine, const GateLayoutZone *layout)
{
    gint64 read_us = G_MAXINT64;

    for (guint i = 0; i < layout->n_coils; i++)
        read_us = MIN(read_us, gate_machine_coil(machine, layout->coils[i])->read_us);
    return read_us;
}

/* When a zone that is held will be ready, as far as can be said. */
static gint64
expected_us(const GateMachine *machine, guint zone, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);
    const GateLayoutZone *wired = gate_layout_zone(layout, zone);
    gint64 warm_us = now_us;

    if (wired->amplifier != GATE_NO_COIL) {
        gint64 closed_us = gate_machine_coil(machine, wired->amplifier)->closed_us;

        warm_us = MAX(now_us, (closed_us == 0 ? now_us : closed_us) + wired->warm_up_us);
    }
    return warm_us + gate_layout_switch_us(layout, zone);
}

static ContentLeaseZone *
zone_state(const GateMachine *machine, guint zone, gint64 now_us)
{
    const GateLayoutZone *layout = gate_layout_zone(gate_machine_layout(machine), zone);
    const GateLeaseZone *lease = gate_leases_zone(gate_machine_leases(machine), zone);
    const GateZone *course = gate_machine_zone(machine, zone);
    ContentLeaseZone *made = content_shape_new(&content_lease_zone_shape);

    made->zone = g_strdup(layout->id);
    made->held = lease->standing == GATE_LEASE_HELD;
    made->ready = course->state == GATE_ZONE_READY;
    made->relay = (gint) gate_view_relay(machine, zone, now_us);
    made->asked_us = lease->asked_us;
    made->read_us = read_us_of(machine, layout);
    if (made->ready)
        made->ready_us = course->ready_us;
    else if (made->held && course->state != GATE_ZONE_RESTING)
        made->ready_us = expected_us(machine, zone, now_us);
    made->fault = zone_fault(machine, zone, now_us);
    return made;
}

/* Of a button that is pressed the reading says more than the state: it is still so. */
static void
tell_button(const GateMachine *machine, const GateLayoutInput *layout, const GateInput *input,
            ContentLeaseInput *made, gint64 now_us)
{
    made->known = gate_input_is_fresh(input, now_us) &&
                  !gate_machine_board(machine, layout->board)->is_silent;
    made->read_us = made->known ? gate_input_pressed_us(input, now_us) : 0;
}

static ContentLeaseInput *
input_state(const GateMachine *machine, guint index, gint64 now_us)
{
    const GateLayoutInput *layout = gate_layout_input(gate_machine_layout(machine), index);
    const GateInput *input = gate_machine_input(machine, index);
    ContentLeaseInput *made = content_shape_new(&content_lease_input_shape);

    made->name = g_strdup(layout->id);
    made->known = gate_input_is_known(input, now_us);
    if (layout->role == GATE_INPUT_BUTTON)
        tell_button(machine, layout, input, made, now_us);
    made->active = made->known && input->is_active;
    made->words = g_strdup(layout->words);
    return made;
}

static ContentPower
power_of(const GateMachine *machine, GateInputRole role, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);

    for (guint i = 0; i < layout->inputs->len; i++) {
        const GateInput *input = gate_machine_input(machine, i);

        if (gate_layout_input(layout, i)->role == role && gate_input_is_known(input, now_us))
            return input->is_active ? CONTENT_POWER_ON : CONTENT_POWER_OFF;
    }
    return CONTENT_POWER_UNKNOWN;
}

static void
add_faults(const GateMachine *machine, GPtrArray *faults, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);

    for (guint i = 0; i < layout->boards->len; i++) {
        const GateBoard *board = gate_machine_board(machine, i);

        if (board->is_silent)
            add_fault(faults, content_remark_copy(board->wrong));
        else if (board->is_slow)
            add_fault(faults, content_remark_new("board_slow", board->layout->id, NULL));
        add_fault(faults, content_remark_copy(board->inputs_wrong));
        for (guint j = 0; j < board->layout->n_relays && !board->is_silent; j++)
            add_fault(faults, coil_fault(machine, board->layout->first_coil + j, now_us));
    }
}

ContentLeaseState *
gate_view_state(const GateMachine *machine, gint64 seq, gint64 now_us)
{
    const GateLayout *layout = gate_machine_layout(machine);
    ContentLeaseState *state = content_document_new(&content_lease_state_type);

    state->seq = seq;
    for (guint i = 0; i < layout->zones->len; i++)
        g_ptr_array_add(state->zones, zone_state(machine, i, now_us));
    for (guint i = 0; i < layout->inputs->len; i++)
        g_ptr_array_add(state->inputs, input_state(machine, i, now_us));
    add_faults(machine, state->faults, now_us);
    state->mains = (gint) power_of(machine, GATE_INPUT_MAINS, now_us);
    state->battery = (gint) power_of(machine, GATE_INPUT_BATTERY, now_us);
    return state;
}

ContentInventory *
gate_view_inventory(const GateLayout *layout)
{
    ContentInventory *inventory = content_document_new(&content_inventory_type);

    inventory->version = g_strdup(LOA_VERSION);
    for (guint i = 0; i < layout->zones->len; i++) {
        const GateLayoutZone *zone = gate_layout_zone(layout, i);
        ContentInventoryZone *made = content_shape_new(&content_inventory_zone_shape);

        made->id = g_strdup(zone->id);
        made->output = g_strdup(zone->output);
        made->switch_ms = (gate_layout_switch_us(layout, i) + 999) / 1000;
        made->warm_up_ms = zone->amplifier == GATE_NO_COIL ? 0 : zone->warm_up_us / 1000;
        made->tail_ms = zone->tail_us / 1000;
        made->max_on_s = zone->max_on_us / G_USEC_PER_SEC;
        made->has_sense = gate_layout_has_sense(layout, i);
        g_ptr_array_add(inventory->zones, made);
    }
    for (guint i = 0; i < layout->inputs->len; i++) {
        const GateLayoutInput *input = gate_layout_input(layout, i);

        if (input->role == GATE_INPUT_BUTTON)
            g_ptr_array_add(inventory->buttons, g_strdup(input->id));
    }
    for (guint i = 0; i < layout->lamps->len; i++)
        g_ptr_array_add(inventory->lamps, g_strdup(gate_layout_lamp(layout, i)->id));
    return inventory;
}
