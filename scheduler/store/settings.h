/*
 * settings.h - the district's own settings, typed by a table.
 *
 * Flow: web/ shows and changes them; every part reads them. What a machine needs to start is
 * in its configuration file, not here.
 */
#pragma once

#include "scheduler/store/db.h"

typedef enum {
    SCHED_SETTING_TEXT,
    SCHED_SETTING_INT,
    SCHED_SETTING_BOOL,
} SchedSettingKind;

typedef struct {
    const char *key;
    SchedSettingKind kind;
    gint64 min, max;      /* range; of a text its length in bytes */
    const char *fallback; /* as text */
    const char *meaning;  /* one sentence */
} SchedSettingKnown;

/** sched_setting_known: Returns: (transfer none): the table */
const SchedSettingKnown *sched_setting_known(gsize *out_count);

/** sched_store_setting_set: @value: as text; INVALID names key and range; audited; all stations
 * go to the outbox */
gboolean sched_store_setting_set(SchedTxn *txn, const char *key, const char *value,
                                 GError **error);

/** sched_store_setting_text: Returns: (transfer full): the value, or the fallback */
char *sched_store_setting_text(SchedTxn *txn, const char *key, GError **error);
gint64 sched_store_setting_int(SchedTxn *txn, const char *key);
