/*
 * lease-holder.c - a player reduced to its leases, as a process that can be stopped and killed.
 *
 * loa-lease-holder SOCKET
 *
 * Flow: "hold ZONE …" on stdin -> wishes, renewed each second, "light LAMP SHOW" -> a lamp
 * order, said once -> states of the gateway on stdout: "zone ID held|- ready|- RELAY ASKED_US
 * READY_US FAULT" at each change, "fault WORDS" for boards, "inventory ZONE SWITCH_MS", "gone"
 * when the gateway closes. A test asked of it is accepted and answered from the states.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "content/heartbeat.h"
#include "content/lease.h"
#include "content/wording.h"

typedef struct {
    int fd;
    gint64 seq;
    char **zones;  /* held by command */
    char *test_id; /* of the test that runs, or NULL */
    char *test_zone;
    gint64 test_over_us; /* 0: the relay has not closed yet */
    gint64 test_ms;
    GHashTable *told; /* zone or fault -> line as last printed */
} Holder;

static void
send_document(Holder *holder, const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);

    g_assert_no_error(error);
    send(holder->fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), MSG_NOSIGNAL);
}

static void
add_zone(ContentLeaseWish *wish, const char *zone, ContentOrder order, const char *subject)
{
    ContentWishZone *wished = content_shape_new(&content_wish_zone_shape);

    wished->zone = g_strdup(zone);
    wished->order = (gint) order;
    wished->subject = g_strdup(subject);
    g_ptr_array_add(wish->zones, wished);
}

static void
send_wish(Holder *holder)
{
    g_autoptr(ContentLeaseWish) wish = content_document_new(&content_lease_wish_type);

    wish->seq = ++holder->seq;
    for (guint i = 0; holder->zones != NULL && holder->zones[i] != NULL; i++) {
        if (holder->zones[i][0] != '\0')
            add_zone(wish, holder->zones[i], CONTENT_ORDER_SEGMENT, "segment");
    }
    if (holder->test_id != NULL)
        add_zone(wish, holder->test_zone, CONTENT_ORDER_TEST, holder->test_id);
    send_document(holder, &content_lease_wish_type, wish);
}

/* @words: lamp and what it shows */
static void
light(Holder *holder, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", 2);
    ContentLamp lamp = {parts[0], content_word_index(content_lamp_show_words, parts[1])};
    g_autoptr(GPtrArray) lamps = g_ptr_array_new();
    const ContentLampOrder order = {lamps};

    g_ptr_array_add(lamps, &lamp);
    send_document(holder, &content_lamp_order_type, &order);
}

static void
answer_test(Holder *holder, gboolean is_over, gint relay, const char *code)
{
    g_autoptr(ContentRemark) said = content_remark_new(code, NULL, NULL);
    const ContentTestAnswer answer = {
        .id = holder->test_id,
        .accepted = TRUE,
        .is_over = is_over,
        .relay = relay,
        .said = said,
    };

    send_document(holder, &content_test_answer_type, &answer);
}

static void
follow_test(Holder *holder, const ContentLeaseZone *zone)
{
    if (holder->test_id == NULL || strcmp(zone->zone, holder->test_zone) != 0)
        return;
    if (holder->test_over_us == 0 && zone->ready) {
        holder->test_over_us = g_get_monotonic_time() + holder->test_ms * 1000;
        answer_test(holder, FALSE, zone->relay, "test_begins");
    } else if (holder->test_over_us == G_MAXINT64 && zone->relay == CONTENT_RELAY_OPEN) {
        answer_test(holder, TRUE, zone->relay, "test_good");
        g_clear_pointer(&holder->test_id, g_free);
        g_clear_pointer(&holder->test_zone, g_free);
    }
}

static void
print_changed(Holder *holder, const char *key, char *line)
{
    if (g_strcmp0(g_hash_table_lookup(holder->told, key), line) != 0) {
        puts(line);
        fflush(stdout);
    }
    g_hash_table_insert(holder->told, g_strdup(key), line);
}

static void
take_state(Holder *holder, const ContentLeaseState *state)
{
    g_autofree char *faults = NULL;

    for (guint i = 0; i < state->zones->len; i++) {
        const ContentLeaseZone *zone = g_ptr_array_index(state->zones, i);
        g_autofree char *fault =
            zone->fault == NULL ? g_strdup("-")
                                : content_wording_remark(zone->fault, CONTENT_READER_EN, NULL);

        print_changed(
            holder, zone->zone,
            g_strdup_printf("zone %s %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                            zone->zone, zone->held ? "held" : "-", zone->ready ? "ready" : "-",
                            content_relay_words[zone->relay], zone->asked_us,
                            zone->ready ? zone->ready_us : 0, fault));
        follow_test(holder, zone);
    }
    for (guint i = 0; i < state->inputs->len; i++) {
        const ContentLeaseInput *input = g_ptr_array_index(state->inputs, i);
        g_autofree char *key = g_strdup_printf("input %s", input->name);

        print_changed(holder, key,
                      g_strdup_printf("%s %s", key,
                                      !input->known   ? "unknown"
                                      : input->active ? "active"
                                                      : "-"));
    }
    faults = content_wording_remarks(state->faults, CONTENT_READER_EN, NULL);
    print_changed(holder, "faults", g_strdup_printf("faults %s", faults));
    print_changed(holder, "mains",
                  g_strdup_printf("mains %s", content_power_words[state->mains]));
}

static void
take_ask(Holder *holder, const ContentTestAsk *ask)
{
    printf("asked %s %" G_GINT64_FORMAT " ms by %" G_GINT64_FORMAT "\n", ask->zone,
           ask->duration_ms, ask->uid);
    fflush(stdout);
    holder->test_id = g_strdup(ask->id);
    holder->test_zone = g_strdup(ask->zone);
    holder->test_ms = ask->duration_ms;
    holder->test_over_us = 0;
    send_wish(holder);
}

static void
take_inventory(const ContentInventory *inventory)
{
    for (guint i = 0; i < inventory->zones->len; i++) {
        const ContentInventoryZone *zone = g_ptr_array_index(inventory->zones, i);

        printf("inventory %s %" G_GINT64_FORMAT "\n", zone->id, zone->switch_ms);
    }
    puts("connected");
    fflush(stdout);
}

static gboolean
take_packet(Holder *holder)
{
    g_autofree guint8 *bytes = g_malloc(CONTENT_LEASE_MAX_BYTES);
    g_autofree char *type = NULL;
    g_autoptr(GError) error = NULL;
    ssize_t n = recv(holder->fd, bytes, CONTENT_LEASE_MAX_BYTES, 0);
    gint64 v;

    if (n <= 0)
        return FALSE;
    content_document_peek_type(bytes, (gsize) n, &type, &v, &error);
    g_assert_no_error(error);
    if (strcmp(type, content_lease_state_type.type) == 0) {
        g_autoptr(ContentLeaseState) state =
            content_document_read(&content_lease_state_type, bytes, (gsize) n, &error);

        g_assert_no_error(error);
        take_state(holder, state);
    } else if (strcmp(type, content_test_ask_type.type) == 0) {
        g_autoptr(ContentTestAsk) ask =
            content_document_read(&content_test_ask_type, bytes, (gsize) n, &error);

        g_assert_no_error(error);
        take_ask(holder, ask);
    } else if (strcmp(type, content_inventory_type.type) == 0) {
        g_autoptr(ContentInventory) inventory =
            content_document_read(&content_inventory_type, bytes, (gsize) n, &error);

        g_assert_no_error(error);
        take_inventory(inventory);
    }
    return TRUE;
}

static gboolean
take_command(Holder *holder)
{
    char line[512];

    if (fgets(line, sizeof line, stdin) == NULL)
        return FALSE;
    g_strchomp(line);
    if (g_str_has_prefix(line, "hold")) {
        g_strfreev(holder->zones);
        holder->zones = g_strsplit(g_strchug(line + strlen("hold")), " ", -1);
        send_wish(holder);
    } else if (g_str_has_prefix(line, "light "))
        light(holder, line + strlen("light "));
    return strcmp(line, "quit") != 0;
}

static void
renew(Holder *holder, gint64 *next_us)
{
    gint64 now_us = g_get_monotonic_time();

    if (holder->test_over_us != 0 && holder->test_over_us != G_MAXINT64 &&
        now_us >= holder->test_over_us && holder->test_id != NULL) {
        g_autoptr(ContentLeaseWish) none = content_document_new(&content_lease_wish_type);

        holder->test_over_us = G_MAXINT64;
        none->seq = ++holder->seq;
        send_document(holder, &content_lease_wish_type, none);
        return;
    }
    if (now_us < *next_us || holder->test_over_us == G_MAXINT64 || holder->seq == 0)
        return;
    send_wish(holder);
    *next_us = now_us + CONTENT_LEASE_RENEW_US;
}

static void
run(Holder *holder)
{
    gint64 next_us = 0;

    for (;;) {
        struct pollfd fds[2] = {{holder->fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};

        if (poll(fds, 2, 50) < 0 && errno != EINTR)
            return;
        if (fds[0].revents != 0 && !take_packet(holder)) {
            puts("gone");
            fflush(stdout);
            return;
        }
        if (fds[1].revents != 0 && !take_command(holder))
            return;
        renew(holder, &next_us);
    }
}

int
main(int argc, char **argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    Holder holder = {.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setvbuf(stdin, NULL, _IONBF, 0);
    holder.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    g_strlcpy(address.sun_path, argc == 2 ? argv[1] : "", sizeof address.sun_path);
    if (connect(holder.fd, (struct sockaddr *) &address, sizeof address) < 0) {
        perror(address.sun_path);
        return 1;
    }
    run(&holder);
    g_strfreev(holder.zones);
    g_free(holder.test_id);
    g_free(holder.test_zone);
    g_hash_table_unref(holder.told);
    close(holder.fd);
    return 0;
}
