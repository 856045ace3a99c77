/* test-view.c - what the district reads of a site: states, faults in words, the inventory. */
#include "gateway/relay/view.h"

#include "content/wording.h"

#include "tests/gateway/relay/run.h"

typedef Run Fixture;

static void
add_input(GateLayout *layout, const char *id, guint number, GateInputRole role,
          const char *zone)
{
    const GateLayoutInput input = {.id = (char *) id,
                                   .number = number,
                                   .role = role,
                                   .zone = (char *) zone,
                                   .words = (char *) "máy tăng âm báo lỗi"};

    g_assert_true(gate_layout_add_input(layout, &input, NULL));
}

static void
set_up(Fixture *run, gconstpointer data)
{
    GateLayout *layout;

    run_start(run, 0);
    layout = (GateLayout *) gate_machine_layout(run->machine);
    add_input(layout, "amplifier", 0, GATE_INPUT_FAULT, "a");
    add_input(layout, "door", 1, GATE_INPUT_BLOCK, "c");
    add_input(layout, "mains", 2, GATE_INPUT_MAINS, NULL);
    add_input(layout, "battery", 3, GATE_INPUT_BATTERY, NULL);
    run->inputs[0] = 1u << 2;
}

static void
tear_down(Fixture *run, gconstpointer data)
{
    run_stop(run);
}

/* Every state that is looked at must also pass through the wire's own checks. */
static ContentLeaseState *
look(const Run *run)
{
    ContentLeaseState *state = gate_view_state(run->machine, 7, run->now_us);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_lease_state_type, state, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(bytes), <=, CONTENT_LEASE_MAX_BYTES);
    g_assert_cmpint(state->seq, ==, 7);
    return state;
}

static const ContentLeaseZone *
zone_of(const ContentLeaseState *state, guint zone)
{
    return g_ptr_array_index(state->zones, zone);
}

static void
test_before_anything_is_read(Fixture *run, gconstpointer data)
{
    g_autoptr(ContentLeaseState) state = look(run);

    g_assert_cmpint(zone_of(state, SITE_ZONE_A)->relay, ==, CONTENT_RELAY_UNKNOWN);
    g_assert_cmpint(zone_of(state, SITE_ZONE_A)->read_us, ==, 0);
    g_assert_cmpint(state->mains, ==, CONTENT_POWER_UNKNOWN);
    g_assert_false(((ContentLeaseInput *) state->inputs->pdata[0])->known);
}

static void
test_course_of_a_zone(Fixture *run, gconstpointer data)
{
    g_autoptr(ContentLeaseState) idle = NULL, warming = NULL, ready = NULL;

    run_until(run, S(101));
    idle = look(run);
    g_assert_cmpint(zone_of(idle, SITE_ZONE_A)->relay, ==, CONTENT_RELAY_OPEN);
    g_assert_cmpint(idle->mains, ==, CONTENT_POWER_ON);
    g_assert_cmpint(idle->battery, ==, CONTENT_POWER_OFF);
    run_hold(run, 1, "a", S(1));
    warming = look(run);
    g_assert_true(zone_of(warming, SITE_ZONE_A)->held);
    g_assert_false(zone_of(warming, SITE_ZONE_A)->ready);
    g_assert_cmpint(zone_of(warming, SITE_ZONE_A)->asked_us, ==, S(101));
    g_assert_cmpint(zone_of(warming, SITE_ZONE_A)->ready_us, >=, S(103));
    run_hold(run, 1, "a", S(2));
    ready = look(run);
    g_assert_true(zone_of(ready, SITE_ZONE_A)->ready);
    g_assert_cmpint(zone_of(ready, SITE_ZONE_A)->relay, ==, CONTENT_RELAY_CLOSED);
    g_assert_cmpint(zone_of(ready, SITE_ZONE_A)->ready_us, <, S(104));
    g_assert_cmpint(zone_of(ready, SITE_ZONE_A)->read_us, >=, S(103));
    g_assert_null(zone_of(ready, SITE_ZONE_A)->fault);
    g_assert_cmpint(zone_of(ready, SITE_ZONE_C)->relay, ==, CONTENT_RELAY_OPEN);
}

static void
expect_fault(const ContentLeaseState *state, guint zone, const char *words)
{
    g_autofree char *said =
        content_wording_remark(zone_of(state, zone)->fault, CONTENT_READER_EN, NULL);

    g_assert_cmpstr(said, ==, words);
}

static void
test_faults_in_words(Fixture *run, gconstpointer data)
{
    g_autoptr(ContentLeaseState) stuck = NULL, silent = NULL, blocked = NULL, rests = NULL;

    run_until(run, S(101));
    run->stuck_open[1] = 1;
    run_hold(run, 1, "c", S(1));
    stuck = look(run);
    g_assert_cmpint(zone_of(stuck, SITE_ZONE_C)->relay, ==, CONTENT_RELAY_FAULT);
    expect_fault(stuck, SITE_ZONE_C, "relay b2/1 reads open although it was written closed");
    g_assert_true(
        content_remark_is_same(stuck->faults->pdata[0], zone_of(stuck, SITE_ZONE_C)->fault));
    run->stuck_open[1] = 0;
    run->silent[1] = TRUE;
    run_hold(run, 1, "c", S(3));
    silent = look(run);
    g_assert_cmpint(zone_of(silent, SITE_ZONE_C)->relay, ==, CONTENT_RELAY_UNKNOWN);
    expect_fault(silent, SITE_ZONE_C, "board b2: no answer");
    g_assert_null(zone_of(silent, SITE_ZONE_A)->fault);
    run->inputs[0] = 1u << 0 | 1u << 1;
    run_hold(run, 1, "c", S(2));
    blocked = look(run);
    expect_fault(blocked, SITE_ZONE_C, "kept off by input door: máy tăng âm báo lỗi");
    expect_fault(blocked, SITE_ZONE_A, "input amplifier: máy tăng âm báo lỗi");
    g_assert_cmpint(blocked->mains, ==, CONTENT_POWER_OFF);
    run->inputs[0] = 0;
    run->silent[1] = FALSE;
    run_hold(run, 1, "c", S(75));
    rests = look(run);
    expect_fault(rests, SITE_ZONE_C,
                 "zone c was on for its maximum of 60 s and rests until it is let go of");
    g_assert_true(zone_of(rests, SITE_ZONE_C)->held);
    g_assert_cmpint(zone_of(rests, SITE_ZONE_C)->ready_us, ==, 0);
}

/* A slow board is told of at the site, and is no fault of its zones: they sound. */
static void
test_slow_board(Fixture *run, gconstpointer data)
{
    g_autoptr(ContentLeaseState) soon = NULL, slow = NULL, quick = NULL;
    g_autofree char *words = NULL;

    run_until(run, S(101));
    run->slow[1] = TRUE;
    run_hold(run, 1, "c", S(9));
    soon = look(run);
    g_assert_cmpuint(soon->faults->len, ==, 0);
    run_hold(run, 1, "c", S(3));
    slow = look(run);
    g_assert_cmpuint(slow->faults->len, ==, 1);
    words = content_wording_remark(slow->faults->pdata[0], CONTENT_READER_EN, NULL);
    g_assert_cmpstr(words, ==, "board b2: answers slowly");
    g_assert_null(zone_of(slow, SITE_ZONE_C)->fault);
    g_assert_true(zone_of(slow, SITE_ZONE_C)->ready);
    run->slow[1] = FALSE;
    run_hold(run, 1, "c", S(2));
    quick = look(run);
    g_assert_cmpuint(quick->faults->len, ==, 0);
}

/* The largest site there can be, with everything wrong and the longest of words. */
static void
test_largest_state(void)
{
    g_autofree char *words = g_strnfill(120, 'w');
    GateLayout *layout = gate_layout_new();
    g_autoptr(GateMachine) machine = NULL;
    g_autoptr(ContentLeaseState) state = NULL;
    g_autoptr(ContentInventory) inventory = NULL;
    g_autoptr(GBytes) bytes = NULL, known = NULL;

    for (guint i = 0; i < GATE_MAX_BOARDS; i++) {
        g_autofree char *id = g_strdup_printf("%s%02u",
                                              "board-with-a-name-of-the-longest-kind-"
                                              "that-there-can-be-",
                                              i);
        const GateLayoutBoard board = {
            .id = id, .n_relays = 32, .n_inputs = 32, .input_poll_us = MS(250)};

        g_assert_true(gate_layout_add_board(layout, &board, NULL));
    }
    for (guint i = 0; i < CONTENT_LEASE_MAX_ZONES; i++) {
        g_autofree char *id = g_strdup_printf("%.61s%02u", words, i);
        const GateLayoutZone zone = {.id = id,
                                     .output = id,
                                     .coils = {i},
                                     .n_coils = 1,
                                     .amplifier = GATE_NO_COIL,
                                     .max_on_us = S(1)};
        const GateLayoutInput input = {
            .id = id, .number = i % 32, .board = i / 32, .words = words};

        g_assert_true(gate_layout_add_zone(layout, &zone, NULL));
        g_assert_true(gate_layout_add_input(layout, &input, NULL));
    }
    machine = gate_machine_new(layout);
    for (guint i = 0; i < 2 * GATE_MAX_BOARDS; i++) {
        g_autoptr(ContentRemark) wrong =
            content_remark_say(content_remark_new("line_unusable", NULL, "line", words, NULL),
                               words);
        const GateJobResult silent = {.job = {.kind = GATE_JOB_READ, .board = i / 2},
                                      .status = GATE_JOB_SILENT,
                                      .wrong = wrong};

        gate_machine_job_done(machine, &silent, S(1));
    }
    state = gate_view_state(machine, 1, S(1));
    g_assert_cmpuint(state->faults->len, ==, 32);
    bytes = content_document_write(&content_lease_state_type, state, NULL);
    g_assert_nonnull(bytes);
    inventory = gate_view_inventory(layout);
    known = content_document_write(&content_inventory_type, inventory, NULL);
    g_assert_nonnull(known);
}

static void
test_inventory(Fixture *run, gconstpointer data)
{
    g_autoptr(ContentInventory) inventory =
        gate_view_inventory(gate_machine_layout(run->machine));
    const ContentInventoryZone *zone = inventory->zones->pdata[SITE_ZONE_A];

    g_assert_cmpuint(inventory->zones->len, ==, 3);
    g_assert_cmpstr(zone->output, ==, "main");
    g_assert_cmpint(zone->switch_ms, ==, 640);
    g_assert_cmpint(zone->warm_up_ms, ==, 2000);
    g_assert_cmpint(zone->tail_ms, ==, 500);
    g_assert_cmpint(zone->max_on_s, ==, 60);
    g_assert_true(zone->has_sense);
    zone = inventory->zones->pdata[SITE_ZONE_B];
    g_assert_false(zone->has_sense);
    zone = inventory->zones->pdata[SITE_ZONE_C];
    g_assert_cmpint(zone->warm_up_ms, ==, 0);
}

static const ContentLeaseInput *
button_of(const ContentLeaseState *state)
{
    return g_ptr_array_index(state->inputs, state->inputs->len - 1);
}

/* Each reading of a pressed button is told; one that cannot be read is unknown at once. */
static void
test_button(Fixture *run, gconstpointer data)
{
    GateLayout *layout = (GateLayout *) gate_machine_layout(run->machine);
    const GateLayoutInput input = {.id = (char *) "button",
                                   .number = 3,
                                   .role = GATE_INPUT_BUTTON,
                                   .words = (char *) "nút báo động"};
    g_autoptr(ContentLeaseState) idle = NULL, held = NULL, later = NULL, silent = NULL,
                                 stuck = NULL;
    g_autoptr(ContentInventory) inventory = NULL;

    g_assert_true(gate_layout_add_input(layout, &input, NULL));
    run_until(run, S(101));
    idle = look(run);
    g_assert_true(button_of(idle)->known && !button_of(idle)->active);
    g_assert_cmpint(button_of(idle)->read_us, ==, 0);
    run->inputs[0] |= 1u << 3;
    run_until(run, S(101) + MS(100));
    held = look(run);
    g_assert_true(button_of(held)->active);
    g_assert_cmpint(button_of(held)->read_us, >, S(101));
    run_until(run, S(101) + MS(200));
    later = look(run);
    g_assert_cmpint(button_of(later)->read_us, >, button_of(held)->read_us);
    g_assert_cmpint(run->now_us - button_of(later)->read_us, <=, MS(100));
    run_until(run, S(101) + MS(100) + GATE_BUTTON_TOLD_US + MS(100));
    stuck = look(run);
    g_assert_true(button_of(stuck)->active);
    g_assert_cmpint(button_of(stuck)->read_us, ==, 0);
    run->silent[0] = TRUE;
    run_until(run, run->now_us + S(1));
    silent = look(run);
    g_assert_false(button_of(silent)->known || button_of(silent)->active);
    inventory = gate_view_inventory(layout);
    g_assert_cmpuint(inventory->buttons->len, ==, 1);
    g_assert_cmpstr(inventory->buttons->pdata[0], ==, "button");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/gateway/relay/view/unread", Fixture, NULL, set_up,
               test_before_anything_is_read, tear_down);
    g_test_add("/gateway/relay/view/course", Fixture, NULL, set_up, test_course_of_a_zone,
               tear_down);
    g_test_add("/gateway/relay/view/faults", Fixture, NULL, set_up, test_faults_in_words,
               tear_down);
    g_test_add("/gateway/relay/view/slow-board", Fixture, NULL, set_up, test_slow_board,
               tear_down);
    g_test_add("/gateway/relay/view/button", Fixture, NULL, set_up, test_button, tear_down);
    g_test_add("/gateway/relay/view/inventory", Fixture, NULL, set_up, test_inventory,
               tear_down);
    g_test_add_func("/gateway/relay/view/largest-state", test_largest_state);
    return g_test_run();
}
