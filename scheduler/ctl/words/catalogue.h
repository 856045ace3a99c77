/*
 * catalogue.h - what loactl says: a table a language, from keys to sentences.
 *
 * Flow: vi.c and en.c hold them -> words.c looks them up, nobody else. Pure.
 *
 * A row has the shape of content/wording/catalogue.h. Both tables hold the same keys in the
 * same order, and a sentence names the same {arguments} in both.
 */
#pragma once

#include "content/wording/catalogue.h"

extern const ContentWording ctl_words_vi[];
extern const ContentWording ctl_words_en[];
