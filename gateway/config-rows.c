/* config-rows.c - see config-rows.h */
#include "gateway/config-rows.h"

#include "gateway/relay/layout.h"

#define FIELD(type, field) G_STRUCT_OFFSET(type, field)
#define TEXT               CONTENT_SETTING_STRING
#define NUMBER             CONTENT_SETTING_INT
#define LIST               CONTENT_SETTING_LIST
#define CHOICE             CONTENT_SETTING_ENUM

/* clang-format off */
const ContentSetting gate_config_settings[] = {
    { "gateway", "socket", TEXT, FIELD(GatewayRow, socket), "/run/loa-gateway/lease.sock", 1, 100,
      NULL, "Where the player finds the gateway." },
    { "gateway", "player-users", LIST, FIELD(GatewayRow, player_users), "loa-player", 1, 8,
      NULL, "Accounts whose processes may hold leases: names or numbers." },
    { "gateway", "test-users", LIST, FIELD(GatewayRow, test_users), "root", 0, 16,
      NULL, "Accounts that may ask for a relay test." },
};
const gsize gate_config_n_settings = G_N_ELEMENTS(gate_config_settings);

static const ContentSetting line_settings[] = {
    { "line ", "kind", CHOICE, FIELD(LineRow, kind), NULL, 0, 0,
      "serial|tcp", "Modbus RTU on a serial line, or Modbus TCP." },
    { "line ", "device", TEXT, FIELD(LineRow, device), "", 0, 200,
      NULL, "Serial: the device file, for instance /dev/ttyUSB0." },
    { "line ", "baud", NUMBER, FIELD(LineRow, baud), "9600", 1200, 115200,
      NULL, "Serial: bits a second, as set on the boards." },
    { "line ", "parity", CHOICE, FIELD(LineRow, parity), "none", 0, 0,
      "none|even|odd", "Serial: as set on the boards." },
    { "line ", "stop-bits", NUMBER, FIELD(LineRow, stop_bits), "1", 1, 2,
      NULL, "Serial: as set on the boards." },
    { "line ", "address", TEXT, FIELD(LineRow, address), "", 0, 45,
      NULL, "TCP: the board's IP address; a name is refused, since asking for it may take long." },
    { "line ", "port", NUMBER, FIELD(LineRow, port), "502", 1, 65535,
      NULL, "TCP: the board's port; some boards use 4196." },
    { "line ", "response-ms", NUMBER, FIELD(LineRow, response_ms), "200", 20, 2000,
      NULL, "How long an answer may take. A board whose every answer for ten seconds takes more than half of it is told of as slow." },
    { "line ", "quiet-ms", NUMBER, FIELD(LineRow, quiet_ms), "300", 0, 1000,
      NULL, "Serial: how much later an answer may still come; so long the line is listened to." },
};

static const ContentSetting board_settings[] = {
    { "board ", "line", TEXT, FIELD(BoardRow, line), NULL, 1, 64,
      NULL, "The line it is on." },
    { "board ", "unit", NUMBER, FIELD(BoardRow, unit), "1", 1, 247,
      NULL, "Its Modbus address." },
    { "board ", "profile", TEXT, FIELD(BoardRow, profile), "coils", 1, 32,
      NULL, "The kind of board: coils, r421a08 or ryn408f." },
    { "board ", "relays", NUMBER, FIELD(BoardRow, relays), "8", 1, GATE_BOARD_MAX_RELAYS,
      NULL, "How many relays it has." },
    { "board ", "base", NUMBER, FIELD(BoardRow, base), "-1", -1, 65000,
      NULL, "Address of its first relay; -1: as usual for the profile." },
    { "board ", "inputs", NUMBER, FIELD(BoardRow, inputs), "0", 0, GATE_BOARD_MAX_INPUTS,
      NULL, "How many inputs it has." },
    { "board ", "input-poll-ms", NUMBER, FIELD(BoardRow, input_poll_ms), "250", 50, 10000,
      NULL, "Time between two readings of its inputs." },
    { "board ", "timed-on-s", NUMBER, FIELD(BoardRow, timed_on_s), "0", 0, 255,
      NULL, "Relays are closed for so long by the board's own timer and renewed in time: they open "
      "by themselves when the gateway stops; 0: the board has no such timer." },
};

static const ContentSetting zone_settings[] = {
    { "zone ", "output", TEXT, FIELD(ZoneRow, output), "main", 1, 64,
      NULL, "The player's output that this zone hears." },
    { "zone ", "relays", LIST, FIELD(ZoneRow, relays), NULL, 1, GATE_ZONE_MAX_RELAYS,
      NULL, "Its line relays, each BOARD/NUMBER; zones may share one." },
    { "zone ", "amplifier", TEXT, FIELD(ZoneRow, amplifier), "", 0, 80,
      NULL, "The relay of its amplifier, BOARD/NUMBER; empty: it is always on." },
    { "zone ", "warm-up-ms", NUMBER, FIELD(ZoneRow, warm_up_ms), "3000", 0, 120000,
      NULL, "Time from the amplifier's relay to the line relays." },
    { "zone ", "stagger-ms", NUMBER, FIELD(ZoneRow, stagger_ms), "50", 0, 5000,
      NULL, "Time between two relays of an output that close." },
    { "zone ", "tail-ms", NUMBER, FIELD(ZoneRow, tail_ms), "500", 0, 10000,
      NULL, "Time the relays stay closed after the player let go in order." },
    { "zone ", "max-on-s", NUMBER, FIELD(ZoneRow, max_on_s), "3600", 1, 86400,
      NULL, "After this time the zone is opened whatever is asked." },
    { "zone ", "rest-s", NUMBER, FIELD(ZoneRow, rest_s), "60", 0, 86400,
      NULL, "And stays open at least this long." },
};

static const ContentSetting input_settings[] = {
    { "input ", "board", TEXT, FIELD(InputRow, board), NULL, 1, 64,
      NULL, "The board it is on." },
    { "input ", "number", NUMBER, FIELD(InputRow, number), NULL, 1, GATE_BOARD_MAX_INPUTS,
      NULL, "Its number on the board, from 1." },
    { "input ", "contact", CHOICE, FIELD(InputRow, contact), "no", 0, 0,
      "no|nc", "Normally open or normally closed." },
    { "input ", "debounce-ms", NUMBER, FIELD(InputRow, debounce_ms), "-1", -1, 60000,
      NULL, "A change counts after it has lasted so long; -1: 500, and 0 for a button, whose hold "
      "time says more." },
    { "input ", "role", CHOICE, FIELD(InputRow, role), "notice", 0, 0,
      "notice|fault|block|mains|battery|button",
      "notice: told only; fault: a fault of the zone; block: keeps the zone off; mains: mains is "
      "there; battery: the station runs on its battery; button: a person presses it, and the "
      "player's [button NAME] says what for; its board's inputs are then read every 50 ms." },
    { "input ", "zone", TEXT, FIELD(InputRow, zone), "", 0, 64,
      NULL, "The zone it speaks of; empty: all." },
    { "input ", "words", TEXT, FIELD(InputRow, words), NULL, 1, 120,
      NULL, "What it means when active, for people." },
};

static const ContentSetting lamp_settings[] = {
    { "lamp ", "relay", TEXT, FIELD(LampRow, relay), NULL, 1, 80,
      NULL, "Its relay, BOARD/NUMBER; never one of a zone or an amplifier." },
};
/* clang-format on */

#define DEFINE_FREE(function, type, table)                                                     \
    static void function(gpointer data)                                                        \
    {                                                                                          \
        type *row = data;                                                                      \
        content_settings_clear(table, G_N_ELEMENTS(table), row);                               \
        g_free(row->name);                                                                     \
        g_free(row);                                                                           \
    }

DEFINE_FREE(line_row_free, LineRow, line_settings)
DEFINE_FREE(board_row_free, BoardRow, board_settings)
DEFINE_FREE(zone_row_free, ZoneRow, zone_settings)
DEFINE_FREE(input_row_free, InputRow, input_settings)
DEFINE_FREE(lamp_row_free, LampRow, lamp_settings)

/* clang-format off */
const ContentSettingGroup gate_config_groups[ROWS_N] = {
    [ROWS_LINE]  = { "line", sizeof(LineRow), FIELD(LineRow, name), line_settings,
                     G_N_ELEMENTS(line_settings), line_row_free, GATE_MAX_BOARDS },
    [ROWS_BOARD] = { "board", sizeof(BoardRow), FIELD(BoardRow, name), board_settings,
                     G_N_ELEMENTS(board_settings), board_row_free, GATE_MAX_BOARDS },
    [ROWS_ZONE]  = { "zone", sizeof(ZoneRow), FIELD(ZoneRow, name), zone_settings,
                     G_N_ELEMENTS(zone_settings), zone_row_free, CONTENT_LEASE_MAX_ZONES },
    [ROWS_INPUT] = { "input", sizeof(InputRow), FIELD(InputRow, name), input_settings,
                     G_N_ELEMENTS(input_settings), input_row_free, GATE_MAX_INPUTS },
    [ROWS_LAMP]  = { "lamp", sizeof(LampRow), FIELD(LampRow, name), lamp_settings,
                     G_N_ELEMENTS(lamp_settings), lamp_row_free, CONTENT_LEASE_MAX_LAMPS },
};
/* clang-format on */
