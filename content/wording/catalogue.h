/*
 * catalogue.h - a table a language, from keys to sentences.
 *
 * Flow: vi.c and en.c hold them -> wording.c looks them up, nobody else. Pure.
 */
#pragma once

#include <stddef.h>

typedef struct {
    const char *key; /* "fault.board_silent", "reason.no_power" */
    const char *text;
} ContentWording;

/* Ended by a row without a key; both hold the same keys in the same order. */
extern const ContentWording content_wording_vi[];
extern const ContentWording content_wording_en[];
