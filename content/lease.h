/*
 * lease.h - what player and gateway say to each other over the unix socket.
 *
 * Flow: player/output and player/cue want zones -> gateway/link -> gateway/relay. Pure.
 *
 * The socket is SOCK_SEQPACKET; each packet is one document of at most CONTENT_LEASE_MAX_BYTES.
 * The gateway speaks first: an inventory, then a state, then a state at every change. The
 * player sends a wish naming ALL zones it holds, at least every second while it holds any and
 * only while sound advances; a zone that a wish leaves out is released at once, and without a
 * new wish all are released after CONTENT_LEASE_LIFE_US. Instants are CLOCK_MONOTONIC µs of
 * the one machine both run on.
 */
#pragma once

#include "content/document.h"
#include "content/kinds.h"
#include "content/remark.h"

#define CONTENT_LEASE_MAX_BYTES (64 * 1024)
#define CONTENT_LEASE_LIFE_US   (3 * G_USEC_PER_SEC)
#define CONTENT_LEASE_RENEW_US  (1 * G_USEC_PER_SEC)
#define CONTENT_LEASE_MAX_ZONES 64
#define CONTENT_LEASE_MAX_LAMPS 16
/* The longest relay test a technician may ask for. */
#define CONTENT_TEST_MAX_MS 10000

/* Why a zone is wanted: never on without a verified order. */
typedef enum {
    CONTENT_ORDER_SEGMENT, /* a segment of an accepted day plan */
    CONTENT_ORDER_ALERT,   /* a verified alert; the subject is its id */
    CONTENT_ORDER_TEST,    /* a technician's test, ≤ 10 s */
} ContentOrder;
extern const char *const content_order_words[];

typedef struct {
    char *zone;    /* (owned) */
    gint order;    /* ContentOrder */
    char *subject; /* (owned): segment id, or id of the test */
} ContentWishZone;
extern const ContentShape content_wish_zone_shape;

/* Player -> gateway: the zones it holds from now on. Empty: none. */
typedef struct {
    gint64 seq;       /* counts up within a connection */
    GPtrArray *zones; /* (owned) (element-type ContentWishZone) */
} ContentLeaseWish;
extern const ContentDocumentType content_lease_wish_type;
void content_lease_wish_free(ContentLeaseWish *wish);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentLeaseWish, content_lease_wish_free)

typedef struct {
    char *zone;      /* (owned) */
    gboolean held;   /* a lease is alive */
    gboolean ready;  /* amplifier warm, every relay of the zone read back closed */
    gint relay;      /* ContentRelay of the zone as a whole, as last read */
    gint64 asked_us; /* when the lease began; 0 if not held */
    gint64 read_us;  /* when the relays were last read back; 0: never */
    gint64 ready_us; /* when it became ready; with held and not ready: when it is expected; 0 */
    ContentRemark *fault; /* (owned) (nullable) */
} ContentLeaseZone;
extern const ContentShape content_lease_zone_shape;

typedef struct {
    char *name;     /* (owned): "door", "amplifier fault" */
    gboolean known; /* read in the last 10 s */
    gboolean active;
    char *words;    /* (owned): what it means when active, as the technician wrote it */
    gint64 read_us; /* of a button that is pressed, in the first minute: when it was read so; a
                     * state is sent at each reading, so that a hold is proved and not assumed.
                     * 0: of anything else */
} ContentLeaseInput;
extern const ContentShape content_lease_input_shape;

/* Gateway -> player: what is, at every change and in answer to every wish. */
typedef struct {
    gint64 seq;        /* of the last wish seen in this connection; 0: none */
    GPtrArray *zones;  /* (owned) (element-type ContentLeaseZone): all, by id */
    GPtrArray *inputs; /* (owned) (element-type ContentLeaseInput) */
    GPtrArray *faults; /* (owned) (element-type ContentRemark): of boards, lines and relays */
    gint mains;        /* ContentPower (heartbeat.h) */
    gint battery;      /* ContentPower */
} ContentLeaseState;
extern const ContentDocumentType content_lease_state_type;
void content_lease_state_free(ContentLeaseState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentLeaseState, content_lease_state_free)

/* What a lamp shows; the gateway keeps the time of its blinking. */
typedef enum {
    CONTENT_LAMP_OFF, /* never said: a lamp that is not named is off */
    CONTENT_LAMP_SLOW,
    CONTENT_LAMP_FAST,
    CONTENT_LAMP_STEADY,
    CONTENT_LAMP_DOUBLE, /* two short ones and a pause */
} ContentLampShow;
extern const char *const content_lamp_show_words[];

typedef struct {
    char *lamp; /* (owned) */
    gint show;  /* ContentLampShow */
} ContentLamp;
extern const ContentShape content_lamp_shape;

/*
 * Player -> gateway: the lamps that are lit from now on, all of them, at least every second
 * while there is one. A lamp lives as a lease does: one that is left out goes off at once, all
 * go off without a new order for CONTENT_LEASE_LIFE_US, and when the connection closes.
 */
typedef struct {
    GPtrArray *lamps; /* (owned) (element-type ContentLamp) */
} ContentLampOrder;
extern const ContentDocumentType content_lamp_order_type;
void content_lamp_order_free(ContentLampOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentLampOrder, content_lamp_order_free)

/*
 * A technician's test: `loa-gateway test ZONE` -> gateway -> player, which alone knows the
 * allowed windows and what sounds, takes the lease and writes the record; the answer goes back
 * the same way. Without a player there is no test.
 */
typedef struct {
    char *id;           /* (owned) */
    char *zone;         /* (owned) */
    gint64 duration_ms; /* 1 … CONTENT_TEST_MAX_MS */
    gint64 uid;         /* of the asking process, filled in by the gateway */
} ContentTestAsk;
extern const ContentDocumentType content_test_ask_type;
void content_test_ask_free(ContentTestAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTestAsk, content_test_ask_free)

typedef struct {
    char *id; /* (owned) */
    gboolean accepted;
    gboolean is_over;    /* the last answer: the relay was read open again, or it was refused */
    gint relay;          /* ContentRelay read while it was asked to be closed */
    ContentRemark *said; /* (owned): for the terminal */
} ContentTestAnswer;
extern const ContentDocumentType content_test_answer_type;
void content_test_answer_free(ContentTestAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTestAnswer, content_test_answer_free)
