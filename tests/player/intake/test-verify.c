/*
 * test-verify.c - the attacks of the TUF specification's list, and a few of our own, against
 * the order of checks.
 */
#include "player/intake/verify.h"

#include <string.h>

#include "content/claim.h"
#include "tests/support/district.h"

#define STATION "ia-pa-02"
#define OBJECT  "6ed8919ce20490a5e3ad8630a4fab69475297abd07db73918dd5f36fcfaeb11b"
#define DAY_US  (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define NOW     G_GINT64_CONSTANT(1772409600000000)

typedef struct {
    TestDistrict *district;
    PlayVerify *verify;
} Fixture;

static const PlayVerifyTime now = {NOW, TRUE, FALSE};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GError) error = NULL;

    fixture->district = test_district_new();
    fixture->verify =
        play_verify_new(STATION, content_seal_key_public(fixture->district->root), &error);
    g_assert_no_error(error);
    keys = test_district_keys(fixture->district, NOW - DAY_US);
    play_verify_take_keys(fixture->verify, keys, FALSE);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    play_verify_free(fixture->verify);
    test_district_free(fixture->district);
}

static PlayVerified *
judge(Fixture *fixture, const ContentDocumentType *type, GBytes *envelope, PlayVerifyTime time,
      GError **error)
{
    return play_verify_envelope(fixture->verify, type, g_bytes_get_data(envelope, NULL),
                                g_bytes_get_size(envelope), time, error);
}

/* -1: accepted; else the code of the refusal, which must read as a sentence. */
static gint
code_of(Fixture *fixture, const ContentDocumentType *type, GBytes *envelope,
        PlayVerifyTime time)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified = judge(fixture, type, envelope, time, &error);

    if (verified != NULL)
        return -1;
    g_assert_cmpuint(error->domain, ==, PLAY_VERIFY_ERROR);
    g_test_message("%s", error->message);
    return error->code;
}

static gint
manifest_code(Fixture *fixture, ContentSealKey *key, gint64 version, gint64 issued_us)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, issued_us);
    g_autoptr(GBytes) envelope =
        test_seal(key, &content_manifest_type, manifest, STATION, version);

    return code_of(fixture, &content_manifest_type, envelope, now);
}

static void
test_accepted(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 7, NOW);
    g_autoptr(GBytes) envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 7);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        judge(fixture, &content_manifest_type, envelope, now, &error);
    const ContentManifest *read;

    g_assert_no_error(error);
    read = verified->parsed;
    g_assert_cmpint(read->version, ==, 7);
    g_assert_cmpint(verified->version, ==, 7);
    g_assert_cmpstr(verified->key_id, ==, content_seal_key_id(fixture->district->online));
    /* Judging alone raises no floor. */
    g_assert_cmpint(play_verify_floor(fixture->verify, verified->key_id), ==, 0);
}

/* Every byte of an envelope, flipped: none is accepted. */
static void
test_changed_byte(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 7, NOW);
    g_autoptr(GBytes) envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 7);
    gsize n_bytes = 0;
    const guint8 *bytes = g_bytes_get_data(envelope, &n_bytes);
    /* The first line is an untrusted comment: anybody may write what he likes there. */
    gsize first = (gsize) ((const guint8 *) memchr(bytes, '\n', n_bytes) - bytes);

    for (gsize i = first; i < n_bytes; i++) {
        g_autofree guint8 *copy = g_memdup2(bytes, n_bytes);
        g_autoptr(PlayVerified) verified = NULL;

        copy[i] ^= 1;
        verified = play_verify_envelope(fixture->verify, &content_manifest_type, copy, n_bytes,
                                        now, NULL);
        g_assert_null(verified);
    }
}

static void
test_cut_short(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 7, NOW);
    g_autoptr(GBytes) envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 7);

    for (gsize n = 0; n < g_bytes_get_size(envelope); n++) {
        g_autoptr(PlayVerified) verified =
            play_verify_envelope(fixture->verify, &content_manifest_type,
                                 g_bytes_get_data(envelope, NULL), n, now, NULL);

        g_assert_null(verified);
    }
}

static void
test_rollback(Fixture *fixture, gconstpointer data)
{
    ContentSealKey *online = fixture->district->online;

    play_verify_set_floor(fixture->verify, content_seal_key_id(online), 7);
    g_assert_cmpint(manifest_code(fixture, online, 6, NOW), ==, PLAY_VERIFY_ERROR_VERSION);
    g_assert_cmpint(manifest_code(fixture, online, 7, NOW), ==, -1);
    g_assert_cmpint(manifest_code(fixture, online, 8, NOW), ==, -1);
    /* A floor never sinks by itself. */
    play_verify_set_floor(fixture->verify, content_seal_key_id(online), 3);
    g_assert_cmpint(manifest_code(fixture, online, 6, NOW), ==, PLAY_VERIFY_ERROR_VERSION);
}

/* Freeze: an old, genuine document shown for ever runs out. */
static void
test_freeze(Fixture *fixture, gconstpointer data)
{
    ContentSealKey *online = fixture->district->online;
    /* clang-format off */
    const struct { const char *why; gint64 issued_us; gint code; } cases[] = {
        { "of today",                        NOW,                            -1 },
        { "29 days old",                     NOW - 29 * DAY_US,              -1 },
        { "30 days old, to the µs",          NOW - CONTENT_MANIFEST_LIFE_US, PLAY_VERIFY_ERROR_EXPIRED   },
        { "a district 5 minutes ahead",      NOW + PLAY_VERIFY_SKEW_US,      -1 },
        { "issued later than that",          NOW + PLAY_VERIFY_SKEW_US + 1,  PLAY_VERIFY_ERROR_TOO_EARLY },
        { "issued in fourteen years",        NOW + 5110 * DAY_US,            PLAY_VERIFY_ERROR_TOO_EARLY },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(manifest_code(fixture, online, 7, cases[i].issued_us), ==,
                        cases[i].code);
    }
}

static void
add_texts(GPtrArray *into, const char *words)
{
    g_auto(GStrv) texts = g_strsplit(words, " ", -1);

    for (guint i = 0; texts[i] != NULL && texts[i][0] != '\0'; i++)
        g_ptr_array_add(into, g_strdup(texts[i]));
}

/* Two zones, in two communes of one district. */
static ContentStationSettings *
two_places(void)
{
    static const char *const zones[][2] = {{"cho", "lang-cho xa-mot huyen tinh"},
                                           {"suoi", "lang-suoi xa-hai huyen tinh"}};
    ContentStationSettings *settings = content_document_new(&content_station_settings_type);

    for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
        ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);

        zone->id = g_strdup(zones[i][0]);
        add_texts(zone->areas, zones[i][1]);
        g_ptr_array_add(settings->zones, zone);
    }
    return settings;
}

/* Both keys of the district are for @scope alone from now on. */
static void
limit_keys(Fixture *fixture, const char *scope)
{
    g_autoptr(ContentKeys) keys = test_district_keys(fixture->district, NOW - DAY_US);

    for (guint i = 0; i < keys->keys->len; i++)
        add_texts(((ContentKey *) keys->keys->pdata[i])->scope, scope);
    play_verify_take_keys(fixture->verify, keys, FALSE);
}

static gint
approval_code(Fixture *fixture, const char *areas, PlayVerifyTime time)
{
    g_autoptr(ContentApproval) approval = test_approval(OBJECT);
    g_autoptr(GBytes) envelope = NULL;

    g_ptr_array_set_size(approval->areas, 0);
    add_texts(approval->areas, areas);
    envelope =
        test_seal(fixture->district->approver, &content_approval_type, approval, NULL, 0);
    return code_of(fixture, &content_approval_type, envelope, time);
}

/* What a key for some areas only may sign: docs/formats.md, "Scope of a key". */
static void
test_scope(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    static const struct {
        const char *why, *scope;
        gboolean is_placed; /* the station has settings */
        const char *areas;  /* of an approval */
        gboolean takes_approval, takes_manifest;
    } cases[] = {
        { "everywhere",                           "",               TRUE,  "tinh",     TRUE,  TRUE  },
        { "everywhere, and no settings yet",      "",               FALSE, "tinh",     TRUE,  TRUE  },
        { "an area above",                        "huyen",          TRUE,  "tinh",     TRUE,  TRUE  },
        { "one commune, for that commune",        "xa-mot",         TRUE,  "xa-mot",   TRUE,  FALSE },
        { "one commune, for a village of it",     "xa-mot",         TRUE,  "lang-cho", TRUE,  FALSE },
        { "one commune, for the other",           "xa-mot",         TRUE,  "xa-hai",   FALSE, FALSE },
        { "one commune, for the whole district",  "xa-mot",         TRUE,  "huyen",    FALSE, FALSE },
        { "one commune, for a place not here",    "xa-mot",         TRUE,  "xa-ba",    TRUE,  FALSE },
        { "a village, for its commune",           "lang-cho",       TRUE,  "xa-mot",   TRUE,  FALSE },
        { "each commune by itself",               "xa-mot xa-hai",  TRUE,  "huyen",    TRUE,  TRUE  },
        { "somewhere else",                       "xa-ba",          TRUE,  "huyen",    FALSE, FALSE },
        { "an area, and no settings yet",         "huyen",          FALSE, "huyen",    FALSE, FALSE },
    };
    /* clang-format on */
    g_autoptr(ContentStationSettings) settings = two_places();
    const PlayVerifyTime kept = {NOW, TRUE, TRUE};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        limit_keys(fixture, cases[i].scope);
        play_verify_set_places(fixture->verify, cases[i].is_placed ? settings : NULL);
        g_assert_cmpint(approval_code(fixture, cases[i].areas, now), ==,
                        cases[i].takes_approval ? -1 : PLAY_VERIFY_ERROR_SCOPE);
        g_assert_cmpint(manifest_code(fixture, fixture->district->online, 7, NOW), ==,
                        cases[i].takes_manifest ? -1 : PLAY_VERIFY_ERROR_SCOPE);
        /* What was taken once is not judged again at a restart. */
        g_assert_cmpint(approval_code(fixture, cases[i].areas, kept), ==, -1);
    }
}

/* The settings that a manifest names must leave the station where the manifest's key has a say.
 */
static void
test_scope_of_settings(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *why, *scope;
        gboolean is_covered;
    } cases[] = {
        {"everywhere", "", TRUE},
        {"all of it", "huyen", TRUE},
        {"a part of it", "xa-hai", FALSE},
        {"nothing of it", "xa-ba", FALSE},
    };
    const char *key = content_seal_key_id(fixture->district->online);
    g_autoptr(ContentStationSettings) settings = two_places();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        limit_keys(fixture, cases[i].scope);
        g_assert_cmpint(play_verify_covers(fixture->verify, key, settings, &error), ==,
                        cases[i].is_covered);
        if (!cases[i].is_covered)
            g_assert_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_SCOPE);
    }
}

/* With a clock that nobody vouches for, only what has surely run out is refused. */
static void
test_untrusted_clock(Fixture *fixture, gconstpointer data)
{
    PlayVerifyTime untrusted = {NOW - 400 * DAY_US, FALSE, FALSE};
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 7, NOW);
    g_autoptr(GBytes) envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 7);

    g_assert_cmpint(code_of(fixture, &content_manifest_type, envelope, untrusted), ==, -1);
    untrusted.now_us = NOW + CONTENT_MANIFEST_LIFE_US;
    g_assert_cmpint(code_of(fixture, &content_manifest_type, envelope, untrusted), ==,
                    PLAY_VERIFY_ERROR_EXPIRED);
}

/* Fast-forward: a stolen key signed the highest version; the root takes it away and forgets. */
static void
test_fast_forward(Fixture *fixture, gconstpointer data)
{
    ContentSealKey *stolen = fixture->district->online;
    g_autoptr(ContentSealKey) fresh = content_seal_key_generate();
    g_autoptr(ContentKeys) rotated = NULL;
    g_autoptr(ContentKeys) forgetting = NULL;

    play_verify_set_floor(fixture->verify, content_seal_key_id(stolen), CONTENT_VERSION_MAX);
    g_assert_cmpint(manifest_code(fixture, fresh, 8, NOW), ==, PLAY_VERIFY_ERROR_KEY);

    /* Rotated: another key, whose floor is its own. */
    fixture->district->online = fresh;
    rotated = test_district_keys(fixture->district, NOW);
    fixture->district->online = stolen;
    play_verify_take_keys(fixture->verify, rotated, FALSE);
    g_assert_cmpint(manifest_code(fixture, fresh, 8, NOW), ==, -1);
    g_assert_cmpint(manifest_code(fixture, stolen, CONTENT_VERSION_MAX, NOW), ==,
                    PLAY_VERIFY_ERROR_KEY);

    /* Or the same key with a floor that the root declares void; not again at a restart. */
    forgetting = test_district_keys(fixture->district, NOW);
    g_ptr_array_add(forgetting->forget_floors, g_strdup(content_seal_key_id(stolen)));
    play_verify_take_keys(fixture->verify, forgetting, TRUE);
    g_assert_cmpint(manifest_code(fixture, stolen, 9, NOW), ==, PLAY_VERIFY_ERROR_VERSION);
    play_verify_take_keys(fixture->verify, forgetting, FALSE);
    g_assert_cmpint(manifest_code(fixture, stolen, 9, NOW), ==, -1);
}

/* Mix and match: with two keys in the ring, one held-back document is not newer than the other.
 */
static void
test_two_keys(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) second = content_seal_key_generate();
    g_autoptr(ContentKeys) keys = test_district_keys(fixture->district, NOW - DAY_US);

    test_district_add_key(keys, second, CONTENT_ROLE_MANIFEST, NOW - DAY_US, NOW + DAY_US);
    play_verify_take_keys(fixture->verify, keys, FALSE);
    play_verify_set_floor(fixture->verify, content_seal_key_id(second), 19);
    g_assert_cmpint(manifest_code(fixture, fixture->district->online, 18, NOW), ==,
                    PLAY_VERIFY_ERROR_VERSION);
    g_assert_cmpint(manifest_code(fixture, fixture->district->online, 20, NOW), ==, -1);
}

/* The right bytes by the wrong hand, or for somebody else, or on the wrong path. */
static void
test_wrong_hand(Fixture *fixture, gconstpointer data)
{
    TestDistrict *district = fixture->district;
    g_autoptr(ContentSealKey) stranger = content_seal_key_generate();
    g_autoptr(ContentManifest) ours = test_manifest(STATION, 7, NOW);
    g_autoptr(ContentManifest) theirs = test_manifest("ia-mo-nong", 7, NOW);
    g_autoptr(ContentKeys) keys = test_district_keys(district, NOW);
    ContentTimeAnswer answer = {(char *) STATION, g_strnfill(64, 'a'), NOW};
    const ContentDocumentType *manifest = &content_manifest_type;
    const ContentDocumentType *time = &content_time_answer_type;
    /* clang-format off */
    const struct { const char *why; ContentSealKey *key; const ContentDocumentType *type;
                   gconstpointer document; const char *audience; gint64 version;
                   const ContentDocumentType *path; gint code; } cases[] = {
        { "a stranger's key",             stranger,           manifest, ours,   STATION,      7, manifest, PLAY_VERIFY_ERROR_KEY      },
        { "the time key's",               district->time,     manifest, ours,   STATION,      7, manifest, PLAY_VERIFY_ERROR_ROLE     },
        { "the root's own",               district->root,     manifest, ours,   STATION,      7, manifest, PLAY_VERIFY_ERROR_ROLE     },
        { "keys signed by an online key", district->online,   &content_keys_type, keys, NULL, 1, &content_keys_type, PLAY_VERIFY_ERROR_ROLE },
        { "keys by the root",             district->root,     &content_keys_type, keys, NULL, 1, &content_keys_type, -1 },
        { "time by the manifest key",     district->online,   time,     &answer, STATION,     0, time,     PLAY_VERIFY_ERROR_ROLE     },
        { "time by the time key",         district->time,     time,     &answer, STATION,     0, time,     -1                         },
        { "time where a manifest belongs", district->time,    time,     &answer, STATION,     0, manifest, PLAY_VERIFY_ERROR_TYPE     },
        { "another station's",            district->online,   manifest, theirs, "ia-mo-nong", 7, manifest, PLAY_VERIFY_ERROR_AUDIENCE },
        { "another station's inside",     district->online,   manifest, theirs, STATION,      7, manifest, PLAY_VERIFY_ERROR_CLAIM    },
        { "another version inside",       district->online,   manifest, ours,   STATION,      8, manifest, PLAY_VERIFY_ERROR_CLAIM    },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) envelope = test_seal(cases[i].key, cases[i].type, cases[i].document,
                                               cases[i].audience, cases[i].version);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(code_of(fixture, cases[i].path, envelope, now), ==, cases[i].code);
    }
    g_free(answer.nonce);
}

static void
test_key_dates(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gint64 from_us, until_us; gboolean is_trusted, is_kept;
                   gint code; } cases[] = {
        { "valid",                            -DAY_US, DAY_US,   TRUE,  FALSE, -1 },
        { "expired this µs",                  -DAY_US, 0,        TRUE,  FALSE, PLAY_VERIFY_ERROR_KEY_EXPIRED },
        { "expired, untrusted clock",         -DAY_US, 0,        FALSE, FALSE, PLAY_VERIFY_ERROR_KEY_EXPIRED },
        { "expired, but accepted long ago",   -DAY_US, 0,        TRUE,  TRUE,  -1 },
        { "not yet valid",                    DAY_US,  2*DAY_US, TRUE,  FALSE, PLAY_VERIFY_ERROR_KEY_EARLY },
        { "not yet valid, untrusted clock",   DAY_US,  2*DAY_US, FALSE, FALSE, -1 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentKeys) keys = content_document_new(&content_keys_type);
        g_autoptr(ContentManifest) manifest = test_manifest(STATION, 7, NOW);
        g_autoptr(GBytes) envelope =
            test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 7);
        PlayVerifyTime time = {NOW, cases[i].is_trusted, cases[i].is_kept};

        g_test_message("%s", cases[i].why);
        test_district_add_key(keys, fixture->district->online, CONTENT_ROLE_MANIFEST,
                              NOW + cases[i].from_us, NOW + cases[i].until_us);
        play_verify_take_keys(fixture->verify, keys, FALSE);
        g_assert_cmpint(code_of(fixture, &content_manifest_type, envelope, time), ==,
                        cases[i].code);
    }
}

/* Sizes are judged before anything is looked at; verified rubbish is still rubbish. */
static void
test_size_and_content(Fixture *fixture, gconstpointer data)
{
    g_autofree char *spaces = g_strnfill(CONTENT_MANIFEST_MAX_BYTES + 1025, ' ');
    g_autofree char *big = g_strnfill(CONTENT_MANIFEST_MAX_BYTES + 1, ' ');
    g_autofree char *comment = content_claim_comment("manifest", STATION, 7);
    /* clang-format off */
    const struct { const char *why, *text; gint code; } cases[] = {
        { "over the limit of its type", big,                                     PLAY_VERIFY_ERROR_FORMAT  },
        { "not JSON",                   "hello",                                 PLAY_VERIFY_ERROR_CONTENT },
        { "another type inside",        "{\"type\":\"ack\",\"v\":1}",            PLAY_VERIFY_ERROR_CONTENT },
        { "a version nobody reads yet", "{\"type\":\"manifest\",\"v\":9}",       PLAY_VERIFY_ERROR_CONTENT },
        { "nothing",                    "",                                      PLAY_VERIFY_ERROR_CONTENT },
    };
    /* clang-format on */

    g_assert_null(play_verify_envelope(fixture->verify, &content_manifest_type, spaces,
                                       CONTENT_MANIFEST_MAX_BYTES + 1025, now, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].text);
        g_autofree char *signature =
            content_seal_sign(fixture->district->online, cases[i].text, length, comment);
        g_autoptr(GBytes) document = g_bytes_new(cases[i].text, length);
        g_autoptr(GBytes) envelope = content_seal_wrap(signature, document);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(code_of(fixture, &content_manifest_type, envelope, now), ==,
                        cases[i].code);
    }
}

/* A list of signatures: kinds we cannot read do not count, one that we can is enough. */
static void
test_bundled(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentKeys) keys = test_district_keys(fixture->district, NOW);
    g_autoptr(GBytes) bytes = content_document_write(&content_keys_type, keys, NULL);
    gconstpointer text = g_bytes_get_data(bytes, NULL);
    gsize n_bytes = g_bytes_get_size(bytes);
    g_autofree char *good =
        content_seal_sign(fixture->district->root, text, n_bytes, "keys all 1");
    g_autofree char *bad =
        content_seal_sign(fixture->district->online, text, n_bytes, "keys all 1");
    ContentSignature later = {(char *) "webauthn-p256", (char *) "x", good, NULL};
    ContentSignature wrong = {(char *) "minisign", (char *) "x", bad, NULL};
    ContentSignature right = {(char *) "minisign", (char *) "x", good, NULL};
    /* clang-format off */
    const struct { const char *why; ContentSignature *list[3]; gboolean is_good; } cases[] = {
        { "none",                     { NULL },                    FALSE },
        { "another algorithm alone",  { &later },                  FALSE },
        { "a key without the right",  { &wrong },                  FALSE },
        { "the right one",            { &right },                  TRUE  },
        { "the right one at the end", { &later, &wrong, &right },  TRUE  },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) list = g_ptr_array_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(PlayVerified) verified = NULL;

        for (gsize j = 0; j < 3 && cases[i].list[j] != NULL; j++)
            g_ptr_array_add(list, cases[i].list[j]);
        g_test_message("%s", cases[i].why);
        verified = play_verify_bundled(fixture->verify, &content_keys_type, text, n_bytes, list,
                                       now, &error);
        g_assert_cmpint(verified != NULL, ==, cases[i].is_good);
        g_assert_cmpint(error == NULL, ==, cases[i].is_good);
    }
}

static void
test_root_key(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(play_verify_new(STATION, "not a key", &error));
    g_assert_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_KEY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/verify/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("accepted", test_accepted);
    ADD("changed-byte", test_changed_byte);
    ADD("cut-short", test_cut_short);
    ADD("rollback", test_rollback);
    ADD("freeze", test_freeze);
    ADD("scope", test_scope);
    ADD("scope-of-settings", test_scope_of_settings);
    ADD("untrusted-clock", test_untrusted_clock);
    ADD("fast-forward", test_fast_forward);
    ADD("two-keys", test_two_keys);
    ADD("wrong-hand", test_wrong_hand);
    ADD("key-dates", test_key_dates);
    ADD("size-and-content", test_size_and_content);
    ADD("bundled", test_bundled);
    g_test_add_func("/player/intake/verify/root-key", test_root_key);
    return g_test_run();
}
