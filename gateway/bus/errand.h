/*
 * errand.h - one job at one board: the requests, strictly checked, and the read-back.
 *
 * Flow: line.h's thread -> here -> libmodbus. Thread: the one that owns the modbus_t; each call
 * blocks for at most the response time-out a request.
 *
 * Writes are compared with their echo to the last byte: libmodbus 3.1.6 takes a late answer to
 * "write relay 1" for the answer to "write relay 2".
 */
#pragma once

#include <modbus.h>

#include "gateway/bus/profile.h"
#include "gateway/relay/job.h"

typedef struct {
    guint unit; /* 1 to 247 */
    const GateProfile *profile;
    guint16 base; /* address of the first relay */
    guint n_relays;
    guint n_inputs;
} GateBusBoard;

/**
 * gate_errand_run:
 * @line: connected
 * @out: its job is done; status, readings and remark are filled in
 */
void gate_errand_run(modbus_t *line, const GateBusBoard *board, GateJobResult *out);
