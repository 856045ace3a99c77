/*
 * compile.h - everything one station must hold, as documents named by their hashes.
 *
 * Flow: plan/ (day plans) and store/ (station, volumes) -> here -> publisher.h signs and keeps.
 * Pure but for reading the given transaction: no clock, no network, nothing is written.
 */
#pragma once

#include "content/seal.h"
#include "content/template.h"
#include "scheduler/plan/index.h"
#include "scheduler/store/db.h"

/* What a manifest will name, before it has a version and a signature. */
typedef struct {
    char *station;        /* (owned) */
    GPtrArray *documents; /* (owned) (element-type SchedDocumentRow): settings and day plans */
    GPtrArray *days;      /* (owned) (element-type SchedIssuedDayRow): by date */
    GPtrArray
        *approvals;      /* (owned) (element-type utf8): hashes that the day plans name, once */
    GPtrArray *objects;  /* (owned) (element-type utf8): the same for audio */
    GPtrArray *silences; /* (owned) (element-type SchedSilence): what is left out on request */
    char *settings;      /* (owned): hash of the settings document */
    char *keys;          /* (owned): hash of the keys document */
    char *templates;     /* (owned) (nullable): hash of what it says in alerts */
    GPtrArray *grants; /* (owned) (element-type utf8): hashes of what it may start by itself */
    char *contents;    /* (owned): hash over all of it: equal contents need no new manifest */
} SchedCompiled;
void sched_compiled_free(SchedCompiled *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCompiled, sched_compiled_free)

/**
 * sched_compile_begin:
 * @index: of the snapshot read in the same transaction
 * @station: in use
 * @keys: hash of the newest keys document
 *
 * The part that reads the store: the station's settings.
 *
 * Returns: (transfer full): to be finished with sched_compile_days(); NULL when the store could
 *   not be read; the message names the station
 */
SchedCompiled *sched_compile_begin(SchedTxn *txn, SchedIndex *index, const char *station,
                                   const char *keys, GError **error);

/**
 * sched_compile_templates:
 * @self: of sched_compile_begin()
 * @all: what the district says in alerts
 *
 * Nothing is placed at a station whose hello does not name templates: it would not know what
 * the manifest means by them; nor where the district has none.
 */
gboolean sched_compile_templates(SchedCompiled *self, SchedTxn *txn, SchedIndex *index,
                                 const ContentTemplates *all, GError **error);

/**
 * sched_compile_grants:
 * @key: (nullable): of alerts, whose right a grant lends; NULL: there are none
 *
 * As with templates, nothing is given to a station whose hello does not name the type.
 */
gboolean sched_compile_grants(SchedCompiled *self, SchedTxn *txn, SchedIndex *index,
                              const ContentSealKey *key, gint64 now_us, GError **error);

/**
 * sched_compile_days:
 * @now_us: UTC; the first day is the one before the station's local today
 *
 * The part that costs: days planned, written and hashed. Reads nothing but @index, so stations
 * may be compiled side by side in several threads, each with an index of its own (index.h).
 *
 * Returns: %FALSE when the plan is beyond what a document may hold; the message names the
 *   station
 */
gboolean sched_compile_days(SchedCompiled *self, SchedIndex *index, gint64 now_us,
                            GError **error);
