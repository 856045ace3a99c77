/* scratch.c - see scratch.h */
#define _XOPEN_SOURCE 700
#include "tests/support/scratch.h"

#include <ftw.h>
#include <stdio.h>

char *
test_scratch_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("loa-test-XXXXXX", &error);

    g_assert_no_error(error);
    return folder;
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    return remove(path);
}

void
test_scratch_free(char *folder)
{
    if (folder == NULL)
        return;
    g_assert_cmpint(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
    g_free(folder);
}
