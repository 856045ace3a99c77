/*
 * pcm-testline.c - a sound card's input made of CLOCK_MONOTONIC and a sine, as an ALSA ioplug
 * plug-in: the counterpart of pcm-testcard.c.
 *
 * Flow: the program under test captures from `pcm.NAME { type testline … }`; frame n is there
 * n / rate seconds after the start. Thread: whichever calls snd_pcm_*; ALSA locks the PCM.
 *
 *   pcm_type.testline { lib "/abs/libasound_module_pcm_testline.so" }
 *   pcm.line { type testline hz 1000 channels 2 fault "/abs/line.fault" }
 *
 * hz        of a sine that peaks at -6 dBFS
 * channels  1 … 8; every one has the same frames
 * fault     a file whose first word is looked at whenever the card is: silent (a station that
 *           says nothing), stall (its clock stands still), unplugged (ENODEV)
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S         UINT64_C(1000000000)
#define RATE             48000
#define PEAK             16384
#define BUFFER_MAX_BYTES (256 * 1024)

typedef struct {
    snd_pcm_ioplug_t io;
    char *fault;
    long hz, channels;
    int timer_fd, is_running;
    uint64_t start_ns, passed, boundary;
} Line;

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * NS_PER_S + (uint64_t) now.tv_nsec;
}

static int
has_fault(const Line *line, const char *word)
{
    char text[16] = "";
    int fd = line->fault == NULL ? -1 : open(line->fault, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    return length > 0 && strncmp(text, word, strlen(word)) == 0;
}

static int
on_start(snd_pcm_ioplug_t *io)
{
    Line *line = io->private_data;
    struct itimerspec every = {{0, 10000000}, {0, 10000000}};

    line->start_ns = now_ns();
    line->passed = 0;
    line->is_running = 1;
    return timerfd_settime(line->timer_fd, 0, &every, NULL) < 0 ? -errno : 0;
}

static int
on_stop(snd_pcm_ioplug_t *io)
{
    ((Line *) io->private_data)->is_running = 0;
    return 0;
}

/* How far the card has recorded; -EPIPE when nobody fetched it in time. */
static snd_pcm_sframes_t
on_pointer(snd_pcm_ioplug_t *io)
{
    Line *line = io->private_data;
    if (has_fault(line, "unplugged"))
        snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
    else if (line->is_running && !has_fault(line, "stall"))
        line->passed = (now_ns() - line->start_ns) * RATE / NS_PER_S;
    if (line->passed > io->appl_ptr + io->buffer_size)
        return -EPIPE;
    return (snd_pcm_sframes_t) (line->passed % line->boundary);
}

static snd_pcm_sframes_t
on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset,
            snd_pcm_uframes_t n_frames)
{
    Line *line = io->private_data;
    int16_t *samples = (int16_t *) ((uint8_t *) areas->addr + areas->first / 8);
    double peak = has_fault(line, "silent") ? 0 : PEAK;

    if (io->state == SND_PCM_STATE_DISCONNECTED)
        return -ENODEV;
    for (snd_pcm_uframes_t i = 0; i < n_frames; i++) {
        double at = (double) (io->appl_ptr + i) * (double) line->hz / RATE;

        for (unsigned j = 0; j < io->channels; j++)
            samples[(offset + i) * io->channels + j] =
                (int16_t) lrint(peak * sin(2 * M_PI * at));
    }
    return (snd_pcm_sframes_t) n_frames;
}

static int
on_prepare(snd_pcm_ioplug_t *io)
{
    Line *line = io->private_data;
    snd_pcm_sw_params_t *software;
    snd_pcm_uframes_t boundary;

    if (has_fault(line, "unplugged"))
        return -ENODEV;
    snd_pcm_sw_params_alloca(&software);
    snd_pcm_sw_params_current(io->pcm, software);
    snd_pcm_sw_params_get_boundary(software, &boundary);
    line->boundary = boundary;
    line->passed = 0;
    return 0;
}

static int
on_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned n_fds,
                unsigned short *events)
{
    Line *line = io->private_data;
    uint64_t n_expired;
    snd_pcm_sframes_t available;

    if (read(line->timer_fd, &n_expired, sizeof n_expired) < 0 && errno != EAGAIN)
        return -errno;
    available = snd_pcm_avail_update(io->pcm);
    *events = available < 0 ? POLLERR | POLLIN : available > 0 ? POLLIN : 0;
    return 0;
}

static void
line_free(Line *line)
{
    if (line->timer_fd >= 0)
        close(line->timer_fd);
    free(line->fault);
    free(line);
}

static int
on_close(snd_pcm_ioplug_t *io)
{
    line_free(io->private_data);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = on_start,
    .stop = on_stop,
    .pointer = on_pointer,
    .transfer = on_transfer,
    .prepare = on_prepare,
    .poll_revents = on_poll_revents,
    .close = on_close,
};

static int
read_options(snd_config_t *config, Line *line)
{
    snd_config_iterator_t i, next;

    snd_config_for_each(i, next, config)
    {
        snd_config_t *node = snd_config_iterator_entry(i);
        const char *key, *text;

        if (snd_config_get_id(node, &key) < 0)
            continue;
        if (strcmp(key, "hz") == 0)
            snd_config_get_integer(node, &line->hz);
        else if (strcmp(key, "channels") == 0)
            snd_config_get_integer(node, &line->channels);
        else if (strcmp(key, "fault") == 0 && snd_config_get_string(node, &text) == 0)
            line->fault = strdup(text);
    }
    return line->channels >= 1 && line->channels <= 8 ? 0 : -EINVAL;
}

static int
open_line(Line *line, snd_config_t *config, const char *name, snd_pcm_stream_t stream, int mode)
{
    static const unsigned accesses[] = {SND_PCM_ACCESS_RW_INTERLEAVED};
    static const unsigned formats[] = {SND_PCM_FORMAT_S16_LE};
    snd_pcm_ioplug_t *io = &line->io;
    unsigned channels;
    int error = read_options(config, line);

    if (error < 0)
        return error;
    if (stream != SND_PCM_STREAM_CAPTURE || has_fault(line, "unplugged"))
        return -ENODEV;
    line->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    channels = (unsigned) line->channels;
    io->version = SND_PCM_IOPLUG_VERSION;
    io->name = "test line";
    io->flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    io->callback = &callbacks;
    io->private_data = line;
    io->poll_fd = line->timer_fd;
    io->poll_events = POLLIN;
    error = snd_pcm_ioplug_create(io, name, stream, mode);
    if (error < 0)
        return error;
    snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 1, accesses);
    snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, RATE, RATE);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, BUFFER_MAX_BYTES);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 256, BUFFER_MAX_BYTES);
    return 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(testline)
{
    Line *line = calloc(1, sizeof *line);
    int error;

    if (line == NULL)
        return -ENOMEM;
    line->timer_fd = -1;
    line->channels = 1;
    error = open_line(line, conf, name, stream, mode);
    if (error < 0) {
        line_free(line);
        return error;
    }
    *pcmp = line->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(testline);
