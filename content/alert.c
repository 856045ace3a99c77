/* alert.c - the tables of alerts and stops, and what both sides read from them. See alert.h.
 * Pure. */
#include "content/alert.h"

#include "content/document-rows.h"
#include "content/base/id.h"
#include "content/language.h"
#include "content/live.h"
#include "content/plan.h"

#include <string.h>

#define STOP_MAX_BYTES   (16 * 1024)
#define MAX_OBJECTS      64
#define MAX_REPLACED     32
#define MAX_REPEATS      20
#define AGAIN_MIN_S      60
#define AGAIN_MAX_S      (6 * 3600)
#define OBJECT_MAX_BYTES (G_GINT64_CONSTANT(32) * 1024 * 1024)
#define OBJECT_MAX_US    (G_GINT64_CONSTANT(10) * 60 * G_USEC_PER_SEC)
#define ITEM             "alert"

/* clang-format off */
const char *const content_event_kind_words[] = {
    "flood", "flash_flood", "landslide", "storm", "dam_release", "forest_fire", "house_fire",
    "epidemic", "all_clear", "false_alarm", "spoken", "drill", NULL,
};
const char *const content_alert_tone_words[] = { "gong", "chime", "wail", "pulse", NULL };
const char *const content_live_origin_words[] = { "district", "station", NULL };

static const ContentMember content_speech_shape_members[] = {
    ROW_WORD(ContentSpeech, language, LANGUAGE, "Language."),
    ROW_WORDS(ContentSpeech, parts, CONTENT_ALERT_MAX_PARTS, HASH, "Audio, one after the other without a gap."),
    ROW_END,
};

static const ContentMember content_alert_object_shape_members[] = {
    ROW_OPTIONAL_WORD(ContentAlertObject, approval, HASH, "Hash of its approval, of the kind `template`; absent, in an alert alone: spoken without a second person."),
    ROW_INT(ContentAlertObject, duration_us, 1, OBJECT_MAX_US, "µs", "Length of the sound."),
    ROW_WORD(ContentAlertObject, hash, HASH, "SHA-256 of the file."),
    ROW_INT(ContentAlertObject, size_bytes, 1, OBJECT_MAX_BYTES, "bytes", "Size of the file."),
    ROW_END,
};

static const ContentMember content_alert_live_shape_members[] = {
    ROW_OPTIONAL_TEXT(ContentAlertLive, key, CONTENT_LIVE_KEY_CHARACTERS, CONTENT_LIVE_KEY_CHARACTERS, "Ed25519 public key of the frames, base64; with the origin `district`."),
    ROW_ENUM(ContentAlertLive, origin, content_live_origin_words, "Where the microphone is."),
    ROW_TEXT(ContentAlertLive, speaker, 1, ROW_WORDS_MAX_BYTES, "Who speaks."),
    ROW_OPTIONAL_WORD(ContentAlertLive, station, ID, "Whose microphone it is; with the origin `station`."),
    ROW_END,
};

static const ContentMember content_alert_members[] = {
    ROW_OPTIONAL_INT(ContentAlert, again_s, AGAIN_MIN_S, AGAIN_MAX_S, 0, "s", "From the start of a series of repeats to the next; absent: there is one series."),
    ROW_WORDS(ContentAlert, areas, CONTENT_ALERT_MAX_AREAS, ID, "Audience: where it sounds, subtrees included."),
    ROW_OPTIONAL_BOOL(ContentAlert, drill, "An exercise: obeys windows and volumes, and displaces no real alert."),
    ROW_ENUM(ContentAlert, event, content_event_kind_words, "What it warns of."),
    ROW_UTC(ContentAlert, expires_us, "From then on it is silent; at most 24 hours after issued_us."),
    ROW_INT(ContentAlert, gap_ms, 0, CONTENT_ALERT_GAP_MAX_MS, "ms", "Silence between two repeats."),
    ROW_WORD(ContentAlert, id, ID, "Never given twice."),
    ROW_UTC(ContentAlert, issued_us, "When it was ordered."),
    ROW_OPTIONAL_STRUCT(ContentAlert, live, content_alert_live_shape, "Spoken live after the signal, in place of speeches; absent: it is not."),
    ROW_STRUCTS(ContentAlert, objects, MAX_OBJECTS, content_alert_object_shape, "Audio of the parts that the station's templates do not list."),
    ROW_INT(ContentAlert, repeats, 1, MAX_REPEATS, "", "How often tone and speech sound in a series."),
    ROW_WORDS(ContentAlert, replaces, MAX_REPLACED, ID, "Alerts that end when this one is taken."),
    ROW_INT(ContentAlert, severity, 1, CONTENT_ALERT_SEVEREST, "", "Levels of Decision 18/2021: 5 is a catastrophe."),
    ROW_STRUCTS(ContentAlert, speeches, CONTENT_ALERT_MAX_SPEECHES, content_speech_shape, "What is said, a language each; the first one where a village's own is missing."),
    ROW_ANY(ContentAlert, template_, "template", CONTENT_MEMBER_ID, .unit = "", .meaning = "Template it was made of."),
    ROW_TEXT(ContentAlert, title, 1, ROW_TITLE_MAX_BYTES, "For status lines and reports."),
    ROW_ENUM(ContentAlert, tone, content_alert_tone_words, "Signal before every repeat; `wail` and `pulse` never in a drill."),
    ROW_INT(ContentAlert, tone_ms, CONTENT_ALERT_TONE_MIN_MS, CONTENT_ALERT_TONE_MAX_MS, "ms", "How long the signal sounds."),
    ROW_END,
};

static const ContentMember content_stop_members[] = {
    ROW_OPTIONAL_WORD(ContentStop, alert, ID, "Which alert; absent: every one."),
    ROW_WORDS(ContentStop, areas, CONTENT_ALERT_MAX_AREAS, ID, "Where, subtrees included; none: everywhere that the named alert sounds."),
    ROW_UTC(ContentStop, expires_us, "24 hours after issued_us: nothing that it ends lives longer."),
    ROW_WORD(ContentStop, id, ID, "Never given twice."),
    ROW_UTC(ContentStop, issued_us, "What was issued up to then ends."),
    ROW_END,
};
/* clang-format on */

static const char *
check_speech(gconstpointer element)
{
    return ((const ContentSpeech *) element)->parts->len == 0 ? "says nothing" : NULL;
}

static gboolean
has_twice(const ContentAlert *alert)
{
    for (guint i = 0; i < alert->speeches->len; i++) {
        const ContentSpeech *one = alert->speeches->pdata[i];

        for (guint j = 0; j < i; j++) {
            if (strcmp(one->language,
                       ((ContentSpeech *) alert->speeches->pdata[j])->language) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

static const char *
check_live(gconstpointer element)
{
    const ContentAlertLive *live = element;
    guint8 key[CONTENT_LIVE_KEY_BYTES];

    if (live->origin == CONTENT_LIVE_STATION) {
        if (live->station == NULL)
            return "names no station";
        return live->key != NULL ? "a key is for the district's frames" : NULL;
    }
    if (live->station != NULL)
        return "a station is for a station's microphone";
    if (live->key == NULL)
        return "has no key";
    return content_live_key_read(live->key, key) ? NULL : "key is not 32 bytes in base64";
}

/* What is spoken live has nothing that could be repeated, or fetched. */
static const char *
check_live_alert(const ContentAlert *alert)
{
    if (alert->event != CONTENT_EVENT_SPOKEN)
        return "live: the event is not spoken";
    if (strlen(alert->id) != CONTENT_LIVE_ID_BYTES)
        return "live: id is not as long as frames have it";
    if (alert->speeches->len > 0)
        return "live: it has speeches";
    if (alert->objects->len > 0)
        return "live: it has objects";
    if (alert->repeats != 1)
        return "live: repeats is not 1";
    if (alert->again_s != 0)
        return "live: again_s stands there";
    if (alert->expires_us - alert->issued_us > CONTENT_ALERT_LIVE_MAX_LIFE_US)
        return "live: expires_us is more than an hour after issued_us";
    return NULL;
}

static const char *
check_alert(gconstpointer element)
{
    const ContentAlert *alert = element;

    if (alert->areas->len == 0)
        return "names no area";
    if (alert->speeches->len == 0 && alert->live == NULL)
        return "has no speech";
    if (has_twice(alert))
        return "has two speeches in one language";
    if (alert->expires_us <= alert->issued_us)
        return "expires_us is not after issued_us";
    if (alert->expires_us - alert->issued_us > CONTENT_ALERT_MAX_LIFE_US)
        return "expires_us is more than 24 hours after issued_us";
    if (alert->event == CONTENT_EVENT_DRILL && !alert->drill)
        return "the event drill is a drill";
    if (alert->drill && alert->tone >= CONTENT_ALERT_TONE_WAIL)
        return "a siren is not for a drill";
    return alert->live == NULL ? NULL : check_live_alert(alert);
}

static const char *
check_stop(gconstpointer element)
{
    const ContentStop *stop = element;

    if (stop->alert == NULL && stop->areas->len == 0)
        return "names neither alert nor area";
    if (stop->expires_us - stop->issued_us != CONTENT_ALERT_MAX_LIFE_US)
        return "expires_us is not 24 hours after issued_us";
    return NULL;
}

ROWS_DEFINE_SHAPE(content_speech_shape, ContentSpeech, "speech", check_speech)
ROWS_DEFINE_SHAPE(content_alert_object_shape, ContentAlertObject, "alert object", NULL)
ROWS_DEFINE_SHAPE(content_alert_live_shape, ContentAlertLive, "live speech", check_live)
ROWS_DEFINE_DOCUMENT(content_alert, ContentAlert, "alert", CONTENT_ALERT_MAX_BYTES, check_alert)
ROWS_DEFINE_DOCUMENT(content_stop, ContentStop, "stop", STOP_MAX_BYTES, check_stop)

ContentAlertTime
content_alert_judge(gint64 issued_us, gint64 expires_us, gint64 now_us)
{
    if (now_us >= expires_us)
        return CONTENT_ALERT_OVER;
    return issued_us - now_us > CONTENT_ALERT_AHEAD_US ? CONTENT_ALERT_FROM_FUTURE
                                                       : CONTENT_ALERT_IN_FORCE;
}

gint
content_alert_compare(const ContentAlert *a, const ContentAlert *b)
{
    if (!a->drill != !b->drill)
        return a->drill ? 1 : -1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->issued_us != b->issued_us)
        return a->issued_us > b->issued_us ? -1 : 1;
    return strcmp(a->id, b->id);
}

static gboolean
lies_in(const ContentSettingsZone *zone, const GPtrArray *areas)
{
    for (guint i = 0; i < zone->areas->len; i++) {
        for (guint j = 0; j < areas->len; j++) {
            if (strcmp(zone->areas->pdata[i], areas->pdata[j]) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

gboolean
content_alert_concerns(const ContentAlert *alert, const ContentSettingsZone *zone)
{
    return lies_in(zone, alert->areas);
}

gboolean
content_stop_ends(const ContentStop *stop, const ContentAlert *alert,
                  const ContentSettingsZone *zone)
{
    return alert->issued_us <= stop->issued_us &&
           (stop->alert == NULL || strcmp(stop->alert, alert->id) == 0) &&
           (stop->areas->len == 0 || lies_in(zone, stop->areas));
}

/* (nullable): the best one for @language */
static ContentSpeech *
find_speech(const ContentAlert *alert, const char *language)
{
    ContentSpeech *found = NULL;
    int best = 0;

    for (guint i = 0; i < alert->speeches->len; i++) {
        ContentSpeech *speech = alert->speeches->pdata[i];
        int match = content_language_match(language, speech->language);

        if (match > best) {
            best = match;
            found = speech;
        }
    }
    return found;
}

GPtrArray *
content_alert_speeches(const ContentAlert *alert, const ContentSettingsZone *zone)
{
    GPtrArray *speeches = g_ptr_array_new();

    for (guint i = 0; i < zone->languages->len; i++) {
        ContentSpeech *speech = find_speech(alert, zone->languages->pdata[i]);

        if (speech != NULL && !g_ptr_array_find(speeches, speech, NULL))
            g_ptr_array_add(speeches, speech);
    }
    if (speeches->len == 0 && alert->speeches->len > 0)
        g_ptr_array_add(speeches, alert->speeches->pdata[0]);
    return speeches;
}

char *
content_alert_segment_id(const char *alert, const char *output, gint64 repetition,
                         const char *language, const char *part)
{
    return content_segment_id(alert, ITEM, language, output, repetition, part);
}
