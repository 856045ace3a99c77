/*
 * test-alone.c - the commune by itself, from the PIN to the loudspeakers and back to silence.
 *
 * Over HTTPS as a phone does it; once with a clock that nobody vouches for.
 */
#include <signal.h>
#include <string.h>

#include "content/record.h"
#include "tests/player/page/alone.h"

static guint
count_records(GPtrArray *records, ContentRecordKind kind, ContentReason reason)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        n += record->kind == (gint) kind && record->reason == (gint) reason;
    }
    return n;
}

/* What the page is served with, as the district is told of it. */
static guint
count_served(GPtrArray *records)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];
        const ContentRemark *what =
            record->details->len == 0 ? NULL : record->details->pdata[0];

        if (what == NULL || strcmp(what->code, "page_served") != 0)
            continue;
        g_assert_cmpuint(strlen(content_remark_get(what, "fingerprint")), ==, 95);
        n++;
    }
    return n;
}

static void
hear_it(gboolean has_time)
{
    Alone f = {0};
    g_autoptr(TestAnswer) called = NULL, ended = NULL;
    g_autoptr(GPtrArray) records = NULL;
    gint64 call_us;

    alone_start(&f, TEST_PAGE, has_time);
    alone_see(&f, has_time ? "\"trusted\":true" : "\"trusted\":false");
    call_us = g_get_monotonic_time();
    called = alone_call(&f, "lu", "\"bon\",\"lang\"");
    g_test_message("%s", called->body->str);
    g_assert_cmpuint(called->status, ==, 200);
    g_assert_nonnull(strstr(called->body->str, "\"alert\":"));
    alone_see(&f, "\"state\":\"sounding\",\"zone\":\"lang\"");
    /* How soon is bench-page's to judge. */
    g_test_message("first sample %" G_GINT64_FORMAT " ms after the call, warm-up and all",
                   (player_site_first_sample_us(f.site, call_us) - call_us) / 1000);
    ended = alone_ask(&f, "POST", "/api/stop", "{\"type\":\"page-end\",\"v\":1}");
    g_assert_cmpuint(ended->status, ==, 200);
    g_assert_null(strstr(ended->body->str, "refusal"));
    alone_see(&f, "\"over\":true");
    alone_see(&f, "\"state\":\"stopped\",\"zone\":\"lang\"");
    g_assert_cmpint(player_site_stop(f.site, SIGTERM), ==, 0);
    records = player_site_records(f.site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_STARTED_LOCALLY, 0), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_STOPPED_LOCALLY, 0), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_ENDED, CONTENT_REASON_STOPPED),
                     ==, 2);
    alone_stop(&f);
}

static void
test_heard(void)
{
    hear_it(TRUE);
}

static void
test_no_clock(void)
{
    hear_it(FALSE);
}

/* What the grant does not say does not sound, whatever the page lets through. */
static void
test_refused(void)
{
    Alone f = {0};
    g_autoptr(TestAnswer) elsewhere = NULL, other = NULL;

    alone_start(&f, TEST_PAGE, TRUE);
    elsewhere = alone_call(&f, "lu", "\"cho\"");
    g_assert_nonnull(strstr(elsewhere->body->str, "\"code\":\"local_place\""));
    other = alone_call(&f, "xa", "\"bon\"");
    g_assert_nonnull(strstr(other->body->str, "\"code\":\"local_template\""));
    alone_see(&f, "\"alerts\":[]");
    alone_stop(&f);
}

/* Asked for again after the page was restarted, and after the player was: the same alert, and
 * still to be seen. */
static void
test_again(void)
{
    Alone f = {0};
    g_autoptr(TestAnswer) called = NULL, again = NULL, once_more = NULL;
    g_autoptr(GPtrArray) records = NULL;

    alone_start(&f, TEST_PAGE, TRUE);
    called = alone_call(&f, "lu", "\"bon\",\"lang\"");
    g_assert_nonnull(strstr(called->body->str, "\"alert\":"));
    alone_see(&f, "\"state\":\"sounding\",\"zone\":\"lang\"");
    alone_restart_page(&f);
    again = alone_repeat(&f, "lu", "\"bon\",\"lang\"");
    g_assert_cmpstr(again->body->str, ==, called->body->str);
    g_assert_cmpint(player_site_stop(f.site, SIGKILL), ==, 128 + SIGKILL);
    player_site_start(f.site);
    alone_see(&f, "\"title\":\"Lũ");
    once_more = alone_repeat(&f, "lu", "\"bon\",\"lang\"");
    g_assert_cmpstr(once_more->body->str, ==, called->body->str);
    g_assert_cmpint(player_site_stop(f.site, SIGTERM), ==, 0);
    records = player_site_records(f.site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_STARTED_LOCALLY, 0), ==, 1);
    g_assert_cmpuint(count_served(records), ==, 2); /* once by each player */
    alone_stop(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/alone/heard", test_heard);
    g_test_add_func("/page/alone/no-clock", test_no_clock);
    g_test_add_func("/page/alone/again", test_again);
    g_test_add_func("/page/alone/refused", test_refused);
    return g_test_run();
}
