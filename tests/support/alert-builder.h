/*
 * alert-builder.h - alerts and stops made by hand, all in order; see plan-builder.h.
 */
#pragma once

#include "content/alert.h"

/**
 * alert_builder_new:
 * @area: a village, or "xa" for all
 * @languages: separated by spaces; each is one part of 10 s, whose hash is
 *   plan_builder_hash("ID-LANGUAGE")
 * @issued_us: UTC
 *
 * Returns: (transfer full): a flood of severity 3, real; a wail of 3 s, once; 10 min long
 */
ContentAlert *alert_builder_new(const char *id, const char *area, const char *languages,
                                gint64 issued_us);

/**
 * alert_builder_live:
 * @id: of 26 characters
 * @station: (nullable): whose microphone; NULL: the district's
 *
 * Returns: (transfer full): as alert_builder_new(), spoken live
 */
ContentAlert *alert_builder_live(const char *id, const char *area, const char *station,
                                 gint64 issued_us);

/** alert_builder_stop: @alert, @area: (nullable): see ContentStop */
ContentStop *alert_builder_stop(const char *id, const char *alert, const char *area,
                                gint64 issued_us);

/** alert_builder_copy, _copy_stop: Returns: (transfer full): as a document that was read */
ContentAlert *alert_builder_copy(const ContentAlert *alert);
ContentStop *alert_builder_copy_stop(const ContentStop *stop);
