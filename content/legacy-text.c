/*
 * legacy-text.c - see legacy-text.h
 *
 * One table of rules an encoding; at each place of the text the first rule that fits is taken.
 * VNI writes a letter as its vowel and a character for all its marks, so its table is two.
 */
#include "content/legacy-text.h"

#include <string.h>

const char *const content_legacy_words[] = {"vni", "tcvn3", "font", NULL};

/* clang-format off */
/* ---- VNI-Windows ---- */

static const struct { const char *from, *to; } vni_vowels[] = {
    { "a", "a" }, { "e", "e" }, { "i", "i" }, { "o", "o" }, { "u", "u" }, { "y", "y" },
    { "A", "A" }, { "E", "E" }, { "I", "I" }, { "O", "O" }, { "U", "U" }, { "Y", "Y" },
    { "ô", "ơ" }, { "ö", "ư" }, { "Ô", "Ơ" }, { "Ö", "Ư" },
};

/* What stands behind a vowel, in either case: acute, grave, hook, tilde, dot; then with
 * circumflex; then with breve. */
static const struct { const char *lower, *upper, *marks; } vni_marks[] = {
    { "ù", "Ù", "\u0301" }, { "ø", "Ø", "\u0300" }, { "û", "Û", "\u0309" },
    { "õ", "Õ", "\u0303" }, { "ï", "Ï", "\u0323" },
    { "â", "Â", "\u0302" }, { "á", "Á", "\u0302\u0301" }, { "à", "À", "\u0302\u0300" },
    { "å", "Å", "\u0302\u0309" }, { "ã", "Ã", "\u0302\u0303" }, { "ä", "Ä", "\u0323\u0302" },
    { "ê", "Ê", "\u0306" }, { "é", "É", "\u0306\u0301" }, { "è", "È", "\u0306\u0300" },
    { "ú", "Ú", "\u0306\u0309" }, { "ü", "Ü", "\u0306\u0303" }, { "ë", "Ë", "\u0323\u0306" },
};

typedef struct {
    const char *from, *to;
    gboolean at_letter;    /* only beside a letter: elsewhere it means itself */
    gboolean is_uncertain;
} Rule;

static const Rule vni_letters[] = {
    { "ñ", "đ" }, { "Ñ", "Đ" }, { "æ", "ỉ" }, { "Æ", "Ỉ" }, { "ó", "ĩ" }, { "Ó", "Ĩ" },
    { "ò", "ị" }, { "Ò", "Ị" }, { "î", "ỵ" }, { "Î", "Ỵ" },
    { NULL },
};

/* ---- TCVN 5712 VN3: capitals with tones are the small letters in a font of capitals ---- */

static const Rule tcvn3_letters[] = {
    { "¡", "Ă" }, { "¢", "Â" }, { "£", "Ê" }, { "¤", "Ô" }, { "¥", "Ơ" }, { "¦", "Ư" }, { "§", "Đ" },
    { "¨", "ă" }, { "©", "â" }, { "ª", "ê" }, { "«", "ô" }, { "¬", "ơ" }, { "\u00ad", "ư" }, { "®", "đ" },
    { "µ", "à" }, { "¶", "ả" }, { "·", "ã" }, { "¸", "á" }, { "¹", "ạ" },
    { "»", "ằ" }, { "¼", "ẳ" }, { "½", "ẵ" }, { "¾", "ắ" }, { "Æ", "ặ" },
    { "Ç", "ầ" }, { "È", "ẩ" }, { "É", "ẫ" }, { "Ê", "ấ" }, { "Ë", "ậ" },
    { "Ì", "è" }, { "Î", "ẻ" }, { "Ï", "ẽ" }, { "Ð", "é" }, { "Ñ", "ẹ" },
    { "Ò", "ề" }, { "Ó", "ể" }, { "Ô", "ễ" }, { "Õ", "ế" }, { "Ö", "ệ" },
    { "×", "ì" }, { "Ø", "ỉ" }, { "Ü", "ĩ" }, { "Ý", "í" }, { "Þ", "ị" },
    { "ß", "ò" }, { "á", "ỏ" }, { "â", "õ" }, { "ã", "ó" }, { "ä", "ọ" },
    { "å", "ồ" }, { "æ", "ổ" }, { "ç", "ỗ" }, { "è", "ố" }, { "é", "ộ" },
    { "ê", "ờ" }, { "ë", "ở" }, { "ì", "ỡ" }, { "í", "ớ" }, { "î", "ợ" },
    { "ï", "ù" }, { "ñ", "ủ" }, { "ò", "ũ" }, { "ó", "ú" }, { "ô", "ụ" },
    { "õ", "ừ" }, { "ö", "ử" }, { "÷", "ữ" }, { "ø", "ứ" }, { "ù", "ự" },
    { "ú", "ỳ" }, { "û", "ỷ" }, { "ü", "ỹ" }, { "ý", "ý" }, { "þ", "ỵ" },
    { NULL },
};

/* ---- the ASCII fonts of Bahnar and Jrai ---- */

static const Rule font_letters[] = {
    { "a\\", "ă" }, { "e\\", "ĕ" }, { "o\\", "ŏ" }, { "u\\", "ŭ" }, { "ơ\\", "ơ\u0306" }, { "ư\\", "ư\u0306" },
    { "A\\", "Ă" }, { "E\\", "Ĕ" }, { "O\\", "Ŏ" }, { "U\\", "Ŭ" }, { "Ơ\\", "Ơ\u0306" }, { "Ư\\", "Ư\u0306" },
    { "c\\", "č" }, { "C\\", "Č" }, { "c|", "č" }, { "C|", "Č" }, { "ê|", "ê\u0306" }, { "Ê|", "Ê\u0306" },
    { "o#", "ô\u0306", .is_uncertain = TRUE }, { "O#", "Ô\u0306", .is_uncertain = TRUE },
    { "[", "ƀ", TRUE }, { "{", "Ƀ", TRUE }, { "]", "č", TRUE }, { "}", "Č", TRUE },
    { "`", "ñ", TRUE }, { "~", "Ñ", TRUE }, { "^", "ĭ", TRUE },
    { NULL },
};

static const Rule *const letters_of[CONTENT_LEGACY_N] = {
    [CONTENT_LEGACY_VNI]   = vni_letters,
    [CONTENT_LEGACY_TCVN3] = tcvn3_letters,
    [CONTENT_LEGACY_FONT]  = font_letters,
};
/* clang-format on */

void
content_legacy_text_free(ContentLegacyText *self)
{
    if (self == NULL)
        return;
    g_free(self->text);
    g_array_unref(self->spans);
    g_free(self);
}

gint
content_legacy_find(const char *word)
{
    for (gint i = 0; i < CONTENT_LEGACY_N; i++) {
        if (g_strcmp0(content_legacy_words[i], word) == 0)
            return i;
    }
    return -1;
}

/* ---- converting ---- */

/* What was found at one place. */
typedef struct {
    gsize n_before; /* bytes that it takes up; 0: nothing was found */
    char after[16];
    gboolean is_uncertain;
} Found;

static const char *
mark_at(const char *p, gsize *out_length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(vni_marks); i++) {
        gboolean is_lower = g_str_has_prefix(p, vni_marks[i].lower);

        if (is_lower || g_str_has_prefix(p, vni_marks[i].upper)) {
            *out_length = strlen(is_lower ? vni_marks[i].lower : vni_marks[i].upper);
            return vni_marks[i].marks;
        }
    }
    *out_length = 0;
    return "";
}

/* A vowel of VNI with its marks. */
static void
find_vni_vowel(const char *p, Found *found)
{
    for (gsize i = 0; i < G_N_ELEMENTS(vni_vowels); i++) {
        gsize length = strlen(vni_vowels[i].from), n_mark;
        const char *marks;
        g_autofree char *letter = NULL;
        g_autofree char *composed = NULL;

        if (!g_str_has_prefix(p, vni_vowels[i].from))
            continue;
        marks = mark_at(p + length, &n_mark);
        if (n_mark == 0 && length == 1)
            return; /* plain */
        letter = g_strconcat(vni_vowels[i].to, marks, NULL);
        composed = g_utf8_normalize(letter, -1, G_NORMALIZE_NFC);
        g_strlcpy(found->after, composed, sizeof found->after);
        found->n_before = length + n_mark;
        /* "iê" is what Vietnamese writes today; in VNI it is ĭ, which only Bahnar has. */
        found->is_uncertain = g_ascii_tolower(*p) == 'i' && n_mark > 0;
        return;
    }
}

static gboolean
is_beside_letter(const char *text, const char *p, gsize length)
{
    const char *before = g_utf8_find_prev_char(text, p);
    gunichar after = g_utf8_get_char(p + length);

    return g_unichar_isalpha(after) || g_unichar_ismark(after) ||
           (before != NULL && (g_unichar_isalpha(g_utf8_get_char(before)) ||
                               g_unichar_ismark(g_utf8_get_char(before))));
}

static void
find_letter(const Rule *rules, const char *text, const char *p, Found *found)
{
    for (const Rule *rule = rules; rule->from != NULL; rule++) {
        gsize length = strlen(rule->from);

        if (!g_str_has_prefix(p, rule->from) ||
            (rule->at_letter && !is_beside_letter(text, p, length)))
            continue;
        g_strlcpy(found->after, rule->to, sizeof found->after);
        found->n_before = length;
        found->is_uncertain = rule->is_uncertain;
        return;
    }
}

static void
add_span(GArray *spans, gsize before, gsize after, const Found *found)
{
    const ContentLegacySpan span = {before, found->n_before, after, strlen(found->after),
                                    found->is_uncertain};

    g_array_append_val(spans, span);
}

ContentLegacyText *
content_legacy_convert(const char *text, ContentLegacy from)
{
    g_autofree char *composed = NULL;
    ContentLegacyText *self;
    GString *out;

    if (strnlen(text, CONTENT_LEGACY_MAX_BYTES + 1) > CONTENT_LEGACY_MAX_BYTES ||
        !g_utf8_validate(text, -1, NULL))
        return NULL;
    self = g_new0(ContentLegacyText, 1);
    self->spans = g_array_new(FALSE, FALSE, sizeof(ContentLegacySpan));
    out = g_string_sized_new(strlen(text));
    for (const char *p = text; *p != '\0';) {
        Found found = {0};

        if (from == CONTENT_LEGACY_VNI)
            find_vni_vowel(p, &found);
        if (found.n_before == 0)
            find_letter(letters_of[from], text, p, &found);
        if (found.n_before == 0) {
            const char *next = g_utf8_next_char(p);

            g_string_append_len(out, p, next - p);
            p = next;
            continue;
        }
        add_span(self->spans, (gsize) (p - text), out->len, &found);
        g_string_append(out, found.after);
        p += found.n_before;
    }
    self->text = g_string_free(out, FALSE);
    return self;
}

/* ---- what could be a word ---- */

/* Runs of vowels that Vietnamese has, without tones and breves. */
/* clang-format off */
static const char *const vowel_runs[] = {
    "a", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y",
    "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iê", "iu", "oa", "oe", "oi", "ôi", "ơi",
    "ua", "uâ", "uê", "ui", "uô", "uơ", "uy", "ưa", "ưi", "ươ", "ưu", "yê", "ei", "uo",
    "iêu", "yêu", "oai", "oay", "oeo", "uây", "uôi", "uya", "uyê", "uyu", "ươi", "ươu", NULL,
};
/* clang-format on */

/* Characters that the ASCII fonts use for letters. */
#define FONT_SIGNS "[]{}`~^\\|#"

static gboolean
is_word_character(gunichar c)
{
    return c >= 0x80 || g_ascii_isalnum((char) c) || strchr(FONT_SIGNS, (int) c) != NULL;
}

static gboolean
is_tone(gunichar c)
{
    return c == 0x0300 || c == 0x0301 || c == 0x0303 || c == 0x0309 || c == 0x0323;
}

static gboolean
ends_run(GString *run)
{
    gboolean is_known = run->len == 0 || g_strv_contains(vowel_runs, run->str);

    g_string_truncate(run, 0);
    return is_known;
}

/* A vowel of the alphabets, with its circumflex or horn: a mark that follows is taken in. */
static const char *
take_vowel(const char *p, GString *run)
{
    gunichar base = g_unichar_tolower(g_utf8_get_char(p));
    const char *next = g_utf8_next_char(p);
    g_autofree char *letter = NULL;
    gunichar mark = 0;

    for (; g_unichar_ismark(g_utf8_get_char(next)); next = g_utf8_next_char(next)) {
        gunichar c = g_utf8_get_char(next);

        if (c == 0x0302 || c == 0x031B)
            mark = c;
    }
    {
        char text[16];
        gint length = g_unichar_to_utf8(base, text);

        length += mark == 0 ? 0 : g_unichar_to_utf8(mark, text + length);
        letter = g_utf8_normalize(text, length, G_NORMALIZE_NFC);
    }
    g_string_append(run, letter);
    return next;
}

/*
 * Could it be a word of these languages? Only their letters, one tone at most, no capital
 * behind a small letter, and its vowels as they stand together there.
 */
static gboolean
is_plausible(const char *word, gsize length)
{
    g_autofree char *decomposed = g_utf8_normalize(word, (gssize) length, G_NORMALIZE_NFD);
    g_autoptr(GString) run = g_string_new(NULL);
    guint n_tones = 0;
    gboolean was_lower = FALSE;

    for (const char *p = decomposed; *p != '\0';) {
        gunichar c = g_utf8_get_char(p), lower = g_unichar_tolower(c);

        if (g_unichar_isupper(c) && was_lower)
            return FALSE;
        was_lower = g_unichar_islower(c);
        if (lower < 0x80 && lower != 0 && strchr("aeiouy", (int) lower) != NULL) {
            const char *next = take_vowel(p, run);

            for (const char *m = g_utf8_next_char(p); m < next; m = g_utf8_next_char(m))
                n_tones += is_tone(g_utf8_get_char(m));
            p = next;
            continue;
        }
        if (!ends_run(run))
            return FALSE;
        if (g_unichar_ismark(c) ? c != 0x030C && c != 0x0303
                                : !g_ascii_isalpha((char) lower) && lower != 0x0111 &&
                                      lower != 0x0180 && lower != 0x02BC && lower != 0x2019)
            return FALSE;
        p = g_utf8_next_char(p);
    }
    return ends_run(run) && n_tones <= 1;
}

typedef struct {
    guint n_words, n_plausible;
} Score;

/* Words with anything but ASCII letters in them, and how many could be one. */
static Score
score_of(const char *text)
{
    Score score = {0, 0};

    for (const char *p = text; *p != '\0';) {
        const char *begin = p;
        gboolean is_marked = FALSE;

        for (; *p != '\0' && is_word_character(g_utf8_get_char(p)); p = g_utf8_next_char(p))
            is_marked |= !g_ascii_isalnum(*p);
        if (p == begin) {
            p = g_utf8_next_char(p);
            continue;
        }
        if (!is_marked)
            continue;
        score.n_words++;
        score.n_plausible += is_plausible(begin, (gsize) (p - begin));
    }
    return score;
}

guint
content_legacy_detect(const char *text, ContentLegacy *out_from)
{
    guint best = 0;
    Score as_is;

    *out_from = CONTENT_LEGACY_VNI;
    if (strnlen(text, CONTENT_LEGACY_MAX_BYTES + 1) > CONTENT_LEGACY_MAX_BYTES ||
        !g_utf8_validate(text, -1, NULL))
        return 0;
    as_is = score_of(text);
    for (ContentLegacy from = 0; from < CONTENT_LEGACY_N; from++) {
        g_autoptr(ContentLegacyText) converted = content_legacy_convert(text, from);
        Score score = score_of(converted->text);
        /* One word proves little: two unseen ones count against it. */
        guint n_words = MAX(as_is.n_words, score.n_words) + 2;
        guint gain = score.n_plausible > as_is.n_plausible
                         ? (score.n_plausible - as_is.n_plausible) * 1000 / n_words
                         : 0;

        if (gain > best) {
            best = gain;
            *out_from = from;
        }
    }
    return best;
}

/* ---- for a person to look at ---- */

static gboolean
is_blank(char c)
{
    return g_ascii_isspace(c);
}

/* The place in the converted text of one in the text that no span covers. */
static gsize
place_after(const GArray *spans, gsize before)
{
    gsize after = before;

    for (guint i = 0; i < spans->len; i++) {
        const ContentLegacySpan *span = &g_array_index(spans, ContentLegacySpan, i);

        if (span->before >= before)
            break;
        after = span->after + span->n_after + (before - span->before - span->n_before);
    }
    return after;
}

static char *
words_of(const char *text, const ContentLegacyText *converted, gsize begin, gsize end,
         gboolean is_uncertain)
{
    gsize from = place_after(converted->spans, begin), to = place_after(converted->spans, end);
    g_autofree char *before = g_strndup(text + begin, end - begin);
    g_autofree char *after = g_strndup(converted->text + from, to - from);

    return g_strconcat(before, " → ", after, is_uncertain ? " (?)" : "", NULL);
}

GPtrArray *
content_legacy_difference(const char *text, const ContentLegacyText *converted, guint max)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint n_more = 0;

    for (guint i = 0; i < converted->spans->len;) {
        const ContentLegacySpan *span = &g_array_index(converted->spans, ContentLegacySpan, i);
        gsize begin = span->before, end = span->before;
        gboolean is_uncertain = FALSE;
        g_autofree char *line = NULL;

        while (begin > 0 && !is_blank(text[begin - 1]))
            begin--;
        while (text[end] != '\0' && !is_blank(text[end]))
            end++;
        for (; i < converted->spans->len && span->before < end; i++, span++)
            is_uncertain |= span->is_uncertain;
        line = words_of(text, converted, begin, end, is_uncertain);
        if (!g_hash_table_add(seen, g_strdup(line)))
            continue;
        if (lines->len < max)
            g_ptr_array_add(lines, g_steal_pointer(&line));
        else
            n_more++;
    }
    if (n_more > 0)
        g_ptr_array_add(lines, g_strdup_printf("and %u more", n_more));
    return lines;
}
