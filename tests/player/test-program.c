/*
 * test-program.c - loa-player itself, with no network: what was kept is on the air on time.
 *
 * Real gateway, simulated board, test card; nobody answers on the line to the district.
 */
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "content/record.h"
#include "player/output/reel.h"
#include "tests/support/plan-builder.h"
#include "tests/support/player-site.h"
#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"

/* Later than this the test gives up on a record. */
#define PATIENCE_US PLAN_S(20)

/* For what is told by nothing but the time itself: the middle of a segment, and silence. */
static void
sleep_until(gint64 utc_us)
{
    gint64 left_us;

    while ((left_us = utc_us - g_get_real_time()) > 0)
        g_usleep((gulong) MIN(left_us + 1, 20000));
}

static const ContentRecord *
find_record(GPtrArray *records, ContentRecordKind kind, const char *name)
{
    g_autofree char *id = name == NULL ? NULL : plan_builder_id(name);

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        if (record->kind == (gint) kind && (id == NULL || g_strcmp0(record->segment, id) == 0))
            return record;
    }
    return NULL;
}

static guint
count_records(GPtrArray *records, ContentRecordKind kind)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++)
        n += ((ContentRecord *) records->pdata[i])->kind == (gint) kind ? 1 : 0;
    return n;
}

static const TestSound *
sound(GArray *sounds, guint index)
{
    g_assert_cmpuint(sounds->len, >, index);
    return &g_array_index(sounds, TestSound, index);
}

/* By the wall clock, µs from @from_us. */
static gint64
since(const TestTimeline *heard, gint64 frame, gint64 from_us)
{
    return test_timeline_us(heard, frame) + g_get_real_time() - g_get_monotonic_time() -
           from_us;
}

static void
test_kept_plan(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 start_us = g_get_real_time() + PLAN_S(5);
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    g_autoptr(GPtrArray) records = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const ContentRecord *record;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(2));
    player_site_keep(site, day);
    player_site_start(site);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US), >, 0);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, FALSE, PATIENCE_US), >, 0);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    heard = player_site_listen(site);
    sounds = test_timeline_sounds(heard);
    g_assert_cmpint(ABS(since(heard, sound(sounds, 0)->from, start_us)), <, 1500);
    records = player_site_records(site);
    g_assert_nonnull(find_record(records, CONTENT_RECORD_BOOT, NULL));
    record = find_record(records, CONTENT_RECORD_PLAYED, "tin");
    g_assert_nonnull(record);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(record->manifest_version, ==, 1);
    g_assert_cmpint(record->trust, ==, CONTENT_TRUST_GUARDED);
    g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
}

/* A segment of 8 s from @start_us, cut at @cut_us: both parts have their evidence. All UTC. */
static void
check_parts(const ContentRecord *record, gint64 start_us, gint64 cut_us, gboolean at_least)
{
    const ContentPart *before, *after;

    g_assert_cmpint(record->reason, ==, CONTENT_REASON_PLAYER_STOPPED);
    g_assert_cmpuint(record->parts->len, ==, 2);
    before = record->parts->pdata[0];
    after = record->parts->pdata[1];
    g_assert_cmpint(before->at_least, ==, at_least);
    g_assert_false(after->at_least);
    g_assert_cmpint(ABS(before->from_us - start_us), <, PLAN_S(1) / 10);
    /* A draft a second, and a machine that is busy. */
    g_assert_cmpint(before->to_us, >, cut_us - PLAN_S(2));
    g_assert_cmpint(before->to_us, <, cut_us + PLAN_S(1) / 2);
    g_assert_cmpint(after->from_us, >, cut_us);
    g_assert_cmpint(ABS(after->from_us - after->position_us - start_us), <, PLAN_S(1) / 10);
    g_assert_cmpint(ABS(after->to_us - start_us - PLAN_S(8)), <, PLAN_S(1) / 10);
    for (guint i = 0; i < 2; i++) {
        const ContentPart *part = record->parts->pdata[i];

        g_assert_cmpint(part->relay, ==, CONTENT_RELAY_CLOSED);
        g_assert_cmpint(part->relay_read_us, >, 0);
        g_assert_cmpint(part->level_mdb, >, -60000);
    }
    g_assert_cmpint(record->actual_start_us, ==, before->from_us);
    g_assert_cmpint(record->actual_end_us, ==, after->to_us);
}

/* Killed in mid-segment: relays open within a second, and on the air again within five. */
static void
test_killed(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 start_us = g_get_real_time() + PLAN_S(5);
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    g_autoptr(GPtrArray) records = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const ContentRecord *record;
    gint64 killed_us, closed_us;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    player_site_keep(site, day);
    player_site_start(site);
    sleep_until(start_us + PLAN_S(2));
    killed_us = g_get_monotonic_time();
    g_assert_cmpint(player_site_stop(site, SIGKILL), ==, 128 + SIGKILL);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US), >, 0);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, FALSE, PATIENCE_US) -
                        killed_us,
                    <, PLAN_S(1));
    player_site_start(site);
    closed_us = test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US);
    g_assert_cmpint(closed_us - killed_us, <, PLAN_S(5));
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, FALSE, PATIENCE_US), >, 0);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    /* At its right place: the last tone begins six seconds after the start. */
    heard = player_site_listen(site);
    sounds = test_timeline_sounds(heard);
    g_assert_cmpint(ABS(since(heard, test_sounds_first(sounds, 3000)->from, start_us) -
                        PLAN_S(6)),
                    <, 20000);
    records = player_site_records(site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_STARTED), ==, 2);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_PLAYED), ==, 1);
    record = find_record(records, CONTENT_RECORD_PLAYED, "tin");
    check_parts(record, start_us, killed_us + g_get_real_time() - g_get_monotonic_time(), TRUE);
    /* What the second player found of the first is a record of its own, written by then. */
    record = find_record(records, CONTENT_RECORD_PART, "tin");
    g_assert_nonnull(record);
    g_assert_cmpuint(record->parts->len, ==, 1);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_PLAYER_STOPPED);
}

/* Told to stop in mid-segment: silence and open relays, what was heard is on disk when it has
 * ended, and the rest follows at its place. */
static void
test_stopped(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 start_us = g_get_real_time() + PLAN_S(5);
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    g_autoptr(GPtrArray) first = NULL;
    g_autoptr(GPtrArray) records = NULL;
    const ContentRecord *record;
    gint64 stopped_us;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    player_site_keep(site, day);
    player_site_start(site);
    sleep_until(start_us + PLAN_S(2));
    stopped_us = g_get_real_time();
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US), >, 0);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, FALSE, PATIENCE_US) +
                        g_get_real_time() - g_get_monotonic_time() - stopped_us,
                    <, PLAN_S(1));
    first = player_site_records(site);
    g_assert_cmpuint(count_records(first, CONTENT_RECORD_PLAYED), ==, 0);
    record = find_record(first, CONTENT_RECORD_PART, "tin");
    g_assert_nonnull(record);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_PLAYER_STOPPED);
    g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
    g_assert_cmpint(record->relay_read_us, >, 0);
    g_assert_cmpint(record->level_mdb, >, -60000);
    g_assert_cmpint(ABS(record->actual_start_us - start_us), <, PLAN_S(1) / 10);
    g_assert_cmpint(ABS(record->actual_end_us - stopped_us), <, PLAN_S(1) / 2);
    player_site_start(site);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US), >, 0);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, FALSE, PATIENCE_US), >, 0);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    records = player_site_records(site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_PART), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_PLAYED), ==, 1);
    check_parts(find_record(records, CONTENT_RECORD_PLAYED, "tin"), start_us, stopped_us,
                FALSE);
}

/* Nobody vouches for the clock: not a sample, and nothing is said to have begun. */
static void
test_untrusted_clock(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 start_us = g_get_real_time() + PLAN_S(4);
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    g_autoptr(GPtrArray) records = NULL;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(2));
    player_site_keep(site, day);
    player_site_forget_time(site);
    player_site_start(site);
    sleep_until(start_us + PLAN_S(3));
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    heard = player_site_listen(site);
    sounds = test_timeline_sounds(heard);
    g_assert_cmpuint(sounds->len, ==, 0);
    records = player_site_records(site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_STARTED), ==, 0);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_PLAYED), ==, 0);
}

static const ContentRecord *
boot_record(GPtrArray *records, guint index)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        if (record->kind == CONTENT_RECORD_BOOT && n++ == index)
            return record;
    }
    g_assert_not_reached();
}

/* The machine's clock stands an hour off and the station knows better: it plays by what it
 * knows, and what it says of its own absence is in the same time. */
static void
test_wrong_machine_clock(void)
{
    const gint64 off_us = PLAN_S(3600);
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 start_us = g_get_real_time() + off_us + PLAN_S(5);
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    g_autoptr(GPtrArray) records = NULL;
    const ContentRecord *record;

    plan_builder_add(day, "tin", "main", "lang", "vi", start_us, PLAN_S(8));
    player_site_keep(site, day);
    player_site_shift_time(site, off_us);
    for (guint i = 0; i < 2; i++) {
        player_site_start(site);
        g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PATIENCE_US), >, 0);
        g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    }
    records = player_site_records(site);
    record = boot_record(records, 1);
    g_assert_cmpint(record->reason, ==, CONTENT_REASON_PLAYER_STOPPED);
    g_assert_cmpint(record->planned_start_us, >=, start_us - PLAN_S(2));
    g_assert_cmpint(record->planned_start_us, <, start_us + PLAN_S(8));
    g_assert_cmpint(record->planned_end_us, >=, record->planned_start_us);
}

/* ---- the service manager ---- */

static int
listen_as_manager(const char *folder, char **out_path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    *out_path = g_build_filename(folder, "notify.sock", NULL);
    g_strlcpy(address.sun_path, *out_path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    return fd;
}

/* Returns: when the next word that begins with @prefix came */
static gint64
next_notice(int fd, const char *prefix)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    char text[256] = "";

    while (!g_str_has_prefix(text, prefix)) {
        ssize_t n;

        g_assert_cmpint(poll(&poller, 1, 60000), ==, 1);
        n = recv(fd, text, sizeof text - 1, 0);
        g_assert_cmpint(n, >, 0);
        text[n] = '\0';
    }
    return g_get_monotonic_time();
}

/*
 * The watchdog is fed every 0.3 s while the card moves, not while it stands still, and again
 * when the player has given the card up: without a card there is still a station to be told.
 */
static void
test_watchdog(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    char *folder = test_scratch_new();
    g_autofree char *path = NULL;
    int fd = listen_as_manager(folder, &path);
    gint64 before_us, gap_us = 0;

    g_setenv("NOTIFY_SOCKET", path, TRUE);
    g_setenv("WATCHDOG_USEC", "1200000", TRUE);
    player_site_start(site);
    g_unsetenv("NOTIFY_SOCKET");
    g_unsetenv("WATCHDOG_USEC");
    next_notice(fd, "READY=1");
    next_notice(fd, "WATCHDOG=1");
    before_us = next_notice(fd, "WATCHDOG=1");
    test_cards_set_fault(player_site_cards(site), "card", "stall");
    while (gap_us < PLAN_S(6) / 10) {
        gint64 now_us = next_notice(fd, "WATCHDOG=1");

        gap_us = now_us - before_us;
        before_us = now_us;
    }
    next_notice(fd, "WATCHDOG=1");
    next_notice(fd, "WATCHDOG=1");
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    next_notice(fd, "STOPPING=1");
    close(fd);
    test_scratch_free(folder);
}

/* As the writer of a microphone leaves it. */
static void
leave_speech(const char *folder, gint64 from_us, PlayReelKept *out_kept)
{
    static const guint8 packet[] = {1 << 3, 1, 2, 3};
    PlayReelName name = {.alert = "01kjpd1r00a1b2c3d4e5f6g7h8", .from_us = from_us};
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    PlayReel *reel = play_reel_begin(folder, &name, NULL);

    g_assert_nonnull(reel);
    g_ptr_array_add(packets, g_bytes_new_static(packet, sizeof packet));
    play_reel_add(reel, packets);
    g_assert_true(play_reel_end(reel, out_kept, NULL));
}

/* Killed before the journal had it, one file was whole and one was not: both are told, once. */
static void
test_speech_left(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    g_autofree char *folder = g_build_filename(player_site_state(site), "speeches", NULL);
    g_autofree char *whole = NULL, *part = NULL, *path = NULL;
    char *sockets = test_scratch_new();
    g_autoptr(GPtrArray) records = NULL;
    PlayReelKept kept, cut;
    guint n_found = 0;
    int fd = listen_as_manager(sockets, &path);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    leave_speech(folder, PLAN_S(1000), &kept);
    leave_speech(folder, PLAN_S(2000), &cut);
    whole = g_strdup_printf("%s/%s-2000000000.opus", folder, cut.name.alert);
    part = g_strdup_printf("%s/%s-2000000000.part", folder, cut.name.alert);
    g_assert_cmpint(g_rename(whole, part), ==, 0);
    g_setenv("NOTIFY_SOCKET", path, TRUE);
    for (guint i = 0; i < 2; i++) {
        player_site_start(site);
        next_notice(fd, "READY=1");
        g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    }
    g_unsetenv("NOTIFY_SOCKET");
    close(fd);
    test_scratch_free(sockets);
    records = player_site_records(site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_BOOT), ==, 2);
    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        n_found += g_strcmp0(record->object, kept.object) == 0 &&
                   record->actual_start_us == kept.name.from_us &&
                   record->actual_end_us == kept.name.from_us + kept.duration_us;
    }
    g_assert_cmpuint(n_found, ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_SPEECH_KEPT), ==, 2);
}

static char *
complaint(const char *config, int *out_status)
{
    const char *argv[] = {TEST_PLAYER, "--config", config, NULL};
    g_autoptr(GError) error = NULL;
    char *words = NULL;

    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                               NULL, NULL, &words, out_status, &error));
    g_assert_no_error(error);
    return words;
}

static void
test_bad_configuration(void)
{
    /* clang-format off */
    static const struct { const char *why, *text, *words; } cases[] = {
        { "no output",        "[player]\nstate=/x\n",                         "no [output NAME]" },
        { "an unknown key",   "[player]\nvolume=11\n[output main]\n",         "volume" },
        { "a wrong number",   "[player]\nbuffer-ms=5\n[output main]\n",       "buffer-ms" },
        { "no number at all", "[player]\nbuffer-ms=much\n[output main]\n",    "buffer-ms" },
        { "a name upwards",   "[output ../x]\n",                              "../x" },
        { "not enrolled",     "[player]\nstate=/nonexistent\n[output main]\n", "not enrolled" },
    };
    /* clang-format on */
    char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "player.conf", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = NULL;
        int status = 0;

        g_assert_true(g_file_set_contents(path, cases[i].text, -1, NULL));
        words = complaint(path, &status);
        g_test_message("%s: %s", cases[i].why, words);
        g_assert_false(g_spawn_check_wait_status(status, NULL));
        g_assert_nonnull(strstr(words, cases[i].words));
    }
    test_scratch_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/program/kept-plan", test_kept_plan);
    g_test_add_func("/player/program/killed", test_killed);
    g_test_add_func("/player/program/speech-left", test_speech_left);
    g_test_add_func("/player/program/stopped", test_stopped);
    g_test_add_func("/player/program/untrusted-clock", test_untrusted_clock);
    g_test_add_func("/player/program/wrong-machine-clock", test_wrong_machine_clock);
    g_test_add_func("/player/program/watchdog", test_watchdog);
    g_test_add_func("/player/program/bad-configuration", test_bad_configuration);
    return g_test_run();
}
