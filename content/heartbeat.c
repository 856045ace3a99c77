/*
 * heartbeat.c - the tables of what a station says of itself. See heartbeat.h. Pure.
 */
#include "content/heartbeat.h"

#include "content/document-rows.h"
#include "content/plan.h"

#define HEARTBEAT_MAX_BYTES (128 * 1024)
#define INVENTORY_MAX_BYTES (32 * 1024)
#define HELLO_MAX_BYTES     (64 * 1024)
#define REPORT_MAX_BYTES    (16 * 1024)
#define MAX_OUTPUTS         16
#define MAX_ZONES           64
#define MAX_FLOORS          64
#define MAX_TYPES           64
#define MAX_BUTTONS         16
#define MAX_V               1000
#define TEMPERATURE_MIN_MC  (-100000)
#define TEMPERATURE_MAX_MC  200000
#define SWITCH_MAX_MS       60000
#define MAX_ON_S            86400
#define ABSENT_TEMPERATURE  G_MININT64

/* clang-format off */
const char *const content_power_words[] = { "unknown", "on", "off", NULL };
const char *const content_day_state_words[] = { "pending", "applied", NULL };

static const ContentMember content_sounding_shape_members[] = {
    ROW_OPTIONAL_WORD(ContentSounding, alert, ID, "Alert that it is part of."),
    ROW_OPTIONAL_WORD(ContentSounding, language, LANGUAGE, "Language."),
    ROW_INT(ContentSounding, level_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, "1/1000 dBFS", "RMS of the last second handed to the sound card."),
    ROW_WORD(ContentSounding, output, ID, "Output."),
    ROW_INT(ContentSounding, position_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, "µs", "In the audio."),
    ROW_WORD(ContentSounding, segment, SEGMENT, "Segment id."),
    ROW_TEXT(ContentSounding, title, 1, ROW_TITLE_MAX_BYTES, "Title."),
    ROW_WORDS(ContentSounding, zones, CONTENT_PLAN_MAX_SEGMENT_ZONES, ID, "Zones that hear it."),
    ROW_END,
};

static const ContentMember content_zone_state_shape_members[] = {
    ROW_OPTIONAL_UTC(ContentZoneState, read_us, "When it was read; absent: never."),
    ROW_ENUM(ContentZoneState, relay, content_relay_words, "As last read."),
    ROW_WORD(ContentZoneState, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_fault_shape_members[] = {
    ROW_REMARK_ARGUMENTS(ContentFault, what.arguments),
    ROW_REMARK_CODE(ContentFault, what.code),
    ROW_UTC(ContentFault, since_us, "Since when."),
    ROW_REMARK_SUBJECT(ContentFault, what.subject),
    ROW_REMARK_WORDS(ContentFault, what.words),
    ROW_END,
};

static const ContentMember content_heartbeat_members[] = {
    ROW_COUNT(ContentHeartbeat, acked_seq, "", "Newest record that the district acknowledged."),
    ROW_UTC(ContentHeartbeat, at_us, "By the station's clock."),
    ROW_OPTIONAL_STRUCT(ContentHeartbeat, audit, content_audit_head_shape, "As in the manifest in force."),
    ROW_OPTIONAL_ENUM(ContentHeartbeat, battery, content_power_words, "`on`: the station runs on it; absent: `unknown`."),
    ROW_HEX(ContentHeartbeat, boot, 32, "Kernel's boot id without hyphens."),
    ROW_INT(ContentHeartbeat, days_ready, 0, CONTENT_DAYS_AHEAD, "days", "Whole days ahead, today included, that need no network."),
    ROW_OPTIONAL_UTC(ContentHeartbeat, down_from_us, "Since when the player had last not been running; absent: unknown."),
    ROW_OPTIONAL_ENUM(ContentHeartbeat, down_reason, content_reason_words, "Why: `no_power`, `player_stopped` or `unknown`."),
    ROW_OPTIONAL_UTC(ContentHeartbeat, down_to_us, "Until when; absent: unknown."),
    ROW_STRUCTS(ContentHeartbeat, faults, CONTENT_HEARTBEAT_MAX_FAULTS, content_fault_shape, "What is wrong now."),
    ROW_COUNT(ContentHeartbeat, free_bytes, "bytes", "On the file system of the cache."),
    ROW_OPTIONAL_TEXT(ContentHeartbeat, gateway_version, 1, ROW_VERSION_MAX_BYTES, "Absent: no gateway answers."),
    ROW_WORD(ContentHeartbeat, journal, ID, "Journal."),
    ROW_COUNT(ContentHeartbeat, journal_seq, "", "Newest record."),
    ROW_OPTIONAL_ENUM(ContentHeartbeat, mains, content_power_words, "Mains input; absent: `unknown`."),
    ROW_INT(ContentHeartbeat, manifest_version, 0, CONTENT_VERSION_MAX, "", "In force; 0: none."),
    ROW_COUNT(ContentHeartbeat, missing_bytes, "bytes", "Of audio still on the way."),
    ROW_COUNT(ContentHeartbeat, missing_objects, "", "Audio files still on the way."),
    ROW_TEXT(ContentHeartbeat, player_version, 1, ROW_VERSION_MAX_BYTES, "Of the player program."),
    ROW_STRUCTS(ContentHeartbeat, sounding, MAX_OUTPUTS, content_sounding_shape, "What sounds now."),
    ROW_WORD(ContentHeartbeat, station, ID, "Who says it."),
    ROW_OPTIONAL_INT(ContentHeartbeat, temperature_mc, TEMPERATURE_MIN_MC, TEMPERATURE_MAX_MC, ABSENT_TEMPERATURE, "1/1000 °C", "Of the processor."),
    ROW_COUNT(ContentHeartbeat, total_bytes, "bytes", "Size of the file system of the cache."),
    ROW_ENUM(ContentHeartbeat, trust, content_trust_words, "How far at_us is to be believed."),
    ROW_COUNT(ContentHeartbeat, uptime_s, "s", "Of the machine."),
    ROW_STRUCTS(ContentHeartbeat, zones, MAX_ZONES, content_zone_state_shape, "Relay states."),
    ROW_END,
};

static const ContentMember content_inventory_zone_shape_members[] = {
    ROW_BOOL(ContentInventoryZone, has_sense, "An input proves sound at the line."),
    ROW_WORD(ContentInventoryZone, id, ID, "Zone."),
    ROW_INT(ContentInventoryZone, max_on_s, 1, MAX_ON_S, "s", "Relays open after this, whatever happens."),
    ROW_WORD(ContentInventoryZone, output, ID, "Output that feeds it."),
    ROW_INT(ContentInventoryZone, switch_ms, 0, SWITCH_MAX_MS, "ms", "From asked to confirmed with a warm amplifier."),
    ROW_INT(ContentInventoryZone, tail_ms, 0, SWITCH_MAX_MS, "ms", "Relays stay closed so long after the sound."),
    ROW_INT(ContentInventoryZone, warm_up_ms, 0, SWITCH_MAX_MS, "ms", "Of the amplifier."),
    ROW_END,
};

static const ContentMember content_inventory_members[] = {
    ROW_OPTIONAL_WORDS(ContentInventory, buttons, MAX_BUTTONS, ID, "Inputs that people press; absent: none."),
    ROW_OPTIONAL_WORDS(ContentInventory, lamps, MAX_BUTTONS, ID, "Lamps beside them; absent: none."),
    ROW_TEXT(ContentInventory, version, 1, ROW_VERSION_MAX_BYTES, "Of the gateway program."),
    ROW_STRUCTS(ContentInventory, zones, MAX_ZONES, content_inventory_zone_shape, "By id."),
    ROW_END,
};

static const ContentMember content_floor_shape_members[] = {
    ROW_WORD(ContentFloor, key, KEY_ID, "Key."),
    ROW_INT(ContentFloor, version, 0, CONTENT_VERSION_MAX, "", "Highest accepted under it."),
    ROW_END,
};

static const ContentMember content_reads_shape_members[] = {
    ROW_WORD(ContentReads, type, ID, "Document type."),
    ROW_INT(ContentReads, v, 0, MAX_V, "", "The `v` it reads."),
    ROW_END,
};

static const ContentMember content_hello_members[] = {
    ROW_COUNT(ContentHello, acked_seq, "", "Newest record that the district acknowledged."),
    ROW_UTC(ContentHello, at_us, "By the station's clock."),
    ROW_HEX(ContentHello, boot, 32, "Kernel's boot id without hyphens."),
    ROW_STRUCTS(ContentHello, floors, MAX_FLOORS, content_floor_shape, "Version floors."),
    ROW_OPTIONAL_TEXT(ContentHello, inventory, 1, INVENTORY_MAX_BYTES, "Exact bytes of the inventory; absent: no gateway."),
    ROW_WORD(ContentHello, journal, ID, "Journal."),
    ROW_COUNT(ContentHello, journal_seq, "", "Newest record."),
    ROW_INT(ContentHello, manifest_version, 0, CONTENT_VERSION_MAX, "", "In force; 0: none."),
    ROW_TEXT(ContentHello, player_version, 1, ROW_VERSION_MAX_BYTES, "Of the player program."),
    ROW_STRUCTS(ContentHello, reads, MAX_TYPES, content_reads_shape, "Which `v` it reads of each type."),
    ROW_WORD(ContentHello, station, ID, "Who says it."),
    ROW_END,
};

static const ContentMember content_report_day_shape_members[] = {
    ROW_WORD(ContentReportDay, date, DATE, "Local date."),
    ROW_WORD(ContentReportDay, hash, HASH, "Hash of the day plan."),
    ROW_COUNT(ContentReportDay, missing_bytes, "bytes", "Of its audio still on the way."),
    ROW_COUNT(ContentReportDay, missing_objects, "", "Its audio files still on the way."),
    ROW_ENUM(ContentReportDay, state, content_day_state_words, "Whether it is in force."),
    ROW_END,
};

static const ContentMember content_report_members[] = {
    ROW_BOOL(ContentReport, accepted, "Whether the manifest is in force."),
    ROW_STRUCTS(ContentReport, days, CONTENT_MANIFEST_DAYS, content_report_day_shape, "By date."),
    ROW_INT(ContentReport, manifest_version, 0, CONTENT_VERSION_MAX, "", "Which manifest."),
    ROW_OPTIONAL_STRUCT(ContentReport, refusal, content_remark_shape, "Why it was not accepted."),
    ROW_WORD(ContentReport, station, ID, "Who says it."),
    ROW_END,
};
/* clang-format on */

static const char *
check_fault(gconstpointer element)
{
    return content_remark_check(&((const ContentFault *) element)->what);
}

static const char *
check_report(gconstpointer element)
{
    const ContentReport *report = element;

    if (report->accepted == (report->refusal != NULL))
        return "a refusal stands there if and only if the manifest was not accepted";
    return NULL;
}

ROWS_DEFINE_SHAPE(content_sounding_shape, ContentSounding, "sounding", NULL)
ROWS_DEFINE_SHAPE(content_zone_state_shape, ContentZoneState, "zone state", NULL)
ROWS_DEFINE_SHAPE(content_fault_shape, ContentFault, "fault", check_fault)
ROWS_DEFINE_DOCUMENT(content_heartbeat, ContentHeartbeat, "heartbeat", HEARTBEAT_MAX_BYTES,
                     NULL)
ROWS_DEFINE_SHAPE(content_inventory_zone_shape, ContentInventoryZone, "inventory zone", NULL)
ROWS_DEFINE_DOCUMENT(content_inventory, ContentInventory, "inventory", INVENTORY_MAX_BYTES,
                     NULL)
ROWS_DEFINE_SHAPE(content_floor_shape, ContentFloor, "floor", NULL)
ROWS_DEFINE_SHAPE(content_reads_shape, ContentReads, "reads", NULL)
ROWS_DEFINE_DOCUMENT(content_hello, ContentHello, "hello", HELLO_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(content_report_day_shape, ContentReportDay, "report day", NULL)
ROWS_DEFINE_DOCUMENT(content_report, ContentReport, "report", REPORT_MAX_BYTES, check_report)
