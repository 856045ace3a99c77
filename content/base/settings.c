/*
 * settings.c - see settings.h
 *
 * Flow: file -> GKeyFile -> every group and key found in a table -> absent keys take their
 * fallback text -> each row parsed into its field. A fallback is parsed like a value from the
 * file, so a wrong one fails the first test that reads any file.
 */
#include "content/base/settings.h"

#include "content/base/files.h"

#include <string.h>

#define MAX_FILE_BYTES (256 * 1024)
#define MAX_NAME_BYTES 64

G_DEFINE_QUARK(ContentSettingsError, content_settings_error)

/* One file while it is read. */
typedef struct {
    const char *path;
    GKeyFile *file;
    const ContentSetting *settings;
    gsize n_settings;
    const ContentSettingGroup *groups;
    gsize n_groups;
} Reader;

static void set_error(const Reader *reader, ContentSettingsError code, const char *group,
                      const char *key, GError **error, const char *format, ...)
    G_GNUC_PRINTF(6, 7);

static void
set_error(const Reader *reader, ContentSettingsError code, const char *group, const char *key,
          GError **error, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list arguments;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (key == NULL)
        g_set_error(error, CONTENT_SETTINGS_ERROR, code, "%s: [%s]: %s", reader->path, group,
                    words);
    else
        g_set_error(error, CONTENT_SETTINGS_ERROR, code, "%s: [%s] %s: %s", reader->path, group,
                    key, words);
}

/* GKeyFile merges a group or key that stands twice; here the second one is a slip to be told.
 */
static gboolean
check_no_duplicates(const Reader *reader, const char *text, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *group = "";

    for (gsize i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        char *equals = strchr(line, '=');
        gboolean is_group = line[0] == '[';
        char *name = NULL;

        if (line[0] == '#' || (!is_group && equals == NULL))
            continue;
        if (is_group)
            group = line;
        else
            *equals = '\0';
        name = is_group ? g_strdup(line) : g_strdup_printf("%s %s", group, g_strchomp(line));
        if (!g_hash_table_add(seen, name)) {
            g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE,
                        "%s:%" G_GSIZE_FORMAT ": %s stands there twice", reader->path, i + 1,
                        line);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
load(Reader *reader, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = content_files_read(reader->path, MAX_FILE_BYTES, &cause);
    gsize n_bytes = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n_bytes) : NULL;

    if (text == NULL) {
        g_set_error_literal(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE,
                            cause->message);
        return FALSE;
    }
    if (!g_utf8_validate_len(text, n_bytes, NULL)) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE,
                    "%s is not UTF-8 text", reader->path);
        return FALSE;
    }
    if (!check_no_duplicates(reader, text, error))
        return FALSE;
    /* An empty file has every key missing; GKeyFile calls it no key file at all. */
    if (n_bytes > 0 &&
        !g_key_file_load_from_data(reader->file, text, n_bytes, G_KEY_FILE_NONE, &cause)) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_FILE, "%s: %s",
                    reader->path, cause->message);
        return FALSE;
    }
    return TRUE;
}

/* [zone NAME]: the kind whose prefix stands before the space, and NAME. */
static const ContentSettingGroup *
named_group_of(const Reader *reader, const char *group, const char **out_name)
{
    for (gsize i = 0; i < reader->n_groups; i++) {
        gsize length = strlen(reader->groups[i].prefix);

        if (strncmp(group, reader->groups[i].prefix, length) == 0 && group[length] == ' ') {
            *out_name = group + length + 1;
            return &reader->groups[i];
        }
    }
    return NULL;
}

static gboolean
is_key_known(const Reader *reader, const ContentSettingGroup *named, const char *group,
             const char *key)
{
    const ContentSetting *settings = named != NULL ? named->settings : reader->settings;
    gsize n_settings = named != NULL ? named->n_settings : reader->n_settings;

    for (gsize i = 0; i < n_settings; i++) {
        if ((named != NULL || strcmp(settings[i].group, group) == 0) &&
            (key == NULL || strcmp(settings[i].key, key) == 0))
            return TRUE;
    }
    return FALSE;
}

/* Returns: (transfer full): "[audio], [zone NAME]" */
static char *
list_groups(const Reader *reader)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (gsize i = 0; i < reader->n_settings; i++) {
        const char *group = reader->settings[i].group;

        if (i == 0 || strcmp(group, reader->settings[i - 1].group) != 0)
            g_string_append_printf(list, "%s[%s]", list->len > 0 ? ", " : "", group);
    }
    for (gsize i = 0; i < reader->n_groups; i++)
        g_string_append_printf(list, "%s[%s NAME]", list->len > 0 ? ", " : "",
                               reader->groups[i].prefix);
    return g_string_free(g_steal_pointer(&list), FALSE);
}

/* Returns: (transfer full): "output, relays" */
static char *
list_keys(const Reader *reader, const ContentSettingGroup *named, const char *group)
{
    const ContentSetting *settings = named != NULL ? named->settings : reader->settings;
    gsize n_settings = named != NULL ? named->n_settings : reader->n_settings;
    g_autoptr(GString) list = g_string_new(NULL);

    for (gsize i = 0; i < n_settings; i++) {
        if (named != NULL || strcmp(settings[i].group, group) == 0)
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", settings[i].key);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static gboolean
check_group_is_known(const Reader *reader, const char *group, GError **error)
{
    const char *name = NULL;
    const ContentSettingGroup *named = named_group_of(reader, group, &name);
    g_auto(GStrv) keys = g_key_file_get_keys(reader->file, group, NULL, NULL);

    if (!is_key_known(reader, named, group, NULL)) {
        g_autofree char *known = list_groups(reader);

        set_error(reader, CONTENT_SETTINGS_ERROR_UNKNOWN, group, NULL, error,
                  "unknown group; there may be %s", known);
        return FALSE;
    }
    if (named != NULL && (name[0] == '\0' || strlen(name) > MAX_NAME_BYTES)) {
        set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, NULL, error,
                  "the name after '%s' must have 1 to %d bytes", named->prefix, MAX_NAME_BYTES);
        return FALSE;
    }
    for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
        if (!is_key_known(reader, named, group, keys[i])) {
            g_autofree char *known = list_keys(reader, named, group);

            set_error(reader, CONTENT_SETTINGS_ERROR_UNKNOWN, group, keys[i], error,
                      "unknown key; there may be %s", known);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
read_string(const Reader *reader, const ContentSetting *setting, const char *group,
            gpointer field, GError **error)
{
    g_autofree char *text = g_key_file_get_string(reader->file, group, setting->key, NULL);
    gsize length = text != NULL ? strlen(text) : 0;

    if (text == NULL || (gint64) length < setting->min || (gint64) length > setting->max) {
        set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, setting->key, error,
                  "needs a text of %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " bytes",
                  setting->min, setting->max);
        return FALSE;
    }
    *(char **) field = g_steal_pointer(&text);
    return TRUE;
}

static gboolean
read_int(const Reader *reader, const ContentSetting *setting, const char *group, gpointer field,
         GError **error)
{
    g_autofree char *text = g_key_file_get_value(reader->file, group, setting->key, NULL);
    gint64 value = 0;

    if (text == NULL ||
        !g_ascii_string_to_signed(text, 10, setting->min, setting->max, &value, NULL)) {
        set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, setting->key, error,
                  "'%s' is not a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                  text, setting->min, setting->max);
        return FALSE;
    }
    *(gint64 *) field = value;
    return TRUE;
}

static gboolean
read_bool(const Reader *reader, const ContentSetting *setting, const char *group,
          gpointer field, GError **error)
{
    g_autofree char *text = g_key_file_get_value(reader->file, group, setting->key, NULL);

    if (g_strcmp0(text, "true") != 0 && g_strcmp0(text, "false") != 0) {
        set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, setting->key, error,
                  "'%s' is neither true nor false", text);
        return FALSE;
    }
    *(gboolean *) field = text[0] == 't';
    return TRUE;
}

static gboolean
read_list(const Reader *reader, const ContentSetting *setting, const char *group,
          gpointer field, GError **error)
{
    gsize n_items = 0;
    g_auto(GStrv) items =
        g_key_file_get_string_list(reader->file, group, setting->key, &n_items, NULL);

    if (items == NULL || (gint64) n_items < setting->min || (gint64) n_items > setting->max) {
        set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, setting->key, error,
                  "needs %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " items separated by ';'",
                  setting->min, setting->max);
        return FALSE;
    }
    *(char ***) field = g_steal_pointer(&items);
    return TRUE;
}

static gboolean
read_enum(const Reader *reader, const ContentSetting *setting, const char *group,
          gpointer field, GError **error)
{
    g_autofree char *text = g_key_file_get_value(reader->file, group, setting->key, NULL);
    g_auto(GStrv) choices = g_strsplit(setting->choices, "|", -1);

    for (gint64 i = 0; choices[i] != NULL; i++) {
        if (g_strcmp0(choices[i], text) == 0) {
            *(gint64 *) field = i;
            return TRUE;
        }
    }
    set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group, setting->key, error,
              "'%s' is none of %s", text, setting->choices);
    return FALSE;
}

/* What the README's table says of a kind, and how it is read. */
static const struct {
    const char *words;
    gboolean (*read)(const Reader *reader, const ContentSetting *setting, const char *group,
                     gpointer field, GError **error);
} kinds[] = {
    [CONTENT_SETTING_STRING] = {"text", read_string},
    [CONTENT_SETTING_INT] = {"whole number", read_int},
    [CONTENT_SETTING_BOOL] = {"true or false", read_bool},
    [CONTENT_SETTING_LIST] = {"list", read_list},
    [CONTENT_SETTING_ENUM] = {"choice", read_enum},
};

static char *
describe_range(const ContentSetting *setting)
{
    if (setting->kind == CONTENT_SETTING_BOOL)
        return g_strdup("");
    if (setting->kind == CONTENT_SETTING_ENUM) {
        g_auto(GStrv) choices = g_strsplit(setting->choices, "|", -1);

        return g_strjoinv(", ", choices);
    }
    return g_strdup_printf("%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT "%s", setting->min,
                           setting->max,
                           setting->kind == CONTENT_SETTING_STRING ? " bytes"
                           : setting->kind == CONTENT_SETTING_LIST ? " items"
                                                                   : "");
}

static void
set_missing(const Reader *reader, const ContentSetting *setting, const char *group,
            GError **error)
{
    g_autofree char *range = describe_range(setting);

    set_error(reader, CONTENT_SETTINGS_ERROR_MISSING, group, setting->key, error,
              "is required: %s%s%s", kinds[setting->kind].words, range[0] == '\0' ? "" : ", ",
              range);
}

static gboolean
read_settings(const Reader *reader, const ContentSetting *settings, gsize n_settings,
              const char *named, gpointer out, GError **error)
{
    for (gsize i = 0; i < n_settings; i++) {
        const ContentSetting *setting = &settings[i];
        const char *group = named != NULL ? named : setting->group;

        if (!g_key_file_has_key(reader->file, group, setting->key, NULL)) {
            if (setting->fallback == NULL) {
                set_missing(reader, setting, group, error);
                return FALSE;
            }
            g_key_file_set_value(reader->file, group, setting->key, setting->fallback);
        }
        if (!kinds[setting->kind].read(reader, setting, group,
                                       G_STRUCT_MEMBER_P(out, setting->offset), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_named_groups(const Reader *reader, char **group_names, const ContentSettingGroup *kind,
                  GPtrArray *into, GError **error)
{
    for (gsize i = 0; group_names[i] != NULL; i++) {
        const char *name = NULL;
        gpointer item;

        if (named_group_of(reader, group_names[i], &name) != kind)
            continue;
        if (into->len >= kind->max_groups) {
            set_error(reader, CONTENT_SETTINGS_ERROR_VALUE, group_names[i], NULL, error,
                      "more than %" G_GSIZE_FORMAT " groups of this kind", kind->max_groups);
            return FALSE;
        }
        item = g_malloc0(kind->struct_size);
        g_ptr_array_add(into, item);
        G_STRUCT_MEMBER(char *, item, kind->name_offset) = g_strdup(name);
        if (!read_settings(reader, kind->settings, kind->n_settings, group_names[i], item,
                           error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_all(Reader *reader, gpointer out, GPtrArray **arrays, GError **error)
{
    g_auto(GStrv) group_names = NULL;

    if (!load(reader, error))
        return FALSE;
    group_names = g_key_file_get_groups(reader->file, NULL);
    for (gsize i = 0; group_names[i] != NULL; i++) {
        if (!check_group_is_known(reader, group_names[i], error))
            return FALSE;
    }
    if (!read_settings(reader, reader->settings, reader->n_settings, NULL, out, error))
        return FALSE;
    for (gsize i = 0; i < reader->n_groups; i++) {
        if (!read_named_groups(reader, group_names, &reader->groups[i], arrays[i], error))
            return FALSE;
    }
    return TRUE;
}

gboolean
content_settings_read(const char *path, const ContentSetting *settings, gsize n_settings,
                      gpointer out, const ContentSettingGroup *groups, gsize n_groups,
                      GPtrArray **out_groups, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GPtrArray) arrays =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref);
    Reader reader = {path, file, settings, n_settings, groups, n_groups};

    for (gsize i = 0; i < n_groups; i++)
        g_ptr_array_add(arrays, g_ptr_array_new_with_free_func(groups[i].free));
    if (!read_all(&reader, out, (GPtrArray **) arrays->pdata, error))
        return FALSE;
    for (gsize i = 0; i < n_groups; i++)
        out_groups[i] = g_ptr_array_ref(arrays->pdata[i]);
    return TRUE;
}

void
content_settings_clear(const ContentSetting *settings, gsize n_settings, gpointer out)
{
    for (gsize i = 0; i < n_settings; i++) {
        gpointer field = G_STRUCT_MEMBER_P(out, settings[i].offset);

        if (settings[i].kind == CONTENT_SETTING_STRING)
            g_clear_pointer((char **) field, g_free);
        else if (settings[i].kind == CONTENT_SETTING_LIST)
            g_clear_pointer((char ***) field, g_strfreev);
    }
}

static void
append_fallback(GString *table, const char *fallback)
{
    if (fallback == NULL)
        g_string_append(table, "required");
    else if (fallback[0] == '\0')
        g_string_append(table, "empty");
    else
        g_string_append_printf(table, "`%s`", fallback);
}

char *
content_settings_describe(const ContentSetting *settings, gsize n_settings)
{
    GString *table = g_string_new("| group | key | kind | range | default | meaning |\n"
                                  "| --- | --- | --- | --- | --- | --- |\n");

    for (gsize i = 0; i < n_settings; i++) {
        const ContentSetting *setting = &settings[i];
        g_autofree char *range = describe_range(setting);
        gboolean is_named = g_str_has_suffix(setting->group, " ");

        g_string_append_printf(table, "| `[%s%s]` | `%s` | %s | %s | ", setting->group,
                               is_named ? "NAME" : "", setting->key, kinds[setting->kind].words,
                               range);
        append_fallback(table, setting->fallback);
        g_string_append_printf(table, " | %s |\n", setting->meaning);
    }
    return g_string_free(table, FALSE);
}
