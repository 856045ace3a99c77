/* faults.c - see faults.h */
#include "player/cue/faults.h"

/* A fault that began so often within FLAP_US of its last end is not believed to be over until
 * it has been gone for PLAY_FAULTS_CALM_US. */
#define FLAPS   3
#define FLAP_US (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
/* So many that are over are remembered, for the day on which every relay flaps. */
#define MAX_REMEMBERED 256

typedef struct {
    ContentRemark *what; /* (owned): as it was found last */
    gint64 first_us;     /* monotonic: first found without a break since */
    gint64 hold_us;
    gint64 since_us; /* UTC; 0: does not count, or not yet */
    gint64 gone_us;  /* monotonic: not found since; 0: it is found */
    guint n_begun;   /* how often it was told */
    guint n_again;   /* how often it came back since, untold */
    gboolean is_found;
} Fault;

struct PlayFaults {
    GPtrArray *faults; /* few: a linear list */
};

static void
fault_free(gpointer data)
{
    Fault *fault = data;

    content_remark_free(fault->what);
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

/* Found again after a break: what was not over comes back untold, but counted. */
static void
come_back(Fault *fault, gint64 now_us)
{
    if (fault->gone_us == 0)
        return;
    fault->gone_us = 0;
    if (fault->since_us == 0)
        fault->first_us = now_us;
    else
        fault->n_again++;
}

static Fault *
fault_for(PlayFaults *self, const ContentRemark *what, gint64 now_us)
{
    Fault *fault;

    for (guint i = 0; i < self->faults->len; i++) {
        fault = self->faults->pdata[i];
        if (content_remark_is_same(fault->what, what))
            return fault;
    }
    fault = g_new0(Fault, 1);
    fault->what = content_remark_copy(what);
    fault->first_us = now_us;
    g_ptr_array_add(self->faults, fault);
    return fault;
}

void
play_faults_find(PlayFaults *self, const ContentRemark *what, gint64 hold_us,
                 const PlayInstant *now)
{
    Fault *fault = fault_for(self, what, now->monotonic_us);

    come_back(fault, now->monotonic_us);
    fault->is_found = TRUE;
    fault->hold_us = hold_us;
    content_remark_free(fault->what);
    fault->what = content_remark_copy(what);
}

static void
tell(const Fault *fault, ContentRecordKind kind, GPtrArray *actions)
{
    PlayAction *action = play_actions_add(actions, PLAY_DO_RECORD);

    action->record = play_record_new(kind);
    content_record_tell(action->record, content_remark_copy(fault->what));
    if (fault->n_again > 0) {
        ContentRemark *again = content_remark_new("came_back", NULL, NULL);

        content_remark_add_number(again, "count", fault->n_again);
        content_record_tell(action->record, again);
    }
    play_actions_add(actions, PLAY_DO_TELL);
}

/* Returns: when it will be over, if it stays away; 0: it is over, or never counted */
static gint64
end_fault(Fault *fault, const PlayInstant *now, GPtrArray *actions)
{
    if (fault->gone_us == 0)
        fault->gone_us = now->monotonic_us;
    if (fault->since_us == 0)
        return 0;
    if (fault->n_begun >= FLAPS && now->monotonic_us < fault->gone_us + PLAY_FAULTS_CALM_US)
        return fault->gone_us + PLAY_FAULTS_CALM_US;
    tell(fault, CONTENT_RECORD_CLEARED, actions);
    fault->since_us = 0;
    fault->n_again = 0;
    return 0;
}

/* Returns: when it will count, if it stays; 0: it does */
static gint64
begin_fault(Fault *fault, const PlayInstant *now, GPtrArray *actions)
{
    if (fault->since_us != 0)
        return 0;
    if (now->monotonic_us - fault->first_us < fault->hold_us)
        return fault->first_us + fault->hold_us;
    fault->since_us = MAX(now->utc_us, 1);
    fault->n_begun++;
    tell(fault, CONTENT_RECORD_FAULT, actions);
    return 0;
}

/* It is over, and whether it flaps is of no interest any more. */
static gboolean
is_forgotten(const PlayFaults *self, const Fault *fault, const PlayInstant *now)
{
    return !fault->is_found && fault->since_us == 0 &&
           (fault->n_begun == 0 || self->faults->len > MAX_REMEMBERED ||
            now->monotonic_us - fault->gone_us >= FLAP_US);
}

gint64
play_faults_end(PlayFaults *self, const PlayInstant *now, GPtrArray *actions)
{
    gint64 alarm_us = 0;

    for (guint i = self->faults->len; i-- > 0;) {
        Fault *fault = self->faults->pdata[i];

        alarm_us =
            play_instant_sooner(alarm_us, fault->is_found ? begin_fault(fault, now, actions)
                                                          : end_fault(fault, now, actions));
        if (is_forgotten(self, fault, now))
            g_ptr_array_remove_index(self->faults, i);
    }
    return alarm_us;
}

static void
add_told(GPtrArray *out, const ContentRemark *what, gint64 since_us)
{
    ContentFault *told = content_shape_new(&content_fault_shape);

    content_remark_copy_to(what, &told->what);
    told->since_us = since_us;
    g_ptr_array_add(out, told);
}

void
play_faults_fill(const PlayFaults *self, GPtrArray *out)
{
    g_autoptr(ContentRemark) more = NULL;
    gint64 since_us = 0;
    guint n_counting = 0;

    for (guint i = 0; i < self->faults->len; i++) {
        const Fault *fault = self->faults->pdata[i];

        if (fault->since_us == 0)
            continue;
        since_us = fault->since_us;
        if (n_counting++ < PLAY_FAULTS_MAX_TOLD)
            add_told(out, fault->what, since_us);
    }
    if (n_counting <= PLAY_FAULTS_MAX_TOLD)
        return;
    more = content_remark_new("more_faults", NULL, NULL);
    content_remark_add_number(more, "count", n_counting - PLAY_FAULTS_MAX_TOLD);
    add_told(out, more, since_us);
}
