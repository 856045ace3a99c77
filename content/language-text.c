/*
 * language-text.c - see language.h: repair of typed text, folding for search, letter count.
 *
 * Text is taken apart (NFD), repaired letter by letter, and put together again (NFC). Pure.
 */
#include "content/language.h"

#include <string.h>

#define CIRCUMFLEX          0x0302
#define BREVE               0x0306
#define CARON               0x030C
#define MODIFIER_APOSTROPHE 0x02BC
/* More marks on one letter are an attack on the reader's eye; the rest is dropped. */
#define MAX_MARKS 8

/* What a repair did, counted. */
typedef enum {
    R_COMPOSED,
    R_ORDER,
    R_DOUBLE,
    R_CARON,
    R_BREVE_C,
    R_LOOK_ALIKE,
    R_APOSTROPHE,
    R_CONTROL,
    R_MARKS,
    N_REPAIRS
} Repair;

/* clang-format off */
static const char *const repair_words[N_REPAIRS] = {
    [R_COMPOSED]   = "letters composed (Unicode NFC)",
    [R_ORDER]      = "breve and circumflex put in order (ê̆, ô̆)",
    [R_DOUBLE]     = "doubled breve removed",
    [R_CARON]      = "caron replaced by breve (ǎ → ă)",
    [R_BREVE_C]    = "breve replaced by caron (c̆ → č)",
    [R_LOOK_ALIKE] = "look-alike letter replaced (ɓ → ƀ, Ð → Đ)",
    [R_APOSTROPHE] = "apostrophe before a letter made a letter (ʼ)",
    [R_CONTROL]    = "invisible character removed",
    [R_MARKS]      = "mark above the eighth of one letter removed",
};

static const struct { gunichar from, to; } look_alikes[] = {
    { 0x0253, 0x0180 }, /* ɓ → ƀ */
    { 0x0181, 0x0243 }, /* Ɓ → Ƀ */
    { 0x00D0, 0x0110 }, /* Icelandic Ð → Đ */
    { 0x00F0, 0x0111 }, /* ð → đ */
};

/* What is typed for the apostrophe of 'b 'l 'm 'n 'y. */
static const gunichar apostrophes[] = { 0x0027, 0x0060, 0x00B4, 0x02BC, 0x02BB, 0x2018, 0x2019 };
/* clang-format on */

typedef struct {
    gunichar base;
    gunichar marks[MAX_MARKS];
    guint n_marks;
    guint counts[N_REPAIRS];
    GString *out;
    gboolean has_apostrophe_letters;
} Repairing;

static gboolean
is_apostrophe(gunichar c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(apostrophes); i++) {
        if (apostrophes[i] == c)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_vowel(gunichar c)
{
    return c != 0 && c < 0x80 && strchr("aeiouyAEIOUY", (int) c) != NULL;
}

static void
remove_mark(Repairing *self, guint at)
{
    memmove(&self->marks[at], &self->marks[at + 1],
            (self->n_marks - at - 1) * sizeof self->marks[0]);
    self->n_marks--;
}

/* The marks of one letter; the look-alikes of the letter itself are mapped already. */
static void
repair_marks(Repairing *self)
{
    gboolean has_breve = FALSE;

    for (guint i = 0; i < self->n_marks; i++) {
        if (self->marks[i] == CARON && is_vowel(self->base)) {
            self->marks[i] = BREVE;
            self->counts[R_CARON]++;
        } else if (self->marks[i] == BREVE && (self->base == 'c' || self->base == 'C')) {
            self->marks[i] = CARON;
            self->counts[R_BREVE_C]++;
        }
    }
    for (guint i = 0; i < self->n_marks; i++) {
        if (self->marks[i] != BREVE)
            continue;
        if (has_breve) {
            remove_mark(self, i--);
            self->counts[R_DOUBLE]++;
        }
        has_breve = TRUE;
    }
    for (guint i = 1; i < self->n_marks; i++) {
        if (self->marks[i] == CIRCUMFLEX && self->marks[i - 1] == BREVE) {
            self->marks[i] = BREVE;
            self->marks[i - 1] = CIRCUMFLEX;
            self->counts[R_ORDER]++;
        }
    }
}

static void
flush_letter(Repairing *self)
{
    if (self->base == 0 && self->n_marks == 0)
        return;
    repair_marks(self);
    if (self->base != 0)
        g_string_append_unichar(self->out, self->base);
    for (guint i = 0; i < self->n_marks; i++)
        g_string_append_unichar(self->out, self->marks[i]);
    self->base = 0;
    self->n_marks = 0;
}

/* Whether what follows is a letter that Bahnar writes with an apostrophe before it. */
static gboolean
is_apostrophe_letter(const char *next)
{
    return *next != '\0' && strchr("bBlLmMnNyY", *next) != NULL;
}

/* @next: what stands behind @c */
static void
take_base(Repairing *self, gunichar c, const char *next)
{
    flush_letter(self);
    for (gsize i = 0; i < G_N_ELEMENTS(look_alikes); i++) {
        if (look_alikes[i].from == c) {
            c = look_alikes[i].to;
            self->counts[R_LOOK_ALIKE]++;
        }
    }
    if (self->has_apostrophe_letters && c != MODIFIER_APOSTROPHE && is_apostrophe(c) &&
        is_apostrophe_letter(next)) {
        c = MODIFIER_APOSTROPHE;
        self->counts[R_APOSTROPHE]++;
    }
    self->base = c;
}

/* Returns: what stands for a character of no shape: itself, white space, or 0 for nothing */
static gunichar
visible(gunichar c, const char *next)
{
    GUnicodeType type = g_unichar_type(c);

    if (c == '\n')
        return c;
    if (c == '\r')
        return *next == '\n' ? 0 : '\n';
    if (c == '\t')
        return ' ';
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ? 0 : c;
}

static void
repair_all(Repairing *self, const char *decomposed)
{
    for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char(p)) {
        const char *next = g_utf8_next_char(p);
        gunichar c = g_utf8_get_char(p), shown = visible(c, next);

        if (shown != c)
            self->counts[R_CONTROL]++;
        if (shown == 0)
            continue;
        if (!g_unichar_ismark(shown))
            take_base(self, shown, next);
        else if (self->n_marks < MAX_MARKS)
            self->marks[self->n_marks++] = shown;
        else
            self->counts[R_MARKS]++;
    }
    flush_letter(self);
}

static GPtrArray *
notices_of(const guint *counts)
{
    GPtrArray *notices = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < N_REPAIRS; i++) {
        if (counts[i] != 0)
            g_ptr_array_add(notices, g_strdup_printf("%u × %s", counts[i], repair_words[i]));
    }
    return notices;
}

char *
content_text_repair(const char *text, const char *tag, GPtrArray **out_notices)
{
    Repairing self = {.out = NULL};
    g_autofree char *decomposed = NULL;
    g_autofree char *composed = NULL;
    g_autofree char *base = tag == NULL ? NULL : content_language_base(tag);
    char *repaired;

    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    decomposed = g_utf8_normalize(text, -1, G_NORMALIZE_NFD);
    composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    self.out = g_string_sized_new(strlen(decomposed));
    self.has_apostrophe_letters = g_strcmp0(base, "bdq") == 0;
    self.counts[R_COMPOSED] = strcmp(composed, text) != 0;
    repair_all(&self, decomposed);
    repaired = g_utf8_normalize(self.out->str, -1, G_NORMALIZE_NFC);
    g_string_free(self.out, TRUE);
    if (out_notices != NULL)
        *out_notices = notices_of(self.counts);
    return repaired;
}

/* A letter without what distinguishes it; 0 for nothing. */
static gunichar
fold_letter(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);

    if (c == 0x0111 || c == 0x00F0)
        return 'd';
    if (c == 0x0180 || c == 0x0253)
        return 'b';
    if (is_apostrophe(c) || type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_FORMAT)
        return 0;
    return g_unichar_isspace(c) || type == G_UNICODE_CONTROL ? ' ' : c;
}

char *
content_text_fold(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *folded = g_utf8_casefold(valid, -1);
    g_autofree char *decomposed = g_utf8_normalize(folded, -1, G_NORMALIZE_NFD);
    GString *out = g_string_sized_new(strlen(decomposed));

    for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = fold_letter(g_utf8_get_char(p));

        if (c == 0 || (c == ' ' && (out->len == 0 || out->str[out->len - 1] == ' ')))
            continue;
        g_string_append_unichar(out, c);
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* Folded words, each behind one space, and for each byte where its letter stands in the text.
 */
typedef struct {
    GString *folded; /* (owned) */
    GArray *at;      /* (owned) (element-type gsize) */
} Words;

static void
words_clear(Words *self)
{
    g_string_free(self->folded, TRUE);
    g_array_unref(self->at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static void
add_letter(Words *self, gunichar c, gsize at)
{
    gunichar letter = fold_letter(c);

    if (letter == 0)
        return;
    if (!g_unichar_isalnum(letter))
        letter = ' ';
    if (letter == ' ' && self->folded->str[self->folded->len - 1] == ' ')
        return;
    g_string_append_unichar(self->folded, letter);
    while (self->at->len < self->folded->len)
        g_array_append_val(self->at, at);
}

static void
words_read(Words *self, const char *text)
{
    gsize begin = 0;

    self->folded = g_string_new(" ");
    self->at = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_array_append_val(self->at, begin);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
        gsize n_parts = g_unichar_fully_decompose(g_unichar_tolower(g_utf8_get_char(p)), FALSE,
                                                  parts, G_N_ELEMENTS(parts));

        for (gsize i = 0; i < n_parts; i++)
            add_letter(self, parts[i], (gsize) (p - text));
    }
}

gboolean
content_text_find(const char *text, const char *search, gsize *out_from, gsize *out_to)
{
    g_auto(Words) words = {NULL}, wanted = {NULL};
    const char *found, *end;
    gsize first;

    words_read(&words, text);
    words_read(&wanted, search);
    g_strchomp(wanted.folded->str);
    found = *wanted.folded->str == '\0' ? NULL : strstr(words.folded->str, wanted.folded->str);
    if (found == NULL)
        return FALSE;
    first = (gsize) (found - words.folded->str);
    *out_from = g_array_index(words.at, gsize, first + 1);
    end = text + g_array_index(words.at, gsize, first + strlen(wanted.folded->str) - 1);
    do
        end = g_utf8_next_char(end);
    while (g_unichar_type(g_utf8_get_char(end)) == G_UNICODE_NON_SPACING_MARK);
    *out_to = (gsize) (end - text);
    return TRUE;
}

gsize
content_text_length(const char *text)
{
    gsize n_letters = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        /* Marks and joiners belong to the letter before them, the first one to none. */
        if (n_letters == 0 || !(g_unichar_ismark(c) || g_unichar_type(c) == G_UNICODE_FORMAT))
            n_letters++;
    }
    return n_letters;
}
