/*
 * api-cap.c - an alert as other systems read it: CAP 1.2, one info a language.
 *
 * What is written is the alert's own signed document, in CAP's words: nothing is added that
 * the loudspeakers did not say. A stop is a Cancel, an alert that replaced others an Update.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/cap/warning.h"
#include "scheduler/store/local-alerts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/templates.h"

#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536
/* Enough of the root's hash that no two districts of the world meet. */
#define SENDER_DIGITS 16

/* ---- who writes, and when ---- */

char *
sched_api_cap_sender(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *named = sched_store_setting_text(txn, "cap-sender", error);
    const char *root = sched_keys_root(act->api->options.keys);
    g_autofree char *hash = NULL;

    if (named == NULL || *named != '\0')
        return g_steal_pointer(&named);
    hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, root, -1);
    hash[SENDER_DIGITS] = '\0';
    return g_strconcat("loa-", hash, NULL);
}

/* Of the district's local time then; without its time zone, UTC. */
static int
offset_at(const char *tzid, gint64 at_us)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(tzid);

    return zone == NULL
               ? 0
               : g_time_zone_get_offset(zone,
                                        g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL,
                                                                  at_us / G_USEC_PER_SEC));
}

/* ---- what is said ---- */

/* One answer's work. */
typedef struct {
    SchedTxn *txn;
    SchedAct *act;
    ContentTemplates *templates; /* (owned) */
    GHashTable *digests;         /* (owned): SHA-256 -> SHA-1, of audio that was read */
    char *tzid;                  /* (owned) */
    SchedWarning *warning;       /* (owned) */
} Writing;

static void
writing_clear(Writing *self)
{
    content_templates_free(self->templates);
    g_clear_pointer(&self->digests, g_hash_table_unref);
    g_free(self->tzid);
    sched_warning_free(self->warning);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writing, writing_clear)

/* CAP's digest is SHA-1 (§3.2.3). (transfer full) (nullable): the audio is not there, or cannot
 * be read: the message goes without the digest, it is not what makes it true. */
static char *
sha1_of(ContentObjectStore *objects, const char *hash)
{
    int fd = content_object_store_open_object(objects, hash, NULL, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_autofree guchar *bytes = g_malloc(READ_BYTES);
    gssize n_read = -1;

    if (fd < 0)
        return NULL;
    while ((n_read = read(fd, bytes, READ_BYTES)) > 0)
        g_checksum_update(sum, bytes, n_read);
    close(fd);
    return n_read == 0 ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* (nullable) (transfer none) */
static const char *
digest_of(Writing *self, const char *hash)
{
    gpointer known = NULL;

    if (!g_hash_table_lookup_extended(self->digests, hash, NULL, &known)) {
        known = sha1_of(self->act->api->options.objects, hash);
        g_hash_table_insert(self->digests, g_strdup(hash), known);
    }
    return known;
}

/* What fills a blank is told once, in whatever language it is met first. */
static void
note_value(Writing *self, const char *phrase)
{
    GPtrArray *values = self->warning->values;

    for (guint i = 0; i < self->templates->values->len; i++) {
        const ContentTemplateValue *value = self->templates->values->pdata[i];

        if (strcmp(value->id, phrase) == 0 &&
            !g_ptr_array_find_with_equal_func(values, phrase, g_str_equal, NULL))
            g_ptr_array_add(values, g_strdup(phrase));
    }
}

/* (transfer full) (nullable): NULL without error: spoken for this alert alone */
static SchedVersionRow *
phrase_of(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(GPtrArray) versions = sched_store_phrase_versions(txn, hash, error);

    return versions == NULL || versions->len == 0
               ? NULL
               : sched_store_version_get(txn, versions->pdata[0], error);
}

static gboolean
add_part(Writing *self, SchedWarningSpeech *speech, const char *hash, GString *text,
         GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedVersionRow) phrase = phrase_of(self->txn, hash, &problem);
    g_autoptr(SchedObjectRow) object = NULL;
    const char *said = phrase == NULL ? NULL : phrase->script;

    if (problem == NULL)
        object = sched_store_object_get(self->txn, hash, &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (phrase != NULL)
        note_value(self, phrase->announcement);
    if (said != NULL && *said != '\0')
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", said);
    sched_warning_add_sound(speech, said != NULL && *said != '\0' ? said : self->warning->title,
                            hash, digest_of(self, hash), object->size_bytes);
    return TRUE;
}

static gboolean
add_speech(Writing *self, const ContentSpeech *from, GError **error)
{
    SchedWarningSpeech *speech = sched_warning_add_speech(self->warning, from->language, "");
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < from->parts->len; i++) {
        if (!add_part(self, speech, from->parts->pdata[i], text, error))
            return FALSE;
    }
    g_free(speech->text);
    speech->text = g_strdup(text->str);
    return TRUE;
}

/* ---- where, and what it ends ---- */

static gboolean
add_areas(Writing *self, GPtrArray *areas, GError **error)
{
    for (guint i = 0; i < areas->len; i++) {
        g_autoptr(SchedAreaRow) area = sched_store_area_get(self->txn, areas->pdata[i], error);

        if (area == NULL)
            return FALSE;
        sched_warning_add_area(self->warning->areas, area->id, area->name, area->code);
    }
    return TRUE;
}

static void
add_reference(Writing *self, const char *id, gint64 sent_us)
{
    SchedCapReference *one = g_new0(SchedCapReference, 1);

    one->sender = g_strdup(self->warning->sender);
    one->identifier = g_strdup(id);
    one->sent = sched_cap_format_time(sent_us, offset_at(self->tzid, sent_us));
    g_ptr_array_add(self->warning->replaces, one);
}

/* Alerts that the district never heard of (a commune called them, alone) have no message to
 * refer to. */
static gboolean
add_replaced(Writing *self, GPtrArray *replaces, GError **error)
{
    for (guint i = 0; i < replaces->len; i++) {
        g_autoptr(GError) problem = NULL;
        g_autoptr(SchedAlertRow) row =
            sched_store_alert_get(self->txn, replaces->pdata[i], &problem);

        if (row != NULL) {
            add_reference(self, row->id, row->issued_us);
        } else if (!g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
    }
    return TRUE;
}

/* Its end, if it was stopped, or as it was called. */
static gboolean
add_kind(Writing *self, const SchedAlertRow *row, const ContentAlert *alert, GError **error)
{
    SchedWarning *warning = self->warning;
    gboolean is_end = row->stop != NULL &&
                      g_strcmp0(content_call_query(self->act->call, "message"), "call") != 0;

    warning->identifier = g_strdup(is_end ? row->stop : row->id);
    warning->sent_us = is_end ? row->stopped_us : row->issued_us;
    warning->offset_s = offset_at(self->tzid, warning->sent_us);
    if (is_end)
        add_reference(self, row->id, row->issued_us);
    else if (!add_replaced(self, alert->replaces, error))
        return FALSE;
    warning->message = is_end                       ? SCHED_CAP_MESSAGE_CANCEL
                       : warning->replaces->len > 0 ? SCHED_CAP_MESSAGE_UPDATE
                                                    : SCHED_CAP_MESSAGE_ALERT;
    return TRUE;
}

static gboolean
prepare_writing(Writing *self, SchedTxn *txn, SchedAct *act, GError **error)
{
    self->txn = txn;
    self->act = act;
    self->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->warning = sched_warning_new();
    self->templates = sched_store_templates(txn, act->now_us, error);
    if (self->templates == NULL ||
        (self->tzid = sched_store_setting_text(txn, "tzid", error)) == NULL ||
        (self->warning->sender = sched_api_cap_sender(txn, act, error)) == NULL)
        return FALSE;
    self->warning->sender_name = sched_store_setting_text(txn, "district-name", error);
    return self->warning->sender_name != NULL;
}

static gboolean
fill(Writing *self, const SchedAlertRow *row, const ContentAlert *alert, GError **error)
{
    SchedWarning *warning = self->warning;

    warning->drill = row->drill;
    warning->event = row->event;
    warning->title = g_strdup(row->title);
    warning->severity = row->severity;
    warning->expires_us = row->expires_us;
    for (guint i = 0; i < alert->speeches->len; i++) {
        if (!add_speech(self, alert->speeches->pdata[i], error))
            return FALSE;
    }
    /* What is said live nobody can write down beforehand. */
    if (alert->live != NULL)
        sched_warning_add_speech(warning, "vi", row->title);
    return add_areas(self, alert->areas, error) && add_kind(self, row, alert, error);
}

static gboolean
get_cap(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_auto(Writing) writing = {0};
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, act->arguments[0], error);
    g_autoptr(ContentAlert) alert =
        row == NULL ? NULL : sched_store_alert_open(txn, row, error);
    g_autoptr(SchedCap) cap = NULL;
    g_autoptr(GError) problem = NULL;
    char *xml;

    if (alert == NULL || !prepare_writing(&writing, txn, act, error) ||
        !fill(&writing, row, alert, error))
        return FALSE;
    cap = sched_warning_to_cap(writing.warning);
    xml = sched_cap_write(cap, &problem);
    if (xml == NULL)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "as CAP: %s",
                               problem->message);
    act->document = g_bytes_new_take(xml, strlen(xml));
    return TRUE;
}

/* clang-format off */
static const SchedRouteQuery cap_query[] = {
    { "message", "`call`: as it was called, even if it was stopped since; absent: the newest word on it." },
    { NULL, NULL },
};

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/alerts/{alert}/cap", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_alert_read, .status = 200, .query = cap_query, .work = get_cap,
      .sends = "application/cap+xml", .is_made = TRUE, .name = "getAlertAsCap",
      .meaning = "The alert as other systems read it: Common Alerting Protocol 1.2, one info a "
                 "language; a Cancel once it was stopped, an Update if it replaced others." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_cap(void)
{
    return routes;
}
