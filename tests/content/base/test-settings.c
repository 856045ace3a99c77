/* test-settings.c - what a configuration file may say, and that every slip in it is named. */
#include "content/base/settings.h"

#include "content/base/files.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *device;
    gint64 lead_ms;
    gboolean is_quiet;
    char **brokers;
    gint64 line;
} Config;

typedef struct {
    char *name;
    char *output;
    gint64 relay;
} Zone;

/* clang-format off */
static const ContentSetting settings[] = {
    { "audio", "device", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(Config, device), "hw:0", 1, 8,
      NULL, "Sound card." },
    { "audio", "lead-ms", CONTENT_SETTING_INT, G_STRUCT_OFFSET(Config, lead_ms), NULL, 0, 60000,
      NULL, "Warm-up." },
    { "audio", "quiet", CONTENT_SETTING_BOOL, G_STRUCT_OFFSET(Config, is_quiet), "false", 0, 0,
      NULL, "No sound." },
    { "broker", "uris", CONTENT_SETTING_LIST, G_STRUCT_OFFSET(Config, brokers), "", 0, 2,
      NULL, "Brokers." },
    { "line", "kind", CONTENT_SETTING_ENUM, G_STRUCT_OFFSET(Config, line), "rtu", 0, 0,
      "rtu|tcp", "Line." },
};
static const ContentSetting zone_settings[] = {
    { "zone ", "output", CONTENT_SETTING_STRING, G_STRUCT_OFFSET(Zone, output), "main", 1, 20,
      NULL, "Output." },
    { "zone ", "relay", CONTENT_SETTING_INT, G_STRUCT_OFFSET(Zone, relay), NULL, 1, 64,
      NULL, "Relay." },
};
/* clang-format on */

static void
zone_free(gpointer data)
{
    Zone *zone = data;

    content_settings_clear(zone_settings, G_N_ELEMENTS(zone_settings), zone);
    g_free(zone->name);
    g_free(zone);
}

static const ContentSettingGroup groups[] = {
    {"zone", sizeof(Zone), G_STRUCT_OFFSET(Zone, name), zone_settings,
     G_N_ELEMENTS(zone_settings), zone_free, 2},
};

static gboolean
read_text(const char *text, gsize n_bytes, Config *out, GPtrArray **out_zones, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("loa-settings-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "player.conf", NULL);
    gboolean is_read;

    g_assert_true(content_files_write(path, text, n_bytes, 0600, NULL));
    is_read = content_settings_read(path, settings, G_N_ELEMENTS(settings), out, groups, 1,
                                    out_zones, error);
    g_unlink(path);
    g_rmdir(folder);
    return is_read;
}

static void
test_good(void)
{
    const char *text = "# a comment\n[audio]\nlead-ms=3000\nquiet=true\n[broker]\n"
                       "uris=mqtts://a:8883;mqtts://b:8883\n[line]\nkind=tcp\n"
                       "[zone chợ]\nrelay=3\n[zone làng ơp]\nrelay=4\noutput=second\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) zones = NULL;
    Config config = {0};
    Zone *zone;

    g_assert_true(read_text(text, strlen(text), &config, &zones, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(config.device, ==, "hw:0");
    g_assert_cmpint(config.lead_ms, ==, 3000);
    g_assert_true(config.is_quiet);
    g_assert_cmpuint(g_strv_length(config.brokers), ==, 2);
    g_assert_cmpstr(config.brokers[1], ==, "mqtts://b:8883");
    g_assert_cmpint(config.line, ==, 1);
    g_assert_cmpuint(zones->len, ==, 2);
    zone = zones->pdata[0];
    g_assert_cmpstr(zone->name, ==, "chợ");
    g_assert_cmpstr(zone->output, ==, "main");
    zone = zones->pdata[1];
    g_assert_cmpint(zone->relay, ==, 4);
    content_settings_clear(settings, G_N_ELEMENTS(settings), &config);
    g_assert_null(config.device);
    g_assert_null(config.brokers);
}

/* clang-format off */
static const struct { const char *why, *text; ContentSettingsError code; const char *says; } bad_files[] = {
    { "a slip in a key", "[audio]\nlead-ms=1\ndevcie=x\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[audio] devcie: unknown key" },
    { "a slip in a required key is named as it stands", "[audio]\nleadms=1\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[audio] leadms" },
    { "a group nobody reads", "[audio]\nlead-ms=1\n[vidoe]\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[vidoe]: unknown group" },
    { "a key of another group", "[audio]\nlead-ms=1\nkind=rtu\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[audio] kind" },
    { "a required key is missing", "[audio]\n",
      CONTENT_SETTINGS_ERROR_MISSING, "[audio] lead-ms: is required" },
    { "an empty file", "", CONTENT_SETTINGS_ERROR_MISSING, "lead-ms" },
    { "not a number", "[audio]\nlead-ms=3s\n",
      CONTENT_SETTINGS_ERROR_VALUE, "[audio] lead-ms: '3s'" },
    { "above the range", "[audio]\nlead-ms=60001\n",
      CONTENT_SETTINGS_ERROR_VALUE, "0 to 60000" },
    { "beyond 64 bits", "[audio]\nlead-ms=99999999999999999999\n",
      CONTENT_SETTINGS_ERROR_VALUE, "lead-ms" },
    { "yes is not true", "[audio]\nlead-ms=1\nquiet=yes\n",
      CONTENT_SETTINGS_ERROR_VALUE, "neither true nor false" },
    { "text too long", "[audio]\nlead-ms=1\ndevice=123456789\n",
      CONTENT_SETTINGS_ERROR_VALUE, "1 to 8 bytes" },
    { "text too short", "[audio]\nlead-ms=1\ndevice=\n",
      CONTENT_SETTINGS_ERROR_VALUE, "1 to 8 bytes" },
    { "too many items", "[audio]\nlead-ms=1\n[broker]\nuris=a;b;c\n",
      CONTENT_SETTINGS_ERROR_VALUE, "0 to 2 items" },
    { "no such choice", "[audio]\nlead-ms=1\n[line]\nkind=usb\n",
      CONTENT_SETTINGS_ERROR_VALUE, "'usb' is none of rtu|tcp" },
    { "a key twice", "[audio]\nlead-ms=1\nlead-ms = 2\n",
      CONTENT_SETTINGS_ERROR_FILE, ":3: lead-ms stands there twice" },
    { "a group twice", "[zone a]\nrelay=1\n[zone a]\nrelay=2\n",
      CONTENT_SETTINGS_ERROR_FILE, ":3: [zone a] stands there twice" },
    { "a named group lacks a key", "[audio]\nlead-ms=1\n[zone a]\n",
      CONTENT_SETTINGS_ERROR_MISSING, "[zone a] relay" },
    { "a slip in a named group", "[audio]\nlead-ms=1\n[zone a]\nrelay=1\nouput=x\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[zone a] ouput" },
    { "a named group without a name", "[audio]\nlead-ms=1\n[zone]\nrelay=1\n",
      CONTENT_SETTINGS_ERROR_UNKNOWN, "[zone]" },
    { "too many named groups",
      "[audio]\nlead-ms=1\n[zone a]\nrelay=1\n[zone b]\nrelay=2\n[zone c]\nrelay=3\n",
      CONTENT_SETTINGS_ERROR_VALUE, "[zone c]: more than 2" },
    { "not a key file", "lead-ms: 3\n", CONTENT_SETTINGS_ERROR_FILE, "player.conf" },
    { "broken UTF-8", "[audio]\ndevice=\xff\n", CONTENT_SETTINGS_ERROR_FILE, "UTF-8" },
};
/* clang-format on */

static void
test_bad(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_files); i++) {
        g_autoptr(GError) error = NULL;
        GPtrArray *zones = NULL;
        Config config = {0};

        g_test_message("%s", bad_files[i].why);
        g_assert_false(
            read_text(bad_files[i].text, strlen(bad_files[i].text), &config, &zones, &error));
        g_assert_error(error, CONTENT_SETTINGS_ERROR, (int) bad_files[i].code);
        if (strstr(error->message, bad_files[i].says) == NULL)
            g_test_message("says: %s", error->message);
        g_assert_nonnull(strstr(error->message, bad_files[i].says));
        g_assert_null(zones);
        content_settings_clear(settings, G_N_ELEMENTS(settings), &config);
    }
}

static void
test_bad_files(void)
{
    g_autofree char *large = g_strnfill(256 * 1024 + 1, '\n');
    g_autoptr(GError) error = NULL;
    GPtrArray *zones = NULL;
    Config config = {0};

    g_assert_false(read_text(large, strlen(large), &config, &zones, &error));
    g_assert_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE);
    g_clear_error(&error);
    g_assert_false(read_text("[audio]\nlead-ms=1\n\0", 19, &config, &zones, &error));
    g_assert_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE);
    g_clear_error(&error);
    g_assert_false(content_settings_read("/nonexistent/player.conf", settings, 1, &config,
                                         groups, 1, &zones, &error));
    g_assert_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, "/nonexistent/player.conf"));
}

static void
test_describe(void)
{
    g_autofree char *table = content_settings_describe(settings, G_N_ELEMENTS(settings));
    g_autofree char *zones =
        content_settings_describe(zone_settings, G_N_ELEMENTS(zone_settings));

    g_assert_nonnull(
        strstr(table, "| `[audio]` | `device` | text | 1…8 bytes | `hw:0` | Sound card. |\n"));
    g_assert_nonnull(strstr(
        table, "| `[audio]` | `lead-ms` | whole number | 0…60000 | required | Warm-up. |\n"));
    g_assert_nonnull(
        strstr(table, "| `[line]` | `kind` | choice | rtu, tcp | `rtu` | Line. |\n"));
    g_assert_nonnull(strstr(table, "| list | 0…2 items | empty |"));
    g_assert_nonnull(strstr(zones, "| `[zone NAME]` | `output` |"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/settings/good", test_good);
    g_test_add_func("/content/settings/bad", test_bad);
    g_test_add_func("/content/settings/bad-files", test_bad_files);
    g_test_add_func("/content/settings/describe", test_describe);
    return g_test_run();
}
