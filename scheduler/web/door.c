/*
 * door.c - the stations' door: who is let in, by the certificate they show.
 *
 * Flow: server.h greets with the header alone -> here -> the request, or 403; api.c asks again
 * in the request's own transaction. A stranger learns nothing of what there is here: not a
 * path, a method, a type or a limit.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/devices.h"
#include "scheduler/trust/certificate.h"

#include <string.h>

/* Somebody at the door, and what they ask for, if there is such a thing. */
typedef struct {
    SchedApi *api; /* (not owned) */
    ContentCall *call;
    const SchedRoute *route; /* (nullable) */
    char *before;            /* (owned) (nullable): serial that a forgotten one follows on */
} Visitor;

gboolean
sched_door_check(SchedTxn *txn, ContentCall *call, const SchedRoute *route, GError **error)
{
    gboolean takes_pending = route != NULL && route->takes_pending;
    const char *peer = content_call_peer(call);
    g_autoptr(SchedDeviceRow) device = NULL;
    g_autoptr(GError) problem = NULL;

    if (peer == NULL)
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN, "%s",
                               content_call_peer_fault(call));
    device = sched_store_device_get(txn, content_call_peer_serial(call), &problem);
    if (device == NULL &&
        !g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (device == NULL || device->revoked_us != 0 || strcmp(device->station, peer) != 0 ||
        (device->pending != 0 && !takes_pending))
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                               "client certificate: revoked, or not known here");
    return TRUE;
}

/* ---- one that we issued and forgot ---- */

/*
 * Restored from a backup we do not know the certificate that a station got since. It is of our
 * authority, and where it is of the same key as the one we know the station by, and not older,
 * the station has renewed it. One that was revoked is known, and stays so.
 *
 * Returns: (transfer full) (nullable): the row that should be there
 */
static SchedDeviceRow *
find_forgotten(SchedTxn *txn, ContentCall *call, char **out_before)
{
    g_autoptr(SchedDeviceRow) known =
        sched_store_device_get(txn, content_call_peer_serial(call), NULL);
    g_autoptr(SchedDeviceRow) device = NULL;
    gint64 from_us, until_us;

    if (known != NULL)
        return NULL;
    device = sched_store_device_live(txn, content_call_peer(call), NULL);
    if (device == NULL ||
        !sched_certificate_renews(device->certificate, content_call_peer_certificate(call),
                                  &from_us, &until_us))
        return NULL;
    *out_before = g_steal_pointer(&device->serial);
    g_free(device->certificate);
    device->serial = g_strdup(content_call_peer_serial(call));
    device->certificate = g_strdup(content_call_peer_certificate(call));
    device->enrolled_us = from_us;
    device->expires_us = until_us;
    return g_steal_pointer(&device);
}

static gboolean
look_at(SchedTxn *txn, gpointer data, GError **error)
{
    Visitor *visitor = data;
    g_autoptr(SchedDeviceRow) device = NULL;

    if (sched_door_check(txn, visitor->call, visitor->route, error))
        return TRUE;
    if (content_call_peer(visitor->call) != NULL)
        device = find_forgotten(txn, visitor->call, &visitor->before);
    return FALSE;
}

/* In the writer, where nobody comes in between: is it still so? */
static gboolean
adopt(SchedTxn *txn, gpointer data, GError **error)
{
    Visitor *visitor = data;
    g_autofree char *before = NULL;
    g_autoptr(SchedDeviceRow) device = find_forgotten(txn, visitor->call, &before);

    return (device == NULL || sched_store_device_adopt(txn, device, error)) &&
           sched_door_check(txn, visitor->call, visitor->route, error);
}

static void
on_adopted(GObject *source, GAsyncResult *result, gpointer data)
{
    Visitor *visitor = data;
    SchedApi *api = visitor->api;
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;

    if (sched_store_write_finish(api->options.store, result, NULL, &error)) {
        words = g_strdup_printf("certificate %s, renewed after what we were restored from, is "
                                "taken in; %s is void",
                                content_call_peer_serial(visitor->call), visitor->before);
        api->options.ports->devices_changed(api->options.ports_data,
                                            content_call_peer(visitor->call), words);
        content_call_proceed(visitor->call);
    } else {
        sched_api_refuse_call(api, visitor->call, error);
    }
    content_call_unref(visitor->call);
    api->n_open--;
    g_free(visitor->before);
    g_free(visitor);
}

/* @visitor: its `before` goes along */
static void
begin_adopting(const Visitor *visitor)
{
    SchedApi *api = visitor->api;
    g_autofree char *actor = g_strconcat("station:", content_call_peer(visitor->call), NULL);
    const SchedWrite write = {.actor = actor,
                              .at_us = content_clock_utc_us(api->options.clock)};
    gpointer waiting = g_memdup2(visitor, sizeof *visitor);

    api->n_open++;
    content_call_ref(visitor->call);
    sched_store_write_async(api->options.store, &write, adopt, waiting, NULL, on_adopted,
                            waiting);
}

/* Only who is to become a station has no certificate yet. */
void
sched_door_greet(ContentCall *call, gpointer data)
{
    SchedApi *self = data;
    Visitor visitor = {self, call, sched_api_station_route(call)};
    g_autoptr(GError) error = NULL;

    if ((visitor.route != NULL && visitor.route->roles == SCHED_ROLES_OPEN) ||
        sched_store_read(self->options.store, look_at, &visitor, &error))
        content_call_proceed(call);
    else if (visitor.before != NULL)
        begin_adopting(&visitor);
    else
        sched_api_refuse_call(self, call, error);
}
