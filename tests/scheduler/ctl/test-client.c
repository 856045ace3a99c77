/* test-client.c - uploads against the real API: what is refused says why, whatever its size. */
#include "scheduler/ctl/client.h"

#include <unistd.h>

#include "tests/scheduler/web/api-fixture.h"

#define MIB ((gint64) 1024 * 1024)

/* One upload, in a thread: the API answers from the main context. */
typedef struct {
    ApiFixture *f;
    const char *login; /* (nullable): not signed in */
    char *path, *authority, *file;
    gint64 most_sent;
    int exit_code;
    char *words;
    gint is_over; /* atomic */
} Upload;

static void
on_progress(gint64 done_bytes, gint64 total_bytes, gpointer user_data)
{
    Upload *upload = user_data;

    upload->most_sent = MAX(upload->most_sent, done_bytes);
}

static gpointer
run_upload(gpointer data)
{
    Upload *upload = data;
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%u", upload->f->people.port);
    g_autofree char *token =
        upload->login == NULL ? NULL : g_strconcat("token-", upload->login, NULL);
    g_autoptr(GError) error = NULL;
    CtlClient *client = ctl_client_new(url, upload->authority, token, &error);
    json_t *answer = NULL;

    if (client != NULL)
        answer = ctl_client_upload(client, "PUT", upload->path, upload->file, "audio/wav",
                                   on_progress, upload, &error);
    upload->exit_code = ctl_exit_code(error);
    upload->words = g_strdup(error == NULL ? "" : error->message);
    json_decref(answer);
    ctl_client_free(client);
    g_atomic_int_set(&upload->is_over, TRUE);
    g_main_context_wakeup(NULL);
    return NULL;
}

/* A file that begins as a recording does, and is as long as that without taking up room. */
static char *
make_file(const char *folder, gint64 n_bytes)
{
    char *path = g_build_filename(folder, "recording.wav", NULL);

    g_assert_true(g_file_set_contents(path, "sound of a voice", -1, NULL));
    g_assert_cmpint(truncate(path, n_bytes), ==, 0);
    return path;
}

static char *
make_version(ApiFixture *f)
{
    json_auto_t *announcement = NULL, *version = NULL;
    g_autofree char *path = NULL;

    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", "/api/announcements",
                         json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title",
                                   "Lịch tiêm phòng", "class", "thong_thuong", "source_number",
                                   "12/TB", "source_issuer", "UBND xã", "source_date",
                                   "2026-03-01", "valid_from_us", (json_int_t) 0,
                                   "valid_until_us",
                                   (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home",
                                   "chu-puh", "areas", "ia-le"),
                         &announcement),
        ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", path,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "Ơi ană plei"),
                         &version),
        ==, 201);
    return g_strdup(api_text(version, "id"));
}

static void
test_uploads(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *login;
        gint64 n_bytes;
        int exit_code;
        const char *words;
        gboolean is_sent;
    } cases[] = {
        {"small and welcome", "ed", 16, 0, "", TRUE},
        {"large and welcome", "ed", 5 * MIB, 0, "", TRUE},
        {"large, not signed in", NULL, 5 * MIB, 77, "(HTTP 401)", FALSE},
        {"large, not allowed", "ap", 5 * MIB, 77, "(HTTP 403)", FALSE},
        {"too large", "ed", SCHED_API_MAX_AUDIO_BYTES + 1, 65, "(HTTP 413)", FALSE},
    };
    g_autofree char *version = NULL;
    g_autofree char *authority = g_build_filename(f->folder, "ca.pem", NULL);

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "ap", SCHED_ROLE_APPROVER, "chu-puh");
    version = make_version(f);
    g_assert_true(g_file_set_contents(authority, f->people.authority, -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *file = make_file(f->folder, cases[i].n_bytes);
        Upload upload = {.f = f, .login = cases[i].login, .authority = authority, .file = file};
        GThread *thread;

        g_test_message("%s", cases[i].why);
        upload.path =
            g_strdup_printf("/api/versions/%s/audio?no_state_secret=true&name=a.wav", version);
        thread = g_thread_new("upload", run_upload, &upload);
        while (!g_atomic_int_get(&upload.is_over))
            g_main_context_iteration(NULL, TRUE);
        g_thread_join(thread);
        g_assert_cmpint(upload.exit_code, ==, cases[i].exit_code);
        if (!g_str_has_suffix(upload.words, cases[i].words))
            g_error("'%s' does not end with '%s'", upload.words, cases[i].words);
        if (cases[i].is_sent)
            g_assert_cmpint(upload.most_sent, ==, cases[i].n_bytes);
        else
            g_assert_cmpint(upload.most_sent, ==, 0);
        g_free(upload.path);
        g_free(upload.words);
        g_assert_cmpint(unlink(file), ==, 0);
    }
    g_assert_cmpint(unlink(authority), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/ctl/client/uploads", ApiFixture, NULL, api_fixture_set_up, test_uploads,
               api_fixture_tear_down);
    return g_test_run();
}
