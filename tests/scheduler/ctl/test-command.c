/* test-command.c - from words to a call: every slip is an error that names it. */
#include "scheduler/ctl/command.h"

#include <string.h>

#include "scheduler/ctl/render.h"
#include "scheduler/ctl/words.h"

/* clang-format off */
static const CtlOption add_options[] = {
    { "STATION",    CTL_TEXT, CTL_IN_PATH,  "station",   TRUE,  "the station" },
    { "ZONE",       CTL_TEXT, CTL_IN_BODY,  "id",        TRUE,  "the zone" },
    { "--language", CTL_LIST, CTL_IN_BODY,  "languages", TRUE,  "in the village's order" },
    { "--gain",     CTL_INT,  CTL_IN_BODY,  "gain_mdb",  FALSE, "1/1000 dB" },
    { "--force",    CTL_FLAG, CTL_IN_BODY,  "force",     FALSE, "whatever is there" },
    { "--gentle",   CTL_UNSET, CTL_IN_BODY, "force",     FALSE, "only where nothing is" },
    { NULL },
};
static const CtlOption list_options[] = {
    { "--area",     CTL_TEXT, CTL_IN_QUERY, "area",      FALSE, "only below it" },
    { "--limit",    CTL_INT,  CTL_IN_QUERY, "limit",     FALSE, "how many" },
    { NULL },
};
static const CtlColumn list_columns[] = {
    { "zone",   "id",            CTL_AS_TEXT },
    { "level",  "now.level_mdb", CTL_AS_DB },
    { "length", "length_us",     CTL_AS_DURATION },
    { NULL },
};
static const CtlCommand commands[] = {
    { "zone",      "GET",  "/api/zones",                    list_options, NULL, NULL, NULL },
    { "zone add",  "POST", "/api/stations/{station}/zones", add_options, NULL, NULL, NULL },
    { "zone list", "GET",  "/api/zones",                    list_options, "zones", list_columns,
      NULL },
    { NULL },
};

static const struct {
    const char *why, *line, *path, *body; /* path NULL: usage error that says `body` */
} cases[] = {
    { "positions and options mixed",
      "zone add --language bdq ia-pa z1 --language=vi --gain -6000",
      "/api/stations/ia-pa/zones",
      "{\"id\":\"z1\",\"languages\":[\"bdq\",\"vi\"],\"gain_mdb\":-6000}" },
    { "a flag",
      "zone add a b --language vi --force", "/api/stations/a/zones",
      "{\"id\":\"b\",\"languages\":[\"vi\"],\"force\":true}" },
    { "a flag that takes back",
      "zone add a b --language vi --gentle", "/api/stations/a/zones",
      "{\"id\":\"b\",\"languages\":[\"vi\"],\"force\":false}" },
    { "what goes into a path is escaped",
      "zone add ../x b --language vi", "/api/stations/..%2Fx/zones",
      "{\"id\":\"b\",\"languages\":[\"vi\"]}" },
    { "a query", "zone list --area ia-pa --limit 5", "/api/zones?area=ia-pa&limit=5", "" },
    { "the longest words win", "zone list", "/api/zones", "" },
    { "a dash after --", "zone add --language vi -- --a b", "/api/stations/--a/zones",
      "{\"id\":\"b\",\"languages\":[\"vi\"]}" },
    { "no command",           "",                                  NULL, "no command" },
    { "another command",      "station add",                       NULL, "no command 'station'" },
    { "a missing position",   "zone add a --language vi",          NULL, "ZONE is missing" },
    { "a missing option",     "zone add a b",                      NULL, "--language is missing" },
    { "an unknown option",    "zone add a b --colour red",         NULL, "no option '--colour'" },
    { "an option's prefix",   "zone add a b --lang vi",            NULL, "no option '--lang'" },
    { "an option cut off",    "zone add a b --language",           NULL, "--language needs a value" },
    { "not a number",         "zone add a b --language vi --gain loud", NULL, "not 'loud'" },
    { "twice what is one",    "zone list --area a --area b",       NULL, "--area is given twice" },
    { "a flag with a value",  "zone add a b --language vi --force=no", NULL, "takes no value" },
    { "one word too many",    "zone add a b c --language vi",      NULL, "nothing is expected at 'c'" },
};
/* clang-format on */

static CtlArguments *
parse(const char *line, GError **error)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);

    return ctl_arguments_parse(commands, *line == '\0' ? 0 : (int) g_strv_length(argv), argv,
                               error);
}

static void
test_parse(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CtlArguments) arguments = parse(cases[i].line, &error);
        g_autofree char *path = NULL;
        json_t *body = NULL;
        char *text;

        g_test_message("%s", cases[i].why);
        if (cases[i].path == NULL) {
            g_assert_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_USAGE);
            g_assert_nonnull(strstr(error->message, cases[i].body));
            g_assert_cmpint(ctl_exit_code(error), ==, 64);
            continue;
        }
        g_assert_no_error(error);
        path = ctl_arguments_path(arguments);
        body = ctl_arguments_body(arguments, &error);
        text = body == NULL ? strdup("") : json_dumps(body, JSON_COMPACT);
        g_assert_cmpstr(path, ==, cases[i].path);
        g_assert_cmpstr(text, ==, cases[i].body);
        free(text);
        json_decref(body);
    }
}

static void
test_render(void)
{
    json_t *answer = json_loads("{\"zones\":[{\"id\":\"z1\",\"now\":{\"level_mdb\":-23100},"
                                "\"length_us\":83400000},{\"id\":\"z2\"}]}",
                                0, NULL);
    const CtlView english = {.reader = CONTENT_READER_EN};
    const CtlView vietnamese = {.reader = CONTENT_READER_VI};
    const CtlView plain = {.reader = CONTENT_READER_VI, .is_plain = TRUE};
    g_autofree char *table = ctl_render(&commands[2], answer, CTL_OUT_TABLE, &english);
    g_autofree char *bang = ctl_render(&commands[2], answer, CTL_OUT_TABLE, &vietnamese);
    g_autofree char *csv = ctl_render(&commands[2], answer, CTL_OUT_CSV, &plain);
    g_autofree char *done = ctl_render(&commands[1], answer, CTL_OUT_TABLE, &english);
    g_autofree char *xong = ctl_render(&commands[1], answer, CTL_OUT_TABLE, &vietnamese);

    g_assert_cmpstr(table, ==,
                    "zone  level     length\n"
                    "z1    -23.1 dB  1:23.4\n"
                    "z2              \n");
    g_assert_cmpstr(bang, ==,
                    "cụm loa  mức âm    độ dài\n"
                    "z1       -23.1 dB  1:23.4\n"
                    "z2                 \n");
    g_assert_cmpstr(csv, ==, "zone,level,length\r\nz1,-23.1,83.400\r\nz2,,\r\n");
    g_assert_cmpstr(done, ==, "done\n");
    g_assert_cmpstr(xong, ==, "xong\n");
    json_decref(answer);
}

/* Some µs of clock before a second are not the second before. */
static void
test_render_times(void)
{
    static const CtlColumn columns[] = {{"began", "at_us", CTL_AS_TIME}, {NULL}};
    static const struct {
        gint64 at_us;
        const char *shown;
    } times[] = {
        {G_GINT64_CONSTANT(1772434799999984), "14:00:00"},
        {G_GINT64_CONSTANT(1772434800000016), "14:00:00"},
        {G_GINT64_CONSTANT(1772434799499999), "13:59:59"},
    };

    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    const CtlView view = {.reader = CONTENT_READER_VI, .zone = zone};

    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        json_t *row = json_pack("{sI}", "at_us", (json_int_t) times[i].at_us);
        g_autofree char *text = ctl_render_member(row, &columns[0], &view);

        g_assert_true(g_str_has_suffix(text, times[i].shown));
        json_decref(row);
    }
}

/* Bash itself says what it would offer. */
static char *
complete(const char *words)
{
    g_autofree char *script = ctl_commands_completion(commands);
    g_autofree char *program = g_strdup_printf(
        "%s\nCOMP_WORDS=(loactl %s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
        "_loactl; printf '%%s ' \"${COMPREPLY[@]}\" | xargs -n1 | sort -u | xargs",
        script, words);
    const char *argv[] = {"bash", "-c", program, NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *out = NULL;
    int status;

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return g_strdup(g_strstrip(out));
}

static void
test_completion(void)
{
    g_autofree char *first = complete("''");
    g_autofree char *second = complete("zone ''");
    g_autofree char *option = complete("zone add --l");

    g_assert_cmpstr(first, ==, "zone");
    g_assert_cmpstr(second, ==, "--area --limit add list");
    g_assert_cmpstr(option, ==, "--language");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv(CONTENT_READER_VARIABLE, "en", TRUE);
    g_test_add_func("/ctl/command/parse", test_parse);
    g_test_add_func("/ctl/command/render", test_render);
    g_test_add_func("/ctl/command/times", test_render_times);
    g_test_add_func("/ctl/command/completion", test_completion);
    return g_test_run();
}
