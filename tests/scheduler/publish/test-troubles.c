/* test-troubles.c - what cannot be planned is looked for once a change, not once a question. */
#include "scheduler/publish/troubles.h"

#include "scheduler/store/outbox.h"
#include "scheduler/store/stations.h"
#include "tests/support/programme.h"

#define NOW TEMP_STORE_NOW_US

typedef struct {
    TempStore *temp;
    SchedTroubles *troubles;
} Fixture;

static gboolean
fill_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    return TRUE;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->temp = temp_store_new_district();
    f->troubles = sched_troubles_new();
    temp_store_run(f->temp, fill_body, NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    temp_store_free(f->temp);
    sched_troubles_free(f->troubles);
}

typedef struct {
    SchedTroubles *troubles;
    gint64 now_us;
    gsize n_found;
} Look;

static gboolean
look_body(SchedTxn *txn, gpointer data, GError **error)
{
    Look *look = data;
    json_t *found = sched_troubles_json(look->troubles, txn, look->now_us, error);

    g_assert_nonnull(found);
    look->n_found = json_array_size(found);
    json_array_clear(found); /* what we take out of ours is there for the next */
    json_decref(found);
    return TRUE;
}

static void
expect(Fixture *f, gint64 now_us, gsize n_found)
{
    Look look = {f->troubles, now_us, 0};

    temp_store_look(f->temp, look_body, &look);
    g_assert_cmpuint(look.n_found, ==, n_found);
}

static gboolean
exec_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, data);
    return TRUE;
}

static gboolean
audited_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, "ia-le", error);

    g_free(row->name);
    row->name = g_strdup("Ia Le 2");
    return sched_store_station_put(txn, row, error);
}

static gboolean
outbox_body(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_outbox_add(txn, "ia-le", "test", error);
}

static const struct {
    const char *why;
    gint64 later_us;
    SchedWork change; /* NULL: time alone */
} cases[] = {
    {"a change by somebody", 1, audited_body},
    {"a change by a station", 1, outbox_body},
    {"an hour later", SCHED_TROUBLES_MAX_AGE_US, NULL},
    {"a clock that was set back", -G_USEC_PER_SEC, NULL},
};

/* A row broken behind the store's back stays unseen, and so shows whether the plan was read. */
static void
test_kept(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        if (i > 0) {
            tear_down(f, NULL);
            set_up(f, NULL);
        }
        expect(f, NOW, 0);
        temp_store_run(f->temp, exec_body,
                       (gpointer) "UPDATE slots SET rule = 'FREQ=SECONDLY'");
        expect(f, NOW + 1, 0);
        if (cases[i].change != NULL)
            temp_store_run(f->temp, cases[i].change, NULL);
        expect(f, NOW + cases[i].later_us, 1);
        expect(f, NOW + cases[i].later_us, 1);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/publish/troubles/kept", Fixture, NULL, set_up, test_kept, tear_down);
    return g_test_run();
}
