/* profile.c - see profile.h */
#include "gateway/bus/profile.h"

#include <string.h>

/* clang-format off */
static const GateProfile profiles[] = {
    {
        /* Coils as the Modbus specification has them: Waveshare's boards, WP8025ADAM and many
         * more. The timer (flash-on) is Waveshare's; others leave timed-on-s at 0. */
        .name = "coils", .base = 0,
        .write_function = 0x05, .on = 0xff00, .off = 0x0000, .cancel = GATE_PROFILE_NONE,
        .read_function = 0x01, .reads_closed = 1, .reads_open = 0,
        .opens_runs = TRUE, .all_off_address = GATE_PROFILE_NONE,
        .timer_offset = 0x0200, .timer_unit_ms = 100, .timer_max_units = 2550,
        .input_base = 0, .max_relays = 32, .max_inputs = 32, .answer_ms = 5,
    },
    {
        /* A register a relay, from 1; the command is the high byte. */
        .name = "r421a08", .base = 1,
        .write_function = 0x06, .on = 0x0100, .off = 0x0200, .cancel = 0x0600,
        .read_function = 0x03, .reads_closed = 1, .reads_open = 0,
        .all_off_address = GATE_PROFILE_NONE,
        .timer_value = 0x0600, .timer_unit_ms = 1000, .timer_max_units = 255,
        .input_base = GATE_PROFILE_NONE, .max_relays = 8, .answer_ms = 20,
    },
    {
        /* The same commands from register 0, whatever its manual says. While a timer runs the
         * board ignores every other way to open the relay: only a timer of 0 does. */
        .name = "ryn408f", .base = 0,
        .write_function = 0x06, .on = 0x0100, .off = 0x0200, .cancel = 0x0600,
        .read_function = 0x03, .reads_closed = 1, .reads_open = 0,
        .all_off_address = 0, .all_off = 0x0800,
        .timer_value = 0x0600, .timer_unit_ms = 1000, .timer_max_units = 255,
        .input_base = GATE_PROFILE_NONE, .max_relays = 8, .answer_ms = 35,
    },
};
/* clang-format on */

const GateProfile *
gate_profile_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(profiles); i++) {
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    }
    return NULL;
}

const GateProfile *
gate_profile_at(gsize index)
{
    return index < G_N_ELEMENTS(profiles) ? &profiles[index] : NULL;
}

guint
gate_profile_max_timer_s(const GateProfile *profile)
{
    return profile->timer_unit_ms * profile->timer_max_units / 1000;
}
