/*
 * test-placing.c - what was sent to communes: approved by a second person, placed by each at
 * its own time or by itself, and placed no more once the deadline has passed or it was taken
 * back.
 */
#include "scheduler/publish/placing.h"

#include "scheduler/plan/finding.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/slots.h"
#include "tests/support/programme.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US /* 07:00 of a Monday in Vietnam */
#define DAY  TEMP_STORE_DAY_US
#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* The playlist of programme.h, or its announcement alone, for the communes below @area. */
static gboolean
offer(SchedTxn *txn, const char *id, const char *announcement, const char *area,
      gint64 until_us, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedOfferRow row = {.id = (char *) id,
                               .name = (char *) "Lịch tiêm phòng",
                               .announcement = (char *) announcement,
                               .playlist = (char *) "list",
                               .home = (char *) "chu-puh",
                               .until_us = until_us,
                               .lead_h = SCHED_OFFER_LEAD_H};

    g_ptr_array_add(areas, (gpointer) area);
    return sched_store_offer_add(txn, &row, areas, error);
}

/* Sent by editor for @until_us, approved by approver-2. */
static void
send(SchedTxn *txn, const char *id, const char *area, gint64 until_us)
{
    g_autoptr(SchedOfferRow) row = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_done(offer(txn, id, "bulletin", area, until_us, &problem));
    row = sched_store_offer_get(txn, id, NULL);
    temp_store_as(txn, "approver-2", NOW);
    assert_done(sched_store_offer_approve(txn, id, row->content, &problem));
}

static gboolean
send_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *announcement, *area; gint64 until_us; } refused[] = {
        { "a deadline in half an hour", "bulletin", "chu-puh", NOW + HOUR / 2 },
        { "one in the past",            "bulletin", "chu-puh", NOW - DAY },
        { "one beyond the validity",    "bulletin", "chu-puh", NOW + 31 * DAY },
        { "one in a year",              NULL,       "chu-puh", NOW + 365 * DAY },
        { "a place without a loudspeaker", NULL,    "ia-blu-b", NOW + 2 * DAY },
        { "a place that it is not for", "bulletin", "gia-lai", NOW + 2 * DAY },
    };
    /* clang-format on */
    g_autoptr(SchedOfferRow) row = NULL;
    g_autoptr(GPtrArray) areas = NULL;

    g_free(programme_fill(txn));
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('ia-blu-b', 'ia-blu', 'village', 'B'), "
                         "('ia-hru', 'gia-lai', 'commune', 'Ia Hrú'), "
                         "('ia-hru-a', 'ia-hru', 'village', 'A')");
    temp_store_exec(txn, "INSERT INTO zones (station, id, output, name, village) VALUES "
                         "('ia-blu', 'h', 'main', 'H', 'ia-hru-a')");
    temp_store_as(txn, "editor", NOW);
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_test_message("%s", refused[i].why);
        assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                       offer(txn, "o", refused[i].announcement, refused[i].area,
                             refused[i].until_us, &problem));
    }
    /* A district becomes its communes with loudspeakers. */
    assert_done(offer(txn, "o", "bulletin", "chu-puh", NOW + 3 * DAY, &problem));
    areas = sched_store_offer_areas(txn, "o", error);
    g_assert_cmpuint(areas->len, ==, 2);
    g_assert_cmpstr(areas->pdata[0], ==, "ia-blu");
    g_assert_cmpstr(areas->pdata[1], ==, "ia-le");
    row = sched_store_offer_get(txn, "o", error);
    /* Nobody approves what they sent, or whose playlist they wrote; nor something else. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_approve(txn, "o", row->content, &problem));
    temp_store_as(txn, "approver", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_offer_approve(txn, "o", "0", &problem));
    /* Before that nobody places it. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_place(txn, "o", "ia-le", NOW + HOUR, &problem));
    assert_done(sched_store_offer_approve(txn, "o", row->content, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_approve(txn, "o", row->content, &problem));
    g_clear_pointer(&row, sched_offer_row_free);
    row = sched_store_offer_get(txn, "o", error);
    g_assert_cmpint(row->itself_us, ==, NOW + 2 * DAY);
    return TRUE;
}

static void
test_send(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, send_body, NULL);
}

static void
assert_slot(SchedTxn *txn, const char *area, const char *date, gint64 minute)
{
    g_autoptr(SchedOfferPlaceRow) place = sched_store_offer_place_get(txn, "o", area, NULL);
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, place->slot, NULL);

    g_assert_cmpstr(slot->first_date, ==, date);
    g_assert_cmpint(slot->local_min, ==, minute);
    g_assert_cmpstr(slot->home, ==, area);
    g_assert_cmpuint(slot->targets->len, ==, 1);
    g_assert_cmpstr(((SchedTargetRow *) slot->targets->pdata[0])->area, ==, area);
    /* The sender's, freed by whoever approved it: the commune chose nothing but the time. */
    g_assert_cmpstr(slot->author, ==, "editor");
    g_assert_cmpstr(slot->approver, ==, "approver-2");
    g_assert_true(sched_slot_row_is_live(slot));
}

/* Two communes choose differently, one changes its mind; and what stands in the way. */
static gboolean
place_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedOfferPlaceRow) first = NULL, moved = NULL;

    g_free(programme_fill(txn));
    send(txn, "o", "chu-puh", NOW + 3 * DAY);
    temp_store_as(txn, "op-le", NOW + HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 4 * HOUR, &problem));
    assert_slot(txn, "ia-le", "2026-03-02", 11 * 60);
    temp_store_as(txn, "op-blu", NOW + HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-blu", NOW + DAY, &problem));
    assert_slot(txn, "ia-blu", "2026-03-03", 7 * 60);
    first = sched_store_offer_place_get(txn, "o", "ia-le", error);
    g_assert_cmpstr(first->placed_by, ==, "op-le");
    temp_store_as(txn, "op-le", NOW + 2 * HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 10 * HOUR, &problem));
    assert_slot(txn, "ia-le", "2026-03-02", 17 * 60);
    moved = sched_store_offer_place_get(txn, "o", "ia-le", error);
    g_assert_cmpstr(moved->slot, ==, first->slot);
    /* Not into the past, not behind the deadline, not once it has sounded. */
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_offer_place(txn, "o", "ia-le", NOW + HOUR, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_offer_place(txn, "o", "ia-le", NOW + 3 * DAY, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_offer_place(txn, "o", "ia-le-a", NOW + 12 * HOUR, &problem));
    temp_store_as(txn, "op-le", NOW + 10 * HOUR);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_place(txn, "o", "ia-le", NOW + 12 * HOUR, &problem));
    return TRUE;
}

static void
test_place(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, place_body, NULL);
}

/* With a database shell: a slot of what is not approved, or was taken back, or in its place. */
static gboolean
rules_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const attempts[] = {
        "UPDATE offers SET until_us = until_us + 1 WHERE id = 'o'",
        "UPDATE offers SET approver = 'approver' WHERE id = 'o'",
        "DELETE FROM offers WHERE id = 'o'",
        "DELETE FROM offer_places WHERE offer = 'o'",
        "UPDATE offer_places SET slot = 's', start_us = 1, placed_by = 'x' WHERE offer = 'w'",
        "INSERT INTO offers SELECT 'x', name, announcement, playlist, home, until_us, lead_h, "
        "itself_us, content, author, made_us, approver, approved_us, 0, NULL FROM offers "
        "WHERE id = 'o'",
        "UPDATE offers SET approver = 'editor', approved_us = 1, itself_us = 1 WHERE id = 'w'",
    };

    g_free(programme_fill(txn));
    send(txn, "o", "chu-puh", NOW + 3 * DAY);
    temp_store_as(txn, "editor-2", NOW);
    assert_done(offer(txn, "w", "bulletin", "ia-le", NOW + 3 * DAY, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++)
        assert_refused(txn, SCHED_STORE_ERROR_RULE,
                       sched_sql_run(txn, attempts[i], &problem, ""));
    return TRUE;
}

static void
test_rules(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, rules_body, NULL);
}

/* ---- by itself ---- */

/* One look of the chore, at @at_us. */
static void
look(SchedTxn *txn, gint64 at_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = NULL;

    temp_store_as(txn, "system", at_us);
    found = sched_placing.find(txn, at_us, &error);
    g_assert_no_error(error);
    g_assert_true(sched_placing.keep(txn, found, &error));
    g_assert_no_error(error);
}

static gint64
placed_at(SchedTxn *txn, const char *id, const char *area)
{
    g_autoptr(SchedOfferPlaceRow) place = sched_store_offer_place_get(txn, id, area, NULL);

    return place->start_us;
}

static const char *
why_of(SchedTxn *txn, const char *id, const char *area)
{
    g_autoptr(SchedOfferPlaceRow) place = sched_store_offer_place_get(txn, id, area, NULL);

    return g_intern_string(place->why);
}

static gboolean
itself_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedOfferPlaceRow) place = NULL;

    g_free(programme_fill(txn));
    send(txn, "o", "chu-puh", NOW + 3 * DAY);
    temp_store_as(txn, "op-blu", NOW);
    assert_done(sched_store_offer_place(txn, "o", "ia-blu", NOW + 2 * DAY + HOUR, &problem));
    /* Not before its hour; then only where nobody chose, at the next whole minute. */
    look(txn, NOW + 2 * DAY - 1);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), ==, 0);
    look(txn, NOW + 2 * DAY);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), ==, NOW + 2 * DAY + 60 * G_USEC_PER_SEC);
    g_assert_cmpint(placed_at(txn, "o", "ia-blu"), ==, NOW + 2 * DAY + HOUR);
    place = sched_store_offer_place_get(txn, "o", "ia-le", error);
    g_assert_cmpstr(place->placed_by, ==, "system");
    assert_slot(txn, "ia-le", "2026-03-04", 7 * 60 + 1);
    /* The commune may still move it. */
    temp_store_as(txn, "op-le", NOW + 2 * DAY);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 2 * DAY + 5 * HOUR, &problem));
    return TRUE;
}

static void
test_itself(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, itself_body, NULL);
}

/* Two for one commune: the second behind the first, a look later. */
static gboolean
two_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 first_us, second_us;

    g_free(programme_fill(txn));
    send(txn, "o", "ia-le", NOW + 3 * DAY);
    send(txn, "p", "ia-le", NOW + 3 * DAY);
    look(txn, NOW + 2 * DAY);
    g_assert_cmpint(placed_at(txn, "p", "ia-le"), ==, 0);
    look(txn, NOW + 2 * DAY + SCHED_PLACING_EVERY_US);
    first_us = placed_at(txn, "o", "ia-le");
    second_us = placed_at(txn, "p", "ia-le");
    g_assert_cmpint(second_us, >=, first_us + 2 * PROGRAMME_SECONDS * G_USEC_PER_SEC);
    return TRUE;
}

static void
test_two(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, two_body, NULL);
}

/* Approved late: the communes keep half of the time. */
static gboolean
late_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    send(txn, "o", "ia-le", NOW + 10 * HOUR);
    look(txn, NOW + 5 * HOUR - 1);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), ==, 0);
    look(txn, NOW + 5 * HOUR);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), >, NOW + 5 * HOUR);
    return TRUE;
}

static void
test_late(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, late_body, NULL);
}

/* Silence to the deadline: it is looked for again and again, and then said to have found none.
 */
static gboolean
none_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedQuietRow quiet = {.id = (char *) "q",
                                 .area = (char *) "ia-le",
                                 .station = (char *) "",
                                 .zone = (char *) "",
                                 .from_us = NOW,
                                 .until_us = NOW + 5 * DAY,
                                 .reason = SCHED_QUIET_FUNERAL,
                                 .words = (char *) ""};

    g_free(programme_fill(txn));
    send(txn, "o", "ia-le", NOW + 3 * DAY);
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_quiet_add(txn, &quiet, &problem));
    look(txn, NOW + 2 * DAY);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), ==, 0);
    g_assert_cmpstr(why_of(txn, "o", "ia-le"), ==, "");
    look(txn, NOW + 3 * DAY);
    g_assert_cmpstr(why_of(txn, "o", "ia-le"), ==, "no_time");
    /* The deadline has passed, whatever the commune wants. */
    temp_store_as(txn, "op-le", NOW + 3 * DAY);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_place(txn, "o", "ia-le", NOW + 4 * DAY, &problem));
    return TRUE;
}

static void
test_none(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, none_body, NULL);
}

/* Withdrawn, taken back, or with another playlist: nothing goes in, and what is in stops. */
static gboolean
gone_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedPlaylistRow) playlist = NULL;
    g_autoptr(SchedOfferPlaceRow) place = NULL;
    SchedItemRow *pause = g_new0(SchedItemRow, 1);

    g_free(programme_fill(txn));
    send(txn, "o", "chu-puh", NOW + 3 * DAY);
    temp_store_as(txn, "op-blu", NOW);
    assert_done(sched_store_offer_place(txn, "o", "ia-blu", NOW + 2 * DAY + HOUR, &problem));
    send(txn, "p", "ia-le", NOW + 3 * DAY);
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_offer_end(txn, "o", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_offer_end(txn, "o", &problem));
    place = sched_store_offer_place_get(txn, "o", "ia-blu", error);
    g_assert_true(place->stopped);
    look(txn, NOW + 2 * DAY);
    g_assert_cmpint(placed_at(txn, "o", "ia-le"), ==, 0);
    /* The other one was placed in that look; a third has its playlist changed first. */
    g_assert_cmpint(placed_at(txn, "p", "ia-le"), >, 0);
    send(txn, "r", "ia-le", NOW + 3 * DAY);
    playlist = sched_store_playlist_get(txn, "list", error);
    pause->id = g_strdup("nghi");
    pause->kind = SCHED_ITEM_PAUSE;
    pause->duration_us = G_USEC_PER_SEC;
    g_ptr_array_add(playlist->items, pause);
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_playlist_put(txn, playlist, playlist->revision, &problem));
    look(txn, NOW + 2 * DAY);
    g_assert_cmpstr(why_of(txn, "r", "ia-le"), ==, "changed");
    temp_store_as(txn, "approver", NOW);
    assert_done(sched_store_announcement_withdraw(txn, "bulletin", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_offer_place(txn, "p", "ia-le", NOW + 2 * DAY + HOUR, &problem));
    return TRUE;
}

static void
test_gone(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, gone_body, NULL);
}

/* Times that offer themselves, and one that the night forbids. */
static gboolean
times_body(SchedTxn *txn, gpointer data, GError **error)
{
    json_auto_t *times = NULL;
    SchedPlaceTime time;
    gboolean is_free;

    g_free(programme_fill(txn));
    send(txn, "o", "ia-le", NOW + 3 * DAY);
    times = sched_placing_times_json(txn, "o", "ia-le", NOW, error);
    /* Behind the evening's at 18:00, on each of the three days. */
    g_assert_cmpuint(json_array_size(times), ==, 3);
    g_assert_cmpint(json_integer_value(json_object_get(json_array_get(times, 0), "start_us")),
                    >=, PROGRAMME_START_US + 3 * PROGRAMME_SECONDS * G_USEC_PER_SEC);
    g_assert_true(
        sched_placing_try(txn, "o", "ia-le", NOW + 15 * HOUR, NOW, &time, &is_free, error));
    g_assert_false(is_free);
    g_assert_cmpint(time.why, ==, SCHED_FINDING_OUTSIDE_WINDOW);
    g_assert_true(
        sched_placing_try(txn, "o", "ia-le", NOW + HOUR, NOW, &time, &is_free, error));
    g_assert_true(is_free);
    return TRUE;
}

static void
test_times(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, times_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/placing/send", test_send);
    g_test_add_func("/publish/placing/place", test_place);
    g_test_add_func("/publish/placing/rules", test_rules);
    g_test_add_func("/publish/placing/itself", test_itself);
    g_test_add_func("/publish/placing/two", test_two);
    g_test_add_func("/publish/placing/late", test_late);
    g_test_add_func("/publish/placing/none", test_none);
    g_test_add_func("/publish/placing/gone", test_gone);
    g_test_add_func("/publish/placing/times", test_times);
    return g_test_run();
}
