/* decide.c - see decide.h */
#include "scheduler/message/decide.h"

#include <string.h>

/* ---- values ---- */

SchedNews *
sched_news_new(gint event, const char *key)
{
    SchedNews *self = g_new0(SchedNews, 1);

    self->event = event;
    self->key = g_strdup(key);
    self->only = g_ptr_array_new_with_free_func(g_free);
    self->who = g_strdup("");
    return self;
}

void
sched_news_free(SchedNews *self)
{
    if (self == NULL)
        return;
    g_free(self->key);
    g_clear_pointer(&self->above, g_ptr_array_unref);
    g_ptr_array_unref(self->only);
    g_free(self->language);
    g_free(self->what[CONTENT_READER_VI]);
    g_free(self->what[CONTENT_READER_EN]);
    g_free(self->who);
    g_free(self);
}

static void
right_free(gpointer data)
{
    SchedReaderRight *right = data;

    g_free(right->area);
    g_free(right->language);
    g_free(right);
}

SchedReachable *
sched_reachable_new(const char *account)
{
    SchedReachable *self = g_new0(SchedReachable, 1);

    self->account = g_strdup(account);
    self->rights = g_ptr_array_new_with_free_func(right_free);
    return self;
}

void
sched_reachable_free(SchedReachable *self)
{
    if (self == NULL)
        return;
    g_free(self->account);
    for (gsize i = 0; i < SCHED_MESSAGE_N_WAYS; i++)
        g_free(self->address[i]);
    g_ptr_array_unref(self->rights);
    g_free(self);
}

void
sched_reachable_add_right(SchedReachable *self, guint role, const char *area,
                          const char *language)
{
    SchedReaderRight *right = g_new0(SchedReaderRight, 1);

    right->role = role;
    right->area = g_strdup(area);
    right->language = g_strdup(language);
    g_ptr_array_add(self->rights, right);
}

void
sched_message_draft_free(SchedMessageDraft *self)
{
    if (self == NULL)
        return;
    g_free(self->subject);
    g_free(self->body);
    g_clear_pointer(&self->keys, g_ptr_array_unref);
    g_free(self);
}

/* ---- words ---- */

/* The text behind @name in @pairs: name, text, name, text. */
static const char *
value_of(const GPtrArray *pairs, const char *name, gsize length)
{
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        const char *known = g_ptr_array_index(pairs, i);

        if (strlen(known) == length && strncmp(known, name, length) == 0)
            return g_ptr_array_index(pairs, i + 1);
    }
    return "?";
}

char *
sched_message_say(ContentReader reader, const char *key, ...)
{
    g_autofree char *name = g_strconcat("message.", key, NULL);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new();
    GString *out = g_string_new(NULL);
    const char *text = content_wording_text(reader, name), *open, *close;
    const char *one;
    va_list values;

    va_start(values, key);
    while ((one = va_arg(values, const char *)) != NULL)
        g_ptr_array_add(pairs, (gpointer) one);
    va_end(values);
    text = text == NULL ? name : text;
    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        g_string_append_len(out, text, open - text);
        g_string_append(out, value_of(pairs, open + 1, (gsize) (close - open - 1)));
        text = close + 1;
    }
    g_string_append(out, text);
    return g_string_free(out, FALSE);
}

/* What is said of several at once: "mất liên lạc: Đài A, Đài B và 98 nơi khác". */
typedef struct {
    const char *what;
    GPtrArray *names; /* (owned) (element-type utf8): none where it stands for itself */
} Line;

static void
line_free(gpointer data)
{
    Line *line = data;

    g_ptr_array_unref(line->names);
    g_free(line);
}

/* In the order of the news: the same said of another one joins its line. */
static GPtrArray *
make_lines(const GPtrArray *told, ContentReader reader)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < told->len; i++) {
        const SchedNews *news = g_ptr_array_index(told, i);
        Line *line = *news->who == '\0' ? NULL : g_hash_table_lookup(known, news->what[reader]);

        if (line == NULL) {
            line = g_new0(Line, 1);
            line->what = news->what[reader];
            line->names = g_ptr_array_new();
            g_ptr_array_add(lines, line);
            if (*news->who != '\0')
                g_hash_table_insert(known, (gpointer) line->what, line);
        }
        if (*news->who != '\0')
            g_ptr_array_add(line->names, news->who);
    }
    return lines;
}

static char *
line_text(const Line *line, ContentReader reader)
{
    g_autoptr(GString) names = g_string_new(NULL);
    guint n_shown = MIN(line->names->len, SCHED_MESSAGE_MAX_NAMES);
    g_autofree char *more = g_strdup_printf("%u", line->names->len - n_shown);
    g_autofree char *rest = NULL;

    if (line->names->len == 0)
        return g_strdup(line->what);
    for (guint i = 0; i < n_shown; i++)
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ",
                               (const char *) g_ptr_array_index(line->names, i));
    if (line->names->len > n_shown)
        rest = sched_message_say(reader, "more_names", "count", more, NULL);
    return g_strconcat(line->what, ": ", names->str, rest, NULL);
}

/* Not more than @max bytes, cut between letters. Returns: (transfer full) */
static char *
cut(const char *text, gsize max)
{
    const char *end = text + max - strlen("…");

    if (strlen(text) <= max)
        return g_strdup(text);
    while (end > text && ((guchar) *end & 0xC0) == 0x80)
        end--;
    return g_strdup_printf("%.*s…", (int) (end - text), text);
}

static char *
subject_of(gint event, const GPtrArray *told, const char *first, ContentReader reader)
{
    g_autofree char *count = g_strdup_printf("%u", told->len);
    g_autofree char *key = g_strdup_printf("%s.%s", sched_message_event_words[event],
                                           told->len == 1 ? "one" : "many");
    g_autofree char *text = sched_message_say(reader, key, "what", first, "count", count, NULL);
    g_autofree char *flat = g_strdelimit(g_strdup(text), "\r\n\t", ' ');

    return cut(flat, SCHED_MESSAGE_SUBJECT_BYTES);
}

/* A line each, the link to the pages, and where one says that one wants it no more. */
static char *
mail_of(const GPtrArray *lines, const char *link, ContentReader reader)
{
    GString *body = g_string_new(NULL);
    guint n_shown = MIN(lines->len, SCHED_MESSAGE_MAX_LINES);
    g_autofree char *foot = sched_message_say(reader, "foot", "link", link, NULL);

    for (guint i = 0; i < n_shown; i++) {
        g_autofree char *text = line_text(g_ptr_array_index(lines, i), reader);

        g_string_append_printf(body, "- %s\n", text);
    }
    if (lines->len > n_shown) {
        g_autofree char *count = g_strdup_printf("%u", lines->len - n_shown);
        g_autofree char *more = sched_message_say(reader, "more_lines", "count", count, NULL);

        g_string_append_printf(body, "- %s\n", more);
    }
    g_string_append_printf(body, "\n%s\n", foot);
    return g_string_free(body, FALSE);
}

/* The whole in as few parts as may be: a text message costs by its length. */
static char *
text_of(const GPtrArray *lines, ContentReader reader)
{
    g_autoptr(GString) body = g_string_new("Loa: ");

    for (guint i = 0; i < lines->len && body->len < SCHED_MESSAGE_MAX_TEXT_BYTES; i++) {
        g_autofree char *text = line_text(g_ptr_array_index(lines, i), reader);

        g_string_append_printf(body, "%s%s", i == 0 ? "" : "; ", text);
    }
    return cut(body->str, SCHED_MESSAGE_MAX_TEXT_BYTES);
}

/* ---- who is told what ---- */

/* Who reads a language reads its dialects. */
static gboolean
reads(const SchedReaderRight *right, const char *language)
{
    gsize length = strlen(right->language);

    return length == 0 || language == NULL ||
           (strncmp(language, right->language, length) == 0 &&
            (language[length] == '\0' || language[length] == '-'));
}

static gboolean
holds_it_there(const SchedReachable *person, const SchedNews *news)
{
    const SchedMessageRule *rule = sched_message_rule(news->event);

    for (guint i = 0; news->above != NULL && i < person->rights->len; i++) {
        const SchedReaderRight *right = g_ptr_array_index(person->rights, i);

        if ((rule->roles >> right->role & 1) != 0 && reads(right, news->language) &&
            g_ptr_array_find_with_equal_func(news->above, right->area, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_for(const SchedReachable *person, const SchedNews *news)
{
    return g_ptr_array_find_with_equal_func(news->only, person->account, g_str_equal, NULL) ||
           holds_it_there(person, news);
}

/* What is new to @person by @way; NULL: nothing, or not yet. What settles still goes along with
 * something that has settled. */
static GPtrArray *
new_to(const SchedReachable *person, gint event, gint way, const GPtrArray *news,
       const SchedMessageMoment *moment)
{
    const SchedMessageRule *rule = sched_message_rule(event);
    g_autoptr(GPtrArray) told = g_ptr_array_new();
    gboolean has_settled = FALSE;
    gint64 last_us = person->last_us[event][way];

    if (last_us != 0 && moment->now_us - last_us < rule->gap_us && moment->now_us >= last_us)
        return NULL;
    for (guint i = 0; i < news->len && told->len < SCHED_MESSAGE_MAX_NEWS; i++) {
        SchedNews *one = g_ptr_array_index(news, i);

        if (one->event != event || !is_for(person, one) ||
            moment->was_told(person->account, way, one->key, moment->data))
            continue;
        has_settled = has_settled || moment->now_us - one->since_us >= rule->settle_us;
        g_ptr_array_add(told, one);
    }
    return has_settled ? g_steal_pointer(&told) : NULL;
}

static gint64
due_of(gint event, const GPtrArray *told, const SchedMessageMoment *moment)
{
    gboolean waits = sched_message_rule(event)->waits && moment->morning_us > moment->now_us;

    for (guint i = 0; waits && i < told->len; i++)
        waits = !((const SchedNews *) g_ptr_array_index(told, i))->is_urgent;
    return waits ? moment->morning_us : moment->now_us;
}

static SchedMessageDraft *
write_draft(const SchedReachable *person, gint event, gint way, const GPtrArray *told,
            const SchedMessageMoment *moment)
{
    ContentReader reader = (ContentReader) person->reader;
    SchedMessageDraft *draft = g_new0(SchedMessageDraft, 1);
    g_autoptr(GPtrArray) lines = make_lines(told, reader);
    g_autofree char *first = line_text(g_ptr_array_index(lines, 0), reader);

    draft->account = person->account;
    draft->address = person->address[way];
    draft->way = way;
    draft->event = event;
    draft->due_us = due_of(event, told, moment);
    draft->subject = subject_of(event, told, first, reader);
    draft->body = way == SCHED_MESSAGE_BY_EMAIL ? mail_of(lines, moment->link, reader)
                                                : text_of(lines, reader);
    draft->keys = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < told->len; i++)
        g_ptr_array_add(draft->keys,
                        g_strdup(((const SchedNews *) g_ptr_array_index(told, i))->key));
    return draft;
}

GPtrArray *
sched_message_decide(const GPtrArray *news, const GPtrArray *people,
                     const SchedMessageMoment *moment)
{
    GPtrArray *drafts =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_message_draft_free);

    for (guint i = 0; i < people->len; i++) {
        const SchedReachable *person = g_ptr_array_index(people, i);

        for (gint cell = 0; cell < SCHED_MESSAGE_N_EVENTS * SCHED_MESSAGE_N_WAYS; cell++) {
            gint event = cell / SCHED_MESSAGE_N_WAYS, way = cell % SCHED_MESSAGE_N_WAYS;
            g_autoptr(GPtrArray) told = NULL;

            if (*person->address[way] == '\0' || !person->wants[event][way])
                continue;
            told = new_to(person, event, way, news, moment);
            if (told != NULL)
                g_ptr_array_add(drafts, write_draft(person, event, way, told, moment));
        }
    }
    return drafts;
}
