/* test-drafts.c - what is kept is found again, and what was torn is not taken for evidence. */
#include "player/report/drafts.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"

typedef struct {
    char *folder, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = test_scratch_new();
    f->path = g_build_filename(f->folder, "journal.db.drafts", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    test_scratch_free(f->folder);
    g_free(f->path);
}

static PlayDrafts *
open_drafts(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    PlayDrafts *drafts = play_drafts_open(f->path, &error);

    g_assert_no_error(error);
    return drafts;
}

/* What a record is told apart by here. */
static const char *
subject_of(const ContentRecord *record)
{
    return ((const ContentRemark *) record->details->pdata[0])->subject;
}

static GPtrArray *
records_named(const char *const *details)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);

    for (guint i = 0; details[i] != NULL; i++) {
        ContentRecord *record = content_document_new(&content_record_type);

        record->kind = CONTENT_RECORD_PART;
        content_record_tell(record, content_remark_new("other", details[i], NULL));
        g_ptr_array_add(records, record);
    }
    return records;
}

static gboolean
keep(PlayDrafts *drafts, const char *detail, GError **error)
{
    const char *const details[] = {detail, NULL};
    g_autoptr(GPtrArray) records = records_named(details);

    return play_drafts_keep(drafts, records, error);
}

static void
expect(const Fixture *f, const char *detail)
{
    g_autoptr(PlayDrafts) drafts = open_drafts(f);
    g_autoptr(GPtrArray) found = play_drafts_read(drafts);

    g_assert_cmpuint(found->len, ==, detail == NULL ? 0 : 1);
    if (detail != NULL)
        g_assert_cmpstr(subject_of(found->pdata[0]), ==, detail);
}

/* The newest is found, also after many, also when it says that there is nothing any more. */
static void
test_newest(Fixture *f, gconstpointer data)
{
    static const char *const none[] = {NULL};
    g_autoptr(PlayDrafts) drafts = open_drafts(f);
    g_autoptr(GPtrArray) nothing = records_named(none);
    g_autoptr(GError) error = NULL;

    expect(f, NULL);
    for (guint i = 0; i < 25; i++) {
        g_autofree char *detail = g_strdup_printf("làng %u", i);

        g_assert_true(keep(drafts, detail, &error));
        expect(f, detail);
    }
    g_assert_true(play_drafts_keep(drafts, nothing, &error));
    expect(f, NULL);
    g_assert_no_error(error);
}

/* A byte of a place becomes another one, as a power cut may leave it. */
static void
tear(const Fixture *f, off_t at, char with)
{
    int fd = g_open(f->path, O_WRONLY, 0);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(pwrite(fd, &with, 1, at), ==, 1);
    close(fd);
}

static void
test_torn(Fixture *f, gconstpointer data)
{
    /* The second keeping lies in the first place; the first keeping in the second. */
    /* clang-format off */
    static const struct { const char *why; off_t at; char with; const char *found; } cases[] = {
        { "the word at its beginning",     0, 'x',  "first" },
        { "its count",                    11, '9',  "first" },
        { "its length",                   13, '9',  "first" },
        { "no end of its header",         81, 'x',  "first" },
        { "a byte of its text",          120, 'X',  "first" },
        { "behind its end: not its own", 4000, 'X', "second" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        PlayDrafts *drafts = open_drafts(f);

        g_test_message("%s", cases[i].why);
        g_assert_true(keep(drafts, "first", &error));
        g_assert_true(keep(drafts, "second", &error));
        play_drafts_close(drafts);
        tear(f, cases[i].at, cases[i].with);
        expect(f, cases[i].found);
        g_assert_cmpint(g_unlink(f->path), ==, 0);
    }
}

static void
test_foreign(Fixture *f, gconstpointer data)
{
    g_autofree char *rubbish = g_strnfill(3 * PLAY_DRAFTS_MAX_BYTES, 'x');
    g_autoptr(PlayDrafts) drafts = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(f->path, rubbish, -1, NULL));
    expect(f, NULL);
    drafts = open_drafts(f);
    g_assert_true(keep(drafts, "after it", &error));
    expect(f, "after it");
}

/* One zone of a station with as many as there may be: a record as long as they get, of a
 * relay that flapped. */
static ContentRecord *
zone_record(guint zone, guint n_parts, gint64 sounded_us)
{
    ContentRecord *record = content_document_new(&content_record_type);

    record->kind = CONTENT_RECORD_PART;
    record->zone = g_strdup_printf("%s-%03u", "thon-xa-loa-truyen-thanh-co-so", zone);
    record->segment = g_strdup("3e329227edb3e6dae3c93c836538a0f0");
    record->dayplan =
        g_strdup("d87edcfedf793709a5ceda7e21cb5be08dc5102ec7953ebb9f5c8ec0f005a1d5");
    record->object =
        g_strdup("6ed8919ce20490a5e3ad8630a4fab69475297abd07db73918dd5f36fcfaeb11b");
    record->occurrence = g_strdup("01kjpq8v4m0000000000000001-2026-03-02");
    record->item = g_strdup("01kjpq8v4m0000000000000002");
    record->language = g_strdup("bdq-x-kriem");
    record->output = g_strdup("main");
    record->relay = CONTENT_RELAY_CLOSED;
    record->at_us = record->actual_start_us = G_GINT64_CONSTANT(1772413200000000);
    record->actual_end_us = record->actual_start_us + sounded_us;
    for (guint i = 0; i < n_parts; i++) {
        ContentPart *part = content_shape_new(&content_part_shape);

        part->from_us = record->actual_start_us;
        part->to_us = record->actual_end_us;
        part->level_mdb = -19250;
        part->relay_read_us = record->actual_end_us;
        g_ptr_array_add(record->parts, part);
    }
    return record;
}

/* Of more than there is room for those that sounded longest are kept, as many as fit. */
static void
test_largest_station(Fixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why; guint n_zones, n_parts, n_kept_least; } cases[] = {
        { "a hundred zones, each in one piece",        100, 1, 100 },
        { "as many as a station may have",             256, 1, 100 },
        { "and each of their relays has flapped",      256, 8, 30 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) records =
            g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
        g_autoptr(PlayDrafts) drafts = open_drafts(f);
        g_autoptr(PlayDrafts) next = NULL;
        g_autoptr(GPtrArray) found = NULL;
        g_autoptr(GError) error = NULL;

        /* The last zone has sounded longest. */
        for (guint zone = 0; zone < cases[i].n_zones; zone++)
            g_ptr_array_add(records,
                            zone_record(zone, cases[i].n_parts, (zone + 1) * G_USEC_PER_SEC));
        play_drafts_keep(drafts, records, &error);
        g_assert_no_error(error);
        next = open_drafts(f);
        found = play_drafts_read(next);
        g_test_message("%s: %u kept", cases[i].why, found->len);
        g_assert_cmpuint(found->len, >=, cases[i].n_kept_least);
        g_assert_cmpuint(found->len, <=, cases[i].n_zones);
        for (guint k = 0; k < found->len; k++) {
            const ContentRecord *record = found->pdata[k];

            g_assert_cmpint(record->actual_end_us - record->actual_start_us, ==,
                            (gint64) (cases[i].n_zones - k) * G_USEC_PER_SEC);
            g_assert_cmpuint(record->parts->len, ==, cases[i].n_parts);
        }
    }
}

/* The room is there from the beginning: a disk that fills up later refuses nothing here. A file
 * that cannot be made says why. */
static void
test_room(Fixture *f, gconstpointer data)
{
    struct rlimit before, tight;
    g_autoptr(PlayDrafts) drafts = open_drafts(f);
    g_autofree char *other = g_build_filename(f->folder, "other", NULL);
    g_autoptr(GError) error = NULL;
    struct stat told;

    g_assert_cmpint(stat(f->path, &told), ==, 0);
    g_assert_cmpint(told.st_size, ==, 2 * PLAY_DRAFTS_MAX_BYTES);
    g_assert_cmpint(told.st_blocks * 512, >=, 2 * PLAY_DRAFTS_MAX_BYTES);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    tight = before;
    tight.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
    g_assert_null(play_drafts_open(other, &error));
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_nonnull(strstr(error->message, other));
    g_assert_true(keep(drafts, "after it", NULL));
    expect(f, "after it");
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/player/drafts/newest", test_newest},
        {"/player/drafts/torn", test_torn},
        {"/player/drafts/foreign", test_foreign},
        {"/player/drafts/largest-station", test_largest_station},
        {"/player/drafts/room", test_room},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
