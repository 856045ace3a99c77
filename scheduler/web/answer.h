/*
 * answer.h - what a route answers, said once, in the words of content/document.h.
 *
 * Flow: a row of the table of routes names one -> openapi.c writes it into docs/openapi.yaml;
 * the tests of the API hold every answer that they receive against it (tests/scheduler/web/
 * answer-check.h), so that the page cannot say what the program does not. Pure.
 */
#pragma once

#include "content/document-rows.h"

typedef struct SchedAnswer SchedAnswer;

/* A member that stands beside those of the row. */
typedef struct {
    ContentMember is; /* its offset says nothing here; a list without max_count has no limit */
    const SchedAnswer *of; /* (nullable): a STRUCT that is no shape of one table alone */
} SchedAnswerMember;

/* An object: the members of a row, of a whole document, and more beside them. */
struct SchedAnswer {
    const char *name; /* (nullable): of its schema; NULL: a row alone, and its name */
    const ContentDocumentType *document; /* (nullable): its members, `type` and `v` */
    const ContentShape *row;             /* (nullable): its members */
    const SchedAnswerMember *more;       /* (nullable): ended by ANSWER_END */
};

/* clang-format off */
#define ANSWER_ANY(name_, kind_, ...) { { .name = (name_), .kind = (kind_), .unit = "", __VA_ARGS__ }, NULL }
#define ANSWER_END                    { { .name = NULL }, NULL }

#define ANSWER_INT(n, lo, hi, u, m)                                                             \
    { { .name = (n), .kind = CONTENT_MEMBER_INT, .required = TRUE, .min = (lo), .max = (hi),    \
        .unit = (u), .meaning = (m) }, NULL }
#define ANSWER_OPTIONAL_INT(n, lo, hi, u, m)                                                    \
    { { .name = (n), .kind = CONTENT_MEMBER_INT, .min = (lo), .max = (hi), .unit = (u),         \
        .meaning = (m) }, NULL }
#define ANSWER_UTC(n, m)   ANSWER_INT(n, 0, CONTENT_US_MAX, "µs UTC", m)
#define ANSWER_COUNT(n, m) ANSWER_INT(n, 0, ROW_COUNT_MAX, "", m)
#define ANSWER_WORD(n, KIND, m)                                                                 \
    ANSWER_ANY(n, CONTENT_MEMBER_##KIND, .required = TRUE, .meaning = (m))
#define ANSWER_OPTIONAL_WORD(n, KIND, m) ANSWER_ANY(n, CONTENT_MEMBER_##KIND, .meaning = (m))
#define ANSWER_TEXT(n, lo, hi, m)                                                               \
    ANSWER_ANY(n, CONTENT_MEMBER_TEXT, .required = TRUE, .min = (lo), .max = (hi), .meaning = (m))
#define ANSWER_OPTIONAL_TEXT(n, lo, hi, m)                                                      \
    ANSWER_ANY(n, CONTENT_MEMBER_TEXT, .min = (lo), .max = (hi), .meaning = (m))
#define ANSWER_OPTIONAL_ENUM(n, words, m)                                                       \
    ANSWER_ANY(n, CONTENT_MEMBER_ENUM, .choices = (words), .meaning = (m))
#define ANSWER_BOOL(n, m) ANSWER_ANY(n, CONTENT_MEMBER_BOOL, .required = TRUE, .meaning = (m))
/* Rows of one table, and one such row. */
#define ANSWER_ROWS(n, shape, m)                                                                \
    ANSWER_ANY(n, CONTENT_MEMBER_STRUCT, .required = TRUE, .is_list = TRUE, .element = &(shape), \
               .meaning = (m))
#define ANSWER_OPTIONAL_ROW(n, shape, m)                                                        \
    ANSWER_ANY(n, CONTENT_MEMBER_STRUCT, .element = &(shape), .meaning = (m))
/* Objects that are answers of their own. */
#define ANSWER_LIST(n, answer, m)                                                               \
    { { .name = (n), .kind = CONTENT_MEMBER_STRUCT, .required = TRUE, .is_list = TRUE,          \
        .unit = "", .meaning = (m) }, &(answer) }
#define ANSWER_OPTIONAL_PART(n, answer, m)                                                      \
    { { .name = (n), .kind = CONTENT_MEMBER_STRUCT, .unit = "", .meaning = (m) }, &(answer) }
/* clang-format on */

/*
 * Stands in the answer of every route that takes a JSON body of a person's, beside its own
 * members, where a text was changed.
 */
#define SCHED_ANSWER_REPAIRED "repaired"
extern const SchedAnswerMember sched_answer_repaired;

/* What writing routes answer that have nothing to tell: {}. */
extern const SchedAnswer sched_answer_done;

/* What a row with `louder` answers, with 202, where its work waits for a second person. */
extern const SchedAnswer sched_answer_waits;

/* What every refusal and failure answers (RFC 9457). */
extern const SchedAnswer sched_answer_problem;
