/* test-messengers.c - who is agreed to go, the tasks of an alert from its call to its end, what
 * may be said of them, and that nothing said is lost. */
#include "scheduler/store/messengers.h"

#include "scheduler/store/alerts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/retention.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/* --- the place: plei-xa and plei-kia of ia-blu have no loudspeaker ---------------------------
 */

static void
add_villages(SchedTxn *txn)
{
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-xa', 'ia-blu', 'village', 'Plei Xa'), "
                         "('plei-kia', 'ia-blu', 'village', 'Plei Kia')");
}

static SchedMessengerVillageRow *
village_new(const char *village)
{
    SchedMessengerVillageRow *row = g_new0(SchedMessengerVillageRow, 1);

    row->village = g_strdup(village);
    row->households = 45;
    row->signal = g_strdup("ba hồi chiêng");
    row->languages = g_ptr_array_new_with_free_func(g_free);
    row->people =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_messenger_person_row_free);
    return row;
}

static void
add_person(SchedMessengerVillageRow *row, const char *name, const char *phone,
           SchedMessengerMeans means)
{
    SchedMessengerPersonRow *person = g_new0(SchedMessengerPersonRow, 1);

    person->name = g_strdup(name);
    person->phone = g_strdup(phone);
    person->means = (gint) means;
    person->hours = g_strdup("");
    g_ptr_array_add(row->people, person);
}

static void
languages(SchedMessengerVillageRow *row, const char *tags)
{
    g_auto(GStrv) list = g_strsplit(tags, " ", -1);

    for (guint i = 0; list[i] != NULL; i++)
        g_ptr_array_add(row->languages, g_strdup(list[i]));
}

/* --- what is agreed --------------------------------------------------------------------------
 */

static void
expect_refused_villages(SchedTxn *txn)
{
    g_autofree char *much = g_strnfill(SCHED_MESSENGER_SIGNAL_MAX_BYTES + 1, 'x');
    g_autofree char *name = g_strnfill(SCHED_MESSENGER_NAME_MAX_BYTES + 1, 'x');
    /* clang-format off */
    const struct { const char *why, *village, *languages, *name, *phone; SchedMessengerMeans means; guint people; gint64 households; const char *signal; SchedStoreError code; } cases[] = {
        { "no such place",          "plei-khong", "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_NOT_FOUND },
        { "a commune is no village", "ia-blu",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "no number",              "plei-xa",    "jra",     "Ama Thin", "0905",       SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "nobody's name",          "plei-xa",    "jra",     "",         "0905123456", SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "a long name",            "plei-xa",    "jra",     name,       "0905123456", SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "called by nothing",      "plei-xa",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_UNSAID, 1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "too many people",        "plei-xa",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   SCHED_MESSENGER_MAX_PEOPLE + 1, 45, "", SCHED_STORE_ERROR_INVALID },
        { "no language",            "plei-xa",    "jra ?",   "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, 45,    "", SCHED_STORE_ERROR_INVALID },
        { "one twice",              "plei-xa",    "jra vi jra", "Ama Thin", "0905123456", SCHED_MESSENGER_GONG, 1, 45,   "", SCHED_STORE_ERROR_INVALID },
        { "too many languages",     "plei-xa",    "a1 a2 a3 a4 a5 a6 a7 a8 a9", "Ama Thin", "0905123456", SCHED_MESSENGER_GONG, 1, 45, "", SCHED_STORE_ERROR_INVALID },
        { "a town",                 "plei-xa",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, SCHED_MESSENGER_MAX_HOUSEHOLDS + 1, "", SCHED_STORE_ERROR_INVALID },
        { "fewer than none",        "plei-xa",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, -1,    "", SCHED_STORE_ERROR_INVALID },
        { "a long story",           "plei-xa",    "jra",     "Ama Thin", "0905123456", SCHED_MESSENGER_GONG,   1, 45,    much, SCHED_STORE_ERROR_INVALID },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedMessengerVillageRow) row = village_new(cases[i].village);

        g_test_message("%s", cases[i].why);
        row->households = cases[i].households;
        g_free(row->signal);
        row->signal = g_strdup(cases[i].signal);
        languages(row, cases[i].languages);
        for (guint k = 0; k < cases[i].people; k++)
            add_person(row, cases[i].name, cases[i].phone, cases[i].means);
        assert_refused(txn, cases[i].code,
                       sched_store_messenger_village_put(txn, row, &problem));
    }
}

static gboolean
village_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedMessengerVillageRow) kept = NULL, bare = NULL;
    g_autoptr(SchedMessengerVillageRow) good = village_new("plei-xa");
    g_autoptr(GPtrArray) listed = NULL, audit = NULL;

    add_villages(txn);
    temp_store_as(txn, "editor", NOW);
    expect_refused_villages(txn);
    languages(good, "jra vi");
    add_person(good, "Rơ Mah H’Lan", "0905123456", SCHED_MESSENGER_GONG);
    add_person(good, "Ama Thin", "", SCHED_MESSENGER_ON_FOOT);
    assert_done(sched_store_messenger_village_put(txn, good, &problem));
    assert_done(sched_store_messenger_village_put(txn, good, &problem));
    kept = sched_store_messenger_village_get(txn, "plei-xa", error);
    g_assert_cmpint(kept->households, ==, 45);
    g_assert_false(kept->has_loudspeaker);
    g_assert_cmpuint(kept->languages->len, ==, 2);
    g_assert_cmpuint(kept->people->len, ==, 2);
    g_assert_cmpstr(((SchedMessengerPersonRow *) kept->people->pdata[1])->name, ==, "Ama Thin");
    audit = sched_store_audit_list(txn, "plei-xa", 0, 1, error);
    /* Who, and not their number: that can be forgotten. */
    g_assert_nonnull(strstr(((SchedAuditRow *) audit->pdata[0])->detail, "Ama Thin"));
    g_assert_null(strstr(((SchedAuditRow *) audit->pdata[0])->detail, "0905"));
    /* Where loudspeakers speak and nothing else was agreed: what they speak. */
    bare = sched_store_messenger_village_get(txn, "ia-le-a", error);
    g_assert_true(bare->has_loudspeaker);
    g_assert_cmpstr(bare->languages->pdata[0], ==, "jra");
    listed = sched_store_messenger_village_list(txn, "chu-puh", error);
    g_assert_cmpuint(listed->len, ==, 2);
    return TRUE;
}

static void
test_village(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, village_body, NULL);
}

/* --- an alert --------------------------------------------------------------------------------
 */

static ContentSignature *
signature(void)
{
    ContentSignature *one = content_shape_new(&content_signature_shape);

    one->algorithm = g_strdup("minisign");
    one->key = g_strdup("E7620F1842B4E81F");
    one->signature = g_strdup("four lines");
    return one;
}

static SchedDocumentRow *
document_of(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    SchedDocumentRow *row;

    g_assert_no_error(error);
    row = sched_document_row_new(type->type, bytes);
    g_ptr_array_add(row->signatures, signature());
    return row;
}

/* @replaces: (nullable) */
static void
call(SchedTxn *txn, const char *id, const char *area, const char *replaces, gint64 at_us)
{
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) document = NULL;

    alert->id = g_strdup(id);
    alert->event = CONTENT_EVENT_FLOOD;
    alert->title = g_strdup("Lũ");
    alert->severity = 3;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = at_us;
    alert->expires_us = at_us + 120 * MINUTE;
    g_ptr_array_add(alert->areas, g_strdup(area));
    if (replaces != NULL)
        g_ptr_array_add(alert->replaces, g_strdup(replaces));
    speech->language = g_strdup("jra");
    g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    document = document_of(&content_alert_type, alert);
    temp_store_as(txn, "approver", at_us);
    assert_done(sched_store_alert_add(txn, alert, document, &problem));
}

static void
stop(SchedTxn *txn, const char *id, const char *alert, const char *area, gint64 at_us)
{
    g_autoptr(ContentStop) order = content_document_new(&content_stop_type);
    g_autoptr(SchedDocumentRow) document = NULL;

    order->id = g_strdup(id);
    order->alert = g_strdup(alert);
    order->issued_us = at_us;
    order->expires_us = at_us + CONTENT_ALERT_MAX_LIFE_US;
    if (area != NULL)
        g_ptr_array_add(order->areas, g_strdup(area));
    document = document_of(&content_stop_type, order);
    temp_store_as(txn, "approver-2", at_us);
    assert_done(sched_store_stop_add(txn, order, document, &problem));
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* "ia-le-b alert no_language to_tell; …": by village and kind */
static char *
tasks(SchedTxn *txn, const char *alert)
{
    const SchedMessengerFilter filter = {.alert = alert};
    g_autoptr(GPtrArray) rows = sched_store_messenger_list(txn, &filter, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < rows->len; i++) {
        const SchedMessengerTaskRow *row = rows->pdata[i];

        g_ptr_array_add(lines, g_strdup_printf("%s %s %s %s", row->village,
                                               sched_messenger_kind_words[row->kind],
                                               sched_messenger_why_words[row->why],
                                               sched_messenger_state_words[row->state]));
    }
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("; ", (char **) lines->pdata);
}

#define assert_tasks(alert, expected)                                                          \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autofree char *said_ = tasks(txn, alert);                                            \
        g_assert_cmpstr(said_, ==, expected);                                                  \
    }                                                                                          \
    G_STMT_END

/* Returns: (transfer full): the task of @village for @alert */
static char *
task_of(SchedTxn *txn, const char *alert, const char *village)
{
    const SchedMessengerFilter filter = {.area = village, .alert = alert};
    g_autoptr(GPtrArray) rows = sched_store_messenger_list(txn, &filter, NULL);

    g_assert_cmpuint(rows->len, ==, 1);
    return g_strdup(((SchedMessengerTaskRow *) rows->pdata[0])->id);
}

static gboolean
say(SchedTxn *txn, const char *task, SchedMessengerState state, SchedMessengerMeans means,
    gint64 reached, gint64 households, const char *note, GError **error)
{
    const SchedMessengerStepRow step = {.state = (gint) state,
                                        .means = (gint) means,
                                        .person = (char *) "Ama Thin",
                                        .reached = reached,
                                        .households = households,
                                        .note = (char *) note};

    return sched_store_messenger_step(txn, task, &step, error);
}

static void
answered(SchedTxn *txn, const char *station, const char *zone, const char *kind,
         const char *reason)
{
    gint seq = strcmp(kind, "alert_taken") == 0 ? 1 : 2;
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO records (station, journal, seq, raw, hash, received_us, unreadable, kind, "
        "at_us, manifest_version, occurrence, zone, planned_start_us, planned_end_us, "
        "actual_start_us, actual_end_us, position_us, relay, relay_read_us, silent_us, "
        "journal_late, reason) VALUES ('%s', 'j', %d, '', '', 0, 0, '%s', "
        "%" G_GINT64_FORMAT ", 0, 'a1', '%s', 0, 0, 0, 0, 0, 'closed', 0, 0, 0, '%s')",
        station, seq, kind, NOW + seq, zone, reason);

    temp_store_exec(txn, sql);
}

/* @at_us: what stations answered by then */
static void
look(SchedTxn *txn, const char *alert, gint64 at_us)
{
    g_autoptr(GPtrArray) missing = sched_store_messenger_missing(txn, alert, at_us, NULL);

    temp_store_as(txn, "system", at_us);
    for (guint i = 0; i < missing->len; i++)
        assert_done(sched_store_messenger_add(txn, missing->pdata[i], &problem));
}

static gboolean
alert_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *xa = NULL, *kia = NULL;
    g_autoptr(GPtrArray) missing = NULL, audit = NULL;

    add_villages(txn);
    temp_store_exec(txn, "UPDATE station_states SET reads = '[\"alert\"]', contact_us = 1");
    call(txn, "a1", "chu-puh", NULL, NOW);
    /* Known when it is called: no loudspeaker, and zone b that wants Bahnar first. */
    assert_tasks("a1",
                 "ia-le-b alert no_language to_tell; plei-kia alert no_loudspeaker to_tell; "
                 "plei-xa alert no_loudspeaker to_tell");
    look(txn, "a1", NOW + 59 * G_USEC_PER_SEC);
    assert_tasks("a1",
                 "ia-le-b alert no_language to_tell; plei-kia alert no_loudspeaker to_tell; "
                 "plei-xa alert no_loudspeaker to_tell");
    /* Zone a of ia-le says that it has it; ia-blu does not say anything. */
    answered(txn, "ia-le", "a", "alert_taken", "none");
    look(txn, "a1", NOW + MINUTE);
    assert_tasks("a1",
                 "ia-blu-a alert no_answer to_tell; ia-le-b alert no_language to_tell; "
                 "plei-kia alert no_loudspeaker to_tell; plei-xa alert no_loudspeaker to_tell");
    answered(txn, "ia-le", "a", "alert_ended", "relay_failed");
    look(txn, "a1", NOW + 2 * MINUTE);
    look(txn, "a1", NOW + 2 * MINUTE);
    assert_tasks("a1",
                 "ia-blu-a alert no_answer to_tell; ia-le-a alert not_heard to_tell; "
                 "ia-le-b alert no_language to_tell; plei-kia alert no_loudspeaker to_tell; "
                 "plei-xa alert no_loudspeaker to_tell");
    xa = task_of(txn, "a1", "plei-xa");
    audit = sched_store_audit_list(txn, xa, 0, 1, error);
    g_assert_cmpstr(((SchedAuditRow *) audit->pdata[0])->action, ==, "messenger.task");

    /* It is stopped: who knew of it is to be told, and nobody goes for the rest. */
    temp_store_as(txn, "approver", NOW + 3 * MINUTE);
    assert_done(say(txn, xa, SCHED_MESSENGER_TOLD, SCHED_MESSENGER_PHONE, 0, 0, "", &problem));
    kia = task_of(txn, "a1", "plei-kia");
    assert_done(say(txn, kia, SCHED_MESSENGER_NOT_REACHED, SCHED_MESSENGER_ON_FOOT, 0, 0,
                    "ngầm tràn ngập", &problem));
    stop(txn, "s1", "a1", "ia-le", NOW + 4 * MINUTE);
    assert_tasks("a1", "ia-blu-a alert no_answer to_tell; ia-le-a alert not_heard no_longer; "
                       "ia-le-b alert no_language no_longer; plei-kia alert no_loudspeaker "
                       "not_reached; plei-xa alert no_loudspeaker told");
    stop(txn, "s2", NULL, "gia-lai", NOW + 5 * MINUTE);
    assert_tasks(
        "a1", "ia-blu-a alert no_answer no_longer; ia-le-a alert not_heard no_longer; "
              "ia-le-b alert no_language no_longer; plei-kia alert no_loudspeaker "
              "not_reached; plei-kia alert_over no_loudspeaker to_tell; "
              "plei-xa alert no_loudspeaker told; plei-xa alert_over no_loudspeaker to_tell");
    stop(txn, "s3", "a1", NULL, NOW + 6 * MINUTE);
    missing = sched_store_messenger_missing(txn, "a1", NOW + 7 * MINUTE, error);
    g_assert_cmpuint(missing->len, ==, 0);
    return TRUE;
}

static void
test_alert(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, alert_body, NULL);
}

/* The correction goes where it is told itself; elsewhere the first one is still to be told. */
static gboolean
replaced_body(SchedTxn *txn, gpointer data, GError **error)
{
    add_villages(txn);
    call(txn, "a1", "ia-blu", NULL, NOW);
    call(txn, "a2", "plei-xa", "a1", NOW + MINUTE);
    assert_tasks("a1", "plei-kia alert no_loudspeaker to_tell; plei-xa alert no_loudspeaker "
                       "no_longer");
    assert_tasks("a2", "plei-xa alert no_loudspeaker to_tell");
    return TRUE;
}

static void
test_replaced(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, replaced_body, NULL);
}

/* However many villages there are, the call makes some tasks, and the next look all the others.
 */
static gboolean
many_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedMessengerFilter of = {.alert = "a1"};
    g_autoptr(GPtrArray) first = NULL, all = NULL;

    temp_store_exec(txn, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 100) INSERT INTO areas (id, parent, kind, name) "
                         "SELECT 'v' || i, 'ia-blu', 'village', 'V' FROM n");
    call(txn, "a1", "chu-puh", NULL, NOW);
    first = sched_store_messenger_list(txn, &of, error);
    g_assert_cmpuint(first->len, ==, SCHED_MESSENGER_AT_ONCE);
    for (guint i = 0; i < first->len; i++)
        g_assert_cmpint(((SchedMessengerTaskRow *) first->pdata[i])->why, ==,
                        SCHED_MESSENGER_NO_LOUDSPEAKER);
    look(txn, "a1", NOW + 10);
    all = sched_store_messenger_list(txn, &of, error);
    g_assert_cmpuint(all->len, ==, 101); /* and ia-le-b, which wants Bahnar */
    return TRUE;
}

static void
test_many(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, many_body, NULL);
}

/* --- what is said ----------------------------------------------------------------------------
 */

static void
assert_wrong_steps(SchedTxn *txn, const char *task)
{
    g_autofree char *much = g_strnfill(SCHED_MESSENGER_NOTE_MAX_BYTES + 1, 'x');
    /* clang-format off */
    const struct { const char *why; SchedMessengerState state; SchedMessengerMeans means; gint64 reached, households; const char *note; SchedStoreError code; } cases[] = {
        { "told by nothing",          SCHED_MESSENGER_TOLD,        SCHED_MESSENGER_UNSAID, 0,  0,  "", SCHED_STORE_ERROR_INVALID },
        { "counted when told",        SCHED_MESSENGER_TOLD,        SCHED_MESSENGER_PHONE,  1,  45, "", SCHED_STORE_ERROR_INVALID },
        { "of how many",              SCHED_MESSENGER_CONFIRMED,   SCHED_MESSENGER_GONG,   0,  0,  "", SCHED_STORE_ERROR_INVALID },
        { "more than there are",      SCHED_MESSENGER_CONFIRMED,   SCHED_MESSENGER_GONG,   46, 45, "", SCHED_STORE_ERROR_INVALID },
        { "fewer than none",          SCHED_MESSENGER_CONFIRMED,   SCHED_MESSENGER_GONG,   -1, 45, "", SCHED_STORE_ERROR_INVALID },
        { "a town",                   SCHED_MESSENGER_CONFIRMED,   SCHED_MESSENGER_GONG,   1,  SCHED_MESSENGER_MAX_HOUSEHOLDS + 1, "", SCHED_STORE_ERROR_INVALID },
        { "not reached, and no why",  SCHED_MESSENGER_NOT_REACHED, SCHED_MESSENGER_UNSAID, 0,  0,  "", SCHED_STORE_ERROR_INVALID },
        { "a long story",             SCHED_MESSENGER_NOT_REACHED, SCHED_MESSENGER_UNSAID, 0,  0,  much, SCHED_STORE_ERROR_INVALID },
        { "open again",               SCHED_MESSENGER_OPEN,        SCHED_MESSENGER_UNSAID, 0,  0,  "", SCHED_STORE_ERROR_RULE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code,
                       say(txn, task, cases[i].state, cases[i].means, cases[i].reached,
                           cases[i].households, cases[i].note, &problem));
    }
}

static void
assert_times(SchedTxn *txn, const char *task)
{
    SchedMessengerStepRow early = {.state = SCHED_MESSENGER_TOLD,
                                   .means = SCHED_MESSENGER_DRUM,
                                   .at_us = NOW - 1,
                                   .person = (char *) "",
                                   .note = (char *) ""};

    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_messenger_step(txn, task, &early, &problem));
    early.at_us = NOW + MINUTE + 1;
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_messenger_step(txn, task, &early, &problem));
    early.at_us = NOW + 1;
    assert_done(sched_store_messenger_step(txn, task, &early, &problem));
}

static void
assert_put_right(SchedTxn *txn, const char *task, GError **error)
{
    g_autoptr(SchedMessengerTaskRow) row = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    assert_done(
        say(txn, task, SCHED_MESSENGER_CONFIRMED, SCHED_MESSENGER_GONG, 45, 45, "", &problem));
    /* Put right, and what was wrong still stands there. */
    assert_done(say(txn, task, SCHED_MESSENGER_CONFIRMED, SCHED_MESSENGER_GONG, 42, 45,
                    "ba hộ đi rẫy", &problem));
    row = sched_store_messenger_get(txn, task, error);
    g_assert_cmpint(row->state, ==, SCHED_MESSENGER_CONFIRMED);
    g_assert_cmpint(row->reached, ==, 42);
    g_assert_cmpint(row->households, ==, 45);
    g_assert_cmpstr(row->note, ==, "ba hộ đi rẫy");
    g_assert_cmpstr(row->title, ==, "Lũ");
    g_assert_cmpstr(row->date, ==, "2026-03-02");
    steps = sched_store_messenger_steps(txn, task, error);
    g_assert_cmpuint(steps->len, ==, 3);
    g_assert_cmpint(((SchedMessengerStepRow *) steps->pdata[0])->at_us, ==, NOW + 1);
    g_assert_cmpint(((SchedMessengerStepRow *) steps->pdata[1])->reached, ==, 45);
}

static void
assert_sums(SchedTxn *txn, GError **error)
{
    g_autoptr(SchedMessengerSum) sum = NULL, elsewhere = NULL;

    sum = sched_store_messenger_sum(txn, "chu-puh", "2026-03-01", "2026-03-02", error);
    g_assert_cmpint(sum->n_tasks, ==, 1);
    g_assert_cmpint(sum->n_confirmed, ==, 1);
    g_assert_cmpint(sum->reached, ==, 42);
    g_assert_cmpint(sum->households, ==, 45);
    elsewhere = sched_store_messenger_sum(txn, "ia-le", "2026-03-01", "2026-03-02", error);
    g_assert_cmpint(elsewhere->n_tasks, ==, 0);
}

static void
assert_history(SchedTxn *txn, const char *task, GError **error)
{
    /* clang-format off */
    static const char *const attempts[] = {
        "UPDATE messenger_steps SET reached = 45",
        "DELETE FROM messenger_steps",
        "DELETE FROM messenger_tasks",
        "UPDATE messenger_tasks SET state = 'told'",
        "UPDATE messenger_tasks SET due_us = due_us + 1",
        "UPDATE messenger_tasks SET village = 'plei-kia'",
        "INSERT INTO messenger_steps SELECT task, 40, state, at_us, author, means, person, reached, households, note FROM messenger_steps LIMIT 1",
    };
    /* clang-format on */
    g_autoptr(SchedMessengerTaskRow) again = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_test_message("%s", attempts[i]);
        assert_refused(txn, SCHED_STORE_ERROR_RULE,
                       sched_sql_run(txn, attempts[i], &problem, ""));
    }
    for (gint i = 3; i < SCHED_MESSENGER_MAX_STEPS; i++)
        assert_done(say(txn, task, SCHED_MESSENGER_NOT_REACHED, SCHED_MESSENGER_GONG, 0, 0,
                        "lũ", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   say(txn, task, SCHED_MESSENGER_NOT_REACHED, SCHED_MESSENGER_GONG, 0, 0, "lũ",
                       &problem));
    /* Not reached since: still what the last confirmation counted. */
    again = sched_store_messenger_get(txn, task, error);
    g_assert_cmpint(again->state, ==, SCHED_MESSENGER_NOT_REACHED);
    g_assert_cmpint(again->reached, ==, 42);
}

/* In this order: each stands on the steps of the ones before it. */
static gboolean
steps_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *task = NULL;

    add_villages(txn);
    call(txn, "a1", "plei-xa", NULL, NOW);
    task = task_of(txn, "a1", "plei-xa");
    temp_store_as(txn, "editor", NOW + MINUTE);
    assert_wrong_steps(txn, task);
    assert_times(txn, task);
    assert_put_right(txn, task, error);
    assert_sums(txn, error);
    assert_history(txn, task, error);
    return TRUE;
}

static void
test_steps(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, steps_body, NULL);
}

/* --- announcements ---------------------------------------------------------------------------
 */

/* Written and recorded, checked and approved, by three people. */
static void
approve_version(SchedTxn *txn, const char *language, const char *script)
{
    g_autofree char *object = temp_store_hash(language);
    g_autofree char *id = g_strconcat("v-", language, NULL);
    const SchedObjectRow audio = {.hash = object, .size_bytes = 9, .duration_us = 9};
    const SchedVersionRow row = {.id = id,
                                 .announcement = (char *) "tin",
                                 .language = (char *) language,
                                 .object = object,
                                 .script = (char *) script,
                                 .announcer_name = (char *) "Mai",
                                 .note = (char *) ""};
    g_autoptr(GPtrArray) signatures =
        g_ptr_array_new_with_free_func(content_signature_shape.free);
    g_autoptr(SchedVersionRow) kept = NULL;
    g_autoptr(GBytes) statement = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_object_put(txn, &audio, NULL, &problem));
    assert_done(sched_store_version_put(txn, &row, &problem));
    kept = sched_store_version_get(txn, id, NULL);
    temp_store_as(txn, "reader", NOW);
    assert_done(sched_store_version_check(txn, id, object, kept->script_hash, &problem));
    temp_store_as(txn, "approver", NOW);
    statement = sched_store_approval_build(txn, id, object, kept->script_hash, NULL);
    g_ptr_array_add(signatures, signature());
    assert_done(sched_store_approval_add(txn, id, statement, signatures, &problem));
}

static char *
texts(SchedTxn *txn, const char *task)
{
    g_autoptr(SchedMessengerTaskRow) row = sched_store_messenger_get(txn, task, NULL);
    g_autoptr(GPtrArray) rows = sched_store_messenger_texts(txn, row, NULL);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < rows->len; i++) {
        const SchedMessengerTextRow *one = rows->pdata[i];

        g_string_append_printf(out, "%s%s: %s", i == 0 ? "" : "; ", one->language, one->text);
    }
    return g_string_free(out, FALSE);
}

#define assert_texts(task, expected)                                                           \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autofree char *said_ = texts(txn, task);                                             \
        g_assert_cmpstr(said_, ==, expected);                                                  \
    }                                                                                          \
    G_STMT_END

static SchedMessengerTaskRow
announcement_task(void)
{
    return (SchedMessengerTaskRow){.id = (char *) "t1",
                                   .village = (char *) "plei-xa",
                                   .kind = SCHED_MESSENGER_OF_ANNOUNCEMENT,
                                   .announcement = (char *) "tin",
                                   .why = SCHED_MESSENGER_NO_LOUDSPEAKER,
                                   .date = (char *) "2026-03-02",
                                   .due_us = NOW + TEMP_STORE_DAY_US};
}

/* An announcement in Vietnamese and Bahnar, approved. */
static void
add_announcement(SchedTxn *txn)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow tin = {.id = (char *) "tin",
                                      .title = (char *) "Tin",
                                      .category = (char *) "",
                                      .source_number = (char *) "1",
                                      .source_issuer = (char *) "U",
                                      .source_date = (char *) "2026-01-01",
                                      .valid_until_us = G_GINT64_CONSTANT(4000000000000000),
                                      .home = (char *) "chu-puh",
                                      .areas = areas};

    g_ptr_array_add(areas, (gpointer) "chu-puh");
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, &tin, 0, &problem));
    approve_version(txn, "vi", "Tiêm phòng sáng mai.");
    approve_version(txn, "bdq", "Pơm hơdai.");
}

/* Two villages without a loudspeaker: one task each, once, whoever asks. */
static void
add_announcement_tasks(SchedTxn *txn)
{
    SchedMessengerTaskRow task = announcement_task();
    gint64 n_waiting = 0;

    temp_store_as(txn, "system", NOW);
    assert_done(sched_store_messenger_add(txn, &task, &problem));
    task.id = (char *) "t2";
    assert_done(sched_store_messenger_add(txn, &task, &problem));
    g_assert_true(sched_store_messenger_has(txn, "tin", "plei-xa"));
    g_assert_false(sched_store_messenger_has(txn, "tin", "plei-kia"));
    task.village = (char *) "plei-kia";
    assert_done(sched_store_messenger_add(txn, &task, &problem));
    assert_done(sched_store_messenger_n_waiting(txn, &n_waiting, &problem));
    g_assert_cmpint(n_waiting, ==, 2);
}

static void
assert_announcement_texts(SchedTxn *txn)
{
    g_autoptr(SchedMessengerVillageRow) village = village_new("plei-xa");

    /* Nothing agreed: all there is, Vietnamese first. */
    assert_texts("t1", "vi: Tiêm phòng sáng mai.; bdq: Pơm hơdai.");
    temp_store_as(txn, "editor", NOW);
    languages(village, "jra bdq-x-kriem");
    assert_done(sched_store_messenger_village_put(txn, village, &problem));
    /* Jrai is missing and that is told; the dialect reads its language. */
    assert_texts("t1", "jra: ; bdq-x-kriem: Pơm hơdai.; vi: Tiêm phòng sáng mai.");
}

/* What was told stays a task; what was not is none any more. */
static void
assert_withdrawn(SchedTxn *txn, GError **error)
{
    const SchedMessengerFilter waiting = {.waiting = TRUE}, day = {.date = "2026-03-02"};
    g_autoptr(GPtrArray) open = NULL, of_day = NULL;

    assert_done(say(txn, "t1", SCHED_MESSENGER_TOLD, SCHED_MESSENGER_DRUM, 0, 0, "", &problem));
    assert_done(sched_store_announcement_withdraw(txn, "tin", &problem));
    open = sched_store_messenger_list(txn, &waiting, error);
    g_assert_cmpuint(open->len, ==, 1);
    g_assert_cmpstr(((SchedMessengerTaskRow *) open->pdata[0])->id, ==, "t1");
    of_day = sched_store_messenger_list(txn, &day, error);
    g_assert_cmpuint(of_day->len, ==, 2);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   say(txn, "t2", SCHED_MESSENGER_TOLD, SCHED_MESSENGER_DRUM, 0, 0, "",
                       &problem));
}

static gboolean
announcement_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedMessengerTaskRow over = announcement_task();

    add_villages(txn);
    add_announcement(txn);
    add_announcement_tasks(txn);
    assert_announcement_texts(txn);
    assert_withdrawn(txn, error);

    /* An alert that ended: no sentence of its own in Jrai is made up. */
    call(txn, "a1", "plei-xa", NULL, NOW);
    over.id = (char *) "t3";
    over.kind = SCHED_MESSENGER_OF_OVER;
    over.announcement = NULL;
    over.alert = (char *) "a1";
    assert_done(sched_store_messenger_add(txn, &over, &problem));
    assert_texts("t3", "jra: ; bdq-x-kriem: ; vi: Cảnh báo “Lũ” không còn hiệu lực từ 07:00 "
                       "02/03/2026.");
    return TRUE;
}

static void
test_announcement(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, announcement_body, NULL);
}

/* After the retention time tasks go with the alert that made them. */
static gboolean
retention_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *task = NULL;
    gint64 deleted = 0, left = -1;
    gboolean more = TRUE;

    add_villages(txn);
    call(txn, "a1", "plei-xa", NULL, NOW);
    task = task_of(txn, "a1", "plei-xa");
    assert_done(
        say(txn, task, SCHED_MESSENGER_CONFIRMED, SCHED_MESSENGER_GONG, 45, 45, "", &problem));
    temp_store_as(txn, "system", NOW + 11 * 366 * TEMP_STORE_DAY_US);
    while (more)
        assert_done(sched_store_retention_step(txn, &deleted, &more, &problem));
    assert_done(
        sched_sql_int(txn,
                      "SELECT (SELECT count(*) FROM messenger_steps) + (SELECT count(*) "
                      "FROM messenger_tasks) + (SELECT count(*) FROM alerts)",
                      &left, &problem, ""));
    g_assert_cmpint(left, ==, 0);
    return TRUE;
}

static void
test_retention(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, retention_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/messengers/village", test_village);
    g_test_add_func("/scheduler/store/messengers/alert", test_alert);
    g_test_add_func("/scheduler/store/messengers/replaced", test_replaced);
    g_test_add_func("/scheduler/store/messengers/many", test_many);
    g_test_add_func("/scheduler/store/messengers/steps", test_steps);
    g_test_add_func("/scheduler/store/messengers/announcement", test_announcement);
    g_test_add_func("/scheduler/store/messengers/retention", test_retention);
    return g_test_run();
}
