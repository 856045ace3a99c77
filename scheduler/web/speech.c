/* speech.c - see speech.h */
#include "scheduler/web/speech.h"

#include "content/base/files.h"
#include "content/opus-file.h"
#include "scheduler/store/alerts.h"
#include "scheduler/web/route.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 6
#define FLAG_LAST  1
#define READ_BYTES (64 * 1024)
#define PACKET_US  (G_GINT64_CONSTANT(20) * 1000)
#define RECORDING  ".opus"

G_STATIC_ASSERT(CONTENT_LIVE_MAX_PACKETS <= CONTENT_OPUS_MAX_PAGE_PACKETS);
G_STATIC_ASSERT(CONTENT_LIVE_MAX_PACKET_BYTES == CONTENT_OPUS_MAX_PACKET_BYTES);

struct SchedSpeeches {
    SchedSpeechesOptions options; /* folder owned */
    GHashTable *speeches;         /* (owned): id of the alert -> Speech (owned) */
    GMainContext *context;        /* (owned) */
    guint n_keeping;              /* recordings on their way into the store */
    GQueue farewells;             /* (element-type Farewell) (owned): the oldest first */
};

typedef struct {
    SchedSpeeches *all;              /* (not owned) */
    char *alert, *account, *session; /* (owned) */
    GPtrArray *stations;             /* (owned) (element-type utf8) */
    guint8 secret[CONTENT_LIVE_SECRET_BYTES];
    gint64 expires_us;        /* UTC */
    gint64 begun_us, came_us; /* monotonic: its begin, and the last frame */
    gint64 next_sequence;     /* the lowest that may come */
    gint64 n_frames, n_lost, n_packets;
    gint64 n_kept; /* of the packets, those that are in the recording */
    guint alarm;
    GBytes *last; /* (owned) (nullable): the signed frame that ends it */
    ContentOpusWriter writer;
    char *path; /* (owned): of the recording */
    int fd;     /* -1: it cannot be written */
} Speech;

static void
speech_free(gpointer data)
{
    Speech *speech = data;

    content_clock_cancel(speech->all->options.clock, speech->alarm);
    if (speech->fd >= 0)
        close(speech->fd);
    sodium_memzero(speech->secret, sizeof speech->secret);
    g_ptr_array_unref(speech->stations);
    g_clear_pointer(&speech->last, g_bytes_unref);
    g_free(speech->alert);
    g_free(speech->account);
    g_free(speech->session);
    g_free(speech->path);
    g_free(speech);
}

static void
tell(SchedSpeeches *self, const char *alert, const char *what, const char *why)
{
    g_autofree char *words = g_strdup_printf("live speech %s: %s: %s", alert, what, why);

    self->options.said(self->options.data, words);
}

/* --- what comes ------------------------------------------------------------------------------
 */

static gboolean
refuse(GError **error, const char *words)
{
    return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "%s", words);
}

gboolean
sched_speech_parse(GBytes *body, ContentLiveFrame *out_frame, GError **error)
{
    gsize n_left;
    const guint8 *at = g_bytes_get_data(body, &n_left);
    ContentLiveFrame frame = {0};
    guint32 sequence;

    if (n_left < HEAD_BYTES)
        return refuse(error, "frame: shorter than its head");
    memcpy(&sequence, at, 4);
    frame.sequence = GUINT32_FROM_BE(sequence);
    frame.is_last = at[4] == FLAG_LAST;
    frame.n_packets = at[5];
    if (at[4] > FLAG_LAST)
        return refuse(error, "frame: an unknown flag");
    if (frame.n_packets > CONTENT_LIVE_MAX_PACKETS || (frame.n_packets == 0 && !frame.is_last))
        return refuse(error, "frame: 1 to 20 packets, none in the last alone");
    at += HEAD_BYTES;
    n_left -= HEAD_BYTES;
    for (guint i = 0; i < frame.n_packets; i++) {
        const gsize n_bytes = n_left < 2 ? 0 : (gsize) (at[0] << 8 | at[1]);

        if (n_bytes == 0 || n_bytes > n_left - 2)
            return refuse(error, "frame: a packet is cut off");
        if (!content_opus_is_plain(at + 2, n_bytes))
            return refuse(error, "frame: a packet is not one Opus frame of 20 ms");
        frame.packets[i] = (ContentLivePacket){at + 2, n_bytes};
        at += 2 + n_bytes;
        n_left -= 2 + n_bytes;
    }
    if (n_left > 0)
        return refuse(error, "frame: bytes behind its packets");
    *out_frame = frame;
    return TRUE;
}

/* --- kept ------------------------------------------------------------------------------------
 */

static void
write_page(Speech *speech, const GByteArray *page)
{
    gsize done = 0;

    while (speech->fd >= 0 && done < page->len) {
        gssize n = write(speech->fd, page->data + done, page->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            /* The villages go on hearing it; what is kept ends with the last whole page. */
            tell(speech->all, speech->alert, "writing its recording", g_strerror(errno));
            close(speech->fd);
            speech->fd = -1;
            return;
        }
        done += (gsize) n;
    }
}

static char *
path_of(const SchedSpeeches *self, const char *alert)
{
    g_autofree char *name = g_strconcat(alert, RECORDING, NULL);

    return g_build_filename(self->options.folder, name, NULL);
}

static void
open_recording(Speech *speech)
{
    g_autoptr(GByteArray) page = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    speech->path = path_of(speech->all, speech->alert);
    speech->fd = -1;
    if (!content_files_make_folder(speech->all->options.folder, 0700, &error)) {
        tell(speech->all, speech->alert, "keeping what is said", error->message);
        return;
    }
    speech->fd = open(speech->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (speech->fd < 0)
        tell(speech->all, speech->alert, "keeping what is said", g_strerror(errno));
    content_opus_begin(&speech->writer, g_str_hash(speech->alert), page);
    write_page(speech, page);
}

static void
record(Speech *speech, const ContentLiveFrame *frame)
{
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    g_autoptr(GByteArray) page = g_byte_array_new();

    for (guint i = 0; i < frame->n_packets; i++)
        g_ptr_array_add(packets,
                        g_bytes_new(frame->packets[i].bytes, frame->packets[i].n_bytes));
    if (packets->len == 0)
        return;
    content_opus_add(&speech->writer, packets, page);
    write_page(speech, page);
    speech->n_packets += frame->n_packets;
    if (speech->fd >= 0)
        speech->n_kept += frame->n_packets;
}

/* --- its last word ---------------------------------------------------------------------------
 */

/* Returns: to how many stations it is on its way */
static guint
say(const SchedSpeeches *self, const GPtrArray *stations, GBytes *frame)
{
    guint n_reached = 0;

    for (guint i = 0; i < stations->len; i++)
        n_reached += self->options.say(self->options.data, stations->pdata[i], frame) > 0;
    return n_reached;
}

/* The end of a speech that is over, said again: a frame is never kept for a station whose line
 * is down, and one that missed the end would keep its amplifier on for nothing. */
typedef struct {
    SchedSpeeches *all;  /* (not owned) */
    GPtrArray *stations; /* (owned) (element-type utf8) */
    GBytes *frame;       /* (owned) */
    gint64 until_us;     /* monotonic */
    guint alarm;
} Farewell;

static void
farewell_free(gpointer data)
{
    Farewell *farewell = data;

    content_clock_cancel(farewell->all->options.clock, farewell->alarm);
    g_ptr_array_unref(farewell->stations);
    g_bytes_unref(farewell->frame);
    g_free(farewell);
}

static void on_farewell(gpointer data);

static void
wait_a_second(Farewell *farewell)
{
    ContentClock *clock = farewell->all->options.clock;

    farewell->alarm =
        content_clock_alarm_monotonic(clock, content_clock_monotonic_us(clock) + G_USEC_PER_SEC,
                                      on_farewell, farewell);
}

static void
on_farewell(gpointer data)
{
    Farewell *farewell = data;
    SchedSpeeches *self = farewell->all;

    farewell->alarm = 0;
    say(self, farewell->stations, farewell->frame);
    if (content_clock_monotonic_us(self->options.clock) < farewell->until_us) {
        wait_a_second(farewell);
        return;
    }
    g_queue_remove(&self->farewells, farewell);
    farewell_free(farewell);
}

/* A frame without a word, for who has not ended it. (transfer full) (nullable) */
static GBytes *
sign_last(const Speech *speech)
{
    ContentLiveFrame frame = {.sequence = (guint32) speech->next_sequence, .is_last = TRUE};

    if (speech->next_sequence > G_MAXUINT32)
        return NULL;
    g_strlcpy(frame.alert, speech->alert, sizeof frame.alert);
    return content_live_frame_write(&frame, speech->secret, NULL);
}

/* Stops reach everybody who was away, and stations see an expiry themselves. */
static void
bid_farewell(Speech *speech, SchedEnding ending)
{
    SchedSpeeches *self = speech->all;
    Farewell *farewell;

    if (ending == SCHED_ENDING_SILENT && (speech->last = sign_last(speech)) != NULL)
        say(self, speech->stations, speech->last);
    if (speech->last == NULL)
        return;
    if (self->farewells.length >= SCHED_SPEECH_MAX)
        farewell_free(g_queue_pop_head(&self->farewells));
    farewell = g_new0(Farewell, 1);
    farewell->all = self;
    farewell->stations = g_ptr_array_ref(speech->stations);
    farewell->frame = g_bytes_ref(speech->last);
    farewell->until_us =
        content_clock_monotonic_us(self->options.clock) + SCHED_SPEECH_FAREWELL_US;
    g_queue_push_tail(&self->farewells, farewell);
    wait_a_second(farewell);
}

/* --- its end ---------------------------------------------------------------------------------
 */

/* A recording on its way into the store, and the row that will name it. */
typedef struct {
    SchedSpeeches *all; /* (not owned) */
    char *path;         /* (owned) */
    char *account;      /* (owned) */
    SchedSpeechRow row; /* owned members */
} Keeping;

static void
keeping_free(gpointer data)
{
    Keeping *keeping = data;

    g_free(keeping->path);
    g_free(keeping->account);
    g_free(keeping->row.alert);
    g_free(keeping->row.object);
    g_free(keeping);
}

/* What a file says that was left by a run that was killed. Returns: packets in it; -1: the disk
 * refuses, which says nothing of what is in it */
static gint64
count_packets(const char *path, GError **error)
{
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    g_autofree guint8 *bytes = g_malloc(READ_BYTES);
    gint64 n_packets = 0;
    gboolean goes_on = TRUE;
    gssize n = -1;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int saved;

    /* It was never opened, for whatever reason: so it was told then. */
    if (fd < 0 && errno == ENOENT)
        return 0;
    while (fd >= 0 && goes_on && (n = read(fd, bytes, READ_BYTES)) > 0) {
        g_autoptr(GPtrArray) packets =
            g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);

        goes_on = content_opus_reader_feed(reader, bytes, (gsize) n, packets, NULL);
        n_packets += packets->len;
    }
    saved = errno;
    if (fd >= 0)
        close(fd);
    if (n >= 0)
        return n_packets;
    g_set_error(error, G_IO_ERROR, (gint) g_io_error_from_errno(saved), "reading %s: %s", path,
                g_strerror(saved));
    return -1;
}

/* The store takes a second name of the file. The first stays until the row names the object: if
 * that is never written, the next start puts the same again. */
static char *
put_second_name(Keeping *keeping, GError **error)
{
    g_autofree char *second = g_strconcat(keeping->path, ".put", NULL);
    char *object;

    g_unlink(second); /* of a run that was killed */
    if (link(keeping->path, second) != 0) {
        const int saved = errno;

        g_set_error(error, G_IO_ERROR, (gint) g_io_error_from_errno(saved), "linking %s: %s",
                    keeping->path, g_strerror(saved));
        return NULL;
    }
    object = content_object_store_put_file(keeping->all->options.objects, second, NULL, error);
    /* Where the store has that very file already, rename(2) leaves both names. */
    g_unlink(second);
    return object;
}

/* Without a word in it there is nothing to keep. */
static gboolean
put_file(Keeping *keeping, GError **error)
{
    if (keeping->row.duration_us == 0) {
        const gint64 n_packets = count_packets(keeping->path, error);

        if (n_packets < 0)
            return FALSE;
        keeping->row.duration_us = n_packets * PACKET_US;
    }
    if (keeping->row.duration_us == 0) {
        g_unlink(keeping->path);
        return TRUE;
    }
    keeping->row.object = put_second_name(keeping, error);
    return keeping->row.object != NULL;
}

static void
keep_file(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;

    if (put_file(data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static gboolean
note_end(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_speech_end(txn, &((const Keeping *) data)->row, error);
}

/* The row is written, and names what was put: the store alone keeps it from now on. */
static void
forget_file(const Keeping *keeping)
{
    if (keeping->row.object != NULL)
        g_unlink(keeping->path);
}

static void
on_noted(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    Keeping *keeping = data;
    SchedSpeeches *self = keeping->all;

    if (sched_store_write_finish(self->options.store, result, NULL, &error))
        forget_file(keeping);
    else
        tell(self, keeping->row.alert, "noting its end", error->message);
    keeping_free(keeping);
    self->n_keeping--;
}

static void
on_kept(GObject *source, GAsyncResult *result, gpointer data)
{
    Keeping *keeping = data;
    SchedSpeeches *self = keeping->all;
    g_autoptr(GError) error = NULL;
    const SchedWrite write = {.actor = keeping->account,
                              .at_us = content_clock_utc_us(self->options.clock)};

    /* It stays where it is, for a person who can see what is wrong with the disk. */
    if (!g_task_propagate_boolean(G_TASK(result), &error))
        tell(self, keeping->row.alert, "keeping its recording", error->message);
    sched_store_write_async(self->options.store, &write, note_end, keeping, NULL, on_noted,
                            keeping);
}

/* @keeping: (transfer full) */
static void
keep(Keeping *keeping)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_kept, keeping);

    keeping->all->n_keeping++;
    g_task_set_task_data(task, keeping, NULL);
    g_task_run_in_thread(task, keep_file);
}

static void
end(Speech *speech, SchedEnding ending)
{
    SchedSpeeches *self = speech->all;
    Keeping *keeping = g_new0(Keeping, 1);
    g_autoptr(GByteArray) page = g_byte_array_new();

    content_opus_end(&speech->writer, page);
    write_page(speech, page);
    bid_farewell(speech, ending);
    keeping->all = self;
    keeping->path = g_strdup(speech->path);
    keeping->account = g_strdup(ending == SCHED_ENDING_SPOKEN ? speech->account : "system");
    keeping->row.alert = g_strdup(speech->alert);
    keeping->row.ending = ending;
    keeping->row.n_frames = speech->n_frames;
    keeping->row.n_lost = speech->n_lost;
    keeping->row.duration_us = speech->n_kept * PACKET_US;
    g_hash_table_remove(self->speeches, keeping->row.alert);
    keep(keeping);
}

void
sched_speeches_end(SchedSpeeches *self, const char *alert, SchedEnding ending)
{
    Speech *speech = g_hash_table_lookup(self->speeches, alert);

    if (speech != NULL)
        end(speech, ending);
}

static void
on_alarm(gpointer data)
{
    Speech *speech = data;
    ContentClock *clock = speech->all->options.clock;
    gint64 now_us, monotonic_us, until_us;

    content_clock_now(clock, &now_us, &monotonic_us);
    speech->alarm = 0;
    until_us = MIN(speech->came_us + SCHED_SPEECH_SILENT_US,
                   monotonic_us + speech->expires_us - now_us);
    if (until_us > monotonic_us)
        speech->alarm = content_clock_alarm_monotonic(clock, until_us, on_alarm, speech);
    else
        end(speech, now_us >= speech->expires_us ? SCHED_ENDING_EXPIRED : SCHED_ENDING_SILENT);
}

typedef struct {
    GPtrArray *asked, *stopped; /* (element-type utf8) */
} Stopped;

static gboolean
find_stopped(SchedTxn *txn, gpointer data, GError **error)
{
    Stopped *found = data;

    for (guint i = 0; i < found->asked->len; i++) {
        if (sched_store_speech_is_stopped(txn, found->asked->pdata[i]))
            g_ptr_array_add(found->stopped, found->asked->pdata[i]);
    }
    return TRUE;
}

void
sched_speeches_look(SchedSpeeches *self)
{
    g_autoptr(GPtrArray) asked = g_ptr_array_new();
    g_autoptr(GPtrArray) stopped = g_ptr_array_new();
    Stopped found = {asked, stopped};
    g_autoptr(GError) error = NULL;
    GHashTableIter each;
    gpointer alert;

    g_hash_table_iter_init(&each, self->speeches);
    while (g_hash_table_iter_next(&each, &alert, NULL))
        g_ptr_array_add(asked, alert);
    if (asked->len > 0 && !sched_store_read(self->options.store, find_stopped, &found, &error))
        tell(self, asked->pdata[0], "looking whether it was stopped", error->message);
    for (guint i = 0; i < stopped->len; i++)
        sched_speeches_end(self, stopped->pdata[i], SCHED_ENDING_STOPPED);
}

/* --- its course ------------------------------------------------------------------------------
 */

gboolean
sched_speeches_is_full(const SchedSpeeches *self)
{
    return g_hash_table_size(self->speeches) >= SCHED_SPEECH_MAX;
}

void
sched_speeches_begin(SchedSpeeches *self, const SchedSpeechStart *start)
{
    Speech *speech = g_new0(Speech, 1);

    speech->all = self;
    speech->alert = g_strdup(start->alert);
    speech->account = g_strdup(start->account);
    speech->session = g_strdup(start->session);
    speech->stations = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < start->stations->len; i++)
        g_ptr_array_add(speech->stations, g_strdup(start->stations->pdata[i]));
    memcpy(speech->secret, start->secret, sizeof speech->secret);
    speech->expires_us = start->expires_us;
    speech->begun_us = speech->came_us = content_clock_monotonic_us(self->options.clock);
    open_recording(speech);
    g_hash_table_replace(self->speeches, speech->alert, speech);
    on_alarm(speech);
}

static gboolean
check(const Speech *speech, const ContentLiveFrame *frame, gint64 monotonic_us, GError **error)
{
    const gint64 spoken_us = (speech->n_packets + frame->n_packets) * PACKET_US;

    if (frame->sequence < speech->next_sequence)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "sequence: %u comes late or twice, %" G_GINT64_FORMAT
                               " is the next",
                               frame->sequence, speech->next_sequence);
    return spoken_us <= monotonic_us - speech->begun_us + SCHED_SPEECH_AHEAD_US ||
           sched_api_error(error, SCHED_API_ERROR_SLOW_DOWN, "nobody speaks so fast");
}

static void
go_on(Speech *speech, const ContentLiveFrame *frame, GBytes *bytes, SchedSpeechHeard *out)
{
    ContentClock *clock = speech->all->options.clock;

    out->sequence = frame->sequence;
    out->n_stations = speech->stations->len;
    out->n_reached = say(speech->all, speech->stations, bytes);
    if (frame->is_last)
        speech->last = g_bytes_ref(bytes);
    speech->came_us = content_clock_monotonic_us(clock);
    /* What the speaker could not send in time is a gap: no village heard it. */
    speech->n_lost += frame->sequence - speech->next_sequence;
    speech->next_sequence = (gint64) frame->sequence + 1;
    speech->n_frames++;
    speech->n_lost += out->n_reached < out->n_stations;
    out->n_frames = speech->n_frames;
    out->n_lost = speech->n_lost;
    out->left_us = speech->expires_us - content_clock_utc_us(clock);
    out->left_us = MAX(out->left_us, 0);
    record(speech, frame);
}

gboolean
sched_speeches_take(SchedSpeeches *self, const char *alert, const char *session, GBytes *body,
                    SchedSpeechHeard *out_heard, GError **error)
{
    Speech *speech = g_hash_table_lookup(self->speeches, alert);
    g_autoptr(GBytes) bytes = NULL;
    ContentLiveFrame frame;

    if (speech == NULL || content_clock_utc_us(self->options.clock) >= speech->expires_us)
        return sched_api_error(error, SCHED_API_ERROR_SPEECH_OVER,
                               "this live speech is over, or the program was started anew");
    if (g_strcmp0(speech->session, session) != 0)
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                               "somebody else is speaking, or you are from another session");
    if (!sched_speech_parse(body, &frame, error) ||
        !check(speech, &frame, content_clock_monotonic_us(self->options.clock), error))
        return FALSE;
    g_strlcpy(frame.alert, alert, sizeof frame.alert);
    bytes = content_live_frame_write(&frame, speech->secret, NULL);
    if (bytes == NULL)
        return refuse(error, "frame: longer than 4096 bytes");
    go_on(speech, &frame, bytes, out_heard);
    if (frame.is_last)
        end(speech, SCHED_ENDING_SPOKEN);
    return TRUE;
}

/* --- life ------------------------------------------------------------------------------------
 */

static gboolean
read_open(SchedTxn *txn, gpointer data, GError **error)
{
    GPtrArray **out_rows = data;

    *out_rows = sched_store_speech_open(txn, error);
    return *out_rows != NULL;
}

/* One whose hard end came while no program ran was ended by that, at every station too. */
static SchedEnding
ending_of_old(SchedTxn *txn, const char *id)
{
    g_autoptr(SchedAlertRow) alert = sched_store_alert_get(txn, id, NULL);

    return alert != NULL && alert->expires_us <= sched_txn_at_us(txn) ? SCHED_ENDING_EXPIRED
                                                                      : SCHED_ENDING_RESTART;
}

static gboolean
note_old(SchedTxn *txn, gpointer data, GError **error)
{
    Keeping *keeping = data;

    keeping->row.ending = ending_of_old(txn, keeping->row.alert);
    return note_end(txn, data, error);
}

static gboolean
note_cut(SchedTxn *txn, gpointer data, GError **error)
{
    const Keeping *keeping = data;
    const SchedSpeechesOptions *options = &keeping->all->options;

    return note_old(txn, data, error) &&
           (keeping->row.ending == SCHED_ENDING_EXPIRED ||
            options->cut(options->cut_data, txn, keeping->row.alert, error));
}

/* Without a key for a stop, stations wait until they know themselves that nobody speaks. */
static gboolean
note_death(SchedSpeeches *self, const SchedWrite *write, Keeping *keeping, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (self->options.cut != NULL) {
        if (sched_store_write(self->options.store, write, note_cut, keeping, NULL, &problem))
            return TRUE;
        tell(self, keeping->row.alert, "stopping it", problem->message);
    }
    return sched_store_write(self->options.store, write, note_old, keeping, NULL, error);
}

static void
end_one(SchedSpeeches *self, const char *alert)
{
    Keeping *keeping = g_new0(Keeping, 1);
    const SchedWrite write = {.actor = "system",
                              .at_us = content_clock_utc_us(self->options.clock)};
    g_autoptr(GError) problem = NULL, error = NULL;

    keeping->all = self;
    keeping->path = path_of(self, alert);
    keeping->row.alert = g_strdup(alert);
    if (!put_file(keeping, &problem))
        tell(self, alert, "keeping its recording", problem->message);
    if (note_death(self, &write, keeping, &error))
        forget_file(keeping);
    else
        tell(self, alert, "noting its end", error->message);
    keeping_free(keeping);
}

/* Recordings that the store has under the name that their rows say: the run was killed when it
 * was about to drop the first name. */
static gboolean
drop_kept(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedSpeeches *self = data;
    g_autoptr(GDir) folder = g_dir_open(self->options.folder, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *alert = g_strndup(name, strcspn(name, "."));
        g_autofree char *path = path_of(self, alert);
        g_autoptr(SchedSpeechRow) row = NULL;

        if (!g_str_has_suffix(name, RECORDING))
            continue;
        if (!sched_store_speech_find(txn, alert, &row, error))
            return FALSE;
        if (row != NULL && row->object != NULL)
            g_unlink(path);
    }
    return TRUE;
}

/* What an earlier run left: nobody has its key any more. Before anything else is done, so that
 * no station that connects is told of an alert in which nobody speaks. */
static void
end_old(SchedSpeeches *self)
{
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;

    if (!sched_store_read(self->options.store, read_open, &rows, &error))
        tell(self, "?", "looking for what an earlier run left", error->message);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        end_one(self, ((const SchedSpeechRow *) rows->pdata[i])->alert);
    if (error == NULL && !sched_store_read(self->options.store, drop_kept, self, &error))
        tell(self, "?", "looking for what is kept twice", error->message);
}

SchedSpeeches *
sched_speeches_new(const SchedSpeechesOptions *options)
{
    SchedSpeeches *self = g_new0(SchedSpeeches, 1);

    self->options = *options;
    self->options.folder = g_strdup(options->folder);
    self->speeches = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, speech_free);
    self->context = g_main_context_ref_thread_default();
    g_queue_init(&self->farewells);
    end_old(self);
    return self;
}

void
sched_speeches_free(SchedSpeeches *self)
{
    if (self == NULL)
        return;
    while (self->n_keeping > 0)
        g_main_context_iteration(self->context, TRUE);
    g_queue_clear_full(&self->farewells, farewell_free);
    g_hash_table_unref(self->speeches);
    g_main_context_unref(self->context);
    g_free((char *) self->options.folder);
    g_free(self);
}
