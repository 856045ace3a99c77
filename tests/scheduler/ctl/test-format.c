/* test-format.c - values in words, and plain for a spreadsheet. */
#include "scheduler/ctl/format.h"

/* clang-format off */
static const struct {
    const char *why, *json;
    CtlFormat format;
    const char *words, *english, *plain; /* english NULL: as `words` */
} cases[] = {
    { "a text",                      "\"Ia Pa\"",           CTL_AS_TEXT,     "Ia Pa",                 NULL,             "Ia Pa" },
    { "a list",                      "[\"bdq\", \"vi\"]",   CTL_AS_TEXT,     "bdq vi",                NULL,             "bdq vi" },
    { "a flag",                      "true",                CTL_AS_TEXT,     "có",                    "yes",            "yes" },
    { "nothing",                     "null",                CTL_AS_TIME,     "",                      NULL,             "" },
    { "an instant",                  "1763850600000000",    CTL_AS_TIME,     "23/11/2025 05:30:00",   NULL,             "2025-11-23T05:30:00.000" },
    { "16 µs early is no second",    "1763850599999984",    CTL_AS_TIME,     "23/11/2025 05:30:00",   NULL,             "2025-11-23T05:29:59.999" },
    { "never",                       "0",                   CTL_AS_TIME,     "-",                     NULL,             "" },
    { "a length",                    "83400000",            CTL_AS_DURATION, "1:23.4",                NULL,             "83.400" },
    { "no length",                   "0",                   CTL_AS_DURATION, "",                      NULL,             "0.000" },
    { "a level",                     "-23149",              CTL_AS_DB,       "-23.1 dB",              NULL,             "-23.1" },
    { "a time of day",               "330",                 CTL_AS_CLOCK,    "05:30",                 NULL,             "05:30" },
    { "the end of the day",          "1440",                CTL_AS_CLOCK,    "24:00",                 NULL,             "24:00" },
    { "the whole week",              "127",                 CTL_AS_WEEKDAYS, "T2-CN",                 "mon-sun",        "mon-sun" },
    { "working days and Sunday",     "95",                  CTL_AS_WEEKDAYS, "T2-T6, CN",             "mon-fri, sun",   "mon-fri, sun" },
    { "single days",                 "42",                  CTL_AS_WEEKDAYS, "T3, T5, T7",            "tue, thu, sat",  "tue, thu, sat" },
    { "no reason",                   "\"none\"",            CTL_AS_REASON,   "",                      NULL,             "" },
    { "a reason",                    "\"relay_failed\"",    CTL_AS_REASON,   "relay_failed",          NULL,             "relay_failed" },
    { "a word",                      "\"checked\"",        CTL_AS_WORD,     "chờ duyệt",             "checked, waits for approval", "checked" },
    { "words",                       "[\"yes\", \"no\"]",  CTL_AS_WORD,     "có không",              "yes no",         "yes no" },
    { "a newer district's word",     "\"of_tomorrow\"",    CTL_AS_WORD,     "of_tomorrow",           NULL,             "of_tomorrow" },
    { "a remark",                    "{\"code\":\"board_silent\",\"subject\":\"b2\",\"arguments\":[]}", CTL_AS_REMARKS,
      "bo mạch rơ-le b2: không trả lời", "board b2: no answer", "board_silent b2" },
    { "remarks",                     "[{\"code\":\"gateway_down\"},{\"code\":\"more_faults\",\"arguments\":[{\"name\":\"count\",\"value\":\"3\"}]}]", CTL_AS_REMARKS,
      "bộ điều khiển rơ-le không trả lời; và 3 lỗi khác", NULL, "gateway_down; more_faults count=3" },
};
/* clang-format on */

static void
check(const char *json, CtlFormat format, const CtlView *view, const char *expected)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    g_autofree char *words = ctl_format(value, format, view);

    g_assert_cmpstr(words, ==, expected);
    json_decref(value);
}

static void
test_format(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    const CtlView vi = {CONTENT_READER_VI, zone, FALSE}, en = {CONTENT_READER_EN, zone, FALSE};
    const CtlView plain_vi = {CONTENT_READER_VI, zone, TRUE};
    const CtlView plain_en = {CONTENT_READER_EN, zone, TRUE};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        check(cases[i].json, cases[i].format, &vi, cases[i].words);
        if (cases[i].format != CTL_AS_REMARKS || cases[i].english != NULL)
            check(cases[i].json, cases[i].format, &en,
                  cases[i].english == NULL ? cases[i].words : cases[i].english);
        check(cases[i].json, cases[i].format, &plain_vi, cases[i].plain);
        check(cases[i].json, cases[i].format, &plain_en, cases[i].plain);
    }
}

/* A district that does not say its zone: no local time is made up. */
static void
test_no_zone(void)
{
    const CtlView table = {.reader = CONTENT_READER_VI}, plain = {.is_plain = TRUE};

    check("1763850600000000", CTL_AS_TIME, &table, "22/11/2025 22:30:00 UTC");
    check("1763850600000000", CTL_AS_TIME, &plain, "2025-11-22T22:30:00.000Z");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/format/values", test_format);
    g_test_add_func("/ctl/format/no-zone", test_no_zone);
    return g_test_run();
}
