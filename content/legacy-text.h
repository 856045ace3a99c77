/*
 * legacy-text.h - text from before Unicode: what the fonts and keyboards of its time left in
 * it.
 *
 * Flow: a script arrives by e-mail or out of an old document -> detected, converted, the
 * difference shown to a person -> only then is it theirs. Pure.
 *
 * The old encodings put other letters into the places of Latin-1 or ASCII and left it to a font
 * to show the right ones; opened today, the text shows what those places mean now. No
 * conversion is certain, for each such character may also mean itself, so nothing here is ever
 * done unasked.
 */
#pragma once

#include <glib.h>

/* Long enough for any script; a limit for what a stranger may have us look at. */
#define CONTENT_LEGACY_MAX_BYTES (256 * 1024)

typedef enum {
    CONTENT_LEGACY_VNI,   /* VNI-Windows: Vietnamese, and Bahnar of Vĩnh Thạnh; "pôlei" */
    CONTENT_LEGACY_TCVN3, /* TCVN 5712 VN3, the fonts .Vn…: "ViÖt Nam" */
    CONTENT_LEGACY_FONT,  /* the ASCII fonts of Bahnar and Jrai: "[ơi", "le\" */
    CONTENT_LEGACY_N,
} ContentLegacy;
extern const char *const content_legacy_words[];

/* A place that was changed; offsets and lengths in bytes of UTF-8. */
typedef struct {
    gsize before, n_before; /* in the text as it came */
    gsize after, n_after;   /* in the converted text */
    gboolean is_uncertain;  /* may well have meant something else: to be looked at */
} ContentLegacySpan;

typedef struct {
    char *text;    /* (owned): NFC */
    GArray *spans; /* (owned) (element-type ContentLegacySpan): in order, not overlapping */
} ContentLegacyText;
void content_legacy_text_free(ContentLegacyText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentLegacyText, content_legacy_text_free)

/**
 * content_legacy_find:
 * @word: "vni", "tcvn3", "font"
 *
 * Returns: which it is, or -1
 */
gint content_legacy_find(const char *word);

/**
 * content_legacy_convert:
 * @text: UTF-8, before any repair: an invisible hyphen is a letter in TCVN3
 *
 * Returns: (transfer full) (nullable): NULL if @text is not UTF-8 or too long
 */
ContentLegacyText *content_legacy_convert(const char *text, ContentLegacy from);

/**
 * content_legacy_detect:
 * @out_from: (out): the likeliest encoding
 *
 * How many more of the words with special characters could be words of these languages after
 * the conversion than before it.
 *
 * Returns: 0 … 1000; 0: it reads best as it is. Below 200 hardly more than a guess.
 */
guint content_legacy_detect(const char *text, ContentLegacy *out_from);

/**
 * content_legacy_difference:
 *
 * For a person to look at: each word that changed, once, in the order in which they come;
 * "before → after", an uncertain one with " (?)" behind it.
 *
 * Returns: (transfer full) (element-type utf8): at most @max, the last one then says how many
 *   more there are
 */
GPtrArray *content_legacy_difference(const char *text, const ContentLegacyText *converted,
                                     guint max);
