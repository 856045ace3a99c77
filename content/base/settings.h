/*
 * settings.h - configuration files read through a table: a key nobody knows is an error.
 *
 * Flow: main.c reads the file into its daemon's struct before anything else is built.
 * Pure but for the reading of the file itself.
 *
 * A file is a GKeyFile. Every key of every group is looked up in the table; one that is left
 * over, is missing although required, has the wrong type or is out of range is an error that
 * names file, group and key.
 */
#pragma once

#include <glib.h>

#define CONTENT_SETTINGS_ERROR (content_settings_error_quark())
GQuark content_settings_error_quark(void);

typedef enum {
    CONTENT_SETTINGS_ERROR_FILE,    /* cannot be read, or is not a key file */
    CONTENT_SETTINGS_ERROR_UNKNOWN, /* a group or key that is in no table */
    CONTENT_SETTINGS_ERROR_MISSING, /* a required key is absent */
    CONTENT_SETTINGS_ERROR_VALUE,   /* wrong type, or out of range */
} ContentSettingsError;

typedef enum {
    CONTENT_SETTING_STRING, /* char *, owned by the struct; min..max is the length in bytes */
    CONTENT_SETTING_INT,    /* gint64; min..max is the range */
    CONTENT_SETTING_BOOL,   /* gboolean; true or false */
    CONTENT_SETTING_LIST,   /* char **, owned, separated by ';'; min..max is the count */
    CONTENT_SETTING_ENUM,   /* gint64: the index in `choices`, a '|'-separated list */
} ContentSettingKind;

typedef struct {
    const char *group; /* "audio", or "zone " with a trailing space for [zone NAME] */
    const char *key;   /* words joined by '-', the unit last: "warm-up-ms" */
    ContentSettingKind kind;
    gsize offset;         /* of the field in the caller's struct */
    const char *fallback; /* (nullable): as it would stand in the file; NULL: required */
    gint64 min, max;
    const char *choices; /* for CONTENT_SETTING_ENUM, else NULL */
    const char *meaning; /* one sentence for the README's table */
} ContentSetting;

/* What a named group such as [zone chợ] is read into: one struct a group. */
typedef struct {
    const char *prefix; /* "zone" reads [zone NAME] */
    gsize struct_size;
    gsize name_offset; /* a char * field that receives NAME */
    const ContentSetting *settings;
    gsize n_settings;
    GDestroyNotify free; /* frees one struct */
    gsize max_groups;    /* more is an error */
} ContentSettingGroup;

/**
 * content_settings_read:
 * @path: the configuration file, at most 256 KiB
 * @settings: the table of the plain groups
 * @out: the caller's struct, zeroed; strings are allocated into it
 * @groups: (nullable) (array length=n_groups): the named groups
 * @out_groups: (nullable) (array length=n_groups): one GPtrArray of structs a named group kind,
 *   in the order of the file, made by this function and owned by the caller
 *
 * Returns: %FALSE with @out in a state that content_settings_clear() accepts
 */
gboolean content_settings_read(const char *path, const ContentSetting *settings,
                               gsize n_settings, gpointer out,
                               const ContentSettingGroup *groups, gsize n_groups,
                               GPtrArray **out_groups, GError **error);

/**
 * content_settings_clear:
 *
 * Frees the strings and lists that content_settings_read() put into @out and zeroes them.
 */
void content_settings_clear(const ContentSetting *settings, gsize n_settings, gpointer out);

/**
 * content_settings_describe:
 *
 * Returns: (transfer full): a Markdown table of the settings: group, key, kind, range, default,
 *   meaning. The README carries it, and a test compares the two.
 */
char *content_settings_describe(const ContentSetting *settings, gsize n_settings);
