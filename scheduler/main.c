/*
 * main.c - loa-scheduler: options, signals, exit code.
 *
 * Flow: `init` makes a district once; `run` serves it until told to stop; `backup` and
 * `check-store` copy and read its database, also beside a daemon that runs; `rotate-key` makes
 * a signing key new, `resign-approvals` what the old approval key had signed; `check` and
 * `describe` are for who writes the configuration.
 */
#include <glib-unix.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "content/base/arguments.h"
#include "content/base/events.h"
#include "content/base/files.h"
#include "content/base/notify.h"
#include "scheduler/district.h"
#include "scheduler/events.h"
#include "scheduler/init.h"
#include "scheduler/upkeep.h"

#define SECRET_MAX_BYTES 2048

typedef struct {
    char *config;
    char *area, *name, *login, *person;
    char *password_file, *passphrase_file, *root, *role;
    gboolean is_lost, version;
    char **rest;
} Options;

static void
options_clear(Options *self)
{
    char **texts[] = {&self->config,          &self->area,   &self->name,
                      &self->login,           &self->person, &self->password_file,
                      &self->passphrase_file, &self->root,   &self->role};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_strfreev(self->rest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int
fail(const GError *error, int code)
{
    fprintf(stderr, "loa-scheduler: %s\n", error->message);
    return code;
}

static gboolean
on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

/* Keys were rotated, or a certificate was put in the place of another: they are taken over. */
static gboolean
on_hangup(gpointer data)
{
    g_autoptr(GError) error = NULL;

    if (sched_district_reload_keys(data, &error))
        content_event_log(&sched_events[SCHED_EVENT_SAID], NULL,
                          "signing with the keys that are in the folder now");
    else
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL,
                          "going on with the keys from before: %s", error->message);
    sched_district_renew(data);
    return G_SOURCE_CONTINUE;
}

static int
run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autoptr(SchedConfig) config = NULL;
    SchedDistrict *district;

    content_events_start();
    config = sched_config_read(options->config, &error);
    if (config == NULL) {
        content_event_log(&content_event_settings_refused, options->config, "%s",
                          error->message);
        return EX_CONFIG;
    }
    district = sched_district_start(config, clock, &error);
    if (district == NULL) {
        content_event_log(&content_event_start_failed, NULL, "%s", error->message);
        return EX_UNAVAILABLE;
    }
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    g_unix_signal_add(SIGHUP, on_hangup, district);
    g_main_loop_run(loop);
    content_notify_stopping();
    content_event_log(&content_event_stopping, NULL, "what was accepted is on disk");
    sched_district_stop(district);
    return EX_OK;
}

/* First line of a file; NULL without error if no file is named. */
static char *
read_secret(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes =
        path == NULL ? NULL : content_files_read(path, SECRET_MAX_BYTES, error);
    g_autofree char *text = NULL;

    if (bytes == NULL)
        return NULL;
    text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    text[strcspn(text, "\r\n")] = '\0';
    return g_steal_pointer(&text);
}

static void
tell_secrets(const Options *options, const SchedConfig *config, const SchedInitSecrets *secrets)
{
    printf("the district is in %s\n", config->state_folder);
    printf("authority: %s/authority/ca.pem, fingerprint %s\n", config->state_folder,
           secrets->fingerprint);
    printf("root key:  %s - move it off this machine now\n", options->root);
    if (secrets->passphrase != NULL)
        printf("  its passphrase, shown once: %s\n", secrets->passphrase);
    printf("administrator: %s\n", options->login);
    if (secrets->password != NULL)
        printf("  its password, shown once: %s\n", secrets->password);
}

static int
init(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);
    g_auto(SchedInitSecrets) secrets = {NULL, NULL, NULL};
    g_autofree char *password = NULL, *passphrase = NULL;
    SchedInitWish wish = {.area = options->area,
                          .name = options->name,
                          .login = options->login,
                          .person = options->person == NULL ? options->login : options->person,
                          .root_path = options->root};

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (wish.area == NULL || wish.name == NULL || wish.login == NULL ||
        wish.root_path == NULL) {
        fprintf(stderr, "loa-scheduler: init needs --area, --name, --login and --root-key\n");
        return EX_USAGE;
    }
    wish.password = password = read_secret(options->password_file, &error);
    if (error == NULL)
        wish.passphrase = passphrase = read_secret(options->passphrase_file, &error);
    if (error != NULL)
        return fail(error, EX_NOINPUT);
    if (!sched_init(config, &wish, content_clock_utc_us(clock), &secrets, &error))
        return fail(error, EX_CANTCREAT);
    tell_secrets(options, config, &secrets);
    return EX_OK;
}

static int
rotate_key(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);
    g_autofree char *passphrase = NULL;
    SchedUpkeepRotation wish = {options->role, options->root, NULL, options->is_lost};

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (wish.role == NULL || wish.root_path == NULL || options->passphrase_file == NULL) {
        fprintf(stderr,
                "loa-scheduler: rotate-key needs --role, --root-key and --passphrase-file\n");
        return EX_USAGE;
    }
    wish.passphrase = passphrase = read_secret(options->passphrase_file, &error);
    if (error != NULL)
        return fail(error, EX_NOINPUT);
    if (!sched_upkeep_rotate_key(config, &wish, content_clock_utc_us(clock), &error))
        return fail(error, EX_CANTCREAT);
    printf("the %s key is new; a scheduler that runs takes it over at SIGHUP "
           "(systemctl reload loa-scheduler)\n",
           options->role);
    if (options->is_lost && strcmp(options->role, "approval") == 0)
        printf("no player believes an approval by the lost key: approve anew what is to air, "
               "or order with resign-approvals that all in force be signed anew\n");
    return EX_OK;
}

static int
resign_approvals(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);
    g_autofree char *passphrase = NULL;

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (options->root == NULL || options->passphrase_file == NULL) {
        fprintf(stderr,
                "loa-scheduler: resign-approvals needs --root-key and --passphrase-file\n");
        return EX_USAGE;
    }
    passphrase = read_secret(options->passphrase_file, &error);
    if (passphrase == NULL)
        return fail(error, EX_NOINPUT);
    if (!sched_upkeep_resign(config, options->root, passphrase, &error))
        return fail(error, EX_CANTCREAT);
    printf("ordered: every approval in force is signed anew; a scheduler that runs does it at "
           "SIGHUP (systemctl reload loa-scheduler)\n");
    return EX_OK;
}

static int
backup(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);
    const char *path = options->rest[1];

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (!sched_upkeep_backup(config, path, &error))
        return fail(error, EX_CANTCREAT);
    printf("%s holds the database as of now\n", path);
    return EX_OK;
}

static int
check_store(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (!sched_upkeep_check_store(config, &error))
        return fail(error, EX_DATAERR);
    printf("the database is in order\n");
    return EX_OK;
}

static int
check(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedConfig) config = sched_config_read(options->config, &error);

    if (config == NULL)
        return fail(error, EX_CONFIG);
    printf("%s is in order\n", options->config);
    return EX_OK;
}

static int
describe(const Options *options)
{
    g_autofree char *text = sched_config_describe();

    fputs(text, stdout);
    return EX_OK;
}

/* clang-format off */
static const struct {
    const char *word;
    int (*act)(const Options *);
    const char *needed; /* (nullable): the word behind it */
} acts[] = {
    { "run",              run,              NULL   },
    { "init",             init,             NULL   },
    { "rotate-key",       rotate_key,       NULL   },
    { "resign-approvals", resign_approvals, NULL   },
    { "backup",           backup,           "FILE" },
    { "check-store",      check_store,      NULL   },
    { "check",            check,            NULL   },
    { "describe",         describe,         NULL   },
};
/* clang-format on */

static gboolean
parse_options(Options *options, int *argc, char ***argv, GError **error)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config, "Configuration (/etc/loa/scheduler.conf)", "FILE" },
        { "area", 0, 0, G_OPTION_ARG_FILENAME, &options->area, "init: id of the area at the top", "ID" },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &options->name, "init: its name", "NAME" },
        { "login", 0, 0, G_OPTION_ARG_FILENAME, &options->login, "init: login of the first administrator", "LOGIN" },
        { "person", 0, 0, G_OPTION_ARG_FILENAME, &options->person, "init: their name", "NAME" },
        { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file, "init: their password; without it one is made", "FILE" },
        { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options->passphrase_file, "init: seals the root key; without it one is made. rotate-key, resign-approvals: opens it", "FILE" },
        { "root-key", 0, 0, G_OPTION_ARG_FILENAME, &options->root, "init: where the sealed root key is written. rotate-key, resign-approvals: where it is", "FILE" },
        { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, "rotate-key: of the key: manifest, approval, time or alert", "ROLE" },
        { "lost", 0, 0, G_OPTION_ARG_NONE, &options->is_lost, "rotate-key: nothing the old key signed is believed any more", NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rest, NULL, "run | init | rotate-key | resign-approvals | backup FILE | check-store | check | describe" },
        { NULL },
    };
    /* clang-format on */
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return FALSE;
    /* Taken as bytes, for a Vietnamese name must not depend on the terminal's locale. */
    for (gsize i = 0; i < 4; i++) {
        const char *text =
            (const char *[]){options->area, options->name, options->login, options->person}[i];

        if (text != NULL && !g_utf8_validate(text, -1, NULL)) {
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is not UTF-8",
                        text);
            return FALSE;
        }
    }
    if (options->config == NULL)
        options->config = g_strdup("/etc/loa/scheduler.conf");
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_auto(Options) options = {NULL};
    g_autoptr(GError) error = NULL;
    const char *word;

    if (sodium_init() < 0)
        return EX_OSERR;
    if (!parse_options(&options, &argc, &argv, &error))
        return fail(error, EX_USAGE);
    if (options.version) {
        printf("loa-scheduler %s\n", LOA_VERSION);
        return EX_OK;
    }
    word = options.rest == NULL ? "run" : options.rest[0];
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].word, word) != 0)
            continue;
        if (!content_arguments_check(options.rest, acts[i].needed, &error))
            return fail(error, EX_USAGE);
        return acts[i].act(&options);
    }
    fprintf(stderr, "loa-scheduler: no command '%s'\n", word);
    return EX_USAGE;
}
