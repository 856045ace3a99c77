/* test-legacy-text.c - text of old fonts: converted, detected, and the difference shown. */
#include "content/legacy-text.h"

#include <string.h>

static void
test_convert(void)
{
    /* clang-format off */
    const struct { const char *why; ContentLegacy from; const char *before, *after; guint n_spans, n_uncertain; } cases[] = {
        { "Vietnamese in VNI", CONTENT_LEGACY_VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", 7, 0 },
        { "capitals in VNI", CONTENT_LEGACY_VNI, "ÑOÄC LAÄP - TÖÏ DO", "ĐỘC LẬP - TỰ DO", 4, 0 },
        { "horns in VNI", CONTENT_LEGACY_VNI, "ngöôøi ñöôïc ôû nöôùc", "người được ở nước", 8, 0 },
        { "breves of Vietnamese in VNI", CONTENT_LEGACY_VNI, "naêm saép baèng laúng maët", "năm sắp bằng lẳng mặt", 5, 0 },
        { "i and y in VNI", CONTENT_LEGACY_VNI, "khí ghì chæ nghó thò kyù kyø myõ kyû tî", "khí ghì chỉ nghĩ thị ký kỳ mỹ kỷ tỵ", 8, 0 },
        { "Bahnar in VNI", CONTENT_LEGACY_VNI, "tôdrong pôlei oeêng", "tơdrong pơlei oĕng", 3, 0 },
        { "its breves", CONTENT_LEGACY_VNI, "ôê öê oê uê aê eê", "ơ\u0306 ư\u0306 ŏ ŭ ă ĕ", 6, 0 },
        { "its circumflexes and đ", CONTENT_LEGACY_VNI, "oâ eâ aâ ñ ö", "ô ê â đ ư", 5, 0 },
        { "ĭ has to be looked at", CONTENT_LEGACY_VNI, "biê", "bĭ", 1, 1 },
        { "nothing to do in VNI", CONTENT_LEGACY_VNI, "plei Kon Tum, 2026.", "plei Kon Tum, 2026.", 0, 0 },
        { "Vietnamese in TCVN3", CONTENT_LEGACY_TCVN3, "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", 7, 0 },
        { "an invisible hyphen is a letter", CONTENT_LEGACY_TCVN3, "t\u00ad do", "tư do", 1, 0 },
        { "Jrai in an ASCII font", CONTENT_LEGACY_FONT, "[ơi le\\ ]ar", "ƀơi lĕ čar", 3, 0 },
        { "ĭ in an ASCII font", CONTENT_LEGACY_FONT, "pơđ^", "pơđĭ", 1, 0 },
        { "capitals in an ASCII font", CONTENT_LEGACY_FONT, "{uôn }ar ~u C|ih", "Ƀuôn Čar Ñu Čih", 4, 0 },
        { "breves of all vowels", CONTENT_LEGACY_FONT, "a\\ e\\ o\\ u\\ ơ\\ ư\\ ê|", "ă ĕ ŏ ŭ ơ\u0306 ư\u0306 ê\u0306", 7, 0 },
        { "c with a hook, twice", CONTENT_LEGACY_FONT, "c\\ c|", "č č", 2, 0 },
        { "ñ in an ASCII font", CONTENT_LEGACY_FONT, "`u", "ñu", 1, 0 },
        { "o# is uncertain", CONTENT_LEGACY_FONT, "do#", "dô\u0306", 1, 1 },
        { "brackets that are brackets", CONTENT_LEGACY_FONT, "[ 12 ] ^ ~", "[ 12 ] ^ ~", 0, 0 },
        { "a bracket around a number", CONTENT_LEGACY_FONT, "[1]", "[1]", 0, 0 },
        { "nothing", CONTENT_LEGACY_FONT, "", "", 0, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentLegacyText) done =
            content_legacy_convert(cases[i].before, cases[i].from);
        guint n_uncertain = 0;

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(done->text, ==, cases[i].after);
        for (guint j = 0; j < done->spans->len; j++) {
            const ContentLegacySpan *span = &g_array_index(done->spans, ContentLegacySpan, j);

            n_uncertain += span->is_uncertain;
            g_assert_true(
                g_utf8_validate(cases[i].before + span->before, (gssize) span->n_before, NULL));
            g_assert_true(
                g_utf8_validate(done->text + span->after, (gssize) span->n_after, NULL));
        }
        g_assert_cmpuint(done->spans->len, ==, cases[i].n_spans);
        g_assert_cmpuint(n_uncertain, ==, cases[i].n_uncertain);
        g_assert_true(g_utf8_validate(done->text, -1, NULL));
    }
}

/* The C library knows TCVN 5712, too: every letter must be the one it says. */
static void
test_tcvn3_by_another(void)
{
    guint n_letters = 0;

    for (guint byte = 0xA1; byte <= 0xFE; byte++) {
        const char raw[2] = {(char) byte, '\0'};
        g_autofree char *theirs = g_convert(raw, 1, "UTF-8", "TCVN5712-1", NULL, NULL, NULL);
        g_autofree char *seen = g_convert(raw, 1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
        g_autoptr(ContentLegacyText) ours = content_legacy_convert(seen, CONTENT_LEGACY_TCVN3);
        g_autofree char *composed =
            theirs == NULL ? NULL : g_utf8_normalize(theirs, -1, G_NORMALIZE_NFC);

        if (ours->spans->len == 0)
            continue;
        n_letters++;
        g_assert_cmpstr(ours->text, ==, composed);
    }
    g_assert_cmpuint(n_letters, ==, 74);
}

static void
test_detect(void)
{
    /* clang-format off */
    const struct { const char *why, *text; gint from; guint at_least; } cases[] = {
        { "VNI", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, ñoäc laäp, töï do", CONTENT_LEGACY_VNI, 300 },
        { "TCVN3", "Céng hßa x· héi chñ nghÜa ViÖt Nam, ®éc lËp, tù do", CONTENT_LEGACY_TCVN3, 300 },
        { "Bahnar in VNI", "tôdrong pôlei oeêng ñei koêdaêh boêñoêu", CONTENT_LEGACY_VNI, 200 },
        { "an ASCII font", "[ơi plei le\\ ]ar hơmâo pơđ^ do\\ [uôn", CONTENT_LEGACY_FONT, 300 },
        { "Vietnamese of today", "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập, tự do", -1, 0 },
        { "Bahnar of today", "tơdrong pơlei oĕng ơ\u0306n ư\u0306 tơƀôh mĕ ƀă", -1, 0 },
        { "Jrai of today", "hơmâo, hăng, dŏ, lŏn, anih, čô, ê\u0306", -1, 0 },
        { "plain words", "plei Kon Tum 2026", -1, 0 },
        { "a footnote and an e-mail address", "xem [1], thu@example.org ~ 5^2", -1, 0 },
        { "nothing", "", -1, 0 },
        { "not UTF-8", "\xe1\xba", -1, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentLegacy from;
        guint confidence = content_legacy_detect(cases[i].text, &from);

        g_test_message("%s: %s %u", cases[i].why, content_legacy_words[from], confidence);
        if (cases[i].from < 0) {
            g_assert_cmpuint(confidence, ==, 0);
            continue;
        }
        g_assert_cmpint((gint) from, ==, cases[i].from);
        g_assert_cmpuint(confidence, >=, cases[i].at_least);
    }
}

static void
test_difference(void)
{
    const char *text = "[ơi plei do# [ơi le\\";
    g_autoptr(ContentLegacyText) done = content_legacy_convert(text, CONTENT_LEGACY_FONT);
    g_autoptr(GPtrArray) all = content_legacy_difference(text, done, 10);
    g_autoptr(GPtrArray) few = content_legacy_difference(text, done, 1);

    g_assert_cmpuint(all->len, ==, 3);
    g_assert_cmpstr(all->pdata[0], ==, "[ơi → ƀơi");
    g_assert_cmpstr(all->pdata[1], ==, "do# → dô\u0306 (?)");
    g_assert_cmpstr(all->pdata[2], ==, "le\\ → lĕ");
    g_assert_cmpuint(few->len, ==, 2);
    g_assert_cmpstr(few->pdata[1], ==, "and 2 more");
}

static void
test_limits(void)
{
    g_autofree char *longest = g_strnfill(CONTENT_LEGACY_MAX_BYTES, 'a');
    g_autofree char *too_long = g_strnfill(CONTENT_LEGACY_MAX_BYTES + 1, 'a');
    g_autoptr(ContentLegacyText) done = content_legacy_convert(longest, CONTENT_LEGACY_VNI);
    ContentLegacy from;

    g_assert_nonnull(done);
    g_assert_null(content_legacy_convert(too_long, CONTENT_LEGACY_VNI));
    g_assert_null(content_legacy_convert("\xff", CONTENT_LEGACY_VNI));
    g_assert_cmpuint(content_legacy_detect(too_long, &from), ==, 0);
    g_assert_cmpint(content_legacy_find("tcvn3"), ==, CONTENT_LEGACY_TCVN3);
    g_assert_cmpint(content_legacy_find("latin1"), ==, -1);
    g_assert_cmpint(content_legacy_find(NULL), ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/legacy-text/convert", test_convert);
    g_test_add_func("/content/legacy-text/tcvn3-by-another", test_tcvn3_by_another);
    g_test_add_func("/content/legacy-text/detect", test_detect);
    g_test_add_func("/content/legacy-text/difference", test_difference);
    g_test_add_func("/content/legacy-text/limits", test_limits);
    return g_test_run();
}
