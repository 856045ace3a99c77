/* alert-fixture.c - see alert-fixture.h */
#include "tests/scheduler/web/alert-fixture.h"

#include "content/object-store.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/templates.h"

#include <string.h>

static void
make_people(ApiFixture *f)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"op", "ia-le", SCHED_ROLE_OPERATOR},        {"le", "ia-le", SCHED_ROLE_OFFICIAL},
        {"le-app", "ia-le", SCHED_ROLE_APPROVER},    {"le-ed", "ia-le", SCHED_ROLE_EDITOR},
        {"village", "ia-le-a", SCHED_ROLE_OPERATOR}, {"blu", "ia-blu", SCHED_ROLE_OPERATOR},
        {"blu-app", "ia-blu", SCHED_ROLE_APPROVER},  {"top-ed", "gia-lai", SCHED_ROLE_EDITOR},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(f, people[i].login, (gint) people[i].role, people[i].area);
}

/* By hand: three people's work on each phrase is told in test-alerts.c of the store. */
static void
approve(SchedTxn *txn, const char *phrase, const char *language)
{
    g_autofree char *name = g_strdup_printf("%s %s", phrase, language);
    g_autofree char *object = temp_store_hash(name);
    g_autofree char *version = g_strdup_printf("%s-%s", phrase, language);
    const SchedObjectRow audio = {
        .hash = object, .size_bytes = (gint64) strlen(name), .duration_us = 9};
    g_autofree char *script_hash = temp_store_hash(phrase), *sql = NULL;

    temp_store_as(txn, "top-ed", TEMP_STORE_NOW_US);
    assert_done(sched_store_object_put(txn, &audio, NULL, &problem));
    sql = g_strdup_printf(
        "DELETE FROM versions WHERE announcement = '%s' AND language = '%s'; "
        "INSERT INTO versions (id, announcement, language, object, script, script_hash, "
        "announcer_name, state, author, checked_us, checker, note, created_us, changed_us) "
        "VALUES ('%s', '%s', '%s', '%s', '%s', '%s', '', 'draft', 'editor', 0, NULL, '', 0, "
        "0); "
        "UPDATE versions SET state = 'checked', checker = 'reader' WHERE id = '%s'; "
        "INSERT INTO documents (hash, type, body, created_us, unpacked_bytes) VALUES ('%s', "
        "'approval', x'00', 0, 0) ON CONFLICT DO NOTHING; "
        "INSERT INTO approvals (hash, announcement, version, object, script_hash, language, "
        "class, approver, approved_us, voided_us) VALUES ('%s', '%s', '%s', '%s', '%s', '%s', "
        "'uu_tien', 'approver', 1, 0)",
        phrase, language, version, phrase, language, object, phrase, script_hash, version,
        object, object, phrase, version, object, script_hash, language);
    temp_store_exec(txn, sql);
}

static void
keep(ApiFixture *f, const char *phrase, const char *language)
{
    g_autofree char *path = g_build_filename(f->folder, "phrase", NULL);
    g_autofree char *bytes = g_strdup_printf("%s %s", phrase, language);
    g_autofree char *hash = NULL;

    g_assert_true(g_file_set_contents(path, bytes, -1, NULL));
    hash = content_object_store_put_file(f->objects, path, NULL, NULL);
    g_assert_nonnull(hash);
}

static gboolean
record_body(SchedTxn *txn, gpointer data, GError **error)
{
    ApiFixture *f = data;
    static const char *const phrases[] = {"cb-nham-1", "cb-dien-tap", "cb-chay-nha-1",
                                          "cb-chay-nha-2"};
    g_autoptr(ContentTemplates) all = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        approve(txn, phrases[i], "vi");
        keep(f, phrases[i], "vi");
    }
    approve(txn, "cb-nham-1", "jra");
    all = sched_store_templates(txn, content_clock_utc_us(f->clock), error);
    for (guint i = 0; i < all->values->len; i++) {
        const ContentTemplateValue *value = all->values->pdata[i];

        if (g_strcmp0(value->area, "ia-le-a") == 0)
            approve(txn, value->id, "vi");
    }
    return TRUE;
}

static void
make_templates(ApiFixture *f)
{
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "POST", "/api/alert-templates/standard",
                                      json_pack("{s:s}", "area", "ia-le"), NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", "/api/alert-templates/standard",
                                      json_pack("{s:s}", "area", "ia-le"), NULL),
                     ==, 422);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", "/api/alert-templates/standard",
                                      json_pack("{s:s}", "area", "gia-lai"), NULL),
                     ==, 200);
    temp_store_run(f->store, record_body, f);
}

void
alert_fixture_set_up(ApiFixture *f)
{
    make_people(f);
    make_templates(f);
}
