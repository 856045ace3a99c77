/* window.c - see window.h */
#include "player/window.h"

#include "player/events.h"
#include "player/page/post.h"
#include "player/page/watch.h"

struct PlayWindow {
    ContentClock *clock;    /* (not owned) */
    PlayDesk *desk;         /* (not owned) */
    PlayLocalAlerts *local; /* (not owned) */
    PlayTrustClock *trust;  /* (not owned) */
    PlayPageWatch *watch;   /* (owned) */
    PlayPagePost *post;     /* (owned) */
    gboolean is_district_up;
    char *fingerprint; /* (owned) (nullable): as last told */
    PlayWindowServedFunc served;
    gpointer data;
};

static PlayLocalFacts
facts_of(PlayWindow *self)
{
    return play_cue_local_facts(play_desk_cue(self->desk));
}

static char *
station_of(const PlayLocalFacts *facts)
{
    return g_strdup(facts->settings == NULL ? "" : facts->settings->name);
}

static PlayPageName *
name_new(const char *id, const char *name)
{
    PlayPageName *row = content_shape_new(&play_page_name_shape);

    row->id = g_strdup(id);
    row->name = g_strdup(name);
    return row;
}

/* ---- who may call ---- */

static GBytes *
say_people(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    const PlayLocalFacts facts = facts_of(self);
    g_autoptr(GPtrArray) accounts = play_local_accounts(self->local);
    g_autoptr(PlayPagePeople) people = content_document_new(&play_page_people_type);

    people->station = station_of(&facts);
    for (guint i = 0; i < accounts->len && i < PLAY_PAGE_MAX_PEOPLE; i++) {
        const PlayLocalAccount *account = accounts->pdata[i];
        PlayPageAccount *row = content_shape_new(&play_page_account_shape);

        row->id = g_strdup(account->id);
        row->name = g_strdup(account->name);
        row->pin_hash = g_strdup(account->pin_hash);
        g_ptr_array_add(people->accounts, row);
    }
    return content_document_write(&play_page_people_type, people, error);
}

/* ---- what may be called ---- */

static PlayPageTemplate *
template_new(const PlayLocalTemplate *from)
{
    PlayPageTemplate *row = content_shape_new(&play_page_template_shape);

    row->id = g_strdup(from->id);
    row->title = g_strdup(from->title);
    row->event = from->event;
    row->severity = from->severity;
    row->drill = from->may_drill;
    for (guint blank = 0; blank < CONTENT_N_BLANKS; blank++) {
        if (from->blanks[blank])
            g_ptr_array_add(row->blanks, g_strdup(content_blank_words[blank]));
    }
    return row;
}

static PlayPageValue *
value_new(const PlayLocalValue *from)
{
    PlayPageValue *row = content_shape_new(&play_page_value_shape);

    row->id = g_strdup(from->id);
    row->title = g_strdup(from->title);
    row->blank = from->blank;
    row->village = g_strdup(from->village);
    return row;
}

static GBytes *
say_choices(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    g_autoptr(PlayLocalChoices) from = play_local_choices(self->local, FALSE, ask->account);
    g_autoptr(PlayPageChoices) choices = content_document_new(&play_page_choices_type);

    for (guint i = 0; i < from->templates->len; i++)
        g_ptr_array_add(choices->templates, template_new(from->templates->pdata[i]));
    for (guint i = 0; i < from->villages->len; i++) {
        const PlayLocalVillage *village = from->villages->pdata[i];

        g_ptr_array_add(choices->villages, name_new(village->id, village->name));
    }
    for (guint i = 0; i < from->values->len && i < PLAY_PAGE_MAX_VALUES; i++)
        g_ptr_array_add(choices->values, value_new(from->values->pdata[i]));
    return content_document_write(&play_page_choices_type, choices, error);
}

/* ---- how far it is ---- */

/* As people call the village, where that is recorded. */
static const char *
name_of(const PlayLocalFacts *facts, const ContentSettingsZone *zone)
{
    for (guint i = 0; facts->templates != NULL && i < facts->templates->values->len; i++) {
        const ContentTemplateValue *value = facts->templates->values->pdata[i];

        if (g_strcmp0(value->area, zone->village) == 0)
            return value->title;
    }
    return zone->name;
}

static void
list_zones(const PlayLocalFacts *facts, GPtrArray *out)
{
    for (guint i = 0; facts->settings != NULL && i < facts->settings->zones->len; i++) {
        const ContentSettingsZone *zone = facts->settings->zones->pdata[i];

        if (out->len < PLAY_PAGE_MAX_ZONES)
            g_ptr_array_add(out, name_new(zone->id, name_of(facts, zone)));
    }
}

static GBytes *
say_state(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    const PlayLocalFacts facts = facts_of(self);
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);

    play_desk_fill_heartbeat(self->desk, heartbeat);
    state->station = station_of(&facts);
    state->district = self->is_district_up;
    state->gateway = heartbeat->gateway_version != NULL;
    state->trusted = play_trust_clock_trust(self->trust) != CONTENT_TRUST_UNSET;
    list_zones(&facts, state->zones);
    play_page_watch_fill(self->watch, heartbeat, content_clock_monotonic_us(self->clock),
                         state);
    return content_document_write(&play_page_state_type, state, error);
}

/* ---- acts ---- */

/* Returns: (transfer container): the same, NULL-terminated */
static GPtrArray *
terminated(const GPtrArray *ids)
{
    GPtrArray *out = g_ptr_array_new();

    for (guint i = 0; i < ids->len; i++)
        g_ptr_array_add(out, ids->pdata[i]);
    g_ptr_array_add(out, NULL);
    return out;
}

static GBytes *
say_outcome(const char *alert, const GError *why, GError **error)
{
    g_autoptr(PlayPageOutcome) outcome = content_document_new(&play_page_outcome_type);

    outcome->alert = g_strdup(alert);
    if (why != NULL)
        outcome->refusal = content_remark_new(play_local_error_code(why), NULL, NULL);
    return content_document_write(&play_page_outcome_type, outcome, error);
}

static GBytes *
start(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    g_autoptr(GPtrArray) villages = terminated(ask->villages);
    g_autoptr(GPtrArray) values = terminated(ask->values);
    const PlayLocalCall call = {.by = ask->account,
                                .template_ = ask->template_,
                                .villages = (const char *const *) villages->pdata,
                                .values = (const char *const *) values->pdata,
                                .is_drill = ask->drill,
                                .key = ask->key};
    g_autofree char *alert = NULL;
    g_autoptr(GError) why = NULL;

    play_local_start(self->local, &call, &alert, &why);
    return say_outcome(alert, why, error);
}

static GBytes *
stop(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    g_autoptr(GError) why = NULL;

    play_local_stop(self->local, FALSE, ask->account, ask->alert, &why);
    return say_outcome(NULL, why, error);
}

/* ---- what it is served with ---- */

static GBytes *
hear_hello(PlayWindow *self, const PlayPageAsk *ask, GError **error)
{
    if (ask->certificate != NULL && g_strcmp0(self->fingerprint, ask->certificate) != 0) {
        g_free(self->fingerprint);
        self->fingerprint = g_strdup(ask->certificate);
        self->served(self->fingerprint, self->data);
    }
    return say_outcome(NULL, NULL, error);
}

/* ---- the page asks ---- */

typedef struct {
    GBytes *(*say)(PlayWindow *self, const PlayPageAsk *ask, GError **error);
    gboolean wants_account, wants_template;
} Answer;

/* clang-format off */
static const Answer answers[] = {
    [PLAY_PAGE_PEOPLE]  = { say_people,  FALSE, FALSE },
    [PLAY_PAGE_CHOICES] = { say_choices, TRUE,  FALSE },
    [PLAY_PAGE_STATE]   = { say_state,   FALSE, FALSE },
    [PLAY_PAGE_START]   = { start,       TRUE,  TRUE  },
    [PLAY_PAGE_STOP]    = { stop,        TRUE,  FALSE },
    [PLAY_PAGE_HELLO]   = { hear_hello,  FALSE, FALSE },
};
/* clang-format on */

static GBytes *
on_ask(const PlayPageAsk *ask, gpointer data, GError **error)
{
    const Answer *row = &answers[ask->act];

    if ((row->wants_account && ask->account == NULL) ||
        (row->wants_template && ask->template_ == NULL)) {
        g_set_error(error, PLAY_PAGE_POST_ERROR, PLAY_PAGE_POST_ERROR_PEER,
                    "'%s' by nobody, or of nothing", play_page_act_words[ask->act]);
        return NULL;
    }
    return row->say(data, ask, error);
}

static void
on_problem(const char *words, gpointer data)
{
    content_event_log(&play_logs[PLAY_LOG_PAGE_REFUSED], NULL, "%s", words);
}

static const PlayPagePostEvents events = {on_ask, on_problem};

/* ---- the interface ---- */

PlayWindow *
play_window_new(const char *socket, ContentClock *clock, PlayDesk *desk, PlayLocalAlerts *local,
                PlayTrustClock *trust, PlayWindowServedFunc served, gpointer data)
{
    PlayWindow *self = g_new0(PlayWindow, 1);

    self->clock = clock;
    self->desk = desk;
    self->local = local;
    self->trust = trust;
    self->served = served;
    self->data = data;
    self->watch = play_page_watch_new();
    self->post = play_page_post_new(socket, clock, &events, self);
    return self;
}

void
play_window_free(PlayWindow *self)
{
    if (self == NULL)
        return;
    play_page_post_free(self->post);
    play_page_watch_free(self->watch);
    g_free(self->fingerprint);
    g_free(self);
}

void
play_window_line(PlayWindow *self, gboolean is_up)
{
    if (self != NULL)
        self->is_district_up = is_up;
}

/* How long ago, by clocks that may have been set since: never from the future. */
void
play_window_alert(PlayWindow *self, const ContentAlert *alert, gboolean is_fresh)
{
    gint64 now_us, utc_us, age_us;

    if (self == NULL)
        return;
    content_clock_now(self->clock, &utc_us, &now_us);
    age_us = is_fresh ? 0 : CLAMP(utc_us - alert->issued_us, 0, CONTENT_ALERT_MAX_LIFE_US);
    play_page_watch_alert(self->watch, alert, now_us - age_us);
}

void
play_window_record(PlayWindow *self, const ContentRecord *record)
{
    if (self != NULL)
        play_page_watch_record(self->watch, record);
}

void
play_window_restore(PlayWindow *self, const ContentRecord *record)
{
    if (self != NULL)
        play_page_watch_restore(self->watch, record);
}
