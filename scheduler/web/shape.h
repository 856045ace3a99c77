/*
 * shape.h - JSON bodies of the API read into rows, and rows written as JSON, along one table.
 *
 * Flow: body (JSON) -> sched_shape_read() -> a row of the store; a row -> sched_shape_write()
 * -> answer. The tables are those of content/document.h, read more kindly than a signed
 * document: texts are repaired as content/language.h says, null means absent, a member may say
 * what leaving it out says. Pure.
 */
#pragma once

#include "content/document.h"

#include <jansson.h>

#define SCHED_SHAPE_ERROR (sched_shape_error_quark())
GQuark sched_shape_error_quark(void);

typedef enum {
    SCHED_SHAPE_ERROR_JSON,   /* not JSON, too deep, or not an object */
    SCHED_SHAPE_ERROR_MEMBER, /* unknown, missing, wrong kind or out of range; it is named */
} SchedShapeError;

/*
 * In the place of a unit: a text that nobody reads, kept as it was typed (in NFC, for keyboards
 * differ).
 */
#define SCHED_SHAPE_SECRET "secret"
#define ROW_SECRET(T, f, hi, m)                                                                \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_TEXT, .required = TRUE, .min = 1, .max = (hi),            \
            .unit = SCHED_SHAPE_SECRET, .meaning = m)
#define ROW_OPTIONAL_SECRET(T, f, hi, m)                                                       \
    ROW_ANY(T, f, #f, CONTENT_MEMBER_TEXT, .min = 1, .max = (hi), .unit = SCHED_SHAPE_SECRET,  \
            .meaning = m)

/* Nesting of a body; the deepest one of ours has 4. */
#define SCHED_SHAPE_MAX_DEPTH 12

/**
 * sched_shape_parse:
 *
 * Returns: (transfer full): the object in @body; depth is checked before the parser sees it
 */
json_t *sched_shape_parse(GBytes *body, GError **error);

/**
 * sched_shape_read:
 * @shape: what may stand in @object; an unknown member is an error
 * @row: (inout): a struct of @shape; members that stand in @object replace its fields
 * @out_member: (out) (optional) (transfer full) (nullable): path of the member at fault
 * @notices: (nullable) (element-type utf8): gets what was repaired: "name: 1 × …"
 *
 * Texts but secrets are repaired, in @object too: read again, it has nothing to be mended.
 * An absent optional text that may be empty becomes "" where the field is NULL.
 */
gboolean sched_shape_read(const ContentShape *shape, json_t *object, gpointer row,
                          char **out_member, GPtrArray *notices, GError **error);

/** sched_shape_write: Returns: (transfer full): all members of @row; absent ones left out */
json_t *sched_shape_write(const ContentShape *shape, gconstpointer row);

/** sched_shape_write_all: @rows: structs of @shape; Returns: (transfer full): an array */
json_t *sched_shape_write_all(const ContentShape *shape, GPtrArray *rows);
