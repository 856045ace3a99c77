/* test-watch.c - faults and refusals of stations as lines for a person: few, none missing. */
#include "scheduler/publish/watch.h"

#include "content/heartbeat.h"

#include <string.h>

#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define START  (G_GINT64_CONSTANT(5) * G_USEC_PER_SEC)

static void
on_fault(const char *station, const char *words, gpointer data)
{
    g_string_append_printf(data, "%s %s\n", station, words);
}

static void
on_refused(const char *station, const char *words, gpointer data)
{
    g_string_append_printf(data, "%s refused %s\n", station, words);
}

static const SchedWatchEvents events = {on_fault, on_refused};

static void
fault_free(gpointer fault)
{
    content_shape_free(&content_fault_shape, fault);
}

/* @words: "code/subject" of each fault, or "" */
static void
beat(SchedWatch *watch, const char *station, const char *words, gint64 at_us)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(fault_free);
    g_auto(GStrv) names = g_strsplit(words, " ", -1);

    for (gsize i = 0; names[i] != NULL && *names[i] != '\0'; i++) {
        g_auto(GStrv) parts = g_strsplit(names[i], "/", 2);
        ContentFault *fault = content_shape_new(&content_fault_shape);

        fault->what.code = g_strdup(parts[0]);
        fault->what.subject = g_strdup(parts[1]);
        g_ptr_array_add(faults, fault);
    }
    sched_watch_faults(watch, station, faults, at_us);
}

typedef struct {
    gint minute;
    const char *faults;
} Beat;

/* clang-format off */
static const struct {
    const char *why;
    Beat beats[8];
    const char *told;
} cases[] = {
    { "none", {{0, ""}, {1, ""}}, "" },
    { "one that lasts is told once", {{0, "board_silent/b1"}, {1, "board_silent/b1"}, {30, "board_silent/b1"}},
      "t board b1: board b1: no answer\n" },
    { "its end is told", {{0, "board_silent/b1"}, {1, ""}, {2, ""}},
      "t board b1: board b1: no answer\nt board b1: over\n" },
    { "two are two", {{0, "board_silent/b1 board_silent/b2"}, {1, "board_silent/b2"}},
      "t board b1: board b1: no answer\nt board b2: board b2: no answer\nt board b1: over\n" },
    { "one that comes back soon is not told again at once",
      {{0, "board_silent/b1"}, {1, ""}, {2, "board_silent/b1"}, {3, ""}, {4, "board_silent/b1"}},
      "t board b1: board b1: no answer\nt board b1: over\n" },
    { "but is, with a count, when the time is over",
      {{0, "board_silent/b1"}, {1, ""}, {2, "board_silent/b1"}, {3, ""}, {4, "board_silent/b1"}, {10, "board_silent/b1"}},
      "t board b1: board b1: no answer\nt board b1: over\n"
      "t board b1: board b1: no answer (it came 2 times in 10 minutes)\n" },
    { "also if it has just gone",
      {{0, "board_silent/b1"}, {1, ""}, {2, "board_silent/b1"}, {3, ""}, {4, "board_silent/b1"}, {10, ""}, {11, ""}},
      "t board b1: board b1: no answer\nt board b1: over\n"
      "t board b1: board b1: no answer (it came 2 times in 10 minutes)\nt board b1: over\n" },
    { "one that is back for good is not forgotten",
      {{0, "board_silent/b1"}, {1, ""}, {2, "board_silent/b1"}, {10, "board_silent/b1"}, {11, "board_silent/b1"}},
      "t board b1: board b1: no answer\nt board b1: over\nt board b1: board b1: no answer\n" },
    { "nor told only when ten minutes are over",
      {{0, "board_silent/b1"}, {1, ""}, {2, "board_silent/b1"}, {3, "board_silent/b1"}, {4, "board_silent/b1"}, {5, "board_silent/b1"}},
      "t board b1: board b1: no answer\nt board b1: over\nt board b1: board b1: no answer\n" },
    { "after a quiet time it is new", {{0, "board_silent/b1"}, {1, ""}, {20, ""}, {21, "board_silent/b1"}},
      "t board b1: board b1: no answer\nt board b1: over\nt board b1: board b1: no answer\n" },
};
/* clang-format on */

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Lines of one heartbeat come in no order. */
static char *
sorted(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    qsort(lines, g_strv_length(lines), sizeof *lines, compare_lines);
    return g_strjoinv("\n", lines);
}

static void
test_faults(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) told = g_string_new(NULL);
        g_autoptr(SchedWatch) watch = sched_watch_new(&events, told);
        g_autofree char *found = NULL, *expected = sorted(cases[i].told);

        g_test_message("%s", cases[i].why);
        for (gsize j = 0; cases[i].beats[j].faults != NULL; j++)
            beat(watch, "t", cases[i].beats[j].faults,
                 START + cases[i].beats[j].minute * MINUTE);
        found = sorted(told->str);
        g_assert_cmpstr(found, ==, expected);
    }
}

/* A day of a fault that is there in every other heartbeat. */
static void
test_flapping(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(SchedWatch) watch = sched_watch_new(&events, told);
    g_auto(GStrv) lines = NULL;

    for (gint minute = 0; minute < 24 * 60; minute++) {
        beat(watch, "t", minute % 2 == 0 ? "board_silent/b1" : "", START + minute * MINUTE);
        beat(watch, "u", "hot/cpu", START + minute * MINUTE);
    }
    lines = g_strsplit(told->str, "\n", -1);
    /* The other station's line, and a beginning and an end each ten minutes. */
    g_assert_cmpuint(g_strv_length(lines) - 1, <=, 1 + 2 * 24 * 6);
    g_assert_cmpuint(g_strv_length(lines) - 1, >, 24 * 6);
    g_assert_nonnull(strstr(told->str, "(it came 5 times in 10 minutes)"));
}

/* A station that invents a new fault in each heartbeat. */
static void
test_many(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(SchedWatch) watch = sched_watch_new(&events, told);
    guint n_lines = 0;

    for (guint i = 0; i < 4 * SCHED_WATCH_MAX_FAULTS; i++) {
        g_autofree char *name = g_strdup_printf("odd/x%u", i);

        beat(watch, "t", name, START + i * G_USEC_PER_SEC / 10);
    }
    for (const char *at = told->str; (at = strchr(at, '\n')) != NULL; at++)
        n_lines++;
    g_assert_cmpuint(n_lines, <=, 2 * SCHED_WATCH_MAX_FAULTS + 1);
    g_assert_nonnull(strstr(told->str, "t more than 256 faults within 10 minutes"));
    beat(watch, "t", "", START + 30 * MINUTE); /* all are over and forgotten */
    g_string_truncate(told, 0);
    beat(watch, "t", "board_silent/b1", START + 31 * MINUTE);
    g_assert_cmpstr(told->str, ==, "t board b1: board b1: no answer\n");
}

static void
test_refused(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autoptr(SchedWatch) watch = sched_watch_new(&events, told);

    for (gint i = 0; i < 100; i++)
        sched_watch_refused(watch, "t", "bad", START + i * G_USEC_PER_SEC);
    sched_watch_refused(watch, "u", "bad", START);
    sched_watch_refused(watch, "t", "bad", START + SCHED_WATCH_AGAIN_US);
    sched_watch_refused(watch, "t", "bad", START + SCHED_WATCH_AGAIN_US + 1);
    for (gint i = 0; i < SCHED_WATCH_MAX_REFUSALS; i++)
        g_string_append(expected, "t refused bad\n");
    g_string_append(expected, "u refused bad\n"
                              "t refused bad (and 95 more before it that were not told)\n"
                              "t refused bad\n");
    g_assert_cmpstr(told->str, ==, expected->str);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/watch/faults", test_faults);
    g_test_add_func("/publish/watch/flapping", test_flapping);
    g_test_add_func("/publish/watch/many", test_many);
    g_test_add_func("/publish/watch/refused", test_refused);
    return g_test_run();
}
