/*
 * reader.h - in which language whoever started this program reads.
 *
 * Flow: programs of the terminal (loactl, loa-gateway probe and test) ask -> wording.h.
 */
#pragma once

#include "content/wording.h"

/* "vi" or "en". */
#define CONTENT_READER_VARIABLE "LOA_LANG"

/**
 * content_reader_here:
 *
 * The locale is not asked: a Raspberry Pi in Gia Lai says en_GB or C, because that is what its
 * image came with, and its technician reads Vietnamese. The pages choose in the same way.
 *
 * Returns: English if $LOA_LANG says so, else Vietnamese
 */
ContentReader content_reader_here(void);
