/*
 * phrasebook.h - what one station is to hold for alerts, of all that the district has.
 *
 * Flow: store/templates.h -> here -> compile.h names it in the manifest; web/ asks here whether
 * a station is ready. Pure.
 *
 * A station gets the lines in its villages' languages and in Vietnamese, and the names of the
 * villages of its commune and of its zones. What else an alert may name, it fetches.
 */
#pragma once

#include "content/template.h"

/**
 * sched_phrasebook:
 * @all: of the district
 * @languages: (element-type utf8): those that its zones list
 * @villages: (element-type utf8): areas whose names it may be asked to say
 *
 * Returns: (transfer full)
 */
ContentTemplates *sched_phrasebook(const ContentTemplates *all, const char *station,
                                   GPtrArray *languages, GPtrArray *villages);

/**
 * sched_phrasebook_lack:
 * @placed: of sched_phrasebook()
 * @out_language: (out) (transfer none): of @languages: in which it cannot warn
 *
 * Returns: (transfer none) (nullable): title of what is missing first; NULL: nothing
 */
const char *sched_phrasebook_lack(const ContentTemplates *placed, GPtrArray *languages,
                                  const char **out_language);
