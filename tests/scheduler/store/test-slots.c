/* test-slots.c - the second person for slots and dates, and that silence needs nobody. */
#include "scheduler/store/slots.h"

#include "content/base/id.h"
#include "content/kinds.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/playlists.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

static void
add_announcement(SchedTxn *txn)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow a = {.id = (char *) "a",
                                    .title = (char *) "A",
                                    .category = (char *) "",
                                    .source_number = (char *) "",
                                    .source_issuer = (char *) "UBND",
                                    .source_date = (char *) "2026-03-01",
                                    .valid_from_us = NOW,
                                    .valid_until_us = NOW + 1,
                                    .home = (char *) "chu-puh",
                                    .areas = areas};

    g_ptr_array_add(areas, (gpointer) "chu-puh");
    assert_done(sched_store_announcement_put(txn, &a, 0, &problem));
}

/* @items: ids; those beginning with "p" are pauses of as many seconds as the digit after it. */
static gboolean
put_playlist(SchedTxn *txn, const char *id, const char *items, gint64 revision, GError **error)
{
    g_auto(GStrv) words = g_strsplit(items, " ", -1);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    const SchedPlaylistRow row = {
        .id = (char *) id, .name = (char *) id, .home = (char *) "chu-puh", .items = rows};

    for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++) {
        SchedItemRow *item = g_new0(SchedItemRow, 1);

        item->id = words[i];
        item->kind = words[i][0] == 'p' ? SCHED_ITEM_PAUSE : SCHED_ITEM_ANNOUNCEMENT;
        item->announcement = words[i][0] == 'p' ? NULL : (char *) "a";
        item->duration_us = words[i][0] == 'p' ? (words[i][1] - '0') * G_USEC_PER_SEC : 0;
        g_ptr_array_add(rows, item);
    }
    return sched_store_playlist_put(txn, &row, revision, error);
}

static SchedSlotRow *
new_slot(void)
{
    SchedSlotRow *slot = g_new0(SchedSlotRow, 1);
    SchedTargetRow *target = g_new0(SchedTargetRow, 1);

    slot->id = g_strdup("s");
    slot->name = g_strdup("Sáng");
    slot->home = g_strdup("chu-puh");
    slot->playlist = g_strdup("list");
    slot->tzid = g_strdup("Asia/Ho_Chi_Minh");
    slot->first_date = g_strdup("2026-03-02");
    slot->local_min = 330;
    slot->rule = g_strdup("FREQ=DAILY");
    slot->targets = g_ptr_array_new_with_free_func((GDestroyNotify) sched_target_row_free);
    slot->dates_in = g_ptr_array_new_with_free_func(g_free);
    slot->dates_out = g_ptr_array_new_with_free_func(g_free);
    target->area = g_strdup("ia-le");
    target->station = g_strdup("");
    target->zone = g_strdup("");
    g_ptr_array_add(slot->targets, target);
    return slot;
}

static void
begin(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = new_slot();

    temp_store_as(txn, "editor", NOW);
    add_announcement(txn);
    assert_done(put_playlist(txn, "list", "i1 p5 i2", 0, &problem));
    assert_done(put_playlist(txn, "other", "i1", 0, &problem));
    assert_done(sched_store_slot_put(txn, slot, 0, &problem));
}

static gboolean
approve(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);

    temp_store_as(txn, who, NOW + 1);
    return sched_store_slot_approve(txn, "s", slot->content, error);
}

static gboolean
is_live(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);

    return sched_slot_row_is_live(slot);
}

static gboolean
persons_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedSlotRow) slot = NULL;

    begin(txn);
    g_assert_false(is_live(txn));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "editor", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_slot_approve(txn, "s", "another", &problem));
    assert_done(approve(txn, "approver", &problem));
    g_assert_true(is_live(txn));
    slot = sched_store_slot_get(txn, "s", NULL);
    g_assert_cmpstr(slot->approver, ==, "approver");

    /* Who changed the playlist approves no slot of it, though another changed the slot. */
    temp_store_as(txn, "approver-2", NOW);
    assert_done(put_playlist(txn, "list", "i2 i1", -1, &problem));
    g_assert_false(is_live(txn));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "approver-2", &problem));
    assert_done(approve(txn, "approver", &problem));
    g_assert_true(is_live(txn));
    return TRUE;
}

/* ---- sent back ---- */

static void
check_note(SchedTxn *txn, const char *note, gboolean is_approved)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);

    g_assert_cmpstr(slot->note, ==, note);
    g_assert_cmpint(sched_slot_row_is_live(slot), ==, is_approved);
}

static gboolean
send_back(SchedTxn *txn, const char *note, GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);

    return sched_store_slot_return(txn, "s", slot->content, note, error);
}

/* Sent back with a reason until it is another; silence at once, if it was on the air. */
static gboolean
returned_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *long_note = g_strnfill(SCHED_SLOT_MAX_NOTE_BYTES + 1, 'x');

    begin(txn);
    temp_store_as(txn, "approver", NOW + 1);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_slot_return(txn, "s", "another", "why", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, send_back(txn, long_note, &problem));
    assert_done(send_back(txn, "quá sớm", &problem));
    check_note(txn, "quá sớm", FALSE);
    temp_store_as(txn, "editor", NOW + 2);
    assert_done(put_playlist(txn, "list", "i1 p6 i2", -1, &problem));
    check_note(txn, NULL, FALSE);
    temp_store_as(txn, "approver", NOW + 3);
    assert_done(send_back(txn, "vẫn quá sớm", &problem));
    assert_done(approve(txn, "approver", &problem));
    check_note(txn, NULL, TRUE);
    assert_done(send_back(txn, "đã có chỉ đạo khác", &problem));
    check_note(txn, "đã có chỉ đạo khác", FALSE);
    assert_done(sched_store_slot_stop(txn, "s", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, send_back(txn, "why", &problem));
    return TRUE;
}

static void
test_returned(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, returned_body, NULL);
}

/* ---- what was approved ---- */

static void
assert_approved_text(SchedTxn *txn, const char *expected, const char *why)
{
    g_autofree char *text = NULL;

    assert_done(sched_store_slot_approved_text(txn, "s", &text, &problem));
    g_test_message("%s", why);
    g_assert_cmpstr(text, ==, expected);
}

static char *
present_text(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);
    g_autoptr(GError) problem = NULL;
    char *text = sched_store_slot_text(txn, slot, &problem);
    g_autofree char *hash = content_sha256_hex(text, strlen(text));

    g_assert_no_error(problem);
    g_assert_cmpstr(hash, ==, slot->content);
    return text;
}

static gboolean
approved_text_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *first = NULL, *shorter = NULL, *longer = NULL;

    begin(txn);
    assert_approved_text(txn, NULL, "nobody approved it yet");
    first = present_text(txn);
    g_assert_nonnull(strstr(first, "\nminute 330\n"));
    g_assert_nonnull(strstr(first, "\nitem i1\nkind announcement\nannouncement a\n"));
    assert_done(approve(txn, "approver", &problem));
    assert_approved_text(txn, first, "as it was approved");
    temp_store_as(txn, "editor", NOW);
    assert_done(put_playlist(txn, "list", "i1 p5", -1, &problem));
    g_assert_true(is_live(txn));
    shorter = present_text(txn);
    assert_approved_text(txn, shorter, "what only lost an item is approved as it is now");
    assert_done(put_playlist(txn, "list", "i1 p5 i9", -1, &problem));
    g_assert_false(is_live(txn));
    assert_approved_text(txn, shorter, "more sound is not what was approved");
    assert_done(approve(txn, "approver", &problem));
    longer = present_text(txn);
    assert_approved_text(txn, longer, "and then it is");
    return TRUE;
}

static void
test_approved_text(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, approved_text_body, NULL);
}

static void
test_persons(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, persons_body, NULL);
}

/* A change of an approved slot by the editor: does it stay approved? */
typedef struct {
    const char *why;
    void (*change)(SchedSlotRow *slot);
    gboolean stays;
} Change;

/* clang-format off */
static void change_nothing(SchedSlotRow *s) { }
static void change_name(SchedSlotRow *s) { g_free(s->name); s->name = g_strdup("x"); }
static void add_date_out(SchedSlotRow *s) { g_ptr_array_add(s->dates_out, g_strdup("2026-03-09")); }
static void drop_date_in(SchedSlotRow *s) { g_ptr_array_set_size(s->dates_in, 0); }
static void end_earlier(SchedSlotRow *s) { g_free(s->until); s->until = g_strdup("2026-03-31"); }
static void drop_target(SchedSlotRow *s) { g_ptr_array_remove_index(s->targets, 1); }
static void stop(SchedSlotRow *s) { s->stopped = TRUE; }
static void drop_date_out(SchedSlotRow *s) { g_ptr_array_set_size(s->dates_out, 0); }
static void add_date_in(SchedSlotRow *s) { g_ptr_array_add(s->dates_in, g_strdup("2026-03-10")); }
static void end_never(SchedSlotRow *s) { g_clear_pointer(&s->until, g_free); }
static void change_time(SchedSlotRow *s) { s->local_min++; }
static void change_second(SchedSlotRow *s) { s->local_s++; }
static void change_gain(SchedSlotRow *s) { s->gain_mdb = -6000; }
static void change_class(SchedSlotRow *s) { s->class_ = CONTENT_CLASS_UU_TIEN; }
static void change_rule(SchedSlotRow *s) { g_free(s->rule); s->rule = g_strdup("FREQ=WEEKLY"); }
static void change_policy(SchedSlotRow *s) { s->policy = SCHED_POLICY_FIRST; }
static void change_order(SchedSlotRow *s) { s->order = SCHED_ORDER_LANGUAGE; }
static void change_playlist(SchedSlotRow *s) { g_free(s->playlist); s->playlist = g_strdup("other"); }
static void change_length(SchedSlotRow *s) { s->length_s = 60; }
static void change_priority(SchedSlotRow *s) { s->priority = 3; }
static void change_first(SchedSlotRow *s) { g_free(s->first_date); s->first_date = g_strdup("2026-02-01"); }
static void change_zone(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup("UTC"); }
/* clang-format on */

static void
other_target(SchedSlotRow *s)
{
    SchedTargetRow *target = g_ptr_array_index(s->targets, 0);

    g_free(target->area);
    target->area = g_strdup("ia-blu");
}

static gboolean
change_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Change *change = data;
    g_autoptr(SchedSlotRow) slot = NULL;
    SchedTargetRow *zone = g_new0(SchedTargetRow, 1);

    begin(txn);
    slot = sched_store_slot_get(txn, "s", NULL);
    zone->area = g_strdup("");
    zone->station = g_strdup("ia-blu");
    zone->zone = g_strdup("a");
    g_ptr_array_add(slot->targets, zone);
    g_ptr_array_add(slot->dates_in, g_strdup("2026-03-08"));
    g_ptr_array_add(slot->dates_out, g_strdup("2026-03-07"));
    slot->until = g_strdup("2026-04-30");
    assert_done(sched_store_slot_put(txn, slot, 1, &problem));
    assert_done(approve(txn, "approver", &problem));
    g_assert_true(is_live(txn));

    temp_store_as(txn, "approver", NOW + 2);
    change->change(slot);
    assert_done(sched_store_slot_put(txn, slot, 2, &problem));
    g_clear_pointer(&slot, sched_slot_row_free);
    slot = sched_store_slot_get(txn, "s", NULL);
    g_assert_cmpint(g_strcmp0(slot->approved, slot->content) == 0, ==, change->stays);
    /* Taking away makes nobody an author, so the approver may do it and stay approver. */
    g_assert_cmpstr(slot->author, ==, change->stays ? "editor" : "approver");
    return TRUE;
}

static void
test_changes(void)
{
    const Change cases[] = {
        {"nothing", change_nothing, TRUE},
        {"the name", change_name, TRUE},
        {"one more date left out", add_date_out, TRUE},
        {"an extra date less", drop_date_in, TRUE},
        {"an earlier end", end_earlier, TRUE},
        {"a target less", drop_target, TRUE},
        {"stopped", stop, TRUE},
        {"a date no longer left out", drop_date_out, FALSE},
        {"an extra date", add_date_in, FALSE},
        {"no end", end_never, FALSE},
        {"another minute", change_time, FALSE},
        {"another second", change_second, FALSE},
        {"another gain", change_gain, FALSE},
        {"another class", change_class, FALSE},
        {"another rule", change_rule, FALSE},
        {"another language policy", change_policy, FALSE},
        {"another order", change_order, FALSE},
        {"another playlist", change_playlist, FALSE},
        {"another length", change_length, FALSE},
        {"another priority", change_priority, FALSE},
        {"another first date", change_first, FALSE},
        {"another time zone", change_zone, FALSE},
        {"another target", other_target, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, change_body, (gpointer) &cases[i]);
    }
}

/* What the planner could not reckon with must not get in: one such slot would stop every plan.
 */
/* clang-format off */
static void until_too_late(SchedSlotRow *s) { s->until = g_strdup("2200-01-01"); }
static void until_too_early(SchedSlotRow *s) { s->until = g_strdup("1950-01-01"); }
static void first_too_early(SchedSlotRow *s) { g_free(s->first_date); s->first_date = g_strdup("1970-12-31"); }
static void date_in_too_early(SchedSlotRow *s) { g_ptr_array_add(s->dates_in, g_strdup("1950-01-01")); }
static void date_out_too_late(SchedSlotRow *s) { g_ptr_array_add(s->dates_out, g_strdup("2500-01-01")); }
static void zone_of_a_file(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup("../../../etc/passwd"); }
static void zone_of_a_path(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup("/etc/localtime"); }
static void zone_unknown(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup("Asia/Sai_Gon"); }
static void zone_offset(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup("+07:00"); }
static void zone_empty(SchedSlotRow *s) { g_free(s->tzid); s->tzid = g_strdup(""); }
/* clang-format on */

static void
rule_full(SchedSlotRow *s)
{
    GString *rule = g_string_new("FREQ=MONTHLY;BYMONTHDAY=1");

    while (rule->len + 2 <= SCHED_SLOT_MAX_RULE_BYTES - 10)
        g_string_append(rule, ",1");
    g_free(s->rule);
    s->rule = g_string_free(rule, FALSE);
    s->until = g_strdup("2026-12-31");
}

static gboolean
unplannable_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const Change cases[] = {
        {"an end after what the calendar knows", until_too_late},
        {"an end before it", until_too_early},
        {"a first date before it", first_too_early},
        {"an extra date before it", date_in_too_early},
        {"a date left out after it", date_out_too_late},
        {"a rule with no room for its end", rule_full},
        {"a time zone that leads out of the database", zone_of_a_file},
        {"a time zone that is a path", zone_of_a_path},
        {"a time zone that does not exist", zone_unknown},
        {"a time zone that is only an offset", zone_offset},
        {"no time zone", zone_empty},
    };

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSlotRow) slot = new_slot();

        g_test_message("%s", cases[i].why);
        g_free(slot->id);
        slot->id = g_strdup("unplannable");
        cases[i].change(slot);
        assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                       sched_store_slot_put(txn, slot, 0, &problem));
    }
    return TRUE;
}

typedef struct {
    const char *why, *items;
    gboolean stays;
} Items;

static gboolean
items_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Items *items = data;

    begin(txn);
    assert_done(approve(txn, "approver", &problem));
    temp_store_as(txn, "editor-2", NOW + 2);
    assert_done(put_playlist(txn, "list", items->items, 1, &problem));
    g_assert_cmpint(is_live(txn), ==, items->stays);
    if (!items->stays)
        assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "editor-2", &problem));
    return TRUE;
}

static void
test_items(void)
{
    const Items cases[] = {
        {"the same", "i1 p5 i2", TRUE},
        {"one less", "i1 i2", TRUE},
        {"none", "", TRUE},
        {"another order", "i2 p5 i1", FALSE},
        {"one more", "i1 p5 i2 i3", FALSE},
        {"another pause", "i1 p6 i2", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, items_body, (gpointer) &cases[i]);
    }
}

static void
test_unplannable(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, unplannable_body, NULL);
}

static SchedOverrideRow *
the_override(SchedTxn *txn)
{
    g_autoptr(GPtrArray) list = sched_store_override_list(txn, "s", NULL);

    g_assert_cmpuint(list->len, ==, 1);
    return g_ptr_array_steal_index(list, 0);
}

static void
assert_override(SchedTxn *txn, gboolean live, const char *playlist)
{
    g_autoptr(SchedOverrideRow) row = the_override(txn);

    g_assert_cmpint(sched_override_row_is_live(row), ==, live);
    g_assert_cmpstr(row->playlist, ==, playlist);
}

static gboolean
approve_date(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedOverrideRow) row = the_override(txn);

    temp_store_as(txn, who, NOW + 3);
    return sched_store_override_approve(txn, "s", "2026-03-05", row->content, error);
}

static gboolean
overrides_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedOverrideRow other = {
        .slot = (char *) "s", .date = (char *) "2026-03-05", .playlist = (char *) "other"};

    begin(txn);
    assert_done(approve(txn, "approver", &problem));
    temp_store_as(txn, "editor-2", NOW + 2);
    assert_done(sched_store_override_put(txn, &other, &problem));
    assert_override(txn, FALSE, "other");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve_date(txn, "editor-2", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve_date(txn, "editor", &problem));
    assert_done(approve_date(txn, "approver", &problem));
    assert_override(txn, TRUE, "other");
    temp_store_as(txn, "editor", NOW + 4);
    assert_done(put_playlist(txn, "other", "i1 i2", -1, &problem));
    /* What lost its approval is silent: the slot's own playlist was not to sound that day. */
    assert_override(txn, TRUE, NULL);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_override_remove(txn, "s", "2026-03-05", &problem));

    /* A cancelled date stays silent until a second person agrees to what is proposed. */
    other.playlist = NULL;
    temp_store_as(txn, "approver-2", NOW + 5);
    assert_done(sched_store_override_put(txn, &other, &problem));
    assert_override(txn, TRUE, NULL);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_override_remove(txn, "s", "2026-03-05", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve_date(txn, "approver", &problem));
    other.playlist = (char *) "other";
    temp_store_as(txn, "editor", NOW + 6);
    assert_done(sched_store_override_put(txn, &other, &problem));
    assert_override(txn, TRUE, NULL);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE slot_overrides SET cancelled = 0", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve_date(txn, "approver-2", &problem));
    assert_done(approve_date(txn, "approver", &problem));
    assert_override(txn, TRUE, "other");
    /* What a second person put there goes the same way it came. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_override_remove(txn, "s", "2026-03-05", &problem));
    temp_store_as(txn, "editor", NOW + 7);
    assert_done(sched_store_override_put(txn, &other, &problem));
    assert_override(txn, TRUE, NULL);
    other.date = (char *) "2026-03-06";
    assert_done(sched_store_override_put(txn, &other, &problem));
    assert_done(sched_store_override_remove(txn, "s", "2026-03-06", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_override_remove(txn, "s", "2026-03-06", &problem));
    return TRUE;
}

static gboolean
return_date(SchedTxn *txn, const char *content, GError **error)
{
    return sched_store_override_return(txn, "s", "2026-03-05", content, "thiếu tiếng Jrai",
                                       error);
}

/* Sent back with a reason, whether it waits or was approved; never louder for it. */
static gboolean
date_returned_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedOverrideRow other = {
        .slot = (char *) "s", .date = (char *) "2026-03-05", .playlist = (char *) "other"};
    g_autoptr(SchedOverrideRow) waits = NULL, returned = NULL, again = NULL;

    begin(txn);
    temp_store_as(txn, "editor-2", NOW + 2);
    assert_done(sched_store_override_put(txn, &other, &problem));
    waits = the_override(txn);
    g_assert_null(waits->note);
    temp_store_as(txn, "approver", NOW + 3);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT, return_date(txn, "0", &problem));
    assert_done(return_date(txn, waits->content, &problem));
    returned = the_override(txn);
    g_assert_cmpstr(returned->note, ==, "thiếu tiếng Jrai");
    g_assert_false(sched_override_row_is_live(returned));
    /* Thought better of: approved as it stands. Then sent back all the same: silence. */
    assert_done(approve_date(txn, "approver", &problem));
    g_clear_pointer(&returned, sched_override_row_free);
    returned = the_override(txn);
    g_assert_null(returned->note);
    assert_done(return_date(txn, returned->content, &problem));
    assert_override(txn, TRUE, NULL);
    /* With other items it waits anew. */
    temp_store_as(txn, "editor", NOW + 4);
    assert_done(put_playlist(txn, "other", "i1 i2", -1, &problem));
    again = the_override(txn);
    g_assert_null(again->note);
    other.playlist = NULL;
    assert_done(sched_store_override_put(txn, &other, &problem));
    g_clear_pointer(&again, sched_override_row_free);
    again = the_override(txn);
    assert_refused(txn, SCHED_STORE_ERROR_RULE, return_date(txn, again->content, &problem));
    return TRUE;
}

static void
test_date_returned(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, date_returned_body, NULL);
}

static void
test_overrides(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, overrides_body, NULL);
}

static gboolean
stop_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedSlotRow) slot = NULL;

    begin(txn);
    assert_done(approve(txn, "approver", &problem));
    temp_store_as(txn, "editor-2", NOW);
    assert_done(sched_store_slot_stop(txn, "s", &problem));
    g_assert_false(is_live(txn));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "approver", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE slots SET stopped = 0", &problem, ""));
    slot = sched_store_slot_get(txn, "s", NULL);
    slot->stopped = FALSE;
    temp_store_as(txn, "editor-2", NOW);
    assert_done(sched_store_slot_put(txn, slot, -1, &problem));
    g_assert_false(is_live(txn));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "editor-2", &problem));
    assert_done(approve(txn, "approver", &problem));
    g_assert_true(is_live(txn));
    return TRUE;
}

static void
test_stop(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, stop_body, NULL);
}

static gboolean
by_hand_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *sql; SchedStoreError code; } cases[] = {
        { "khan_cap for a slot", "UPDATE slots SET class = 'khan_cap'",
          SCHED_STORE_ERROR_INVALID },
        { "louder than full", "UPDATE slots SET gain_mdb = 1", SCHED_STORE_ERROR_INVALID },
        { "approved by who wrote it",
          "UPDATE slots SET approved = content, approver = 'editor'", SCHED_STORE_ERROR_RULE },
        { "another content approved", "UPDATE slots SET approved = 'x', approver = 'approver'",
          SCHED_STORE_ERROR_RULE },
        { "a stream without a source",
          "INSERT INTO playlist_items VALUES ('list', 'x', 9, 'stream', NULL, 60000000, 1)",
          SCHED_STORE_ERROR_INVALID },
        { "a stream that names a bulletin",
          "INSERT INTO playlist_items VALUES ('list', 'x', 9, 'stream', 'a', 60000000, 1)",
          SCHED_STORE_ERROR_RULE },
        { "a signal item that names a bulletin",
          "INSERT INTO playlist_items VALUES ('list', 'x', 9, 'signal', 'a', 0, 1)",
          SCHED_STORE_ERROR_RULE },
        { "a pause without end",
          "INSERT INTO playlist_items VALUES ('list', 'x', 9, 'pause', NULL, 600000001, 1)",
          SCHED_STORE_ERROR_INVALID },
        { "21 times", "INSERT INTO playlist_items VALUES ('list', 'x', 9, 'announcement', 'a', 0, 21)",
          SCHED_STORE_ERROR_INVALID },
        { "a target nowhere", "INSERT INTO slot_targets VALUES ('s', 'nowhere', '', '')",
          SCHED_STORE_ERROR_NOT_FOUND },
        { "half a target", "INSERT INTO slot_targets VALUES ('s', '', 'ia-le', '')",
          SCHED_STORE_ERROR_NOT_FOUND },
        { "a playlist in use", "DELETE FROM playlists WHERE id = 'list'",
          SCHED_STORE_ERROR_IN_USE },
        { "an area that is a target", "DELETE FROM areas WHERE id = 'ia-le'",
          SCHED_STORE_ERROR_IN_USE },
    };
    /* clang-format on */

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code, sched_sql_run(txn, cases[i].sql, &problem, ""));
    }
    /* A change behind the program's back takes the approval away as well. */
    assert_done(approve(txn, "approver", &problem));
    temp_store_exec(txn, "UPDATE slots SET local_min = 0");
    g_assert_false(is_live(txn));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT, approve(txn, "approver", &problem));
    return TRUE;
}

static void
test_by_hand(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, by_hand_body, NULL);
}

static gboolean
reach_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL, le = NULL, blu = NULL;

    temp_store_exec(txn, "DELETE FROM outbox");
    begin(txn);
    rows = sched_store_outbox_list(txn, 10, error);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(((SchedOutboxRow *) g_ptr_array_index(rows, 0))->station, ==, "ia-le");
    le = sched_store_slot_list_for_station(txn, "ia-le", TEMP_STORE_NOW_US, error);
    blu = sched_store_slot_list_for_station(txn, "ia-blu", TEMP_STORE_NOW_US, error);
    g_assert_cmpuint(le->len, ==, 1);
    g_assert_cmpuint(blu->len, ==, 0);
    return TRUE;
}

static void
test_reach(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, reach_body, NULL);
}

/* What a station is asked about most is what it will hear, however long it has been there. */
static gboolean
ahead_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *why, *change;
        gboolean is_ahead;
    } cases[] = {
        {"daily", "rule = 'FREQ=DAILY', first_date = '2020-01-01', until = NULL", TRUE},
        {"daily, until yesterday", "until = '2026-03-01'", TRUE},
        {"daily, over for long", "until = '2026-02-20'", FALSE},
        {"once, today", "rule = '', until = NULL, first_date = '2026-03-02'", TRUE},
        {"once, long ago", "first_date = '2020-01-01'", FALSE},
        {"stopped", "first_date = '2026-03-02', stopped = 1", FALSE},
    };

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sql = g_strdup_printf("UPDATE slots SET %s", cases[i].change);
        g_autoptr(GPtrArray) rows = NULL;

        g_test_message("%s", cases[i].why);
        temp_store_exec(txn, sql);
        rows = sched_store_slot_list_for_station(txn, "ia-le", TEMP_STORE_NOW_US, error);
        g_assert_no_error(*error);
        g_assert_cmpuint(rows->len, ==, cases[i].is_ahead);
    }
    temp_store_exec(txn, "UPDATE slots SET stopped = 0, first_date = '2020-01-01'");
    temp_store_exec(txn,
                    "INSERT INTO slot_dates (slot, date, is_out) SELECT id, '2026-03-09', 0 "
                    "FROM slots");
    {
        g_autoptr(GPtrArray) rows =
            sched_store_slot_list_for_station(txn, "ia-le", TEMP_STORE_NOW_US, error);

        g_assert_cmpuint(rows->len, ==, 1); /* once more, on a date of its own */
    }
    return TRUE;
}

typedef struct {
    gint64 id, parent, unused;
    char *step;
} PlanRow;

static void
plan_row_free(gpointer data)
{
    g_free(((PlanRow *) data)->step);
    g_free(data);
}

/* However many slots there are: only those that name the station or what it lies in. */
static gboolean
plan_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const SchedSqlColumn columns[] = {
        {"id", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, id)},
        {"parent", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, parent)},
        {"notused", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, unused)},
        {"detail", SCHED_SQL_TEXT, G_STRUCT_OFFSET(PlanRow, step)},
        {NULL},
    };
    static const SchedSqlShape shape = {sizeof(PlanRow), columns, plan_row_free};
    g_autofree char *explain =
        g_strdup_printf("EXPLAIN QUERY PLAN %s", sched_store_slot_station_sql());
    g_autoptr(GPtrArray) steps =
        sched_sql_list(txn, explain, &shape, error, "ti", "ia-le", TEMP_STORE_NOW_US);

    g_assert_no_error(*error);
    for (guint i = 0; i < steps->len; i++) {
        const char *step = ((PlanRow *) steps->pdata[i])->step;

        g_test_message("%s", step);
        g_assert_false(g_str_has_prefix(step, "SCAN"));
    }
    return TRUE;
}

static void
test_ahead(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, ahead_body, NULL);
    temp_store_look(store, plan_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/slots/persons", test_persons);
    g_test_add_func("/store/slots/date-returned", test_date_returned);
    g_test_add_func("/store/slots/approved-text", test_approved_text);
    g_test_add_func("/store/slots/changes", test_changes);
    g_test_add_func("/store/slots/unplannable", test_unplannable);
    g_test_add_func("/store/slots/items", test_items);
    g_test_add_func("/store/slots/overrides", test_overrides);
    g_test_add_func("/store/slots/returned", test_returned);
    g_test_add_func("/store/slots/stop", test_stop);
    g_test_add_func("/store/slots/by-hand", test_by_hand);
    g_test_add_func("/store/slots/reach", test_reach);
    g_test_add_func("/store/slots/ahead", test_ahead);
    return g_test_run();
}
