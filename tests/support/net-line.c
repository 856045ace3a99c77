/* net-line.c - see net-line.h */
#include "tests/support/net-line.h"

#include <string.h>

G_DEFINE_QUARK(net_line_error, net_line_error)

/* Where an IPv4 packet names its ends (RFC 791). */
#define SOURCE_OFFSET      12
#define DESTINATION_OFFSET 16
#define HEADER_BYTES       20

/* A command is a few words; more is a mistake. */
#define MAX_WORDS 32

/* The settings by name; @scale turns what is typed into what is kept. */
typedef struct {
    gint64 delay, jitter;            /* µs */
    gint64 loss, duplicate, reorder; /* percent */
    gint64 rate;                     /* bit/s; 0: no limit */
    gint64 queue;                    /* µs */
    gint64 each, down;               /* 0 or 1 */
} Settings;

/* clang-format off */
static const struct { const char *name; gsize offset; gint64 scale, max; } rows[] = {
    { "delay",     G_STRUCT_OFFSET(Settings, delay),     1000, 60000   },
    { "jitter",    G_STRUCT_OFFSET(Settings, jitter),    1000, 60000   },
    { "loss",      G_STRUCT_OFFSET(Settings, loss),      1,    100     },
    { "duplicate", G_STRUCT_OFFSET(Settings, duplicate), 1,    100     },
    { "reorder",   G_STRUCT_OFFSET(Settings, reorder),   1,    100     },
    { "rate",      G_STRUCT_OFFSET(Settings, rate),      1000, 1000000 },
    { "queue",     G_STRUCT_OFFSET(Settings, queue),     1000, 60000   },
    { "each",      G_STRUCT_OFFSET(Settings, each),      1,    1       },
    { "down",      G_STRUCT_OFFSET(Settings, down),      1,    1       },
};
/* clang-format on */

/* A mobile cell lets about two seconds of data wait before it drops some. */
#define QUEUE_US (2 * G_USEC_PER_SEC)

struct NetLine {
    Settings settings;
    GRand *dice;          /* (owned) */
    GSequence *under_way; /* (owned) (element-type NetLinePacket): by due_us */
    GHashTable *busy;     /* (owned): way and far address -> until when its line is busy, µs */
    NetLineCounts counts;
};

void
net_line_packet_free(NetLinePacket *packet)
{
    if (packet == NULL)
        return;
    g_bytes_unref(packet->bytes);
    g_free(packet);
}

NetLine *
net_line_new(guint32 seed)
{
    NetLine *self = g_new0(NetLine, 1);

    self->settings.queue = QUEUE_US;
    self->dice = g_rand_new_with_seed(seed);
    self->under_way = g_sequence_new((GDestroyNotify) net_line_packet_free);
    self->busy = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return self;
}

void
net_line_free(NetLine *self)
{
    if (self == NULL)
        return;
    g_rand_free(self->dice);
    g_sequence_free(self->under_way);
    g_hash_table_unref(self->busy);
    g_free(self);
}

/* ---- commands ---- */

static gboolean
take_word(Settings *settings, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    guint64 value;

    for (gsize i = 0; equals != NULL && i < G_N_ELEMENTS(rows); i++) {
        if (strlen(rows[i].name) != (gsize) (equals - word) ||
            !g_str_has_prefix(word, rows[i].name))
            continue;
        if (!g_ascii_string_to_unsigned(equals + 1, 10, 0, (guint64) rows[i].max, &value,
                                        error)) {
            g_prefix_error(error, "%s: ", rows[i].name);
            return FALSE;
        }
        G_STRUCT_MEMBER(gint64, settings, rows[i].offset) = (gint64) value * rows[i].scale;
        return TRUE;
    }
    g_set_error(error, NET_LINE_ERROR, NET_LINE_ERROR_COMMAND, "'%s' is no setting of a line",
                word);
    return FALSE;
}

gboolean
net_line_command(NetLine *self, const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", MAX_WORDS);
    Settings settings = self->settings;

    for (gsize i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0' && !take_word(&settings, words[i], error))
            return FALSE;
    }
    self->settings = settings;
    return TRUE;
}

/* ---- packets ---- */

static gboolean
falls(NetLine *self, gint64 percent)
{
    return percent > 0 && g_rand_int_range(self->dice, 0, 100) < percent;
}

/* Whose line it is: the way, and with `each` the far end's address. */
static gint64
line_of(NetLine *self, NetLineWay way, const guint8 *bytes, gsize n_bytes)
{
    guint32 address = 0;

    if (self->settings.each && n_bytes >= HEADER_BYTES)
        memcpy(&address, bytes + (way == NET_LINE_TO_FAR ? DESTINATION_OFFSET : SOURCE_OFFSET),
               sizeof address);
    return ((gint64) way << 32) | address;
}

/* Returns: when the last bit has left; -1 if the packet would have to wait too long. */
static gint64
leave_us(NetLine *self, NetLineWay way, gconstpointer bytes, gsize n_bytes, gint64 now_us)
{
    gint64 key = line_of(self, way, bytes, n_bytes);
    gint64 *busy_us = g_hash_table_lookup(self->busy, &key);
    gint64 begin_us = busy_us == NULL ? now_us : MAX(*busy_us, now_us);

    if (self->settings.rate == 0)
        return now_us;
    if (begin_us - now_us > self->settings.queue)
        return -1;
    if (busy_us == NULL) {
        busy_us = g_new(gint64, 1);
        g_hash_table_insert(self->busy, g_memdup2(&key, sizeof key), busy_us);
    }
    *busy_us = begin_us + (gint64) n_bytes * 8 * G_USEC_PER_SEC / self->settings.rate;
    return *busy_us;
}

static gint
compare_due(gconstpointer a, gconstpointer b, gpointer data)
{
    const NetLinePacket *first = a, *second = b;

    return first->due_us < second->due_us ? -1 : first->due_us > second->due_us;
}

static gint64
travel_us(NetLine *self)
{
    gint64 jitter_us = self->settings.jitter;
    gint64 travel = self->settings.delay;

    if (jitter_us > 0)
        travel += (gint64) (g_rand_double_range(self->dice, -1, 1) * (gdouble) jitter_us);
    if (falls(self, self->settings.reorder)) {
        self->counts.reordered++;
        travel = 0;
    }
    return MAX(travel, 0);
}

static void
put_once(NetLine *self, NetLineWay way, gconstpointer bytes, gsize n_bytes, gint64 now_us)
{
    NetLinePacket *packet;
    gint64 left_us;

    self->counts.taken++;
    if (self->settings.down || falls(self, self->settings.loss)) {
        self->counts.lost++;
        return;
    }
    left_us = leave_us(self, way, bytes, n_bytes, now_us);
    if (left_us < 0 || g_sequence_get_length(self->under_way) >= NET_LINE_MAX_PACKETS) {
        self->counts.overflowed++;
        return;
    }
    packet = g_new0(NetLinePacket, 1);
    packet->bytes = g_bytes_new(bytes, n_bytes);
    packet->way = way;
    packet->due_us = left_us + travel_us(self);
    g_sequence_insert_sorted(self->under_way, packet, compare_due, NULL);
}

void
net_line_put(NetLine *self, NetLineWay way, gconstpointer bytes, gsize n_bytes, gint64 now_us)
{
    g_return_if_fail(n_bytes <= NET_LINE_MAX_PACKET_BYTES);

    put_once(self, way, bytes, n_bytes, now_us);
    if (falls(self, self->settings.duplicate)) {
        self->counts.doubled++;
        put_once(self, way, bytes, n_bytes, now_us);
    }
}

gint64
net_line_next_us(NetLine *self)
{
    GSequenceIter *first = g_sequence_get_begin_iter(self->under_way);
    const NetLinePacket *packet = g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);

    return packet == NULL ? -1 : packet->due_us;
}

NetLinePacket *
net_line_take(NetLine *self, gint64 now_us)
{
    GSequenceIter *first = g_sequence_get_begin_iter(self->under_way);
    const NetLinePacket *packet = g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
    NetLinePacket *taken;

    if (packet == NULL || packet->due_us > now_us)
        return NULL;
    taken = g_memdup2(packet, sizeof *packet);
    g_bytes_ref(taken->bytes);
    g_sequence_remove(first);
    return taken;
}

const NetLineCounts *
net_line_counts(NetLine *self)
{
    return &self->counts;
}
