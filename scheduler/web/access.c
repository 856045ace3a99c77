/*
 * access.c - who is asking, and whether they may do this there.
 *
 * Flow: api.c calls inside the transaction of the work, before it. Thread: the transaction's.
 *
 * A scope (scopes.c) gathers the places an act concerns; the right must hold in every one.
 */
#include "scheduler/store/areas.h"
#include "scheduler/store/factors.h"
#include "scheduler/trust/factor.h"
#include "scheduler/web/route.h"

#include "content/base/id.h"

#include <string.h>

#define COOKIE "__Host-loa"

/* ---- who ---- */

/* The token that came, as it stands; cookies are marked, for they come by themselves. */
static char *
find_token(SchedAct *act)
{
    const char *header = content_call_header(act->call, "Authorization");

    if (header != NULL && g_ascii_strncasecmp(header, "Bearer ", 7) == 0)
        return g_strdup(header + 7);
    act->by_cookie = TRUE;
    return content_cookie_get(content_call_header(act->call, "Cookie"), COOKIE);
}

gboolean
sched_access_authenticate(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *token = find_token(act);
    g_autoptr(SchedSessionRow) session = NULL;

    if (token == NULL || strlen(token) > 128)
        return sched_api_error(error, SCHED_API_ERROR_UNAUTHENTICATED, "not signed in");
    g_free(act->token_hash);
    act->token_hash = content_sha256_hex(token, strlen(token));
    session = sched_store_session_get(txn, act->token_hash, act->now_us, NULL);
    if (session == NULL)
        return sched_api_error(error, SCHED_API_ERROR_UNAUTHENTICATED,
                               "not signed in, or the session is over");
    g_free(act->account);
    act->account = g_strdup(session->account);
    act->has_factor = session->with_factor;
    /* Written at most once a minute: a session that is used is not worth a commit each time. */
    act->is_session_stale = act->now_us - session->used_us > 60 * G_USEC_PER_SEC;
    return TRUE;
}

/* ---- may they ---- */

static gboolean
has_role_at(SchedTxn *txn, SchedAct *act, const char *area, const char *language)
{
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++) {
        if ((act->route->roles & SCHED_ROLES(role)) != 0 &&
            sched_store_account_may(txn, act->account, role, area,
                                    role == SCHED_ROLE_REVIEWER ? language : NULL, act->now_us))
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_role_anywhere(SchedTxn *txn, SchedAct *act)
{
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++) {
        if ((act->route->roles & SCHED_ROLES(role)) != 0 &&
            sched_store_account_may_anywhere(txn, act->account, role, act->now_us))
            return TRUE;
    }
    return FALSE;
}

typedef gboolean (*RightTest)(SchedTxn *txn, const SchedRightRow *right, gconstpointer data);

/* Is there a right of the account, of a role that counts, that passes the test? */
static gboolean
any_right(SchedTxn *txn, SchedAct *act, RightTest test, gconstpointer data)
{
    g_autoptr(GPtrArray) rights = sched_store_right_list(txn, act->account, NULL);

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        const SchedRightRow *right = rights->pdata[i];

        if ((act->route->roles & SCHED_ROLES(right->role)) != 0 &&
            (right->until_us == 0 || right->until_us > act->now_us) &&
            right->from_us <= act->now_us && test(txn, right, data))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_at_top(SchedTxn *txn, const SchedRightRow *right, gconstpointer data)
{
    g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, right->area, NULL);

    return area != NULL && area->parent == NULL;
}

static gboolean
is_below(SchedTxn *txn, const SchedRightRow *right, gconstpointer area)
{
    return sched_store_area_contains(txn, area, right->area);
}

gboolean
sched_access_sees(SchedTxn *txn, SchedAct *act, const char *area)
{
    return has_role_at(txn, act, area, NULL) || any_right(txn, act, is_below, area);
}

gboolean
sched_access_sees_account(SchedTxn *txn, SchedAct *act, const char *other)
{
    g_autoptr(GPtrArray) rights = sched_store_right_list(txn, other, NULL);

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        if (sched_access_sees(txn, act, ((const SchedRightRow *) rights->pdata[i])->area))
            return TRUE;
    }
    return rights != NULL && rights->len == 0;
}

static gboolean
holds_everywhere(SchedTxn *txn, SchedAct *act, const SchedReach *reach)
{
    for (guint i = 0; i < reach->areas->len; i++) {
        const char *area = reach->areas->pdata[i];

        if (!has_role_at(txn, act, area, reach->language) &&
            !(reach->from_below && any_right(txn, act, is_below, area)))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_access_authorise(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    SchedReach reach = {.areas = areas};
    g_autofree char *language = NULL;
    gboolean may;

    if (act->route->is_own)
        return TRUE;
    if (!act->has_factor && sched_store_factor_is_wanted(txn, act->account, act->now_us)) {
        g_set_error_literal(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_SET_UP,
                            "approvers and operators set up a second factor first");
        return FALSE;
    }
    /* Asked first: who holds the role nowhere learns nothing of what there is. */
    may = has_role_anywhere(txn, act);
    if (may && act->route->scope != NULL) {
        if (!act->route->scope(txn, act, &reach, error)) {
            g_free(reach.language);
            return FALSE;
        }
        language = reach.language;
        may = holds_everywhere(txn, act, &reach) &&
              (!reach.is_district || any_right(txn, act, is_at_top, NULL));
    }
    return may || sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                                  "you have no right to do this here");
}

gboolean
sched_access_may(SchedTxn *txn, SchedAct *act, const SchedRoute *route, const char *first,
                 const char *second)
{
    SchedAct other = {.api = act->api,
                      .call = act->call,
                      .route = route,
                      .account = act->account,
                      .has_factor = act->has_factor,
                      .now_us = act->now_us,
                      .arguments = {first, second}};

    return sched_access_authorise(txn, &other, NULL);
}
