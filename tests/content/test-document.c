/*
 * test-document.c - what the document engine refuses, and how it says where.
 *
 * The tables themselves are checked too: they are data that every reader trusts.
 */
#include "content/document.h"

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/kinds.h"
#include "content/lease.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "content/record.h"
#include "content/registry.h"

#include <string.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
assert_refused(const ContentDocumentType *type, const char *bytes, gsize n_bytes,
               ContentDocumentError code, const char *says)
{
    g_autoptr(GError) error = NULL;
    gpointer document = content_document_read(type, bytes, n_bytes, &error);

    g_assert_null(document);
    g_test_message("says: %s", error->message);
    g_assert_error(error, CONTENT_DOCUMENT_ERROR, (int) code);
    g_assert_nonnull(strstr(error->message, says));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* clang-format off */
static const struct {
    const char *why;
    const ContentDocumentType *type;
    const char *text;
    ContentDocumentError code;
    const char *says;
} bad_documents[] = {
#define SYNTAX CONTENT_DOCUMENT_ERROR_SYNTAX
#define MEMBER CONTENT_DOCUMENT_ERROR_MEMBER
    { "nothing at all", &content_ack_type, "", SYNTAX, "ack: " },
    { "not JSON", &content_ack_type, "hello", SYNTAX, "at byte" },
    { "a list", &content_ack_type, "[]", SYNTAX, "not an object" },
    { "cut off", &content_ack_type, "{\"journal\":\"j\",\"se", SYNTAX, "at byte" },
    { "something behind it", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}x", SYNTAX, "at byte" },
    { "a line feed behind it", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}\n", SYNTAX, "canonical" },
    { "white space", &content_ack_type,
      "{\"journal\":\"j\", \"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "canonical" },
    { "keys out of order", &content_ack_type,
      "{\"seq\":1,\"journal\":\"j\",\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "canonical" },
    { "an escape nobody needs", &content_ack_type,
      "{\"journal\":\"\\u006a\",\"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "canonical" },
    { "an escaped slash", &content_enquiry_type,
      "{\"station\":\"a\\/b\",\"type\":\"enquiry\",\"v\":1}", SYNTAX, "canonical" },
    { "minus zero", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":-0,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "canonical" },
    { "a duplicate key", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":1,\"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "duplicate" },
    { "beyond 64 bits", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":99999999999999999999,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", SYNTAX, "too big" },
    { "a comment", &content_ack_type, "{/**/}", SYNTAX, "at byte" },
    { "broken UTF-8", &content_enquiry_type,
      "{\"station\":\"\xc3\",\"type\":\"enquiry\",\"v\":1}", SYNTAX, "not UTF-8" },
    { "half a surrogate pair", &content_enquiry_type,
      "{\"station\":\"\\ud800\",\"type\":\"enquiry\",\"v\":1}", SYNTAX, "at byte" },
    { "an escaped NUL", &content_enquiry_type,
      "{\"station\":\"a\\u0000b\",\"type\":\"enquiry\",\"v\":1}", SYNTAX, "at byte" },
    { "another type", &content_ack_type,
      "{\"station\":\"s\",\"type\":\"enquiry\",\"v\":1}", CONTENT_DOCUMENT_ERROR_TYPE, "\"enquiry\"" },
    { "a later v, whatever it holds", &content_ack_type,
      "{\"new\":[{}],\"type\":\"ack\",\"v\":7}", CONTENT_DOCUMENT_ERROR_UNSUPPORTED, "v 7" },
    { "no type", &content_ack_type, "{\"v\":1}", MEMBER, "type" },
    { "no v", &content_ack_type, "{\"type\":\"ack\"}", MEMBER, "v: " },
    { "a v below zero", &content_ack_type, "{\"type\":\"ack\",\"v\":-1}", MEMBER, "v: " },
    { "a v as text", &content_ack_type, "{\"type\":\"ack\",\"v\":\"0\"}", MEMBER, "v: " },
    { "an unknown member", &content_ack_type,
      "{\"extra\":1,\"journal\":\"j\",\"seq\":1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER,
      "ack: extra: unknown member" },
    { "an unknown member with a long and ugly name", &content_enquiry_type,
      "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\n\":1,\"station\":\"s\",\"type\":\"enquiry\",\"v\":1}",
      MEMBER, "enquiry: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: unknown member" },
    { "a missing member", &content_ack_type,
      "{\"journal\":\"j\",\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "ack: seq: is missing" },
    { "text for a number", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":\"1\",\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "seq: needs an integer" },
    { "a fraction", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":1.5,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "seq: needs an integer" },
    { "null", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":null,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "seq: needs an integer" },
    { "a number below the range", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":-1,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "seq: -1 is not from 0" },
    { "a number above the range", &content_ack_type,
      "{\"journal\":\"j\",\"seq\":9007199254740992,\"station\":\"s\",\"type\":\"ack\",\"v\":1}", MEMBER, "seq: 9007199254740992" },
    { "a name with a path in it", &content_enquiry_type,
      "{\"station\":\"../etc\",\"type\":\"enquiry\",\"v\":1}", MEMBER, "station: \"../etc\"" },
    { "a name with a wildcard in it", &content_enquiry_type,
      "{\"station\":\"#\",\"type\":\"enquiry\",\"v\":1}", MEMBER, "station" },
    { "an order to test that is good for more than a minute", &content_test_order_type,
      "{\"duration_ms\":1000,\"expires_us\":60000008,\"id\":\"t\",\"issued_us\":7,\"station\":\"s\",\"type\":\"test-order\",\"v\":1,\"zone\":\"z\"}",
      MEMBER, "more than a minute" },
    { "an order to test that never holds", &content_test_order_type,
      "{\"duration_ms\":1000,\"expires_us\":7,\"id\":\"t\",\"issued_us\":7,\"station\":\"s\",\"type\":\"test-order\",\"v\":1,\"zone\":\"z\"}",
      MEMBER, "not after issued_us" },
    { "an order to test for longer than ten seconds", &content_test_order_type,
      "{\"duration_ms\":10001,\"expires_us\":9,\"id\":\"t\",\"issued_us\":7,\"station\":\"s\",\"type\":\"test-order\",\"v\":1,\"zone\":\"z\"}",
      MEMBER, "duration_ms" },
    { "a list where an object should stand", &content_hello_type,
      "{\"acked_seq\":0,\"at_us\":0,\"boot\":\"00000000000000000000000000000000\",\"floors\":[[]],\"type\":\"hello\",\"v\":1}",
      MEMBER, "floors[0]: needs an object" },
    { "an object where a list should stand", &content_request_type,
      "{\"hashes\":{},\"type\":\"request\",\"v\":1}", MEMBER, "hashes: needs a list" },
    { "a hash in upper case", &content_request_type,
      "{\"hashes\":[\"" HASH_A "\",\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"],\"type\":\"request\",\"v\":1}",
      MEMBER, "hashes[1]" },
    { "a hash too short", &content_request_type,
      "{\"hashes\":[\"aaaa\"],\"type\":\"request\",\"v\":1}", MEMBER, "hashes[0]: \"aaaa\"" },
    { "text not in NFC", &content_test_answer_type,
      "{\"accepted\":true,\"id\":\"t\",\"is_over\":true,\"relay\":\"open\",\"said\":{\"code\":\"test_good\",\"words\":\"cho\xcc\x9b\"},\"type\":\"test-answer\",\"v\":1}",
      MEMBER, "said.words: needs a text in NFC" },
    { "text with an escape sequence", &content_test_answer_type,
      "{\"accepted\":true,\"id\":\"t\",\"is_over\":true,\"relay\":\"open\",\"said\":{\"code\":\"test_good\",\"words\":\"\\u001B[2J\"},\"type\":\"test-answer\",\"v\":1}",
      MEMBER, "said.words: needs a text" },
    { "text with a C1 control", &content_test_answer_type,
      "{\"accepted\":true,\"id\":\"t\",\"is_over\":true,\"relay\":\"open\",\"said\":{\"code\":\"test_good\",\"words\":\"\xc2\x9b\"},\"type\":\"test-answer\",\"v\":1}",
      MEMBER, "said.words: needs a text" },
    { "a word that is none of the list", &content_test_answer_type,
      "{\"accepted\":true,\"id\":\"t\",\"is_over\":true,\"relay\":\"shut\",\"said\":{\"code\":\"test_good\"},\"type\":\"test-answer\",\"v\":1}",
      MEMBER, "relay: \"shut\" is none of unknown|open|closed|fault" },
    { "a number for a boolean", &content_test_answer_type,
      "{\"accepted\":1,\"id\":\"t\",\"is_over\":true,\"relay\":\"open\",\"said\":{\"code\":\"test_good\"},\"type\":\"test-answer\",\"v\":1}",
      MEMBER, "accepted: needs true or false" },
    { "an optional value that says what leaving it out says", &content_lease_state_type,
      "{\"faults\":[],\"inputs\":[],\"mains\":\"unknown\",\"seq\":0,\"type\":\"lease-state\",\"v\":1,\"zones\":[]}",
      MEMBER, "mains: says what leaving it out says" },
    { "the 30th of February", &content_day_plan_type,
      "{\"approvals\":[],\"date\":\"2026-02-30\",\"objects\":[],\"segments\":[],\"station\":\"s\",\"type\":\"dayplan\",\"tzid\":\"UTC\",\"v\":1}",
      MEMBER, "date: \"2026-02-30\"" },
    { "a date with a blank in it", &content_day_plan_type,
      "{\"approvals\":[],\"date\":\"2026-02- 1\",\"objects\":[],\"segments\":[],\"station\":\"s\",\"type\":\"dayplan\",\"tzid\":\"UTC\",\"v\":1}",
      MEMBER, "date" },
    { "a member deep inside", &content_day_plan_type,
      "{\"approvals\":[],\"date\":\"2026-02-01\",\"objects\":[{\"duration_us\":1,\"hash\":\"" HASH_A "\",\"size_bytes\":1},"
      "{\"duration_us\":0,\"hash\":\"" HASH_A "\",\"size_bytes\":1}],\"segments\":[],\"station\":\"s\",\"type\":\"dayplan\",\"tzid\":\"UTC\",\"v\":1}",
      MEMBER, "dayplan: objects[1].duration_us: 0 is not from 1" },
    { "type and v have no place in an element", &content_manifest_type,
      "{\"days\":[{\"type\":\"x\"}],\"type\":\"manifest\",\"v\":1}", MEMBER, "days[0].type: unknown member" },
#undef SYNTAX
#undef MEMBER
};
/* clang-format on */

static void
test_bad_documents(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_documents); i++) {
        g_test_message("%s", bad_documents[i].why);
        assert_refused(bad_documents[i].type, bad_documents[i].text,
                       strlen(bad_documents[i].text), bad_documents[i].code,
                       bad_documents[i].says);
    }
}

static void
test_nul(void)
{
    static const char behind[] = "{\"station\":\"s\",\"type\":\"enquiry\",\"v\":1}\0";
    static const char inside[] = "{\"station\":\"\0\",\"type\":\"enquiry\",\"v\":1}";

    assert_refused(&content_enquiry_type, behind, sizeof behind - 1,
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "NUL");
    assert_refused(&content_enquiry_type, inside, sizeof inside - 1,
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "NUL");
}

/* N times `part`, between `head` and `tail`. */
static char *
repeat(const char *head, const char *part, gsize n_times, const char *tail)
{
    GString *text = g_string_new(head);

    for (gsize i = 0; i < n_times; i++)
        g_string_append(text, part);
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

static void
test_limits(void)
{
    g_autofree char *brackets = repeat("", "[", CONTENT_DOCUMENT_MAX_BYTES, "");
    g_autofree char *large = repeat("", " ", CONTENT_DOCUMENT_MAX_BYTES, "{}");
    g_autofree char *deepest = repeat("", "[", CONTENT_DOCUMENT_MAX_DEPTH, "");
    g_autofree char *too_deep = repeat("", "[", CONTENT_DOCUMENT_MAX_DEPTH + 1, "");
    g_autofree char *in_text =
        repeat("{\"station\":\"", "[", 100, "\",\"type\":\"enquiry\",\"v\":1}");
    g_autofree char *values = repeat("[1", ",1", CONTENT_DOCUMENT_MAX_VALUES, "]");
    g_autofree char *hashes =
        repeat("{\"hashes\":[\"" HASH_A "\"", ",\"" HASH_A "\"", CONTENT_REQUEST_MAX_HASHES,
               "],\"type\":\"request\",\"v\":1}");

    assert_refused(&content_day_plan_type, brackets, strlen(brackets),
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "too deeply");
    assert_refused(&content_day_plan_type, large, strlen(large), CONTENT_DOCUMENT_ERROR_SYNTAX,
                   "at most 1048576");
    assert_refused(&content_ack_type, large, 1025, CONTENT_DOCUMENT_ERROR_SYNTAX,
                   "1025 bytes, at most 1024");
    assert_refused(&content_day_plan_type, deepest, strlen(deepest),
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "at byte");
    assert_refused(&content_day_plan_type, too_deep, strlen(too_deep),
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "too deeply");
    assert_refused(&content_enquiry_type, in_text, strlen(in_text),
                   CONTENT_DOCUMENT_ERROR_MEMBER, "station");
    assert_refused(&content_day_plan_type, values, strlen(values),
                   CONTENT_DOCUMENT_ERROR_SYNTAX, "too many values");
    assert_refused(&content_request_type, hashes, strlen(hashes), CONTENT_DOCUMENT_ERROR_MEMBER,
                   "hashes: 201 elements, at most 200");
}

static void
assert_not_written(const ContentDocumentType *type, gconstpointer document, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(content_document_write(type, document, &error));
    g_test_message("says: %s", error->message);
    g_assert_nonnull(strstr(error->message, says));
}

static ContentTestAnswer *
test_answer_new(void)
{
    ContentTestAnswer *answer = content_document_new(&content_test_answer_type);

    answer->id = g_strdup("t");
    answer->said = content_remark_new("test_good", "ok", NULL);
    return answer;
}

static void
set_text(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void
test_write_is_as_strict(void)
{
    g_autoptr(ContentTestAnswer) answer = test_answer_new();
    g_autoptr(GBytes) bytes = NULL;

    bytes = content_document_write(&content_test_answer_type, answer, NULL);
    g_assert_nonnull(bytes);
    set_text(&answer->said->code, NULL);
    assert_not_written(&content_test_answer_type, answer, "said.code: needs a text");
    set_text(&answer->said->code, "Test Good");
    assert_not_written(&content_test_answer_type, answer, "a code is written with a-z");
    set_text(&answer->said->code, "test_good");
    set_text(&answer->said->words, "\xff");
    assert_not_written(&content_test_answer_type, answer, "said.words: needs a text");
    set_text(&answer->said->words, "o\xcc\x9b");
    assert_not_written(&content_test_answer_type, answer, "said.words: needs a text in NFC");
    set_text(&answer->said->words, "ok");
    set_text(&answer->id, "not an id");
    assert_not_written(&content_test_answer_type, answer, "id: \"not an id\"");
    set_text(&answer->id, "t");
    answer->relay = 4;
    assert_not_written(&content_test_answer_type, answer, "relay: needs one of the words");
    answer->relay = -1;
    assert_not_written(&content_test_answer_type, answer, "relay: needs one of the words");
}

static void
test_write_limits(void)
{
    g_autoptr(ContentRecords) records = content_document_new(&content_records_type);
    g_autofree char *long_text = g_strnfill(4000, 'x');
    g_autoptr(GBytes) bytes = NULL;

    records->station = g_strdup("s");
    records->journal = g_strdup("j");
    records->first_seq = 1;
    for (int i = 0; i < 17; i++)
        g_ptr_array_add(records->records, g_strdup(long_text));
    assert_not_written(&content_records_type, records, "at most 65536");
    g_ptr_array_set_size(records->records, 16);
    bytes = content_document_write(&content_records_type, records, NULL);
    g_assert_nonnull(bytes);
}

static ContentSegment *
segment_new(void)
{
    ContentSegment *segment = content_shape_new(&content_segment_shape);

    segment->occurrence = g_strdup("slot-1-2026-03-02");
    segment->item = g_strdup("item-1");
    segment->output = g_strdup("main");
    segment->slot = g_strdup("slot-1");
    segment->id = content_segment_id(segment->occurrence, segment->item, NULL, "main", 0, "");
    segment->title = g_strdup("Tín hiệu");
    segment->duration_us = 1;
    segment->source = CONTENT_SOURCE_TONE;
    g_ptr_array_add(segment->zones, g_strdup("cho"));
    return segment;
}

static void
test_checks_of_a_shape(void)
{
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    ContentSegment *segment = segment_new();
    g_autoptr(GBytes) bytes = NULL;

    plan->station = g_strdup("s");
    plan->date = g_strdup("2026-03-02");
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    g_ptr_array_add(plan->segments, segment);
    bytes = content_document_write(&content_day_plan_type, plan, NULL);
    g_assert_nonnull(bytes);
    for (gint source = CONTENT_SOURCE_OBJECT; source <= CONTENT_SOURCE_MICROPHONE; source++) {
        segment->source = source;
        if (source != CONTENT_SOURCE_TONE && source != CONTENT_SOURCE_SILENCE)
            assert_not_written(&content_day_plan_type, plan,
                               "segments[0]: a source that can say something needs both");
    }
    segment->source = CONTENT_SOURCE_TONE;
    segment->class_ = CONTENT_CLASS_KHAN_CAP;
    assert_not_written(&content_day_plan_type, plan, "segments[0]: khan_cap");
    segment->class_ = CONTENT_CLASS_UU_TIEN;
    g_ptr_array_set_size(segment->zones, 0);
    assert_not_written(&content_day_plan_type, plan, "segments[0]: names no zone");
}

/* What makes an approval one of a source: its address, and nothing else has one. */
static void
test_approval_of_a_source(void)
{
    /* clang-format off */
    static const struct { gint kind; const char *address; gint class_; const char *says; } cases[] = {
        { CONTENT_APPROVED_SOURCE, "https://radio.vn/jarai.ogg", CONTENT_CLASS_THONG_THUONG, NULL },
        { CONTENT_APPROVED_SOURCE, "line:tuner",                 CONTENT_CLASS_UU_TIEN,      NULL },
        { CONTENT_APPROVED_SOURCE, NULL,                         CONTENT_CLASS_UU_TIEN,      "an address is what a source has" },
        { CONTENT_APPROVED_SOURCE, "hw:1",                       CONTENT_CLASS_UU_TIEN,      "neither a stream nor an input" },
        { CONTENT_APPROVED_SOURCE, "line:tuner",                 CONTENT_CLASS_KHAN_CAP,     "khan_cap is the class of alerts" },
        { CONTENT_APPROVED_SIGNAL, "line:tuner",                 CONTENT_CLASS_UU_TIEN,      "an address is what a source has" },
        { CONTENT_APPROVED_SIGNAL, NULL,                         CONTENT_CLASS_UU_TIEN,      NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentApproval) approval = content_document_new(&content_approval_type);
        g_autoptr(GBytes) bytes = NULL;

        approval->kind = cases[i].kind;
        approval->address = g_strdup(cases[i].address);
        approval->class_ = cases[i].class_;
        approval->announcement = g_strdup("a");
        approval->version = g_strdup("v");
        approval->object = g_strnfill(64, 'a');
        approval->valid_until_us = 1;
        approval->title = g_strdup("VOV4");
        approval->source_document = g_strdup("");
        approval->author = g_strdup("nam");
        approval->approver = g_strdup("lan");
        if (cases[i].says != NULL) {
            assert_not_written(&content_approval_type, approval, cases[i].says);
            continue;
        }
        bytes = content_document_write(&content_approval_type, approval, NULL);
        g_assert_nonnull(bytes);
    }
}

static void
test_segment_id(void)
{
    /* printf 'o\ni\nvi\nmain\n2\n\n' | sha256sum */
    g_autofree char *id = content_segment_id("o", "i", "vi", "main", 2, "");
    g_autofree char *without = content_segment_id("o", "i", NULL, "main", 2, "");
    g_autofree char *empty = content_segment_id("o", "i", "", "main", 2, "");

    g_assert_cmpstr(id, ==, "bd3bf29db0e55ebd7f284c1feeb1efc2");
    g_assert_cmpstr(without, ==, empty);
    g_assert_cmpstr(without, !=, id);
}

static void
test_absent_values(void)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);

    g_assert_cmpint(heartbeat->temperature_mc, ==, G_MININT64);
    g_assert_cmpint(heartbeat->down_from_us, ==, 0);
    g_assert_cmpuint(heartbeat->zones->len, ==, 0);
    g_assert_null(heartbeat->audit);
    content_document_free(&content_heartbeat_type, NULL);
    content_heartbeat_free(NULL);
}

static void
test_text(void)
{
    /* clang-format off */
    const struct { const char *why, *text; gsize max_bytes; const char *clean; } cases[] = {
        { "nothing to do",              "chợ",            10, "chợ" },
        { "no text",                    NULL,             10, "" },
        { "control characters",         "a\nb\033[2J",    20, "a b [2J" },
        { "broken UTF-8",               "a\xff",          10, "a\xef\xbf\xbd" },
        { "not NFC",                    "o\xcc\x9b",      10, "ơ" },
        { "cut between two characters", "chợ",             4, "ch" },
        { "cut to nothing",             "ợ",               2, "" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *clean = content_document_text(cases[i].text, cases[i].max_bytes);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(clean, ==, cases[i].clean);
    }
}

static void
test_registry(void)
{
    g_autoptr(GError) error = NULL;
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    for (gsize i = 0; i < n_types; i++) {
        g_assert_true(content_registry_find(types[i]->type, NULL) == types[i]);
        if (i > 0)
            g_assert_cmpstr(types[i - 1]->type, <, types[i]->type);
    }
    g_assert_null(content_registry_find("playlist", &error));
    g_assert_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_TYPE);
    g_assert_null(content_registry_find(NULL, NULL));
}

static gsize
size_of_field(const ContentMember *member)
{
    if (member->is_list)
        return sizeof(gpointer);
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        return sizeof(gint64);
    case CONTENT_MEMBER_BOOL:
        return sizeof(gboolean);
    case CONTENT_MEMBER_ENUM:
        return sizeof(gint);
    default:
        return sizeof(gpointer);
    }
}

static void
check_row(const ContentMember *member)
{
    if (member->kind == CONTENT_MEMBER_INT)
        g_assert_cmpint(member->min, <, member->max);
    if (member->kind == CONTENT_MEMBER_INT && !member->required)
        g_assert_true(member->absent <= member->min);
    if (member->kind == CONTENT_MEMBER_TEXT)
        g_assert_cmpint(member->max, >, 0);
    if (member->kind == CONTENT_MEMBER_TEXT && !member->required)
        g_assert_cmpint(member->min, >, 0);
    g_assert_true((member->kind == CONTENT_MEMBER_ENUM) == (member->choices != NULL));
    g_assert_true((member->kind == CONTENT_MEMBER_STRUCT) == (member->element != NULL));
    g_assert_true(member->is_list == (member->max_count > 0));
    g_assert_nonnull(member->unit);
    g_assert_true(g_str_has_suffix(member->meaning, "."));
}

/* A row with a wrong offset or kind would write into the neighbour; each byte has one owner. */
static void
check_shape(const ContentShape *shape)
{
    g_autofree char *owned = g_malloc0(shape->struct_size);

    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        g_test_message("%s.%s", shape->name, member->name);
        check_row(member);
        if (member > shape->members)
            g_assert_cmpstr(member[-1].name, <, member->name);
        for (gsize i = 0; i < size_of_field(member); i++) {
            g_assert_cmpuint(member->offset + i, <, shape->struct_size);
            g_assert_cmpint(owned[member->offset + i]++, ==, 0);
        }
        if (member->element != NULL)
            check_shape(member->element);
    }
    for (gsize i = 0; i < shape->struct_size; i += sizeof(gpointer))
        g_assert_cmpint(owned[i], ==, 1);
}

static void
test_tables(void)
{
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    for (gsize i = 0; i < n_types; i++)
        check_shape(types[i]->shape);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/document/tables", test_tables);
    g_test_add_func("/content/document/bad-documents", test_bad_documents);
    g_test_add_func("/content/document/nul", test_nul);
    g_test_add_func("/content/document/limits", test_limits);
    g_test_add_func("/content/document/write-is-as-strict", test_write_is_as_strict);
    g_test_add_func("/content/document/write-limits", test_write_limits);
    g_test_add_func("/content/document/checks-of-a-shape", test_checks_of_a_shape);
    g_test_add_func("/content/document/approval-of-a-source", test_approval_of_a_source);
    g_test_add_func("/content/document/segment-id", test_segment_id);
    g_test_add_func("/content/document/absent-values", test_absent_values);
    g_test_add_func("/content/document/text", test_text);
    g_test_add_func("/content/document/registry", test_registry);
    return g_test_run();
}
