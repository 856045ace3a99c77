/*
 * devices.h - enrolment codes, the certificates made from them, and their revocation.
 *
 * Flow: technician makes a code -> the player uses it once -> a device row; /device/ routes and
 * the broker's access list are made from the rows that live.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_ENROLMENT_MAX_LIFE_US (G_GINT64_CONSTANT(72) * 3600 * G_USEC_PER_SEC)

/* Why a certificate is void whose player has a newer one. */
#define SCHED_DEVICE_RENEWED "renewed"

typedef struct {
    char *serial;      /* (owned): of the certificate, lower-case hex */
    char *station;     /* (owned) */
    char *public_key;  /* (owned): minisign public key line of the Ed25519 key */
    char *certificate; /* (owned): PEM */
    char *journal;     /* (owned): the journal it begins with */
    gint64 enrolled_us;
    gint64 expires_us; /* of the certificate */
    gint64 pending;    /* 1: issued, not shown yet: good for saying so alone */
    gint64 revoked_us; /* 0: lives */
    char *revoked_why; /* (owned) */
} SchedDeviceRow;
void sched_device_row_free(SchedDeviceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDeviceRow, sched_device_row_free)

/** sched_store_enrolment_add: @secret_hash: SHA-256 of the secret, hex; earlier unused codes of
 * the station are void; INVALID if it lives longer than 72 h */
gboolean sched_store_enrolment_add(SchedTxn *txn, const char *secret_hash, const char *station,
                                   gint64 expires_us, GError **error);

/** sched_store_enrolment_peek: Returns: (transfer full): the station of a code that is good at
 * @now_us; NOT_FOUND if unknown, used or over */
char *sched_store_enrolment_peek(SchedTxn *txn, const char *secret_hash, gint64 now_us,
                                 GError **error);

/**
 * sched_store_enrolment_use:
 * @device: what is made from it
 *
 * Uses the code up, revokes every earlier device of the station, adds the new one: together or
 * not at all. NOT_FOUND if the code is unknown, used or over.
 */
gboolean sched_store_enrolment_use(SchedTxn *txn, const char *secret_hash,
                                   const SchedDeviceRow *device, GError **error);

/* A renewal is no use while the certificate is young, and often enough once a while. */
#define SCHED_DEVICE_RENEW_PAUSE_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/**
 * sched_store_device_may_renew:
 * @device: the one that lives
 *
 * RULE before half of its life is over; CONFLICT less than SCHED_DEVICE_RENEW_PAUSE_US after
 * the last time.
 */
gboolean sched_store_device_may_renew(SchedTxn *txn, const SchedDeviceRow *device,
                                      GError **error);

/**
 * sched_store_device_renew:
 * @device: the one that lives
 * @serial, @certificate, @expires_us: of the new certificate
 *
 * The new one waits until sched_store_device_use(); one that waited before is revoked.
 */
gboolean sched_store_device_renew(SchedTxn *txn, const SchedDeviceRow *device,
                                  const char *serial, const char *certificate,
                                  gint64 expires_us, GError **error);

/**
 * sched_store_device_use:
 * @serial: of a certificate that waits; nothing is done if it lives already
 *
 * The one before is revoked, and this one lives.
 */
gboolean sched_store_device_use(SchedTxn *txn, const char *serial, GError **error);

/**
 * sched_store_device_adopt:
 * @device: one whose certificate follows on that of the station's living device
 *
 * We issued it and forgot (restored from a backup): it lives from here on, the one before is
 * revoked.
 */
gboolean sched_store_device_adopt(SchedTxn *txn, const SchedDeviceRow *device, GError **error);

/** sched_store_device_revoke: @why: for the audit; the station has no living device then */
gboolean sched_store_device_revoke(SchedTxn *txn, const char *station, const char *why,
                                   GError **error);

/** sched_store_device_live: the one device of a station that lives; NOT_FOUND if none */
SchedDeviceRow *sched_store_device_live(SchedTxn *txn, const char *station, GError **error);
SchedDeviceRow *sched_store_device_get(SchedTxn *txn, const char *serial, GError **error);

/** sched_store_device_list: all, revoked ones too (for the CRL), by station and time */
GPtrArray *sched_store_device_list(SchedTxn *txn, GError **error);
