/*
 * slots.h - a playlist, where, when and how often; and what is different on one date.
 *
 * Flow: editor places -> a second person approves the content's hash -> plan/ expands it.
 *
 * Held by the database itself: nobody approves a slot that they, or whose playlist they, ever
 * changed; any change takes the approval away, except one that only makes less sound.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_SLOT_MAX_TARGETS    256
#define SCHED_SLOT_MAX_DATES      366
#define SCHED_SLOT_MAX_RULE_BYTES 200
#define SCHED_SLOT_MAX_NOTE_BYTES 2000

typedef enum {
    SCHED_POLICY_EACH,  /* every language a zone lists, in its order */
    SCHED_POLICY_FIRST, /* only the first it has */
} SchedLanguagePolicy;
extern const char *const sched_language_policy_words[];

typedef enum {
    SCHED_ORDER_ITEM,     /* an item in all languages, then the next item */
    SCHED_ORDER_LANGUAGE, /* all items in one language, then the next language */
} SchedBlockOrder;
extern const char *const sched_block_order_words[];

/* An area with all below it, or one zone of a station. */
typedef struct {
    char *area;    /* (owned): "" for a zone */
    char *station; /* (owned): "" for an area */
    char *zone;    /* (owned): "" for an area */
} SchedTargetRow;
void sched_target_row_free(SchedTargetRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTargetRow, sched_target_row_free)

typedef struct {
    char *id;           /* (owned) */
    char *name;         /* (owned) */
    char *home;         /* (owned): area whose editors and approvers it belongs to */
    char *playlist;     /* (owned) */
    gint class_;        /* ContentClass; not khan_cap */
    char *tzid;         /* (owned) */
    char *first_date;   /* (owned): local date from which the rule counts */
    gint64 local_min;   /* minutes after local midnight, 0 … 1439 */
    gint64 local_s;     /* and seconds, 0 … 59 */
    char *rule;         /* (owned): checked RRULE text; "": first_date alone */
    char *until;        /* (owned) (nullable): last local date */
    gint64 length_s;    /* what would end after it is not started; 0: as long as it takes */
    gint64 make_up_min; /* what was missed is made up before this minute of the date, 0 … 1440;
                           0: not by itself */
    gint64 priority;    /* 0 … 100; within a class the higher goes first */
    gint64 gain_mdb;    /* ≤ 0 */
    gint policy;        /* SchedLanguagePolicy */
    gint order;         /* SchedBlockOrder */
    gboolean stopped;   /* plays no more; needs nobody's approval */
    char *author;       /* (owned): who last changed it: set by the store */
    char *content;      /* (owned): hash of the content with its playlist: set by the store */
    char *approved;     /* (owned) (nullable): the hash approved, equal to content while in
                           force: set by the store */
    char *approver;     /* (owned) (nullable): set by the store */
    gint64 approved_us;          /* set by the store */
    gint64 revision, changed_us; /* set by the store */
    char *returned; /* (owned) (nullable): the hash, if it is sent back as it stands: set by the
                       store */
    char *note;     /* (owned) (nullable): why it is: set by the store */
    GPtrArray *targets;   /* (owned) (element-type SchedTargetRow) */
    GPtrArray *dates_in;  /* (owned) (element-type utf8): extra local dates */
    GPtrArray *dates_out; /* (owned) (element-type utf8): local dates left out */
} SchedSlotRow;
void sched_slot_row_free(SchedSlotRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSlotRow, sched_slot_row_free)

/** sched_slot_row_is_live: Returns: approved as it stands, and not stopped */
gboolean sched_slot_row_is_live(const SchedSlotRow *slot);

/*
 * What is different on one date. A cancelled date stays silent, whatever is proposed for it,
 * until a second person approves the proposal, and one whose approval is lost becomes silent; a
 * date that was neither cancelled nor approved sounds as the slot says until then.
 */
typedef struct {
    char *slot;         /* (owned) */
    char *date;         /* (owned): local date of the occurrence */
    char *playlist;     /* (owned) (nullable): NULL: cancelled on that date */
    char *proposed;     /* (owned) (nullable): playlist to be approved or approved: set by the
                           store */
    char *author;       /* (owned): set by the store */
    char *content;      /* (owned): hash: set by the store */
    char *approver;     /* (owned) (nullable): set by the store; a cancellation needs none */
    gint64 approved_us; /* set by the store */
    char *returned; /* (owned) (nullable): the hash, if it is sent back as it stands: set by the
                       store */
    char *note;     /* (owned) (nullable): why it is: set by the store */
} SchedOverrideRow;
void sched_override_row_free(SchedOverrideRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOverrideRow, sched_override_row_free)

/** sched_override_row_is_live: Returns: a cancellation (no playlist), or approved */
gboolean sched_override_row_is_live(const SchedOverrideRow *override);

#define SCHED_AREA_MAX_CHOICES 200

/* How a commune orders slots that clash within one class: lower ranks go first. */
typedef struct {
    char *area; /* (owned) */
    char *slot; /* (owned) */
    gint64 rank;
} SchedChoiceRow;
void sched_choice_row_free(SchedChoiceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedChoiceRow, sched_choice_row_free)

/** sched_store_slot_check: what is refused of a slot by itself, whatever else there is: INVALID
 */
gboolean sched_store_slot_check(const SchedSlotRow *slot, GError **error);

/**
 * sched_store_slot_put:
 * @expect_revision: what the caller read; 0: it must be new; -1: whatever it is
 *
 * The rule was checked by plan/ before. Stations of the old and new targets go to the outbox.
 */
gboolean sched_store_slot_put(SchedTxn *txn, const SchedSlotRow *slot, gint64 expect_revision,
                              GError **error);

/**
 * sched_store_slot_put_for:
 * @author: whose slot it is, though another's act makes it: all that is in it is theirs, and
 *   what is reckoned now (its time) is nobody's choice
 */
gboolean sched_store_slot_put_for(SchedTxn *txn, const SchedSlotRow *slot, const char *author,
                                  gint64 expect_revision, GError **error);

/** sched_store_slot_get: Returns: (transfer full): NULL: there is none, or it cannot be read */
SchedSlotRow *sched_store_slot_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_slot_list: @area: (nullable): home in this area or below; by time and id */
GPtrArray *sched_store_slot_list(SchedTxn *txn, const char *area, GError **error);

/** sched_store_slot_list_for_station: Returns: slots with a target that reaches one of its
 * zones, but for those that are stopped, or were over for two days at @now_us */
GPtrArray *sched_store_slot_list_for_station(SchedTxn *txn, const char *station, gint64 now_us,
                                             GError **error);

/** sched_store_slot_station_sql: what it asks, for who looks at what that costs */
const char *sched_store_slot_station_sql(void);

/** sched_store_slot_stop: silence at once, by one person */
gboolean sched_store_slot_stop(SchedTxn *txn, const char *id, GError **error);

/** sched_store_slot_approve: @content: the hash the approver saw; CONFLICT if it is another now
 */
gboolean sched_store_slot_approve(SchedTxn *txn, const char *id, const char *content,
                                  GError **error);

/** sched_store_slot_return: back to its author, with @note: why; takes the approval away, if it
 * has one. @content: the hash that was seen; CONFLICT if it is another now */
gboolean sched_store_slot_return(SchedTxn *txn, const char *id, const char *content,
                                 const char *note, GError **error);

/**
 * sched_store_slot_text: what an approval of the slot covers, as text
 *
 * A line a fact, "name value", lists sorted, items in order; its SHA-256 is the slot's content.
 */
char *sched_store_slot_text(SchedTxn *txn, const SchedSlotRow *slot, GError **error);

/** sched_store_slot_approved_text: @out_text: (transfer full): the text that was last approved,
 * even if it no longer is; NULL: none ever was */
gboolean sched_store_slot_approved_text(SchedTxn *txn, const char *id, char **out_text,
                                        GError **error);

/** sched_store_override_put: @override: slot, date and playlist; NULL cancels */
gboolean sched_store_override_put(SchedTxn *txn, const SchedOverrideRow *override,
                                  GError **error);
gboolean sched_store_override_approve(SchedTxn *txn, const char *slot, const char *date,
                                      const char *content, GError **error);

/** sched_store_override_return: as sched_store_slot_return(); one that was approved is silence
 * then */
gboolean sched_store_override_return(SchedTxn *txn, const char *slot, const char *date,
                                     const char *content, const char *note, GError **error);

/** sched_store_override_remove: RULE for a cancelled or approved date: that would make sound
 * alone; the way back is the slot's own playlist, approved for that date */
gboolean sched_store_override_remove(SchedTxn *txn, const char *slot, const char *date,
                                     GError **error);

/** sched_store_override_list: @slot: (nullable): NULL: of all slots; by slot and date */
GPtrArray *sched_store_override_list(SchedTxn *txn, const char *slot, GError **error);

/** sched_store_choices_set: @slots: (element-type utf8): most important first; replace the
 * area's */
gboolean sched_store_choices_set(SchedTxn *txn, const char *area, GPtrArray *slots,
                                 GError **error);

/** sched_store_choice_list: Returns: (element-type SchedChoiceRow): by area and rank */
GPtrArray *sched_store_choice_list(SchedTxn *txn, GError **error);
