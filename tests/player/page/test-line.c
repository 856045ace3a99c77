/* test-line.c - the socket between page and player: who may be the player, and what is too
 * much. */
#include "player/page/line.h"
#include "player/page/post.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define NOBODY 65534

typedef struct {
    char *folder, *path;
    ContentClock *clock;
    PlayPageLine *line;
    int fd; /* a player of the test's own; -1: none */
    guint n_answered, n_unanswered, n_problems;
} Fixture;

static void
on_answer(GBytes *answer, gpointer data)
{
    Fixture *f = data;

    f->n_answered += answer != NULL;
    f->n_unanswered += answer == NULL;
}

static void
start(Fixture *f, gconstpointer data)
{
    g_autofree char *user = g_strdup_printf("%u", geteuid());
    g_autoptr(GError) error = NULL;

    f->folder = test_scratch_new();
    f->path = g_build_filename(f->folder, "player.sock", NULL);
    f->clock = content_clock_system_new();
    f->line = play_page_line_new(f->path, user, f->clock, &error);
    g_assert_no_error(error);
    f->fd = -1;
}

static void
stop(Fixture *f, gconstpointer data)
{
    play_page_line_free(f->line);
    if (f->fd >= 0)
        close(f->fd);
    content_clock_free(f->clock);
    test_scratch_free(f->folder);
    g_free(f->path);
}

static int
connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    if (connect(fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
ask(Fixture *f)
{
    const PlayPageAsk question = {.act = PLAY_PAGE_STATE};

    play_page_line_ask(f->line, &question, on_answer, f);
}

static void
test_nobody_there(Fixture *f, gconstpointer data)
{
    ask(f);
    g_assert_cmpuint(f->n_unanswered, ==, 1);
}

/* Answers come in the order of the questions; one too many is not asked. */
static void
test_many(Fixture *f, gconstpointer data)
{
    char question[1024];

    f->fd = connect_to(f->path);
    TEST_WAIT_UNTIL(play_page_line_is_up(f->line));
    for (guint i = 0; i <= PLAY_PAGE_LINE_MAX_WAITING; i++)
        ask(f);
    g_assert_cmpuint(f->n_unanswered, ==, 1);
    for (guint i = 0; i < PLAY_PAGE_LINE_MAX_WAITING; i++) {
        g_assert_cmpint(recv(f->fd, question, sizeof question, 0), >, 0);
        g_assert_cmpint(send(f->fd, "{}", 2, 0), ==, 2);
    }
    TEST_WAIT_UNTIL(f->n_answered == PLAY_PAGE_LINE_MAX_WAITING);
}

/* What nobody asked for is not said by a player of ours. */
static void
test_unasked(Fixture *f, gconstpointer data)
{
    f->fd = connect_to(f->path);
    TEST_WAIT_UNTIL(play_page_line_is_up(f->line));
    g_assert_cmpint(send(f->fd, "{}", 2, 0), ==, 2);
    TEST_WAIT_UNTIL(!play_page_line_is_up(f->line));
}

static void
test_too_long(Fixture *f, gconstpointer data)
{
    g_autofree char *answer = g_malloc0(PLAY_PAGE_ANSWER_MAX_BYTES + 1);

    f->fd = connect_to(f->path);
    TEST_WAIT_UNTIL(play_page_line_is_up(f->line));
    ask(f);
    g_assert_cmpint(send(f->fd, answer, PLAY_PAGE_ANSWER_MAX_BYTES + 1, 0), >, 0);
    TEST_WAIT_UNTIL(f->n_unanswered == 1);
    g_assert_false(play_page_line_is_up(f->line));
}

/* A restarted player comes before its own end is seen. */
static void
test_newest(Fixture *f, gconstpointer data)
{
    int second;
    char byte;

    f->fd = connect_to(f->path);
    TEST_WAIT_UNTIL(play_page_line_is_up(f->line));
    ask(f);
    second = connect_to(f->path);
    TEST_WAIT_UNTIL(f->n_unanswered == 1);
    g_assert_true(play_page_line_is_up(f->line));
    ask(f);
    g_assert_cmpint(recv(second, &byte, 1, 0), >, 0);
    close(second);
    TEST_WAIT_UNTIL(f->n_unanswered == 2);
}

/* Runs as another account; its exit status says whether it was hung up on. */
static int
be_stranger(const char *path)
{
    char byte;
    int fd;

    if (setresuid(NOBODY, NOBODY, NOBODY) != 0)
        return 2;
    fd = connect_to(path);
    return fd >= 0 && recv(fd, &byte, 1, 0) == 0 ? 0 : 1;
}

static void
on_ended(GPid pid, gint status, gpointer data)
{
    *(gint *) data = status;
}

static void
test_stranger(Fixture *f, gconstpointer data)
{
    gint status = -1;
    pid_t child;

    if (geteuid() != 0) {
        g_test_skip("only root can be somebody else");
        return;
    }
    g_assert_cmpint(chmod(f->folder, 0755), ==, 0);
    child = fork();
    if (child == 0)
        _exit(be_stranger(f->path));
    g_child_watch_add(child, on_ended, &status);
    TEST_WAIT_UNTIL(status != -1);
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_assert_false(play_page_line_is_up(f->line));
}

/* ---- the player's end ---- */

static GBytes *
on_ask(const PlayPageAsk *question, gpointer data, GError **error)
{
    ((Fixture *) data)->n_answered++;
    return g_bytes_new_static("{}", 2);
}

static void
on_problem(const char *words, gpointer data)
{
    g_test_message("%s", words);
    ((Fixture *) data)->n_problems++;
}

static const PlayPagePostEvents events = {on_ask, on_problem};

static int
listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    g_assert_cmpint(listen(fd, 4), ==, 0);
    return fd;
}

/* What a page says that is not ours: the player hangs up and says why, once. */
static void
test_hung_up_on(gconstpointer data)
{
    static const char question[] = "{\"act\":\"state\",\"type\":\"page-ask\",\"v\":1}";
    static const char unknown[] = "{\"act\":\"open\",\"type\":\"page-ask\",\"v\":1}";
    g_autofree char *too_long = g_strnfill(PLAY_PAGE_ASK_MAX_BYTES + 1, ' ');
    const struct {
        const char *why, *packet;
        guint n_times;
    } cases[] = {
        {"no document", "hello", 1},
        {"an act that is none", unknown, 1},
        {"more than a packet holds", too_long, 1},
        {"more than a page asks in a second", question, PLAY_PAGE_POST_MAX_PACKETS_PER_S + 1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture f = {.folder = test_scratch_new()};
        g_autofree char *path = g_build_filename(f.folder, "player.sock", NULL);
        int listener = listen_at(path), peer;
        ContentClock *clock = fake_clock_new(0);
        PlayPagePost *post = play_page_post_new(path, clock, &events, &f);

        g_test_message("%s", cases[i].why);
        fake_clock_advance(clock, 1);
        peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        for (guint n = 0; n < cases[i].n_times; n++) {
            g_assert_cmpint(send(peer, cases[i].packet, strlen(cases[i].packet), MSG_NOSIGNAL),
                            >, 0);
            TEST_WAIT_UNTIL(f.n_answered == n + 1 || f.n_problems == 1);
        }
        g_assert_cmpuint(f.n_problems, ==, 1);
        g_assert_cmpuint(f.n_answered, ==, cases[i].n_times - 1);
        play_page_post_free(post);
        content_clock_free(clock);
        close(peer);
        close(listener);
        test_scratch_free(f.folder);
    }
}

/* It comes back by itself to a page that was started later, or anew. */
static void
test_comes_back(gconstpointer data)
{
    Fixture f = {.folder = test_scratch_new()};
    g_autofree char *path = g_build_filename(f.folder, "player.sock", NULL);
    ContentClock *clock = fake_clock_new(0);
    PlayPagePost *post = play_page_post_new(path, clock, &events, &f);
    int listener, peer;

    fake_clock_advance(clock, 1);
    listener = listen_at(path);
    fake_clock_advance(clock, PLAY_PAGE_POST_RETRY_US);
    peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    close(peer);
    TEST_WAIT_UNTIL(fake_clock_n_pending(clock) == 1);
    fake_clock_advance(clock, PLAY_PAGE_POST_RETRY_US);
    peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    g_assert_cmpint(peer, >=, 0);
    g_assert_cmpuint(f.n_problems, ==, 0);
    play_page_post_free(post);
    content_clock_free(clock);
    close(peer);
    close(listener);
    test_scratch_free(f.folder);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/page/line/nobody-there", test_nobody_there},
        {"/page/line/many", test_many},
        {"/page/line/unasked", test_unasked},
        {"/page/line/too-long", test_too_long},
        {"/page/line/newest", test_newest},
        {"/page/line/stranger", test_stranger},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, start, tests[i].test, stop);
    g_test_add_data_func("/page/post/hung-up-on", NULL, test_hung_up_on);
    g_test_add_data_func("/page/post/comes-back", NULL, test_comes_back);
    return g_test_run();
}
