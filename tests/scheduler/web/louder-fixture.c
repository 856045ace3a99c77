/*
 * louder-fixture.c - a district with one approved slot, and the calls that its tests make.
 */
#include "tests/scheduler/web/louder-fixture.h"

guint
louder_call(LouderFixture *f, const char *login, const char *method, const char *path,
            const char *body, json_t **out)
{
    json_t *json = body == NULL ? NULL : json_loads(body, 0, NULL);

    g_assert_true((body == NULL) == (json == NULL));
    return api_fixture_call(&f->api, login, method, path, json, out);
}

char *
louder_add_playlist(LouderFixture *f, const char *items)
{
    json_auto_t *answer = NULL;
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"P\",\"home\":\"chu-puh\",\"items\":%s}", items);

    g_assert_cmpuint(louder_call(f, "ed", "POST", "/api/playlists", body, &answer), ==, 201);
    return g_strdup(api_text(answer, "id"));
}

json_t *
louder_get_slot(LouderFixture *f)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    json_t *slot = NULL;

    g_assert_cmpuint(louder_call(f, "ed", "GET", path, NULL, &slot), ==, 200);
    return slot;
}

guint
louder_approve(LouderFixture *f, const char *login, const char *what, const char *content)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s%s/approve", f->slot, what);
    g_autofree char *body = g_strdup_printf("{\"content\":\"%s\"}", content);

    return louder_call(f, login, "POST", path, body, NULL);
}

void
louder_set_up(LouderFixture *f, gconstpointer data)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"admin", "gia-lai", SCHED_ROLE_ADMINISTRATOR},
        {"admin", "gia-lai", SCHED_ROLE_APPROVER},
        {"ed", "chu-puh", SCHED_ROLE_EDITOR},
        {"app", "gia-lai", SCHED_ROLE_APPROVER},
        {"blu", "ia-blu", SCHED_ROLE_APPROVER},
        {"le-tech", "ia-le", SCHED_ROLE_TECHNICIAN},
        {"le", "ia-le", SCHED_ROLE_OFFICIAL},
    };
    json_auto_t *slot = NULL;
    g_autofree char *body = NULL;

    api_fixture_set_up(&f->api, data);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(&f->api, people[i].login, (gint) people[i].role, people[i].area);
    f->playlist = louder_add_playlist(f, "[{\"kind\":\"pause\",\"duration_us\":2000000},"
                                         "{\"kind\":\"pause\",\"duration_us\":1000000}]");
    body = g_strdup_printf("{\"name\":\"S\",\"home\":\"chu-puh\",\"playlist\":\"%s\","
                           "\"class\":\"thong_thuong\",\"first_date\":\"2026-12-01\","
                           "\"local_min\":330,\"rule\":\"FREQ=DAILY\",\"until\":\"2026-12-31\","
                           "\"targets\":[{\"area\":\"ia-le\"}]}",
                           f->playlist);
    g_assert_cmpuint(louder_call(f, "ed", "POST", "/api/slots", body, &slot), ==, 201);
    f->slot = g_strdup(api_text(slot, "id"));
    g_assert_cmpuint(louder_approve(f, "app", "", api_text(slot, "content")), ==, 200);
}

void
louder_tear_down(LouderFixture *f, gconstpointer data)
{
    g_free(f->playlist);
    g_free(f->slot);
    api_fixture_tear_down(&f->api, data);
}

char *
louder_propose(LouderFixture *f, const char *login, const char *path, const char *body)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(louder_call(f, login, "PUT", path, body, &answer), ==, 202);
    return g_strdup(api_text(answer, "waits"));
}

guint
louder_judge(LouderFixture *f, const char *login, const char *proposal, const char *verb)
{
    g_autofree char *path = g_strdup_printf("/api/proposals/%s/%s", proposal, verb);

    return louder_call(f, login, "POST", path, NULL, NULL);
}
