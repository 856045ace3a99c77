/* alarm-list.c - see alarm-list.h */
#include "content/base/alarm-list.h"

void
content_alarm_list_init(ContentAlarmList *self)
{
    self->alarms = g_array_new(FALSE, FALSE, sizeof(ContentAlarm));
}

void
content_alarm_list_clear(ContentAlarmList *self)
{
    g_clear_pointer(&self->alarms, g_array_unref);
}

void
content_alarm_list_add(ContentAlarmList *self, guint id, gint64 when_us, ContentAlarmFunc func,
                       gpointer data)
{
    ContentAlarm alarm = {id, when_us, func, data};
    guint place = self->alarms->len;

    /* New alarms mostly lie behind the others, so the search begins at the end. */
    while (place > 0 && g_array_index(self->alarms, ContentAlarm, place - 1).when_us > when_us)
        place--;
    g_array_insert_val(self->alarms, place, alarm);
}

gboolean
content_alarm_list_remove(ContentAlarmList *self, guint id)
{
    for (guint i = 0; i < self->alarms->len; i++) {
        if (g_array_index(self->alarms, ContentAlarm, i).id != id)
            continue;
        g_array_remove_index(self->alarms, i);
        return TRUE;
    }
    return FALSE;
}

gboolean
content_alarm_list_pop_due(ContentAlarmList *self, gint64 now_us, guint below_id,
                           ContentAlarm *out)
{
    for (guint i = 0; i < self->alarms->len; i++) {
        ContentAlarm alarm = g_array_index(self->alarms, ContentAlarm, i);

        if (alarm.when_us > now_us)
            return FALSE;
        if (alarm.id >= below_id)
            continue;
        g_array_remove_index(self->alarms, i);
        *out = alarm;
        return TRUE;
    }
    return FALSE;
}

gint64
content_alarm_list_next_us(const ContentAlarmList *self)
{
    return self->alarms->len == 0 ? G_MAXINT64
                                  : g_array_index(self->alarms, ContentAlarm, 0).when_us;
}
