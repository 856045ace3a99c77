/* devices.c - see devices.h */
#include "scheduler/store/devices.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
static const char sql_void_codes[] =
    "DELETE FROM enrolments WHERE station = $1 AND used_us = 0";
static const char sql_add_code[] =
    "INSERT INTO enrolments (secret_hash, station, created_us, created_by, expires_us, used_us) "
    "VALUES ($1, $2, $3, $4, $5, 0)";
static const char sql_peek[] =
    "SELECT e.station FROM enrolments AS e JOIN stations AS s ON s.id = e.station "
    "WHERE e.secret_hash = $1 AND e.used_us = 0 AND e.expires_us > $2 AND s.retired = 0";
static const char sql_use[] = "UPDATE enrolments SET used_us = $2 WHERE secret_hash = $1";

#define COLUMNS \
    "serial, station, public_key, certificate, journal, enrolled_us, expires_us, revoked_us, " \
    "revoked_why, pending"
static const char sql_add[] =
    "INSERT INTO devices (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_revoke[] =
    "UPDATE devices SET revoked_us = $2, revoked_why = $3 WHERE station = $1 AND revoked_us = 0";
static const char sql_live[] =
    "SELECT " COLUMNS " FROM devices WHERE station = $1 AND revoked_us = 0 AND pending = 0";
static const char sql_waiting[] =
    "SELECT " COLUMNS " FROM devices WHERE station = $1 AND pending = 1 AND enrolled_us > $2";
static const char sql_revoke_for[] =
    "UPDATE devices SET revoked_us = $2, revoked_why = $3 "
    "WHERE station = $1 AND revoked_us = 0 AND pending = $4";
static const char sql_begin[] = "UPDATE devices SET pending = 0 WHERE serial = $1";
static const char sql_get[] = "SELECT " COLUMNS " FROM devices WHERE serial = $1";
static const char sql_list[] = "SELECT " COLUMNS " FROM devices ORDER BY station, enrolled_us";

#define AT(member) G_STRUCT_OFFSET(SchedDeviceRow, member)
static const SchedSqlColumn columns[] = {
    { "serial",      SCHED_SQL_TEXT, AT(serial)      },
    { "station",     SCHED_SQL_TEXT, AT(station)     },
    { "public_key",  SCHED_SQL_TEXT, AT(public_key)  },
    { "certificate", SCHED_SQL_TEXT, AT(certificate), NULL, TRUE },
    { "journal",     SCHED_SQL_TEXT, AT(journal)     },
    { "enrolled_us", SCHED_SQL_INT,  AT(enrolled_us) },
    { "expires_us",  SCHED_SQL_INT,  AT(expires_us)  },
    { "revoked_us",  SCHED_SQL_INT,  AT(revoked_us)  },
    { "revoked_why", SCHED_SQL_TEXT, AT(revoked_why) },
    { "pending",     SCHED_SQL_INT,  AT(pending)     },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedDeviceRow), columns,
                                    (GDestroyNotify) sched_device_row_free};
SCHED_SQL_DEFINE_FREE(SchedDeviceRow, sched_device_row, shape)

gboolean
sched_store_enrolment_add(SchedTxn *txn, const char *secret_hash, const char *station,
                          gint64 expires_us, GError **error)
{
    return sched_check_hash("secret hash", secret_hash, error) &&
           sched_sql_run(txn, sql_void_codes, error, "t", station) &&
           sched_sql_run(txn, sql_add_code, error, "ttiti", secret_hash, station,
                         sched_txn_at_us(txn), sched_txn_actor(txn), expires_us) &&
           sched_store_audit_append(txn, "enrolment.add", station, NULL, error);
}

char *
sched_store_enrolment_peek(SchedTxn *txn, const char *secret_hash, gint64 now_us,
                           GError **error)
{
    g_autoptr(GPtrArray) found =
        sched_sql_texts(txn, sql_peek, error, "ti", secret_hash, now_us);

    if (found == NULL)
        return NULL;
    if (found->len == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "the enrolment code is unknown, used or over");
        return NULL;
    }
    return g_ptr_array_steal_index(found, 0);
}

static gboolean
revoke_live(SchedTxn *txn, const char *station, const char *why, GError **error)
{
    return sched_sql_run(txn, sql_revoke, error, "tit", station, sched_txn_at_us(txn), why);
}

static gboolean
add_device(SchedTxn *txn, const SchedDeviceRow *device, GError **error)
{
    SchedDeviceRow row = *device;

    row.enrolled_us = sched_txn_at_us(txn);
    row.revoked_us = 0;
    row.revoked_why = (char *) "";
    row.pending = 0;
    return sched_check_id("journal", row.journal, error) &&
           sched_sql_run_row(txn, sql_add, &shape, &row, error) &&
           sched_sql_audit_row(txn, "device.enrol", row.station, &shape, &row, error);
}

gboolean
sched_store_enrolment_use(SchedTxn *txn, const char *secret_hash, const SchedDeviceRow *device,
                          GError **error)
{
    g_autofree char *station =
        sched_store_enrolment_peek(txn, secret_hash, sched_txn_at_us(txn), error);

    if (station == NULL)
        return FALSE;
    if (g_strcmp0(station, device->station) != 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "the enrolment code is for another station");
        return FALSE;
    }
    return sched_sql_run(txn, sql_use, error, "ti", secret_hash, sched_txn_at_us(txn)) &&
           revoke_live(txn, station, "enrolled again", error) &&
           add_device(txn, device, error) &&
           sched_store_outbox_add(txn, station, "enrolled", error);
}

gboolean
sched_store_device_may_renew(SchedTxn *txn, const SchedDeviceRow *device, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    g_autoptr(GPtrArray) waiting =
        sched_sql_list(txn, sql_waiting, &shape, error, "ti", device->station,
                       now_us - SCHED_DEVICE_RENEW_PAUSE_US);

    if (waiting == NULL)
        return FALSE;
    if (now_us - device->enrolled_us < (device->expires_us - device->enrolled_us) / 2) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                            "the certificate has more than half of its life before it");
        return FALSE;
    }
    if (waiting->len > 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "a new certificate was issued within the last hour");
        return FALSE;
    }
    return TRUE;
}

static gboolean
revoke_for(SchedTxn *txn, const char *station, gint64 pending, const char *why, GError **error)
{
    return sched_sql_run(txn, sql_revoke_for, error, "titi", station, sched_txn_at_us(txn), why,
                         pending);
}

gboolean
sched_store_device_renew(SchedTxn *txn, const SchedDeviceRow *device, const char *serial,
                         const char *certificate, gint64 expires_us, GError **error)
{
    SchedDeviceRow row = *device;

    row.serial = (char *) serial;
    row.certificate = (char *) certificate;
    row.enrolled_us = sched_txn_at_us(txn);
    row.expires_us = expires_us;
    row.pending = 1;
    return revoke_for(txn, row.station, 1, "another was issued", error) &&
           sched_sql_run_row(txn, sql_add, &shape, &row, error) &&
           sched_sql_audit_row(txn, "device.renew", row.station, &shape, &row, error);
}

gboolean
sched_store_device_use(SchedTxn *txn, const char *serial, GError **error)
{
    g_autoptr(SchedDeviceRow) row = sched_store_device_get(txn, serial, error);

    if (row == NULL)
        return FALSE;
    if (row->pending == 0)
        return TRUE;
    return revoke_for(txn, row->station, 0, SCHED_DEVICE_RENEWED, error) &&
           sched_sql_run(txn, sql_begin, error, "t", serial) &&
           sched_sql_audit_words(txn, "device.use-renewal", row->station, error, "serial",
                                 serial, NULL);
}

gboolean
sched_store_device_adopt(SchedTxn *txn, const SchedDeviceRow *device, GError **error)
{
    return revoke_for(txn, device->station, 0, SCHED_DEVICE_RENEWED, error) &&
           sched_sql_run_row(txn, sql_add, &shape, device, error) &&
           sched_sql_audit_row(txn, "device.adopt", device->station, &shape, device, error);
}

gboolean
sched_store_device_revoke(SchedTxn *txn, const char *station, const char *why, GError **error)
{
    if (!sched_check_text("why", why, 500, error) || !revoke_live(txn, station, why, error))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no device of the station lives");
        return FALSE;
    }
    return sched_sql_audit_words(txn, "device.revoke", station, error, "why", why, NULL) &&
           sched_store_outbox_add(txn, station, "revoked", error);
}

SchedDeviceRow *
sched_store_device_live(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_one(txn, sql_live, &shape, "device", error, "t", station);
}

SchedDeviceRow *
sched_store_device_get(SchedTxn *txn, const char *serial, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "device", error, "t", serial);
}

GPtrArray *
sched_store_device_list(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "");
}
