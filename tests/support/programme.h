/*
 * programme.h - something to be heard in the district of temp-store.h.
 *
 * Flow: a test of what publishes puts it on top of temp_store_fill().
 */
#pragma once

#include "tests/support/temp-store.h"

/* The slot's first sound: 18:00 on 2026-03-02 in Vietnam. */
#define PROGRAMME_START_US (TEMP_STORE_NOW_US + G_GINT64_CONSTANT(11) * 3600 * G_USEC_PER_SEC)
#define PROGRAMME_SECONDS  10
#define PROGRAMME_KEY      "keys" /* body of the keys document */

/**
 * programme_fill:
 *
 * Bulletin `bulletin` for chu-puh, good for 30 days, with versions v-jra, v-bdq and v-vi of
 * PROGRAMME_SECONDS each, checked by reader and approved by approver; playlist `list` with
 * item `i` that is it; slot `s` of editor, daily at 18:00 in ia-le, approved by approver.
 *
 * Returns: (transfer full): hash of a keys document that is in the store
 */
char *programme_fill(SchedTxn *txn);

/** programme_approve_slot: as approver, what the slot is now */
void programme_approve_slot(SchedTxn *txn, const char *slot);
