/*
 * resign.h - the root's order that approvals be signed anew, carried out.
 *
 * Flow: district.c at start and at SIGHUP -> trust/keys (is there an order?) -> store
 * (which approvals may be signed) -> the order is gone. Thread: the owner's; blocks for the
 * one transaction.
 */
#pragma once

#include "scheduler/store/db.h"
#include "scheduler/trust/keys.h"

/**
 * sched_resign_if_ordered:
 * @now_us: UTC
 * @out_n_signed: (out): approvals that were signed; -1 if nothing was ordered
 * @refused: (element-type utf8): receives a sentence for each that was left as it is
 *
 * An order stays until it was carried out, and carrying it out twice changes nothing.
 */
gboolean sched_resign_if_ordered(SchedStore *store, SchedKeys *keys, gint64 now_us,
                                 gint64 *out_n_signed, GPtrArray *refused, GError **error);
