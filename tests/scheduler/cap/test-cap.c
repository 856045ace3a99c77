/*
 * test-cap.c - warnings of other systems, read and written; xmllint and the schema of
 * tests/data/cap judge the same texts beside us.
 */
#include "scheduler/cap/cap.h"
#include "tests/support/cap-schema.h"

#include <string.h>

#define NS "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\""
#define HEAD                                                                                   \
    "<identifier>VN-1</identifier><sender>dai@example.vn</sender>"                             \
    "<sent>2026-11-23T21:02:35+07:00</sent>"
#define RULES "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
#define WEIGHT                                                                                 \
    "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
#define INFO        "<info><category>Met</category><event>Lũ</event>" WEIGHT "</info>"
#define ALERT(text) "<alert " NS ">" text "</alert>"

/* ---- written ---- */

static SchedCap *
flood(void)
{
    SchedCap *cap = sched_cap_new();

    cap->identifier = g_strdup("loa-01kb");
    cap->sender = g_strdup("kong-chro.gia-lai");
    cap->sent_us = G_GINT64_CONSTANT(1795442555) * G_USEC_PER_SEC;
    cap->offset_s = 7 * 3600;
    cap->scope = SCHED_CAP_SCOPE_PUBLIC;
    cap->message = SCHED_CAP_MESSAGE_UPDATE;
    g_ptr_array_add(cap->codes, g_strdup("loa"));
    sched_cap_add_reference(cap, "kong-chro.gia-lai", "loa-01ka", "2026-11-23T20:00:00+07:00");
    sched_cap_add_reference(cap, "gia-lai", "77", "2026-11-23T13:00:00-00:00");
    return cap;
}

static SchedCapInfo *
add_language(SchedCap *cap, const char *language, const char *event)
{
    SchedCapInfo *info = sched_cap_add_info(cap);
    SchedCapArea *area = sched_cap_info_add_area(info);
    SchedCapResource *sound = sched_cap_info_add_resource(info);

    info->language = g_strdup(language);
    info->categories = SCHED_CAP_CATEGORY_MET | SCHED_CAP_CATEGORY_SAFETY;
    info->event = g_strdup(event);
    info->responses = SCHED_CAP_RESPONSE_EVACUATE;
    info->severity = SCHED_CAP_SEVERITY_SEVERE;
    info->certainty = SCHED_CAP_CERTAINTY_LIKELY;
    info->expires_us = cap->sent_us + G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
    info->headline = g_strdup("Nước sông Ba lên nhanh <báo động 3> & còn lên");
    sched_cap_add_value(info->event_codes, "loa", "flood");
    sched_cap_add_value(info->parameters, "VN-18-2021", "3");
    area->description = g_strdup("Kông Chro");
    sched_cap_add_value(area->geocodes, "VN-GSO", "23647");
    g_ptr_array_add(area->circles, g_strdup("13.78,108.52 5"));
    sound->description = g_strdup("đọc");
    sound->mime_type = g_strdup("audio/ogg");
    sound->size_bytes = 31000;
    sound->digest = g_strdup("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12");
    return info;
}

/* What is written is valid to others, and is read again as what it was. */
static void
test_there_and_back(void)
{
    g_autoptr(SchedCap) cap = flood(), read = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = NULL, *again = NULL;
    SchedCapInfo *jrai;

    add_language(cap, "vi", "Lũ");
    add_language(cap, "jra", "Ia ling dăo");
    add_language(cap, "bdq", "Đak tih ơ̆ ê̆");
    xml = sched_cap_write(cap, &error);
    g_assert_no_error(error);
    g_test_message("%s", xml);
    g_assert_true(cap_schema_accepts(xml, strlen(xml)));
    read = sched_cap_read(xml, strlen(xml), &error);
    g_assert_no_error(error);
    again = sched_cap_write(read, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again, ==, xml);
    g_assert_cmpint(read->sent_us, ==, cap->sent_us);
    g_assert_cmpint(read->offset_s, ==, 7 * 3600);
    g_assert_cmpuint(read->references->len, ==, 2);
    jrai = read->infos->pdata[1];
    g_assert_cmpstr(jrai->language, ==, "jra");
    g_assert_cmpuint(jrai->categories, ==, SCHED_CAP_CATEGORY_MET | SCHED_CAP_CATEGORY_SAFETY);
    g_assert_cmpstr(((SchedCapResource *) jrai->resources->pdata[0])->mime_type, ==,
                    "audio/ogg");
}

/* ---- read ---- */

typedef struct {
    const char *why, *xml;
    const char *says;  /* part of our message; NULL: it is taken */
    gboolean is_valid; /* by the schema: where we differ, the why tells why */
} ReadCase;

/* clang-format off */
static const ReadCase read_cases[] = {
    { "the least", ALERT(HEAD RULES), NULL, TRUE },
    { "in one language", ALERT(HEAD RULES INFO), NULL, TRUE },
    { "another prefix", "<c:alert xmlns:c=\"urn:oasis:names:tc:emergency:cap:1.2\"><c:identifier>a</c:identifier><c:sender>b</c:sender><c:sent>2026-11-23T21:02:35-00:00</c:sent><c:status>Test</c:status><c:msgType>Ack</c:msgType><c:scope>Public</c:scope></c:alert>", NULL, TRUE },
    { "a signature of another namespace stands beside", ALERT(HEAD RULES INFO "<s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\"><s:status>Draft</s:status></s:Signature>"), NULL, TRUE },
    { "empty elements are as none", ALERT(HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><note></note>" INFO), NULL, TRUE },
    { "CDATA is text", ALERT(HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><note><![CDATA[<a> & b]]></note>"), NULL, TRUE },
    { "the schema has an order, programs often have not", ALERT(RULES HEAD), NULL, FALSE },
    { "spaces around a word", ALERT(HEAD "<status> Actual </status><msgType>Alert</msgType><scope>Public</scope>"), NULL, FALSE },
    { "the older version of the standard", "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\">" HEAD RULES "</alert>", "is not the 'alert' of CAP 1.2", FALSE },
    { "no namespace", "<alert>" HEAD RULES "</alert>", "is not the 'alert' of CAP 1.2", FALSE },
    { "another element", "<info " NS "/>", "'info' is not the 'alert'", FALSE },
    { "nothing", "", "no XML", FALSE },
    { "cut off", "<alert " NS ">" HEAD, "no XML: line 1", FALSE },
    { "no identifier", ALERT("<sender>a</sender>" RULES), "identifier: missing", FALSE },
    { "an empty identifier", ALERT("<identifier/><sender>a</sender><sent>2026-11-23T21:02:35+07:00</sent>" RULES), "identifier: empty", FALSE },
    { "a comma would break references", ALERT("<identifier>a,b</identifier><sender>a</sender><sent>2026-11-23T21:02:35+07:00</sent>" RULES), "identifier: holds a space", FALSE },
    { "a status of no list", ALERT(HEAD "<status>actual</status><msgType>Alert</msgType><scope>Public</scope>"), "status: 'actual' is none of", FALSE },
    { "no status: never as the first of the list", ALERT(HEAD "<msgType>Alert</msgType><scope>Public</scope>"), "status: missing", FALSE },
    { "twice", ALERT(HEAD "<status>Test</status>" RULES), "status: more than 1", FALSE },
    { "a time in UTC's short form", ALERT("<identifier>a</identifier><sender>a</sender><sent>2026-11-23T14:02:35Z</sent>" RULES), "sent: '2026-11-23T14:02:35Z' is no time", FALSE },
    { "a day that is none", ALERT("<identifier>a</identifier><sender>a</sender><sent>2026-02-30T14:02:35+07:00</sent>" RULES), "is no time", FALSE },
    { "an offset that is none", ALERT("<identifier>a</identifier><sender>a</sender><sent>2026-02-03T14:02:35+15:00</sent>" RULES), "is no time", FALSE },
    { "an info without weight", ALERT(HEAD RULES "<info><category>Met</category><event>x</event></info>"), "info 1/urgency: missing", FALSE },
    { "where in the second info", ALERT(HEAD RULES INFO "<info><category>Wet</category></info>"), "info 2/category 1: 'Wet' is none", FALSE },
    { "a code without its value", ALERT(HEAD RULES "<info><category>Met</category><event>x</event>" WEIGHT "<area><areaDesc>a</areaDesc><geocode><valueName>n</valueName></geocode></area></info>"), "info 1/area 1/geocode 1/value: missing", FALSE },
    { "an element of nobody", ALERT(HEAD RULES "<loud/>"), "alert: an element 'loud'", FALSE },
    { "an element in a text", ALERT("<identifier>a<b/></identifier><sender>a</sender><sent>2026-11-23T21:02:35+07:00</sent>" RULES), "identifier: an element 'b'", FALSE },
    { "a size that is none", ALERT(HEAD RULES "<info><category>Met</category><event>x</event>" WEIGHT "<resource><resourceDesc>a</resourceDesc><mimeType>a/b</mimeType><size>many</size></resource></info>"), "info 1/resource 1/size: 'many' is no number", FALSE },
    { "restricted to nobody (the schema cannot tell)", ALERT(HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Restricted</scope>"), "restriction: missing", TRUE },
    { "private to nobody (the schema cannot tell)", ALERT(HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Private</scope>"), "addresses: missing", TRUE },
    { "a reference of two parts (the schema cannot tell)", ALERT(HEAD RULES "<references>a,b</references>"), "references: 'a,b' is not 'sender,identifier,sent'", TRUE },
    { "a reference to no time (the schema cannot tell)", ALERT(HEAD RULES "<references>a,b,c</references>"), "references 1: 'c' is no time", TRUE },
    { "a DOCTYPE (valid to those who take one)", "<!DOCTYPE alert [<!ENTITY a 'b'>]>" ALERT(HEAD RULES), "a DOCTYPE", TRUE },
    { "a bomb of entities", "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;'>]>" ALERT("<identifier>&c;</identifier>" RULES), "a DOCTYPE", FALSE },
    { "a file of this machine", "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" ALERT("<identifier>&a;</identifier>" RULES), "a DOCTYPE", FALSE },
    { "an encoding that says otherwise changes nothing", "<?xml version=\"1.0\" encoding=\"UTF-7\"?>" ALERT(HEAD RULES), NULL, FALSE },
    { "bytes that are no UTF-8", ALERT(HEAD "<status>\xff</status>" ), "no XML", FALSE },
};
/* clang-format on */

static void
test_read(gconstpointer data)
{
    const ReadCase *c = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedCap) cap = sched_cap_read(c->xml, strlen(c->xml), &error);

    g_test_message("%s: %s", c->why, error == NULL ? "taken" : error->message);
    if (c->says == NULL) {
        g_assert_no_error(error);
        g_assert_nonnull(cap);
    } else {
        g_assert_null(cap);
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, c->says));
    }
    g_assert_cmpint(cap_schema_accepts(c->xml, strlen(c->xml)), ==, c->is_valid);
}

/* ---- limits ---- */

static char *
repeat(const char *before, const char *part, guint times, const char *after)
{
    GString *text = g_string_new(before);

    for (guint i = 0; i < times; i++)
        g_string_append(text, part);
    return g_string_free(g_string_append(text, after), FALSE);
}

typedef struct {
    const char *why, *before, *part, *after;
    guint most; /* of the part: as many are taken, one more is refused */
    const char *says;
} LimitCase;

#define UP_TO_AREA                                                                             \
    "<alert " NS ">" HEAD RULES "<info><category>Met</category><event>x</event>" WEIGHT

/* clang-format off */
static const LimitCase limit_cases[] = {
    { "languages", "<alert " NS ">" HEAD RULES, INFO, "</alert>", 32, "info 33: more than 32" },
    { "areas", UP_TO_AREA, "<area><areaDesc>a</areaDesc></area>", "</info></alert>", 200, "area 201: more than 200" },
    { "codes of an area", UP_TO_AREA "<area><areaDesc>a</areaDesc>", "<geocode><valueName>n</valueName><value>v</value></geocode>", "</area></info></alert>", 256, "geocode 257: more than 256" },
    { "files", UP_TO_AREA, "<resource><resourceDesc>a</resourceDesc><mimeType>a/b</mimeType></resource>", "</info></alert>", 32, "resource 33: more than 32" },
    { "bytes of an identifier", "<alert " NS "><identifier>", "a", "</identifier><sender>a</sender><sent>2026-11-23T21:02:35+07:00</sent>" RULES "</alert>", 255, "identifier: longer than 255" },
    { "bytes of a description", "<alert " NS ">" HEAD RULES "<info><category>Met</category><event>x</event>" WEIGHT "<description>", "a", "</description></info></alert>", 8000, "description: longer than 8000" },
    { "references", "<alert " NS ">" HEAD RULES "<references>", "a,b,2026-11-23T21:02:35+07:00 ", "</references></alert>", 100, "is one more than 100" },
    { "depth", "<alert " NS ">" HEAD RULES "<x xmlns=\"urn:x\">", "<y>", "", 14, "deeper than any warning" },
};
/* clang-format on */

static void
test_limit(gconstpointer data)
{
    const LimitCase *c = data;
    g_autofree char *most = repeat(c->before, c->part, c->most, c->after);
    g_autofree char *more = repeat(c->before, c->part, c->most + 1, c->after);
    g_autoptr(SchedCap) taken = NULL, refused = NULL;
    g_autoptr(GError) error = NULL, too_many = NULL;

    taken = sched_cap_read(most, strlen(most), &error);
    if (g_str_equal(c->why, "depth")) { /* cut off on purpose: it is never closed */
        g_assert_nonnull(strstr(error->message, "no XML"));
    } else {
        g_assert_no_error(error);
    }
    refused = sched_cap_read(more, strlen(more), &too_many);
    g_assert_nonnull(too_many);
    g_assert_nonnull(strstr(too_many->message, c->says));
}

static void
test_too_large(void)
{
    g_autofree char *note = g_strnfill(SCHED_CAP_MAX_BYTES, 'a');
    g_autoptr(GError) error = NULL;

    g_assert_null(sched_cap_read(note, SCHED_CAP_MAX_BYTES + 1, &error));
    g_assert_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT);
}

/* Bytes changed, left out and doubled at random: taken or refused, never more than that. */
static void
test_damaged(void)
{
    g_autoptr(SchedCap) cap = flood();
    g_autoptr(GRand) random = g_rand_new_with_seed(20261123);
    g_autofree char *whole = NULL;
    guint n_refused = 0;

    add_language(cap, "jra", "Ia ling dăo");
    whole = sched_cap_write(cap, NULL);
    for (guint i = 0; i < 3000; i++) {
        g_autoptr(GString) text = g_string_new(whole);
        g_autoptr(SchedCap) read = NULL;
        g_autoptr(GError) error = NULL;

        for (guint k = g_rand_int_range(random, 1, 4); k > 0; k--) {
            gint32 at = g_rand_int_range(random, 0, (gint32) text->len - 20);

            if (g_rand_boolean(random))
                text->str[at] = (char) g_rand_int_range(random, 1, 256);
            else if (g_rand_boolean(random))
                g_string_erase(text, at, g_rand_int_range(random, 1, 20));
            else
                g_string_insert_len(text, at, text->str + at, g_rand_int_range(random, 1, 20));
        }
        read = sched_cap_read(text->str, text->len, &error);
        g_assert_true((read == NULL) == (error != NULL));
        n_refused += read == NULL;
    }
    g_assert_cmpuint(n_refused, >, 1000);
    g_assert_cmpuint(n_refused, <, 3000);
}

/* ---- refused to be written ---- */

static void
no_identifier(SchedCap *cap)
{
    g_clear_pointer(&cap->identifier, g_free);
}

static void
control_character(SchedCap *cap)
{
    cap->note = g_strdup("a\x01");
}

static void
no_area_name(SchedCap *cap)
{
    SchedCapInfo *info = cap->infos->pdata[0];
    SchedCapArea *area = info->areas->pdata[0];

    g_clear_pointer(&area->description, g_free);
}

static void
no_time(SchedCap *cap)
{
    cap->sent_us = 0;
}

static void
half_a_reference(SchedCap *cap)
{
    sched_cap_add_reference(cap, "a b", "c", "2026-11-23T21:02:35+07:00");
}

typedef struct {
    const char *why;
    void (*spoil)(SchedCap *);
    const char *says;
} WriteCase;

/* clang-format off */
static const WriteCase write_cases[] = {
    { "no name", no_identifier, "identifier: missing" },
    { "a control character", control_character, "note: not UTF-8, or a character" },
    { "an area without a name", no_area_name, "info 1/area 1/areaDesc: missing" },
    { "no time", no_time, "sent: missing" },
    { "a reference that nobody can read", half_a_reference, "references 3: holds a space" },
};
/* clang-format on */

static void
test_write(gconstpointer data)
{
    const WriteCase *c = data;
    g_autoptr(SchedCap) cap = flood();
    g_autoptr(GError) error = NULL;

    add_language(cap, "vi", "Lũ");
    c->spoil(cap);
    g_assert_null(sched_cap_write(cap, &error));
    g_assert_nonnull(error);
    g_test_message("%s: %s", c->why, error->message);
    g_assert_nonnull(strstr(error->message, c->says));
}

static void
test_times(void)
{
    const struct {
        int offset_s;
        const char *text;
    } cases[] = {
        {7 * 3600, "2026-11-23T21:02:35+07:00"},
        {0, "2026-11-23T14:02:35-00:00"},
        {-(3 * 3600 + 1800), "2026-11-23T10:32:35-03:30"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            sched_cap_format_time(G_GINT64_CONSTANT(1795442555) * G_USEC_PER_SEC + 999999,
                                  cases[i].offset_s);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

#define ADD(cases, path, test)                                                                 \
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {                                          \
        g_autofree char *name = g_strdup_printf("/scheduler/cap/" path "/%s", cases[i].why);   \
        g_test_add_data_func(name, &cases[i], test);                                           \
    }

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/cap/there-and-back", test_there_and_back);
    g_test_add_func("/scheduler/cap/too-large", test_too_large);
    g_test_add_func("/scheduler/cap/times", test_times);
    g_test_add_func("/scheduler/cap/damaged", test_damaged);
    ADD(read_cases, "read", test_read);
    ADD(limit_cases, "limit", test_limit);
    ADD(write_cases, "write", test_write);
    return g_test_run();
}
