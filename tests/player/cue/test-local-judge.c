/* test-local-judge.c - what a grant does not name does not sound, and the refusal says why. */
#include "player/cue/local-judge.h"

#include "content/base/id.h"

#include <string.h>

#define S(n)  ((gint64) (n) *G_USEC_PER_SEC)
#define NOW   S(G_GINT64_CONSTANT(1772409600))
#define BEGIN (NOW - S(86400))
#define END   (NOW + S(86400))
#define HASH  "$argon2id$v=19$m=8,t=1,p=1$c2E$aGE"

/* ---- a station: three villages, one of them with two zones ---- */

typedef struct {
    GPtrArray *grants, *starts;
    ContentTemplates *templates;
    ContentStationSettings *settings;
    PlayLocalFacts facts;
} World;

static char *
hash_of(const char *name)
{
    return content_sha256_hex(name, strlen(name));
}

static void
add_zone(ContentStationSettings *settings, const char *id, const char *village)
{
    ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);

    zone->id = g_strdup(id);
    zone->village = g_strdup(village);
    zone->name = g_strdup(id);
    g_ptr_array_add(zone->areas, g_strdup(village));
    g_ptr_array_add(zone->areas, g_strdup("xa"));
    g_ptr_array_add(settings->zones, zone);
}

static void
add_object(ContentTemplates *templates, const char *name)
{
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

    object->hash = hash_of(name);
    g_ptr_array_add(templates->objects, object);
}

static void
add_template(ContentTemplates *templates, const char *id, ContentEventKind event, gint blank)
{
    ContentTemplate *template = content_shape_new(&content_template_shape);
    ContentTemplateLine *line = content_shape_new(&content_template_line_shape);
    ContentTemplatePart *part = content_shape_new(&content_template_part_shape);

    template->id = g_strdup(id);
    template->title = g_strdup(id);
    template->event = (gint) event;
    template->severity = 4;
    template->tone = CONTENT_ALERT_TONE_WAIL;
    template->tone_ms = 5000;
    template->repeats = 3;
    template->life_min = 60;
    line->language = g_strdup("vi");
    part->object = hash_of(id);
    g_ptr_array_add(line->parts, part);
    if (blank != CONTENT_BLANK_NONE) {
        ContentTemplatePart *hole = content_shape_new(&content_template_part_shape);

        hole->blank = blank;
        g_ptr_array_add(line->parts, hole);
    }
    g_ptr_array_add(template->lines, line);
    g_ptr_array_add(templates->templates, template);
    add_object(templates, id);
}

static void
add_value(ContentTemplates *templates, const char *id, gint blank, const char *language)
{
    ContentTemplateValue *value = content_shape_new(&content_template_value_shape);
    ContentSpoken *spoken = content_shape_new(&content_spoken_shape);

    value->id = g_strdup(id);
    value->title = g_strdup(id);
    value->blank = blank;
    spoken->language = g_strdup(language);
    spoken->object = hash_of(id);
    g_ptr_array_add(value->spoken, spoken);
    g_ptr_array_add(templates->values, value);
    add_object(templates, id);
}

static ContentGrant *
add_grant(World *world, const char *id, const char *account, const char *input,
          const char *templates, const char *zones)
{
    ContentGrant *grant = content_document_new(&content_grant_type);
    g_auto(GStrv) template_ids = g_strsplit(templates, " ", -1);
    g_auto(GStrv) zone_ids = g_strsplit(zones, " ", -1);

    grant->id = g_strdup(id);
    if (account != NULL) {
        ContentGrantAccount *row = content_shape_new(&content_grant_account_shape);

        *row = (ContentGrantAccount){g_strdup(account), g_strdup(account), g_strdup(HASH)};
        g_ptr_array_add(grant->accounts, row);
    }
    if (input != NULL) {
        ContentGrantInput *row = content_shape_new(&content_grant_input_shape);

        row->name = g_strdup(input);
        row->template_ = g_strdup("lu-quet");
        g_ptr_array_add(row->values, g_strdup("bd3"));
        g_ptr_array_add(grant->inputs, row);
    }
    for (gsize i = 0; template_ids[i] != NULL; i++)
        g_ptr_array_add(grant->templates, g_strdup(template_ids[i]));
    for (gsize i = 0; zone_ids[i] != NULL; i++)
        g_ptr_array_add(grant->zones, g_strdup(zone_ids[i]));
    grant->max_starts = 2;
    grant->span_s = 3600;
    grant->not_before_us = BEGIN;
    grant->expires_us = END;
    g_ptr_array_add(world->grants, grant);
    return grant;
}

static void
world_set_up(World *world)
{
    world->grants = g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);
    world->starts = g_ptr_array_new_with_free_func((GDestroyNotify) play_local_start_free);
    world->templates = content_document_new(&content_templates_type);
    world->settings = content_document_new(&content_station_settings_type);
    add_zone(world->settings, "oi", "plei-oi");
    add_zone(world->settings, "pa-1", "plei-pa");
    add_zone(world->settings, "pa-2", "plei-pa");
    add_zone(world->settings, "cho", "cho");
    add_template(world->templates, "lu", CONTENT_EVENT_FLOOD, CONTENT_BLANK_NONE);
    add_template(world->templates, "lu-quet", CONTENT_EVENT_FLASH_FLOOD, CONTENT_BLANK_LEVEL);
    add_template(world->templates, "dien-tap", CONTENT_EVENT_DRILL, CONTENT_BLANK_NONE);
    add_value(world->templates, "bd3", CONTENT_BLANK_LEVEL, "vi");
    add_value(world->templates, "bd2", CONTENT_BLANK_LEVEL, "jra");
    add_grant(world, "g1", "an", "nut", "lu lu-quet dien-tap xa-dap", "oi pa-1 pa-2");
    world->facts = (PlayLocalFacts){.grants = world->grants,
                                    .templates = world->templates,
                                    .settings = world->settings,
                                    .starts = world->starts,
                                    .now_us = NOW,
                                    .is_trusted = TRUE};
}

static void
world_clear(World *world)
{
    g_ptr_array_unref(world->grants);
    g_ptr_array_unref(world->starts);
    content_templates_free(world->templates);
    content_station_settings_free(world->settings);
}

static ContentGrant *
grant_of(World *world)
{
    return world->grants->pdata[0];
}

static void
start_at(World *world, const char *grant, gint64 at_us)
{
    g_ptr_array_add(world->starts, play_local_start_new(grant, "truoc", at_us));
}

/* ---- what may be wrong with it ---- */

static void
no_grants(World *world)
{
    g_ptr_array_set_size(world->grants, 0);
}

static void
not_begun(World *world)
{
    grant_of(world)->not_before_us = NOW + 1;
}

static void
not_begun_by_no_clock(World *world)
{
    not_begun(world);
    world->facts.is_trusted = FALSE;
}

static void
over(World *world)
{
    grant_of(world)->expires_us = NOW;
}

static void
over_by_the_floor(World *world)
{
    over(world);
    world->facts.is_trusted = FALSE;
}

static void
one_start(World *world)
{
    start_at(world, "g1", NOW - 1);
}

static void
two_starts(World *world)
{
    one_start(world);
    start_at(world, "g1", NOW - S(3600) + 1);
}

static void
two_starts_one_long_ago(World *world)
{
    one_start(world);
    start_at(world, "g1", NOW - S(3600));
}

static void
starts_of_another(World *world)
{
    start_at(world, "g2", NOW - 1);
    start_at(world, "g2", NOW - 1);
}

static void
starts_ahead(World *world)
{
    start_at(world, "g1", NOW + S(1800));
    start_at(world, "g1", NOW + S(1800));
}

static void
starts_far_ahead(World *world)
{
    start_at(world, "g1", NOW + S(3600));
    start_at(world, "g1", NOW + S(7200));
}

static void
no_templates(World *world)
{
    world->facts.templates = NULL;
}

static void
no_settings(World *world)
{
    world->facts.settings = NULL;
}

static void
drills(World *world)
{
    grant_of(world)->drills = TRUE;
}

static void
half_a_village(World *world)
{
    g_ptr_array_remove_index(grant_of(world)->zones, 2);
}

static void
second_grant(World *world)
{
    ContentGrant *grant = add_grant(world, "g2", "an", NULL, "lu", "cho");

    grant->not_before_us = BEGIN;
}

static void
spent_and_second(World *world)
{
    two_starts(world);
    add_grant(world, "g2", "an", NULL, "lu", "oi");
}

/* clang-format off */
static const char *const oi[] = { "plei-oi", NULL }, *const pa[] = { "plei-pa", NULL },
                  *const cho[] = { "cho", NULL }, *const unknown[] = { "plei-oi", "bong", NULL },
                  *const commune[] = { "xa", NULL }, *const twice[] = { "plei-oi", "plei-oi", NULL },
                  *const nowhere[] = { NULL },
                  *const bd3[] = { "bd3", NULL }, *const bd2[] = { "bd2", NULL },
                  *const no_value[] = { "bd9", NULL };

#define MAY 0
#define ERR(code) (PLAY_LOCAL_ERROR_##code + 1)
static const struct {
    const char *why;
    void (*change)(World *);
    PlayLocalCall call;
    int error; /* + 1; MAY */
    const char *areas, *grant;
} cases[] = {
    { "everywhere that it may",          NULL, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "one village",                     NULL, { .by = "an", .template_ = "lu", .villages = oi }, MAY, "plei-oi", "g1" },
    { "a village named twice",           NULL, { .by = "an", .template_ = "lu", .villages = twice }, MAY, "plei-oi", "g1" },
    { "a village with two zones",        NULL, { .by = "an", .template_ = "lu", .villages = pa }, MAY, "plei-pa", "g1" },
    { "one zone of two is not named",    half_a_village, { .by = "an", .template_ = "lu", .villages = pa }, ERR(PLACE) },
    { "then everywhere is less",         half_a_village, { .by = "an", .template_ = "lu" }, MAY, "plei-oi", "g1" },
    { "a village not named",             NULL, { .by = "an", .template_ = "lu", .villages = cho }, ERR(PLACE) },
    { "a village nobody knows",          NULL, { .by = "an", .template_ = "lu", .villages = unknown }, ERR(PLACE) },
    { "the commune is more than it",     NULL, { .by = "an", .template_ = "lu", .villages = commune }, ERR(PLACE) },
    { "no village chosen",               NULL, { .by = "an", .template_ = "lu", .villages = nowhere }, ERR(PLACE) },
    { "a blank filled",                  NULL, { .by = "an", .template_ = "lu-quet", .values = bd3 }, MAY, "plei-oi plei-pa", "g1" },
    { "a blank not filled",              NULL, { .by = "an", .template_ = "lu-quet" }, ERR(BLANK) },
    { "a value nobody knows",            NULL, { .by = "an", .template_ = "lu-quet", .values = no_value }, ERR(BLANK) },
    { "a value for no blank",            NULL, { .by = "an", .template_ = "lu", .values = bd3 }, ERR(BLANK) },
    { "a value in another language",     NULL, { .by = "an", .template_ = "lu-quet", .values = bd2 }, ERR(UNSPOKEN) },
    { "the station holds no grant",      no_grants, { .by = "an", .template_ = "lu" }, ERR(NO_GRANT) },
    { "an account not named",            NULL, { .by = "binh", .template_ = "lu" }, ERR(CALLER) },
    { "an input is no account",          NULL, { .by = "nut", .template_ = "lu" }, ERR(CALLER) },
    { "an account is no input",          NULL, { .by = "an", .by_input = TRUE }, ERR(CALLER) },
    { "an input not named",              NULL, { .by = "nut-2", .by_input = TRUE }, ERR(CALLER) },
    { "a button",                        NULL, { .by = "nut", .by_input = TRUE }, MAY, "plei-oi plei-pa", "g1" },
    { "a button says so itself",         NULL, { .by = "nut", .by_input = TRUE, .template_ = "lu-quet" }, MAY, "plei-oi plei-pa", "g1" },
    { "a button with another template",  NULL, { .by = "nut", .by_input = TRUE, .template_ = "lu" }, ERR(TEMPLATE) },
    { "a button brings no other values", NULL, { .by = "nut", .by_input = TRUE, .values = bd2 }, MAY, "plei-oi plei-pa", "g1" },
    { "before its time",                 not_begun, { .by = "an", .template_ = "lu" }, ERR(EARLY) },
    { "no clock says that it is early",  not_begun_by_no_clock, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "after its time",                  over, { .by = "an", .template_ = "lu" }, ERR(OVER) },
    { "surely after its time",           over_by_the_floor, { .by = "an", .template_ = "lu" }, ERR(OVER) },
    { "a template not named",            NULL, { .by = "an", .template_ = "bao" }, ERR(TEMPLATE) },
    { "no template",                     NULL, { .by = "an" }, ERR(TEMPLATE) },
    { "a template that is not here",     NULL, { .by = "an", .template_ = "xa-dap" }, ERR(NOT_HERE) },
    { "no templates here",               no_templates, { .by = "an", .template_ = "lu" }, ERR(NOT_HERE) },
    { "no settings here",                no_settings, { .by = "an", .template_ = "lu" }, ERR(NOT_HERE) },
    { "no drills",                       NULL, { .by = "an", .template_ = "lu", .is_drill = TRUE }, ERR(DRILL) },
    { "the template of drills is one",   NULL, { .by = "an", .template_ = "dien-tap" }, ERR(DRILL) },
    { "a drill",                         drills, { .by = "an", .template_ = "lu", .is_drill = TRUE }, MAY, "plei-oi plei-pa", "g1" },
    { "the last start of the span",      one_start, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "one too many",                    two_starts, { .by = "an", .template_ = "lu" }, ERR(OFTEN) },
    { "one too many by button",          two_starts, { .by = "nut", .by_input = TRUE }, ERR(OFTEN) },
    { "one of them a span ago",          two_starts_one_long_ago, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "starts of another grant",         starts_of_another, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "the clock was set back a little", starts_ahead, { .by = "an", .template_ = "lu" }, ERR(OFTEN) },
    { "or further than a span",          starts_far_ahead, { .by = "an", .template_ = "lu" }, MAY, "plei-oi plei-pa", "g1" },
    { "repeated less",                   NULL, { .by = "an", .template_ = "lu", .repeats = 1 }, MAY, "plei-oi plei-pa", "g1" },
    { "repeated without end",            NULL, { .by = "an", .template_ = "lu", .repeats = 21 }, ERR(REPEATS) },
    { "repeated less than never",        NULL, { .by = "an", .template_ = "lu", .repeats = -1 }, ERR(REPEATS) },
    { "by another grant of the same",    second_grant, { .by = "an", .template_ = "lu", .villages = cho }, MAY, "cho", "g2" },
    { "the furthest says why",           second_grant, { .by = "an", .template_ = "lu-quet", .villages = cho }, ERR(PLACE) },
    { "one is spent, the other is not",  spent_and_second, { .by = "an", .template_ = "lu", .villages = oi }, MAY, "plei-oi", "g2" },
};
/* clang-format on */

static void
check_alert(const World *world, const ContentAlert *alert, gsize i)
{
    const PlayLocalCall *call = &cases[i].call;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_alert_type, alert, &error);
    g_autofree char *areas = NULL;

    g_assert_no_error(error);
    g_ptr_array_add(alert->areas, NULL);
    areas = g_strjoinv(" ", (char **) alert->areas->pdata);
    g_ptr_array_set_size(alert->areas, (gint) alert->areas->len - 1);
    g_assert_cmpstr(areas, ==, cases[i].areas);
    g_assert_cmpint(alert->issued_us, ==, world->facts.now_us);
    g_assert_cmpint(alert->expires_us, ==, NOW + S(3600));
    g_assert_cmpint(alert->drill, ==, call->is_drill);
    g_assert_cmpint(alert->repeats, ==, call->repeats > 0 ? call->repeats : 3);
}

static void
test_judge(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        World world;
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentAlert) alert = NULL;
        const ContentGrant *grant = NULL;

        g_test_message("%s", cases[i].why);
        world_set_up(&world);
        if (cases[i].change != NULL)
            cases[i].change(&world);
        alert = play_local_judge(&world.facts, &cases[i].call, "a1", &grant, &error);
        if (cases[i].error == MAY) {
            g_assert_no_error(error);
            g_assert_cmpstr(grant->id, ==, cases[i].grant);
            check_alert(&world, alert, i);
        } else {
            g_assert_error(error, PLAY_LOCAL_ERROR, cases[i].error - 1);
            g_assert_null(alert);
            g_assert_true(g_str_has_prefix(play_local_error_code(error), "local_"));
        }
        world_clear(&world);
    }
}

/* ---- the cue's own question ---- */

static void
other_area(ContentAlert *alert, ContentLocalOrder *order)
{
    g_ptr_array_add(alert->areas, g_strdup("cho"));
}

static void
whole_commune(ContentAlert *alert, ContentLocalOrder *order)
{
    g_ptr_array_add(alert->areas, g_strdup("xa"));
}

static void
other_audio(ContentAlert *alert, ContentLocalOrder *order)
{
    ContentSpeech *speech = alert->speeches->pdata[0];

    g_ptr_array_add(speech->parts, hash_of("spoken at home"));
}

static void
brought_audio(ContentAlert *alert, ContentLocalOrder *order)
{
    g_ptr_array_add(alert->objects, content_shape_new(&content_alert_object_shape));
}

static void
spoken_live(ContentAlert *alert, ContentLocalOrder *order)
{
    g_ptr_array_set_size(alert->speeches, 0);
    alert->live = content_shape_new(&content_alert_live_shape);
}

static void
as_a_drill(ContentAlert *alert, ContentLocalOrder *order)
{
    alert->drill = TRUE;
}

static void
other_template(ContentAlert *alert, ContentLocalOrder *order)
{
    g_free(alert->template_);
    alert->template_ = g_strdup("bao");
}

static void
without_template(ContentAlert *alert, ContentLocalOrder *order)
{
    g_clear_pointer(&alert->template_, g_free);
}

static void
in_anothers_place(ContentAlert *alert, ContentLocalOrder *order)
{
    g_ptr_array_add(alert->replaces, g_strdup("a0"));
}

static void
other_grant(ContentAlert *alert, ContentLocalOrder *order)
{
    g_free(order->grant);
    order->grant = g_strdup("g9");
}

static void
other_person(ContentAlert *alert, ContentLocalOrder *order)
{
    g_free(order->by);
    order->by = g_strdup("binh");
}

static void
as_an_input(ContentAlert *alert, ContentLocalOrder *order)
{
    order->input = TRUE;
}

static void
test_admits(void)
{
    /* clang-format off */
    const struct { const char *why; void (*forge)(ContentAlert *, ContentLocalOrder *); int error; } forged[] = {
        { "as it was judged",            NULL,              MAY },
        { "a village more",              other_area,        ERR(PLACE) },
        { "all of the commune",          whole_commune,     ERR(PLACE) },
        { "audio nobody approved",       other_audio,       ERR(AUDIO) },
        { "audio brought along",         brought_audio,     ERR(AUDIO) },
        { "whatever is said live",       spoken_live,       ERR(AUDIO) },
        { "a drill",                     as_a_drill,        ERR(DRILL) },
        { "another template",            other_template,    ERR(TEMPLATE) },
        { "no template",                 without_template,  ERR(TEMPLATE) },
        { "ends another alert",          in_anothers_place, ERR(ALERT) },
        { "a grant that is not here",    other_grant,       ERR(NO_GRANT) },
        { "somebody else",               other_person,      ERR(CALLER) },
        { "a button of that name",       as_an_input,       ERR(CALLER) },
    };
    /* clang-format on */
    const PlayLocalCall call = {.by = "an", .template_ = "lu"};

    for (gsize i = 0; i < G_N_ELEMENTS(forged); i++) {
        World world;
        const ContentGrant *grant = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentAlert) alert = NULL;
        g_autoptr(ContentLocalOrder) order = content_document_new(&content_local_order_type);

        g_test_message("%s", forged[i].why);
        world_set_up(&world);
        alert = play_local_judge(&world.facts, &call, "a1", &grant, &error);
        g_assert_no_error(error);
        order->grant = g_strdup(grant->id);
        order->by = g_strdup("an");
        if (forged[i].forge != NULL)
            forged[i].forge(alert, order);
        /* What began in time goes on when the grant has ended and its starts are used up. */
        over(&world);
        two_starts(&world);
        g_assert_cmpint(play_local_admits(&world.facts, order, alert, &error) != NULL, ==,
                        forged[i].error == MAY);
        if (forged[i].error != MAY)
            g_assert_error(error, PLAY_LOCAL_ERROR, forged[i].error - 1);
        world_clear(&world);
    }
}

static void
test_stop(void)
{
    /* clang-format off */
    const struct { const char *why; void (*change)(World *); const char *by; gboolean by_input; int error; guint n_areas; } stops[] = {
        { "where the grant reaches",         NULL,         "an",   FALSE, MAY,           2 },
        { "by the button, too",              NULL,         "nut",  TRUE,  MAY,           2 },
        { "however often it was started",    two_starts,   "an",   FALSE, MAY,           2 },
        { "where both grants reach",         second_grant, "an",   FALSE, MAY,           3 },
        { "by nobody else",                  NULL,         "binh", FALSE, ERR(CALLER),   0 },
        { "not before its time",             not_begun,    "an",   FALSE, ERR(EARLY),    0 },
        { "not after it",                    over,         "an",   FALSE, ERR(OVER),     0 },
        { "not without a grant",             no_grants,    "an",   FALSE, ERR(NO_GRANT), 0 },
        { "nowhere, if nobody knows where",  no_settings,  "an",   FALSE, ERR(PLACE),    0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(stops); i++) {
        World world;
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) areas = NULL;

        g_test_message("%s", stops[i].why);
        world_set_up(&world);
        if (stops[i].change != NULL)
            stops[i].change(&world);
        play_local_judge_stop(&world.facts, stops[i].by_input, stops[i].by, &areas, &error);
        if (stops[i].error == MAY) {
            g_assert_no_error(error);
            g_assert_cmpuint(areas->len, ==, stops[i].n_areas);
        } else {
            g_assert_error(error, PLAY_LOCAL_ERROR, stops[i].error - 1);
            g_assert_null(areas);
        }
        world_clear(&world);
    }
}

static void
test_choices(void)
{
    World world;
    g_autoptr(PlayLocalChoices) mine = NULL, nobodys = NULL, buttons = NULL;
    g_autoptr(GPtrArray) accounts = NULL;
    const PlayLocalTemplate *template;

    world_set_up(&world);
    add_grant(&world, "g2", "binh", NULL, "lu", "cho")->expires_us = NOW;
    mine = play_local_list_choices(&world.facts, FALSE, "an");
    nobodys = play_local_list_choices(&world.facts, FALSE, "binh");
    buttons = play_local_list_choices(&world.facts, TRUE, "nut");
    accounts = play_local_list_accounts(&world.facts);

    /* Drills are not allowed, and one template is not here. */
    g_assert_cmpuint(mine->templates->len, ==, 2);
    g_assert_cmpuint(mine->villages->len, ==, 2);
    g_assert_cmpuint(mine->values->len, ==, 2);
    template = mine->templates->pdata[1];
    g_assert_cmpstr(template->id, ==, "lu-quet");
    g_assert_true(template->blanks[CONTENT_BLANK_LEVEL]);
    g_assert_false(template->blanks[CONTENT_BLANK_VILLAGE] || template->may_drill);
    g_assert_cmpuint(nobodys->templates->len + nobodys->villages->len, ==, 0);
    g_assert_cmpuint(buttons->templates->len, ==, 1);
    g_assert_cmpuint(buttons->values->len, ==, 0);
    g_assert_cmpuint(accounts->len, ==, 1);
    g_assert_cmpstr(((const PlayLocalAccount *) accounts->pdata[0])->id, ==, "an");
    world_clear(&world);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/local-judge/rules", test_judge);
    g_test_add_func("/player/local-judge/admits", test_admits);
    g_test_add_func("/player/local-judge/stop", test_stop);
    g_test_add_func("/player/local-judge/choices", test_choices);
    return g_test_run();
}
