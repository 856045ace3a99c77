/* standing.c - see standing.h */
#include "player/report/standing.h"

gint64
play_standing_since(PlayStanding *self, const char *code, gint64 at_us)
{
    if (g_strcmp0(self->code, code) != 0)
        self->since_us = at_us;
    self->code = code;
    /* The clock may have been set back meanwhile. */
    self->since_us = MIN(self->since_us, at_us);
    return self->since_us;
}
