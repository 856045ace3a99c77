/*
 * text-fold.c - text made alike for search: see content_text_fold() in language.h.
 *
 * Flow: titles are folded when they are stored, what people look for when they look. Pure.
 */
#include "content/language.h"

/* Letters that Unicode does not decompose, and their plain ones; 0: dropped. */
static const struct {
    gunichar from, to;
} plain_letters[] = {
    /* clang-format off */
    { 0x0111, 'd' }, /* đ */
    { 0x0180, 'b' }, /* ƀ */
    { 0x0253, 'b' }, /* ɓ, typed for ƀ */
    { 0x0027, 0   }, /* apostrophes, as keyboards and word processors write them */
    { 0x2018, 0   },
    { 0x2019, 0   },
    { 0x02bb, 0   },
    { 0x02bc, 0   },
    /* clang-format on */
};

static gunichar
plain_letter(gunichar c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plain_letters); i++) {
        if (plain_letters[i].from == c)
            return plain_letters[i].to;
    }
    return c;
}

char *
content_text_fold(const char *text)
{
    g_autofree char *decomposed = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    g_autoptr(GString) folded = g_string_new(NULL);
    gboolean wants_space = FALSE;

    for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = plain_letter(g_unichar_tolower(g_utf8_get_char(p)));

        if (c == 0 || g_unichar_ismark(c))
            continue;
        if (g_unichar_isspace(c)) {
            wants_space = folded->len > 0;
            continue;
        }
        if (wants_space)
            g_string_append_c(folded, ' ');
        wants_space = FALSE;
        g_string_append_unichar(folded, c);
    }
    return g_string_free(g_steal_pointer(&folded), FALSE);
}
