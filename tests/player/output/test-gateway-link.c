/* test-gateway-link.c - our end of the gateway's socket, against a peer that says what it
 * likes. */
#include "player/output/gateway-link.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"
#include "tests/support/plan-builder.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

typedef struct {
    char *folder, *path;
    int listener, peer;
    ContentClock *clock;
    PlayGatewayLink *link;
    EventTape *tape;
    guint n_told;
    gboolean is_alive;
} Fixture;

static void
on_inventory(const ContentInventory *inventory, const char *words, gpointer data)
{
    Fixture *f = data;

    f->n_told++;
    if (inventory == NULL)
        event_tape_add(f->tape, "gone");
    else
        event_tape_add(f->tape, "inventory of %u", inventory->zones->len);
}

static void
on_state(const ContentLeaseState *state, gint64 wish, gpointer data)
{
    Fixture *f = data;

    f->n_told++;
    event_tape_add(f->tape, "state answers wish %d", (int) wish);
}

static void
on_ask(const ContentTestAsk *ask, gpointer data)
{
    Fixture *f = data;

    f->n_told++;
    event_tape_add(f->tape, "ask %s %s", ask->id, ask->zone);
}

static gboolean
on_is_alive(const char *zone, gpointer data)
{
    return ((Fixture *) data)->is_alive || strcmp(zone, "cho") == 0;
}

static const PlayGatewayLinkEvents events = {on_inventory, on_state, on_ask, on_is_alive};

static void
listen_there(Fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
    f->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(f->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
    g_assert_cmpint(listen(f->listener, 4), ==, 0);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = test_scratch_new();
    f->path = g_build_filename(f->folder, "lease.sock", NULL);
    f->clock = fake_clock_new(FAKE_CLOCK_START_US);
    f->tape = event_tape_new();
    f->peer = -1;
    f->is_alive = TRUE;
    listen_there(f);
    f->link = play_gateway_link_new(f->path, f->clock, &events, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    play_gateway_link_free(f->link);
    g_assert_cmpuint(fake_clock_n_pending(f->clock), ==, 0);
    content_clock_free(f->clock);
    if (f->peer >= 0)
        close(f->peer);
    close(f->listener);
    event_tape_free(f->tape);
    g_free(f->path);
    test_scratch_free(f->folder);
}

/* The link tries when its alarm comes, and not before. */
static void
meet(Fixture *f)
{
    fake_clock_advance(f->clock, PLAY_GATEWAY_LONGEST_RETRY_US);
    f->peer = accept(f->listener, NULL, NULL);
    g_assert_cmpint(f->peer, >=, 0);
}

static void
say_bytes(Fixture *f, gconstpointer bytes, gsize n_bytes)
{
    guint before = f->n_told;

    g_assert_cmpint(send(f->peer, bytes, n_bytes, MSG_NOSIGNAL), ==, n_bytes);
    TEST_WAIT_UNTIL(f->n_told > before);
}

static void
say(Fixture *f, const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);

    g_assert_no_error(error);
    say_bytes(f, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
say_inventory(Fixture *f)
{
    g_autoptr(ContentStationSettings) settings =
        plan_builder_settings("Asia/Ho_Chi_Minh", "o1:cho o2:truong");
    g_autoptr(ContentInventory) inventory = plan_builder_inventory(settings, 500, 200);

    say(f, &content_inventory_type, inventory);
}

static void
say_state(Fixture *f, gint64 seq)
{
    g_autoptr(ContentLeaseState) state = content_document_new(&content_lease_state_type);

    state->seq = seq;
    say(f, &content_lease_state_type, state);
}

/* Returns: "SEQ zone zone" of the next wish that was said */
static char *
next_wish(Fixture *f)
{
    guint8 buffer[CONTENT_LEASE_MAX_BYTES];
    ssize_t n = recv(f->peer, buffer, sizeof buffer, MSG_DONTWAIT);
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentLeaseWish) wish = NULL;
    g_autoptr(GString) words = g_string_new(NULL);

    if (n <= 0)
        return g_strdup("nothing");
    wish = content_document_read(&content_lease_wish_type, buffer, (gsize) n, &error);
    g_assert_no_error(error);
    g_string_append_printf(words, "%d", (int) wish->seq);
    for (guint i = 0; i < wish->zones->len; i++)
        g_string_append_printf(words, " %s", ((ContentWishZone *) wish->zones->pdata[i])->zone);
    return g_strdup(words->str);
}

#define expect_wish(f, text)                                                                   \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autofree char *said_ = next_wish(f);                                                 \
        g_assert_cmpstr(said_, ==, text);                                                      \
    }                                                                                          \
    G_STMT_END

static void
free_wish_zone(gpointer zone)
{
    content_shape_free(&content_wish_zone_shape, zone);
}

static void
wish(Fixture *f, const char *zones, gint64 number)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_wish_zone);
    g_auto(GStrv) words = g_strsplit(zones, " ", -1);

    for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++) {
        ContentWishZone *zone = content_shape_new(&content_wish_zone_shape);

        zone->zone = g_strdup(words[i]);
        zone->subject = g_strdup("segment");
        g_ptr_array_add(list, zone);
    }
    play_gateway_link_wish(f->link, list, number);
}

static void
test_wishes(Fixture *f, gconstpointer data)
{
    /* Before there is anybody: kept, and said when there is. */
    wish(f, "cho", 1);
    meet(f);
    expect_wish(f, "nothing");
    say_inventory(f);
    event_tape_expect(f->tape, "inventory of 2");
    expect_wish(f, "1 cho");
    wish(f, "cho truong", 2);
    expect_wish(f, "2 cho truong");
    /* Renewed each second, all of it, while sound advances everywhere. */
    fake_clock_advance(f->clock, CONTENT_LEASE_RENEW_US - 1);
    expect_wish(f, "nothing");
    fake_clock_advance(f->clock, 1);
    expect_wish(f, "3 cho truong");
    /* What does not sound any more is left out, and so is let go. */
    f->is_alive = FALSE;
    fake_clock_advance(f->clock, CONTENT_LEASE_RENEW_US);
    expect_wish(f, "4 cho");
    /* Nothing is wanted: said once, not renewed. */
    wish(f, "", 3);
    expect_wish(f, "5");
    fake_clock_advance(f->clock, 10 * CONTENT_LEASE_RENEW_US);
    expect_wish(f, "nothing");
}

/* A state answers the packets up to its number; which wish that was is known here alone. */
static void
test_answers(Fixture *f, gconstpointer data)
{
    meet(f);
    say_inventory(f);
    event_tape_expect(f->tape, "inventory of 2");
    expect_wish(f, "1");
    say_state(f, 0);
    event_tape_expect(f->tape, "state answers wish 0");
    wish(f, "cho", 7);
    fake_clock_advance(f->clock, CONTENT_LEASE_RENEW_US);
    wish(f, "truong", 8);
    say_state(f, 1);
    event_tape_expect(f->tape, "state answers wish 0");
    say_state(f, 2);
    event_tape_expect(f->tape, "state answers wish 7");
    say_state(f, 3);
    event_tape_expect(f->tape, "state answers wish 7");
    say_state(f, 4);
    event_tape_expect(f->tape, "state answers wish 8");
}

static void
test_lost_and_found(Fixture *f, gconstpointer data)
{
    meet(f);
    say_inventory(f);
    event_tape_expect(f->tape, "inventory of 2");
    wish(f, "cho", 1);
    close(f->peer);
    TEST_WAIT_UNTIL(f->n_told == 2);
    event_tape_expect(f->tape, "gone");
    g_assert_null(play_gateway_link_inventory(f->link));
    meet(f);
    say_inventory(f);
    event_tape_expect(f->tape, "inventory of 2");
    /* A new connection counts from one again, and knows the wish at once. */
    expect_wish(f, "1 cho");
    say_state(f, 1);
    event_tape_expect(f->tape, "state answers wish 1");
}

static void
test_ask(Fixture *f, gconstpointer data)
{
    ContentTestAsk ask = {(char *) "t1", (char *) "cho", 3000, 0};
    g_autoptr(ContentRemark) said = content_remark_new("test_no_window", NULL, NULL);
    ContentTestAnswer answer = {(char *) "t1", FALSE, TRUE, CONTENT_RELAY_UNKNOWN, said};
    guint8 buffer[CONTENT_LEASE_MAX_BYTES];
    g_autoptr(ContentTestAnswer) told = NULL;
    ssize_t n;

    meet(f);
    say_inventory(f);
    event_tape_expect(f->tape, "inventory of 2");
    expect_wish(f, "1");
    say(f, &content_test_ask_type, &ask);
    event_tape_expect(f->tape, "ask t1 cho");
    play_gateway_link_answer(f->link, &answer);
    n = recv(f->peer, buffer, sizeof buffer, 0);
    told = content_document_read(&content_test_answer_type, buffer, (gsize) n, NULL);
    g_assert_nonnull(told);
    g_assert_cmpstr(told->said->code, ==, said->code);
}

/* Whatever is not a document of a gateway ends the connection, and it is tried anew. */
static void
test_nonsense(Fixture *f, gconstpointer data)
{
    static const char *const nonsense[] = {
        "",
        "\xff\xfe",
        "{\"type\":\"manifest\",\"v\":1}",
        "{\"type\":\"lease_state\",\"v\":1}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++) {
        g_test_message("case %u", (guint) i);
        meet(f);
        say_bytes(f, nonsense[i], strlen(nonsense[i]));
        event_tape_expect(f->tape, "gone");
        close(f->peer);
        f->peer = -1;
    }
}

static void
test_too_large(Fixture *f, gconstpointer data)
{
    g_autofree char *packet = g_malloc(CONTENT_LEASE_MAX_BYTES + 1);

    memset(packet, ' ', CONTENT_LEASE_MAX_BYTES + 1);
    meet(f);
    say_bytes(f, packet, CONTENT_LEASE_MAX_BYTES + 1);
    event_tape_expect(f->tape, "gone");
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
    } tests[] = {
        { "wishes",         test_wishes         },
        { "answers",        test_answers        },
        { "lost-and-found", test_lost_and_found },
        { "ask",            test_ask            },
        { "nonsense",       test_nonsense       },
        { "too-large",      test_too_large      },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path =
            g_strconcat("/player/output/gateway-link/", tests[i].path, NULL);

        g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
    return g_test_run();
}
