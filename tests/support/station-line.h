/*
 * station-line.h - a station's one connection to a broker, for tests of the district's side.
 *
 * The broker takes the certificate's name for the client id, so a second connection of the same
 * station would put the first one out: listening and speaking share this one.
 */
#pragma once

#include <glib.h>

typedef struct TestStation TestStation;

/**
 * test_station_connect:
 * @authority: path of the CA certificate
 * @certificate: path of the station's, its key beside it as .key; named as the station
 *
 * Returns when it is connected and listens to loa/1/to/NAME/+ and loa/1/all/+.
 */
TestStation *test_station_connect(guint port, const char *authority, const char *certificate,
                                  const char *name);
void test_station_free(TestStation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestStation, test_station_free)

/** test_station_say: publishes loa/1/from/NAME/@what with QoS 1 */
void test_station_say(TestStation *self, const char *what, GBytes *payload);

/** test_station_next: waits for the next message. Returns: (transfer full): its payload */
GBytes *test_station_next(TestStation *self, char **out_topic);

/** test_station_count: how many messages have come that were not taken yet */
guint test_station_count(TestStation *self);
