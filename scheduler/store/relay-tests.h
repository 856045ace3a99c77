/*
 * relay-tests.h - every test of a relay, asked for at the district or at the station itself.
 *
 * Flow: web/ writes down what a technician asks -> publish/ signs the order -> the station's
 * record of it, taken in by records.h, is the answer. One made at the station with
 * `loa-gateway test` is known by its record alone.
 */
#pragma once

#include "content/record.h"
#include "scheduler/store/db.h"

/* What is shown of a station's, newest first. */
#define SCHED_RELAY_TESTS_SHOWN 50

typedef struct {
    char *station; /* (owned) */
    char *id;      /* (owned): unique within the station */
    char *zone;    /* (owned) */
    gint64 asked_us;
    char *asked_by;      /* (owned): account; "": at the station itself */
    char *asked_by_name; /* (owned): "": the same */
    gint64 duration_ms;  /* 0: at the station itself */
    gint64 expires_us;   /* of the order; 0: at the station itself */
    gint64 answered_us;  /* 0: not yet */
    char *verdict;       /* (owned): code of a remark; "": not yet */
    gint relay;          /* ContentRelay that was read */
} SchedRelayTestRow;
void sched_relay_test_row_free(SchedRelayTestRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedRelayTestRow, sched_relay_test_row_free)

/**
 * sched_store_relay_test_add:
 * @test: station, id, zone and duration; the store fills in the rest
 *
 * Audited. Where nobody would hear the order, or somebody asked for silence, none is to be
 * sent: the row has its verdict from the beginning. NOT_FOUND: the station has no such zone.
 */
gboolean sched_store_relay_test_add(SchedTxn *txn, const SchedRelayTestRow *test,
                                    GError **error);

/** sched_store_relay_test_take: @record: any of the station's; one of a test is its answer, and
 * the refusal of an order that of the one that waits */
gboolean sched_store_relay_test_take(SchedTxn *txn, const char *station,
                                     const ContentRecord *record, GError **error);

/** sched_store_relay_test_list: Returns: (transfer full) (element-type SchedRelayTestRow) */
GPtrArray *sched_store_relay_test_list(SchedTxn *txn, const char *station, GError **error);

/** sched_store_relay_test_get: NOT_FOUND if there is none */
SchedRelayTestRow *sched_store_relay_test_get(SchedTxn *txn, const char *station,
                                              const char *id, GError **error);
