/* district.c - see district.h */
#include "tests/support/district.h"

#include "content/base/id.h"
#include "content/claim.h"
#include "content/grant.h"

#include <string.h>

#define YEAR_US (G_GINT64_CONSTANT(365) * 86400 * G_USEC_PER_SEC)

TestDistrict *
test_district_new(void)
{
    TestDistrict *self = g_new0(TestDistrict, 1);

    self->root = content_seal_key_generate();
    self->online = content_seal_key_generate();
    self->time = content_seal_key_generate();
    self->approver = content_seal_key_generate();
    self->keys_version = 1;
    return self;
}

void
test_district_free(TestDistrict *self)
{
    if (self == NULL)
        return;
    content_seal_key_free(self->root);
    content_seal_key_free(self->online);
    content_seal_key_free(self->time);
    content_seal_key_free(self->approver);
    g_free(self);
}

void
test_district_add_key(ContentKeys *keys, ContentSealKey *key, gint role, gint64 not_before_us,
                      gint64 expires_us)
{
    ContentKey *added = content_shape_new(&content_key_shape);

    added->id = g_strdup(content_seal_key_id(key));
    added->key = g_strdup(content_seal_key_public(key));
    added->role = role;
    added->not_before_us = not_before_us;
    added->expires_us = expires_us;
    g_ptr_array_add(keys->keys, added);
}

ContentKeys *
test_district_keys(TestDistrict *self, gint64 issued_us)
{
    ContentKeys *keys = content_document_new(&content_keys_type);
    gint64 until_us = issued_us + YEAR_US;

    keys->version = self->keys_version;
    keys->issued_us = issued_us;
    test_district_add_key(keys, self->online, CONTENT_ROLE_MANIFEST, issued_us, until_us);
    test_district_add_key(keys, self->time, CONTENT_ROLE_TIME, issued_us, until_us);
    test_district_add_key(keys, self->approver, CONTENT_ROLE_APPROVAL, issued_us, until_us);
    return keys;
}

GBytes *
test_seal(ContentSealKey *key, const ContentDocumentType *type, gconstpointer document,
          const char *audience, gint64 version)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    g_autofree char *comment = content_claim_comment(type->type, audience, version);
    g_autofree char *signature = NULL;

    g_assert_no_error(error);
    signature =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    return content_seal_wrap(signature, bytes);
}

ContentManifest *
test_manifest(const char *station, gint64 version, gint64 issued_us)
{
    ContentManifest *manifest = content_document_new(&content_manifest_type);

    manifest->station = g_strdup(station);
    manifest->version = version;
    manifest->issued_us = issued_us;
    manifest->not_before_us = issued_us;
    manifest->expires_us = issued_us + CONTENT_MANIFEST_LIFE_US;
    manifest->settings = g_strnfill(64, '1');
    manifest->keys = g_strnfill(64, '2');
    return manifest;
}

char *
test_bytes_hash(GBytes *bytes)
{
    return content_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* ---- the shelf ---- */

static void
bundled_free(gpointer data)
{
    content_shape_free(&content_bundled_shape, data);
}

TestShelf *
test_shelf_new(void)
{
    TestShelf *shelf = g_new0(TestShelf, 1);

    shelf->documents = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, bundled_free);
    return shelf;
}

void
test_shelf_free(TestShelf *shelf)
{
    if (shelf == NULL)
        return;
    g_hash_table_unref(shelf->documents);
    g_free(shelf);
}

/* (nullable): the station that a grant is for; what else is signed beside is for everybody */
static const char *
audience_of(const ContentDocumentType *type, gconstpointer document)
{
    return type == &content_grant_type ? ((const ContentGrant *) document)->station : NULL;
}

static void
sign_beside(ContentBundled *bundled, const ContentDocumentType *type, ContentSealKey *key,
            const char *audience, gint64 version)
{
    ContentSignature *signature = content_shape_new(&content_signature_shape);
    g_autofree char *comment = content_claim_comment(type->type, audience, version);

    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup(content_seal_key_id(key));
    signature->signature =
        content_seal_sign(key, bundled->text, strlen(bundled->text), comment);
    g_ptr_array_add(bundled->signatures, signature);
}

const char *
test_shelf_put(TestShelf *shelf, const ContentDocumentType *type, gconstpointer document,
               ContentSealKey *key, gint64 version)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    ContentBundled *bundled = content_shape_new(&content_bundled_shape);

    g_assert_no_error(error);
    bundled->text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    bundled->hash = test_bytes_hash(bytes);
    if (key != NULL)
        sign_beside(bundled, type, key, audience_of(type, document), version);
    g_hash_table_replace(shelf->documents, bundled->hash, bundled);
    return bundled->hash;
}

static ContentBundled *
copy_bundled(const ContentBundled *from)
{
    ContentBundled *copy = content_shape_new(&content_bundled_shape);

    copy->hash = g_strdup(from->hash);
    copy->text = g_strdup(from->text);
    for (guint i = 0; i < from->signatures->len; i++) {
        const ContentSignature *beside = from->signatures->pdata[i];
        ContentSignature *signature = content_shape_new(&content_signature_shape);

        signature->algorithm = g_strdup(beside->algorithm);
        signature->key = g_strdup(beside->key);
        signature->signature = g_strdup(beside->signature);
        g_ptr_array_add(copy->signatures, signature);
    }
    return copy;
}

ContentBundle *
test_shelf_answer(TestShelf *shelf, GPtrArray *hashes)
{
    ContentBundle *bundle = content_document_new(&content_bundle_type);

    shelf->n_requests++;
    for (guint i = 0; i < hashes->len; i++) {
        const ContentBundled *found = g_hash_table_lookup(shelf->documents, hashes->pdata[i]);

        if (found != NULL)
            g_ptr_array_add(bundle->documents, copy_bundled(found));
        else
            g_ptr_array_add(bundle->missing, g_strdup(hashes->pdata[i]));
    }
    return bundle;
}

ContentStationSettings *
test_settings(const char *station)
{
    ContentStationSettings *settings = content_document_new(&content_station_settings_type);

    settings->station = g_strdup(station);
    settings->name = g_strdup("Đài truyền thanh Ia Pa");
    settings->tzid = g_strdup("Asia/Ho_Chi_Minh");
    settings->heartbeat_s = 60;
    settings->large_bytes = 1000000;
    return settings;
}

ContentDayPlan *
test_plan(const char *station, const char *date)
{
    ContentDayPlan *plan = content_document_new(&content_day_plan_type);

    plan->station = g_strdup(station);
    plan->date = g_strdup(date);
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    return plan;
}

static gint
compare_objects(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ContentPlanObject *const *) a)->hash,
                  (*(ContentPlanObject *const *) b)->hash);
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

void
test_plan_add(ContentDayPlan *plan, gint64 start_us, const char *object, gint64 size_bytes,
              const char *approval)
{
    ContentSegment *segment = content_shape_new(&content_segment_shape);
    ContentPlanObject *needed = content_shape_new(&content_plan_object_shape);
    g_autofree char *item = g_strdup_printf("item-%u", plan->segments->len);

    segment->occurrence = g_strdup_printf("slot-%s", plan->date);
    segment->id = content_segment_id(segment->occurrence, item, "bdq", "a", 0, "");
    segment->slot = g_strdup("slot");
    segment->item = g_strdup(item);
    segment->output = g_strdup("a");
    g_ptr_array_add(segment->zones, g_strdup("cho"));
    segment->start_us = start_us;
    segment->duration_us = 60 * G_USEC_PER_SEC;
    segment->language = g_strdup("bdq");
    segment->source = CONTENT_SOURCE_OBJECT;
    segment->object = g_strdup(object);
    segment->approval = approval == NULL ? g_strnfill(64, 'e') : g_strdup(approval);
    segment->title = g_strdup("Phòng cháy rừng");
    g_ptr_array_add(plan->segments, segment);

    needed->hash = g_strdup(object);
    needed->size_bytes = size_bytes;
    needed->duration_us = 60 * G_USEC_PER_SEC;
    g_ptr_array_add(plan->objects, needed);
    g_ptr_array_sort(plan->objects, compare_objects);
    if (!g_ptr_array_find_with_equal_func(plan->approvals, segment->approval, g_str_equal,
                                          NULL))
        g_ptr_array_add(plan->approvals, g_strdup(segment->approval));
    g_ptr_array_sort(plan->approvals, compare_texts);
}

ContentApproval *
test_approval(const char *object)
{
    ContentApproval *approval = content_document_new(&content_approval_type);

    approval->kind = CONTENT_APPROVED_VERSION;
    approval->announcement = g_strdup("phong-chay");
    approval->version = g_strdup("phong-chay-bdq");
    approval->object = g_strdup(object);
    approval->script = g_strnfill(64, 'f');
    approval->language = g_strdup("bdq");
    g_ptr_array_add(approval->areas, g_strdup("ia-pa"));
    approval->valid_until_us = CONTENT_US_MAX;
    approval->title = g_strdup("Phòng cháy rừng");
    approval->source_document = g_strdup("12/UBND");
    approval->author = g_strdup("editor-1");
    approval->checker = g_strdup("reader-1");
    approval->approver = g_strdup("approver-1");
    return approval;
}

void
test_manifest_add_day(ContentManifest *manifest, const char *date, const char *hash)
{
    ContentManifestDay *day = content_shape_new(&content_manifest_day_shape);

    day->date = g_strdup(date);
    day->hash = g_strdup(hash);
    g_ptr_array_add(manifest->days, day);
}
