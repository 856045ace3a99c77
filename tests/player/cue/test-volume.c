/* test-volume.c - the quietest zone decides, nothing is above the cap, hours are local. */
#include "player/cue/volume.h"

#include "player/cue/local-time.h"
#include "tests/support/plan-builder.h"

static void
add_volume(ContentStationSettings *settings, const char *zone, gint64 from_min, gint64 to_min,
           gint64 gain_mdb)
{
    ContentVolume *row = content_shape_new(&content_volume_shape);

    row->zone = g_strdup(zone);
    row->from_min = from_min;
    row->to_min = to_min;
    row->gain_mdb = gain_mdb;
    g_ptr_array_add(settings->volumes, row);
}

static void
test_gain(void)
{
    /* clang-format off */
    const struct { const char *why, *zones; gint64 slot_mdb, minute, cap_mdb, gain_mdb, n_minutes; } cases[] = {
        { "nothing set for the zone",       "z3",    0,     600,  0,      0      },
        { "the slot asks for less",         "z3",    -4000, 600,  0,      -4000  },
        { "a slot cannot ask for more",     "z3",    6000,  600,  0,      0      },
        { "a zone's own volume",            "z1",    0,     600,  0,      -3000  },
        { "slot and zone add up",           "z1",    -2000, 600,  0,      -5000  },
        { "together the quietest decides",  "z1 z2", 0,     600,  0,      -9000  },
        { "the cap of the station",         "z1",    0,     600,  -6000,  -6000  },
        { "quieter than the cap",           "z2",    0,     600,  -6000,  -9000  },
        { "early morning, over midnight",   "z1",    0,     300,  0,      -12000 },
        { "late evening, over midnight",    "z1",    0,     1320, 0,      -12000 },
        { "the last quiet minute",          "z1",    0,     359,  0,      -12000 },
        { "the first loud minute",          "z1",    0,     360,  0,      -3000  },
        { "over before the night",          "z1",    0,     1300, 0,      -3000,  19 },
        { "on into the night",              "z1",    0,     1300, 0,      -12000, 20 },
        { "past midnight",                  "z3 z2", 0,     1380, 0,      -9000,  660 },
        { "longer than a day",              "z2",    0,     0,    0,      -9000,  G_MAXINT64 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentStationSettings) settings =
            plan_builder_settings("Asia/Ho_Chi_Minh", "o1:z1 o1:z2 o1:z3");
        g_autoptr(GPtrArray) zones = g_ptr_array_new();
        g_auto(GStrv) words = g_strsplit(cases[i].zones, " ", -1);

        g_test_message("%s", cases[i].why);
        for (guint j = 0; words[j] != NULL; j++)
            g_ptr_array_add(zones, words[j]);
        settings->gain_cap_mdb = cases[i].cap_mdb;
        add_volume(settings, "z1", 0, 1440, -3000);
        add_volume(settings, "z1", 1320, 360, -12000);
        add_volume(settings, "z2", 540, 1020, -9000);
        g_assert_cmpint(play_volume_gain_mdb(settings, cases[i].slot_mdb, zones,
                                             cases[i].minute, cases[i].n_minutes),
                        ==, cases[i].gain_mdb);
    }
}

static void
test_local_time(void)
{
    /* clang-format off */
    const struct { const char *why, *tzid, *utc, *date; gint64 weekday, minute; } cases[] = {
        { "seven hours ahead",           "Asia/Ho_Chi_Minh", "2026-03-01 23:30:00", "2026-03-02", 0, 390 },
        { "the last day of a month",     "Asia/Ho_Chi_Minh", "2026-03-31 16:59:59", "2026-03-31", 1, 1439 },
        { "a leap day",                  "Asia/Ho_Chi_Minh", "2028-02-28 17:00:00", "2028-02-29", 1, 0 },
        { "no leap day",                 "Asia/Ho_Chi_Minh", "2026-02-28 17:00:00", "2026-03-01", 6, 0 },
        { "before the clock went ahead", "Europe/Berlin",    "2026-03-29 00:59:00", "2026-03-29", 6, 119 },
        { "after it went ahead",         "Europe/Berlin",    "2026-03-29 01:00:00", "2026-03-29", 6, 180 },
        { "an hour that comes twice",    "Europe/Berlin",    "2026-10-25 00:30:00", "2026-10-25", 6, 150 },
        { "and the second time",         "Europe/Berlin",    "2026-10-25 01:30:00", "2026-10-25", 6, 150 },
        { "the beginning (then UTC+8)",  "Asia/Ho_Chi_Minh", "1970-01-01 00:00:00", "1970-01-01", 3, 480 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlayLocalTime) zone = play_local_time_new(cases[i].tzid);
        PlayLocal local = play_local_time_read(zone, plan_builder_utc("UTC", cases[i].utc));

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(local.date, ==, cases[i].date);
        g_assert_cmpint(local.weekday, ==, cases[i].weekday);
        g_assert_cmpint(local.minute, ==, cases[i].minute);
    }
    g_assert_null(play_local_time_new("Asia/Nowhere"));
}

static void
test_far_times(void)
{
    g_autoptr(PlayLocalTime) zone = play_local_time_new("Asia/Ho_Chi_Minh");

    g_assert_cmpstr(play_local_time_read(zone, G_MAXINT64).date, ==, "1970-01-01");
    g_assert_cmpstr(play_local_time_read(zone, G_MININT64).date, ==, "1970-01-01");
    g_assert_cmpstr(play_local_time_read(zone, -1).date, ==, "1970-01-01");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/volume/gain", test_gain);
    g_test_add_func("/player/cue/local-time/read", test_local_time);
    g_test_add_func("/player/cue/local-time/far-times", test_far_times);
    return g_test_run();
}
