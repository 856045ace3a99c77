/* test-template.c - an alert made of a template says all of it in each language, or nothing. */
#include "content/template.h"

#include "content/base/id.h"
#include "content/kinds.h"

#include <string.h>

/* A hash that can be read back: "lu1" and zeros. */
static char *
hash_of(const char *name)
{
    g_autofree char *hex = content_hex((const guint8 *) name, strlen(name));

    return g_strdup_printf("%s%0*d", hex, (int) (64 - strlen(hex)), 0);
}

/* "vi: lu1 [village] lu2" */
static void
add_line(ContentTemplate *template, const char *text)
{
    ContentTemplateLine *line = content_shape_new(&content_template_line_shape);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    line->language = g_strndup(words[0], strlen(words[0]) - 1);
    for (gsize i = 1; words[i] != NULL; i++) {
        ContentTemplatePart *part = content_shape_new(&content_template_part_shape);

        if (words[i][0] == '[') {
            g_autofree char *blank = g_strndup(words[i] + 1, strlen(words[i]) - 2);

            part->blank = content_word_index(content_blank_words, blank);
        } else {
            part->object = hash_of(words[i]);
        }
        g_ptr_array_add(line->parts, part);
    }
    g_ptr_array_add(template->lines, line);
}

static ContentTemplate *
add_template(ContentTemplates *templates, const char *id, ContentEventKind event)
{
    ContentTemplate *template = content_shape_new(&content_template_shape);

    template->id = g_strdup(id);
    template->title = g_strdup(id);
    template->event = (gint) event;
    template->severity = 4;
    template->tone = CONTENT_ALERT_TONE_WAIL;
    template->tone_ms = 5000;
    template->repeats = 3;
    template->life_min = 60;
    g_ptr_array_add(templates->templates, template);
    return template;
}

static void
add_value(ContentTemplates *templates, const char *id, ContentBlank blank,
          const char *languages)
{
    ContentTemplateValue *value = content_shape_new(&content_template_value_shape);
    g_auto(GStrv) spoken_in = g_strsplit(languages, " ", -1);

    value->id = g_strdup(id);
    value->title = g_strdup(id);
    value->blank = (gint) blank;
    for (gsize i = 0; spoken_in[i] != NULL; i++) {
        ContentSpoken *spoken = content_shape_new(&content_spoken_shape);
        g_autofree char *name = g_strdup_printf("%s.%s", id, spoken_in[i]);

        spoken->language = g_strdup(spoken_in[i]);
        spoken->object = hash_of(name);
        g_ptr_array_add(value->spoken, spoken);
    }
    g_ptr_array_add(templates->values, value);
}

static ContentTemplates *
a_store(void)
{
    ContentTemplates *store = content_document_new(&content_templates_type);
    ContentTemplate *flood, *drill, *fire;

    store->station = g_strdup("ia-pa-02");
    drill = add_template(store, "dien-tap", CONTENT_EVENT_DRILL);
    add_line(drill, "vi: d");
    add_line(drill, "bdq: e");
    flood = add_template(store, "lu", CONTENT_EVENT_FLOOD);
    add_line(flood, "vi: lu1 [village] lu2 [level]");
    add_line(flood, "bdq: [village] b1");
    add_line(flood, "jra: j1 [village]");
    fire = add_template(store, "chay", CONTENT_EVENT_HOUSE_FIRE);
    add_line(fire, "vi: c1");
    add_value(store, "plei-oi", CONTENT_BLANK_VILLAGE, "vi bdq jra");
    add_value(store, "plei-rbai", CONTENT_BLANK_VILLAGE, "vi bdq");
    add_value(store, "bd3", CONTENT_BLANK_LEVEL, "vi");
    return store;
}

/* What it says, in the spelling of add_line(): "vi: lu1 plei-oi.vi lu2; bdq: …" */
static char *
said(const ContentAlert *alert)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < alert->speeches->len; i++) {
        const ContentSpeech *speech = alert->speeches->pdata[i];

        g_string_append_printf(text, "%s%s:", i > 0 ? "; " : "", speech->language);
        for (guint j = 0; j < speech->parts->len; j++) {
            guint8 name[33] = {0};

            g_assert_true(content_hex_decode(speech->parts->pdata[j], name, 32));
            g_string_append_printf(text, " %s", (const char *) name);
        }
    }
    return g_string_free(text, FALSE);
}

static void
test_compose(void)
{
    /* clang-format off */
    const struct { const char *why, *id, *values; gboolean is_drill; const char *says, *error; } cases[] = {
        { "in each language's own order", "lu", "plei-oi bd3", FALSE,
          "vi: lu1 plei-oi.vi lu2 bd3.vi; bdq: plei-oi.bdq b1; jra: j1 plei-oi.jra", NULL },
        { "two villages; one of them is not spoken in Jrai: its name is left out there, not the warning",
          "lu", "plei-rbai plei-oi bd3", FALSE,
          "vi: lu1 plei-rbai.vi plei-oi.vi lu2 bd3.vi; bdq: plei-rbai.bdq plei-oi.bdq b1; "
          "jra: j1 plei-oi.jra", NULL },
        { "a drill says so before and after", "lu", "plei-oi bd3", TRUE,
          "vi: d lu1 plei-oi.vi lu2 bd3.vi d; bdq: e plei-oi.bdq b1 e", NULL },
        { "the drill of nothing",         "dien-tap", "", TRUE,  "vi: d; bdq: e", NULL },
        { "and it is one by itself",      "dien-tap", "", FALSE, "vi: d; bdq: e", NULL },
        { "no such template",             "nui-lua", "",          FALSE, NULL, "there is no template nui-lua" },
        { "no such value",                "lu", "plei-nao bd3",   FALSE, NULL, "there is no value plei-nao" },
        { "an empty blank",               "lu", "plei-oi",        FALSE, NULL, "the blank level has no value" },
        { "more than is asked for",       "chay", "bd3",          FALSE, NULL, "there is no blank level" },
        { "as many villages as there may be", "dien-tap", "plei-oi plei-oi plei-oi plei-oi plei-oi plei-oi plei-oi plei-oi plei-oi",
          FALSE, NULL, "more than 8 values" },
    };
    /* clang-format on */
    g_autoptr(ContentTemplates) store = a_store();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
        g_autoptr(GPtrArray) values = g_ptr_array_new();
        g_auto(GStrv) words = g_strsplit(cases[i].values, " ", -1);
        g_autoptr(GError) error = NULL;
        g_autofree char *says = NULL;

        for (gsize j = 0; words[j] != NULL; j++)
            g_ptr_array_add(values, words[j]);
        g_test_message("%s", cases[i].why);
        if (!content_templates_compose(store, cases[i].id, values, cases[i].is_drill, alert,
                                       &error)) {
            g_assert_nonnull(cases[i].error);
            g_assert_nonnull(strstr(error->message, cases[i].error));
            g_assert_cmpuint(alert->speeches->len, ==, 0);
            continue;
        }
        says = said(alert);
        g_assert_cmpstr(says, ==, cases[i].says);
        g_assert_cmpint(alert->tone, ==,
                        alert->drill ? CONTENT_ALERT_TONE_GONG : CONTENT_ALERT_TONE_WAIL);
        g_assert_cmpstr(alert->template_, ==, cases[i].id);
    }
}

/* Without words for it, a drill would sound as if it were real. */
static void
test_no_words_for_a_drill(void)
{
    g_autoptr(ContentTemplates) store = a_store();
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    g_ptr_array_remove_index(store->templates, 0);
    g_assert_false(content_templates_compose(store, "chay", values, TRUE, alert, &error));
    g_assert_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNSPOKEN);
}

static void
test_lack(void)
{
    g_autoptr(ContentTemplates) store = a_store();

    g_assert_null(content_templates_lack(store, "vi"));
    g_assert_cmpstr(content_templates_lack(store, "bdq"), ==, "chay");
    g_assert_cmpstr(content_templates_lack(store, "bdq-x-kriem"), ==, "chay");
    g_assert_cmpstr(content_templates_lack(store, "jra"), ==, "dien-tap");
    g_ptr_array_set_size(store->templates, 0);
    g_assert_cmpstr(content_templates_lack(store, "jra"), ==, "plei-rbai");
}

/* Said in a dialect, in the language without one, or not at all; and readiness says the same as
 * what then sounds. */
static void
test_dialects(void)
{
    /* clang-format off */
    const struct { const char *why, *drill, *flood, *village, *says, *in_drill, *lacks; } cases[] = {
        { "all in the language",          "bdq: e", "bdq: b [village]", "bdq",
          "bdq: b v.bdq", "bdq: e b v.bdq e", NULL },
        { "all in the dialect",           "bdq-x-kriem: k", "bdq-x-kriem: b [village]", "bdq-x-kriem",
          "bdq-x-kriem: b v.bdq-x-kriem", "bdq-x-kriem: k b v.bdq-x-kriem k", NULL },
        { "a name in the language alone", "bdq-x-kriem: k", "bdq-x-kriem: b [village]", "bdq",
          "bdq-x-kriem: b v.bdq", "bdq-x-kriem: k b v.bdq k", NULL },
        { "what a drill is, in the language alone", "bdq: e", "bdq-x-kriem: b [village]", "bdq-x-kriem",
          "bdq-x-kriem: b v.bdq-x-kriem", "bdq-x-kriem: e b v.bdq-x-kriem e", NULL },
        { "a name in the dialect alone is left out of the language", "bdq: e", "bdq: b [village]", "bdq-x-kriem",
          "bdq: b", "bdq: e b e", "v" },
        { "what a drill is, in the dialect alone", "bdq-x-kriem: k", "bdq: b [village]", "bdq",
          "bdq: b v.bdq", NULL, "dien-tap" },
        { "another dialect's",            "bdq: e", "bdq-x-roh: b [village]", "bdq",
          "bdq-x-roh: b v.bdq", "bdq-x-roh: e b v.bdq e", "lu" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentTemplates) store = content_document_new(&content_templates_type);
        g_autoptr(GPtrArray) values = g_ptr_array_new();

        g_test_message("%s", cases[i].why);
        add_line(add_template(store, "dien-tap", CONTENT_EVENT_DRILL), cases[i].drill);
        add_line(add_template(store, "lu", CONTENT_EVENT_FLOOD), cases[i].flood);
        add_value(store, "v", CONTENT_BLANK_VILLAGE, cases[i].village);
        g_ptr_array_add(values, (gpointer) "v");
        for (gint is_drill = FALSE; is_drill <= TRUE; is_drill++) {
            g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
            const char *wanted = is_drill ? cases[i].in_drill : cases[i].says;
            g_autofree char *says = NULL;

            if (!content_templates_compose(store, "lu", values, is_drill, alert, NULL)) {
                g_assert_null(wanted);
                continue;
            }
            says = said(alert);
            g_assert_cmpstr(says, ==, wanted);
        }
        g_assert_cmpstr(content_templates_lack(store, "bdq-x-kriem"), ==, cases[i].lacks);
    }
}

static void
test_rules(void)
{
    g_autoptr(ContentTemplates) store = a_store();
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    g_autoptr(GBytes) good = NULL;
    g_autoptr(GError) error = NULL;

    good = content_document_write(&content_templates_type, store, &error);
    g_assert_no_error(error);
    object->hash = hash_of("o");
    object->size_bytes = object->duration_us = 1;
    g_ptr_array_add(store->objects, object);
    g_assert_null(content_document_write(&content_templates_type, store, &error));
    g_assert_nonnull(strstr(error->message, "audio without an approval"));
    g_clear_error(&error);
    object->approval = hash_of("a");
    ((ContentTemplateValue *) store->values->pdata[0])->blank = CONTENT_BLANK_NONE;
    g_assert_null(content_document_write(&content_templates_type, store, &error));
    g_assert_nonnull(strstr(error->message, "fills no blank"));
    g_clear_error(&error);
    g_ptr_array_set_size(store->values, 0);
    for (guint i = 0; i <= 64; i++)
        add_template(store, "lu", CONTENT_EVENT_FLOOD);
    g_assert_null(content_document_write(&content_templates_type, store, &error));
    g_assert_nonnull(strstr(error->message, "templates"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/template/compose", test_compose);
    g_test_add_func("/content/template/no-words-for-a-drill", test_no_words_for_a_drill);
    g_test_add_func("/content/template/lack", test_lack);
    g_test_add_func("/content/template/dialects", test_dialects);
    g_test_add_func("/content/template/rules", test_rules);
    return g_test_run();
}
