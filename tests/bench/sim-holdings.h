/*
 * sim-holdings.h - what a simulated player holds, and what it still lacks.
 *
 * Flow: envelopes and bundles -> verified by the player's own code -> days in force.
 * Pure: no clock, no network; documents are checked and then forgotten but for their names,
 * so that hundreds of players fit into one process.
 */
#pragma once

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/plan.h"
#include "player/intake/verify.h"

typedef struct SimHoldings SimHoldings;

/** sim_holdings_new: @root_key, @keys: as the district's answer to the enrolment has them */
SimHoldings *sim_holdings_new(const char *station, const char *root_key, const char *keys,
                              gint64 now_us, GError **error);
void sim_holdings_free(SimHoldings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimHoldings, sim_holdings_free)

/** sim_holdings_verify: the player's own checks, in their order; see play_verify_envelope() */
PlayVerified *sim_holdings_verify(SimHoldings *self, const ContentDocumentType *type,
                                  GBytes *envelope, gint64 now_us, GError **error);

/** sim_holdings_take_manifest: verified, it is in force at once */
gboolean sim_holdings_take_manifest(SimHoldings *self, GBytes *envelope, gint64 now_us,
                                    GError **error);

/** sim_holdings_manifest: Returns: (transfer none) (nullable): in force */
const ContentManifest *sim_holdings_manifest(SimHoldings *self);

/** sim_holdings_settings: Returns: (transfer none) (nullable): in force */
const ContentStationSettings *sim_holdings_settings(SimHoldings *self);

/** sim_holdings_missing: Returns: (transfer full) (element-type utf8): documents, by hash */
GPtrArray *sim_holdings_missing(SimHoldings *self);

/**
 * sim_holdings_take_bundle:
 *
 * Every document must have the hash under which it was asked for; approvals and keys must be
 * signed besides. Takes what is good; @error names the first that is not, or that nobody has.
 */
gboolean sim_holdings_take_bundle(SimHoldings *self, const ContentBundle *bundle, gint64 now_us,
                                  GError **error);

/** sim_holdings_next_audio: Returns: (transfer none) (nullable): hash of audio not yet here */
const char *sim_holdings_next_audio(SimHoldings *self, gint64 *out_size_bytes);
void sim_holdings_take_audio(SimHoldings *self, const char *hash);

/** sim_holdings_is_applied: Returns: whether every day of the manifest is in force */
gboolean sim_holdings_is_applied(SimHoldings *self);

/** sim_holdings_report: Returns: (transfer full): what the real player would say of it */
ContentReport *sim_holdings_report(SimHoldings *self);

/** sim_holdings_floors: Returns: (transfer full) (element-type ContentFloor) */
GPtrArray *sim_holdings_floors(SimHoldings *self);

/** sim_holdings_plan: Returns: (transfer none) (nullable): the first day in force with sound */
const ContentDayPlan *sim_holdings_plan(SimHoldings *self, const char **out_hash);
