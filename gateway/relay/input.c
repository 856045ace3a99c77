/* input.c - see input.h */
#include "gateway/relay/input.h"

gboolean
gate_input_read(GateInput *input, const GateLayoutInput *layout, gboolean loop_is_closed,
                gint64 now_us)
{
    gboolean raw = loop_is_closed != layout->is_nc;
    gboolean was_active = input->is_active;
    gboolean is_first = !gate_input_is_known(input, now_us);

    if (is_first || raw != input->raw)
        input->raw_since_us = now_us;
    input->raw = raw;
    input->read_us = now_us;
    if (is_first || now_us - input->raw_since_us >= layout->debounce_us)
        input->is_active = raw;
    return is_first ? input->is_active : input->is_active != was_active;
}

gboolean
gate_input_is_known(const GateInput *input, gint64 now_us)
{
    return input->read_us != 0 && now_us - input->read_us <= GATE_INPUT_KNOWN_US;
}

gboolean
gate_input_is_fresh(const GateInput *input, gint64 now_us)
{
    return input->read_us != 0 && now_us - input->read_us <= GATE_BUTTON_KNOWN_US;
}

gint64
gate_input_pressed_us(const GateInput *input, gint64 now_us)
{
    if (!input->is_active || !gate_input_is_fresh(input, now_us) ||
        input->read_us - input->raw_since_us > GATE_BUTTON_TOLD_US)
        return 0;
    return input->read_us;
}

gboolean
gate_input_notice(GateInput *input, const GateLayoutInput *layout, gint64 now_us)
{
    if (layout->role == GATE_INPUT_BUTTON && input->noticed_us != 0 &&
        now_us - input->noticed_us < G_USEC_PER_SEC)
        return FALSE;
    input->noticed_us = now_us;
    return TRUE;
}
