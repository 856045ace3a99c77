/* peers.c - see peers.h */
#include "gateway/link/peers.h"

#include <pwd.h>

struct GatePeers {
    GArray *players; /* (owned) (element-type uid_t) */
    GArray *testers; /* (owned) (element-type uid_t) */
};

G_DEFINE_QUARK(GatePeersError, gate_peers_error)

static gboolean
resolve(const char *const *names, const char *key, GArray *out, GError **error)
{
    for (gsize i = 0; names[i] != NULL; i++) {
        const struct passwd *account;
        guint64 number;
        uid_t uid;

        if (g_ascii_string_to_unsigned(names[i], 10, 0, (guint64) G_MAXUINT32 - 1, &number,
                                       NULL)) {
            uid = (uid_t) number;
        } else if ((account = getpwnam(names[i])) != NULL) {
            uid = account->pw_uid;
        } else {
            g_set_error(error, GATE_PEERS_ERROR, GATE_PEERS_ERROR_UNKNOWN,
                        "[gateway] %s: there is no account '%s'", key, names[i]);
            return FALSE;
        }
        g_array_append_val(out, uid);
    }
    return TRUE;
}

GatePeers *
gate_peers_new(const char *const *players, const char *const *testers, GError **error)
{
    g_autoptr(GatePeers) peers = g_new0(GatePeers, 1);

    peers->players = g_array_new(FALSE, FALSE, sizeof(uid_t));
    peers->testers = g_array_new(FALSE, FALSE, sizeof(uid_t));
    if (!resolve(players, "player-users", peers->players, error) ||
        !resolve(testers, "test-users", peers->testers, error))
        return NULL;
    return g_steal_pointer(&peers);
}

void
gate_peers_free(GatePeers *peers)
{
    if (peers == NULL)
        return;
    g_array_unref(peers->players);
    g_array_unref(peers->testers);
    g_free(peers);
}

static gboolean
contains(const GArray *uids, uid_t uid)
{
    for (guint i = 0; i < uids->len; i++) {
        if (g_array_index(uids, uid_t, i) == uid)
            return TRUE;
    }
    return FALSE;
}

gboolean
gate_peers_is_player(const GatePeers *peers, uid_t uid)
{
    return contains(peers->players, uid);
}

gboolean
gate_peers_is_tester(const GatePeers *peers, uid_t uid)
{
    return contains(peers->testers, uid);
}
