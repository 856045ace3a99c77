/* test-format.c - values in words, and plain for a spreadsheet. */
#include "scheduler/ctl/format.h"

/* clang-format off */
static const struct { const char *why, *json; CtlFormat format; const char *words, *plain; } cases[] = {
    { "a text",                     "\"Ia Pa\"",          CTL_AS_TEXT,     "Ia Pa",     "Ia Pa" },
    { "a list",                     "[\"bdq\", \"vi\"]",  CTL_AS_TEXT,     "bdq vi",    "bdq vi" },
    { "a flag",                     "true",               CTL_AS_TEXT,     "yes",       "yes" },
    { "nothing",                    "null",               CTL_AS_TIME,     "",          "" },
    { "an instant",                 "1763850600000000",   CTL_AS_TIME,     "23/11/2025 05:30:00", "2025-11-23T05:30:00.000" },
    { "16 µs early is no second",   "1763850599999984",   CTL_AS_TIME,     "23/11/2025 05:30:00", "2025-11-23T05:29:59.999" },
    { "never",                      "0",                  CTL_AS_TIME,     "-",         "" },
    { "a length",                   "83400000",           CTL_AS_DURATION, "1:23.4",    "83.400" },
    { "no length",                  "0",                  CTL_AS_DURATION, "",          "0.000" },
    { "a level",                    "-23149",             CTL_AS_DB,       "-23.1 dB",  "-23.1" },
    { "a time of day",              "330",                CTL_AS_CLOCK,    "05:30",     "05:30" },
    { "the end of the day",         "1440",               CTL_AS_CLOCK,    "24:00",     "24:00" },
    { "the whole week",             "127",                CTL_AS_WEEKDAYS, "mon-sun",   "mon-sun" },
    { "working days and Sunday",    "95",                 CTL_AS_WEEKDAYS, "mon-fri, sun", "mon-fri, sun" },
    { "single days",                "42",                 CTL_AS_WEEKDAYS, "tue, thu, sat", "tue, thu, sat" },
    { "no reason",                  "\"none\"",           CTL_AS_REASON,   "",          "" },
    { "a reason",                   "\"relay_failed\"",   CTL_AS_REASON,   "relay_failed", "relay_failed" },
};
/* clang-format on */

static void
test_format(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_t *value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        g_autofree char *words = ctl_format(value, cases[i].format, FALSE);
        g_autofree char *plain = ctl_format(value, cases[i].format, TRUE);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(words, ==, cases[i].words);
        g_assert_cmpstr(plain, ==, cases[i].plain);
        json_decref(value);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/format/values", test_format);
    return g_test_run();
}
