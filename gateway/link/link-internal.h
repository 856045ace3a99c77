/*
 * link-internal.h - what link.c (socket, connections, packets) and link-tests.c share.
 */
#pragma once

#include <sys/types.h>

#include "gateway/link/complaints.h"
#include "gateway/link/link.h"

typedef struct {
    GateLink *link; /* back pointer */
    guint owner;
    int fd;
    uid_t uid;
    guint source;
    gint64 seq;          /* of its last wish; 0: none */
    gboolean has_asked;  /* for a test: it is a technician's, not the player */
    gboolean owes_state; /* one could not be sent */
    gint64 second_us;    /* the second in which n_packets came */
    guint n_packets;
    char *broken; /* (owned) (nullable): why it is to be closed; "": it went by itself */
} GateConnection;

/* A test on its way: the answers go to who asked. */
typedef struct {
    char *id;    /* (owned) */
    guint asker; /* owner numbers; connections may be gone */
    guint answerer;
} GateTest;

struct GateLink {
    char *path; /* (owned) */
    const GatePeers *peers;
    ContentClock *clock; /* (not owned) */
    const GateLinkHandlers *handlers;
    gpointer user_data;
    int fd;
    guint source;
    GateComplaints *complaints; /* (owned) */
    guint last_owner;
    GPtrArray *connections; /* (owned) (element-type GateConnection): oldest first */
    GPtrArray *tests;       /* (owned) (element-type GateTest) */
    guint8 *buffer;         /* (owned): one packet */
    guint state_due;        /* source that will send the state; 0: none */
};

/** gate_link_break: @connection is closed by the next sweep; the first reason stays */
void gate_link_break(GateConnection *connection, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** gate_link_send: what must not get lost: a peer that does not read is no peer */
void gate_link_send(GateConnection *connection, GBytes *bytes);

/** gate_link_find: Returns: (transfer none) (nullable): the connection of @owner, not broken */
GateConnection *gate_link_find(GateLink *link, guint owner);

/* ---- link-tests.c ---- */

void gate_link_test_free(gpointer data);

/** gate_link_take_ask: @ask: of a technician, for the player; its uid is filled in */
void gate_link_take_ask(GateConnection *asker, ContentTestAsk *ask);

/** gate_link_take_answer: @answer: of the player, for whoever asked */
void gate_link_take_answer(GateConnection *player, const ContentTestAnswer *answer);

/** gate_link_end_tests_of: a player that goes away ends its tests; a technician that does is
 * missed by nobody */
void gate_link_end_tests_of(GateLink *link, guint owner);
