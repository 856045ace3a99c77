/*
 * parts.h - the stretches of a segment that one zone heard, kept by time and few.
 *
 * Flow: output -> run.c adds what is heard, ledger.c what was heard before a restart ->
 * records. Pure.
 *
 * A list is a GPtrArray of ContentPart by from_us, at most CONTENT_RECORD_MAX_PARTS of them.
 */
#pragma once

#include "content/record.h"

/* What an output sounded of one item; instants are monotonic. */
typedef struct {
    gint64 start_us, end_us; /* of its samples at the PCM; start 0: none left */
    gint64 level_mdb;        /* RMS of all; absent: G_MININT64 */
    gint64 peak_mdb;
    gint64 silent_us;  /* invented within it */
    gboolean is_late;  /* some of that because the source was not ready */
    gint64 missing_us; /* the source was over so long before the plan */
    /* Of a live source: without sound so long, for silence or nothing came; the spare's share
     */
    gint64 source_silent_us, source_gone_us, spare_us;
    gint64 n_lost;    /* of live speech: frames that never came */
    gint64 n_refused; /* and those that came and were none of it */
} PlayHeard;

/** play_part_take_level: @is_newest: what @heard tells of silence belongs to this part */
void play_part_take_level(ContentPart *part, const PlayHeard *heard, gboolean is_newest);

/** play_parts_new: Returns: (transfer full) (element-type ContentPart): an empty list */
GPtrArray *play_parts_new(void);

/**
 * play_parts_add:
 * @part: (transfer full)
 *
 * One that begins when another does is the same part: the longer stays. In a full list the last
 * two are joined, and what lies between them counts as silence; nothing of them is forgotten.
 */
void play_parts_add(GPtrArray *parts, ContentPart *part);

/** play_parts_add_all: copies of @more, moved by @offset_us */
void play_parts_add_all(GPtrArray *parts, const GPtrArray *more, gint64 offset_us);

/** play_parts_heard_us: Returns: how long they are together, without the silence between them
 */
gint64 play_parts_heard_us(const GPtrArray *parts);

/** play_parts_longest: Returns: (transfer none): of a list that is not empty */
const ContentPart *play_parts_longest(const GPtrArray *parts);
