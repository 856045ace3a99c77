/*
 * test-post.c - what waits in the store leaves, once it is due; what does not leave is tried
 * again, by whoever runs then, with the same id, and is given up in the end.
 */
#include "scheduler/message/post.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/retention.h"
#include "tests/support/fake-clock.h"
#include "tests/support/port.h"
#include "tests/support/smtp-peer.h"
#include "tests/support/temp-store.h"
#include "tests/support/wait.h"

#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define HOUR   (60 * MINUTE)

static void
on_said(const char *words, gpointer user_data)
{
    g_ptr_array_add(user_data, g_strdup(words));
}
static const SchedPostEvents events = {on_said};

/* A district, a clock, and what was said. */
typedef struct {
    TempStore *temp;
    ContentClock *clock;
    GPtrArray *said;
} Site;

static void
site_set_up(Site *s)
{
    s->temp = temp_store_new_district();
    s->clock = fake_clock_new(NOW);
    s->said = g_ptr_array_new_with_free_func(g_free);
}

static void
site_clear(Site *s)
{
    temp_store_free(s->temp);
    g_assert_cmpuint(fake_clock_n_pending(s->clock), ==, 0);
    content_clock_free(s->clock);
    g_ptr_array_unref(s->said);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Site, site_clear)

static SchedPostOptions
mail_to(guint port)
{
    return (SchedPostOptions){.smtp = {.host = "127.0.0.1",
                                       .port = port,
                                       .security = SCHED_SMTP_PLAIN,
                                       .authority = "",
                                       .user = "",
                                       .password = "",
                                       .from = "loa@example.vn",
                                       .most_s = 10}};
}

/* A message in a transaction of its own. */
typedef struct {
    const char *id;
    gint way;
    gint64 due_us;
} Wish;

static gboolean
add_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Wish *wish = data;
    const SchedMessageRow row = {
        .id = (char *) wish->id,
        .account = (char *) "technician",
        .way = wish->way,
        .event = (char *) "test",
        .address =
            (char *) (wish->way == SCHED_MESSAGE_BY_EMAIL ? "tech@example.vn" : "0905123456"),
        .subject = (char *) "Tin thử",
        .body = (char *) "Xin chào\n",
        .due_us = wish->due_us,
    };

    assert_done(sched_store_message_add(txn, &row, NULL, &problem));
    return TRUE;
}

static void
add(Site *s, const char *id, gint way, gint64 due_us)
{
    Wish wish = {id, way, due_us};

    temp_store_run(s->temp, add_body, &wish);
}

static gboolean
list_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_message_list(txn, NULL, NULL, 100, error);
    GString *out = data;

    for (guint i = rows->len; i > 0; i--) {
        const SchedMessageRow *row = g_ptr_array_index(rows, i - 1);

        g_string_append_printf(out, "%s%s %s %d%s%s", out->len == 0 ? "" : "; ", row->id,
                               sched_message_state_words[row->state], (int) row->attempts,
                               *row->fault == '\0' ? "" : " ", row->fault);
    }
    return TRUE;
}

/* "a sent 1; b waiting 1 refused" */
static char *
show(Site *s)
{
    GString *out = g_string_new(NULL);

    temp_store_look(s->temp, list_body, out);
    return g_string_free(out, FALSE);
}

static gboolean
is_shown(Site *s, const char *words)
{
    g_autofree char *shown = show(s);

    return strcmp(shown, words) == 0;
}

static void
test_leaves(void)
{
    g_auto(Site) s = {NULL};
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    const SchedPostOptions options = mail_to(peer->port);
    SchedPost *post;
    json_t *letter;

    site_set_up(&s);
    add(&s, "m-1", SCHED_MESSAGE_BY_EMAIL, NOW);
    add(&s, "m-2", SCHED_MESSAGE_BY_EMAIL, NOW + HOUR);
    post = sched_post_new(s.temp->store, s.clock, &options, &events, s.said);
    TEST_WAIT_UNTIL(is_shown(&s, "m-1 sent 1; m-2 waiting 0"));
    letter = test_smtp_peer_take(peer);
    g_assert_cmpstr(test_smtp_peer_text(letter, "id"), ==, "<m-1@example.vn>");
    g_assert_cmpstr(test_smtp_peer_text(letter, "To"), ==, "tech@example.vn");
    g_assert_cmpstr(test_smtp_peer_text(letter, "body"), ==, "Xin chào\n");
    json_decref(letter);
    /* What was for the morning waits for it. */
    fake_clock_advance(s.clock, HOUR);
    TEST_WAIT_UNTIL(is_shown(&s, "m-1 sent 1; m-2 sent 1"));
    sched_post_free(post);
    g_assert_cmpuint(s.said->len, ==, 0);
}

/* No server at first; the process that runs when it is there sends it with the same id. */
static void
test_tried_again(void)
{
    g_auto(Site) s = {NULL};
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    const SchedPostOptions nobody = mail_to(test_free_port()), options = mail_to(peer->port);
    SchedPost *post;
    json_t *letter;

    site_set_up(&s);
    add(&s, "m-1", SCHED_MESSAGE_BY_EMAIL, NOW);
    post = sched_post_new(s.temp->store, s.clock, &nobody, &events, s.said);
    TEST_WAIT_UNTIL(is_shown(&s, "m-1 waiting 1 unreachable"));
    fake_clock_advance(s.clock, MINUTE);
    TEST_WAIT_UNTIL(is_shown(&s, "m-1 waiting 2 unreachable"));
    /* Told once to who is on call, however often it fails. */
    TEST_WAIT_UNTIL(s.said->len == 1);
    g_assert_nonnull(strstr(g_ptr_array_index(s.said, 0), "messages by email do not leave"));
    sched_post_free(post);
    temp_store_reopen(s.temp);
    post = sched_post_new(s.temp->store, s.clock, &options, &events, s.said);
    fake_clock_advance(s.clock, 2 * MINUTE);
    TEST_WAIT_UNTIL(is_shown(&s, "m-1 sent 3"));
    letter = test_smtp_peer_take(peer);
    g_assert_cmpstr(test_smtp_peer_text(letter, "id"), ==, "<m-1@example.vn>");
    json_decref(letter);
    sched_post_free(post);
}

static void
test_given_up(void)
{
    g_auto(Site) s = {NULL};
    const SchedPostOptions nobody = mail_to(test_free_port());
    g_autofree char *last = NULL;
    SchedPost *post;
    guint n_attempts = 0;

    site_set_up(&s);
    add(&s, "m-1", SCHED_MESSAGE_BY_EMAIL, NOW);
    post = sched_post_new(s.temp->store, s.clock, &nobody, &events, s.said);
    while (TRUE) {
        g_autofree char *waits = g_strdup_printf("m-1 waiting %u unreachable", ++n_attempts);
        g_autofree char *failed = g_strdup_printf("m-1 failed %u unreachable", n_attempts);

        TEST_WAIT_UNTIL(is_shown(&s, waits) || is_shown(&s, failed));
        if (is_shown(&s, failed))
            break;
        fake_clock_advance(s.clock, HOUR);
    }
    /* Once an hour for a day, and quicker at first. */
    g_assert_cmpuint(n_attempts, ==, 25);
    TEST_WAIT_UNTIL(s.said->len == 2);
    g_assert_nonnull(strstr(g_ptr_array_index(s.said, 1), "m-1 by email was given up"));
    sched_post_free(post);
}

/* A command that hangs holds no letter up, and no way at all is told at once. */
static void
test_ways(void)
{
    g_auto(Site) s = {NULL};
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    static const char *const sleeps[] = {"/bin/sleep", "60", NULL};
    SchedPostOptions options = mail_to(peer->port);
    SchedPost *post;

    site_set_up(&s);
    options.command = sleeps;
    add(&s, "a-1", SCHED_MESSAGE_BY_PHONE, NOW);
    add(&s, "b-1", SCHED_MESSAGE_BY_EMAIL, NOW);
    post = sched_post_new(s.temp->store, s.clock, &options, &events, s.said);
    TEST_WAIT_UNTIL(is_shown(&s, "a-1 waiting 0; b-1 sent 1"));
    /* Broken off by our end: that was no attempt. */
    sched_post_free(post);
    g_assert_true(is_shown(&s, "a-1 waiting 0; b-1 sent 1"));
    options.command = NULL;
    post = sched_post_new(s.temp->store, s.clock, &options, &events, s.said);
    g_assert_false(sched_post_has(post, SCHED_MESSAGE_BY_PHONE));
    TEST_WAIT_UNTIL(is_shown(&s, "a-1 failed 1 no_way; b-1 sent 1"));
    sched_post_free(post);
}

/* ---- the store alone ---- */

static gboolean
crowd_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) failed = NULL, due = NULL;

    for (guint i = 0; i < SCHED_MESSAGE_MAX_WAITING + 3; i++) {
        g_autofree char *id = g_strdup_printf("m-%03u", i);
        Wish wish = {id, SCHED_MESSAGE_BY_EMAIL, NOW};

        temp_store_as(txn, "tester", NOW + i);
        add_body(txn, &wish, error);
    }
    failed = sched_store_message_list(txn, "technician", "failed", 100, error);
    g_assert_cmpuint(failed->len, ==, 3);
    g_assert_cmpstr(((SchedMessageRow *) g_ptr_array_index(failed, 0))->id, ==, "m-002");
    g_assert_cmpstr(((SchedMessageRow *) g_ptr_array_index(failed, 0))->fault, ==, "crowded");
    due = sched_store_message_due(txn, SCHED_MESSAGE_BY_EMAIL, NOW, 1, error);
    g_assert_cmpstr(((SchedMessageRow *) g_ptr_array_index(due, 0))->id, ==, "m-003");
    /* What was sent or given up stays as it was. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn,
                                 "UPDATE messages SET state = 'waiting' WHERE id = 'm-001'",
                                 &problem, ""));
    return TRUE;
}

static void
test_crowded(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, crowd_body, NULL);
}

/* Somebody leaves while a message to them waits. */
static gboolean
leave_body(SchedTxn *txn, gpointer data, GError **error)
{
    Wish wish = {"m-1", SCHED_MESSAGE_BY_EMAIL, NOW};
    g_autoptr(GPtrArray) failed = NULL, people = NULL;
    g_autoptr(SchedAccountRow) account = NULL;

    assert_done(sched_store_account_reach(txn, "technician", "tech@example.vn", "0905123456", 0,
                                          &problem));
    add_body(txn, &wish, error);
    assert_done(
        sched_store_account_set_state(txn, "technician", SCHED_ACCOUNT_RETIRED, &problem));
    failed = sched_store_message_list(txn, "technician", "failed", 10, error);
    g_assert_cmpuint(failed->len, ==, 1);
    account = sched_store_account_get(txn, "technician", error);
    g_assert_cmpstr(account->email, ==, "");
    g_assert_cmpstr(account->phone, ==, "");
    people = sched_store_message_people(txn, NOW, FALSE, error);
    g_assert_cmpuint(people->len, ==, 0);
    return TRUE;
}

static void
test_left(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, leave_body, NULL);
}

static gboolean
old_body(SchedTxn *txn, gpointer data, GError **error)
{
    Wish sent = {"m-1", SCHED_MESSAGE_BY_EMAIL, NOW}, waiting = {"m-2", 0, NOW};
    g_autoptr(GPtrArray) rows = NULL;
    gint64 n_deleted = 0;
    gboolean more = FALSE;

    add_body(txn, &sent, error);
    add_body(txn, &waiting, error);
    rows = sched_store_message_due(txn, SCHED_MESSAGE_BY_EMAIL, NOW, 1, error);
    assert_done(sched_store_message_tried(txn, g_ptr_array_index(rows, 0), NULL, NULL, FALSE,
                                          NULL, &problem));
    temp_store_as(txn, "tester", NOW + 91 * TEMP_STORE_DAY_US);
    assert_done(sched_store_retention_step(txn, &n_deleted, &more, &problem));
    g_ptr_array_unref(g_steal_pointer(&rows));
    rows = sched_store_message_list(txn, NULL, NULL, 10, error);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(((SchedMessageRow *) g_ptr_array_index(rows, 0))->id, ==, "m-2");
    return TRUE;
}

static void
test_kept(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, old_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/post/leaves", test_leaves);
    g_test_add_func("/message/post/tried-again", test_tried_again);
    g_test_add_func("/message/post/given-up", test_given_up);
    g_test_add_func("/message/post/ways", test_ways);
    g_test_add_func("/message/post/crowded", test_crowded);
    g_test_add_func("/message/post/left", test_left);
    g_test_add_func("/message/post/kept", test_kept);
    return g_test_run();
}
