/*
 * pages.h - pages for people: files that were built into the program.
 *
 * Flow: the owner asks for every path that is not of its API -> here. All files but the first
 * one lie below /pages/VERSION/, VERSION being the hash of them all: a browser keeps them for
 * good, and a newer program names others.
 * Thread: any; constant after content_pages_new().
 */
#pragma once

#include "content/web/call.h"

typedef struct ContentPages ContentPages;

/**
 * content_pages_new:
 * @files: (not owned): what is built into the program
 * @root: (not owned): the folder in it, with a slash at its end
 *
 * Reads, packs and hashes them once.
 */
ContentPages *content_pages_new(GResource *files, const char *root);

/** content_pages_free: @self: (nullable) (transfer full) */
void content_pages_free(ContentPages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentPages, content_pages_free)

/** content_pages_version: Returns: (transfer none): the hash in the addresses, 16 digits */
const char *content_pages_version(ContentPages *self);

/**
 * content_pages_answer:
 * @call: a request whose header is there
 *
 * Answers with a page if the path names one: 200, 304 by If-None-Match, 405 for another method
 * than GET and HEAD.
 *
 * Returns: whether the call was answered
 */
gboolean content_pages_answer(ContentPages *self, ContentCall *call);
