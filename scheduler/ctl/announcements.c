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
    return word == NULL || *out_from >= 0 || ctl_usage(error, "from_font", "value", word);
}

static void
show_difference(const char *file, const char *text, const ContentLegacyText *converted)
{
    g_autoptr(GPtrArray) lines = content_legacy_difference(text, converted, SHOWN_WORDS);
    g_autofree char *count = g_strdup_printf("%u", converted->spans->len);
    g_autofree char *words =
        ctl_words_say(content_reader_here(), "converted", "file", file, "count", count, NULL);

    fprintf(stderr, "%s\n", words);
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
        ctl_fail(error, CTL_CLIENT_ERROR_DATA, "script_no_text", "file", file, NULL);
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
    g_autofree char *words = NULL;

    if (content_legacy_detect(text, &from) < LIKELY_LEGACY)
        return;
    words = ctl_words_say(content_reader_here(), "likely_legacy", "file", file, "font",
                          content_legacy_words[from], NULL);
    fprintf(stderr, "%s\n", words);
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
            ctl_fail(error, CTL_CLIENT_ERROR_DATA, "script_not_utf8", "file", file, NULL);
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
            return ctl_usage(error, "script_unrecorded", "language", language);
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
    g_autofree char *path = version_path(version, "/audio?no_state_secret=true");
    CtlBar bar = {.what = language};
    json_t *answer =
        ctl_client_send_recording(run->client, "PUT", path, file, ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    return answer;
}

/* (nullable): what "--address LANGUAGE=ADDRESS" says for @language */
static const char *
find_address(CtlRun *run, const char *language, GError **error)
{
    GPtrArray *pairs = ctl_arguments_all(run->arguments, "--address");

    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        g_autofree char *key = NULL;
        const char *address = ctl_split_pair(g_ptr_array_index(pairs, i), &key, error);

        if (address == NULL || strcmp(key, language) == 0)
            return address;
    }
    return NULL;
}

/* One language: the version, then its recording. @language "-" is a signal without words. */
static json_t *
add_version(CtlRun *run, const char *announcement, const char *language, const char *file,
            GError **error)
{
    g_autofree char *path = g_strdup_printf("/api/announcements/%s/versions", announcement);
    g_autoptr(GError) cause = NULL;
    g_autofree char *script = read_script(run, language, FALSE, &cause);
    const char *announcer = ctl_run_get(run, "--announcer"),
               *voice = ctl_run_get(run, "--voice");
    const char *address = cause == NULL ? find_address(run, language, &cause) : NULL;
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
    if (voice != NULL)
        json_object_set_new(body, "announcer", json_string(voice));
    if (address != NULL)
        json_object_set_new(body, "address", json_string(address));
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
            const char *pair = g_ptr_array_index(pairs, i);
            g_autofree char *left =
                ctl_words_say(run->reader, "left", "announcement", id, "pair", pair, NULL);

            ctl_tell_left(error, pair, left);
            return FALSE;
        }
        json_array_append_new(versions, version);
    }
    return TRUE;
}

/* What can be known of a recording here: it opens, it is a file, and not more than is taken. */
static gboolean
check_recording(const char *file, GError **error)
{
    g_autofree char *mib = g_strdup_printf("%d", (int) (CTL_MAX_UPLOAD_BYTES >> 20));
    gint64 size_bytes;

    if (!ctl_client_look(file, &size_bytes, error))
        return FALSE;
    if (size_bytes == 0)
        return ctl_fail(error, CTL_CLIENT_ERROR_DATA, "empty_file", "file", file, NULL);
    if (size_bytes > CTL_MAX_UPLOAD_BYTES)
        return ctl_fail(error, CTL_CLIENT_ERROR_DATA, "file_too_large", "file", file, "mib",
                        mib, NULL);
    return TRUE;
}

/* Everything a file needs is looked at before the first call, so that nothing is half done. */
static gboolean
check_files(CtlRun *run, GPtrArray *pairs, GError **error)
{
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        g_autofree char *language = NULL;
        const char *file = ctl_split_pair(g_ptr_array_index(pairs, i), &language, error);

        if (file == NULL || !check_recording(file, error))
            return FALSE;
    }
    return check_scripts(run, pairs, error);
}

static gboolean
set_validity(CtlRun *run, json_t *body, GError **error)
{
    const char *from = ctl_run_get(run, "--valid-from"),
               *to = ctl_run_get(run, "--valid-until");
    gint64 from_us = 0, until_us = 0;

    if (!(from == NULL ? ctl_run_now(run, &from_us, error)
                       : ctl_run_time(run, from, &from_us, error)) ||
        !ctl_run_time(run, to, &until_us, error))
        return FALSE;
    from_us -= from_us % G_USEC_PER_SEC;
    json_object_set_new(body, "valid_from_us", json_integer(from_us));
    json_object_set_new(body, "valid_until_us", json_integer(until_us));
    return TRUE;
}

/* What has a recording is put forward. */
static gboolean
check_declared(CtlRun *run, GError **error)
{
    return ctl_run_get(run, "--version") == NULL ||
           ctl_run_get(run, "--no-state-secret") != NULL || ctl_usage(error, "undeclared");
}

gboolean
ctl_announcement_add(CtlRun *run, GError **error)
{
    json_t *body, *announcement = NULL;
    gboolean is_done;

    if (!check_declared(run, error) ||
        !check_files(run, ctl_arguments_all(run->arguments, "--version"), error))
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
    json_t *answer = file == NULL || !check_files(run, pairs, error)
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
    static const char *const judged[] = {"object", "script_hash", "address"};
    json_t *body, *answer;

    if (seen == NULL)
        return FALSE;
    body = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(judged); i++) {
        if (json_object_get(seen, judged[i]) != NULL)
            json_object_set(body, judged[i], json_object_get(seen, judged[i]));
    }
    json_decref(seen);
    json_object_set_new(body, "no_state_secret", json_true());
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
    CtlBar bar = {.what = ctl_words_get(run->reader, "say.audio")};
    gboolean is_done = ctl_client_download(run->client, path, ctl_run_get(run, "FILE"),
                                           ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    if (is_done)
        ctl_run_print(run, json_null());
    return is_done;
}

/* So often it is asked whether it is over; after its end, so long for a slow clock there. */
#define HEAR_STEP_US     G_USEC_PER_SEC
#define HEAR_PATIENCE_US (30 * G_USEC_PER_SEC)

/* Returns: (transfer full) (nullable): what the district says once it was heard to its end */
static json_t *
hear_to_end(CtlRun *run, const char *version, const json_t *body, gint64 duration_us,
            GError **error)
{
    CtlBar bar = {.what = ctl_words_get(run->reader, "say.hearing")};
    const gint64 begun_us = g_get_monotonic_time();
    json_t *answer = NULL;

    for (;;) {
        g_autoptr(GError) cause = NULL;
        gint64 passed_us = g_get_monotonic_time() - begun_us;

        answer = ctl_run_call(run, "POST", version_path(version, "/heard"), body, &cause);
        if (answer != NULL)
            break;
        if (strcmp(ctl_client_problem(run->client), "unlistened") != 0 ||
            passed_us > duration_us + HEAR_PATIENCE_US) {
            g_propagate_error(error, g_steal_pointer(&cause));
            break;
        }
        ctl_bar_show(MIN(passed_us, duration_us), duration_us, &bar);
        g_usleep((gulong) CLAMP(duration_us - passed_us, HEAR_STEP_US / 10, HEAR_STEP_US));
    }
    ctl_bar_clear(&bar);
    return answer;
}

/* For whoever approves: the file to be played, and the district told when that could be over.
 */
gboolean
ctl_version_hear(CtlRun *run, GError **error)
{
    const char *version = ctl_run_get(run, "VERSION");
    json_t *seen = ctl_run_call(run, "GET", version_path(version, ""), NULL, error);
    g_autofree char *audio = version_path(version, "/audio");
    json_t *body, *begun, *answer = NULL;

    if (seen == NULL)
        return FALSE;
    body = json_object();
    if (json_object_get(seen, "object") != NULL)
        json_object_set(body, "object", json_object_get(seen, "object"));
    json_decref(seen);
    begun = ctl_run_call(run, "POST", version_path(version, "/listen"), body, error);
    if (begun != NULL &&
        ctl_client_download(run->client, audio, ctl_run_get(run, "FILE"), NULL, NULL, error))
        answer = hear_to_end(run, version, body,
                             json_integer_value(json_object_get(begun, "duration_us")), error);
    json_decref(begun);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* The body that says what the version says now: what is not given stays. */
static json_t *
as_it_is(json_t *version)
{
    static const char *const kept[] = {"announcer_name", "announcer", "script", "changed_us"};
    json_t *body = json_object();

    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        json_t *value = json_object_get(version, kept[i]);

        if (value != NULL)
            json_object_set(body, kept[i], value);
    }
    return body;
}

/* A name without an account is of somebody who has none. */
static void
set_voice(CtlRun *run, json_t *body)
{
    const char *name = ctl_run_get(run, "--announcer"), *voice = ctl_run_get(run, "--voice");

    if (name != NULL) {
        json_object_set_new(body, "announcer_name", json_string(name));
        json_object_del(body, "announcer");
    }
    if (voice != NULL)
        json_object_set_new(body, "announcer", json_string(voice));
}

/* Only what is said about it; the recording stays. */
gboolean
ctl_version_change(CtlRun *run, GError **error)
{
    const char *version = ctl_run_get(run, "VERSION");
    json_t *now = ctl_run_call(run, "GET", version_path(version, ""), NULL, error);
    const char *language = json_string_value(json_object_get(now, "language"));
    g_autoptr(GError) cause = NULL;
    g_autofree char *script = NULL;
    json_t *body, *answer = NULL;

    if (now == NULL)
        return FALSE;
    script = language == NULL ? NULL : read_script(run, language, TRUE, &cause);
    body = as_it_is(now);
    if (script != NULL)
        json_object_set_new(body, "script", json_string(script));
    set_voice(run, body);
    if (ctl_run_get(run, "--no-state-secret") != NULL)
        json_object_set_new(body, "no_state_secret", json_true());
    if (ctl_run_get(run, "--address") != NULL)
        json_object_set_new(body, "address", json_string(ctl_run_get(run, "--address")));
    if (cause != NULL)
        g_propagate_error(error, g_steal_pointer(&cause));
    else if (script == NULL && ctl_run_get(run, "--script") != NULL)
        ctl_usage(error, "version_language", "language",
                  language == NULL ? ctl_words_get(run->reader, "say.no_language") : language);
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
    json_t *answer;

    if (!check_recording(ctl_run_get(run, "FILE"), error))
        return FALSE;
    answer = upload_audio(run, version, ctl_words_get(run->reader, "say.audio"),
                          ctl_run_get(run, "FILE"), error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
