/* broker.c - see broker.h */
#include "tests/support/broker.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "tests/support/port.h"
#include "tests/support/wait.h"

#define MAX_PORT_TRIES 20

struct TestBroker {
    char *folder, *config_path, *log_path, *uri, *ca_path;
    guint port;
    GSubprocess *process;
};

struct TestListener {
    GSubprocess *process;
    GDataInputStream *lines;
    GCancellable *cancellable;
    GQueue messages; /* of char *: "TOPIC HEX" */
    gboolean is_ready;
};

/* A test that aborts takes its children with it. */
static void
die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn(GPtrArray *arguments, GSubprocessFlags flags)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(flags);
    g_autoptr(GError) error = NULL;
    GSubprocess *process;

    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *) arguments->pdata, &error);
    g_assert_no_error(error);
    return process;
}

static void
write_config(TestBroker *self, TestCa *ca, const char *acl)
{
    g_autofree char *certificate =
        test_ca_issue(ca, "broker", "localhost", TEST_CERTIFICATE_SERVER);
    g_autofree char *stem = g_strndup(certificate, strlen(certificate) - 4);
    g_autofree char *acl_path = g_strdup_printf("%s/acl", self->folder);
    g_autofree char *text =
        g_strdup_printf("listener %u 127.0.0.1\n"
                        "cafile %s\n"
                        "certfile %s\n"
                        "keyfile %s.key\n"
                        "require_certificate true\n"
                        "use_identity_as_username true\n"
                        "log_dest file %s\n"
                        "persistence false\n"
                        "max_packet_size 1048576\n"
                        "user root\n"
                        "%s%s\n",
                        self->port, test_ca_path(ca), certificate, stem, self->log_path,
                        acl == NULL ? "" : "acl_file ", acl == NULL ? "" : acl_path);

    if (acl != NULL)
        g_assert_true(g_file_set_contents(acl_path, acl, -1, NULL));
    g_assert_true(g_file_set_contents(self->config_path, text, -1, NULL));
}

static gboolean
has_ended(GSubprocess *process)
{
    return g_subprocess_get_identifier(process) == NULL;
}

/* Its own word: that somebody accepts at the port may be somebody else, who took it first. */
static gboolean
is_running(TestBroker *self)
{
    g_autofree char *text = NULL;

    return g_file_get_contents(self->log_path, &text, NULL, NULL) &&
           strstr(text, " running\n") != NULL;
}

/* Returns: whether it came up; %FALSE if the port was taken meanwhile. */
static gboolean
start(TestBroker *self)
{
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();

    g_ptr_array_add(arguments, (char *) "mosquitto");
    g_ptr_array_add(arguments, (char *) "-c");
    g_ptr_array_add(arguments, self->config_path);
    g_ptr_array_add(arguments, NULL);
    g_unlink(self->log_path);
    self->process =
        spawn(arguments, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    TEST_WAIT_UNTIL(has_ended(self->process) || is_running(self));
    if (is_running(self))
        return TRUE;
    g_clear_object(&self->process);
    return FALSE;
}

TestBroker *
test_broker_new(const char *folder, TestCa *ca, const char *acl)
{
    TestBroker *self = g_new0(TestBroker, 1);

    self->folder = g_strdup(folder);
    self->ca_path = g_strdup(test_ca_path(ca));
    self->config_path = g_strdup_printf("%s/mosquitto.conf", folder);
    self->log_path = g_strdup_printf("%s/mosquitto.log", folder);
    for (guint i = 0; i < MAX_PORT_TRIES && self->process == NULL; i++) {
        self->port = test_free_port();
        write_config(self, ca, acl);
        start(self);
    }
    g_assert_nonnull(self->process);
    self->uri = g_strdup_printf("mqtts://127.0.0.1:%u", self->port);
    return self;
}

void
test_broker_kill(TestBroker *self)
{
    if (self->process == NULL)
        return;
    g_subprocess_force_exit(self->process);
    g_subprocess_wait(self->process, NULL, NULL);
    g_clear_object(&self->process);
}

void
test_broker_start(TestBroker *self)
{
    g_assert_null(self->process);
    g_assert_true(start(self));
}

void
test_broker_pause(TestBroker *self)
{
    g_subprocess_send_signal(self->process, SIGSTOP);
}

void
test_broker_resume(TestBroker *self)
{
    g_subprocess_send_signal(self->process, SIGCONT);
}

void
test_broker_free(TestBroker *self)
{
    if (self == NULL)
        return;
    test_broker_kill(self);
    g_free(self->folder);
    g_free(self->ca_path);
    g_free(self->config_path);
    g_free(self->log_path);
    g_free(self->uri);
    g_free(self);
}

const char *
test_broker_uri(TestBroker *self)
{
    return self->uri;
}

guint
test_broker_port(TestBroker *self)
{
    return self->port;
}

/* mosquitto's own clients, told where the broker is and who asks. */
static GPtrArray *
client_arguments(TestBroker *self, const char *program, const char *certificate)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *stem = g_strndup(certificate, strlen(certificate) - 4);

    g_ptr_array_add(arguments, g_strdup(program));
    g_ptr_array_add(arguments, g_strdup("-h"));
    g_ptr_array_add(arguments, g_strdup("127.0.0.1"));
    g_ptr_array_add(arguments, g_strdup("-p"));
    g_ptr_array_add(arguments, g_strdup_printf("%u", self->port));
    g_ptr_array_add(arguments, g_strdup("--cafile"));
    g_ptr_array_add(arguments, g_strdup(self->ca_path));
    g_ptr_array_add(arguments, g_strdup("--cert"));
    g_ptr_array_add(arguments, g_strdup(certificate));
    g_ptr_array_add(arguments, g_strdup("--key"));
    g_ptr_array_add(arguments, g_strdup_printf("%s.key", stem));
    g_ptr_array_add(arguments, g_strdup("-q"));
    g_ptr_array_add(arguments, g_strdup("1"));
    return arguments;
}

static void
on_line(GObject *source, GAsyncResult *result, gpointer data)
{
    TestListener *listener = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *line =
        g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source), result, NULL, &error);

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || line == NULL)
        return;
    if (strstr(line, "received SUBACK") != NULL)
        listener->is_ready = TRUE;
    else if (g_str_has_prefix(line, "message "))
        g_queue_push_tail(&listener->messages, g_strdup(line + strlen("message ")));
    g_data_input_stream_read_line_async(listener->lines, G_PRIORITY_DEFAULT,
                                        listener->cancellable, on_line, listener);
}

TestListener *
test_broker_listen(TestBroker *self, const char *certificate, const char *filter)
{
    g_autoptr(GPtrArray) arguments = client_arguments(self, "mosquitto_sub", certificate);
    TestListener *listener = g_new0(TestListener, 1);

    g_ptr_array_insert(arguments, 0, g_strdup("stdbuf"));
    g_ptr_array_insert(arguments, 1, g_strdup("-oL"));
    g_ptr_array_add(arguments, g_strdup("-d"));
    g_ptr_array_add(arguments, g_strdup("-F"));
    g_ptr_array_add(arguments, g_strdup("message %t %x"));
    g_ptr_array_add(arguments, g_strdup("-t"));
    g_ptr_array_add(arguments, g_strdup(filter));
    g_ptr_array_add(arguments, NULL);
    listener->process =
        spawn(arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
    listener->cancellable = g_cancellable_new();
    listener->lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(listener->process));
    g_data_input_stream_read_line_async(listener->lines, G_PRIORITY_DEFAULT,
                                        listener->cancellable, on_line, listener);
    TEST_WAIT_UNTIL(listener->is_ready);
    return listener;
}

void
test_listener_free(TestListener *listener)
{
    if (listener == NULL)
        return;
    g_subprocess_force_exit(listener->process);
    g_subprocess_wait(listener->process, NULL, NULL);
    g_cancellable_cancel(listener->cancellable);
    TEST_WAIT_UNTIL(!g_input_stream_has_pending(G_INPUT_STREAM(listener->lines)));
    g_object_unref(listener->lines);
    g_object_unref(listener->cancellable);
    g_object_unref(listener->process);
    g_queue_clear_full(&listener->messages, g_free);
    g_free(listener);
}

/* mosquitto_sub prints the payload as hex digits, so that any byte survives the pipe. */
static GBytes *
bytes_of_hex(const char *text)
{
    GByteArray *bytes = g_byte_array_new();

    for (; text[0] != '\0' && text[1] != '\0'; text += 2) {
        guint8 byte =
            (guint8) (g_ascii_xdigit_value(text[0]) * 16 + g_ascii_xdigit_value(text[1]));

        g_byte_array_append(bytes, &byte, 1);
    }
    return g_byte_array_free_to_bytes(bytes);
}

GBytes *
test_listener_next(TestListener *listener, char **out_topic)
{
    g_autofree char *message = NULL;
    char *space;

    TEST_WAIT_UNTIL(!g_queue_is_empty(&listener->messages));
    message = g_queue_pop_head(&listener->messages);
    space = strchr(message, ' ');
    if (out_topic != NULL)
        *out_topic = g_strndup(message, (gsize) (space - message));
    return bytes_of_hex(space + 1);
}

guint
test_listener_count(TestListener *listener)
{
    return g_queue_get_length(&listener->messages);
}

/* @as: -s: standard input is the message; -l: each line of it is one */
static void
say(TestBroker *self, const char *certificate, const char *topic, GBytes *payload,
    const char *as)
{
    g_autoptr(GPtrArray) arguments = client_arguments(self, "mosquitto_pub", certificate);
    g_autoptr(GSubprocess) process = NULL;
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(arguments, g_strdup("-t"));
    g_ptr_array_add(arguments, g_strdup(topic));
    g_ptr_array_add(arguments, g_strdup(as));
    g_ptr_array_add(arguments, NULL);
    process = spawn(arguments, G_SUBPROCESS_FLAGS_STDIN_PIPE);
    g_assert_true(g_subprocess_communicate(process, payload, NULL, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 0);
}

void
test_broker_say(TestBroker *self, const char *certificate, const char *topic, GBytes *payload)
{
    say(self, certificate, topic, payload, "-s");
}

void
test_broker_say_lines(TestBroker *self, const char *certificate, const char *topic,
                      GBytes *lines)
{
    say(self, certificate, topic, lines, "-l");
}
