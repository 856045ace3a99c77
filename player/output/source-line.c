/* source-line.c - see source-line.h */
#include "player/output/source-line.h"

#include <alsa/asoundlib.h>
#include <gio/gio.h>

/* What a busy machine may keep the thread waiting without a sample lost. */
#define BUFFER_FRAMES (PLAY_RATE / 2)
#define PERIOD_FRAMES (PLAY_RATE / 50)
#define CHUNK_FRAMES  PERIOD_FRAMES
#define CHANNELS_MAX  8
/* How uneven a period's arrival and a stride of the writer may be together. */
#define HOLD_MS 300
/* By a timer of ours: snd_pcm_wait() never returns from a plug-in whose clock stands still. */
#define TURN_US  (20 * G_GINT64_CONSTANT(1000))
#define STALL_US (1 * G_USEC_PER_SEC)

typedef struct {
    char *device; /* (owned) */
} Line;

/* One opened card, of the bringer's thread. */
typedef struct {
    snd_pcm_t *handle;
    guint channels;
} Capture;

static void
capture_close(Capture *capture)
{
    if (capture->handle != NULL)
        snd_pcm_close(capture->handle);
    g_free(capture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capture, capture_close)

static int
set_hardware(Capture *self)
{
    snd_pcm_uframes_t buffer = BUFFER_FRAMES, period = PERIOD_FRAMES;
    snd_pcm_hw_params_t *hardware;
    int error;

    snd_pcm_hw_params_alloca(&hardware);
    error = snd_pcm_hw_params_any(self->handle, hardware);
    if (error < 0)
        return error;
    self->channels = snd_pcm_hw_params_test_channels(self->handle, hardware, 1) == 0 ? 1 : 2;
    if (snd_pcm_hw_params_test_channels(self->handle, hardware, self->channels) < 0)
        snd_pcm_hw_params_get_channels_min(hardware, &self->channels);
    if (self->channels == 0 || self->channels > CHANNELS_MAX)
        return -EINVAL;
    if ((error = snd_pcm_hw_params_set_access(self->handle, hardware,
                                              SND_PCM_ACCESS_RW_INTERLEAVED)) < 0 ||
        (error = snd_pcm_hw_params_set_format(self->handle, hardware, SND_PCM_FORMAT_S16)) <
            0 ||
        (error = snd_pcm_hw_params_set_channels(self->handle, hardware, self->channels)) < 0 ||
        (error = snd_pcm_hw_params_set_rate(self->handle, hardware, PLAY_RATE, 0)) < 0 ||
        (error = snd_pcm_hw_params_set_buffer_size_near(self->handle, hardware, &buffer)) < 0 ||
        (error =
             snd_pcm_hw_params_set_period_size_near(self->handle, hardware, &period, NULL)) < 0)
        return error;
    return snd_pcm_hw_params(self->handle, hardware);
}

/* @out_error: (out): an ALSA code, when NULL is returned */
static Capture *
open_named(const char *name, int *out_error)
{
    g_autoptr(Capture) self = g_new0(Capture, 1);

    *out_error = snd_pcm_open(&self->handle, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
    if (*out_error < 0 || (*out_error = set_hardware(self)) < 0 ||
        (*out_error = snd_pcm_prepare(self->handle)) < 0 ||
        (*out_error = snd_pcm_start(self->handle)) < 0)
        return NULL;
    return g_steal_pointer(&self);
}

static Capture *
open_line(const char *device, GError **error)
{
    int failure = 0;
    Capture *capture = open_named(device, &failure);

    if (capture == NULL && failure == -EINVAL) {
        g_autofree char *plugged = g_strdup_printf("plug:\"%s\"", device);

        capture = open_named(plugged, &failure);
    }
    if (capture == NULL)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "opening line-in '%s': %s", device,
                    snd_strerror(failure));
    return capture;
}

static void
mix_down(const gint16 *samples, guint channels, gint16 *frames, gsize n_frames)
{
    for (gsize i = 0; i < n_frames; i++) {
        gint sum = 0;

        for (guint j = 0; j < channels; j++)
            sum += samples[i * channels + j];
        frames[i] = (gint16) (sum / (gint) channels);
    }
}

/* Everything that is there now. Returns: how many frames, or an ALSA error */
static snd_pcm_sframes_t
read_all(Capture *capture, PlayLive *live)
{
    gint16 samples[CHUNK_FRAMES * CHANNELS_MAX], frames[CHUNK_FRAMES];
    snd_pcm_sframes_t n, n_all = 0;

    while ((n = snd_pcm_readi(capture->handle, samples, CHUNK_FRAMES)) > 0) {
        mix_down(samples, capture->channels, frames, (gsize) n);
        play_live_give(live, frames, (gsize) n);
        n_all += n;
    }
    /* Plug-ins are known to report another error, or none, in this state. */
    if (snd_pcm_state(capture->handle) == SND_PCM_STATE_DISCONNECTED)
        return -ENODEV;
    return n == -EAGAIN || n == 0 ? n_all : n;
}

/* A buffer that ran over, or a machine that slept, is begun anew; anything else is the end. */
static int
recover(Capture *capture, int failure)
{
    if (failure != -EPIPE && failure != -ESTRPIPE)
        return failure;
    failure = snd_pcm_prepare(capture->handle);
    return failure < 0 ? failure : snd_pcm_start(capture->handle);
}

static void
bring_line(gpointer data, PlayLive *live, GError **error)
{
    Line *self = data;
    g_autoptr(Capture) capture = open_line(self->device, error);
    gint64 moved_us = g_get_monotonic_time();
    int failure = 0;

    while (capture != NULL && failure >= 0 && play_live_is_wanted(live)) {
        snd_pcm_sframes_t n;

        play_live_wait_us(live, TURN_US);
        n = read_all(capture, live);
        if (n > 0)
            moved_us = g_get_monotonic_time();
        if (n < 0)
            failure = recover(capture, (int) n);
        else if (g_get_monotonic_time() - moved_us > STALL_US)
            failure = -ETIMEDOUT;
    }
    if (failure < 0)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "line-in '%s': %s", self->device,
                    failure == -ETIMEDOUT ? "its clock stood still for a second"
                                          : snd_strerror(failure));
}

static void
line_free(gpointer data)
{
    Line *self = data;

    g_free(self->device);
    g_free(self);
}

static const PlayBringer line_bringer = {"line_in", HOLD_MS, 0, bring_line, line_free};

PlaySource *
play_source_line_new(const char *device)
{
    Line *self = g_new0(Line, 1);

    self->device = g_strdup(device);
    return play_source_live_new(&line_bringer, self);
}
