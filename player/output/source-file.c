/*
 * source-file.c - see source-file.h
 *
 * appsrc (pulled by position) ! oggdemux ! opusdec ! appsink (a bounded queue)
 *
 * Setting up, seeking and tearing down wait for disks, so they run on a thread of GStreamer's
 * own (gst_element_call_async); the structure is counted because they outlive the caller's
 * interest.
 */
#include "player/output/source-file.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Decoded ahead: 50 Opus packets, a second as we encode them, six if they are of 120 ms. */
#define QUEUE_BUFFERS 50
/* Taken from there at once, so that the decoder wakes for 25 packets and not for each. */
#define TAKEN_BUFFERS 25
/* The demuxer asks for some kB at a time; more than this in one read is not given. */
#define READ_MAX_BYTES 65536
/* A join seeks this far ahead of its target and drops the difference: the decoder needs 80 ms
 * to converge (RFC 7845 section 4.6), and Ogg pages are up to a second long. */
#define SEEK_AHEAD_FRAMES (2 * PLAY_RATE)
#define SEEK_STEP_FRAMES  (PLAY_RATE / 1000)
/* A gap in the time stamps above this is a hole in the file, below it is rounding. */
#define HOLE_FRAMES     48
#define SEEK_TIMEOUT_NS (10 * GST_SECOND)

typedef struct {
    PlaySource base;
    gatomicrefcount n_refs;
    int fd;
    GstElement *pipeline;
    GstAppSink *sink;     /* (not owned): of the pipeline */
    GstElement *decoder;  /* (not owned): of the pipeline */
    guint64 offset;       /* in the file, of the next read; of the reading thread */
    gint64 target;        /* the frame prepare was told */
    gboolean is_prepared; /* of the owner thread */

    GMutex setup;      /* held while the pipeline changes its state */
    gint is_linked;    /* atomic: an Opus stream was found */
    gint has_ended;    /* atomic: the decoder gave its last frame to the queue */
    gint has_failed;   /* atomic; `error` is set before it */
    gint is_cancelled; /* atomic */
    GMutex lock;
    GError *error; /* (owned) (nullable): under `lock`, the first only */

    /* The reader's, that is the writer thread's. */
    GQueue taken;      /* (element-type GstBuffer): after `buffer` */
    GstBuffer *buffer; /* (owned) (nullable): mapped in `map` */
    GstMapInfo map;
    gsize n_used; /* frames of `buffer` */
    gint64 position;
    gboolean has_position;
} FileSource;

static FileSource *
file_source_ref(FileSource *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

static void
drop_buffer(FileSource *self)
{
    if (self->buffer == NULL)
        return;
    gst_buffer_unmap(self->buffer, &self->map);
    g_clear_pointer(&self->buffer, gst_buffer_unref);
}

static void
file_source_unref(gpointer data)
{
    FileSource *self = data;

    if (!g_atomic_ref_count_dec(&self->n_refs))
        return;
    drop_buffer(self);
    g_queue_clear_full(&self->taken, (GDestroyNotify) gst_buffer_unref);
    g_clear_error(&self->error);
    g_mutex_clear(&self->lock);
    g_mutex_clear(&self->setup);
    g_clear_object(&self->pipeline);
    close(self->fd);
    g_free(self);
}

static void
fail(FileSource *self, const char *detail)
{
    g_mutex_lock(&self->lock);
    if (self->error == NULL)
        self->error = g_error_new(PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE, "%s", detail);
    g_mutex_unlock(&self->lock);
    g_atomic_int_set(&self->has_failed, TRUE);
}

static void
on_need_data(GstAppSrc *appsrc, guint length, gpointer user_data)
{
    FileSource *self = user_data;
    GstBuffer *buffer = gst_buffer_new_allocate(NULL, MIN(length, READ_MAX_BYTES), NULL);
    GstMapInfo map;
    ssize_t n_bytes = -1;

    if (gst_buffer_map(buffer, &map, GST_MAP_WRITE)) {
        n_bytes = pread(self->fd, map.data, map.size, (off_t) self->offset);
        gst_buffer_unmap(buffer, &map);
    }
    if (n_bytes <= 0) {
        if (n_bytes < 0)
            fail(self, "reading the file failed");
        gst_buffer_unref(buffer);
        gst_app_src_end_of_stream(appsrc);
        return;
    }
    gst_buffer_set_size(buffer, n_bytes);
    self->offset += (guint64) n_bytes;
    gst_app_src_push_buffer(appsrc, buffer);
}

static gboolean
on_seek_data(GstAppSrc *appsrc, guint64 offset, gpointer user_data)
{
    FileSource *self = user_data;

    self->offset = offset;
    return TRUE;
}

static void
on_eos(GstAppSink *sink, gpointer user_data)
{
    FileSource *self = user_data;

    g_atomic_int_set(&self->has_ended, TRUE);
}

static void
on_pad_added(GstElement *demux, GstPad *pad, gpointer user_data)
{
    FileSource *self = user_data;
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    g_autoptr(GstPad) decoder_pad = gst_element_get_static_pad(self->decoder, "sink");

    if (caps == NULL ||
        !gst_structure_has_name(gst_caps_get_structure(caps, 0), "audio/x-opus"))
        fail(self, "a stream in the file is not Opus");
    else if (!g_atomic_int_compare_and_exchange(&self->is_linked, FALSE, TRUE))
        fail(self, "more than one stream in the file");
    else if (gst_pad_link(pad, decoder_pad) != GST_PAD_LINK_OK)
        fail(self, "the Opus stream is of a kind that cannot be played");
}

/* Errors are taken from the bus where they are made; nobody reads the rest. */
static GstBusSyncReply
on_bus_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    FileSource *self = user_data;

    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        g_autoptr(GError) error = NULL;

        gst_message_parse_error(message, &error, NULL);
        fail(self, error->message);
    }
    gst_message_unref(message);
    return GST_BUS_DROP;
}

/* Plays from `target` on: the seek lands before it, the reader drops the difference. */
static gboolean
seek_near(FileSource *self)
{
    /* On a whole millisecond, which is exact in ns: the decoder cuts its first buffer there. */
    gint64 near = (self->target - SEEK_AHEAD_FRAMES) / SEEK_STEP_FRAMES * SEEK_STEP_FRAMES;

    if (near <= 0)
        return TRUE;
    if (gst_element_set_state(self->pipeline, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE ||
        gst_element_get_state(self->pipeline, NULL, NULL, SEEK_TIMEOUT_NS) !=
            GST_STATE_CHANGE_SUCCESS)
        return FALSE;
    return gst_element_seek_simple(
        self->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
        gst_util_uint64_scale((guint64) near, GST_SECOND, PLAY_RATE));
}

/* On a thread of GStreamer. */
static void
start_pipeline(GstElement *pipeline, gpointer user_data)
{
    FileSource *self = user_data;

    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->setup);

    if (g_atomic_int_get(&self->is_cancelled))
        return;
    if (!seek_near(self))
        fail(self, "the file cannot be played from the middle");
    else if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        fail(self, "the file cannot be decoded");
}

/* On a thread of GStreamer: waits until its other threads have let go of the file. */
static void
stop_pipeline(GstElement *pipeline, gpointer user_data)
{
    FileSource *self = user_data;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->setup);

    gst_element_set_state(pipeline, GST_STATE_NULL);
}

static gboolean
file_prepare(PlaySource *source, gint64 position, GError **error)
{
    FileSource *self = (FileSource *) source;

    if (self->is_prepared)
        return TRUE;
    self->is_prepared = TRUE;
    self->target = MAX(position, 0);
    gst_element_call_async(self->pipeline, start_pipeline, file_source_ref(self),
                           file_source_unref);
    return TRUE;
}

/* Where the first frame of a new buffer lies: by its time stamp, unless that is mere rounding.
 */
static void
place_buffer(FileSource *self)
{
    GstClockTime time = GST_BUFFER_PTS(self->buffer);
    gint64 stamped;

    if (!GST_CLOCK_TIME_IS_VALID(time))
        return;
    stamped = (gint64) gst_util_uint64_scale_round(time, PLAY_RATE, GST_SECOND);
    if (!self->has_position || ABS(stamped - self->position) > HOLE_FRAMES)
        self->position = stamped;
    self->has_position = TRUE;
}

static void
take_decoded(FileSource *self)
{
    while (self->taken.length < TAKEN_BUFFERS) {
        g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample(self->sink, 0);
        GstBuffer *buffer = sample == NULL ? NULL : gst_sample_get_buffer(sample);

        if (buffer == NULL)
            return;
        g_queue_push_tail(&self->taken, gst_buffer_ref(buffer));
    }
}

static gboolean
take_buffer(FileSource *self)
{
    g_autoptr(GstBuffer) buffer = NULL;

    if (g_queue_is_empty(&self->taken))
        take_decoded(self);
    buffer = g_queue_pop_head(&self->taken);
    if (buffer == NULL || !gst_buffer_map(buffer, &self->map, GST_MAP_READ))
        return FALSE;
    self->buffer = g_steal_pointer(&buffer);
    self->n_used = 0;
    place_buffer(self);
    return TRUE;
}

static gboolean
file_is_ready(PlaySource *source)
{
    FileSource *self = (FileSource *) source;

    return self->buffer != NULL || take_buffer(self) || g_atomic_int_get(&self->has_ended) ||
           g_atomic_int_get(&self->has_failed);
}

/* Frames of the current buffer before the target of a join are dropped here. */
static void
drop_before_target(FileSource *self)
{
    gsize n_left = self->map.size / sizeof(gint16) - self->n_used;
    gsize n_early = (gsize) CLAMP(self->target - self->position, 0, (gint64) n_left);

    self->n_used += n_early;
    self->position += (gint64) n_early;
}

static gsize
file_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    FileSource *self = (FileSource *) source;
    gsize n_done = 0;

    while (n_done < n_frames && (self->buffer != NULL || take_buffer(self))) {
        gsize n;

        drop_before_target(self);
        n = MIN(n_frames - n_done, self->map.size / sizeof(gint16) - self->n_used);
        if (frames != NULL)
            memcpy(frames + n_done, (const gint16 *) (gpointer) self->map.data + self->n_used,
                   n * sizeof *frames);
        self->n_used += n;
        self->position += (gint64) n;
        n_done += n;
        if (self->n_used >= self->map.size / sizeof(gint16))
            drop_buffer(self);
    }
    return n_done;
}

static gint64
file_position(PlaySource *source)
{
    FileSource *self = (FileSource *) source;

    return MAX(self->position, self->target);
}

static PlaySourceEnd
file_end(PlaySource *source, GError **error)
{
    FileSource *self = (FileSource *) source;

    if (g_atomic_int_get(&self->has_failed)) {
        g_mutex_lock(&self->lock);
        if (error != NULL)
            *error = g_error_copy(self->error);
        g_mutex_unlock(&self->lock);
        return PLAY_SOURCE_FAILED;
    }
    /* A sink that has not started says it is at the end, hence the mark of our own. */
    if (g_atomic_int_get(&self->has_ended) && self->buffer == NULL &&
        g_queue_is_empty(&self->taken) && gst_app_sink_is_eos(self->sink))
        return PLAY_SOURCE_FINISHED;
    return PLAY_SOURCE_GOING;
}

static void
file_cancel(PlaySource *source)
{
    FileSource *self = (FileSource *) source;

    if (g_atomic_int_compare_and_exchange(&self->is_cancelled, FALSE, TRUE))
        gst_element_call_async(self->pipeline, stop_pipeline, file_source_ref(self),
                               file_source_unref);
}

static void
file_free(PlaySource *source)
{
    file_source_unref(source);
}

static const PlaySourceClass file_class = {
    .kind = "file",
    .prepare = file_prepare,
    .is_ready = file_is_ready,
    .read = file_read,
    .position = file_position,
    .end = file_end,
    .cancel = file_cancel,
    .free = file_free,
};

static void
set_up_source(FileSource *self, GstAppSrc *appsrc, gint64 size_bytes)
{
    GstAppSrcCallbacks callbacks = {.need_data = on_need_data, .seek_data = on_seek_data};

    gst_app_src_set_stream_type(appsrc, GST_APP_STREAM_TYPE_RANDOM_ACCESS);
    gst_app_src_set_size(appsrc, size_bytes);
    gst_app_src_set_callbacks(appsrc, &callbacks, self, NULL);
}

static void
set_up_sink(FileSource *self)
{
    GstAppSinkCallbacks callbacks = {.eos = on_eos};
    g_autoptr(GstCaps) caps =
        gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT,
                            PLAY_RATE, "channels", G_TYPE_INT, 1, NULL);

    g_object_set(self->sink, "sync", FALSE, "enable-last-sample", FALSE, "max-buffers",
                 QUEUE_BUFFERS, "wait-on-eos", FALSE, NULL);
    gst_app_sink_set_caps(self->sink, caps);
    gst_app_sink_set_callbacks(self->sink, &callbacks, self, NULL);
}

static gboolean
build_pipeline(FileSource *self, gint64 size_bytes)
{
    GstElement *appsrc = gst_element_factory_make("appsrc", NULL);
    GstElement *demux = gst_element_factory_make("oggdemux", NULL);
    GstElement *decoder = gst_element_factory_make("opusdec", NULL);
    GstElement *sink = gst_element_factory_make("appsink", NULL);
    g_autoptr(GstBus) bus = NULL;

    self->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
    gst_bin_add_many(GST_BIN(self->pipeline), appsrc, demux, decoder, sink, NULL);
    self->decoder = decoder;
    self->sink = GST_APP_SINK(sink);
    set_up_source(self, GST_APP_SRC(appsrc), size_bytes);
    set_up_sink(self);
    g_signal_connect(demux, "pad-added", G_CALLBACK(on_pad_added), self);
    bus = gst_element_get_bus(self->pipeline);
    gst_bus_set_sync_handler(bus, on_bus_message, self, NULL);
    return gst_element_link(appsrc, demux) && gst_element_link(decoder, sink);
}

PlaySource *
play_source_file_new(int fd, GError **error)
{
    FileSource *self = g_new0(FileSource, 1);
    struct stat status = {0};

    self->base.klass = &file_class;
    g_atomic_ref_count_init(&self->n_refs);
    g_mutex_init(&self->lock);
    g_mutex_init(&self->setup);
    self->fd = fd;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP,
                    "descriptor %d is not a regular file", fd);
    } else if (!build_pipeline(self, status.st_size)) {
        g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP,
                    "the decoding pipeline cannot be linked");
    } else {
        return &self->base;
    }
    file_source_unref(self);
    return NULL;
}
