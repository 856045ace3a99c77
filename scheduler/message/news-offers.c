/* news-offers.c - see news-offers.h */
#include "scheduler/message/news-offers.h"

#include "scheduler/store/messages.h"
#include "scheduler/store/offer-outcomes.h"

#include <string.h>

static const ContentReader readers[] = {CONTENT_READER_VI, CONTENT_READER_EN};

char *
sched_news_instant(GTimeZone *zone, gint64 at_us)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local =
        zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, zone);

    return g_date_time_format(local, "%H:%M %d/%m");
}

/* For whoever sent it, of one commune. */
static SchedNews *
add(GPtrArray *all, gint event, const char *key, const char *author, const char *area_name)
{
    SchedNews *news = sched_news_new(event, key);

    g_ptr_array_add(news->only, g_strdup(author));
    g_free(news->who);
    news->who = g_strdup(area_name);
    g_ptr_array_add(all, news);
    return news;
}

/* ---- who placed it ---- */

static void
add_placed(GPtrArray *all, GTimeZone *zone, const SchedOfferNewsRow *row)
{
    const char *words = row->start_us == 0       ? "offer.unplaced"
                        : row->placed_by == NULL ? "offer.itself"
                                                 : "offer.placed";
    g_autofree char *key =
        g_strdup_printf("offer/%s/%s/%" G_GINT64_FORMAT, row->offer, row->area, row->start_us);
    g_autofree char *at = sched_news_instant(zone, row->start_us);
    SchedNews *news = add(all, SCHED_MESSAGE_OFFER, key, row->author, row->area_name);

    news->since_us = row->at_us;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] =
            sched_message_say(readers[i], words, "title", row->name, "time", at, "author",
                              row->placed_by == NULL ? "" : row->placed_by, NULL);
}

static gboolean
gather_placed(SchedTxn *txn, GTimeZone *zone, gint64 now_us, GPtrArray *all, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_offer_news(txn, now_us - SCHED_NEWS_OFFER_US, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++)
        add_placed(all, zone, g_ptr_array_index(rows, i));
    return rows != NULL;
}

/* ---- what became of it ---- */

/* clang-format off */
static const char *const outcome_words[] = {
    [SCHED_OFFER_LEFT_OUT]   = "aired.left_out",
    [SCHED_OFFER_DELIVERED]  = "aired.delivered",
    [SCHED_OFFER_PARTIAL]    = "aired.partial",
    [SCHED_OFFER_MISSED]     = "aired.missed",
    [SCHED_OFFER_NO_CONTACT] = "aired.no_contact",
    [SCHED_OFFER_QUIET]      = "aired.quiet",
};
/* clang-format on */

/* Whether a way of theirs is left by which they were not told it. */
static gboolean
lacks(SchedTxn *txn, const SchedReachable *person, const char *key)
{
    for (gint way = 0; way < SCHED_MESSAGE_N_WAYS; way++) {
        if (*person->address[way] != '\0' && person->wants[SCHED_MESSAGE_AIRED][way] &&
            !sched_store_message_was_told(txn, person->account, way, key))
            return TRUE;
    }
    return FALSE;
}

static const SchedReachable *
find(const GPtrArray *people, const char *account)
{
    for (guint i = 0; i < people->len; i++) {
        const SchedReachable *person = g_ptr_array_index(people, i);

        if (strcmp(person->account, account) == 0)
            return person;
    }
    return NULL;
}

/* The same of several communes is one line: the hour stands with the commune. */
static void
add_aired(GPtrArray *all, GTimeZone *zone, const SchedOfferAiredRow *row,
          const SchedOfferOutcome *outcome, const char *key)
{
    g_autofree char *at = sched_news_instant(zone, row->start_us);
    g_autofree char *who =
        g_strdup_printf("%s (%s; %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ")", row->area_name,
                        at, outcome->n_heard, outcome->n_zones);
    SchedNews *news = add(all, SCHED_MESSAGE_AIRED, key, row->author, who);

    news->since_us = row->start_us;
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        news->what[readers[i]] = sched_message_say(
            readers[i], outcome_words[outcome->state], "title", row->name, "reason",
            content_wording_reason(readers[i], (ContentReason) outcome->reason), NULL);
}

static gboolean
judge(SchedTxn *txn, GTimeZone *zone, const SchedOfferAiredRow *row,
      const SchedReachable *person, gint64 now_us, GPtrArray *all, gboolean *out_judged,
      GError **error)
{
    g_autofree char *known = g_strdup_printf("aired/%s/%s/%" G_GINT64_FORMAT "/known",
                                             row->offer, row->area, row->start_us);
    g_autofree char *silent = g_strdup_printf("aired/%s/%s/%" G_GINT64_FORMAT "/silent",
                                              row->offer, row->area, row->start_us);
    g_auto(SchedOfferOutcome) outcome = {0};
    gboolean is_unknown;

    *out_judged = lacks(txn, person, known);
    if (!*out_judged)
        return TRUE;
    if (!sched_store_offer_outcome(txn, row->area, row->slot, row->start_us, now_us, &outcome,
                                   error))
        return FALSE;
    /* Which plan a silent station had in force is not known either. */
    is_unknown = outcome.n_unheard_of > 0 || outcome.state == SCHED_OFFER_LEFT_OUT;
    if (outcome.state == SCHED_OFFER_WAITING ||
        (is_unknown && now_us - row->start_us < SCHED_NEWS_SILENT_US))
        return TRUE;
    add_aired(all, zone, row, &outcome, is_unknown ? silent : known);
    return TRUE;
}

/* Where a look begins: those of which nobody knows yet are judged at each, and would for days
 * leave no turn to the others. Another place each time, and the same at the same instant. */
static guint
first_of(guint n, gint64 now_us)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed((guint32) (now_us / G_USEC_PER_SEC));

    return n <= SCHED_NEWS_MAX_AIRED ? 0 : (guint) g_rand_int_range(chance, 0, (gint32) n);
}

static gboolean
gather_aired(SchedTxn *txn, GTimeZone *zone, const GPtrArray *people, gint64 now_us,
             GPtrArray *all, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_offer_aired(txn, now_us - SCHED_NEWS_AIRED_US, now_us, error);
    const guint n = rows == NULL ? 0 : rows->len, first = first_of(n, now_us);
    guint n_judged = 0;

    for (guint i = 0; i < n && n_judged < SCHED_NEWS_MAX_AIRED; i++) {
        const SchedOfferAiredRow *row = g_ptr_array_index(rows, (first + i) % n);
        const SchedReachable *person = find(people, row->author);
        gboolean is_judged = FALSE;

        if (person != NULL && !judge(txn, zone, row, person, now_us, all, &is_judged, error))
            return FALSE;
        n_judged += is_judged;
    }
    return rows != NULL;
}

gboolean
sched_news_offers(SchedTxn *txn, GTimeZone *zone, const GPtrArray *people, gint64 now_us,
                  GPtrArray *news, GError **error)
{
    return gather_placed(txn, zone, now_us, news, error) &&
           gather_aired(txn, zone, people, now_us, news, error);
}
