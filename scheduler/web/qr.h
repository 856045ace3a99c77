/*
 * qr.h - a text as a QR code (ISO/IEC 18004), a letter a module, for pages and terminals to
 * draw.
 *
 * Flow: an otpauth:// address or an enrolment code -> here -> rows in JSON -> the page draws an
 * SVG, loactl half blocks. Pure: libqrencode reckons, error correction M.
 */
#pragma once

#include <jansson.h>

#include "scheduler/web/answer.h"

#define SCHED_QR_MAX_BYTES   600
#define SCHED_QR_MAX_MODULES 177 /* version 40 */

/* The member `qr` of an answer. */
#define SCHED_QR_ANSWER(what)                                                                  \
    {                                                                                          \
        {.name = "qr",                                                                         \
         .kind = CONTENT_MEMBER_TEXT,                                                          \
         .is_list = TRUE,                                                                      \
         .max_count = SCHED_QR_MAX_MODULES,                                                    \
         .min = 1,                                                                             \
         .max = SCHED_QR_MAX_MODULES,                                                          \
         .unit = "",                                                                           \
         .meaning = what ": rows of 0 and 1, without the quiet zone."},                        \
            NULL                                                                               \
    }

/**
 * sched_qr_rows:
 * @text: at most SCHED_QR_MAX_BYTES
 *
 * Without the quiet zone of four modules, which whoever draws it leaves around.
 *
 * Returns: (transfer full) (nullable): an array of texts of '0' and '1', from the top; NULL:
 * too long
 */
json_t *sched_qr_rows(const char *text);
