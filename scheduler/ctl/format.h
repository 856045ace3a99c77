/*
 * format.h - one value of an answer, in words for a person or plain for a spreadsheet.
 *
 * Flow: render.h -> here. Pure: language and time zone come in.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "content/wording.h"

/* For whom something is shown. */
typedef struct {
    ContentReader reader;
    GTimeZone *zone;   /* (not owned) (nullable): the district's; NULL: UTC, and it says so */
    gboolean is_plain; /* for a spreadsheet: codes and numbers, the same in every language */
} CtlView;

/* How a member is shown; behind the arrow as a person sees it, then in CSV. */
typedef enum {
    CTL_AS_TEXT,     /* texts and numbers as they are, lists joined by spaces, flags yes / no */
    CTL_AS_WORD,     /* a code -> its word; the code */
    CTL_AS_TIME,     /* µs UTC -> 23/11/2026 05:30:00 in the zone; 2026-11-23T05:30:00.000 */
    CTL_AS_DURATION, /* µs -> 1:23.4; seconds */
    CTL_AS_DB,       /* 1/1000 dB -> -23.1 dB; -23.1 */
    CTL_AS_BYTES,    /* -> 1.4 MB; the number */
    CTL_AS_CLOCK,    /* minutes after midnight -> 05:30 */
    CTL_AS_WEEKDAYS, /* bits from Monday -> T2-T6, CN; mon-fri, sun */
    CTL_AS_REASON,   /* a text, and nothing for "none" */
    CTL_AS_REMARKS,  /* a remark or a list of them -> sentences; codes with their arguments */
} CtlFormat;

/**
 * ctl_format:
 * @value: of an answer; null and an empty duration are ""
 *
 * Returns: (transfer full)
 */
char *ctl_format(const json_t *value, CtlFormat format, const CtlView *view);
