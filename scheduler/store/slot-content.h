/*
 * slot-content.h - the hash of what a slot, or a change of one date, makes sound.
 *
 * Flow: slots.c writes it beside the row, an approver names it, a change of the playlist
 * renews it. Private to store/.
 */
#pragma once

#include "scheduler/store/offers.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/specials.h"

/** sched_slot_content: Returns: (transfer full): SHA-256 over what sounds, where and when */
char *sched_slot_content(SchedTxn *txn, const SchedSlotRow *slot, GError **error);

/** sched_override_text: Returns: (transfer full): what an approval of the date covers, a fact a
 * line; @playlist: (nullable) */
char *sched_override_text(SchedTxn *txn, const char *slot, const char *date,
                          const char *playlist, GError **error);

/** sched_override_content: Returns: (transfer full): SHA-256 of that text */
char *sched_override_content(SchedTxn *txn, const char *slot, const char *date,
                             const char *playlist, GError **error);

/** sched_special_content: Returns: (transfer full): SHA-256 over all but the name */
char *sched_special_content(SchedTxn *txn, const SchedSpecialRow *special, GError **error);

/** sched_offer_content: @areas: (element-type utf8): its places, by id; sorted by this */
char *sched_offer_content(SchedTxn *txn, const SchedOfferRow *offer, GPtrArray *areas,
                          GError **error);

/* An approval in force, of a slot or (with a date) of an override. */
typedef struct {
    char *slot;     /* (owned) */
    char *date;     /* (owned): "" for the slot itself */
    char *approver; /* (owned) */
    gint64 approved_us;
} SchedKeptApproval;

/** sched_slot_approvals_of_playlist: Returns: (element-type SchedKeptApproval) */
GPtrArray *sched_slot_approvals_of_playlist(SchedTxn *txn, const char *playlist,
                                            GError **error);

/**
 * sched_slot_contents_of_playlist:
 * @kept: (nullable) (element-type SchedKeptApproval): what is given back, because less sounds;
 *   special days that were approved as they stood stay so then
 *
 * After the items were changed: renews the hashes of all that names the playlist.
 */
gboolean sched_slot_contents_of_playlist(SchedTxn *txn, const char *playlist, GPtrArray *kept,
                                         GError **error);

/** sched_slot_give_back: puts an approval back in force for the content as it is now */
gboolean sched_slot_give_back(SchedTxn *txn, const SchedKeptApproval *kept, GError **error);
