/*
 * test-journal.c - records are numbered, chained, on disk before anybody is told, and neither a
 * full disk nor a SIGKILL at any write loses one that was.
 */
#include "player/report/journal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "content/base/id.h"
#include "tests/support/event-tape.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define AT_US G_GINT64_CONSTANT(1772409600000000)

typedef struct {
    char *folder, *path;
    EventTape *tape;
    gint64 done;  /* newest record told to be on disk */
    gint64 first; /* of the last batch */
    gboolean is_oldest;
    GPtrArray *texts; /* of the last batch */
} Fixture;

static void
on_fault(const char *words, gpointer data)
{
    Fixture *fixture = data;

    event_tape_add(fixture->tape, "%s", words == NULL ? "disk works" : "disk refuses");
}

static void
on_done(gint64 seq, gpointer data)
{
    Fixture *fixture = data;

    g_assert_cmpint(seq, ==, fixture->done + 1);
    fixture->done = seq;
}

static void
on_acked(gint64 seq, gpointer data)
{
    Fixture *fixture = data;

    event_tape_add(fixture->tape, "acked %" G_GINT64_FORMAT, seq);
}

static void
on_batch(gint64 first_seq, gboolean is_oldest, GPtrArray *texts, gpointer data)
{
    Fixture *fixture = data;

    g_clear_pointer(&fixture->texts, g_ptr_array_unref);
    fixture->first = first_seq;
    fixture->is_oldest = is_oldest;
    fixture->texts = texts;
}

/* What a record is told apart by here. */
static const char *
subject_of(const ContentRecord *record)
{
    return ((const ContentRemark *) record->details->pdata[0])->subject;
}

static ContentRecord *
record(gint64 at_us, const char *detail)
{
    ContentRecord *made = content_document_new(&content_record_type);

    made->kind = CONTENT_RECORD_FAULT;
    made->boot = g_strdup("0123456789abcdef0123456789abcdef");
    made->at_us = at_us;
    made->reason = CONTENT_REASON_OUTPUT_FAILED;
    content_record_tell(made, content_remark_new("other", detail, NULL));
    return made;
}

static PlayJournal *
open_journal(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    PlayJournal *journal = play_journal_open(fixture->path, on_fault, fixture, &error);

    g_assert_no_error(error);
    return journal;
}

static void
append(PlayJournal *journal, Fixture *fixture, guint n, const char *detail)
{
    for (guint i = 0; i < n; i++)
        play_journal_append(journal, record(AT_US + i, detail), on_done, fixture);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = test_scratch_new();
    fixture->path = g_build_filename(fixture->folder, "journal.db", NULL);
    fixture->tape = event_tape_new();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_clear_pointer(&fixture->texts, g_ptr_array_unref);
    event_tape_free(fixture->tape);
    test_scratch_free(fixture->folder);
    g_free(fixture->path);
}

static GPtrArray *
next_batch(PlayJournal *journal, Fixture *fixture)
{
    g_clear_pointer(&fixture->texts, g_ptr_array_unref);
    play_journal_next_batch(journal, on_batch, fixture);
    TEST_WAIT_UNTIL(fixture->texts != NULL);
    return fixture->texts;
}

/* Each record holds the hash of the one before; Debian's sqlite3 sees the same bytes. */
static void
test_chain(Fixture *fixture, gconstpointer data)
{
    g_autoptr(PlayJournal) journal = open_journal(fixture);
    g_autofree char *prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    GPtrArray *texts;

    append(journal, fixture, 5, "mất tiếng");
    texts = next_batch(journal, fixture);
    g_assert_cmpint(fixture->done, ==, 5);
    g_assert_cmpint(fixture->first, ==, 1);
    g_assert_cmpuint(texts->len, ==, 5);
    for (guint i = 0; i < texts->len; i++) {
        const char *text = texts->pdata[i];
        g_autoptr(ContentRecord) read =
            content_document_read(&content_record_type, text, strlen(text), NULL);
        g_autofree char *sql =
            g_strdup_printf("SELECT bytes FROM record WHERE seq = %u", i + 1);
        g_autofree char *out = NULL;
        const char *arguments[] = {"sqlite3", fixture->path, sql, NULL};

        g_assert_cmpint(read->seq, ==, i + 1);
        g_assert_cmpstr(read->prev, ==, prev);
        g_assert_cmpint(read->at_us, ==, AT_US + i);
        g_free(prev);
        prev = content_sha256_hex(text, strlen(text));
        g_assert_true(g_spawn_sync(NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL,
                                   NULL, &out, NULL, NULL, NULL));
        g_assert_cmpstr(g_strchomp(out), ==, text);
    }
}

static void
test_acknowledge(Fixture *fixture, gconstpointer data)
{
    PlayJournal *journal = open_journal(fixture);
    g_autofree char *id = g_strdup(play_journal_id(journal));

    append(journal, fixture, 5, "x");
    play_journal_acknowledge(journal, id, 3, AT_US, on_acked, fixture);
    play_journal_acknowledge(journal, id, 2, AT_US, on_acked, fixture);
    play_journal_acknowledge(journal, id, 6, AT_US, on_acked, fixture);
    play_journal_acknowledge(journal, "another", 4, AT_US, on_acked, fixture);
    next_batch(journal, fixture);
    event_tape_expect(fixture->tape, "acked 3");
    event_tape_expect(fixture->tape, "acked 3");
    event_tape_expect(fixture->tape, "acked 3");
    g_assert_cmpint(fixture->first, ==, 4);
    g_assert_cmpuint(fixture->texts->len, ==, 2);
    play_journal_free(journal);

    journal = open_journal(fixture);
    g_assert_cmpstr(play_journal_id(journal), ==, id);
    g_assert_cmpint(play_journal_seq(journal), ==, 5);
    g_assert_cmpint(play_journal_acked(journal), ==, 3);
    append(journal, fixture, 1, "goes on");
    next_batch(journal, fixture);
    g_assert_cmpint(fixture->done, ==, 6);
    play_journal_free(journal);
}

/* Acknowledged records go after 90 days; the newest and the unsent never. */
static void
test_90_days(Fixture *fixture, gconstpointer data)
{
    g_autoptr(PlayJournal) journal = open_journal(fixture);
    g_autoptr(GPtrArray) history = NULL;
    gint64 later_us = AT_US + PLAY_JOURNAL_KEEP_US;

    append(journal, fixture, 4, "old");
    play_journal_acknowledge(journal, play_journal_id(journal), 2, AT_US, on_acked, fixture);
    play_journal_acknowledge(journal, play_journal_id(journal), 3, later_us, on_acked, fixture);
    history = play_journal_history(journal, 0, NULL);
    g_assert_cmpuint(history->len, ==, 4);
    g_ptr_array_unref(history);

    play_journal_acknowledge(journal, play_journal_id(journal), 4, later_us + 1, on_acked,
                             fixture);
    history = play_journal_history(journal, 0, NULL);
    g_assert_cmpuint(history->len, ==, 2);
    g_assert_cmpint(((ContentRecord *) history->pdata[0])->seq, ==, 3);
    g_ptr_array_unref(history);

    play_journal_acknowledge(journal, play_journal_id(journal), 4, later_us * 2, NULL, NULL);
    append(journal, fixture, 1, "chained to one that is long gone");
    history = play_journal_history(journal, AT_US, NULL);
    next_batch(journal, fixture);
    g_assert_cmpint(fixture->done, ==, 5);
    for (gint i = 2; i <= 4; i++) {
        g_autofree char *expected = g_strdup_printf("acked %d", i);
        event_tape_expect(fixture->tape, expected);
    }
}

/* The district has less than it had: what is kept is given again, and not dropped before that.
 */
static void
test_rewind(Fixture *fixture, gconstpointer data)
{
    PlayJournal *journal = open_journal(fixture);
    gint64 later_us = AT_US + PLAY_JOURNAL_KEEP_US;

    append(journal, fixture, 5, "x");
    play_journal_acknowledge(journal, play_journal_id(journal), 2, AT_US, NULL, NULL);
    play_journal_acknowledge(journal, play_journal_id(journal), 4, later_us, NULL, NULL);
    play_journal_acknowledge(journal, play_journal_id(journal), 5, later_us + 1, NULL, NULL);
    play_journal_rewind(journal, 5, on_acked, fixture);
    play_journal_rewind(journal, 3, on_acked, fixture);
    play_journal_rewind(journal, 4, on_acked, fixture);
    next_batch(journal, fixture);
    event_tape_expect(fixture->tape, "acked 5");
    event_tape_expect(fixture->tape, "acked 3");
    event_tape_expect(fixture->tape, "acked 3");
    g_assert_cmpint(fixture->first, ==, 4);
    g_assert_false(fixture->is_oldest);
    g_assert_cmpuint(fixture->texts->len, ==, 2);
    play_journal_rewind(journal, 0, on_acked, fixture);
    next_batch(journal, fixture);
    event_tape_expect(fixture->tape, "acked 2");
    g_assert_cmpint(fixture->first, ==, 3);
    g_assert_true(fixture->is_oldest);
    play_journal_free(journal);

    /* On disk, and old as they are they stay; the first two are gone for good. */
    journal = open_journal(fixture);
    play_journal_rewind(journal, 0, on_acked, fixture);
    play_journal_acknowledge(journal, play_journal_id(journal), 3, later_us * 2, NULL, NULL);
    next_batch(journal, fixture);
    event_tape_expect(fixture->tape, "acked 2");
    g_assert_cmpint(fixture->first, ==, 4);
    g_assert_cmpuint(fixture->texts->len, ==, 2);
    play_journal_free(journal);
}

/* At most 200, and never more than one document may hold, however the text is escaped. */
static void
test_batch_limits(Fixture *fixture, gconstpointer data)
{
    g_autoptr(PlayJournal) journal = open_journal(fixture);
    g_autofree char *quotes = g_strnfill(500, '"');
    guint n_sent = 0, n_batches = 0;

    append(journal, fixture, 250, "short");
    append(journal, fixture, 250, quotes);
    while (next_batch(journal, fixture)->len > 0) {
        ContentRecords batch = {.station = (char *) "ia-pa-02",
                                .journal = (char *) play_journal_id(journal),
                                .first_seq = fixture->first,
                                .records = fixture->texts};
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = content_document_write(&content_records_type, &batch, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(bytes), <=, CONTENT_RECORDS_MAX_BYTES);
        g_assert_cmpint(fixture->first, ==, n_sent + 1);
        n_sent += fixture->texts->len;
        n_batches++;
        play_journal_acknowledge(journal, play_journal_id(journal), n_sent, AT_US, NULL, NULL);
    }
    g_assert_cmpuint(n_sent, ==, 500);
    g_assert_cmpuint(n_batches, >=, 4);
}

/* A record of ours that no document can hold does not stop the ones behind it. */
static void
test_unwritable_record(Fixture *fixture, gconstpointer data)
{
    g_autoptr(PlayJournal) journal = open_journal(fixture);
    ContentRecord *bad = record(AT_US, "bad");
    GPtrArray *texts;

    bad->zone = g_strdup("not an id");
    play_journal_append(journal, bad, on_done, fixture);
    append(journal, fixture, 1, "fine");
    texts = next_batch(journal, fixture);
    g_assert_cmpuint(texts->len, ==, 2);
    g_assert_nonnull(strstr(texts->pdata[0], "record_unwritten"));
    g_assert_nonnull(strstr(texts->pdata[1], "fine"));
}

/* The disk refuses for a while: records wait, keep their order, and are told when written. */
static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
    PlayJournal *journal = open_journal(fixture);
    g_autofree char *long_text = g_strnfill(400, 'y');
    struct rlimit before, tight;

    append(journal, fixture, 1, "before");
    next_batch(journal, fixture);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    tight = before;
    tight.rlim_cur = 64 * 1024;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
    append(journal, fixture, 300, long_text);
    next_batch(journal, fixture);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    event_tape_expect(fixture->tape, "disk refuses");
    g_assert_cmpint(fixture->done, <, 301);

    TEST_WAIT_UNTIL(fixture->done == 301);
    event_tape_expect(fixture->tape, "disk works");
    play_journal_free(journal);
}

static GPtrArray *
draft_of(const char *detail)
{
    GPtrArray *drafts = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);

    g_ptr_array_add(drafts, record(AT_US, detail));
    return drafts;
}

/* The next player finds the newest draft, once; one of its own it does not find. */
static void
test_drafts(Fixture *fixture, gconstpointer data)
{
    PlayJournal *journal = open_journal(fixture);
    g_autoptr(GPtrArray) none = play_journal_drafts(journal);
    g_autoptr(GPtrArray) found = NULL;
    g_autoptr(GPtrArray) again = NULL;

    g_assert_cmpuint(none->len, ==, 0);
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *detail = g_strdup_printf("%u", i);

        play_journal_draft(journal, draft_of(detail));
    }
    play_journal_free(journal);
    journal = open_journal(fixture);
    found = play_journal_drafts(journal);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpstr(subject_of(found->pdata[0]), ==, "999");
    again = play_journal_drafts(journal);
    g_assert_cmpuint(again->len, ==, 0);
    play_journal_free(journal);
}

/* A disk that takes no drafts is told of, and is told of again when it does; records go on. */
static void
test_drafts_refused(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_strconcat(fixture->path, ".drafts", NULL);
    PlayJournal *journal;

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    journal = open_journal(fixture);
    play_journal_draft(journal, draft_of("x"));
    append(journal, fixture, 1, "a record");
    TEST_WAIT_UNTIL(fixture->done == 1);
    event_tape_expect(fixture->tape, "disk refuses");
    g_assert_cmpint(g_rmdir(path), ==, 0);
    play_journal_draft(journal, draft_of("x"));
    append(journal, fixture, 1, "a record");
    TEST_WAIT_UNTIL(fixture->done == 2);
    event_tape_expect(fixture->tape, "disk works");
    play_journal_free(journal);
}

static void
test_refused_files(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *sql; gboolean is_rubbish; gint code; } cases[] = {
        { "no database at all", NULL,                          TRUE,  PLAY_DATABASE_ERROR_CORRUPT },
        { "from a newer program", "PRAGMA user_version = 99",  FALSE, PLAY_DATABASE_ERROR_NEWER   },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *before = NULL, *after = NULL, *aside = NULL;
        gsize n_before = 0, n_after = 0;

        g_test_message("%s", cases[i].why);
        if (cases[i].is_rubbish) {
            g_assert_true(g_file_set_contents(fixture->path,
                                              "this is not a database at all, "
                                              "whatever its name says",
                                              -1, NULL));
        } else {
            sqlite3 *db = NULL;

            g_assert_cmpint(sqlite3_open(fixture->path, &db), ==, SQLITE_OK);
            g_assert_cmpint(sqlite3_exec(db, cases[i].sql, NULL, NULL, NULL), ==, SQLITE_OK);
            sqlite3_close(db);
        }
        g_file_get_contents(fixture->path, &before, &n_before, NULL);
        g_assert_null(play_journal_open(fixture->path, NULL, NULL, &error));
        g_assert_error(error, PLAY_DATABASE_ERROR, cases[i].code);
        g_test_message("%s", error->message);
        g_assert_true(g_file_get_contents(fixture->path, &after, &n_after, NULL));
        if (cases[i].is_rubbish)
            g_assert_cmpmem(before, n_before, after, n_after);

        /* A person can still look at it, and the station goes on with a new one. */
        aside = play_database_set_aside(fixture->path, "refused", NULL);
        g_assert_true(g_file_test(aside, G_FILE_TEST_EXISTS));
        play_journal_free(open_journal(fixture));
        g_assert_cmpint(g_unlink(fixture->path), ==, 0);
    }
}

/* A byte flipped in the middle of a page of a real journal is found when it is opened. */
static void
test_damaged_file(Fixture *fixture, gconstpointer data)
{
    PlayJournal *journal = open_journal(fixture);
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize n_bytes = 0;

    append(journal, fixture, 200, "some text that fills the pages of the file a little");
    next_batch(journal, fixture);
    play_journal_free(journal);
    g_assert_true(g_file_get_contents(fixture->path, &bytes, &n_bytes, NULL));
    for (gsize i = 4096; i < n_bytes; i += 4096)
        memset(bytes + i, 0xa5, 16);
    g_assert_true(g_file_set_contents(fixture->path, bytes, (gssize) n_bytes, NULL));
    g_assert_null(play_journal_open(fixture->path, NULL, NULL, &error));
    g_assert_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_CORRUPT);
}

/* ---- SIGKILL at the K-th write: this program again, as the writer under strace ---- */

static void
on_written(gint64 seq, gpointer data)
{
    guint *n_done = data;

    g_print("%" G_GINT64_FORMAT "\n", seq);
    fflush(stdout);
    ++*n_done;
}

static int
be_writer(const char *path)
{
    g_autoptr(PlayJournal) journal = play_journal_open(path, NULL, NULL, NULL);
    guint n_done = 0;

    for (guint i = 0; i < 20; i++) {
        play_journal_append(journal, record(AT_US, "written by the one to be killed"),
                            on_written, &n_done);
        TEST_WAIT_UNTIL(n_done == i + 1);
    }
    return 0;
}

static gint64
run_writer_killed_at(const char *path, const char *call, guint at)
{
    g_autofree char *inject = g_strdup_printf("inject=%s:signal=KILL:when=%u", call, at);
    g_autofree char *trace = g_strdup_printf("trace=%s", call);
    const char *arguments[] = {"strace", "-f", "-o",   "/dev/null",      "-e",
                               trace,    "-e", inject, "/proc/self/exe", "--writer",
                               path,     NULL};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *out = NULL;
    g_auto(GStrv) environment =
        g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    g_auto(GStrv) lines = NULL;
    guint n_lines;

    arguments[8] = self;
    g_assert_true(g_spawn_sync(NULL, (char **) arguments, environment, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, &out, NULL, NULL, NULL));
    lines = g_strsplit(g_strchomp(out), "\n", -1);
    n_lines = g_strv_length(lines);
    return n_lines == 0 ? 0 : g_ascii_strtoll(lines[n_lines - 1], NULL, 10);
}

static void
test_killed_at_any_write(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *call; guint from, step, until; } sweeps[] = {
        { "pwrite64",  1, 7, 60 },
        { "fdatasync", 1, 3, 20 },
    };
    /* clang-format on */
    guint n_killed = 0;

    for (gsize s = 0; s < G_N_ELEMENTS(sweeps); s++) {
        for (guint k = sweeps[s].from; k < sweeps[s].until; k += sweeps[s].step) {
            g_autofree char *path =
                g_strdup_printf("%s/k-%s-%u.db", fixture->folder, sweeps[s].call, k);
            gint64 told = run_writer_killed_at(path, sweeps[s].call, k);
            g_autoptr(GError) error = NULL;
            g_autoptr(PlayJournal) journal = play_journal_open(path, NULL, NULL, &error);
            g_autoptr(GPtrArray) history = NULL;

            g_assert_no_error(error);
            history = play_journal_history(journal, 0, &error);
            g_assert_no_error(error);
            g_assert_cmpint(play_journal_seq(journal), >=, told);
            g_assert_cmpint(history->len, ==, play_journal_seq(journal));
            n_killed += told < 20;
        }
    }
    g_test_message("%u kills", n_killed);
    g_assert_cmpuint(n_killed, >=, 8);
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--writer") == 0)
        return be_writer(argv[2]);
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/report/journal/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("chain", test_chain);
    ADD("acknowledge", test_acknowledge);
    ADD("90-days", test_90_days);
    ADD("rewind", test_rewind);
    ADD("batch-limits", test_batch_limits);
    ADD("unwritable-record", test_unwritable_record);
    ADD("full-disk", test_full_disk);
    ADD("drafts", test_drafts);
    ADD("drafts-refused", test_drafts_refused);
    ADD("refused-files", test_refused_files);
    ADD("damaged-file", test_damaged_file);
    ADD("killed-at-any-write", test_killed_at_any_write);
    return g_test_run();
}
