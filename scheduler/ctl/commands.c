/*
 * commands.c - all that loactl can do, as a table. See command.h.
 */
#include "scheduler/ctl/run.h"

/* clang-format off */
#define END_OPTIONS { NULL, 0, 0, NULL, FALSE, NULL }
#define END_COLUMNS { NULL, NULL, 0 }
#define PATH(name, member, meaning)   { name, CTL_TEXT, CTL_IN_PATH, member, TRUE, meaning }
#define NEED(name, member, meaning)   { name, CTL_TEXT, CTL_IN_BODY, member, TRUE, meaning }
#define MAY(name, member, meaning)    { name, CTL_TEXT, CTL_IN_BODY, member, FALSE, meaning }
#define MAY_INT(name, member, meaning) { name, CTL_INT, CTL_IN_BODY, member, FALSE, meaning }
#define QUERY(name, member, meaning)  { name, CTL_TEXT, CTL_IN_QUERY, member, FALSE, meaning }
#define OWN(name, kind, needed, meaning) { name, kind, CTL_TO_FUNCTION, name, needed, meaning }

static const CtlOption no_options[] = { END_OPTIONS };
static const CtlOption in_area[] = {
    QUERY("--area", "area", "only in this area and below"), END_OPTIONS,
};

/* --- people ------------------------------------------------------------------------------------ */

static const CtlOption sign_in_options[] = {
    OWN("LOGIN", CTL_TEXT, TRUE, "name of the account"),
    OWN("--url", CTL_TEXT, FALSE, "https://host:port of the district; needed the first time"),
    OWN("--authority", CTL_TEXT, FALSE, "the district's certificate; needed the first time"),
    OWN("--password-file", CTL_TEXT, FALSE, "read the password from there; - is standard input"),
    END_OPTIONS,
};
static const CtlOption password_options[] = {
    OWN("--password-file", CTL_TEXT, FALSE, "the password so far; - is standard input"),
    OWN("--new-file", CTL_TEXT, FALSE, "the new password"),
    END_OPTIONS,
};
static const CtlColumn sign_in_columns[] = {
    { "account", "account", CTL_AS_TEXT }, { "signed in until", "until_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn me_columns[] = {
    { "name", "name", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT }, { "id", "id", CTL_AS_TEXT },
    { "may be", "rights.*.role", CTL_AS_TEXT }, { "in", "rights.*.area", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption account_add_options[] = {
    OWN("LOGIN", CTL_TEXT, TRUE, "name to sign in with: a-z, 0-9, '.' and '-'"),
    OWN("NAME", CTL_TEXT, TRUE, "name of the person"),
    OWN("--password-file", CTL_TEXT, FALSE, "first password; without it one is made and shown once"),
    OWN("--right", CTL_LIST, FALSE, "ROLE@AREA, or reviewer:LANGUAGE@AREA"),
    END_OPTIONS,
};
static const CtlColumn account_new_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT },
    { "password", "password", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn account_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT },
    { "state", "state", CTL_AS_TEXT }, { "signed in", "signed_in_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption account_id[] = { PATH("ACCOUNT", "account", "id of the account"), END_OPTIONS };
static const CtlOption account_state_options[] = {
    PATH("ACCOUNT", "account", "id of the account"),
    NEED("STATE", "state", "active, locked or retired"), END_OPTIONS,
};
static const CtlOption right_options[] = {
    PATH("ACCOUNT", "account", "id of the account"),
    NEED("ROLE", "role", "editor, reviewer, approver, operator, official, technician, inspector or administrator"),
    NEED("AREA", "area", "where, with all below"),
    MAY("--language", "language", "of a reviewer: one language"),
    OWN("--until", CTL_TEXT, FALSE, "when it ends; an inspector's has to"), END_OPTIONS,
};
static const CtlOption account_password_options[] = {
    PATH("ACCOUNT", "account", "id of the account"),
    OWN("--password-file", CTL_TEXT, FALSE, "the new password; without it one is made and shown once"),
    END_OPTIONS,
};
static const CtlColumn password_columns[] = { { "password", "password", CTL_AS_TEXT }, END_COLUMNS };
static const CtlColumn session_columns[] = {
    { "since", "created_us", CTL_AS_TIME }, { "used", "used_us", CTL_AS_TIME },
    { "until", "until_us", CTL_AS_TIME }, { "from", "from", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn right_columns[] = {
    { "role", "role", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT },
    { "language", "language", CTL_AS_TEXT }, { "until", "until_us", CTL_AS_TIME }, END_COLUMNS,
};

/* --- places ------------------------------------------------------------------------------------- */

static const CtlOption area_list_options[] = {
    QUERY("--area", "area", "only this area and all below it"),
    QUERY("--date", "date", "only those that exist on this date"), END_OPTIONS,
};
static const CtlColumn area_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "kind", "kind", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT },
    { "above", "parent", CTL_AS_TEXT }, { "code", "code", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption area_put_options[] = {
    PATH("AREA", "area", "id of the area: a-z, 0-9 and '-'"),
    NEED("KIND", "kind", "country, province, district, group, commune or village"),
    NEED("NAME", "name", "its name"),
    MAY("--parent", "parent", "the area above"), MAY("--code", "code", "official code"),
    MAY("--from", "valid_from", "first date on which it exists"),
    MAY("--to", "valid_to", "last date on which it exists"),
    MAY("--successor", "successor", "the area that took over"), END_OPTIONS,
};
static const CtlOption area_id[] = { PATH("AREA", "area", "id of the area"), END_OPTIONS };
static const CtlOption file_options[] = {
    OWN("FILE", CTL_TEXT, TRUE, "CSV: id, kind, name; parent, code, valid_from, valid_to, successor"),
    END_OPTIONS,
};
static const CtlColumn import_columns[] = { { "areas", "areas", CTL_AS_TEXT }, END_COLUMNS };
static const CtlOption windows_set_options[] = {
    PATH("AREA", "area", "the area"),
    OWN("WINDOW", CTL_LIST, FALSE, "'mon-fri 05:00-21:00 [CLASS]'; none: the area above decides"),
    MAY_INT("--limit-min", "limit_min", "minutes of calendar sound a day; -1: the area above decides"),
    END_OPTIONS,
};
static const CtlColumn window_columns[] = {
    { "class", "class", CTL_AS_TEXT }, { "days", "weekdays", CTL_AS_WEEKDAYS },
    { "from", "from_min", CTL_AS_CLOCK }, { "to", "to_min", CTL_AS_CLOCK }, END_COLUMNS,
};

static const CtlColumn station_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT },
    { "retired", "retired", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption station_put_options[] = {
    PATH("STATION", "station", "id of the station: a-z, 0-9 and '-'"),
    NEED("NAME", "name", "its name"), NEED("--area", "area", "the commune it stands in"),
    MAY("--tzid", "tzid", "its time zone"),
    MAY_INT("--heartbeat-s", "heartbeat_s", "how often it is heard"),
    MAY_INT("--fetch-kbit-s", "fetch_kbit_s", "limit of its downloads; 0: none"),
    MAY_INT("--night-from-min", "night_from_min", "large files are fetched from this minute of the day"),
    MAY_INT("--night-to-min", "night_to_min", "until this one; equal: at any time"),
    MAY_INT("--large-bytes", "large_bytes", "what counts as large"),
    MAY_INT("--gain-cap-mdb", "gain_cap_mdb", "nothing is louder, 1/1000 dB"),
    { "--retired", CTL_FLAG, CTL_IN_BODY, "retired", FALSE, "it gets nothing any more" }, END_OPTIONS,
};
static const CtlOption station_id[] = { PATH("STATION", "station", "id of the station"), END_OPTIONS };
static const CtlColumn zone_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "output", "output", CTL_AS_TEXT },
    { "village", "village", CTL_AS_TEXT }, { "languages", "languages", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption output_put_options[] = {
    PATH("STATION", "station", "its station"), PATH("OUTPUT", "output", "id of the output"),
    NEED("NAME", "name", "its name"), END_OPTIONS,
};
static const CtlOption zone_put_options[] = {
    PATH("STATION", "station", "its station"), PATH("ZONE", "zone", "the name the gateway knows"),
    NEED("NAME", "name", "its name"), NEED("--output", "output", "the output it hears"),
    NEED("--village", "village", "the village it stands in"),
    { "--language", CTL_LIST, CTL_IN_BODY, "languages", TRUE, "in the village's order" }, END_OPTIONS,
};
static const CtlOption zone_id[] = {
    PATH("STATION", "station", "its station"), PATH("ZONE", "zone", "id of the zone"), END_OPTIONS,
};
static const CtlOption output_id[] = {
    PATH("STATION", "station", "its station"), PATH("OUTPUT", "output", "id of the output"), END_OPTIONS,
};
static const CtlColumn output_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption volume_set_options[] = {
    PATH("STATION", "station", "its station"), PATH("ZONE", "zone", "id of the zone"),
    OWN("VOLUME", CTL_LIST, FALSE, "'05:00-07:00 -6', hours and dB; none: as loud as the slot asks"),
    END_OPTIONS,
};
static const CtlColumn volume_columns[] = {
    { "zone", "zone", CTL_AS_TEXT }, { "from", "from_min", CTL_AS_CLOCK }, { "to", "to_min", CTL_AS_CLOCK },
    { "volume", "gain_mdb", CTL_AS_DB }, END_COLUMNS,
};
static const CtlColumn code_columns[] = {
    { "code", "code", CTL_AS_TEXT }, { "good until", "expires_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption revoke_options[] = {
    PATH("STATION", "station", "id of the station"), NEED("WHY", "why", "the reason, for the record"),
    END_OPTIONS,
};
static const CtlColumn device_columns[] = {
    { "serial", "serial", CTL_AS_TEXT }, { "enrolled", "enrolled_us", CTL_AS_TIME },
    { "ends", "expires_us", CTL_AS_TIME }, { "revoked", "revoked_us", CTL_AS_TIME },
    { "why", "revoked_why", CTL_AS_TEXT }, END_COLUMNS,
};

/* --- announcements -------------------------------------------------------------------------------- */

static const CtlOption announcement_list_options[] = {
    QUERY("--area", "area", "home in this area or below"),
    QUERY("--search", "search", "words of the title, with or without diacritics"),
    QUERY("--after", "after", "id after which the page begins"),
    { "--limit", CTL_INT, CTL_IN_QUERY, "limit", FALSE, "at most so many" }, END_OPTIONS,
};
static const CtlColumn announcement_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "class", "class", CTL_AS_TEXT },
    { "until", "valid_until_us", CTL_AS_TIME }, { "withdrawn", "withdrawn", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption announcement_add_options[] = {
    NEED("TITLE", "title", "title"), NEED("--home", "home", "area whose editors and approvers it belongs to"),
    NEED("--source-number", "source_number", "number of the document it is from"),
    NEED("--source-issuer", "source_issuer", "who issued that document"),
    NEED("--source-date", "source_date", "its date"),
    OWN("--valid-until", CTL_TEXT, TRUE, "it may not sound from then on"),
    OWN("--valid-from", CTL_TEXT, FALSE, "it may sound from then; now if not given"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", FALSE, "where it may sound; its home if not given" },
    MAY("--class", "class", "thong_thuong or uu_tien"), MAY("--category", "category", "a word of the district's list"),
    MAY("--kind", "kind", "bulletin or signal"),
    OWN("--version", CTL_PAIRS, FALSE, "LANGUAGE=FILE, a recording in any format; -=FILE for a signal"),
    OWN("--script", CTL_PAIRS, FALSE, "LANGUAGE=FILE, the text that is read"),
    OWN("--from", CTL_TEXT, FALSE, "scripts are of an old font: vni, tcvn3 or font; what changes is shown"),
    OWN("--announcer", CTL_TEXT, FALSE, "name of the voice"), END_OPTIONS,
};
static const CtlOption announcement_change_options[] = {
    PATH("ANNOUNCEMENT", "announcement", "id of the announcement"),
    MAY("--title", "title", "title"), MAY("--home", "home", "area whose editors and approvers it belongs to"),
    MAY("--source-number", "source_number", "number of the document it is from"),
    MAY("--source-issuer", "source_issuer", "who issued that document"),
    MAY("--source-date", "source_date", "its date"),
    OWN("--valid-from", CTL_TEXT, FALSE, "it may sound from then"),
    OWN("--valid-until", CTL_TEXT, FALSE, "it may not sound from then on"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", FALSE, "where it may sound, instead of where it may now" },
    MAY("--class", "class", "thong_thuong or uu_tien"), MAY("--category", "category", "a word of the district's list"),
    END_OPTIONS,
};
static const CtlColumn announcement_new_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "languages", "versions.*.language", CTL_AS_TEXT },
    { "versions", "versions.*.id", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption announcement_id[] = {
    PATH("ANNOUNCEMENT", "announcement", "id of the announcement"), END_OPTIONS,
};
static const CtlColumn version_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT }, { "state", "state", CTL_AS_TEXT },
    { "checked", "checked_us", CTL_AS_TIME }, { "audio", "object", CTL_AS_TEXT }, { "note", "note", CTL_AS_TEXT },
    END_COLUMNS,
};
static const CtlOption version_add_options[] = {
    OWN("ANNOUNCEMENT", CTL_TEXT, TRUE, "id of the announcement"),
    OWN("LANGUAGE=FILE", CTL_TEXT, TRUE, "a recording in any format"),
    OWN("--script", CTL_PAIRS, FALSE, "LANGUAGE=FILE, the text that is read"),
    OWN("--from", CTL_TEXT, FALSE, "scripts are of an old font: vni, tcvn3 or font; what changes is shown"),
    OWN("--announcer", CTL_TEXT, FALSE, "name of the voice"), END_OPTIONS,
};
static const CtlOption version_judge_options[] = {
    OWN("VERSION", CTL_TEXT, TRUE, "id of the version, as it is now"), END_OPTIONS,
};
static const CtlOption version_id[] = { PATH("VERSION", "version", "id of the version"), END_OPTIONS };
static const CtlOption version_change_options[] = {
    PATH("VERSION", "version", "id of the version"),
    OWN("--script", CTL_PAIRS, FALSE, "LANGUAGE=FILE, the text that is read"),
    OWN("--from", CTL_TEXT, FALSE, "the script is of an old font: vni, tcvn3 or font; what changes is shown"),
    OWN("--announcer", CTL_TEXT, FALSE, "name of the voice"), END_OPTIONS,
};
static const CtlOption version_record_options[] = {
    PATH("VERSION", "version", "id of the version"),
    OWN("FILE", CTL_TEXT, TRUE, "a recording in any format"), END_OPTIONS,
};
static const CtlOption version_return_options[] = {
    PATH("VERSION", "version", "id of the version"), NEED("NOTE", "note", "why it is sent back"), END_OPTIONS,
};
static const CtlOption version_listen_options[] = {
    OWN("VERSION", CTL_TEXT, TRUE, "id of the version"), OWN("FILE", CTL_TEXT, TRUE, "where to write it"),
    OWN("--original", CTL_FLAG, FALSE, "the recording as it was uploaded"), END_OPTIONS,
};

/* --- programme ------------------------------------------------------------------------------------- */

static const CtlColumn playlist_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "home", "home", CTL_AS_TEXT },
    { "items", "items.*.announcement", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption playlist_add_options[] = {
    NEED("NAME", "name", "its name"), NEED("--home", "home", "area whose editors it belongs to"),
    OWN("ITEM", CTL_LIST, TRUE, "announcement:ID, signal:ID or pause:SECONDS"), END_OPTIONS,
};
static const CtlOption playlist_change_options[] = {
    PATH("PLAYLIST", "playlist", "id of the playlist"), MAY("--name", "name", "its name"),
    MAY("--home", "home", "area whose editors it belongs to"),
    OWN("ITEM", CTL_LIST, FALSE, "announcement:ID, signal:ID or pause:SECONDS, instead of those there are"),
    END_OPTIONS,
};
static const CtlColumn item_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "kind", "kind", CTL_AS_TEXT },
    { "announcement", "announcement", CTL_AS_TEXT }, { "length", "duration_us", CTL_AS_DURATION }, END_COLUMNS,
};
static const CtlOption playlist_id[] = { PATH("PLAYLIST", "playlist", "id of the playlist"), END_OPTIONS };
static const CtlColumn slot_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "at", "local_min", CTL_AS_CLOCK },
    { "from", "first_date", CTL_AS_TEXT }, { "to", "targets.*.area", CTL_AS_TEXT }, { "zones", "targets.*.zone", CTL_AS_TEXT }, { "rule", "rule", CTL_AS_TEXT }, { "playlist", "playlist", CTL_AS_TEXT },
    { "approved", "approved_us", CTL_AS_TIME }, { "stopped", "stopped", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption slot_add_options[] = {
    NEED("NAME", "name", "its name"), NEED("--home", "home", "area whose editors and approvers it belongs to"),
    NEED("--playlist", "playlist", "what is played"), NEED("--date", "first_date", "first local date"),
    OWN("--at", CTL_TEXT, TRUE, "local time, HH:MM or HH:MM:SS"),
    OWN("--to", CTL_LIST, TRUE, "AREA with all below, or STATION/ZONE"),
    MAY("--rule", "rule", "RRULE, for instance FREQ=WEEKLY;BYDAY=MO,WE; without it one date"),
    MAY("--until", "until", "last local date"), MAY("--class", "class", "thong_thuong or uu_tien"),
    MAY("--policy", "policy", "each: every language a zone lists; first: the first it has"),
    MAY("--order", "order", "item: languages change after each item; language: after the whole"),
    MAY("--tzid", "tzid", "its time zone"), OWN("--gain", CTL_TEXT, FALSE, "dB, for instance -6"),
    { "--also", CTL_LIST, CTL_IN_BODY, "dates_in", FALSE, "an extra date" },
    { "--except", CTL_LIST, CTL_IN_BODY, "dates_out", FALSE, "a date left out" }, END_OPTIONS,
};
static const CtlOption slot_change_options[] = {
    PATH("SLOT", "slot", "id of the slot"), MAY("--name", "name", "its name"),
    MAY("--home", "home", "area whose editors and approvers it belongs to"),
    MAY("--playlist", "playlist", "what is played"), MAY("--date", "first_date", "first local date"),
    OWN("--at", CTL_TEXT, FALSE, "local time, HH:MM or HH:MM:SS"),
    OWN("--to", CTL_LIST, FALSE, "AREA with all below, or STATION/ZONE, instead of those there are"),
    MAY("--rule", "rule", "RRULE; '' for one date"), MAY("--until", "until", "last local date; - for none"),
    MAY("--class", "class", "thong_thuong or uu_tien"),
    MAY("--policy", "policy", "each: every language a zone lists; first: the first it has"),
    MAY("--order", "order", "item: languages change after each item; language: after the whole"),
    MAY("--tzid", "tzid", "its time zone"), OWN("--gain", CTL_TEXT, FALSE, "dB, for instance -6"),
    { "--also", CTL_LIST, CTL_IN_BODY, "dates_in", FALSE, "an extra date, instead of those there are" },
    { "--except", CTL_LIST, CTL_IN_BODY, "dates_out", FALSE, "a date left out, instead of those there are" }, END_OPTIONS,
};
static const CtlOption slot_judge_options[] = { OWN("SLOT", CTL_TEXT, TRUE, "id of the slot"), END_OPTIONS };
static const CtlOption slot_id[] = { PATH("SLOT", "slot", "id of the slot"), END_OPTIONS };
static const CtlOption override_options[] = {
    PATH("SLOT", "slot", "id of the slot"), PATH("DATE", "date", "local date"),
    MAY("--playlist", "playlist", "played instead; without it nothing is"), END_OPTIONS,
};
static const CtlOption slot_date[] = {
    PATH("SLOT", "slot", "id of the slot"), PATH("DATE", "date", "local date"), END_OPTIONS,
};
static const CtlColumn override_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT }, { "playlist", "playlist", CTL_AS_TEXT },
    { "content", "content", CTL_AS_TEXT }, { "approved", "approved_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption override_approve_options[] = {
    PATH("SLOT", "slot", "id of the slot"), PATH("DATE", "date", "local date"),
    OWN("CONTENT", CTL_TEXT, FALSE, "hash of what you saw (slot show lists it); as it is now if not given"), END_OPTIONS,
};

static const CtlOption choice_set_options[] = {
    PATH("AREA", "area", "where they clash; the choice nearest to a station decides"),
    { "SLOT", CTL_LIST, CTL_IN_BODY, "slots", FALSE, "most important first; none: nothing is chosen" },
    END_OPTIONS,
};
static const CtlColumn choice_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "class", "class", CTL_AS_TEXT },
    { "at", "local_min", CTL_AS_CLOCK }, END_COLUMNS,
};
static const CtlOption proposal_id[] = { PATH("PROPOSAL", "proposal", "id of the proposal"), END_OPTIONS };
static const CtlColumn proposal_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "change", "change", CTL_AS_TEXT }, { "of", "path", CTL_AS_TEXT },
    { "by", "author", CTL_AS_TEXT }, { "since", "made_us", CTL_AS_TIME }, { "into", "body", CTL_AS_TEXT },
    END_COLUMNS,
};

static const CtlColumn review_columns[] = {
    { "what", "kind", CTL_AS_TEXT }, { "id", "id", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "by", "author", CTL_AS_TEXT }, { "since", "since_us", CTL_AS_TIME }, END_COLUMNS,
};

static const CtlOption quiet_add_options[] = {
    OWN("PLACE", CTL_TEXT, TRUE, "AREA with all below, or STATION/ZONE"),
    OWN("UNTIL", CTL_TEXT, TRUE, "'2026-03-02 17:30'; nothing of the calendar sounds there until then"),
    NEED("REASON", "reason", "funeral, ceremony, exam or other"),
    MAY("--words", "words", "and in your own words; needed for other"),
    OWN("--from", CTL_TEXT, FALSE, "'2026-03-02 05:00'; now if not given"), END_OPTIONS,
};
static const CtlOption quiet_id[] = { PATH("QUIET", "quiet", "id of the request"), END_OPTIONS };
static const CtlColumn quiet_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT }, { "station", "station", CTL_AS_TEXT },
    { "zone", "zone", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME }, { "until", "until_us", CTL_AS_TIME },
    { "why", "reason", CTL_AS_TEXT }, { "in words", "words", CTL_AS_TEXT },
    { "who", "author_name", CTL_AS_TEXT }, { "ended", "ended_us", CTL_AS_TIME }, END_COLUMNS,
};

/* --- what is, was and will be heard ------------------------------------------------------------------ */

static const CtlOption preview_options[] = {
    PATH("AREA", "area", "a village, or anything above"),
    { "DATE", CTL_TEXT, CTL_IN_QUERY, "date", TRUE, "local date" }, END_OPTIONS,
};
static const CtlColumn preview_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "length", "duration_us", CTL_AS_DURATION },
    { "zone", "zone", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "remark", "finding", CTL_AS_TEXT },
    { "who asks", "quiet.who", CTL_AS_TEXT }, { "why", "quiet.reason", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption plan_options[] = {
    { "AREA", CTL_TEXT, CTL_IN_QUERY, "area", TRUE, "a village, or anything above" },
    { "FROM", CTL_TEXT, CTL_IN_QUERY, "from", TRUE, "first local date" },
    QUERY("--days", "days", "how many days, 1 to 7; 1 if not given"), END_OPTIONS,
};
static const CtlColumn plan_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "length", "duration_us", CTL_AS_DURATION },
    { "zones", "zones", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "slot", "slot", CTL_AS_TEXT },
    { "remark", "finding", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn status_columns[] = {
    { "station", "station", CTL_AS_TEXT }, { "contact", "contact", CTL_AS_TEXT },
    { "last contact", "state.contact_us", CTL_AS_TIME },
    { "issued", "issued_version", CTL_AS_TEXT }, { "in force", "state.accepted_version", CTL_AS_TEXT },
    { "days ready", "heartbeat.days_ready", CTL_AS_TEXT }, { "clock", "heartbeat.trust", CTL_AS_TEXT },
    { "sounding", "heartbeat.sounding.0.title", CTL_AS_TEXT }, { "faults", "faults", CTL_AS_TEXT },
    { "last off", "last_off", CTL_AS_TEXT }, { "refused", "refused", CTL_AS_TEXT },
    { "remark", "certificate.remark", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption delivery_options[] = {
    QUERY("--area", "area", "only in this area and below"),
    QUERY("--date", "date", "local date; today if not given"),
    OWN("--check", CTL_FLAG, FALSE, "exit with 1 unless everything was delivered, but where silence was asked for"), END_OPTIONS,
};
static const CtlColumn delivery_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "language", "language", CTL_AS_TEXT }, { "planned", "planned_start_us", CTL_AS_TIME },
    { "began", "started_us", CTL_AS_TIME }, { "heard", "heard_us", CTL_AS_DURATION },
    { "level", "level_mdb", CTL_AS_DB }, { "relay", "relay_confirmed", CTL_AS_TEXT }, { "line", "line", CTL_AS_TEXT },
    { "state", "state", CTL_AS_TEXT }, { "reason", "why", CTL_AS_REASON }, END_COLUMNS,
};
static const CtlOption audit_options[] = {
    QUERY("--object", "object", "only about this"), QUERY("--before", "before", "only older than this row"),
    { "--limit", CTL_INT, CTL_IN_QUERY, "limit", FALSE, "at most so many" }, END_OPTIONS,
};
static const CtlColumn audit_columns[] = {
    { "row", "seq", CTL_AS_TEXT }, { "when", "at_us", CTL_AS_TIME }, { "who", "login", CTL_AS_TEXT }, { "account", "actor", CTL_AS_TEXT },
    { "what", "action", CTL_AS_TEXT }, { "to", "object", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn verify_columns[] = {
    { "whole", "whole", CTL_AS_TEXT }, { "rows", "rows", CTL_AS_TEXT }, { "witnesses", "witnesses", CTL_AS_TEXT },
    { "first altered row", "first_bad", CTL_AS_TEXT }, { "why", "why", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn setting_columns[] = {
    { "key", "key", CTL_AS_TEXT }, { "value", "value", CTL_AS_TEXT }, { "meaning", "meaning", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn language_columns[] = {
    { "tag", "tag", CTL_AS_TEXT }, { "own name", "own_name", CTL_AS_TEXT },
    { "Vietnamese", "vietnamese", CTL_AS_TEXT }, { "English", "english", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption setting_options[] = {
    PATH("KEY", "key", "which setting"), NEED("VALUE", "value", "its new value"), END_OPTIONS,
};

const CtlCommand ctl_commands[] = {
    { "sign-in", "POST", "/api/session", sign_in_options, NULL, sign_in_columns, ctl_sign_in, "Sign in; the session is kept in a file of mode 0600" },
    { "sign-out", "DELETE", "/api/session", no_options, NULL, NULL, ctl_sign_out, "End this session" },
    { "whoami", "GET", "/api/session", no_options, NULL, me_columns, NULL, "Who I am and what I may do" },
    { "password", "PUT", "/api/session/password", password_options, NULL, NULL, ctl_password, "Change my password; ends all my sessions" },
    { "session list", "GET", "/api/sessions", no_options, "sessions", session_columns, NULL, "My sessions" },
    { "session end", "DELETE", "/api/sessions", no_options, NULL, NULL, NULL, "End all my sessions" },
    { "account list", "GET", "/api/accounts", no_options, "accounts", account_columns, NULL, "All accounts" },
    { "account add", "POST", "/api/accounts", account_add_options, NULL, account_new_columns, ctl_account_add, "A new account with its rights" },
    { "account show", "GET", "/api/accounts/{account}", account_id, "rights", right_columns, NULL, "The rights of an account" },
    { "account state", "PUT", "/api/accounts/{account}/state", account_state_options, NULL, NULL, NULL, "Lock, retire or open an account" },
    { "account password", "PUT", "/api/accounts/{account}/password", account_password_options, NULL, password_columns, ctl_account_password, "Set somebody's password; ends their sessions" },
    { "right give", "PUT", "/api/accounts/{account}/rights", right_options, NULL, NULL, ctl_right_set, "Give a right" },
    { "right take", "POST", "/api/accounts/{account}/rights/revoke", right_options, NULL, NULL, ctl_right_set, "Take a right away" },
    { "area list", "GET", "/api/areas", area_list_options, "areas", area_columns, NULL, "Areas, by depth and name" },
    { "area show", "GET", "/api/areas/{area}", area_id, NULL, area_columns, NULL, "One area" },
    { "area put", "PUT", "/api/areas/{area}", area_put_options, NULL, NULL, NULL, "A new area, or a change to it" },
    { "area remove", "DELETE", "/api/areas/{area}", area_id, NULL, NULL, NULL, "Remove an area that nothing names" },
    { "area import", "POST", "/api/areas/import", file_options, NULL, import_columns, ctl_area_import, "Areas from a CSV file: all of it or nothing" },
    { "windows set", "PUT", "/api/areas/{area}/windows", windows_set_options, "in_force", window_columns, ctl_windows_set, "When calendar sound is allowed" },
    { "windows show", "GET", "/api/areas/{area}/windows", area_id, "in_force", window_columns, NULL, "The windows in force" },
    { "station list", "GET", "/api/stations", in_area, "stations", station_columns, NULL, "Stations, by id" },
    { "station put", "PUT", "/api/stations/{station}", station_put_options, NULL, NULL, NULL, "A new station, or a change to it" },
    { "station show", "GET", "/api/stations/{station}", station_id, "zones", zone_columns, NULL, "The zones of a station" },
    { "station enrol", "POST", "/api/stations/{station}/enrolment", station_id, NULL, code_columns, NULL, "A code that makes a player this station, once, within 72 hours" },
    { "station revoke", "POST", "/api/stations/{station}/revoke", revoke_options, NULL, NULL, NULL, "Believe the station's player no more" },
    { "station devices", "GET", "/api/stations/{station}/devices", station_id, "devices", device_columns, NULL, "The players that were and are this station" },
    { "output put", "PUT", "/api/stations/{station}/outputs/{output}", output_put_options, NULL, NULL, NULL, "An output: one sound card that plays one thing at a time" },
    { "output list", "GET", "/api/stations/{station}", station_id, "outputs", output_columns, NULL, "The outputs of a station" },
    { "output remove", "DELETE", "/api/stations/{station}/outputs/{output}", output_id, NULL, NULL, NULL, "Remove an output that no zone hears" },
    { "zone put", "PUT", "/api/stations/{station}/zones/{zone}", zone_put_options, NULL, NULL, NULL, "A zone: one relay group in one village" },
    { "zone remove", "DELETE", "/api/stations/{station}/zones/{zone}", zone_id, NULL, NULL, NULL, "Remove a zone" },
    { "volume set", "PUT", "/api/stations/{station}/zones/{zone}/volumes", volume_set_options, NULL, NULL, ctl_volume_set, "How loud a zone is at some hours" },
    { "volume list", "GET", "/api/stations/{station}", station_id, "volumes", volume_columns, NULL, "How loud the zones of a station are" },
    { "announcement list", "GET", "/api/announcements", announcement_list_options, "announcements", announcement_columns, NULL, "Announcements, newest first" },
    { "announcement add", "POST", "/api/announcements", announcement_add_options, NULL, announcement_new_columns, ctl_announcement_add, "A new announcement with its recordings" },
    { "announcement show", "GET", "/api/announcements/{announcement}", announcement_id, "versions", version_columns, NULL, "The versions of an announcement" },
    { "announcement change", "PUT", "/api/announcements/{announcement}", announcement_change_options, NULL, announcement_new_columns, ctl_announcement_change, "Change what is said about it; takes its approvals away" },
    { "announcement withdraw", "POST", "/api/announcements/{announcement}/withdraw", announcement_id, NULL, NULL, NULL, "It plays no more, anywhere" },
    { "version add", "POST", "/api/announcements/{announcement}/versions", version_add_options, NULL, version_columns, ctl_version_add, "Another language of an announcement" },
    { "version show", "GET", "/api/versions/{version}", version_id, NULL, version_columns, NULL, "One version" },
    { "version change", "PUT", "/api/versions/{version}", version_change_options, NULL, version_columns, ctl_version_change, "Change script or voice; takes check and approval away" },
    { "version record", "PUT", "/api/versions/{version}/audio", version_record_options, NULL, version_columns, ctl_version_record, "Another recording; takes check and approval away" },
    { "version remove", "DELETE", "/api/versions/{version}", version_id, NULL, NULL, NULL, "Remove a version that was never approved" },
    { "version check", "POST", "/api/versions/{version}/check", version_judge_options, NULL, version_columns, ctl_version_judge, "Vouch for the language of a version" },
    { "version approve", "POST", "/api/versions/{version}/approve", version_judge_options, NULL, version_columns, ctl_version_judge, "Free a version to be heard" },
    { "version return", "POST", "/api/versions/{version}/return", version_return_options, NULL, NULL, NULL, "Send a version back with a reason" },
    { "version listen", "GET", "/api/versions/{version}/audio", version_listen_options, NULL, NULL, ctl_version_listen, "Fetch the audio as it will be heard" },
    { "playlist list", "GET", "/api/playlists", in_area, "playlists", playlist_columns, NULL, "Playlists, by name" },
    { "playlist add", "POST", "/api/playlists", playlist_add_options, NULL, playlist_columns, ctl_playlist_add, "A new playlist" },
    { "playlist show", "GET", "/api/playlists/{playlist}", playlist_id, "items", item_columns, NULL, "The items of a playlist" },
    { "playlist change", "PUT", "/api/playlists/{playlist}", playlist_change_options, NULL, playlist_columns, ctl_playlist_change, "Change a playlist; what adds sound takes the approval of its slots away" },
    { "playlist remove", "DELETE", "/api/playlists/{playlist}", playlist_id, NULL, NULL, NULL, "Remove a playlist that no slot names" },
    { "slot list", "GET", "/api/slots", in_area, "slots", slot_columns, NULL, "Slots, by time of day" },
    { "slot add", "POST", "/api/slots", slot_add_options, NULL, slot_columns, ctl_slot_add, "A new slot: what, where, when, how often" },
    { "slot show", "GET", "/api/slots/{slot}", slot_id, "dates", override_columns, NULL, "The dates on which a slot is different" },
    { "slot change", "PUT", "/api/slots/{slot}", slot_change_options, NULL, slot_columns, ctl_slot_change, "Change a slot; takes its approval away unless it only makes less sound" },
    { "slot approve", "POST", "/api/slots/{slot}/approve", slot_judge_options, NULL, slot_columns, ctl_slot_approve, "Free a slot, as it is now, to be heard" },
    { "slot stop", "POST", "/api/slots/{slot}/stop", slot_id, NULL, NULL, NULL, "It plays no more" },
    { "slot date set", "PUT", "/api/slots/{slot}/dates/{date}", override_options, "dates", override_columns, NULL, "Another playlist on one date, or nothing" },
    { "slot date remove", "DELETE", "/api/slots/{slot}/dates/{date}", slot_date, NULL, NULL, NULL, "Take back what nobody approved for a date" },
    { "slot date approve", "POST", "/api/slots/{slot}/dates/{date}/approve", override_approve_options, "dates", override_columns, ctl_date_approve, "Free what is different on one date" },
    { "choice set", "PUT", "/api/areas/{area}/choices", choice_set_options, "choices", choice_columns, NULL, "Order the slots of one class that clash in an area" },
    { "choice show", "GET", "/api/areas/{area}/choices", area_id, "choices", choice_columns, NULL, "How an area orders slots that clash" },
    { "review", "GET", "/api/review", no_options, "waiting", review_columns, NULL, "What waits for your judgement, the oldest first" },
    { "quiet add", "POST", "/api/quiets", quiet_add_options, NULL, quiet_columns, ctl_quiet_add, "Silence in a village or a zone, at once; alerts still sound" },
    { "quiet list", "GET", "/api/quiets", in_area, "quiets", quiet_columns, NULL, "Where silence is asked for, was, and will be" },
    { "quiet end", "POST", "/api/quiets/{quiet}/end", quiet_id, NULL, quiet_columns, NULL, "The silence ends now; what was approved sounds again" },
    { "proposal list", "GET", "/api/proposals", no_options, "proposals", proposal_columns, NULL, "Changes that would make more sound and wait for a second person" },
    { "proposal approve", "POST", "/api/proposals/{proposal}/approve", proposal_id, NULL, NULL, NULL, "Do what was proposed" },
    { "proposal refuse", "POST", "/api/proposals/{proposal}/refuse", proposal_id, NULL, NULL, NULL, "It is not done, and waits no more" },
    { "preview", "GET", "/api/areas/{area}/preview", preview_options, "lines", preview_columns, ctl_preview, "What a village will hear on a date, in which language, and what not" },
    { "plan", "GET", "/api/plan", plan_options, "lines", plan_columns, ctl_preview, "What all villages of an area will hear on some days, and what not" },
    { "status", "GET", "/api/status", in_area, "stations", status_columns, ctl_status, "What each station holds, says and does" },
    { "delivery", "GET", "/api/delivery", delivery_options, "deliveries", delivery_columns, ctl_delivery, "Was it heard? One verdict a segment and zone" },
    { "audit list", "GET", "/api/audit", audit_options, "rows", audit_columns, NULL, "Who did what, newest first" },
    { "audit verify", "GET", "/api/audit/verify", no_options, NULL, verify_columns, ctl_audit_verify, "Is the record whole, and as the stations witnessed it?" },
    { "settings list", "GET", "/api/settings", no_options, "settings", setting_columns, NULL, "The district's own settings" },
    { "settings set", "PUT", "/api/settings/{key}", setting_options, NULL, NULL, NULL, "Change a setting" },
    { "language list", "GET", "/api/languages", no_options, "languages", language_columns, NULL, "The table of languages" },
    { NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */
