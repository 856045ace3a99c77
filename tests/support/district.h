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
