/*
 * remarks.h - remarks of an answer, said in the language of the terminal.
 *
 * Flow: faults, details and refusals of the API (code and arguments) -> here -> tables.
 */
#pragma once

#include <jansson.h>

#include "content/wording.h"

/** ctl_remark_words: @remark: (nullable): JSON of a remark or fault; Returns: (transfer full):
 * "" where there is none */
char *ctl_remark_words(const json_t *remark, ContentReader reader);

/** ctl_remarks_words: @list: (nullable); Returns: (transfer full): all, joined by "; " */
char *ctl_remarks_words(const json_t *list, ContentReader reader);
