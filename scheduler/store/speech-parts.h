/*
 * speech-parts.h - what was said into a station's own microphone, file by file, as its player
 * kept it.
 *
 * Flow: web/api-spoken.c takes a file from a station -> the object store, and a row here in the
 * same act -> shown with its alert. The station's record of kind speech_kept names the same
 * file: that is the evidence, signed by its own key.
 */
#pragma once

#include "scheduler/store/speeches.h"

/* Of one alert: an hour is 15, and each death or interruption begins another. */
#define SCHED_SPEECH_MAX_PARTS 64

typedef struct {
    char *alert, *object; /* (owned): object: SHA-256 */
    gint64 from_us;       /* UTC by the station's clock */
    gint64 duration_us;
    gint64 kept_us;       /* when it came; set by the store */
    gboolean is_recorded; /* a record of that station names it; set by the store */
} SchedSpeechPartRow;
void sched_speech_part_row_free(SchedSpeechPartRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSpeechPartRow, sched_speech_part_row_free)

/** sched_store_speech_part_expected: is one more to come from @station at @alert? NOT_FOUND: no
 * alert is spoken there; INVALID: it has as many as there may be, and @object is none of them
 */
gboolean sched_store_speech_part_expected(SchedTxn *txn, const char *station, const char *alert,
                                          const char *object, GError **error);

/** sched_store_speech_part_add: one that is there already stays as it is. Audited */
gboolean sched_store_speech_part_add(SchedTxn *txn, const SchedSpeechPartRow *part,
                                     GError **error);

/** sched_store_speech_parts: Returns: (transfer full) (element-type SchedSpeechPartRow): as
 * they were said */
GPtrArray *sched_store_speech_parts(SchedTxn *txn, const char *alert, GError **error);
