/*
 * api-offers.c - what is sent from above for communes to air at a time of their choice.
 *
 * An editor sends, a second person approves: one airing in each commune, at any allowed time
 * until the deadline. The commune's choice among those times makes no more sound than was
 * approved, so nobody else confirms it; who chose stands in the audit. The sender sees who has
 * placed it, and what the stations' records say of it.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/plan/finding.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/offer-outcomes.h"
#include "scheduler/store/playlists.h"

#include <string.h>

typedef struct {
    char *name, *announcement, *playlist, *home; /* (owned) */
    gint64 until_us, lead_h;
    GPtrArray *areas; /* (owned) (element-type utf8) */
} OfferBody;

typedef struct {
    gint64 start_us;
} PlaceBody;

typedef struct {
    char *content; /* (owned) */
} ApproveBody;

typedef enum {
    PLACE_OPEN,
    PLACE_UNPLACED,
    PLACE_PLACED,
    PLACE_STOPPED,
    PLACE_LEFT_OUT, /* from here on as SchedOfferState */
    PLACE_WAITING,
    PLACE_DELIVERED,
    PLACE_PARTIAL,
    PLACE_MISSED,
    PLACE_NO_CONTACT,
    PLACE_QUIET,
} PlaceState;

/* A place as the sender sees it. */
typedef struct {
    char *area, *area_name; /* (owned) */
    gint state;             /* PlaceState */
    gint64 start_us, placed_us;
    char *placed_by; /* (owned) (nullable) */
    gboolean itself;
    char *unplaced;      /* (owned) (nullable) */
    gint64 heard, zones; /* zones that heard all of it, and all that were to */
    char *why, *why_vi;  /* (owned) (nullable) */
} Place;

/* clang-format off */
static const char *const place_state_words[] = {
    "open", "unplaced", "placed", "stopped", "left_out", "waiting", "delivered", "partial",
    "missed", "no_contact", "quiet", NULL,
};

static const ContentMember body_members[] = {
    ROW_OPTIONAL_TEXT(OfferBody, name, 1, ROW_NAME_MAX_BYTES, "Its name; absent: the announcement's title."),
    ROW_OPTIONAL_WORD(OfferBody, announcement, ID, "What is sent; or:"),
    ROW_OPTIONAL_WORD(OfferBody, playlist, ID, "a whole programme."),
    ROW_WORD(OfferBody, home, ID, "Area whose editors and approvers it belongs to."),
    ROW_WORDS(OfferBody, areas, SCHED_OFFER_MAX_PLACES, ID,
              "Communes, or what lies above them: each with loudspeakers chooses for itself."),
    ROW_UTC(OfferBody, until_us, "The deadline: it is over by then."),
    ROW_OPTIONAL_INT(OfferBody, lead_h, SCHED_OFFER_LEAD_MIN_H, SCHED_OFFER_LEAD_MAX_H,
                     SCHED_OFFER_LEAD_H, "h",
                     "So long before the deadline it goes in by itself; half of the time is always left for choosing."),
    ROW_END,
};
static const ContentShape body_shape = { "NewOffer", sizeof(OfferBody), body_members };

static const ContentMember place_body_members[] = {
    ROW_UTC(PlaceBody, start_us, "When it is to begin; whole seconds count."), ROW_END,
};
static const ContentShape place_body = { "PlaceBody", sizeof(PlaceBody), place_body_members };

static const ContentMember approve_members[] = {
    ROW_WORD(ApproveBody, content, HASH, "The content that the approver saw."), ROW_END,
};
static const ContentShape approve_shape = { "ApproveOffer", sizeof(ApproveBody), approve_members };

static const ContentMember offer_shape_members[] = {
    ROW_WORD(SchedOfferRow, id, ID, "Id of what was sent."),
    ROW_TEXT(SchedOfferRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_OPTIONAL_WORD(SchedOfferRow, announcement, ID, "The announcement, if it is one."),
    ROW_WORD(SchedOfferRow, playlist, ID, "What is played."),
    ROW_WORD(SchedOfferRow, home, ID, "Area whose editors and approvers it belongs to."),
    ROW_UTC(SchedOfferRow, until_us, "The deadline."),
    ROW_INT(SchedOfferRow, lead_h, SCHED_OFFER_LEAD_MIN_H, SCHED_OFFER_LEAD_MAX_H, "h",
            "So long before it goes in by itself."),
    ROW_UTC(SchedOfferRow, itself_us, "When that is; 0: it is not approved."),
    ROW_WORD(SchedOfferRow, content, HASH, "Hash of playlist, places and deadline."),
    ROW_WORD(SchedOfferRow, author, ID, "Who sent it."),
    ROW_TEXT(SchedOfferRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_UTC(SchedOfferRow, made_us, "When."),
    ROW_OPTIONAL_WORD(SchedOfferRow, approver, ID, "Who approved it; absent: it waits."),
    ROW_UTC(SchedOfferRow, approved_us, "When; 0: not yet."),
    ROW_UTC(SchedOfferRow, ended_us, "When it was taken back; 0: it was not."),
    ROW_BOOL(SchedOfferRow, withdrawn, "Its announcement was withdrawn."),
    ROW_COUNT(SchedOfferRow, places, "", "Communes that it was sent to."),
    ROW_COUNT(SchedOfferRow, placed, "", "Those where it has a time."),
    ROW_END,
};
static API_SHAPE(offer_shape, SchedOfferRow, "Offer", sched_offer_row_free);

static const ContentMember place_shape_members[] = {
    ROW_WORD(Place, area, ID, "The commune."),
    ROW_TEXT(Place, area_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_ENUM(Place, state, place_state_words, "How far it is there."),
    ROW_UTC(Place, start_us, "When it is or was to be heard; 0: not placed."),
    ROW_UTC(Place, placed_us, "When that was chosen; 0: it was not."),
    ROW_OPTIONAL_TEXT(Place, placed_by, 1, ROW_NAME_MAX_BYTES, "By whom."),
    ROW_BOOL(Place, itself, "Nobody chose: it went in by itself."),
    ROW_OPTIONAL_TEXT(Place, unplaced, 1, 20, "Why it never was: no_time, changed."),
    ROW_COUNT(Place, heard, "", "Zones that heard it, by their records."),
    ROW_COUNT(Place, zones, "", "Zones that were to."),
    ROW_OPTIONAL_TEXT(Place, why, 1, 1000, "Why not all of them did, in English."),
    ROW_OPTIONAL_TEXT(Place, why_vi, 1, 1000, "The same in Vietnamese."),
    ROW_END,
};
static void place_free(gpointer place);
static API_SHAPE(place_shape, Place, "OfferPlace", place_free);
/* clang-format on */

static void
place_free(gpointer place)
{
    content_shape_free(&place_shape, place);
}

/* ---- sending ---- */

/* An announcement goes out as a programme of its own. */
static gboolean
put_playlist(SchedTxn *txn, SchedAct *act, const OfferBody *body, SchedOfferRow *row,
             GError **error)
{
    g_autofree char *item = sched_act_id(act);
    SchedItemRow only = {
        .id = item, .kind = SCHED_ITEM_ANNOUNCEMENT, .announcement = body->announcement};
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    const SchedPlaylistRow playlist = {
        .id = row->playlist, .name = row->name, .home = body->home, .items = items};

    g_ptr_array_add(items, &only);
    return sched_store_playlist_put(txn, &playlist, 0, error);
}

static gboolean
name_it(SchedTxn *txn, const OfferBody *body, SchedOfferRow *row, GError **error)
{
    g_autoptr(SchedAnnouncementRow) announcement = NULL;
    g_autoptr(SchedPlaylistRow) playlist = NULL;
    const char *title;

    if (body->name != NULL) {
        row->name = g_strdup(body->name);
        return TRUE;
    }
    if (body->announcement != NULL) {
        announcement = sched_store_announcement_get(txn, body->announcement, error);
        title = announcement == NULL ? NULL : announcement->title;
    } else {
        playlist = sched_store_playlist_get(txn, body->playlist, error);
        title = playlist == NULL ? NULL : playlist->name;
    }
    row->name = title == NULL ? NULL : content_document_text(title, ROW_NAME_MAX_BYTES);
    return row->name != NULL;
}

static gboolean
answer_offer(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedOfferRow) row = sched_store_offer_get(txn, id, error);

    return sched_act_row(act, &offer_shape, row);
}

static gboolean
send_body(SchedTxn *txn, SchedAct *act, const OfferBody *body, GError **error)
{
    g_autoptr(SchedOfferRow) row = g_new0(SchedOfferRow, 1);

    if ((body->announcement == NULL) == (body->playlist == NULL))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "announcement, playlist: one of the two is sent");
    row->id = sched_act_id(act);
    row->announcement = g_strdup(body->announcement);
    row->playlist = body->playlist == NULL ? sched_act_id(act) : g_strdup(body->playlist);
    row->home = g_strdup(body->home);
    row->until_us = body->until_us;
    row->lead_h = body->lead_h;
    return name_it(txn, body, row, error) &&
           (body->announcement == NULL || put_playlist(txn, act, body, row, error)) &&
           sched_store_offer_add(txn, row, body->areas, error) &&
           answer_offer(txn, act, row->id, error);
}

static gboolean
add_offer(SchedTxn *txn, SchedAct *act, GError **error)
{
    OfferBody *body = content_shape_new(&body_shape);
    gboolean is_sent = sched_act_read(act, body, error) && send_body(txn, act, body, error);

    content_shape_free(&body_shape, body);
    return is_sent;
}

static gboolean
approve_offer(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_offer_approve(txn, act->arguments[0],
                                     json_string_value(json_object_get(act->body, "content")),
                                     error) &&
           answer_offer(txn, act, act->arguments[0], error);
}

static gboolean
end_offer(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_offer_end(txn, act->arguments[0], error) &&
           answer_offer(txn, act, act->arguments[0], error);
}

/* ---- what became of it ---- */

static gboolean
judge(SchedTxn *txn, const SchedOfferPlaceRow *row, gint64 now_us, Place *place, GError **error)
{
    g_auto(SchedOfferOutcome) outcome = {0};

    if (!sched_store_offer_outcome(txn, row->area, row->slot, row->start_us, now_us, &outcome,
                                   error))
        return FALSE;
    place->state = PLACE_LEFT_OUT + (gint) outcome.state;
    place->heard = outcome.n_heard;
    place->zones = outcome.n_zones;
    place->why = g_steal_pointer(&outcome.why);
    place->why_vi = g_steal_pointer(&outcome.why_vi);
    return TRUE;
}

static Place *
place_of(SchedTxn *txn, const SchedOfferPlaceRow *row, gint64 now_us, GError **error)
{
    Place *place = content_shape_new(&place_shape);

    place->area = g_strdup(row->area);
    place->area_name = g_strdup(row->area_name);
    place->start_us = row->start_us;
    place->placed_us = row->placed_us;
    place->placed_by = g_strdup(row->placed_by);
    place->itself = g_strcmp0(row->placed_by, "system") == 0;
    place->unplaced = *row->why == '\0' ? NULL : g_strdup(row->why);
    if (row->slot == NULL)
        place->state = *row->why == '\0' ? PLACE_OPEN : PLACE_UNPLACED;
    else if (row->start_us > now_us)
        place->state = row->stopped ? PLACE_STOPPED : PLACE_PLACED;
    else if (!judge(txn, row, now_us, place, error))
        g_clear_pointer(&place, place_free);
    return place;
}

/* Those that the account sees, by name. */
static GPtrArray *
places_of(SchedTxn *txn, SchedAct *act, GPtrArray *rows, GError **error)
{
    g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(place_free);

    for (guint i = 0; i < rows->len; i++) {
        const SchedOfferPlaceRow *row = rows->pdata[i];
        Place *place;

        if (!sched_access_sees(txn, act, row->area))
            continue;
        place = place_of(txn, row, act->now_us, error);
        if (place == NULL)
            return NULL;
        g_ptr_array_add(places, place);
    }
    return g_steal_pointer(&places);
}

static gboolean
get_offer(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *id = act->arguments[0];
    g_autoptr(GPtrArray) rows = NULL, places = NULL;

    if (!answer_offer(txn, act, id, error))
        return FALSE;
    rows = sched_store_offer_place_list(txn, id, NULL, content_call_query(act->call, "after"),
                                        error);
    places = rows == NULL ? NULL : places_of(txn, act, rows, error);
    if (places == NULL)
        return FALSE;
    json_object_set_new(act->answer, "where", sched_shape_write_all(&place_shape, places));
    if (rows->len == SCHED_OFFER_MAX_PLACE_LIST)
        json_object_set_new(act->answer, "next",
                            json_string(
                                ((SchedOfferPlaceRow *) rows->pdata[rows->len - 1])->area));
    return TRUE;
}

/* Of one commune: what it has to do with it. */
static gboolean
add_here(SchedTxn *txn, SchedAct *act, const char *area, json_t *offer, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_offer_place_list(txn, json_string_value(json_object_get(offer, "id")), area,
                                     NULL, error);
    g_autoptr(GPtrArray) places = NULL;

    if (rows == NULL || rows->len != 1)
        return rows != NULL;
    places = places_of(txn, act, rows, error);
    if (places != NULL && places->len == 1)
        json_object_set_new(offer, "here", sched_shape_write(&place_shape, places->pdata[0]));
    return places != NULL;
}

static gboolean
list_offers(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *area = content_call_query(act->call, "area");
    g_autoptr(GPtrArray) rows =
        sched_store_offer_list(txn, area, content_call_query(act->call, "announcement"),
                               act->now_us, error);
    json_t *list;

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedOfferRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, area != NULL ? area : row->home))
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (!sched_act_list(act, "offers", &offer_shape, rows))
        return FALSE;
    list = json_object_get(act->answer, "offers");
    for (gsize i = 0; area != NULL && i < json_array_size(list); i++) {
        if (!add_here(txn, act, area, json_array_get(list, i), error))
            return FALSE;
    }
    return TRUE;
}

/* ---- placing ---- */

static gboolean
list_times(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    json_t *times = options->ports->place_times(options->ports_data, txn, act->arguments[0],
                                                act->arguments[1], error);

    if (times != NULL)
        act->answer = json_pack("{s:o}", "times", times);
    return times != NULL;
}

/* Why a time will not do, in words that a person can act on. */
static gboolean
refuse_time(const SchedPlaceTime *time, GError **error)
{
    if (time->n_heard == 0)
        return sched_api_error(error, SCHED_API_ERROR_UNHEARD,
                               "start_us: nobody would hear it then (%s)",
                               time->why < 0 ? "gap" : sched_finding_words[time->why]);
    if (time->n_pushed > 0)
        return sched_api_error(error, SCHED_API_ERROR_TAKEN,
                               "start_us: it would take the place of what is planned then");
    return sched_api_error(error, SCHED_API_ERROR_TOO_SOON,
                           "start_us: too soon, or it would not be over by the deadline");
}

static gboolean
place_offer(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    const char *offer = act->arguments[0], *area = act->arguments[1];
    gint64 start_us = json_integer_value(json_object_get(act->body, "start_us"));
    g_autoptr(SchedOfferPlaceRow) row = NULL;
    SchedPlaceTime time;
    gboolean is_free;
    Place *place;

    start_us -= start_us % G_USEC_PER_SEC;
    if (!sched_store_offer_check(txn, offer, area, start_us, error) ||
        !options->ports->place_try(options->ports_data, txn, offer, area, start_us, &time,
                                   &is_free, error))
        return FALSE;
    if (!is_free)
        return refuse_time(&time, error);
    if (!sched_store_offer_place(txn, offer, area, start_us, error) ||
        (row = sched_store_offer_place_get(txn, offer, area, error)) == NULL ||
        (place = place_of(txn, row, act->now_us, error)) == NULL)
        return FALSE;
    place->heard = time.n_heard;
    place->zones = time.n_heard + time.n_silent;
    act->answer = sched_shape_write(&place_shape, place);
    place_free(place);
    return TRUE;
}

#define EDITOR   SCHED_ROLES(SCHED_ROLE_EDITOR)
#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)
#define OFFICIAL SCHED_ROLES(SCHED_ROLE_OFFICIAL)
/* Who makes a commune's programme, and who answers for it. */
#define CHOOSERS (EDITOR | APPROVER | OFFICIAL | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery list_query[] = {
    { "area", "Only those at home in this area and below, or sent there." },
    { "announcement", "Only those of this announcement, however old." },
    { NULL, NULL },
};
static const SchedRouteQuery after_query[] = {
    { "after", "The area that the last answer ended with: the communes after it." }, { NULL, NULL },
};
static const SchedAnswer offer_answer = { .row = &offer_shape };
static const SchedAnswer place_answer = { .row = &place_shape };
static const SchedAnswerMember here_more[] = {
    ANSWER_OPTIONAL_ROW("here", place_shape, "The one commune of ?area=, if it is one."), ANSWER_END,
};
static const SchedAnswer offer_here = { .name = "OfferHere", .row = &offer_shape, .more = here_more };
static const SchedAnswerMember offers_more[] = {
    ANSWER_LIST("offers", offer_here, "The latest deadline first."), ANSWER_END,
};
static const SchedAnswer offer_list = { .name = "OfferList", .more = offers_more };
static const SchedAnswerMember whole_more[] = {
    ANSWER_ROWS("where", place_shape, "Communes by name, at most 30."),
    ANSWER_OPTIONAL_WORD("next", ID, "There are more: ?after=."),
    ANSWER_END,
};
static const SchedAnswer offer_whole = { .name = "OfferWhole", .row = &offer_shape, .more = whole_more };
static const SchedAnswerMember time_more[] = {
    ANSWER_UTC("start_us", "A time that will do for all."),
    ANSWER_TEXT("behind", 1, ROW_NAME_MAX_BYTES, "Right behind this programme."),
    ANSWER_COUNT("heard", "Zones that would hear it."), ANSWER_END,
};
static const SchedAnswer time_answer = { .name = "PlaceTime", .more = time_more };
static const SchedAnswerMember times_more[] = {
    ANSWER_LIST("times", time_answer, "By time; at most 12, within a week."), ANSWER_END,
};
static const SchedAnswer times_answer = { .name = "PlaceTimes", .more = times_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/offers", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = list_query, .work = list_offers,
      .answer = &offer_list, .name = "listOffers",
      .meaning = "What was sent from above for communes to air at a time of their choice." },
    { .method = "POST", .path = "/api/offers", .roles = EDITOR, .scope = sched_scope_offer_new,
      .input = SCHED_INPUT_JSON, .body = &body_shape, .writes = TRUE, .status = 201,
      .work = add_offer, .answer = &offer_answer, .name = "addOffer",
      .meaning = "Send an announcement or a programme to communes, with a deadline; it waits for a second person." },
    { .method = "GET", .path = "/api/offers/{offer}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_offer_read, .status = 200, .query = after_query, .work = get_offer,
      .answer = &offer_whole, .name = "getOffer",
      .meaning = "One of them, and who has placed and played it, by the records of the stations." },
    { .method = "POST", .path = "/api/offers/{offer}/approve", .roles = APPROVER,
      .scope = sched_scope_offer, .input = SCHED_INPUT_JSON, .body = &approve_shape,
      .writes = TRUE, .status = 200, .work = approve_offer, .answer = &offer_answer, .name = "approveOffer",
      .meaning = "Free exactly this for one airing in each commune, at any allowed time until the deadline." },
    { .method = "POST", .path = "/api/offers/{offer}/end", .roles = EDITOR | APPROVER | OFFICIAL,
      .scope = sched_scope_offer_home, .writes = TRUE, .is_urgent = TRUE, .status = 200,
      .work = end_offer, .answer = &offer_answer, .name = "endOffer",
      .meaning = "Take it back: what is placed sounds no more, and nobody else places it." },
    { .method = "GET", .path = "/api/offers/{offer}/areas/{area}/times", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_offer_place, .status = 200, .work = list_times,
      .answer = &times_answer, .name = "listPlaceTimes",
      .meaning = "Times at which the commune may air it, behind its programmes." },
    { .method = "PUT", .path = "/api/offers/{offer}/areas/{area}", .roles = CHOOSERS,
      .scope = sched_scope_offer_place, .input = SCHED_INPUT_JSON, .body = &place_body,
      .writes = TRUE, .status = 200, .work = place_offer, .answer = &place_answer, .name = "placeOffer",
      .meaning = "The commune's choice of its time, or another one until it sounds." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_offers(void)
{
    return routes;
}
