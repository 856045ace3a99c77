/*
 * document.h - JSON documents read, checked and written through one table a type.
 *
 * Flow: bytes from outside -> seal.h (verified) -> here (parsed into a struct) -> the cores.
 * Pure.
 *
 * Canonical form (DESIGN §9): UTF-8 in NFC, keys sorted, no white space, integers only, no
 * duplicate key, no NUL. Reading refuses anything else, so bytes and struct say the same thing;
 * hashes and signatures are always over the bytes as received.
 */
#pragma once

#include <glib.h>

#define CONTENT_DOCUMENT_ERROR (content_document_error_quark())
GQuark content_document_error_quark(void);

typedef enum {
    CONTENT_DOCUMENT_ERROR_SYNTAX,      /* not JSON, not canonical, or a limit passed */
    CONTENT_DOCUMENT_ERROR_TYPE,        /* another document type than asked for */
    CONTENT_DOCUMENT_ERROR_UNSUPPORTED, /* known type, unknown `v`: kept and reported */
    CONTENT_DOCUMENT_ERROR_MEMBER,      /* unknown, missing, wrong kind or out of range */
} ContentDocumentError;

/* Limits on anything from outside; checked before the parser sees a byte. */
#define CONTENT_DOCUMENT_MAX_DEPTH 16
#define CONTENT_DOCUMENT_MAX_BYTES (1024 * 1024)
/* Values in one document: a value costs the parser some 100 bytes, however short it is. */
#define CONTENT_DOCUMENT_MAX_VALUES 100000

/* The `v` of every type; it becomes 1 with the first whole path, and then never again alone. */
#define CONTENT_DOCUMENT_V 1

/* Instants are below 2^53 µs (the year 2255), so that a double holds them exactly as well. */
#define CONTENT_US_MAX ((G_GINT64_CONSTANT(1) << 53) - 1)

typedef enum {
    CONTENT_MEMBER_INT,      /* gint64; min..max is the range */
    CONTENT_MEMBER_BOOL,     /* gboolean */
    CONTENT_MEMBER_TEXT,     /* char *; min..max is the length in bytes; NFC, and of the
                                control characters only the line feed */
    CONTENT_MEMBER_ID,       /* char *; content_id_is_valid() */
    CONTENT_MEMBER_HASH,     /* char *; SHA-256 as 64 lower-case hex digits */
    CONTENT_MEMBER_SEGMENT,  /* char *; a segment id, 32 lower-case hex digits */
    CONTENT_MEMBER_HEX,      /* char *; exactly max lower-case hex digits */
    CONTENT_MEMBER_KEY_ID,   /* char *; minisign key id, 16 upper-case hex digits */
    CONTENT_MEMBER_DATE,     /* char *; an existing local date YYYY-MM-DD */
    CONTENT_MEMBER_LANGUAGE, /* char *; content_language_tag_is_valid() */
    CONTENT_MEMBER_ENUM,     /* gint: the index in `choices` */
    CONTENT_MEMBER_STRUCT,   /* pointer to a struct of `element` */
} ContentMemberKind;

typedef struct ContentMember ContentMember;

/* What one JSON object looks like; also the element of a list. */
typedef struct {
    const char *name; /* "segment": for messages and docs/formats.md */
    gsize struct_size;
    const ContentMember *members; /* sorted by name, ended by a row without a name */
    GDestroyNotify free; /* frees one; the element free function of lists of this shape */
    /* (nullable): what no single row can say. Returns why not, in words, or NULL. */
    const char *(*check)(gconstpointer element);
} ContentShape;

struct ContentMember {
    const char *name;
    ContentMemberKind kind;
    gsize offset; /* of the field in the struct */
    /*
     * An absent optional INT reads as `absent`, anything else as 0, NULL or an empty list; such
     * a value is left out when writing and refused when it stands there, so that bytes and
     * struct say the same thing in one way only.
     */
    gboolean required;
    gboolean is_list; /* GPtrArray of char * or of structs, never NULL after reading */
    gint64 min, max;  /* range, or length; see the kind */
    gint64 max_count; /* of a list */
    gint64 absent;    /* value of an absent optional INT */
    const char *const *choices;  /* for ENUM, NULL-terminated */
    const ContentShape *element; /* for STRUCT */
    const char *unit;            /* "µs UTC", "millidecibel"; "" if it has none */
    const char *meaning;         /* one sentence for docs/formats.md */
};

/* A document type: a shape plus `type` and `v`, which the engine reads and writes itself. */
typedef struct {
    const char *type;
    gint64 v;
    gsize max_bytes;
    const ContentShape *shape;
} ContentDocumentType;

/**
 * content_document_read:
 * @type: what is expected
 * @bytes: the document alone, without signatures
 *
 * Size, depth, number of values, UTF-8, canonical form, `type`, `v` and every member (texts in
 * NFC) are checked, in this order; the error names the member by its path
 * ("segments[3].start_us").
 *
 * Returns: (transfer full): the struct, to be freed with content_document_free()
 */
gpointer content_document_read(const ContentDocumentType *type, gconstpointer bytes,
                               gsize n_bytes, GError **error);

/**
 * content_document_write:
 * @document: a struct of @type
 *
 * Checks as strictly as reading does, so what we write is what others accept.
 *
 * Returns: (transfer full): canonical bytes; NULL when a member is out of range
 */
GBytes *content_document_write(const ContentDocumentType *type, gconstpointer document,
                               GError **error);

/**
 * content_document_free:
 * @document: (nullable) (transfer full): a struct of @type
 */
void content_document_free(const ContentDocumentType *type, gpointer document);

/**
 * content_document_new:
 *
 * Returns: (transfer full): a zeroed struct with empty lists and absent optional integers
 */
gpointer content_document_new(const ContentDocumentType *type);

/**
 * content_shape_new:
 *
 * As content_document_new() for an element, for instance one segment. Lists own their elements.
 */
gpointer content_shape_new(const ContentShape *shape);

/** content_shape_free: @element: (nullable) (transfer full) */
void content_shape_free(const ContentShape *shape, gpointer element);

/**
 * content_document_peek_type:
 * @out_type: (out) (transfer full): the value of `type`
 * @out_v: (out): the value of `v`
 *
 * Reads only the two, of a verified document whose type decides what is done with it.
 */
gboolean content_document_peek_type(gconstpointer bytes, gsize n_bytes, char **out_type,
                                    gint64 *out_v, GError **error);

/**
 * content_document_text:
 * @text: (nullable): words from anywhere: an error message, a name from a card or a board
 * @max_bytes: the limit of the member it is for
 *
 * Makes it fit for a TEXT member: broken UTF-8 replaced, NFC, control characters turned into
 * spaces, cut between two characters. So that no fault goes unreported because of its wording.
 *
 * Returns: (transfer full): at most @max_bytes bytes
 */
char *content_document_text(const char *text, gsize max_bytes);
