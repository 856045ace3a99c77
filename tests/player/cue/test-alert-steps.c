/* test-alert-steps.c - what one output sounds of an alert, in which order, and for whom. */
#include "player/cue/alert-steps.h"

#include <string.h>

#include "player/cue/cue.h"
#include "tests/support/alert-builder.h"
#include "tests/support/plan-builder.h"

#define TZ  "Asia/Ho_Chi_Minh"
#define NOW G_GINT64_CONSTANT(1772409600000000)

/* clang-format off */
static const struct {
    const char *why;
    const char *zones;   /* "zone:languages in its order" */
    const char *spoken;  /* languages of the alert */
    const char *missing; /* languages of which the audio is not here */
    const char *steps;   /* "signal(zones) language(zones)…" */
} cases[] = {
    { "one village, one language", "cho:vi", "vi", "", "signal(cho) vi(cho)" },
    { "a village hears its languages in its own order", "cho:jra,vi", "vi jra", "",
      "signal(cho) jra(cho) vi(cho)" },
    { "what all of them want sounds once, after what one wants before it", "cho:vi suoi:jra,vi",
      "vi jra", "", "signal(cho suoi) jra(suoi) vi(cho suoi)" },
    { "two orders that contradict each other: one language sounds twice", "cho:vi,jra suoi:jra,vi",
      "vi jra", "", "signal(cho suoi) vi(cho) jra(cho suoi) vi(suoi)" },
    { "three villages, three languages, one of them in all",
      "cho:vi nha-rong:jra,vi suoi:bdq,vi", "vi jra bdq", "",
      "signal(cho nha-rong suoi) jra(nha-rong) bdq(suoi) vi(cho nha-rong suoi)" },
    { "a language that the alert does not speak is passed over", "cho:bdq,vi", "vi", "",
      "signal(cho) vi(cho)" },
    { "none of its languages is spoken: the first of the alert", "cho:bdq suoi:jra", "vi jra", "",
      "signal(cho suoi) vi(cho) jra(suoi)" },
    { "audio that is not here is left out, not half of it", "cho:jra,vi", "vi jra", "jra",
      "signal(cho) vi(cho)" },
    { "and its village hears whatever is here", "cho:jra", "vi jra bdq", "jra vi",
      "signal(cho) bdq(cho)" },
    { "nothing is here: the signal warns all the same", "cho:vi suoi:jra", "vi jra", "vi jra",
      "signal(cho suoi)" },
    { "a dialect is served by its language", "cho:jra-x-chor", "vi jra", "",
      "signal(cho) jra(cho)" },
    { "nobody", "", "vi", "", "" },
};
/* clang-format on */

static gboolean
lists(const char *words, const char *word)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);

    return g_strv_contains((const char *const *) all, word);
}

typedef struct {
    const ContentAlert *alert;
    const char *missing;
} Here;

static gint64
length(const char *object, const char *language, const ContentSettingsZone *zone, gpointer data)
{
    const Here *here = data;

    for (guint i = 0; i < here->alert->speeches->len; i++) {
        const ContentSpeech *speech = here->alert->speeches->pdata[i];

        if (strcmp(speech->parts->pdata[0], object) == 0)
            return lists(here->missing, speech->language) ? 0 : PLAN_S(10);
    }
    return 0;
}

static void
zone_free(gpointer zone)
{
    content_shape_free(&content_settings_zone_shape, zone);
}

static GPtrArray *
read_zones(const char *text)
{
    GPtrArray *zones = g_ptr_array_new_with_free_func(zone_free);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++) {
        g_auto(GStrv) parts = g_strsplit_set(words[i], ":,", -1);
        ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);

        zone->id = g_strdup(parts[0]);
        for (guint j = 1; parts[j] != NULL; j++)
            g_ptr_array_add(zone->languages, g_strdup(parts[j]));
        g_ptr_array_add(zones, zone);
    }
    return zones;
}

static char *
write_steps(const GPtrArray *steps)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < steps->len; i++) {
        const PlayAlertStep *step = steps->pdata[i];

        g_string_append_printf(text, "%s%s(", i == 0 ? "" : " ",
                               step->object == NULL ? "signal" : step->language);
        for (guint j = 0; j < step->zones->len; j++)
            g_string_append_printf(text, "%s%s", j == 0 ? "" : " ",
                                   (const char *) step->zones->pdata[j]);
        g_string_append_c(text, ')');
    }
    return g_string_free(text, FALSE);
}

static void
test_order(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentAlert) alert = alert_builder_new("lu", "xa", cases[i].spoken, NOW);
        g_autoptr(GPtrArray) zones = read_zones(cases[i].zones);
        Here here = {alert, cases[i].missing};
        g_autoptr(GPtrArray) steps = play_alert_steps(alert, zones, length, &here);
        g_autofree char *text = write_steps(steps);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(text, ==, cases[i].steps);
    }
}

/* The same zones, and a known end: what follows does so without a gap. */
static void
test_joined(void)
{
    g_autoptr(ContentAlert) alert = alert_builder_new("lu", "xa", "vi jra", NOW);
    g_autoptr(GPtrArray) zones = read_zones("cho:vi,jra suoi:vi");
    Here here = {alert, ""};
    g_autoptr(GPtrArray) steps = play_alert_steps(alert, zones, length, &here);
    PlayAlertStep *signal = steps->pdata[0];

    g_assert_cmpuint(steps->len, ==, 3);
    g_assert_true(play_alert_step_is_joined(signal, steps->pdata[1]));
    g_assert_false(play_alert_step_is_joined(steps->pdata[1], steps->pdata[2]));
    signal->duration_us = PLAY_ALERT_UNKNOWN_US;
    g_assert_false(play_alert_step_is_joined(signal, steps->pdata[1]));
}

/* ---- what the alert brings among the words that the station keeps ---- */

typedef struct {
    const char *here;
} Store;

static gint64
kept_length(const char *object, const char *language, const ContentSettingsZone *zone,
            gpointer data)
{
    g_auto(GStrv) here = g_strsplit(((const Store *) data)->here, " ", -1);

    for (guint i = 0; here[i] != NULL; i++) {
        g_autofree char *hash = plan_builder_hash(here[i]);

        if (strcmp(hash, object) == 0)
            return PLAN_S(3);
    }
    return 0;
}

/* An alert over two communes names villages of both; each keeps the names of its own. */
static void
test_names(void)
{
    /* clang-format off */
    const struct {
        const char *why, *brought, *here;
        guint n_steps;  /* the signal too */
        guint parts[4]; /* that are said */
    } rows[] = {
        { "all of it is here", "ours theirs", "before ours theirs after", 5, { 0, 1, 2, 3 } },
        { "a name of another commune is on its way", "ours theirs", "before ours after", 4, { 0, 1, 3 } },
        { "no name is here: the warning is said", "ours theirs", "before after", 3, { 0, 3 } },
        { "of the words themselves none may lack", "ours theirs", "ours theirs after", 1, { 0 } },
        { "and a name that the station was to keep is one of them", "theirs", "before theirs after", 1, { 0 } },
        { "a message that the alert brings whole is said whole", "before ours theirs after", "before ours after", 1, { 0 } },
    };
    /* clang-format on */
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(ContentAlert) alert = alert_builder_new("lu", "xa", "vi", NOW);
        g_autoptr(GPtrArray) zones = read_zones("cho:vi");
        const char *const words[] = {"before", "ours", "theirs", "after"};
        ContentSpeech *speech = alert->speeches->pdata[0];
        g_auto(GStrv) brought = g_strsplit(rows[i].brought, " ", -1);
        Store store = {rows[i].here};
        g_autoptr(GPtrArray) steps = NULL;

        g_test_message("%s", rows[i].why);
        g_ptr_array_set_size(speech->parts, 0);
        g_ptr_array_set_size(alert->objects, 0);
        for (guint j = 0; j < G_N_ELEMENTS(words); j++)
            g_ptr_array_add(speech->parts, plan_builder_hash(words[j]));
        for (guint j = 0; brought[j] != NULL; j++) {
            ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

            object->hash = plan_builder_hash(brought[j]);
            g_ptr_array_add(alert->objects, object);
        }
        steps = play_alert_steps(alert, zones, kept_length, &store);
        g_assert_cmpuint(steps->len, ==, rows[i].n_steps);
        for (guint j = 1; j < steps->len; j++)
            g_assert_cmpuint(((const PlayAlertStep *) steps->pdata[j])->part, ==,
                             rows[i].parts[j - 1]);
    }
}

/* ---- limits ---- */

/* One too many is refused, and said again it is still known; what is over makes room. */
static void
test_too_many(void)
{
    g_autoptr(PlayCue) cue = play_cue_new();
    PlayInstant now = {NOW, PLAN_S(1000), CONTENT_TRUST_SYNCED};

    play_cue_take_settings(cue, plan_builder_settings(TZ, "o1:cho"));
    for (guint i = 0; i <= PLAY_ALERTS_MAX; i++) {
        g_autofree char *id = g_strdup_printf("a%u", i);

        g_assert_cmpint(play_cue_take_alert(cue, alert_builder_new(id, "xa", "vi", NOW),
                                            PLAY_ALERT_FRESH, &now),
                        ==, i < PLAY_ALERTS_MAX);
    }
    g_assert_true(play_cue_take_alert(cue, alert_builder_new("a3", "xa", "vi", NOW),
                                      PLAY_ALERT_FRESH, &now));
    now.utc_us += PLAN_MIN(11);
    now.monotonic_us += PLAN_MIN(11);
    for (guint i = 0; i < 3; i++) {
        g_autoptr(GPtrArray) actions = play_actions_new();
        PlayAlarm alarm = {0, 0};

        play_cue_step(cue, &now, actions, &alarm);
        now.monotonic_us += PLAN_S(2);
        now.utc_us += PLAN_S(2);
    }
    g_assert_true(play_cue_take_alert(cue, alert_builder_new("b", "xa", "vi", now.utc_us),
                                      PLAY_ALERT_FRESH, &now));
}

/* Of those that are over only so many are remembered: the first ones are forgotten. */
static void
test_many_over(void)
{
    g_autoptr(PlayCue) cue = play_cue_new();
    PlayInstant now = {NOW, PLAN_S(1000), CONTENT_TRUST_SYNCED};

    for (guint i = 0; i < 3 * PLAY_ALERTS_MAX_KNOWN; i++) {
        g_autofree char *id = g_strdup_printf("a%u", i);

        g_assert_true(play_cue_take_alert(cue, alert_builder_new(id, "xa", "vi", NOW),
                                          PLAY_ALERT_ENDED, &now));
        play_cue_take_stop(cue, alert_builder_stop("s", id, NULL, NOW));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/alert-steps/order", test_order);
    g_test_add_func("/player/cue/alert-steps/joined", test_joined);
    g_test_add_func("/player/cue/alert-steps/names", test_names);
    g_test_add_func("/player/cue/alert-steps/too-many", test_too_many);
    g_test_add_func("/player/cue/alert-steps/many-over", test_many_over);
    return g_test_run();
}
