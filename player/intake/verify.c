/* verify.c - see verify.h */
#include "player/intake/verify.h"

#include <string.h>

#include "content/alert.h"
#include "content/base/id.h"
#include "content/claim.h"
#include "content/exchange.h"
#include "content/grant.h"
#include "content/record.h"
#include "content/seal.h"
#include "player/intake/places.h"

G_DEFINE_QUARK(play - verify - error - quark, play_verify_error)

/* One key of the ring. */
typedef struct {
    char *id;
    char *line;       /* minisign public key */
    gint role;        /* ContentRole, or CONTENT_CLAIM_ROOT */
    GPtrArray *scope; /* (owned) (nullable) (element-type utf8): areas; NULL: everywhere */
    gint64 not_before_us, expires_us;
} RingKey;

struct PlayVerify {
    char *station;
    RingKey root;
    RingKey own;        /* `line` is NULL until it is known */
    GPtrArray *ring;    /* (element-type RingKey) */
    GPtrArray *places;  /* (of play_places_new()): of the settings in force; empty: not known */
    GHashTable *floors; /* key id -> gint64 * */
};

/* One document on its way through the checks. */
typedef struct {
    PlayVerify *self;
    const ContentDocumentType *type;
    gconstpointer envelope;
    gsize n_bytes;
    PlayVerifyTime time;
    GBytes *document;
    char *signature, *comment, *key_id, *audience;
    const ContentClaim *claim;
    const RingKey *key;
    gint64 version;
    gpointer parsed;
} Case;

/* Where a type says for whom it is, which version, and when it holds; NONE if it does not. */
typedef struct {
    const ContentDocumentType *type;
    gssize station, version, issued_us, not_before_us, expires_us;
} Dates;

#define NONE     (-1)
#define AT(T, f) ((gssize) G_STRUCT_OFFSET(T, f))

/* clang-format off */
static const Dates dates_of_types[] = {
    { &content_manifest_type,    AT(ContentManifest, station),   AT(ContentManifest, version),
      AT(ContentManifest, issued_us), AT(ContentManifest, not_before_us),
      AT(ContentManifest, expires_us) },
    { &content_keys_type,        NONE,                           AT(ContentKeys, version),
      AT(ContentKeys, issued_us), NONE, NONE },
    { &content_ack_type,         AT(ContentAck, station),        NONE, NONE, NONE, NONE },
    { &content_time_answer_type, AT(ContentTimeAnswer, station), NONE, NONE, NONE, NONE },
    { &content_enquiry_type,     AT(ContentEnquiry, station),    NONE, NONE, NONE, NONE },
    { &content_test_order_type,  AT(ContentTestOrder, station),  NONE,
      AT(ContentTestOrder, issued_us), NONE, AT(ContentTestOrder, expires_us) },
    { &content_approval_type,    NONE,                           NONE, NONE, NONE, NONE },
    { &content_alert_type,       NONE,                           NONE,
      AT(ContentAlert, issued_us), NONE, AT(ContentAlert, expires_us) },
    { &content_stop_type,        NONE,                           NONE,
      AT(ContentStop, issued_us), NONE, AT(ContentStop, expires_us) },
    /* Its dates are judged at every call; it may come before it begins. */
    { &content_grant_type,       AT(ContentGrant, station),      NONE, NONE, NONE, NONE },
    { &content_local_order_type, AT(ContentLocalOrder, station), NONE, NONE, NONE, NONE },
};
/* clang-format on */

static void
ring_key_clear(RingKey *key)
{
    g_free(key->id);
    g_free(key->line);
    g_clear_pointer(&key->scope, g_ptr_array_unref);
}

static void
ring_key_free(gpointer data)
{
    ring_key_clear(data);
    g_free(data);
}

void
play_verified_free(PlayVerified *verified)
{
    if (verified == NULL)
        return;
    g_bytes_unref(verified->document);
    g_free(verified->hash);
    g_free(verified->key_id);
    g_free(verified->signature);
    content_document_free(verified->type, verified->parsed);
    g_free(verified);
}

PlayVerify *
play_verify_new(const char *station, const char *root_key, GError **error)
{
    char *id = content_seal_public_key_id(root_key);
    PlayVerify *self;

    if (id == NULL) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_KEY,
                    "the pinned root key is no minisign public key");
        return NULL;
    }
    self = g_new0(PlayVerify, 1);
    self->station = g_strdup(station);
    self->root = (RingKey){id, g_strdup(root_key), CONTENT_CLAIM_ROOT, NULL, 0, G_MAXINT64};
    self->ring = g_ptr_array_new_with_free_func(ring_key_free);
    self->places = play_places_new(NULL);
    self->floors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
play_verify_free(PlayVerify *self)
{
    if (self == NULL)
        return;
    g_free(self->station);
    ring_key_clear(&self->root);
    ring_key_clear(&self->own);
    g_ptr_array_unref(self->ring);
    g_ptr_array_unref(self->places);
    g_hash_table_unref(self->floors);
    g_free(self);
}

gboolean
play_verify_set_own(PlayVerify *self, const char *public_key, GError **error)
{
    char *id = content_seal_public_key_id(public_key);

    if (id == NULL) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_KEY,
                    "the station's own key is no minisign public key");
        return FALSE;
    }
    ring_key_clear(&self->own);
    self->own = (RingKey){id, g_strdup(public_key), CONTENT_CLAIM_STATION, NULL, 0, G_MAXINT64};
    return TRUE;
}

const char *
play_verify_root_id(PlayVerify *self)
{
    return self->root.id;
}

gint64
play_verify_floor(PlayVerify *self, const char *key_id)
{
    const gint64 *floor = g_hash_table_lookup(self->floors, key_id);

    return floor == NULL ? 0 : *floor;
}

void
play_verify_set_floor(PlayVerify *self, const char *key_id, gint64 version)
{
    if (version > play_verify_floor(self, key_id))
        g_hash_table_insert(self->floors, g_strdup(key_id),
                            g_memdup2(&version, sizeof version));
}

static gpointer
copy_text(gconstpointer text, gpointer data)
{
    return g_strdup(text);
}

void
play_verify_take_keys(PlayVerify *self, const ContentKeys *keys, gboolean is_replay)
{
    g_ptr_array_set_size(self->ring, 0);
    for (guint i = 0; i < keys->keys->len; i++) {
        const ContentKey *from = keys->keys->pdata[i];
        RingKey *key = g_new0(RingKey, 1);

        *key = (RingKey){g_strdup(from->id),
                         g_strdup(from->key),
                         from->role,
                         from->scope->len == 0 ? NULL
                                               : g_ptr_array_copy(from->scope, copy_text, NULL),
                         from->not_before_us,
                         from->expires_us};
        g_ptr_array_add(self->ring, key);
    }
    for (guint i = 0; !is_replay && i < keys->forget_floors->len; i++)
        g_hash_table_remove(self->floors, keys->forget_floors->pdata[i]);
}

/* Areas are compared by name: one replaced by the area above it only asks once too often. */
static gboolean
reaches(const GPtrArray *scope, const GPtrArray *before)
{
    if (scope->len == 0)
        return TRUE;
    for (guint i = 0; before != NULL && i < before->len; i++) {
        if (!g_ptr_array_find_with_equal_func((GPtrArray *) scope, before->pdata[i],
                                              g_str_equal, NULL))
            return FALSE;
    }
    return before != NULL;
}

static gboolean
lists_key(const ContentKeys *keys, const RingKey *wanted)
{
    for (guint i = 0; i < keys->keys->len; i++) {
        const ContentKey *key = keys->keys->pdata[i];

        if (key->role == wanted->role && strcmp(key->id, wanted->id) == 0 &&
            reaches(key->scope, wanted->scope))
            return TRUE;
    }
    return FALSE;
}

gboolean
play_verify_loses(PlayVerify *self, const ContentKeys *keys, ContentRole role)
{
    for (guint i = 0; i < self->ring->len; i++) {
        const RingKey *key = self->ring->pdata[i];

        if (key->role == (gint) role && !lists_key(keys, key))
            return TRUE;
    }
    return FALSE;
}

gboolean
play_verify_is_limited(PlayVerify *self, ContentRole role)
{
    for (guint i = 0; i < self->ring->len; i++) {
        const RingKey *key = self->ring->pdata[i];

        if (key->role == (gint) role && key->scope != NULL)
            return TRUE;
    }
    return FALSE;
}

/* ---- the checks, in their order ---- */

static gboolean
refuse(Case *this, GError **error, PlayVerifyError code, const char *words)
{
    g_set_error(error, PLAY_VERIFY_ERROR, code, "%s: %s", this->type->type, words);
    return FALSE;
}

static gboolean
check_size(Case *this, GError **error)
{
    /* An envelope adds four lines, see content_seal_unwrap(). */
    if (this->n_bytes <= this->type->max_bytes + 1024)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_SIZE, "larger than such a document may be");
}

static gboolean
check_envelope(Case *this, GError **error)
{
    g_autoptr(GError) why = NULL;

    this->document = content_seal_unwrap(this->envelope, this->n_bytes, this->type->max_bytes,
                                         &this->signature, &this->comment, &this->key_id, &why);
    if (this->document != NULL)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_FORMAT, why->message);
}

static gboolean
check_claim(Case *this, GError **error)
{
    this->claim = content_claim_read(this->comment, &this->audience, &this->version);
    if (this->claim != NULL)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_FORMAT,
                  "its trusted comment does not say what it is");
}

static gboolean
check_type(Case *this, GError **error)
{
    if (strcmp(this->claim->type, this->type->type) == 0)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_TYPE, "claims to be something else");
}

static gboolean
check_key(Case *this, GError **error)
{
    if (strcmp(this->self->root.id, this->key_id) == 0)
        this->key = &this->self->root;
    else if (g_strcmp0(this->self->own.id, this->key_id) == 0)
        this->key = &this->self->own;
    for (guint i = 0; this->key == NULL && i < this->self->ring->len; i++) {
        const RingKey *key = this->self->ring->pdata[i];

        /* The same key may stand there once for each role. */
        if (strcmp(key->id, this->key_id) == 0 && key->role == this->claim->signer)
            this->key = key;
    }
    for (guint i = 0; this->key == NULL && i < this->self->ring->len; i++) {
        if (strcmp(((const RingKey *) this->self->ring->pdata[i])->id, this->key_id) == 0)
            this->key = this->self->ring->pdata[i];
    }
    if (this->key != NULL)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_KEY, "signed by a key we do not know");
}

static gboolean
check_role(Case *this, GError **error)
{
    if (this->key->role == this->claim->signer)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_ROLE,
                  "signed by a key that may not sign this");
}

static gboolean
check_key_dates(Case *this, GError **error)
{
    gint64 now_us = this->time.now_us;

    if (this->time.is_kept)
        return TRUE;
    if (now_us >= this->key->expires_us)
        return refuse(this, error, PLAY_VERIFY_ERROR_KEY_EXPIRED,
                      "signed by a key that has expired");
    if (this->time.is_trusted && now_us + PLAY_VERIFY_SKEW_US < this->key->not_before_us)
        return refuse(this, error, PLAY_VERIFY_ERROR_KEY_EARLY,
                      "signed by a key that is not valid yet");
    return TRUE;
}

static gboolean
check_signature(Case *this, GError **error)
{
    gsize n_bytes = 0;
    gconstpointer bytes = g_bytes_get_data(this->document, &n_bytes);

    if (content_seal_verify(this->key->line, this->signature, bytes, n_bytes, this->comment,
                            NULL))
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_SIGNATURE, "not what the key has signed");
}

static gboolean
check_audience(Case *this, GError **error)
{
    if (!this->claim->has_audience || strcmp(this->audience, this->self->station) == 0)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_AUDIENCE, "meant for another station");
}

/* The highest version accepted under any key that may still sign this type. */
static gint64
floor_of(PlayVerify *self, const RingKey *signer)
{
    gint64 floor = play_verify_floor(self, signer->id);

    for (guint i = 0; i < self->ring->len; i++) {
        const RingKey *key = self->ring->pdata[i];

        if (key->role == signer->role)
            floor = MAX(floor, play_verify_floor(self, key->id));
    }
    return floor;
}

static gboolean
check_version(Case *this, GError **error)
{
    gint64 floor = this->claim->has_version ? floor_of(this->self, this->key) : 0;

    if (this->version >= floor)
        return TRUE;
    g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_VERSION,
                "%s: version %" G_GINT64_FORMAT " is older than %" G_GINT64_FORMAT
                ", which was accepted",
                this->type->type, this->version, floor);
    return FALSE;
}

static gboolean
check_content(Case *this, GError **error)
{
    g_autoptr(GError) why = NULL;
    gsize n_bytes = 0;
    gconstpointer bytes = g_bytes_get_data(this->document, &n_bytes);

    this->parsed = content_document_read(this->type, bytes, n_bytes, &why);
    if (this->parsed != NULL)
        return TRUE;
    return refuse(this, error, PLAY_VERIFY_ERROR_CONTENT, why->message);
}

static const Dates *
dates_of(const ContentDocumentType *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(dates_of_types); i++) {
        if (strcmp(dates_of_types[i].type->type, type->type) == 0)
            return &dates_of_types[i];
    }
    return NULL;
}

static gint64
number_at(const Case *this, gssize offset, gint64 fallback)
{
    return offset == NONE ? fallback : G_STRUCT_MEMBER(gint64, this->parsed, offset);
}

/* The document must say of itself what the signature's comment says. */
static gboolean
check_agreement(Case *this, GError **error)
{
    const Dates *dates = dates_of(this->type);

    if (dates == NULL)
        return TRUE;
    if (dates->station != NONE &&
        strcmp(G_STRUCT_MEMBER(char *, this->parsed, dates->station), this->audience) != 0)
        return refuse(this, error, PLAY_VERIFY_ERROR_CLAIM, "names another station inside");
    if (number_at(this, dates->version, this->version) != this->version)
        return refuse(this, error, PLAY_VERIFY_ERROR_CLAIM, "has another version inside");
    return TRUE;
}

/* (nullable): NULL: the document is for the whole station. A stop without areas is for wherever
 * its alert sounds. */
static const GPtrArray *
areas_of(const Case *this)
{
    if (this->type == &content_approval_type)
        return ((const ContentApproval *) this->parsed)->areas;
    if (this->type == &content_alert_type)
        return ((const ContentAlert *) this->parsed)->areas;
    if (this->type == &content_stop_type &&
        ((const ContentStop *) this->parsed)->areas->len > 0)
        return ((const ContentStop *) this->parsed)->areas;
    return NULL;
}

/* What a document concerns of this station must lie in the areas of the key. */
static gboolean
check_scope(Case *this, GError **error)
{
    const char *outside;

    if (this->key->scope == NULL || this->time.is_kept)
        return TRUE;
    if (this->self->places->len == 0)
        return refuse(this, error, PLAY_VERIFY_ERROR_SCOPE,
                      "signed by a key for some areas only, and where this station lies is not "
                      "known yet");
    outside = play_places_outside(this->self->places, this->key->scope, areas_of(this));
    if (outside == NULL)
        return TRUE;
    g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_SCOPE,
                "%s: concerns zone '%s', which lies outside of the areas of its key",
                this->type->type, outside);
    return FALSE;
}

void
play_verify_set_places(PlayVerify *self, const ContentStationSettings *settings)
{
    g_ptr_array_unref(self->places);
    self->places = play_places_new(settings);
}

gboolean
play_verify_covers(PlayVerify *self, const char *key_id, const ContentStationSettings *settings,
                   GError **error)
{
    g_autoptr(GPtrArray) places = play_places_new(settings);

    for (guint i = 0; i < self->ring->len; i++) {
        const RingKey *key = self->ring->pdata[i];
        const char *outside;

        if (key->role != CONTENT_ROLE_MANIFEST || key->scope == NULL ||
            g_strcmp0(key->id, key_id) != 0)
            continue;
        outside = play_places_outside(places, key->scope, NULL);
        if (outside == NULL)
            continue;
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_SCOPE,
                    "settings: put zone '%s' outside of the areas of the manifest's key",
                    outside);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_dates(Case *this, GError **error)
{
    const Dates *dates = dates_of(this->type);
    gint64 now_us = this->time.now_us;
    gint64 soon_us = this->time.is_trusted ? now_us + PLAY_VERIFY_SKEW_US : G_MAXINT64;

    if (dates == NULL)
        return TRUE;
    /* They were judged when it came; what of it is over by now the cue has to tell. */
    if (this->time.is_kept &&
        (this->type == &content_alert_type || this->type == &content_stop_type))
        return TRUE;
    if (number_at(this, dates->issued_us, 0) > soon_us)
        return refuse(this, error, PLAY_VERIFY_ERROR_TOO_EARLY, "issued in the future");
    if (number_at(this, dates->not_before_us, 0) > soon_us)
        return refuse(this, error, PLAY_VERIFY_ERROR_TOO_EARLY, "not valid yet");
    if (number_at(this, dates->expires_us, G_MAXINT64) <= now_us)
        return refuse(this, error, PLAY_VERIFY_ERROR_EXPIRED, "has expired");
    return TRUE;
}

static gboolean (*const checks[])(Case *this, GError **error) = {
    check_size,    check_envelope,  check_claim,     check_type,     check_key,
    check_role,    check_key_dates, check_signature, check_audience, check_version,
    check_content, check_agreement, check_scope,     check_dates,
};

static PlayVerified *
verified_of(Case *this)
{
    PlayVerified *verified = g_new0(PlayVerified, 1);

    verified->type = this->type;
    verified->document = g_steal_pointer(&this->document);
    verified->hash = content_sha256_hex(g_bytes_get_data(verified->document, NULL),
                                        g_bytes_get_size(verified->document));
    verified->key_id = g_steal_pointer(&this->key_id);
    verified->signature = g_steal_pointer(&this->signature);
    verified->version = this->version;
    verified->parsed = g_steal_pointer(&this->parsed);
    return verified;
}

static void
case_clear(Case *this)
{
    g_clear_pointer(&this->document, g_bytes_unref);
    content_document_free(this->type, this->parsed);
    g_free(this->signature);
    g_free(this->comment);
    g_free(this->key_id);
    g_free(this->audience);
}

PlayVerified *
play_verify_envelope(PlayVerify *self, const ContentDocumentType *type, gconstpointer envelope,
                     gsize n_bytes, PlayVerifyTime time, GError **error)
{
    Case this = {
        .self = self, .type = type, .envelope = envelope, .n_bytes = n_bytes, .time = time};
    PlayVerified *verified = NULL;
    gboolean is_good = TRUE;

    for (gsize i = 0; is_good && i < G_N_ELEMENTS(checks); i++)
        is_good = checks[i](&this, error);
    if (is_good)
        verified = verified_of(&this);
    case_clear(&this);
    return verified;
}

PlayVerified *
play_verify_bundled(PlayVerify *self, const ContentDocumentType *type, gconstpointer document,
                    gsize n_bytes, GPtrArray *signatures, PlayVerifyTime time, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(document, n_bytes);
    g_autoptr(GError) why = NULL;

    for (guint i = 0; i < signatures->len; i++) {
        const ContentSignature *beside = signatures->pdata[i];
        g_autoptr(GBytes) envelope = NULL;
        PlayVerified *verified;

        if (strcmp(beside->algorithm, "minisign") != 0)
            continue;
        g_clear_error(&why);
        envelope = content_seal_wrap(beside->signature, bytes);
        verified = play_verify_envelope(self, type, g_bytes_get_data(envelope, NULL),
                                        g_bytes_get_size(envelope), time, &why);
        if (verified != NULL)
            return verified;
    }
    if (why == NULL)
        g_set_error(&why, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_FORMAT,
                    "%s: no signature that we can check", type->type);
    g_propagate_error(error, g_steal_pointer(&why));
    return NULL;
}
