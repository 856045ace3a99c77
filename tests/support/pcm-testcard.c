/*
 * pcm-testcard.c - a sound card made of CLOCK_MONOTONIC and a file, as an ALSA ioplug plug-in.
 *
 * Flow: the program under test plays to `pcm.NAME { type testcard … }`; what a listener at the
 * loudspeaker would have heard ends up in `file`, sample by sample.
 * Thread: whichever thread calls snd_pcm_*; ALSA locks the PCM around the callbacks.
 *
 * It behaves as hardware does: it paces in real time, has a ring that is heard at the rate of
 * its clock, stops with XRUN when the ring runs dry, forgets what was not yet heard on drop(),
 * lets the ring be rewritten after rewind(), and gives a second opener EBUSY.
 *
 *   pcm_type.testcard { lib "/abs/libasound_module_pcm_testcard.so" }
 *   pcm.card { type testcard file "/abs/card.raw" channels 1 ppm 0 fault "/abs/card.fault" }
 *
 * file      frame n was heard n / rate seconds after the instant in FILE.t0; the timeline goes
 *           on over any number of opens; silence is left as a hole in the file
 * FILE.t0   "MONOTONIC_NS REALTIME_NS" of frame 0, written at the first open
 * FILE.log  "EVENT MONOTONIC_NS FRAME", a line each: open start stop xrun stall unplugged close
 * channels  1 … 8; 0 (the default) takes 1 or 2, as the program likes
 * rate      48000 unless given
 * ppm       how much faster than its nominal rate the card runs
 * keep_s    so many seconds stay on the disk, what is older becomes a hole; 0 (the default):
 * all fault     a file whose first word is looked at when the card is touched, at most once a
 * millisecond: xrun (once, the file is removed), stall (the clock of the card stands still),
 * unplugged (ENODEV)
 *
 * The program under test touches the card five times a turn, and its CPU time is measured: what
 * was heard is written in stretches of 10 ms, or before its place in the ring is used again.
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Two readings in a row take less than 1 µs unless the machine lets us wait. */
#define UNDISTURBED_NS   20000
#define MAX_LOOKS        16
#define NS_PER_S         UINT64_C(1000000000)
#define BUFFER_MAX_BYTES (256 * 1024)
#define FAULT_AGE_NS     (NS_PER_S / 1000)
#define STRETCHES_PER_S  100

typedef enum {
    FAULT_NONE,
    FAULT_XRUN,
    FAULT_STALL,
    FAULT_UNPLUGGED,
} Fault;

static const char *const fault_words[] = {"", "xrun", "stall", "unplugged"};

typedef struct {
    char *file; /* path of the timeline, or NULL: heard by nobody */
    char *fault;
    long rate, channels, ppm, keep_s;
} Options;

typedef struct {
    snd_pcm_ioplug_t io;
    Options options;
    int timeline_fd, timer_fd;
    FILE *log;
    uint64_t zero_ns;    /* monotonic instant of frame 0 of the timeline */
    uint64_t start_ns;   /* of the run: since prepare() and start() */
    uint64_t base_frame; /* place of the run's first frame on the timeline */
    uint64_t end_frame;  /* one past the last frame of the timeline heard so far */
    uint64_t kept_from;  /* frames of the timeline before it have been made a hole */
    uint64_t heard;      /* frames of the run that were heard */
    uint64_t kept;       /* of them, those that are on the timeline */
    uint64_t fault_ns;   /* when `fault` was read */
    Fault fault;
    uint64_t stalled_at; /* frames of the run at which the clock stands still */
    uint64_t boundary;
    int is_running, is_stalled;
    unsigned frame_bytes;
    uint8_t *ring;
} Card;

static uint64_t
clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t) now.tv_sec * NS_PER_S + (uint64_t) now.tv_nsec;
}

static void
log_event(Card *card, const char *event, uint64_t frame)
{
    if (card->log == NULL)
        return;
    fprintf(card->log, "%s %" PRIu64 " %" PRIu64 "\n", event, clock_ns(CLOCK_MONOTONIC), frame);
    fflush(card->log);
}

static Fault
read_fault(const char *path)
{
    char word[16] = "";
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, word, sizeof word - 1);

    if (fd >= 0)
        close(fd);
    word[strcspn(word, " \n")] = '\0';
    for (int i = FAULT_XRUN; length > 0 && i <= FAULT_UNPLUGGED; i++) {
        if (strcmp(word, fault_words[i]) == 0)
            return i;
    }
    return FAULT_NONE;
}

static Fault
recent_fault(Card *card)
{
    uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);

    if (now_ns - card->fault_ns > FAULT_AGE_NS) {
        card->fault = read_fault(card->options.fault);
        card->fault_ns = now_ns;
    }
    return card->fault;
}

static uint64_t
frames_in(Card *card, uint64_t duration_ns, long ppm)
{
    return (uint64_t) ((double) duration_ns * card->io.rate * (1.0 + ppm / 1e6) / NS_PER_S);
}

/* Frames of the run that the card's clock says have passed. */
static uint64_t
frames_passed(Card *card)
{
    uint64_t passed =
        frames_in(card, clock_ns(CLOCK_MONOTONIC) - card->start_ns, card->options.ppm);

    if (!card->is_stalled)
        return passed;
    return passed < card->stalled_at ? passed : card->stalled_at;
}

static int
is_silent(const uint8_t *bytes, size_t n_bytes)
{
    return n_bytes == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, n_bytes - 1) == 0);
}

/* A second at a time; where the file system has no holes everything stays. */
static void
forget_old(Card *card)
{
    uint64_t keep = (uint64_t) (card->options.keep_s * card->options.rate);
    uint64_t n_old;

    if (keep == 0 || card->timeline_fd < 0 ||
        card->end_frame < card->kept_from + keep + (uint64_t) card->options.rate)
        return;
    n_old = card->end_frame - keep;
    fallocate(card->timeline_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
              (off_t) (n_old * card->frame_bytes));
    card->kept_from = n_old;
}

/* Moves what was heard from the ring to the timeline. */
static int
keep_heard(Card *card)
{
    while (card->kept < card->heard) {
        uint64_t offset = card->kept % card->io.buffer_size;
        uint64_t n = card->io.buffer_size - offset;
        const uint8_t *bytes = card->ring + offset * card->frame_bytes;

        n = n < card->heard - card->kept ? n : card->heard - card->kept;
        if (card->timeline_fd >= 0 && !is_silent(bytes, n * card->frame_bytes) &&
            pwrite(card->timeline_fd, bytes, n * card->frame_bytes,
                   (off_t) ((card->base_frame + card->kept) * card->frame_bytes)) < 0)
            return -errno;
        card->kept += n;
    }
    forget_old(card);
    return 0;
}

static int
hear_until(Card *card, uint64_t passed)
{
    card->heard = passed > card->heard ? passed : card->heard;
    card->end_frame = card->base_frame + card->heard;
    if (card->heard - card->kept < (uint64_t) card->options.rate / STRETCHES_PER_S)
        return 0;
    return keep_heard(card);
}

static int
end_run(Card *card, const char *event)
{
    int error = keep_heard(card);

    card->is_running = 0;
    log_event(card, event, card->end_frame);
    if (error < 0)
        return error;
    if (card->timeline_fd >= 0 &&
        ftruncate(card->timeline_fd, (off_t) (card->end_frame * card->frame_bytes)) < 0)
        return -errno;
    return 0;
}

/* poll() wakes once a period, as the interrupt of a card does. */
static void
arm_timer(Card *card, uint64_t from_ns)
{
    uint64_t period_ns = card->io.period_size * NS_PER_S / card->io.rate;
    uint64_t first_ns = from_ns + period_ns;
    struct itimerspec when = {
        .it_value = {(time_t) (first_ns / NS_PER_S), (long) (first_ns % NS_PER_S)},
        .it_interval = {(time_t) (period_ns / NS_PER_S), (long) (period_ns % NS_PER_S)},
    };

    timerfd_settime(card->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static int
on_start(snd_pcm_ioplug_t *io)
{
    Card *card = io->private_data;

    card->start_ns = clock_ns(CLOCK_MONOTONIC);
    card->base_frame = frames_in(card, card->start_ns - card->zero_ns, 0);
    if (card->base_frame < card->end_frame)
        card->base_frame = card->end_frame;
    card->heard = card->kept = 0;
    card->is_running = 1;
    card->is_stalled = 0;
    arm_timer(card, card->start_ns);
    log_event(card, "start", card->base_frame);
    return 0;
}

static int
on_stop(snd_pcm_ioplug_t *io)
{
    Card *card = io->private_data;
    uint64_t passed;

    if (!card->is_running)
        return 0;
    passed = frames_passed(card);
    hear_until(card, passed < io->appl_ptr ? passed : io->appl_ptr);
    return end_run(card, "stop");
}

static void
unplug(Card *card)
{
    if (card->is_running)
        end_run(card, "unplugged");
    snd_pcm_ioplug_set_state(&card->io, SND_PCM_STATE_DISCONNECTED);
}

static void
set_stalled(Card *card, int is_stalled)
{
    if (is_stalled && !card->is_stalled) {
        card->stalled_at = frames_passed(card);
        log_event(card, "stall", card->base_frame + card->stalled_at);
    }
    card->is_stalled = is_stalled;
}

/* Where the loudspeaker is; -EPIPE when it has run dry. */
static snd_pcm_sframes_t
on_pointer(snd_pcm_ioplug_t *io)
{
    Card *card = io->private_data;
    Fault fault = recent_fault(card);
    uint64_t passed;
    int is_dry;

    if (fault == FAULT_UNPLUGGED) {
        /* ALSA would make an error here an XRUN; the state alone makes the next call ENODEV. */
        unplug(card);
        return (snd_pcm_sframes_t) (card->heard % card->boundary);
    }
    if (!card->is_running)
        return (snd_pcm_sframes_t) (card->heard % card->boundary);
    set_stalled(card, fault == FAULT_STALL);
    passed = frames_passed(card);
    is_dry = passed > io->appl_ptr && io->state != SND_PCM_STATE_DRAINING;
    if (hear_until(card, passed < io->appl_ptr ? passed : io->appl_ptr) < 0)
        return -EIO;
    if (fault == FAULT_XRUN && unlink(card->options.fault) < 0)
        return -EIO;
    card->fault = fault == FAULT_XRUN ? FAULT_NONE : fault;
    if (is_dry || fault == FAULT_XRUN) {
        end_run(card, "xrun");
        return -EPIPE;
    }
    return (snd_pcm_sframes_t) (card->heard % card->boundary);
}

/* Puts frames into the ring where ALSA's application pointer stands, also after a rewind. */
static snd_pcm_sframes_t
on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset,
            snd_pcm_uframes_t n_frames)
{
    Card *card = io->private_data;
    const uint8_t *bytes =
        (const uint8_t *) areas->addr + (areas->first + areas->step * offset) / 8;

    if (io->state == SND_PCM_STATE_DISCONNECTED)
        return -ENODEV;
    if (io->appl_ptr + n_frames > card->kept + io->buffer_size && keep_heard(card) < 0)
        return -EIO;
    for (snd_pcm_uframes_t done = 0; done < n_frames;) {
        snd_pcm_uframes_t at = (io->appl_ptr + done) % io->buffer_size;
        snd_pcm_uframes_t n = io->buffer_size - at;

        n = n < n_frames - done ? n : n_frames - done;
        memcpy(card->ring + at * card->frame_bytes, bytes + done * card->frame_bytes,
               n * card->frame_bytes);
        done += n;
    }
    return (snd_pcm_sframes_t) n_frames;
}

static int
on_prepare(snd_pcm_ioplug_t *io)
{
    Card *card = io->private_data;
    snd_pcm_sw_params_t *software;
    snd_pcm_uframes_t boundary;

    if (read_fault(card->options.fault) == FAULT_UNPLUGGED)
        return -ENODEV;
    on_stop(io);
    snd_pcm_sw_params_alloca(&software);
    snd_pcm_sw_params_current(io->pcm, software);
    snd_pcm_sw_params_get_boundary(software, &boundary);
    card->boundary = boundary;
    card->heard = card->kept = 0;
    card->frame_bytes = (unsigned) snd_pcm_format_physical_width(io->format) / 8 * io->channels;
    free(card->ring);
    card->ring = calloc(io->buffer_size, card->frame_bytes);
    arm_timer(card, clock_ns(CLOCK_MONOTONIC));
    return card->ring == NULL ? -ENOMEM : 0;
}

static int
on_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned n_fds,
                unsigned short *events)
{
    Card *card = io->private_data;
    uint64_t n_expired;
    snd_pcm_sframes_t available;

    if ((fds->revents & POLLIN) != 0 &&
        read(card->timer_fd, &n_expired, sizeof n_expired) < 0 && errno != EAGAIN)
        return -errno;
    available = snd_pcm_avail_update(io->pcm);
    *events = 0;
    if (available < 0)
        *events = POLLERR | POLLOUT;
    else if ((snd_pcm_uframes_t) available >= io->period_size)
        *events = POLLOUT;
    return 0;
}

static void
card_free(Card *card)
{
    if (card->log != NULL)
        fclose(card->log);
    if (card->timeline_fd >= 0)
        close(card->timeline_fd);
    if (card->timer_fd >= 0)
        close(card->timer_fd);
    free(card->ring);
    free(card->options.file);
    free(card->options.fault);
    free(card);
}

static int
on_close(snd_pcm_ioplug_t *io)
{
    Card *card = io->private_data;

    on_stop(io);
    log_event(card, "close", card->end_frame);
    card_free(card);
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
read_option(snd_config_t *node, const char *key, Options *options)
{
    const struct {
        const char *key;
        long *number;
    } numbers[] = {
        {"rate", &options->rate},
        {"channels", &options->channels},
        {"ppm", &options->ppm},
        {"keep_s", &options->keep_s},
    };
    const char *text = NULL;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(key, numbers[i].key) == 0)
            return snd_config_get_integer(node, numbers[i].number);
    }
    if (snd_config_get_string(node, &text) < 0)
        return -EINVAL;
    if (strcmp(key, "file") == 0)
        options->file = strdup(text);
    else if (strcmp(key, "fault") == 0)
        options->fault = strdup(text);
    else
        return -EINVAL;
    return 0;
}

static int
read_options(snd_config_t *config, Options *options)
{
    snd_config_iterator_t i, next;

    snd_config_for_each(i, next, config)
    {
        snd_config_t *node = snd_config_iterator_entry(i);
        const char *key;

        if (snd_config_get_id(node, &key) < 0 || strcmp(key, "type") == 0 ||
            strcmp(key, "comment") == 0 || strcmp(key, "hint") == 0)
            continue;
        if (read_option(node, key, options) < 0) {
            SNDERR("test card: field %s is unknown or has the wrong type", key);
            return -EINVAL;
        }
    }
    return 0;
}

/* Frame 0 by both clocks: nothing may come between the two, or all that is heard seems late. */
static uint64_t
note_zero(Card *card)
{
    uint64_t least_ns = UINT64_MAX, zero_utc_ns = 0;

    for (int i = 0; i < MAX_LOOKS && least_ns > UNDISTURBED_NS; i++) {
        uint64_t before_ns = clock_ns(CLOCK_MONOTONIC);
        uint64_t utc_ns = clock_ns(CLOCK_REALTIME);
        uint64_t span_ns = clock_ns(CLOCK_MONOTONIC) - before_ns;

        if (span_ns >= least_ns)
            continue;
        least_ns = span_ns;
        card->zero_ns = before_ns + span_ns / 2;
        zero_utc_ns = utc_ns;
    }
    return zero_utc_ns;
}

/* Frame 0 of the timeline is the first open ever; later opens find its instant in FILE.t0. */
static int
open_zero(Card *card)
{
    char path[4096];
    FILE *zero;
    uint64_t utc_ns;
    int n_read = 0;

    snprintf(path, sizeof path, "%s.t0", card->options.file);
    zero = fopen(path, "re");
    if (zero != NULL) {
        n_read = fscanf(zero, "%" SCNu64, &card->zero_ns);
        fclose(zero);
    }
    if (n_read == 1)
        return 0;
    utc_ns = note_zero(card);
    zero = fopen(path, "we");
    if (zero == NULL || ftruncate(card->timeline_fd, 0) < 0)
        return -errno;
    fprintf(zero, "%" PRIu64 " %" PRIu64 "\n", card->zero_ns, utc_ns);
    return fclose(zero) == 0 ? 0 : -errno;
}

static int
open_timeline(Card *card)
{
    char path[4096];
    int error;

    if (card->options.file == NULL) {
        card->zero_ns = clock_ns(CLOCK_MONOTONIC);
        return 0;
    }
    card->timeline_fd = open(card->options.file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (card->timeline_fd < 0)
        return -errno;
    if (flock(card->timeline_fd, LOCK_EX | LOCK_NB) < 0)
        return -EBUSY;
    error = open_zero(card);
    if (error < 0)
        return error;
    snprintf(path, sizeof path, "%s.log", card->options.file);
    card->log = fopen(path, "ae");
    return card->log == NULL ? -errno : 0;
}

static int
create_pcm(Card *card, const char *name, snd_pcm_stream_t stream, int mode)
{
    static const unsigned accesses[] = {SND_PCM_ACCESS_RW_INTERLEAVED,
                                        SND_PCM_ACCESS_MMAP_INTERLEAVED};
    static const unsigned formats[] = {SND_PCM_FORMAT_S16_LE};
    unsigned rate = (unsigned) card->options.rate;
    unsigned channels = (unsigned) card->options.channels;
    snd_pcm_ioplug_t *io = &card->io;
    int error;

    io->version = SND_PCM_IOPLUG_VERSION;
    io->name = "test card";
    io->flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    io->callback = &callbacks;
    io->private_data = card;
    io->poll_fd = card->timer_fd;
    io->poll_events = POLLIN;
    error = snd_pcm_ioplug_create(io, name, stream, mode);
    if (error < 0)
        return error;
    snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, accesses);
    snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels ? channels : 1,
                                    channels ? channels : 2);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, BUFFER_MAX_BYTES);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 256, BUFFER_MAX_BYTES);
    snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return 0;
}

static int
open_card(Card *card, snd_config_t *config, const char *name, snd_pcm_stream_t stream, int mode)
{
    int error = read_options(config, &card->options);

    if (error < 0)
        return error;
    if (card->options.rate < 8000 || card->options.rate > 192000 ||
        card->options.channels < 0 || card->options.channels > 8)
        return -EINVAL;
    if (stream != SND_PCM_STREAM_PLAYBACK || read_fault(card->options.fault) == FAULT_UNPLUGGED)
        return -ENODEV;
    error = open_timeline(card);
    if (error < 0)
        return error;
    card->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (card->timer_fd < 0)
        return -errno;
    error = create_pcm(card, name, stream, mode);
    if (error == 0)
        log_event(card, "open", 0);
    return error;
}

SND_PCM_PLUGIN_DEFINE_FUNC(testcard)
{
    Card *card = calloc(1, sizeof *card);
    int error;

    if (card == NULL)
        return -ENOMEM;
    card->timeline_fd = card->timer_fd = -1;
    card->options.rate = 48000;
    error = open_card(card, conf, name, stream, mode);
    if (error < 0) {
        card_free(card);
        return error;
    }
    *pcmp = card->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(testcard);
