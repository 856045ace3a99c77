/*
 * csv.h - lines of comma-separated values (RFC 4180) with the line each began on.
 *
 * Flow: imports. Pure. Private to store/.
 */
#pragma once

#include <glib.h>

/* A field longer than this is an error, so that one open quote cannot swallow a file. */
#define SCHED_CSV_MAX_FIELD_BYTES 4096
#define SCHED_CSV_MAX_FIELDS      32

typedef struct {
    const char *text;
    gsize n_bytes;
    gsize at;
    gint64 line; /* of the row read last, from 1 */
    gint64 next_line;
} SchedCsv;

/** sched_csv_begin: @text: UTF-8; a byte order mark is skipped */
void sched_csv_begin(SchedCsv *csv, const char *text, gsize n_bytes);

/**
 * sched_csv_next:
 *
 * Empty lines are skipped.
 *
 * Returns: (transfer full) (element-type utf8): the fields of the next row; NULL at the end, or
 *   with @error (SCHED_STORE_ERROR_INVALID) that names the line
 */
GPtrArray *sched_csv_next(SchedCsv *csv, GError **error);
