/*
 * evict.h - puts a station out of the brokers that it is connected to.
 *
 * Flow: desk.h, when a station has another player or none -> here -> each broker. Port.
 * Thread: blocks for some seconds; for a task's thread, as long as a SchedLink is there: that
 * has libmosquitto set up, which counts who wants it without a lock.
 *
 * A revocation list is read when somebody connects, and a player that stays connected goes on
 * hearing what is its station's as long as the station has rights: those of its successor. A
 * broker keeps one connection a name, so whoever connects under it ends the one before; that
 * one comes back only with a certificate that is not on the list.
 */
#pragma once

#include "scheduler/publish/link.h"

/* A broker that does not answer for so long is left alone. */
#define SCHED_EVICT_PATIENCE_US (5 * G_USEC_PER_SEC)

typedef struct {
    const char *station;     /* also the name of the client */
    const char *authority;   /* PEM file of the CA */
    const char *certificate; /* PEM file, named like the station */
    const char *key;         /* PEM file */
} SchedEvictOptions;

/**
 * sched_evict:
 *
 * Returns: whether the broker has let us in, and so put out who was there
 */
gboolean sched_evict(const SchedLinkBroker *broker, const SchedEvictOptions *options);
