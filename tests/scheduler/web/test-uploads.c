/*
 * test-uploads.c - a recording in parts: whoever is interrupted goes on, whoever is damaged
 * begins anew, and nobody fills the disk.
 */
#include "scheduler/web/uploads.h"
#include "tests/scheduler/web/api-fixture.h"
#include "tests/support/scratch.h"

#include "content/base/id.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* ---- the folder ---- */

/* digest: (nullable): of the part, as its sender has it */
static gint64
append_told(const char *folder, const char *account, const char *hash, gint64 offset_bytes,
            const char *text, const char *digest, GError **error)
{
    const SchedUpload upload = {folder, account, hash, NULL};
    g_autoptr(GBytes) part = g_bytes_new_static(text, strlen(text));
    gint64 size_bytes = -1;

    return sched_upload_append(&upload, offset_bytes, part, digest, 20, g_get_real_time(),
                               &size_bytes, error)
               ? size_bytes
               : -1;
}

static gint64
append(const char *folder, const char *account, const char *hash, gint64 offset_bytes,
       const char *text, GError **error)
{
    return append_told(folder, account, hash, offset_bytes, text, NULL, error);
}

static char *
hash_of(const char *text)
{
    return content_sha256_hex(text, strlen(text));
}

static void
test_append(void)
{
    char *folder = test_scratch_new();
    g_autofree char *parts = g_build_filename(folder, "parts", NULL);
    g_autofree char *hash = hash_of("sound of a voice");
    const struct {
        const char *why, *account, *hash;
        gint64 offset_bytes;
        const char *part;
        gint64 size_bytes; /* -1: refused */
        int code;
    } cases[] = {
        {"nothing to go on with", "ed", hash, 4, "nd of", -1, SCHED_UPLOAD_ERROR_OFFSET},
        {"the first part", "ed", hash, 0, "sound", 5, 0},
        {"the first part again", "ed", hash, 0, "sound", -1, SCHED_UPLOAD_ERROR_OFFSET},
        {"the next", "ed", hash, 5, " of a", 10, 0},
        {"a part left out", "ed", hash, 12, "x", -1, SCHED_UPLOAD_ERROR_OFFSET},
        {"another's of the same name", "op", hash, 10, " voice", -1, SCHED_UPLOAD_ERROR_OFFSET},
        {"too much of it", "ed", hash, 10, " voice that goes on", -1, SCHED_UPLOAD_ERROR_LARGE},
        {"the last", "ed", hash, 10, " voice", 16, 0},
        {"no hash", "ed", "../../etc/passwd", 0, "x", -1, SCHED_UPLOAD_ERROR_NAME},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(append(parts, cases[i].account, cases[i].hash, cases[i].offset_bytes,
                               cases[i].part, &error),
                        ==, cases[i].size_bytes);
        if (cases[i].size_bytes < 0)
            g_assert_error(error, SCHED_UPLOAD_ERROR, cases[i].code);
    }
    test_scratch_free(folder);
}

static void
test_check(void)
{
    char *folder = test_scratch_new();
    g_autofree char *hash = hash_of("sound");
    const SchedUpload upload = {folder, "ed", hash, NULL};
    gint64 size_bytes = 0;
    GError *error = NULL;

    g_assert_false(sched_upload_check(&upload, &size_bytes, &error));
    g_assert_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_cmpint(append(folder, "ed", hash, 0, "soun!", NULL), ==, 5);
    g_assert_false(sched_upload_check(&upload, &size_bytes, &error));
    g_assert_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_DAMAGED);
    g_clear_error(&error);
    g_assert_cmpint(sched_upload_size(&upload, NULL), ==, 0);
    g_assert_cmpint(append(folder, "ed", hash, 0, "sound", NULL), ==, 5);
    g_assert_true(sched_upload_check(&upload, &size_bytes, NULL));
    g_assert_cmpint(size_bytes, ==, 5);
    test_scratch_free(folder);
}

/* An altered part is noticed at once, and what was there stays; sent anew, it goes on. */
static void
test_altered_part(void)
{
    char *folder = test_scratch_new();
    g_autofree char *name = hash_of("made up"), *digest = hash_of(" of a");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(append(folder, "ed", name, 0, "sound", NULL), ==, 5);
    g_assert_cmpint(append_told(folder, "ed", name, 5, " of b", digest, &error), ==, -1);
    g_assert_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_PART);
    g_assert_cmpint(append_told(folder, "ed", name, 5, " of a", digest, NULL), ==, 10);
    test_scratch_free(folder);
}

/* SHA-256 of the SHA-256s of the blocks, as whoever sends it computes it: each by itself. */
static char *
blocks_of(const char *data, gsize n_bytes)
{
    g_autoptr(GByteArray) sums = g_byte_array_new();

    for (gsize at = 0; at < n_bytes; at += SCHED_UPLOAD_BLOCK_BYTES) {
        g_autofree char *hex =
            content_sha256_hex(data + at, MIN(n_bytes - at, SCHED_UPLOAD_BLOCK_BYTES));
        guint8 digest[32];

        g_assert_true(content_hex_decode(hex, digest, sizeof digest));
        g_byte_array_append(sums, digest, sizeof digest);
    }
    return content_sha256_hex(sums->data, sums->len);
}

/* One who never has the whole in hand tells what its blocks come to: none, one, some, a piece.
 */
static void
test_blocks(void)
{
    const gsize sizes[] = {0, 5, SCHED_UPLOAD_BLOCK_BYTES, 2 * SCHED_UPLOAD_BLOCK_BYTES + 7};
    char *folder = test_scratch_new();
    g_autofree char *name = hash_of("made up");
    g_autofree char *data = g_malloc(sizes[G_N_ELEMENTS(sizes) - 1] + 1);

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        SchedUpload upload = {folder, "ed", name, NULL};
        g_autofree char *path = sched_upload_path(&upload, NULL), *blocks = NULL;
        g_autoptr(GError) error = NULL;
        gint64 size_bytes = -1;

        for (gsize at = 0; at < sizes[i]; at++)
            data[at] = (char) (at >> 12);
        blocks = blocks_of(data, sizes[i]);
        upload.blocks = blocks;
        g_assert_true(g_file_set_contents(path, data, (gssize) sizes[i], NULL));
        g_assert_true(sched_upload_check(&upload, &size_bytes, NULL));
        g_assert_cmpint(size_bytes, ==, sizes[i]);
        data[sizes[i]] = 'x';
        g_assert_true(g_file_set_contents(path, data, (gssize) sizes[i] + 1, NULL));
        g_assert_false(sched_upload_check(&upload, &size_bytes, &error));
        g_assert_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_DAMAGED);
        g_assert_cmpint(sched_upload_size(&upload, NULL), ==, 0);
    }
    test_scratch_free(folder);
}

static void
make_old(const char *folder, const char *account, const char *hash, gint64 hours)
{
    const gint64 at_us = g_get_real_time() - hours * HOUR_US;
    const struct utimbuf times = {at_us / G_USEC_PER_SEC, at_us / G_USEC_PER_SEC};
    const SchedUpload upload = {folder, account, hash, NULL};
    g_autofree char *path = sched_upload_path(&upload, NULL);

    g_assert_cmpint(utime(path, &times), ==, 0);
}

static gboolean
is_there(const char *folder, const char *account, const char *hash)
{
    const SchedUpload upload = {folder, account, hash, NULL};

    return sched_upload_size(&upload, NULL) > 0;
}

/* One who begins again and again has four; who was forgotten for a day has none. */
static void
test_room(void)
{
    char *folder = test_scratch_new();
    char *hashes[SCHED_UPLOAD_MAX_OF_ONE + 2];

    for (guint i = 0; i < G_N_ELEMENTS(hashes); i++) {
        g_autofree char *text = g_strdup_printf("%u", i);

        hashes[i] = hash_of(text);
    }
    g_assert_cmpint(append(folder, "op", hashes[0], 0, "x", NULL), ==, 1);
    g_assert_cmpint(append(folder, "old", hashes[0], 0, "x", NULL), ==, 1);
    make_old(folder, "old", hashes[0], 49);
    for (guint i = 0; i <= SCHED_UPLOAD_MAX_OF_ONE; i++) {
        g_assert_cmpint(append(folder, "ed", hashes[i], 0, "x", NULL), ==, 1);
        make_old(folder, "ed", hashes[i], 20 - i);
    }
    g_assert_false(is_there(folder, "ed", hashes[0]));
    for (guint i = 1; i <= SCHED_UPLOAD_MAX_OF_ONE; i++)
        g_assert_true(is_there(folder, "ed", hashes[i]));
    g_assert_true(is_there(folder, "op", hashes[0]));
    g_assert_false(is_there(folder, "old", hashes[0]));
    for (guint i = 0; i < G_N_ELEMENTS(hashes); i++)
        g_free(hashes[i]);
    test_scratch_free(folder);
}

static void
test_full(void)
{
    char *folder = test_scratch_new();
    g_autofree char *large = g_build_filename(folder, "somebody.else", NULL);
    g_autofree char *hash = hash_of("x");
    g_autoptr(GError) error = NULL;
    FILE *file = g_fopen(large, "w");

    g_assert_nonnull(file);
    g_assert_cmpint(ftruncate(fileno(file), SCHED_UPLOAD_MAX_ALL_BYTES), ==, 0);
    fclose(file);
    g_assert_cmpint(append(folder, "ed", hash, 0, "x", &error), ==, -1);
    g_assert_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_FULL);
    test_scratch_free(folder);
}

/* ---- over HTTP ---- */

static char *
make_version(ApiFixture *f)
{
    json_auto_t *announcement = NULL, *version = NULL;
    g_autofree char *path = NULL;

    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", "/api/announcements",
                         json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title",
                                   "Lịch tiêm phòng", "class", "thong_thuong", "source_number",
                                   "12/TB", "source_issuer", "UBND xã", "source_date",
                                   "2026-03-01", "valid_from_us", (json_int_t) 0,
                                   "valid_until_us",
                                   (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home",
                                   "chu-puh", "areas", "ia-le"),
                         &announcement),
        ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", path,
                                      json_pack("{s:s}", "language", "jra"), &version),
                     ==, 201);
    return g_strdup(api_text(version, "id"));
}

static TestAnswer *
put(ApiFixture *f, const char *path, const char *text, const char *key)
{
    g_autofree char *token = api_fixture_token("ed");
    g_autofree char *once = g_strconcat("Idempotency-Key: ", key, NULL);
    const char *const headers[] = {token, "Content-Type: application/octet-stream",
                                   key == NULL ? NULL : once, NULL};

    return test_https(&f->people, "PUT", path, headers, text, strlen(text));
}

static void
expect_part(ApiFixture *f, const char *hash, gint64 offset_bytes, const char *text,
            guint status)
{
    g_autofree char *path =
        g_strdup_printf("/api/uploads/%s?offset=%" G_GINT64_FORMAT, hash, offset_bytes);
    g_autoptr(TestAnswer) answer = put(f, path, text, NULL);

    g_test_message("%s", answer->body->str);
    g_assert_cmpuint(answer->status, ==, status);
}

static gint64
offset_of(ApiFixture *f, const char *login, const char *hash)
{
    g_autofree char *path = g_strdup_printf("/api/uploads/%s", hash);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    return json_integer_value(json_object_get(answer, "offset_bytes"));
}

static void
test_whole(ApiFixture *f, gconstpointer data)
{
    g_autofree char *hash = hash_of("sound of a voice");
    g_autofree char *version = NULL, *path = NULL;
    g_autoptr(TestAnswer) early = NULL;
    char *first = NULL;

    api_fixture_people(f);
    api_fixture_account(f, "op", SCHED_ROLE_OPERATOR, "ia-le");
    version = make_version(f);
    path = g_strdup_printf("/api/versions/%s/audio?no_state_secret=true&name=a.wav&upload=%s",
                           version, hash);
    early = put(f, path, "", NULL);
    g_assert_cmpuint(early->status, ==, 404);
    g_assert_cmpint(offset_of(f, "ed", hash), ==, 0);
    expect_part(f, hash, 0, "sound of", 200);
    g_assert_cmpint(offset_of(f, "ed", hash), ==, 8);
    g_assert_cmpint(offset_of(f, "op", hash), ==, 0);
    expect_part(f, hash, 0, "sound of", 409);
    expect_part(f, hash, 8, " a voice", 200);
    /* The answer that was lost is given again, though what it was about is taken by now. */
    for (guint i = 0; i < 2; i++) {
        g_autoptr(TestAnswer) answer = put(f, path, "", "once");

        g_test_message("%s", answer->body->str);
        g_assert_cmpuint(answer->status, ==, 200);
        g_assert_nonnull(strstr(answer->body->str, "duration_us"));
        if (first != NULL)
            g_assert_cmpstr(answer->body->str, ==, first);
        g_free(first);
        first = g_strdup(answer->body->str);
    }
    g_assert_cmpint(offset_of(f, "ed", hash), ==, 0);
    g_assert_true(content_object_store_has(f->objects, hash));
    g_free(first);
}

static void
test_damaged(ApiFixture *f, gconstpointer data)
{
    g_autofree char *hash = hash_of("sound of a voice");
    g_autofree char *version = NULL, *path = NULL;
    g_autoptr(TestAnswer) answer = NULL;

    api_fixture_people(f);
    version = make_version(f);
    path =
        g_strdup_printf("/api/versions/%s/audio?no_state_secret=true&upload=%s", version, hash);
    expect_part(f, hash, 0, "sound of a noise", 200);
    answer = put(f, path, "", NULL);
    g_assert_cmpuint(answer->status, ==, 422);
    g_assert_nonnull(strstr(answer->body->str, "\"upload-damaged\""));
    g_assert_cmpint(offset_of(f, "ed", hash), ==, 0);
    g_assert_false(content_object_store_has(f->objects, hash));
}

static void
test_bounds(ApiFixture *f, gconstpointer data)
{
    g_autofree char *hash = hash_of("x"), *large = g_malloc(SCHED_UPLOAD_PART_BYTES + 2);

    api_fixture_people(f);
    memset(large, 'x', SCHED_UPLOAD_PART_BYTES + 1);
    large[SCHED_UPLOAD_PART_BYTES + 1] = '\0';
    expect_part(f, hash, 0, large, 413);
    large[SCHED_UPLOAD_PART_BYTES] = '\0';
    expect_part(f, hash, 0, large, 200);
    expect_part(f, hash, -1, "x", 422);
    expect_part(f, hash, G_MAXINT64, "x", 422);
    expect_part(f, "no-hash", 0, "x", 422);
}

/* Named by what its sender made up: the district computes the hash, and checks the blocks. */
static void
test_by_blocks(ApiFixture *f, gconstpointer data)
{
    const char *sound = "sound of a voice";
    g_autofree char *name = hash_of("made up"), *hash = hash_of(sound);
    g_autofree char *digest = hash_of(" a voice"), *version = NULL, *path = NULL, *part = NULL;
    g_autofree char *blocks = blocks_of(sound, strlen(sound));
    g_autoptr(TestAnswer) altered = NULL, wrong = NULL, right = NULL;

    api_fixture_people(f);
    version = make_version(f);
    expect_part(f, name, 0, "sound of", 200);
    part = g_strdup_printf("/api/uploads/%s?offset=8&digest=%s", name, digest);
    altered = put(f, part, " a noise", NULL);
    g_assert_cmpuint(altered->status, ==, 422);
    g_assert_nonnull(strstr(altered->body->str, "\"part-damaged\""));
    g_assert_cmpint(offset_of(f, "ed", name), ==, 8);
    expect_part(f, name, 8, " a voice", 200);
    path = g_strdup_printf("/api/versions/%s/audio?no_state_secret=true&upload=%s&blocks=%s",
                           version, name, blocks);
    right = put(f, path, "", NULL);
    g_test_message("%s", right->body->str);
    g_assert_cmpuint(right->status, ==, 200);
    g_assert_true(content_object_store_has(f->objects, hash));
    /* A file that was changed since its first part was sent. */
    expect_part(f, name, 0, "sound of a noise", 200);
    wrong = put(f, path, "", NULL);
    g_assert_cmpuint(wrong->status, ==, 422);
    g_assert_nonnull(strstr(wrong->body->str, "\"upload-damaged\""));
    g_assert_cmpint(offset_of(f, "ed", name), ==, 0);
}

/* Two files in turns, and one file from two pages: each part has one place. */
static void
test_two_at_once(ApiFixture *f, gconstpointer data)
{
    g_autofree char *one = hash_of("one"), *two = hash_of("two");

    api_fixture_people(f);
    expect_part(f, one, 0, "sound", 200);
    expect_part(f, two, 0, "voice", 200);
    expect_part(f, one, 5, " of a", 200);
    expect_part(f, one, 5, " of a", 409);
    expect_part(f, two, 5, " of b", 200);
    g_assert_cmpint(offset_of(f, "ed", one), ==, 10);
    g_assert_cmpint(offset_of(f, "ed", two), ==, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_test_add_func("/scheduler/web/uploads/append", test_append);
    g_test_add_func("/scheduler/web/uploads/check", test_check);
    g_test_add_func("/scheduler/web/uploads/altered-part", test_altered_part);
    g_test_add_func("/scheduler/web/uploads/blocks", test_blocks);
    g_test_add_func("/scheduler/web/uploads/room", test_room);
    g_test_add_func("/scheduler/web/uploads/full", test_full);
    api_fixture_add("/scheduler/web/uploads/whole", test_whole);
    api_fixture_add("/scheduler/web/uploads/damaged", test_damaged);
    api_fixture_add("/scheduler/web/uploads/bounds", test_bounds);
    api_fixture_add("/scheduler/web/uploads/by-blocks", test_by_blocks);
    api_fixture_add("/scheduler/web/uploads/two-at-once", test_two_at_once);
    return g_test_run();
}
