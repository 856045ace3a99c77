/*
 * scratch.h - a folder of a test's own, gone when the test is over.
 */
#pragma once

#include <glib.h>

/** test_scratch_new: Returns: (transfer full): an empty folder, mode 0700 */
char *test_scratch_new(void);

/** test_scratch_free: @folder: (nullable) (transfer full): removed with all it holds */
void test_scratch_free(char *folder);
