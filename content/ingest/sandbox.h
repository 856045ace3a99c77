/*
 * sandbox.h - what a process that decodes strangers' files may still do: very little.
 *
 * Flow: loa-ingest opens its files, loa-decode (player/decode) gets its pipes ->
 * content_ingest_confine() -> decodes. Port.
 *
 * No network, no other program, no tracing, no new privileges (seccomp); no file but the
 * plug-ins and the ones already open (Landlock, where the kernel has it); bounded memory,
 * processor time and file size.
 */
#pragma once

#include <glib.h>

#define CONTENT_INGEST_ERROR (content_ingest_error_quark())
GQuark content_ingest_error_quark(void);

typedef enum {
    CONTENT_INGEST_ERROR_REFUSED, /* the file: not audio, damaged, too long, silent; in words */
    CONTENT_INGEST_ERROR_FAILED,  /* us: no space, no plug-in, killed, out of time */
} ContentIngestError;

typedef struct {
    guint64 memory_bytes;
    guint64 processor_s;
    guint64 file_bytes; /* largest file it may write */
} ContentIngestLimits;

/**
 * content_ingest_confine:
 * @first_fd: a file that may be opened again by its name, for reading; -1: none
 * @second_fd: another one
 *
 * Cannot be undone; to be called before the first byte from outside is looked at.
 */
gboolean content_ingest_confine(const ContentIngestLimits *limits, int first_fd, int second_fd,
                                GError **error);
