/*
 * categories.h - the list of categories by which the district sorts its announcements.
 *
 * Flow: the setting "categories" names them, one a line -> an announcement may have one of them
 * or none; pages offer them. What an announcement has already stays, whatever becomes of the
 * list.
 */
#pragma once

#include "scheduler/store/db.h"

/* Bytes of one: as long as an announcement keeps it. */
#define SCHED_CATEGORY_MAX_BYTES 64
/* That a person is shown at once: those of the list and those that announcements still have. */
#define SCHED_CATEGORIES_MAX 200

/* A category, and how many announcements have it. */
typedef struct {
    char *category; /* (owned) */
    gint64 n;
    gboolean offered; /* stands in the list: a new announcement may have it */
} SchedCategoryRow;
void sched_category_row_free(SchedCategoryRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCategoryRow, sched_category_row_free)

/** sched_store_category_list: Returns: (transfer full) (element-type SchedCategoryRow): those
 * of the list in its order, then by name those that announcements still have; at most
 * SCHED_CATEGORIES_MAX */
GPtrArray *sched_store_category_list(SchedTxn *txn, GError **error);

/**
 * sched_store_category_check:
 * @category: what an announcement is to have; "": none, which is always right
 *
 * INVALID names those of the list.
 */
gboolean sched_store_category_check(SchedTxn *txn, const char *category, GError **error);

/** sched_categories_check: whether @text is such a list: INVALID names what is too long or
 * stands there twice */
gboolean sched_categories_check(const char *text, GError **error);
