/* migrate.c - brings an older file up to date, step by numbered step; see connection.h */
#include "scheduler/store/connection.h"
#include "scheduler/store/db.h"
#include "scheduler/store/schema-resource.h"

#include <string.h>

/* "LoaS": tells our files from other people's. */
#define APPLICATION_ID 1282367827

#define SCHEMA_FOLDER "/loa/store/schema"

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *) a, *(const char *const *) b);
}

/* The steps' file names, in order; "001-spine.sql" is step 1. */
static GPtrArray *
list_steps(void)
{
    g_auto(GStrv) names =
        g_resource_enumerate_children(sched_store_get_resource(), SCHEMA_FOLDER,
                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    GPtrArray *steps = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; names != NULL && names[i] != NULL; i++)
        g_ptr_array_add(steps, g_strdup(names[i]));
    g_ptr_array_sort(steps, compare_names);
    return steps;
}

gint64
sched_store_schema_version(void)
{
    g_autoptr(GPtrArray) steps = list_steps();

    return steps->len;
}

static gboolean
refuse_foreign_file(SchedConnection *self, gint64 version, gint64 newest, GError **error)
{
    gint64 application = 0, n_tables = 0;

    if (!sched_connection_int(self, "PRAGMA application_id", &application, error) ||
        !sched_connection_int(self, "SELECT count(*) FROM sqlite_master", &n_tables, error))
        return FALSE;
    if (n_tables > 0 && application != APPLICATION_ID) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT,
                            "the file is a database of another program");
        return FALSE;
    }
    if (version > newest) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NEWER,
                    "the file is at schema step %" G_GINT64_FORMAT
                    ", this program knows %" G_GINT64_FORMAT "; it is left as it is",
                    version, newest);
        return FALSE;
    }
    return TRUE;
}

/* The step, its check and its number, in the transaction that is open. */
static gboolean
take_step(SchedConnection *self, const char *name, gint64 number, GError **error)
{
    g_autofree char *path = g_build_filename(SCHEMA_FOLDER, name, NULL);
    g_autofree char *mark = NULL;
    g_autoptr(GBytes) sql = g_resource_lookup_data(sched_store_get_resource(), path,
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    gint64 n_broken = 0;

    if (sql == NULL || !sched_connection_exec(self, g_bytes_get_data(sql, NULL), error))
        return FALSE;
    if (!sched_connection_int(self, "SELECT count(*) FROM pragma_foreign_key_check", &n_broken,
                              error))
        return FALSE;
    if (n_broken > 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT,
                    "%" G_GINT64_FORMAT " rows would name something that does not exist",
                    n_broken);
        return FALSE;
    }
    mark =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %" G_GINT64_FORMAT,
                        APPLICATION_ID, number);
    return sched_connection_exec(self, mark, error);
}

static gboolean
run_step(SchedConnection *self, const char *name, gint64 number, GError **error)
{
    if (!sched_connection_exec(self, "BEGIN IMMEDIATE", error))
        return FALSE;
    if (take_step(self, name, number, error) && sched_connection_exec(self, "COMMIT", error))
        return TRUE;
    g_prefix_error(error, "schema step %s: ", name);
    if (!sched_connection_is_idle(self))
        sched_connection_exec(self, "ROLLBACK", NULL);
    return FALSE;
}

gboolean
sched_migrate(SchedConnection *self, GError **error)
{
    g_autoptr(GPtrArray) steps = list_steps();
    gint64 version = 0;

    if (!sched_connection_int(self, "PRAGMA user_version", &version, error) ||
        !refuse_foreign_file(self, version, steps->len, error))
        return FALSE;
    if (!sched_connection_add_fold(self, error))
        return FALSE;
    /* A step may rebuild a table that others point at; the check in the step stands in. */
    if (!sched_connection_exec(self, "PRAGMA foreign_keys = OFF", error))
        return FALSE;
    for (gint64 i = version; i < steps->len; i++) {
        if (!run_step(self, g_ptr_array_index(steps, i), i + 1, error))
            return FALSE;
    }
    return sched_connection_exec(self, "PRAGMA foreign_keys = ON", error);
}
