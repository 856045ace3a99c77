/*
 * reader.h - in which language whoever started this program reads.
 *
 * Flow: programs of the terminal (loactl, loa-gateway probe and test) ask once -> wording.h.
 */
#pragma once

#include "content/wording.h"

/** content_reader_here: Returns: by the environment's LC_ALL, LC_MESSAGES and LANG */
ContentReader content_reader_here(void);
