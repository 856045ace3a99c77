/*
 * news-offers.h - what a sender is told of what they sent to communes: who placed it when, and
 * what became of it there.
 *
 * Flow: news.c -> here, from offers and the verdicts on the stations' records -> decide.h,
 * which puts all of it into one message and keeps its distance. Reads the given transaction.
 */
#pragma once

#include "scheduler/message/decide.h"
#include "scheduler/store/db.h"

/* What became of what somebody sent to communes is told for so long. */
#define SCHED_NEWS_OFFER_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* A station that is not in contact may still bring its records; after so long it is told that
 * nobody knows, and when the records come, once more. Looked for so long. */
#define SCHED_NEWS_SILENT_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define SCHED_NEWS_AIRED_US  (7 * SCHED_NEWS_SILENT_US)
/* So many are judged in one look; those that were told are not. */
#define SCHED_NEWS_MAX_AIRED 50

/** sched_news_instant: @zone: (nullable): of the district; Returns: (transfer full): "16:40
 * 23/11"
 */
char *sched_news_instant(GTimeZone *zone, gint64 at_us);

/**
 * sched_news_offers:
 * @people: (element-type SchedReachable): who can be told; for nobody else is anything judged
 * @news: (element-type SchedNews): gets it
 */
gboolean sched_news_offers(SchedTxn *txn, GTimeZone *zone, const GPtrArray *people,
                           gint64 now_us, GPtrArray *news, GError **error);
