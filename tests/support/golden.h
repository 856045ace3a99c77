/* golden.h - the documents of tests/data/, read for whoever wants genuine ones. */
#pragma once

#include "content/document.h"

typedef struct {
    char *name;                      /* (owned): "dayplan-empty" */
    const ContentDocumentType *type; /* (not owned): "dayplan" */
    GBytes *bytes;                   /* (owned) */
} GoldenFile;

/**
 * golden_files_read:
 *
 * Returns: (transfer full) (element-type GoldenFile): the files of the `v` in force, by name
 */
GPtrArray *golden_files_read(void);
