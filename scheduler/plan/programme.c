/* programme.c - see programme.h */
#include "scheduler/plan/programme.h"

#include "scheduler/plan/recurrence.h"

#include <string.h>

const char *const sched_programme_change_words[] = {"added", "moved", "changed", "removed",
                                                    NULL};

/* Lines of a slot's text that say when and where, and not what. */
static const char *const places_and_times[] = {"first", "minute", "second", "rule", "until",
                                               "in",    "out",    "target", NULL};

/* The value of a line "name value"; NULL: it is another's. */
static const char *
value_of(const char *line, const char *name)
{
    const gsize length = strlen(name);

    return strncmp(line, name, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static gboolean
is_place_or_time(const char *line)
{
    for (gsize i = 0; places_and_times[i] != NULL; i++) {
        if (value_of(line, places_and_times[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The text without when and where. */
static char *
sound_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *sound = g_string_new(NULL);

    for (gsize i = 0; lines[i] != NULL; i++) {
        if (!is_place_or_time(lines[i]))
            g_string_append_printf(sound, "%s\n", lines[i]);
    }
    return g_string_free(sound, FALSE);
}

SchedProgrammeChange
sched_programme_change(const char *before, const char *after)
{
    g_autofree char *was = NULL, *is = NULL;

    if (before == NULL)
        return SCHED_PROGRAMME_ADDED;
    if (after == NULL)
        return SCHED_PROGRAMME_REMOVED;
    was = sound_of(before);
    is = sound_of(after);
    return strcmp(was, is) == 0 ? SCHED_PROGRAMME_MOVED : SCHED_PROGRAMME_CHANGED;
}

/* When a slot is, as its text says it. */
typedef struct {
    const char *rule;
    SchedDay first, until;
    GArray *added, *removed; /* (owned) (element-type SchedDay) */
} Dates;

static void
dates_clear(Dates *dates)
{
    g_array_unref(dates->added);
    g_array_unref(dates->removed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dates, dates_clear)

static gboolean
add_day(GArray *days, const char *text)
{
    SchedDay day;

    if (!sched_day_parse(text, &day))
        return FALSE;
    g_array_append_val(days, day);
    return TRUE;
}

static gboolean
read_line(Dates *dates, const char *line)
{
    const char *value;

    if ((value = value_of(line, "first")) != NULL)
        return sched_day_parse(value, &dates->first);
    if ((value = value_of(line, "until")) != NULL)
        return *value == '\0' || sched_day_parse(value, &dates->until);
    if ((value = value_of(line, "in")) != NULL)
        return add_day(dates->added, value);
    if ((value = value_of(line, "out")) != NULL)
        return add_day(dates->removed, value);
    if ((value = value_of(line, "rule")) != NULL)
        dates->rule = value;
    return TRUE;
}

gboolean
sched_programme_falls(const char *text, SchedDay from)
{
    g_auto(GStrv) lines = g_strsplit(text == NULL ? "" : text, "\n", -1);
    g_auto(Dates) dates = {.rule = "",
                           .until = SCHED_DAY_MAX,
                           .added = g_array_new(FALSE, FALSE, sizeof(SchedDay)),
                           .removed = g_array_new(FALSE, FALSE, sizeof(SchedDay))};
    g_autoptr(GArray) days = NULL;
    SchedDay last = from + SCHED_PROGRAMME_DAYS - 1;

    if (text == NULL)
        return FALSE;
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (!read_line(&dates, lines[i]))
            return TRUE;
    }
    last = MIN(last, dates.until);
    if (last < from)
        return FALSE;
    days = sched_recurrence_days(dates.rule, dates.first, dates.added, dates.removed, from,
                                 last, NULL);
    return days == NULL || days->len > 0;
}
