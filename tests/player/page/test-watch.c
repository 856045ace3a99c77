/* test-watch.c - how far an alert is in a zone, said from what is known of it. */
#include "player/page/watch.h"

#include <string.h>

#define S(n) ((gint64) (n) *G_USEC_PER_SEC)

static ContentAlert *
alert_new(const char *id)
{
    ContentAlert *alert = content_document_new(&content_alert_type);

    alert->id = g_strdup(id);
    alert->title = g_strdup("Lũ");
    return alert;
}

static void
take(PlayPageWatch *watch, const char *id, gint64 now_us)
{
    g_autoptr(ContentAlert) alert = alert_new(id);

    play_page_watch_alert(watch, alert, now_us);
}

static void
record(PlayPageWatch *watch, ContentRecordKind kind, const char *alert, const char *zone,
       ContentReason reason)
{
    g_autoptr(ContentRecord) row = content_document_new(&content_record_type);

    row->kind = (gint) kind;
    row->occurrence = g_strdup(alert);
    row->zone = g_strdup(zone);
    row->reason = (gint) reason;
    play_page_watch_record(watch, row);
}

static void
sound(ContentHeartbeat *heartbeat, const char *alert, const char *zone)
{
    ContentSounding *one = content_shape_new(&content_sounding_shape);

    one->alert = g_strdup(alert);
    g_ptr_array_add(one->zones, g_strdup(zone));
    g_ptr_array_add(heartbeat->sounding, one);
}

static void
close_relay(ContentHeartbeat *heartbeat, const char *zone)
{
    ContentZoneState *one = content_shape_new(&content_zone_state_shape);

    one->zone = g_strdup(zone);
    one->relay = CONTENT_RELAY_CLOSED;
    g_ptr_array_add(heartbeat->zones, one);
}

/* One zone, one thing known of it after the other. */
static void
test_far(void)
{
    const struct {
        const char *why;
        gboolean is_taken, is_closed, sounds, is_ended;
        ContentReason taken, ended;
        PlayPageFar far;
        ContentReason reason;
        gboolean over;
    } cases[] = {
        {"taken", TRUE, .far = PLAY_PAGE_RECEIVED},
        {"taken, the relay is closed", TRUE, TRUE, .far = PLAY_PAGE_RELAY_ON},
        {"sounding", TRUE, TRUE, TRUE, .far = PLAY_PAGE_SOUNDING},
        {"it waits for another, whose relay is closed", TRUE, TRUE,
         .taken = CONTENT_REASON_DISPLACED, .far = PLAY_PAGE_HELD,
         .reason = CONTENT_REASON_DISPLACED},
        {"it waited, and sounds now", TRUE, TRUE, TRUE, .taken = CONTENT_REASON_GATEWAY_DOWN,
         .far = PLAY_PAGE_SOUNDING},
        {"heard to its end", TRUE, FALSE, FALSE, TRUE, .far = PLAY_PAGE_DONE, .over = TRUE},
        {"its last sample is on its way", TRUE, TRUE, TRUE, TRUE, .far = PLAY_PAGE_DONE,
         .over = TRUE},
        {"stopped", TRUE, FALSE, FALSE, TRUE, .ended = CONTENT_REASON_STOPPED,
         .far = PLAY_PAGE_STOPPED, .reason = CONTENT_REASON_STOPPED, .over = TRUE},
        {"another took its place", TRUE, FALSE, FALSE, TRUE, .ended = CONTENT_REASON_REPLACED,
         .far = PLAY_PAGE_STOPPED, .reason = CONTENT_REASON_REPLACED, .over = TRUE},
        {"nobody heard it", TRUE, FALSE, FALSE, TRUE, .ended = CONTENT_REASON_RELAY_FAILED,
         .far = PLAY_PAGE_FAILED, .reason = CONTENT_REASON_RELAY_FAILED, .over = TRUE},
        {"begun before the player was", FALSE, TRUE, TRUE, .far = PLAY_PAGE_SOUNDING},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlayPageWatch) watch = play_page_watch_new();
        g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
        g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);
        const PlayPageAlert *alert;
        const PlayPageAlertZone *zone;

        g_test_message("%s", cases[i].why);
        take(watch, "a-1", S(10));
        if (cases[i].is_taken)
            record(watch, CONTENT_RECORD_ALERT_TAKEN, "a-1", "b1", cases[i].taken);
        if (cases[i].is_closed)
            close_relay(heartbeat, "b1");
        if (cases[i].sounds)
            sound(heartbeat, "a-1", "b1");
        if (cases[i].is_ended)
            record(watch, CONTENT_RECORD_ALERT_ENDED, "a-1", "b1", cases[i].ended);
        play_page_watch_fill(watch, heartbeat, S(12), state);
        g_assert_cmpuint(state->alerts->len, ==, 1);
        alert = state->alerts->pdata[0];
        g_assert_cmpuint(alert->zones->len, ==, 1);
        zone = alert->zones->pdata[0];
        g_assert_cmpint(zone->state, ==, cases[i].far);
        g_assert_cmpint(zone->reason, ==, cases[i].reason);
        g_assert_cmpint(alert->over, ==, cases[i].over);
        g_assert_cmpint(alert->begun_ago_ms, ==, 2000);
    }
}

/* What is none of it: other records, other alerts, a word after the last one. */
static void
test_ignored(void)
{
    g_autoptr(PlayPageWatch) watch = play_page_watch_new();
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);
    const PlayPageAlert *alert;

    take(watch, "a-1", 0);
    take(watch, "a-1", S(5));
    take(watch, "of-elsewhere", 0);
    record(watch, CONTENT_RECORD_STARTED, "a-1", "b1", CONTENT_REASON_NONE);
    record(watch, CONTENT_RECORD_ALERT_TAKEN, "a-1", NULL, CONTENT_REASON_NONE);
    record(watch, CONTENT_RECORD_ALERT_TAKEN, "a-9", "b1", CONTENT_REASON_NONE);
    record(watch, CONTENT_RECORD_ALERT_TAKEN, NULL, "b1", CONTENT_REASON_NONE);
    record(watch, CONTENT_RECORD_ALERT_ENDED, "a-1", "b2", CONTENT_REASON_NONE);
    record(watch, CONTENT_RECORD_ALERT_ENDED, "a-1", "b2", CONTENT_REASON_STOPPED);
    play_page_watch_fill(watch, heartbeat, S(1), state);
    g_assert_cmpuint(state->alerts->len, ==, 1);
    alert = state->alerts->pdata[0];
    g_assert_cmpuint(alert->zones->len, ==, 1);
    g_assert_cmpint(((PlayPageAlertZone *) alert->zones->pdata[0])->state, ==, PLAY_PAGE_DONE);
    g_assert_cmpint(alert->begun_ago_ms, ==, 1000);
}

/* What still sounds is not forgotten for what is over; the newest stands first. */
static void
test_many(void)
{
    g_autoptr(PlayPageWatch) watch = play_page_watch_new();
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);

    for (guint i = 0; i < PLAY_PAGE_MAX_ALERTS + 2; i++) {
        g_autofree char *id = g_strdup_printf("a-%u", i);

        take(watch, id, 0);
        record(watch, CONTENT_RECORD_ALERT_TAKEN, id, "b1", CONTENT_REASON_NONE);
        if (i != 0)
            record(watch, CONTENT_RECORD_ALERT_ENDED, id, "b1", CONTENT_REASON_NONE);
    }
    for (guint i = 0; i <= PLAY_PAGE_MAX_ZONES; i++) {
        g_autofree char *zone = g_strdup_printf("z-%u", i);

        record(watch, CONTENT_RECORD_ALERT_TAKEN, "a-0", zone, CONTENT_REASON_NONE);
    }
    play_page_watch_fill(watch, heartbeat, 0, state);
    g_assert_cmpuint(state->alerts->len, ==, PLAY_PAGE_MAX_ALERTS);
    g_assert_cmpstr(((PlayPageAlert *) state->alerts->pdata[0])->id, ==, "a-9");
    g_assert_cmpstr(((PlayPageAlert *) state->alerts->pdata[PLAY_PAGE_MAX_ALERTS - 1])->id, ==,
                    "a-0");
    g_assert_cmpuint(
        ((PlayPageAlert *) state->alerts->pdata[PLAY_PAGE_MAX_ALERTS - 1])->zones->len, ==,
        PLAY_PAGE_MAX_ZONES);
}

/* Told of before a restart: where it goes on, and what was over there already. */
static void
test_restored(void)
{
    g_autoptr(PlayPageWatch) watch = play_page_watch_new();
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);
    g_autoptr(ContentRecord) taken = content_document_new(&content_record_type);
    g_autoptr(ContentRecord) ended = content_document_new(&content_record_type);
    const PlayPageAlert *alert;

    taken->kind = CONTENT_RECORD_ALERT_TAKEN;
    taken->occurrence = g_strdup("a-1");
    taken->zone = g_strdup("b1");
    play_page_watch_restore(watch, taken);
    ended->kind = CONTENT_RECORD_ALERT_ENDED;
    ended->reason = CONTENT_REASON_STOPPED;
    ended->occurrence = g_strdup("a-1");
    ended->zone = g_strdup("b2");
    play_page_watch_restore(watch, ended);
    play_page_watch_fill(watch, heartbeat, S(1), state);
    g_assert_cmpuint(state->alerts->len, ==, 0); /* nobody has said what it is */
    take(watch, "a-1", S(-30));
    play_page_watch_fill(watch, heartbeat, S(1), state);
    g_assert_cmpuint(state->alerts->len, ==, 1);
    alert = state->alerts->pdata[0];
    g_assert_cmpint(alert->begun_ago_ms, ==, 31000);
    g_assert_false(alert->over);
    g_assert_cmpuint(alert->zones->len, ==, 2);
    g_assert_cmpint(((PlayPageAlertZone *) alert->zones->pdata[0])->state, ==,
                    PLAY_PAGE_RECEIVED);
    g_assert_cmpint(((PlayPageAlertZone *) alert->zones->pdata[1])->state, ==,
                    PLAY_PAGE_STOPPED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/watch/far", test_far);
    g_test_add_func("/page/watch/ignored", test_ignored);
    g_test_add_func("/page/watch/many", test_many);
    g_test_add_func("/page/watch/restored", test_restored);
    return g_test_run();
}
