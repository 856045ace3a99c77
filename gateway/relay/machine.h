/*
 * machine.h - the whole relay core: leases, zones, boards and inputs of one site together.
 *
 * Flow: gateway/link (wishes) and gateway/bus (results) -> here -> jobs for the bus, a state
 * for the link, notices for the journal.
 * Pure: every call brings the present with it, monotonic µs, never going back.
 *
 * The wiring calls in with what happened and afterwards always asks gate_machine_next_job()
 * until it says FALSE, sets an alarm for gate_machine_next_us(), and sends
 * gate_machine_state() where it changed.
 */
#pragma once

#include "content/heartbeat.h"
#include "gateway/relay/board.h"
#include "gateway/relay/input.h"
#include "gateway/relay/lamp.h"
#include "gateway/relay/zone.h"

/* A notice nobody fetches is dropped, the oldest first. */
#define GATE_MACHINE_MAX_NOTICES 256

typedef enum {
    GATE_NOTICE_ZONE_READY, /* relays read closed: sound may begin */
    GATE_NOTICE_ZONE_OPEN,  /* relays read open again, or were given up on */
    GATE_NOTICE_ZONE_LOST,  /* its holder vanished while it was on */
    GATE_NOTICE_ZONE_OVER_LIMIT,
    GATE_NOTICE_RELAY_FAULT,
    GATE_NOTICE_RELAY_STRAY, /* on without a lease */
    GATE_NOTICE_RELAY_CLEARED,
    GATE_NOTICE_BOARD_FAULT,
    GATE_NOTICE_BOARD_CLEARED,
    GATE_NOTICE_BOARD_SLOW, /* or in good time again */
    GATE_NOTICE_INPUT,      /* became active or inactive */
    GATE_N_NOTICES,
} GateNoticeKind;

typedef struct {
    GateNoticeKind kind;
    char *subject; /* (owned): zone, relay, board or input */
    char *words;   /* (owned) */
} GateNotice;

/** gate_notice_free: @notice: (nullable) (transfer full) */
void gate_notice_free(GateNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateNotice, gate_notice_free)

typedef struct GateMachine GateMachine;

/**
 * gate_machine_new:
 * @layout: (transfer full)
 *
 * Everything is wanted open and nothing is known: the first jobs open all relays.
 */
GateMachine *gate_machine_new(GateLayout *layout);

/** gate_machine_free: @machine: (nullable) (transfer full) */
void gate_machine_free(GateMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateMachine, gate_machine_free)

/** gate_machine_layout: (transfer none) */
const GateLayout *gate_machine_layout(const GateMachine *machine);

/** gate_machine_wish: as gate_leases_wish(), with all that follows from it. */
gboolean gate_machine_wish(GateMachine *machine, guint owner, const ContentLeaseWish *wish,
                           gint64 now_us);

/**
 * gate_machine_light:
 * @order: all lamps that @owner lights from now on; lamps the site does not have are passed
 *   over
 */
void gate_machine_light(GateMachine *machine, guint owner, const ContentLampOrder *order,
                        gint64 now_us);

/** gate_machine_drop: the connection @owner is closed. */
void gate_machine_drop(GateMachine *machine, guint owner, gint64 now_us);

/** gate_machine_job_done: an errand came back, with whatever result. */
void gate_machine_job_done(GateMachine *machine, const GateJobResult *result, gint64 now_us);

/** gate_machine_advance: time has passed. */
void gate_machine_advance(GateMachine *machine, gint64 now_us);

/**
 * gate_machine_next_job:
 *
 * Returns: %FALSE when nothing more is to be sent now
 */
gboolean gate_machine_next_job(GateMachine *machine, gint64 now_us, GateJob *out_job);

/** gate_machine_next_us: when gate_machine_advance() is to be called, after @now_us. */
gint64 gate_machine_next_us(const GateMachine *machine, gint64 now_us);

/** gate_machine_take_notice: Returns: (transfer full) (nullable): the oldest one not taken */
GateNotice *gate_machine_take_notice(GateMachine *machine);

/** gate_machine_zone and the others: (transfer none): what reports and tests look at; by index
 */
const GateZone *gate_machine_zone(const GateMachine *machine, guint zone);
const GateBoard *gate_machine_board(const GateMachine *machine, guint board);
const GateInput *gate_machine_input(const GateMachine *machine, guint input);
const GateCoil *gate_machine_coil(const GateMachine *machine, guint coil);
const GateLeases *gate_machine_leases(const GateMachine *machine);

/**
 * gate_machine_blocking_input:
 *
 * Returns: (nullable) (transfer none): the input that keeps @zone off; NULL: none does
 */
const GateLayoutInput *gate_machine_blocking_input(const GateMachine *machine, guint zone,
                                                   gint64 now_us);
