/* alert-builder.c - see alert-builder.h */
#include "tests/support/alert-builder.h"

#include "content/live.h"
#include "tests/support/plan-builder.h"

#include <string.h>

static void
add_speech(ContentAlert *alert, const char *language)
{
    g_autofree char *name = g_strdup_printf("%s-%s", alert->id, language);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

    speech->language = g_strdup(language);
    g_ptr_array_add(speech->parts, plan_builder_hash(name));
    g_ptr_array_add(alert->speeches, speech);
    object->hash = plan_builder_hash(name);
    object->size_bytes = 1000;
    object->duration_us = PLAN_S(10);
    g_ptr_array_add(alert->objects, object);
}

ContentAlert *
alert_builder_new(const char *id, const char *area, const char *languages, gint64 issued_us)
{
    ContentAlert *alert = content_document_new(&content_alert_type);
    g_auto(GStrv) words = g_strsplit(languages, " ", -1);

    alert->id = g_strdup(id);
    g_ptr_array_add(alert->areas, g_strdup(area));
    alert->event = CONTENT_EVENT_FLOOD;
    alert->severity = 3;
    alert->title = g_strdup(id);
    alert->tone = CONTENT_ALERT_TONE_WAIL;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = issued_us;
    alert->expires_us = issued_us + PLAN_MIN(10);
    for (guint i = 0; words[i] != NULL; i++)
        add_speech(alert, words[i]);
    return alert;
}

ContentAlert *
alert_builder_live(const char *id, const char *area, const char *station, gint64 issued_us)
{
    ContentAlert *alert = alert_builder_new(id, area, "", issued_us);
    const guint8 key[CONTENT_LIVE_KEY_BYTES] = {1};

    alert->event = CONTENT_EVENT_SPOKEN;
    alert->live = content_shape_new(&content_alert_live_shape);
    alert->live->origin = station == NULL ? CONTENT_LIVE_DISTRICT : CONTENT_LIVE_STATION;
    alert->live->station = g_strdup(station);
    alert->live->key = station == NULL ? content_live_key_text(key) : NULL;
    alert->live->speaker = g_strdup("Siu Blek");
    return alert;
}

ContentStop *
alert_builder_stop(const char *id, const char *alert, const char *area, gint64 issued_us)
{
    ContentStop *stop = content_document_new(&content_stop_type);

    stop->id = g_strdup(id);
    stop->alert = g_strdup(alert);
    if (area != NULL)
        g_ptr_array_add(stop->areas, g_strdup(area));
    stop->issued_us = issued_us;
    stop->expires_us = issued_us + CONTENT_ALERT_MAX_LIFE_US;
    return stop;
}

/* As it comes over the line: what is no document here would be none there. */
static gpointer
copy(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    gpointer read;

    g_assert_no_error(error);
    read = content_document_read(type, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                 &error);
    g_assert_no_error(error);
    return read;
}

ContentAlert *
alert_builder_copy(const ContentAlert *alert)
{
    return copy(&content_alert_type, alert);
}

ContentStop *
alert_builder_copy_stop(const ContentStop *stop)
{
    return copy(&content_stop_type, stop);
}
