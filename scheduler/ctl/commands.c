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
/* Who puts forward or approves says so each time; nothing is taken as said. */
#define DECLARED(needed) OWN("--no-state-secret", CTL_FLAG, needed, "no_state_secret")
#define OWN(name, kind, needed, meaning) { name, kind, CTL_TO_FUNCTION, name, needed, meaning }

static const CtlOption no_options[] = { END_OPTIONS };
static const CtlOption in_area[] = {
    QUERY("--area", "area", "area_only"), END_OPTIONS,
};

/* --- people ------------------------------------------------------------------------------------ */

static const CtlOption sign_in_options[] = {
    OWN("LOGIN", CTL_TEXT, TRUE, "login_of"),
    OWN("--url", CTL_TEXT, FALSE, "url"),
    OWN("--authority", CTL_TEXT, FALSE, "authority"),
    OWN("--password-file", CTL_TEXT, FALSE, "password_file"),
    MAY("--code", "code", "code"),
    END_OPTIONS,
};
static const CtlOption proof_options[] = {
    OWN("--password-file", CTL_TEXT, FALSE, "password_file"), END_OPTIONS,
};
static const CtlColumn secret_columns[] = {
    { "by hand", "secret", CTL_AS_TEXT }, { "address", "uri", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption code_options[] = { NEED("CODE", "code", "code_first"), END_OPTIONS };
static const CtlColumn codes_columns[] = { { "recovery codes", "codes", CTL_AS_TEXT }, END_COLUMNS };
static const CtlOption keep_options[] = { QUERY("--keep", "keep", "keep_session"), END_OPTIONS };
static const CtlOption session_id[] = { PATH("SESSION", "session", "session"), END_OPTIONS };
static const CtlOption reset_options[] = {
    PATH("ACCOUNT", "account", "account"), NEED("WHY", "why", "reset_why"), END_OPTIONS,
};
static const CtlOption password_options[] = {
    OWN("--password-file", CTL_TEXT, FALSE, "password_old"),
    OWN("--new-file", CTL_TEXT, FALSE, "password_new"),
    END_OPTIONS,
};
static const CtlColumn sign_in_columns[] = {
    { "account", "account", CTL_AS_TEXT }, { "signed in until", "until_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn me_columns[] = {
    { "name", "name", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT }, { "id", "id", CTL_AS_TEXT },
    { "may be", "rights.*.role", CTL_AS_WORD }, { "in", "rights.*.area", CTL_AS_TEXT },
    { "second factor", "factor", CTL_AS_WORD }, { "recovery codes left", "codes_left", CTL_AS_TEXT },
    { "done to it", "notes.*.code", CTL_AS_WORD }, END_COLUMNS,
};
static const CtlOption account_add_options[] = {
    OWN("LOGIN", CTL_TEXT, TRUE, "login_new"),
    OWN("NAME", CTL_TEXT, TRUE, "person"),
    OWN("--password-file", CTL_TEXT, FALSE, "password_first"),
    OWN("--right", CTL_LIST, FALSE, "right"),
    END_OPTIONS,
};
static const CtlColumn account_new_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT },
    { "password", "password", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn account_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "login", "login", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT },
    { "state", "state", CTL_AS_WORD }, { "signed in", "signed_in_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption account_id[] = { PATH("ACCOUNT", "account", "account"), END_OPTIONS };
static const CtlOption account_state_options[] = {
    PATH("ACCOUNT", "account", "account"),
    NEED("STATE", "state", "account_state"), MAY("--successor", "successor", "work_to"),
    { "--force", CTL_FLAG, CTL_IN_BODY, "force", FALSE, "leave_alone" }, END_OPTIONS,
};
static const CtlOption right_options[] = {
    PATH("ACCOUNT", "account", "account"),
    NEED("ROLE", "role", "role"),
    NEED("AREA", "area", "right_area"),
    MAY("--language", "language", "right_language"),
    OWN("--from", CTL_TEXT, FALSE, "right_from"), OWN("--until", CTL_TEXT, FALSE, "right_until"),
    { "--force", CTL_FLAG, CTL_IN_BODY, "force", FALSE, "leave_alone" }, END_OPTIONS,
};
static const CtlOption account_password_options[] = {
    PATH("ACCOUNT", "account", "account"),
    OWN("--password-file", CTL_TEXT, FALSE, "password_other"),
    END_OPTIONS,
};
static const CtlColumn password_columns[] = { { "password", "password", CTL_AS_TEXT }, END_COLUMNS };
static const CtlColumn session_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "this one", "is_this", CTL_AS_TEXT },
    { "since", "created_us", CTL_AS_TIME }, { "used", "used_us", CTL_AS_TIME },
    { "until", "until_us", CTL_AS_TIME }, { "from", "from", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn right_columns[] = {
    { "role", "role", CTL_AS_WORD }, { "area", "area", CTL_AS_TEXT },
    { "language", "language", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME },
    { "until", "until_us", CTL_AS_TIME }, END_COLUMNS,
};

static const CtlColumn choice_columns_of_me[] = {
    { "told of", "event", CTL_AS_WORD }, { "e-mail", "email", CTL_AS_TEXT },
    { "text message", "phone", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption messages_set_options[] = {
    OWN("--email", CTL_TEXT, FALSE, "email"), OWN("--phone", CTL_TEXT, FALSE, "phone"),
    OWN("--reader", CTL_TEXT, FALSE, "reader"), OWN("--tell", CTL_LIST, FALSE, "tell"), END_OPTIONS,
};
static const CtlOption message_test_options[] = { NEED("WAY", "way", "way"), END_OPTIONS };
static const CtlOption reach_options[] = {
    PATH("ACCOUNT", "account", "account"), NEED("--email", "email", "email"),
    NEED("--phone", "phone", "phone"), MAY("--reader", "reader", "reader"), END_OPTIONS,
};
static const CtlOption message_list_options[] = {
    QUERY("--account", "account", "message_account"), QUERY("--state", "state", "message_state"), END_OPTIONS,
};
static const CtlColumn message_columns[] = {
    { "when", "made_us", CTL_AS_TIME }, { "to", "name", CTL_AS_TEXT }, { "by", "way", CTL_AS_WORD },
    { "address", "address", CTL_AS_TEXT }, { "told of", "event", CTL_AS_WORD }, { "subject", "subject", CTL_AS_TEXT },
    { "state", "state", CTL_AS_WORD }, { "attempts", "attempts", CTL_AS_TEXT },
    { "fault", "fault", CTL_AS_WORD }, { "what was said", "detail", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn on_call_columns[] = {
    { "name", "name", CTL_AS_TEXT }, { "role", "role", CTL_AS_WORD }, { "area", "area", CTL_AS_TEXT },
    { "phone", "phone", CTL_AS_TEXT }, { "e-mail", "email", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption unapproved_options[] = { QUERY("--date", "date", "dropped_on"), END_OPTIONS };
static const CtlColumn unapproved_columns[] = {
    { "at", "start_us", CTL_AS_TIME }, { "slot", "slot_name", CTL_AS_TEXT }, { "kind", "kind", CTL_AS_WORD },
    { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT }, { "zones", "n_zones", CTL_AS_TEXT },
    { "dropped", "dropped", CTL_AS_TEXT }, END_COLUMNS,
};

/* --- places ------------------------------------------------------------------------------------- */

static const CtlColumn alone_columns[] = {
    { "id", "area", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption area_list_options[] = {
    QUERY("--area", "area", "area_below"),
    QUERY("--date", "date", "area_date"), END_OPTIONS,
};
static const CtlColumn area_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "kind", "kind", CTL_AS_WORD }, { "name", "name", CTL_AS_TEXT },
    { "above", "parent", CTL_AS_TEXT }, { "code", "code", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption area_put_options[] = {
    PATH("AREA", "area", "area_new"),
    NEED("KIND", "kind", "area_kind"),
    NEED("NAME", "name", "name"),
    MAY("--parent", "parent", "parent"), MAY("--code", "code", "area_code"),
    MAY("--from", "valid_from", "area_from"),
    MAY("--to", "valid_to", "area_to"),
    MAY("--successor", "successor", "successor"),
    { "--force", CTL_FLAG, CTL_IN_BODY, "force", FALSE, "leave_alone" }, END_OPTIONS,
};
static const CtlOption area_id[] = { PATH("AREA", "area", "area"), END_OPTIONS };
static const CtlOption file_options[] = {
    OWN("FILE", CTL_TEXT, TRUE, "area_file"),
    END_OPTIONS,
};
static const CtlColumn import_preview_columns[] = {
    { "id", "after.id", CTL_AS_TEXT }, { "name", "after.name", CTL_AS_TEXT },
    { "kind", "after.kind", CTL_AS_WORD }, { "in", "after.parent", CTL_AS_TEXT },
    { "was", "before.name", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn import_columns[] = { { "areas", "areas", CTL_AS_TEXT }, END_COLUMNS };
static const CtlOption windows_set_options[] = {
    PATH("AREA", "area", "the_area"),
    OWN("WINDOW", CTL_LIST, FALSE, "window"),
    MAY_INT("--limit-min", "limit_min", "limit_min"),
    END_OPTIONS,
};
static const CtlColumn window_columns[] = {
    { "class", "class", CTL_AS_WORD }, { "days", "weekdays", CTL_AS_WEEKDAYS },
    { "from", "from_min", CTL_AS_CLOCK }, { "to", "to_min", CTL_AS_CLOCK }, END_COLUMNS,
};
static const CtlColumn hours_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "sounds then", "sounds", CTL_AS_TEXT },
    { "why", "finding", CTL_AS_WORD }, { "first time", "first_us", CTL_AS_TIME }, { "on days", "n_days", CTL_AS_TEXT },
    { "villages", "n_villages", CTL_AS_TEXT }, END_COLUMNS,
};

static const CtlColumn station_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT },
    { "retired", "retired", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption station_put_options[] = {
    PATH("STATION", "station", "station_new"),
    NEED("NAME", "name", "name"), NEED("--area", "area", "station_area"),
    MAY("--tzid", "tzid", "tzid"),
    MAY_INT("--heartbeat-s", "heartbeat_s", "heartbeat_s"),
    MAY_INT("--fetch-kbit-s", "fetch_kbit_s", "fetch_kbit_s"),
    MAY_INT("--night-from-min", "night_from_min", "night_from"),
    MAY_INT("--night-to-min", "night_to_min", "night_to"),
    MAY_INT("--large-bytes", "large_bytes", "large_bytes"),
    MAY_INT("--gain-cap-mdb", "gain_cap_mdb", "gain_cap"),
    { "--retired", CTL_FLAG, CTL_IN_BODY, "retired", FALSE, "retired" },
    { "--in-use", CTL_UNSET, CTL_IN_BODY, "retired", FALSE, "in_use" }, END_OPTIONS,
};
static const CtlOption station_id[] = { PATH("STATION", "station", "station"), END_OPTIONS };
static const CtlColumn zone_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "output", "output", CTL_AS_TEXT },
    { "village", "village", CTL_AS_TEXT }, { "languages", "languages", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption output_put_options[] = {
    PATH("STATION", "station", "its_station"), PATH("OUTPUT", "output", "output"),
    NEED("NAME", "name", "name"), END_OPTIONS,
};
static const CtlOption zone_put_options[] = {
    PATH("STATION", "station", "its_station"), PATH("ZONE", "zone", "zone_new"),
    NEED("NAME", "name", "name"), NEED("--output", "output", "zone_output"),
    NEED("--village", "village", "zone_village"),
    { "--language", CTL_LIST, CTL_IN_BODY, "languages", TRUE, "zone_language" }, END_OPTIONS,
};
static const CtlOption zone_id[] = {
    PATH("STATION", "station", "its_station"), PATH("ZONE", "zone", "zone"), END_OPTIONS,
};
static const CtlOption output_id[] = {
    PATH("STATION", "station", "its_station"), PATH("OUTPUT", "output", "output"), END_OPTIONS,
};
static const CtlColumn output_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption volume_set_options[] = {
    PATH("STATION", "station", "its_station"), PATH("ZONE", "zone", "zone"),
    OWN("VOLUME", CTL_LIST, FALSE, "volume"),
    END_OPTIONS,
};
static const CtlColumn volume_columns[] = {
    { "zone", "zone", CTL_AS_TEXT }, { "from", "from_min", CTL_AS_CLOCK }, { "to", "to_min", CTL_AS_CLOCK },
    { "volume", "gain_mdb", CTL_AS_DB }, END_COLUMNS,
};
static const CtlOption zone_test_options[] = {
    PATH("STATION", "station", "its_station"), PATH("ZONE", "zone", "zone"),
    MAY_INT("--ms", "duration_ms", "test_ms"), END_OPTIONS,
};
static const CtlColumn test_columns[] = {
    { "at", "asked_us", CTL_AS_TIME }, { "zone", "zone", CTL_AS_TEXT }, { "asked by", "asked_by_name", CTL_AS_TEXT },
    { "remark", "said", CTL_AS_REMARKS }, END_COLUMNS,
};
static const CtlOption history_options[] = {
    PATH("STATION", "station", "station"), QUERY("--before", "before", "history_before"), END_OPTIONS,
};
static const CtlColumn history_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "until", "until_us", CTL_AS_TIME }, { "what", "what", CTL_AS_WORD },
    { "reason", "reason", CTL_AS_WORD }, { "why", "why", CTL_AS_TEXT }, { "remark", "remark", CTL_AS_REMARKS },
    END_COLUMNS,
};
static const CtlColumn code_columns[] = {
    { "code", "code", CTL_AS_TEXT }, { "good until", "expires_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption revoke_options[] = {
    PATH("STATION", "station", "station"), NEED("WHY", "why", "revoke_why"),
    END_OPTIONS,
};
static const CtlColumn device_columns[] = {
    { "serial", "serial", CTL_AS_TEXT }, { "enrolled", "enrolled_us", CTL_AS_TIME },
    { "ends", "expires_us", CTL_AS_TIME }, { "revoked", "revoked_us", CTL_AS_TIME },
    { "why", "revoked_why", CTL_AS_TEXT }, END_COLUMNS,
};

/* --- announcements -------------------------------------------------------------------------------- */

static const CtlOption announcement_list_options[] = {
    QUERY("--area", "area", "home_below"),
    QUERY("--search", "search", "search"),
    QUERY("--category", "category", "category_of"), QUERY("--class", "class", "class_of"),
    QUERY("--state", "state", "state_of"), QUERY("--lacks", "lacks", "lacks_of"),
    QUERY("--after", "after", "after"),
    { "--limit", CTL_INT, CTL_IN_QUERY, "limit", FALSE, "limit" }, END_OPTIONS,
};
static const CtlColumn announcement_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "class", "class", CTL_AS_WORD },
    { "until", "valid_until_us", CTL_AS_TIME }, { "withdrawn", "withdrawn", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption announcement_add_options[] = {
    NEED("TITLE", "title", "title"), NEED("--home", "home", "home"),
    NEED("--source-number", "source_number", "source_number"),
    NEED("--source-issuer", "source_issuer", "source_issuer"),
    NEED("--source-date", "source_date", "source_date"),
    OWN("--valid-until", CTL_TEXT, TRUE, "valid_until"),
    OWN("--valid-from", CTL_TEXT, FALSE, "valid_from_new"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", FALSE, "areas_new" },
    MAY("--class", "class", "class"), MAY("--category", "category", "category"),
    MAY("--kind", "kind", "announcement_kind"),
    OWN("--version", CTL_PAIRS, FALSE, "version_file"), DECLARED(FALSE),
    OWN("--script", CTL_PAIRS, FALSE, "script"),
    OWN("--address", CTL_PAIRS, FALSE, "address_many"),
    OWN("--from", CTL_TEXT, FALSE, "from_font_many"),
    OWN("--announcer", CTL_TEXT, FALSE, "announcer"), OWN("--voice", CTL_TEXT, FALSE, "voice"), END_OPTIONS,
};
static const CtlOption announcement_change_options[] = {
    PATH("ANNOUNCEMENT", "announcement", "announcement"),
    MAY("--title", "title", "title"), MAY("--home", "home", "home"),
    MAY("--source-number", "source_number", "source_number"),
    MAY("--source-issuer", "source_issuer", "source_issuer"),
    MAY("--source-date", "source_date", "source_date"),
    OWN("--valid-from", CTL_TEXT, FALSE, "valid_from"),
    OWN("--valid-until", CTL_TEXT, FALSE, "valid_until"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", FALSE, "areas" },
    MAY("--class", "class", "class"), MAY("--category", "category", "category"),
    END_OPTIONS,
};
static const CtlColumn announcement_new_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "languages", "versions.*.language", CTL_AS_TEXT },
    { "versions", "versions.*.id", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption announcement_id[] = {
    PATH("ANNOUNCEMENT", "announcement", "announcement"), END_OPTIONS,
};
static const CtlColumn use_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT },
    { "agreed", "approved", CTL_AS_TEXT }, { "stopped", "stopped", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn lack_columns[] = {
    { "language", "language", CTL_AS_TEXT }, { "villages", "n_villages", CTL_AS_TEXT },
    { "hear", "hears", CTL_AS_TEXT }, { "such as", "names", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn category_columns[] = {
    { "category", "category", CTL_AS_TEXT }, { "announcements", "n", CTL_AS_TEXT }, { "offered", "offered", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn version_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD },
    { "checked", "checked_us", CTL_AS_TIME }, { "audio", "object", CTL_AS_TEXT }, { "note", "note", CTL_AS_TEXT },
    { "no state secret", "no_state_secret", CTL_AS_TEXT }, { "voice", "announcer_name", CTL_AS_TEXT }, { "brought by", "uploader_name", CTL_AS_TEXT },
    { "on behalf", "behalf", CTL_AS_TEXT }, { "address", "address", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn level_columns[] = {
    { "length", "duration_us", CTL_AS_DURATION }, { "loudness", "loudness_mlufs", CTL_AS_DB },
    { "peak", "peak_mdb", CTL_AS_DB }, { "audio", "hash", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption version_add_options[] = {
    OWN("ANNOUNCEMENT", CTL_TEXT, TRUE, "announcement"),
    OWN("LANGUAGE=FILE", CTL_TEXT, TRUE, "recording"),
    OWN("--script", CTL_PAIRS, FALSE, "script"),
    OWN("--address", CTL_PAIRS, FALSE, "address_many"),
    OWN("--from", CTL_TEXT, FALSE, "from_font_many"),
    OWN("--announcer", CTL_TEXT, FALSE, "announcer"), OWN("--voice", CTL_TEXT, FALSE, "voice"),
    DECLARED(TRUE), END_OPTIONS,
};
static const CtlOption version_judge_options[] = {
    OWN("VERSION", CTL_TEXT, TRUE, "version_seen"), DECLARED(TRUE), END_OPTIONS,
};
static const CtlOption version_id[] = { PATH("VERSION", "version", "version"), END_OPTIONS };
static const CtlOption version_change_options[] = {
    PATH("VERSION", "version", "version"), DECLARED(FALSE),
    OWN("--address", CTL_TEXT, FALSE, "address"),
    OWN("--script", CTL_PAIRS, FALSE, "script"),
    OWN("--from", CTL_TEXT, FALSE, "from_font"),
    OWN("--announcer", CTL_TEXT, FALSE, "announcer"), OWN("--voice", CTL_TEXT, FALSE, "voice"), END_OPTIONS,
};
static const CtlOption version_record_options[] = {
    PATH("VERSION", "version", "version"),
    OWN("FILE", CTL_TEXT, TRUE, "recording"), DECLARED(TRUE), END_OPTIONS,
};
static const CtlOption version_return_options[] = {
    PATH("VERSION", "version", "version"), NEED("NOTE", "note", "return_note"), END_OPTIONS,
};
static const CtlColumn difference_columns[] = {
    { "approved", "approved_us", CTL_AS_TIME }, { "by", "approver", CTL_AS_TEXT },
    { "other recording", "is_audio_changed", CTL_AS_TEXT },
    { "length before", "before.duration_us", CTL_AS_DURATION }, { "length", "now.duration_us", CTL_AS_DURATION },
    { "loudness before", "before.loudness_mlufs", CTL_AS_DB }, { "loudness", "now.loudness_mlufs", CTL_AS_DB },
    { "audio before", "before.hash", CTL_AS_TEXT }, { "audio", "now.hash", CTL_AS_TEXT },
    { "other text", "is_script_changed", CTL_AS_TEXT }, { "text", "marked", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption version_hear_options[] = {
    OWN("VERSION", CTL_TEXT, TRUE, "version_seen"), OWN("FILE", CTL_TEXT, TRUE, "listen_file"), END_OPTIONS,
};
static const CtlColumn listening_columns[] = {
    { "audio", "object", CTL_AS_TEXT }, { "length", "duration_us", CTL_AS_DURATION },
    { "began", "begun_us", CTL_AS_TIME }, { "heard", "heard_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption version_listen_options[] = {
    OWN("VERSION", CTL_TEXT, TRUE, "version"), OWN("FILE", CTL_TEXT, TRUE, "listen_file"),
    OWN("--original", CTL_FLAG, FALSE, "original"), END_OPTIONS,
};

static const CtlOption wanted_ask_options[] = {
    NEED("ANNOUNCEMENT", "announcement", "announcement"), NEED("LANGUAGE", "language", "wanted_language"),
    NEED("DATE", "by_date", "wanted_date"), MAY("--account", "account", "wanted_account"),
    MAY("--name", "name", "wanted_name"), MAY("--note", "note", "wanted_note"), END_OPTIONS,
};
static const CtlOption wanted_list_options[] = {
    QUERY("--area", "area", "home_below"), QUERY("--announcement", "announcement", "announcement"),
    QUERY("--whose", "whose", "wanted_whose"), END_OPTIONS,
};
static const CtlOption wanted_id[] = { PATH("WANTED", "wanted", "wanted"), END_OPTIONS };
static const CtlColumn wanted_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "of whom", "name", CTL_AS_TEXT }, { "by when", "by_date", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD },
    { "who asks", "author_name", CTL_AS_TEXT }, { "in words", "note", CTL_AS_TEXT },
    { "announcement", "announcement", CTL_AS_TEXT }, { "version", "version", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn person_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn checker_columns[] = {
    { "language", "language", CTL_AS_TEXT }, { "who checks", "checkers.*.name", CTL_AS_TEXT }, END_COLUMNS,
};

/* --- programme ------------------------------------------------------------------------------------- */

static const CtlColumn playlist_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "home", "home", CTL_AS_TEXT },
    { "items", "items.*.announcement", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption playlist_add_options[] = {
    NEED("NAME", "name", "name"), NEED("--home", "home", "playlist_home"),
    OWN("ITEM", CTL_LIST, TRUE, "item"), END_OPTIONS,
};
static const CtlOption playlist_change_options[] = {
    PATH("PLAYLIST", "playlist", "playlist"), MAY("--name", "name", "name"),
    MAY("--home", "home", "playlist_home"),
    OWN("ITEM", CTL_LIST, FALSE, "item_instead"),
    END_OPTIONS,
};
static const CtlColumn item_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "kind", "kind", CTL_AS_WORD },
    { "announcement", "announcement", CTL_AS_TEXT }, { "length", "duration_us", CTL_AS_DURATION }, END_COLUMNS,
};
static const CtlOption playlist_id[] = { PATH("PLAYLIST", "playlist", "playlist"), END_OPTIONS };
static const CtlColumn slot_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "at", "local_min", CTL_AS_CLOCK },
    { "from", "first_date", CTL_AS_TEXT }, { "to", "targets.*.area", CTL_AS_TEXT }, { "zones", "targets.*.zone", CTL_AS_TEXT }, { "rule", "rule", CTL_AS_TEXT }, { "playlist", "playlist", CTL_AS_TEXT },
    { "approved", "approved_us", CTL_AS_TIME }, { "stopped", "stopped", CTL_AS_TEXT },
    { "sent back", "note", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption slot_add_options[] = {
    NEED("NAME", "name", "name"), NEED("--home", "home", "home"),
    NEED("--playlist", "playlist", "played"), NEED("--date", "first_date", "first_date"),
    MAY_INT("--make-up-min", "make_up_min", "make_up_min"),
    OWN("--at", CTL_TEXT, TRUE, "at"),
    OWN("--to", CTL_LIST, TRUE, "to"),
    MAY("--rule", "rule", "rule_new"),
    MAY("--until", "until", "until"), MAY("--class", "class", "class"),
    MAY("--policy", "policy", "policy"),
    MAY("--order", "order", "order"),
    MAY("--tzid", "tzid", "tzid"), OWN("--gain", CTL_TEXT, FALSE, "gain"),
    { "--also", CTL_LIST, CTL_IN_BODY, "dates_in", FALSE, "also" },
    { "--except", CTL_LIST, CTL_IN_BODY, "dates_out", FALSE, "except" }, END_OPTIONS,
};
static const CtlOption slot_change_options[] = {
    PATH("SLOT", "slot", "slot"), MAY("--name", "name", "name"),
    MAY("--home", "home", "home"),
    MAY("--playlist", "playlist", "played"), MAY("--date", "first_date", "first_date"),
    MAY_INT("--make-up-min", "make_up_min", "make_up_min"),
    OWN("--at", CTL_TEXT, FALSE, "at"),
    OWN("--to", CTL_LIST, FALSE, "to_instead"),
    MAY("--rule", "rule", "rule"), MAY("--until", "until", "until_none"),
    MAY("--class", "class", "class"),
    MAY("--policy", "policy", "policy"),
    MAY("--order", "order", "order"),
    MAY("--tzid", "tzid", "tzid"), OWN("--gain", CTL_TEXT, FALSE, "gain"),
    { "--also", CTL_LIST, CTL_IN_BODY, "dates_in", FALSE, "also_instead" },
    { "--except", CTL_LIST, CTL_IN_BODY, "dates_out", FALSE, "except_instead" }, END_OPTIONS,
};
static const CtlOption slot_judge_options[] = { OWN("SLOT", CTL_TEXT, TRUE, "slot"), END_OPTIONS };
static const CtlOption slot_return_options[] = {
    OWN("SLOT", CTL_TEXT, TRUE, "slot"), NEED("NOTE", "note", "return_note"), END_OPTIONS,
};
static const CtlOption slot_id[] = { PATH("SLOT", "slot", "slot"), END_OPTIONS };
static const CtlOption override_options[] = {
    PATH("SLOT", "slot", "slot"), PATH("DATE", "date", "date"),
    MAY("--playlist", "playlist", "played_instead"), END_OPTIONS,
};
static const CtlOption slot_date[] = {
    PATH("SLOT", "slot", "slot"), PATH("DATE", "date", "date"), END_OPTIONS,
};
static const CtlColumn override_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT }, { "playlist", "playlist", CTL_AS_TEXT },
    { "content", "content", CTL_AS_TEXT }, { "approved", "approved_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption override_approve_options[] = {
    PATH("SLOT", "slot", "slot"), PATH("DATE", "date", "date"),
    OWN("CONTENT", CTL_TEXT, FALSE, "content_seen"), END_OPTIONS,
};

static const CtlOption override_return_options[] = {
    PATH("SLOT", "slot", "slot"), PATH("DATE", "date", "date"), NEED("NOTE", "note", "return_note"), END_OPTIONS,
};
static const CtlOption slot_try_options[] = {
    OWN("SLOT", CTL_TEXT, TRUE, "slot"), MAY("--playlist", "playlist", "played"),
    MAY("--date", "first_date", "first_date"), OWN("--at", CTL_TEXT, FALSE, "at"),
    OWN("--to", CTL_LIST, FALSE, "to_instead"), MAY("--rule", "rule", "rule"), END_OPTIONS,
};
static const CtlColumn trial_columns[] = {
    { "finding", "finding", CTL_AS_WORD }, { "slot", "name", CTL_AS_TEXT }, { "because of", "by", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT },
    { "villages", "n_villages", CTL_AS_TEXT }, { "such as", "villages", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption week_options[] = {
    PATH("AREA", "area", "week_area"), { "MONDAY", CTL_TEXT, CTL_IN_QUERY, "from", TRUE, "week_from" }, END_OPTIONS,
};
static const CtlOption week_submit_options[] = {
    OWN("AREA", CTL_TEXT, TRUE, "week_area"), OWN("MONDAY", CTL_TEXT, TRUE, "week_from"), END_OPTIONS,
};
static const CtlOption week_id[] = { PATH("PROGRAMME", "programme", "programme"), END_OPTIONS };
static const CtlOption week_approve_options[] = { OWN("PROGRAMME", CTL_TEXT, TRUE, "programme"), END_OPTIONS };
static const CtlOption week_return_options[] = {
    OWN("PROGRAMME", CTL_TEXT, TRUE, "programme"), NEED("NOTE", "note", "return_note"), END_OPTIONS,
};
static const CtlColumn week_columns[] = {
    { "change", "what", CTL_AS_TEXT }, { "slot", "slot", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT },
    { "date", "date", CTL_AS_TEXT }, { "was", "was", CTL_AS_TEXT }, { "is to be", "is", CTL_AS_TEXT }, END_COLUMNS,
};

static const CtlOption choice_set_options[] = {
    PATH("AREA", "area", "choice_area"),
    { "SLOT", CTL_LIST, CTL_IN_BODY, "slots", FALSE, "choice_slots" },
    END_OPTIONS,
};
static const CtlColumn choice_columns[] = {
    { "slot", "slot", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "class", "class", CTL_AS_WORD },
    { "at", "local_min", CTL_AS_CLOCK }, END_COLUMNS,
};
static const CtlOption proposal_id[] = { PATH("PROPOSAL", "proposal", "proposal"), END_OPTIONS };
static const CtlColumn proposal_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "change", "change", CTL_AS_WORD }, { "of", "path", CTL_AS_TEXT },
    { "by", "author", CTL_AS_TEXT }, { "since", "made_us", CTL_AS_TIME },
    { "speaker", "speaker_name", CTL_AS_TEXT }, { "into", "body", CTL_AS_TEXT },
    END_COLUMNS,
};

static const CtlColumn review_columns[] = {
    { "what", "kind", CTL_AS_WORD }, { "id", "id", CTL_AS_TEXT }, { "date", "date", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "by", "author", CTL_AS_TEXT }, { "since", "since_us", CTL_AS_TIME },
    { "on behalf of", "voice", CTL_AS_TEXT }, END_COLUMNS,
};

static const CtlOption notice_add_options[] = {
    OWN("TITLE", CTL_TEXT, TRUE, "title"),
    OWN("LANGUAGE=FILE", CTL_TEXT, TRUE, "notice_recording"),
    OWN("--home", CTL_TEXT, TRUE, "notice_home"),
    OWN("--to", CTL_LIST, TRUE, "notice_to"),
    OWN("--corrects", CTL_TEXT, FALSE, "notice_corrects"),
    OWN("--announcer", CTL_TEXT, FALSE, "announcer"), DECLARED(TRUE), END_OPTIONS,
};
static const CtlOption notice_approve_options[] = {
    OWN("NOTICE", CTL_TEXT, TRUE, "notice"), DECLARED(TRUE), END_OPTIONS,
};
static const CtlColumn notice_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "length", "duration_us", CTL_AS_DURATION }, { "state", "state", CTL_AS_WORD },
    { "heard at", "start_us", CTL_AS_TIME }, { "corrects", "corrects", CTL_AS_TEXT },
    { "on behalf of", "voice", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn heard_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "times", "times", CTL_AS_TEXT }, { "last", "last_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption offer_list_options[] = {
    QUERY("--area", "area", "offer_in"), QUERY("--announcement", "announcement", "offer_of"), END_OPTIONS,
};
static const CtlOption offer_add_options[] = {
    OWN("DEADLINE", CTL_TEXT, TRUE, "offer_deadline"),
    MAY("--announcement", "announcement", "offer_what"), MAY("--playlist", "playlist", "offer_programme"),
    NEED("--home", "home", "offer_home"),
    { "--to", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "offer_to" },
    MAY_INT("--hours", "lead_h", "offer_hours"), MAY("--name", "name", "name"), END_OPTIONS,
};
static const CtlOption offer_id[] = { PATH("OFFER", "offer", "offer"), END_OPTIONS };
static const CtlOption offer_show_options[] = {
    PATH("OFFER", "offer", "offer"), QUERY("--after", "after", "offer_after"), END_OPTIONS,
};
static const CtlOption offer_approve_options[] = { OWN("OFFER", CTL_TEXT, TRUE, "offer"), END_OPTIONS };
static const CtlOption offer_times_options[] = {
    PATH("OFFER", "offer", "offer"), PATH("AREA", "area", "offer_place"), END_OPTIONS,
};
static const CtlOption offer_place_options[] = {
    PATH("OFFER", "offer", "offer"), PATH("AREA", "area", "offer_place"),
    OWN("TIME", CTL_TEXT, TRUE, "offer_time"), END_OPTIONS,
};
static const CtlColumn offer_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "deadline", "until_us", CTL_AS_TIME },
    { "approved", "approved_us", CTL_AS_TIME }, { "by itself", "itself_us", CTL_AS_TIME },
    { "communes", "places", CTL_AS_TEXT }, { "placed", "placed", CTL_AS_TEXT },
    { "taken back", "ended_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn offer_place_columns[] = {
    { "commune", "area_name", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD }, { "at", "start_us", CTL_AS_TIME },
    { "chosen by", "placed_by", CTL_AS_TEXT }, { "heard by", "heard", CTL_AS_TEXT }, { "of", "zones", CTL_AS_TEXT },
    { "reason", "why", CTL_AS_REASON }, END_COLUMNS,
};
static const CtlColumn offer_time_columns[] = {
    { "at", "start_us", CTL_AS_TIME }, { "behind", "behind", CTL_AS_TEXT }, { "heard by", "heard", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption quiet_add_options[] = {
    OWN("PLACE", CTL_TEXT, TRUE, "to"),
    OWN("UNTIL", CTL_TEXT, TRUE, "quiet_until"),
    NEED("REASON", "reason", "quiet_reason"),
    MAY("--words", "words", "quiet_words"),
    OWN("--from", CTL_TEXT, FALSE, "quiet_from"), END_OPTIONS,
};
static const CtlOption grant_add_options[] = {
    OWN("GRANT", CTL_TEXT, TRUE, "grant_new"), NEED("NAME", "name", "grant_name"),
    OWN("UNTIL", CTL_TEXT, TRUE, "grant_until"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "alert_area" },
    { "--account", CTL_LIST, CTL_IN_BODY, "accounts", FALSE, "grant_account" },
    { "--template", CTL_LIST, CTL_IN_BODY, "templates", TRUE, "grant_template" },
    OWN("--button", CTL_LIST, FALSE, "grant_button"),
    { "--drills", CTL_FLAG, CTL_IN_BODY, "drills", FALSE, "grant_drills" },
    { "--starts", CTL_INT, CTL_IN_BODY, "max_starts", TRUE, "grant_starts" },
    { "--in-s", CTL_INT, CTL_IN_BODY, "span_s", TRUE, "grant_span" }, END_OPTIONS,
};
static const CtlOption grant_id[] = { PATH("GRANT", "grant", "grant"), END_OPTIONS };
static const CtlColumn grant_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "areas", "areas", CTL_AS_TEXT },
    { "accounts", "accounts", CTL_AS_TEXT }, { "without a PIN", "without_pin", CTL_AS_TEXT },
    { "buttons", "inputs.*.name", CTL_AS_TEXT }, { "templates", "templates", CTL_AS_TEXT },
    { "until", "expires_us", CTL_AS_TIME }, { "revoked", "revoked_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn local_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "station", "station_name", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "who", "by", CTL_AS_TEXT }, { "drill", "drill", CTL_AS_TEXT }, { "stopped", "stop", CTL_AS_TEXT },
    { "id", "alert", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption pin_options[] = {
    OWN("--password-file", CTL_TEXT, FALSE, "password_old"),
    OWN("--pin-file", CTL_TEXT, FALSE, "pin_file"), END_OPTIONS,
};
static const CtlOption quiet_id[] = { PATH("QUIET", "quiet", "quiet"), END_OPTIONS };
static const CtlColumn quiet_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT }, { "station", "station", CTL_AS_TEXT },
    { "zone", "zone", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME }, { "until", "until_us", CTL_AS_TIME },
    { "why", "reason", CTL_AS_WORD }, { "in words", "words", CTL_AS_TEXT },
    { "who", "author_name", CTL_AS_TEXT }, { "ended", "ended_us", CTL_AS_TIME }, END_COLUMNS,
};

/* --- alerts ---------------------------------------------------------------------------------------- */

#define ALERT_OPTIONS                                                                           \
    NEED("TEMPLATE", "template", "alert_template"),                                             \
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "alert_area" },                           \
    { "--value", CTL_LIST, CTL_IN_BODY, "values", FALSE, "alert_value" },                       \
    { "--replaces", CTL_LIST, CTL_IN_BODY, "replaces", FALSE, "alert_replaces" },               \
    MAY_INT("--severity", "severity", "alert_severity"),                                        \
    MAY_INT("--minutes", "minutes", "alert_minutes"),                                           \
    { "--import", CTL_TEXT, CTL_IN_BODY, "import", FALSE, "alert_import" }, END_OPTIONS
static const CtlOption alert_call_options[] = { ALERT_OPTIONS };
static const CtlOption alert_drill_options[] = { ALERT_OPTIONS };
static const CtlOption alert_preview_options[] = {
    { "--drill", CTL_FLAG, CTL_IN_BODY, "drill", FALSE, "alert_drill" }, ALERT_OPTIONS
};
#define SPEECH_OPTIONS                                                                          \
    OWN("FILE", CTL_TEXT, FALSE, "speech_file"),                                                \
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "alert_area" },                           \
    { "--minutes", CTL_INT, CTL_IN_BODY, "minutes", TRUE, "speech_minutes" },                   \
    MAY("--station", "station", "speech_station"), MAY("--order", "order", "speech_order"),      \
    { "--replaces", CTL_LIST, CTL_IN_BODY, "replaces", FALSE, "alert_replaces" },               \
    MAY_INT("--severity", "severity", "speech_severity"), END_OPTIONS
static const CtlOption alert_speak_options[] = { SPEECH_OPTIONS };
static const CtlOption alert_speak_drill_options[] = { SPEECH_OPTIONS };
static const CtlOption alert_listen_options[] = {
    OWN("ALERT", CTL_TEXT, TRUE, "alert"), OWN("FILE", CTL_TEXT, TRUE, "listen_file"), END_OPTIONS,
};
static const CtlOption speech_ask_options[] = {
    OWN("ORDER", CTL_TEXT, TRUE, "speech_order_new"), NEED("ABOUT", "about", "speech_about"),
    OWN("FROM", CTL_TEXT, TRUE, "speech_from"), OWN("UNTIL", CTL_TEXT, TRUE, "speech_until"),
    { "--area", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "alert_area" },
    { "--speaker", CTL_TEXT, CTL_IN_BODY, "speaker", TRUE, "speech_speaker" },
    MAY("--station", "station", "speech_station"),
    { "--drill", CTL_FLAG, CTL_IN_BODY, "drill", FALSE, "alert_drill" }, END_OPTIONS,
};
static const CtlOption speech_order_id[] = { PATH("ORDER", "order", "speech_order_old"), END_OPTIONS };
static const CtlColumn speech_order_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "about", "about", CTL_AS_TEXT }, { "speaker", "speaker_name", CTL_AS_TEXT },
    { "where", "areas", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME }, { "until", "ends_us", CTL_AS_TIME },
    { "approver", "approver_name", CTL_AS_TEXT }, { "alert", "alert", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption alert_part_options[] = {
    OWN("ALERT", CTL_TEXT, TRUE, "alert"), OWN("PART", CTL_TEXT, TRUE, "speech_part"),
    OWN("FILE", CTL_TEXT, TRUE, "listen_file"), END_OPTIONS,
};
static const CtlOption alert_id[] = { PATH("ALERT", "alert", "alert"), END_OPTIONS };
static const CtlOption alert_cap_options[] = {
    OWN("ALERT", CTL_TEXT, TRUE, "alert"), OWN("FILE", CTL_TEXT, TRUE, "cap_file"),
    OWN("--as-called", CTL_FLAG, FALSE, "as_called"), END_OPTIONS,
};
static const CtlOption alert_import_options[] = { OWN("FILE", CTL_TEXT, TRUE, "import_file"), END_OPTIONS };
static const CtlOption alert_import_id[] = { PATH("IMPORT", "import", "import"), END_OPTIONS };
static const CtlColumn alert_import_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD }, { "message", "message", CTL_AS_WORD },
    { "drill", "drill", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "sender", "sender", CTL_AS_TEXT },
    { "sent", "sent_us", CTL_AS_TIME }, { "until", "expires_us", CTL_AS_TIME },
    { "template", "drafts.*.template", CTL_AS_TEXT }, { "severity", "drafts.*.severity", CTL_AS_TEXT },
    { "area", "drafts.*.areas", CTL_AS_TEXT }, { "unknown places", "drafts.*.unknown", CTL_AS_TEXT },
    { "ends alerts", "ends.*.id", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption alert_silence_options[] = {
    { "AREA", CTL_LIST, CTL_IN_BODY, "areas", TRUE, "alert_area" }, END_OPTIONS,
};
/* --- messengers ------------------------------------------------------------------------------------ */

static const CtlOption messenger_list_options[] = {
    QUERY("--area", "area", "area_only"), QUERY("--alert", "alert", "alert"),
    QUERY("--date", "date", "messenger_date"),
    { "--waiting", CTL_FLAG, CTL_IN_QUERY, "waiting", FALSE, "messenger_waiting" }, END_OPTIONS,
};
static const CtlOption messenger_id[] = { PATH("TASK", "task", "messenger"), END_OPTIONS };
static const CtlOption messenger_village_options[] = {
    PATH("VILLAGE", "area", "messenger_village"), MAY_INT("--households", "households", "messenger_households"),
    { "--language", CTL_LIST, CTL_IN_BODY, "languages", FALSE, "messenger_language" },
    MAY("--signal", "signal", "messenger_signal"), END_OPTIONS,
};
static const CtlOption messenger_add_options[] = {
    PATH("VILLAGE", "area", "messenger_village"), OWN("NAME", CTL_TEXT, TRUE, "messenger_name"),
    OWN("MEANS", CTL_TEXT, TRUE, "messenger_means"), OWN("--phone", CTL_TEXT, FALSE, "messenger_phone"),
    OWN("--hours", CTL_TEXT, FALSE, "messenger_hours"), END_OPTIONS,
};
static const CtlOption messenger_remove_options[] = {
    PATH("VILLAGE", "area", "messenger_village"), OWN("NAME", CTL_TEXT, TRUE, "messenger_name"), END_OPTIONS,
};
static const CtlOption messenger_tell_options[] = {
    PATH("TASK", "task", "messenger"), NEED("MEANS", "means", "messenger_means"),
    MAY("--to", "person", "messenger_to"), MAY("--note", "note", "messenger_note"), END_OPTIONS,
};
static const CtlOption messenger_confirm_options[] = {
    PATH("TASK", "task", "messenger"), { "REACHED", CTL_INT, CTL_IN_BODY, "reached", TRUE, "messenger_reached" },
    { "HOUSEHOLDS", CTL_INT, CTL_IN_BODY, "households", TRUE, "messenger_households" },
    MAY("--means", "means", "messenger_means"), MAY("--by", "person", "messenger_by"),
    MAY("--note", "note", "messenger_note"), END_OPTIONS,
};
static const CtlOption messenger_fail_options[] = {
    PATH("TASK", "task", "messenger"), NEED("NOTE", "note", "messenger_fail"),
    MAY("--by", "person", "messenger_by"), END_OPTIONS,
};
static const CtlColumn messenger_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "what", "kind", CTL_AS_WORD }, { "drill", "drill", CTL_AS_TEXT }, { "why", "why", CTL_AS_WORD },
    { "state", "state", CTL_AS_WORD },
    { "reached", "reached", CTL_AS_TEXT }, { "households", "households", CTL_AS_TEXT },
    { "due", "due_us", CTL_AS_TIME }, { "asked first", "person", CTL_AS_TEXT }, { "phone", "phone", CTL_AS_TEXT },
    { "id", "id", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn messenger_text_columns[] = {
    { "language", "language", CTL_AS_TEXT }, { "text", "text", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn messenger_step_columns[] = {
    { "state", "state", CTL_AS_WORD }, { "when", "at_us", CTL_AS_TIME }, { "means", "means", CTL_AS_WORD },
    { "person", "person", CTL_AS_TEXT }, { "reached", "reached", CTL_AS_TEXT },
    { "households", "households", CTL_AS_TEXT }, { "in words", "note", CTL_AS_TEXT },
    { "said by", "author_name", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn messenger_village_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "households", "households", CTL_AS_TEXT },
    { "languages", "languages", CTL_AS_TEXT }, { "signal", "signal", CTL_AS_TEXT },
    { "messengers", "people.*.name", CTL_AS_TEXT }, { "phone", "people.*.phone", CTL_AS_TEXT },
    { "id", "village", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption alert_standard_options[] = { NEED("AREA", "area", "alert_home"), END_OPTIONS };
static const CtlColumn alert_new_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "drill", "drill", CTL_AS_TEXT },
    { "until", "expires_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn alert_spoken_columns[] = {
    { "part", "object", CTL_AS_TEXT }, { "from", "from_us", CTL_AS_TIME }, { "length", "duration_us", CTL_AS_DURATION },
    { "signed", "is_recorded", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn alert_speech_columns[] = {
    { "language", "language", CTL_AS_TEXT }, { "versions", "versions", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn alert_hear_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "languages", "heard", CTL_AS_TEXT },
    { "missing", "lacking", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn alert_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "drill", "drill", CTL_AS_TEXT },
    { "severity", "severity", CTL_AS_TEXT }, { "area", "areas", CTL_AS_TEXT },
    { "who", "author_name", CTL_AS_TEXT }, { "called", "issued_us", CTL_AS_TIME },
    { "sent", "published_us", CTL_AS_TIME }, { "until", "expires_us", CTL_AS_TIME },
    { "stopped", "stopped_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn alert_zone_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "station", "station", CTL_AS_TEXT },
    { "zone", "zone", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD }, { "why", "reason", CTL_AS_WORD },
    { "received", "taken_us", CTL_AS_TIME }, { "ended", "ended_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlColumn alert_template_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "blanks", "blanks", CTL_AS_TEXT },
    { "languages", "languages", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn alert_value_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "blanks", "blank", CTL_AS_WORD },
    { "languages", "languages", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption template_id[] = { PATH("TEMPLATE", "template", "alert_template"), END_OPTIONS };
#define TEMPLATE_OPTIONS                                                                        \
    MAY_INT("--severity", "severity", "template_severity"), MAY("--tone", "tone", "template_tone"), \
    MAY_INT("--tone-ms", "tone_ms", "template_tone_ms"), MAY_INT("--repeats", "repeats", "template_repeats"), \
    MAY_INT("--gap-ms", "gap_ms", "template_gap_ms"), MAY_INT("--again-s", "again_s", "template_again_s"), \
    MAY_INT("--minutes", "life_min", "template_minutes"), END_OPTIONS
static const CtlOption template_add_options[] = {
    PATH("TEMPLATE", "template", "template_new"), NEED("EVENT", "event", "template_event"),
    NEED("TITLE", "title", "template_title"),
    { "--part", CTL_LIST, CTL_IN_BODY, "parts", TRUE, "template_part" },
    OWN("--order", CTL_PAIRS, FALSE, "template_order"), TEMPLATE_OPTIONS
};
static const CtlOption template_change_options[] = {
    PATH("TEMPLATE", "template", "alert_template"), MAY("--event", "event", "template_event"),
    MAY("--title", "title", "template_title"),
    { "--part", CTL_LIST, CTL_IN_BODY, "parts", FALSE, "template_part" },
    OWN("--order", CTL_PAIRS, FALSE, "template_order"), TEMPLATE_OPTIONS
};
static const CtlOption template_retire_options[] = {
    PATH("TEMPLATE", "template", "alert_template"), NEED("WHY", "why", "template_why"), END_OPTIONS,
};
static const CtlColumn template_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "event", "event", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "severity", "severity", CTL_AS_TEXT }, { "tone", "tone", CTL_AS_TEXT },
    { "repeats", "repeats", CTL_AS_TEXT }, { "minutes", "life_min", CTL_AS_TEXT },
    { "parts", "parts", CTL_AS_TEXT }, { "ordered", "orders.*.language", CTL_AS_TEXT },
    { "orders", "orders.*.parts", CTL_AS_TEXT }, { "retired", "retired_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption phrase_add_options[] = {
    NEED("AREA", "area", "alert_home"), NEED("BLANK", "blank", "phrase_blank"),
    NEED("TEXT", "text", "phrase_text"), END_OPTIONS,
};
static const CtlColumn phrase_add_columns[] = { { "id", "phrase", CTL_AS_TEXT }, END_COLUMNS };
static const CtlOption phrase_options[] = {
    QUERY("--area", "area", "area_only"), QUERY("--language", "language", "phrase_language"), END_OPTIONS,
};
static const CtlColumn alert_phrase_columns[] = {
    { "id", "phrase", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "version", "version", CTL_AS_TEXT }, { "state", "state", CTL_AS_WORD },
    { "recorded", "has_audio", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlColumn alert_ready_columns[] = {
    { "station", "station", CTL_AS_TEXT }, { "name", "station_name", CTL_AS_TEXT },
    { "ready", "ready", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "missing", "missing", CTL_AS_TEXT }, { "knows alerts", "reads_them", CTL_AS_TEXT },
    { "microphone", "microphone", CTL_AS_TEXT }, END_COLUMNS,
};

/* --- what is, was and will be heard ------------------------------------------------------------------ */

static const CtlOption preview_options[] = {
    PATH("AREA", "area", "area_any"),
    { "DATE", CTL_TEXT, CTL_IN_QUERY, "date", TRUE, "date" }, END_OPTIONS,
};
static const CtlColumn preview_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "length", "duration_us", CTL_AS_DURATION },
    { "zone", "zone", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "remark", "finding", CTL_AS_WORD },
    { "who asks", "quiet.who", CTL_AS_TEXT }, { "why", "quiet.reason", CTL_AS_WORD },
    { "special day", "special_name", CTL_AS_TEXT }, { "not checked", "source", CTL_AS_WORD }, END_COLUMNS,
};
static const CtlOption day_list_options[] = {
    QUERY("--area", "area", "day_in"), QUERY("--from", "from", "day_since"),
    QUERY("--to", "to", "day_until"), END_OPTIONS,
};
static const CtlColumn day_columns[] = {
    { "id", "id", CTL_AS_TEXT }, { "name", "name", CTL_AS_TEXT }, { "area", "area", CTL_AS_TEXT },
    { "first", "first_date", CTL_AS_TEXT }, { "last", "last_date", CTL_AS_TEXT },
    { "from", "from_min", CTL_AS_CLOCK }, { "to", "to_min", CTL_AS_CLOCK },
    { "act", "act", CTL_AS_WORD }, { "minutes", "minutes", CTL_AS_TEXT },
    { "playlist", "playlist", CTL_AS_TEXT }, { "off", "off", CTL_AS_TEXT },
    { "revision", "revision", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption day_put_options[] = {
    PATH("DAY", "day", "day_new"), NEED("NAME", "name", "day_name"),
    NEED("--area", "area", "day_area"), NEED("--first", "first_date", "day_first"),
    NEED("--last", "last_date", "day_last"), NEED("--act", "act", "day_act"),
    MAY_INT("--minutes", "minutes", "day_minutes"), MAY("--playlist", "playlist", "played_instead"),
    MAY_INT("--from-min", "from_min", "day_from"), MAY_INT("--to-min", "to_min", "day_to"),
    MAY_INT("--revision", "revision", "day_revision"),
    { "--off", CTL_FLAG, CTL_IN_BODY, "off", FALSE, "day_off" }, END_OPTIONS,
};
static const CtlOption make_up_options[] = {
    PATH("STATION", "station", "station"), PATH("OCCURRENCE", "occurrence", "make_up_occurrence"),
    PATH("ITEM", "item", "make_up_item"), NEED("--date", "date", "make_up_date"), END_OPTIONS,
};
static const CtlColumn make_up_columns[] = {
    { "zone", "zone", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "planned", "planned_us", CTL_AS_TIME }, { "at", "start_us", CTL_AS_TIME }, END_COLUMNS,
};
static const CtlOption plan_options[] = {
    { "AREA", CTL_TEXT, CTL_IN_QUERY, "area", TRUE, "area_any" },
    { "FROM", CTL_TEXT, CTL_IN_QUERY, "from", TRUE, "first_date" },
    QUERY("--days", "days", "days"), END_OPTIONS,
};
static const CtlColumn plan_columns[] = {
    { "at", "at_us", CTL_AS_TIME }, { "length", "duration_us", CTL_AS_DURATION },
    { "zones", "zones", CTL_AS_TEXT }, { "language", "language", CTL_AS_TEXT },
    { "title", "title", CTL_AS_TEXT }, { "slot", "slot", CTL_AS_TEXT },
    { "remark", "finding", CTL_AS_WORD }, END_COLUMNS,
};
static const CtlColumn status_columns[] = {
    { "station", "station", CTL_AS_TEXT }, { "contact", "contact", CTL_AS_WORD },
    { "last contact", "state.contact_us", CTL_AS_TIME },
    { "issued", "issued_version", CTL_AS_TEXT }, { "in force", "state.accepted_version", CTL_AS_TEXT },
    { "days ready", "heartbeat.days_ready", CTL_AS_TEXT }, { "clock", "heartbeat.trust", CTL_AS_WORD },
    { "sounding", "heartbeat.sounding.0.title", CTL_AS_TEXT }, { "faults", "heartbeat.faults", CTL_AS_REMARKS },
    { "last off", "last_off", CTL_AS_TEXT }, { "refused", "state.refusal", CTL_AS_REMARKS },
    { "remark", "certificate.remark", CTL_AS_REMARKS }, END_COLUMNS,
};
static const CtlOption delivery_options[] = {
    QUERY("--area", "area", "area_only"),
    QUERY("--date", "date", "date_today"),
    OWN("--check", CTL_FLAG, FALSE, "check"), END_OPTIONS,
};
static const CtlColumn delivery_columns[] = {
    { "village", "village_name", CTL_AS_TEXT }, { "title", "title", CTL_AS_TEXT },
    { "language", "language", CTL_AS_TEXT }, { "planned", "planned_start_us", CTL_AS_TIME },
    { "began", "started_us", CTL_AS_TIME }, { "heard", "heard_us", CTL_AS_DURATION },
    { "level", "level_mdb", CTL_AS_DB }, { "relay", "relay_confirmed", CTL_AS_TEXT }, { "line", "line", CTL_AS_WORD },
    { "state", "state", CTL_AS_WORD }, { "reason", "why", CTL_AS_REASON }, END_COLUMNS,
};
static const CtlOption figures_options[] = {
    PATH("AREA", "area", "area_any"),
    OWN("--month", CTL_TEXT, FALSE, "figures_month"), OWN("--week", CTL_TEXT, FALSE, "figures_week"),
    OWN("--by", CTL_TEXT, FALSE, "figures_by"), END_OPTIONS,
};
static const CtlColumn figures_columns[] = {
    { "name", "label", CTL_AS_TEXT }, { "planned", "planned_us", CTL_AS_DURATION }, { "heard", "heard_us", CTL_AS_DURATION },
    { "heard whole", "n_delivered", CTL_AS_TEXT }, { "in part", "n_partial", CTL_AS_TEXT },
    { "not at all", "n_missed", CTL_AS_TEXT }, { "on the way", "n_waiting", CTL_AS_TEXT },
    { "not heard from", "n_no_contact", CTL_AS_TEXT }, { "asked quiet", "n_quiet", CTL_AS_TEXT }, END_COLUMNS,
};
static const CtlOption audit_options[] = {
    QUERY("--object", "object", "object"), QUERY("--actor", "actor", "actor_of"),
    QUERY("--action", "action", "action_of"), QUERY("--date", "date", "date"),
    QUERY("--before", "before", "before"),
    { "--limit", CTL_INT, CTL_IN_QUERY, "limit", FALSE, "limit" }, END_OPTIONS,
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
    PATH("KEY", "key", "setting"), NEED("VALUE", "value", "value"), END_OPTIONS,
};

const CtlCommand ctl_commands[] = {
    { "sign-in", "POST", "/api/session", sign_in_options, NULL, sign_in_columns, ctl_sign_in },
    { "sign-out", "DELETE", "/api/session", no_options, NULL, NULL, ctl_sign_out },
    { "whoami", "GET", "/api/session", no_options, NULL, me_columns, NULL },
    { "password", "PUT", "/api/session/password", password_options, NULL, NULL, ctl_password },
    { "session list", "GET", "/api/sessions", no_options, "sessions", session_columns, NULL },
    { "session close", "DELETE", "/api/sessions/{session}", session_id, NULL, NULL, NULL },
    { "session end", "DELETE", "/api/sessions", keep_options, NULL, NULL, NULL },
    { "notes seen", "DELETE", "/api/session/notes", no_options, NULL, NULL, NULL },
    { "factor begin", "POST", "/api/session/factor", proof_options, NULL, secret_columns, ctl_factor_begin },
    { "factor confirm", "POST", "/api/session/factor/confirm", code_options, NULL, codes_columns, NULL },
    { "factor remove", "POST", "/api/session/factor/remove", proof_options, NULL, NULL, ctl_factor_remove },
    { "factor-reset ask", "POST", "/api/accounts/{account}/factor-reset", reset_options, NULL, NULL, NULL },
    { "factor-reset confirm", "POST", "/api/accounts/{account}/factor-reset/confirm", account_id, NULL, NULL, NULL },
    { "factor-reset refuse", "DELETE", "/api/accounts/{account}/factor-reset", account_id, NULL, NULL, NULL },
    { "account list", "GET", "/api/accounts", no_options, "accounts", account_columns, NULL },
    { "account add", "POST", "/api/accounts", account_add_options, NULL, account_new_columns, ctl_account_add },
    { "account show", "GET", "/api/accounts/{account}", account_id, "rights", right_columns, NULL },
    { "account state", "PUT", "/api/accounts/{account}/state", account_state_options, NULL, NULL, NULL },
    { "account password", "PUT", "/api/accounts/{account}/password", account_password_options, NULL, password_columns, ctl_account_password },
    { "account reach", "PUT", "/api/accounts/{account}/reach", reach_options, NULL, NULL, NULL },
    { "messages mine", "GET", "/api/session/messages", no_options, "events", choice_columns_of_me, NULL },
    { "messages set", "PUT", "/api/session/messages", messages_set_options, NULL, NULL, ctl_messages_set },
    { "messages test", "POST", "/api/session/messages/test", message_test_options, NULL, NULL, NULL },
    { "messages list", "GET", "/api/messages", message_list_options, "messages", message_columns, NULL },
    { "unapproved", "GET", "/api/unapproved", unapproved_options, "unapproved", unapproved_columns, NULL },
    { "right give", "PUT", "/api/accounts/{account}/rights", right_options, NULL, NULL, ctl_right_set },
    { "right take", "POST", "/api/accounts/{account}/rights/revoke", right_options, NULL, NULL, ctl_right_set },
    { "area alone", "GET", "/api/alone", no_options, "alone", alone_columns, NULL },
    { "area list", "GET", "/api/areas", area_list_options, "areas", area_columns, NULL },
    { "area show", "GET", "/api/areas/{area}", area_id, NULL, area_columns, NULL },
    { "area on-call", "GET", "/api/areas/{area}/on-call", area_id, "people", on_call_columns, NULL },
    { "area put", "PUT", "/api/areas/{area}", area_put_options, NULL, NULL, NULL },
    { "area remove", "DELETE", "/api/areas/{area}", area_id, NULL, NULL, NULL },
    { "area import", "POST", "/api/areas/import", file_options, NULL, import_columns, ctl_area_import },
    { "area compare", "POST", "/api/areas/import/preview", file_options, "changes", import_preview_columns, ctl_area_import },
    { "windows compare", "POST", "/api/areas/{area}/windows/preview", windows_set_options, "changes", hours_columns, ctl_windows_set },
    { "windows set", "PUT", "/api/areas/{area}/windows", windows_set_options, "in_force", window_columns, ctl_windows_set },
    { "windows show", "GET", "/api/areas/{area}/windows", area_id, "in_force", window_columns, NULL },
    { "station list", "GET", "/api/stations", in_area, "stations", station_columns, NULL },
    { "station put", "PUT", "/api/stations/{station}", station_put_options, NULL, NULL, NULL },
    { "station show", "GET", "/api/stations/{station}", station_id, "zones", zone_columns, ctl_station_show },
    { "station enrol", "POST", "/api/stations/{station}/enrolment", station_id, NULL, code_columns, NULL },
    { "station revoke", "POST", "/api/stations/{station}/revoke", revoke_options, NULL, NULL, NULL },
    { "station devices", "GET", "/api/stations/{station}/devices", station_id, "devices", device_columns, NULL },
    { "station tests", "GET", "/api/stations/{station}/tests", station_id, "tests", test_columns, NULL },
    { "station history", "GET", "/api/stations/{station}/history", history_options, "events", history_columns, NULL },
    { "output put", "PUT", "/api/stations/{station}/outputs/{output}", output_put_options, NULL, NULL, NULL },
    { "output list", "GET", "/api/stations/{station}", station_id, "outputs", output_columns, NULL },
    { "output remove", "DELETE", "/api/stations/{station}/outputs/{output}", output_id, NULL, NULL, NULL },
    { "zone put", "PUT", "/api/stations/{station}/zones/{zone}", zone_put_options, NULL, NULL, NULL },
    { "zone remove", "DELETE", "/api/stations/{station}/zones/{zone}", zone_id, NULL, NULL, NULL },
    { "zone test", "POST", "/api/stations/{station}/zones/{zone}/tests", zone_test_options, NULL, test_columns, NULL },
    { "volume set", "PUT", "/api/stations/{station}/zones/{zone}/volumes", volume_set_options, NULL, NULL, ctl_volume_set },
    { "volume list", "GET", "/api/stations/{station}", station_id, "volumes", volume_columns, NULL },
    { "announcement list", "GET", "/api/announcements", announcement_list_options, "announcements", announcement_columns, NULL },
    { "announcement add", "POST", "/api/announcements", announcement_add_options, NULL, announcement_new_columns, ctl_announcement_add },
    { "announcement categories", "GET", "/api/categories", no_options, "categories", category_columns, NULL },
    { "announcement uses", "GET", "/api/announcements/{announcement}/uses", announcement_id, "uses", use_columns, NULL },
    { "announcement lacks", "GET", "/api/announcements/{announcement}/uses", announcement_id, "lacks", lack_columns, NULL },
    { "announcement show", "GET", "/api/announcements/{announcement}", announcement_id, "versions", version_columns, NULL },
    { "announcement change", "PUT", "/api/announcements/{announcement}", announcement_change_options, NULL, announcement_new_columns, ctl_announcement_change },
    { "announcement withdraw", "POST", "/api/announcements/{announcement}/withdraw", announcement_id, NULL, NULL, NULL },
    { "version add", "POST", "/api/announcements/{announcement}/versions", version_add_options, NULL, version_columns, ctl_version_add },
    { "version show", "GET", "/api/versions/{version}", version_id, NULL, version_columns, NULL },
    { "version change", "PUT", "/api/versions/{version}", version_change_options, NULL, version_columns, ctl_version_change },
    { "version record", "PUT", "/api/versions/{version}/audio", version_record_options, NULL, version_columns, ctl_version_record },
    { "version remove", "DELETE", "/api/versions/{version}", version_id, NULL, NULL, NULL },
    { "version check", "POST", "/api/versions/{version}/check", version_judge_options, NULL, version_columns, ctl_version_judge },
    { "version approve", "POST", "/api/versions/{version}/approve", version_judge_options, NULL, version_columns, ctl_version_judge },
    { "wanted ask", "POST", "/api/wanted", wanted_ask_options, NULL, wanted_columns, NULL },
    { "wanted list", "GET", "/api/wanted", wanted_list_options, "wanted", wanted_columns, NULL },
    { "wanted withdraw", "POST", "/api/wanted/{wanted}/withdraw", wanted_id, NULL, wanted_columns, NULL },
    { "announcement askable", "GET", "/api/announcements/{announcement}/people", announcement_id, "askable", person_columns, NULL },
    { "announcement checkers", "GET", "/api/announcements/{announcement}/people", announcement_id, "languages", checker_columns, NULL },
    { "version return", "POST", "/api/versions/{version}/return", version_return_options, NULL, NULL, NULL },
    { "version level", "GET", "/api/versions/{version}/waveform", version_id, NULL, level_columns, NULL },
    { "version difference", "GET", "/api/versions/{version}/difference", version_id, NULL, difference_columns, NULL },
    { "version hear", "POST", "/api/versions/{version}/listen", version_hear_options, NULL, listening_columns, ctl_version_hear },
    { "version listen", "GET", "/api/versions/{version}/audio", version_listen_options, NULL, NULL, ctl_version_listen },
    { "playlist list", "GET", "/api/playlists", in_area, "playlists", playlist_columns, NULL },
    { "playlist add", "POST", "/api/playlists", playlist_add_options, NULL, playlist_columns, ctl_playlist_add },
    { "playlist show", "GET", "/api/playlists/{playlist}", playlist_id, "items", item_columns, NULL },
    { "playlist change", "PUT", "/api/playlists/{playlist}", playlist_change_options, NULL, playlist_columns, ctl_playlist_change },
    { "playlist remove", "DELETE", "/api/playlists/{playlist}", playlist_id, NULL, NULL, NULL },
    { "slot list", "GET", "/api/slots", in_area, "slots", slot_columns, NULL },
    { "slot add", "POST", "/api/slots", slot_add_options, NULL, slot_columns, ctl_slot_add },
    { "slot show", "GET", "/api/slots/{slot}", slot_id, "dates", override_columns, NULL },
    { "slot change", "PUT", "/api/slots/{slot}", slot_change_options, NULL, slot_columns, ctl_slot_change },
    { "slot approve", "POST", "/api/slots/{slot}/approve", slot_judge_options, NULL, slot_columns, ctl_slot_judge },
    { "slot return", "POST", "/api/slots/{slot}/return", slot_return_options, NULL, slot_columns, ctl_slot_judge },
    { "slot stop", "POST", "/api/slots/{slot}/stop", slot_id, NULL, NULL, NULL },
    { "slot try", "POST", "/api/slot-trials", slot_try_options, "lines", trial_columns, ctl_slot_try },
    { "week waiting", "GET", "/api/areas/{area}/programme", week_options, "parts", week_columns, ctl_week_show },
    { "week submit", "POST", "/api/areas/{area}/programme", week_submit_options, "parts", week_columns, ctl_week_submit },
    { "week show", "GET", "/api/programmes/{programme}", week_id, "parts", week_columns, ctl_week_show },
    { "week approve", "POST", "/api/programmes/{programme}/approve", week_approve_options, "parts", week_columns, ctl_week_judge },
    { "week return", "POST", "/api/programmes/{programme}/return", week_return_options, "parts", week_columns, ctl_week_judge },
    { "slot date set", "PUT", "/api/slots/{slot}/dates/{date}", override_options, "dates", override_columns, NULL },
    { "slot date remove", "DELETE", "/api/slots/{slot}/dates/{date}", slot_date, NULL, NULL, NULL },
    { "slot date approve", "POST", "/api/slots/{slot}/dates/{date}/approve", override_approve_options, "dates", override_columns, ctl_date_approve },
    { "slot date return", "POST", "/api/slots/{slot}/dates/{date}/return", override_return_options, "dates", override_columns, ctl_date_return },
    { "choice set", "PUT", "/api/areas/{area}/choices", choice_set_options, "choices", choice_columns, NULL },
    { "choice show", "GET", "/api/areas/{area}/choices", area_id, "choices", choice_columns, NULL },
    { "review", "GET", "/api/review", no_options, "waiting", review_columns, NULL },
    { "day list", "GET", "/api/days", day_list_options, "days", day_columns, NULL },
    { "day put", "PUT", "/api/days/{day}", day_put_options, NULL, day_columns, NULL },
    { "notice add", "POST", "/api/notices", notice_add_options, NULL, notice_columns, ctl_notice_add },
    { "notice list", "GET", "/api/notices", in_area, "notices", notice_columns, NULL },
    { "notice approve", "POST", "/api/notices/{notice}/approve", notice_approve_options, NULL, notice_columns, ctl_notice_approve },
    { "announcement heard", "GET", "/api/announcements/{announcement}/heard", announcement_id, "heard", heard_columns, NULL },
    { "make-up", "PUT", "/api/stations/{station}/make-ups/{occurrence}/{item}", make_up_options, "make_ups", make_up_columns, NULL },
    { "offer list", "GET", "/api/offers", offer_list_options, "offers", offer_columns, NULL },
    { "offer add", "POST", "/api/offers", offer_add_options, NULL, offer_columns, ctl_offer_add },
    { "offer show", "GET", "/api/offers/{offer}", offer_show_options, "where", offer_place_columns, NULL },
    { "offer approve", "POST", "/api/offers/{offer}/approve", offer_approve_options, NULL, offer_columns, ctl_offer_approve },
    { "offer end", "POST", "/api/offers/{offer}/end", offer_id, NULL, offer_columns, NULL },
    { "offer times", "GET", "/api/offers/{offer}/areas/{area}/times", offer_times_options, "times", offer_time_columns, NULL },
    { "offer place", "PUT", "/api/offers/{offer}/areas/{area}", offer_place_options, NULL, offer_place_columns, ctl_offer_place },
    { "quiet add", "POST", "/api/quiets", quiet_add_options, NULL, quiet_columns, ctl_quiet_add },
    { "grant add", "PUT", "/api/grants/{grant}", grant_add_options, NULL, grant_columns, ctl_grant_add },
    { "grant list", "GET", "/api/grants", in_area, "grants", grant_columns, NULL },
    { "alert local", "GET", "/api/local-orders", no_options, "orders", local_columns, NULL },
    { "grant revoke", "POST", "/api/grants/{grant}/revoke", grant_id, NULL, grant_columns, NULL },
    { "pin set", "PUT", "/api/session/pin", pin_options, NULL, NULL, ctl_pin },
    { "quiet list", "GET", "/api/quiets", in_area, "quiets", quiet_columns, NULL },
    { "quiet end", "POST", "/api/quiets/{quiet}/end", quiet_id, NULL, quiet_columns, NULL },
    { "messenger list", "GET", "/api/messenger-tasks", messenger_list_options, "tasks", messenger_columns, NULL },
    { "messenger show", "GET", "/api/messenger-tasks/{task}", messenger_id, "texts", messenger_text_columns, NULL },
    { "messenger history", "GET", "/api/messenger-tasks/{task}", messenger_id, "steps", messenger_step_columns, NULL },
    { "messenger tell", "POST", "/api/messenger-tasks/{task}/steps", messenger_tell_options, NULL, messenger_columns, ctl_messenger_tell },
    { "messenger confirm", "POST", "/api/messenger-tasks/{task}/steps", messenger_confirm_options, NULL, messenger_columns, ctl_messenger_confirm },
    { "messenger fail", "POST", "/api/messenger-tasks/{task}/steps", messenger_fail_options, NULL, messenger_columns, ctl_messenger_fail },
    { "messenger villages", "GET", "/api/messenger-villages", in_area, "villages", messenger_village_columns, NULL },
    { "messenger village", "PUT", "/api/messenger-villages/{area}", messenger_village_options, NULL, messenger_village_columns, ctl_messenger_village },
    { "messenger contact add", "PUT", "/api/messenger-villages/{area}", messenger_add_options, NULL, messenger_village_columns, ctl_messenger_add },
    { "messenger contact remove", "PUT", "/api/messenger-villages/{area}", messenger_remove_options, NULL, messenger_village_columns, ctl_messenger_remove },
    { "alert call", "POST", "/api/alerts", alert_call_options, NULL, alert_new_columns, ctl_alert_call },
    { "alert drill", "POST", "/api/alerts", alert_drill_options, NULL, alert_new_columns, ctl_alert_drill },
    { "alert speak", "POST", "/api/alert-speeches", alert_speak_options, NULL, alert_new_columns, ctl_alert_speak },
    { "alert speak-drill", "POST", "/api/alert-speeches", alert_speak_drill_options, NULL, alert_new_columns, ctl_alert_speak_drill },
    { "alert listen", "GET", "/api/alerts/{alert}/speech", alert_listen_options, NULL, NULL, ctl_alert_listen },
    { "speech ask", "PUT", "/api/speech-orders/{order}", speech_ask_options, NULL, speech_order_columns, ctl_speech_ask },
    { "speech withdraw", "DELETE", "/api/speech-orders/{order}", speech_order_id, NULL, NULL, NULL },
    { "speech list", "GET", "/api/speech-orders", no_options, "orders", speech_order_columns, NULL },
    { "alert spoken", "GET", "/api/alerts/{alert}", alert_id, "spoken", alert_spoken_columns, NULL },
    { "alert listen-part", "GET", "/api/alerts/{alert}/speech-parts/{object}", alert_part_options, NULL, NULL, ctl_alert_listen_part },
    { "alert preview", "POST", "/api/alert-previews", alert_preview_options, "speeches", alert_speech_columns, NULL },
    { "alert hearers", "POST", "/api/alert-previews", alert_preview_options, "villages", alert_hear_columns, NULL },
    { "alert stop", "POST", "/api/alerts/{alert}/stop", alert_id, "zones", alert_zone_columns, NULL },
    { "alert silence", "POST", "/api/alert-stops", alert_silence_options, NULL, NULL, NULL },
    { "alert state", "GET", "/api/alerts/{alert}", alert_id, "zones", alert_zone_columns, NULL },
    { "alert list", "GET", "/api/alerts", in_area, "alerts", alert_columns, NULL },
    { "alert cap", "GET", "/api/alerts/{alert}/cap", alert_cap_options, NULL, NULL, ctl_alert_cap },
    { "alert import", "POST", "/api/alert-imports", alert_import_options, NULL, alert_import_columns, ctl_alert_import },
    { "alert imported", "GET", "/api/alert-imports/{import}", alert_import_id, NULL, alert_import_columns, NULL },
    { "alert imports", "GET", "/api/alert-imports", no_options, "imports", alert_import_columns, NULL },
    { "alert notes", "GET", "/api/alert-notes", no_options, "alerts", alert_columns, NULL },
    { "alert seen", "POST", "/api/alerts/{alert}/seen", alert_id, NULL, NULL, NULL },
    { "alert templates", "GET", "/api/alert-templates", no_options, "templates", alert_template_columns, NULL },
    { "alert values", "GET", "/api/alert-templates", no_options, "values", alert_value_columns, NULL },
    { "alert standard", "POST", "/api/alert-templates/standard", alert_standard_options, NULL, NULL, NULL },
    { "template show", "GET", "/api/alert-templates/{template}", template_id, NULL, template_columns, NULL },
    { "template add", "PUT", "/api/alert-templates/{template}", template_add_options, NULL, template_columns, ctl_template_add },
    { "template change", "PUT", "/api/alert-templates/{template}", template_change_options, NULL, template_columns, ctl_template_change },
    { "template retire", "POST", "/api/alert-templates/{template}/retire", template_retire_options, NULL, template_columns, NULL },
    { "template phrase", "POST", "/api/alert-phrases", phrase_add_options, NULL, phrase_add_columns, NULL },
    { "alert phrases", "GET", "/api/alert-phrases", phrase_options, "phrases", alert_phrase_columns, NULL },
    { "alert ready", "GET", "/api/alert-readiness", in_area, "stations", alert_ready_columns, NULL },
    { "proposal list", "GET", "/api/proposals", no_options, "proposals", proposal_columns, NULL },
    { "proposal approve", "POST", "/api/proposals/{proposal}/approve", proposal_id, NULL, NULL, NULL },
    { "proposal refuse", "POST", "/api/proposals/{proposal}/refuse", proposal_id, NULL, NULL, NULL },
    { "preview", "GET", "/api/areas/{area}/preview", preview_options, "lines", preview_columns, ctl_preview },
    { "plan", "GET", "/api/plan", plan_options, "lines", plan_columns, ctl_preview },
    { "status", "GET", "/api/status", in_area, "stations", status_columns, ctl_status },
    { "delivery", "GET", "/api/delivery", delivery_options, "deliveries", delivery_columns, ctl_delivery },
    { "figures", "GET", "/api/areas/{area}/figures", figures_options, "figures", figures_columns, ctl_figures },
    { "audit list", "GET", "/api/audit", audit_options, "rows", audit_columns, NULL },
    { "audit verify", "GET", "/api/audit/verify", no_options, NULL, verify_columns, ctl_audit_verify },
    { "settings list", "GET", "/api/settings", no_options, "settings", setting_columns, ctl_settings },
    { "settings set", "PUT", "/api/settings/{key}", setting_options, NULL, NULL, NULL },
    { "language list", "GET", "/api/languages", no_options, "languages", language_columns, NULL },
    { NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */
