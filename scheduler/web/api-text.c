/*
 * api-text.c - a text from before Unicode, and what it would be: shown to whoever pasted it,
 * taken by nobody but them.
 */
#include "scheduler/web/api-internal.h"

#include "content/language.h"
#include "content/legacy-text.h"

#include <string.h>

/* Words shown of what would change: enough to see whether it is right. */
#define MAX_CHANGES      40
#define MAX_CHANGE_BYTES 400

/* Which encoding was asked for, or the likeliest. FALSE: asked for is none that is known. */
static gboolean
choose_encoding(SchedAct *act, const char *text, ContentLegacy *out_from, guint *out_likely,
                GError **error)
{
    const char *asked = content_call_query(act->call, "from");
    gint found = asked == NULL ? -1 : content_legacy_find(asked);

    *out_likely = content_legacy_detect(text, out_from);
    if (asked == NULL)
        return TRUE;
    if (found < 0)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "from: vni, tcvn3 or font");
    *out_from = (ContentLegacy) found;
    return TRUE;
}

static json_t *
list_changes(const char *text, const ContentLegacyText *converted, guint *out_more)
{
    g_autoptr(GPtrArray) words = content_legacy_difference(text, converted, G_MAXUINT);
    json_t *list = json_array();

    for (guint i = 0; i < words->len && i < MAX_CHANGES; i++) {
        g_autofree char *one = content_document_text(words->pdata[i], MAX_CHANGE_BYTES);

        json_array_append_new(list, json_string(one));
    }
    *out_more = words->len > MAX_CHANGES ? words->len - MAX_CHANGES : 0;
    return list;
}

static gboolean
convert_text(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize n_bytes;
    const char *body = g_bytes_get_data(content_call_body(act->call), &n_bytes);
    g_autofree char *text = g_strndup(body == NULL ? "" : body, n_bytes);
    g_autoptr(ContentLegacyText) converted = NULL;
    g_autofree char *clean = NULL;
    ContentLegacy from = 0;
    guint likely = 0, n_more = 0;
    json_t *changes;

    if (strlen(text) != n_bytes || !g_utf8_validate(text, -1, NULL))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "it is no UTF-8 text");
    if (!choose_encoding(act, text, &from, &likely, error))
        return FALSE;
    converted = content_legacy_convert(text, from);
    clean = content_text_repair(converted->text, NULL, NULL);
    changes = list_changes(text, converted, &n_more);
    act->answer =
        json_pack("{s:s, s:i, s:s, s:o, s:i}", "from", content_legacy_words[from], "likely",
                  (int) likely, "text", clean, "changes", changes, "more", (int) n_more);
    return TRUE;
}

/* clang-format off */
static const SchedRouteQuery legacy_query[] = {
    { "from", "vni, tcvn3 or font (the ASCII fonts of Bahnar and Jrai); absent: the likeliest." },
    { NULL, NULL },
};
static const ContentMember legacy_change = {
    .name = "changes", .kind = CONTENT_MEMBER_TEXT, .required = TRUE, .is_list = TRUE, .min = 1,
    .max = MAX_CHANGE_BYTES, .max_count = MAX_CHANGES, .unit = "",
    .meaning = "Each word that would change, once: \"before → after\", uncertain ones with (?).",
};
static const SchedAnswerMember legacy_members[] = {
    ANSWER_TEXT("from", 1, 10, "From which encoding."),
    ANSWER_INT("likely", 0, 1000, "", "How much better it reads so; below 200 a guess."),
    ANSWER_TEXT("text", 0, 4 * SCHED_API_MAX_TEXT_BYTES, "The whole text, converted."),
    { legacy_change, NULL },
    ANSWER_COUNT("more", "Words that would change, too, and are not listed."),
    ANSWER_END,
};
static const SchedAnswer legacy_answer = { .name = "LegacyText", .more = legacy_members };

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/texts/legacy", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .input = SCHED_INPUT_TEXT, .query = legacy_query, .is_aside = TRUE, .status = 200,
      .work = convert_text, .answer = &legacy_answer, .name = "convertText",
      .meaning = "What a text of an old font would be in Unicode; nothing is kept." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_text(void)
{
    return routes;
}
