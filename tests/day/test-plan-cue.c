/*
 * test-plan-cue.c - the district's plan and the station's cue through sixteen days, end to end.
 *
 * A timetable with everything in it is planned by the real planner; the days go to the real
 * cue, which plays them without a network on simulated time. Every item of every slot is
 * followed: it has a finding that says why it is silent in a zone, or one record that it was
 * heard there at the planned millisecond.
 */
#include <string.h>

#include "tests/support/cue-world.h"
#include "tests/support/plan-world.h"

#define N_DAYS  16
#define N_ZONES 4
/* The relays of the world need all of a language change's time but for what its socket takes.
 */
#define LATE_US (2 * G_GINT64_CONSTANT(1000))

static const char *const zones[N_ZONES] = {"a", "b", "c", "d"};

/* Of a slot: on which of the sixteen dates it is to be heard, told independently of any rule.
 */
typedef enum { DAILY, LAST_OF_MONTH, SUNDAYS } When;

/* clang-format off */
static const struct {
    const char *id, *playlist, *start, *rule, *tzid, *items;
    When when;
    gboolean is_first, is_alone;
} slots[] = {
    { "sang",   "p-sang", "05:30", "FREQ=DAILY", NULL, "i1 i2 i4", DAILY, FALSE, TRUE },
    { "trua",   "p-tin",  "11:00", "FREQ=DAILY", NULL, "i1", DAILY, TRUE, TRUE },
    { "berlin", "p-tin",  "04:00", "FREQ=DAILY", "Europe/Berlin", "i1", DAILY, FALSE, TRUE },
    { "chieu",  "p-dai",  "17:00", "FREQ=DAILY", NULL, "i1 i2", DAILY, FALSE, FALSE },
    { "chong",  "p-khac", "17:05", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
    { "sat",    "p-tin",  "19:00", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, TRUE },
    { "lien",   "p-tin",  "19:03", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
    { "dem",    "p-dai",  "23:55", "FREQ=DAILY", NULL, "i1 i2", DAILY, FALSE, FALSE },
    { "khuya",  "p-khac", "00:01", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
    { "thang",  "p-tin",  "12:00", "FREQ=MONTHLY;BYMONTHDAY=-1", NULL, "i1", LAST_OF_MONTH, FALSE, TRUE },
    { "tuan",   "p-thieu", "13:00", "FREQ=WEEKLY;BYDAY=SU", NULL, "i1", SUNDAYS, FALSE, TRUE },
    { "ngoai",  "p-tin",  "03:30", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
    { "doi",    "p-tin",  "15:00", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
    { "chua",   "p-tin",  "16:00", "FREQ=DAILY", NULL, "i1", DAILY, FALSE, FALSE },
};

/* In which languages which item can be heard at all. */
static const struct { const char *item, *playlist, *languages; } versions[] = {
    { "i1", "p-sang",  "-" },
    { "i2", "p-sang",  "vi bdq jra" },
    { "i4", "p-sang",  "vi" },
    { "i1", "p-tin",   "vi bdq jra" },
    { "i1", "p-dai",   "vi" },
    { "i2", "p-dai",   "vi bdq jra" },
    { "i1", "p-khac",  "vi bdq" },
    { "i1", "p-thieu", "bdq" },
};

static const struct { const char *zone, *output, *languages; } places[N_ZONES] = {
    { "a", "loa",  "bdq jra vi" },
    { "b", "loa",  "jra vi" },
    { "c", "loa2", "vi" },
    { "d", "loa2", "bdq vi" },
};
/* clang-format on */

/* Such days have all of these. */
static const SchedFindingKind usual_kinds[] = {
    SCHED_FINDING_GAP,     SCHED_FINDING_NOT_APPROVED,   SCHED_FINDING_DISPLACED,
    SCHED_FINDING_DELAYED, SCHED_FINDING_OUTSIDE_WINDOW,
};

typedef struct {
    SchedSnapshot *district;
    CueWorld *world;
    SchedDay first;
    guint n_heard, n_silent; /* items in zones */
    GHashTable *kinds;       /* of findings: how many */
} Span;

/* ---- the district ---- */

static void
add_slots(Span *span)
{
    for (gsize i = 0; i < G_N_ELEMENTS(slots); i++) {
        SchedSlot *slot = plan_world_slot(span->district, slots[i].id, slots[i].playlist,
                                          slots[i].start, slots[i].rule);

        slot->first_day = span->first - 40;
        slot->policy = slots[i].is_first ? SCHED_PLAN_FIRST : SCHED_PLAN_EACH;
        slot->is_approved = strcmp(slots[i].id, "chua") != 0;
        if (slots[i].tzid != NULL) {
            g_free(slot->tzid);
            slot->tzid = g_strdup(slots[i].tzid);
        }
    }
    /* One date has another playlist, one is silent, one change nobody has approved. */
    sched_snapshot_add_override(span->district, "doi", span->first + 2, "p-dai", TRUE);
    sched_snapshot_add_override(span->district, "doi", span->first + 3, NULL, FALSE);
    sched_snapshot_add_override(span->district, "doi", span->first + 4, "p-khac", FALSE);
}

static void
make_district(Span *span)
{
    SchedSnapshot *district = span->district = plan_world_new();
    SchedArea *top = district->areas->pdata[0];

    g_ptr_array_set_size(top->windows, 0);
    sched_area_add_window(top, CONTENT_CLASS_THONG_THUONG, 127, 0, 90);
    sched_area_add_window(top, CONTENT_CLASS_THONG_THUONG, 127, 270, 1440);
    for (gsize i = 0; i < N_ZONES; i++) {
        SchedZone *zone = plan_world_zone(district, places[i].zone, places[i].languages);

        g_free(zone->output);
        zone->output = g_strdup(places[i].output);
        zone->switch_ms = 500;
    }
    plan_world_announcement(district, "chuong", "-:5");
    plan_world_announcement(district, "tin", "vi:40 bdq:45 jra:50");
    plan_world_announcement(district, "dai", "vi:420");
    plan_world_announcement(district, "khac", "vi:120 bdq:110");
    plan_world_announcement(district, "thieu", "bdq:30");
    plan_world_playlist(district, "p-sang", "chuong! tin ~10 dai");
    plan_world_playlist(district, "p-tin", "tin");
    plan_world_playlist(district, "p-dai", "dai tin");
    plan_world_playlist(district, "p-khac", "khac");
    plan_world_playlist(district, "p-thieu", "thieu");
    add_slots(span);
}

/* ---- what was asked for ---- */

static gboolean
is_on(const Span *span, gsize slot, guint n)
{
    char date[11], next[11];

    sched_day_write(span->first + (SchedDay) n, date);
    sched_day_write(span->first + (SchedDay) n + 1, next);
    switch (slots[slot].when) {
    case LAST_OF_MONTH:
        return memcmp(date, next, 7) != 0;
    case SUNDAYS:
        return sched_day_weekday(span->first + (SchedDay) n) == 6;
    case DAILY:
        break;
    }
    return TRUE;
}

static gboolean
has_word(const char *words, const char *word)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);

    return g_strv_contains((const char *const *) parts, word);
}

/* How often the item sounds in the zone on that date, if nothing is in its way. */
static guint
n_wanted(const char *playlist, const char *item, gsize zone, gboolean is_first)
{
    g_auto(GStrv) listed = g_strsplit(places[zone].languages, " ", -1);
    guint n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(versions); i++) {
        if (strcmp(versions[i].playlist, playlist) != 0 || strcmp(versions[i].item, item) != 0)
            continue;
        if (strcmp(versions[i].languages, "-") == 0)
            return 1;
        for (gsize j = 0; listed[j] != NULL; j++)
            n += has_word(versions[i].languages, listed[j]) ? 1 : 0;
    }
    return is_first ? MIN(n, 1) : n;
}

/* ---- what was planned ---- */

static guint
n_planned(const ContentDayPlan *plan, const char *slot, const char *item, const char *zone)
{
    guint n = 0;

    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *segment = plan->segments->pdata[i];

        if (strcmp(segment->slot, slot) == 0 && strcmp(segment->item, item) == 0 &&
            g_ptr_array_find_with_equal_func(segment->zones, zone, g_str_equal, NULL))
            n++;
    }
    return n;
}

static guint
n_silences(const GArray *findings, const char *slot, const char *item, const char *zone)
{
    guint n = 0;

    for (guint i = 0; i < findings->len; i++) {
        const SchedFinding *finding = &g_array_index(findings, SchedFinding, i);

        if (sched_finding_is_silence(finding->kind) && strcmp(finding->slot, slot) == 0 &&
            (finding->item == NULL || strcmp(finding->item, item) == 0) &&
            (finding->zone == NULL || strcmp(finding->zone, zone) == 0))
            n++;
    }
    return n;
}

/* Each sounding that was asked for is in the plan or has its reason, and nothing is besides. */
static void
account_for(Span *span, const SchedPlanDay *day, gsize slot, const char *playlist,
            const char *items)
{
    g_auto(GStrv) parts = g_strsplit(items, " ", -1);

    for (gsize i = 0; parts[i] != NULL; i++) {
        for (gsize z = 0; z < N_ZONES; z++) {
            guint wanted = n_wanted(playlist, parts[i], z, slots[slot].is_first);
            guint planned = n_planned(day->plan, slots[slot].id, parts[i], zones[z]);
            guint silences = n_silences(day->findings, slots[slot].id, parts[i], zones[z]);

            g_test_message("%s %s %s %s: %u of %u, %u findings", day->plan->date,
                           slots[slot].id, parts[i], zones[z], planned, wanted, silences);
            g_assert_cmpuint(planned, <=, wanted);
            if (planned < wanted || wanted == 0)
                g_assert_cmpuint(silences, >=, 1);
            else
                g_assert_cmpuint(silences, ==, 0);
            span->n_heard += planned;
            span->n_silent += wanted - planned;
        }
    }
}

/* Nothing is early by the clock on the slot's own wall; what is in nobody's way is on time. */
static void
check_start(const SchedPlanDay *day, gsize slot)
{
    g_autofree char *local = g_strdup_printf("%s %s:00", day->plan->date, slots[slot].start);
    gint64 start_us =
        plan_builder_utc(slots[slot].tzid == NULL ? "Asia/Ho_Chi_Minh" : slots[slot].tzid,
                         local);
    gint64 first_us = G_MAXINT64;

    for (guint i = 0; i < day->plan->segments->len; i++) {
        const ContentSegment *segment = day->plan->segments->pdata[i];

        if (strcmp(segment->slot, slots[slot].id) == 0)
            first_us = MIN(first_us, segment->start_us);
    }
    g_assert_cmpint(first_us, >=, start_us);
    if (slots[slot].is_alone)
        g_assert_cmpint(first_us, ==, start_us);
}

static void
check_plan(Span *span, const SchedPlanDay *day, guint n)
{
    guint n_segments = 0, n_before = span->n_heard;

    for (gsize i = 0; i < G_N_ELEMENTS(slots); i++) {
        const char *playlist = slots[i].playlist, *items = slots[i].items;

        if (!is_on(span, i, n) || (strcmp(slots[i].id, "doi") == 0 && n == 3)) {
            for (gsize z = 0; z < N_ZONES; z++)
                g_assert_cmpuint(n_planned(day->plan, slots[i].id, "i1", zones[z]), ==, 0);
            continue;
        }
        if (strcmp(slots[i].id, "doi") == 0 && n == 2)
            playlist = "p-dai", items = "i1 i2";
        account_for(span, day, i, playlist, items);
        check_start(day, i);
    }
    for (guint i = 0; i < day->plan->segments->len; i++)
        n_segments += ((ContentSegment *) day->plan->segments->pdata[i])->zones->len;
    g_assert_cmpuint(span->n_heard - n_before, ==, n_segments);
    for (guint i = 0; i < day->findings->len; i++) {
        gpointer kind = GINT_TO_POINTER(g_array_index(day->findings, SchedFinding, i).kind + 1);

        g_hash_table_add(span->kinds, kind);
    }
}

/* ---- what was heard ---- */

/* The world makes ids and hashes of names: a segment's name is the id that it was planned with.
 */
static ContentDayPlan *
take_over(const ContentDayPlan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_day_plan_type, plan, &error);
    ContentDayPlan *copy;

    g_assert_no_error(error);
    copy = content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    for (guint i = 0; i < copy->segments->len; i++) {
        ContentSegment *segment = copy->segments->pdata[i];

        g_free(segment->title);
        g_free(segment->object);
        g_free(segment->approval);
        segment->title = g_steal_pointer(&segment->id);
        segment->id = plan_builder_id(segment->title);
        segment->object = plan_builder_hash(segment->title);
        segment->approval = plan_builder_hash(segment->title);
    }
    return copy;
}

static void
check_heard(const Span *span, const ContentDayPlan *plan)
{
    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *segment = plan->segments->pdata[i];

        for (guint z = 0; z < segment->zones->len; z++) {
            const char *zone = segment->zones->pdata[z];
            const ContentRecord *record = cue_world_last_final(span->world, segment->id, zone);

            g_test_message("%s %s %s %s", plan->date, segment->slot, segment->item, zone);
            g_assert_cmpuint(cue_world_finals(span->world, segment->id, zone), ==, 1);
            g_assert_cmpint(record->reason, ==, CONTENT_REASON_NONE);
            g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
            g_assert_cmpint(record->planned_start_us, ==, segment->start_us);
            g_assert_cmpint(record->actual_start_us, >=, segment->start_us);
            g_assert_cmpint(record->actual_start_us, <=, segment->start_us + LATE_US);
            g_assert_cmpint(record->actual_end_us, ==,
                            segment->start_us + segment->duration_us);
        }
    }
}

/* The plan of a date does not depend on from where one looks at it. */
static void
check_stable(SchedIndex *index, const SchedPlanDay *day)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedPlanDay) alone = sched_plan_station_day(index, "tram", day->day, &error);
    g_autoptr(GBytes) one = NULL, other = NULL;

    g_assert_no_error(error);
    one = content_document_write(&content_day_plan_type, day->plan, &error);
    g_assert_no_error(error);
    other = content_document_write(&content_day_plan_type, alone->plan, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(one, other));
}

static void
make_station(Span *span)
{
    char eve[11];
    g_autofree char *begin = NULL;
    GPtrArray *own;

    sched_day_write(span->first - 1, eve);
    begin = g_strconcat(eve, " 20:00:00", NULL);
    span->world = cue_world_new("Asia/Ho_Chi_Minh", "loa:a loa:b loa2:c loa2:d", begin);
    own = cue_world_settings(span->world)->zones;
    for (guint i = 0; i < own->len; i++) {
        ContentSettingsZone *zone = own->pdata[i];
        ContentWindow *night = content_shape_new(&content_window_shape);

        *night = *(ContentWindow *) zone->windows->pdata[0];
        night->to_min = 90;
        ((ContentWindow *) zone->windows->pdata[0])->from_min = 270;
        g_ptr_array_insert(zone->windows, 0, night);
    }
    cue_world_give_settings(span->world);
    cue_world_quiet(span->world, TRUE);
}

static void
run_days(Span *span, GPtrArray *days)
{
    for (guint n = 0; n < N_DAYS; n++) {
        char next[11];
        g_autofree char *night = NULL;

        sched_day_write(span->first + (SchedDay) n + 1, next);
        night = g_strconcat(next, " 02:30:00", NULL);
        cue_world_run(span->world, night);
        check_heard(span, ((SchedPlanDay *) days->pdata[n])->plan);
        if (n % 3 == 2)
            cue_world_restart(span->world, PLAN_MIN(3), CONTENT_REASON_NO_POWER);
    }
}

static void
test_span(gconstpointer data)
{
    Span span = {.first = plan_world_day(data)};
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GPtrArray) days = NULL;

    span.kinds = g_hash_table_new(NULL, NULL);
    make_district(&span);
    make_station(&span);
    index = sched_index_new(span.district);
    g_assert_no_error(error);
    days = sched_plan_station(index, "tram", span.first, N_DAYS, &error);
    g_assert_no_error(error);
    for (guint n = 0; n < N_DAYS; n++) {
        const SchedPlanDay *day = days->pdata[n];

        check_plan(&span, day, n);
        check_stable(index, day);
        cue_world_plan(span.world, take_over(day->plan), "");
    }
    run_days(&span, days);
    g_test_message("%u soundings heard, %u silent with a reason, %u kinds of findings",
                   span.n_heard, span.n_silent, g_hash_table_size(span.kinds));
    g_assert_cmpuint(span.n_heard, >, N_DAYS * 30);
    g_assert_cmpuint(span.n_silent, >, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(usual_kinds); i++)
        g_assert_true(g_hash_table_contains(span.kinds, GINT_TO_POINTER(usual_kinds[i] + 1)));
    g_hash_table_unref(span.kinds);
    cue_world_free(span.world);
    sched_snapshot_free(span.district);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/day/plan-cue/month-end-and-summer-time", "2026-03-22", test_span);
    g_test_add_data_func("/day/plan-cue/leap-day", "2028-02-20", test_span);
    g_test_add_data_func("/day/plan-cue/winter-time", "2026-10-20", test_span);
    g_test_add_data_func("/day/plan-cue/turn-of-the-year", "2026-12-24", test_span);
    return g_test_run();
}
