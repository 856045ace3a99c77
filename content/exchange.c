/* exchange.c - the tables of asking and answering. See exchange.h. Pure. */
#include "content/exchange.h"

#include "content/document-rows.h"
#include "content/lease.h"

#define SMALL_MAX_BYTES     1024
#define REQUEST_MAX_BYTES   (16 * 1024)
#define ENROL_MAX_BYTES     (32 * 1024)
#define ENROLLED_MAX_BYTES  (256 * 1024)
#define MAX_BROKERS         16
#define ALGORITHM_MAX_BYTES 32
#define KEY_MAX_BYTES       128
#define SIGNATURE_MAX_BYTES 2048
#define EXTRA_MAX_BYTES     4096
#define ENVELOPE_MAX_BYTES  (66 * 1024) /* a keys document of 64 KiB and its four lines */

/* clang-format off */
static const ContentMember content_time_ask_members[] = {
    ROW_HEX(ContentTimeAsk, nonce, 2 * CONTENT_NONCE_BYTES, "Random, never used before."),
    ROW_WORD(ContentTimeAsk, station, ID, "Who asks."),
    ROW_END,
};

static const ContentMember content_time_answer_members[] = {
    ROW_HEX(ContentTimeAnswer, nonce, 2 * CONTENT_NONCE_BYTES, "As asked."),
    ROW_WORD(ContentTimeAnswer, station, ID, "Audience."),
    ROW_UTC(ContentTimeAnswer, utc_us, "When the answer was signed."),
    ROW_END,
};

static const ContentMember content_enquiry_members[] = {
    ROW_WORD(ContentEnquiry, station, ID, "Audience."),
    ROW_END,
};

static const ContentMember content_test_order_members[] = {
    ROW_INT(ContentTestOrder, duration_ms, 1, CONTENT_TEST_MAX_MS, "ms", "How long the relay is to be closed."),
    ROW_UTC(ContentTestOrder, expires_us, "Not carried out from then on; at most a minute after issued_us."),
    ROW_WORD(ContentTestOrder, id, ID, "Of the test; the record of it says it again."),
    ROW_UTC(ContentTestOrder, issued_us, "When it was signed; later than that of every order taken before."),
    ROW_WORD(ContentTestOrder, station, ID, "Audience."),
    ROW_WORD(ContentTestOrder, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_request_members[] = {
    ROW_WORDS(ContentRequest, hashes, CONTENT_REQUEST_MAX_HASHES, HASH, "Documents wanted."),
    ROW_END,
};

static const ContentMember content_signature_shape_members[] = {
    ROW_TEXT(ContentSignature, algorithm, 1, ALGORITHM_MAX_BYTES, "`minisign`."),
    ROW_OPTIONAL_TEXT(ContentSignature, extra, 1, EXTRA_MAX_BYTES, "Reserved for other algorithms."),
    ROW_TEXT(ContentSignature, key, 1, KEY_MAX_BYTES, "Key id."),
    ROW_TEXT(ContentSignature, signature, 1, SIGNATURE_MAX_BYTES, "minisign's four lines."),
    ROW_END,
};

static const ContentMember content_bundled_shape_members[] = {
    ROW_WORD(ContentBundled, hash, HASH, "SHA-256 of the bytes of text."),
    ROW_STRUCTS(ContentBundled, signatures, CONTENT_MAX_SIGNATURES, content_signature_shape, "Signatures over text."),
    ROW_TEXT(ContentBundled, text, 1, CONTENT_DOCUMENT_MAX_BYTES, "The document, exactly."),
    ROW_END,
};

static const ContentMember content_bundle_members[] = {
    ROW_STRUCTS(ContentBundle, documents, CONTENT_REQUEST_MAX_HASHES, content_bundled_shape, "What was found."),
    ROW_WORDS(ContentBundle, missing, CONTENT_REQUEST_MAX_HASHES, HASH, "What nobody has."),
    ROW_END,
};

static const ContentMember content_enrol_members[] = {
    ROW_WORD(ContentEnrol, journal, ID, "Journal that the station begins."),
    ROW_TEXT(ContentEnrol, public_key, ROW_PUBLIC_KEY_BYTES, ROW_PUBLIC_KEY_BYTES, "minisign public key line of the station."),
    ROW_TEXT(ContentEnrol, request, 1, ROW_PEM_MAX_BYTES, "PKCS #10 certificate request, PEM, P-256."),
    ROW_HEX(ContentEnrol, secret, 32, "From the enrolment code."),
    ROW_END,
};

static const ContentMember content_enrolled_members[] = {
    ROW_TEXT(ContentEnrolled, authority, 1, ROW_PEM_MAX_BYTES, "Certificate of the CA, PEM."),
    ROW_TEXTS(ContentEnrolled, brokers, MAX_BROKERS, 1, ROW_URL_MAX_BYTES, "mqtts://host:port."),
    ROW_TEXT(ContentEnrolled, certificate, 1, ROW_PEM_MAX_BYTES, "Of the station, PEM."),
    ROW_TEXT(ContentEnrolled, device_url, 1, ROW_URL_MAX_BYTES, "https://host:port."),
    ROW_TEXT(ContentEnrolled, keys, 1, ENVELOPE_MAX_BYTES, "Envelope of the newest keys document."),
    ROW_TEXT(ContentEnrolled, root_key, ROW_PUBLIC_KEY_BYTES, ROW_PUBLIC_KEY_BYTES, "minisign public key line of the root."),
    ROW_WORD(ContentEnrolled, station, ID, "Name the station has from now on."),
    ROW_END,
};

static const ContentMember content_renew_members[] = {
    ROW_TEXT(ContentRenew, request, 1, ROW_PEM_MAX_BYTES, "PKCS #10 certificate request, PEM, P-256."),
    ROW_END,
};

static const ContentMember content_renewed_members[] = {
    ROW_TEXT(ContentRenewed, certificate, 1, ROW_PEM_MAX_BYTES, "Of the station, PEM."),
    ROW_WORD(ContentRenewed, station, ID, "Whose it is."),
    ROW_END,
};
/* clang-format on */

static const char *
check_test_order(gconstpointer element)
{
    const ContentTestOrder *order = element;

    if (order->expires_us <= order->issued_us)
        return "expires_us is not after issued_us";
    if (order->expires_us - order->issued_us > CONTENT_TEST_ORDER_LIFE_US)
        return "expires_us is more than a minute after issued_us";
    return NULL;
}

ROWS_DEFINE_DOCUMENT(content_time_ask, ContentTimeAsk, "time-ask", SMALL_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_time_answer, ContentTimeAnswer, "time-answer", SMALL_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(content_enquiry, ContentEnquiry, "enquiry", SMALL_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_test_order, ContentTestOrder, "test-order", SMALL_MAX_BYTES,
                     check_test_order)
ROWS_DEFINE_DOCUMENT(content_request, ContentRequest, "request", REQUEST_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(content_signature_shape, ContentSignature, "signature", NULL)
ROWS_DEFINE_SHAPE(content_bundled_shape, ContentBundled, "bundled document", NULL)
ROWS_DEFINE_DOCUMENT(content_bundle, ContentBundle, "bundle", CONTENT_BUNDLE_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_enrol, ContentEnrol, "enrol", ENROL_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_enrolled, ContentEnrolled, "enrolled", ENROLLED_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_renew, ContentRenew, "renew", ENROL_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_renewed, ContentRenewed, "renewed", ENROL_MAX_BYTES, NULL)
