/* http-peer.c - see http-peer.h */
#include "tests/support/http-peer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "content/base/id.h"

struct TestHttpPeer {
    char *folder, *url;
    guint port;
    GSubprocess *process;
};

static void
die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void
make_folder(TestHttpPeer *self, const char *name)
{
    g_autofree char *path = g_build_filename(self->folder, name, NULL);

    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
}

/* The program prints its port once it listens. */
static void
read_port(TestHttpPeer *self)
{
    g_autoptr(GDataInputStream) lines =
        g_data_input_stream_new(g_subprocess_get_stdout_pipe(self->process));
    g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);

    g_assert_nonnull(line);
    self->port = (guint) g_ascii_strtoull(line, NULL, 10);
    self->url = g_strdup_printf("https://127.0.0.1:%u", self->port);
}

TestHttpPeer *
test_http_peer_new(const char *folder, TestCa *ca, gboolean wants_certificate)
{
    TestHttpPeer *self = g_new0(TestHttpPeer, 1);
    g_autofree char *certificate =
        test_ca_issue(ca, "device", "localhost", TEST_CERTIFICATE_SERVER);
    g_autofree char *stem = g_strndup(certificate, strlen(certificate) - 4);
    g_autofree char *key = g_strconcat(stem, ".key", NULL);
    g_autofree char *program =
        g_test_build_filename(G_TEST_DIST, "support", "http-peer.py", NULL);
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr(GError) error = NULL;

    self->folder = g_build_filename(folder, "peer", NULL);
    make_folder(self, "objects");
    make_folder(self, "shelf");
    if (!wants_certificate)
        test_http_peer_file(self, "optional", "");
    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    self->process =
        g_subprocess_launcher_spawn(launcher, &error, "python3", "-S", program, self->folder,
                                    certificate, key, test_ca_path(ca), NULL);
    g_assert_no_error(error);
    read_port(self);
    return self;
}

void
test_http_peer_free(TestHttpPeer *self)
{
    if (self == NULL)
        return;
    g_subprocess_force_exit(self->process);
    g_subprocess_wait(self->process, NULL, NULL);
    g_object_unref(self->process);
    g_free(self->folder);
    g_free(self->url);
    g_free(self);
}

const char *
test_http_peer_url(TestHttpPeer *self)
{
    return self->url;
}

guint
test_http_peer_port(TestHttpPeer *self)
{
    return self->port;
}

void
test_http_peer_file(TestHttpPeer *self, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(self->folder, name, NULL);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
}

void
test_http_peer_fault(TestHttpPeer *self, const char *words)
{
    test_http_peer_file(self, "fault", words);
}

char *
test_http_peer_put(TestHttpPeer *self, GBytes *bytes)
{
    gsize n_bytes = 0;
    const char *data = g_bytes_get_data(bytes, &n_bytes);
    char *hash = content_sha256_hex(data, n_bytes);
    g_autofree char *path = g_build_filename(self->folder, "objects", hash, NULL);

    g_assert_true(g_file_set_contents(path, data, (gssize) n_bytes, NULL));
    return hash;
}

char **
test_http_peer_requests(TestHttpPeer *self)
{
    g_autofree char *path = g_build_filename(self->folder, "requests", NULL);
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return g_new0(char *, 1);
    return g_strsplit(g_strchomp(text), "\n", -1);
}
