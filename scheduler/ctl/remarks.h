/*
 * remarks.h - remarks of an answer, said in the language of whoever reads the table.
 *
 * Flow: faults, details, refusals and troubles of the API (code and arguments) -> here ->
 * tables.
 */
#pragma once

#include "scheduler/ctl/format.h"

/**
 * ctl_remark_words:
 * @remark: (nullable): JSON of a remark or fault
 *
 * Returns: (transfer full): a sentence, or for a spreadsheet the code with its arguments; ""
 *   where there is none
 */
char *ctl_remark_words(const json_t *remark, const CtlView *view);

/** ctl_remarks_words: @list: (nullable); Returns: (transfer full): all, joined by "; " */
char *ctl_remarks_words(const json_t *list, const CtlView *view);
