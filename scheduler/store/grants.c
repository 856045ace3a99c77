/* grants.c - see grants.h */
#include "scheduler/store/grants.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/templates.h"

#include <string.h>

#define REASON "grant"

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO grants (id, name, drills, max_starts, span_s, not_before_us, expires_us, approver, "
    "made_us, revoked_us, revoked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
static const char sql_add_area[] = "INSERT INTO grant_areas (grant_id, area) VALUES ($1, $2)";
static const char sql_add_account[] =
    "INSERT INTO grant_accounts (grant_id, account) VALUES ($1, $2)";
static const char sql_add_template[] =
    "INSERT INTO grant_templates (grant_id, template) VALUES ($1, $2)";
static const char sql_add_input[] =
    "INSERT INTO grant_inputs (grant_id, name, template, fills) VALUES ($1, $2, $3, $4)";
static const char sql_revoke[] =
    "UPDATE grants SET revoked_us = $2, revoked_by = $3 WHERE id = $1 AND revoked_us = 0";
#define SELECT \
    "SELECT g.id AS id, g.name AS name, g.drills AS drills, g.max_starts AS max_starts, " \
    "g.span_s AS span_s, g.not_before_us AS not_before_us, g.expires_us AS expires_us, " \
    "g.approver AS approver, g.made_us AS made_us, g.revoked_us AS revoked_us, " \
    "g.revoked_by AS revoked_by, coalesce(a.name, g.approver) AS approver_name FROM grants AS g " \
    "LEFT JOIN accounts AS a ON a.id = g.approver "
static const char sql_get[] = SELECT "WHERE g.id = $1";
#define CONCERNS \
    "($2 IS NULL OR EXISTS (SELECT 1 FROM grant_areas AS r JOIN area_paths AS p " \
    "ON (p.above = r.area AND p.below = $2) OR (p.above = $2 AND p.below = r.area) " \
    "WHERE r.grant_id = g.id)) "
static const char sql_list[] =
    SELECT "WHERE g.expires_us > $1 AND " CONCERNS "ORDER BY g.made_us DESC, g.id";
static const char sql_in_force[] =
    SELECT "WHERE g.expires_us > $1 AND g.revoked_us = 0 AND " CONCERNS "ORDER BY g.made_us, g.id";
static const char sql_count[] =
    "SELECT count(*) FROM grants WHERE expires_us > $1 AND revoked_us = 0";
static const char sql_areas[] = "SELECT area FROM grant_areas WHERE grant_id = $1 ORDER BY area";
static const char sql_accounts[] =
    "SELECT account FROM grant_accounts WHERE grant_id = $1 ORDER BY account";
static const char sql_without_pin[] =
    "SELECT g.account FROM grant_accounts AS g JOIN accounts AS a ON a.id = g.account "
    "WHERE g.grant_id = $1 AND a.pin IS NULL ORDER BY g.account";
static const char sql_templates[] =
    "SELECT template FROM grant_templates WHERE grant_id = $1 ORDER BY template";
static const char sql_inputs[] =
    "SELECT name, template, fills FROM grant_inputs WHERE grant_id = $1 ORDER BY name";
static const char sql_has_template[] = "SELECT 1 FROM alert_templates WHERE id = $1 AND retired_us = 0";
static const char sql_has_value[] = "SELECT 1 FROM alert_values WHERE id = $1";
static const char sql_has_area[] = "SELECT 1 FROM areas WHERE id = $1";
static const char sql_lies_in[] = "SELECT 1 FROM area_paths WHERE above = $1 AND below = $2";
static const char sql_pin[] = "SELECT pin FROM accounts WHERE id = $1 AND pin IS NOT NULL "
    "AND state = 'active'";
static const char sql_set_pin[] = "UPDATE accounts SET pin = $2 WHERE id = $1";
static const char sql_callers[] =
    "SELECT a.id AS id, a.name AS name, a.pin IS NOT NULL AS has_pin FROM accounts AS a "
    "WHERE CASE WHEN $1 IS NULL THEN a.id IN (SELECT account FROM grant_accounts) "
    "ELSE a.state = 'active' AND a.id IN (SELECT r.account FROM rights AS r "
    "WHERE r.role IN ('operator', 'approver') AND (r.until_us = 0 OR r.until_us > $2) "
    "AND r.from_us <= $2 AND r.area IN (SELECT above FROM area_paths WHERE below = $1)) END "
    "ORDER BY a.name, a.id LIMIT $3";
static const char sql_areas_of[] =
    "SELECT DISTINCT r.area FROM grant_accounts AS g JOIN grants AS o ON o.id = g.grant_id "
    "JOIN grant_areas AS r ON r.grant_id = g.grant_id "
    "WHERE g.account = $1 AND o.revoked_us = 0 AND o.expires_us > $2 ORDER BY r.area";

#define AT(member) G_STRUCT_OFFSET(SchedGrantRow, member)
static const SchedSqlColumn columns[] = {
    { "id",            SCHED_SQL_TEXT, AT(id)            },
    { "name",          SCHED_SQL_TEXT, AT(name)          },
    { "drills",        SCHED_SQL_BOOL, AT(drills)        },
    { "max_starts",    SCHED_SQL_INT,  AT(max_starts)    },
    { "span_s",        SCHED_SQL_INT,  AT(span_s)        },
    { "not_before_us", SCHED_SQL_INT,  AT(not_before_us) },
    { "expires_us",    SCHED_SQL_INT,  AT(expires_us)    },
    { "approver",        SCHED_SQL_TEXT, AT(approver)        },
    { "made_us",       SCHED_SQL_INT,  AT(made_us)       },
    { "revoked_us",    SCHED_SQL_INT,  AT(revoked_us)    },
    { "revoked_by",    SCHED_SQL_TEXT, AT(revoked_by)    },
    { "approver_name",   SCHED_SQL_TEXT, AT(approver_name), .unaudited = TRUE },
    { "areas",         SCHED_SQL_LIST, AT(areas)         },
    { "accounts",      SCHED_SQL_LIST, AT(accounts)      },
    { "templates",     SCHED_SQL_LIST, AT(templates)     },
    { "inputs",        SCHED_SQL_LIST, AT(inputs)        },
    { "without_pin",   SCHED_SQL_LIST, AT(without_pin)   },
    { NULL },
};
#undef AT

static const char sql_local[] =
    "SELECT r.station AS station, t.name AS station_name, t.area AS area, r.raw AS raw "
    "FROM records AS r JOIN stations AS t ON t.id = r.station WHERE r.kind IN "
    "('alert_started_locally', 'alert_stopped_locally') AND r.at_us > $1 "
    "ORDER BY r.at_us DESC, r.station, r.seq DESC LIMIT $2";
static const SchedSqlColumn local_columns[] = {
    { "station",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLocalOrderRow, station)      },
    { "station_name", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLocalOrderRow, station_name) },
    { "area",         SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLocalOrderRow, area)         },
    { "raw",          SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLocalOrderRow, raw)          },
    { NULL },
};

static const SchedSqlColumn caller_columns[] = {
    { "id",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedCallerRow, id)      },
    { "name",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedCallerRow, name)    },
    { "has_pin", SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedCallerRow, has_pin) },
    { NULL },
};

typedef struct {
    char *name, *template_, *fills; /* (owned) */
} InputRow;
static const SchedSqlColumn input_columns[] = {
    { "name",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(InputRow, name)      },
    { "template", SCHED_SQL_TEXT, G_STRUCT_OFFSET(InputRow, template_) },
    { "fills",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(InputRow, fills)     },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedGrantRow), columns,
                                    (GDestroyNotify) sched_grant_row_free};
static void input_row_free(InputRow *row);
static const SchedSqlShape input_shape = {sizeof(InputRow), input_columns,
                                          (GDestroyNotify) input_row_free};
SCHED_SQL_DEFINE_FREE(SchedGrantRow, sched_grant_row, shape)
static const SchedSqlShape local_shape = {sizeof(SchedLocalOrderRow), local_columns,
                                          (GDestroyNotify) sched_local_order_row_free};
SCHED_SQL_DEFINE_FREE(SchedLocalOrderRow, sched_local_order_row, local_shape)
static const SchedSqlShape caller_shape = {sizeof(SchedCallerRow), caller_columns,
                                           (GDestroyNotify) sched_caller_row_free};
SCHED_SQL_DEFINE_FREE(SchedCallerRow, sched_caller_row, caller_shape)

static void
input_row_free(InputRow *row)
{
    sched_sql_row_free(&input_shape, row);
}

static gboolean
refuse(GError **error, SchedStoreError code, const char *what, const char *words)
{
    g_set_error(error, SCHED_STORE_ERROR, (gint) code, "%s: %s", what, words);
    return FALSE;
}

/* ---- checking ---- */

static gboolean
check_dates(const SchedGrantRow *grant, gint64 now_us, GError **error)
{
    if (grant->expires_us <= MAX(grant->not_before_us, now_us))
        return refuse(error, SCHED_STORE_ERROR_INVALID, "expires_us",
                      "is over, or not after not_before_us");
    if (grant->expires_us - MAX(grant->not_before_us, now_us) > SCHED_GRANT_MAX_US)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "expires_us",
                      "a grant lasts a year at most");
    return TRUE;
}

static gboolean
check_there(SchedTxn *txn, const char *what, const char *sql, const GPtrArray *ids,
            GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        if (!sched_sql_is(txn, sql, "t", ids->pdata[i]))
            return refuse(error, SCHED_STORE_ERROR_INVALID, what, "there is no such one");
    }
    return TRUE;
}

/* Nobody stands at a button who could be asked. */
static gboolean
check_fills(SchedTxn *txn, const ContentGrantInput *input, GError **error)
{
    gboolean is_filled;

    if (!sched_store_template_is_filled(txn, input->template_, input->values, &is_filled,
                                        error))
        return FALSE;
    return is_filled || refuse(error, SCHED_STORE_ERROR_INVALID, "inputs",
                               "what a button fills are not the blanks of its template");
}

static gboolean
check_inputs(SchedTxn *txn, const SchedGrantRow *grant, GError **error)
{
    for (guint i = 0; i < grant->inputs->len; i++) {
        const ContentGrantInput *input = grant->inputs->pdata[i];

        if (!g_ptr_array_find_with_equal_func(grant->templates, input->template_, g_str_equal,
                                              NULL))
            return refuse(error, SCHED_STORE_ERROR_INVALID, "inputs",
                          "a button starts a template that the grant does not name");
        if (!check_there(txn, "inputs", sql_has_value, input->values, error) ||
            !check_fills(txn, input, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
may_call(SchedTxn *txn, const char *account, const char *area, gint64 now_us)
{
    return sched_store_account_may(txn, account, SCHED_ROLE_OPERATOR, area, NULL, now_us) ||
           sched_store_account_may(txn, account, SCHED_ROLE_APPROVER, area, NULL, now_us);
}

static gboolean
may_call_in_all(SchedTxn *txn, const char *account, const GPtrArray *areas, gint64 now_us)
{
    for (guint i = 0; i < areas->len; i++) {
        if (!may_call(txn, account, areas->pdata[i], now_us))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_accounts(SchedTxn *txn, const SchedGrantRow *grant, GError **error)
{
    for (guint i = 0; i < grant->accounts->len; i++) {
        if (!may_call_in_all(txn, grant->accounts->pdata[i], grant->areas,
                             sched_txn_at_us(txn)))
            return refuse(error, SCHED_STORE_ERROR_INVALID, "accounts",
                          "somebody may not call alerts in all of these places");
    }
    return TRUE;
}

gboolean
sched_store_grant_check(SchedTxn *txn, const SchedGrantRow *grant, GError **error)
{
    if (grant->accounts->len + grant->inputs->len == 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "accounts", "nobody is named");
    if (grant->templates->len == 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "templates", "none is named");
    if (grant->areas->len == 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "areas", "none is named");
    return sched_check_id("id", grant->id, error) &&
           sched_check_text("name", grant->name, 200, error) &&
           check_dates(grant, sched_txn_at_us(txn), error) &&
           check_there(txn, "areas", sql_has_area, grant->areas, error) &&
           check_there(txn, "templates", sql_has_template, grant->templates, error) &&
           check_inputs(txn, grant, error) && check_accounts(txn, grant, error);
}

/* ---- writing ---- */

static gboolean
reach(SchedTxn *txn, const GPtrArray *areas, GError **error)
{
    for (guint i = 0; i < areas->len; i++) {
        if (!sched_reach_area(txn, areas->pdata[i], REASON, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_ids(SchedTxn *txn, const char *sql, const char *grant, const GPtrArray *ids, GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        if (!sched_sql_run(txn, sql, error, "tt", grant, ids->pdata[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_inputs(SchedTxn *txn, const SchedGrantRow *grant, GError **error)
{
    for (guint i = 0; i < grant->inputs->len; i++) {
        const ContentGrantInput *input = grant->inputs->pdata[i];
        g_autoptr(GString) fills = g_string_new(NULL);

        for (guint j = 0; j < input->values->len; j++)
            g_string_append_printf(fills, "%s%s", j == 0 ? "" : " ",
                                   (const char *) input->values->pdata[j]);
        if (!sched_sql_run(txn, sql_add_input, error, "tttt", grant->id, input->name,
                           input->template_, fills->str))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_room(SchedTxn *txn, GError **error)
{
    gint64 n_open = 0;

    if (!sched_sql_int(txn, sql_count, &n_open, error, "i", sched_txn_at_us(txn)))
        return FALSE;
    return n_open < SCHED_GRANT_MAX_OPEN ||
           refuse(error, SCHED_STORE_ERROR_INVALID, "grants", "too many are in force");
}

static char *
join(const GPtrArray *ids)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", (const char *) ids->pdata[i]);
    return g_string_free(text, FALSE);
}

static gboolean
audit_grant(SchedTxn *txn, const SchedGrantRow *row, GError **error)
{
    g_autofree char *areas = join(row->areas), *accounts = join(row->accounts);
    g_autofree char *templates = join(row->templates);
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, row->not_before_us);
    g_autofree char *until = g_strdup_printf("%" G_GINT64_FORMAT, row->expires_us);

    return sched_sql_audit_words(txn, "grant.add", row->id, error, "name", row->name, "areas",
                                 areas, "accounts", accounts, "templates", templates,
                                 "not_before_us", from, "expires_us", until, NULL);
}

gboolean
sched_store_grant_add(SchedTxn *txn, const SchedGrantRow *grant, GError **error)
{
    SchedGrantRow row = *grant;

    if (!check_room(txn, error) || !sched_store_grant_check(txn, grant, error))
        return FALSE;
    row.approver = (char *) sched_txn_actor(txn);
    row.made_us = sched_txn_at_us(txn);
    row.not_before_us = MAX(row.not_before_us, row.made_us);
    row.revoked_us = 0;
    row.revoked_by = NULL;
    return sched_sql_run(txn, sql_add, error, "ttiiiiitiit", row.id, row.name,
                         (gint64) row.drills, row.max_starts, row.span_s, row.not_before_us,
                         row.expires_us, row.approver, row.made_us, (gint64) 0, NULL) &&
           add_ids(txn, sql_add_area, row.id, row.areas, error) &&
           add_ids(txn, sql_add_account, row.id, row.accounts, error) &&
           add_ids(txn, sql_add_template, row.id, row.templates, error) &&
           add_inputs(txn, &row, error) && audit_grant(txn, &row, error) &&
           reach(txn, row.areas, error);
}

gboolean
sched_store_grant_revoke(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedGrantRow) row = sched_store_grant_get(txn, id, error);

    if (row == NULL)
        return FALSE;
    if (row->revoked_us != 0)
        return refuse(error, SCHED_STORE_ERROR_RULE, "grant", "was revoked before");
    return sched_sql_run(txn, sql_revoke, error, "tit", id, sched_txn_at_us(txn),
                         sched_txn_actor(txn)) &&
           sched_sql_audit_words(txn, "grant.revoke", id, error, "name", row->name, NULL) &&
           reach(txn, row->areas, error);
}

gboolean
sched_store_grant_touch(SchedTxn *txn, const char *account, GError **error)
{
    g_autoptr(GPtrArray) areas =
        sched_sql_texts(txn, sql_areas_of, error, "ti", account, sched_txn_at_us(txn));

    return areas != NULL && reach(txn, areas, error);
}

gboolean
sched_store_account_set_pin(SchedTxn *txn, const char *account, const char *pin, GError **error)
{
    const char *why = content_pin_hash_check(pin);

    if (why != NULL)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "pin", why);
    return sched_sql_run(txn, sql_set_pin, error, "tt", account, pin) &&
           sched_sql_audit_words(txn, "account.pin", account, error, NULL) &&
           sched_store_grant_touch(txn, account, error);
}

/* ---- reading ---- */

static GPtrArray *
load_inputs(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_inputs, &input_shape, error, "t", id);
    GPtrArray *inputs;

    if (rows == NULL)
        return NULL;
    inputs = g_ptr_array_new_with_free_func(content_grant_input_shape.free);
    for (guint i = 0; i < rows->len; i++) {
        const InputRow *row = rows->pdata[i];
        ContentGrantInput *input = content_shape_new(&content_grant_input_shape);
        g_auto(GStrv) fills = g_strsplit(row->fills, " ", -1);

        input->name = g_strdup(row->name);
        input->template_ = g_strdup(row->template_);
        for (gsize j = 0; fills[j] != NULL && *fills[j] != '\0'; j++)
            g_ptr_array_add(input->values, g_strdup(fills[j]));
        g_ptr_array_add(inputs, input);
    }
    return inputs;
}

static gboolean
load_lists(SchedTxn *txn, SchedGrantRow *row, GError **error)
{
    row->areas = sched_sql_texts(txn, sql_areas, error, "t", row->id);
    row->accounts =
        row->areas == NULL ? NULL : sched_sql_texts(txn, sql_accounts, error, "t", row->id);
    row->templates =
        row->accounts == NULL ? NULL : sched_sql_texts(txn, sql_templates, error, "t", row->id);
    row->without_pin = row->templates == NULL
                           ? NULL
                           : sched_sql_texts(txn, sql_without_pin, error, "t", row->id);
    row->inputs = row->without_pin == NULL ? NULL : load_inputs(txn, row->id, error);
    return row->inputs != NULL;
}

SchedGrantRow *
sched_store_grant_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedGrantRow) row = sched_sql_one(txn, sql_get, &shape, "grant", error, "t", id);

    if (row == NULL || !load_lists(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

/* @area: (nullable) */
static GPtrArray *
list(SchedTxn *txn, const char *sql, const char *area, gint64 since_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql, &shape, error, "it", since_us, area);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_lists(txn, rows->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

GPtrArray *
sched_store_grant_list(SchedTxn *txn, const char *area, gint64 since_us, GError **error)
{
    return list(txn, sql_list, area, since_us, error);
}

GPtrArray *
sched_store_grant_callers(SchedTxn *txn, const char *area, GError **error)
{
    return sched_sql_list(txn, sql_callers, &caller_shape, error, "tii", area,
                          sched_txn_at_us(txn), (gint64) SCHED_GRANT_MAX_CALLERS);
}

GPtrArray *
sched_store_local_orders(SchedTxn *txn, gint64 since_us, gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_local, &local_shape, error, "ii", since_us, limit);
}

/* ---- what a station is given ---- */

static gboolean
reaches(SchedTxn *txn, const GPtrArray *areas, const char *village)
{
    for (guint i = 0; i < areas->len; i++) {
        if (sched_sql_is(txn, sql_lies_in, "tt", areas->pdata[i], village))
            return TRUE;
    }
    return FALSE;
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
add_zones(SchedTxn *txn, const SchedGrantRow *row, GHashTable *zones, ContentGrant *grant)
{
    GHashTableIter iter;
    gpointer zone, village;

    g_hash_table_iter_init(&iter, zones);
    while (g_hash_table_iter_next(&iter, &zone, &village)) {
        if (grant->zones->len < CONTENT_GRANT_MAX_ZONES && reaches(txn, row->areas, village))
            g_ptr_array_add(grant->zones, g_strdup(zone));
    }
    g_ptr_array_sort(grant->zones, compare_texts);
}

/* Those who can and may still call. */
static gboolean
add_accounts(SchedTxn *txn, const SchedGrantRow *row, gint64 now_us, ContentGrant *grant,
             GError **error)
{
    for (guint i = 0; i < row->accounts->len; i++) {
        const char *id = row->accounts->pdata[i];
        g_autoptr(GPtrArray) pin = sched_sql_texts(txn, sql_pin, error, "t", id);
        g_autoptr(SchedAccountRow) account = NULL;
        ContentGrantAccount *to;

        if (pin == NULL)
            return FALSE;
        if (pin->len == 0 || !may_call_in_all(txn, id, row->areas, now_us))
            continue;
        account = sched_store_account_get(txn, id, error);
        if (account == NULL)
            return FALSE;
        to = content_shape_new(&content_grant_account_shape);
        *to = (ContentGrantAccount){g_strdup(id), g_strdup(account->name),
                                    g_strdup(pin->pdata[0])};
        g_ptr_array_add(grant->accounts, to);
    }
    return TRUE;
}

static void
add_rest(const SchedGrantRow *row, const char *station, ContentGrant *grant)
{
    grant->id = g_strdup(row->id);
    grant->station = g_strdup(station);
    for (guint i = 0; i < row->templates->len; i++)
        g_ptr_array_add(grant->templates, g_strdup(row->templates->pdata[i]));
    for (guint i = 0; i < row->inputs->len; i++) {
        const ContentGrantInput *from = row->inputs->pdata[i];
        ContentGrantInput *to = content_shape_new(&content_grant_input_shape);

        to->name = g_strdup(from->name);
        to->template_ = g_strdup(from->template_);
        for (guint j = 0; j < from->values->len; j++)
            g_ptr_array_add(to->values, g_strdup(from->values->pdata[j]));
        g_ptr_array_add(grant->inputs, to);
    }
    grant->drills = row->drills;
    grant->max_starts = row->max_starts;
    grant->span_s = row->span_s;
    grant->issued_us = row->made_us;
    grant->not_before_us = row->not_before_us;
    grant->expires_us = row->expires_us;
}

GPtrArray *
sched_store_grant_documents(SchedTxn *txn, const char *station, GHashTable *zones,
                            gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = list(txn, sql_in_force, NULL, now_us, error);
    g_autoptr(GPtrArray) grants =
        g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);

    if (rows == NULL)
        return NULL;
    for (guint i = 0; i < rows->len && grants->len < CONTENT_MANIFEST_MAX_GRANTS; i++) {
        const SchedGrantRow *row = rows->pdata[i];
        g_autoptr(ContentGrant) grant = content_document_new(&content_grant_type);

        add_zones(txn, row, zones, grant);
        if (grant->zones->len == 0)
            continue;
        if (!add_accounts(txn, row, now_us, grant, error))
            return NULL;
        add_rest(row, station, grant);
        if (grant->accounts->len + grant->inputs->len > 0)
            g_ptr_array_add(grants, g_steal_pointer(&grant));
    }
    return g_steal_pointer(&grants);
}
