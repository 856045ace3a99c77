/* test-vitals.c - power cut, stopped or unknown: only what the stamp proves is said. */
#include "player/report/vitals.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"

#define SECOND(n) ((gint64) (n) *G_USEC_PER_SEC)
#define NOW       FAKE_CLOCK_START_US
#define BOOT_A    "01234567-89ab-cdef-0123-456789abcdef\n"
#define BOOT_B    "ffffffff-ffff-ffff-ffff-ffffffffffff\n"

typedef struct {
    char *folder, *boot_path, *thermal;
    PlayVitalsPaths paths;
    ContentClock *clock;
    PlayVitals *vitals;
} Fixture;

static void
write_text(const char *path, const char *text)
{
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = test_scratch_new();
    fixture->boot_path = g_build_filename(fixture->folder, "boot_id", NULL);
    fixture->thermal = g_build_filename(fixture->folder, "thermal", NULL);
    fixture->paths = (PlayVitalsPaths){fixture->boot_path, fixture->thermal};
    write_text(fixture->boot_path, BOOT_A);
    fixture->clock = fake_clock_new(NOW);
}

static void
stop(Fixture *fixture)
{
    g_clear_pointer(&fixture->vitals, play_vitals_free);
}

static void
start(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;

    fixture->vitals = play_vitals_new(fixture->folder, &fixture->paths, fixture->clock, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    stop(fixture);
    g_assert_cmpuint(fake_clock_n_pending(fixture->clock), ==, 0);
    content_clock_free(fixture->clock);
    test_scratch_free(fixture->folder);
    g_free(fixture->boot_path);
    g_free(fixture->thermal);
}

static void
test_downtime(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gboolean was_told, is_same_boot; ContentTrust before, after;
                   ContentReason reason; gboolean knows_from, knows_to; } cases[] = {
        { "killed, machine lived on",   FALSE, TRUE,  CONTENT_TRUST_SYNCED, CONTENT_TRUST_SYNCED,
          CONTENT_REASON_PLAYER_STOPPED, TRUE,  TRUE  },
        { "stopped by systemctl",       TRUE,  TRUE,  CONTENT_TRUST_SYNCED, CONTENT_TRUST_SYNCED,
          CONTENT_REASON_PLAYER_STOPPED, TRUE,  TRUE  },
        { "rebooted in order",          TRUE,  FALSE, CONTENT_TRUST_SYNCED, CONTENT_TRUST_SYNCED,
          CONTENT_REASON_PLAYER_STOPPED, TRUE,  TRUE  },
        { "the power went",             FALSE, FALSE, CONTENT_TRUST_SYNCED, CONTENT_TRUST_SYNCED,
          CONTENT_REASON_NO_POWER,       TRUE,  TRUE  },
        { "the power went, and the clock with it", FALSE, FALSE, CONTENT_TRUST_SYNCED,
          CONTENT_TRUST_UNSET, CONTENT_REASON_NO_POWER, TRUE,  FALSE },
        { "no clock before either",     FALSE, FALSE, CONTENT_TRUST_UNSET, CONTENT_TRUST_UNSET,
          CONTENT_REASON_NO_POWER,       FALSE, FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 from_us = -1, to_us = -1, died_us, back_us;

        g_test_message("%s", cases[i].why);
        write_text(fixture->boot_path, BOOT_A);
        start(fixture);
        play_vitals_set_trust(fixture->vitals, cases[i].before);
        fake_clock_advance(fixture->clock, SECOND(185));
        died_us = content_clock_utc_us(fixture->clock) - SECOND(5); /* the last stamp */
        if (cases[i].was_told) {
            play_vitals_stopping(fixture->vitals);
            died_us = content_clock_utc_us(fixture->clock);
        }
        stop(fixture);
        fake_clock_advance(fixture->clock, SECOND(5400));
        back_us = content_clock_utc_us(fixture->clock);
        write_text(fixture->boot_path, cases[i].is_same_boot ? BOOT_A : BOOT_B);
        start(fixture);
        play_vitals_set_trust(fixture->vitals, cases[i].after);
        fake_clock_advance(fixture->clock, SECOND(7));
        g_assert_cmpint(play_vitals_downtime(fixture->vitals, &from_us, &to_us), ==,
                        cases[i].reason);
        g_assert_cmpint(from_us, ==, cases[i].knows_from ? died_us : 0);
        g_assert_cmpint(to_us, ==, cases[i].knows_to ? back_us : 0);
        stop(fixture);
    }
}

/* A first start, or a stamp that is rubbish: nothing is known, and nothing is made up. */
static void
test_no_evidence(Fixture *fixture, gconstpointer data)
{
    const char *stamps[] = {"", "x", "1 2 3", "short 5 synced alive\n"};
    g_autofree char *path = g_build_filename(fixture->folder, "alive", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(stamps); i++) {
        gint64 from_us = -1, to_us = -1;

        if (i > 0)
            write_text(path, stamps[i]);
        start(fixture);
        g_assert_cmpint(play_vitals_downtime(fixture->vitals, &from_us, &to_us), ==,
                        CONTENT_REASON_UNKNOWN);
        g_assert_cmpint(from_us, ==, 0);
        stop(fixture);
    }
}

static void
test_fill(Fixture *fixture, gconstpointer data)
{
    ContentHeartbeat *heartbeat = content_document_new(&content_heartbeat_type);
    /* clang-format off */
    const struct { const char *why, *first, *second; gint64 expected; } cases[] = {
        { "one sensor",          "48312\n", NULL,      48312      },
        { "the hottest counts",  "48312\n", "61000\n", 61000      },
        { "frost",               "-2500\n", NULL,      -2500      },
        { "one that is broken",  "\n",      "250000\n", G_MININT64 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *texts[] = {cases[i].first, cases[i].second};

        g_test_message("%s", cases[i].why);
        for (gsize j = 0; j < 2; j++) {
            g_autofree char *zone =
                g_strdup_printf("%s/thermal_zone%d", fixture->thermal, (int) j);
            g_autofree char *path = g_build_filename(zone, "temp", NULL);

            g_mkdir_with_parents(zone, 0700);
            g_unlink(path);
            if (texts[j] != NULL)
                write_text(path, texts[j]);
        }
        start(fixture);
        play_vitals_fill(fixture->vitals, heartbeat);
        g_assert_cmpint(heartbeat->temperature_mc, ==, cases[i].expected);
        stop(fixture);
    }
    g_assert_cmpstr(heartbeat->boot, ==, "0123456789abcdef0123456789abcdef");
    /* Since the machine came up, and it turns longer than this test. */
    g_assert_cmpint(heartbeat->uptime_s, >=, g_get_monotonic_time() / G_USEC_PER_SEC - 60);
    g_assert_cmpint(heartbeat->total_bytes, >, heartbeat->free_bytes);
    g_assert_cmpint(heartbeat->free_bytes, >, 0);
    content_heartbeat_free(heartbeat);
}

static void
test_this_machine(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture->vitals =
        play_vitals_new(fixture->folder, &play_vitals_paths, fixture->clock, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(play_vitals_boot(fixture->vitals)), ==, 32);
}

/* As loa-player.service starts it: no such file in its /proc, the id in its environment. */
static void
test_boot_given(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *given, *boot;
    } cases[] = {
        {"FEDCBA9876543210fedcba9876543210", "fedcba9876543210fedcba9876543210"},
        {"fedcba98-7654-3210-fedc-ba9876543210", "fedcba9876543210fedcba9876543210"},
        {"%b", NULL},
        {"", NULL},
    };

    g_assert_cmpint(g_unlink(fixture->boot_path), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *boot = NULL;

        g_setenv(PLAY_VITALS_BOOT, cases[i].given, TRUE);
        boot = play_vitals_read_boot(&fixture->paths, &error);
        g_unsetenv(PLAY_VITALS_BOOT);
        g_assert_cmpstr(boot, ==, cases[i].boot);
        g_assert_true((error != NULL) == (boot == NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/report/vitals/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("downtime", test_downtime);
    ADD("no-evidence", test_no_evidence);
    ADD("fill", test_fill);
    ADD("this-machine", test_this_machine);
    ADD("boot-given", test_boot_given);
    return g_test_run();
}
