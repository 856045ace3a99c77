/*
 * announcements.h - announcements, their language versions, and the approval that frees them.
 *
 * Flow: editor writes (draft) -> reviewer checks each language -> approver approves each
 * version -> playlists name the announcement.
 *
 * Held by the database itself, whoever writes: nobody approves what they wrote, announced or
 * recorded; nobody checks the language of what they announced or wrote; a change of audio,
 * script, voice or address takes check and approval away; a change of title, source, class,
 * areas or validity takes the approval away, and so does a signal's ceasing to be music;
 * khan_cap is no class of an announcement.
 */
#pragma once

#include "content/exchange.h"
#include "content/manifest.h"
#include "scheduler/store/db.h"

#define SCHED_ANNOUNCEMENT_MAX_TITLE_BYTES 400
#define SCHED_ANNOUNCEMENT_MAX_VERSIONS    16
#define SCHED_ANNOUNCEMENT_MAX_AREAS       64
#define SCHED_VERSION_MAX_SCRIPT_BYTES     65536

typedef enum {
    SCHED_ANNOUNCEMENT_BULLETIN, /* words, in several languages */
    SCHED_ANNOUNCEMENT_SIGNAL,   /* a gong, a tune: one version without language */
    SCHED_ANNOUNCEMENT_MUSIC,    /* the same, left out on special days without music */
    SCHED_ANNOUNCEMENT_PHRASE,   /* words as in a bulletin, for alerts alone */
    SCHED_ANNOUNCEMENT_STREAM,   /* a radio on the net; a version has its address and a spare */
    SCHED_ANNOUNCEMENT_LINE_IN,  /* an input of the stations, for instance of a tuner; the same
                                  */
} SchedAnnouncementKind;
extern const char *const sched_announcement_kind_words[];

typedef struct {
    char *id;            /* (owned) */
    gint kind;           /* SchedAnnouncementKind */
    char *title;         /* (owned) */
    char *category;      /* (owned): a word of the district's list, may be "" */
    gint class_;         /* ContentClass: the highest it may be played as */
    char *source_number; /* (owned): of the document it comes from */
    char *source_issuer; /* (owned) */
    char *source_date;   /* (owned): local date */
    gint64 valid_from_us, valid_until_us;
    char *home;                    /* (owned): area whose editors and approvers it belongs to */
    gboolean withdrawn;            /* plays no more; needs nobody's approval */
    char *author;                  /* (owned): who made it: set by the store */
    gint64 created_us, changed_us; /* set by the store */
    gint64 revision;               /* counts up with each change: set by the store */
    GPtrArray *areas; /* (owned) (element-type utf8): where it may sound, subtrees included */
} SchedAnnouncementRow;
void sched_announcement_row_free(SchedAnnouncementRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAnnouncementRow, sched_announcement_row_free)

typedef enum {
    SCHED_VERSION_DRAFT,
    SCHED_VERSION_CHECKED,  /* its language was checked */
    SCHED_VERSION_APPROVED, /* may sound */
    SCHED_VERSION_RETURNED, /* sent back, see note */
} SchedVersionState;
extern const char *const sched_version_state_words[];

typedef struct {
    char *id;             /* (owned) */
    char *announcement;   /* (owned) */
    char *language;       /* (owned) (nullable): tag; NULL for a signal */
    char *object;         /* (owned) (nullable): SHA-256 of the audio; NULL: not yet there */
    char *script;         /* (owned) (nullable): the text, repaired */
    char *script_hash;    /* (owned) (nullable): of the text's bytes: set by the store */
    char *announcer;      /* (owned) (nullable): account id of the voice, where it has one */
    char *announcer_name; /* (owned): of the voice, in words; with an account its name */
    gint state;           /* SchedVersionState: set by the store */
    char *author;         /* (owned): who last changed audio or script: set by the store */
    char *checker;        /* (owned) (nullable): set by the store */
    gint64 checked_us;    /* set by the store */
    char *approval; /* (owned) (nullable): hash of the approval in force: set by the store */
    char *note;     /* (owned): why it was sent back */
    gint64 created_us, changed_us; /* set by the store */
    char *uploader;      /* (owned) (nullable): who brought the audio: set by the store */
    char *uploader_name; /* (owned) (nullable): set by the store */
    gboolean behalf;     /* brought for a voice that is somebody else's: set by the store */
    char *address;       /* (owned) (nullable): of a source, and of that alone:
                          * source-address.h; its audio is the spare */
    gboolean no_state_secret; /* declared by its author: set by the store */
} SchedVersionRow;
void sched_version_row_free(SchedVersionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedVersionRow, sched_version_row_free)

/* A statement a second person made, with the signatures beside it. */
typedef struct {
    char *hash;         /* (owned): SHA-256 of document */
    char *announcement; /* (owned) */
    char *version;      /* (owned) */
    char *object;       /* (owned) */
    char *script_hash;  /* (owned) (nullable) */
    char *approver;     /* (owned) */
    gint64 approved_us;
    gint64 voided_us;         /* 0: in force */
    gboolean no_state_secret; /* declared by the approver; FALSE from before it was asked for */
    gint64 heard_us;          /* when they had heard it to the end; 0: before that was kept */
    char *script;             /* (owned) (nullable): as it was approved */
    GBytes *document;         /* (owned): content_approval_type */
    GPtrArray *signatures;    /* (owned) (element-type ContentSignature) */
} SchedApprovalRow;
void sched_approval_row_free(SchedApprovalRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedApprovalRow, sched_approval_row_free)

/**
 * sched_store_announcement_put:
 * @expect_revision: what the caller read; 0: it must be new; -1: whatever it is
 *
 * Title and fields arrive repaired. A change puts the stations it concerns into the outbox.
 */
gboolean sched_store_announcement_put(SchedTxn *txn, const SchedAnnouncementRow *announcement,
                                      gint64 expect_revision, GError **error);
SchedAnnouncementRow *sched_store_announcement_get(SchedTxn *txn, const char *id,
                                                   GError **error);

/* Which announcements a list is to hold; NULL: whichever. */
typedef struct {
    const char *area;     /* home in this area or below */
    const char *search;   /* in title or source, or words of a script: search.h */
    const char *category; /* exactly this */
    const char *class_;   /* a word of content_class_words */
    const char *state;    /* a version is so far (a word of sched_version_state_words), or
                             SCHED_ANNOUNCEMENT_WITHDRAWN */
    const char *lacks;    /* a bulletin for people, without a version in this language */
    const char *after;    /* the page begins behind this id */
    const char *seer;     /* at home where this account sees it … */
    gint64 now_us;        /* … at this time */
} SchedAnnouncementFilter;
#define SCHED_ANNOUNCEMENT_WITHDRAWN "withdrawn"

/**
 * sched_store_announcement_list:
 * @limit: 1 … 500
 *
 * Returns: (element-type SchedAnnouncementRow): newest first
 */
GPtrArray *sched_store_announcement_list(SchedTxn *txn, const SchedAnnouncementFilter *filter,
                                         gint64 limit, GError **error);

/** sched_store_announcement_withdraw: silence at once, by one person; its stations to the
 * outbox */
gboolean sched_store_announcement_withdraw(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_version_put: makes or changes; only the members not marked "set by the store"
 *
 * INVALID: a recording in a language that is wanted of somebody (wanted.h), without a word on
 * whose voice it is.
 */
gboolean sched_store_version_put(SchedTxn *txn, const SchedVersionRow *version, GError **error);
SchedVersionRow *sched_store_version_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_version_list: @announcement: (nullable): NULL: all, by announcement and language
 */
GPtrArray *sched_store_version_list(SchedTxn *txn, const char *announcement, GError **error);

/** sched_store_version_remove: IN_USE once it was approved */
gboolean sched_store_version_remove(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_version_check:
 * @object: @script_hash: (nullable): what the reviewer heard and read; CONFLICT if it is no
 *   longer that
 *
 * The actor vouches for the language.
 */
gboolean sched_store_version_check(SchedTxn *txn, const char *id, const char *object,
                                   const char *script_hash, GError **error);

/** sched_store_version_return: @note: why; takes check and approval away */
gboolean sched_store_version_return(SchedTxn *txn, const char *id, const char *note,
                                    GError **error);

/**
 * sched_store_approval_build:
 * @object: @script_hash: (nullable): what the approver heard and read; CONFLICT if it is no
 *   longer that
 *
 * Returns: (transfer full): the statement the actor makes at the transaction's instant, as
 *   canonical bytes, to be signed and handed to sched_store_approval_add() in the same work
 */
GBytes *sched_store_approval_build(SchedTxn *txn, const char *version, const char *object,
                                   const char *script_hash, GError **error);

/**
 * sched_store_approval_add:
 * @document: from sched_store_approval_build(), byte for byte
 * @signatures: (element-type ContentSignature): at least one
 *
 * RULE if the actor wrote, announced or recorded it, or if the language is not checked.
 */
gboolean sched_store_approval_add(SchedTxn *txn, const char *version, GBytes *document,
                                  GPtrArray *signatures, GError **error);

/** sched_store_approval_get: @hash: of its document; NOT_FOUND if there is none */
SchedApprovalRow *sched_store_approval_get(SchedTxn *txn, const char *hash, GError **error);

/** sched_store_approval_last: the newest of a version, in force or void, without its document;
 * NOT_FOUND if it was never approved */
SchedApprovalRow *sched_store_approval_last(SchedTxn *txn, const char *version, GError **error);

/**
 * sched_store_approval_list:
 *
 * Returns: (transfer full) (element-type SchedApprovalRow): all in force of announcements that
 *   are not withdrawn, by hash; with documents and signatures
 */
GPtrArray *sched_store_approval_list(SchedTxn *txn, GError **error);
/** sched_store_approval_list_of: those of one announcement */
GPtrArray *sched_store_approval_list_of(SchedTxn *txn, const char *announcement,
                                        GError **error);

/* Who signs approvals anew, after a key was lost or is about to end. */
typedef struct {
    const char *key; /* its id */
    /* Returns: (transfer full): beside @document */
    ContentSignature *(*sign)(GBytes *document, gpointer data);
    gpointer data;
} SchedResign;

/* Looked at in one transaction: some 50 ms, after which others have their turn. */
#define SCHED_RESIGN_STEP 100

/** sched_store_approvals_check_audit: RULE if the audit, which says what was approved, was
 * altered; of five years it takes seconds, so it is for a reading transaction */
gboolean sched_store_approvals_check_audit(SchedTxn *txn, GError **error);

/**
 * sched_store_approvals_resign:
 * @after: hash of the last approval that was looked at; "": none was
 * @out_after: (out) (transfer full) (nullable): the same for the next step; NULL: all were
 * @n_signed: (inout): one more for each that has a signature by the key and had none
 * @refused: (element-type utf8): receives a sentence for each that was left as it is
 *
 * A step of at most SCHED_RESIGN_STEP. Only what was released in the open is signed: the
 * approval is in force, its statement is what the rows say word for word, and the audit has the
 * approver's act with this hash. Each signature is an audit row of its own.
 */
gboolean sched_store_approvals_resign(SchedTxn *txn, const SchedResign *wish, const char *after,
                                      char **out_after, gint64 *n_signed, GPtrArray *refused,
                                      GError **error);
