/*
 * test-rights.c - every route of the table: without a session, with every wrong role, with the
 * right roles in the wrong place, and from another site's page. Made from the rows themselves.
 */
#include "scheduler/web/route.h"
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/alert-imports.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/notices.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/proposals.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/wanted.h"

#include <curl/curl.h>
#include <string.h>

/* ---- things that every path names ---- */

/* One of every thing that a route names by its id; each stands on the ones before it. */
static void
make_announcements(SchedTxn *txn, GPtrArray *areas, const char *hash)
{
    SchedAnnouncementRow announcement = {
        .id = (char *) "an",
        .title = (char *) "T",
        .category = (char *) "",
        .source_number = (char *) "1",
        .source_issuer = (char *) "U",
        .source_date = (char *) "2026-01-01",
        .valid_until_us = G_GINT64_CONSTANT(4000000000000000),
        .home = (char *) "ia-le",
        .areas = areas,
    };
    SchedVersionRow version = {.id = (char *) "ve",
                               .announcement = (char *) "an",
                               .language = (char *) "jra",
                               .script = (char *) "x",
                               .announcer_name = (char *) "",
                               .note = (char *) ""};
    const SchedObjectRow object = {
        .hash = (char *) hash, .size_bytes = 5, .duration_us = 1000000};
    const SchedOriginalRow original = {.hash = (char *) hash,
                                       .object = (char *) hash,
                                       .name = (char *) "a.wav",
                                       .media = (char *) "audio/x-wav",
                                       .size_bytes = 5};

    assert_done(sched_store_announcement_put(txn, &announcement, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
    announcement.id = version.announcement = (char *) "no";
    version.id = (char *) "no-v";
    version.object = (char *) hash;
    assert_done(sched_store_object_put(txn, &object, &original, &problem));
    assert_done(sched_store_announcement_put(txn, &announcement, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
}

static void
make_programme(SchedTxn *txn, GPtrArray *areas)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new(), targets = g_ptr_array_new(),
                         none = g_ptr_array_new();
    SchedItemRow pause = {(char *) "p", SCHED_ITEM_PAUSE, NULL, 1000000};
    SchedTargetRow target = {(char *) "ia-le", (char *) "", (char *) ""};
    const SchedPlaylistRow playlist = {
        .id = (char *) "pl", .name = (char *) "P", .home = (char *) "ia-le", .items = items};
    const SchedSlotRow slot = {.id = (char *) "sl",
                               .name = (char *) "S",
                               .home = (char *) "ia-le",
                               .playlist = (char *) "pl",
                               .tzid = (char *) "Asia/Ho_Chi_Minh",
                               .first_date = (char *) "2026-12-01",
                               .local_min = 300,
                               .rule = (char *) "",
                               .targets = targets,
                               .dates_in = none,
                               .dates_out = none};
    const SchedNoticeRow notice = {
        .id = (char *) "no", .version = (char *) "no-v", .playlist = (char *) "pl"};
    const SchedOfferRow offer = {.id = (char *) "of",
                                 .name = (char *) "X",
                                 .playlist = (char *) "pl",
                                 .home = (char *) "ia-le",
                                 .until_us = TEMP_STORE_NOW_US + TEMP_STORE_DAY_US,
                                 .lead_h = SCHED_OFFER_LEAD_H};

    g_ptr_array_add(items, &pause);
    g_ptr_array_add(targets, &target);
    assert_done(sched_store_playlist_put(txn, &playlist, 0, &problem));
    assert_done(sched_store_slot_put(txn, &slot, 0, &problem));
    assert_done(sched_store_notice_add(txn, &notice, &problem));
    assert_done(sched_store_offer_add(txn, &offer, areas, &problem));
}

static void
make_asked(SchedTxn *txn)
{
    const SchedProposalRow proposal = {.id = (char *) "pr",
                                       .route = (char *) "setVolumes",
                                       .arguments = (char *) "ia-le\na",
                                       .body = (char *) "{\"volumes\":[]}"};
    const SchedQuietRow quiet = {.id = (char *) "qu",
                                 .area = (char *) "ia-le",
                                 .station = (char *) "",
                                 .zone = (char *) "",
                                 .until_us = TEMP_STORE_NOW_US + TEMP_STORE_DAY_US,
                                 .words = (char *) ""};
    const SchedWantedRow wanted = {.id = (char *) "wa",
                                   .announcement = (char *) "an",
                                   .language = (char *) "bdq",
                                   .name = (char *) "Mai",
                                   .by_date = (char *) "2026-03-09",
                                   .note = (char *) ""};

    assert_done(sched_store_proposal_add(txn, &proposal, &problem));
    assert_done(sched_store_quiet_add(txn, &quiet, &problem));
    assert_done(sched_store_wanted_add(txn, &wanted, &problem));
}

/* As it was signed: others read it as CAP. */
static void
make_alert(SchedTxn *txn, const char *object)
{
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(SchedDocumentRow) row = NULL;

    alert->id = g_strdup("al");
    alert->title = g_strdup("L");
    alert->severity = 3;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = TEMP_STORE_NOW_US;
    alert->expires_us = TEMP_STORE_NOW_US + 1;
    speech->language = g_strdup("vi");
    g_ptr_array_add(alert->areas, g_strdup("ia-le"));
    g_ptr_array_add(speech->parts, g_strdup(object));
    g_ptr_array_add(alert->speeches, speech);
    bytes = content_document_write(&content_alert_type, alert, NULL);
    row = sched_document_row_new("alert", bytes);
    assert_done(sched_store_alert_add(txn, alert, row, &problem));
}

static void
make_import(SchedTxn *txn)
{
    static const char bytes[] =
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>1</identifier>"
        "<sender>a</sender><sent>2026-03-02T00:00:00-00:00</sent><status>Actual</status>"
        "<msgType>Alert</msgType><scope>Public</scope></alert>";
    g_autoptr(GBytes) body = g_bytes_new_static(bytes, strlen(bytes));
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autofree char *hash = temp_store_hash(bytes);
    const SchedImportRow row = {.id = (char *) "im",
                                .sender = (char *) "a",
                                .identifier = (char *) "1",
                                .sent_us = TEMP_STORE_NOW_US,
                                .title = (char *) "L",
                                .hash = hash,
                                .body = body};

    assert_done(sched_store_import_add(txn, &row, none, &problem));
}

static gboolean
make_things(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_autofree char *hash = temp_store_hash("sound");
    const SchedAreaRow elsewhere = {.id = (char *) "elsewhere",
                                    .kind = SCHED_AREA_PROVINCE,
                                    .name = (char *) "Another province"};

    g_ptr_array_add(areas, (gpointer) "ia-le");
    temp_store_as(txn, "editor", TEMP_STORE_NOW_US);
    assert_done(sched_store_area_put(txn, &elsewhere, &problem));
    make_announcements(txn, areas, hash);
    make_programme(txn, areas);
    make_asked(txn);
    make_alert(txn, hash);
    temp_store_exec(txn,
                    "INSERT INTO messenger_tasks (id, village, kind, announcement, why, "
                    "date, made_us, due_us) VALUES ('ta', 'ia-le-a', 'announcement', 'an', "
                    "'no_loudspeaker', '2026-03-02', 1, 2)");
    make_import(txn);
    temp_store_exec(txn,
                    "INSERT INTO alert_templates (id, event, title, severity, tone, tone_ms, "
                    "repeats, gap_ms, again_s, life_min) VALUES ('te', 'flood', 'T', 3, "
                    "'wail', 3000, 1, 0, 0, 60)");
    temp_store_exec(txn,
                    "INSERT INTO grants VALUES ('gr', 'Gr', 0, 1, 60, 1, 2, 'editor', 1, 0, "
                    "NULL)");
    temp_store_exec(txn, "INSERT INTO grant_areas VALUES ('gr', 'ia-le')");
    temp_store_exec(
        txn, "INSERT INTO speech_orders (id, speaker, approver, about, drill, from_us, "
             "ends_us, approved_us) VALUES ('or', 'editor', 'approver', 'L', 0, 1, 2, 1)");
    temp_store_exec(txn, "INSERT INTO speech_order_areas VALUES ('or', 'ia-le')");
    temp_store_exec(
        txn, "INSERT INTO programmes VALUES ('pg', 'ia-le', '2026-03-02', printf('%064d', 0), "
             "'editor', 1, 'open', NULL, 0, '')");
    temp_store_exec(txn,
                    "INSERT INTO programme_parts VALUES ('pg', 'sl', '', 'added', '', 'c')");
    return TRUE;
}

/* What stands for each {name} of a path. */
static const char *const names[][2] = {
    {"area", "ia-le"},
    {"station", "ia-le"},
    {"output", "main"},
    {"zone", "a"},
    {"account", "editor"},
    {"announcement", "an"},
    {"version", "ve"},
    {"wanted", "wa"},
    {"playlist", "pl"},
    {"slot", "sl"},
    {"programme", "pg"},
    {"date", "2026-12-01"},
    {"key", "title"},
    {"proposal", "pr"},
    {"quiet", "qu"},
    {"grant", "gr"},
    {"template", "te"},
    {"day", "tet"},
    {"quiet", "qu"},
    {"notice", "no"},
    {"offer", "of"},
    {"alert", "al"},
    {"task", "ta"},
    {"import", "im"},
    {"order", "or"},
    {"session", "0000000000000000"},
    {"upload", "2c1b9e2e6fb4f1c9a84f1f1d40e8d7a0b1d8f1f2b7ce30a7c7b51ff2aee20f10"},
    {"occurrence", "sl-2026-12-01"},
    {"item", "it"},
    {"object", "2c1b9e2e6fb4f1c9a84f1f1d40e8d7a0b1d8f1f2b7ce30a7c7b51ff2aee20f10"},
};

static char *
path_of(const SchedRoute *route)
{
    GString *path = g_string_new(route->path);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *braced = g_strdup_printf("{%s}", names[i][0]);

        g_string_replace(path, braced, names[i][1], 0);
    }
    g_assert_null(strchr(path->str, '{'));
    if (route->scope == sched_scope_notice_new)
        g_string_append(path, "?home=ia-le&areas=ia-le,ia-le-a&title=T&language=jra");
    else if (route->scope == sched_scope_area_query)
        g_string_append(path, "?area=ia-le&date=2026-03-02");
    else if (!route->writes && !route->is_aside)
        g_string_append(path, "?date=2026-03-02");
    return g_string_free(path, FALSE);
}

/* The least body that the row's shape lets through; places are those of ia-le. */
static json_t *body_of(const ContentShape *shape);

static json_t *
value_of(const ContentMember *member)
{
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        return json_integer(CLAMP(1, member->min, member->max));
    case CONTENT_MEMBER_BOOL:
        return json_false();
    case CONTENT_MEMBER_ENUM:
        return json_string(member->choices[0]);
    case CONTENT_MEMBER_HASH:
        return json_string("0000000000000000000000000000000000000000000000000000000000000000");
    case CONTENT_MEMBER_DATE:
        return json_string("2026-12-01");
    case CONTENT_MEMBER_LANGUAGE:
        return json_string("jra");
    case CONTENT_MEMBER_STRUCT:
        return body_of(member->element);
    case CONTENT_MEMBER_ID:
        return json_string(strcmp(member->name, "playlist") == 0       ? "pl"
                           : strcmp(member->name, "output") == 0       ? "main"
                           : strcmp(member->name, "village") == 0      ? "ia-le-a"
                           : strcmp(member->name, "slots") == 0        ? "sl"
                           : strcmp(member->name, "announcement") == 0 ? "an"
                                                                       : "ia-le");
    default:
        return json_string(strcmp(member->name, "area") == 0 ? "ia-le" : "một tiếng gà gáy");
    }
}

static json_t *
body_of(const ContentShape *shape)
{
    json_t *object = json_object();

    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        gboolean is_place =
            strcmp(member->name, "area") == 0 || strcmp(member->name, "parent") == 0;
        json_t *value;

        if (!member->required && !is_place)
            continue;
        value = value_of(member);
        if (member->is_list) {
            json_t *list = json_array();

            json_array_append_new(list, value);
            value = list;
        }
        json_object_set_new(object, member->name, value);
    }
    return object;
}

/* Every row once, as @login, with headers beside. Returns the status. */
static guint
try_route(ApiFixture *f, const SchedRoute *route, const char *login, const char *header)
{
    static const char *const media[] = {
        [SCHED_INPUT_NONE] = "application/json",
        [SCHED_INPUT_JSON] = "application/json",
        [SCHED_INPUT_CSV] = "text/csv",
        [SCHED_INPUT_TEXT] = "text/plain",
        [SCHED_INPUT_XML] = "application/cap+xml",
        [SCHED_INPUT_PART] = "application/octet-stream",
        [SCHED_INPUT_AUDIO] = "audio/wav",
        [SCHED_INPUT_FRAME] = "application/octet-stream",
    };
    g_autofree char *path = path_of(route);
    g_autofree char *token = login != NULL ? api_fixture_token(login) : NULL;
    g_autofree char *type = g_strconcat("Content-Type: ", media[route->input], NULL);
    const char *headers[4] = {type, NULL, NULL, NULL};
    json_auto_t *body = route->body != NULL ? body_of(route->body) : NULL;
    char *text = body != NULL ? json_dumps(body, 0)
                 : route->input != SCHED_INPUT_NONE
                     ? strdup("id,kind,name,parent\nia-le-z,village,Z,ia-le\n")
                     : NULL;
    g_autoptr(TestAnswer) answer = NULL;

    headers[1] = token != NULL ? token : header;
    if (token != NULL)
        headers[2] = header;
    answer = test_https(&f->people, route->method, path, headers, text,
                        text != NULL ? strlen(text) : 0);
    free(text);
    return answer->status;
}

typedef void (*Try)(ApiFixture *f, const SchedRoute *route);

static void
for_each(ApiFixture *f, Try try)
{
    temp_store_run(f->store, make_things, NULL);
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (route->roles != SCHED_ROLES_OPEN)
                try(f, route);
        }
    }
}

static void
expect(const SchedRoute *route, const char *who, guint status, guint wanted)
{
    if (status != wanted)
        g_error("%s %s by %s: %u, not %u", route->method, route->path, who, status, wanted);
}

static void
try_unknown(ApiFixture *f, const SchedRoute *route)
{
    expect(route, "nobody", try_route(f, route, NULL, NULL), 401);
    expect(route, "a made-up token", try_route(f, route, "made-up", NULL), 401);
}

static void
test_unknown(ApiFixture *f, gconstpointer data)
{
    for_each(f, try_unknown);
}

static void
try_wrong_roles(ApiFixture *f, const SchedRoute *route)
{
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR && !route->is_own; role++) {
        g_autofree char *login = g_strdup_printf("top-%s", sched_role_words[role]);

        if ((route->roles & SCHED_ROLES(role)) == 0)
            expect(route, login, try_route(f, route, login, NULL), 403);
    }
    if (!route->is_own)
        expect(route, "no role", try_route(f, route, "bare", NULL), 403);
}

/* One account a role, with it at the very top: the place is right, the role is not. */
static void
test_wrong_roles(ApiFixture *f, gconstpointer data)
{
    api_fixture_account(f, "bare", -1, NULL);
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++) {
        g_autofree char *login = g_strdup_printf("top-%s", sched_role_words[role]);

        api_fixture_account(f, login, (gint) role, "gia-lai");
    }
    for_each(f, try_wrong_roles);
}

/* Who needs no right at a place: nobody but these; what the lists leave out is tested below. */
static void
expect_no_place(const SchedRoute *route)
{
    static const char *const known[] = {
        "listAreas", "listAccounts", "addAccount", "listProposals", "listWaiting", "getUpload",
        "putUpload", "listMessages", "listUnapproved", "listAlone", "listSpeechOrders",
        /* one set for the whole district */
        "listAlertTemplates", "getAlertTemplate", "listCategories",
        /* what a message names is known once it was read */
        "importAlert", "listAlertImports", "getAlertImport"};

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(route->name, known[i]) == 0)
            return;
    }
    if (!route->is_own && route->roles != SCHED_ROLES_STATION)
        g_error("%s %s asks for no place", route->method, route->path);
}

static void
try_wrong_place(ApiFixture *f, const SchedRoute *route)
{
    if (route->scope == NULL) {
        expect_no_place(route);
        return;
    }
    if (route->scope != sched_scope_district)
        expect(route, "elsewhere", try_route(f, route, "elsewhere", NULL), 403);
    /* A part of the place is not the place, unless one only looks. */
    if (route->writes || route->scope == sched_scope_district)
        expect(route, "below", try_route(f, route, "below", NULL), 403);
}

/* One account with every role, in another province; one with every role in one village. */
static void
test_wrong_place(ApiFixture *f, gconstpointer data)
{
    temp_store_run(f->store, make_things, NULL);
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++) {
        api_fixture_account(f, "elsewhere", (gint) role, "elsewhere");
        api_fixture_account(f, "below", (gint) role, "ia-le-b");
        api_fixture_account(f, "right", (gint) role, "gia-lai");
    }
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (route->roles != SCHED_ROLES_OPEN)
                try_wrong_place(f, route);
        }
    }
}

static gboolean
shows(ApiFixture *f, const char *login, const char *path, const char *list, const char *id)
{
    json_t *answer = NULL, *rows;
    gboolean found = FALSE;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    rows = json_object_get(answer, list);
    for (gsize i = 0; i < json_array_size(rows); i++)
        found = found || strcmp(api_text(json_array_get(rows, i), "id"), id) == 0;
    json_decref(answer);
    return found;
}

/* Who may speak in ia-le, and still may: what is over is in no list. */
static gboolean
make_order(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 from_us = content_clock_utc_us(((ApiFixture *) data)->clock) + TEMP_STORE_DAY_US;
    g_autofree char *row = g_strdup_printf(
        "INSERT INTO speech_orders (id, speaker, approver, about, drill, from_us, ends_us, "
        "approved_us) VALUES ('or-2', 'editor', 'approver', 'L', 0, %" G_GINT64_FORMAT
        ", %" G_GINT64_FORMAT ", 1)",
        from_us, from_us + 1);

    temp_store_exec(txn, row);
    temp_store_exec(txn, "INSERT INTO speech_order_areas VALUES ('or-2', 'ia-le')");
    return TRUE;
}

/* A list shows what is above and below one's own places, and nothing of the neighbours. */
static void
test_lists(ApiFixture *f, gconstpointer data)
{
    temp_store_run(f->store, make_things, NULL);
    temp_store_run(f->store, make_order, f);
    api_fixture_account(f, "blu", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    api_fixture_account(f, "far", SCHED_ROLE_ADMINISTRATOR, "elsewhere");
    api_fixture_account(f, "le", SCHED_ROLE_EDITOR, "ia-le");
    api_fixture_account(f, "le-a", SCHED_ROLE_EDITOR, "ia-le-a");
    api_fixture_account(f, "new", -1, NULL);
    g_assert_true(shows(f, "blu", "/api/areas", "areas", "ia-blu-a"));
    g_assert_true(shows(f, "blu", "/api/areas", "areas", "gia-lai"));
    g_assert_false(shows(f, "blu", "/api/areas", "areas", "ia-le"));
    g_assert_false(shows(f, "blu", "/api/areas", "areas", "elsewhere"));
    g_assert_true(shows(f, "blu", "/api/accounts", "accounts", "editor"));
    g_assert_false(shows(f, "blu", "/api/accounts", "accounts", "far"));
    g_assert_false(shows(f, "far", "/api/accounts", "accounts", "editor"));
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", "/api/accounts/far", NULL, NULL), ==,
                     403);
    g_assert_true(shows(f, "le", "/api/speech-orders", "orders", "or-2"));
    g_assert_true(shows(f, "le-a", "/api/speech-orders", "orders", "or-2"));
    g_assert_false(shows(f, "blu", "/api/speech-orders", "orders", "or-2"));
    g_assert_false(shows(f, "far", "/api/speech-orders", "orders", "or-2"));
    /* Who may nothing yet is not for a commune to take over. */
    g_assert_cmpuint(api_fixture_call(f, "blu", "PUT", "/api/accounts/new/state",
                                      json_pack("{s:s}", "state", "locked"), NULL),
                     ==, 403);
}

static void
try_other_site(ApiFixture *f, const SchedRoute *route)
{
    g_autofree char *cookie = g_strdup("Cookie: __Host-loa=token-bare");
    g_autofree char *both = g_strconcat(cookie, "\r\nSec-Fetch-Site: cross-site", NULL);
    guint status;

    if (strcmp(route->method, "GET") == 0)
        return;
    /* A cookie alone is not enough to write, and one sent along by another site is not either.
     */
    expect(route, "a bare cookie", try_route(f, route, NULL, cookie), 403);
    status = try_route(f, route, NULL, both);
    expect(route, "another site", status, 403);
}

static void
test_other_site(ApiFixture *f, gconstpointer data)
{
    api_fixture_account(f, "bare", -1, NULL);
    for_each(f, try_other_site);
}

/* There is nothing of it in the district: 404 is what the right person hears. */
static gboolean
is_of_what_is_not_there(const SchedRoute *route)
{
    static const char *const them[] = {"endSession",
                                       "confirmFactor",
                                       "askFactorReset",
                                       "confirmFactorReset",
                                       "refuseFactorReset",
                                       "revokeRight",
                                       "revokeStation",
                                       "seeAlert",
                                       "getSpeech",
                                       "getSpeechPart",
                                       NULL};

    return g_strv_contains(them, route->name);
}

/* The end of a speech is noted when its recording was kept: some time after whatever ended it.
 */
static gboolean
count_audit(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_sql_int(txn, "SELECT count(*) FROM audit WHERE action <> 'speech.end'", data,
                         error, "");
}

static gint64
n_audited(ApiFixture *f)
{
    gint64 n = 0;

    temp_store_run(f->store, count_audit, &n);
    return n;
}

/*
 * The tests above would pass if everything were refused: the right people are let through. What
 * they did is in the audit, and nothing else is.
 */
static void
try_right(ApiFixture *f, const SchedRoute *route)
{
    gint64 before = n_audited(f);
    guint status = try_route(f, route, "right", NULL);
    gboolean is_noted = n_audited(f) > before;
    /* It takes back what it wrote to see what that would come to. */
    gboolean keeps = route->writes && strcmp(route->name, "previewImport") != 0;

    /* Refused for what it says, if at all (403: a rule of the house; 404: there is nothing to
     * be taken away), never for who says it. */
    if (status == 401 || (status == 404 && !is_of_what_is_not_there(route)) || status >= 500)
        g_error("%s %s by the right person: %u", route->method, route->path, status);
    if (is_noted != (keeps && status < 300))
        g_error("%s %s: %u, and %s in the audit", route->method, route->path, status,
                is_noted ? "a row" : "no row");
}

static void
test_right(ApiFixture *f, gconstpointer data)
{
    const char *const last[] = {"signOut", "closeSessions", "setOwnPassword", "setSetting"};

    temp_store_run(f->store, make_things, NULL);
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++)
        api_fixture_account(f, "right", (gint) role, "gia-lai");
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            gboolean ends = FALSE;

            for (gsize k = 0; k < G_N_ELEMENTS(last); k++)
                ends = ends || strcmp(route->name, last[k]) == 0;
            /* Removed things are missing to the rows behind them. */
            if (route->roles != SCHED_ROLES_OPEN && !ends &&
                strcmp(route->method, "DELETE") != 0 && strcmp(route->name, "getAudio") != 0 &&
                strcmp(route->name, "getOriginal") != 0 &&
                strcmp(route->name, "getWaveform") != 0)
                try_right(f, route);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/rights/unknown", test_unknown);
    api_fixture_add("/scheduler/web/rights/wrong-roles", test_wrong_roles);
    api_fixture_add("/scheduler/web/rights/wrong-place", test_wrong_place);
    api_fixture_add("/scheduler/web/rights/lists", test_lists);
    api_fixture_add("/scheduler/web/rights/other-site", test_other_site);
    api_fixture_add("/scheduler/web/rights/right", test_right);
    return g_test_run();
}
