/* test-words.c - why something was not heard, as a person would say it, in the station's hours.
 */
#include "scheduler/report/words.h"

/* Monday 2 March 2026, 16:40 in Vietnam. */
#define T1640      G_GINT64_CONSTANT(1772444400000000)
#define MINUTES(n) (G_GINT64_CONSTANT(60000000) * (n))
#define VIETNAM    "Asia/Ho_Chi_Minh"
#define SUMMER     "Europe/Berlin"
#define MIDNIGHT   MINUTES(8 * 60 - 40)

/* clang-format off */
static const struct {
    const char *why;
    ContentReason reason;
    gint64 from_us, to_us;
    const char *date, *tzid, *english, *vietnamese;
} cases[] = {
    { "the power was off", CONTENT_REASON_NO_POWER, T1640, T1640 + MINUTES(90), "2026-03-02", VIETNAM,
      "no power 16:40–18:10", "mất điện 16:40–18:10" },
    { "the line was down", CONTENT_REASON_NO_NETWORK, T1640, T1640 + MINUTES(90), "2026-03-02", VIETNAM,
      "no network 16:40–18:10", "mất mạng 16:40–18:10" },
    { "the program did not run", CONTENT_REASON_PLAYER_STOPPED, T1640, T1640 + MINUTES(5), "2026-03-02",
      VIETNAM, "player stopped 16:40–16:45", "máy phát dừng 16:40–16:45" },
    { "no evidence", CONTENT_REASON_UNKNOWN, 0, 0, "2026-03-02", VIETNAM, "unknown", "không rõ" },
    { "nothing to be said", CONTENT_REASON_NONE, 0, 0, "2026-03-02", VIETNAM, "", "" },
    { "whatever the hours", CONTENT_REASON_NONE, T1640, T1640 + MINUTES(5), "2026-03-02", VIETNAM, "", "" },
    { "no hours", CONTENT_REASON_OBJECT_MISSING, 0, 0, "2026-03-02", VIETNAM,
      "audio missing", "thiếu tệp âm thanh" },
    { "the beginning is not known", CONTENT_REASON_NO_POWER, 0, T1640, "2026-03-02", VIETNAM,
      "no power until 16:40", "mất điện đến 16:40" },
    { "over midnight", CONTENT_REASON_NO_POWER, T1640, T1640 + MIDNIGHT, "2026-03-02", VIETNAM,
      "no power 16:40–03/03 00:00", "mất điện 16:40–03/03 00:00" },
    { "from the evening before", CONTENT_REASON_NO_POWER, T1640, T1640 + MIDNIGHT, "2026-03-03", VIETNAM,
      "no power 02/03 16:40–03/03 00:00", "mất điện 02/03 16:40–03/03 00:00" },
    { "with no date that is known", CONTENT_REASON_NO_POWER, T1640, T1640 + MINUTES(90), NULL, VIETNAM,
      "no power 02/03 16:40–18:10", "mất điện 02/03 16:40–18:10" },
    { "in another zone", CONTENT_REASON_NO_POWER, T1640, T1640 + MINUTES(90), "2026-03-02", SUMMER,
      "no power 10:40–12:10", "mất điện 10:40–12:10" },
    { "over the night of summer time", CONTENT_REASON_NO_POWER, G_GINT64_CONSTANT(1774742400000000),
      G_GINT64_CONSTANT(1774746000000000), "2026-03-29", SUMMER,
      "no power 01:00–03:00", "mất điện 01:00–03:00" },
    { "a zone that nobody knows: UTC", CONTENT_REASON_NO_POWER, T1640, T1640 + MINUTES(90), "2026-03-02",
      "Mars/Olympus", "no power 09:40–11:10", "mất điện 09:40–11:10" },
};
/* clang-format on */

static void
test_words(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *english =
            sched_miss_words(cases[i].reason, cases[i].from_us, cases[i].to_us, cases[i].date,
                             cases[i].tzid, CONTENT_READER_EN);
        g_autofree char *vietnamese =
            sched_miss_words(cases[i].reason, cases[i].from_us, cases[i].to_us, cases[i].date,
                             cases[i].tzid, CONTENT_READER_VI);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(english, ==, cases[i].english);
        g_assert_cmpstr(vietnamese, ==, cases[i].vietnamese);
    }
}

/* A reason that is added needs its words in both languages. */
static void
test_all_have_words(void)
{
    for (gint i = CONTENT_REASON_NONE + 1; content_reason_words[i] != NULL; i++) {
        g_autofree char *english =
            sched_miss_words((ContentReason) i, 0, 0, NULL, VIETNAM, CONTENT_READER_EN);
        g_autofree char *vietnamese =
            sched_miss_words((ContentReason) i, 0, 0, NULL, VIETNAM, CONTENT_READER_VI);

        g_assert_cmpstr(english, !=, "");
        g_assert_cmpstr(vietnamese, !=, "");
        g_assert_cmpstr(english, !=, vietnamese);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/words/cases", test_words);
    g_test_add_func("/report/words/all", test_all_have_words);
    return g_test_run();
}
