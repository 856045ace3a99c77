/* api-fixture.c - see api-fixture.h */
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/objects.h"

#include "content/base/id.h"
#include "scheduler/publish/notice.h"
#include "scheduler/publish/preview.h"
#include "scheduler/publish/hours.h"
#include "scheduler/publish/making-up.h"
#include "scheduler/publish/placing.h"
#include "scheduler/publish/trial.h"
#include "scheduler/publish/week.h"
#include "tests/scheduler/web/answer-check.h"
#include "tests/support/scratch.h"

#include <string.h>

static const SchedPasswordCost cheap = {1, 8192};

/* ---- the parts that the API calls ---- */

/* Stands in for the ingest process: it copies what calls itself sound. */
static void
on_ingest(gpointer data, const char *path, gboolean trims, GAsyncReadyCallback done,
          gpointer user_data)
{
    ApiFixture *f = data;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, user_data);
    g_autofree char *text = NULL, *name = content_id_new(g_get_real_time());
    gsize length = 0;
    SchedIngested *ingested;

    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    if (!g_str_has_prefix(text, "sound")) {
        g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                "no sound could be read from it");
        return;
    }
    ingested = g_new0(SchedIngested, 1);
    ingested->path = g_build_filename(f->folder, name, NULL);
    ingested->media = g_strdup("audio/x-wav");
    ingested->duration_us = (gint64) length * G_USEC_PER_SEC;
    ingested->loudness_mlufs = -16000;
    ingested->peak_mdb = -1500;
    ingested->peaks = g_strnfill(2 * SCHED_OBJECT_N_PEAKS, '7');
    {
        g_autofree char *canonical = g_strconcat("OggS", text, NULL);

        g_assert_true(g_file_set_contents(ingested->path, canonical, -1, NULL));
    }
    g_task_return_pointer(task, ingested, (GDestroyNotify) sched_ingested_free);
}

static SchedIngested *
on_ingest_finish(gpointer data, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

static json_t *
on_preview(gpointer data, SchedTxn *txn, const char *area, const char *date, GError **error)
{
    return sched_preview_json(txn, area, date,
                              content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static gint64
on_next_start(gpointer data, SchedTxn *txn, const SchedNextWish *wish, GError **error)
{
    return sched_notice_next_start(txn, wish,
                                   content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static gboolean
on_count_notice(gpointer data, SchedTxn *txn, const char *slot, gint64 start_us,
                guint *out_heard, guint *out_silent, GError **error)
{
    return sched_notice_count(txn, slot, start_us,
                              content_clock_utc_us(((ApiFixture *) data)->clock), out_heard,
                              out_silent, error);
}

static json_t *
on_week(gpointer data, SchedTxn *txn, const char *area, const char *from, guint n_days,
        GError **error)
{
    return sched_week_json(txn, area, from, n_days,
                           content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static json_t *
on_try_slot(gpointer data, SchedTxn *txn, const SchedSlotRow *slot, const GPtrArray *items,
            GError **error)
{
    return sched_trial_json(txn, slot, items,
                            content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static json_t *
on_troubles(gpointer data, SchedTxn *txn, GError **error)
{
    return json_pack("[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s, s:s}]", "kind", "slot", "id",
                     "chieu", "words", "slot chieu: unknown playlist", "words_vi",
                     "khung giờ chieu", "kind", "zone", "id", "b", "place", "ia-blu-a", "words",
                     "zone ia-blu/b: unknown language", "words_vi", "cụm loa ia-blu/b");
}

static GPtrArray *
on_make_ups(gpointer data, SchedTxn *txn, const char *station, const char *date,
            const char *occurrence, const char *item, GError **error)
{
    const gint64 now_us = content_clock_utc_us(((ApiFixture *) data)->clock);
    const SchedMakeUpWish wish = {station, date,   occurrence,
                                  item,    now_us, now_us + SCHED_MAKE_UP_AHEAD_US};

    return sched_making_up_find(txn, &wish, error);
}

static json_t *
on_hours(gpointer data, SchedTxn *txn, const char *area, const GPtrArray *windows,
         gint64 limit_min, GError **error)
{
    return sched_hours_json(txn, area, windows, limit_min,
                            content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static json_t *
on_place_times(gpointer data, SchedTxn *txn, const char *offer, const char *area,
               GError **error)
{
    return sched_placing_times_json(txn, offer, area,
                                    content_clock_utc_us(((ApiFixture *) data)->clock), error);
}

static gboolean
on_place_try(gpointer data, SchedTxn *txn, const char *offer, const char *area, gint64 start_us,
             SchedPlaceTime *out_time, gboolean *out_free, GError **error)
{
    return sched_placing_try(txn, offer, area, start_us,
                             content_clock_utc_us(((ApiFixture *) data)->clock), out_time,
                             out_free, error);
}

static void
on_orders_given(gpointer data)
{
    ((ApiFixture *) data)->n_orders_given++;
}

static guint
on_say_live(gpointer data, const char *station, GBytes *frame)
{
    ApiFixture *f = data;

    if (f->is_broker_away)
        return 0;
    g_ptr_array_add(f->frames_to, g_strdup(station));
    g_ptr_array_add(f->frames, g_bytes_ref(frame));
    return 1;
}

static void
on_devices_changed(gpointer data, const char *station, const char *words)
{
    ApiFixture *f = data;

    f->n_devices_changed++;
    g_free(f->device_news);
    f->device_news = g_strdup_printf("%s: %s", station, words);
}

static void
on_order_test(gpointer data, const SchedRelayTestRow *test)
{
    ApiFixture *f = data;

    f->n_tests_ordered++;
    g_free(f->device_news);
    f->device_news = g_strdup_printf("%s: test %s for %d ms", test->station, test->zone,
                                     (int) test->duration_ms);
}

static void
on_said(gpointer data, const char *words)
{
    g_ptr_array_add(((ApiFixture *) data)->said, g_strdup(words));
}

/* This district sends e-mails, and no text messages. */
static gboolean
has_way(gpointer data, gint way)
{
    return way == 0;
}

static void
on_message_added(gpointer data)
{
    ((ApiFixture *) data)->n_messages_added++;
}

static const SchedApiPorts ports = {
    .ingest = on_ingest,
    .ingest_finish = on_ingest_finish,
    .preview = on_preview,
    .week = on_week,
    .hours = on_hours,
    .try_slot = on_try_slot,
    .next_start = on_next_start,
    .count_notice = on_count_notice,
    .troubles = on_troubles,
    .make_ups = on_make_ups,
    .place_times = on_place_times,
    .place_try = on_place_try,
    .has_way = has_way,
    .message_added = on_message_added,
    .devices_changed = on_devices_changed,
    .order_test = on_order_test,
    .orders_given = on_orders_given,
    .say_live = on_say_live,
    .said = on_said,
};

/* ---- up and down ---- */

static void
make_trust(ApiFixture *f)
{
    static const char *const hosts[] = {"127.0.0.1", NULL};
    const SchedCertificateWish wish = {"https", "Loa", hosts, TRUE, FALSE};
    g_autofree char *trust = g_build_filename(f->folder, "trust", NULL);
    g_autofree char *keys = g_build_filename(f->folder, "keys", NULL);
    g_autoptr(ContentSealKey) root = content_seal_key_generate();
    const gint64 now_us = g_get_real_time();
    GError *error = NULL;

    f->authority = sched_authority_create(trust, "test", now_us, &error);
    g_assert_no_error(error);
    sched_authority_ensure(f->authority, &wish, now_us, &f->chain, &f->key, &error);
    g_assert_no_error(error);
    sched_keys_create(keys, root, now_us, &error);
    g_assert_no_error(error);
    f->keys = sched_keys_open(keys, &error);
    g_assert_no_error(error);
    f->passwords = sched_passwords_new(&cheap, &error);
    g_assert_no_error(error);
    f->factors = sched_factors_open(keys, &error);
    g_assert_no_error(error);
}

static ContentServer *
start_server(ApiFixture *f, const char *name, const ContentServerHandler *handler,
             const char *trust, TestHttps *peer)
{
    g_autofree char *spool = g_build_filename(f->folder, name, NULL);
    ContentServerOptions options = content_server_defaults;
    GError *error = NULL;
    ContentServer *server;

    options.chain = f->chain;
    options.key = f->key;
    options.trust = trust;
    options.identify = sched_authority_identify;
    options.spool_folder = spool;
    server = content_server_start(&options, handler, f->api, &error);
    g_assert_no_error(error);
    peer->port = content_server_port(server);
    peer->seen = answer_check;
    peer->authority = sched_authority_certificate(f->authority);
    return server;
}

void
api_fixture_set_up(ApiFixture *f, gconstpointer data)
{
    static const char *const brokers[] = {"mqtts://127.0.0.1:8883", NULL};
    SchedApiOptions options = {.ports = &ports, .ports_data = f};
    g_autofree char *objects = NULL;

    f->folder = test_scratch_new();
    f->store = temp_store_new_district();
    f->clock = fake_clock_new(g_get_real_time());
    f->said = g_ptr_array_new_with_free_func(g_free);
    f->frames_to = g_ptr_array_new_with_free_func(g_free);
    f->frames = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    make_trust(f);
    objects = g_build_filename(f->folder, "objects", NULL);
    f->objects = content_object_store_open(objects, NULL);
    options.store = f->store->store;
    options.objects = f->objects;
    options.passwords = f->passwords;
    options.factors = f->factors;
    options.authority = f->authority;
    options.keys = f->keys;
    options.clock = f->clock;
    options.incoming_folder = f->folder;
    options.device_address = "127.0.0.1:8443";
    options.brokers = brokers;
    f->api = sched_api_new(&options);
    f->people_server = start_server(f, "spool-p", sched_api_people(), NULL, &f->people);
    f->station_server = start_server(f, "spool-s", sched_api_stations(),
                                     sched_authority_certificate(f->authority), &f->stations);
}

void
api_fixture_tear_down(ApiFixture *f, gconstpointer data)
{
    content_server_stop(f->people_server);
    content_server_stop(f->station_server);
    sched_api_free(f->api);
    for (guint i = 0; i < f->said->len; i++)
        g_test_message("said: %s", (char *) f->said->pdata[i]);
    g_assert_cmpuint(f->said->len, ==, 0);
    g_ptr_array_unref(f->said);
    g_ptr_array_unref(f->frames_to);
    g_ptr_array_unref(f->frames);
    g_free(f->device_news);
    sched_passwords_free(f->passwords);
    sched_factors_free(f->factors);
    sched_keys_free(f->keys);
    sched_authority_free(f->authority);
    content_object_store_free(f->objects);
    content_clock_free(f->clock);
    temp_store_free(f->store);
    test_scratch_free(f->folder);
    g_free(f->chain);
    g_free(f->key);
}

void
api_fixture_add(const char *path, void (*test)(ApiFixture *f, gconstpointer data))
{
    g_test_add(path, ApiFixture, NULL, api_fixture_set_up, test, api_fixture_tear_down);
}

/* ---- people ---- */

typedef struct {
    ApiFixture *f;
    const char *login, *area, *hash;
    gint role;
} NewAccount;

static gboolean
add_account(SchedTxn *txn, gpointer data, GError **error)
{
    const NewAccount *new_account = data;
    g_autofree char *token = g_strconcat("token-", new_account->login, NULL);
    g_autofree char *token_hash = content_sha256_hex(token, strlen(token));
    g_autoptr(SchedAccountRow) old =
        sched_store_account_by_login(txn, new_account->login, NULL);
    const gint64 now_us = content_clock_utc_us(new_account->f->clock);
    const SchedAccountRow account = {.id = (char *) new_account->login,
                                     .login = (char *) new_account->login,
                                     .name = (char *) new_account->login,
                                     .password = (char *) new_account->hash};
    const SchedRightRow right = {.account = (char *) new_account->login,
                                 .role = new_account->role,
                                 .area = (char *) new_account->area,
                                 .language = (char *) "",
                                 .until_us = now_us + TEMP_STORE_DAY_US};
    const SchedSessionRow session = {.token_hash = token_hash,
                                     .account = (char *) new_account->login,
                                     .idle_us = SCHED_SESSION_IDLE_US,
                                     .until_us = now_us + SCHED_SESSION_MOST_US,
                                     .from = (char *) "127.0.0.1",
                                     .with_factor = TRUE};

    if (old == NULL)
        assert_done(sched_store_account_add(txn, &account, &problem));
    if (new_account->role >= 0)
        assert_done(sched_store_right_grant(txn, &right, &problem));
    assert_done(sched_store_session_close(txn, token_hash, &problem));
    assert_done(sched_store_session_open(txn, &session, &problem));
    return TRUE;
}

void
api_fixture_account(ApiFixture *f, const char *login, gint role, const char *area)
{
    g_autofree char *hash = sched_password_hash(&cheap, API_PASSWORD, NULL);
    NewAccount new_account = {f, login, area, hash, role};
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(f->clock)};
    GError *error = NULL;

    sched_store_write(f->store->store, &write, add_account, &new_account, NULL, &error);
    g_assert_no_error(error);
}

void
api_fixture_people(ApiFixture *f)
{
    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "ed", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(f, "ed", SCHED_ROLE_REVIEWER, "chu-puh");
    api_fixture_account(f, "rev", SCHED_ROLE_REVIEWER, "chu-puh");
    api_fixture_account(f, "app", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "ia-le");
}

char *
api_fixture_token(const char *login)
{
    return g_strconcat("Authorization: Bearer token-", login, NULL);
}

guint
api_fixture_call(ApiFixture *f, const char *login, const char *method, const char *path,
                 json_t *body, json_t **out_json)
{
    g_autofree char *token = login == NULL ? NULL : api_fixture_token(login);
    const char *const headers[] = {"Content-Type: application/json",
                                   token == NULL ? NULL : token, NULL};
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, method, path, headers, text, text == NULL ? 0 : strlen(text));

    if (out_json != NULL)
        *out_json = json_loadb(answer->body->str, answer->body->len, JSON_DECODE_ANY, NULL);
    if (answer->status >= 400)
        g_test_message("%s %s: %u %s", method, path, answer->status, answer->body->str);
    json_decref(body);
    free(text);
    return answer->status;
}

const char *
api_text(json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text != NULL ? text : "";
}

void
api_fixture_hear(ApiFixture *f, const char *login, const char *version, const char *object)
{
    g_autofree char *begin = g_strdup_printf("/api/versions/%s/listen", version);
    g_autofree char *end = g_strdup_printf("/api/versions/%s/heard", version);
    json_auto_t *begun = NULL;
    gint64 duration_us;

    if (api_fixture_call(f, login, "POST", begin, json_pack("{s:s}", "object", object),
                         &begun) != 200)
        return;
    duration_us = json_integer_value(json_object_get(begun, "duration_us"));
    fake_clock_step(f->clock, duration_us);
    g_assert_cmpuint(api_fixture_call(f, login, "POST", end,
                                      json_pack("{s:s}", "object", object), NULL),
                     ==, 200);
    fake_clock_step(f->clock, -duration_us);
}
