/* test-alert.c - what an alert may say, where it sounds, and which of two. */
#include "content/alert.h"

#include "tests/support/golden.h"

#include <string.h>

#define S G_USEC_PER_SEC
#define T G_GINT64_CONSTANT(1772409600000000)

/* The golden file @name with @from once put as @to, read. */
static gpointer
read_changed(const ContentDocumentType *type, const char *name, const char *from,
             const char *to, GError **error)
{
    g_autoptr(GPtrArray) files = golden_files_read();
    g_autoptr(GString) text = NULL;

    for (guint i = 0; i < files->len && text == NULL; i++) {
        const GoldenFile *file = files->pdata[i];

        if (strcmp(file->name, name) == 0)
            text = g_string_new_len(g_bytes_get_data(file->bytes, NULL),
                                    (gssize) g_bytes_get_size(file->bytes));
    }
    g_assert_nonnull(text);
    if (from[0] != '\0')
        g_assert_cmpuint(g_string_replace(text, from, to, 1), ==, 1);
    return content_document_read(type, text->str, text->len, error);
}

static void
test_rules(void)
{
    /* clang-format off */
    const struct { const char *why; const ContentDocumentType *type; const char *name, *from, *to, *error; } cases[] = {
        { "an alert",                  &content_alert_type, "alert", "", "", NULL },
        { "a whole day",               &content_alert_type, "alert", "1772416800000000", "1772496000000000", NULL },
        { "and a µs",                  &content_alert_type, "alert", "1772416800000000", "1772496000000001", "more than 24 hours" },
        { "over before it begins",     &content_alert_type, "alert", "1772416800000000", "1772409600000000", "expires_us is not after" },
        { "nowhere",                   &content_alert_type, "alert", "[\"ia-pa\",\"lang-cho\"]", "[]", "names no area" },
        { "a hazard that is none",     &content_alert_type, "alert", "flash_flood", "volcano", "event" },
        { "graver than the gravest",   &content_alert_type, "alert", "\"severity\":4", "\"severity\":6", "severity" },
        { "too short a tone",          &content_alert_type, "alert", "\"tone_ms\":6000", "\"tone_ms\":2999", "tone_ms" },
        { "too long a tone",           &content_alert_type, "alert", "\"tone_ms\":6000", "\"tone_ms\":10001", "tone_ms" },
        { "too long a silence",        &content_alert_type, "alert", "\"gap_ms\":2000", "\"gap_ms\":10001", "gap_ms" },
        { "never",                     &content_alert_type, "alert", "\"repeats\":3", "\"repeats\":0", "repeats" },
        { "again and again",           &content_alert_type, "alert", "\"repeats\":3", "\"repeats\":21", "repeats" },
        { "without a pause",           &content_alert_type, "alert", "\"again_s\":600", "\"again_s\":59", "again_s" },
        { "two in one language",       &content_alert_type, "alert", "bdq-x-kriem", "vi", "two speeches" },
        { "a language of nobody",      &content_alert_type, "alert", "bdq-x-kriem", "tlh", "language" },
        { "a siren in a drill",        &content_alert_type, "alert-drill", "gong", "wail", "a siren is not for a drill" },
        { "another siren in a drill",  &content_alert_type, "alert-drill", "gong", "pulse", "a siren is not for a drill" },
        { "a chime in a drill",        &content_alert_type, "alert-drill", "gong", "chime", NULL },
        { "a real drill",              &content_alert_type, "alert-drill", "\"drill\":true,", "", "is a drill" },
        { "live from the district",    &content_alert_type, "alert-live", "", "", NULL },
        { "live from the station",     &content_alert_type, "alert-live-station", "", "", NULL },
        { "live for an hour",          &content_alert_type, "alert-live", "1772410800000000", "1772413200000000", NULL },
        { "live and a µs",             &content_alert_type, "alert-live", "1772410800000000", "1772413200000001", "live: expires_us is more than an hour" },
        { "live, and a flood",         &content_alert_type, "alert-live", "spoken", "flood", "live: the event is not spoken" },
        { "live, and a recording",     &content_alert_type, "alert-live", "\"speeches\":[]", "\"speeches\":[{\"language\":\"vi\",\"parts\":[\"83f352dd9a2e100fea4d41d68483f8b63a88ebee91ad1afcfb25f301d67a1090\"]}]", "live: it has speeches" },
        { "live, and audio to fetch",  &content_alert_type, "alert-live", "\"objects\":[]", "\"objects\":[{\"duration_us\":9000000,\"hash\":\"7dc96f776c8423e57a2785489a3f9c43fb6e756876d6ad9a9cac4aa4e72ec193\",\"size_bytes\":54000}]", "live: it has objects" },
        { "live twice",                &content_alert_type, "alert-live", "\"repeats\":1", "\"repeats\":2", "live: repeats is not 1" },
        { "live again and again",      &content_alert_type, "alert-live", "{\"areas\"", "{\"again_s\":600,\"areas\"", "live: again_s" },
        { "live by another id",        &content_alert_type, "alert-live", "01kjpd1r00a1b2c3d4e5f6g7h8", "01kjpd1r00", "live: id" },
        { "neither live nor recorded", &content_alert_type, "alert", "\"objects\"", "\"live\":null,\"objects\"", "live" },
        { "a key of other letters",    &content_alert_type, "alert-live", "A6EHv/", "A6EHv_", "live: key is not 32 bytes" },
        { "a key too short",           &content_alert_type, "alert-live", "A6EHv/", "A6EHv", "live.key" },
        { "by an unknown microphone",  &content_alert_type, "alert-live", "\"origin\":\"district\"", "\"origin\":\"moon\"", "live.origin" },
        { "by nobody",                 &content_alert_type, "alert-live", "Chủ tịch Uỷ ban nhân dân xã Ia Pa", "", "live.speaker" },
        { "the station's, unnamed",    &content_alert_type, "alert-live-station", ",\"station\":\"ia-pa-02\"", "", "live: names no station" },
        { "the district's, of a station", &content_alert_type, "alert-live", "Ia Pa\"}", "Ia Pa\",\"station\":\"ia-pa-02\"}", "live: a station is for" },
        { "the station's, with a key", &content_alert_type, "alert-live-station", "{\"origin\"", "{\"key\":\"A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\",\"origin\"", "live: a key is for" },
        { "the district's, without",   &content_alert_type, "alert-live", "\"key\":\"A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\",", "", "live: has no key" },
        { "a stop",                    &content_stop_type, "stop", "", "", NULL },
        { "a stop of nothing",         &content_stop_type, "stop", "\"alert\":\"01kjpd1r00a1b2c3d4e5f6g7h8\",", "", "neither alert nor area" },
        { "a stop that is forgotten",  &content_stop_type, "stop-area", "1772496000000000", "1772495999999999", "not 24 hours" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        gpointer document =
            read_changed(cases[i].type, cases[i].name, cases[i].from, cases[i].to, &error);

        g_test_message("%s: %s", cases[i].why, error == NULL ? "" : error->message);
        g_assert_true((document != NULL) == (cases[i].error == NULL));
        if (cases[i].error != NULL)
            g_assert_nonnull(strstr(error->message, cases[i].error));
        content_document_free(cases[i].type, document);
    }
}

static ContentSpeech *
add_speech(ContentAlert *alert, const char *language, guint n_parts)
{
    ContentSpeech *speech = content_shape_new(&content_speech_shape);

    speech->language = g_strdup(language);
    for (guint i = 0; i < n_parts; i++)
        g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    return speech;
}

static ContentAlert *
an_alert(void)
{
    ContentAlert *alert = content_document_new(&content_alert_type);

    alert->id = g_strdup("a");
    g_ptr_array_add(alert->areas, g_strdup("ia-pa"));
    alert->severity = 3;
    alert->title = g_strdup("Lũ");
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = T;
    alert->expires_us = T + 60 * S;
    return alert;
}

/* As much as one alert may hold, and then one more of each. */
static void
test_limits(void)
{
    static const char *const dialects[] = {"vi", "bdq", "jra"};
    g_autoptr(ContentAlert) alert = an_alert();
    g_autoptr(GBytes) most = NULL, more = NULL;
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(dialects); i++)
        add_speech(alert, dialects[i], CONTENT_ALERT_MAX_PARTS);
    for (guint i = 1; i < CONTENT_ALERT_MAX_AREAS; i++)
        g_ptr_array_add(alert->areas, g_strdup_printf("plei-%u", i));
    most = content_document_write(&content_alert_type, alert, &error);
    g_assert_no_error(error);
    g_ptr_array_add(alert->areas, g_strdup("plei-nao"));
    g_assert_null(content_document_write(&content_alert_type, alert, &error));
    g_assert_nonnull(strstr(error->message, "areas"));
    g_clear_error(&error);
    g_ptr_array_set_size(alert->areas, 1);
    add_speech(alert, "bdq-x-kriem", 0);
    g_assert_null(content_document_write(&content_alert_type, alert, &error));
    g_assert_nonnull(strstr(error->message, "says nothing"));
    g_clear_error(&error);
    g_ptr_array_set_size(alert->speeches, G_N_ELEMENTS(dialects));
    g_ptr_array_add(((ContentSpeech *) alert->speeches->pdata[0])->parts, g_strnfill(64, 'b'));
    g_assert_null(content_document_write(&content_alert_type, alert, &error));
    g_assert_nonnull(strstr(error->message, "parts"));
    g_clear_error(&error);
    g_ptr_array_set_size(alert->speeches, 0);
    for (guint i = 0; i < CONTENT_ALERT_MAX_SPEECHES; i++) {
        g_autofree char *language = g_strdup_printf("bdq-x-d%u", i);

        add_speech(alert, language, CONTENT_ALERT_MAX_PARTS);
    }
    more = content_document_write(&content_alert_type, alert, &error);
    g_assert_null(more);
    g_assert_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_SYNTAX);
}

static void
test_judge(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 now_us; ContentAlertTime is; } cases[] = {
        { "as it is issued",               T,                                CONTENT_ALERT_IN_FORCE },
        { "by a clock that is behind",     T - CONTENT_ALERT_AHEAD_US,       CONTENT_ALERT_IN_FORCE },
        { "by one that is far behind",     T - CONTENT_ALERT_AHEAD_US - 1,   CONTENT_ALERT_FROM_FUTURE },
        { "in its last µs",                T + 60 * S - 1,                   CONTENT_ALERT_IN_FORCE },
        { "at its end",                    T + 60 * S,                       CONTENT_ALERT_OVER },
        { "a year later",                  T + G_GINT64_CONSTANT(31536000) * S,           CONTENT_ALERT_OVER },
        { "in 1970",                       0,                                CONTENT_ALERT_FROM_FUTURE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_alert_judge(T, T + 60 * S, cases[i].now_us), ==, cases[i].is);
    }
}

static void
test_compare(void)
{
    /* clang-format off */
    const struct { const char *why; ContentAlert a, b; gint sign; } cases[] = {
        { "the severer",          { .id = (char *) "a", .severity = 4 },                { .id = (char *) "b", .severity = 3, .issued_us = 9 }, -1 },
        { "the newer",            { .id = (char *) "a", .severity = 3, .issued_us = 9 }, { .id = (char *) "b", .severity = 3 },                 -1 },
        { "the first name",       { .id = (char *) "a", .severity = 3 },                { .id = (char *) "b", .severity = 3 },                 -1 },
        { "real before a drill",  { .id = (char *) "a", .severity = 1 },                { .id = (char *) "b", .severity = 5, .drill = TRUE, .issued_us = 9 }, -1 },
        { "itself",               { .id = (char *) "a", .severity = 3 },                { .id = (char *) "a", .severity = 3 },                  0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint there = content_alert_compare(&cases[i].a, &cases[i].b);
        gint back = content_alert_compare(&cases[i].b, &cases[i].a);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint((there > 0) - (there < 0), ==, cases[i].sign);
        g_assert_cmpint((back > 0) - (back < 0), ==, -cases[i].sign);
    }
}

static ContentSettingsZone *
a_zone(const char *areas, const char *languages)
{
    ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);
    g_auto(GStrv) of = g_strsplit(areas, " ", -1);
    g_auto(GStrv) lists = g_strsplit(languages, " ", -1);

    for (gsize i = 0; of[i] != NULL; i++)
        g_ptr_array_add(zone->areas, g_strdup(of[i]));
    for (gsize i = 0; lists[i] != NULL; i++)
        g_ptr_array_add(zone->languages, g_strdup(lists[i]));
    return zone;
}

static void
test_speeches(void)
{
    /* clang-format off */
    const struct { const char *why, *zone, *speaks, *says; } cases[] = {
        { "in the village's order",       "jra vi",          "vi bdq jra",          "jra vi" },
        { "only what it lists",           "bdq",             "vi bdq jra",          "bdq" },
        { "a dialect by its language",    "bdq-x-kriem vi",  "vi bdq",              "bdq vi" },
        { "a dialect by itself",          "bdq-x-kriem",     "bdq bdq-x-kriem",     "bdq-x-kriem" },
        { "not by another dialect",       "bdq-x-kriem",     "vi bdq-x-tolo",       "vi" },
        { "each once",                    "bdq-x-kriem bdq", "vi bdq",              "bdq" },
        { "none of its languages",        "jra",             "bdq vi",              "bdq" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentAlert) alert = an_alert();
        ContentSettingsZone *zone = a_zone("ia-pa", cases[i].zone);
        g_auto(GStrv) speaks = g_strsplit(cases[i].speaks, " ", -1);
        g_autoptr(GPtrArray) speeches = NULL;
        g_autoptr(GString) says = g_string_new(NULL);

        for (gsize j = 0; speaks[j] != NULL; j++)
            add_speech(alert, speaks[j], 1);
        speeches = content_alert_speeches(alert, zone);
        for (guint j = 0; j < speeches->len; j++)
            g_string_append_printf(says, "%s%s", j > 0 ? " " : "",
                                   ((const ContentSpeech *) speeches->pdata[j])->language);
        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(says->str, ==, cases[i].says);
        g_ptr_array_set_size(alert->speeches, 0);
        g_clear_pointer(&speeches, g_ptr_array_unref);
        speeches = content_alert_speeches(alert, zone);
        g_assert_cmpuint(speeches->len, ==, 0);
        content_shape_free(&content_settings_zone_shape, zone);
    }
}

static void
test_stop(void)
{
    /* clang-format off */
    const struct { const char *why, *alert, *area; gint64 issued_us; gboolean ends; } cases[] = {
        { "the one, everywhere",      "a",  NULL,       T,     TRUE },
        { "the one, there",           "a",  "lang-cho", T,     TRUE },
        { "the one, elsewhere",       "a",  "plei-oi",  T,     FALSE },
        { "another",                  "b",  NULL,       T,     FALSE },
        { "all of the commune",       NULL, "ia-pa",    T,     TRUE },
        { "all of another",           NULL, "chu-se",   T,     FALSE },
        { "a stop from before it",    "a",  NULL,       T - 1, FALSE },
        { "an area's from before it", NULL, "ia-pa",    T - 1, FALSE },
    };
    /* clang-format on */
    ContentSettingsZone *zone = a_zone("lang-cho ia-pa", "vi");
    g_autoptr(ContentAlert) alert = an_alert();

    g_assert_true(content_alert_concerns(alert, zone));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentStop) stop = content_document_new(&content_stop_type);

        stop->alert = g_strdup(cases[i].alert);
        if (cases[i].area != NULL)
            g_ptr_array_add(stop->areas, g_strdup(cases[i].area));
        stop->issued_us = cases[i].issued_us;
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_stop_ends(stop, alert, zone), ==, cases[i].ends);
    }
    g_ptr_array_set_size(zone->areas, 1);
    g_assert_false(content_alert_concerns(alert, zone));
    content_shape_free(&content_settings_zone_shape, zone);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/alert/rules", test_rules);
    g_test_add_func("/content/alert/limits", test_limits);
    g_test_add_func("/content/alert/judge", test_judge);
    g_test_add_func("/content/alert/compare", test_compare);
    g_test_add_func("/content/alert/speeches", test_speeches);
    g_test_add_func("/content/alert/stop", test_stop);
    return g_test_run();
}
