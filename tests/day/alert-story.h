/* alert-story.h - what stories of alerts share: a programme, and what is ordered in its middle
 */
#pragma once

#include "tests/day/story.h"
#include "tests/support/alert-builder.h"

/** world_with: a programme of one minute in these zones, from six o'clock on */
CueWorld *world_with(const char *zones);

/** run_to: until @time; what was told until then is forgotten */
void run_to(CueWorld *world, const char *time);

/** order: an alert of now, in Vietnamese */
ContentAlert *order(CueWorld *world, const char *id, const char *area);

/** place: the zone called @id, to be changed */
ContentSettingsZone *place(CueWorld *world, const char *id);

/** speak: the zone's languages from now on, in their order */
void speak(CueWorld *world, const char *zone, const char *languages);
