/* pcm.c - see pcm.h */
#include "player/output/pcm.h"

#include "player/output/output.h"

#include <alsa/asoundlib.h>
#include <string.h>

#define CHANNELS_MAX 8
/* A card writes a period at a time; the writer turns by its own timer, so few are enough. */
#define PERIODS 4
/* Converters count their room in frames of the other rate, and round. */
#define PLUG_SLACK_FRAMES 64
/* Frames made interleaved at a time. */
#define CHUNK_FRAMES 1024

struct PlayPcm {
    snd_pcm_t *handle;
    guint channels;
    gboolean is_direct; /* not through plug, whose converters do not rewind exactly */
    gint64 buffer_frames;
    int error; /* the last that was neither XRUN nor suspension */
};

static PlayPcmHealth
judge(PlayPcm *self, int result)
{
    snd_pcm_state_t state = snd_pcm_state(self->handle);

    /* Plug-ins are known to report a success or another error in these states. */
    if (state == SND_PCM_STATE_DISCONNECTED)
        result = -ENODEV;
    else if (state == SND_PCM_STATE_XRUN || state == SND_PCM_STATE_SUSPENDED)
        result = -EPIPE;
    if (result >= 0)
        return PLAY_PCM_FINE;
    if (result == -EPIPE || result == -ESTRPIPE)
        return PLAY_PCM_STARVED;
    self->error = result;
    return PLAY_PCM_BROKEN;
}

/* The number of channels to use: mono, stereo, or the fewest the card has; 0: none will do. */
static guint
choose_channels(snd_pcm_t *handle, snd_pcm_hw_params_t *hardware)
{
    guint fewest = 0;

    if (snd_pcm_hw_params_test_channels(handle, hardware, 1) == 0)
        return 1;
    if (snd_pcm_hw_params_test_channels(handle, hardware, 2) == 0)
        return 2;
    if (snd_pcm_hw_params_get_channels_min(hardware, &fewest) < 0 || fewest > CHANNELS_MAX)
        return 0;
    return fewest;
}

static int
set_hardware(PlayPcm *self, guint buffer_ms)
{
    snd_pcm_uframes_t buffer = (snd_pcm_uframes_t) buffer_ms * (PLAY_RATE / 1000);
    snd_pcm_uframes_t period = buffer / PERIODS;
    snd_pcm_hw_params_t *hardware;
    int error;

    snd_pcm_hw_params_alloca(&hardware);
    error = snd_pcm_hw_params_any(self->handle, hardware);
    if (error < 0)
        return error;
    self->channels = choose_channels(self->handle, hardware);
    if (self->channels == 0 ||
        (error = snd_pcm_hw_params_set_access(self->handle, hardware,
                                              SND_PCM_ACCESS_RW_INTERLEAVED)) < 0 ||
        (error = snd_pcm_hw_params_set_format(self->handle, hardware, SND_PCM_FORMAT_S16)) <
            0 ||
        (error = snd_pcm_hw_params_set_channels(self->handle, hardware, self->channels)) < 0 ||
        (error = snd_pcm_hw_params_set_rate(self->handle, hardware, PLAY_RATE, 0)) < 0 ||
        (error = snd_pcm_hw_params_set_buffer_size_near(self->handle, hardware, &buffer)) < 0 ||
        (error =
             snd_pcm_hw_params_set_period_size_near(self->handle, hardware, &period, NULL)) < 0)
        return error < 0 ? error : -EINVAL;
    error = snd_pcm_hw_params(self->handle, hardware);
    self->buffer_frames = (gint64) buffer;
    return error;
}

/* Started by play_pcm_start() alone; stopped by the card when it runs dry. */
static int
set_software(PlayPcm *self)
{
    snd_pcm_sw_params_t *software;
    snd_pcm_uframes_t boundary = 0;
    int error;

    snd_pcm_sw_params_alloca(&software);
    error = snd_pcm_sw_params_current(self->handle, software);
    if (error < 0 || (error = snd_pcm_sw_params_get_boundary(software, &boundary)) < 0 ||
        (error = snd_pcm_sw_params_set_start_threshold(self->handle, software, boundary)) < 0)
        return error;
    return snd_pcm_sw_params(self->handle, software);
}

/* @out_error: (out): an ALSA code, when NULL is returned */
static PlayPcm *
open_named(const char *name, gboolean is_direct, guint buffer_ms, int *out_error)
{
    g_autoptr(PlayPcm) self = g_new0(PlayPcm, 1);

    self->is_direct = is_direct;
    *out_error = snd_pcm_open(&self->handle, name, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (*out_error < 0 || (*out_error = set_hardware(self, buffer_ms)) < 0 ||
        (*out_error = set_software(self)) < 0 ||
        (*out_error = snd_pcm_prepare(self->handle)) < 0)
        return NULL;
    return g_steal_pointer(&self);
}

PlayPcm *
play_pcm_open(const char *device, guint buffer_ms, GError **error)
{
    int direct_error = 0, plug_error = 0;
    PlayPcm *self = open_named(device, TRUE, buffer_ms, &direct_error);

    if (self == NULL && direct_error == -EINVAL) {
        g_autofree char *plugged = g_strdup_printf("plug:\"%s\"", device);

        self = open_named(plugged, FALSE, buffer_ms, &plug_error);
    }
    if (self == NULL)
        g_set_error(error, PLAY_OUTPUT_ERROR, PLAY_OUTPUT_ERROR_DEVICE,
                    "opening sound card '%s': %s", device,
                    snd_strerror(plug_error < 0 ? plug_error : direct_error));
    return self;
}

void
play_pcm_close(PlayPcm *self)
{
    if (self == NULL)
        return;
    if (self->handle != NULL) {
        snd_pcm_drop(self->handle);
        snd_pcm_close(self->handle);
    }
    g_free(self);
}

gint64
play_pcm_buffer_frames(PlayPcm *self)
{
    return self->buffer_frames;
}

PlayPcmHealth
play_pcm_delay(PlayPcm *self, gint64 *out_frames)
{
    snd_pcm_sframes_t delay = 0;
    PlayPcmHealth health = judge(self, snd_pcm_delay(self->handle, &delay));

    if (health == PLAY_PCM_FINE)
        *out_frames = delay;
    return health;
}

PlayPcmHealth
play_pcm_room(PlayPcm *self, gint64 *out_frames)
{
    snd_pcm_sframes_t room = snd_pcm_avail(self->handle);
    PlayPcmHealth health = judge(self, (int) MIN(room, 0));

    if (health == PLAY_PCM_FINE)
        *out_frames = self->is_direct ? room : MAX(room - PLUG_SLACK_FRAMES, 0);
    return health;
}

static PlayPcmHealth
write_interleaved(PlayPcm *self, const gint16 *samples, gint64 n_frames)
{
    while (n_frames > 0) {
        snd_pcm_sframes_t n =
            snd_pcm_writei(self->handle, samples, (snd_pcm_uframes_t) n_frames);

        /* There was room, so EAGAIN is a card that contradicts itself. */
        if (n <= 0)
            return judge(self, n == 0 ? -EIO : (int) n);
        samples += n * self->channels;
        n_frames -= n;
    }
    return PLAY_PCM_FINE;
}

PlayPcmHealth
play_pcm_write(PlayPcm *self, const gint16 *frames, gint64 n_frames)
{
    gint16 samples[CHUNK_FRAMES * CHANNELS_MAX];
    PlayPcmHealth health = PLAY_PCM_FINE;

    if (self->channels == 1)
        return write_interleaved(self, frames, n_frames);
    for (gint64 done = 0; done < n_frames && health == PLAY_PCM_FINE;) {
        gint64 n = MIN(n_frames - done, CHUNK_FRAMES);

        for (gint64 i = 0; i < n * self->channels; i++)
            samples[i] = frames[done + i / self->channels];
        health = write_interleaved(self, samples, n);
        done += n;
    }
    return health;
}

PlayPcmHealth
play_pcm_start(PlayPcm *self)
{
    return judge(self, snd_pcm_start(self->handle));
}

PlayPcmHealth
play_pcm_prepare(PlayPcm *self)
{
    snd_pcm_drop(self->handle);
    return judge(self, snd_pcm_prepare(self->handle));
}

gint64
play_pcm_rewind(PlayPcm *self, gint64 n_frames)
{
    snd_pcm_sframes_t can = self->is_direct ? snd_pcm_rewindable(self->handle) : 0;

    if (can > 0)
        can = snd_pcm_rewind(self->handle, (snd_pcm_uframes_t) MIN(can, n_frames));
    return MAX(can, 0);
}

const char *
play_pcm_words(PlayPcm *self)
{
    return self->error == 0 ? "it runs dry as soon as it is started"
                            : snd_strerror(self->error);
}
