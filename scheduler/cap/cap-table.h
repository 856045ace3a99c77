/*
 * cap-table.h - the elements of a CAP message, in their order: one table for reading, writing
 * and freeing. For cap*.c only.
 */
#pragma once

#include "scheduler/cap/cap.h"

typedef enum {
    CAP_TEXT,       /* char *: any text */
    CAP_TEXTS,      /* GPtrArray of char *: the element any number of times */
    CAP_NAME,       /* char *: no space, comma, '<' or '&' (§3.2.1, identifier and sender) */
    CAP_TIME,       /* gint64, µs; 0: not there */
    CAP_SIZE,       /* gint64, bytes; -1: not there */
    CAP_WORD,       /* enum: one of words[] */
    CAP_WORDS,      /* guint: a bit for each of words[] that is there */
    CAP_REFERENCES, /* GPtrArray of SchedCapReference: "sender,identifier,sent …" */
    CAP_PARTS,      /* GPtrArray of structures: the element any number of times */
} CapKind;

typedef struct CapPart CapPart;

typedef struct {
    const char *name;
    CapKind kind;
    gsize offset;             /* in the structure */
    guint least;              /* how often it must be there */
    guint most;               /* how often it may be: the standard's one, or a limit of ours */
    guint max_bytes;          /* of the text of one */
    const char *const *words; /* of CAP_WORD and CAP_WORDS, in the order of the enum */
    const CapPart *part;      /* of CAP_PARTS */
} CapMember;

struct CapPart {
    const char *name; /* of the element */
    gsize size;       /* of the structure */
    const CapMember *members;
    guint n_members;
};

/** cap_alert: the outermost element; SchedCap */
extern const CapPart cap_alert;

/** cap_part_new: Returns: (transfer full): the structure of @part with its empty arrays */
gpointer cap_part_new(const CapPart *part);

/** cap_add_part: Returns: (transfer none): one more structure at the end of @member's array */
gpointer cap_add_part(gpointer owner, const CapMember *member);

/** cap_array: Returns: (transfer none): the array of an array's @member in @owner */
GPtrArray *cap_array(gconstpointer owner, const CapMember *member);

/**
 * cap_check:
 * @where: (nullable): "info 2", for the message
 *
 * Judges what no single element tells: that everything needed is there and no more of it than
 * may be, and what a scope asks for.
 */
gboolean cap_check(const CapPart *part, gconstpointer owner, const char *where, GError **error);

/** cap_check_text: whether one text may be @member: length, UTF-8, no control characters */
gboolean cap_check_text(const CapMember *member, const char *text, const char *where,
                        GError **error);

/** cap_parse_time: "2026-11-23T21:02:35+07:00"; @offset_s: (out) (optional) */
gboolean cap_parse_time(const char *text, gint64 *us, int *offset_s);

/** cap_reference_free: */
void cap_reference_free(gpointer reference);
