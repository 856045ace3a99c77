/*
 * cue-world.h - a station's outside on simulated time: gateway, sound card, disk and clock.
 *
 * The cue is real. The world carries out its actions, moves time from event to event, writes
 * what was heard and recorded on a tape, and checks at each instant what must always hold:
 * relays are wanted only for segments of a plan in force that are due, an output plays one item
 * at a time, nobody hears an item that was not meant for him, and a segment gets one final
 * record a zone.
 */
#pragma once

#include "content/alert.h"
#include "player/cue/cue.h"
#include "tests/support/plan-builder.h"

typedef struct CueWorld CueWorld;

/**
 * cue_world_new:
 * @zones: as plan_builder_settings(); settings and inventory are handed to the cue
 * @local: the present, local time of @tzid
 */
CueWorld *cue_world_new(const char *tzid, const char *zones, const char *local);
void cue_world_free(CueWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CueWorld, cue_world_free)

PlayCue *cue_world_cue(CueWorld *world);

/** cue_world_settings: Returns: (transfer none): as first handed over, for inventories */
ContentStationSettings *cue_world_settings(CueWorld *world);

/** cue_world_give_settings: hands the settings over, as they were changed */
void cue_world_give_settings(CueWorld *world);

/** cue_world_utc: Returns: UTC now; cue_world_at: Returns: UTC of a local time */
gint64 cue_world_utc(CueWorld *world);
gint64 cue_world_at(CueWorld *world, const char *local);

/**
 * cue_world_plan:
 * @day: (transfer full): takes the place of the plan of its date; its audio is there, too
 * @salt: makes the hash a new one
 *
 * A manifest naming all days handed over so far (with this one changed), then the day.
 */
void cue_world_plan(CueWorld *world, ContentDayPlan *day, const char *salt);

/** cue_world_announce: only the manifest, as if the day plan of @date were still on its way */
void cue_world_announce(CueWorld *world, const char *date, const char *salt);

/** cue_world_drop_day: a manifest without @date */
void cue_world_drop_day(CueWorld *world, const char *date);

/** cue_world_drop_manifest: none is in force any more */
void cue_world_drop_manifest(CueWorld *world);

/** cue_world_object: audio of the segment called @name comes or goes */
void cue_world_object(CueWorld *world, const char *name, PlayObjectState state);

/** cue_world_shorten: audio of the segment called @name holds so much less than the plan says
 */
void cue_world_shorten(CueWorld *world, const char *name, gint64 by_us);

/** cue_world_trust: the clock is trusted from now on, or not any more */
void cue_world_trust(CueWorld *world, ContentTrust trust);

/** cue_world_step_clock: the wall clock is set, by so much */
void cue_world_step_clock(CueWorld *world, gint64 by_us);

/** cue_world_board_faults: @faults: (array zero-terminated=1): what the gateway says of its
 * boards */
void cue_world_board_faults(CueWorld *world, const char *const *faults);

/** cue_world_relay: @delay_us: of the zone from now on, asked until confirmed; -1: never */
void cue_world_relay(CueWorld *world, const char *zone, gint64 delay_us);

/** cue_world_gateway: the gateway dies (all relays open, at once) or is back */
void cue_world_gateway(CueWorld *world, gboolean is_up);

/** cue_world_card: sound cards take sound, or fail every item */
void cue_world_card(CueWorld *world, gboolean works);

/** cue_world_disk: @answers: whether the journal says that a record is on disk; it does at
 * first
 */
void cue_world_disk(CueWorld *world, gboolean answers);

/**
 * cue_world_alert: the district orders it, or says it again
 * @alert: (transfer full): of alert_builder_new(); its audio is there, too
 */
void cue_world_alert(CueWorld *world, ContentAlert *alert);

/** cue_world_stop_alert: @stop: (transfer full): of alert_builder_stop() */
void cue_world_stop_alert(CueWorld *world, ContentStop *stop);

/** cue_world_undecodable: no sound can be made of what sounds under that name */
void cue_world_undecodable(CueWorld *world, const char *name);

/** cue_world_speak: whether anything comes from the microphone of live alerts that sound */
void cue_world_speak(CueWorld *world, gboolean comes);

/** cue_world_speaker_ends: the last frame of all live alerts that sound has come */
void cue_world_speaker_ends(CueWorld *world);

/** cue_world_check_alerts_told: every alert was told of once, and ended once, in every zone */
void cue_world_check_alerts_told(CueWorld *world);

/** cue_world_alert_reason: Returns: with which it ended in @zone; it has */
ContentReason cue_world_alert_reason(CueWorld *world, const char *id, const char *zone);

/**
 * cue_world_restart: the player is killed now and started after @down_us, knowing the journal
 *
 * What it had drafted survives, see cue_world_drafts().
 */
void cue_world_restart(CueWorld *world, gint64 down_us, ContentReason reason);

/** cue_world_drafts: how old the drafts are that survive a kill, 0 at first; -1: none survives
 */
void cue_world_drafts(CueWorld *world, gint64 drafted_us);

/** cue_world_stop: the player is told to stop, does so, and is started after @down_us */
void cue_world_stop(CueWorld *world, gint64 down_us);

/** cue_world_test: a technician's ask */
void cue_world_test(CueWorld *world, const char *zone, gint64 duration_ms);

/** cue_world_order: the district's order of a test, good for @life_us from now */
void cue_world_order(CueWorld *world, const char *zone, gint64 duration_ms, gint64 life_us);

/** cue_world_run: time passes until the local time, or for so long */
void cue_world_run(CueWorld *world, const char *local);
void cue_world_run_for(CueWorld *world, gint64 us);

/** cue_world_step: the present is judged once, without time passing */
void cue_world_step(CueWorld *world);

/**
 * cue_world_tape:
 *
 * Returns: (transfer full): lines since the last call, "HH:MM:SS.mmm what" in local time
 */
char *cue_world_tape(CueWorld *world);

/** cue_world_note: a line for whoever reads the tape */
void cue_world_note(CueWorld *world, const char *words);

/** cue_world_finals: Returns: how many final records @name has had in @zone */
guint cue_world_finals(CueWorld *world, const char *name, const char *zone);

/** cue_world_last_final: Returns: (nullable) (transfer none) */
const ContentRecord *cue_world_last_final(CueWorld *world, const char *name, const char *zone);

/** cue_world_segment: Returns: (transfer none): as the newest plan has it */
const ContentSegment *cue_world_segment(CueWorld *world, const char *name);

/** cue_world_gain_mdb: Returns: with which @name was placed last */
gint64 cue_world_gain_mdb(CueWorld *world, const char *name);

/** cue_world_n_steps: Returns: how often the cue was asked */
guint cue_world_n_steps(CueWorld *world);

/** cue_world_quiet: @quiet: no tape is kept, for long runs */
void cue_world_quiet(CueWorld *world, gboolean quiet);
