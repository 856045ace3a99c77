/* schedule.c - playlists, slots, windows; delivery and the audit's verdict. See run.h. */
#include "scheduler/ctl/run.h"

#include <stdio.h>
#include <string.h>

#include "scheduler/ctl/remarks.h"

/* --- playlists
 * ---------------------------------------------------------------------------------- */

/* "ID:MINUTES" of a stream or a line-in. NULL: it is none */
static json_t *
parse_relay(const char *kind, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);
    char *end = NULL;
    double minutes;

    if (g_strv_length(parts) != 2 || *parts[1] == '\0')
        return NULL;
    minutes = g_ascii_strtod(parts[1], &end);
    if (*end != '\0' || !(minutes > 0 && minutes <= 240))
        return NULL;
    return json_pack("{s:s, s:s, s:I}", "kind", kind, "announcement", parts[0], "duration_us",
                     (json_int_t) (minutes * 60 * G_USEC_PER_SEC));
}

/* "announcement:ID", "signal:ID", "pause:SECONDS", "stream:ID:MINUTES", "line_in:ID:MINUTES".
 */
static json_t *
parse_item(const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);
    char *end = NULL;
    double seconds;
    json_t *relay = NULL;

    if (g_strv_length(parts) == 2 &&
        (strcmp(parts[0], "announcement") == 0 || strcmp(parts[0], "signal") == 0))
        return json_pack("{s:s, s:s}", "kind", parts[0], "announcement", parts[1]);
    if (g_strv_length(parts) == 2 &&
        (strcmp(parts[0], "stream") == 0 || strcmp(parts[0], "line_in") == 0))
        relay = parse_relay(parts[0], parts[1]);
    if (relay != NULL)
        return relay;
    if (g_strv_length(parts) == 2 && strcmp(parts[0], "pause") == 0) {
        seconds = g_ascii_strtod(parts[1], &end);
        if (*parts[1] != '\0' && *end == '\0' && seconds > 0 && seconds <= 600)
            return json_pack("{s:s, s:I}", "kind", "pause", "duration_us",
                             (json_int_t) (seconds * G_USEC_PER_SEC));
    }
    ctl_usage(error, "no_item", "value", text);
    return NULL;
}

gboolean
ctl_fill_items(CtlRun *run, json_t *body, GError **error)
{
    GPtrArray *texts = ctl_arguments_all(run->arguments, "ITEM");
    json_t *items = json_array();

    json_object_set_new(body, "items", items);
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        json_t *item = parse_item(g_ptr_array_index(texts, i), error);

        if (item == NULL)
            return FALSE;
        json_array_append_new(items, item);
    }
    return TRUE;
}

gboolean
ctl_playlist_add(CtlRun *run, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer = NULL;

    if (ctl_fill_items(run, body, error))
        answer = ctl_client_call(run->client, "POST", "/api/playlists", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- slots
 * --------------------------------------------------------------------------------------- */

/* "AREA" or "STATION/ZONE". */
static json_t *
parse_target(const char *text)
{
    const char *slash = strchr(text, '/');
    g_autofree char *station = NULL;

    if (slash == NULL)
        return json_pack("{s:s}", "area", text);
    station = g_strndup(text, (gsize) (slash - text));
    return json_pack("{s:s, s:s}", "station", station, "zone", slash + 1);
}

gboolean
ctl_fill_slot(CtlRun *run, json_t *body, GError **error)
{
    GPtrArray *texts = ctl_arguments_all(run->arguments, "--to");
    const char *at = ctl_run_get(run, "--at"), *gain = ctl_run_get(run, "--gain");
    json_t *targets = texts == NULL ? NULL : json_array();
    gint64 at_s = 0, gain_mdb = 0;

    for (guint i = 0; texts != NULL && i < texts->len; i++)
        json_array_append_new(targets, parse_target(g_ptr_array_index(texts, i)));
    if (targets != NULL)
        json_object_set_new(body, "targets", targets);
    if ((at != NULL && !ctl_parse_clock(at, &at_s, error)) ||
        (gain != NULL && !ctl_parse_db(gain, &gain_mdb, error)))
        return FALSE;
    if (at != NULL) {
        json_object_set_new(body, "local_min", json_integer(at_s / 60));
        json_object_set_new(body, "local_s", json_integer(at_s % 60));
    }
    if (gain != NULL)
        json_object_set_new(body, "gain_mdb", json_integer(gain_mdb));
    return TRUE;
}

gboolean
ctl_slot_add(CtlRun *run, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer = NULL;

    if (json_object_get(body, "class") == NULL)
        json_object_set_new(body, "class", json_string("thong_thuong"));
    if (ctl_fill_slot(run, body, error))
        answer = ctl_client_call(run->client, "POST", "/api/slots", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* Approve and return name exactly what is there now; a change since then is a conflict. */
gboolean
ctl_slot_judge(CtlRun *run, GError **error)
{
    g_autofree char *slot = ctl_escape(ctl_run_get(run, "SLOT"));
    const char *act =
        g_str_has_suffix(run->arguments->command->words, "return") ? "return" : "approve";
    json_t *seen =
        ctl_run_call(run, "GET", g_strdup_printf("/api/slots/%s", slot), NULL, error);
    json_t *body, *answer;

    if (seen == NULL)
        return FALSE;
    body = json_pack("{s:O}", "content", json_object_get(seen, "content"));
    if (ctl_run_get(run, "NOTE") != NULL)
        json_object_set_new(body, "note", json_string(ctl_run_get(run, "NOTE")));
    json_decref(seen);
    answer =
        ctl_run_call(run, "POST", g_strdup_printf("/api/slots/%s/%s", slot, act), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* The hash of what stands on the date now. */
static json_t *
find_content(CtlRun *run, const char *date, GError **error)
{
    g_autofree char *slot = ctl_escape(ctl_run_get(run, "SLOT"));
    json_t *seen =
        ctl_run_call(run, "GET", g_strdup_printf("/api/slots/%s", slot), NULL, error);
    const json_t *dates = json_object_get(seen, "dates");
    json_t *content = NULL;

    for (gsize i = 0; content == NULL && i < json_array_size(dates); i++) {
        const json_t *row = json_array_get(dates, i);

        if (g_strcmp0(json_string_value(json_object_get(row, "date")), date) == 0)
            content = json_incref(json_object_get(row, "content"));
    }
    if (seen != NULL && content == NULL)
        ctl_fail(error, CTL_CLIENT_ERROR_NOT_FOUND, "date_same", "date", date, NULL);
    json_decref(seen);
    return content;
}

gboolean
ctl_date_approve(CtlRun *run, GError **error)
{
    const char *given = ctl_run_get(run, "CONTENT");
    json_t *content =
        given != NULL ? json_string(given) : find_content(run, ctl_run_get(run, "DATE"), error);
    json_t *body, *answer;

    if (content == NULL)
        return FALSE;
    body = json_pack("{s:o}", "content", content);
    answer = ctl_run_call(run, "POST", ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_date_return(CtlRun *run, GError **error)
{
    json_t *content = find_content(run, ctl_run_get(run, "DATE"), error);
    json_t *body, *answer;

    if (content == NULL)
        return FALSE;
    body = ctl_arguments_body(run->arguments, error);
    json_object_set_new(body, "content", content);
    answer = ctl_run_call(run, "POST", ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- quiet requests
 * --------------------------------------------------------------------------------- */

gboolean
ctl_quiet_add(CtlRun *run, GError **error)
{
    const char *from = ctl_run_get(run, "--from");
    gint64 from_us = 0, until_us;
    json_t *body, *answer;

    if ((from != NULL && !ctl_run_time(run, from, &from_us, error)) ||
        !ctl_run_time(run, ctl_run_get(run, "UNTIL"), &until_us, error))
        return FALSE;
    body = ctl_arguments_body(run->arguments, error);
    json_object_update_new(body, parse_target(ctl_run_get(run, "PLACE")));
    json_object_set_new(body, "from_us", json_integer(from_us));
    json_object_set_new(body, "until_us", json_integer(until_us));
    answer = ctl_client_call(run->client, "POST", "/api/quiets", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- grants
 * ---------------------------------------------------------------------------------------- */

/* "INPUT=TEMPLATE" or "INPUT=TEMPLATE:VALUE,VALUE" */
static json_t *
parse_button(const char *text, GError **error)
{
    g_auto(GStrv) sides = g_strsplit(text, "=", 2);
    g_auto(GStrv) what =
        sides[0] == NULL || sides[1] == NULL ? NULL : g_strsplit(sides[1], ":", 2);
    json_t *button, *values;

    if (what == NULL || what[0] == NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--button %s: INPUT=TEMPLATE or INPUT=TEMPLATE:VALUE,VALUE", text);
        return NULL;
    }
    values = json_array();
    if (what[1] != NULL) {
        g_auto(GStrv) ids = g_strsplit(what[1], ",", -1);

        for (gsize i = 0; ids[i] != NULL; i++)
            json_array_append_new(values, json_string(ids[i]));
    }
    button =
        json_pack("{s:s, s:s, s:o}", "name", sides[0], "template", what[0], "values", values);
    return button;
}

static json_t *
parse_buttons(CtlRun *run, GError **error)
{
    GPtrArray *texts = ctl_arguments_all(run->arguments, "--button");
    json_t *buttons = json_array();

    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        json_t *button = parse_button(texts->pdata[i], error);

        if (button == NULL) {
            json_decref(buttons);
            return NULL;
        }
        json_array_append_new(buttons, button);
    }
    return buttons;
}

gboolean
ctl_grant_add(CtlRun *run, GError **error)
{
    g_autofree char *id = ctl_escape(ctl_run_get(run, "GRANT"));
    g_autofree char *path = g_strconcat("/api/grants/", id, NULL);
    json_t *buttons = parse_buttons(run, error);
    json_t *body, *answer;
    gint64 until_us;

    if (buttons == NULL || !ctl_run_time(run, ctl_run_get(run, "UNTIL"), &until_us, error)) {
        json_decref(buttons);
        return FALSE;
    }
    body = ctl_arguments_body(run->arguments, error);
    if (json_object_get(body, "accounts") == NULL)
        json_object_set_new(body, "accounts", json_array());
    json_object_set_new(body, "inputs", buttons);
    json_object_set_new(body, "expires_us", json_integer(until_us));
    answer = ctl_client_call(run->client, "PUT", path, body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- alerts
 * ---------------------------------------------------------------------------------------- */

static gboolean
call_alert(CtlRun *run, gboolean is_drill, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer;

    if (body == NULL)
        return FALSE;
    json_object_set_new(body, "drill", json_boolean(is_drill));
    answer = ctl_client_call(run->client, "POST", "/api/alerts", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* Two commands, so that nobody makes a real one of a drill by leaving a word out. */
gboolean
ctl_alert_call(CtlRun *run, GError **error)
{
    return call_alert(run, FALSE, error);
}

gboolean
ctl_alert_drill(CtlRun *run, GError **error)
{
    return call_alert(run, TRUE, error);
}

/* (transfer none) (nullable): what @readiness says of the station */
static json_t *
find_station(json_t *readiness, const char *station)
{
    json_t *one;
    gsize i;

    json_array_foreach(json_object_get(readiness, "stations"), i, one)
    {
        if (g_strcmp0(json_string_value(json_object_get(one, "station")), station) == 0)
            return one;
    }
    return NULL;
}

/* "Not ready for alerts in jra: 12 missing, Lũ first" */
static void
say_gaps(CtlRun *run, json_t *ready)
{
    json_t *gap;
    gsize i;

    json_array_foreach(json_object_get(ready, "gaps"), i, gap)
    {
        json_t *titles = json_object_get(gap, "titles");
        g_autofree char *count = g_strdup_printf("%" G_GSIZE_FORMAT, json_array_size(titles));
        g_autofree char *words =
            ctl_words_say(run->reader, "alert_gap", "language",
                          json_string_value(json_object_get(gap, "language")), "n", count,
                          "first", json_string_value(json_array_get(titles, 0)), NULL);

        printf("%s\n", words);
    }
    if (!json_is_true(json_object_get(ready, "reads_them")))
        printf("%s\n", ctl_words_get(run->reader, "say.alert_old"));
    else if (json_is_true(json_object_get(ready, "ready")))
        printf("%s\n", ctl_words_get(run->reader, "say.alert_ready"));
}

gboolean
ctl_station_show(CtlRun *run, GError **error)
{
    json_auto_t *answer =
        ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);
    g_autofree char *area = NULL;
    json_auto_t *readiness = NULL;
    json_t *ready;

    if (answer == NULL)
        return FALSE;
    area = ctl_escape(json_string_value(json_object_get(answer, "area")));
    readiness = ctl_run_call(run, "GET", g_strconcat("/api/alert-readiness?area=", area, NULL),
                             NULL, error);
    if (readiness == NULL)
        return FALSE;
    ready = find_station(readiness, ctl_run_get(run, "STATION"));
    if (ready != NULL)
        json_object_set(answer, "alerts", ready);
    ctl_run_print(run, json_incref(answer));
    if (run->out == CTL_OUT_TABLE && ready != NULL)
        say_gaps(run, ready);
    return TRUE;
}

gboolean
ctl_alert_import(CtlRun *run, GError **error)
{
    json_t *answer =
        ctl_client_upload(run->client, "POST", run->arguments->command->path,
                          ctl_run_get(run, "FILE"), "application/cap+xml", NULL, NULL, error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_alert_cap(CtlRun *run, GError **error)
{
    g_autofree char *alert = ctl_escape(ctl_run_get(run, "ALERT"));
    g_autofree char *path =
        g_strconcat("/api/alerts/", alert, "/cap",
                    ctl_run_get(run, "--as-called") != NULL ? "?message=call" : "", NULL);

    if (!ctl_client_download(run->client, path, ctl_run_get(run, "FILE"), NULL, NULL, error))
        return FALSE;
    ctl_run_print(run, json_null());
    return TRUE;
}

/* --- windows
 * --------------------------------------------------------------------------------------- */

/* "mon-fri", "sat", "mon-sun": bits from Monday. */
static gint64
parse_weekdays(const char *text)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    g_auto(GStrv) ends = g_strsplit(text, "-", 2);
    int first = -1, last = -1;
    gint64 bits = 0;

    for (int i = 0; i < 7; i++) {
        if (g_strcmp0(days[i], ends[0]) == 0)
            first = i;
        if (g_strcmp0(days[i], ends[1] == NULL ? ends[0] : ends[1]) == 0)
            last = i;
    }
    for (int i = first; first >= 0 && last >= first && i <= last; i++)
        bits |= G_GINT64_CONSTANT(1) << i;
    return bits;
}

/* "mon-sun 05:00-21:00" or "mon-sun 05:00-21:00 uu_tien". */
static json_t *
parse_window(const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint n_words = g_strv_length(words);
    g_auto(GStrv) ends = n_words < 2 ? NULL : g_strsplit(words[1], "-", 2);
    gint64 weekdays = n_words < 2 ? 0 : parse_weekdays(words[0]), from_s, to_s;

    if (n_words < 2 || n_words > 3 || weekdays == 0 || g_strv_length(ends) != 2) {
        ctl_usage(error, "no_window", "value", text);
        return NULL;
    }
    if (!ctl_parse_clock(ends[0], &from_s, error) || !ctl_parse_clock(ends[1], &to_s, error))
        return NULL;
    return json_pack("{s:s, s:I, s:I, s:I}", "class", n_words == 3 ? words[2] : "thong_thuong",
                     "weekdays", (json_int_t) weekdays, "from_min", (json_int_t) (from_s / 60),
                     "to_min", (json_int_t) (to_s / 60));
}

gboolean
ctl_windows_set(CtlRun *run, GError **error)
{
    GPtrArray *texts = ctl_arguments_all(run->arguments, "WINDOW");
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *windows = json_array(), *answer = NULL;
    gboolean is_good = TRUE;

    json_object_set_new(body, "windows", windows);
    for (guint i = 0; is_good && texts != NULL && i < texts->len; i++) {
        json_t *window = parse_window(g_ptr_array_index(texts, i), error);

        is_good = window != NULL;
        if (is_good)
            json_array_append_new(windows, window);
    }
    if (is_good)
        answer = ctl_run_call(run, run->arguments->command->method,
                              ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- verdicts
 * -------------------------------------------------------------------------------------- */

/* What is carried by hand counts once it was confirmed, unless it is no longer to be told. */
static gboolean
is_carried(const json_t *tasks)
{
    for (gsize i = 0; i < json_array_size(tasks); i++) {
        const char *state =
            json_string_value(json_object_get(json_array_get(tasks, i), "state"));

        if (g_strcmp0(state, "confirmed") != 0 && g_strcmp0(state, "no_longer") != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_delivered(const json_t *answer)
{
    const json_t *list = json_object_get(answer, "deliveries");
    const json_t *tasks = json_object_get(answer, "messengers");

    for (gsize i = 0; i < json_array_size(list); i++) {
        const char *state =
            json_string_value(json_object_get(json_array_get(list, i), "state"));

        if (g_strcmp0(state, "delivered") != 0 && g_strcmp0(state, "quiet") != 0)
            return FALSE;
    }
    return json_array_size(list) + json_array_size(tasks) > 0 && is_carried(tasks) &&
           json_array_size(json_object_get(answer, "troubles")) == 0;
}

static gint64
number_at(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* Reason, hours and what is known besides; in a spreadsheet the codes. */
static char *
reason_of(const json_t *row, const CtlView *view)
{
    const char *member = view->is_plain                      ? "reason"
                         : view->reader == CONTENT_READER_VI ? "why_vi"
                                                             : "why";
    const char *why = json_string_value(json_object_get(row, member));
    g_autofree char *detail = ctl_remarks_words(json_object_get(row, "details"), view);

    if (why == NULL || strcmp(why, "none") == 0)
        why = "";
    return g_strdup_printf("%s%s%s", why, *why == '\0' || *detail == '\0' ? "" : ": ", detail);
}

/* Gives each verdict its reason, and says what proves the sound. */
static void
explain_deliveries(json_t *answer, const CtlView *view)
{
    json_t *list = json_object_get(answer, "deliveries");

    for (gsize i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        g_autofree char *why = reason_of(row, view);

        json_object_set_new(row, "why", json_string(why));
        if (number_at(row, "heard_us") > 0)
            json_object_set_new(row, "line",
                                json_string(json_is_true(json_object_get(row, "line_sensed"))
                                                ? "sensed"
                                                : "unsensed"));
    }
}

/* A station that missed so many heartbeats is not heard of. */
#define PATIENCE_HEARTBEATS 3

static const char *
contact_of(const json_t *station, gint64 now_us)
{
    gint64 contact_us = number_at(json_object_get(station, "state"), "contact_us");
    gint64 patience_us =
        PATIENCE_HEARTBEATS * number_at(station, "heartbeat_s") * G_USEC_PER_SEC;

    if (json_is_true(json_object_get(station, "retired")))
        return "retired";
    if (contact_us == 0)
        return "never";
    return now_us - contact_us > patience_us ? "silent" : "in_contact";
}

/* What is not in the answer, beside the table or the CSV; @key: (nullable): of the words round
 * it */
static void
print_troubles(CtlRun *run, const json_t *answer, const char *key)
{
    const json_t *list = json_object_get(answer, "troubles");

    for (gsize i = 0; run->out != CTL_OUT_JSON && i < json_array_size(list); i++) {
        const json_t *trouble = json_array_get(list, i);
        const json_t *said =
            json_object_get(trouble, run->reader == CONTENT_READER_VI ? "words_vi" : "words");
        const char *words = json_string_value(said);
        g_autofree char *line = key == NULL
                                    ? g_strdup(words)
                                    : ctl_words_say(run->reader, key, "words", words, NULL);

        fprintf(stderr, "%s\n", line);
    }
}

gboolean
ctl_preview(CtlRun *run, GError **error)
{
    json_t *answer = ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);

    if (answer == NULL)
        return FALSE;
    print_troubles(run, answer, "left_out");
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_status(CtlRun *run, GError **error)
{
    json_t *answer = ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);
    json_t *list = json_object_get(answer, "stations");

    if (answer == NULL)
        return FALSE;
    for (gsize i = 0; run->out != CTL_OUT_JSON && i < json_array_size(list); i++) {
        json_t *station = json_array_get(list, i);
        json_t *off = json_object_get(station, "last_off_vi");

        json_object_set_new(station, "contact",
                            json_string(contact_of(station, number_at(answer, "now_us"))));
        if (run->out == CTL_OUT_TABLE && run->reader == CONTENT_READER_VI && off != NULL)
            json_object_set(station, "last_off", off);
    }
    print_troubles(run, answer, "left_out");
    ctl_run_print(run, answer);
    return TRUE;
}

/* The day that was asked for, else the district's today. */
static json_t *
get_delivery(CtlRun *run, GError **error)
{
    const char *area = ctl_run_get(run, "--area"), *wanted = ctl_run_get(run, "--date");
    g_autofree char *date = wanted != NULL ? g_strdup(wanted) : ctl_run_today(run, error);
    g_autofree char *day = date == NULL ? NULL : ctl_escape(date);
    g_autofree char *place = area == NULL ? g_strdup("") : ctl_escape(area);
    g_autofree char *query =
        g_strdup_printf("?date=%s%s%s", day, area == NULL ? "" : "&area=", place);
    json_t *answer = NULL, *carried = NULL;

    if (date == NULL)
        return NULL;
    answer = ctl_run_call(run, "GET", g_strconcat("/api/delivery", query, NULL), NULL, error);
    if (answer != NULL)
        carried = ctl_run_call(run, "GET", g_strconcat("/api/messenger-tasks", query, NULL),
                               NULL, error);
    if (carried == NULL) {
        json_decref(answer);
        return NULL;
    }
    json_object_set(answer, "messengers", json_object_get(carried, "tasks"));
    json_decref(carried);
    return answer;
}

/* Below what was heard, and never called so: who was reached by hand, of how many. */
static void
add_carried(CtlRun *run, json_t *answer, const CtlView *view)
{
    const json_t *tasks = json_object_get(answer, "messengers");

    for (gsize i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        g_autofree char *reached =
            g_strdup_printf("%" G_GINT64_FORMAT, number_at(task, "reached"));
        g_autofree char *all =
            g_strdup_printf("%" G_GINT64_FORMAT, number_at(task, "households"));
        g_autofree char *why = view->is_plain
                                   ? g_strdup_printf("by_messenger %s/%s", reached, all)
                                   : ctl_words_say(run->reader, "by_messenger", "reached",
                                                   reached, "all", all, NULL);

        json_array_append_new(json_object_get(answer, "deliveries"),
                              json_pack("{s:O, s:O, s:O, s:O, s:s}", "village_name",
                                        json_object_get(task, "village_name"), "title",
                                        json_object_get(task, "title"), "planned_start_us",
                                        json_object_get(task, "made_us"), "state",
                                        json_object_get(task, "state"), "why", why));
    }
}

gboolean
ctl_delivery(CtlRun *run, GError **error)
{
    json_t *answer = get_delivery(run, error);
    CtlView view = ctl_run_view(run);
    gboolean is_complete;

    if (answer == NULL)
        return FALSE;
    is_complete = is_delivered(answer);
    if (run->out != CTL_OUT_JSON) {
        explain_deliveries(answer, &view);
        add_carried(run, answer, &view);
    }
    print_troubles(run, answer, NULL);
    ctl_run_print(run, answer);
    if (is_complete || ctl_run_get(run, "--check") == NULL)
        return TRUE;
    return ctl_fail(error, CTL_CLIENT_ERROR_NEGATIVE, "not_delivered", NULL);
}

gboolean
ctl_audit_verify(CtlRun *run, GError **error)
{
    json_t *answer = ctl_client_call(run->client, "GET", "/api/audit/verify", NULL, error);
    g_autofree char *row = NULL;
    gint64 first_bad;

    if (answer == NULL)
        return FALSE;
    first_bad = json_integer_value(json_object_get(answer, "first_bad"));
    ctl_run_print(run, answer);
    if (first_bad == 0)
        return TRUE;
    row = g_strdup_printf("%" G_GINT64_FORMAT, first_bad);
    return ctl_fail(error, CTL_CLIENT_ERROR_NEGATIVE, "audit_altered", "row", row, NULL);
}

/* What a setting means is said here, for the API says it in English. */
gboolean
ctl_settings(CtlRun *run, GError **error)
{
    json_t *answer = ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);
    json_t *list = json_object_get(answer, "settings");

    if (answer == NULL)
        return FALSE;
    for (gsize i = 0; run->out == CTL_OUT_TABLE && i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        g_autofree char *key =
            g_strdup_printf("setting.%s", json_string_value(json_object_get(row, "key")));
        const char *meaning = ctl_words_get(run->reader, key);

        if (meaning != NULL)
            json_object_set_new(row, "meaning", json_string(meaning));
    }
    ctl_run_print(run, answer);
    return TRUE;
}
