/* sim-words.c - see sim-words.h */
#include "tests/bench/sim-words.h"

#include "player/intake/refusal.h"

#include "content/claim.h"
#include "content/registry.h"
#include "content/template.h"

#define SPACE_BYTES (G_GINT64_CONSTANT(16) * 1024 * 1024 * 1024)
/* What a gateway with one Modbus board says of a zone. */
#define SWITCH_MS  350
#define WARM_UP_MS 1500
#define TAIL_MS    500
#define MAX_ON_S   14400

GBytes *
sim_words_write(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = content_document_write(type, document, &error);

    if (bytes == NULL)
        g_error("%s: %s", type->type, error->message);
    return bytes;
}

gint64
sim_words_version(const SimFacts *facts)
{
    const ContentManifest *manifest = sim_holdings_manifest(facts->holdings);

    return manifest == NULL ? 0 : manifest->version;
}

static void
add_zone_states(const SimFacts *facts, ContentHeartbeat *heartbeat)
{
    const ContentStationSettings *settings = sim_holdings_settings(facts->holdings);

    for (guint i = 0; settings != NULL && i < settings->zones->len; i++) {
        const ContentSettingsZone *from = g_ptr_array_index(settings->zones, i);
        ContentZoneState *zone = content_shape_new(&content_zone_state_shape);

        zone->zone = g_strdup(from->id);
        zone->relay = CONTENT_RELAY_OPEN;
        zone->read_us = heartbeat->at_us;
        g_ptr_array_add(heartbeat->zones, zone);
    }
}

GBytes *
sim_words_heartbeat(const SimFacts *facts)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);

    heartbeat->station = g_strdup(facts->identity->station);
    heartbeat->boot = g_strdup(facts->boot);
    heartbeat->at_us = g_get_real_time();
    heartbeat->uptime_s = g_get_monotonic_time() / G_USEC_PER_SEC;
    heartbeat->trust = CONTENT_TRUST_SYNCED;
    heartbeat->manifest_version = sim_words_version(facts);
    heartbeat->days_ready = sim_holdings_is_applied(facts->holdings) ? CONTENT_DAYS_AHEAD : 0;
    heartbeat->free_bytes = SPACE_BYTES / 2;
    heartbeat->total_bytes = SPACE_BYTES;
    heartbeat->journal = g_strdup(sim_journal_id(facts->journal));
    heartbeat->journal_seq = sim_journal_seq(facts->journal);
    heartbeat->acked_seq = sim_journal_acked(facts->journal);
    heartbeat->player_version = g_strdup(LOA_VERSION);
    if (facts->inventory != NULL)
        heartbeat->gateway_version = g_strdup(LOA_VERSION);
    add_zone_states(facts, heartbeat);
    return sim_words_write(&content_heartbeat_type, heartbeat);
}

static void
add_reads(const SimFacts *facts, ContentHello *hello)
{
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    for (gsize i = 0; i < n_types; i++) {
        ContentReads *reads;

        if (types[i] == &content_templates_type && !facts->reads_templates)
            continue;
        reads = content_shape_new(&content_reads_shape);
        reads->type = g_strdup(types[i]->type);
        reads->v = types[i]->v;
        g_ptr_array_add(hello->reads, reads);
    }
}

GBytes *
sim_words_hello(const SimFacts *facts)
{
    g_autoptr(ContentHello) hello = content_document_new(&content_hello_type);
    g_autofree char *comment =
        content_claim_comment(content_hello_type.type, facts->identity->station, 0);
    g_autofree char *signature = NULL;
    g_autoptr(GBytes) bytes = NULL;

    hello->station = g_strdup(facts->identity->station);
    hello->boot = g_strdup(facts->boot);
    hello->at_us = g_get_real_time();
    hello->manifest_version = sim_words_version(facts);
    hello->journal = g_strdup(sim_journal_id(facts->journal));
    hello->journal_seq = sim_journal_seq(facts->journal);
    hello->acked_seq = sim_journal_acked(facts->journal);
    g_ptr_array_extend_and_steal(hello->floors, sim_holdings_floors(facts->holdings));
    add_reads(facts, hello);
    hello->inventory = g_strdup(facts->inventory);
    hello->player_version = g_strdup(LOA_VERSION);
    bytes = sim_words_write(&content_hello_type, hello);
    signature = content_seal_sign(facts->identity->seal, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), comment);
    return content_seal_wrap(signature, bytes);
}

GBytes *
sim_words_report(const SimFacts *facts)
{
    g_autoptr(ContentReport) report = sim_holdings_report(facts->holdings);

    return sim_words_write(&content_report_type, report);
}

GBytes *
sim_words_refusal(const SimFacts *facts, const GError *error)
{
    g_autoptr(ContentReport) report = content_document_new(&content_report_type);

    report->station = g_strdup(facts->identity->station);
    report->manifest_version = sim_words_version(facts);
    report->refusal = play_refusal_of("manifest", error);
    return sim_words_write(&content_report_type, report);
}

char *
sim_words_inventory(const ContentStationSettings *settings)
{
    g_autoptr(ContentInventory) inventory = content_document_new(&content_inventory_type);
    g_autoptr(GBytes) bytes = NULL;

    inventory->version = g_strdup(LOA_VERSION);
    for (guint i = 0; i < settings->zones->len; i++) {
        const ContentSettingsZone *from = g_ptr_array_index(settings->zones, i);
        ContentInventoryZone *zone = content_shape_new(&content_inventory_zone_shape);

        zone->id = g_strdup(from->id);
        zone->output = g_strdup(from->output);
        zone->switch_ms = SWITCH_MS;
        zone->warm_up_ms = WARM_UP_MS;
        zone->tail_ms = TAIL_MS;
        zone->max_on_s = MAX_ON_S;
        g_ptr_array_add(inventory->zones, zone);
    }
    bytes = sim_words_write(&content_inventory_type, inventory);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}
