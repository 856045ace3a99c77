/* figures.c - see figures.h */
#include "scheduler/report/figures.h"

#include <string.h>

void
sched_figure_free(SchedFigure *figure)
{
    if (figure == NULL)
        return;
    g_free(figure->village);
    g_free(figure->language);
    g_free(figure->category);
    g_free(figure);
}

void
sched_figures_free(SchedFigures *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->rows);
    g_free(self);
}

static gint
compare(const SchedFigure *figure, const char *village, const char *language,
        const char *category)
{
    gint order = strcmp(figure->village, village);

    if (order == 0)
        order = strcmp(figure->language, language);
    return order != 0 ? order : strcmp(figure->category, category);
}

/* A day has few rows; they are kept in order as they come. */
static SchedFigure *
find(GPtrArray *rows, const char *village, const char *language, const char *category)
{
    SchedFigure *figure;
    guint i = 0;

    for (; i < rows->len; i++) {
        gint order = compare(g_ptr_array_index(rows, i), village, language, category);

        if (order == 0)
            return g_ptr_array_index(rows, i);
        if (order > 0)
            break;
    }
    figure = g_new0(SchedFigure, 1);
    figure->village = g_strdup(village);
    figure->language = g_strdup(language);
    figure->category = g_strdup(category);
    g_ptr_array_insert(rows, (gint) i, figure);
    return figure;
}

static void
add(SchedFigures *self, const SchedDelivery *d, GHashTable *categories)
{
    const char *category =
        d->object == NULL ? NULL : g_hash_table_lookup(categories, d->object);
    SchedFigure *figure = find(self->rows, d->village, d->language == NULL ? "" : d->language,
                               category == NULL ? "" : category);
    gint64 *const counts[] = {
        [SCHED_DELIVERY_DELIVERED] = &figure->n_delivered,
        [SCHED_DELIVERY_PARTIAL] = &figure->n_partial,
        [SCHED_DELIVERY_MISSED] = &figure->n_missed,
        [SCHED_DELIVERY_WAITING] = &figure->n_waiting,
        [SCHED_DELIVERY_NO_CONTACT] = &figure->n_no_contact,
        [SCHED_DELIVERY_QUIET] = &figure->n_quiet,
    };

    if (d->state != SCHED_DELIVERY_QUIET)
        figure->planned_us += d->planned_us;
    figure->heard_us += d->heard_us;
    (*counts[d->state])++;
}

static gint64
again_us(const SchedDeliveryInput *input)
{
    gint64 silent_us = input->now_us - input->contact_us;

    if (silent_us <= SCHED_FIGURES_HOUR_US)
        return input->now_us + SCHED_FIGURES_AGAIN_US;
    return silent_us <= 25 * SCHED_FIGURES_HOUR_US ? input->now_us + SCHED_FIGURES_HOUR_US
                                                   : G_MAXINT64;
}

SchedFigures *
sched_figures_new(const SchedDeliveryInput *input, GPtrArray *deliveries,
                  GHashTable *categories)
{
    SchedFigures *self = g_new0(SchedFigures, 1);

    self->rows = g_ptr_array_new_with_free_func((GDestroyNotify) sched_figure_free);
    self->next_us = G_MAXINT64;
    for (guint i = 0; i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        gint64 over_us =
            d->planned_start_us + d->planned_us + sched_delivery_patience_us(input);

        if (input->now_us < over_us) {
            /* Early news of it waits, too: a part may still follow. */
            self->next_us = MIN(self->next_us, over_us);
            continue;
        }
        self->is_open |=
            d->state == SCHED_DELIVERY_WAITING || d->state == SCHED_DELIVERY_NO_CONTACT;
        add(self, d, categories);
    }
    if (self->is_open)
        self->next_us = MIN(self->next_us, again_us(input));
    return self;
}
