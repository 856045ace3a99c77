/* district.c - see district.h */
#include "tests/support/district.h"

#include "content/base/id.h"
#include "content/claim.h"

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
