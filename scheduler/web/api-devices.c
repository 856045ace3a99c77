/*
 * api-devices.c - what stations ask for over HTTPS: to be enrolled, documents, audio.
 *
 * All but the first need the station's certificate, and give only what was issued to it.
 */
#include "scheduler/web/api-internal.h"
#include "content/web/pack.h"

#include "content/exchange.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/objects.h"

#include <string.h>

/* A bundle is closed when it holds so much; the station asks again for the rest. */
#define BUNDLE_BYTES (CONTENT_BUNDLE_MAX_BYTES / 2)

/* ---- enrolment: the one request without a certificate ---- */

typedef struct {
    ContentEnrol *ask; /* (owned) */
    char *secret_hash; /* (owned) */
    char *station;     /* (owned) */
} Enrolment;

static void
enrolment_free(gpointer data)
{
    Enrolment *enrolment = data;

    g_clear_pointer(&enrolment->ask, content_enrol_free);
    g_free(enrolment->secret_hash);
    g_free(enrolment->station);
    g_free(enrolment);
}

static gboolean
find_station(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAct *act = data;
    Enrolment *enrolment = act->prepared;

    enrolment->station =
        sched_store_enrolment_peek(txn, enrolment->secret_hash, act->now_us, NULL);
    return enrolment->station != NULL ||
           sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                           "this enrolment code is not known, was used, or is over");
}

static gpointer
read_document(SchedAct *act, GError **error)
{
    GBytes *body = content_call_body(act->call);
    gsize length = 0;
    gconstpointer bytes = g_bytes_get_data(body, &length);
    g_autoptr(GError) problem = NULL;
    gpointer document =
        content_document_read(act->route->takes->document, bytes, length, &problem);

    if (document == NULL)
        sched_api_error(error, SCHED_API_ERROR_BAD, "%s", problem->message);
    return document;
}

static gboolean
check_public_key(const ContentEnrol *ask, GError **error)
{
    g_autofree char *id = content_seal_public_key_id(ask->public_key);

    return id != NULL || sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                                         "public_key: no minisign public key");
}

/*
 * A secret has 128 bits, so the throttle is no guard against guessing but against being kept
 * busy. Each code is an account to it, so that what others try, from however many addresses,
 * takes no turn from whoever has the right one.
 */
static gboolean
look_up_code(SchedAct *act, GError **error)
{
    ContentThrottle *throttle = act->api->enrolments;
    const char *code = ((const Enrolment *) act->prepared)->secret_hash;
    const char *address = content_call_address(act->call);
    const gint64 now_us = content_clock_monotonic_us(act->api->options.clock);
    g_autoptr(GError) problem = NULL;

    if (sched_store_read(act->api->options.store, find_station, act, &problem)) {
        content_throttle_tell(throttle, code, address, TRUE, now_us);
        return TRUE;
    }
    if (g_error_matches(problem, SCHED_API_ERROR, SCHED_API_ERROR_FORBIDDEN))
        content_throttle_tell(throttle, code, address, FALSE, now_us);
    else
        content_throttle_drop(throttle, code, address, now_us);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

/* Who it will be stands in the code alone, and from here on in the audit. */
static void
prepare_enrol(SchedAct *act)
{
    Enrolment *enrolment = g_new0(Enrolment, 1);
    GError *error = NULL;
    gint64 wait_us;

    sched_act_set_prepared(act, enrolment, enrolment_free);
    enrolment->ask = read_document(act, &error);
    if (enrolment->ask == NULL) {
        sched_act_fail(act, error);
        return;
    }
    if (!check_public_key(enrolment->ask, &error)) {
        sched_act_fail(act, error);
        return;
    }
    enrolment->secret_hash =
        content_sha256_hex(enrolment->ask->secret, strlen(enrolment->ask->secret));
    wait_us = content_throttle_ask(act->api->enrolments, enrolment->secret_hash,
                                   content_call_address(act->call),
                                   content_clock_monotonic_us(act->api->options.clock));
    if (wait_us > 0) {
        sched_api_too_early(act, wait_us);
        return;
    }
    if (!look_up_code(act, &error)) {
        sched_act_fail(act, error);
        return;
    }
    act->account = g_strdup(enrolment->station);
    sched_act_go_on(act);
}

static gboolean
answer_document(SchedAct *act, const ContentDocumentType *type, gconstpointer document,
                GError **error)
{
    act->document = content_document_write(type, document, error);
    return act->document != NULL;
}

/* Returns: %TRUE, for the end of a chain */
static gboolean
pack_document(SchedAct *act)
{
    g_autoptr(GBytes) plain = NULL;

    if (!content_pack_is_welcome(content_call_header(act->call, "Accept-Encoding")))
        return TRUE;
    plain = act->document;
    act->document = content_pack(plain);
    act->is_packed = TRUE;
    return TRUE;
}

static gboolean
answer_enrolled(SchedAct *act, const char *certificate, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    g_autoptr(ContentEnrolled) out = content_document_new(&content_enrolled_type);
    GBytes *envelope = sched_keys_envelope(options->keys);

    out->station = g_strdup(act->account);
    out->certificate = g_strdup(certificate);
    out->authority = g_strdup(sched_authority_certificate(options->authority));
    out->root_key = g_strdup(sched_keys_root(options->keys));
    out->keys = g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    out->device_url = g_strconcat("https://", options->device_address, NULL);
    for (gsize i = 0; options->brokers[i] != NULL; i++)
        g_ptr_array_add(out->brokers, g_strdup(options->brokers[i]));
    return answer_document(act, &content_enrolled_type, out, error);
}

static void
after_enrol(SchedAct *act)
{
    act->api->options.ports->devices_changed(act->api->options.ports_data, act->account,
                                             act->news);
}

/* The work may run again: the last words count. */
static void
note_enrolment(SchedTxn *txn, SchedAct *act, const char *serial)
{
    g_autoptr(SchedDeviceRow) before = sched_store_device_live(txn, act->account, NULL);

    g_free(act->news);
    act->news = before == NULL
                    ? g_strdup_printf("enrolled, with certificate %s", serial)
                    : g_strdup_printf("replaced: enrolled anew with certificate %s, %s is void",
                                      serial, before->serial);
}

static gboolean
enrol(SchedTxn *txn, SchedAct *act, GError **error)
{
    const Enrolment *enrolment = act->prepared;
    g_autofree char *serial = NULL;
    g_autofree char *certificate =
        sched_authority_sign_request(act->api->options.authority, enrolment->ask->request,
                                     enrolment->station, act->now_us, &serial, error);
    SchedDeviceRow device = {
        .serial = serial,
        .station = enrolment->station,
        .public_key = enrolment->ask->public_key,
        .certificate = certificate,
        .journal = enrolment->ask->journal,
        .enrolled_us = act->now_us,
        .expires_us = act->now_us + SCHED_AUTHORITY_STATION_LIFE_US,
        .revoked_why = (char *) "",
    };

    if (certificate == NULL)
        return FALSE;
    act->after = after_enrol;
    note_enrolment(txn, act, serial);
    return sched_store_enrolment_use(txn, enrolment->secret_hash, &device, error) &&
           answer_enrolled(act, certificate, error);
}

/* ---- a new certificate before the old one ends ---- */

static gboolean
answer_renewed(SchedAct *act, const char *certificate, GError **error)
{
    const ContentRenewed renewed = {act->account, (char *) certificate};

    return answer_document(act, &content_renewed_type, &renewed, error);
}

/* For the station that the connection proves, whatever the request says. */
static gboolean
renew(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(ContentRenew) ask = read_document(act, error);
    g_autoptr(SchedDeviceRow) device =
        ask == NULL ? NULL : sched_store_device_live(txn, act->account, error);
    g_autofree char *serial = NULL, *certificate = NULL;

    if (device == NULL || !sched_store_device_may_renew(txn, device, error))
        return FALSE;
    certificate = sched_authority_sign_request(act->api->options.authority, ask->request,
                                               act->account, act->now_us, &serial, error);
    return certificate != NULL &&
           sched_store_device_renew(txn, device, serial, certificate,
                                    act->now_us + SCHED_AUTHORITY_STATION_LIFE_US, error) &&
           answer_renewed(act, certificate, error);
}

/* It came with the new certificate, so the station has it: the old one may go. */
static gboolean
use_renewal(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *serial = content_call_peer_serial(act->call);
    g_autoptr(SchedDeviceRow) device = sched_store_device_get(txn, serial, error);

    act->after = after_enrol;
    return device != NULL && sched_store_device_use(txn, serial, error) &&
           answer_renewed(act, device->certificate, error);
}

/* ---- documents and audio ---- */

static gboolean
is_listed(const ContentKeys *keys, const char *id)
{
    for (guint i = 0; i < keys->keys->len; i++) {
        if (strcmp(((const ContentKey *) keys->keys->pdata[i])->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Of an approval's signatures those by a key that was struck out are worth nothing to anybody,
 * and one more is made with each key: a bundle has room for a few. */
static void
add_signatures(ContentBundled *bundled, const SchedDocumentRow *row, const ContentKeys *keys)
{
    gboolean is_approval = strcmp(row->type, "approval") == 0;

    for (guint i = 0; row->signatures != NULL && i < row->signatures->len; i++) {
        const ContentSignature *from = row->signatures->pdata[i];
        ContentSignature *to;

        if ((is_approval && !is_listed(keys, from->key)) ||
            bundled->signatures->len == CONTENT_MAX_SIGNATURES)
            continue;
        to = content_shape_new(&content_signature_shape);
        to->algorithm = g_strdup(from->algorithm);
        to->key = g_strdup(from->key);
        to->signature = g_strdup(from->signature);
        to->extra = g_strdup(from->extra);
        g_ptr_array_add(bundled->signatures, to);
    }
}

static gsize
add_document(ContentBundle *bundle, const SchedDocumentRow *row, const ContentKeys *keys)
{
    ContentBundled *bundled = content_shape_new(&content_bundled_shape);
    gsize length = g_bytes_get_size(row->body);

    bundled->hash = g_strdup(row->hash);
    bundled->text = g_strndup(g_bytes_get_data(row->body, NULL), length);
    add_signatures(bundled, row, keys);
    g_ptr_array_add(bundle->documents, bundled);
    return length;
}

static void
after_documents(SchedAct *act)
{
    if (act->news != NULL && act->api->options.ports->said != NULL)
        act->api->options.ports->said(act->api->options.ports_data, act->news);
}

/* One that cannot be read keeps no other from the station, but somebody has to know of it. */
static gboolean
take_missing(SchedAct *act, ContentBundle *bundle, const char *hash, GError *problem,
             GError **error)
{
    if (g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT)) {
        g_free(act->news);
        act->news =
            g_strdup_printf("%s asks for what is broken: %s", act->account, problem->message);
    } else if (!g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_error_free(problem);
    g_ptr_array_add(bundle->missing, g_strdup(hash));
    return TRUE;
}

static gboolean
get_documents(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(ContentRequest) request = read_document(act, error);
    g_autoptr(ContentBundle) bundle = content_document_new(&content_bundle_type);
    gsize n_bytes = 0;

    act->after = after_documents;
    if (request == NULL)
        return FALSE;
    for (guint i = 0; i < request->hashes->len && n_bytes < BUNDLE_BYTES; i++) {
        const char *hash = request->hashes->pdata[i];
        GError *problem = NULL;
        g_autoptr(SchedDocumentRow) row =
            sched_store_document_for_station(txn, act->account, hash, &problem);

        if (row != NULL)
            n_bytes += add_document(bundle, row, sched_keys_content(act->api->options.keys));
        else if (!take_missing(act, bundle, hash, problem, error))
            return FALSE;
    }
    return answer_document(act, &content_bundle_type, bundle, error) && pack_document(act);
}

static gboolean
get_object(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (!sched_store_object_station_may(txn, act->account, act->arguments[0], act->now_us))
        return sched_api_error(error, SCHED_API_ERROR_NOT_FOUND, "no such object for you");
    act->object = g_strdup(act->arguments[0]);
    return TRUE;
}

/* clang-format off */
static const SchedAnswer enrol_body = { .name = "Enrol", .document = &content_enrol_type };
static const SchedAnswer request_body = { .name = "Request", .document = &content_request_type };
static const SchedAnswer renew_body = { .name = "Renew", .document = &content_renew_type };
static const SchedAnswer renewed_answer = { .name = "Renewed", .document = &content_renewed_type };
static const SchedAnswer enrolled_answer = {
    .name = "Enrolled", .document = &content_enrolled_type,
};
static const SchedAnswer bundle_answer = { .name = "Bundle", .document = &content_bundle_type };

static const SchedRouteHeader packed_headers[] = {
    { "Content-Encoding", FALSE, "gzip, if Accept-Encoding named it." },
    { NULL, FALSE, NULL },
};

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/device/enrol", .roles = SCHED_ROLES_OPEN,
      .input = SCHED_INPUT_JSON, .takes = &enrol_body, .writes = TRUE, .status = 200, .prepare = prepare_enrol,
      .is_secret = TRUE, .work = enrol, .answer = &enrolled_answer, .name = "enrol",
      .meaning = "A player becomes a station: documents `enrol` and `enrolled` of "
                 "docs/formats.md." },
    { .method = "POST", .path = "/device/renewal", .roles = SCHED_ROLES_STATION,
      .input = SCHED_INPUT_JSON, .takes = &renew_body, .writes = TRUE, .status = 200,
      .is_secret = TRUE, .work = renew, .answer = &renewed_answer, .name = "renewCertificate",
      .meaning = "A new certificate for the station, from the middle of the old one's life: "
                 "documents `renew` and `renewed` of docs/formats.md. The old one stays good "
                 "until the new one was shown." },
    { .method = "POST", .path = "/device/renewal/use", .roles = SCHED_ROLES_STATION,
      .writes = TRUE, .takes_pending = TRUE, .status = 200, .is_secret = TRUE,
      .work = use_renewal, .answer = &renewed_answer, .name = "useCertificate",
      .meaning = "Asked with the new certificate: it is the station's from now on, and the one "
                 "before is revoked." },
    { .method = "POST", .path = "/device/documents", .roles = SCHED_ROLES_STATION,
      .input = SCHED_INPUT_JSON, .takes = &request_body, .status = 200, .work = get_documents, .answer = &bundle_answer, .headers = packed_headers, .name = "getDocuments",
      .meaning = "Documents by hash: `request` and `bundle` of docs/formats.md." },
    { .method = "GET", .path = "/device/objects/{hash}", .roles = SCHED_ROLES_STATION,
      .status = 200, .work = get_object, .sends = "audio/ogg", .name = "getObject",
      .meaning = "Audio that a plan of this station names; with ranges." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_devices(void)
{
    return routes;
}
