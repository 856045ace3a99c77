/* command.c - see command.h */
#include "scheduler/ctl/command.h"

#include <string.h>

#include "scheduler/ctl/words.h"

/* What is wrong with the command line, by a key of the words. */
#define USAGE(error, ...) ctl_fail(error, CTL_CLIENT_ERROR_USAGE, __VA_ARGS__, NULL)

void
ctl_arguments_free(CtlArguments *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->values);
    g_free(self);
}

/* --- parsing ---------------------------------------------------------------------------------
 */

/* Counts how many of @argv are the words of @command; 0: it is another command. */
static int
match_words(const CtlCommand *command, int argc, char **argv)
{
    g_auto(GStrv) words = g_strsplit(command->words, " ", -1);
    int n_words = (int) g_strv_length(words);

    if (argc < n_words)
        return 0;
    for (int i = 0; i < n_words; i++) {
        if (strcmp(words[i], argv[i]) != 0)
            return 0;
    }
    return n_words;
}

static gboolean
is_position(const CtlOption *option)
{
    return !g_str_has_prefix(option->name, "--");
}

static gboolean
has_no_value(const CtlOption *option)
{
    return option->kind == CTL_FLAG || option->kind == CTL_UNSET;
}

static void
add_value(CtlArguments *self, const CtlOption *option, const char *value)
{
    GPtrArray *values = g_hash_table_lookup(self->values, option->name);

    if (values == NULL) {
        values = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(self->values, (gpointer) option->name, values);
    }
    g_ptr_array_add(values, g_strdup(value));
}

/* The next position that has no value yet, or the last one if it takes a list. */
static const CtlOption *
next_position(const CtlArguments *self)
{
    const CtlOption *list = NULL;

    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        if (!is_position(option))
            continue;
        if (!g_hash_table_contains(self->values, option->name))
            return option;
        if (option->kind == CTL_LIST || option->kind == CTL_PAIRS)
            list = option;
    }
    return list;
}

static const CtlOption *
find_option(const CtlArguments *self, const char *name, gsize length)
{
    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        if (!is_position(option) && strlen(option->name) == length &&
            strncmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

/* One option with its value, "--name value" or "--name=value". Moves @i to the last word taken.
 */
static gboolean
parse_option(CtlArguments *self, int argc, char **argv, int *i, GError **error)
{
    const char *equals = strchr(argv[*i], '=');
    gsize length = equals == NULL ? strlen(argv[*i]) : (gsize) (equals - argv[*i]);
    const CtlOption *option = find_option(self, argv[*i], length);
    const char *words = self->command->words;

    if (option == NULL) {
        g_autofree char *name = g_strndup(argv[*i], length);

        return USAGE(error, "no_option", "command", words, "option", name);
    }
    if (has_no_value(option)) {
        if (equals != NULL)
            return USAGE(error, "no_value", "command", words, "option", option->name);
        add_value(self, option, "true");
        return TRUE;
    }
    if (equals == NULL && *i + 1 >= argc)
        return USAGE(error, "needs_value", "command", words, "option", option->name);
    if (option->kind != CTL_LIST && option->kind != CTL_PAIRS &&
        g_hash_table_contains(self->values, option->name))
        return USAGE(error, "given_twice", "command", words, "option", option->name);
    add_value(self, option, equals == NULL ? argv[++*i] : equals + 1);
    return TRUE;
}

static gboolean
parse_words(CtlArguments *self, int argc, char **argv, GError **error)
{
    gboolean only_positions = FALSE;

    for (int i = 0; i < argc; i++) {
        const CtlOption *position;

        if (!only_positions && strcmp(argv[i], "--") == 0) {
            only_positions = TRUE;
            continue;
        }
        if (!only_positions && g_str_has_prefix(argv[i], "--")) {
            if (!parse_option(self, argc, argv, &i, error))
                return FALSE;
            continue;
        }
        position = next_position(self);
        if (position == NULL)
            return USAGE(error, "unexpected", "command", self->command->words, "word", argv[i]);
        add_value(self, position, argv[i]);
    }
    return TRUE;
}

static gboolean
check_values(const CtlArguments *self, GError **error)
{
    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        const char *value = ctl_arguments_get(self, option->name);

        if (value == NULL && option->required)
            return USAGE(error, "missing", "command", self->command->words, "option",
                         option->name, "meaning",
                         ctl_words_of(content_reader_here(), "option", option->meaning));
        if (value == NULL || option->kind != CTL_INT)
            continue;
        if (!g_ascii_string_to_signed(value, 10, G_MININT64, G_MAXINT64, NULL, NULL))
            return USAGE(error, "no_number", "command", self->command->words, "option",
                         option->name, "value", value);
    }
    return TRUE;
}

CtlArguments *
ctl_arguments_parse(const CtlCommand *commands, int argc, char **argv, GError **error)
{
    g_autoptr(CtlArguments) self = g_new0(CtlArguments, 1);
    int n_words = 0;

    self->values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) g_ptr_array_unref);
    for (int i = 0; i < argc; i++) {
        g_autofree char *n = g_strdup_printf("%d", i + 1);

        if (!g_utf8_validate(argv[i], -1, NULL)) {
            USAGE(error, "not_utf8", "n", n);
            return NULL;
        }
    }
    for (const CtlCommand *command = commands; command->words != NULL; command++) {
        int n_matched = match_words(command, argc, argv);

        if (n_matched > n_words) {
            n_words = n_matched;
            self->command = command;
        }
    }
    if (self->command == NULL || argc > CTL_MAX_ARGUMENTS) {
        USAGE(error, argc == 0 ? "no_command_given" : "no_command", "command",
              argc == 0 ? "" : argv[0]);
        return NULL;
    }
    if (!parse_words(self, argc - n_words, argv + n_words, error) || !check_values(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

GPtrArray *
ctl_arguments_all(const CtlArguments *self, const char *name)
{
    return g_hash_table_lookup(self->values, name);
}

const char *
ctl_arguments_get(const CtlArguments *self, const char *name)
{
    GPtrArray *values = ctl_arguments_all(self, name);

    return values == NULL ? NULL : g_ptr_array_index(values, values->len - 1);
}

/* --- the call
 * --------------------------------------------------------------------------------- */

static void
append_query(GString *path, const CtlOption *option, GPtrArray *values)
{
    for (guint i = 0; values != NULL && i < values->len; i++) {
        g_autofree char *value = ctl_escape(g_ptr_array_index(values, i));

        g_string_append_printf(path, "%c%s=%s", strchr(path->str, '?') == NULL ? '?' : '&',
                               option->member, value);
    }
}

char *
ctl_arguments_path(const CtlArguments *self)
{
    g_autoptr(GString) path = g_string_new(self->command->path);

    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        const char *value = ctl_arguments_get(self, option->name);
        g_autofree char *hole = g_strdup_printf("{%s}", option->member);

        if (option->place == CTL_IN_PATH && value != NULL) {
            g_autofree char *escaped = ctl_escape(value);

            g_string_replace(path, hole, escaped, 1);
        }
    }
    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        if (option->place == CTL_IN_QUERY)
            append_query(path, option, ctl_arguments_all(self, option->name));
    }
    return g_string_free(g_steal_pointer(&path), FALSE);
}

static json_t *
value_of(const CtlOption *option, GPtrArray *values)
{
    json_t *list;

    if (has_no_value(option))
        return json_boolean(option->kind == CTL_FLAG);
    if (option->kind == CTL_INT)
        return json_integer(
            g_ascii_strtoll(g_ptr_array_index(values, values->len - 1), NULL, 10));
    if (option->kind == CTL_TEXT)
        return json_string(g_ptr_array_index(values, values->len - 1));
    list = json_array();
    for (guint i = 0; i < values->len; i++)
        json_array_append_new(list, json_string(g_ptr_array_index(values, i)));
    return list;
}

json_t *
ctl_arguments_body(const CtlArguments *self, GError **error)
{
    json_t *body = NULL;

    for (const CtlOption *option = self->command->options; option->name != NULL; option++) {
        GPtrArray *values = ctl_arguments_all(self, option->name);

        if (option->place != CTL_IN_BODY)
            continue;
        if (body == NULL)
            body = json_object();
        if (values != NULL)
            json_object_set_new(body, option->member, value_of(option, values));
        else if (option->kind == CTL_LIST && is_position(option))
            json_object_set_new(body, option->member, json_array());
    }
    return body;
}

/* --- help
 * -------------------------------------------------------------------------------------- */

static void
append_option(GString *line, const CtlOption *option)
{
    const char *open = option->required ? "" : "[", *close = option->required ? "" : "]";
    gboolean is_many = option->kind == CTL_LIST || option->kind == CTL_PAIRS;

    if (is_position(option))
        g_string_append_printf(line, " %s%s%s%s", open, option->name, is_many ? " …" : "",
                               close);
    else if (has_no_value(option))
        g_string_append_printf(line, " %s%s%s", open, option->name, close);
    else
        g_string_append_printf(line, " %s%s %s%s%s", open, option->name,
                               option->kind == CTL_INT     ? "N"
                               : option->kind == CTL_PAIRS ? "KEY=VALUE"
                                                           : "TEXT",
                               is_many ? " …" : "", close);
}

char *
ctl_command_usage(const CtlCommand *command, ContentReader reader)
{
    GString *text = g_string_new(ctl_words_get(reader, "say.usage"));

    g_string_append_printf(text, ": loactl %s", command->words);
    for (const CtlOption *option = command->options; option->name != NULL; option++)
        append_option(text, option);
    g_string_append_printf(text, "\n\n%s.\n", ctl_words_of(reader, "command", command->words));
    if (command->options->name != NULL)
        g_string_append_c(text, '\n');
    for (const CtlOption *option = command->options; option->name != NULL; option++)
        g_string_append_printf(text, "  %-22s %s\n", option->name,
                               ctl_words_of(reader, "option", option->meaning));
    return g_string_free(text, FALSE);
}

char *
ctl_commands_usage(const CtlCommand *commands, ContentReader reader)
{
    GString *text = g_string_new(NULL);

    for (const CtlCommand *command = commands; command->words != NULL; command++)
        g_string_append_printf(text, "  %-24s %s\n", command->words,
                               ctl_words_of(reader, "command", command->words));
    return g_string_free(text, FALSE);
}

static void
append_completion(GString *text, const CtlCommand *command)
{
    g_string_append_printf(text, "    '%s') words+=' ", command->words);
    for (const CtlOption *option = command->options; option->name != NULL; option++) {
        if (!is_position(option))
            g_string_append_printf(text, "%s ", option->name);
    }
    g_string_append(text, "' ;;\n");
}

char *
ctl_commands_completion(const CtlCommand *commands)
{
    GString *text = g_string_new("# bash completion for loactl: eval \"$(loactl completion)\"\n"
                                 "_loactl() {\n"
                                 "  local words='' line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
                                 "  local current=\"${COMP_WORDS[COMP_CWORD]}\" all='");

    for (const CtlCommand *command = commands; command->words != NULL; command++)
        g_string_append_printf(text, "%s%s", command == commands ? "" : "|", command->words);
    /* The next words of every command that begins with what stands there, then its options. */
    g_string_append(text, "'\n  words=$(tr '|' '\\n' <<<\"$all\" | "
                          "sed -n \"s/^${line:+$line }\\([a-z-]*\\).*/\\1/p\")\n"
                          "  case \"${line%% --*}\" in\n");
    for (const CtlCommand *command = commands; command->words != NULL; command++)
        append_completion(text, command);
    g_string_append(text, "  esac\n"
                          "  if [ -n \"$words\" ]; then mapfile -t COMPREPLY < "
                          "<(compgen -W \"$words\" -- \"$current\")\n"
                          "  else mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); fi\n"
                          "}\n"
                          "complete -o filenames -F _loactl loactl\n");
    return g_string_free(text, FALSE);
}
