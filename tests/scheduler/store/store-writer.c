/*
 * store-writer.c PATH COUNT - writes COUNT areas, and says each one's number once it is
 * acknowledged, so that whoever kills it knows what must have survived.
 */
#include "scheduler/store/areas.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static gboolean
put_work(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *id = g_strdup_printf("n-%d", *(gint *) data);
    const SchedAreaRow area = {.id = id, .kind = SCHED_AREA_GROUP, .name = id};

    return sched_store_area_put(txn, &area, error);
}

int
main(int argc, char **argv)
{
    const SchedWrite write = {.actor = "system", .at_us = 1};
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedStore) store = argc == 3 ? sched_store_open(argv[1], NULL, &error) : NULL;

    for (gint i = 1; store != NULL && i <= atoi(argv[2]); i++) {
        if (!sched_store_write(store, &write, put_work, &i, NULL, &error))
            break;
        dprintf(STDOUT_FILENO, "%d\n", i);
    }
    if (error != NULL || store == NULL) {
        fprintf(stderr, "%s\n", error == NULL ? "PATH COUNT" : error->message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
