/* settings.c - see settings.h */
#include "scheduler/store/settings.h"

#include "scheduler/store/categories.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
static const SchedSettingKnown known[] = {
    { "district-name", SCHED_SETTING_TEXT, 1, 200, "Loa",
      "Name of the district, on pages and reports." },
    { "tzid", SCHED_SETTING_TEXT, 1, 64, "Asia/Ho_Chi_Minh",
      "Time zone of the district: of the times that are shown and taken, and of new slots." },
    { "retention-days", SCHED_SETTING_INT, 365, 36500, "1827",
      "How long approvals, issued documents and records are kept, days." },
    { "heartbeat-s", SCHED_SETTING_INT, 5, 3600, "60",
      "How often a new station says that it lives, seconds." },
    { "gain-cap-mdb", SCHED_SETTING_INT, -96000, 0, "0",
      "Loudest gain a new station allows, 1/1000 dB." },
    { "manifest-jitter-s", SCHED_SETTING_INT, 0, 86399, "10800",
      "Spread of the daily manifests over the stations, seconds." },
    { "heartbeat-history-days", SCHED_SETTING_INT, 1, 3660, "400",
      "How long the coarse history of heartbeats is kept, days." },
    { "session-idle-min", SCHED_SETTING_INT, 5, 1440, "30",
      "A session that is not used ends after this, minutes." },
    { "session-max-min", SCHED_SETTING_INT, 30, 10080, "480",
      "Every session ends after this, minutes." },
    { "second-factor", SCHED_SETTING_BOOL, 0, 0, "true",
      "Approvers and operators sign in with a second factor." },
    { "cap-sender", SCHED_SETTING_TEXT, 0, 255, "",
      "Sender of alerts that are written as CAP: a name that nobody else in the world has, such as "
      "an internet domain of the district; empty: one made of the district's root key." },
    /* No official list is known: these are what the guidance for commune stations speaks of. */
    { "categories", SCHED_SETTING_TEXT, 1, 2000,
      "Chủ trương, chính sách\nThông báo của địa phương\nPháp luật\nKinh tế, nông nghiệp\nY tế\n"
      "Giáo dục\nVăn hóa, thể thao\nAn ninh, trật tự\nPhòng, chống thiên tai\n"
      "Trả lời ý kiến người dân\nBầu cử, đại hội\nChương trình tiếng dân tộc\nTiếp sóng",
      "Categories that an announcement may have, separated by line feeds." },
};

static const char sql_get[] = "SELECT value FROM settings WHERE key = $1";
static const char sql_set[] =
    "INSERT INTO settings (key, value, at_us) VALUES ($1, $2, $3) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, at_us = excluded.at_us";
/* clang-format on */

const SchedSettingKnown *
sched_setting_known(gsize *out_count)
{
    if (out_count != NULL)
        *out_count = G_N_ELEMENTS(known);
    return known;
}

static const SchedSettingKnown *
find_known(const char *key, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_strcmp0(known[i].key, key) == 0)
            return &known[i];
    }
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no setting “%.80s”",
                key == NULL ? "" : key);
    return NULL;
}

static gboolean
check_value(const SchedSettingKnown *setting, const char *value, GError **error)
{
    g_autoptr(GError) number_error = NULL;
    gsize length;

    if (!sched_check_text(setting->key, value, 65536, error))
        return FALSE;
    length = strlen(value);
    if (setting->kind == SCHED_SETTING_BOOL && !g_str_equal(value, "true") &&
        !g_str_equal(value, "false")) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "%s: true or false, not “%.80s”", setting->key, value);
        return FALSE;
    }
    if (setting->kind == SCHED_SETTING_INT &&
        !g_ascii_string_to_signed(value, 10, setting->min, setting->max, NULL, &number_error)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, "%s: %s", setting->key,
                    number_error->message);
        return FALSE;
    }
    if (setting->kind == SCHED_SETTING_TEXT &&
        ((gint64) length < setting->min || (gint64) length > setting->max)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "%s: %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " bytes", setting->key,
                    setting->min, setting->max);
        return FALSE;
    }
    /* Every local time that is shown or taken hangs on it. */
    if (g_str_equal(setting->key, "tzid"))
        return sched_check_tzid("tzid", value, error);
    return !g_str_equal(setting->key, "categories") || sched_categories_check(value, error);
}

gboolean
sched_store_setting_set(SchedTxn *txn, const char *key, const char *value, GError **error)
{
    const SchedSettingKnown *setting = find_known(key, error);

    return setting != NULL && check_value(setting, value, error) &&
           sched_sql_run(txn, sql_set, error, "tti", key, value, sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "setting.set", key, error, "value", value, NULL) &&
           sched_store_outbox_add(txn, NULL, "setting", error);
}

char *
sched_store_setting_text(SchedTxn *txn, const char *key, GError **error)
{
    const SchedSettingKnown *setting = find_known(key, error);
    g_autoptr(GPtrArray) found = NULL;

    if (setting == NULL)
        return NULL;
    found = sched_sql_texts(txn, sql_get, error, "t", key);
    if (found == NULL)
        return NULL;
    return found->len == 0 ? g_strdup(setting->fallback) : g_ptr_array_steal_index(found, 0);
}

gint64
sched_store_setting_int(SchedTxn *txn, const char *key)
{
    g_autofree char *text = sched_store_setting_text(txn, key, NULL);

    return text == NULL ? 0 : g_ascii_strtoll(text, NULL, 10);
}
