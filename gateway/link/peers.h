/*
 * peers.h - which accounts may speak to the gateway, and for what.
 *
 * Flow: configuration (names) -> here (numbers) -> link.h asks for each connection.
 * Thread: main; gate_peers_new() reads the account database.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#define GATE_PEERS_ERROR (gate_peers_error_quark())
GQuark gate_peers_error_quark(void);

typedef enum {
    GATE_PEERS_ERROR_UNKNOWN, /* no such account */
} GatePeersError;

typedef struct GatePeers GatePeers;

/**
 * gate_peers_new:
 * @players: names or numbers of accounts that may hold leases
 * @testers: names or numbers of accounts that may ask for a test
 */
GatePeers *gate_peers_new(const char *const *players, const char *const *testers,
                          GError **error);

/** gate_peers_free: @peers: (nullable) (transfer full) */
void gate_peers_free(GatePeers *peers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GatePeers, gate_peers_free)

/** gate_peers_is_player, _is_tester: @uid: as the kernel names the peer. Returns: whether it
 * may */
gboolean gate_peers_is_player(const GatePeers *peers, uid_t uid);
gboolean gate_peers_is_tester(const GatePeers *peers, uid_t uid);
