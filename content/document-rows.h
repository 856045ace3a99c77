/*
 * document-rows.h - short ways to write the rows of member tables, and the limits they share.
 *
 * Flow: included by the files that hold tables (plan.c, manifest.c, …), by nobody else. Pure.
 *
 * A row without OPTIONAL in its name is required. The JSON name is the field's name; rows that
 * need another one (`class` is `class_` in C) are written out with ROW_CLASS.
 */
#pragma once

#include "content/document.h"

/* Limits of words that people wrote; a Vietnamese letter takes up to 3 bytes. */
#define ROW_NAME_MAX_BYTES    200
#define ROW_TITLE_MAX_BYTES   400
#define ROW_WORDS_MAX_BYTES   300
#define ROW_VERSION_MAX_BYTES 64 /* of a program */
#define ROW_TZID_MAX_BYTES    64 /* the longest of tzdata has 32 */
#define ROW_PEM_MAX_BYTES     16384
#define ROW_URL_MAX_BYTES     300
#define ROW_PUBLIC_KEY_BYTES  56        /* minisign public key line: 42 bytes in base64 */
#define ROW_GAIN_MIN_MDB      (-60000)  /* quieter than that is silence */
#define ROW_LEVEL_MIN_MDB     (-200000) /* digital silence is written as this */
#define ROW_LEVEL_MAX_MDB     10000
#define ROW_MINUTES_MAX       1440
#define ROW_COUNT_MAX         CONTENT_US_MAX /* counters and sizes: exact in a double */

/* clang-format off */
#define ROW_ANY(T, field_, name_, kind_, ...)                                                   \
    { .name = (name_), .kind = (kind_), .offset = G_STRUCT_OFFSET(T, field_), __VA_ARGS__ }
#define ROW_END { .name = NULL }

#define ROW_INT(T, f, lo, hi, u, m)                                                             \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_INT, .required = TRUE, .min = (lo), .max = (hi),           \
            .unit = u, .meaning = m)
#define ROW_OPTIONAL_INT(T, f, lo, hi, a, u, m)                                                 \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_INT, .min = (lo), .max = (hi), .absent = (a), .unit = u,   \
            .meaning = m)
/* Instants and spans in µs. An optional one is 0 when it is absent. */
#define ROW_UTC(T, f, m)           ROW_INT(T, f, 0, CONTENT_US_MAX, "µs UTC", m)
#define ROW_OPTIONAL_UTC(T, f, m)  ROW_OPTIONAL_INT(T, f, 0, CONTENT_US_MAX, 0, "µs UTC", m)
#define ROW_COUNT(T, f, u, m)      ROW_INT(T, f, 0, ROW_COUNT_MAX, u, m)

#define ROW_TEXT(T, f, lo, hi, m)                                                               \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_TEXT, .required = TRUE, .min = (lo), .max = (hi),          \
            .unit = "", .meaning = m)
#define ROW_OPTIONAL_TEXT(T, f, lo, hi, m)                                                      \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_TEXT, .min = (lo), .max = (hi), .unit = "", .meaning = m)
#define ROW_HEX(T, f, digits, m)                                                                \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_HEX, .required = TRUE, .min = (digits), .max = (digits),   \
            .unit = "", .meaning = m)
/* A text whose kind says all about its form: ROW_WORD(T, station, ID, "…"). */
#define ROW_WORD(T, f, KIND, m)                                                                 \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_##KIND, .required = TRUE, .unit = "", .meaning = m)
#define ROW_OPTIONAL_WORD(T, f, KIND, m)                                                        \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_##KIND, .unit = "", .meaning = m)

#define ROW_BOOL(T, f, m)                                                                       \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_BOOL, .required = TRUE, .unit = "", .meaning = m)
#define ROW_OPTIONAL_BOOL(T, f, m)                                                              \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_BOOL, .unit = "", .meaning = m)
#define ROW_ENUM(T, f, words, m)                                                                \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_ENUM, .required = TRUE, .choices = words, .unit = "",      \
            .meaning = m)
#define ROW_OPTIONAL_ENUM(T, f, words, m)                                                       \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_ENUM, .choices = words, .unit = "", .meaning = m)
#define ROW_CLASS(T, m)                                                                         \
    ROW_ANY(T, class_, "class", CONTENT_MEMBER_ENUM, .required = TRUE,                          \
            .choices = content_class_words, .unit = "", .meaning = m)

#define ROW_OPTIONAL_STRUCT(T, f, shape, m)                                                     \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_STRUCT, .element = &shape, .unit = "", .meaning = m)
#define ROW_STRUCTS(T, f, n, shape, m)                                                          \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_STRUCT, .required = TRUE, .is_list = TRUE,                 \
            .max_count = (n), .element = &shape, .unit = "", .meaning = m)
#define ROW_WORDS(T, f, n, KIND, m)                                                             \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_##KIND, .required = TRUE, .is_list = TRUE,                 \
            .max_count = (n), .unit = "", .meaning = m)
#define ROW_OPTIONAL_WORDS(T, f, n, KIND, m)                                                    \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_##KIND, .is_list = TRUE, .max_count = (n), .unit = "",     \
            .meaning = m)
#define ROW_TEXTS(T, f, n, lo, hi, m)                                                           \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_TEXT, .required = TRUE, .is_list = TRUE,                   \
            .max_count = (n), .min = (lo), .max = (hi), .unit = "", .meaning = m)

/* The members of a remark (remark.h), for its own shape and for structs that hold one; rows stand
 * by name, so a member between them is written in the middle. */
#define ROW_REMARK_ARGUMENTS(T, f)                                                              \
    ROW_ANY(T, f, "arguments", CONTENT_MEMBER_STRUCT, .is_list = TRUE,                          \
            .max_count = CONTENT_REMARK_MAX_ARGUMENTS,                                          \
            .element = &content_remark_argument_shape, .unit = "",                              \
            .meaning = "Numbers, ids and names for the code's sentence.")
#define ROW_REMARK_CODE(T, f)                                                                   \
    ROW_ANY(T, f, "code", CONTENT_MEMBER_TEXT, .required = TRUE, .min = 1, .max = 40,           \
            .unit = "", .meaning = "What it is: a word of the table of codes, or of a newer one.")
#define ROW_REMARK_SUBJECT(T, f)                                                                \
    ROW_ANY(T, f, "subject", CONTENT_MEMBER_TEXT, .min = 1,                                     \
            .max = CONTENT_REMARK_SUBJECT_BYTES, .unit = "",                                    \
            .meaning = "Board, relay, zone, output, object or document type.")
#define ROW_REMARK_WORDS(T, f)                                                                  \
    ROW_ANY(T, f, "words", CONTENT_MEMBER_TEXT, .min = 1,                                       \
            .max = CONTENT_REMARK_WORDS_MAX_BYTES, .unit = "",                                  \
            .meaning = "Free text of a library, as it said it, where no code says it.")
#define ROW_REMARKS(T, f, n, m)                                                                 \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_STRUCT, .is_list = TRUE, .max_count = (n),                 \
            .element = &content_remark_shape, .unit = "", .meaning = m)

/* A shape named `shape_`, made of the table shape_##_members, for structs of type T. */
#define ROWS_DEFINE_SHAPE(shape_, T, name_, check_)                                             \
    static void shape_##_element_free(gpointer element)                                         \
    {                                                                                           \
        content_shape_free(&shape_, element);                                                   \
    }                                                                                           \
    const ContentShape shape_ = { name_, sizeof(T), shape_##_members, shape_##_element_free,    \
                                  check_ };

/* A document type prefix_##_type with prefix_##_free(), made of the table prefix_##_members. */
#define ROWS_DEFINE_DOCUMENT(prefix_, T, name_, max_bytes_, check_)                             \
    static void prefix_##_document_free(gpointer document)                                      \
    {                                                                                           \
        content_document_free(&prefix_##_type, document);                                       \
    }                                                                                           \
    static const ContentShape prefix_##_shape = { name_, sizeof(T), prefix_##_members,          \
                                                  prefix_##_document_free, check_ };            \
    const ContentDocumentType prefix_##_type = { name_, CONTENT_DOCUMENT_V, max_bytes_,         \
                                                 &prefix_##_shape };                            \
    void prefix_##_free(T *document)                                                            \
    {                                                                                           \
        content_document_free(&prefix_##_type, document);                                       \
    }
/* clang-format on */
