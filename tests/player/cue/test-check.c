/* test-check.c - what the player itself refuses, whatever the district planned. */
#include "player/cue/check.h"

#include "tests/support/plan-builder.h"

#define TZ "Asia/Ho_Chi_Minh"

/* Everything in order; a case spoils one thing. */
typedef struct {
    ContentStationSettings *settings;
    ContentSettingsZone *place; /* z1 */
    ContentWindow *window;      /* the only one of z1 */
    PlayLocalTime *local;
    ContentDayPlan *day;
    GHashTable *approvals;
    ContentSegment *segment;
    ContentApproval *approval;
    PlayCheck facts;
} Case;

static void
set_up(Case *c)
{
    c->settings = plan_builder_settings(TZ, "o1:z1 o1:z2 o2:z3");
    c->place = c->settings->zones->pdata[0];
    c->place->daily_limit_min = 60;
    c->window = c->place->windows->pdata[0];
    c->window->from_min = 5 * 60;
    c->window->to_min = 21 * 60;
    c->local = play_local_time_new(TZ);
    c->day = plan_builder_day("2026-03-02");
    c->segment = plan_builder_add(c->day, "news", "o1", "z1 z2", "bdq",
                                  plan_builder_utc(TZ, "2026-03-02 06:00:00"), PLAN_MIN(10));
    c->approvals = plan_builder_approvals(c->day);
    c->approval = g_hash_table_lookup(c->approvals, c->segment->approval);
    c->facts = (PlayCheck){c->settings,          c->local,         c->approval,
                           CONTENT_TRUST_SYNCED, PLAY_OBJECT_HERE, 0};
}

static void
tear_down(Case *c)
{
    content_station_settings_free(c->settings);
    play_local_time_free(c->local);
    content_day_plan_free(c->day);
    g_hash_table_unref(c->approvals);
}

static void
spoil_nothing(Case *c)
{
}

static void
spoil_class(Case *c)
{
    c->segment->class_ = c->approval->class_ = CONTENT_CLASS_KHAN_CAP;
}

static void
spoil_source(Case *c)
{
    c->segment->source = CONTENT_SOURCE_MICROPHONE;
}

static void
spoil_approval(Case *c)
{
    c->facts.approval = NULL;
}

static void
spoil_kind(Case *c)
{
    c->approval->kind = CONTENT_APPROVED_TEMPLATE;
}

static void
spoil_object(Case *c)
{
    g_free(c->approval->object);
    c->approval->object = plan_builder_hash("other");
}

static void
spoil_no_source_approved(Case *c)
{
    c->segment->source = CONTENT_SOURCE_STREAM;
}

static void
make_stream(Case *c)
{
    c->segment->source = CONTENT_SOURCE_STREAM;
    c->approval->kind = CONTENT_APPROVED_SOURCE;
    c->approval->address = g_strdup("https://radio.vn/bahnar.ogg");
}

static void
make_stream_without_spare(Case *c)
{
    make_stream(c);
    c->facts.object = PLAY_OBJECT_MISSING;
}

static void
spoil_stream_spare(Case *c)
{
    make_stream(c);
    spoil_object(c);
}

static void
spoil_stream_kind(Case *c)
{
    make_stream(c);
    c->segment->source = CONTENT_SOURCE_LINE_IN;
}

static void
spoil_stream_object(Case *c)
{
    make_stream(c);
    c->segment->source = CONTENT_SOURCE_OBJECT;
}

static void
spoil_stream_end(Case *c)
{
    make_stream(c);
    c->approval->valid_until_us = c->segment->start_us + c->segment->duration_us - 1;
}

static void
make_stream_until_exactly(Case *c)
{
    make_stream(c);
    c->approval->valid_until_us = c->segment->start_us + c->segment->duration_us;
}

static void
spoil_stream_start(Case *c)
{
    make_stream(c);
    c->approval->valid_from_us = c->segment->start_us + 1;
}

static void
spoil_language(Case *c)
{
    g_free(c->approval->language);
    c->approval->language = g_strdup("jra");
}

static void
spoil_no_language(Case *c)
{
    g_clear_pointer(&c->approval->language, g_free);
}

static void
spoil_higher_class(Case *c)
{
    c->segment->class_ = CONTENT_CLASS_UU_TIEN;
    c->approval->class_ = CONTENT_CLASS_THONG_THUONG;
}

static void
spoil_from(Case *c)
{
    c->approval->valid_from_us = c->segment->start_us + 1;
}

static void
spoil_from_exactly(Case *c)
{
    c->approval->valid_from_us = c->segment->start_us;
}

static void
spoil_until(Case *c)
{
    c->approval->valid_until_us = c->segment->start_us;
}

static void
spoil_until_within(Case *c)
{
    c->approval->valid_until_us = c->segment->start_us + 1;
}

static void
spoil_trust(Case *c)
{
    c->facts.trust = CONTENT_TRUST_UNSET;
}

static void
spoil_trust_guarded(Case *c)
{
    c->facts.trust = CONTENT_TRUST_GUARDED;
}

static void
spoil_settings(Case *c)
{
    c->facts.settings = NULL;
}

static void
spoil_early(Case *c)
{
    c->segment->start_us = plan_builder_utc(TZ, "2026-03-02 04:59:59");
}

static void
spoil_last_minute(Case *c)
{
    c->segment->start_us = plan_builder_utc(TZ, "2026-03-02 20:59:59");
}

static void
spoil_late(Case *c)
{
    c->segment->start_us = plan_builder_utc(TZ, "2026-03-02 21:00:00");
}

static void
spoil_weekday(Case *c)
{
    c->window->weekdays = 126;
}

static void
spoil_window_class(Case *c)
{
    c->window->class_ = CONTENT_CLASS_UU_TIEN;
}

static void
spoil_no_window(Case *c)
{
    g_ptr_array_set_size(c->place->windows, 0);
}

static void
spoil_limit(Case *c)
{
    c->facts.used_us = PLAN_MIN(50) + 1;
}

static void
spoil_limit_exactly(Case *c)
{
    c->facts.used_us = PLAN_MIN(50);
}

static void
spoil_missing(Case *c)
{
    c->facts.object = PLAY_OBJECT_MISSING;
}

static void
spoil_corrupt(Case *c)
{
    c->facts.object = PLAY_OBJECT_CORRUPT;
}

static void
spoil_tone(Case *c)
{
    c->segment->source = CONTENT_SOURCE_TONE;
    c->facts.approval = NULL;
    c->facts.object = PLAY_OBJECT_MISSING;
}

/* clang-format off */
static const struct {
    const char *why;
    void (*spoil)(Case *c);
    ContentReason reason;
} segment_cases[] = {
    { "all in order",                          spoil_nothing,       CONTENT_REASON_NONE },
    { "an alert's class in a day plan",        spoil_class,         CONTENT_REASON_NOT_APPROVED },
    { "a microphone by the calendar",          spoil_source,        CONTENT_REASON_NOT_APPROVED },
    { "audio was approved, not the stream",    spoil_no_source_approved, CONTENT_REASON_NOT_APPROVED },
    { "an approved stream",                    make_stream,         CONTENT_REASON_NONE },
    { "whose spare is not here",               make_stream_without_spare, CONTENT_REASON_NONE },
    { "with another spare than approved",      spoil_stream_spare,  CONTENT_REASON_NOT_APPROVED },
    { "a line-in by a stream's approval",      spoil_stream_kind,   CONTENT_REASON_NOT_APPROVED },
    { "audio by a stream's approval",          spoil_stream_object, CONTENT_REASON_NOT_APPROVED },
    { "its last moment is not approved",       spoil_stream_end,    CONTENT_REASON_NOT_APPROVED },
    { "approved to its very end",              make_stream_until_exactly, CONTENT_REASON_NONE },
    { "its first moment is not approved",      spoil_stream_start,  CONTENT_REASON_NOT_APPROVED },
    { "no approval here",                      spoil_approval,      CONTENT_REASON_NOT_APPROVED },
    { "an approval of a template",             spoil_kind,          CONTENT_REASON_NOT_APPROVED },
    { "other audio was approved",              spoil_object,        CONTENT_REASON_NOT_APPROVED },
    { "approved in another language",          spoil_language,      CONTENT_REASON_NOT_APPROVED },
    { "approved as a signal, played as words", spoil_no_language,   CONTENT_REASON_NOT_APPROVED },
    { "a higher class than approved",          spoil_higher_class,  CONTENT_REASON_NOT_APPROVED },
    { "valid from a moment later",             spoil_from,          CONTENT_REASON_NOT_APPROVED },
    { "valid from that very moment",           spoil_from_exactly,  CONTENT_REASON_NONE },
    { "valid until that very moment",          spoil_until,         CONTENT_REASON_NOT_APPROVED },
    { "valid at the start, not at the end",    spoil_until_within,  CONTENT_REASON_NONE },
    { "a clock nobody vouches for",            spoil_trust,         CONTENT_REASON_CLOCK_UNTRUSTED },
    { "a clock kept by its battery",           spoil_trust_guarded, CONTENT_REASON_NONE },
    { "no settings, so no window",             spoil_settings,      CONTENT_REASON_OUTSIDE_WINDOW },
    { "the audio is not here",                 spoil_missing,       CONTENT_REASON_OBJECT_MISSING },
    { "the audio is not what it says",         spoil_corrupt,       CONTENT_REASON_OBJECT_CORRUPT },
    { "a tone needs neither audio nor paper",  spoil_tone,          CONTENT_REASON_NONE },
};
/* clang-format on */

static void
test_segment(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(segment_cases); i++) {
        g_autoptr(ContentRemark) detail = NULL;
        Case c;

        g_test_message("%s", segment_cases[i].why);
        set_up(&c);
        segment_cases[i].spoil(&c);
        g_assert_cmpint(play_check_segment(&c.facts, c.segment, &detail), ==,
                        segment_cases[i].reason);
        g_assert_true((detail != NULL) == (segment_cases[i].reason != CONTENT_REASON_NONE));
        tear_down(&c);
    }
}

/* What a case spoils forbids it in z1 alone: z2, of another village, still hears it. */
/* clang-format off */
static const struct {
    const char *why;
    void (*spoil)(Case *c);
    ContentReason reason;
} place_cases[] = {
    { "all in order",                        spoil_nothing,       CONTENT_REASON_NONE },
    { "a second before the window",            spoil_early,         CONTENT_REASON_OUTSIDE_WINDOW },
    { "starts in the window, ends after it",   spoil_last_minute,   CONTENT_REASON_NONE },
    { "starts as the window closes",           spoil_late,          CONTENT_REASON_OUTSIDE_WINDOW },
    { "the window is not for Mondays",         spoil_weekday,       CONTENT_REASON_OUTSIDE_WINDOW },
    { "the window is for a higher class",      spoil_window_class,  CONTENT_REASON_OUTSIDE_WINDOW },
    { "no window at all",                      spoil_no_window,     CONTENT_REASON_OUTSIDE_WINDOW },
    { "the day's minutes would be passed",     spoil_limit,         CONTENT_REASON_OVER_DAILY_LIMIT },
    { "the day's minutes are just enough",     spoil_limit_exactly, CONTENT_REASON_NONE },
};
/* clang-format on */

static void
test_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(place_cases); i++) {
        g_autoptr(ContentRemark) detail = NULL;
        g_autoptr(ContentRemark) none = NULL;
        Case c;

        g_test_message("%s", place_cases[i].why);
        set_up(&c);
        place_cases[i].spoil(&c);
        g_assert_cmpint(play_check_segment(&c.facts, c.segment, &none), ==,
                        CONTENT_REASON_NONE);
        g_assert_cmpint(play_check_zone(&c.facts, c.segment, "z1", &detail), ==,
                        place_cases[i].reason);
        g_assert_true((detail != NULL) == (place_cases[i].reason != CONTENT_REASON_NONE));
        g_assert_cmpint(play_check_zone(&c.facts, c.segment, "z2", &none), ==,
                        CONTENT_REASON_NONE);
        tear_down(&c);
    }
}

static void
test_zone(void)
{
    /* clang-format off */
    const struct { const char *why, *zone, *area; ContentReason reason; } cases[] = {
        { "a village of the approved commune",  "z1", "xa",      CONTENT_REASON_NONE },
        { "the very village",                   "z1", "z1",      CONTENT_REASON_NONE },
        { "another village",                    "z1", "z2",      CONTENT_REASON_NOT_APPROVED },
        { "a district that is not above it",    "z1", "huyen-x", CONTENT_REASON_NOT_APPROVED },
        { "a zone nobody set up",               "z9", "xa",      CONTENT_REASON_ZONE_UNKNOWN },
        { "a zone of another output",           "z3", "xa",      CONTENT_REASON_ZONE_UNKNOWN },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentRemark) detail = NULL;
        Case c;

        g_test_message("%s", cases[i].why);
        set_up(&c);
        g_ptr_array_set_size(c.approval->areas, 0);
        g_ptr_array_add(c.approval->areas, g_strdup(cases[i].area));
        g_assert_cmpint(play_check_zone(&c.facts, c.segment, cases[i].zone, &detail), ==,
                        cases[i].reason);
        g_assert_true((detail != NULL) == (cases[i].reason != CONTENT_REASON_NONE));
        tear_down(&c);
    }
}

/* What a template says: as it was approved, there, then, and by nobody's clock but a good one.
 */
static void
test_spoken(void)
{
    static const gint64 now_us = PLAN_S(1000);
    /* clang-format off */
    static const struct {
        const char *why, *language, *area;
        gint kind;
        gboolean is_missing, is_other;
        gint64 from_us, until_us;
        ContentTrust trust;
        const char *code;
    } cases[] = {
        { "all in order",                 "jra", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, NULL },
        { "its dialect is served by it",  "jra-x-arap", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, NULL },
        { "nobody approved it",           "jra", "xa", CONTENT_APPROVED_TEMPLATE, TRUE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, "approval_missing" },
        { "approved for a programme",     "jra", "xa", CONTENT_APPROVED_VERSION, FALSE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, "approval_other_kind" },
        { "another recording",            "jra", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, TRUE, 0, now_us + 1, CONTENT_TRUST_SYNCED, "approval_other_audio" },
        { "another language",             "bdq", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, "approval_language" },
        { "for another place",            "jra", "xa-khac", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us + 1, CONTENT_TRUST_SYNCED, "outside_areas" },
        { "not yet",                      "jra", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, now_us + 1, now_us + 9, CONTENT_TRUST_SYNCED, "approval_early" },
        { "no longer",                    "jra", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us, CONTENT_TRUST_SYNCED, "approval_over" },
        { "over by a clock nobody vouches for", "jra", "xa", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 0, now_us, CONTENT_TRUST_UNSET, NULL },
    };
    /* clang-format on */
    g_autoptr(ContentStationSettings) settings = plan_builder_settings(TZ, "o1:z1");
    g_autofree char *object = plan_builder_hash("lu"), *other = plan_builder_hash("bao");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentApproval) approval = plan_builder_spoken(object, "jra");
        const PlayInstant now = {now_us, 1, cases[i].trust};
        g_autoptr(ContentRemark) why = NULL;

        approval->kind = cases[i].kind;
        approval->valid_from_us = cases[i].from_us;
        approval->valid_until_us = cases[i].until_us;
        g_ptr_array_set_size(approval->areas, 0);
        g_ptr_array_add(approval->areas, g_strdup(cases[i].area));
        why = play_check_spoken(cases[i].is_missing ? NULL : approval,
                                cases[i].is_other ? other : object, cases[i].language,
                                settings->zones->pdata[0], &now);
        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(why == NULL ? NULL : why->code, ==, cases[i].code);
    }
}

/* The name of a village may be one recording in two languages: each has its approval. */
static void
test_spoken_twice(void)
{
    g_autoptr(GPtrArray) approvals =
        g_ptr_array_new_with_free_func((GDestroyNotify) content_approval_free);
    g_autofree char *object = plan_builder_hash("plei-oi");

    g_assert_false(play_check_is_spoken(approvals, object, "jra", NULL, NULL));
    g_ptr_array_add(approvals, plan_builder_spoken(object, "vi"));
    g_assert_false(play_check_is_spoken(approvals, object, "jra", NULL, NULL));
    g_ptr_array_add(approvals, plan_builder_spoken(object, "jra"));
    g_assert_true(play_check_is_spoken(approvals, object, "jra", NULL, NULL));
    g_assert_true(play_check_is_spoken(approvals, object, "vi", NULL, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/check/segment", test_segment);
    g_test_add_func("/player/cue/check/place", test_place);
    g_test_add_func("/player/cue/check/zone", test_zone);
    g_test_add_func("/player/cue/check/spoken", test_spoken);
    g_test_add_func("/player/cue/check/spoken-twice", test_spoken_twice);
    return g_test_run();
}
