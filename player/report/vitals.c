/*
 * vitals.c - see vitals.h
 *
 * STATE/alive holds one line: boot, UTC, trust of it, and "alive" or "stopped". It is read once
 * at start, then written every minute by a thread of one.
 */
#include "player/report/vitals.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "content/base/files.h"
#include "content/base/id.h"

#define ALIVE_MAX_BYTES 256
#define BOOT_DIGITS     32
#define MAX_ZONES       16

const PlayVitalsPaths play_vitals_paths = {
    .boot_id = "/proc/sys/kernel/random/boot_id",
    .thermal = "/sys/class/thermal",
};

struct PlayVitals {
    char *state_folder, *alive_path;
    PlayVitalsPaths paths;
    ContentClock *clock;
    GThreadPool *writer;
    guint alarm;
    char *boot;
    gint64 started_us; /* monotonic */
    ContentTrust trust;
    gint64 down_from_us; /* as the last stamp says; 0: unknown */
    gint down_reason;
};

typedef struct {
    char *path, *line;
} Stamp;

static void
write_stamp(gpointer data, gpointer user_data)
{
    Stamp *stamp = data;

    /* A disk that refuses is told by the journal; the next minute tries again. */
    content_files_write(stamp->path, stamp->line, strlen(stamp->line), 0600, NULL);
    g_free(stamp->path);
    g_free(stamp->line);
    g_free(stamp);
}

static void
push_stamp(PlayVitals *self, const char *word)
{
    Stamp *stamp = g_new0(Stamp, 1);

    stamp->path = g_strdup(self->alive_path);
    stamp->line = g_strdup_printf("%s %" G_GINT64_FORMAT " %s %s\n", self->boot,
                                  content_clock_utc_us(self->clock),
                                  content_trust_words[self->trust], word);
    g_thread_pool_push(self->writer, stamp, NULL);
}

static void
on_minute(gpointer data)
{
    PlayVitals *self = data;

    self->alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + PLAY_VITALS_STAMP_US, on_minute,
        self);
    push_stamp(self, "alive");
}

/* With or without hyphens; NULL if it is none. */
static char *
boot_of_text(const char *text)
{
    char boot[BOOT_DIGITS + 1] = "";
    gsize n = 0;

    for (const char *at = text; *at != '\0' && n < BOOT_DIGITS; at++) {
        if (g_ascii_isxdigit(*at))
            boot[n++] = g_ascii_tolower(*at);
    }
    return n == BOOT_DIGITS ? g_strdup(boot) : NULL;
}

char *
play_vitals_read_boot(const PlayVitalsPaths *paths, GError **error)
{
    const char *given = g_getenv(PLAY_VITALS_BOOT);
    g_autofree char *text = NULL;
    char *boot;

    if (given == NULL && !g_file_get_contents(paths->boot_id, &text, NULL, error))
        return NULL;
    boot = boot_of_text(given != NULL ? given : text);
    if (boot == NULL)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: no boot id",
                    given != NULL ? PLAY_VITALS_BOOT : paths->boot_id);
    return boot;
}

/* clang-format off */
/* What a stamp proves about the time since then. */
static const struct { gboolean is_same_boot, was_told; ContentReason reason; } proofs[] = {
    { TRUE,  TRUE,  CONTENT_REASON_PLAYER_STOPPED },
    { TRUE,  FALSE, CONTENT_REASON_PLAYER_STOPPED }, /* the machine lived, the program did not */
    { FALSE, TRUE,  CONTENT_REASON_PLAYER_STOPPED }, /* stopped in order before the reboot */
    { FALSE, FALSE, CONTENT_REASON_NO_POWER       }, /* the machine died without telling us */
};
/* clang-format on */

static void
read_stamp(PlayVitals *self)
{
    g_autoptr(GBytes) bytes = content_files_read(self->alive_path, ALIVE_MAX_BYTES, NULL);
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;

    self->down_reason = CONTENT_REASON_UNKNOWN;
    if (bytes == NULL)
        return;
    line = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    words = g_strsplit(g_strstrip(line), " ", -1);
    if (g_strv_length(words) != 4 || strlen(words[0]) != BOOT_DIGITS)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(proofs); i++) {
        if (proofs[i].is_same_boot == (strcmp(words[0], self->boot) == 0) &&
            proofs[i].was_told == (strcmp(words[3], "stopped") == 0))
            self->down_reason = proofs[i].reason;
    }
    if (content_word_index(content_trust_words, words[2]) > CONTENT_TRUST_UNSET)
        self->down_from_us = CLAMP(g_ascii_strtoll(words[1], NULL, 10), 0, CONTENT_US_MAX);
}

PlayVitals *
play_vitals_new(const char *state_folder, const PlayVitalsPaths *paths, ContentClock *clock,
                GError **error)
{
    g_autofree char *boot = play_vitals_read_boot(paths, error);
    g_autoptr(PlayVitals) self = NULL;

    if (boot == NULL)
        return NULL;
    self = g_new0(PlayVitals, 1);
    self->boot = g_steal_pointer(&boot);
    self->state_folder = g_strdup(state_folder);
    self->alive_path = g_build_filename(state_folder, "alive", NULL);
    self->paths = *paths;
    self->clock = clock;
    self->writer = g_thread_pool_new(write_stamp, NULL, 1, FALSE, NULL);
    self->started_us = content_clock_monotonic_us(clock);
    read_stamp(self);
    on_minute(self);
    return g_steal_pointer(&self);
}

void
play_vitals_free(PlayVitals *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    g_thread_pool_free(self->writer, FALSE, TRUE);
    g_free(self->state_folder);
    g_free(self->alive_path);
    g_free(self->boot);
    g_free(self);
}

const char *
play_vitals_boot(PlayVitals *self)
{
    return self->boot;
}

void
play_vitals_set_trust(PlayVitals *self, ContentTrust trust)
{
    if (trust == self->trust)
        return;
    self->trust = trust;
    push_stamp(self, "alive");
}

ContentTrust
play_vitals_trust(PlayVitals *self)
{
    return self->trust;
}

void
play_vitals_stopping(PlayVitals *self)
{
    content_clock_cancel(self->clock, self->alarm);
    self->alarm = 0;
    push_stamp(self, "stopped");
    /* Waits for the disk: after this the machine may go off. */
    g_thread_pool_free(self->writer, FALSE, TRUE);
    self->writer = g_thread_pool_new(write_stamp, NULL, 1, FALSE, NULL);
}

gint
play_vitals_downtime(PlayVitals *self, gint64 *out_from_us, gint64 *out_to_us)
{
    gint64 since_start_us = content_clock_monotonic_us(self->clock) - self->started_us;
    gint64 to_us = content_clock_utc_us(self->clock) - since_start_us;

    *out_from_us = self->down_from_us;
    *out_to_us = self->trust == CONTENT_TRUST_UNSET ? 0 : MAX(to_us, 0);
    return self->down_reason;
}

/* Asked of the kernel, not read: /proc/uptime is not there under the unit. */
static gint64
read_uptime_s(void)
{
    struct timespec up = {0};

    clock_gettime(CLOCK_BOOTTIME, &up);
    return up.tv_sec;
}

/* The hottest zone, in 1/1000 °C; G_MININT64 if none can be read. */
static gint64
read_temperature(PlayVitals *self)
{
    gint64 hottest = G_MININT64;

    for (guint i = 0; i < MAX_ZONES; i++) {
        g_autofree char *path =
            g_strdup_printf("%s/thermal_zone%u/temp", self->paths.thermal, i);
        g_autofree char *text = NULL;
        char *rest = NULL;
        gint64 value;

        if (!g_file_get_contents(path, &text, NULL, NULL))
            continue;
        value = g_ascii_strtoll(text, &rest, 10);
        /* A sensor that is not there reads absurdly; what no board survives is no reading. */
        if (rest != text && value > -100000 && value < 200000)
            hottest = MAX(hottest, value);
    }
    return hottest;
}

void
play_vitals_fill(PlayVitals *self, ContentHeartbeat *heartbeat)
{
    struct statvfs status;

    g_free(heartbeat->boot);
    heartbeat->boot = g_strdup(self->boot);
    heartbeat->trust = self->trust;
    heartbeat->uptime_s = read_uptime_s();
    heartbeat->temperature_mc = read_temperature(self);
    if (statvfs(self->state_folder, &status) == 0) {
        heartbeat->free_bytes = (gint64) (status.f_bavail * status.f_frsize);
        heartbeat->total_bytes = (gint64) (status.f_blocks * status.f_frsize);
    }
    heartbeat->down_reason =
        play_vitals_downtime(self, &heartbeat->down_from_us, &heartbeat->down_to_us);
}
