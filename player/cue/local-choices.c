/* local-choices.c - what a page shows to a caller: accounts, templates, villages, values. See
 * local-judge.h. Pure. */
#include "player/cue/local-judge.h"

#include <string.h>

static void
account_free(gpointer data)
{
    PlayLocalAccount *account = data;

    g_free(account->id);
    g_free(account->name);
    g_free(account->pin_hash);
    g_free(account);
}

static void
template_free(gpointer data)
{
    PlayLocalTemplate *template = data;

    g_free(template->id);
    g_free(template->title);
    g_free(template);
}

static void
village_free(gpointer data)
{
    PlayLocalVillage *village = data;

    g_free(village->id);
    g_free(village->name);
    g_free(village);
}

static void
value_free(gpointer data)
{
    PlayLocalValue *value = data;

    g_free(value->id);
    g_free(value->title);
    g_free(value->village);
    g_free(value);
}

void
play_local_choices_free(PlayLocalChoices *choices)
{
    if (choices == NULL)
        return;
    g_ptr_array_unref(choices->templates);
    g_ptr_array_unref(choices->villages);
    g_ptr_array_unref(choices->values);
    g_free(choices);
}

static PlayLocalTemplate *
find_template(const PlayLocalChoices *choices, const char *id)
{
    for (guint i = 0; i < choices->templates->len; i++) {
        PlayLocalTemplate *one = choices->templates->pdata[i];

        if (strcmp(one->id, id) == 0)
            return one;
    }
    return NULL;
}

static void
add_template(PlayLocalChoices *choices, const ContentTemplate *template, gboolean may_drill)
{
    PlayLocalTemplate *row = find_template(choices, template->id);

    if (row == NULL) {
        row = g_new0(PlayLocalTemplate, 1);
        *row = (PlayLocalTemplate){.id = g_strdup(template->id),
                                   .title = g_strdup(template->title),
                                   .event = template->event,
                                   .severity = template->severity};
        g_ptr_array_add(choices->templates, row);
    }
    row->may_drill |= may_drill;
    for (guint i = 0; i < template->lines->len; i++) {
        const ContentTemplateLine *line = template->lines->pdata[i];

        for (guint j = 0; j < line->parts->len; j++)
            row->blanks[((const ContentTemplatePart *) line->parts->pdata[j])->blank] = TRUE;
    }
    row->blanks[CONTENT_BLANK_NONE] = FALSE;
}

static void
add_templates(PlayLocalChoices *choices, const PlayLocalFacts *facts, const ContentGrant *grant,
              const char *input_template)
{
    for (guint i = 0; i < grant->templates->len; i++) {
        const char *id = grant->templates->pdata[i];
        const ContentTemplate *template = content_templates_find(facts->templates, id);

        if (template == NULL || (input_template != NULL && strcmp(id, input_template) != 0) ||
            (template->event == CONTENT_EVENT_DRILL && !grant->drills))
            continue;
        add_template(choices, template, grant->drills);
    }
}

/* What people call a village: as the value that names it, or else as its zone. */
static char *
name_of(const PlayLocalFacts *facts, const char *village)
{
    for (guint i = 0; i < facts->templates->values->len; i++) {
        const ContentTemplateValue *value = facts->templates->values->pdata[i];

        if (g_strcmp0(value->area, village) == 0)
            return g_strdup(value->title);
    }
    for (guint i = 0; i < facts->settings->zones->len; i++) {
        const ContentSettingsZone *zone = facts->settings->zones->pdata[i];

        if (strcmp(zone->village, village) == 0)
            return g_strdup(zone->name);
    }
    return g_strdup(village);
}

static void
add_villages(PlayLocalChoices *choices, const PlayLocalFacts *facts, const GPtrArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        PlayLocalVillage *village = g_new0(PlayLocalVillage, 1);

        *village =
            (PlayLocalVillage){g_strdup(areas->pdata[i]), name_of(facts, areas->pdata[i])};
        g_ptr_array_add(choices->villages, village);
    }
}

static gboolean
is_asked_for(const PlayLocalChoices *choices, gint blank)
{
    for (guint i = 0; i < choices->templates->len; i++) {
        if (((const PlayLocalTemplate *) choices->templates->pdata[i])->blanks[blank])
            return TRUE;
    }
    return FALSE;
}

static void
add_values(PlayLocalChoices *choices, const ContentTemplates *templates)
{
    for (guint i = 0; i < templates->values->len; i++) {
        const ContentTemplateValue *from = templates->values->pdata[i];
        PlayLocalValue *value;

        if (!is_asked_for(choices, from->blank))
            continue;
        value = g_new0(PlayLocalValue, 1);
        *value = (PlayLocalValue){g_strdup(from->id), g_strdup(from->title), from->blank,
                                  g_strdup(from->area)};
        g_ptr_array_add(choices->values, value);
    }
}

PlayLocalChoices *
play_local_list_choices(const PlayLocalFacts *facts, gboolean by_input, const char *by)
{
    PlayLocalChoices *choices = g_new0(PlayLocalChoices, 1);
    g_autoptr(GPtrArray) grants = play_local_grants_of(facts, by_input, by);
    g_autoptr(GPtrArray) areas = NULL;

    choices->templates = g_ptr_array_new_with_free_func(template_free);
    choices->villages = g_ptr_array_new_with_free_func(village_free);
    choices->values = g_ptr_array_new_with_free_func(value_free);
    if (facts->templates == NULL ||
        play_local_judge_stop(facts, by_input, by, &areas, NULL) == NULL)
        return choices;
    for (guint i = 0; i < grants->len; i++) {
        const ContentGrant *grant = grants->pdata[i];

        add_templates(choices, facts, grant,
                      by_input ? content_grant_find_input(grant, by)->template_ : NULL);
    }
    add_villages(choices, facts, areas);
    if (!by_input)
        add_values(choices, facts->templates);
    return choices;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return g_utf8_collate((*(PlayLocalAccount *const *) a)->name,
                          (*(PlayLocalAccount *const *) b)->name);
}

GPtrArray *
play_local_list_accounts(const PlayLocalFacts *facts)
{
    GPtrArray *accounts = g_ptr_array_new_with_free_func(account_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < facts->grants->len; i++) {
        const ContentGrant *grant = facts->grants->pdata[i];

        for (guint j = 0; j < grant->accounts->len; j++) {
            const ContentGrantAccount *from = grant->accounts->pdata[j];
            PlayLocalAccount *account;

            if (facts->now_us >= grant->expires_us || !g_hash_table_add(seen, from->id))
                continue;
            account = g_new0(PlayLocalAccount, 1);
            *account = (PlayLocalAccount){g_strdup(from->id), g_strdup(from->name),
                                          g_strdup(from->pin_hash)};
            g_ptr_array_add(accounts, account);
        }
    }
    g_ptr_array_sort(accounts, compare_names);
    return accounts;
}
