/*
 * district.h - the district's keys and pen, as a station meets them: signs what a test asks.
 *
 * Real documents and real signatures; only the hand that holds the pen is the test's.
 */
#pragma once

#include "content/exchange.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "content/record.h"
#include "content/seal.h"

typedef struct {
    ContentSealKey *root;
    ContentSealKey *online; /* manifest, ack, enquiry */
    ContentSealKey *time;
    ContentSealKey *approver;
    gint64 keys_version;
} TestDistrict;

TestDistrict *test_district_new(void);
void test_district_free(TestDistrict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestDistrict, test_district_free)

/** test_district_keys: Returns: (transfer full): a keys document naming the three online keys
 */
ContentKeys *test_district_keys(TestDistrict *self, gint64 issued_us);

/** test_district_add_key: @keys gets one more key */
void test_district_add_key(ContentKeys *keys, ContentSealKey *key, gint role,
                           gint64 not_before_us, gint64 expires_us);

/**
 * test_seal:
 * @audience: (nullable)
 *
 * Returns: (transfer full): envelope of @document, canonical, with the claim in its comment
 */
GBytes *test_seal(ContentSealKey *key, const ContentDocumentType *type, gconstpointer document,
                  const char *audience, gint64 version);

/** test_manifest: Returns: (transfer full): without days, valid for 30 days from @issued_us */
ContentManifest *test_manifest(const char *station, gint64 version, gint64 issued_us);

/** test_bytes_hash: Returns: (transfer full) */
char *test_bytes_hash(GBytes *bytes);

/* What a station may ask the district for, by hash; answers as POST /device/documents does. */
typedef struct {
    GHashTable *documents; /* hash -> ContentBundled */
    guint n_requests;
} TestShelf;

TestShelf *test_shelf_new(void);
void test_shelf_free(TestShelf *shelf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestShelf, test_shelf_free)

/**
 * test_shelf_put:
 * @key: (nullable): signs it beside, with the claim of its type
 *
 * Returns: (transfer none): its hash
 */
const char *test_shelf_put(TestShelf *shelf, const ContentDocumentType *type,
                           gconstpointer document, ContentSealKey *key, gint64 version);

/** test_shelf_answer: Returns: (transfer full): what is there of @hashes, and what is not */
ContentBundle *test_shelf_answer(TestShelf *shelf, GPtrArray *hashes);

/** test_settings: Returns: (transfer full): plain settings of a station in Asia/Ho_Chi_Minh */
ContentStationSettings *test_settings(const char *station);

/** test_plan: Returns: (transfer full): a day without segments */
ContentDayPlan *test_plan(const char *station, const char *date);

/** test_plan_add: one segment on output a, zone cho, with its object; @approval may be NULL */
void test_plan_add(ContentDayPlan *plan, gint64 start_us, const char *object, gint64 size_bytes,
                   const char *approval);

/** test_approval: Returns: (transfer full): of one object, in Bahnar */
ContentApproval *test_approval(const char *object);

/** test_manifest_add_day: @hash: of the day's plan */
void test_manifest_add_day(ContentManifest *manifest, const char *date, const char *hash);
