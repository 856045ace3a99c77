/*
 * station.h - a station's identity of a test's own: files of an authority, keys in a folder.
 */
#pragma once

#include "player/intake/identity.h"
#include "tests/support/test-ca.h"

/**
 * test_station_new:
 * @name: station id and common name
 * @device_url, @broker: (nullable)
 *
 * Returns: (transfer full): free with play_identity_free(); root key and seal are not set
 */
PlayIdentity *test_station_new(TestCa *ca, const char *name, const char *device_url,
                               const char *broker);
