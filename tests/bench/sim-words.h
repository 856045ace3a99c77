/*
 * sim-words.h - the documents a simulated player writes: heartbeat, hello, report, inventory.
 *
 * Flow: sim-station.c publishes them. Nothing is kept here. A document of our own that cannot
 * be written is a mistake in this program, and ends it.
 */
#pragma once

#include "player/intake/identity.h"
#include "tests/bench/sim-holdings.h"
#include "tests/bench/sim-journal.h"

/* Whom it is about. */
typedef struct {
    const PlayIdentity *identity;
    SimHoldings *holdings;
    SimJournal *journal;
    const char *boot;
    const char *inventory; /* (nullable): exact bytes; NULL: no gateway */
    gboolean reads_templates;
} SimFacts;

/** sim_words_write: Returns: (transfer full): canonical bytes */
GBytes *sim_words_write(const ContentDocumentType *type, gconstpointer document);

GBytes *sim_words_heartbeat(const SimFacts *facts);

/** sim_words_hello: Returns: (transfer full): signed */
GBytes *sim_words_hello(const SimFacts *facts);
GBytes *sim_words_report(const SimFacts *facts);

/** sim_words_refusal: @error: why a manifest was not accepted */
GBytes *sim_words_refusal(const SimFacts *facts, const GError *error);

/** sim_words_inventory: Returns: (transfer full): as a gateway that has every zone of @settings
 */
char *sim_words_inventory(const ContentStationSettings *settings);

/** sim_words_version: Returns: of the manifest in force; 0: none */
gint64 sim_words_version(const SimFacts *facts);
