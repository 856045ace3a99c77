/*
 * remark.h - something to be told to a person: a code and named arguments, no sentence.
 *
 * Flow: gateway and player say what they found -> heartbeats, records, lease states -> stored
 * -> wording.h makes a sentence in the reader's language, whenever it is read. Pure.
 *
 * A remark may lie in a journal for five years and be read in another language than it was
 * written in; so it holds what is true (codes, ids, numbers), and never how it is said.
 */
#pragma once

#include "content/document.h"

#define CONTENT_REMARK_MAX_ARGUMENTS   4
#define CONTENT_REMARK_SUBJECT_BYTES   100
#define CONTENT_REMARK_ARGUMENT_BYTES  120
#define CONTENT_REMARK_WORDS_MAX_BYTES 200

/* A name of the code's row, and a number, an id or a name as text. */
typedef struct {
    char *name;  /* (owned) */
    char *value; /* (owned) */
} ContentRemarkArgument;
extern const ContentShape content_remark_argument_shape;

typedef struct {
    char *code;    /* (owned): of content_remark_codes, or of a newer program's */
    char *subject; /* (owned) (nullable): board, relay, zone, output, object, document type */
    GPtrArray *arguments; /* (owned) (element-type ContentRemarkArgument) */
    char *words; /* (owned) (nullable): free text of a library or a system call: said as it is,
                  * in its own language, behind what the code says */
} ContentRemark;
extern const ContentShape content_remark_shape;
/* A remark by itself, as it is kept; it never travels so. */
extern const ContentDocumentType content_remark_type;

/** content_remark_check: what no single row can say of it, for shapes that hold one */
const char *content_remark_check(gconstpointer element);

/* A code and the names of its arguments. */
typedef struct {
    const char *code;
    const char *family; /* (nullable): codes of one family are one fault whose finding changes:
                         * a board that now is silent and then answers too late */
    const char *arguments[CONTENT_REMARK_MAX_ARGUMENTS + 1]; /* NULL-terminated */
} ContentRemarkCode;

/** content_remark_codes: all that this program can say, ended by a row without a code */
extern const ContentRemarkCode content_remark_codes[];

/** content_remark_find: Returns: (nullable): the row of @code */
const ContentRemarkCode *content_remark_find(const char *code);

/**
 * content_remark_new:
 * @code: of content_remark_codes
 * @subject: (nullable)
 * @...: names and values of arguments, NULL-terminated; a NULL value is ""
 *
 * Whatever is too long is cut; names that the code's row does not have are a caller's mistake.
 */
ContentRemark *content_remark_new(const char *code, const char *subject,
                                  ...) G_GNUC_NULL_TERMINATED;

/** content_remark_add: one more argument, cut to CONTENT_REMARK_ARGUMENT_BYTES */
void content_remark_add(ContentRemark *remark, const char *name, const char *value);
void content_remark_add_number(ContentRemark *remark, const char *name, gint64 value);

/** content_remark_say: @words: (nullable): free text of a library, made fit and cut */
ContentRemark *content_remark_say(ContentRemark *remark, const char *words);

/** content_remark_get: Returns: (nullable): the value of an argument */
const char *content_remark_get(const ContentRemark *remark, const char *name);

/** content_remark_copy: @remark: (nullable); Returns: (transfer full) (nullable) */
ContentRemark *content_remark_copy(const ContentRemark *remark);

/** content_remark_copy_to: @to: of content_shape_new(), or embedded in such a struct */
void content_remark_copy_to(const ContentRemark *from, ContentRemark *to);

/** content_remark_family: Returns: (transfer none): of its code, or else the code itself */
const char *content_remark_family(const ContentRemark *remark);

/** content_remark_is_same: Returns: whether family and subject are the same */
gboolean content_remark_is_same(const ContentRemark *a, const ContentRemark *b);

void content_remark_free(ContentRemark *remark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRemark, content_remark_free)
