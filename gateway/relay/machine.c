/*
 * machine.c - see machine.h
 *
 * Order of one round: leases expire, zones move until none does, what zones want is handed to
 * the coils. Jobs are picked afterwards, when everything is settled.
 */
#include "gateway/relay/machine.h"

#include <string.h>

#include "content/wording.h"

struct GateMachine {
    GateLayout *layout;
    GateLeases *leases;
    GateZone zones[CONTENT_LEASE_MAX_ZONES];
    GateBoard boards[GATE_MAX_BOARDS];
    GateInput inputs[GATE_MAX_INPUTS];
    GateLamp lamps[CONTENT_LEASE_MAX_LAMPS];
    GateVerdict told[GATE_MAX_BOARDS][GATE_BOARD_MAX_RELAYS]; /* as last noticed */
    /* When a relay of a zone's output was last sent to close, kept per zone for all its output.
     */
    gint64 last_closing_us[CONTENT_LEASE_MAX_ZONES];
    GQueue notices; /* (element-type GateNotice) */
};

void
gate_notice_free(GateNotice *notice)
{
    if (notice == NULL)
        return;
    g_free(notice->subject);
    g_free(notice->words);
    g_free(notice);
}

GateMachine *
gate_machine_new(GateLayout *layout)
{
    GateMachine *machine = g_new0(GateMachine, 1);

    machine->layout = layout;
    machine->leases = gate_leases_new(layout);
    g_queue_init(&machine->notices);
    for (guint i = 0; i < layout->boards->len; i++)
        gate_board_init(&machine->boards[i], gate_layout_board(layout, i), i);
    for (guint i = 0; i < CONTENT_LEASE_MAX_ZONES; i++)
        machine->last_closing_us[i] = G_MININT64 / 2;
    return machine;
}

void
gate_machine_free(GateMachine *machine)
{
    if (machine == NULL)
        return;
    for (guint i = 0; i < machine->layout->boards->len; i++)
        gate_board_clear(&machine->boards[i]);
    g_queue_clear_full(&machine->notices, (GDestroyNotify) gate_notice_free);
    gate_leases_free(machine->leases);
    gate_layout_free(machine->layout);
    g_free(machine);
}

const GateLayout *
gate_machine_layout(const GateMachine *machine)
{
    return machine->layout;
}

const GateZone *
gate_machine_zone(const GateMachine *machine, guint zone)
{
    return &machine->zones[zone];
}

const GateBoard *
gate_machine_board(const GateMachine *machine, guint board)
{
    return &machine->boards[board];
}

const GateInput *
gate_machine_input(const GateMachine *machine, guint input)
{
    return &machine->inputs[input];
}

const GateLeases *
gate_machine_leases(const GateMachine *machine)
{
    return machine->leases;
}

static GateCoil *
coil_of(const GateMachine *machine, guint coil)
{
    guint number = 0;
    guint board = gate_layout_board_of(machine->layout, coil, &number);

    return (GateCoil *) &machine->boards[board].coils[number];
}

const GateCoil *
gate_machine_coil(const GateMachine *machine, guint coil)
{
    return coil_of(machine, coil);
}

static void notice(GateMachine *machine, GateNoticeKind kind, const char *subject,
                   const char *format, ...) G_GNUC_PRINTF(4, 5);

static void
notice(GateMachine *machine, GateNoticeKind kind, const char *subject, const char *format, ...)
{
    GateNotice *made = g_new0(GateNotice, 1);
    va_list args;

    va_start(args, format);
    made->kind = kind;
    made->subject = g_strdup(subject);
    made->words = g_strdup_vprintf(format, args);
    va_end(args);
    g_queue_push_tail(&machine->notices, made);
    if (g_queue_get_length(&machine->notices) > GATE_MACHINE_MAX_NOTICES)
        gate_notice_free(g_queue_pop_head(&machine->notices));
}

/* The journal of the machine is in English. */
static void
notice_remark(GateMachine *machine, GateNoticeKind kind, const ContentRemark *remark)
{
    g_autofree char *words = content_wording_remark(remark, CONTENT_READER_EN, NULL);

    notice(machine, kind, remark->subject, "%s", words);
}

GateNotice *
gate_machine_take_notice(GateMachine *machine)
{
    return g_queue_pop_head(&machine->notices);
}

const GateLayoutInput *
gate_machine_blocking_input(const GateMachine *machine, guint zone, gint64 now_us)
{
    const char *id = gate_layout_zone(machine->layout, zone)->id;

    for (guint i = 0; i < machine->layout->inputs->len; i++) {
        const GateLayoutInput *input = gate_layout_input(machine->layout, i);

        if (input->role == GATE_INPUT_BLOCK && machine->inputs[i].is_active &&
            gate_input_is_known(&machine->inputs[i], now_us) &&
            (input->zone == NULL || strcmp(input->zone, id) == 0))
            return input;
    }
    return NULL;
}

static gboolean
share_an_output(const GateMachine *machine, guint a, guint b)
{
    return strcmp(gate_layout_zone(machine->layout, a)->output,
                  gate_layout_zone(machine->layout, b)->output) == 0;
}

static void
look_at_neighbours(const GateMachine *machine, guint zone, GateZoneFacts *facts)
{
    facts->neighbours_open = TRUE;
    for (guint i = 0; i < machine->layout->zones->len; i++) {
        if (i == zone || !share_an_output(machine, i, zone))
            continue;
        if (gate_leases_zone(machine->leases, i)->standing == GATE_LEASE_HELD)
            facts->neighbour_held = TRUE;
        if (machine->zones[i].state == GATE_ZONE_OPENING)
            facts->neighbours_open = FALSE;
    }
}

static void
look_at_relays(const GateMachine *machine, const GateLayoutZone *zone, GateZoneFacts *facts)
{
    facts->all_closed = facts->all_open = TRUE;
    for (guint i = 0; i < zone->n_coils; i++) {
        const GateCoil *coil = coil_of(machine, zone->coils[i]);

        facts->all_closed &= coil->reading == GATE_READING_CLOSED;
        /* One that another zone keeps closed is none of this zone's business. */
        facts->all_open &= coil->is_wanted || coil->reading == GATE_READING_OPEN;
    }
    facts->warm_us = 0;
    if (zone->amplifier != GATE_NO_COIL) {
        const GateCoil *amplifier = coil_of(machine, zone->amplifier);

        facts->all_closed &= amplifier->reading == GATE_READING_CLOSED;
        facts->warm_us =
            amplifier->closed_us == 0 ? G_MAXINT64 : amplifier->closed_us + zone->warm_up_us;
    }
}

static GateZoneFacts
facts_of(const GateMachine *machine, guint zone, gint64 now_us)
{
    const GateLeaseZone *lease = gate_leases_zone(machine->leases, zone);
    GateZoneFacts facts = {
        .lease = lease->standing,
        .lease_ended_us = lease->ended_us,
        .is_blocked = gate_machine_blocking_input(machine, zone, now_us) != NULL,
    };

    look_at_neighbours(machine, zone, &facts);
    look_at_relays(machine, gate_layout_zone(machine->layout, zone), &facts);
    return facts;
}

static void
tell_of_step(GateMachine *machine, guint zone, GateZoneEvent event)
{
    const GateLayoutZone *layout = gate_layout_zone(machine->layout, zone);

    switch (event) {
    case GATE_ZONE_EV_CONFIRMED:
        notice(machine, GATE_NOTICE_ZONE_READY, layout->id, "relays read closed");
        break;
    case GATE_ZONE_EV_OPENED:
        notice(machine, GATE_NOTICE_ZONE_OPEN, layout->id, "relays open");
        break;
    case GATE_ZONE_EV_LOST:
        notice(machine, GATE_NOTICE_ZONE_LOST, layout->id,
               "its holder vanished or an input blocks it: opened at once");
        break;
    case GATE_ZONE_EV_OVER_LIMIT:
        notice(machine, GATE_NOTICE_ZONE_OVER_LIMIT, layout->id,
               "on for its maximum of %" G_GINT64_FORMAT " s: opened",
               layout->max_on_us / G_USEC_PER_SEC);
        break;
    default:
        break;
    }
}

/* A relay shared with the zone before stays closed while this one waits for its turn. */
static gboolean
zone_wants_coil(const GateMachine *machine, const GateZone *zone, guint coil)
{
    return gate_zone_wants_relays(zone) ||
           (zone->state == GATE_ZONE_WARMING && coil_of(machine, coil)->is_wanted);
}

/* What is wanted of every coil follows from zones and lamps alone; nothing else closes one. */
static void
hand_wishes_to_coils(GateMachine *machine, gint64 now_us)
{
    g_autofree gboolean *wanted = g_new0(gboolean, machine->layout->n_coils);

    for (guint i = 0; i < machine->layout->zones->len; i++) {
        const GateLayoutZone *layout = gate_layout_zone(machine->layout, i);
        const GateZone *zone = &machine->zones[i];

        for (guint j = 0; j < layout->n_coils; j++)
            wanted[layout->coils[j]] |= zone_wants_coil(machine, zone, layout->coils[j]);
        if (layout->amplifier != GATE_NO_COIL && gate_zone_wants_amplifier(zone, now_us))
            wanted[layout->amplifier] = TRUE;
    }
    for (guint i = 0; i < machine->layout->lamps->len; i++)
        wanted[gate_layout_lamp(machine->layout, i)->coil] =
            gate_lamp_is_lit(&machine->lamps[i], now_us);
    for (guint i = 0; i < machine->layout->n_coils; i++)
        gate_coil_want(coil_of(machine, i), wanted[i]);
}

static gboolean
step_zones(GateMachine *machine, gint64 now_us)
{
    gboolean any = FALSE;

    for (guint i = 0; i < machine->layout->zones->len; i++) {
        GateZoneFacts facts = facts_of(machine, i, now_us);
        GateZoneEvent event =
            gate_zone_next_event(&machine->zones[i], gate_layout_zone(machine->layout, i),
                                 &facts, now_us);

        if (gate_zone_step(&machine->zones[i], event, now_us)) {
            tell_of_step(machine, i, event);
            any = TRUE;
        }
    }
    return any;
}

static void
tell_of_coil(GateMachine *machine, guint board, guint number, GateVerdict verdict)
{
    g_autofree char *name =
        g_strdup_printf("%s/%u", machine->boards[board].layout->id, number + 1);
    const char *code = gate_verdict_code(verdict);
    GateVerdict before = machine->told[board][number];

    if (verdict == before || verdict == GATE_VERDICT_UNDER_WAY ||
        verdict == GATE_VERDICT_UNKNOWN)
        return;
    machine->told[board][number] = verdict;
    if (code == NULL && gate_verdict_code(before) != NULL) {
        notice(machine, GATE_NOTICE_RELAY_CLEARED, name, "reads as wanted again");
    } else if (code != NULL) {
        g_autoptr(ContentRemark) remark = content_remark_new(code, name, NULL);

        notice_remark(machine,
                      verdict == GATE_VERDICT_STRAY ? GATE_NOTICE_RELAY_STRAY
                                                    : GATE_NOTICE_RELAY_FAULT,
                      remark);
    }
}

static void
tell_of_coils(GateMachine *machine, gint64 now_us)
{
    for (guint i = 0; i < machine->layout->boards->len; i++) {
        const GateBoard *board = &machine->boards[i];

        for (guint j = 0; j < board->layout->n_relays; j++)
            tell_of_coil(machine, i, j, gate_coil_judge(&board->coils[j], now_us));
    }
}

void
gate_machine_advance(GateMachine *machine, gint64 now_us)
{
    gate_leases_expire(machine->leases, now_us);
    for (guint i = 0; i < machine->layout->lamps->len; i++)
        gate_lamp_expire(&machine->lamps[i], now_us);
    /* Each zone can move once around its course at most; two rounds more than states will do.
     */
    for (guint round = 0; round < GATE_ZONE_N_STATES + 2; round++) {
        if (!step_zones(machine, now_us))
            break;
        hand_wishes_to_coils(machine, now_us);
    }
    hand_wishes_to_coils(machine, now_us);
    tell_of_coils(machine, now_us);
}

gboolean
gate_machine_wish(GateMachine *machine, guint owner, const ContentLeaseWish *wish,
                  gint64 now_us)
{
    gboolean is_taken;

    /* First what time alone has done, or an expired lease would be renewed by this wish. */
    gate_machine_advance(machine, now_us);
    is_taken = gate_leases_wish(machine->leases, owner, wish, now_us);
    gate_machine_advance(machine, now_us);
    return is_taken;
}

static ContentLampShow
show_in(const ContentLampOrder *order, const char *lamp)
{
    for (guint i = 0; i < order->lamps->len; i++) {
        const ContentLamp *row = g_ptr_array_index(order->lamps, i);

        if (strcmp(row->lamp, lamp) == 0)
            return (ContentLampShow) row->show;
    }
    return CONTENT_LAMP_OFF;
}

void
gate_machine_light(GateMachine *machine, guint owner, const ContentLampOrder *order,
                   gint64 now_us)
{
    gate_machine_advance(machine, now_us);
    for (guint i = 0; i < machine->layout->lamps->len; i++)
        gate_lamp_order(&machine->lamps[i], owner,
                        show_in(order, gate_layout_lamp(machine->layout, i)->id), now_us);
    gate_machine_advance(machine, now_us);
}

void
gate_machine_drop(GateMachine *machine, guint owner, gint64 now_us)
{
    for (guint i = 0; i < machine->layout->lamps->len; i++)
        gate_lamp_drop(&machine->lamps[i], owner);
    gate_leases_drop(machine->leases, owner, now_us);
    gate_machine_advance(machine, now_us);
}

static void
take_inputs(GateMachine *machine, const GateJobResult *result, gint64 now_us)
{
    for (guint i = 0; i < machine->layout->inputs->len; i++) {
        const GateLayoutInput *input = gate_layout_input(machine->layout, i);
        gboolean is_closed = (result->closed & (1u << input->number)) != 0;

        if (input->board == result->job.board &&
            gate_input_read(&machine->inputs[i], input, is_closed, now_us) &&
            gate_input_notice(&machine->inputs[i], input, now_us))
            notice(machine, GATE_NOTICE_INPUT, input->id, "%s: %s", input->words,
                   machine->inputs[i].is_active ? "active" : "over");
    }
}

static void
tell_of_pace(GateMachine *machine, const GateBoard *board)
{
    g_autoptr(ContentRemark) slow = content_remark_new("board_slow", board->layout->id, NULL);

    if (board->is_slow)
        notice_remark(machine, GATE_NOTICE_BOARD_SLOW, slow);
    else
        notice(machine, GATE_NOTICE_BOARD_SLOW, board->layout->id,
               "answers in good time again");
}

void
gate_machine_job_done(GateMachine *machine, const GateJobResult *result, gint64 now_us)
{
    GateBoard *board = &machine->boards[result->job.board];
    gboolean was_silent = board->is_silent, was_slow = board->is_slow;

    gate_board_job_done(board, result, now_us);
    if (board->is_silent && !was_silent)
        notice_remark(machine, GATE_NOTICE_BOARD_FAULT, board->wrong);
    if (!board->is_silent && was_silent)
        notice(machine, GATE_NOTICE_BOARD_CLEARED, board->layout->id, "answers again");
    if (board->is_slow != was_slow)
        tell_of_pace(machine, board);
    if (result->job.kind == GATE_JOB_INPUTS && result->status == GATE_JOB_DONE)
        take_inputs(machine, result, now_us);
    gate_machine_advance(machine, now_us);
}

/* From when @coil may be sent to close: after the stagger of the zones that want it. */
static gint64
stagger_over_us(const GateMachine *machine, guint coil)
{
    gint64 over_us = G_MININT64;

    for (guint i = 0; i < machine->layout->zones->len; i++) {
        const GateLayoutZone *zone = gate_layout_zone(machine->layout, i);

        if (gate_layout_zone_uses(zone, coil))
            over_us = MAX(over_us, machine->last_closing_us[i] + zone->stagger_us);
    }
    return over_us;
}

static void
note_closing(GateMachine *machine, guint coil, gint64 now_us)
{
    for (guint i = 0; i < machine->layout->zones->len; i++) {
        if (!gate_layout_zone_uses(gate_layout_zone(machine->layout, i), coil))
            continue;
        for (guint j = 0; j < machine->layout->zones->len; j++) {
            if (share_an_output(machine, i, j))
                machine->last_closing_us[j] = now_us;
        }
    }
}

/* Picks those whose stagger is over, one after the other, so that the first delays the next. */
static guint32
pick_closings(GateMachine *machine, const GateBoard *board, gint64 now_us)
{
    guint32 candidates = gate_board_unclosed(board, now_us);
    guint32 picked = 0;

    for (guint i = 0; i < board->layout->n_relays; i++) {
        guint coil = board->layout->first_coil + i;

        if ((candidates & (1u << i)) == 0 || now_us < stagger_over_us(machine, coil))
            continue;
        picked |= 1u << i;
        note_closing(machine, coil, now_us);
    }
    return picked;
}

gboolean
gate_machine_next_job(GateMachine *machine, gint64 now_us, GateJob *out_job)
{
    for (guint i = 0; i < machine->layout->boards->len; i++) {
        if (gate_board_next_opening(&machine->boards[i], now_us, out_job))
            return TRUE;
    }
    for (guint i = 0; i < machine->layout->boards->len; i++) {
        GateBoard *board = &machine->boards[i];

        if (gate_board_next_other(board, pick_closings(machine, board, now_us), now_us,
                                  out_job))
            return TRUE;
    }
    return FALSE;
}

/* When a relay of @board that is yet to be closed may be; G_MAXINT64: not before a result. */
static gint64
next_closing_us(const GateMachine *machine, const GateBoard *board)
{
    gint64 next_us = G_MAXINT64;

    if (board->is_silent || board->other_is_out)
        return G_MAXINT64;
    for (guint i = 0; i < board->layout->n_relays; i++) {
        const GateCoil *coil = &board->coils[i];
        gint64 write_us = gate_coil_write_us(coil);

        if (coil->is_wanted && write_us != G_MAXINT64)
            next_us =
                MIN(next_us,
                    MAX(write_us, stagger_over_us(machine, board->layout->first_coil + i)));
    }
    return next_us == G_MAXINT64 ? next_us : MAX(next_us, board->next_try_us);
}

gint64
gate_machine_next_us(const GateMachine *machine, gint64 now_us)
{
    gint64 next_us = gate_leases_next_us(machine->leases);

    for (guint i = 0; i < machine->layout->zones->len; i++) {
        GateZoneFacts facts = facts_of(machine, i, now_us);
        gint64 zone_us =
            gate_zone_next_us(&machine->zones[i], gate_layout_zone(machine->layout, i), &facts,
                              now_us);

        /* One that is past waits for a fact, not for time. */
        if (zone_us > now_us)
            next_us = MIN(next_us, zone_us);
    }
    for (guint i = 0; i < machine->layout->lamps->len; i++)
        next_us = MIN(next_us, gate_lamp_next_us(&machine->lamps[i], now_us));
    for (guint i = 0; i < machine->layout->boards->len; i++) {
        next_us = MIN(next_us, gate_board_next_us(&machine->boards[i]));
        next_us = MIN(next_us, next_closing_us(machine, &machine->boards[i]));
    }
    /* Never at once again: whatever could be done now has been asked for already. */
    return MAX(next_us, now_us + 1000);
}
