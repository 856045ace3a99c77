/* difference.c - see difference.h */
#include "scheduler/web/difference.h"

#include <string.h>

const char *const sched_difference_words[] = {"same", "removed", "added", NULL};

/* A word of a text: its letters, and its bytes with the space behind it. */
typedef struct {
    const char *start;
    gsize n_letters, n_bytes;
} Word;

/* How much of both is left to be compared, and for each pair of places how many words are the
 * same from there on. */
typedef struct {
    const Word *before, *after;
    gsize n_before, n_after;
    guint16 *common; /* (owned): (n_before + 1) rows of (n_after + 1) */
} Table;

void
sched_difference_part_free(SchedDifferencePart *part)
{
    if (part == NULL)
        return;
    g_free(part->text);
    g_free(part);
}

/* Space before the first word is a word of its own without letters. */
static GArray *
split(const char *text)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));

    while (text != NULL && *text != '\0') {
        Word word = {.start = text, .n_letters = strcspn(text, " \t\n")};

        word.n_bytes = word.n_letters + strspn(text + word.n_letters, " \t\n");
        g_array_append_val(words, word);
        text += word.n_bytes;
    }
    return words;
}

static gboolean
is_same(const Word *one, const Word *other)
{
    return one->n_letters == other->n_letters &&
           memcmp(one->start, other->start, one->n_letters) == 0;
}

static void
add(GPtrArray *parts, SchedDifferenceKind change, const Word *word)
{
    SchedDifferencePart *last = parts->len == 0 ? NULL : parts->pdata[parts->len - 1];
    g_autofree char *text = g_strndup(word->start, word->n_bytes);

    if (last != NULL && last->change == (gint) change) {
        g_autofree char *old = last->text;

        last->text = g_strconcat(old, text, NULL);
        return;
    }
    last = g_new0(SchedDifferencePart, 1);
    last->change = (gint) change;
    last->text = g_steal_pointer(&text);
    g_ptr_array_add(parts, last);
}

static guint16 *
cell(const Table *table, gsize i, gsize k)
{
    return &table->common[i * (table->n_after + 1) + k];
}

static void
fill(Table *table)
{
    table->common = g_new0(guint16, (table->n_before + 1) * (table->n_after + 1));
    for (gsize i = table->n_before; i > 0; i--) {
        for (gsize k = table->n_after; k > 0; k--) {
            guint16 more = *cell(table, i, k) + 1;

            *cell(table, i - 1, k - 1) =
                is_same(&table->before[i - 1], &table->after[k - 1])
                    ? more
                    : MAX(*cell(table, i, k - 1), *cell(table, i - 1, k));
        }
    }
}

static void
walk(const Table *table, GPtrArray *parts)
{
    gsize i = 0, k = 0;

    while (i < table->n_before || k < table->n_after) {
        gboolean is_left = i < table->n_before && k < table->n_after;

        if (is_left && table->common != NULL && is_same(&table->before[i], &table->after[k])) {
            add(parts, SCHED_DIFFERENCE_SAME, &table->after[k++]);
            i++;
        } else if (i < table->n_before && (!is_left || table->common == NULL ||
                                           *cell(table, i + 1, k) >= *cell(table, i, k + 1))) {
            add(parts, SCHED_DIFFERENCE_REMOVED, &table->before[i++]);
        } else {
            add(parts, SCHED_DIFFERENCE_ADDED, &table->after[k++]);
        }
    }
}

GPtrArray *
sched_difference_parts(const char *before, const char *after)
{
    GPtrArray *parts =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_difference_part_free);
    g_autoptr(GArray) old = split(before), new = split(after);
    const Word *olds = (const Word *) (void *) old->data,
               *news = (const Word *) (void *) new->data;
    gsize shorter = MIN(old->len, new->len), n_head = 0, n_tail = 0;
    Table table = {0};

    while (n_head < shorter && is_same(&olds[n_head], &news[n_head]))
        add(parts, SCHED_DIFFERENCE_SAME, &news[n_head++]);
    while (n_tail < shorter - n_head &&
           is_same(&olds[old->len - 1 - n_tail], &news[new->len - 1 - n_tail]))
        n_tail++;
    table.before = olds + n_head;
    table.after = news + n_head;
    table.n_before = old->len - n_head - n_tail;
    table.n_after = new->len - n_head - n_tail;
    if ((table.n_before + 1) * (table.n_after + 1) <= SCHED_DIFFERENCE_MAX_PAIRS)
        fill(&table);
    walk(&table, parts);
    g_free(table.common);
    for (gsize i = new->len - n_tail; i < new->len; i++)
        add(parts, SCHED_DIFFERENCE_SAME, &news[i]);
    return parts;
}

char *
sched_difference_marked(GPtrArray *parts)
{
    static const char *const marks[][2] = {{"", ""}, {"[-", "-]"}, {"{+", "+}"}};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < parts->len; i++) {
        const SchedDifferencePart *part = parts->pdata[i];
        g_autofree char *words = g_strdup(part->text);

        g_strchomp(words);
        g_string_append_printf(text, "%s%s%s%s", marks[part->change][0], words,
                               marks[part->change][1], part->text + strlen(words));
        if (part->text[strlen(words)] == '\0' && i + 1 < parts->len)
            g_string_append_c(text, ' ');
    }
    return g_string_free(text, FALSE);
}
