/*
 * trust-clock.c - see trust-clock.h
 *
 * Trusted UTC is CLOCK_MONOTONIC plus a base, so an alarm at a UTC instant is a monotonic alarm
 * of the inner clock, set anew whenever the base changes. The file `clock-floor` holds floor,
 * boot, base and trust in one line; a thread of one writes it, because a card may take seconds.
 */
#include "player/intake/trust-clock.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/timex.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "content/exchange.h"

#define LOOK_US (60 * G_USEC_PER_SEC)
/* An answer that takes longer is asked for once more when somebody waits for it. */
#define ANSWER_US        (2 * G_USEC_PER_SEC)
#define ASK_AGAIN_US     (30 * G_USEC_PER_SEC)
#define ASK_WHEN_SURE_US (G_GINT64_CONSTANT(6) * 3600 * G_USEC_PER_SEC)
#define SAVE_US          (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
#define FILE_MAX_BYTES   256
/* 2100-01-01T00:00:00Z: a floor above it is damage, not time. */
#define FILE_LATEST_US G_GINT64_CONSTANT(4102444800000000)
/* 2026-01-01T00:00:00Z: before this no program of this version can have run. */
#define BUILD_FLOOR_US G_GINT64_CONSTANT(1767225600000000)

typedef struct {
    guint id;       /* given out */
    guint inner_id; /* of the inner clock; 0 once fired */
    gint64 when_us;
    gboolean is_utc;
    ContentAlarmFunc func;
    gpointer data;
    PlayTrustClock *clock;
} Alarm;

struct PlayTrustClock {
    ContentClock base; /* what others see; first, so that it can be cast */
    ContentClock *inner;
    PlayTrustMachine machine;
    gpointer machine_data;
    const PlayTrustClockEvents *events;
    gpointer data;
    char *path;
    char boot[33];
    GThreadPool *writer;
    GHashTable *alarms; /* id -> Alarm */
    guint last_id;
    ContentStepFunc on_step;
    gpointer step_data;
    guint look_alarm, ask_alarm;
    char *nonce; /* (nullable): of the question on its way */
    gint64 asked_us;
    gint64 saved_us;
    gboolean is_up;
    gboolean is_refused; /* the answer to the last question could not be believed */

    GMutex lock; /* guards trust: read from any thread */
    PlayTrust trust;
};

/* systemd-timesyncd makes this file when it has set the clock; it is gone with the next boot.
 */
#define TIMESYNC_FLAG "/run/systemd/timesync/synchronized"

/*
 * @data: (nullable): where the flag is, for tests
 *
 * The unit's ProtectClock= refuses the kernel's own answer along with the setting of its clock.
 * Such a refusal vouches for nothing, but the flag of who sets it can still be read.
 */
static gboolean
kernel_is_synchronised(gpointer data)
{
    struct timex state = {.modes = 0};
    int result = adjtimex(&state);

    if (result < 0)
        return g_file_test(data == NULL ? TIMESYNC_FLAG : data, G_FILE_TEST_IS_REGULAR);
    return result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

static gboolean
kernel_has_rtc(gpointer data)
{
    g_autofree char *text = NULL;

    /* The kernel says so itself: it set its clock from this device at boot. */
    return g_file_get_contents("/sys/class/rtc/rtc0/hctosys", &text, NULL, NULL) &&
           text[0] == '1';
}

const PlayTrustMachine play_trust_machine = {kernel_is_synchronised, kernel_has_rtc};

static PlayTrustReading
read_machine(PlayTrustClock *self)
{
    PlayTrustReading reading = {
        .is_synchronised = self->machine.is_synchronised(self->machine_data),
        .has_rtc = self->machine.has_rtc(self->machine_data),
    };

    content_clock_now(self->inner, &reading.utc_us, &reading.monotonic_us);
    return reading;
}

static PlayTrust
copy_trust(PlayTrustClock *self)
{
    PlayTrust trust;

    g_mutex_lock(&self->lock);
    trust = self->trust;
    g_mutex_unlock(&self->lock);
    return trust;
}

/* ---- the file ---- */

typedef struct {
    char *path;
    char *line;
} Saving;

static void
write_file(gpointer data, gpointer user_data)
{
    Saving *saving = data;

    /* A disk that refuses is told by the journal; the next minute tries again. */
    content_files_write(saving->path, saving->line, strlen(saving->line), 0600, NULL);
    g_free(saving->path);
    g_free(saving->line);
    g_free(saving);
}

static void
save(PlayTrustClock *self)
{
    PlayTrust trust = copy_trust(self);
    gint64 now_us = content_clock_monotonic_us(self->inner);
    Saving *saving = g_new0(Saving, 1);
    gint64 floor_us = trust.floor_us;

    /* What was surely the present once is a floor, too. */
    if (trust.trust == CONTENT_TRUST_SYNCED)
        floor_us = MAX(floor_us, play_trust_utc(&trust, now_us));
    saving->path = g_strdup(self->path);
    saving->line =
        g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s\n", floor_us,
                        self->boot, trust.base_us, content_trust_words[trust.trust]);
    g_thread_pool_push(self->writer, saving, NULL);
}

/* Reads floor, and base and trust if they are of this boot. */
static void
load(PlayTrustClock *self)
{
    g_autoptr(GBytes) bytes = content_files_read(self->path, FILE_MAX_BYTES, NULL);
    PlayTrustReading reading = read_machine(self);
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;
    gint64 floor_us;
    gint trust;

    play_trust_init(&self->trust, BUILD_FLOOR_US);
    if (bytes == NULL)
        return;
    line = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    words = g_strsplit(g_strstrip(line), " ", -1);
    if (g_strv_length(words) != 4)
        return;
    floor_us = g_ascii_strtoll(words[0], NULL, 10);
    if (floor_us < 0 || floor_us > FILE_LATEST_US)
        return;
    play_trust_raise_floor(&self->trust, floor_us);
    trust = content_word_index(content_trust_words, words[3]);
    if (strcmp(words[1], self->boot) == 0 && trust > CONTENT_TRUST_UNSET)
        play_trust_resume(&self->trust, g_ascii_strtoll(words[2], NULL, 10),
                          (ContentTrust) trust, &reading);
}

/* ---- alarms ---- */

static void
on_inner_alarm(gpointer data)
{
    Alarm *alarm = data;
    PlayTrustClock *self = alarm->clock;
    ContentAlarmFunc func = alarm->func;
    gpointer func_data = alarm->data;

    g_hash_table_remove(self->alarms, GUINT_TO_POINTER(alarm->id));
    func(func_data);
}

static void
arm(PlayTrustClock *self, Alarm *alarm)
{
    PlayTrust trust = copy_trust(self);
    gint64 when_us = alarm->is_utc ? alarm->when_us - trust.base_us : alarm->when_us;

    alarm->inner_id =
        content_clock_alarm_monotonic(self->inner, when_us, on_inner_alarm, alarm);
}

static guint
add_alarm(PlayTrustClock *self, gboolean is_utc, gint64 when_us, ContentAlarmFunc func,
          gpointer data)
{
    Alarm *alarm = g_new0(Alarm, 1);

    *alarm = (Alarm){.id = ++self->last_id,
                     .when_us = when_us,
                     .is_utc = is_utc,
                     .func = func,
                     .data = data,
                     .clock = self};
    g_hash_table_insert(self->alarms, GUINT_TO_POINTER(alarm->id), alarm);
    arm(self, alarm);
    return alarm->id;
}

static void
arm_all(PlayTrustClock *self)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->alarms);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Alarm *alarm = value;

        if (!alarm->is_utc)
            continue;
        content_clock_cancel(self->inner, alarm->inner_id);
        arm(self, alarm);
    }
}

/* ---- what others see ---- */

static gint64
clock_utc_us(ContentClock *clock)
{
    PlayTrustClock *self = (PlayTrustClock *) clock;
    PlayTrust trust = copy_trust(self);

    return play_trust_utc(&trust, content_clock_monotonic_us(self->inner));
}

static gint64
clock_monotonic_us(ContentClock *clock)
{
    return content_clock_monotonic_us(((PlayTrustClock *) clock)->inner);
}

static guint
clock_alarm_utc(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    return add_alarm((PlayTrustClock *) clock, TRUE, when_us, func, data);
}

static guint
clock_alarm_monotonic(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    return add_alarm((PlayTrustClock *) clock, FALSE, when_us, func, data);
}

static void
clock_cancel(ContentClock *clock, guint id)
{
    PlayTrustClock *self = (PlayTrustClock *) clock;
    Alarm *alarm = g_hash_table_lookup(self->alarms, GUINT_TO_POINTER(id));

    if (alarm == NULL)
        return;
    content_clock_cancel(self->inner, alarm->inner_id);
    g_hash_table_remove(self->alarms, GUINT_TO_POINTER(id));
}

static void
clock_on_step(ContentClock *clock, ContentStepFunc func, gpointer data)
{
    PlayTrustClock *self = (PlayTrustClock *) clock;

    self->on_step = func;
    self->step_data = data;
}

static void
clock_free(ContentClock *clock)
{
    g_critical("the trusted clock is freed by play_trust_clock_free() alone");
}

static const ContentClockClass clock_class = {
    .utc_us = clock_utc_us,
    .monotonic_us = clock_monotonic_us,
    .alarm_utc = clock_alarm_utc,
    .alarm_monotonic = clock_alarm_monotonic,
    .cancel = clock_cancel,
    .on_step = clock_on_step,
    .free = clock_free,
};

/* ---- looking and asking ---- */

static const char *
code_of(const PlayTrust *trust)
{
    static const char *const codes[] = {
        [PLAY_TRUST_EVIDENCE_NONE] = "clock_unknown",
        [PLAY_TRUST_EVIDENCE_KERNEL] = "clock_kernel",
        [PLAY_TRUST_EVIDENCE_RTC] = "clock_rtc",
        [PLAY_TRUST_EVIDENCE_SAME_BOOT] = "clock_same_boot",
        [PLAY_TRUST_EVIDENCE_SIGNED] = "clock_signed",
    };

    if (trust->refuses_step)
        return "clock_off";
    return codes[trust->evidence];
}

/* Tells the listeners what has become different. */
static void
tell(PlayTrustClock *self, const PlayTrust *before)
{
    PlayTrust after = copy_trust(self);

    if (after.base_us != before->base_us) {
        arm_all(self);
        if (self->on_step != NULL)
            self->on_step(self->step_data);
    }
    if (after.trust != before->trust || after.evidence != before->evidence ||
        after.refuses_step != before->refuses_step)
        self->events->changed(code_of(&after), self->data);
    if (after.base_us != before->base_us || after.trust != before->trust)
        save(self);
}

static void
look(PlayTrustClock *self)
{
    PlayTrustReading reading = read_machine(self);
    PlayTrust before = copy_trust(self);

    g_mutex_lock(&self->lock);
    play_trust_look(&self->trust, &reading);
    g_mutex_unlock(&self->lock);
    tell(self, &before);
}

static void
on_look(gpointer data)
{
    PlayTrustClock *self = data;
    gint64 now_us = content_clock_monotonic_us(self->inner);

    self->look_alarm =
        content_clock_alarm_monotonic(self->inner, now_us + LOOK_US, on_look, self);
    look(self);
    if (now_us - self->saved_us < SAVE_US)
        return;
    self->saved_us = now_us;
    save(self);
}

static void
on_inner_step(gpointer data)
{
    look(data);
}

/* A new question with a nonce that nobody has seen. */
static void
ask(gpointer data)
{
    PlayTrustClock *self = data;
    PlayTrust trust = copy_trust(self);
    gint64 now_us = content_clock_monotonic_us(self->inner);
    gboolean is_sure = trust.trust == CONTENT_TRUST_SYNCED && !trust.refuses_step;
    guint8 random[CONTENT_NONCE_BYTES];

    self->ask_alarm = 0;
    self->is_refused = FALSE;
    if (!self->is_up)
        return;
    randombytes_buf(random, sizeof random);
    g_free(self->nonce);
    self->nonce = content_hex(random, sizeof random);
    self->asked_us = now_us;
    self->ask_alarm = content_clock_alarm_monotonic(
        self->inner, now_us + (is_sure ? ASK_WHEN_SURE_US : ASK_AGAIN_US), ask, self);
    self->events->ask(self->nonce, self->data);
}

void
play_trust_clock_connected(PlayTrustClock *self, gboolean is_up)
{
    self->is_up = is_up;
    content_clock_cancel(self->inner, self->ask_alarm);
    self->ask_alarm = 0;
    g_clear_pointer(&self->nonce, g_free);
    if (is_up)
        ask(self);
}

void
play_trust_clock_ask_now(PlayTrustClock *self)
{
    if (self->nonce != NULL &&
        content_clock_monotonic_us(self->inner) - self->asked_us < ANSWER_US)
        return;
    content_clock_cancel(self->inner, self->ask_alarm);
    ask(self);
}

void
play_trust_clock_refused(PlayTrustClock *self)
{
    self->is_refused = TRUE;
}

void
play_trust_clock_ask_again(PlayTrustClock *self)
{
    if (!self->is_refused)
        return;
    content_clock_cancel(self->inner, self->ask_alarm);
    ask(self);
}

const char *
play_trust_clock_answer(PlayTrustClock *self, const char *nonce, gint64 utc_us)
{
    PlayTrustReading reading = read_machine(self);
    PlayTrust before = copy_trust(self);
    const char *refusal;

    if (self->nonce == NULL || g_strcmp0(nonce, self->nonce) != 0)
        return "the answer is to no question of ours";
    /* Each question has one answer. */
    g_clear_pointer(&self->nonce, g_free);
    g_mutex_lock(&self->lock);
    refusal = play_trust_answer(&self->trust, &reading, self->asked_us, utc_us);
    g_mutex_unlock(&self->lock);
    if (refusal != NULL)
        return refusal;
    /* Sure now: the next question can wait. */
    content_clock_cancel(self->inner, self->ask_alarm);
    self->ask_alarm =
        content_clock_alarm_monotonic(self->inner, reading.monotonic_us + ASK_WHEN_SURE_US, ask,
                                      self);
    tell(self, &before);
    return NULL;
}

void
play_trust_clock_raise_floor(PlayTrustClock *self, gint64 issued_us)
{
    gboolean is_higher;

    g_mutex_lock(&self->lock);
    is_higher = issued_us > self->trust.floor_us;
    play_trust_raise_floor(&self->trust, issued_us);
    g_mutex_unlock(&self->lock);
    if (is_higher)
        save(self);
}

void
play_trust_clock_reset_floor(PlayTrustClock *self, gint64 floor_us)
{
    g_mutex_lock(&self->lock);
    play_trust_reset_floor(&self->trust, floor_us);
    g_mutex_unlock(&self->lock);
    save(self);
}

ContentTrust
play_trust_clock_trust(PlayTrustClock *self)
{
    return copy_trust(self).trust;
}

gint64
play_trust_clock_verify_time(gpointer data)
{
    PlayTrustClock *self = data;
    PlayTrust trust = copy_trust(self);

    return play_trust_verify_time(&trust, content_clock_monotonic_us(self->inner));
}

const char *
play_trust_clock_fault(PlayTrustClock *self)
{
    PlayTrust trust = copy_trust(self);

    if (trust.trust != CONTENT_TRUST_UNSET && !trust.refuses_step)
        return NULL;
    return code_of(&trust);
}

/* ---- life ---- */

PlayTrustClock *
play_trust_clock_new(ContentClock *inner, const char *state_folder, const char *boot,
                     const PlayTrustMachine *machine, gpointer machine_data,
                     const PlayTrustClockEvents *events, gpointer data)
{
    PlayTrustClock *self = g_new0(PlayTrustClock, 1);
    PlayTrustReading reading;

    self->base.klass = &clock_class;
    self->inner = inner;
    self->machine = *machine;
    self->machine_data = machine_data;
    self->events = events;
    self->data = data;
    self->path = g_build_filename(state_folder, "clock-floor", NULL);
    g_strlcpy(self->boot, boot, sizeof self->boot);
    self->alarms = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    self->writer = g_thread_pool_new(write_file, NULL, 1, FALSE, NULL);
    g_mutex_init(&self->lock);
    load(self);
    reading = read_machine(self);
    play_trust_look(&self->trust, &reading);
    content_clock_on_step(inner, on_inner_step, self);
    self->look_alarm =
        content_clock_alarm_monotonic(inner, reading.monotonic_us + LOOK_US, on_look, self);
    return self;
}

static void
cancel_one(gpointer key, gpointer value, gpointer data)
{
    content_clock_cancel(data, ((Alarm *) value)->inner_id);
}

void
play_trust_clock_free(PlayTrustClock *self)
{
    if (self == NULL)
        return;
    content_clock_on_step(self->inner, NULL, NULL);
    content_clock_cancel(self->inner, self->look_alarm);
    content_clock_cancel(self->inner, self->ask_alarm);
    g_hash_table_foreach(self->alarms, cancel_one, self->inner);
    save(self);
    g_thread_pool_free(self->writer, FALSE, TRUE);
    g_hash_table_unref(self->alarms);
    g_mutex_clear(&self->lock);
    g_free(self->nonce);
    g_free(self->path);
    g_free(self);
}

ContentClock *
play_trust_clock_clock(PlayTrustClock *self)
{
    return &self->base;
}
