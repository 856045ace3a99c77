/*
 * bench-district.c - fills a fresh district with stations, sound and players' identities.
 *
 *   bench-district --state FOLDER --players FOLDER --device URL --broker URI …
 *
 * Run once between `loa-scheduler init` and `loa-scheduler run`, as the same account. Stations
 * are enrolled by the district's own authority, without a technician; slots beyond --slots wait
 * for the approver's click.
 */
#include "content/object-store.h"
#include "tests/bench/sim-fleet.h"

/* How long the tones sound that the tests make (tests/support/meson.build). */
#define PHRASE_US (8 * G_USEC_PER_SEC)

typedef struct {
    char *state, *players, *device, *broker, *password, *phrase;
    gint stations, zones, slots, items, waiting;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->state);
    g_free(options->players);
    g_free(options->device);
    g_free(options->broker);
    g_free(options->password);
    g_free(options->phrase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *options, int argc, char **argv, GError **error)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, "of the scheduler", "FOLDER" },
        { "players", 0, 0, G_OPTION_ARG_FILENAME, &options->players, "gets a folder a station", "FOLDER" },
        { "device", 0, 0, G_OPTION_ARG_STRING, &options->device, "where stations find documents", "URL" },
        { "broker", 0, 0, G_OPTION_ARG_STRING, &options->broker, "where stations connect", "URI" },
        { "password", 0, 0, G_OPTION_ARG_STRING, &options->password, "of editor, reviewer and approver", "TEXT" },
        { "phrase", 0, 0, G_OPTION_ARG_FILENAME, &options->phrase, "what an alert says, in Ogg/Opus", "FILE" },
        { "stations", 0, 0, G_OPTION_ARG_INT, &options->stations, "how many", "N" },
        { "zones", 0, 0, G_OPTION_ARG_INT, &options->zones, "of a station", "N" },
        { "slots", 0, 0, G_OPTION_ARG_INT, &options->slots, "approved, on every station", "N" },
        { "items", 0, 0, G_OPTION_ARG_INT, &options->items, "of each slot", "N" },
        { "waiting", 0, 0, G_OPTION_ARG_INT, &options->waiting, "slots that wait for approval", "N" },
        G_OPTION_ENTRY_NULL,
    };
    /* clang-format on */
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    if (options->state != NULL && options->players != NULL && options->device != NULL &&
        options->broker != NULL && options->stations > 0)
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--state, --players, --device, --broker and --stations are needed");
    return FALSE;
}

static gboolean
enrol(SchedStore *store, const SimFleet *fleet, SchedKeys *keys, const Options *options,
      GError **error)
{
    g_autofree char *folder = g_build_filename(options->state, "authority", NULL);
    g_autoptr(SchedAuthority) authority = sched_authority_open(folder, error);
    GBytes *envelope = sched_keys_envelope(keys);
    g_autofree char *text =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    SimDistrict district = {.root_key = sched_keys_root(keys),
                            .keys = text,
                            .device_url = options->device,
                            .broker = options->broker};

    if (authority == NULL)
        return FALSE;
    district.authority = sched_authority_certificate(authority);
    return sim_fleet_enrol(store, fleet, authority, &district, options->players, error);
}

/* Puts a copy of @path where the district keeps its audio. (transfer full) (nullable) */
static SchedObjectRow *
keep_phrase(const Options *options, GError **error)
{
    g_autofree char *folder = g_build_filename(options->state, "objects", NULL);
    g_autofree char *copy = g_build_filename(options->state, "phrase.opus", NULL);
    g_autoptr(ContentObjectStore) objects = content_object_store_open(folder, error);
    g_autoptr(SchedObjectRow) row = g_new0(SchedObjectRow, 1);
    g_autofree char *bytes = NULL;
    gsize n_bytes;

    if (objects == NULL || !g_file_get_contents(options->phrase, &bytes, &n_bytes, error) ||
        !g_file_set_contents(copy, bytes, (gssize) n_bytes, error))
        return NULL;
    row->hash = content_object_store_put_file(objects, copy, NULL, error);
    row->size_bytes = (gint64) n_bytes;
    row->duration_us = PHRASE_US;
    return row->hash == NULL ? NULL : g_steal_pointer(&row);
}

static gboolean
fill(const Options *options, GError **error)
{
    g_autofree char *database = g_build_filename(options->state, "district.db", NULL);
    g_autofree char *folder = g_build_filename(options->state, "keys", NULL);
    g_autoptr(SchedStore) store = sched_store_open(database, NULL, error);
    g_autoptr(SchedKeys) keys = store == NULL ? NULL : sched_keys_open(folder, error);
    g_autoptr(SchedObjectRow) phrase = NULL;
    SimFleet fleet = {.n_stations = (guint) options->stations,
                      .n_zones = (guint) options->zones,
                      .n_slots = (guint) options->slots,
                      .n_items = (guint) options->items,
                      .now_us = g_get_real_time(),
                      .password = options->password};

    if (keys == NULL)
        return FALSE;
    fleet.keys = keys;
    if (options->phrase != NULL && (phrase = keep_phrase(options, error)) == NULL)
        return FALSE;
    fleet.phrase = phrase;
    if (!sim_fleet_fill(store, &fleet, error))
        return FALSE;
    for (gint i = 0; i < options->waiting; i++) {
        if (!sim_fleet_add_slot(store, &fleet, fleet.n_slots + (guint) i, FALSE, error))
            return FALSE;
    }
    return enrol(store, &fleet, keys, options, error);
}

int
main(int argc, char **argv)
{
    g_auto(Options) options = {.zones = 3, .slots = 4, .items = 5};
    g_autoptr(GError) error = NULL;

    if (!read_options(&options, argc, argv, &error) || !fill(&options, &error)) {
        g_printerr("bench-district: %s\n", error->message);
        return 1;
    }
    return 0;
}
