/*
 * test-routes.c - every route of the API has a command, every command a route, and the help and
 * the completion name them all.
 */
#include "scheduler/ctl/run.h"
#include "scheduler/web/route.h"
#include "scheduler/web/uploads.h"

#include <string.h>

/* clang-format off */
/* Routes without a command that names them in its row. */
static const struct { const char *name, *why; } without[] = {
    { "awaitChange", "a command ends; what a page waits for is nothing to print" },
    { "convertText", "`--from` converts where the file is" },
    { "getUpload", "whatever sends a recording sends it in parts (recording.c)" },
    { "putUpload", "whatever sends a recording sends it in parts (recording.c)" },
    { "speakFrame", "`alert speak` sends them, a fifth of a second each (speak.c)" },
    { "endListening", "`version hear` tells it, once it lasted long enough" },
    { "getOriginal", "`version listen --original` is another path of the same command" },
};
/* clang-format on */

static const CtlCommand *
find_command(const SchedRoute *route)
{
    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        if (g_strcmp0(command->method, route->method) == 0 &&
            g_strcmp0(command->path, route->path) == 0)
            return command;
    }
    return NULL;
}

static const SchedRoute *
find_route(const CtlCommand *command)
{
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (strcmp(command->method, route->method) == 0 &&
                strcmp(command->path, route->path) == 0)
                return route;
        }
    }
    return NULL;
}

static gboolean
is_excepted(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(without); i++) {
        if (strcmp(without[i].name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
test_routes(void)
{
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            gboolean has_command = find_command(route) != NULL;

            if (!has_command && !is_excepted(route->name))
                g_error("%s (%s %s) has no command", route->name, route->method, route->path);
            if (has_command && is_excepted(route->name))
                g_error("%s has a command, and need not be excepted", route->name);
        }
    }
}

static void
test_commands(void)
{
    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        g_test_message("%s", command->words);
        g_assert_nonnull(command->method);
        g_assert_nonnull(find_route(command));
    }
}

/* ---- members of bodies ---- */

static gboolean
has_member(const ContentShape *shape, const char *name)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (strcmp(member->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
sets_member(const CtlCommand *command, const char *name)
{
    for (const CtlOption *option = command->options; option->name != NULL; option++) {
        if (option->place == CTL_IN_BODY && strcmp(option->member, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What goes into a body is a member of it; a plain command can set every one. */
static void
test_members(void)
{
    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        const SchedRoute *route = find_route(command);

        for (const CtlOption *option = command->options; option->name != NULL; option++) {
            if (option->place == CTL_IN_BODY &&
                (route->body == NULL || !has_member(route->body, option->member)))
                g_error("%s: %s is no member of the body", command->words, option->member);
        }
        for (const ContentMember *member =
                 command->function != NULL || route->body == NULL ? NULL : route->body->members;
             member != NULL && member->name != NULL; member++) {
            if (!sets_member(command, member->name))
                g_error("%s cannot set %s", command->words, member->name);
        }
    }
}

/* ---- help and completion ---- */

static void
check_help(ContentReader reader)
{
    g_autofree char *all = ctl_commands_usage(ctl_commands, reader);
    g_autofree char *script = ctl_commands_completion(ctl_commands);

    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        g_autofree char *usage = ctl_command_usage(command, reader);
        g_autofree char *line = g_strdup_printf("  %s ", command->words);
        g_autofree char *begin = g_strdup_printf("'%s') words+=' ", command->words);
        const char *row = strstr(script, begin);
        g_autofree char *offered = NULL;

        g_test_message("%s", command->words);
        g_assert_nonnull(strstr(all, line));
        g_assert_nonnull(strstr(usage, ctl_words_of(reader, "command", command->words)));
        g_assert_nonnull(row);
        offered = g_strndup(row + strlen(begin), strcspn(row + strlen(begin), "'"));
        for (const CtlOption *option = command->options; option->name != NULL; option++) {
            g_autofree char *word = g_strdup_printf("%s ", option->name);

            g_assert_nonnull(strstr(usage, option->name));
            g_assert_nonnull(strstr(usage, ctl_words_of(reader, "option", option->meaning)));
            g_assert_true(!g_str_has_prefix(option->name, "--") ||
                          strstr(offered, word) != NULL);
        }
    }
}

static void
test_help(void)
{
    check_help(CONTENT_READER_VI);
    check_help(CONTENT_READER_EN);
}

/* What loactl looks at before it sends anything is what the API takes. */
static void
test_bounds(void)
{
    g_assert_cmpint(CTL_MAX_UPLOAD_BYTES, ==, SCHED_API_MAX_AUDIO_BYTES);
    g_assert_cmpint(CTL_PART_BYTES, ==, SCHED_UPLOAD_PART_BYTES);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/routes/routes", test_routes);
    g_test_add_func("/ctl/routes/commands", test_commands);
    g_test_add_func("/ctl/routes/members", test_members);
    g_test_add_func("/ctl/routes/help", test_help);
    g_test_add_func("/ctl/routes/bounds", test_bounds);
    return g_test_run();
}
