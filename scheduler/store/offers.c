/* offers.c - see offers.h */
#include "scheduler/store/offers.h"

#include "content/base/id.h"
#include "content/kinds.h"
#include "scheduler/plan/calendar.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO offers (id, name, announcement, playlist, home, until_us, lead_h, itself_us, "
    "content, author, made_us, approver, approved_us, ended_us, ended_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, NULL, 0, 0, NULL)";
static const char sql_add_place[] =
    "INSERT INTO offer_places (offer, area, slot, start_us, placed_by, placed_us, tried_us, why) "
    "VALUES ($1, $2, NULL, 0, NULL, 0, 0, '')";
/* Communes with loudspeakers; of an area without communes itself. */
#define HAS_ZONE(area) \
    "EXISTS (SELECT 1 FROM zones AS z JOIN area_paths AS q ON q.below = z.village " \
    "WHERE q.above = " area ")"
#define COMMUNES \
    "SELECT a.id FROM areas AS a JOIN area_paths AS p ON p.below = a.id " \
    "WHERE p.above = $1 AND a.kind = 'commune' AND " HAS_ZONE("a.id")
static const char sql_communes[] =
    COMMUNES " UNION SELECT $1 WHERE " HAS_ZONE("$1") " AND NOT EXISTS (" COMMUNES ")";
#define SELECT \
    "SELECT o.id, o.name, o.announcement, o.playlist, o.home, o.until_us, o.lead_h, o.itself_us, " \
    "o.content, o.author, coalesce(w.name, o.author) AS author_name, o.made_us, o.approver, " \
    "o.approved_us, o.ended_us, coalesce(n.withdrawn, 0) AS withdrawn, " \
    "(SELECT count(*) FROM offer_places AS p WHERE p.offer = o.id) AS places, " \
    "(SELECT count(*) FROM offer_places AS p WHERE p.offer = o.id AND p.slot IS NOT NULL) AS placed " \
    "FROM offers AS o LEFT JOIN accounts AS w ON w.id = o.author " \
    "LEFT JOIN announcements AS n ON n.id = o.announcement "
static const char sql_get[] = SELECT "WHERE o.id = $1";
static const char sql_list[] =
    SELECT "WHERE ($2 IS NULL OR o.announcement = $2) AND ($2 IS NOT NULL OR o.until_us > $3) "
    "AND ($1 IS NULL OR o.home IN (SELECT below FROM area_paths WHERE above = $1) "
    "OR EXISTS (SELECT 1 FROM offer_places AS p JOIN area_paths AS q ON q.below = p.area "
    "WHERE p.offer = o.id AND q.above = $1)) ORDER BY o.until_us DESC, o.id LIMIT $4";
static const char sql_approve[] =
    "UPDATE offers SET approver = $2, approved_us = $3, itself_us = $4 WHERE id = $1";
static const char sql_end[] = "UPDATE offers SET ended_us = $2, ended_by = $3 WHERE id = $1";
static const char sql_stop[] =
    "UPDATE slots SET stopped = 1, changed_us = $2, revision = revision + 1 WHERE stopped = 0 "
    "AND id IN (SELECT slot FROM offer_places WHERE offer = $1 AND slot IS NOT NULL)";
static const char sql_slots[] =
    "SELECT slot FROM offer_places WHERE offer = $1 AND slot IS NOT NULL ORDER BY slot";
static const char sql_areas[] = "SELECT area FROM offer_places WHERE offer = $1 ORDER BY area";
#define PLACES \
    "SELECT p.offer, p.area, a.name AS area_name, p.slot, p.start_us, " \
    "coalesce(w.name, p.placed_by) AS placed_by, p.placed_us, p.why, " \
    "coalesce(s.stopped, 0) AS stopped FROM offer_places AS p JOIN areas AS a ON a.id = p.area " \
    "LEFT JOIN accounts AS w ON w.id = p.placed_by LEFT JOIN slots AS s ON s.id = p.slot "
static const char sql_places[] =
    PLACES "WHERE p.offer = $1 "
    "AND ($2 IS NULL OR p.area IN (SELECT below FROM area_paths WHERE above = $2)) "
    "AND ($3 IS NULL OR (a.name, a.id) > (SELECT name, id FROM areas WHERE id = $3)) "
    "ORDER BY a.name, a.id LIMIT $4";
static const char sql_place[] = PLACES "WHERE p.offer = $1 AND p.area = $2";
static const char sql_news[] =
    "SELECT p.offer, o.name, o.author, p.area, a.name AS area_name, w.name AS placed_by, "
    "p.start_us, CASE WHEN p.slot IS NULL THEN p.tried_us ELSE p.placed_us END AS at_us "
    "FROM offer_places AS p JOIN offers AS o ON o.id = p.offer AND o.ended_us = 0 "
    "JOIN areas AS a ON a.id = p.area LEFT JOIN accounts AS w ON w.id = p.placed_by "
    "WHERE (p.slot IS NOT NULL AND p.placed_us >= $1 AND p.placed_by <> o.author) "
    "OR (p.slot IS NULL AND p.why <> '' AND p.tried_us >= $1) "
    "ORDER BY at_us DESC, p.offer, p.area LIMIT " G_STRINGIFY(SCHED_OFFER_MAX_NEWS);
static const char sql_due[] =
    PLACES "JOIN offers AS o ON o.id = p.offer LEFT JOIN announcements AS n ON n.id = o.announcement "
    "WHERE p.slot IS NULL AND p.why = '' AND o.approver IS NOT NULL AND o.ended_us = 0 "
    "AND o.itself_us <= $1 AND coalesce(n.withdrawn, 0) = 0 "
    "AND (p.tried_us <= $2 OR o.until_us <= $1) ORDER BY p.tried_us, p.offer, p.area LIMIT $3";
static const char sql_set_place[] =
    "UPDATE offer_places SET slot = $3, start_us = $4, placed_by = $5, placed_us = $6, "
    "tried_us = $6, why = '' WHERE offer = $1 AND area = $2";
static const char sql_tried[] =
    "UPDATE offer_places SET tried_us = $3, why = $4 WHERE offer = $1 AND area = $2 "
    "AND slot IS NULL AND why = ''";
static const char sql_stations[] =
    "SELECT DISTINCT z.station FROM zones AS z JOIN area_paths AS p ON p.below = z.village "
    "WHERE p.above = $1 ORDER BY z.station";
static const char sql_of_slot[] = "SELECT EXISTS (SELECT 1 FROM offer_places WHERE slot = $1)";

#define AT(member) G_STRUCT_OFFSET(SchedOfferRow, member)
static const SchedSqlColumn columns[] = {
    { "id",           SCHED_SQL_TEXT, AT(id)           },
    { "name",         SCHED_SQL_TEXT, AT(name)         },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "playlist",     SCHED_SQL_TEXT, AT(playlist)     },
    { "home",         SCHED_SQL_TEXT, AT(home)         },
    { "until_us",     SCHED_SQL_INT,  AT(until_us)     },
    { "lead_h",       SCHED_SQL_INT,  AT(lead_h)       },
    { "itself_us",    SCHED_SQL_INT,  AT(itself_us)    },
    { "content",      SCHED_SQL_TEXT, AT(content)      },
    { "author",       SCHED_SQL_TEXT, AT(author)       },
    { "author_name",  SCHED_SQL_TEXT, AT(author_name)  },
    { "made_us",      SCHED_SQL_INT,  AT(made_us)      },
    { "approver",     SCHED_SQL_TEXT, AT(approver)     },
    { "approved_us",  SCHED_SQL_INT,  AT(approved_us)  },
    { "ended_us",     SCHED_SQL_INT,  AT(ended_us)     },
    { "withdrawn",    SCHED_SQL_BOOL, AT(withdrawn)    },
    { "places",       SCHED_SQL_INT,  AT(places)       },
    { "placed",       SCHED_SQL_INT,  AT(placed)       },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedOfferPlaceRow, member)
static const SchedSqlColumn place_columns[] = {
    { "offer",     SCHED_SQL_TEXT, AT(offer)     },
    { "area",      SCHED_SQL_TEXT, AT(area)      },
    { "area_name", SCHED_SQL_TEXT, AT(area_name) },
    { "slot",      SCHED_SQL_TEXT, AT(slot)      },
    { "start_us",  SCHED_SQL_INT,  AT(start_us)  },
    { "placed_by", SCHED_SQL_TEXT, AT(placed_by) },
    { "placed_us", SCHED_SQL_INT,  AT(placed_us) },
    { "why",       SCHED_SQL_TEXT, AT(why)       },
    { "stopped",   SCHED_SQL_BOOL, AT(stopped)   },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedOfferNewsRow, member)
static const SchedSqlColumn news_columns[] = {
    { "offer",     SCHED_SQL_TEXT, AT(offer)     },
    { "name",      SCHED_SQL_TEXT, AT(name)      },
    { "author",    SCHED_SQL_TEXT, AT(author)    },
    { "area",      SCHED_SQL_TEXT, AT(area)      },
    { "area_name", SCHED_SQL_TEXT, AT(area_name) },
    { "placed_by", SCHED_SQL_TEXT, AT(placed_by) },
    { "start_us",  SCHED_SQL_INT,  AT(start_us)  },
    { "at_us",     SCHED_SQL_INT,  AT(at_us)     },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape news_shape = {sizeof(SchedOfferNewsRow), news_columns,
                                         (GDestroyNotify) sched_offer_news_row_free};
SCHED_SQL_DEFINE_FREE(SchedOfferNewsRow, sched_offer_news_row, news_shape)
static const SchedSqlShape shape = {sizeof(SchedOfferRow), columns,
                                    (GDestroyNotify) sched_offer_row_free};
static const SchedSqlShape place_shape = {sizeof(SchedOfferPlaceRow), place_columns,
                                          (GDestroyNotify) sched_offer_place_row_free};
SCHED_SQL_DEFINE_FREE(SchedOfferRow, sched_offer_row, shape)
SCHED_SQL_DEFINE_FREE(SchedOfferPlaceRow, sched_offer_place_row, place_shape)

static gboolean
refuse(GError **error, SchedStoreError code, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, code, words);
    return FALSE;
}

/* Sending
 * --------------------------------------------------------------------------------------- */

static gboolean
covers(SchedTxn *txn, const SchedAnnouncementRow *row, const char *area)
{
    for (guint i = 0; i < row->areas->len; i++) {
        if (sched_store_area_contains(txn, row->areas->pdata[i], area))
            return TRUE;
    }
    return FALSE;
}

/* An announcement with priority is placed by who sends it; one that is not for a commune, or
 * not until the deadline, would be silence there. */
static gboolean
check_announcement(SchedTxn *txn, const SchedOfferRow *offer, GPtrArray *places, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = NULL;

    if (offer->announcement == NULL)
        return TRUE;
    row = sched_store_announcement_get(txn, offer->announcement, error);
    if (row == NULL)
        return FALSE;
    if (row->withdrawn || row->valid_until_us < offer->until_us)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "until_us: the announcement is not valid until then, or withdrawn");
    if (row->class_ != CONTENT_CLASS_THONG_THUONG)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "announcement: one of class uu_tien is placed by who sends it");
    for (guint i = 0; i < places->len; i++) {
        if (!covers(txn, row, places->pdata[i])) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "areas: the announcement is not for %s", (char *) places->pdata[i]);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_times(const SchedOfferRow *offer, gint64 now_us, GError **error)
{
    if (offer->until_us < now_us + SCHED_OFFER_MIN_US ||
        offer->until_us > now_us + SCHED_OFFER_MAX_US)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "until_us: a deadline lies at least an hour ahead, and at most 60 days");
    return TRUE;
}

/* Returns: (transfer full) (element-type utf8): each once, by id */
static GPtrArray *
find_places(SchedTxn *txn, GPtrArray *areas, GError **error)
{
    g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < areas->len; i++) {
        g_autoptr(GPtrArray) here =
            sched_sql_texts(txn, sql_communes, error, "t", areas->pdata[i]);

        if (here == NULL)
            return NULL;
        for (guint j = 0; j < here->len; j++) {
            if (!g_ptr_array_find_with_equal_func(places, here->pdata[j], g_str_equal, NULL))
                g_ptr_array_add(places, g_strdup(here->pdata[j]));
        }
        if (!sched_check_count("areas", places->len, SCHED_OFFER_MAX_PLACES, error))
            return NULL;
    }
    if (places->len == 0) {
        refuse(error, SCHED_STORE_ERROR_INVALID, "areas: there are no loudspeakers there");
        return NULL;
    }
    return g_steal_pointer(&places);
}

gboolean
sched_store_offer_add(SchedTxn *txn, const SchedOfferRow *offer, GPtrArray *areas,
                      GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    g_autoptr(GPtrArray) places = NULL;
    g_autofree char *content = NULL;

    if (!sched_check_id("id", offer->id, error) ||
        !sched_check_text("name", offer->name, 200, error) ||
        !check_times(offer, now_us, error) ||
        (places = find_places(txn, areas, error)) == NULL ||
        !check_announcement(txn, offer, places, error) ||
        (content = sched_offer_content(txn, offer, places, error)) == NULL ||
        !sched_sql_run(txn, sql_add, error, "tttttiitti", offer->id, offer->name,
                       offer->announcement, offer->playlist, offer->home, offer->until_us,
                       offer->lead_h, content, sched_txn_actor(txn), now_us))
        return FALSE;
    for (guint i = 0; i < places->len; i++) {
        if (!sched_sql_run(txn, sql_add_place, error, "tt", offer->id, places->pdata[i]))
            return FALSE;
    }
    return sched_sql_audit_words(txn, "offer.add", offer->id, error, "content", content,
                                 "playlist", offer->playlist, NULL);
}

/* Reading
 * --------------------------------------------------------------------------------------- */

SchedOfferRow *
sched_store_offer_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "offer", error, "t", id);
}

GPtrArray *
sched_store_offer_list(SchedTxn *txn, const char *area, const char *announcement, gint64 now_us,
                       GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "ttii", area, announcement,
                          now_us - SCHED_OFFER_PAST_US, (gint64) SCHED_OFFER_MAX_LIST);
}

GPtrArray *
sched_store_offer_areas(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_texts(txn, sql_areas, error, "t", id);
}

GPtrArray *
sched_store_offer_place_list(SchedTxn *txn, const char *offer, const char *area,
                             const char *after, GError **error)
{
    return sched_sql_list(txn, sql_places, &place_shape, error, "ttti", offer, area, after,
                          (gint64) SCHED_OFFER_MAX_PLACE_LIST);
}

SchedOfferPlaceRow *
sched_store_offer_place_get(SchedTxn *txn, const char *offer, const char *area, GError **error)
{
    return sched_sql_one(txn, sql_place, &place_shape, "place of the offer", error, "tt", offer,
                         area);
}

GPtrArray *
sched_store_offer_news(SchedTxn *txn, gint64 since_us, GError **error)
{
    return sched_sql_list(txn, sql_news, &news_shape, error, "i", since_us);
}

GPtrArray *
sched_store_offer_stations(SchedTxn *txn, const char *area, GError **error)
{
    return sched_sql_texts(txn, sql_stations, error, "t", area);
}

GPtrArray *
sched_store_offer_due(SchedTxn *txn, gint64 now_us, GError **error)
{
    return sched_sql_list(txn, sql_due, &place_shape, error, "iii", now_us,
                          now_us - SCHED_OFFER_RETRY_US, (gint64) SCHED_OFFER_MAX_DUE);
}

gboolean
sched_store_offer_of_slot(SchedTxn *txn, const char *slot)
{
    return sched_sql_is(txn, sql_of_slot, "t", slot);
}

/* Judging
 * --------------------------------------------------------------------------------------- */

/* As it was when it was sent, or approved: its playlist may have been changed since. */
static gboolean
check_content(SchedTxn *txn, const SchedOfferRow *offer, GError **error)
{
    g_autoptr(GPtrArray) areas = sched_store_offer_areas(txn, offer->id, error);
    g_autofree char *present =
        areas == NULL ? NULL : sched_offer_content(txn, offer, areas, error);

    if (present == NULL)
        return FALSE;
    return strcmp(present, offer->content) == 0 ||
           refuse(error, SCHED_STORE_ERROR_CONFLICT,
                  "its playlist was changed since it was sent: send it anew");
}

gboolean
sched_store_offer_approve(SchedTxn *txn, const char *id, const char *content, GError **error)
{
    g_autoptr(SchedOfferRow) offer = sched_store_offer_get(txn, id, error);
    gint64 now_us = sched_txn_at_us(txn), itself_us;

    if (offer == NULL)
        return FALSE;
    if (g_strcmp0(content, offer->content) != 0)
        return refuse(error, SCHED_STORE_ERROR_CONFLICT, "it is another than was read");
    if (offer->approver != NULL || offer->ended_us != 0 || offer->withdrawn)
        return refuse(error, SCHED_STORE_ERROR_RULE,
                      "it was approved before, taken back, or withdrawn");
    if (!check_times(offer, now_us, error) || !check_content(txn, offer, error))
        return FALSE;
    /* Half of the time at least is the communes' own, however late it is approved. */
    itself_us =
        MAX(offer->until_us - offer->lead_h * HOUR_US, now_us + (offer->until_us - now_us) / 2);
    return sched_sql_run(txn, sql_approve, error, "ttii", id, sched_txn_actor(txn), now_us,
                         itself_us) &&
           sched_sql_audit_words(txn, "offer.approve", id, error, "content", content, NULL);
}

static gboolean
reach_slots(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) slots = sched_sql_texts(txn, sql_slots, error, "t", id);

    for (guint i = 0; slots != NULL && i < slots->len; i++) {
        if (!sched_reach_slot(txn, slots->pdata[i], "stop", error))
            return FALSE;
    }
    return slots != NULL;
}

gboolean
sched_store_offer_end(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedOfferRow) offer = sched_store_offer_get(txn, id, error);
    gint64 now_us = sched_txn_at_us(txn);

    if (offer == NULL)
        return FALSE;
    if (offer->ended_us != 0)
        return refuse(error, SCHED_STORE_ERROR_RULE, "it was taken back before");
    return sched_sql_run(txn, sql_stop, error, "ti", id, now_us) &&
           sched_sql_run(txn, sql_end, error, "tit", id, now_us, sched_txn_actor(txn)) &&
           sched_store_audit_append(txn, "offer.end", id, NULL, error) &&
           reach_slots(txn, id, error);
}

/* Placing
 * --------------------------------------------------------------------------------------- */

static gboolean
check_place(SchedTxn *txn, const SchedOfferRow *offer, const SchedOfferPlaceRow *place,
            gint64 start_us, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);

    if (offer->approver == NULL)
        return refuse(error, SCHED_STORE_ERROR_RULE, "it waits to be approved");
    if (offer->ended_us != 0 || offer->withdrawn)
        return refuse(error, SCHED_STORE_ERROR_RULE, "it was taken back");
    if (offer->until_us <= now_us)
        return refuse(error, SCHED_STORE_ERROR_RULE, "its deadline has passed");
    if (place->slot != NULL && (place->stopped || place->start_us <= now_us))
        return refuse(error, SCHED_STORE_ERROR_RULE, "it has sounded there, or was stopped");
    if (start_us <= now_us || start_us >= offer->until_us)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "start_us: a time to come, before the deadline");
    return check_content(txn, offer, error);
}

gboolean
sched_store_offer_check(SchedTxn *txn, const char *offer, const char *area, gint64 start_us,
                        GError **error)
{
    g_autoptr(SchedOfferRow) row = sched_store_offer_get(txn, offer, error);
    g_autoptr(SchedOfferPlaceRow) place =
        row == NULL ? NULL : sched_store_offer_place_get(txn, offer, area, error);

    return place != NULL && check_place(txn, row, place, start_us, error);
}

/* The slot that it has, or a new one. */
static SchedSlotRow *
slot_of(SchedTxn *txn, const SchedOfferRow *offer, const SchedOfferPlaceRow *place,
        GError **error)
{
    g_autoptr(SchedSlotRow) slot = NULL;
    SchedTargetRow *target;

    if (place->slot != NULL)
        return sched_store_slot_get(txn, place->slot, error);
    slot = g_new0(SchedSlotRow, 1);
    slot->tzid = sched_store_setting_text(txn, "tzid", error);
    if (slot->tzid == NULL)
        return NULL;
    slot->id = content_id_new(sched_txn_at_us(txn));
    slot->name = g_strdup(offer->name);
    slot->home = g_strdup(place->area);
    slot->playlist = g_strdup(offer->playlist);
    slot->class_ = CONTENT_CLASS_THONG_THUONG;
    slot->rule = g_strdup("");
    slot->targets = g_ptr_array_new_with_free_func((GDestroyNotify) sched_target_row_free);
    slot->dates_in = g_ptr_array_new_with_free_func(g_free);
    slot->dates_out = g_ptr_array_new_with_free_func(g_free);
    target = g_new0(SchedTargetRow, 1);
    target->area = g_strdup(place->area);
    target->station = g_strdup("");
    target->zone = g_strdup("");
    g_ptr_array_add(slot->targets, target);
    return g_steal_pointer(&slot);
}

static gboolean
set_time(SchedSlotRow *slot, gint64 start_us, GError **error)
{
    g_autoptr(SchedCalendar) calendar = sched_calendar_new(slot->tzid);
    char date[11];
    gint64 second;

    if (!sched_check_tzid("tzid", slot->tzid, error))
        return FALSE;
    sched_day_write(sched_calendar_local(calendar, start_us, &second), date);
    g_free(slot->first_date);
    slot->first_date = g_strdup(date);
    slot->local_min = second / 60;
    slot->local_s = second % 60;
    return TRUE;
}

gboolean
sched_store_offer_place(SchedTxn *txn, const char *id, const char *area, gint64 start_us,
                        GError **error)
{
    g_autoptr(SchedOfferRow) offer = sched_store_offer_get(txn, id, error);
    g_autoptr(SchedOfferPlaceRow) place =
        offer == NULL ? NULL : sched_store_offer_place_get(txn, id, area, error);
    g_autoptr(SchedSlotRow) slot = NULL;
    g_autofree char *name = g_strdup_printf("%s %s", id, area);
    SchedKeptApproval approval = {NULL, (char *) "", NULL, 0};

    if (place == NULL || !check_place(txn, offer, place, start_us, error) ||
        (slot = slot_of(txn, offer, place, error)) == NULL ||
        !set_time(slot, start_us, error) ||
        !sched_store_slot_put_for(txn, slot, offer->author, slot->revision, error))
        return FALSE;
    approval.slot = slot->id;
    approval.approver = offer->approver;
    approval.approved_us = offer->approved_us;
    return sched_slot_give_back(txn, &approval, error) &&
           sched_sql_run(txn, sql_set_place, error, "tttiti", id, area, slot->id, start_us,
                         sched_txn_actor(txn), sched_txn_at_us(txn)) &&
           sched_sql_audit_words(txn, "offer.place", name, error, "approver", offer->approver,
                                 "slot", slot->id, NULL) &&
           sched_reach_slot(txn, slot->id, "approval", error);
}

gboolean
sched_store_offer_tried(SchedTxn *txn, const char *offer, const char *area, const char *why,
                        GError **error)
{
    g_autofree char *name = g_strdup_printf("%s %s", offer, area);

    return sched_sql_run(txn, sql_tried, error, "ttit", offer, area, sched_txn_at_us(txn),
                         why == NULL ? "" : why) &&
           (why == NULL ||
            sched_sql_audit_words(txn, "offer.unplaced", name, error, "why", why, NULL));
}
