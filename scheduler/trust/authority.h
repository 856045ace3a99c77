/*
 * authority.h - the district's own certificate authority: one P-256 root and what it signs.
 *
 * Flow: `loa-scheduler init` creates it; at each start and each night district.c has the server
 * certificates renewed and the revocation list issued; web/ signs a station's request when it
 * enrols. Thread: create and open from one thread; signing may be called from any, it only
 * reads.
 *
 * Files, all in the one folder: ca.key (0600), ca.pem, NAME.key (0600) and NAME.pem for each
 * certificate of the district's own. X.509 (RFC 5280), ECDSA P-256 with SHA-256, by GnuTLS.
 */
#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>

#define SCHED_AUTHORITY_ERROR (sched_authority_error_quark())
GQuark sched_authority_error_quark(void);

typedef enum {
    SCHED_AUTHORITY_ERROR_EXISTS,  /* there is one already: nothing was touched */
    SCHED_AUTHORITY_ERROR_REQUEST, /* what was handed in is no acceptable request */
    SCHED_AUTHORITY_ERROR_PEER,    /* the other side has not proved who it is */
    SCHED_AUTHORITY_ERROR_CRYPTO,  /* GnuTLS refused; its words are in the message */
} SchedAuthorityError;

/* A request is a few hundred bytes; more is not looked at. */
#define SCHED_AUTHORITY_MAX_REQUEST_BYTES 4096
#define SCHED_AUTHORITY_FINGERPRINT_BYTES 16
/* How long a station's certificate lives; what ends it in practice is revocation. */
#define SCHED_AUTHORITY_STATION_LIFE_US                                                        \
    (G_GINT64_CONSTANT(10) * 365 * 24 * 3600 * G_USEC_PER_SEC)

typedef struct SchedAuthority SchedAuthority;

/* A certificate of the district's own: for HTTPS, for the broker, for us at the broker. */
typedef struct {
    const char *name;         /* file name without ending: "https", "broker" */
    const char *common_name;  /* of the subject */
    const char *const *hosts; /* (nullable): DNS names and IP addresses, NULL-terminated */
    gboolean is_server;       /* TLS server */
    gboolean is_client;       /* TLS client */
} SchedCertificateWish;

/* A serial number that must not be believed any more. */
typedef struct {
    const char *serial; /* lower-case hex digits, as sched_authority_sign_request() gave it */
    gint64 revoked_us;  /* UTC */
} SchedRevokedSerial;

/**
 * sched_authority_create:
 * @folder: made if it is not there, mode 0700
 * @title: of the district, for a person who looks at the certificate; ≤ 40 bytes are used
 * @now_us: UTC; the root is valid from one day before, for clocks that are a little slow
 *
 * Returns: (transfer full): the new authority; on an error nothing that was there is changed
 */
SchedAuthority *sched_authority_create(const char *folder, const char *title, gint64 now_us,
                                       GError **error);

/** sched_authority_open: Returns: (transfer full): the authority kept in @folder */
SchedAuthority *sched_authority_open(const char *folder, GError **error);

/** sched_authority_free: @self: (nullable) (transfer full) */
void sched_authority_free(SchedAuthority *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAuthority, sched_authority_free)

/** sched_authority_certificate: Returns: (transfer none): the root certificate, PEM */
const char *sched_authority_certificate(SchedAuthority *self);

/**
 * sched_authority_fingerprint:
 *
 * Returns: (transfer full): the first 16 bytes of SHA-256 over the root's public key
 *   (SubjectPublicKeyInfo, DER) as 32 lower-case hex digits; an enrolment code carries it
 */
char *sched_authority_fingerprint(SchedAuthority *self);

/**
 * sched_authority_ensure:
 * @wish: what the certificate must say
 * @now_us: UTC
 * @out_chain: (out) (optional) (transfer full): PEM of the certificate and the root
 * @out_key: (out) (optional) (transfer full): PEM of its private key
 *
 * Issues FOLDER/NAME.pem (with the root behind it) and FOLDER/NAME.key unless a pair is there
 * that says the same, is ours and has most of its life before it.
 */
gboolean sched_authority_ensure(SchedAuthority *self, const SchedCertificateWish *wish,
                                gint64 now_us, char **out_chain, char **out_key,
                                GError **error);

/**
 * sched_authority_sign_request:
 * @request: PKCS #10, PEM, of a P-256 key, signed by that key
 * @station: the name that goes into the certificate, whatever the request asks for
 * @now_us: UTC
 * @out_serial: (out) (transfer full): serial number, lower-case hex digits
 *
 * Returns: (transfer full): a client certificate for @station, PEM
 */
char *sched_authority_sign_request(SchedAuthority *self, const char *request,
                                   const char *station, gint64 now_us, char **out_serial,
                                   GError **error);

/**
 * sched_authority_revocation_list:
 * @number: CRL number; greater than the last one's
 * @revoked: (element-type SchedRevokedSerial) (array length=n_revoked)
 * @now_us: UTC
 *
 * A list that is valid for ten years: a broker with an expired list refuses everybody, so its
 * end must never come; freshness is had by issuing it at each start and each revocation.
 *
 * Returns: (transfer full): the list, PEM
 */
char *sched_authority_revocation_list(SchedAuthority *self, gint64 number,
                                      const SchedRevokedSerial *revoked, gsize n_revoked,
                                      gint64 now_us, GError **error);

/**
 * sched_authority_identify:
 * @session: of a connection whose handshake is done, with this root as its only trust
 * @out_name: (out) (transfer full): common name of the certificate
 * @out_serial: (out) (transfer full): its serial number, lower-case hex digits
 * @out_certificate: (out) (transfer full): PEM
 *
 * A certificate must be there, its verification must have worked AND must have found nothing:
 * the HTTP library runs a request without either. Expiry and purpose are part of it.
 * Revocation is not: the caller asks the store.
 */
gboolean sched_authority_identify(gnutls_session_t session, char **out_name, char **out_serial,
                                  char **out_certificate, GError **error);
