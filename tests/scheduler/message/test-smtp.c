/*
 * test-smtp.c - letters handed to a mail server that is nobody's of ours: what it reads of
 * them, TLS, signing in, and each way in which it does not go well.
 */
#include "scheduler/message/letter.h"
#include "scheduler/message/smtp.h"
#include "tests/support/scratch.h"
#include "tests/support/smtp-peer.h"
#include "tests/support/test-ca.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#define AT_US (G_GINT64_CONSTANT(1772409600) * G_USEC_PER_SEC)

static const SchedLetter usual = {
    .id = "0192-thu",
    .from = "loa@example.vn",
    .to = "lan@example.vn",
    .subject =
        "Chưa duyệt: 17:00 23/11, “Tiêm phòng dại cho đàn chó, mèo ở các thôn, làng của xã”, "
        "bản tiếng Jrai – pơtô̆ ƀuôn sang ê̆",
    .body = "- Đài mất liên lạc: Đài Ia Pa\n.\n.một dấu chấm đầu dòng\nFrom đầu dòng\nơ̆ ư̆ ê̆ ô̆ "
            "č ƀ\n",
    .at_us = AT_US,
};

static SchedSmtp
plain(guint port)
{
    return (SchedSmtp){.host = "127.0.0.1",
                       .port = port,
                       .security = SCHED_SMTP_PLAIN,
                       .authority = "",
                       .user = "",
                       .password = "",
                       .from = "loa@example.vn"};
}

static gboolean
send_usual(const SchedSmtp *smtp, GError **error)
{
    g_autofree char *letter = sched_letter_write(&usual);

    return sched_smtp_send(smtp, usual.to, letter, NULL, error);
}

static void
test_letter(void)
{
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    const SchedSmtp smtp = plain(peer->port);
    g_autoptr(GError) error = NULL;
    json_t *letter;

    g_assert_true(send_usual(&smtp, &error));
    g_assert_no_error(error);
    letter = test_smtp_peer_take(peer);
    g_assert_cmpstr(test_smtp_peer_text(letter, "subject"), ==, usual.subject);
    g_assert_cmpstr(test_smtp_peer_text(letter, "body"), ==, usual.body);
    g_assert_cmpstr(test_smtp_peer_text(letter, "id"), ==, "<0192-thu@example.vn>");
    g_assert_cmpstr(test_smtp_peer_text(letter, "from"), ==, "loa@example.vn");
    g_assert_cmpstr(test_smtp_peer_text(letter, "date"), ==, "2026-03-02T00:00:00+00:00");
    g_assert_cmpuint(json_array_size(json_object_get(letter, "to")), ==, 1);
    g_assert_cmpuint(json_array_size(json_object_get(letter, "defects")), ==, 0);
    g_assert_cmpint(json_integer_value(json_object_get(letter, "longest")), <=, 78);
    json_decref(letter);
}

/* Whatever a person wrote, the headers are those that we write. */
static void
test_injection(void)
{
    static const char *const subjects[] = {
        "a\r\nBcc: everybody@example.vn",
        "a\n\nbody",
        "=?UTF-8?B?QQ==?=\r\nX: y",
        "\r\n.\r\nQUIT",
        "",
    };
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    const SchedSmtp smtp = plain(peer->port);

    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        SchedLetter letter = usual;
        g_autofree char *text = NULL, *names = NULL;
        g_autoptr(GError) error = NULL;
        json_t *taken;

        letter.subject = subjects[i];
        letter.body = subjects[i];
        text = sched_letter_write(&letter);
        sched_smtp_send(&smtp, letter.to, text, NULL, &error);
        g_assert_no_error(error);
        taken = test_smtp_peer_take(peer);
        names = json_dumps(json_object_get(taken, "headers"), JSON_COMPACT);
        g_assert_cmpstr(
            names, ==,
            "[\"Date\",\"From\",\"To\",\"Message-ID\",\"Subject\",\"Auto-Submitted\","
            "\"MIME-Version\",\"Content-Type\",\"Content-Transfer-Encoding\"]");
        json_decref(taken);
    }
}

static void
test_no_letter(void)
{
    SchedLetter bad[] = {usual, usual, usual, usual};

    bad[0].to = "lan@example.vn>\r\nBcc: <x@example.vn";
    bad[1].from = "";
    bad[2].id = "a>b";
    bad[3].subject = "\xff";
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(sched_letter_write(&bad[i]));
}

/* STARTTLS with a certificate that is believed, and a name and password. */
static void
test_tls(void)
{
    g_autofree char *folder = test_scratch_new();
    g_autoptr(TestCa) ca = test_ca_new(folder, "ca"), other = test_ca_new(folder, "other");
    g_autofree char *certificate =
        test_ca_issue(ca, "mail", "localhost", TEST_CERTIFICATE_SERVER);
    const char *options[] = {"--certificate", certificate, "--password", "mật khẩu", NULL};
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(options);
    SchedSmtp smtp = plain(peer->port);
    g_autoptr(GError) no_tls = NULL, stranger = NULL, wrong = NULL, error = NULL;
    json_t *letter;

    smtp.user = "loa";
    smtp.password = "mật khẩu";
    g_assert_false(send_usual(&smtp, &no_tls));
    g_assert_nonnull(no_tls);
    smtp.security = SCHED_SMTP_STARTTLS;
    smtp.authority = test_ca_path(other);
    g_assert_false(send_usual(&smtp, &stranger));
    g_assert_error(stranger, SCHED_POST_ERROR, SCHED_POST_ERROR_TLS);
    smtp.authority = test_ca_path(ca);
    smtp.password = "sai";
    g_assert_false(send_usual(&smtp, &wrong));
    g_assert_error(wrong, SCHED_POST_ERROR, SCHED_POST_ERROR_SIGN_IN);
    smtp.password = "mật khẩu";
    g_assert_true(send_usual(&smtp, &error));
    g_assert_no_error(error);
    letter = test_smtp_peer_take(peer);
    g_assert_true(json_is_true(json_object_get(letter, "tls")));
    g_assert_true(json_is_true(json_object_get(letter, "signed_in")));
    json_decref(letter);
    test_scratch_free(g_steal_pointer(&folder));
}

/* A server without TLS hears no word of a letter that is to be private. */
static void
test_no_tls_there(void)
{
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(NULL);
    SchedSmtp smtp = plain(peer->port);
    g_autoptr(GError) error = NULL;

    smtp.security = SCHED_SMTP_STARTTLS;
    g_assert_false(send_usual(&smtp, &error));
    g_assert_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_TLS);
}

static void
test_refused(void)
{
    const char *options[] = {"--refuse", usual.to, NULL};
    g_autoptr(TestSmtpPeer) peer = test_smtp_peer_new(options);
    const SchedSmtp smtp = plain(peer->port);
    g_autoptr(GError) error = NULL, nobody = NULL;
    SchedSmtp away = smtp;

    g_assert_false(send_usual(&smtp, &error));
    g_assert_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_REFUSED);
    g_assert_nonnull(g_strrstr(error->message, "550"));
    g_clear_pointer(&peer, test_smtp_peer_free);
    g_assert_false(send_usual(&away, &nobody));
    g_assert_error(nobody, SCHED_POST_ERROR, SCHED_POST_ERROR_UNREACHABLE);
}

/* One that takes the line and says nothing. */
static void
test_silent(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_autoptr(GError) error = NULL;
    SchedSmtp smtp;

    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *) &address, &length), ==, 0);
    smtp = plain(ntohs(address.sin_port));
    smtp.most_s = 1;
    g_assert_false(send_usual(&smtp, &error));
    g_assert_error(error, SCHED_POST_ERROR, SCHED_POST_ERROR_LATE);
    close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/smtp/letter", test_letter);
    g_test_add_func("/message/smtp/injection", test_injection);
    g_test_add_func("/message/smtp/no-letter", test_no_letter);
    g_test_add_func("/message/smtp/tls", test_tls);
    g_test_add_func("/message/smtp/no-tls-there", test_no_tls_there);
    g_test_add_func("/message/smtp/refused", test_refused);
    g_test_add_func("/message/smtp/silent", test_silent);
    return g_test_run();
}
