/*
 * alarm-list.h - pending alarms in the order in which they are to fire.
 *
 * Flow: clock-system.c and the fake clock of the tests keep one list a time base.
 * Pure; belongs to the thread of its clock.
 */
#pragma once

#include "content/base/clock.h"

typedef struct {
    guint id; /* never 0, counts up */
    gint64 when_us;
    ContentAlarmFunc func;
    gpointer data; /* (not owned) */
} ContentAlarm;

/* Sorted by instant, then by id: alarms of one instant fire in the order they were set. */
typedef struct {
    GArray *alarms; /* (owned) (element-type ContentAlarm) */
} ContentAlarmList;

void content_alarm_list_init(ContentAlarmList *self);
void content_alarm_list_clear(ContentAlarmList *self);

/** content_alarm_list_add: @id: given by the clock, larger than any before */
void content_alarm_list_add(ContentAlarmList *self, guint id, gint64 when_us,
                            ContentAlarmFunc func, gpointer data);

/** content_alarm_list_remove: Returns: whether @id was pending */
gboolean content_alarm_list_remove(ContentAlarmList *self, guint id);

/**
 * content_alarm_list_pop_due:
 * @now_us: alarms up to and with this instant are due
 * @below_id: alarms with this id or a larger one are left for the next turn
 * @out: (out): the first due alarm, removed from the list
 *
 * Returns: %FALSE if none is due
 */
gboolean content_alarm_list_pop_due(ContentAlarmList *self, gint64 now_us, guint below_id,
                                    ContentAlarm *out);

/** content_alarm_list_next_us: Returns: the earliest instant; %G_MAXINT64 if there is none */
gint64 content_alarm_list_next_us(const ContentAlarmList *self);
