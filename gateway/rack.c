/*
 * rack.c - see rack.h
 *
 * Whatever happens (a wish, a lost connection, an answer from a board, the alarm) ends in
 * settle(): jobs go to the lines, notices to the journal, a changed state to the link, and the
 * alarm is set for when the core wants to be asked again.
 */
#include "gateway/rack.h"

#include "content/base/notify.h"
#include "content/wording.h"
#include "gateway/events.h"
#include "gateway/link/link.h"
#include "gateway/relay/view.h"

#define ALL_OFF_US (2 * G_USEC_PER_SEC)
/* A silent board is asked every five seconds; a line that brings no result for longer hangs. */
#define LINE_ALIVE_US (8 * G_USEC_PER_SEC)

struct GateRack {
    ContentClock *clock;
    GateConfig *config;                             /* (owned) (nullable) */
    GateMachine *machine;                           /* (owned) (nullable): NULL until started */
    GatePeers *peers;                               /* (owned) (nullable) */
    GateLink *link;                                 /* (owned) (nullable) */
    GateLine *lines[GATE_CONFIG_MAX_LINES];         /* (owned) */
    gint64 line_answered_us[GATE_CONFIG_MAX_LINES]; /* the last result it brought */
    GateJobResult opened[GATE_MAX_BOARDS];          /* what the first act read; no words */
    guint n_waited_for;                             /* answers that all-off still lacks */
    guint alarm;
    gboolean is_late; /* all-off has waited long enough */
    GBytes *told;     /* (owned) (nullable): the state as last sent, without reading times */
};

static void settle(GateRack *rack);

GateRack *
gate_rack_new(ContentClock *clock)
{
    GateRack *rack = g_new0(GateRack, 1);

    rack->clock = clock;
    return rack;
}

static void
drop_lines(GateRack *rack)
{
    for (guint i = 0; i < GATE_CONFIG_MAX_LINES; i++)
        g_clear_pointer(&rack->lines[i], gate_line_free);
    g_clear_pointer(&rack->config, gate_config_free);
}

void
gate_rack_free(GateRack *rack)
{
    if (rack == NULL)
        return;
    content_clock_cancel(rack->clock, rack->alarm);
    g_clear_pointer(&rack->link, gate_link_free);
    content_clock_cancel(rack->clock, rack->alarm);
    drop_lines(rack);
    gate_machine_free(rack->machine);
    gate_peers_free(rack->peers);
    g_clear_pointer(&rack->told, g_bytes_unref);
    g_free(rack);
}

static void
feed_watchdog(GateRack *rack, gint64 now_us)
{
    for (guint i = 0; i < rack->config->n_boards; i++) {
        if (now_us - rack->line_answered_us[rack->config->board_lines[i]] > LINE_ALIVE_US)
            return;
    }
    content_notify_alive();
}

static void
on_all_off_result(GateRack *rack, const GateJobResult *result)
{
    const char *board = rack->config->board_ids[result->job.board];
    GateJobResult *kept = &rack->opened[result->job.board];
    g_autofree char *words = NULL;

    *kept = *result;
    kept->wrong = NULL;
    rack->n_waited_for--;
    if (result->wrong != NULL)
        words = content_wording_remark(result->wrong, CONTENT_READER_EN, NULL);
    if (result->status != GATE_JOB_DONE || result->closed != 0)
        content_event_log(&gate_events[GATE_EVENT_ALL_OFF_FAILED], board,
                          "relays could not be opened: %s",
                          words != NULL ? words : "some still read closed");
}

static void
on_line_result(const GateJobResult *result, gpointer user_data)
{
    GateRack *rack = user_data;
    gint64 now_us = content_clock_monotonic_us(rack->clock);

    rack->line_answered_us[rack->config->board_lines[result->job.board]] = now_us;
    if (rack->n_waited_for > 0) {
        on_all_off_result(rack, result);
        return;
    }
    if (rack->machine == NULL)
        return;
    gate_machine_job_done(rack->machine, result, now_us);
    settle(rack);
    feed_watchdog(rack, now_us);
}

static void
make_lines(GateRack *rack)
{
    gint64 now_us = content_clock_monotonic_us(rack->clock);

    for (guint i = 0; i < rack->config->n_lines; i++) {
        rack->lines[i] = gate_line_new(&rack->config->lines[i], rack->config->boards,
                                       rack->config->n_boards, on_line_result, rack);
        rack->line_answered_us[i] = now_us;
    }
}

static void
on_all_off_late(gpointer user_data)
{
    GateRack *rack = user_data;

    rack->alarm = 0;
    rack->is_late = TRUE;
}

/* Opens all relays on the lines there are and turns the loop until every board has answered. */
static void
open_everything(GateRack *rack)
{
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();
    gint64 now_us = content_clock_monotonic_us(rack->clock);

    content_clock_cancel(rack->clock, rack->alarm);
    rack->is_late = FALSE;
    rack->n_waited_for = rack->config->n_boards;
    rack->alarm =
        content_clock_alarm_monotonic(rack->clock, now_us + ALL_OFF_US, on_all_off_late, rack);
    for (guint i = 0; i < rack->config->n_boards; i++) {
        const GateJob job = {
            .kind = GATE_JOB_OPEN,
            .board = i,
            .relays = G_MAXUINT32 >> (32 - rack->config->boards[i].n_relays),
            .is_thorough = TRUE,
        };

        rack->opened[i] = (GateJobResult){.status = GATE_JOB_SILENT};
        gate_line_push(rack->lines[rack->config->board_lines[i]], &job);
    }
    while (rack->n_waited_for > 0 && !rack->is_late)
        g_main_context_iteration(context, TRUE);
    rack->n_waited_for = 0;
    content_clock_cancel(rack->clock, rack->alarm);
    rack->alarm = 0;
}

static guint
count_opened(const GateRack *rack)
{
    guint n_opened = 0;

    for (guint i = 0; i < rack->config->n_boards; i++)
        n_opened += rack->opened[i].status == GATE_JOB_DONE && rack->opened[i].closed == 0;
    return n_opened;
}

static void
tell_all_off(guint n_open, guint n_boards)
{
    const ContentEvent *event = &gate_events[GATE_EVENT_ALL_OFF];

    if (n_boards == 0)
        content_event_log(event, NULL, "no board to be opened");
    else if (n_open == n_boards)
        content_event_log(event, NULL, "boards told to open all relays: %u, all read open",
                          n_boards);
    else
        content_event_log(event, NULL,
                          "boards told to open all relays: %u, read open: %u, not answered or "
                          "still closed: %u",
                          n_boards, n_open, n_boards - n_open);
}

void
gate_rack_all_off(GateRack *rack, const char *path)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

    drop_lines(rack);
    rack->config = gate_config_read_boards(path, problems);
    for (guint i = 0; i < problems->len; i++)
        content_event_log(&gate_events[GATE_EVENT_CONFIG_PROBLEM], NULL, "%s",
                          (const char *) g_ptr_array_index(problems, i));
    make_lines(rack);
    open_everything(rack);
    tell_all_off(count_opened(rack), rack->config->n_boards);
}

static GBytes *
make_state(GateRack *rack, gint64 seq, gboolean with_times)
{
    g_autoptr(ContentLeaseState) state =
        gate_view_state(rack->machine, seq, content_clock_monotonic_us(rack->clock));
    g_autoptr(GError) error = NULL;
    GBytes *bytes;

    for (guint i = 0; i < state->zones->len && !with_times; i++) {
        ContentLeaseZone *zone = g_ptr_array_index(state->zones, i);

        zone->read_us = 0;
        zone->ready_us = zone->ready ? zone->ready_us : 0;
    }
    bytes = content_document_write(&content_lease_state_type, state, &error);
    /* Everything in it is bounded by the layout and by view.c. */
    if (bytes == NULL)
        g_error("the state cannot be written: %s", error->message);
    return bytes;
}

static GBytes *
on_link_state(gint64 seq, gpointer user_data)
{
    return make_state(user_data, seq, TRUE);
}

static GBytes *
on_link_inventory(gpointer user_data)
{
    GateRack *rack = user_data;
    g_autoptr(ContentInventory) inventory =
        gate_view_inventory(gate_machine_layout(rack->machine));
    g_autoptr(GError) error = NULL;
    GBytes *bytes = content_document_write(&content_inventory_type, inventory, &error);

    if (bytes == NULL)
        g_error("the inventory cannot be written: %s", error->message);
    return bytes;
}

static gboolean
on_link_wish(guint owner, const ContentLeaseWish *wish, gpointer user_data)
{
    GateRack *rack = user_data;
    gboolean is_taken =
        gate_machine_wish(rack->machine, owner, wish, content_clock_monotonic_us(rack->clock));

    settle(rack);
    return is_taken;
}

static void
on_link_lamps(guint owner, const ContentLampOrder *order, gpointer user_data)
{
    GateRack *rack = user_data;

    gate_machine_light(rack->machine, owner, order, content_clock_monotonic_us(rack->clock));
    settle(rack);
}

static void
on_link_gone(guint owner, gpointer user_data)
{
    GateRack *rack = user_data;

    gate_machine_drop(rack->machine, owner, content_clock_monotonic_us(rack->clock));
    settle(rack);
}

static void
on_link_problem(const char *words, gpointer user_data)
{
    content_event_log(&gate_events[GATE_EVENT_CONNECTION], NULL, "%s", words);
}

static const GateLinkHandlers link_handlers = {
    .inventory = on_link_inventory,
    .state = on_link_state,
    .wish = on_link_wish,
    .lamps = on_link_lamps,
    .gone = on_link_gone,
    .problem = on_link_problem,
};

static void
log_notices(GateRack *rack)
{
    static const GateEvent events[GATE_N_NOTICES] = {
        [GATE_NOTICE_ZONE_READY] = GATE_EVENT_ZONE_READY,
        [GATE_NOTICE_ZONE_OPEN] = GATE_EVENT_ZONE_OPEN,
        [GATE_NOTICE_ZONE_LOST] = GATE_EVENT_ZONE_LOST,
        [GATE_NOTICE_ZONE_OVER_LIMIT] = GATE_EVENT_ZONE_OVER_LIMIT,
        [GATE_NOTICE_RELAY_FAULT] = GATE_EVENT_RELAY_FAULT,
        [GATE_NOTICE_RELAY_STRAY] = GATE_EVENT_RELAY_STRAY,
        [GATE_NOTICE_RELAY_CLEARED] = GATE_EVENT_RELAY_CLEARED,
        [GATE_NOTICE_BOARD_FAULT] = GATE_EVENT_BOARD_FAULT,
        [GATE_NOTICE_BOARD_CLEARED] = GATE_EVENT_BOARD_CLEARED,
        [GATE_NOTICE_BOARD_SLOW] = GATE_EVENT_BOARD_SLOW,
        [GATE_NOTICE_INPUT] = GATE_EVENT_INPUT,
    };
    GateNotice *notice;

    while ((notice = gate_machine_take_notice(rack->machine)) != NULL) {
        content_event_log(&gate_events[events[notice->kind]], notice->subject, "%s",
                          notice->words);
        gate_notice_free(notice);
    }
}

static void
tell_if_changed(GateRack *rack)
{
    g_autoptr(GBytes) state = NULL;

    if (rack->link == NULL)
        return;
    state = make_state(rack, 0, FALSE);
    if (rack->told != NULL && g_bytes_equal(rack->told, state))
        return;
    g_clear_pointer(&rack->told, g_bytes_unref);
    rack->told = g_steal_pointer(&state);
    gate_link_send_state(rack->link);
}

static void
on_alarm(gpointer user_data)
{
    GateRack *rack = user_data;

    rack->alarm = 0;
    gate_machine_advance(rack->machine, content_clock_monotonic_us(rack->clock));
    settle(rack);
}

static void
settle(GateRack *rack)
{
    gint64 now_us = content_clock_monotonic_us(rack->clock);
    GateJob job;

    while (gate_machine_next_job(rack->machine, now_us, &job))
        gate_line_push(rack->lines[rack->config->board_lines[job.board]], &job);
    log_notices(rack);
    tell_if_changed(rack);
    content_clock_cancel(rack->clock, rack->alarm);
    rack->alarm =
        content_clock_alarm_monotonic(rack->clock, gate_machine_next_us(rack->machine, now_us),
                                      on_alarm, rack);
}

/* What the first act has read spares the core from opening everything once more. */
static void
hand_over_readings(GateRack *rack, const GateJobResult *opened, guint n_opened)
{
    gint64 now_us = content_clock_monotonic_us(rack->clock);

    for (guint i = 0; i < MIN(n_opened, rack->config->n_boards); i++) {
        if (opened[i].status == GATE_JOB_DONE)
            gate_machine_job_done(rack->machine, &opened[i], now_us);
    }
}

gboolean
gate_rack_start(GateRack *rack, const char *path, GError **error)
{
    g_autoptr(GateConfig) config = gate_config_read(path, error);
    guint n_opened = rack->config == NULL ? 0 : rack->config->n_boards;

    if (config == NULL)
        return FALSE;
    rack->peers = gate_peers_new((const char *const *) config->player_users,
                                 (const char *const *) config->test_users, error);
    if (rack->peers == NULL)
        return FALSE;
    drop_lines(rack);
    rack->config = g_steal_pointer(&config);
    rack->machine = gate_machine_new(g_steal_pointer(&rack->config->layout));
    make_lines(rack);
    hand_over_readings(rack, rack->opened, n_opened);
    rack->link = gate_link_new(rack->config->socket, rack->peers, rack->clock, &link_handlers,
                               rack, error);
    if (rack->link == NULL)
        return FALSE;
    settle(rack);
    content_event_log(&content_event_ready, NULL, "%u boards, %u zones, at %s",
                      rack->config->n_boards, gate_machine_layout(rack->machine)->zones->len,
                      rack->config->socket);
    return TRUE;
}

void
gate_rack_stop(GateRack *rack)
{
    g_clear_pointer(&rack->link, gate_link_free);
    if (rack->config != NULL) {
        /* New lines: what the core has asked of the old ones must not be counted. */
        for (guint i = 0; i < rack->config->n_lines; i++)
            g_clear_pointer(&rack->lines[i], gate_line_free);
        make_lines(rack);
        open_everything(rack);
    }
}
