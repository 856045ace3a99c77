/* test-wording.c - every code has its sentence in both languages, and arguments fill it. */
#include "content/reader.h"

#include <string.h>

/* The names in a text are the subject or arguments of the code's row. */
static void
check_names(const ContentRemarkCode *row, const char *text)
{
    const char *open;

    while ((open = strchr(text, '{')) != NULL) {
        const char *close = strchr(open, '}');
        g_autofree char *name = NULL;

        g_assert_nonnull(close);
        name = g_strndup(open + 1, (gsize) (close - open - 1));
        g_test_message("%s: {%s}", row->code, name);
        g_assert_true(strcmp(name, "subject") == 0 || g_strv_contains(row->arguments, name));
        text = close + 1;
    }
}

static void
test_every_code(void)
{
    for (const ContentRemarkCode *row = content_remark_codes; row->code != NULL; row++) {
        g_autofree char *key = g_strconcat("fault.", row->code, NULL);
        const char *vi = content_wording_text(CONTENT_READER_VI, key);
        const char *en = content_wording_text(CONTENT_READER_EN, key);

        g_test_message("%s", key);
        g_assert_nonnull(vi);
        g_assert_nonnull(en);
        check_names(row, vi);
        check_names(row, en);
    }
    for (int i = 1; content_reason_words[i] != NULL; i++) {
        g_assert_cmpstr(content_wording_reason(CONTENT_READER_VI, i), !=, "");
        g_assert_cmpstr(content_wording_reason(CONTENT_READER_EN, i), !=, "");
    }
}

static void
test_sentences(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    g_autoptr(ContentRemark) line =
        content_remark_say(content_remark_new("line_down", "b2", "line", "l2", NULL),
                           "Connection refused");
    g_autoptr(ContentRemark) begun =
        content_remark_new("begun_before_restart", NULL, "at_us", "1772402400000000", NULL);
    g_autoptr(ContentRemark) newer = content_remark_new("of_tomorrow", "x", NULL);
    const struct {
        const ContentRemark *remark;
        ContentReader reader;
        const char *says;
    } cases[] = {
        {line, CONTENT_READER_EN,
         "board b2: line l2 has no connection (\"Connection refused\")"},
        {line, CONTENT_READER_VI,
         "bo mạch rơ-le b2: đường dây l2 không kết nối được (\"Connection refused\")"},
        {begun, CONTENT_READER_EN,
         "begun at 05:00:00 before a restart of the player, how much of that was heard is not "
         "known"},
        {newer, CONTENT_READER_VI, "of_tomorrow x"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = content_wording_remark(cases[i].remark, cases[i].reader, zone);

        g_assert_cmpstr(said, ==, cases[i].says);
    }
}

/* For programs: the same in every language. */
static void
test_code(void)
{
    g_autoptr(ContentRemark) line =
        content_remark_say(content_remark_new("line_down", "b2", "line", "l2", NULL),
                           "refused");
    g_autofree char *code = content_wording_code(line);

    g_assert_cmpstr(code, ==, "line_down b2 line=l2");
}

/* Vietnamese unless English is asked for, whatever the locale of the machine. */
static void
test_reader(void)
{
    static const struct {
        const char *chosen, *locale;
        ContentReader reader;
    } cases[] = {
        {NULL, "vi_VN.UTF-8", CONTENT_READER_VI},
        {NULL, "en_GB.UTF-8", CONTENT_READER_VI},
        {NULL, "C", CONTENT_READER_VI},
        {"en", "vi_VN.UTF-8", CONTENT_READER_EN},
        {"vi", "en_GB.UTF-8", CONTENT_READER_VI},
        {"fr", "C", CONTENT_READER_VI},
        {"", "C", CONTENT_READER_VI},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_setenv("LC_ALL", cases[i].locale, TRUE);
        if (cases[i].chosen == NULL)
            g_unsetenv(CONTENT_READER_VARIABLE);
        else
            g_setenv(CONTENT_READER_VARIABLE, cases[i].chosen, TRUE);
        g_assert_cmpint(content_reader_here(), ==, cases[i].reader);
    }
    g_assert_false(content_wording_reader("en_GB", NULL));
    g_assert_false(content_wording_reader(NULL, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/wording/every-code", test_every_code);
    g_test_add_func("/content/wording/sentences", test_sentences);
    g_test_add_func("/content/wording/code", test_code);
    g_test_add_func("/content/wording/reader", test_reader);
    return g_test_run();
}
