/*
 * language-sort.c - see language.h: keys that order text by the alphabet of its language.
 *
 * A key has four levels, each ended by a byte below all others: letters of the alphabet, tones
 * and strange marks, case, and the text itself so that equal keys are equal texts. Pure.
 */
#include "content/language.h"

#include <string.h>

/* Bytes of a key. */
#define KEY_END_OF_LEVEL 0x01
#define KEY_SPACE        0x02
#define KEY_DIGIT        0x03 /* … 0x0C */
#define KEY_LETTER       0x10
#define KEY_FOREIGN      0xF0 /* followed by the character itself */
#define MAX_LETTERS      100
#define MAX_MARKS        8

/* Tones in the order of a Vietnamese dictionary; none comes first. */
static const gunichar tones[] = {0x0300, 0x0309, 0x0303, 0x0301, 0x0323};

/* An alphabet taken apart: letters as NFD text, a letter's place is its rank. */
typedef struct {
    char **letters; /* (owned) */
    guint n_letters;
    guint ranks[MAX_LETTERS];
    guint spare[26]; /* rank of a letter of a-z that the alphabet does not have */
} Alphabet;

typedef struct {
    gunichar base;
    gunichar marks[MAX_MARKS];
    guint n_marks;
} Letter;

typedef struct {
    const Alphabet *alphabet;
    GString *letters, *tones, *cases;
} Key;

static const ContentLanguage *
language_of(const char *tag)
{
    gsize n_languages;
    const ContentLanguage *languages = content_languages(&n_languages);
    g_autofree char *base = tag == NULL ? NULL : content_language_base(tag);

    for (gsize i = 0; i < n_languages; i++) {
        if (g_strcmp0(languages[i].tag, base) == 0)
            return &languages[i];
    }
    return &languages[0];
}

/* đ and ƀ stand with d and b where an alphabet lacks them. */
static gunichar
plain(gunichar c)
{
    return c == 0x0111 ? 'd' : c == 0x0180 ? 'b' : c;
}

/* Returns: the place of @text in the alphabet, or -1 */
static int
place_of(const Alphabet *self, const char *text)
{
    for (guint i = 0; i < self->n_letters; i++) {
        if (strcmp(self->letters[i], text) == 0)
            return (int) i;
    }
    return -1;
}

/* Gives ranks to the letters below @limit that the alphabet lacks. Returns: the next rank */
static guint
rank_missing(Alphabet *self, gunichar *next, gunichar limit, guint rank)
{
    for (; *next < limit; (*next)++) {
        const char bare[2] = {(char) *next, '\0'};

        if (place_of(self, bare) < 0)
            self->spare[*next - 'a'] = rank++;
    }
    return rank;
}

/* Letters of a-z that are missing come right behind the last letter like the one before them.
 */
static void
alphabet_init(Alphabet *self, const ContentLanguage *language)
{
    g_autofree char *decomposed = g_utf8_normalize(language->alphabet, -1, G_NORMALIZE_NFD);
    gunichar next = 'a';
    guint rank = 0;

    self->letters = g_strsplit(decomposed, " ", MAX_LETTERS);
    self->n_letters = g_strv_length(self->letters);
    for (guint i = 0; i < self->n_letters; i++) {
        const char *letter = self->letters[i];
        gboolean is_digraph = g_ascii_isalpha(letter[0]) && g_ascii_isalpha(letter[1]);

        /* "dj" stands behind j, not among the forms of d. */
        if (!is_digraph)
            rank = rank_missing(self, &next, plain(g_utf8_get_char(letter)), rank);
        self->ranks[i] = rank++;
    }
    rank_missing(self, &next, 'z' + 1, rank);
}

/* Returns: the rank of @text, or -1 */
static int
rank_of(const Alphabet *self, const char *text)
{
    int place = place_of(self, text);

    return place < 0 ? -1 : (int) self->ranks[place];
}

static gboolean
is_tone(gunichar mark)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tones); i++) {
        if (tones[i] == mark)
            return TRUE;
    }
    return FALSE;
}

/* The letter with its first @n_marks marks; tones left out unless @with_tones. */
static int
rank_with(const Alphabet *alphabet, const Letter *letter, guint n_marks, gboolean with_tones)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_unichar(text, letter->base);
    for (guint i = 0; i < n_marks; i++) {
        if (with_tones || !is_tone(letter->marks[i]))
            g_string_append_unichar(text, letter->marks[i]);
    }
    return rank_of(alphabet, text->str);
}

static void
append_marks(GString *tones_out, const Letter *letter, guint from, gboolean with_tones)
{
    gsize before = tones_out->len;

    for (guint i = 0; i < letter->n_marks; i++) {
        gunichar mark = letter->marks[i];

        if (i < from && (with_tones || !is_tone(mark)))
            continue;
        for (gsize j = 0; j < G_N_ELEMENTS(tones); j++) {
            if (tones[j] == mark)
                g_string_append_c(tones_out, (char) (0x11 + j));
        }
        if (!is_tone(mark))
            g_string_append_c(tones_out, (char) (0x20 + (mark & 0x3F)));
    }
    if (tones_out->len == before)
        g_string_append_c(tones_out, 0x10);
}

/* The longest form of the letter that the alphabet has decides its place. */
static void
append_letter(Key *self, const Letter *letter)
{
    int rank = rank_with(self->alphabet, letter, letter->n_marks, TRUE);
    guint n_marks = letter->n_marks;
    gboolean with_tones = rank >= 0;
    gunichar base = plain(letter->base);

    for (; rank < 0; n_marks--) {
        rank = rank_with(self->alphabet, letter, n_marks, FALSE);
        if (rank >= 0 || n_marks == 0)
            break;
    }
    if (rank < 0 && base != letter->base)
        rank = rank_with(self->alphabet, &(Letter){base}, 0, FALSE);
    if (rank < 0 && base >= 'a' && base <= 'z')
        rank = (int) self->alphabet->spare[base - 'a'];
    if (rank >= 0) {
        g_string_append_c(self->letters, (char) (KEY_LETTER + rank));
    } else {
        g_string_append_c(self->letters, (char) KEY_FOREIGN);
        g_string_append_unichar(self->letters, letter->base);
    }
    append_marks(self->tones, letter, rank >= 0 ? n_marks : 0, with_tones);
}

/* Digraphs of the alphabet (dj, ng): both letters bare. Returns: whether one was taken */
static gboolean
append_digraph(Key *self, const Letter *first, const Letter *second)
{
    char text[3] = {0};
    int rank;

    if (first->n_marks != 0 || second->n_marks != 0 || first->base >= 0x80 ||
        second->base >= 0x80)
        return FALSE;
    text[0] = (char) first->base;
    text[1] = (char) second->base;
    rank = rank_of(self->alphabet, text);
    if (rank < 0)
        return FALSE;
    g_string_append_c(self->letters, (char) (KEY_LETTER + rank));
    g_string_append_c(self->tones, 0x10);
    return TRUE;
}

/* @text: lower case, NFD. Returns: what follows the letter at its start */
static const char *
read_letter(const char *text, Letter *out)
{
    out->base = *text == '\0' ? 0 : g_utf8_get_char(text);
    out->n_marks = 0;
    if (out->base == 0)
        return text;
    for (text = g_utf8_next_char(text);
         *text != '\0' && g_unichar_ismark(g_utf8_get_char(text));
         text = g_utf8_next_char(text)) {
        if (out->n_marks < MAX_MARKS)
            out->marks[out->n_marks++] = g_utf8_get_char(text);
    }
    return text;
}

/* Spaces and hyphens part words; digits come before letters; all else counts last of all. */
static void
append_other(Key *self, gunichar c)
{
    if (g_unichar_isspace(c) || c == '-')
        g_string_append_c(self->letters, KEY_SPACE);
    else if (g_unichar_isdigit(c))
        g_string_append_c(self->letters, (char) (KEY_DIGIT + g_unichar_digit_value(c)));
}

static void
append_all(Key *self, const char *lower)
{
    Letter letter, next;

    while (*lower != '\0') {
        const char *rest = read_letter(lower, &letter);
        const char *after = read_letter(rest, &next);

        if (!g_unichar_isalpha(letter.base) || letter.base == 0x02BC)
            append_other(self, letter.base);
        else if (append_digraph(self, &letter, &next))
            rest = after;
        else
            append_letter(self, &letter);
        lower = rest;
    }
}

static void
append_cases(GString *cases, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isalpha(c))
            g_string_append_c(cases, g_unichar_isupper(c) ? 0x11 : 0x10);
    }
}

char *
content_text_sort_key(const char *text, const char *tag)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    g_autofree char *lower = g_utf8_strdown(composed, -1);
    g_autofree char *decomposed = g_utf8_normalize(lower, -1, G_NORMALIZE_NFD);
    g_autoptr(GString) tones_out = g_string_new(NULL);
    g_autoptr(GString) cases = g_string_new(NULL);
    Alphabet alphabet = {0};
    Key key = {&alphabet, g_string_new(NULL), tones_out, cases};

    alphabet_init(&alphabet, language_of(tag));
    append_all(&key, decomposed);
    append_cases(cases, composed);
    g_string_append_printf(key.letters, "%c%s%c%s%c%s", KEY_END_OF_LEVEL, tones_out->str,
                           KEY_END_OF_LEVEL, cases->str, KEY_END_OF_LEVEL, composed);
    g_strfreev(alphabet.letters);
    return g_string_free(key.letters, FALSE);
}
