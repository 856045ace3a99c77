/*
 * test-warning.c - what alerts of ours are in CAP, and what messages of others would be here:
 * tables, and a thousand alerts written, judged by the reader and read back as the same call.
 */
#include "scheduler/cap/warning.h"

#include <string.h>

#define NOW_US (G_GINT64_CONSTANT(1795442555) * G_USEC_PER_SEC)
#define HOUR   (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define HASH   "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define SHA1   "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"

/* ---- there and back ---- */

static gint
up_to(GRand *random, gint most)
{
    return g_rand_int_range(random, 0, most + 1);
}

static void
add_random_areas(SchedWarning *warning, GRand *random)
{
    for (gint n = 1 + up_to(random, 20), i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("xa-%d", i), *code = g_strdup_printf("%05d", i);
        g_autofree char *name = g_strdup_printf("Plei Ơi “%d” <&> Čư Sê", i);

        sched_warning_add_area(warning->areas, id, name, g_rand_boolean(random) ? code : NULL);
    }
}

static void
add_random_speeches(SchedWarning *warning, GRand *random)
{
    static const char *const languages[] = {"vi", "jra", "bdq", "bdq-x-gialai"};

    for (gint i = 0; i <= up_to(random, 3); i++) {
        SchedWarningSpeech *speech =
            sched_warning_add_speech(warning, languages[i],
                                     g_rand_boolean(random) ? "Lũ về! Ơ̆ ư̆ ê̆ č ƀ." : "");

        for (gint n = up_to(random, CONTENT_ALERT_MAX_PARTS), k = 0; k < n; k++)
            sched_warning_add_sound(speech, "Chú ý!", HASH, SHA1, up_to(random, 1000000));
    }
}

static SchedWarning *
random_warning(GRand *random)
{
    SchedWarning *warning = sched_warning_new();

    warning->sender = g_strdup("canhbao.gialai.example");
    warning->identifier = g_strdup_printf("a%u", g_rand_int(random));
    warning->sender_name = g_strdup("Huyện Chư Sê");
    warning->sent_us = NOW_US - (gint64) up_to(random, 600) * G_USEC_PER_SEC;
    warning->offset_s = (up_to(random, 28) - 14) * 3600;
    warning->drill = g_rand_boolean(random);
    warning->event = up_to(random, CONTENT_EVENT_DRILL);
    warning->title = g_strdup("Lũ quét: Plei Ơi & <Plei Rbai>");
    warning->severity = 1 + up_to(random, CONTENT_ALERT_SEVEREST - 1);
    warning->expires_us = NOW_US + (gint64) (1 + up_to(random, 86400)) * G_USEC_PER_SEC;
    for (gint n = up_to(random, 32), i = 0; i < n; i++)
        g_ptr_array_add(warning->values, g_strdup_printf("cb-%d", i));
    add_random_areas(warning, random);
    add_random_speeches(warning, random);
    if (g_rand_boolean(random)) {
        SchedCapReference *one = g_new0(SchedCapReference, 1);

        warning->message = SCHED_CAP_MESSAGE_UPDATE;
        one->sender = g_strdup(warning->sender);
        one->identifier = g_strdup("before");
        one->sent = sched_cap_format_time(NOW_US - HOUR, warning->offset_s);
        g_ptr_array_add(warning->replaces, one);
    }
    return warning;
}

static void
same_areas(GPtrArray *a, GPtrArray *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const SchedWarningArea *one = a->pdata[i], *other = b->pdata[i];

        g_assert_cmpstr(one->id, ==, other->id);
        g_assert_cmpstr(one->name, ==, other->name);
        g_assert_cmpuint(one->codes->len, ==, other->codes->len);
        if (one->codes->len > 0)
            g_assert_cmpstr(one->codes->pdata[0], ==, other->codes->pdata[0]);
    }
}

static void
same_alert(const SchedWarning *warning, const SchedCap *cap)
{
    g_autoptr(GPtrArray) drafts = sched_warning_drafts(cap, warning->sender, NOW_US);
    const SchedWarningDraft *draft;

    g_assert_cmpuint(drafts->len, ==, 1);
    draft = drafts->pdata[0];
    g_assert_cmpint(draft->event, ==, warning->event);
    g_assert_cmpint(draft->severity, ==, warning->severity);
    g_assert_cmpint(draft->expires_us, ==, warning->expires_us);
    g_assert_cmpstr(draft->headline, ==, warning->title);
    g_assert_cmpint(cap->status == SCHED_CAP_STATUS_EXERCISE, ==, warning->drill);
    g_assert_cmpint(cap->message, ==, warning->message);
    g_assert_cmpstr(cap->identifier, ==, warning->identifier);
    g_assert_cmpint(cap->sent_us, ==, warning->sent_us);
    g_assert_cmpuint(cap->references->len, ==, warning->replaces->len);
    g_assert_cmpuint(draft->values->len, ==, warning->values->len);
    for (guint i = 0; i < draft->values->len; i++)
        g_assert_cmpstr(draft->values->pdata[i], ==, warning->values->pdata[i]);
    g_assert_cmpuint(draft->languages->len, ==, warning->speeches->len);
    for (guint i = 0; i < draft->languages->len; i++)
        g_assert_cmpstr(draft->languages->pdata[i], ==,
                        ((SchedWarningSpeech *) warning->speeches->pdata[i])->language);
    same_areas(draft->areas, warning->areas);
}

static void
test_there_and_back(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(g_test_rand_int());

    for (guint i = 0; i < 1000; i++) {
        g_autoptr(SchedWarning) warning = random_warning(random);
        g_autoptr(SchedCap) cap = sched_warning_to_cap(warning), read = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *xml = sched_cap_write(cap, &error);

        g_assert_no_error(error);
        read = sched_cap_read(xml, strlen(xml), &error);
        g_assert_no_error(error);
        g_assert_cmpint(sched_warning_refuse(read, NOW_US), ==, SCHED_WARNING_TAKEN);
        same_alert(warning, read);
    }
}

/* Each piece of audio: named by what it holds, with CAP's own digest. */
static void
test_sound(void)
{
    g_autoptr(SchedWarning) warning = sched_warning_new();
    g_autoptr(SchedCap) cap = NULL;
    const SchedCapResource *sound;

    warning->event = CONTENT_EVENT_FLOOD;
    warning->severity = 3;
    warning->title = g_strdup("Lũ");
    warning->sender_name = g_strdup("Huyện");
    sched_warning_add_sound(sched_warning_add_speech(warning, "vi", ""), "Chú ý!", HASH, SHA1,
                            31000);
    cap = sched_warning_to_cap(warning);
    sound = ((SchedCapInfo *) cap->infos->pdata[0])->resources->pdata[0];
    g_assert_cmpstr(sound->mime_type, ==, "audio/ogg");
    g_assert_cmpint(sound->size_bytes, ==, 31000);
    g_assert_cmpstr(sound->digest, ==, SHA1);
    g_assert_cmpstr(sound->uri, ==,
                    "ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg");
}

/* What has ended says so, and has nothing to be played. */
static void
test_cancel(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    g_autoptr(SchedWarning) warning = random_warning(random);
    g_autoptr(SchedCap) cap = NULL;

    warning->message = SCHED_CAP_MESSAGE_CANCEL;
    cap = sched_warning_to_cap(warning);
    for (guint i = 0; i < cap->infos->len; i++) {
        const SchedCapInfo *info = cap->infos->pdata[i];

        g_assert_cmpint(info->urgency, ==, SCHED_CAP_URGENCY_PAST);
        g_assert_cmpuint(info->resources->len, ==, 0);
    }
    g_assert_cmpint(sched_warning_refuse(cap, NOW_US + 48 * HOUR), ==, SCHED_WARNING_TAKEN);
}

/* ---- from outside ---- */

#define HEAD(status, type, scope)                                                              \
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>1</identifier>"         \
    "<sender>kttv@example.vn</sender><sent>2026-11-23T20:00:00+07:00</sent><status>" status    \
    "</status><msgType>" type "</msgType><scope>" scope "</scope>"                             \
    "<restriction>a</restriction><addresses>b</addresses>"
#define INFO(language, event, severity, more)                                                  \
    "<info><language>" language "</language><category>Met</category><event>" event             \
    "</event><urgency>Immediate</urgency><severity>" severity                                  \
    "</severity><certainty>Likely</certainty>" more "</info>"
#define UNTIL(time) "<expires>" time "</expires>"
/* NOW_US is 21:02:35 there. */
#define LATER UNTIL("2026-11-23T23:00:00+07:00")
#define GONE  UNTIL("2026-11-23T21:00:00+07:00")

static SchedCap *
read_xml(const char *xml)
{
    g_autoptr(GError) error = NULL;
    SchedCap *cap = sched_cap_read(xml, strlen(xml), &error);

    g_assert_no_error(error);
    return cap;
}

typedef struct {
    const char *why, *xml;
    SchedWarningRefusal refusal;
} RefuseCase;

/* clang-format off */
#define FLOOD INFO("vi", "Lũ", "Severe", "") "</alert>"
static const RefuseCase refuse_cases[] = {
    { "a real one",            HEAD("Actual", "Alert", "Public") FLOOD,      SCHED_WARNING_TAKEN },
    { "an exercise",           HEAD("Exercise", "Alert", "Public") FLOOD,    SCHED_WARNING_TAKEN },
    { "a test of machines",    HEAD("Test", "Alert", "Public") FLOOD,        SCHED_WARNING_TEST },
    { "a draft",               HEAD("Draft", "Alert", "Public") FLOOD,       SCHED_WARNING_TEST },
    { "a word to machines",    HEAD("System", "Alert", "Public") FLOOD,      SCHED_WARNING_TEST },
    { "a test that cancels",   HEAD("Test", "Cancel", "Public") FLOOD,       SCHED_WARNING_TEST },
    { "received, thank you",   HEAD("Actual", "Ack", "Public") FLOOD,        SCHED_WARNING_REPLY },
    { "not understood",        HEAD("Actual", "Error", "Public") "</alert>", SCHED_WARNING_REPLY },
    { "for some",              HEAD("Actual", "Alert", "Restricted") FLOOD,  SCHED_WARNING_PRIVATE },
    { "for one",               HEAD("Actual", "Alert", "Private") FLOOD,     SCHED_WARNING_PRIVATE },
    { "over",                  HEAD("Actual", "Alert", "Public") INFO("vi", "Lũ", "Severe", GONE) "</alert>", SCHED_WARNING_OVER },
    { "over in part",          HEAD("Actual", "Alert", "Public") INFO("vi", "Lũ", "Severe", GONE) INFO("vi", "Bão", "Severe", LATER) "</alert>", SCHED_WARNING_TAKEN },
    { "over, and no end said", HEAD("Actual", "Alert", "Public") INFO("vi", "Lũ", "Severe", GONE) FLOOD, SCHED_WARNING_TAKEN },
    { "an update, over",       HEAD("Actual", "Update", "Public") INFO("vi", "Lũ", "Severe", GONE) "</alert>", SCHED_WARNING_OVER },
    { "an end, late",          HEAD("Actual", "Cancel", "Public") INFO("vi", "Lũ", "Severe", GONE) "</alert>", SCHED_WARNING_TAKEN },
};
/* clang-format on */

static void
test_refuse(gconstpointer data)
{
    const RefuseCase *c = data;
    g_autoptr(SchedCap) cap = read_xml(c->xml);

    g_assert_cmpint(sched_warning_refuse(cap, NOW_US), ==, c->refusal);
}

typedef struct {
    const char *why, *infos;
    /* A line a draft: "event/level/languages/areas"; an area by its id or codes or name. */
    const char *drafts;
} DraftCase;

/* clang-format off */
#define CODE(name, value) "<eventCode><valueName>" name "</valueName><value>" value "</value></eventCode>"
#define LEVEL(value) "<parameter><valueName>VN-18-2021</valueName><value>" value "</value></parameter>"
#define RESPONSE(word) "<responseType>" word "</responseType>"
#define AREA(name, more) "<area><areaDesc>" name "</areaDesc>" more "</area>"
#define GEO(name, value) "<geocode><valueName>" name "</valueName><value>" value "</value></geocode>"
static const DraftCase draft_cases[] = {
    { "by a word",                 INFO("vi", "Cảnh báo lũ trên sông Ba", "Severe", ""), "flood/3/vi/" },
    { "the narrower one",          INFO("vi", "Tin cảnh báo LŨ QUÉT, sạt lở đất", "Extreme", ""), "flash_flood/4/vi/" },
    { "marks count",               INFO("vi", "Báo động trên sông Ba", "Moderate", ""), "?Báo động trên sông Ba/2/vi/" },
    { "marks beside letters",      INFO("vi", "Tin ba\xcc\x83o gần bờ", "Minor", ""), "storm/1/vi/" },
    { "a whole word",              INFO("en", "Thunderstorm", "Minor", ""), "?Thunderstorm/1/en/" },
    { "a dam, not a flood",        INFO("vi", "Thông báo xả lũ hồ Ka Nak", "Severe", ""), "dam_release/3/vi/" },
    { "by another's code",         INFO("en", "FFW", "Severe", CODE("SAME", "FFW")), "flash_flood/3/en/" },
    { "a code of another kind",    INFO("en", "x", "Severe", CODE("local", "FFW")), "?x/3/en/" },
    { "by our code, not the word", INFO("vi", "Lũ", "Severe", CODE("urn:loa:event", "storm")), "storm/3/vi/" },
    { "a code we do not have",     INFO("vi", "Lũ", "Severe", CODE("urn:loa:event", "volcano")), "flood/3/vi/" },
    { "it is over",                "<info><language>vi</language><category>Met</category><event>Lũ</event>" RESPONSE("AllClear") "<urgency>Past</urgency><severity>Minor</severity><certainty>Observed</certainty></info>", "all_clear/1/vi/" },
    { "our level, not theirs",     INFO("vi", "Lũ", "Minor", LEVEL("5")), "flood/5/vi/" },
    { "a level that is none",      INFO("vi", "Lũ", "Severe", LEVEL("6")), "flood/3/vi/" },
    { "no weight",                 INFO("vi", "Lũ", "Unknown", ""), "flood/0/vi/" },
    { "three languages are one",   INFO("vi", "Lũ", "Severe", "") INFO("en", "Flood", "Severe", "") INFO("jra", "Ia ling", "Severe", ""), "flood/3/vi,en,jra/" },
    { "two hazards",               INFO("vi", "Lũ", "Severe", "") INFO("vi", "Bão", "Extreme", ""), "flood/3/vi/\nstorm/4/vi/" },
    { "two, one without a word",   INFO("vi", "Lũ", "Severe", "") INFO("vi", "Sóng thần", "Extreme", ""), "flood/3/vi/\n?Sóng thần/4/vi/" },
    { "what is over is no draft",  INFO("vi", "Lũ", "Severe", GONE) INFO("vi", "Bão", "Extreme", LATER), "storm/4/vi/" },
    { "places by code",            INFO("vi", "Lũ", "Severe", AREA("Xã A", GEO("VN-GSO", "23647")) AREA("Xã B", GEO("ma-xa", "23650") GEO("ma-xa", "23653"))), "flood/3/vi/23647,23650+23653" },
    { "once in all languages",     INFO("vi", "Lũ", "Severe", AREA("Xã A", GEO("VN-GSO", "1"))) INFO("en", "Flood", "Severe", AREA("A commune", GEO("VN-GSO", "1"))), "flood/3/vi,en/1" },
    { "by name where no code is",  INFO("vi", "Lũ", "Severe", AREA("Ven sông Ba", "") AREA("Ven sông Ba", "") AREA("Ven sông Ayun", "")), "flood/3/vi/Ven sông Ba,Ven sông Ayun" },
    { "a stranger's id is none",   INFO("vi", "Lũ", "Severe", AREA("Xã A", GEO("urn:loa:area", "ia-le"))), "flood/3/vi/Xã A" },
};
/* clang-format on */

static void
append_draft(GString *text, const SchedWarningDraft *draft)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *languages = NULL, *places = NULL;

    for (guint i = 0; i < draft->areas->len; i++) {
        const SchedWarningArea *area = draft->areas->pdata[i];

        g_ptr_array_add(area->codes, NULL);
        g_ptr_array_add(areas, area->id != NULL ? g_strconcat("#", area->id, NULL)
                               : area->codes->pdata[0] == NULL
                                   ? g_strdup(area->name)
                                   : g_strjoinv("+", (char **) area->codes->pdata));
    }
    g_ptr_array_add(areas, NULL);
    g_ptr_array_add(draft->languages, NULL);
    languages = g_strjoinv(",", (char **) draft->languages->pdata);
    places = g_strjoinv(",", (char **) areas->pdata);
    g_string_append_printf(text, "%s%s%s/%d/%s/%s", text->len > 0 ? "\n" : "",
                           draft->event < 0 ? "?" : content_event_kind_words[draft->event],
                           draft->event < 0 ? draft->event_text : "", (int) draft->severity,
                           languages, places);
}

static void
test_draft(gconstpointer data)
{
    const DraftCase *c = data;
    g_autofree char *xml =
        g_strconcat(HEAD("Actual", "Alert", "Public"), c->infos, "</alert>", NULL);
    g_autoptr(SchedCap) cap = read_xml(xml);
    g_autoptr(GPtrArray) drafts = sched_warning_drafts(cap, "loa", NOW_US);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < drafts->len; i++)
        append_draft(text, drafts->pdata[i]);
    g_assert_cmpstr(text->str, ==, c->drafts);
}

/* The earliest end of what is not over: nothing sounds longer than any part of it says. */
static void
test_expires(void)
{
    g_autoptr(SchedCap) cap =
        read_xml(HEAD("Actual", "Alert", "Public") INFO("vi", "Lũ", "Severe", LATER)
                     INFO("en", "Flood", "Severe", UNTIL("2026-11-23T15:30:00-00:00"))
                         INFO("jra", "Ia", "Severe", GONE) "</alert>");
    g_autoptr(GPtrArray) drafts = sched_warning_drafts(cap, NULL, NOW_US);
    const SchedWarningDraft *draft = drafts->pdata[0];
    g_autofree char *until = sched_cap_format_time(draft->expires_us, 7 * 3600);

    g_assert_cmpuint(drafts->len, ==, 1);
    g_assert_cmpstr(until, ==, "2026-11-23T22:30:00+07:00");
    g_assert_cmpuint(draft->languages->len, ==, 2);
}

#define ADD(cases, path, test)                                                                 \
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {                                          \
        g_autofree char *name =                                                                \
            g_strdup_printf("/scheduler/warning/" path "/%s", cases[i].why);                   \
        g_test_add_data_func(name, &cases[i], test);                                           \
    }

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/warning/there-and-back", test_there_and_back);
    g_test_add_func("/scheduler/warning/sound", test_sound);
    g_test_add_func("/scheduler/warning/cancel", test_cancel);
    g_test_add_func("/scheduler/warning/expires", test_expires);
    ADD(refuse_cases, "refuse", test_refuse);
    ADD(draft_cases, "draft", test_draft);
    return g_test_run();
}
