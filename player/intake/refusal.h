/*
 * refusal.h - why something from the district was refused, as a remark for its record.
 *
 * Flow: errors of verify.h, fetch.h and database.h -> here -> record, report. Pure.
 */
#pragma once

#include "content/remark.h"

/**
 * play_refusal_of:
 * @what: document type, "object" or "documents"; becomes the subject
 * @error: why; what no code says of it goes along as free words
 *
 * Returns: (transfer full)
 */
ContentRemark *play_refusal_of(const char *what, const GError *error);
