/* announcements.c - announcements with their recordings, checks and approvals. See run.h. */
#include "scheduler/ctl/run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "content/base/files.h"
#include "content/legacy-text.h"
#include "scheduler/ctl/terminal.h"

#define SCRIPT_MAX_BYTES 65536

static char *
version_path(const char *version, const char *what)
{
    g_autofree char *escaped = ctl_escape(version);

    return g_strdup_printf("/api/versions/%s%s", escaped, what);
}

/* Words shown of what a conversion changed: enough to see whether it was the right one. */
#define SHOWN_WORDS 40
/* From here on it is worth telling that a script looks like one of an old font. */
#define LIKELY_LEGACY 200

static gboolean
find_legacy(CtlRun *run, gint *out_from, GError **error)
{
    const char *word = ctl_arguments_get(run->arguments, "--from");

    *out_from = word == NULL ? -1 : content_legacy_find(word);
    return word == NULL || *out_from >= 0 ||
           ctl_usage(error, "--from %s: vni, tcvn3 or font", word);
}

static void
show_difference(const char *file, const char *text, const ContentLegacyText *converted)
{
    g_autoptr(GPtrArray) lines = content_legacy_difference(text, converted, SHOWN_WORDS);

    fprintf(stderr, "%s: %u places were converted; look at them:\n", file,
            converted->spans->len);
    for (guint i = 0; i < lines->len; i++)
        fprintf(stderr, "  %s\n", (const char *) g_ptr_array_index(lines, i));
}

/* Bytes that are no UTF-8 are those of the old encoding itself. */
static char *
convert_script(const char *file, GBytes *bytes, gint from, gboolean shows, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text =
        g_utf8_validate_len(data, length, NULL)
            ? g_strndup(data, length)
            : g_convert(data, (gssize) length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
    g_autoptr(ContentLegacyText) converted =
        text == NULL ? NULL : content_legacy_convert(text, (ContentLegacy) from);

    if (converted == NULL) {
        g_set_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_DATA, "%s: the script is no text",
                    file);
        return NULL;
    }
    if (shows)
        show_difference(file, text, converted);
    return g_steal_pointer(&converted->text);
}

static void
tell_likely(const char *file, const char *text)
{
    ContentLegacy from;
    guint confidence = content_legacy_detect(text, &from);

    if (confidence >= LIKELY_LEGACY)
        fprintf(stderr,
                "%s: this looks like the text of an old font; --from %s converts it and shows "
                "what changes\n",
                file, content_legacy_words[from]);
}

/*
 * What "--script LANGUAGE=FILE" says for @language; NULL without error: nothing. @shows: what
 * was found about it is told to the person.
 */
static char *
read_script(CtlRun *run, const char *language, gboolean shows, GError **error)
{
    GPtrArray *scripts = ctl_arguments_all(run->arguments, "--script");

    for (guint i = 0; scripts != NULL && i < scripts->len; i++) {
        g_autofree char *key = NULL;
        const char *file = ctl_split_pair(g_ptr_array_index(scripts, i), &key, error);
        g_autoptr(GError) cause = NULL;
        g_autoptr(GBytes) bytes = NULL;
        gint from;
        char *text;

        if (file == NULL)
            return NULL;
        if (strcmp(key, language) != 0)
            continue;
        bytes = content_files_read(file, SCRIPT_MAX_BYTES, &cause);
        if (bytes == NULL) {
            g_set_error_literal(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_FILE, cause->message);
            return NULL;
        }
        if (!find_legacy(run, &from, error))
            return NULL;
        if (from >= 0)
            return convert_script(file, bytes, from, shows, error);
        if (!g_utf8_validate_len(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                 NULL)) {
            g_set_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_DATA,
                        "%s: the script is no UTF-8 text; if it is one of an old font, say "
                        "--from vni, tcvn3 or font",
                        file);
            return NULL;
        }
        text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        if (shows)
            tell_likely(file, text);
        return text;
    }
    return NULL;
}

static gboolean
has_version(GPtrArray *pairs, const char *language)
{
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        const char *pair = g_ptr_array_index(pairs, i);

        if (g_str_has_prefix(pair, language) && pair[strlen(language)] == '=')
            return TRUE;
    }
    return FALSE;
}

/* Every script can be read, and belongs to a recording: none is lost on the way. */
static gboolean
check_scripts(CtlRun *run, GPtrArray *pairs, GError **error)
{
    GPtrArray *scripts = ctl_arguments_all(run->arguments, "--script");

    for (guint i = 0; scripts != NULL && i < scripts->len; i++) {
        g_autofree char *language = NULL, *script = NULL;

        if (ctl_split_pair(g_ptr_array_index(scripts, i), &language, error) == NULL)
            return FALSE;
        if (!has_version(pairs, language))
            return ctl_usage(error, "--script %s: there is no recording in that language",
                             language);
        script = read_script(run, language, TRUE, error);
        if (script == NULL)
            return FALSE;
    }
    return TRUE;
}

static json_t *
upload_audio(CtlRun *run, const char *version, const char *language, const char *file,
             GError **error)
{
    g_autofree char *path = version_path(version, "/audio");
    CtlBar bar = {.what = language};
    json_t *answer = ctl_client_upload(run->client, "PUT", path, file,
                                       "application/octet-stream", ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    return answer;
}

/* One language: the version, then its recording. @language "-" is a signal without words. */
static json_t *
add_version(CtlRun *run, const char *announcement, const char *language, const char *file,
            GError **error)
{
    g_autofree char *path = g_strdup_printf("/api/announcements/%s/versions", announcement);
    g_autoptr(GError) cause = NULL;
    g_autofree char *script = read_script(run, language, FALSE, &cause);
    const char *announcer = ctl_run_get(run, "--announcer");
    json_t *body = json_object(), *version, *answer = NULL;

    if (cause != NULL) {
        json_decref(body);
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (strcmp(language, "-") != 0)
        json_object_set_new(body, "language", json_string(language));
    if (script != NULL)
        json_object_set_new(body, "script", json_string(script));
    if (announcer != NULL)
        json_object_set_new(body, "announcer_name", json_string(announcer));
    version = ctl_client_call(run->client, "POST", path, body, error);
    json_decref(body);
    if (version != NULL)
        answer = upload_audio(run, json_string_value(json_object_get(version, "id")), language,
                              file, error);
    json_decref(version);
    return answer;
}

static gboolean
add_versions(CtlRun *run, json_t *announcement, GError **error)
{
    GPtrArray *pairs = ctl_arguments_all(run->arguments, "--version");
    const char *id = json_string_value(json_object_get(announcement, "id"));
    json_t *versions = json_array();

    json_object_set_new(announcement, "versions", versions);
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        g_autofree char *language = NULL;
        const char *file = ctl_split_pair(g_ptr_array_index(pairs, i), &language, error);
        json_t *version = file == NULL ? NULL : add_version(run, id, language, file, error);

        if (version == NULL) {
            g_prefix_error(error, "announcement %s is there; version '%s': ", id,
                           (const char *) g_ptr_array_index(pairs, i));
            return FALSE;
        }
        json_array_append_new(versions, version);
    }
    return TRUE;
}

/* Everything a file needs is looked at before the first call, so that nothing is half done. */
static gboolean
check_files(CtlRun *run, GError **error)
{
    GPtrArray *pairs = ctl_arguments_all(run->arguments, "--version");

    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        g_autofree char *language = NULL;
        const char *file = ctl_split_pair(g_ptr_array_index(pairs, i), &language, error);

        if (file == NULL)
            return FALSE;
        if (!g_file_test(file, G_FILE_TEST_IS_REGULAR)) {
            g_set_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_FILE, "%s: no such file",
                        file);
            return FALSE;
        }
    }
    return check_scripts(run, pairs, error);
}

static gboolean
set_validity(CtlRun *run, json_t *body, GError **error)
{
    const char *from = ctl_run_get(run, "--valid-from"),
               *to = ctl_run_get(run, "--valid-until");
    gint64 from_us = g_get_real_time() / G_USEC_PER_SEC * G_USEC_PER_SEC, until_us;

    if ((from != NULL && !ctl_parse_time(from, &from_us, error)) ||
        !ctl_parse_time(to, &until_us, error))
        return FALSE;
    json_object_set_new(body, "valid_from_us", json_integer(from_us));
    json_object_set_new(body, "valid_until_us", json_integer(until_us));
    return TRUE;
}

gboolean
ctl_announcement_add(CtlRun *run, GError **error)
{
    json_t *body, *announcement = NULL;
    gboolean is_done;

    if (!check_files(run, error))
        return FALSE;
    body = ctl_arguments_body(run->arguments, error);
    if (!json_object_get(body, "class"))
        json_object_set_new(body, "class", json_string("thong_thuong"));
    if (!json_object_get(body, "areas"))
        json_object_set_new(body, "areas", json_pack("[O]", json_object_get(body, "home")));
    if (set_validity(run, body, error))
        announcement = ctl_client_call(run->client, "POST", "/api/announcements", body, error);
    json_decref(body);
    if (announcement == NULL)
        return FALSE;
    is_done = add_versions(run, announcement, error);
    if (is_done)
        ctl_run_print(run, announcement);
    else
        json_decref(announcement);
    return is_done;
}

gboolean
ctl_version_add(CtlRun *run, GError **error)
{
    g_autofree char *language = NULL;
    const char *file = ctl_split_pair(ctl_run_get(run, "LANGUAGE=FILE"), &language, error);
    g_autofree char *announcement = ctl_escape(ctl_run_get(run, "ANNOUNCEMENT"));
    GPtrArray *pairs = ctl_arguments_all(run->arguments, "LANGUAGE=FILE");
    json_t *answer = file == NULL || !check_scripts(run, pairs, error)
                         ? NULL
                         : add_version(run, announcement, language, file, error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* Check and approve name exactly what is there now; a change since then is a conflict. */
gboolean
ctl_version_judge(CtlRun *run, GError **error)
{
    const char *version = ctl_run_get(run, "VERSION");
    const char *what =
        g_str_has_suffix(run->arguments->command->words, "check") ? "/check" : "/approve";
    json_t *seen = ctl_run_call(run, "GET", version_path(version, ""), NULL, error);
    json_t *body, *answer;

    if (seen == NULL)
        return FALSE;
    body = json_object();
    if (json_object_get(seen, "object") != NULL)
        json_object_set(body, "object", json_object_get(seen, "object"));
    if (json_object_get(seen, "script_hash") != NULL)
        json_object_set(body, "script_hash", json_object_get(seen, "script_hash"));
    json_decref(seen);
    answer = ctl_run_call(run, "POST", version_path(version, what), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_version_listen(CtlRun *run, GError **error)
{
    gboolean wants_original = ctl_run_get(run, "--original") != NULL;
    g_autofree char *path =
        version_path(ctl_run_get(run, "VERSION"), wants_original ? "/original" : "/audio");
    CtlBar bar = {.what = "audio"};
    gboolean is_done = ctl_client_download(run->client, path, ctl_run_get(run, "FILE"),
                                           ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    if (is_done)
        ctl_run_print(run, json_null());
    return is_done;
}

/* Only what is said about it; the recording stays. A script that is not given stays, too. */
gboolean
ctl_version_change(CtlRun *run, GError **error)
{
    const char *version = ctl_run_get(run, "VERSION"), *name = ctl_run_get(run, "--announcer");
    json_t *now = ctl_run_call(run, "GET", version_path(version, ""), NULL, error);
    const char *language = json_string_value(json_object_get(now, "language"));
    g_autoptr(GError) cause = NULL;
    g_autofree char *script = NULL;
    json_t *body, *answer = NULL;

    if (now == NULL)
        return FALSE;
    script = language == NULL ? NULL : read_script(run, language, TRUE, &cause);
    body = json_object();
    json_object_set(body, "announcer_name", json_object_get(now, "announcer_name"));
    if (json_object_get(now, "script") != NULL)
        json_object_set(body, "script", json_object_get(now, "script"));
    if (json_object_get(now, "announcer") != NULL)
        json_object_set(body, "announcer", json_object_get(now, "announcer"));
    if (script != NULL)
        json_object_set_new(body, "script", json_string(script));
    if (name != NULL)
        json_object_set_new(body, "announcer_name", json_string(name));
    if (cause != NULL)
        g_propagate_error(error, g_steal_pointer(&cause));
    else if (script == NULL && ctl_run_get(run, "--script") != NULL)
        ctl_usage(error, "--script: the version is in %s",
                  language == NULL ? "no language" : language);
    else
        answer = ctl_run_call(run, "PUT", version_path(version, ""), body, error);
    json_decref(body);
    json_decref(now);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_version_record(CtlRun *run, GError **error)
{
    g_autofree char *version = ctl_escape(ctl_run_get(run, "VERSION"));
    json_t *answer = upload_audio(run, version, "audio", ctl_run_get(run, "FILE"), error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
