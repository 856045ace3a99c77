/*
 * scaled-clock.h - a machine's clock that runs N times faster from a stated instant.
 *
 * Flow: LOA_TEST_CLOCK in the environment -> TestScale -> a ContentClock for daemons that live
 * through a day in minutes. All processes with the same words agree about the time.
 * Thread: as content/base/clock.h says; TestScale is a value.
 */
#pragma once

#include "content/base/clock.h"

#define TEST_SCALE_VARIABLE   "LOA_TEST_CLOCK"
#define TEST_SCALE_FACTOR_MAX 1000

typedef struct {
    gint64 real_us; /* CLOCK_MONOTONIC of the instant from which time runs faster */
    gint64 utc_us;  /* what the wall clock says then */
    gint64 factor;  /* 1 … TEST_SCALE_FACTOR_MAX */
} TestScale;

/**
 * test_scale_parse:
 * @words: "REAL_US:UTC_US:FACTOR"
 * @out: (out)
 *
 * Returns: %FALSE if they are anything else
 */
gboolean test_scale_parse(const char *words, TestScale *out);

/** test_scale_from_environment: ends the program, with a word why, if the variable is no scale
 */
TestScale test_scale_from_environment(void);

/** test_scale_utc_us: Returns: the wall clock at @real_us of CLOCK_MONOTONIC */
gint64 test_scale_utc_us(const TestScale *scale, gint64 real_us);

/** test_scale_monotonic_us: Returns: the monotonic clock at @real_us of CLOCK_MONOTONIC */
gint64 test_scale_monotonic_us(const TestScale *scale, gint64 real_us);

/** test_scaled_clock_new: Returns: (transfer full): on the caller's thread-default context */
ContentClock *test_scaled_clock_new(const TestScale *scale);
