/*
 * figures.h - what a day at a station comes to: minutes and verdicts by village, language and
 * category, so that a month's report reads some sums and not its records.
 *
 * Flow: store/figures.h judges a day -> here -> its rows in the store -> month reports. Pure.
 *
 * Only what is over counts. Time alone may change a verdict, so a day says when to look again.
 */
#pragma once

#include "scheduler/report/delivery.h"

/*
 * What is open is looked at again after so long while its station was just heard of, and each
 * hour for a day. A station that was silent for longer says hello when it comes back, and that
 * makes its days due.
 */
#define SCHED_FIGURES_AGAIN_US (G_GINT64_CONSTANT(120) * G_USEC_PER_SEC)
#define SCHED_FIGURES_HOUR_US  (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    char *village;  /* (owned): area id; "": the zone is gone */
    char *language; /* (owned): "" for signals and music */
    char *category; /* (owned): of the announcement; "" where it has none */
    gint64 planned_us, heard_us;
    gint64 n_delivered, n_partial, n_missed, n_waiting, n_no_contact;
    gint64 n_quiet; /* their length is not among what was planned */
} SchedFigure;
void sched_figure_free(SchedFigure *figure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFigure, sched_figure_free)

typedef struct {
    GPtrArray *rows;  /* (owned) (element-type SchedFigure): by village, language, category */
    gint64 next_us;   /* UTC: when time alone may change it; G_MAXINT64: never */
    gboolean is_open; /* a later word of the station may change it */
} SchedFigures;
void sched_figures_free(SchedFigures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFigures, sched_figures_free)

/**
 * sched_figures_new:
 * @deliveries: (element-type SchedDelivery): what sched_delivery_judge() said of @input
 * @categories: (element-type utf8 utf8): object -> category; an object it lacks has none
 */
SchedFigures *sched_figures_new(const SchedDeliveryInput *input, GPtrArray *deliveries,
                                GHashTable *categories);
