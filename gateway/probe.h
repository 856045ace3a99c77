/*
 * probe.h - what answers on a line, for the technician: reads only, writes nothing.
 *
 * Flow: main.c -> here -> libmodbus -> lines on stdout. Thread: main; blocks.
 */
#pragma once

#include "gateway/config.h"

/**
 * gate_probe_config:
 *
 * Reads every board of the configuration once and prints what it says.
 *
 * Returns: how many boards did not answer
 */
guint gate_probe_config(const GateConfig *config);

/**
 * gate_probe_line:
 * @text: "serial:DEVICE[:BAUD]" or "tcp:ADDRESS[:PORT]"
 * @last_unit: units 1 to this one are asked
 *
 * Asks every unit for coils, registers and inputs and prints what answers.
 *
 * Returns: how many units answered; -1 with an error when the line cannot be used
 */
int gate_probe_line(const char *text, guint last_unit, GError **error);
