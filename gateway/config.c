/*
 * config.c - see config.h
 *
 * Both readings end in rows (config-rows.h), which are made into lines and boards by the same
 * functions. The lenient one keeps of the text only the line and board groups, ignores keys
 * that nobody knows and takes the default where a value is wrong.
 */
#include "gateway/config.h"

#include <gio/gio.h>
#include <string.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "gateway/config-rows.h"

G_DEFINE_QUARK(GateConfigError, gate_config_error)

/* A character on a serial line: start bit, eight bits, parity or second stop bit, stop bit. */
#define SERIAL_BITS 11
/* Request and answer of one write and one read-back of eight relays, with their silences. */
#define SERIAL_CHARACTERS 44
#define TCP_WRITE_US      (10 * 1000)
#define MAX_FILE_BYTES    (256 * 1024)
#define USUAL_DEBOUNCE_MS 500

static gboolean refuse(GError **error, const GateConfig *config, const char *kind,
                       const char *name, const char *format, ...) G_GNUC_PRINTF(5, 6);

static gboolean
refuse(GError **error, const GateConfig *config, const char *kind, const char *name,
       const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list args;

    va_start(args, format);
    words = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, GATE_CONFIG_ERROR, GATE_CONFIG_ERROR_INVALID, "%s: [%s %s]: %s",
                config->path, kind, name, words);
    return FALSE;
}

static int
find_line(const GateConfig *config, const char *id)
{
    for (guint i = 0; i < config->n_lines; i++) {
        if (strcmp(config->lines[i].id, id) == 0)
            return (int) i;
    }
    return -1;
}

static int
find_board(const GateConfig *config, const char *id)
{
    for (guint i = 0; i < config->n_boards; i++) {
        if (strcmp(config->board_ids[i], id) == 0)
            return (int) i;
    }
    return -1;
}

static gboolean
baud_is_usual(gint64 baud)
{
    static const gint64 usual[] = {1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};

    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        if (usual[i] == baud)
            return TRUE;
    }
    return FALSE;
}

static gboolean
add_line(GateConfig *config, gconstpointer data, GError **error)
{
    const LineRow *row = data;
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(row->address);
    GateLineSpec *line = &config->lines[config->n_lines];

    if (!content_id_is_valid(row->name))
        return refuse(error, config, "line", row->name,
                      "a name is 1 to 64 of a-z, 0-9 and '-'");
    if (row->kind == GATE_LINE_SERIAL && row->device[0] == '\0')
        return refuse(error, config, "line", row->name, "device: a serial line needs one");
    if (row->kind == GATE_LINE_TCP && address == NULL)
        return refuse(error, config, "line", row->name,
                      "address: '%s' is not an IP address; a name is not asked for, since "
                      "that may hold the line up",
                      row->address);
    if (!baud_is_usual(row->baud))
        return refuse(error, config, "line", row->name,
                      "baud: %" G_GINT64_FORMAT " is no usual speed", row->baud);
    *line = (GateLineSpec){
        .id = g_strdup(row->name),
        .kind = (GateLineKind) row->kind,
        .device = g_strdup(row->device),
        .baud = (int) row->baud,
        .parity = (GateParity) row->parity,
        .stop_bits = (int) row->stop_bits,
        .address = g_strdup(row->address),
        .port = (guint) row->port,
        .response_us = row->response_ms * 1000,
        .quiet_us = row->quiet_ms * 1000,
    };
    config->n_lines++;
    return TRUE;
}

static gboolean
counts_fit_profile(const GateConfig *config, const BoardRow *row, const GateProfile *profile,
                   GError **error)
{
    guint max_timer_s = gate_profile_max_timer_s(profile);

    if (row->relays > profile->max_relays)
        return refuse(error, config, "board", row->name, "relays: a %s has at most %u",
                      profile->name, profile->max_relays);
    if (row->inputs > profile->max_inputs)
        return refuse(error, config, "board", row->name, "inputs: a %s has at most %u",
                      profile->name, profile->max_inputs);
    if (row->timed_on_s > max_timer_s)
        return refuse(error, config, "board", row->name, "timed-on-s: a %s can do at most %u",
                      profile->name, max_timer_s);
    return TRUE;
}

static gboolean
unit_is_free(const GateConfig *config, const BoardRow *row, int line, GError **error)
{
    for (guint i = 0; i < config->n_boards; i++) {
        if (config->board_lines[i] == (guint) line &&
            config->boards[i].unit == (guint) row->unit)
            return refuse(error, config, "board", row->name,
                          "unit: board %s on the same line has it already",
                          config->board_ids[i]);
    }
    return TRUE;
}

static gboolean
add_board(GateConfig *config, gconstpointer data, GError **error)
{
    const BoardRow *row = data;
    const GateProfile *profile = gate_profile_find(row->profile);
    int line = find_line(config, row->line);

    if (!content_id_is_valid(row->name))
        return refuse(error, config, "board", row->name,
                      "a name is 1 to 64 of a-z, 0-9 and '-'");
    if (line < 0)
        return refuse(error, config, "board", row->name, "line: there is no line '%s'",
                      row->line);
    if (profile == NULL)
        return refuse(error, config, "board", row->name,
                      "profile: '%s' is none of coils, r421a08, ryn408f", row->profile);
    if (!counts_fit_profile(config, row, profile, error) ||
        !unit_is_free(config, row, line, error))
        return FALSE;
    config->boards[config->n_boards] = (GateBusBoard){
        .unit = (guint) row->unit,
        .profile = profile,
        .base = row->base < 0 ? profile->base : (guint16) row->base,
        .n_relays = (guint) row->relays,
        .n_inputs = (guint) row->inputs,
    };
    config->board_ids[config->n_boards] = g_strdup(row->name);
    config->board_lines[config->n_boards] = (guint) line;
    config->n_boards++;
    return TRUE;
}

/* What one write and its read-back take, for the inventory's switch times. */
static gint64
write_us(const GateConfig *config, guint board)
{
    const GateLineSpec *line = &config->lines[config->board_lines[board]];
    gint64 answers_us = 2 * (gint64) config->boards[board].profile->answer_ms * 1000;

    if (line->kind == GATE_LINE_TCP)
        return answers_us + TCP_WRITE_US;
    return answers_us +
           (gint64) SERIAL_CHARACTERS * SERIAL_BITS * G_USEC_PER_SEC / MAX(line->baud, 1);
}

static gboolean
lay_out_board(GateConfig *config, gconstpointer data, GError **error)
{
    const BoardRow *row = data;
    guint index = (guint) find_board(config, row->name);
    const GateLayoutBoard board = {
        .id = row->name,
        .n_relays = (guint) row->relays,
        .n_inputs = (guint) row->inputs,
        .timed_on_us = row->timed_on_s * G_USEC_PER_SEC,
        .input_poll_us = row->input_poll_ms * 1000,
        .write_us = write_us(config, index),
    };

    return gate_layout_add_board(config->layout, &board, error);
}

static gboolean
lay_out_zone(GateConfig *config, gconstpointer data, GError **error)
{
    const ZoneRow *row = data;
    GateLayoutZone zone = {
        .id = row->name,
        .output = row->output,
        .amplifier = GATE_NO_COIL,
        .warm_up_us = row->warm_up_ms * 1000,
        .stagger_us = row->stagger_ms * 1000,
        .tail_us = row->tail_ms * 1000,
        .max_on_us = row->max_on_s * G_USEC_PER_SEC,
        .rest_us = row->rest_s * G_USEC_PER_SEC,
    };

    for (guint i = 0; row->relays[i] != NULL && i < GATE_ZONE_MAX_RELAYS; i++) {
        g_strstrip(row->relays[i]);
        if (!gate_layout_parse_relay(config->layout, row->relays[i],
                                     &zone.coils[zone.n_coils++], error))
            return FALSE;
    }
    if (row->amplifier[0] != '\0' &&
        !gate_layout_parse_relay(config->layout, row->amplifier, &zone.amplifier, error))
        return FALSE;
    return gate_layout_add_zone(config->layout, &zone, error);
}

static gint64
debounce_us(const InputRow *row)
{
    gint64 usual_ms = row->role == GATE_INPUT_BUTTON ? 0 : USUAL_DEBOUNCE_MS;

    return (row->debounce_ms < 0 ? usual_ms : row->debounce_ms) * 1000;
}

static gboolean
lay_out_input(GateConfig *config, gconstpointer data, GError **error)
{
    const InputRow *row = data;
    int board = find_board(config, row->board);
    /* Documents are in NFC; a configuration file may have been typed on anything. */
    g_autofree char *words = g_utf8_normalize(row->words, -1, G_NORMALIZE_NFC);
    const GateLayoutInput input = {
        .id = row->name,
        .board = (guint) MAX(board, 0),
        .number = (guint) row->number - 1,
        .is_nc = row->contact == 1,
        .debounce_us = debounce_us(row),
        .role = (GateInputRole) row->role,
        .zone = row->zone[0] == '\0' ? NULL : row->zone,
        .words = words,
    };

    if (board < 0)
        return refuse(error, config, "input", row->name, "board: there is no board '%s'",
                      row->board);
    return gate_layout_add_input(config->layout, &input, error);
}

static gboolean
lay_out_lamp(GateConfig *config, gconstpointer data, GError **error)
{
    const LampRow *row = data;
    GateLayoutLamp lamp = {.id = row->name};

    return gate_layout_parse_relay(config->layout, row->relay, &lamp.coil, error) &&
           gate_layout_add_lamp(config->layout, &lamp, error);
}

/* A row of any kind, as the tables fill it. */
typedef gboolean (*AddFunc)(GateConfig *config, gconstpointer row, GError **error);

static gboolean
add_all(GateConfig *config, const GPtrArray *rows, AddFunc add, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        if (!add(config, g_ptr_array_index(rows, i), error)) {
            /* A layout's errors know the thing but not the file. */
            if (error != NULL && *error != NULL && (*error)->domain == GATE_LAYOUT_ERROR)
                g_prefix_error(error, "%s: ", config->path);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
build(GateConfig *config, GPtrArray *const *rows, GError **error)
{
    config->layout = gate_layout_new();
    if (rows[ROWS_BOARD]->len == 0)
        return refuse(error, config, "board", "NAME", "at least one board is needed");
    return add_all(config, rows[ROWS_LINE], add_line, error) &&
           add_all(config, rows[ROWS_BOARD], add_board, error) &&
           add_all(config, rows[ROWS_BOARD], lay_out_board, error) &&
           add_all(config, rows[ROWS_ZONE], lay_out_zone, error) &&
           add_all(config, rows[ROWS_INPUT], lay_out_input, error) &&
           add_all(config, rows[ROWS_LAMP], lay_out_lamp, error);
}

static GateConfig *
config_new(const char *path)
{
    GateConfig *config = g_new0(GateConfig, 1);

    config->path = g_strdup(path);
    return config;
}

void
gate_config_free(GateConfig *config)
{
    if (config == NULL)
        return;
    for (guint i = 0; i < config->n_lines; i++)
        gate_line_spec_clear(&config->lines[i]);
    for (guint i = 0; i < config->n_boards; i++)
        g_free(config->board_ids[i]);
    gate_layout_free(config->layout);
    g_free(config->path);
    g_free(config->socket);
    g_strfreev(config->player_users);
    g_strfreev(config->test_users);
    g_free(config);
}

GateConfig *
gate_config_read(const char *path, GError **error)
{
    g_autoptr(GateConfig) config = config_new(path);
    GPtrArray *rows[ROWS_N] = {NULL};
    GatewayRow row = {0};
    gboolean is_good;

    if (!content_settings_read(path, gate_config_settings, gate_config_n_settings, &row,
                               gate_config_groups, ROWS_N, rows, error)) {
        content_settings_clear(gate_config_settings, gate_config_n_settings, &row);
        return NULL;
    }
    config->socket = row.socket;
    config->player_users = row.player_users;
    config->test_users = row.test_users;
    is_good = build(config, rows, error);
    for (gsize i = 0; i < ROWS_N; i++)
        g_ptr_array_unref(rows[i]);
    return is_good ? g_steal_pointer(&config) : NULL;
}

/* Of the text, the groups of lines and boards with whatever in them looks like a key. */
static GKeyFile *
salvage(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) kept = g_string_new(NULL);
    GKeyFile *file = g_key_file_new();
    gboolean is_wanted = FALSE;

    for (gsize i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (line[0] == '[')
            is_wanted = g_str_has_suffix(line, "]") &&
                        (g_str_has_prefix(line, "[line ") || g_str_has_prefix(line, "[board "));
        if (is_wanted && (line[0] == '[' || (g_ascii_islower(line[0]) && strchr(line, '='))))
            g_string_append_printf(kept, "%s\n", line);
    }
    g_key_file_load_from_data(file, kept->str, kept->len, G_KEY_FILE_NONE, NULL);
    return file;
}

static gboolean
salvage_value(const ContentSetting *setting, const char *text, gpointer field)
{
    g_auto(GStrv) choices = NULL;

    if (text == NULL)
        return FALSE;
    if (setting->kind == CONTENT_SETTING_STRING) {
        g_free(*(char **) field);
        *(char **) field = g_strdup(text);
        return TRUE;
    }
    if (setting->kind == CONTENT_SETTING_INT)
        return g_ascii_string_to_signed(text, 10, setting->min, setting->max, field, NULL);
    choices = g_strsplit(setting->choices, "|", -1);
    for (gint64 i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], text) == 0) {
            *(gint64 *) field = i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Returns: (transfer full) (nullable): a row; NULL when a required key is missing or wrong */
static gpointer
salvage_row(GKeyFile *file, const char *group, const ContentSettingGroup *kind)
{
    gpointer row = g_malloc0(kind->struct_size);
    gboolean is_whole = TRUE;

    G_STRUCT_MEMBER(char *, row, kind->name_offset) =
        g_strdup(group + strlen(kind->prefix) + 1);
    for (gsize i = 0; i < kind->n_settings; i++) {
        const ContentSetting *setting = &kind->settings[i];
        gpointer field = G_STRUCT_MEMBER_P(row, setting->offset);
        g_autofree char *text = g_key_file_get_string(file, group, setting->key, NULL);

        if (!salvage_value(setting, text, field) &&
            !salvage_value(setting, setting->fallback, field))
            is_whole = FALSE;
    }
    if (!is_whole) {
        kind->free(row);
        return NULL;
    }
    return row;
}

static void
salvage_groups(GateConfig *config, GKeyFile *file, const ContentSettingGroup *kind, AddFunc add,
               GPtrArray *problems)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    guint n_taken = 0;

    for (gsize i = 0; groups[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        gpointer row;

        if (!g_str_has_prefix(groups[i], kind->prefix) ||
            groups[i][strlen(kind->prefix)] != ' ' || n_taken == kind->max_groups)
            continue;
        row = salvage_row(file, groups[i], kind);
        if (row != NULL && add(config, row, &error))
            n_taken++;
        else if (problems != NULL)
            g_ptr_array_add(
                problems, error != NULL ? g_strdup(error->message)
                                        : g_strdup_printf("%s: [%s]: a required key is missing",
                                                          config->path, groups[i]));
        g_clear_pointer(&row, kind->free);
    }
}

GateConfig *
gate_config_read_boards(const char *path, GPtrArray *problems)
{
    GateConfig *config = config_new(path);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_FILE_BYTES, &error);
    g_autofree char *text = NULL;
    g_autoptr(GKeyFile) file = NULL;

    if (bytes == NULL) {
        if (problems != NULL)
            g_ptr_array_add(problems, g_strdup(error->message));
        return config;
    }
    text = g_utf8_make_valid(g_bytes_get_data(bytes, NULL), (gssize) g_bytes_get_size(bytes));
    file = salvage(text);
    salvage_groups(config, file, &gate_config_groups[ROWS_LINE], add_line, problems);
    salvage_groups(config, file, &gate_config_groups[ROWS_BOARD], add_board, problems);
    return config;
}

char *
gate_config_describe(void)
{
    GString *text = g_string_new(NULL);
    g_autofree char *plain =
        content_settings_describe(gate_config_settings, gate_config_n_settings);

    g_string_append(text, plain);
    for (gsize i = 0; i < ROWS_N; i++) {
        g_autofree char *table = content_settings_describe(gate_config_groups[i].settings,
                                                           gate_config_groups[i].n_settings);

        g_string_append_printf(text, "\n%s", table);
    }
    return g_string_free(text, FALSE);
}
