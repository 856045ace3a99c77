/* notices.c - see notices.h */
#include "scheduler/store/notices.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/version-expect.h"

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO notices (announcement, version, playlist, corrects, slot, start_us) "
    "VALUES ($1, $2, $3, $4, NULL, 0)";
static const char sql_place[] =
    "UPDATE notices SET slot = $2, start_us = $3 WHERE announcement = $1";

#define SELECT \
    "SELECT n.announcement AS id, n.version AS version, n.playlist AS playlist, " \
    "n.corrects AS corrects, n.slot AS slot, n.start_us AS start_us, a.title AS title, " \
    "a.home AS home, v.language AS language, v.object AS object, v.author AS author, " \
    "coalesce(w.name, v.author) AS author_name, v.state AS state, a.created_us AS made_us, " \
    "o.duration_us AS duration_us, a.withdrawn AS withdrawn, " \
    SCHED_VERSION_BEHALF_OF " AS voice FROM notices AS n " \
    "JOIN announcements AS a ON a.id = n.announcement JOIN versions AS v ON v.id = n.version " \
    "JOIN objects AS o ON o.hash = v.object LEFT JOIN accounts AS w ON w.id = v.author "
static const char sql_get[] = SELECT "WHERE n.announcement = $1";
static const char sql_list[] =
    SELECT "WHERE $1 IS NULL OR a.home IN (SELECT below FROM area_paths WHERE above = $1) "
    "ORDER BY a.created_us DESC, n.announcement DESC LIMIT $2";
static const char sql_heard[] =
    "SELECT z.village AS village, a.name AS village_name, coalesce(r.language, '') AS language, "
    "count(DISTINCT r.segment) AS times, max(r.actual_end_us) AS last_us "
    "FROM records AS r JOIN zones AS z ON z.station = r.station AND z.id = r.zone "
    "JOIN areas AS a ON a.id = z.village "
    "WHERE r.object IN (SELECT p.object FROM approvals AS p WHERE p.announcement = $1) "
    "AND r.kind IN ('played', 'part') AND r.actual_end_us > r.actual_start_us "
    "GROUP BY z.village, r.language ORDER BY a.name, z.village, r.language";

#define AT(member) G_STRUCT_OFFSET(SchedNoticeRow, member)
static const SchedSqlColumn columns[] = {
    { "id",          SCHED_SQL_TEXT, AT(id)          },
    { "version",     SCHED_SQL_TEXT, AT(version)     },
    { "playlist",    SCHED_SQL_TEXT, AT(playlist)    },
    { "corrects",    SCHED_SQL_TEXT, AT(corrects)    },
    { "slot",        SCHED_SQL_TEXT, AT(slot)        },
    { "start_us",    SCHED_SQL_INT,  AT(start_us)    },
    { "title",       SCHED_SQL_TEXT, AT(title)       },
    { "home",        SCHED_SQL_TEXT, AT(home)        },
    { "language",    SCHED_SQL_TEXT, AT(language)    },
    { "object",      SCHED_SQL_TEXT, AT(object)      },
    { "author",      SCHED_SQL_TEXT, AT(author)      },
    { "author_name", SCHED_SQL_TEXT, AT(author_name) },
    { "state",       SCHED_SQL_WORD, AT(state), sched_version_state_words },
    { "made_us",     SCHED_SQL_INT,  AT(made_us)     },
    { "duration_us", SCHED_SQL_INT,  AT(duration_us) },
    { "withdrawn",   SCHED_SQL_BOOL, AT(withdrawn)   },
    { "voice",       SCHED_SQL_TEXT, AT(voice)       },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedHeardRow, member)
static const SchedSqlColumn heard_columns[] = {
    { "village",      SCHED_SQL_TEXT, AT(village)      },
    { "village_name", SCHED_SQL_TEXT, AT(village_name) },
    { "language",     SCHED_SQL_TEXT, AT(language)     },
    { "times",        SCHED_SQL_INT,  AT(times)        },
    { "last_us",      SCHED_SQL_INT,  AT(last_us)      },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedNoticeRow), columns,
                                    (GDestroyNotify) sched_notice_row_free};
static const SchedSqlShape heard_shape = {sizeof(SchedHeardRow), heard_columns,
                                          (GDestroyNotify) sched_heard_row_free};
SCHED_SQL_DEFINE_FREE(SchedNoticeRow, sched_notice_row, shape)
SCHED_SQL_DEFINE_FREE(SchedHeardRow, sched_heard_row, heard_shape)

gboolean
sched_store_notice_add(SchedTxn *txn, const SchedNoticeRow *notice, GError **error)
{
    return sched_sql_run(txn, sql_add, error, "tttt", notice->id, notice->version,
                         notice->playlist, notice->corrects) &&
           sched_sql_audit_words(txn, "notice.put", notice->id, error, "corrects",
                                 notice->corrects, "playlist", notice->playlist, "version",
                                 notice->version, NULL);
}

gboolean
sched_store_notice_place(SchedTxn *txn, const char *id, const char *slot, gint64 start_us,
                         GError **error)
{
    return sched_sql_run(txn, sql_place, error, "tti", id, slot, start_us) &&
           sched_sql_audit_words(txn, "notice.place", id, error, "slot", slot, NULL);
}

SchedNoticeRow *
sched_store_notice_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "notice", error, "t", id);
}

GPtrArray *
sched_store_notice_list(SchedTxn *txn, const char *area, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "ti", area,
                          (gint64) SCHED_NOTICE_MAX_LIST);
}

GPtrArray *
sched_store_heard_list(SchedTxn *txn, const char *announcement, GError **error)
{
    return sched_sql_list(txn, sql_heard, &heard_shape, error, "t", announcement);
}
