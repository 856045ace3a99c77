/* trouble.c - see trouble.h */
#include "scheduler/plan/trouble.h"

#include "content/wording.h"

SchedTrouble *
sched_trouble_new(const char *kind, const char *id, const char *place, ContentRemark *what)
{
    SchedTrouble *self = g_new0(SchedTrouble, 1);

    self->kind = g_strdup(kind);
    self->id = g_strdup(id == NULL ? "" : id);
    self->place = g_strdup(place);
    self->words = content_wording_remark(what, CONTENT_READER_EN, NULL);
    self->words_vi = content_wording_remark(what, CONTENT_READER_VI, NULL);
    content_remark_free(what);
    return self;
}

SchedTrouble *
sched_trouble_copy(const SchedTrouble *self)
{
    SchedTrouble *copy = g_new0(SchedTrouble, 1);

    copy->kind = g_strdup(self->kind);
    copy->id = g_strdup(self->id);
    copy->place = g_strdup(self->place);
    copy->words = g_strdup(self->words);
    copy->words_vi = g_strdup(self->words_vi);
    return copy;
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
    g_free(self->words_vi);
    g_free(self);
}
