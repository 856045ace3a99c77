/* warning.c - an alert of ours as a CAP message: see warning.h. Pure. */
#include "scheduler/cap/warning.h"

#include "content/document.h"
#include "scheduler/cap/warning-words.h"

#include <string.h>

#define MAX_TEXT_BYTES  8000
#define MAX_LINE_BYTES  1000
#define HASH_HEX_DIGITS 64

static void
area_free(gpointer data)
{
    SchedWarningArea *area = data;

    g_free(area->id);
    g_free(area->name);
    g_ptr_array_unref(area->codes);
    g_ptr_array_unref(area->kinds);
    g_free(area);
}

static void
sound_free(gpointer data)
{
    SchedWarningSound *sound = data;

    g_free(sound->title);
    g_free(sound->object);
    g_free(sound->sha1);
    g_free(sound);
}

static void
speech_free(gpointer data)
{
    SchedWarningSpeech *speech = data;

    g_free(speech->language);
    g_free(speech->text);
    g_ptr_array_unref(speech->sounds);
    g_free(speech);
}

static void
reference_free(gpointer data)
{
    SchedCapReference *one = data;

    g_free(one->sender);
    g_free(one->identifier);
    g_free(one->sent);
    g_free(one);
}

SchedWarning *
sched_warning_new(void)
{
    SchedWarning *self = g_new0(SchedWarning, 1);

    self->replaces = g_ptr_array_new_with_free_func(reference_free);
    self->values = g_ptr_array_new_with_free_func(g_free);
    self->areas = g_ptr_array_new_with_free_func(area_free);
    self->speeches = g_ptr_array_new_with_free_func(speech_free);
    return self;
}

void
sched_warning_free(SchedWarning *self)
{
    if (self == NULL)
        return;
    g_free(self->sender);
    g_free(self->identifier);
    g_free(self->sender_name);
    g_free(self->title);
    g_ptr_array_unref(self->replaces);
    g_ptr_array_unref(self->values);
    g_ptr_array_unref(self->areas);
    g_ptr_array_unref(self->speeches);
    g_free(self);
}

SchedWarningArea *
sched_warning_add_area(GPtrArray *areas, const char *id, const char *name, const char *code)
{
    SchedWarningArea *area = g_new0(SchedWarningArea, 1);

    g_ptr_array_set_free_func(areas, area_free);
    area->id = g_strdup(id);
    area->name = g_strdup(name);
    area->codes = g_ptr_array_new_with_free_func(g_free);
    area->kinds = g_ptr_array_new_with_free_func(g_free);
    if (code != NULL) {
        g_ptr_array_add(area->codes, g_strdup(code));
        g_ptr_array_add(area->kinds, g_strdup(SCHED_WARNING_CODE));
    }
    g_ptr_array_add(areas, area);
    return area;
}

SchedWarningSpeech *
sched_warning_add_speech(SchedWarning *self, const char *language, const char *text)
{
    SchedWarningSpeech *speech = g_new0(SchedWarningSpeech, 1);

    speech->language = g_strdup(language);
    speech->text = g_strdup(text);
    speech->sounds = g_ptr_array_new_with_free_func(sound_free);
    g_ptr_array_add(self->speeches, speech);
    return speech;
}

void
sched_warning_add_sound(SchedWarningSpeech *speech, const char *title, const char *object,
                        const char *sha1, gint64 size_bytes)
{
    SchedWarningSound *sound = g_new0(SchedWarningSound, 1);

    sound->title = g_strdup(title);
    sound->object = g_strdup(object);
    sound->sha1 = g_strdup(sha1);
    sound->size_bytes = size_bytes;
    g_ptr_array_add(speech->sounds, sound);
}

/* ---- written ---- */

/* By what it holds, for it has no address that is the same for all: "ni:///sha-256;…"
 * (RFC 6920 §3). */
static char *
uri_of(const char *hash)
{
    guchar bytes[HASH_HEX_DIGITS / 2];
    g_autofree char *text = NULL;

    g_return_val_if_fail(strlen(hash) == HASH_HEX_DIGITS, NULL);
    for (gsize i = 0; i < sizeof(bytes); i++)
        bytes[i] = (guchar) (g_ascii_xdigit_value(hash[2 * i]) << 4 |
                             g_ascii_xdigit_value(hash[2 * i + 1]));
    text = g_base64_encode(bytes, sizeof(bytes));
    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    text[strcspn(text, "=")] = '\0';
    return g_strconcat("ni:///sha-256;", text, NULL);
}

static void
add_sound(SchedCapInfo *info, const SchedWarningSound *sound)
{
    SchedCapResource *one = sched_cap_info_add_resource(info);

    one->description = content_document_text(sound->title, MAX_LINE_BYTES);
    one->mime_type = g_strdup("audio/ogg");
    one->size_bytes = sound->size_bytes;
    one->uri = uri_of(sound->object);
    one->digest = g_strdup(sound->sha1);
}

static void
add_area(SchedCapInfo *info, const SchedWarningArea *area)
{
    SchedCapArea *one = sched_cap_info_add_area(info);

    one->description = content_document_text(area->name, MAX_LINE_BYTES);
    for (guint i = 0; i < area->codes->len; i++)
        sched_cap_add_value(one->geocodes, area->kinds->pdata[i], area->codes->pdata[i]);
    if (area->id != NULL)
        sched_cap_add_value(one->geocodes, SCHED_WARNING_AREA, area->id);
}

/* How much it weighs; what has ended is past, whatever it was. */
static void
add_weight(SchedCapInfo *info, const SchedWarning *self)
{
    const WarningEvent *event = warning_event(self->event);
    g_autofree char *level = g_strdup_printf("%" G_GINT64_FORMAT, self->severity);

    info->categories = event->categories;
    info->event = g_strdup(event->name);
    info->responses = event->responses;
    info->urgency =
        self->message == SCHED_CAP_MESSAGE_CANCEL ? SCHED_CAP_URGENCY_PAST : event->urgency;
    info->severity = warning_severity(self->severity);
    info->certainty = event->certainty;
    sched_cap_add_value(info->event_codes, SCHED_WARNING_EVENT,
                        content_event_kind_words[self->event]);
    sched_cap_add_value(info->parameters, SCHED_WARNING_LEVEL, level);
    for (guint i = 0; i < self->values->len; i++)
        sched_cap_add_value(info->parameters, SCHED_WARNING_VALUE, self->values->pdata[i]);
}

static void
add_info(SchedCap *cap, const SchedWarning *self, const SchedWarningSpeech *speech)
{
    SchedCapInfo *info = sched_cap_add_info(cap);

    info->language = g_strdup(speech->language);
    add_weight(info, self);
    info->expires_us = self->expires_us;
    info->sender_name = content_document_text(self->sender_name, MAX_LINE_BYTES);
    info->headline = content_document_text(self->title, MAX_LINE_BYTES);
    if (*speech->text != '\0')
        info->description = content_document_text(speech->text, MAX_TEXT_BYTES);
    /* What ended is not to be heard again. */
    for (guint i = 0; self->message != SCHED_CAP_MESSAGE_CANCEL && i < speech->sounds->len; i++)
        add_sound(info, speech->sounds->pdata[i]);
    for (guint i = 0; i < self->areas->len; i++)
        add_area(info, self->areas->pdata[i]);
}

SchedCap *
sched_warning_to_cap(const SchedWarning *self)
{
    SchedCap *cap = sched_cap_new();

    cap->identifier = g_strdup(self->identifier);
    cap->sender = g_strdup(self->sender);
    cap->sent_us = self->sent_us;
    cap->offset_s = self->offset_s;
    cap->status = self->drill ? SCHED_CAP_STATUS_EXERCISE : SCHED_CAP_STATUS_ACTUAL;
    cap->message = self->message;
    cap->scope = SCHED_CAP_SCOPE_PUBLIC;
    if (self->drill)
        cap->note = g_strdup("Diễn tập, không phải tình huống thật.");
    for (guint i = 0; i < self->replaces->len; i++) {
        const SchedCapReference *one = self->replaces->pdata[i];

        sched_cap_add_reference(cap, one->sender, one->identifier, one->sent);
    }
    for (guint i = 0; i < self->speeches->len; i++)
        add_info(cap, self, self->speeches->pdata[i]);
    return cap;
}
