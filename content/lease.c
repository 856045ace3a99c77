/* lease.c - the tables of what player and gateway say to each other. See lease.h. Pure. */
#include "content/lease.h"

#include "content/document-rows.h"
#include "content/heartbeat.h"

#define MAX_INPUTS      64
#define MAX_FAULTS      64
#define INPUT_MAX_BYTES 64
#define UID_MAX         G_GINT64_CONSTANT(0xffffffff)
#define MONOTONIC       "µs monotonic"

/* clang-format off */
const char *const content_order_words[] = { "segment", "alert", "test", NULL };

static const ContentMember content_wish_zone_shape_members[] = {
    ROW_ENUM(ContentWishZone, order, content_order_words, "What the zone is wanted for."),
    ROW_WORD(ContentWishZone, subject, ID, "Segment id, or id of the test."),
    ROW_WORD(ContentWishZone, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_lease_wish_members[] = {
    ROW_INT(ContentLeaseWish, seq, 1, ROW_COUNT_MAX, "", "Counts up within a connection."),
    ROW_STRUCTS(ContentLeaseWish, zones, CONTENT_LEASE_MAX_ZONES, content_wish_zone_shape, "All zones the player holds from now on."),
    ROW_END,
};

static const ContentMember content_lease_zone_shape_members[] = {
    ROW_OPTIONAL_INT(ContentLeaseZone, asked_us, 0, CONTENT_US_MAX, 0, MONOTONIC, "When the lease began; absent: not held."),
    ROW_OPTIONAL_STRUCT(ContentLeaseZone, fault, content_remark_shape, "What is wrong with it."),
    ROW_BOOL(ContentLeaseZone, held, "A lease is alive."),
    ROW_OPTIONAL_INT(ContentLeaseZone, read_us, 0, CONTENT_US_MAX, 0, MONOTONIC, "When the relays were last read back; absent: never."),
    ROW_BOOL(ContentLeaseZone, ready, "Amplifier warm, every relay read back closed."),
    ROW_OPTIONAL_INT(ContentLeaseZone, ready_us, 0, CONTENT_US_MAX, 0, MONOTONIC, "When it became ready; held and not ready: when it is expected."),
    ROW_ENUM(ContentLeaseZone, relay, content_relay_words, "Of the zone as a whole, as last read."),
    ROW_WORD(ContentLeaseZone, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_lease_input_shape_members[] = {
    ROW_BOOL(ContentLeaseInput, active, "As last read."),
    ROW_BOOL(ContentLeaseInput, known, "Read in the last 10 s."),
    ROW_TEXT(ContentLeaseInput, name, 1, INPUT_MAX_BYTES, "Name."),
    ROW_OPTIONAL_INT(ContentLeaseInput, read_us, 0, CONTENT_US_MAX, 0, MONOTONIC, "Of a button that is pressed, in the first minute: when it was read so."),
    ROW_TEXT(ContentLeaseInput, words, 0, ROW_WORDS_MAX_BYTES, "What it means when active."),
    ROW_END,
};

const char *const content_lamp_show_words[] = { "off", "slow", "fast", "steady", "double", NULL };

static const ContentMember content_lamp_shape_members[] = {
    ROW_WORD(ContentLamp, lamp, ID, "Lamp."),
    ROW_ENUM(ContentLamp, show, content_lamp_show_words, "What it shows; the gateway keeps the time of its blinking."),
    ROW_END,
};

static const ContentMember content_lamp_order_members[] = {
    ROW_STRUCTS(ContentLampOrder, lamps, CONTENT_LEASE_MAX_LAMPS, content_lamp_shape, "All lamps that are lit from now on."),
    ROW_END,
};

static const ContentMember content_lease_state_members[] = {
    ROW_OPTIONAL_ENUM(ContentLeaseState, battery, content_power_words, "`on`: the station runs on it; absent: `unknown`."),
    ROW_STRUCTS(ContentLeaseState, faults, MAX_FAULTS, content_remark_shape, "Of boards, lines and relays."),
    ROW_STRUCTS(ContentLeaseState, inputs, MAX_INPUTS, content_lease_input_shape, "Inputs."),
    ROW_OPTIONAL_ENUM(ContentLeaseState, mains, content_power_words, "Mains input; absent: `unknown`."),
    ROW_COUNT(ContentLeaseState, seq, "", "Of the last wish seen in this connection; 0: none."),
    ROW_STRUCTS(ContentLeaseState, zones, CONTENT_LEASE_MAX_ZONES, content_lease_zone_shape, "All zones, by id."),
    ROW_END,
};

static const ContentMember content_test_ask_members[] = {
    ROW_INT(ContentTestAsk, duration_ms, 1, CONTENT_TEST_MAX_MS, "ms", "How long the relay is to be closed."),
    ROW_WORD(ContentTestAsk, id, ID, "Of the test."),
    ROW_INT(ContentTestAsk, uid, 0, UID_MAX, "", "User of the asking process, filled in by the gateway."),
    ROW_WORD(ContentTestAsk, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_test_answer_members[] = {
    ROW_BOOL(ContentTestAnswer, accepted, "Whether the test takes place."),
    ROW_WORD(ContentTestAnswer, id, ID, "Of the test."),
    ROW_BOOL(ContentTestAnswer, is_over, "The last answer."),
    ROW_ENUM(ContentTestAnswer, relay, content_relay_words, "Read while it was asked to be closed."),
    ROW_ANY(ContentTestAnswer, said, "said", CONTENT_MEMBER_STRUCT, .required = TRUE, .element = &content_remark_shape, .unit = "", .meaning = "For the terminal."),
    ROW_END,
};
/* clang-format on */

ROWS_DEFINE_SHAPE(content_wish_zone_shape, ContentWishZone, "wish zone", NULL)
ROWS_DEFINE_DOCUMENT(content_lease_wish, ContentLeaseWish, "lease-wish",
                     CONTENT_LEASE_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(content_lease_zone_shape, ContentLeaseZone, "lease zone", NULL)
ROWS_DEFINE_SHAPE(content_lease_input_shape, ContentLeaseInput, "lease input", NULL)
ROWS_DEFINE_DOCUMENT(content_lease_state, ContentLeaseState, "lease-state",
                     CONTENT_LEASE_MAX_BYTES, NULL)
ROWS_DEFINE_SHAPE(content_lamp_shape, ContentLamp, "lamp", NULL)
ROWS_DEFINE_DOCUMENT(content_lamp_order, ContentLampOrder, "lamp-order",
                     CONTENT_LEASE_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_test_ask, ContentTestAsk, "test-ask", CONTENT_LEASE_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(content_test_answer, ContentTestAnswer, "test-answer",
                     CONTENT_LEASE_MAX_BYTES, NULL)
