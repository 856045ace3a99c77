/* test-config.c - every slip in the site's file is named, and boards are found in spite of it.
 */
#include "gateway/config.h"

#include <string.h>

#include "tests/support/scratch.h"

static const char good[] =
    "[gateway]\nplayer-users=root\n"
    "[line l1]\nkind=serial\ndevice=/dev/ttyUSB0\n"
    "[line l2]\nkind=tcp\naddress=::1\nport=4196\n"
    "[board b1]\nline=l1\ninputs=4\ntimed-on-s=6\n"
    "[board b2]\nline=l1\nunit=2\nprofile=ryn408f\n"
    "[board b3]\nline=l2\nprofile=r421a08\nbase=0\n"
    "[zone a]\nrelays=b1/1; b2/1\namplifier=b1/8\n"
    "[input door]\nboard=b1\nnumber=2\ncontact=nc\nrole=block\nwords=Cửa\n"
    "[input alarm]\nboard=b1\nnumber=3\nrole=button\nwords=Nút báo động\n"
    "[lamp alarm]\nrelay=b1/7\n";

static GateConfig *
read_text(const char *text, GError **error)
{
    g_autofree char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "gateway.conf", NULL);
    GateConfig *config;

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    config = gate_config_read(path, error);
    test_scratch_free(g_steal_pointer(&folder));
    return config;
}

static void
test_good(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GateConfig) config = read_text(good, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(config->socket, ==, "/run/loa-gateway/lease.sock");
    g_assert_cmpuint(config->n_lines, ==, 2);
    g_assert_cmpint(config->lines[0].baud, ==, 9600);
    g_assert_cmpuint(config->lines[1].port, ==, 4196);
    g_assert_cmpuint(config->n_boards, ==, 3);
    g_assert_cmpuint(config->boards[1].base, ==, 0);
    g_assert_cmpuint(config->boards[2].base, ==, 0);
    g_assert_cmpuint(config->board_lines[2], ==, 1);
    g_assert_cmpint(gate_layout_board(config->layout, 0)->timed_on_us, ==, 6 * G_USEC_PER_SEC);
    g_assert_cmpuint(gate_layout_zone(config->layout, 0)->coils[1], ==, 8);
    g_assert_cmpuint(gate_layout_zone(config->layout, 0)->amplifier, ==, 7);
    g_assert_true(gate_layout_input(config->layout, 0)->is_nc);
    g_assert_cmpint(gate_layout_input(config->layout, 0)->role, ==, GATE_INPUT_BLOCK);
    g_assert_cmpint(gate_layout_input(config->layout, 0)->debounce_us, ==, 500 * 1000);
    g_assert_cmpint(gate_layout_input(config->layout, 1)->role, ==, GATE_INPUT_BUTTON);
    g_assert_cmpint(gate_layout_input(config->layout, 1)->debounce_us, ==, 0);
    g_assert_cmpint(gate_layout_board(config->layout, 0)->input_poll_us, ==,
                    GATE_BUTTON_POLL_US);
    g_assert_cmpint(gate_layout_board(config->layout, 1)->input_poll_us, ==, 250 * 1000);
    g_assert_cmpuint(gate_layout_lamp(config->layout, 0)->coil, ==, 6);
}

static void
test_slips(void)
{
    /* clang-format off */
    const struct { const char *why, *from, *to, *error; } cases[] = {
        { "a key nobody knows",  "inputs=4",      "imputs=4",      "[board b1] imputs: unknown key" },
        { "a group nobody knows", "[zone a]",     "[zones a]",     "[zones a]: unknown group" },
        { "no player",           "player-users=root", "player-users=",
          "[gateway] player-users: needs 1 to 8 items" },
        { "a name for a board",  "address=::1",   "address=board.example",
          "[line l2]: address: 'board.example' is not an IP address" },
        { "no device",           "device=/dev/ttyUSB0", "device=", "[line l1]: device:" },
        { "an odd speed",        "kind=serial",   "kind=serial\nbaud=9601",
          "[line l1]: baud: 9601 is no usual speed" },
        { "no such line",        "line=l2",       "line=l9",  "[board b3]: line: there is no line 'l9'" },
        { "no such profile",     "profile=ryn408f", "profile=acme",
          "[board b2]: profile: 'acme' is none of" },
        { "two of one address",  "unit=2",        "unit=1",   "[board b2]: unit: board b1 on the same" },
        { "inputs it cannot have", "unit=2",      "unit=2\ninputs=1",
          "[board b2]: inputs: a ryn408f has at most 0" },
        { "a timer too long",    "timed-on-s=6",  "timed-on-s=256", "[board b1] timed-on-s:" },
        { "a timer too short",   "timed-on-s=6",  "timed-on-s=1", "board b1: timed-on under 3 s" },
        { "a relay too many",    "b2/1",          "b2/9",     "relay 'b2/9': board b2 has relays 1 to 8" },
        { "twice the same",      "b2/1",          "b1/1",     "zone a: a relay is named twice" },
        { "amplifier as relay",  "b1/8",          "b1/1",     "both amplifier and line relay" },
        { "an input too many",   "number=2",      "number=5", "input door: its board has no such input" },
        { "an input nowhere",    "board=b1\nnumber", "board=b9\nnumber",
          "[input door]: board: there is no board 'b9'" },
        { "no words",            "words=Cửa",     "words=",   "[input door] words: needs a text" },
        { "a button of a zone",  "role=button",   "role=button\nzone=a", "input alarm: a button is of no zone" },
        { "a lamp at a zone's relay", "relay=b1/7", "relay=b2/1", "lamp alarm: its relay is one of zone a" },
        { "a lamp at an amplifier", "relay=b1/7", "relay=b1/8", "lamp alarm: its relay is one of zone a" },
        { "a lamp nowhere",      "relay=b1/7",    "relay=b1/9", "relay 'b1/9': board b1 has relays 1 to 8" },
        { "a lamp of no board",  "relay=b1/7",    "relay=7",  "relay '7' is not BOARD/NUMBER" },
        { "two lamps, one relay", "[lamp alarm]", "[lamp other]\nrelay=b1/7\n[lamp alarm]",
          "lamp alarm: its relay is that of lamp other" },
        { "a bad name of a lamp", "[lamp alarm]", "[lamp Đèn]", "lamp 'Đèn': a name is" },
        { "a bad name",          "[zone a]",      "[zone Làng]", "zone 'Làng'" },
        { "a bad name of a line", "[line l2]",    "[line L 2]", "[line L 2]: a name is" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(good);
        g_autoptr(GError) error = NULL;
        g_autoptr(GateConfig) config = NULL;

        g_test_message("%s", cases[i].why);
        if (cases[i].error != NULL)
            g_assert_cmpuint(g_string_replace(text, cases[i].from, cases[i].to, 1), ==, 1);
        config = read_text(text->str, &error);
        if (cases[i].error == NULL) {
            g_assert_nonnull(config);
            continue;
        }
        g_assert_null(config);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, "gateway.conf: "));
        g_assert_nonnull(strstr(error->message, cases[i].error));
    }
}

static void
test_no_board(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(read_text("", &error));
    g_assert_nonnull(strstr(error->message, "at least one board is needed"));
}

static void
test_boards_in_spite_of_slips(void)
{
    const char text[] = "nonsense\n[zone\n[gateway]\nsocket\n= = =\n\xff\xfe\n"
                        "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=many\nshape=round\n"
                        "[board b1]\nline=l1\nrelays=4\nunknown=1\nnot a key\n"
                        "[board b2]\nline=nowhere\n"
                        "[line l2]\nkind=telepathy\n"
                        "[zone a]\nrelays=;;;\n"
                        "[board b3]\nline=l1\nunit=3\nprofile=r421a08\n";
    g_autofree char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "gateway.conf", NULL);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GateConfig) config = NULL;

    g_assert_true(g_file_set_contents(path, text, sizeof text - 1, NULL));
    config = gate_config_read_boards(path, problems);
    g_assert_cmpuint(config->n_lines, ==, 1);
    g_assert_cmpuint(config->lines[0].port, ==, 502);
    g_assert_cmpuint(config->n_boards, ==, 2);
    g_assert_cmpuint(config->boards[0].n_relays, ==, 4);
    g_assert_cmpuint(config->boards[1].unit, ==, 3);
    g_assert_null(config->layout);
    g_assert_cmpuint(problems->len, ==, 2);
    g_assert_nonnull(strstr(problems->pdata[0], "[line l2]: a required key is missing"));
    g_assert_nonnull(strstr(problems->pdata[1], "there is no line 'nowhere'"));
    test_scratch_free(g_steal_pointer(&folder));
}

static void
test_no_file(void)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GateConfig) config = gate_config_read_boards("/nowhere/gateway.conf", problems);

    g_assert_cmpuint(config->n_boards, ==, 0);
    g_assert_cmpuint(problems->len, ==, 1);
}

static void
test_too_many_boards(void)
{
    g_autoptr(GString) text = g_string_new("[line l1]\nkind=tcp\naddress=127.0.0.1\n");
    g_autofree char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "gateway.conf", NULL);
    g_autoptr(GateConfig) config = NULL;
    g_autoptr(GError) error = NULL;

    for (guint i = 1; i <= GATE_MAX_BOARDS + 1; i++)
        g_string_append_printf(text, "[board b%u]\nline=l1\nunit=%u\n", i, i);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_assert_null(gate_config_read(path, &error));
    g_assert_nonnull(strstr(error->message, "more than 32 groups"));
    config = gate_config_read_boards(path, NULL);
    g_assert_cmpuint(config->n_boards, ==, GATE_MAX_BOARDS);
    test_scratch_free(g_steal_pointer(&folder));
}

static void
test_example(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "docs", "examples", "loa-gateway.conf", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GateConfig) config = gate_config_read(path, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(config->layout->zones->len, ==, 3);
}

static void
test_describes_every_key(void)
{
    g_autofree char *text = gate_config_describe();

    g_assert_nonnull(strstr(text, "| `[gateway]` | `socket` |"));
    g_assert_nonnull(strstr(text, "| `[board NAME]` | `timed-on-s` |"));
    g_assert_nonnull(strstr(text, "| `[input NAME]` | `debounce-ms` |"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/config/good", test_good);
    g_test_add_func("/gateway/config/slips", test_slips);
    g_test_add_func("/gateway/config/no-board", test_no_board);
    g_test_add_func("/gateway/config/boards-in-spite-of-slips", test_boards_in_spite_of_slips);
    g_test_add_func("/gateway/config/no-file", test_no_file);
    g_test_add_func("/gateway/config/too-many-boards", test_too_many_boards);
    g_test_add_func("/gateway/config/example", test_example);
    g_test_add_func("/gateway/config/describes-every-key", test_describes_every_key);
    return g_test_run();
}
