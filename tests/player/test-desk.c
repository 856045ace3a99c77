/*
 * test-desk.c - a signed manifest made by hand, sounded: real gateway, simulated relay board,
 * test card, real journal; two languages on one amplifier.
 *
 * Instants are those of the board's relays and of the card's samples, not what we were told.
 */
#include "player/desk.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "content/claim.h"
#include "content/seal.h"
#include "content/wording.h"
#include "player/intake/verify.h"
#include "player/output/source-file.h"
#include "player/report/journal.h"
#include "tests/support/held-up-clock.h"
#include "tests/support/plan-builder.h"
#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"
#include "tests/support/testcard.h"
#include "tests/support/wait.h"

#define TZ      "Asia/Ho_Chi_Minh"
#define STATION "ia-pa"
/* A set-up with this as its data has a player that a busy machine keeps waiting. */
#define HELD_UP "held-up"

typedef struct {
    char *folder, *socket, *config;
    TestCards *cards;
    TestChild *sim, *gateway;
    ContentObjectStore *objects;
    ContentClock *clock;
    PlayJournal *journal;
    PlayDesk *desk;
    ContentSealKey *root, *key;
    char *tones; /* hash of the audio */
    guint n_finals, n_started, n_drafts;
    guint n_lost, n_back; /* of the line-in */
    gint64 drafted_us;    /* end of what the last draft claims was heard; UTC */
    ContentTrust trust;
    gboolean is_bon_closed; /* its village has no allowed window */
} Fixture;

/* ---- the desk's surroundings ---- */

static ContentTrust
on_trust(gpointer data)
{
    return ((Fixture *) data)->trust;
}

typedef struct {
    Fixture *fixture;
    char *segment;
} Written;

static void
on_written(gint64 seq, gpointer data)
{
    Written *written = data;

    play_desk_journaled(written->fixture->desk, written->segment);
    written->fixture->n_started++;
    g_free(written->segment);
    g_free(written);
}

static void
on_record(ContentRecord *record, gpointer data)
{
    Fixture *f = data;
    Written *written = NULL;

    record->boot = g_strnfill(32, '0');
    if (record->kind == CONTENT_RECORD_STARTED) {
        written = g_new0(Written, 1);
        written->fixture = f;
        written->segment = g_strdup(record->segment);
    }
    if (record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_MISSED)
        f->n_finals++;
    play_journal_append(f->journal, record, written == NULL ? NULL : on_written, written);
}

static void
on_changed(gpointer data)
{
}

static void
on_object_failed(const char *object, gpointer data)
{
}

static void
on_gateway(gboolean is_up, const char *words, gpointer data)
{
}

static void
on_drafts(GPtrArray *drafts, gpointer data)
{
    Fixture *f = data;

    f->n_drafts++;
    if (drafts->len > 0)
        f->drafted_us = ((const ContentRecord *) drafts->pdata[0])->actual_end_us;
    play_journal_draft(f->journal, drafts);
}

static void
on_left(gpointer data)
{
}

static void
on_source(gboolean comes, const char *words, gpointer data)
{
    Fixture *f = data;

    g_test_message("the source: %s", words);
    f->n_lost += comes ? 0 : 1;
    f->n_back += comes ? 1 : 0;
}

static const PlayDeskEvents events = {
    .source = on_source,
    .trust = on_trust,
    .record = on_record,
    .drafts = on_drafts,
    .left = on_left,
    .changed = on_changed,
    .object_failed = on_object_failed,
    .gateway = on_gateway,
};

static void
on_journal_fault(const char *words, gpointer data)
{
    g_error("the journal refuses: %s", words);
}

static void
start_site(Fixture *f)
{
    guint port = 0;
    g_autofree char *text = NULL;

    f->sim = test_sim_tcp("1:coils:8", &port);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n"
                           "[board b1]\nline=l1\nunit=1\n"
                           "[zone lang]\nrelays=b1/1\namplifier=b1/8\nwarm-up-ms=300\n"
                           "stagger-ms=0\ntail-ms=300\nrest-s=0\n"
                           "[zone bon]\nrelays=b1/2\namplifier=b1/8\nwarm-up-ms=300\n"
                           "stagger-ms=0\ntail-ms=300\nrest-s=0\n",
                           f->socket, getuid(), port);
    f->config = test_gateway_write_config(f->folder, text);
    f->gateway = test_gateway_start(f->config, f->socket);
}

static void
keep_tones(Fixture *f)
{
    g_autofree char *source =
        g_build_filename(g_test_get_dir(G_TEST_BUILT), "support", "tones.opus", NULL);
    g_autofree char *copy = g_build_filename(f->folder, "tones.opus", NULL);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes;

    g_assert_true(g_file_get_contents(source, &bytes, &n_bytes, &error));
    g_assert_true(g_file_set_contents(copy, bytes, (gssize) n_bytes, &error));
    f->tones = content_object_store_put_file(f->objects, copy, NULL, &error);
    g_assert_no_error(error);
}

static void
start_desk(Fixture *f)
{
    PlayDeskOutput output = {(char *) "main", (char *) "card"};
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    PlayDeskOutput line = {(char *) "tuner", (char *) "tuner"};
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    PlayDeskConfig config = {f->socket, 100, outputs, .lines = lines};

    g_ptr_array_add(outputs, &output);
    g_ptr_array_add(lines, &line);
    f->desk = play_desk_new(&config, f->clock, f->objects, &events, f);
}

/* A line-in beside the card; FOLDER/tuner.fault ails it. */
static void
add_tuner(Fixture *f)
{
    g_autofree char *path = g_build_filename(f->folder, "tuner.conf", NULL);
    g_autofree char *both = g_strconcat(g_getenv("ALSA_CONFIG_PATH"), ":", path, NULL);
    g_autofree char *text =
        g_strdup_printf("pcm_type.testline { lib \"%s\" }\n"
                        "pcm.tuner { type testline hz 1500 fault \"%s/tuner.fault\" }\n",
                        TEST_LINE_MODULE, f->folder);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_setenv("ALSA_CONFIG_PATH", both, TRUE);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const TestCardSpec spec = {"card", 2, 0, 0};
    g_autofree char *journal = NULL;
    g_autofree char *objects = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(play_source_file_start(&error));
    f->trust = CONTENT_TRUST_SYNCED;
    f->folder = test_scratch_new();
    f->socket = g_build_filename(f->folder, "lease.sock", NULL);
    f->cards = test_cards_new(f->folder, &spec, 1);
    add_tuner(f);
    objects = g_build_filename(f->folder, "objects", NULL);
    f->objects = content_object_store_open(objects, &error);
    keep_tones(f);
    f->clock = g_strcmp0(data, HELD_UP) == 0 ? held_up_clock_new() : content_clock_system_new();
    journal = g_build_filename(f->folder, "journal.db", NULL);
    f->journal = play_journal_open(journal, on_journal_fault, f, &error);
    g_assert_no_error(error);
    f->root = content_seal_key_generate();
    f->key = content_seal_key_generate();
    start_site(f);
    start_desk(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    play_desk_free(f->desk);
    play_journal_free(f->journal);
    test_child_stop(f->gateway);
    test_child_stop(f->sim);
    content_object_store_free(f->objects);
    content_clock_free(f->clock);
    test_cards_free(f->cards);
    content_seal_key_free(f->root);
    content_seal_key_free(f->key);
    g_free(f->tones);
    g_free(f->config);
    g_free(f->socket);
    test_scratch_free(f->folder);
}

/* ---- documents, signed and verified as the district's are ---- */

static GBytes *
write_document(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = content_document_write(type, document, &error);

    g_assert_no_error(error);
    return bytes;
}

static char *
hash_of(GBytes *bytes)
{
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
}

static GBytes *
seal(const ContentSealKey *key, const char *type, const char *audience, gint64 version,
     GBytes *document)
{
    g_autofree char *comment = content_claim_comment(type, audience, version);
    g_autofree char *signature = content_seal_sign(key, g_bytes_get_data(document, NULL),
                                                   g_bytes_get_size(document), comment);

    return content_seal_wrap(signature, document);
}

static gpointer
verified(PlayVerify *verify, const ContentDocumentType *type, GBytes *envelope)
{
    g_autoptr(GError) error = NULL;
    PlayVerifyTime time = {g_get_real_time(), TRUE};
    g_autoptr(PlayVerified) it =
        play_verify_envelope(verify, type, g_bytes_get_data(envelope, NULL),
                             g_bytes_get_size(envelope), time, &error);

    g_assert_no_error(error);
    return g_steal_pointer(&it->parsed);
}

static void
take_keys(Fixture *f, PlayVerify *verify)
{
    g_autoptr(ContentKeys) keys = content_document_new(&content_keys_type);
    ContentKey *key = content_shape_new(&content_key_shape);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GBytes) envelope = NULL;
    g_autoptr(ContentKeys) taken = NULL;

    keys->version = 1;
    keys->issued_us = g_get_real_time();
    key->id = g_strdup(content_seal_key_id(f->key));
    key->role = CONTENT_ROLE_MANIFEST;
    key->key = g_strdup(content_seal_key_public(f->key));
    key->expires_us = keys->issued_us + PLAN_MIN(600);
    g_ptr_array_add(keys->keys, key);
    bytes = write_document(&content_keys_type, keys);
    envelope = seal(f->root, "keys", NULL, 1, bytes);
    taken = verified(verify, &content_keys_type, envelope);
    play_verify_take_keys(verify, taken, FALSE);
}

static ContentManifest *
manifest_for(Fixture *f, PlayVerify *verify, const char *date, const char *hash, gint64 version)
{
    g_autoptr(ContentManifest) manifest = content_document_new(&content_manifest_type);
    ContentManifestDay *day = content_shape_new(&content_manifest_day_shape);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GBytes) envelope = NULL;

    manifest->station = g_strdup(STATION);
    manifest->version = version;
    manifest->issued_us = manifest->not_before_us = g_get_real_time() - PLAN_S(1);
    manifest->expires_us = manifest->issued_us + CONTENT_MANIFEST_LIFE_US;
    manifest->settings = plan_builder_hash("settings");
    manifest->keys = plan_builder_hash("keys");
    day->date = g_strdup(date);
    day->hash = g_strdup(hash);
    g_ptr_array_add(manifest->days, day);
    bytes = write_document(&content_manifest_type, manifest);
    envelope = seal(f->key, "manifest", STATION, version, bytes);
    return verified(verify, &content_manifest_type, envelope);
}

/* The date does not matter here: all of it lies within the next seconds. */
static ContentDayPlan *
new_day(void)
{
    return plan_builder_day("2026-03-02");
}

static void
hand_over(Fixture *f, ContentDayPlan *day, gint64 version)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerify) verify =
        play_verify_new(STATION, content_seal_key_public(f->root), &error);
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *hash = NULL;
    g_autoptr(ContentManifest) manifest = NULL;
    PlayCue *cue = play_desk_cue(f->desk);
    ContentStationSettings *settings = plan_builder_settings(TZ, "main:lang main:bon");

    for (guint i = 0; f->is_bon_closed && i < settings->zones->len; i++) {
        ContentSettingsZone *zone = settings->zones->pdata[i];

        if (strcmp(zone->id, "bon") == 0)
            g_ptr_array_set_size(zone->windows, 0);
    }
    for (guint i = 0; i < day->segments->len; i++) {
        ContentSegment *segment = day->segments->pdata[i];

        g_free(segment->object);
        segment->object = g_strdup(f->tones);
    }
    take_keys(f, verify);
    bytes = write_document(&content_day_plan_type, day);
    hash = hash_of(bytes);
    manifest = manifest_for(f, verify, day->date, hash, version);
    play_cue_take_settings(cue, settings);
    play_cue_take_object(cue, f->tones, PLAY_OBJECT_HERE);
    play_cue_obey(cue, manifest);
    play_cue_take_day(cue, hash, day, plan_builder_approvals(day), 0);
    play_desk_step(f->desk);
}

/* ---- what is looked at ---- */

/* The board tells of it at once; the desk does not turn meanwhile, so only for what has been.
 */

static const ContentRecord *
final_of(GPtrArray *history, const char *name, const char *zone)
{
    g_autofree char *id = plan_builder_id(name);
    const ContentRecord *found = NULL;

    for (guint i = 0; i < history->len; i++) {
        const ContentRecord *record = history->pdata[i];

        if ((record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_MISSED) &&
            g_strcmp0(record->segment, id) == 0 && g_strcmp0(record->zone, zone) == 0) {
            g_assert_null(found);
            found = record;
        }
    }
    g_assert_nonnull(found);
    return found;
}

static gint64
coil(Fixture *f, guint relay, gboolean on)
{
    gint64 at_us = test_sim_coil(f->sim, 1, relay, on, PLAN_S(60));

    g_assert_cmpint(at_us, >, 0);
    return at_us;
}

static const TestSound *
sound(GArray *sounds, guint index)
{
    g_assert_cmpuint(sounds->len, >, index);
    return &g_array_index(sounds, TestSound, index);
}

/* Vietnamese in one village, then Bahnar in the other, on one amplifier. */
static void
test_two_languages(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    gint64 offset_us = g_get_real_time() - g_get_monotonic_time();
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const ContentRecord *record;
    gint64 lang_on, lang_off, bon_on, first_us, last_us, second_us;

    plan_builder_add(day, "vi", "main", "lang", "vi", start_us, PLAN_S(2));
    plan_builder_add(day, "bdq", "main", "bon", "bdq", start_us + PLAN_S(3), PLAN_S(2));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_finals == 2);
    history = play_journal_history(f->journal, 0, NULL);
    heard = test_cards_listen(f->cards, "card");
    sounds = test_timeline_sounds(heard);
    first_us = test_timeline_us(heard, sound(sounds, 0)->from);
    last_us = test_timeline_us(heard, sound(sounds, 0)->to);
    second_us = test_timeline_us(heard, sound(sounds, 1)->from);
    g_test_message("first sample %+d us, second %+d us",
                   (int) (first_us + offset_us - start_us),
                   (int) (second_us + offset_us - start_us - PLAN_S(3)));
    g_assert_cmpint(ABS(first_us + offset_us - start_us), <, 1500);
    g_assert_cmpint(ABS(second_us + offset_us - start_us - PLAN_S(3)), <, 1500);
    lang_on = coil(f, 1, TRUE);
    lang_off = coil(f, 1, FALSE);
    bon_on = coil(f, 2, TRUE);
    /* Relays before the first sample; nobody of the one village hears the other's language. */
    g_assert_cmpint(lang_on, <, first_us);
    g_assert_cmpint(lang_off, >=, last_us - 1000);
    g_assert_cmpint(lang_off, <, bon_on);
    g_assert_cmpint(bon_on, <, second_us);
    record = final_of(history, "vi", "lang");
    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
    g_assert_cmpint(record->relay_read_us, >, record->relay_asked_us);
    g_assert_cmpint(ABS(record->actual_start_us - first_us - offset_us), <, 1500);
    g_assert_cmpint(record->level_mdb, <, 0);
    g_assert_cmpint(record->level_mdb, >, -20000);
    g_assert_false(record->journal_late);
    record = final_of(history, "bdq", "bon");
    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_NONE);
    coil(f, 2, FALSE);
}

/* A tuner that is unplugged when it is tried, and comes before it is due: it is missed and told
 * of, sounds, and ends with its window although it goes on. */
static void
test_relay(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(10);
    gint64 offset_us = g_get_real_time() - g_get_monotonic_time();
    ContentDayPlan *day = new_day();
    g_autofree char *fault = g_build_filename(f->folder, "tuner.fault", NULL);
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const ContentRecord *record;
    gint64 last_us;

    g_assert_true(g_file_set_contents(fault, "unplugged", -1, NULL));
    plan_builder_add(day, "tiep-song", "main", "bon", "jra", start_us, PLAN_S(2))->source =
        CONTENT_SOURCE_LINE_IN;
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_lost == 1);
    g_assert_cmpint(g_get_real_time(), <, start_us);
    g_unlink(fault);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    g_assert_cmpuint(f->n_back, ==, 1);
    history = play_journal_history(f->journal, 0, NULL);
    record = final_of(history, "tiep-song", "bon");
    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint(record->level_mdb, >, -30000);
    g_assert_cmpstr(record->object, ==, f->tones);
    heard = test_cards_listen(f->cards, "card");
    sounds = test_timeline_sounds(heard);
    g_assert_cmpuint(test_sounds_first(sounds, 1500)->hz, ==, 1500);
    last_us = test_timeline_us(heard, sound(sounds, sounds->len - 1)->to) + offset_us;
    g_test_message("silent %d us after its window", (int) (last_us - start_us - PLAN_S(2)));
    g_assert_cmpint(last_us, <, start_us + PLAN_S(2) + 50000);
}

/* Kept waiting between reading UTC and reading monotonic time, it starts to the millisecond
 * all the same: the wait is not taken for a difference of the clocks. */
static void
test_held_up(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    gint64 offset_us = g_get_real_time() - g_get_monotonic_time();
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    gint64 first_us;

    plan_builder_add(day, "vi", "main", "lang", "vi", start_us, PLAN_S(2));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    heard = test_cards_listen(f->cards, "card");
    sounds = test_timeline_sounds(heard);
    first_us = test_timeline_us(heard, sound(sounds, 0)->from) + offset_us;
    g_test_message("first sample %+d us", (int) (first_us - start_us));
    g_assert_cmpint(ABS(first_us - start_us), <, 1500);
    history = play_journal_history(f->journal, 0, NULL);
    g_assert_cmpint(ABS(final_of(history, "vi", "lang")->actual_start_us - first_us), <, 1500);
}

/* A plan that the planner would never make, signed by the very key that may: one village of
 * the segment is outside its own windows and stays silent, the other hears it. */
static void
test_forged_plan(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;

    f->is_bon_closed = TRUE;
    plan_builder_add(day, "tin", "main", "lang bon", "vi", start_us, PLAN_S(2));
    plan_builder_add(day, "rieng", "main", "bon", "vi", start_us + PLAN_S(3), PLAN_S(1));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_finals == 3);
    history = play_journal_history(f->journal, 0, NULL);
    g_assert_cmpint(final_of(history, "tin", "lang")->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint(final_of(history, "tin", "bon")->kind, ==, CONTENT_RECORD_MISSED);
    g_assert_cmpint(final_of(history, "tin", "bon")->reason, ==, CONTENT_REASON_OUTSIDE_WINDOW);
    g_assert_cmpstr(content_remark_get(final_of(history, "tin", "bon")->details->pdata[0],
                                       "village"),
                    ==, "bon");
    g_assert_cmpint(final_of(history, "rieng", "bon")->reason, ==,
                    CONTENT_REASON_OUTSIDE_WINDOW);
    coil(f, 1, TRUE);
    coil(f, 1, FALSE);
    g_assert_cmpint(test_sim_coil(f->sim, 1, 2, TRUE, 0), <=, 0);
}

/* The gateway dies in mid-segment and is back: relays open, sound stops, and joins by the wall
 * clock. */
static void
test_gateway_dies(Fixture *f, gconstpointer data)
{
    g_autofree char *said = NULL;
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const ContentRecord *record;
    gint64 from_us;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(g_get_real_time() > start_us + PLAN_S(1));
    coil(f, 1, TRUE);
    test_child_signal(f->gateway, SIGKILL);
    test_child_stop(f->gateway);
    f->gateway = test_gateway_start(f->config, f->socket);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    coil(f, 1, FALSE);
    coil(f, 1, TRUE);
    history = play_journal_history(f->journal, 0, NULL);
    record = final_of(history, "tin", "lang");
    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_GATEWAY_DOWN);
    g_assert_cmpint(record->silent_us, >, 100000);
    said = content_wording_remarks(record->details, CONTENT_READER_EN, NULL);
    g_assert_nonnull(strstr(said, "2 parts"));
    /* At the right place: the last tone, 3000 Hz, begins six seconds after the start. */
    heard = test_cards_listen(f->cards, "card");
    sounds = test_timeline_sounds(heard);
    from_us = test_timeline_us(heard, test_sounds_first(sounds, 3000)->from) +
              g_get_real_time() - g_get_monotonic_time();
    /* Opus smears a change of tone over a packet. */
    g_assert_cmpint(ABS(from_us - start_us - PLAN_S(6)), <, 20000);
}

/* A withdrawal stops what sounds, relays and all, and not at its end. */
static void
test_withdrawn(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;
    gint64 withdrawn_us;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(g_get_real_time() > start_us + PLAN_S(1));
    coil(f, 1, TRUE);
    withdrawn_us = g_get_monotonic_time();
    hand_over(f, new_day(), 2);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    g_assert_cmpint(coil(f, 1, FALSE) - withdrawn_us, <, PLAN_S(3));
    history = play_journal_history(f->journal, 0, NULL);
    g_assert_cmpint(final_of(history, "tin", "lang")->reason, ==, CONTENT_REASON_WITHDRAWN);
}

/* The card stands still right after a draft: what the next one claims was heard by then. */
static void
test_frozen_card(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    ContentDayPlan *day = new_day();
    gint64 offset_us = g_get_real_time() - g_get_monotonic_time();
    g_autoptr(TestTimeline) timeline = NULL;
    gint64 frozen_us;
    guint n_drafts;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->drafted_us > start_us + PLAN_S(1));
    n_drafts = f->n_drafts;
    TEST_WAIT_UNTIL(f->n_drafts > n_drafts);
    test_cards_set_fault(f->cards, "card", "stall");
    TEST_WAIT_UNTIL(f->n_drafts > n_drafts + 1);
    timeline = test_cards_listen(f->cards, "card");
    frozen_us = test_timeline_event_us(timeline, "stall") + offset_us;
    g_test_message("claimed until %+d ms", (int) ((f->drafted_us - frozen_us) / 1000));
    g_assert_cmpint(f->drafted_us, <=, frozen_us + 2000);
    g_assert_cmpint(f->drafted_us, >, frozen_us - PLAN_S(1));
    test_cards_set_fault(f->cards, "card", NULL);
}

/* A silent board: nothing sounds, and the record says why. */
static void
test_silent_board(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(3);
    ContentDayPlan *day = new_day();
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;

    test_sim_do(f->sim, "1 silent on");
    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(2));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    history = play_journal_history(f->journal, 0, NULL);
    g_assert_cmpint(final_of(history, "tin", "lang")->kind, ==, CONTENT_RECORD_MISSED);
    g_assert_cmpint(final_of(history, "tin", "lang")->reason, ==, CONTENT_REASON_RELAY_FAILED);
    heard = test_cards_listen(f->cards, "card");
    sounds = test_timeline_sounds(heard);
    g_assert_cmpuint(sounds->len, ==, 0);
}

/* Somebody changed the audio on the disk: not a sample of it, and it is asked for again. */
static void
test_swapped_object(Fixture *f, gconstpointer data)
{
    gint64 start_us = g_get_real_time() + PLAN_S(3);
    ContentDayPlan *day = new_day();
    g_autofree char *path = g_build_filename(f->folder, "objects", "XX", f->tones, NULL);
    g_autoptr(GPtrArray) history = NULL;

    memcpy(strstr(path, "XX"), f->tones, 2);
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    g_assert_true(g_file_set_contents(path, "OggS nonsense", -1, NULL));
    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(2));
    hand_over(f, day, 1);
    TEST_WAIT_UNTIL(f->n_finals == 1);
    history = play_journal_history(f->journal, 0, NULL);
    g_assert_cmpint(final_of(history, "tin", "lang")->kind, ==, CONTENT_RECORD_MISSED);
    g_assert_cmpint(final_of(history, "tin", "lang")->reason, ==,
                    CONTENT_REASON_OBJECT_CORRUPT);
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
        const char *data;
    } tests[] = {
        { "two-languages",  test_two_languages,  NULL    },
        { "held-up",        test_held_up,        HELD_UP },
        { "forged-plan",    test_forged_plan,    NULL    },
        { "gateway-dies",   test_gateway_dies,   NULL    },
        { "withdrawn",      test_withdrawn,      NULL    },
        { "frozen-card",    test_frozen_card,    NULL    },
        { "silent-board",   test_silent_board,   NULL    },
        { "swapped-object", test_swapped_object, NULL    },
        { "relay",          test_relay,          NULL    },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/player/desk/", tests[i].path, NULL);

        g_test_add(path, Fixture, tests[i].data, set_up, tests[i].test, tear_down);
    }
    return g_test_run();
}
