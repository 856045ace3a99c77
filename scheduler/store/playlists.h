/*
 * playlists.h - ordered items: announcement, signal, pause, stream and line-in.
 *
 * Flow: editor arranges -> slots name the playlist. A change takes the approval of every slot
 * and override that names it, unless it only removes items: silence needs nobody.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_PLAYLIST_MAX_ITEMS 100
#define SCHED_PAUSE_MAX_US       (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
/* Of a stream or a line-in. */
#define SCHED_RELAY_MIN_US (10 * G_USEC_PER_SEC)
#define SCHED_RELAY_MAX_US (G_GINT64_CONSTANT(4) * 3600 * G_USEC_PER_SEC)

typedef enum {
    SCHED_ITEM_ANNOUNCEMENT,
    SCHED_ITEM_SIGNAL,
    SCHED_ITEM_PAUSE,
    SCHED_ITEM_STREAM,
    SCHED_ITEM_LINE_IN,
} SchedItemKind;
extern const char *const sched_item_kind_words[];

typedef struct {
    char *id;           /* (owned): stays the same when the item is moved */
    gint kind;          /* SchedItemKind */
    char *announcement; /* (owned) (nullable): for all but PAUSE */
    gint64 duration_us; /* of a PAUSE, STREAM or LINE_IN, else 0 */
    gint64 times;       /* how often it sounds in a row, 1 … 20; 0 is taken as 1 */
} SchedItemRow;
void sched_item_row_free(SchedItemRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedItemRow, sched_item_row_free)

typedef struct {
    char *id;          /* (owned) */
    char *name;        /* (owned) */
    char *home;        /* (owned): area whose editors it belongs to */
    char *author;      /* (owned): who last changed it: set by the store */
    gint64 revision;   /* set by the store */
    gint64 changed_us; /* set by the store */
    GPtrArray *items;  /* (owned) (element-type SchedItemRow): in order */
} SchedPlaylistRow;
void sched_playlist_row_free(SchedPlaylistRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPlaylistRow, sched_playlist_row_free)

/** sched_store_items_check: @items: (element-type SchedItemRow): as putting them would, but for
 * whether what they name is there: INVALID */
gboolean sched_store_items_check(const GPtrArray *items, GError **error);

/** sched_store_playlist_put: @expect_revision: as for announcements */
gboolean sched_store_playlist_put(SchedTxn *txn, const SchedPlaylistRow *playlist,
                                  gint64 expect_revision, GError **error);
SchedPlaylistRow *sched_store_playlist_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_playlist_list: @area: (nullable): home in it or below; by name; with items */
GPtrArray *sched_store_playlist_list(SchedTxn *txn, const char *area, GError **error);

/** sched_store_playlist_remove: IN_USE if a slot or an override names it */
gboolean sched_store_playlist_remove(SchedTxn *txn, const char *id, GError **error);
