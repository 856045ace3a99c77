/*
 * orders.h - alerts and stops: judged, told at once, and remembered for as long as they live.
 *
 * Flow: the line -> verify.c -> here -> the cue, and keep.c beside it. Port (disk).
 * Thread: one owner (the intake thread).
 *
 * What is genuine and new is told before it is on disk: a warning waits for no disk. Its id is
 * kept for as long as any alert of its time may live (a day), so that the same one again, be it
 * after a reboot, changes nothing. While nobody vouches for the clock a genuine old alert looks
 * like a fresh one; it waits for the district's answer over our nonce (trust-clock.h).
 */
#pragma once

#include "content/alert.h"
#include "content/grant.h"
#include "content/remark.h"
#include "player/intake/keep.h"
#include "player/intake/verify.h"

/* What may wait for a trusted clock; more is refused. */
#define PLAY_ORDERS_MAX_WAITING 32

typedef enum {
    PLAY_ORDER_FRESH, /* it came now */
    PLAY_ORDER_KEPT,  /* from before a restart, and not over then */
    PLAY_ORDER_ENDED, /* from before a restart, and over */
} PlayOrderOrigin;

typedef struct {
    /* @alert: (transfer full) */
    void (*alert)(ContentAlert *alert, PlayOrderOrigin origin, gpointer data);
    /* @stop: (transfer full) */
    void (*stop)(ContentStop *stop, gpointer data);
    void (*refused)(const ContentRemark *why, gpointer data);
    /* Something waits for the time. */
    void (*ask_time)(gpointer data);
    /* What this station ordered itself. @alert, @order: (transfer full); a stop of it comes as
     * any other. */
    void (*local)(ContentAlert *alert, ContentLocalOrder *order, PlayOrderOrigin origin,
                  gpointer data);
} PlayOrdersEvents;

typedef struct PlayOrders PlayOrders;

/** play_orders_new: @keep, @verify, @events: (not owned): must outlive it */
PlayOrders *play_orders_new(PlayKeep *keep, PlayVerify *verify, const PlayOrdersEvents *events,
                            gpointer data);
void play_orders_free(PlayOrders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayOrders, play_orders_free)

/** play_orders_announce: tells what is kept, stops first; once, at a start */
void play_orders_announce(PlayOrders *self, PlayVerifyTime time);

/**
 * play_orders_take:
 * @type: of alerts or stops, as received; or of local orders, which come from within: nobody
 * has to vouch for their time, since they were made just now
 */
void play_orders_take(PlayOrders *self, const ContentDocumentType *type, GBytes *envelope,
                      PlayVerifyTime time);

/** play_orders_look: the clock may be trusted by now, and the disk may work again */
void play_orders_look(PlayOrders *self, PlayVerifyTime time);

/** play_orders_done: the alert is over in every zone: after a restart it sounds no more */
void play_orders_done(PlayOrders *self, const char *alert);

/**
 * play_orders_queue:
 * @objects: (element-type utf8): set of hashes that are here
 * @queue: (element-type PlayFetchItem): audio that alerts in force lack is put before all else
 */
void play_orders_queue(PlayOrders *self, GHashTable *objects, GPtrArray *queue);

/** play_orders_name_objects: @into: (element-type utf8): set: audio of alerts in force is added
 */
void play_orders_name_objects(PlayOrders *self, GHashTable *into);
