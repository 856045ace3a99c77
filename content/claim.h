/*
 * claim.h - what a signature says it is for: the trusted comment "TYPE AUDIENCE VERSION".
 *
 * Flow: scheduler/publish and player/report write it, player/intake and scheduler read it.
 * Pure.
 *
 * The comment is covered by the signature, so type, audience and version can be judged before
 * a byte of the document is parsed. A type without an audience says "all", one without a
 * version 0; what a station signs names the station itself.
 */
#pragma once

#include <glib.h>

/* Who may sign a type: a ContentRole (0…), or one of these. */
#define CONTENT_CLAIM_ROOT    (-1) /* the root key pinned at enrolment */
#define CONTENT_CLAIM_STATION (-2) /* the station's own key */

typedef struct {
    const char *type;
    gint signer;           /* ContentRole, or CONTENT_CLAIM_ROOT, CONTENT_CLAIM_STATION */
    gboolean has_audience; /* a station id stands there, else "all" */
    gboolean has_version;  /* counted, with a floor for each key; else 0 */
} ContentClaim;

/** content_claim_find: Returns: (nullable): the row of @type; NULL if it is never signed */
const ContentClaim *content_claim_find(const char *type);

/**
 * content_claim_comment:
 * @audience: (nullable): station id; NULL for "all"
 * @version: 0 for a type that is not counted
 *
 * Returns: (transfer full): the trusted comment
 */
char *content_claim_comment(const char *type, const char *audience, gint64 version);

/**
 * content_claim_read:
 * @comment: from outside; exactly three words
 * @out_audience: (out) (transfer full): an id; "all" for everybody
 *
 * Returns: the row of the type; NULL with nothing written if @comment is no claim, its type is
 *   not known, or audience and version do not suit the type
 */
const ContentClaim *content_claim_read(const char *comment, char **out_audience,
                                       gint64 *out_version);
