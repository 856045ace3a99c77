/*
 * pages.h - the pages of the desk: files that pages/bundle.py built into the program.
 *
 * Flow: api-find.c asks for every path that is not below /api/ -> here. All files but the first
 * one lie below /pages/VERSION/, VERSION being the hash of them all: a browser keeps them for
 * good, and a newer program names others.
 * Thread: any; constant after sched_pages_new().
 */
#pragma once

#include "scheduler/web/call.h"

typedef struct SchedPages SchedPages;

/** sched_pages_new: reads the files in the program, packs and hashes them once */
SchedPages *sched_pages_new(void);

/** sched_pages_free: @self: (nullable) (transfer full) */
void sched_pages_free(SchedPages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPages, sched_pages_free)

/** sched_pages_version: Returns: (transfer none): the hash in the addresses, 16 digits */
const char *sched_pages_version(SchedPages *self);

/**
 * sched_pages_answer:
 * @call: a request whose header is there
 *
 * Answers with a page if the path names one: 200, 304 by If-None-Match, 405 for another method
 * than GET and HEAD.
 *
 * Returns: whether the call was answered
 */
gboolean sched_pages_answer(SchedPages *self, SchedCall *call);
