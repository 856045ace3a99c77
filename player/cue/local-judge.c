/* local-judge.c - see local-judge.h. Pure. */
#include "player/cue/local-judge.h"

#include <string.h>

#define MAX_REPEATS 20

G_DEFINE_QUARK(PlayLocalError, play_local_error)

/* What is known while one grant is asked. */
typedef struct {
    const PlayLocalFacts *facts;
    const PlayLocalCall *call;
    const ContentGrant *grant;
    const char *template_; /* (nullable): of the call, or of the input */
    const char *outside;   /* (out): what a rule is about, for its sentence */
    GPtrArray *areas;      /* (element-type utf8): villages in which it is to sound */
} Asked;

/* clang-format off */
static const struct { PlayLocalError code; const char *remark, *words; } sayings[] = {
    { PLAY_LOCAL_ERROR_NO_GRANT,   "local_no_grant",   "this station holds no grant" },
    { PLAY_LOCAL_ERROR_CALLER,     "local_caller",     "no grant names this caller" },
    { PLAY_LOCAL_ERROR_EARLY,      "local_early",      "the grant has not begun" },
    { PLAY_LOCAL_ERROR_OVER,       "local_over",       "the grant has ended" },
    { PLAY_LOCAL_ERROR_TEMPLATE,   "local_template",   "the grant does not name this template" },
    { PLAY_LOCAL_ERROR_DRILL,      "local_drill",      "the grant allows no drills" },
    { PLAY_LOCAL_ERROR_PLACE,      "local_place",      "the grant does not reach there" },
    { PLAY_LOCAL_ERROR_OFTEN,      "local_often",      "as many starts as the grant allows" },
    { PLAY_LOCAL_ERROR_NOT_HERE,   "local_not_here",   "the player does not have what it needs for this" },
    { PLAY_LOCAL_ERROR_AUDIO,      "local_audio",      "says what the station's templates do not hold" },
    { PLAY_LOCAL_ERROR_BLANK,      "local_blank",      "a blank is not filled, or by what does not belong there" },
    { PLAY_LOCAL_ERROR_UNSPOKEN,   "local_unspoken",   "in no language was all of it recorded" },
    { PLAY_LOCAL_ERROR_REPEATS,    "local_repeats",    "so often it cannot be repeated" },
    { PLAY_LOCAL_ERROR_ALERT,      "local_alert",      "there is no such alert" },
    { PLAY_LOCAL_ERROR_UNSIGNABLE, "local_unsignable", "the order cannot be written" },
};
/* clang-format on */

const char *
play_local_error_code(const GError *error)
{
    g_return_val_if_fail(error != NULL && error->domain == PLAY_LOCAL_ERROR, sayings[0].remark);
    for (gsize i = 0; i < G_N_ELEMENTS(sayings); i++) {
        if ((int) sayings[i].code == error->code)
            return sayings[i].remark;
    }
    g_return_val_if_reached(sayings[0].remark);
}

static void
say(GError **error, PlayLocalError code, const char *about)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sayings); i++) {
        if (sayings[i].code == code)
            g_set_error(error, PLAY_LOCAL_ERROR, (int) code, "%s%s%s",
                        about == NULL ? "" : about, about == NULL ? "" : ": ",
                        sayings[i].words);
    }
}

PlayLocalStart *
play_local_start_new(const char *grant, const char *alert, gint64 at_us)
{
    PlayLocalStart *start = g_new0(PlayLocalStart, 1);

    *start = (PlayLocalStart){g_strdup(grant), g_strdup(alert), at_us};
    return start;
}

void
play_local_start_free(PlayLocalStart *start)
{
    g_free(start->grant);
    g_free(start->alert);
    g_free(start);
}

static gboolean
has_word(const GPtrArray *words, const char *word)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *) words, word, g_str_equal, NULL);
}

/* ---- places ---- */

/* Returns: whether the station has a zone in @village, and @grant names all that it has there
 */
static gboolean
covers(const ContentGrant *grant, const ContentStationSettings *settings, const char *village)
{
    gboolean is_known = FALSE;

    for (guint i = 0; i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];

        if (!has_word(zone->areas, village))
            continue;
        if (!has_word(grant->zones, zone->id))
            return FALSE;
        is_known = TRUE;
    }
    return is_known;
}

/* Villages that the grant covers are added to @areas, each once. */
static void
add_villages(const ContentGrant *grant, const ContentStationSettings *settings,
             GPtrArray *areas)
{
    for (guint i = 0; i < settings->zones->len; i++) {
        const char *village =
            ((const ContentSettingsZone *) settings->zones->pdata[i])->village;

        if (areas->len < CONTENT_ALERT_MAX_AREAS && covers(grant, settings, village) &&
            !has_word(areas, village))
            g_ptr_array_add(areas, g_strdup(village));
    }
}

/* ---- the rules of one grant, in their order ---- */

static gboolean
names_caller(Asked *asked)
{
    const char *by = asked->call->by;

    if (!asked->call->by_input)
        return content_grant_find_account(asked->grant, by) != NULL;
    return content_grant_find_input(asked->grant, by) != NULL;
}

static gboolean
has_begun(Asked *asked)
{
    return !asked->facts->is_trusted || asked->facts->now_us >= asked->grant->not_before_us;
}

static gboolean
is_not_over(Asked *asked)
{
    return asked->facts->now_us < asked->grant->expires_us;
}

/* A button starts what was settled for it, and nothing else. */
static gboolean
names_template(Asked *asked)
{
    const PlayLocalCall *call = asked->call;

    asked->template_ = call->template_;
    if (call->by_input) {
        asked->template_ = content_grant_find_input(asked->grant, call->by)->template_;
        if (call->template_ != NULL && strcmp(call->template_, asked->template_) != 0)
            return FALSE;
    }
    return asked->template_ != NULL && has_word(asked->grant->templates, asked->template_);
}

static gboolean
is_here(Asked *asked)
{
    asked->outside = asked->template_;
    return asked->facts->settings != NULL && asked->facts->templates != NULL &&
           content_templates_find(asked->facts->templates, asked->template_) != NULL;
}

static gboolean
may_drill(Asked *asked)
{
    const ContentTemplate *template =
        content_templates_find(asked->facts->templates, asked->template_);

    return asked->grant->drills ||
           !(asked->call->is_drill || template->event == CONTENT_EVENT_DRILL);
}

static gboolean
reaches(Asked *asked)
{
    const char *const *villages = asked->call->villages;

    g_ptr_array_set_size(asked->areas, 0);
    if (villages == NULL)
        add_villages(asked->grant, asked->facts->settings, asked->areas);
    for (gsize i = 0; villages != NULL && villages[i] != NULL; i++) {
        asked->outside = villages[i];
        if (i >= CONTENT_ALERT_MAX_AREAS ||
            !covers(asked->grant, asked->facts->settings, villages[i]))
            return FALSE;
        if (!has_word(asked->areas, villages[i]))
            g_ptr_array_add(asked->areas, g_strdup(villages[i]));
    }
    return asked->areas->len > 0;
}

/* A clock that was set back leaves starts in the future: they count as if they were as long
 * ago. */
static gboolean
has_starts_left(Asked *asked)
{
    gint64 span_us = asked->grant->span_s * G_USEC_PER_SEC, n_starts = 0;

    for (guint i = 0; i < asked->facts->starts->len; i++) {
        const PlayLocalStart *start = asked->facts->starts->pdata[i];

        n_starts += strcmp(start->grant, asked->grant->id) == 0 &&
                    ABS(asked->facts->now_us - start->at_us) < span_us;
    }
    return n_starts < asked->grant->max_starts;
}

/* clang-format off */
static const struct { PlayLocalError code; gboolean (*holds)(Asked *asked); } rules[] = {
    { PLAY_LOCAL_ERROR_CALLER,   names_caller },
    { PLAY_LOCAL_ERROR_EARLY,    has_begun },
    { PLAY_LOCAL_ERROR_OVER,     is_not_over },
    { PLAY_LOCAL_ERROR_TEMPLATE, names_template },
    { PLAY_LOCAL_ERROR_NOT_HERE, is_here },
    { PLAY_LOCAL_ERROR_DRILL,    may_drill },
    { PLAY_LOCAL_ERROR_PLACE,    reaches },
    { PLAY_LOCAL_ERROR_OFTEN,    has_starts_left },
};
#define N_IN_FORCE 3 /* of the rules: the grant is in force for the caller */
/* clang-format on */

/* Returns: how many rules hold, at most @n_rules */
static gsize
ask(Asked *asked, gsize n_rules)
{
    gsize n = 0;

    while (n < n_rules) {
        asked->outside = NULL;
        if (!rules[n].holds(asked))
            break;
        n++;
    }
    return n;
}

static void
say_why(const Asked *asked, gsize n_rules, GError **error)
{
    gboolean is_caller = rules[n_rules].code == PLAY_LOCAL_ERROR_CALLER;

    if (asked->facts->grants->len == 0)
        say(error, PLAY_LOCAL_ERROR_NO_GRANT, NULL);
    else
        say(error, rules[n_rules].code, is_caller ? asked->call->by : asked->outside);
}

/* The first grant that allows everything; else the furthest says why not. */
static gboolean
find_grant(Asked *asked, GError **error)
{
    const ContentGrant *furthest = NULL;
    gsize best = 0;

    for (guint i = 0; i < asked->facts->grants->len; i++) {
        gsize n;

        asked->grant = asked->facts->grants->pdata[i];
        n = ask(asked, G_N_ELEMENTS(rules));
        if (n == G_N_ELEMENTS(rules))
            return TRUE;
        if (furthest == NULL || n > best) {
            furthest = asked->grant;
            best = n;
        }
    }
    asked->grant = furthest;
    if (furthest != NULL)
        ask(asked, best + 1);
    say_why(asked, best, error);
    return FALSE;
}

/* ---- the alert ---- */

static GPtrArray *
values_of(const Asked *asked)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    const char *const *named = asked->call->values;

    if (asked->call->by_input) {
        const ContentGrantInput *input =
            content_grant_find_input(asked->grant, asked->call->by);

        for (guint i = 0; i < input->values->len; i++)
            g_ptr_array_add(values, g_strdup(input->values->pdata[i]));
        return values;
    }
    for (gsize i = 0; named != NULL && named[i] != NULL && i <= CONTENT_GRANT_MAX_VALUES; i++)
        g_ptr_array_add(values, g_strdup(named[i]));
    return values;
}

static gboolean
compose(const Asked *asked, ContentAlert *alert, GError **error)
{
    g_autoptr(GPtrArray) values = values_of(asked);
    g_autoptr(GError) why = NULL;

    if (values->len > CONTENT_GRANT_MAX_VALUES) {
        say(error, PLAY_LOCAL_ERROR_BLANK, asked->template_);
        return FALSE;
    }
    if (content_templates_compose(asked->facts->templates, asked->template_, values,
                                  asked->call->is_drill, alert, &why))
        return TRUE;
    say(error,
        g_error_matches(why, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNSPOKEN)
            ? PLAY_LOCAL_ERROR_UNSPOKEN
            : PLAY_LOCAL_ERROR_BLANK,
        why->message);
    return FALSE;
}

static gboolean
fill(const Asked *asked, const char *id, ContentAlert *alert, GError **error)
{
    const ContentTemplate *template =
        content_templates_find(asked->facts->templates, asked->template_);
    gint64 repeats = asked->call->repeats;

    if (repeats < 0 || repeats > MAX_REPEATS) {
        say(error, PLAY_LOCAL_ERROR_REPEATS, asked->template_);
        return FALSE;
    }
    if (!compose(asked, alert, error))
        return FALSE;
    if (repeats > 0)
        alert->repeats = repeats;
    alert->id = g_strdup(id);
    alert->issued_us = asked->facts->now_us;
    alert->expires_us = alert->issued_us + template->life_min * 60 * G_USEC_PER_SEC;
    for (guint i = 0; i < asked->areas->len; i++)
        g_ptr_array_add(alert->areas, g_strdup(asked->areas->pdata[i]));
    return TRUE;
}

ContentAlert *
play_local_judge(const PlayLocalFacts *facts, const PlayLocalCall *call, const char *id,
                 const ContentGrant **out_grant, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    Asked asked = {.facts = facts, .call = call, .areas = areas};

    if (!find_grant(&asked, error) || !fill(&asked, id, alert, error))
        return NULL;
    *out_grant = asked.grant;
    return g_steal_pointer(&alert);
}

/* ---- asked again, before it sounds ---- */

static const ContentGrant *
grant_of(const PlayLocalFacts *facts, const char *id)
{
    for (guint i = 0; i < facts->grants->len; i++) {
        const ContentGrant *grant = facts->grants->pdata[i];

        if (strcmp(grant->id, id) == 0)
            return grant;
    }
    return NULL;
}

/* Returns: (nullable): a zone that would hear it and may not */
static const char *
zone_outside(const ContentGrant *grant, const ContentStationSettings *settings,
             const ContentAlert *alert)
{
    for (guint i = 0; i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];

        if (content_alert_concerns(alert, zone) && !has_word(grant->zones, zone->id))
            return zone->id;
    }
    return NULL;
}

static gboolean
lists(const ContentTemplates *templates, const char *hash)
{
    for (guint i = 0; i < templates->objects->len; i++) {
        if (strcmp(((const ContentAlertObject *) templates->objects->pdata[i])->hash, hash) ==
            0)
            return TRUE;
    }
    return FALSE;
}

/* Approved audio alone: all of it is the templates', and nobody speaks live. */
static gboolean
says_only_templates(const ContentAlert *alert, const ContentTemplates *templates)
{
    if (alert->objects->len > 0 || alert->live != NULL)
        return FALSE;
    for (guint i = 0; i < alert->speeches->len; i++) {
        const GPtrArray *parts = ((const ContentSpeech *) alert->speeches->pdata[i])->parts;

        for (guint j = 0; j < parts->len; j++) {
            if (!lists(templates, parts->pdata[j]))
                return FALSE;
        }
    }
    return TRUE;
}

const ContentGrant *
play_local_admits(const PlayLocalFacts *facts, const ContentLocalOrder *order,
                  const ContentAlert *alert, GError **error)
{
    const ContentGrant *grant = grant_of(facts, order->grant);
    const PlayLocalCall call = {
        .by_input = order->input, .by = order->by, .template_ = alert->template_};
    Asked asked = {.facts = facts, .call = &call, .grant = grant};
    const char *outside;

    if (grant == NULL)
        say(error, PLAY_LOCAL_ERROR_NO_GRANT, order->grant);
    else if (!names_caller(&asked))
        say(error, PLAY_LOCAL_ERROR_CALLER, order->by);
    else if (!names_template(&asked))
        say(error, PLAY_LOCAL_ERROR_TEMPLATE, alert->template_);
    else if (alert->drill && !grant->drills)
        say(error, PLAY_LOCAL_ERROR_DRILL, NULL);
    else if (facts->settings == NULL || facts->templates == NULL)
        say(error, PLAY_LOCAL_ERROR_NOT_HERE, NULL);
    else if ((outside = zone_outside(grant, facts->settings, alert)) != NULL)
        say(error, PLAY_LOCAL_ERROR_PLACE, outside);
    else if (alert->replaces->len > 0)
        say(error, PLAY_LOCAL_ERROR_ALERT, alert->replaces->pdata[0]);
    else if (!says_only_templates(alert, facts->templates))
        say(error, PLAY_LOCAL_ERROR_AUDIO, alert->template_);
    else
        return grant;
    return NULL;
}

GPtrArray *
play_local_grants_of(const PlayLocalFacts *facts, gboolean by_input, const char *by)
{
    GPtrArray *grants = g_ptr_array_new();
    const PlayLocalCall call = {.by_input = by_input, .by = by};
    Asked asked = {.facts = facts, .call = &call};

    for (guint i = 0; i < facts->grants->len; i++) {
        asked.grant = facts->grants->pdata[i];
        if (ask(&asked, N_IN_FORCE) == N_IN_FORCE)
            g_ptr_array_add(grants, facts->grants->pdata[i]);
    }
    return grants;
}

/* No grant of the caller is in force: why not, of the one that got furthest. */
static void
say_not_in_force(const PlayLocalFacts *facts, const PlayLocalCall *call, GError **error)
{
    Asked asked = {.facts = facts, .call = call};
    gsize best = 0;

    for (guint i = 0; i < facts->grants->len; i++) {
        asked.grant = facts->grants->pdata[i];
        best = MAX(best, ask(&asked, N_IN_FORCE));
    }
    say_why(&asked, best, error);
}

const ContentGrant *
play_local_judge_stop(const PlayLocalFacts *facts, gboolean by_input, const char *by,
                      GPtrArray **out_areas, GError **error)
{
    g_autoptr(GPtrArray) grants = play_local_grants_of(facts, by_input, by);
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    const PlayLocalCall call = {.by_input = by_input, .by = by};

    if (grants->len == 0) {
        say_not_in_force(facts, &call, error);
        return NULL;
    }
    for (guint i = 0; facts->settings != NULL && i < grants->len; i++)
        add_villages(grants->pdata[i], facts->settings, areas);
    if (areas->len == 0) {
        say(error, PLAY_LOCAL_ERROR_PLACE, NULL);
        return NULL;
    }
    *out_areas = g_steal_pointer(&areas);
    return grants->pdata[0];
}
