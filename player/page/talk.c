/* talk.c - the tables of what loa-page and loa-player say to each other. See talk.h. Pure. */
#include "player/page/talk.h"

#include "content/document-rows.h"
#include "content/template.h"

#define MAX_TEMPLATES 64
#define MAX_ORDERED   32 /* values of one order */
#define HASH_BYTES    127
#define PIN_BYTES     64
#define KEY_DIGITS    32
/* "AB:CD:…" of SHA-256 */
#define FINGERPRINT_BYTES 95
#define OF_VALUES         "What fills its blanks."

/* clang-format off */
const char *const play_page_act_words[] = { "people", "choices", "state", "start", "stop", "hello", NULL };
const char *const play_page_far_words[] = { "received", "held", "relay_on", "sounding", "done", "stopped", "failed", NULL };

static const ContentMember play_page_ask_members[] = {
    ROW_OPTIONAL_WORD(PlayPageAsk, account, ID, "Who has signed in."),
    ROW_ENUM(PlayPageAsk, act, play_page_act_words, "What is asked."),
    ROW_OPTIONAL_WORD(PlayPageAsk, alert, ID, "Which is to stop; absent: all."),
    ROW_OPTIONAL_TEXT(PlayPageAsk, certificate, 1, FINGERPRINT_BYTES, "Its fingerprint."),
    ROW_OPTIONAL_BOOL(PlayPageAsk, drill, "As a drill."),
    ROW_OPTIONAL_WORD(PlayPageAsk, key, ID, "Of this act, for each try the same."),
    ROW_ANY(PlayPageAsk, template_, "template", CONTENT_MEMBER_ID, .unit = "", .meaning = "What to start."),
    ROW_ANY(PlayPageAsk, values, "values", CONTENT_MEMBER_ID, .is_list = TRUE, .max_count = MAX_ORDERED, .unit = "", .meaning = OF_VALUES),
    ROW_ANY(PlayPageAsk, villages, "villages", CONTENT_MEMBER_ID, .is_list = TRUE, .max_count = PLAY_PAGE_MAX_ZONES, .unit = "", .meaning = "Where."),
    ROW_END,
};

static const ContentMember play_page_account_shape_members[] = {
    ROW_WORD(PlayPageAccount, id, ID, "Account."),
    ROW_TEXT(PlayPageAccount, name, 1, ROW_NAME_MAX_BYTES, "Whose it is."),
    ROW_TEXT(PlayPageAccount, pin_hash, 1, HASH_BYTES, "The PIN by argon2id."),
    ROW_END,
};

static const ContentMember play_page_people_members[] = {
    ROW_STRUCTS(PlayPagePeople, accounts, PLAY_PAGE_MAX_PEOPLE, play_page_account_shape, "Who may sign in."),
    ROW_TEXT(PlayPagePeople, station, 0, ROW_NAME_MAX_BYTES, "Name of the station."),
    ROW_END,
};

static const ContentMember play_page_name_shape_members[] = {
    ROW_WORD(PlayPageName, id, ID, "Account, or zone."),
    ROW_TEXT(PlayPageName, name, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_END,
};

static const ContentMember play_page_names_members[] = {
    ROW_STRUCTS(PlayPageNames, names, PLAY_PAGE_MAX_PEOPLE, play_page_name_shape, "Who may sign in."),
    ROW_TEXT(PlayPageNames, station, 0, ROW_NAME_MAX_BYTES, "Name of the station."),
    ROW_END,
};

static const ContentMember play_page_template_shape_members[] = {
    ROW_TEXTS(PlayPageTemplate, blanks, CONTENT_N_BLANKS, 1, 20, "What its words leave open."),
    ROW_OPTIONAL_BOOL(PlayPageTemplate, drill, "Also as a drill."),
    ROW_ENUM(PlayPageTemplate, event, content_event_kind_words, "What of."),
    ROW_WORD(PlayPageTemplate, id, ID, "Template."),
    ROW_INT(PlayPageTemplate, severity, 1, CONTENT_ALERT_SEVEREST, "", "1…5."),
    ROW_TEXT(PlayPageTemplate, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_END,
};

static const ContentMember play_page_value_shape_members[] = {
    ROW_ENUM(PlayPageValue, blank, content_blank_words, "Which blank it fills."),
    ROW_WORD(PlayPageValue, id, ID, "Value."),
    ROW_TEXT(PlayPageValue, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_OPTIONAL_WORD(PlayPageValue, village, ID, "The one that it names."),
    ROW_END,
};

static const ContentMember play_page_choices_members[] = {
    ROW_STRUCTS(PlayPageChoices, templates, MAX_TEMPLATES, play_page_template_shape, "What may be started."),
    ROW_STRUCTS(PlayPageChoices, values, PLAY_PAGE_MAX_VALUES, play_page_value_shape, OF_VALUES),
    ROW_STRUCTS(PlayPageChoices, villages, PLAY_PAGE_MAX_ZONES, play_page_name_shape, "Where."),
    ROW_END,
};

static const ContentMember play_page_alert_zone_shape_members[] = {
    ROW_OPTIONAL_ENUM(PlayPageAlertZone, reason, content_reason_words, "Why not further."),
    ROW_ENUM(PlayPageAlertZone, state, play_page_far_words, "How far it is."),
    ROW_WORD(PlayPageAlertZone, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember play_page_alert_shape_members[] = {
    ROW_COUNT(PlayPageAlert, begun_ago_ms, "ms", "Since when the player has it."),
    ROW_BOOL(PlayPageAlert, drill, "It is a drill."),
    ROW_WORD(PlayPageAlert, id, ID, "Alert."),
    ROW_BOOL(PlayPageAlert, over, "Over in every zone."),
    ROW_TEXT(PlayPageAlert, title, 0, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_STRUCTS(PlayPageAlert, zones, PLAY_PAGE_MAX_ZONES, play_page_alert_zone_shape, "Where."),
    ROW_END,
};

static const ContentMember play_page_state_members[] = {
    ROW_STRUCTS(PlayPageState, alerts, PLAY_PAGE_MAX_ALERTS, play_page_alert_shape, "The newest first."),
    ROW_BOOL(PlayPageState, district, "It is reached."),
    ROW_BOOL(PlayPageState, gateway, "It answers."),
    ROW_TEXT(PlayPageState, station, 0, ROW_NAME_MAX_BYTES, "Name of the station."),
    ROW_BOOL(PlayPageState, trusted, "Its clock is."),
    ROW_STRUCTS(PlayPageState, zones, PLAY_PAGE_MAX_ZONES, play_page_name_shape, "All of the station."),
    ROW_END,
};

static const ContentMember play_page_outcome_members[] = {
    ROW_OPTIONAL_WORD(PlayPageOutcome, alert, ID, "That now sounds."),
    ROW_OPTIONAL_STRUCT(PlayPageOutcome, refusal, content_remark_shape, "Why not."),
    ROW_END,
};

static const ContentMember play_page_sign_in_members[] = {
    ROW_WORD(PlayPageSignIn, account, ID, "Who."),
    ROW_TEXT(PlayPageSignIn, pin, 1, PIN_BYTES, "As typed."),
    ROW_END,
};

static const ContentMember play_page_order_members[] = {
    ROW_BOOL(PlayPageOrder, drill, "As a drill."),
    ROW_HEX(PlayPageOrder, key, KEY_DIGITS, "Of this act, for each try the same."),
    ROW_ANY(PlayPageOrder, template_, "template", CONTENT_MEMBER_ID, .required = TRUE, .unit = "", .meaning = "What."),
    ROW_WORDS(PlayPageOrder, values, MAX_ORDERED, ID, OF_VALUES),
    ROW_WORDS(PlayPageOrder, villages, PLAY_PAGE_MAX_ZONES, ID, "Where."),
    ROW_END,
};

static const ContentMember play_page_end_members[] = {
    ROW_OPTIONAL_WORD(PlayPageEnd, alert, ID, "Which is to stop; absent: all."),
    ROW_END,
};
/* clang-format on */

ROWS_DEFINE_DOCUMENT(play_page_ask, PlayPageAsk, "page-ask", PLAY_PAGE_ASK_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(play_page_account_shape, PlayPageAccount, "page account", NULL)
ROWS_DEFINE_DOCUMENT(play_page_people, PlayPagePeople, "page-people",
                     PLAY_PAGE_ANSWER_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(play_page_name_shape, PlayPageName, "page name", NULL)
ROWS_DEFINE_DOCUMENT(play_page_names, PlayPageNames, "page-names", PLAY_PAGE_ANSWER_MAX_BYTES,
                     NULL)
ROWS_DEFINE_SHAPE(play_page_template_shape, PlayPageTemplate, "page template", NULL)
ROWS_DEFINE_SHAPE(play_page_value_shape, PlayPageValue, "page value", NULL)
ROWS_DEFINE_DOCUMENT(play_page_choices, PlayPageChoices, "page-choices",
                     PLAY_PAGE_ANSWER_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(play_page_alert_zone_shape, PlayPageAlertZone, "page alert zone", NULL)
ROWS_DEFINE_SHAPE(play_page_alert_shape, PlayPageAlert, "page alert", NULL)
ROWS_DEFINE_DOCUMENT(play_page_state, PlayPageState, "page-state", PLAY_PAGE_ANSWER_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(play_page_outcome, PlayPageOutcome, "page-outcome",
                     PLAY_PAGE_ANSWER_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(play_page_sign_in, PlayPageSignIn, "page-sign-in", PLAY_PAGE_ASK_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(play_page_order, PlayPageOrder, "page-order", PLAY_PAGE_ASK_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(play_page_end, PlayPageEnd, "page-end", PLAY_PAGE_ASK_MAX_BYTES, NULL)
