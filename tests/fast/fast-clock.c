/*
 * fast-clock.c - the clock of the daemons that live through a day in minutes.
 *
 * Flow: linked in front of the daemons' own libraries, this content_clock_system_new() is the
 * one their main.c finds; --wrap=g_get_real_time leads here too. Nothing of it is in what is
 * installed. Time-outs of the network and of Modbus keep to the machine's time.
 * Thread: any.
 */
#include "tests/support/scaled-clock.h"

gint64 __wrap_g_get_real_time(void);

ContentClock *
content_clock_system_new(void)
{
    TestScale scale = test_scale_from_environment();

    return test_scaled_clock_new(&scale);
}

gint64
__wrap_g_get_real_time(void)
{
    TestScale scale = test_scale_from_environment();

    return test_scale_utc_us(&scale, g_get_monotonic_time());
}
