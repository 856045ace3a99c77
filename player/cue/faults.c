/* faults.c - see faults.h */
#include "player/cue/faults.h"

#include <string.h>

typedef struct {
    char *code, *subject, *words; /* (owned) */
    gint64 first_us;              /* monotonic: first found */
    gint64 hold_us;
    gint64 since_us; /* UTC; 0: does not count yet */
    gboolean is_found;
} Fault;

struct PlayFaults {
    GPtrArray *faults; /* few: a linear list */
};

static void
fault_free(gpointer data)
{
    Fault *fault = data;

    g_free(fault->code);
    g_free(fault->subject);
    g_free(fault->words);
    g_free(fault);
}

PlayFaults *
play_faults_new(void)
{
    PlayFaults *self = g_new0(PlayFaults, 1);

    self->faults = g_ptr_array_new_with_free_func(fault_free);
    return self;
}

void
play_faults_free(PlayFaults *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->faults);
    g_free(self);
}

void
play_faults_begin(PlayFaults *self)
{
    for (guint i = 0; i < self->faults->len; i++)
        ((Fault *) self->faults->pdata[i])->is_found = FALSE;
}

static Fault *
fault_for(PlayFaults *self, const char *code, const char *subject, gint64 now_us)
{
    Fault *fault;

    for (guint i = 0; i < self->faults->len; i++) {
        fault = self->faults->pdata[i];
        if (strcmp(fault->code, code) == 0 && strcmp(fault->subject, subject) == 0)
            return fault;
    }
    fault = g_new0(Fault, 1);
    fault->code = g_strdup(code);
    fault->subject = g_strdup(subject);
    fault->first_us = now_us;
    g_ptr_array_add(self->faults, fault);
    return fault;
}

void
play_faults_find(PlayFaults *self, const char *code, const char *subject, const char *words,
                 gint64 hold_us, const PlayInstant *now)
{
    Fault *fault = fault_for(self, code, subject, now->monotonic_us);

    fault->is_found = TRUE;
    fault->hold_us = hold_us;
    g_free(fault->words);
    fault->words =
        content_document_text(*words == '\0' ? code : words, CONTENT_FAULT_WORDS_MAX_BYTES);
}

static void
tell(const Fault *fault, ContentRecordKind kind, GPtrArray *actions)
{
    PlayAction *action = play_actions_add(actions, PLAY_DO_RECORD);

    action->record = play_record_new(kind);
    action->record->detail =
        g_strdup_printf("%s %s: %s", fault->code, fault->subject, fault->words);
    play_actions_add(actions, PLAY_DO_TELL);
}

gint64
play_faults_end(PlayFaults *self, const PlayInstant *now, GPtrArray *actions)
{
    gint64 alarm_us = 0;

    for (guint i = self->faults->len; i-- > 0;) {
        Fault *fault = self->faults->pdata[i];

        if (!fault->is_found) {
            if (fault->since_us != 0)
                tell(fault, CONTENT_RECORD_CLEARED, actions);
            g_ptr_array_remove_index(self->faults, i);
        } else if (fault->since_us == 0) {
            if (now->monotonic_us - fault->first_us < fault->hold_us) {
                alarm_us = play_instant_sooner(alarm_us, fault->first_us + fault->hold_us);
                continue;
            }
            fault->since_us = MAX(now->utc_us, 1);
            tell(fault, CONTENT_RECORD_FAULT, actions);
        }
    }
    return alarm_us;
}

static void
add_told(GPtrArray *out, const char *code, const char *subject, const char *words,
         gint64 since_us)
{
    ContentFault *told = content_shape_new(&content_fault_shape);

    told->code = g_strdup(code);
    told->subject = g_strdup(subject);
    told->words = g_strdup(words);
    told->since_us = since_us;
    g_ptr_array_add(out, told);
}

void
play_faults_fill(const PlayFaults *self, GPtrArray *out)
{
    g_autofree char *words = NULL;
    gint64 since_us = 0;
    guint n_counting = 0;

    for (guint i = 0; i < self->faults->len; i++) {
        const Fault *fault = self->faults->pdata[i];

        if (fault->since_us == 0)
            continue;
        since_us = fault->since_us;
        if (n_counting++ < PLAY_FAULTS_MAX_TOLD)
            add_told(out, fault->code, fault->subject, fault->words, since_us);
    }
    if (n_counting <= PLAY_FAULTS_MAX_TOLD)
        return;
    words = g_strdup_printf("and %u faults more", n_counting - PLAY_FAULTS_MAX_TOLD);
    add_told(out, "more", "station", words, since_us);
}
