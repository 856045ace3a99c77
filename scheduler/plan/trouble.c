/* trouble.c - see trouble.h */
#include "scheduler/plan/trouble.h"

SchedTrouble *
sched_trouble_new(const char *kind, const char *id, const char *place, const char *words)
{
    SchedTrouble *self = g_new0(SchedTrouble, 1);

    self->kind = g_strdup(kind);
    self->id = g_strdup(id == NULL ? "" : id);
    self->place = g_strdup(place);
    self->words = g_strdup(words);
    return self;
}

SchedTrouble *
sched_trouble_copy(const SchedTrouble *self)
{
    return sched_trouble_new(self->kind, self->id, self->place, self->words);
}

void
sched_trouble_free(SchedTrouble *self)
{
    if (self == NULL)
        return;
    g_free(self->kind);
    g_free(self->id);
    g_free(self->place);
    g_free(self->words);
    g_free(self);
}
