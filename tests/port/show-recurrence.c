/*
 * show-recurrence.c - the dates of rules given on standard input, for a comparison.
 *
 * A line "RULE FIRST FROM TO" (dates as 2026-03-02) is answered by a line of dates, or by
 * "refused: …" when the rule cannot be saved.
 */
#include "scheduler/plan/recurrence.h"

#include <stdio.h>

static void
answer(char **words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *saved = NULL;
    g_autoptr(GArray) days = NULL;
    SchedDay first, from, to;

    if (g_strv_length(words) != 4 || !sched_day_parse(words[1], &first) ||
        !sched_day_parse(words[2], &from) || !sched_day_parse(words[3], &to)) {
        puts("refused: not a question");
        return;
    }
    saved = sched_recurrence_save(words[0], first, &error);
    if (saved != NULL)
        days = sched_recurrence_days(saved, first, NULL, NULL, from, to, &error);
    if (days == NULL) {
        printf("refused: %s\n", error->message);
        return;
    }
    for (guint i = 0; i < days->len; i++) {
        char text[11];

        sched_day_write(g_array_index(days, SchedDay, i), text);
        printf("%s%s", i == 0 ? "" : " ", text);
    }
    puts("");
}

int
main(void)
{
    char line[1024];

    while (fgets(line, sizeof line, stdin) != NULL) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", -1);

        answer(words);
    }
    return 0;
}
