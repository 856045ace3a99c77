/*
 * sign.h - documents of the district, written, signed and named.
 *
 * Flow: round.h (manifests), hearing.h (acknowledgements, time), publisher.h (enquiries) and
 * desk.h (keys) -> here -> store and link. Pure.
 */
#pragma once

#include "content/document.h"
#include "content/seal.h"
#include "scheduler/store/issues.h"

/**
 * sched_sign:
 * @audience: station id
 * @version: 0 for a type that is not counted
 * @document: a struct of @type
 *
 * Returns: (transfer full): canonical bytes with their hash and one signature, ready to be kept
 */
SchedDocumentRow *sched_sign(const ContentSealKey *key, const ContentDocumentType *type,
                             const char *audience, gint64 version, gconstpointer document,
                             GError **error);

/** sched_sign_split: Returns: (transfer full): the row of an envelope that is signed already */
SchedDocumentRow *sched_sign_split(const ContentDocumentType *type, GBytes *envelope,
                                   GError **error);

/** sched_sign_envelope: Returns: (transfer full): as @row travels; NULL if it has no signature
 */
GBytes *sched_sign_envelope(const SchedDocumentRow *row);
