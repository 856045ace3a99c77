/* event-tape.c - see event-tape.h */
#include "tests/support/event-tape.h"

struct EventTape {
    GAsyncQueue *events; /* (owned) (element-type utf8) */
};

EventTape *
event_tape_new(void)
{
    EventTape *self = g_new0(EventTape, 1);

    self->events = g_async_queue_new_full(g_free);
    return self;
}

void
event_tape_add(EventTape *self, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_async_queue_push(self->events, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

char *
event_tape_take(EventTape *self)
{
    return g_async_queue_try_pop(self->events);
}

void
event_tape_expect_at(EventTape *self, const char *text, const char *where)
{
    g_autofree char *event = event_tape_take(self);

    if (g_strcmp0(event, text) == 0)
        return;
    g_test_message("%s: expected \"%s\", the tape says \"%s\"", where, text,
                   event != NULL ? event : "(nothing)");
    g_assert_cmpstr(event, ==, text);
}

void
event_tape_assert_empty_at(EventTape *self, const char *where)
{
    gboolean was_empty = TRUE;
    char *event;

    while ((event = event_tape_take(self)) != NULL) {
        g_test_message("%s: not expected: \"%s\"", where, event);
        was_empty = FALSE;
        g_free(event);
    }
    g_assert_true(was_empty);
}

void
event_tape_free(EventTape *self)
{
    event_tape_assert_empty(self);
    g_async_queue_unref(self->events);
    g_free(self);
}
