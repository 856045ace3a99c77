/* quiets.c - see quiets.h */
#include "scheduler/store/quiets.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"

/* clang-format off */
const char *const sched_quiet_reason_words[] = { "funeral", "ceremony", "exam", "other", NULL };

static const char sql_count[] =
    "SELECT count(*) FROM quiets WHERE until_us > $1 AND ended_us = 0";
static const char sql_add[] =
    "INSERT INTO quiets (id, area, station, zone, from_us, until_us, reason, words, author, "
    "made_us, ended_us, ended_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, NULL)";
static const char sql_end[] = "UPDATE quiets SET ended_us = $2, ended_by = $3 WHERE id = $1";

#define SELECT \
    "SELECT q.id AS id, q.area AS area, q.station AS station, q.zone AS zone, " \
    "q.from_us AS from_us, q.until_us AS until_us, q.reason AS reason, q.words AS words, " \
    "q.author AS author, coalesce(a.name, q.author) AS author_name, " \
    "coalesce(z.village, q.area) AS place, q.made_us AS made_us, q.ended_us AS ended_us, " \
    "q.ended_by AS ended_by FROM quiets AS q LEFT JOIN accounts AS a ON a.id = q.author " \
    "LEFT JOIN zones AS z ON z.station = q.station AND z.id = q.zone "
static const char sql_get[] = SELECT "WHERE q.id = $1";
static const char sql_list[] =
    SELECT "WHERE q.until_us > $2 AND (q.ended_us = 0 OR q.ended_us > $2) AND ($1 IS NULL "
    "OR coalesce(z.village, q.area) IN (SELECT below FROM area_paths WHERE above = $1) "
    "OR q.area IN (SELECT above FROM area_paths WHERE below = $1)) "
    "ORDER BY q.from_us DESC, q.id LIMIT $3";

static const char sql_silenced_clear[] =
    "DELETE FROM silenced WHERE station = $1 AND start_us >= $2";
static const char sql_silenced_add[] =
    "INSERT INTO silenced (zone, segment, quiet, date, occurrence, slot, item, title, language, "
    "object, start_us, duration_us, station) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
static const char sql_silenced[] =
    "SELECT s.zone AS zone, s.segment AS segment, s.quiet AS quiet, s.date AS date, "
    "s.occurrence AS occurrence, s.slot AS slot, s.item AS item, s.title AS title, "
    "s.language AS language, s.object AS object, s.start_us AS start_us, "
    "s.duration_us AS duration_us, q.reason AS why, q.words AS words, "
    "coalesce(a.name, q.author) AS who FROM silenced AS s JOIN quiets AS q ON q.id = s.quiet "
    "LEFT JOIN accounts AS a ON a.id = q.author "
    "WHERE s.station = $1 AND s.date = $2 ORDER BY s.start_us, s.zone, s.segment";

#define AT(member) G_STRUCT_OFFSET(SchedQuietRow, member)
static const SchedSqlColumn columns[] = {
    { "id",          SCHED_SQL_TEXT, AT(id)          },
    { "area",        SCHED_SQL_TEXT, AT(area)        },
    { "station",     SCHED_SQL_TEXT, AT(station)     },
    { "zone",        SCHED_SQL_TEXT, AT(zone)        },
    { "from_us",     SCHED_SQL_INT,  AT(from_us)     },
    { "until_us",    SCHED_SQL_INT,  AT(until_us)    },
    { "reason",      SCHED_SQL_WORD, AT(reason), sched_quiet_reason_words },
    { "words",       SCHED_SQL_TEXT, AT(words)       },
    { "author",      SCHED_SQL_TEXT, AT(author)      },
    { "author_name", SCHED_SQL_TEXT, AT(author_name), .unaudited = TRUE },
    { "place",       SCHED_SQL_TEXT, AT(place),       .unaudited = TRUE },
    { "made_us",     SCHED_SQL_INT,  AT(made_us)     },
    { "ended_us",    SCHED_SQL_INT,  AT(ended_us)    },
    { "ended_by",    SCHED_SQL_TEXT, AT(ended_by)    },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedSilence, member)
static const SchedSqlColumn silence_columns[] = {
    { "zone",        SCHED_SQL_TEXT, AT(zone)        },
    { "segment",     SCHED_SQL_TEXT, AT(segment)     },
    { "quiet",       SCHED_SQL_TEXT, AT(quiet)       },
    { "date",        SCHED_SQL_TEXT, AT(date)        },
    { "occurrence",  SCHED_SQL_TEXT, AT(occurrence)  },
    { "slot",        SCHED_SQL_TEXT, AT(slot)        },
    { "item",        SCHED_SQL_TEXT, AT(item)        },
    { "title",       SCHED_SQL_TEXT, AT(title)       },
    { "language",    SCHED_SQL_TEXT, AT(language)    },
    { "object",      SCHED_SQL_TEXT, AT(object)      },
    { "start_us",    SCHED_SQL_INT,  AT(start_us)    },
    { "duration_us", SCHED_SQL_INT,  AT(duration_us) },
    { "why",         SCHED_SQL_TEXT, AT(why)         },
    { "words",       SCHED_SQL_TEXT, AT(words)       },
    { "who",         SCHED_SQL_TEXT, AT(who)         },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedQuietRow), columns,
                                    (GDestroyNotify) sched_quiet_row_free};
static const SchedSqlShape silence_shape = {sizeof(SchedSilence), silence_columns,
                                            (GDestroyNotify) sched_silence_free};
SCHED_SQL_DEFINE_FREE(SchedQuietRow, sched_quiet_row, shape)

gint64
sched_quiet_row_until_us(const SchedQuietRow *row)
{
    return row->ended_us == 0 ? row->until_us : MIN(row->until_us, row->ended_us);
}

static gboolean
refuse(GError **error, SchedStoreError code, const char *words)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, (gint) code, words);
    return FALSE;
}

static gboolean
check_quiet(const SchedQuietRow *row, gint64 now_us, GError **error)
{
    if (row->until_us <= row->from_us)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "until_us: is over, or not after from_us");
    if (row->until_us - row->from_us > SCHED_QUIET_MAX_US)
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "until_us: more than 31 days of silence");
    if (row->from_us - now_us > SCHED_QUIET_MAX_AHEAD_US)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "from_us: more than a year ahead");
    if (row->reason < 0 || row->reason > SCHED_QUIET_OTHER)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "reason: no such word");
    if (row->reason == SCHED_QUIET_OTHER && *row->words == '\0')
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "words: another reason needs to be said");
    return sched_check_id("id", row->id, error) &&
           sched_check_text("words", row->words, SCHED_QUIET_WORDS_MAX_BYTES, error);
}

/* Whoever sounds there now hears of it at once. */
static gboolean
reach(SchedTxn *txn, const SchedQuietRow *row, const char *reason, GError **error)
{
    return *row->area != '\0' ? sched_reach_area(txn, row->area, reason, error)
                              : sched_store_outbox_add(txn, row->station, reason, error);
}

gboolean
sched_store_quiet_add(SchedTxn *txn, const SchedQuietRow *quiet, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn), n_open = 0;
    SchedQuietRow row = *quiet;

    row.from_us = MAX(quiet->from_us, now_us);
    row.author = (char *) sched_txn_actor(txn);
    row.made_us = now_us;
    if (!check_quiet(&row, now_us, error) ||
        !sched_sql_int(txn, sql_count, &n_open, error, "i", now_us) ||
        !sched_check_count("quiet requests", (gsize) n_open + 1, SCHED_QUIET_MAX_OPEN, error))
        return FALSE;
    return sched_sql_run(txn, sql_add, error, "ttttiittti", row.id, row.area, row.station,
                         row.zone, row.from_us, row.until_us,
                         sched_quiet_reason_words[row.reason], row.words, row.author,
                         row.made_us) &&
           sched_sql_audit_row(txn, "quiet.ask", row.id, &shape, &row, error) &&
           reach(txn, &row, "quiet", error);
}

gboolean
sched_store_quiet_end(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedQuietRow) row = sched_store_quiet_get(txn, id, error);

    if (row == NULL)
        return FALSE;
    if (sched_quiet_row_until_us(row) <= sched_txn_at_us(txn) || row->ended_us != 0)
        return refuse(error, SCHED_STORE_ERROR_RULE, "the quiet request is over");
    return sched_sql_run(txn, sql_end, error, "tit", id, sched_txn_at_us(txn),
                         sched_txn_actor(txn)) &&
           sched_store_audit_append(txn, "quiet.end", id, NULL, error) &&
           reach(txn, row, "quiet-end", error);
}

SchedQuietRow *
sched_store_quiet_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "quiet request", error, "t", id);
}

GPtrArray *
sched_store_quiet_list(SchedTxn *txn, const char *area, gint64 since_us, gint64 limit,
                       GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "tii", area, since_us, limit);
}

gboolean
sched_store_silenced_set(SchedTxn *txn, const char *station, GPtrArray *silences,
                         GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);

    if (!sched_sql_run(txn, sql_silenced_clear, error, "ti", station, now_us))
        return FALSE;
    for (guint i = 0; i < silences->len; i++) {
        const SchedSilence *s = g_ptr_array_index(silences, i);

        if (s->start_us + s->duration_us > now_us &&
            !sched_sql_run(txn, sql_silenced_add, error, "ttttttttttiit", s->zone, s->segment,
                           s->quiet, s->date, s->occurrence, s->slot, s->item, s->title,
                           s->language, s->object, s->start_us, s->duration_us, station))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
sched_store_silenced_list(SchedTxn *txn, const char *station, const char *date, GError **error)
{
    return sched_sql_list(txn, sql_silenced, &silence_shape, error, "tt", station, date);
}
