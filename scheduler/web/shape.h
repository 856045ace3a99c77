/*
 * shape.h - JSON bodies of the API read into rows, and rows written as JSON, along one table.
 *
 * Flow: body (JSON) -> sched_shape_read() -> a row of the store; a row -> sched_shape_write()
 * -> answer. The tables are those of content/document.h, read more kindly than a signed
 * document: texts are repaired to NFC, null means absent, a member may say what leaving it out
 * says. Pure.
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
 *
 * An absent optional text that may be empty becomes "" where the field is NULL.
 */
gboolean sched_shape_read(const ContentShape *shape, json_t *object, gpointer row,
                          char **out_member, GError **error);

/** sched_shape_write: Returns: (transfer full): all members of @row; absent ones left out */
json_t *sched_shape_write(const ContentShape *shape, gconstpointer row);

/** sched_shape_write_all: @rows: structs of @shape; Returns: (transfer full): an array */
json_t *sched_shape_write_all(const ContentShape *shape, GPtrArray *rows);
