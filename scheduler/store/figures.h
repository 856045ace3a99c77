/*
 * figures.h - what each day at each station came to, kept beside the records it comes from.
 *
 * Flow: triggers make a day due (a record, a span without power, a plan taken) -> tally.h asks
 * what is due -> judged here in a reading transaction, which hinders nobody -> kept in a short
 * writing one, if nothing came between -> month reports.
 */
#pragma once

#include "scheduler/report/figures.h"
#include "scheduler/store/db.h"

/* A report is of so many days at most. */
#define SCHED_FIGURES_MAX_DAYS 366
/* One with each day apart, of so many. */
#define SCHED_FIGURES_MAX_APART 31

/* A day to be judged, and then what it came to. */
typedef struct {
    char *station, *date;  /* (owned) */
    gint64 stamp;          /* as it was read */
    gint64 from_us, to_us; /* where its segments may start */
    SchedFigures *figures; /* (owned) (nullable): NULL: it cannot be judged: see trouble */
    char *trouble;         /* (owned) (nullable) */
} SchedFigureDay;
void sched_figure_day_free(SchedFigureDay *day);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFigureDay, sched_figure_day_free)

/**
 * sched_store_figures_open: a day begins for every station, wherever on earth its midnight is
 *
 * Days that were missed while the district was off are made up for, as long as players keep
 * records. Costs the network once an hour; what is there already stays as it is.
 */
gboolean sched_store_figures_open(SchedTxn *txn, gint64 now_us, GError **error);

/** sched_store_figures_due: Returns: (transfer full) (element-type SchedFigureDay): the
 * longest due first, at most @limit */
GPtrArray *sched_store_figures_due(SchedTxn *txn, gint64 now_us, gint64 limit, GError **error);

/** sched_store_figures_missed: @since: date; Returns: (transfer full) (element-type
 * SchedFigureDay): days with something missed, wholly or in part, the latest first */
GPtrArray *sched_store_figures_missed(SchedTxn *txn, const char *since, gint64 limit,
                                      GError **error);

/**
 * sched_store_figures_judge: fills in what @day came to
 *
 * A plan that cannot be read any more is a trouble of that day; the others go on.
 */
gboolean sched_store_figures_judge(SchedTxn *txn, SchedFigureDay *day, gint64 now_us,
                                   GError **error);

/** sched_store_figures_keep: @day: judged; nothing happens if it is due anew since */
gboolean sched_store_figures_keep(SchedTxn *txn, const SchedFigureDay *day, gint64 now_us,
                                  GError **error);

/* By what the rows of a report are told apart. */
typedef enum {
    SCHED_FIGURES_BY_VILLAGE,
    SCHED_FIGURES_BY_COMMUNE,
    SCHED_FIGURES_BY_LANGUAGE,
    SCHED_FIGURES_BY_CATEGORY,
} SchedFiguresBy;
extern const char *const sched_figures_by_words[];

typedef struct {
    char *key;  /* (owned): area, language or category; "" where there is none */
    char *name; /* (owned): of the area; "" if it is none */
    char *date; /* (owned) (nullable): the one day; NULL: all of them */
    gint64 planned_us, heard_us;
    gint64 n_delivered, n_partial, n_missed, n_waiting, n_no_contact, n_quiet;
} SchedFigureSum;
void sched_figure_sum_free(SchedFigureSum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFigureSum, sched_figure_sum_free)

/**
 * sched_store_figures_report:
 * @from, @to: first and last date; a whole month is read from its sums
 * @area: (nullable): only villages there
 * @out_n_due: days of the span that wait to be judged anew: the report lacks their news
 *
 * Returns: (transfer full) (element-type SchedFigureSum): by name and key
 */
GPtrArray *sched_store_figures_report(SchedTxn *txn, const char *from, const char *to,
                                      const char *area, SchedFiguresBy by, gint64 now_us,
                                      gint64 *out_n_due, GError **error);

/**
 * sched_store_figures_days:
 * @from, @to: first and last date, SCHED_FIGURES_MAX_APART at most
 *
 * Returns: (transfer full) (element-type SchedFigureSum): the report's rows, each day apart and
 *   without names, by date and key
 */
GPtrArray *sched_store_figures_days(SchedTxn *txn, const char *from, const char *to,
                                    const char *area, SchedFiguresBy by, GError **error);
