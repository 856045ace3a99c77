/*
 * api-messengers.c - villages that people are sent to: who goes, what is to be told there, and
 * what they say of it.
 *
 * Nothing sounds by any of it. Who may schedule for a place agrees with its villages; who
 * answers for it says what was told and how many households were reached.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/message/address.h"
#include "scheduler/store/messengers.h"

typedef struct {
    GPtrArray *languages, *people; /* (owned) */
    gint64 households;
    char *signal; /* (owned) */
} VillageBody;

/* clang-format off */
static const ContentMember person_shape_members[] = {
    ROW_TEXT(SchedMessengerPersonRow, name, 1, SCHED_MESSENGER_NAME_MAX_BYTES, "Their name."),
    ROW_TEXT(SchedMessengerPersonRow, phone, 0, 40, "Number; empty: none."),
    ROW_ENUM(SchedMessengerPersonRow, means, sched_messenger_means_words, "How they call the village together."),
    ROW_TEXT(SchedMessengerPersonRow, hours, 0, SCHED_MESSENGER_HOURS_MAX_BYTES, "When they can be reached, in words."),
    ROW_END,
};
static API_SHAPE(person_shape, SchedMessengerPersonRow, "MessengerPerson", sched_messenger_person_row_free);

#define AGREED(T)                                                                               \
    ROW_INT(T, households, 0, SCHED_MESSENGER_MAX_HOUSEHOLDS, "", "How many there are; 0: not known."), \
    ROW_WORDS(T, languages, SCHED_MESSENGER_MAX_LANGUAGES, LANGUAGE, "Spoken there, most wanted first."), \
    ROW_STRUCTS(T, people, SCHED_MESSENGER_MAX_PEOPLE, person_shape, "Who goes; the first is asked first."), \
    ROW_TEXT(T, signal, 0, SCHED_MESSENGER_SIGNAL_MAX_BYTES, "The signal that was agreed, in words.")
static const ContentMember village_body_members[] = { AGREED(VillageBody), ROW_END };
static const ContentShape village_body = { "MessengerVillageBody", sizeof(VillageBody), village_body_members };
static const ContentMember village_shape_members[] = {
    ROW_WORD(SchedMessengerVillageRow, village, ID, "The village."),
    ROW_TEXT(SchedMessengerVillageRow, village_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    AGREED(SchedMessengerVillageRow),
    ROW_BOOL(SchedMessengerVillageRow, has_loudspeaker, "It has a loudspeaker, too."),
    ROW_END,
};
static API_SHAPE(village_shape, SchedMessengerVillageRow, "MessengerVillage", sched_messenger_village_row_free);

static const ContentMember task_shape_members[] = {
    ROW_WORD(SchedMessengerTaskRow, id, ID, "Id of the task."),
    ROW_WORD(SchedMessengerTaskRow, village, ID, "Where to go."),
    ROW_TEXT(SchedMessengerTaskRow, village_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_ENUM(SchedMessengerTaskRow, kind, sched_messenger_kind_words, "What is to be told; `alert_over`: that the alert is."),
    ROW_OPTIONAL_WORD(SchedMessengerTaskRow, alert, ID, "Because of this alert; or:"),
    ROW_OPTIONAL_WORD(SchedMessengerTaskRow, announcement, ID, "this announcement."),
    ROW_TEXT(SchedMessengerTaskRow, title, 1, ROW_TITLE_MAX_BYTES, "Its title."),
    ROW_BOOL(SchedMessengerTaskRow, drill, "An exercise."),
    ROW_ENUM(SchedMessengerTaskRow, why, sched_messenger_why_words, "Why somebody has to go."),
    ROW_WORD(SchedMessengerTaskRow, date, DATE, "Local date of the day to which it belongs."),
    ROW_UTC(SchedMessengerTaskRow, made_us, "When it was made."),
    ROW_UTC(SchedMessengerTaskRow, due_us, "By when it is to be done."),
    ROW_ENUM(SchedMessengerTaskRow, state, sched_messenger_state_words, "What was said of it last."),
    ROW_UTC(SchedMessengerTaskRow, changed_us, "When."),
    ROW_TEXT(SchedMessengerTaskRow, changed_by, 0, ROW_NAME_MAX_BYTES, "By whom; empty: nobody said anything."),
    ROW_TEXT(SchedMessengerTaskRow, note, 0, SCHED_MESSENGER_NOTE_MAX_BYTES, "In their words."),
    ROW_INT(SchedMessengerTaskRow, reached, 0, SCHED_MESSENGER_MAX_HOUSEHOLDS, "", "Households that were reached, as it was confirmed last."),
    ROW_INT(SchedMessengerTaskRow, households, 0, SCHED_MESSENGER_MAX_HOUSEHOLDS, "", "Of how many; 0: not known."),
    ROW_TEXT(SchedMessengerTaskRow, person, 0, SCHED_MESSENGER_NAME_MAX_BYTES, "Who is asked first; empty: nobody was named."),
    ROW_TEXT(SchedMessengerTaskRow, phone, 0, SCHED_PHONE_MAX_BYTES, "Their number."),
    ROW_END,
};
static API_SHAPE(task_shape, SchedMessengerTaskRow, "MessengerTask", sched_messenger_task_row_free);

#define SAID                                                                                    \
    ROW_ENUM(SchedMessengerStepRow, state, sched_messenger_state_words, "What is so."),         \
    ROW_OPTIONAL_UTC(SchedMessengerStepRow, at_us, "When; absent: now."),                       \
    ROW_OPTIONAL_ENUM(SchedMessengerStepRow, means, sched_messenger_means_words, "How they were told or called."), \
    ROW_OPTIONAL_TEXT(SchedMessengerStepRow, person, 0, SCHED_MESSENGER_NAME_MAX_BYTES, "Who was told, or who says so."), \
    ROW_OPTIONAL_INT(SchedMessengerStepRow, reached, 0, SCHED_MESSENGER_MAX_HOUSEHOLDS, 0, "", "Households reached."), \
    ROW_OPTIONAL_INT(SchedMessengerStepRow, households, 0, SCHED_MESSENGER_MAX_HOUSEHOLDS, 0, "", "Of how many."), \
    ROW_OPTIONAL_TEXT(SchedMessengerStepRow, note, 0, SCHED_MESSENGER_NOTE_MAX_BYTES, "In words.")
static const ContentMember step_body_members[] = { SAID, ROW_END };
static const ContentShape step_body = { "MessengerStepBody", sizeof(SchedMessengerStepRow), step_body_members };
static const ContentMember step_shape_members[] = {
    SAID,
    ROW_WORD(SchedMessengerStepRow, author, ID, "Who said it."),
    ROW_TEXT(SchedMessengerStepRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_END,
};
static API_SHAPE(step_shape, SchedMessengerStepRow, "MessengerStep", sched_messenger_step_row_free);

static const ContentMember text_shape_members[] = {
    ROW_WORD(SchedMessengerTextRow, language, LANGUAGE, "In which language."),
    ROW_TEXT(SchedMessengerTextRow, text, 0, 65536 * 4, "What is to be said; empty: nobody wrote it in that language."),
    ROW_END,
};
static API_SHAPE(text_shape, SchedMessengerTextRow, "MessengerText", sched_messenger_text_row_free);
/* clang-format on */

/* ---- villages ---- */

static void
village_body_free(VillageBody *body)
{
    content_shape_free(&village_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VillageBody, village_body_free)

static gboolean
answer_village(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedMessengerVillageRow) row =
        sched_store_messenger_village_get(txn, act->arguments[0], error);

    return sched_act_row(act, &village_shape, row);
}

static gboolean
list_villages(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_messenger_village_list(txn, content_call_query(act->call, "area"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedMessengerVillageRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->village))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "villages", &village_shape, rows);
}

static gboolean
put_village(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(VillageBody) body = content_shape_new(&village_body);
    SchedMessengerVillageRow row = {.village = (char *) act->arguments[0]};

    if (!sched_act_read(act, body, error))
        return FALSE;
    for (guint i = 0; i < body->people->len; i++) {
        SchedMessengerPersonRow *person = body->people->pdata[i];
        char *tidy = sched_phone_tidy(person->phone);

        g_free(person->phone);
        person->phone = tidy;
    }
    row.households = body->households;
    row.signal = body->signal;
    row.languages = body->languages;
    row.people = body->people;
    return sched_store_messenger_village_put(txn, &row, error) &&
           answer_village(txn, act, error);
}

/* ---- tasks ---- */

static gboolean
list_tasks(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedMessengerFilter filter = {
        .area = content_call_query(act->call, "area"),
        .alert = content_call_query(act->call, "alert"),
        .date = content_call_query(act->call, "date"),
        .waiting = g_strcmp0(content_call_query(act->call, "waiting"), "true") == 0,
    };
    g_autoptr(GPtrArray) rows = sched_store_messenger_list(txn, &filter, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedMessengerTaskRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->village))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "tasks", &task_shape, rows);
}

static gboolean
get_task(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedMessengerTaskRow) row =
        sched_store_messenger_get(txn, act->arguments[0], error);
    g_autoptr(SchedMessengerVillageRow) village =
        row == NULL ? NULL : sched_store_messenger_village_get(txn, row->village, error);
    g_autoptr(GPtrArray) steps =
        village == NULL ? NULL : sched_store_messenger_steps(txn, row->id, error);
    g_autoptr(GPtrArray) texts =
        steps == NULL ? NULL : sched_store_messenger_texts(txn, row, error);

    if (texts == NULL || !sched_act_row(act, &task_shape, row))
        return FALSE;
    json_object_set_new(act->answer, "signal", json_string(village->signal));
    json_object_set_new(act->answer, "people",
                        sched_shape_write_all(&person_shape, village->people));
    json_object_set_new(act->answer, "steps", sched_shape_write_all(&step_shape, steps));
    json_object_set_new(act->answer, "texts", sched_shape_write_all(&text_shape, texts));
    return TRUE;
}

static gboolean
say_step(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedMessengerStepRow) step = content_shape_new(&step_body);

    if (!sched_act_read(act, step, error))
        return FALSE;
    /* Only what made a task takes it back. */
    if (step->state == SCHED_MESSENGER_DROPPED)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "state: a task is dropped by what ends its cause");
    if (step->person == NULL)
        step->person = g_strdup("");
    if (step->note == NULL)
        step->note = g_strdup("");
    return sched_store_messenger_step(txn, act->arguments[0], step, error) &&
           get_task(txn, act, error);
}

/* Who may schedule there, and who answers for the place. */
#define AGREES                                                                                 \
    (SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_OPERATOR) |                       \
     SCHED_ROLES(SCHED_ROLE_OFFICIAL))
#define SAYS                                                                                   \
    (SCHED_ROLES(SCHED_ROLE_OPERATOR) | SCHED_ROLES(SCHED_ROLE_OFFICIAL) |                     \
     SCHED_ROLES(SCHED_ROLE_APPROVER) | SCHED_ROLES(SCHED_ROLE_EDITOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only villages in this area." },
    { NULL, NULL },
};
static const SchedRouteQuery task_query[] = {
    { "area", "Only villages in this area." },
    { "alert", "Only tasks of this alert; or:" },
    { "date", "only those of this local date; or:" },
    { "waiting", "\"true\": only those that somebody still has to do something of." },
    { NULL, NULL },
};
static const SchedAnswer village_answer = { .row = &village_shape };
static const SchedAnswerMember villages_more[] = {
    ANSWER_ROWS("villages", village_shape, "By name: without a loudspeaker, or with somebody named."), ANSWER_END,
};
static const SchedAnswer village_list = { .name = "MessengerVillageList", .more = villages_more };
static const SchedAnswerMember tasks_more[] = {
    ANSWER_ROWS("tasks", task_shape, "Those that wait first, the next due first; then the newest."), ANSWER_END,
};
static const SchedAnswer task_list = { .name = "MessengerTaskList", .more = tasks_more };
static const SchedAnswerMember task_more[] = {
    ANSWER_TEXT("signal", 0, SCHED_MESSENGER_SIGNAL_MAX_BYTES, "The signal that was agreed."),
    ANSWER_ROWS("people", person_shape, "Who goes; the first is asked first."),
    ANSWER_ROWS("steps", step_shape, "All that was said of it, the first first."),
    ANSWER_ROWS("texts", text_shape, "What is to be said, in the village's languages; and in Vietnamese, where there is that."),
    ANSWER_END,
};
static const SchedAnswer task_answer = { .name = "MessengerTaskWhole", .row = &task_shape, .more = task_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/messenger-villages", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_villages,
      .answer = &village_list, .name = "listMessengerVillages",
      .meaning = "Villages that people are sent to, and who goes." },
    { .method = "PUT", .path = "/api/messenger-villages/{area}", .roles = AGREES, .scope = sched_scope_area,
      .input = SCHED_INPUT_JSON, .body = &village_body, .writes = TRUE, .status = 200,
      .work = put_village, .answer = &village_answer, .name = "setMessengerVillage",
      .meaning = "What was agreed with a village: who goes, by what signal, in which languages." },
    { .method = "GET", .path = "/api/messenger-tasks", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = task_query, .work = list_tasks,
      .answer = &task_list, .name = "listMessengerTasks",
      .meaning = "What is to be carried to villages, and what came of it." },
    { .method = "GET", .path = "/api/messenger-tasks/{task}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_messenger_read, .status = 200, .work = get_task, .answer = &task_answer,
      .name = "getMessengerTask",
      .meaning = "One of them: whom to call, what to say in each language, and what was said of it." },
    { .method = "POST", .path = "/api/messenger-tasks/{task}/steps", .roles = SAYS,
      .scope = sched_scope_messenger, .input = SCHED_INPUT_JSON, .body = &step_body, .writes = TRUE,
      .status = 201, .work = say_step, .answer = &task_answer, .name = "sayMessengerStep",
      .meaning = "It was told, confirmed with how many households were reached, or not reached and "
                 "why; what was said before stays below." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_messengers(void)
{
    return routes;
}
