/*
 * bench-plan.c - how long the plan core takes; prints one JSON line.
 *
 * 200 stations with ten villages each in three languages, 16 days of 60 segments; and one slot
 * of one station changed: snapshot compiled again, its 16 days planned again.
 */
#include "tests/support/plan-world.h"

#include <stdio.h>

#define N_STATIONS 200
#define N_ZONES    10
#define N_DAYS     16
#define N_ITEMS    10
#define N_ROUNDS   5

static void
add_station(SchedSnapshot *world, int number)
{
    static const char *const languages[] = {"bdq", "jra", "vi"};
    g_autofree char *station = g_strdup_printf("tram-%03d", number);
    g_autofree char *commune = g_strdup_printf("xa-%03d", number);

    sched_snapshot_add_area(world, commune, "huyen", commune);
    sched_snapshot_add_station(world, station, commune, "Asia/Ho_Chi_Minh");
    for (int i = 0; i < N_ZONES; i++) {
        g_autofree char *village = g_strdup_printf("lang-%03d-%d", number, i);
        g_autofree char *zone = g_strdup_printf("cum-%d", i);
        SchedZone *added;

        sched_snapshot_add_area(world, village, commune, village);
        added = sched_snapshot_add_zone(world, zone, station, "loa", village, zone);
        g_ptr_array_add(added->languages, g_strdup(languages[i % 3]));
        added->switch_ms = 300;
    }
}

static SchedSnapshot *
make_district(void)
{
    SchedSnapshot *world = plan_world_new();
    g_autoptr(GString) items = g_string_new(NULL);

    for (int i = 0; i < N_STATIONS; i++)
        add_station(world, i);
    for (int i = 0; i < N_ITEMS; i++) {
        g_autofree char *id = g_strdup_printf("tin-%d", i);

        plan_world_announcement(world, id, "bdq:70 jra:80 vi:60");
        g_string_append_printf(items, "%s%s", i == 0 ? "" : " ", id);
    }
    plan_world_playlist(world, "p", items->str);
    plan_world_slot(world, "sang", "p", "05:30", "FREQ=DAILY");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU");
    return world;
}

/* Returns: seconds for the whole district */
static double
plan_all(const SchedSnapshot *world, guint *out_n_segments)
{
    g_autoptr(GTimer) timer = g_timer_new();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    SchedDay from = plan_world_day(PLAN_WORLD_DAY);

    *out_n_segments = 0;
    for (int i = 0; i < N_STATIONS; i++) {
        g_autofree char *station = g_strdup_printf("tram-%03d", i);
        g_autoptr(GPtrArray) days = sched_plan_station(index, station, from, N_DAYS, NULL);

        for (guint j = 0; j < days->len; j++) {
            const SchedPlanDay *day = g_ptr_array_index(days, j);

            *out_n_segments += day->plan->segments->len;
        }
    }
    return g_timer_elapsed(timer, NULL);
}

/* Returns: seconds for a change that concerns one station */
static double
plan_one(const SchedSnapshot *world, double *out_index_s)
{
    g_autoptr(GTimer) timer = g_timer_new();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GPtrArray) days = NULL;

    *out_index_s = g_timer_elapsed(timer, NULL);
    days = sched_plan_station(index, "tram-007", plan_world_day(PLAN_WORLD_DAY), N_DAYS, NULL);
    return g_timer_elapsed(timer, NULL);
}

int
main(void)
{
    g_autoptr(SchedSnapshot) world = make_district();
    double all_s = G_MAXDOUBLE, one_s = G_MAXDOUBLE, index_s = 0;
    guint n_segments = 0;

    for (int i = 0; i < N_ROUNDS; i++) {
        double this_index_s = 0, this_one_s = plan_one(world, &this_index_s);

        all_s = MIN(all_s, plan_all(world, &n_segments));
        if (this_one_s < one_s)
            index_s = this_index_s;
        one_s = MIN(one_s, this_one_s);
    }
    printf("{\"bench\": \"plan\", \"stations\": %d, \"days\": %d, \"segments\": %u, "
           "\"all_s\": %.3f, \"one_station_ms\": %.2f, \"of_it_index_ms\": %.2f}\n",
           N_STATIONS, N_DAYS, n_segments, all_s, one_s * 1e3, index_s * 1e3);
    return 0;
}
