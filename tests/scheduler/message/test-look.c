/*
 * test-look.c - what is found once a minute: what nobody approved before its time and at it,
 * stations that went silent, and that each is told once, to who is concerned.
 */
#include "scheduler/message/look.h"

#include "content/alert.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/unapproved.h"
#include "scheduler/store/wanted.h"
#include "tests/support/fake-clock.h"
#include "tests/support/programme.h"
#include "tests/support/wait.h"

#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define HOUR   (60 * MINUTE)

static void
test_morning(void)
{
    /* clang-format off */
    static const struct { const char *why; gint64 local_s, morning_s; } cases[] = {
        { "before the night",    20 * 3600 + 3599, 0             },
        { "it begins",           21 * 3600,        29 * 3600     },
        { "midnight",            24 * 3600,        29 * 3600     },
        { "its last second",     29 * 3600 - 1,    29 * 3600     },
        { "it is over",          29 * 3600,        0             },
    };
    /* clang-format on */
    const gint64 midnight_us = NOW - 7 * HOUR;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 morning_us =
            sched_look_morning_us(midnight_us + cases[i].local_s * G_USEC_PER_SEC,
                                  "Asia/Ho_Chi_Minh");

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(
            morning_us, ==,
            cases[i].morning_s == 0 ? 0 : midnight_us + cases[i].morning_s * G_USEC_PER_SEC);
    }
    g_assert_cmpint(sched_look_morning_us(NOW, "No/Where"), ==, 0);
}

typedef struct {
    guint n_added;
} Heard;

static void
on_trouble(const char *words, gpointer user_data)
{
    g_error("%s", words);
}

static void
on_added(guint n_messages, gpointer user_data)
{
    ((Heard *) user_data)->n_added += n_messages;
}
static const SchedLookEvents events = {on_trouble, on_added};

typedef struct {
    TempStore *temp;
    ContentClock *clock;
    SchedLook *look;
    Heard heard;
} Site;

static void
site_clear(Site *s)
{
    sched_look_free(s->look);
    g_assert_cmpuint(fake_clock_n_pending(s->clock), ==, 0);
    temp_store_free(s->temp);
    content_clock_free(s->clock);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Site, site_clear)

static void
look_once(Site *s)
{
    fake_clock_advance(s->clock, SCHED_LOOK_EVERY_US);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s->clock) == 1);
}

/* Everybody has an address. */
static gboolean
fill(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const accounts[] = {"editor",     "editor-2", "approver",
                                           "approver-2", "reader",   "technician"};
    g_autofree char *keys = programme_fill(txn);

    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        g_autofree char *email = g_strdup_printf("%s@example.vn", accounts[i]);

        assert_done(sched_store_account_reach(txn, accounts[i], email, "", 0, &problem));
    }
    return TRUE;
}

static void
site_set_up(Site *s, gint64 at_us)
{
    s->temp = temp_store_new_district();
    s->clock = fake_clock_new(at_us);
    temp_store_run(s->temp, fill, NULL);
    s->look = sched_look_new(s->temp->store, s->clock, "one", "https://loa.example.vn/", TRUE,
                             &events, &s->heard);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static gboolean
messages_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_message_list(txn, NULL, NULL, 100, error);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    GString *out = data;

    for (guint i = 0; i < rows->len; i++) {
        const SchedMessageRow *row = g_ptr_array_index(rows, i);

        g_ptr_array_add(lines, g_strdup_printf("%s %s",
                                               row->account == NULL ? row->name : row->account,
                                               row->event));
    }
    g_ptr_array_sort(lines, compare);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : "; ",
                               (char *) g_ptr_array_index(lines, i));
    return TRUE;
}

#define assert_messages(s, words)                                                              \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autoptr(GString) shown_ = g_string_new(NULL);                                        \
        temp_store_look((s)->temp, messages_body, shown_);                                     \
        g_assert_cmpstr(shown_->str, ==, words);                                               \
    }                                                                                          \
    G_STMT_END

static gboolean
unapproved_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_unapproved_list(txn, 0, error);
    GString *out = data;

    for (guint i = 0; i < rows->len; i++) {
        const SchedUnapprovedRow *row = g_ptr_array_index(rows, i);

        g_string_append_printf(out, "%s%s %s %s %d%s", i == 0 ? "" : "; ", row->slot_date,
                               sched_unapproved_kind_words[row->kind],
                               *row->version == '\0' ? row->slot : row->version,
                               (int) row->n_zones, row->dropped ? " dropped" : "");
    }
    return TRUE;
}

#define assert_unapproved(s, words)                                                            \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autoptr(GString) shown_ = g_string_new(NULL);                                        \
        temp_store_look((s)->temp, unapproved_body, shown_);                                   \
        g_assert_cmpstr(shown_->str, ==, words);                                               \
    }                                                                                          \
    G_STMT_END

/* editor-2 speaks the Jrai version anew: its check and its approval are gone. */
static gboolean
spoil_version(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, "v-jra", error);

    temp_store_as(txn, "editor-2", *(gint64 *) data);
    g_free(row->script);
    row->script = g_strdup("Ơi ƀôn sang");
    assert_done(sched_store_version_put(txn, row, &problem));
    return TRUE;
}

static gboolean
spoil_slot(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0");
    return TRUE;
}

static gboolean
approve_slot(SchedTxn *txn, gpointer data, GError **error)
{
    programme_approve_slot(txn, "s");
    return TRUE;
}

/* 18:00 in Vietnam, eleven hours from now: a day before, two hours before, and at its time. */
static void
test_version(void)
{
    g_auto(Site) s = {NULL};
    gint64 changed_us = NOW;

    site_set_up(&s, NOW);
    look_once(&s);
    assert_unapproved(&s, "");
    assert_messages(&s, "");
    temp_store_run(s.temp, spoil_version, &changed_us);
    look_once(&s);
    /* Of the two zones one hears Jrai. */
    assert_unapproved(&s, "2026-03-02 version v-jra 1");
    /* Whoever wrote announcement or version, approves or reads the language there. */
    assert_messages(&s, "approver unapproved; approver-2 unapproved; editor unapproved; "
                        "editor-2 unapproved; reader unapproved; reader waiting");
    look_once(&s);
    g_assert_cmpuint(s.heard.n_added, ==, 6);
    fake_clock_advance_to(s.clock, PROGRAMME_START_US - 2 * HOUR);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    look_once(&s);
    g_assert_cmpuint(s.heard.n_added, ==, 11);
    fake_clock_advance_to(s.clock, PROGRAMME_START_US);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    look_once(&s);
    assert_unapproved(&s, "2026-03-02 version v-jra 1 dropped; 2026-03-03 version v-jra 1");
    /* Dropped is told to the authors and approvers; and tomorrow's is a warning of its own. */
    g_assert_cmpuint(s.heard.n_added, ==, 11 + 4 + 5);
}

static void
test_slot(void)
{
    g_auto(Site) s = {NULL};

    site_set_up(&s, NOW);
    temp_store_run(s.temp, spoil_slot, NULL);
    look_once(&s);
    assert_unapproved(&s, "2026-03-02 slot s 2");
    temp_store_run(s.temp, approve_slot, NULL);
    /* Gone from the list with the approval, without waiting for the next look. */
    assert_unapproved(&s, "");
    look_once(&s);
    assert_unapproved(&s, "");
    fake_clock_advance_to(s.clock, PROGRAMME_START_US);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    look_once(&s);
    assert_unapproved(&s, "");
}

static gboolean
ask_version(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedWantedRow row = {.id = (char *) "w",
                                .announcement = (char *) "bulletin",
                                .language = (char *) "jra-x-arap",
                                .account = (char *) "editor-2",
                                .name = (char *) "",
                                .by_date = (char *) "2026-03-03",
                                .note = (char *) ""};

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_wanted_add(txn, &row, &problem));
    return TRUE;
}

static gboolean
withdraw_wanted(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_as(txn, "editor", NOW + 42 * HOUR);
    assert_done(sched_store_wanted_withdraw(txn, "w", &problem));
    return TRUE;
}

/* Who is asked to record is told, and once more when the day is over in Vietnam. */
static void
test_wanted(void)
{
    g_auto(Site) s = {NULL};

    site_set_up(&s, NOW);
    temp_store_run(s.temp, ask_version, NULL);
    look_once(&s);
    look_once(&s);
    look_once(&s);
    assert_messages(&s, "editor-2 waiting");
    fake_clock_advance_to(s.clock, NOW + 41 * HOUR - MINUTE); /* 2026-03-03 23:59 */
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    assert_messages(&s, "editor-2 waiting");
    look_once(&s);
    look_once(&s);
    assert_messages(&s, "editor-2 waiting; editor-2 waiting");
    temp_store_run(s.temp, withdraw_wanted, NULL);
    fake_clock_advance_to(s.clock, NOW + 60 * HOUR);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    assert_messages(&s, "editor-2 waiting; editor-2 waiting");
}

/* What was changed after it had sounded was not dropped. */
static void
test_changed_afterwards(void)
{
    g_auto(Site) s = {NULL};
    gint64 changed_us = PROGRAMME_START_US + MINUTE;

    site_set_up(&s, PROGRAMME_START_US + MINUTE);
    temp_store_run(s.temp, spoil_version, &changed_us);
    look_once(&s);
    assert_unapproved(&s, "2026-03-03 version v-jra 1");
}

static gboolean
contact_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO station_states (station, contact_us) VALUES "
                         "('ia-le', 1772409600000000), ('ia-blu', 1772409600000000)");
    return TRUE;
}

/* A district that was off hears them come back, before it says that they are lost. */
static void
test_lost(void)
{
    g_auto(Site) s = {NULL};

    site_set_up(&s, NOW + 3 * HOUR);
    temp_store_run(s.temp, contact_body, NULL);
    for (guint minute = 0; minute < 13; minute++) {
        assert_messages(&s, "");
        look_once(&s);
    }
    /* Both stations, one message. */
    assert_messages(&s, "technician station_lost");
    for (guint minute = 0; minute < 60; minute++)
        look_once(&s);
    assert_messages(&s, "technician station_lost");
}

/* --- an alert --------------------------------------------------------------------------------
 */

static SchedDocumentRow *
document_of(const ContentAlert *alert)
{
    ContentSignature *one = content_shape_new(&content_signature_shape);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_alert_type, alert, &error);
    SchedDocumentRow *row;

    g_assert_no_error(error);
    one->algorithm = g_strdup("minisign");
    one->key = g_strdup("E7620F1842B4E81F");
    one->signature = g_strdup("four lines");
    row = sched_document_row_new("alert", bytes);
    g_ptr_array_add(row->signatures, one);
    return row;
}

/* A drill by approver in Plei Xa, which has no loudspeaker and somebody who goes; and in Plei
 * Kia, where nobody was named. */
static gboolean
call_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) document = NULL;

    temp_store_exec(
        txn,
        "INSERT INTO areas (id, parent, kind, name) VALUES "
        "('plei-xa', 'ia-le', 'village', 'Plei Xa'), ('plei-kia', 'ia-le', 'village', "
        "'Plei Kia'); INSERT INTO messenger_villages VALUES ('plei-xa', 45, ''); INSERT "
        "INTO messenger_people VALUES ('plei-xa', 0, 'Ama Thin', '0905123456', 'gong', '')");
    alert->id = g_strdup("a1");
    alert->title = g_strdup("Lũ quét");
    alert->severity = 3;
    alert->drill = TRUE;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = *(gint64 *) data;
    alert->expires_us = alert->issued_us + HOUR;
    g_ptr_array_add(alert->areas, g_strdup("plei-xa"));
    g_ptr_array_add(alert->areas, g_strdup("plei-kia"));
    speech->language = g_strdup("vi");
    g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    document = document_of(alert);
    temp_store_as(txn, "approver", alert->issued_us);
    assert_done(sched_store_alert_add(txn, alert, document, &problem));
    return TRUE;
}

static gboolean
text_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_message_due(txn, SCHED_MESSAGE_BY_PHONE, *(gint64 *) data, 10, error);
    const SchedMessageRow *row;

    g_assert_cmpuint(rows->len, ==, 1);
    row = g_ptr_array_index(rows, 0);
    g_assert_null(row->account);
    g_assert_cmpstr(row->name, ==, "Ama Thin");
    g_assert_cmpstr(row->address, ==, "0905123456");
    g_assert_true(g_str_has_prefix(row->body, "DIỄN TẬP. "));
    g_assert_nonnull(strstr(row->body, "Plei Xa: Lũ quét"));
    return TRUE;
}

/* Told without waiting for the next minute, in the middle of the night, and once. */
static void
test_alert(void)
{
    g_auto(Site) s = {NULL};
    gint64 at_us = NOW + 19 * HOUR;

    site_set_up(&s, at_us);
    look_once(&s);
    g_assert_cmpuint(s.heard.n_added, ==, 0);
    at_us = content_clock_utc_us(s.clock);
    temp_store_run(s.temp, call_body, &at_us);
    sched_look_now(s.look);
    sched_look_now(s.look);
    TEST_WAIT_UNTIL(fake_clock_n_pending(s.clock) == 1);
    temp_store_look(s.temp, text_body, &at_us);
    assert_messages(&s, "Ama Thin messenger; approver-2 alert");
    look_once(&s);
    assert_messages(&s, "Ama Thin messenger; approver-2 alert");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/look/morning", test_morning);
    g_test_add_func("/message/look/version", test_version);
    g_test_add_func("/message/look/slot", test_slot);
    g_test_add_func("/message/look/changed-afterwards", test_changed_afterwards);
    g_test_add_func("/message/look/lost", test_lost);
    g_test_add_func("/message/look/wanted", test_wanted);
    g_test_add_func("/message/look/alert", test_alert);
    return g_test_run();
}
