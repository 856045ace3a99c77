/*
 * news.h - what people may have to be told of now, out of the store.
 *
 * Flow: look.c, in one reading transaction -> here (rows) -> decide.h (who is told). Reads the
 * given transaction.
 */
#pragma once

#include "scheduler/message/decide.h"
#include "scheduler/store/db.h"

/* A station is out of contact once so many of its heartbeats were not heard, as on the pages.
 */
#define SCHED_NEWS_MISSED_BEATS 3
/* Warned of so long before it would sound, and once more. */
#define SCHED_NEWS_FIRST_WARNING_US  (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
#define SCHED_NEWS_SECOND_WARNING_US (G_GINT64_CONSTANT(2) * 3600 * G_USEC_PER_SEC)
/* An alert that is older, or of which we heard longer ago, is no news: it is on the pages. */
#define SCHED_NEWS_ALERT_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
/* Verdicts are read, day and station at a time, of so many stations in one look. */
#define SCHED_NEWS_MAX_JUDGED 50

/**
 * sched_news_gather:
 * @unapproved: (element-type SchedUnapprovedRow): as found just now
 * @people: (element-type SchedReachable): whose own waiting work is looked for
 * @listening_us: since when stations could have been heard: before it none was lost
 *
 * Returns: (transfer full) (element-type SchedNews)
 */
GPtrArray *sched_news_gather(SchedTxn *txn, const GPtrArray *unapproved,
                             const GPtrArray *people, gint64 now_us, gint64 listening_us,
                             GError **error);
