/*
 * event-tape.h - what happened, as text, in order; whatever a test did not expect fails it.
 *
 * Thread: event_tape_add() from any; reading from the test's own.
 */
#pragma once

#include <glib.h>

typedef struct EventTape EventTape;

EventTape *event_tape_new(void);

/** event_tape_add: @format: one event, for instance "zone cho closed" */
void event_tape_add(EventTape *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** event_tape_expect: takes the oldest event off the tape and asserts that it is @text */
#define event_tape_expect(self, text) event_tape_expect_at(self, text, G_STRLOC)
void event_tape_expect_at(EventTape *self, const char *text, const char *where);

/** event_tape_take: Returns: (transfer full) (nullable): the oldest event, taken off */
char *event_tape_take(EventTape *self);

/** event_tape_assert_empty: prints what is left and fails */
#define event_tape_assert_empty(self) event_tape_assert_empty_at(self, G_STRLOC)
void event_tape_assert_empty_at(EventTape *self, const char *where);

/** event_tape_free: @self: (transfer full): asserts that nothing is left */
void event_tape_free(EventTape *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventTape, event_tape_free)
