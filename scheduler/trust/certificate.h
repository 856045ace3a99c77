/*
 * certificate.h - GnuTLS's certificates and keys with our errors and our lifetimes.
 *
 * Flow: authority.c, and web/door.c for what a station shows. Thread: any; no state.
 */
#pragma once

#include <glib.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#define SCHED_CERTIFICATE_DAY_S (G_GINT64_CONSTANT(24) * 3600)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crq_t, gnutls_x509_crq_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crl_t, gnutls_x509_crl_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_pubkey_t, gnutls_pubkey_deinit, NULL)

/** sched_certificate_worked: @code: GnuTLS's; a negative one becomes an error about @doing */
gboolean sched_certificate_worked(int code, const char *doing, GError **error);

/** sched_certificate_take_text: Returns: (transfer full): what GnuTLS allocated, wiped there */
char *sched_certificate_take_text(gnutls_datum_t *datum);

/** sched_certificate_make_key: a new P-256 key */
gboolean sched_certificate_make_key(gnutls_x509_privkey_t *out_key, GError **error);

/** sched_certificate_write_key and the others: PEM, both ways; @out: (out) (transfer full) */
char *sched_certificate_write_key(gnutls_x509_privkey_t key, GError **error);
char *sched_certificate_write(gnutls_x509_crt_t certificate, GError **error);
gboolean sched_certificate_read(const char *pem, gnutls_x509_crt_t *out, GError **error);
gboolean sched_certificate_read_key(const char *pem, gnutls_x509_privkey_t *out,
                                    GError **error);

/**
 * sched_certificate_renews:
 * @before, @after: PEM
 * @out_from_us, @out_until_us: (out): when @after was made, and ends; UTC
 *
 * Returns: whether @after is of the same key as @before and not older; %FALSE without error
 */
gboolean sched_certificate_renews(const char *before, const char *after, gint64 *out_from_us,
                                  gint64 *out_until_us);

/** sched_certificate_serial: Returns: (transfer full) (nullable): lower-case hex digits */
char *sched_certificate_serial(gnutls_x509_crt_t certificate);

/**
 * sched_certificate_begin:
 * @now_us: UTC; valid from a day before, for clocks that are a little slow
 * @out_serial: (out) (optional) (transfer full): a random serial number
 *
 * What every certificate of ours has: version, number, times, name.
 */
gboolean sched_certificate_begin(gnutls_x509_crt_t *out, const char *common_name, gint64 now_us,
                                 gint64 life_s, char **out_serial, GError **error);

/** sched_certificate_set_key_ids: of the certificate's key and of its issuer's */
gboolean sched_certificate_set_key_ids(gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer,
                                       GError **error);

/** sched_certificate_add_host: a DNS name or an IP address under which it is known */
gboolean sched_certificate_add_host(gnutls_x509_crt_t crt, const char *host, GError **error);

/** sched_certificate_add_purposes: no authority; TLS server, client, or both */
gboolean sched_certificate_add_purposes(gnutls_x509_crt_t crt, gboolean is_server,
                                        gboolean is_client, GError **error);
