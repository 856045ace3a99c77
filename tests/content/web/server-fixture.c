/* server-fixture.c - see server-fixture.h */
#include "tests/content/web/server-fixture.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *
word(ContentCall *call)
{
    const ContentTarget *target = content_call_target(call);

    return target->segments->len == 1 ? target->segments->pdata[0] : "";
}

static gboolean
on_plan(ContentCall *call, ContentBodyPlan *plan, gpointer data)
{
    const char *name = word(call);

    if (g_str_equal(name, "memory")) {
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = 1000;
    } else if (g_str_equal(name, "spool")) {
        plan->kind = CONTENT_BODY_FILE;
        plan->max_bytes = 200000;
        plan->asks = TRUE;
    } else if (!g_str_equal(name, "echo") && !g_str_equal(name, "file") &&
               !g_str_equal(name, "later")) {
        content_call_problem(call, 404, "no-such-path", NULL);
        return FALSE;
    }
    return TRUE;
}

static void
on_ask(ContentCall *call, gpointer data)
{
    if (g_strcmp0(content_call_query(call, "may"), "no") == 0)
        content_call_problem(call, 403, "not-yours", NULL);
    else
        content_call_proceed(call);
}

static void
answer_text(ContentCall *call, const char *text)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    content_call_answer(call, 200, "text/plain", body);
}

static void
answer_echo(ContentCall *call)
{
    g_autofree char *text =
        g_strdup_printf("%s from %s peer %s", content_call_method(call),
                        content_call_address(call),
                        content_call_peer(call) != NULL ? content_call_peer(call)
                                                        : content_call_peer_fault(call));

    answer_text(call, text);
}

static void
answer_spool(ServerFixture *f, ContentCall *call)
{
    g_autofree char *text = NULL, *sum = NULL;
    gsize n = 0;

    g_free(f->last_spool);
    f->last_spool = g_strdup(content_call_body_path(call));
    g_assert_true(g_file_get_contents(f->last_spool, &text, &n, NULL));
    sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) text, n);
    answer_text(call, sum);
}

static void
on_handle(ContentCall *call, gpointer data)
{
    ServerFixture *f = data;
    const char *name = word(call);

    f->n_handled++;
    if (g_str_equal(name, "echo")) {
        answer_echo(call);
    } else if (g_str_equal(name, "memory")) {
        content_call_answer(call, 200, "text/plain", content_call_body(call));
    } else if (g_str_equal(name, "spool")) {
        answer_spool(f, call);
    } else if (g_str_equal(name, "file")) {
        g_autofree char *path = g_build_filename(f->folder, "object", NULL);

        content_call_add_header(call, "Cache-Control", "private, immutable");
        content_call_answer_file(call, "audio/ogg", open(path, O_RDONLY | O_CLOEXEC),
                                 FIXTURE_FILE_BYTES, "0123");
    } else {
        g_ptr_array_add(f->waiting, content_call_ref(call));
    }
}

static const ContentServerHandler handler = {
    .plan = on_plan, .ask = on_ask, .handle = on_handle};

static void
write_object(ServerFixture *f)
{
    g_autofree char *path = g_build_filename(f->folder, "object", NULL);
    g_autofree char *bytes = g_malloc(FIXTURE_FILE_BYTES);

    for (gsize i = 0; i < FIXTURE_FILE_BYTES; i++)
        bytes[i] = (char) (i * 7 + i / 251);
    g_assert_true(g_file_set_contents(path, bytes, FIXTURE_FILE_BYTES, NULL));
}

void
server_fixture_start(ServerFixture *f, void (*change)(ContentServerOptions *options))
{
    static const char *const hosts[] = {"127.0.0.1", NULL};
    const SchedCertificateWish wish = {"https", "Loa", hosts, TRUE, FALSE};
    ContentServerOptions options = content_server_defaults;
    g_autoptr(GError) error = NULL;
    g_autofree char *spool = NULL, *trust_folder = NULL;

    f->folder = g_dir_make_tmp("loa-server-XXXXXX", NULL);
    f->waiting = g_ptr_array_new_with_free_func((GDestroyNotify) content_call_unref);
    trust_folder = g_build_filename(f->folder, "trust", NULL);
    spool = g_build_filename(f->folder, "spool", NULL);
    write_object(f);
    f->authority = sched_authority_create(trust_folder, "test", g_get_real_time(), &error);
    g_assert_no_error(error);
    sched_authority_ensure(f->authority, &wish, g_get_real_time(), &f->chain, &f->key, &error);
    g_assert_no_error(error);
    options.chain = f->chain;
    options.key = f->key;
    options.spool_folder = spool;
    options.trust = sched_authority_certificate(f->authority);
    options.identify = sched_authority_identify;
    if (change != NULL)
        change(&options);
    f->server = content_server_start(&options, &handler, f, &error);
    g_assert_no_error(error);
    f->peer.port = content_server_port(f->server);
    f->peer.authority = sched_authority_certificate(f->authority);
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    return remove(path);
}

void
server_fixture_stop(ServerFixture *f)
{
    g_clear_pointer(&f->server, content_server_stop);
    g_ptr_array_unref(f->waiting);
    g_clear_pointer(&f->authority, sched_authority_free);
    nftw(f->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(f->folder);
    g_free(f->chain);
    g_free(f->key);
    g_free(f->last_spool);
}
