/*
 * plan-builder.h - day plans, approvals, settings and inventories made by hand, all in order.
 *
 * A test changes the one member it is about. Names are short; ids and hashes are made of them.
 */
#pragma once

#include "content/heartbeat.h"
#include "content/manifest.h"
#include "content/plan.h"

#define PLAN_S(n)   ((gint64) (n) *G_USEC_PER_SEC)
#define PLAN_MIN(n) ((gint64) (n) *60 * G_USEC_PER_SEC)

/** plan_builder_utc: @local: "2026-03-02 06:00:00" in @tzid; Returns: UTC µs */
gint64 plan_builder_utc(const char *tzid, const char *local);

/** plan_builder_hash: Returns: (transfer full): 64 hex digits made of @name */
char *plan_builder_hash(const char *name);

/** plan_builder_id: Returns: (transfer full): a segment id made of @name */
char *plan_builder_id(const char *name);

/** plan_builder_day: Returns: (transfer full): a plan without segments */
ContentDayPlan *plan_builder_day(const char *date);

/**
 * plan_builder_add:
 * @name: its id is plan_builder_id(), its object and approval plan_builder_hash() of it
 * @zones: separated by spaces
 *
 * Returns: (transfer none): the segment, to be changed
 */
ContentSegment *plan_builder_add(ContentDayPlan *day, const char *name, const char *output,
                                 const char *zones, const char *language, gint64 start_us,
                                 gint64 duration_us);

/** plan_builder_approvals: Returns: (transfer full): an approval for every segment of @day; a
 * stream's is for https://radio.vn/jarai.ogg, a line-in's for line:tuner */
GHashTable *plan_builder_approvals(const ContentDayPlan *day);

/** plan_builder_spoken: Returns: (transfer full): approval of what a template says, in area xa
 */
ContentApproval *plan_builder_spoken(const char *object, const char *language);

/**
 * plan_builder_settings:
 * @zones: "output:zone" separated by spaces; each is a village of its own name in area "xa"
 *
 * Returns: (transfer full): windows all day, no maximum, no cap
 */
ContentStationSettings *plan_builder_settings(const char *tzid, const char *zones);

/** plan_builder_inventory: Returns: (transfer full): of the zones of @settings */
ContentInventory *plan_builder_inventory(const ContentStationSettings *settings,
                                         gint64 switch_ms, gint64 tail_ms);

/**
 * plan_builder_manifest:
 * @days: (element-type ContentDayPlan): each is listed with the hash of its date and @salt
 */
ContentManifest *plan_builder_manifest(gint64 version, gint64 now_us, GPtrArray *days,
                                       const char *salt);

/** plan_builder_day_hash: Returns: (transfer full): as plan_builder_manifest() lists it */
char *plan_builder_day_hash(const char *date, const char *salt);
