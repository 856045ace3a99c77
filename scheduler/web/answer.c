/* answer.c - see answer.h */
#include "scheduler/web/answer.h"

const SchedAnswer sched_answer_done = {.name = "Done"};

/* clang-format off */
static const SchedAnswerMember waits_more[] = {
    ANSWER_WORD("waits", ID, "Proposal that a second person approves: it would make more sound."),
    ANSWER_END,
};
static const SchedAnswerMember problem_more[] = {
    ANSWER_TEXT("type", 1, 100, "\"about:blank\": the title is that of the status."),
    ANSWER_INT("status", 400, 599, "", "As in the status line."),
    ANSWER_TEXT("title", 1, 100, "The status in words."),
    ANSWER_TEXT("code", 1, 40, "A word for programs: no-right, not-found, member, conflict, rule …"),
    ANSWER_OPTIONAL_TEXT("detail", 1, 4000, "A sentence for a person."),
    ANSWER_OPTIONAL_TEXT("member", 1, 400, "Path of the member of the body that is at fault."),
    ANSWER_WORD("request", ID, "As in X-Request-Id; the scheduler's log names it."),
    ANSWER_END,
};
/* clang-format on */
const SchedAnswerMember sched_answer_repaired =
    ANSWER_ANY(SCHED_ANSWER_REPAIRED, CONTENT_MEMBER_TEXT, .is_list = TRUE, .min = 1,
               .max = 1000,
               .meaning = "Of an answer to a body: what was changed in its texts, in words.");
const SchedAnswer sched_answer_waits = {.name = "Waits", .more = waits_more};
const SchedAnswer sched_answer_problem = {.name = "Problem", .more = problem_more};
