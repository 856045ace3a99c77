/*
 * link-tests.c - relay tests on their way between technician and player.
 *
 * Flow: link.c hands packets over -> here -> the other one's connection. See link-internal.h
 */
#include <string.h>

#include "gateway/link/link-internal.h"

void
gate_link_test_free(gpointer data)
{
    GateTest *test = data;

    g_free(test->id);
    g_free(test);
}

static void
send_answer(GateConnection *to, const ContentTestAnswer *answer)
{
    g_autoptr(GBytes) bytes = content_document_write(&content_test_answer_type, answer, NULL);

    if (bytes != NULL)
        gate_link_send(to, bytes);
}

static void
refuse_test(GateConnection *asker, const char *id, const char *code)
{
    g_autoptr(ContentRemark) said = content_remark_new(code, NULL, NULL);
    const ContentTestAnswer answer = {
        .id = (char *) id,
        .is_over = TRUE,
        .relay = CONTENT_RELAY_UNKNOWN,
        .said = said,
    };

    send_answer(asker, &answer);
}

static GateTest *
find_test(GateLink *link, const char *id)
{
    for (guint i = 0; i < link->tests->len; i++) {
        GateTest *test = g_ptr_array_index(link->tests, i);

        if (strcmp(test->id, id) == 0)
            return test;
    }
    return NULL;
}

/* The newest connection of a player's account that is not a technician's. */
static GateConnection *
find_player(GateLink *link, const GateConnection *asker)
{
    for (guint i = link->connections->len; i > 0; i--) {
        GateConnection *connection = g_ptr_array_index(link->connections, i - 1);

        if (connection != asker && !connection->has_asked && connection->broken == NULL &&
            gate_peers_is_player(link->peers, connection->uid))
            return connection;
    }
    return NULL;
}

void
gate_link_take_ask(GateConnection *asker, ContentTestAsk *ask)
{
    GateLink *link = asker->link;
    GateConnection *player = find_player(link, asker);
    g_autoptr(GBytes) bytes = NULL;
    GateTest *test;

    asker->has_asked = TRUE;
    if (player == NULL) {
        refuse_test(asker, ask->id, "test_no_player");
        return;
    }
    if (link->tests->len == GATE_LINK_MAX_TESTS || find_test(link, ask->id) != NULL) {
        refuse_test(asker, ask->id, "test_other");
        return;
    }
    ask->uid = asker->uid;
    bytes = content_document_write(&content_test_ask_type, ask, NULL);
    if (bytes == NULL)
        return;
    test = g_new0(GateTest, 1);
    test->id = g_strdup(ask->id);
    test->asker = asker->owner;
    test->answerer = player->owner;
    g_ptr_array_add(link->tests, test);
    gate_link_send(player, bytes);
}

void
gate_link_take_answer(GateConnection *player, const ContentTestAnswer *answer)
{
    GateLink *link = player->link;
    GateTest *test = find_test(link, answer->id);
    GateConnection *asker;

    if (test == NULL || test->answerer != player->owner) {
        gate_link_break(player, "it answered a test that nobody asked it for");
        return;
    }
    asker = gate_link_find(link, test->asker);
    if (asker != NULL)
        send_answer(asker, answer);
    if (answer->is_over)
        g_ptr_array_remove(link->tests, test);
}

void
gate_link_end_tests_of(GateLink *link, guint owner)
{
    for (guint i = link->tests->len; i > 0; i--) {
        GateTest *test = g_ptr_array_index(link->tests, i - 1);
        GateConnection *asker = gate_link_find(link, test->asker);

        if (test->answerer != owner)
            continue;
        if (asker != NULL)
            refuse_test(asker, test->id, "test_player_left");
        g_ptr_array_remove_index(link->tests, i - 1);
    }
}
