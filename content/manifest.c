/*
 * manifest.c - the tables of the manifest and of what it names: settings, keys, approvals.
 *
 * See manifest.h. Pure.
 */
#include "content/manifest.h"

#include "content/document-rows.h"
#include "content/source-address.h"

#define MAX_WINDOWS        64 /* of one zone */
#define MAX_ZONES          64
#define MAX_VOLUMES        512 /* eight spans a day for every zone */
#define MAX_ZONE_AREAS     13  /* the village and the twelve levels above it */
#define MAX_ZONE_LANGUAGES 16
#define MAX_KEYS           64
#define MAX_KEY_AREAS      64
#define MAX_APPROVAL_AREAS 200
#define SETTINGS_MAX_BYTES (512 * 1024)
#define KEYS_MAX_BYTES     (64 * 1024)
#define APPROVAL_MAX_BYTES (32 * 1024)
#define HEARTBEAT_MAX_S    3600
#define FETCH_MAX_KBIT_S   1000000
#define ALL_WEEKDAYS       127

/* clang-format off */
const char *const content_role_words[] = { "manifest", "time", "approval", "alert", NULL };
const char *const content_algorithm_words[] = { "ed25519", NULL };
const char *const content_approved_words[] = {
    "version", "signal", "source", "template", "grant", NULL,
};

static const ContentMember content_audit_head_shape_members[] = {
    ROW_WORD(ContentAuditHead, chain, ID, "Audit chain."),
    ROW_WORD(ContentAuditHead, hash, HASH, "Hash of the newest row."),
    ROW_COUNT(ContentAuditHead, seq, "", "Number of the newest row."),
    ROW_END,
};

static const ContentMember content_manifest_day_shape_members[] = {
    ROW_WORD(ContentManifestDay, date, DATE, "Local date."),
    ROW_WORD(ContentManifestDay, hash, HASH, "Hash of the day plan."),
    ROW_END,
};

static const ContentMember content_manifest_members[] = {
    ROW_OPTIONAL_STRUCT(ContentManifest, audit, content_audit_head_shape, "Head of the district's audit chain."),
    ROW_STRUCTS(ContentManifest, days, CONTENT_MANIFEST_DAYS, content_manifest_day_shape, "By date, from yesterday on."),
    ROW_UTC(ContentManifest, expires_us, "After this it is not accepted, and what it lists does not play."),
    ROW_ANY(ContentManifest, grants, "grants", CONTENT_MEMBER_HASH, .is_list = TRUE, .max_count = CONTENT_MANIFEST_MAX_GRANTS, .unit = "", .meaning = "Hashes of the grants in force."),
    ROW_UTC(ContentManifest, issued_us, "When it was made."),
    ROW_WORD(ContentManifest, keys, HASH, "Hash of the keys document."),
    ROW_UTC(ContentManifest, not_before_us, "Before this it is not accepted."),
    ROW_WORD(ContentManifest, settings, HASH, "Hash of the settings document."),
    ROW_WORD(ContentManifest, station, ID, "Audience."),
    ROW_OPTIONAL_WORD(ContentManifest, templates, HASH, "Hash of the templates document."),
    ROW_INT(ContentManifest, version, 1, CONTENT_VERSION_MAX, "", "Counts up, per station."),
    ROW_END,
};

static const ContentMember content_window_shape_members[] = {
    ROW_CLASS(ContentWindow, "For this class and the ones above."),
    ROW_INT(ContentWindow, from_min, 0, ROW_MINUTES_MAX, "minutes", "After local midnight, inclusive."),
    ROW_INT(ContentWindow, to_min, 0, ROW_MINUTES_MAX, "minutes", "After local midnight, exclusive; larger than from_min."),
    ROW_INT(ContentWindow, weekdays, 1, ALL_WEEKDAYS, "", "Bit 0 is Monday, bit 6 Sunday."),
    ROW_END,
};

static const ContentMember content_volume_shape_members[] = {
    ROW_INT(ContentVolume, from_min, 0, ROW_MINUTES_MAX, "minutes", "After local midnight, inclusive."),
    ROW_INT(ContentVolume, gain_mdb, ROW_GAIN_MIN_MDB, 0, "1/1000 dB", "Volume in these hours."),
    ROW_INT(ContentVolume, to_min, 0, ROW_MINUTES_MAX, "minutes", "After local midnight, exclusive; larger than from_min."),
    ROW_WORD(ContentVolume, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_settings_zone_shape_members[] = {
    ROW_WORDS(ContentSettingsZone, areas, MAX_ZONE_AREAS, ID, "The village and all areas above it."),
    ROW_INT(ContentSettingsZone, daily_limit_min, 0, ROW_MINUTES_MAX, "minutes", "Calendar sound it may hear a day."),
    ROW_WORD(ContentSettingsZone, id, ID, "The name the gateway knows."),
    ROW_WORDS(ContentSettingsZone, languages, MAX_ZONE_LANGUAGES, LANGUAGE, "In the village's order."),
    ROW_TEXT(ContentSettingsZone, name, 1, ROW_NAME_MAX_BYTES, "In words."),
    ROW_WORD(ContentSettingsZone, output, ID, "Output that feeds it."),
    ROW_WORD(ContentSettingsZone, village, ID, "Area."),
    ROW_STRUCTS(ContentSettingsZone, windows, MAX_WINDOWS, content_window_shape, "When calendar sound may start there; none: never."),
    ROW_END,
};

static const ContentMember content_station_settings_members[] = {
    ROW_INT(ContentStationSettings, fetch_kbit_s, 0, FETCH_MAX_KBIT_S, "kbit/s", "Download rate; 0: no limit."),
    ROW_INT(ContentStationSettings, gain_cap_mdb, ROW_GAIN_MIN_MDB, 0, "1/1000 dB", "Nothing is louder."),
    ROW_INT(ContentStationSettings, heartbeat_s, 1, HEARTBEAT_MAX_S, "s", "Between two heartbeats."),
    ROW_COUNT(ContentStationSettings, large_bytes, "bytes", "Audio from this size on waits for the night."),
    ROW_TEXT(ContentStationSettings, name, 1, ROW_NAME_MAX_BYTES, "In words."),
    ROW_INT(ContentStationSettings, night_from_min, 0, ROW_MINUTES_MAX, "minutes", "Local time from which large audio is fetched."),
    ROW_INT(ContentStationSettings, night_to_min, 0, ROW_MINUTES_MAX, "minutes", "Until when; equal to night_from_min: always."),
    ROW_WORD(ContentStationSettings, station, ID, "Audience."),
    ROW_TEXT(ContentStationSettings, tzid, 1, ROW_TZID_MAX_BYTES, "Time zone."),
    ROW_STRUCTS(ContentStationSettings, volumes, MAX_VOLUMES, content_volume_shape, "Volume per zone and hour."),
    ROW_STRUCTS(ContentStationSettings, zones, MAX_ZONES, content_settings_zone_shape, "Zones of the station."),
    ROW_END,
};

static const ContentMember content_key_shape_members[] = {
    ROW_ENUM(ContentKey, algorithm, content_algorithm_words, "Kind of key."),
    ROW_UTC(ContentKey, expires_us, "From then on it signs nothing that is accepted."),
    ROW_WORD(ContentKey, id, KEY_ID, "minisign key id."),
    ROW_TEXT(ContentKey, key, ROW_PUBLIC_KEY_BYTES, ROW_PUBLIC_KEY_BYTES, "minisign public key line."),
    ROW_UTC(ContentKey, not_before_us, "Before then it signs nothing that is accepted."),
    ROW_ENUM(ContentKey, role, content_role_words, "What it may sign."),
    ROW_WORDS(ContentKey, scope, MAX_KEY_AREAS, ID, "Areas it may sign for, subtrees included; none: everywhere."),
    ROW_END,
};

static const ContentMember content_keys_members[] = {
    ROW_WORDS(ContentKeys, forget_floors, MAX_KEYS, KEY_ID, "Keys whose version floor is void."),
    ROW_UTC(ContentKeys, issued_us, "When it was made."),
    ROW_STRUCTS(ContentKeys, keys, MAX_KEYS, content_key_shape, "The keys in force."),
    ROW_INT(ContentKeys, version, 1, CONTENT_VERSION_MAX, "", "Counts up by one."),
    ROW_END,
};

static const ContentMember content_approval_members[] = {
    ROW_OPTIONAL_TEXT(ContentApproval, address, 1, CONTENT_SOURCE_ADDRESS_MAX_BYTES, "Of a `source`, and of that alone: `https://…`, `http://…`, or `line:` and the station's name of an input."),
    ROW_WORD(ContentApproval, announcement, ID, "Announcement."),
    ROW_UTC(ContentApproval, approved_us, "When the approver said yes."),
    ROW_WORD(ContentApproval, approver, ID, "Account; another one than the author."),
    ROW_WORDS(ContentApproval, areas, MAX_APPROVAL_AREAS, ID, "Where it may be heard, subtrees included."),
    ROW_WORD(ContentApproval, author, ID, "Account."),
    ROW_OPTIONAL_WORD(ContentApproval, checker, ID, "Account of the language reviewer; absent where no language is."),
    ROW_CLASS(ContentApproval, "The highest it may be played as."),
    ROW_ENUM(ContentApproval, kind, content_approved_words, "What was approved."),
    ROW_OPTIONAL_WORD(ContentApproval, language, LANGUAGE, "Language; absent for a signal."),
    ROW_WORD(ContentApproval, object, HASH, "SHA-256 of the audio; of a `source`: of the spare that sounds while it is silent."),
    ROW_OPTIONAL_WORD(ContentApproval, script, HASH, "SHA-256 of the text."),
    ROW_TEXT(ContentApproval, source_document, 0, ROW_TITLE_MAX_BYTES, "Number, issuer and date of the source, in words."),
    ROW_TEXT(ContentApproval, title, 1, ROW_TITLE_MAX_BYTES, "Title."),
    ROW_UTC(ContentApproval, valid_from_us, "From when it may be heard, inclusive."),
    ROW_UTC(ContentApproval, valid_until_us, "Until when, exclusive."),
    ROW_WORD(ContentApproval, version, ID, "The language version of the announcement."),
    ROW_END,
};
/* clang-format on */

static const char *
check_manifest(gconstpointer element)
{
    const ContentManifest *manifest = element;

    if (manifest->expires_us <= manifest->not_before_us)
        return "expires_us is not after not_before_us";
    return NULL;
}

static const char *
check_window(gconstpointer element)
{
    const ContentWindow *window = element;

    return window->to_min <= window->from_min ? "to_min is not after from_min" : NULL;
}

static const char *
check_volume(gconstpointer element)
{
    const ContentVolume *volume = element;

    return volume->to_min <= volume->from_min ? "to_min is not after from_min" : NULL;
}

static const char *
check_key(gconstpointer element)
{
    const ContentKey *key = element;

    return key->expires_us <= key->not_before_us ? "expires_us is not after not_before_us"
                                                 : NULL;
}

static const char *
check_approval(gconstpointer element)
{
    const ContentApproval *approval = element;
    gboolean has_words = approval->kind == CONTENT_APPROVED_VERSION ||
                         approval->kind == CONTENT_APPROVED_TEMPLATE;
    gboolean is_source = approval->kind == CONTENT_APPROVED_SOURCE;

    if (approval->valid_until_us <= approval->valid_from_us)
        return "valid_until_us is not after valid_from_us";
    if (g_strcmp0(approval->author, approval->approver) == 0)
        return "the author cannot approve";
    if (has_words && approval->language == NULL)
        return "a version needs a language";
    if (has_words && approval->checker == NULL)
        return "a version needs somebody who checked its language";
    if (g_strcmp0(approval->author, approval->checker) == 0)
        return "the author cannot check the language";
    if ((approval->kind == CONTENT_APPROVED_VERSION || is_source) &&
        approval->class_ == CONTENT_CLASS_KHAN_CAP)
        return "khan_cap is the class of alerts, never of an announcement or a source";
    if (is_source != (approval->address != NULL))
        return "an address is what a source has, and nothing else";
    if (is_source && content_source_address_kind(approval->address) < 0)
        return "the address is neither a stream nor an input of a station";
    return NULL;
}

ROWS_DEFINE_SHAPE(content_audit_head_shape, ContentAuditHead, "audit head", NULL)
ROWS_DEFINE_SHAPE(content_manifest_day_shape, ContentManifestDay, "manifest day", NULL)
ROWS_DEFINE_DOCUMENT(content_manifest, ContentManifest, "manifest", CONTENT_MANIFEST_MAX_BYTES,
                     check_manifest)
ROWS_DEFINE_SHAPE(content_window_shape, ContentWindow, "window", check_window)
ROWS_DEFINE_SHAPE(content_volume_shape, ContentVolume, "volume", check_volume)
ROWS_DEFINE_SHAPE(content_settings_zone_shape, ContentSettingsZone, "settings zone", NULL)
ROWS_DEFINE_DOCUMENT(content_station_settings, ContentStationSettings, "settings",
                     SETTINGS_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(content_key_shape, ContentKey, "key", check_key)
ROWS_DEFINE_DOCUMENT(content_keys, ContentKeys, "keys", KEYS_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_approval, ContentApproval, "approval", APPROVAL_MAX_BYTES,
                     check_approval)
