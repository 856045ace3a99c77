/* plan-builder.c - see plan-builder.h */
#include "tests/support/plan-builder.h"

#include <string.h>

#include "content/base/id.h"

gint64
plan_builder_utc(const char *tzid, const char *local)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(tzid);
    g_autoptr(GDateTime) time = NULL;

    g_assert_nonnull(zone);
    time = g_date_time_new_from_iso8601(local, zone);
    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

char *
plan_builder_hash(const char *name)
{
    return content_sha256_hex(name, strlen(name));
}

char *
plan_builder_id(const char *name)
{
    g_autofree char *hash = content_sha256_hex(name, strlen(name));

    return g_strndup(hash, 32);
}

ContentDayPlan *
plan_builder_day(const char *date)
{
    ContentDayPlan *day = content_document_new(&content_day_plan_type);

    day->station = g_strdup("ia-pa");
    day->date = g_strdup(date);
    day->tzid = g_strdup("Asia/Ho_Chi_Minh");
    return day;
}

static void
add_words(GPtrArray *texts, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);

    for (guint i = 0; parts[i] != NULL; i++)
        g_ptr_array_add(texts, g_strdup(parts[i]));
}

ContentSegment *
plan_builder_add(ContentDayPlan *day, const char *name, const char *output, const char *zones,
                 const char *language, gint64 start_us, gint64 duration_us)
{
    ContentSegment *segment = content_shape_new(&content_segment_shape);

    segment->id = plan_builder_id(name);
    segment->slot = g_strdup("slot");
    segment->occurrence = g_strdup_printf("slot-%s", day->date);
    segment->item = g_strdup("item");
    segment->output = g_strdup(output);
    add_words(segment->zones, zones);
    segment->start_us = start_us;
    segment->duration_us = duration_us;
    segment->language = g_strdup(language);
    segment->class_ = CONTENT_CLASS_THONG_THUONG;
    segment->source = CONTENT_SOURCE_OBJECT;
    segment->object = plan_builder_hash(name);
    segment->approval = plan_builder_hash(name);
    segment->title = g_strdup(name);
    g_ptr_array_add(day->segments, segment);
    return segment;
}

static ContentApproval *
approval_of(const ContentSegment *segment)
{
    ContentApproval *approval = content_document_new(&content_approval_type);

    approval->kind =
        segment->language == NULL ? CONTENT_APPROVED_SIGNAL : CONTENT_APPROVED_VERSION;
    if (segment->source == CONTENT_SOURCE_STREAM || segment->source == CONTENT_SOURCE_LINE_IN) {
        approval->kind = CONTENT_APPROVED_SOURCE;
        approval->address =
            g_strdup(segment->source == CONTENT_SOURCE_STREAM ? "https://radio.vn/jarai.ogg"
                                                              : "line:tuner");
    }
    approval->announcement = g_strdup("announcement");
    approval->version = g_strdup("version");
    approval->object = g_strdup(segment->object);
    approval->language = g_strdup(segment->language);
    approval->class_ = CONTENT_CLASS_UU_TIEN;
    g_ptr_array_add(approval->areas, g_strdup("xa"));
    approval->valid_from_us = 0;
    approval->valid_until_us = G_MAXINT64;
    approval->title = g_strdup(segment->title);
    approval->source_document = g_strdup("source");
    approval->author = g_strdup("author");
    approval->checker = g_strdup("checker");
    approval->approver = g_strdup("approver");
    return approval;
}

ContentApproval *
plan_builder_spoken(const char *object, const char *language)
{
    const ContentSegment segment = {.source = CONTENT_SOURCE_OBJECT,
                                    .object = (char *) object,
                                    .language = (char *) language,
                                    .title = (char *) "phrase"};
    ContentApproval *approval = approval_of(&segment);

    approval->kind = CONTENT_APPROVED_TEMPLATE;
    approval->class_ = CONTENT_CLASS_KHAN_CAP;
    return approval;
}

GHashTable *
plan_builder_approvals(const ContentDayPlan *day)
{
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);

    for (guint i = 0; i < day->segments->len; i++) {
        const ContentSegment *segment = day->segments->pdata[i];

        g_hash_table_replace(approvals, g_strdup(segment->approval), approval_of(segment));
    }
    return approvals;
}

static void
add_zone(ContentStationSettings *settings, const char *word)
{
    g_auto(GStrv) parts = g_strsplit(word, ":", 2);
    ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);
    ContentWindow *window = content_shape_new(&content_window_shape);

    zone->id = g_strdup(parts[1]);
    zone->output = g_strdup(parts[0]);
    zone->name = g_strdup(parts[1]);
    zone->village = g_strdup(parts[1]);
    g_ptr_array_add(zone->areas, g_strdup(parts[1]));
    g_ptr_array_add(zone->areas, g_strdup("xa"));
    g_ptr_array_add(zone->languages, g_strdup("vi"));
    zone->daily_limit_min = 1440;
    window->weekdays = 127;
    window->to_min = 1440;
    g_ptr_array_add(zone->windows, window);
    g_ptr_array_add(settings->zones, zone);
}

ContentStationSettings *
plan_builder_settings(const char *tzid, const char *zones)
{
    ContentStationSettings *settings = content_document_new(&content_station_settings_type);
    g_auto(GStrv) words = g_strsplit(zones, " ", -1);

    settings->station = g_strdup("ia-pa");
    settings->name = g_strdup("Ia Pa");
    settings->tzid = g_strdup(tzid);
    settings->heartbeat_s = 60;
    for (guint i = 0; words[i] != NULL; i++)
        add_zone(settings, words[i]);
    return settings;
}

ContentInventory *
plan_builder_inventory(const ContentStationSettings *settings, gint64 switch_ms, gint64 tail_ms)
{
    ContentInventory *inventory = content_document_new(&content_inventory_type);

    inventory->version = g_strdup("1");
    for (guint i = 0; i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];
        ContentInventoryZone *row = content_shape_new(&content_inventory_zone_shape);

        row->id = g_strdup(zone->id);
        row->output = g_strdup(zone->output);
        row->switch_ms = switch_ms;
        row->tail_ms = tail_ms;
        row->max_on_s = 3600;
        g_ptr_array_add(inventory->zones, row);
    }
    return inventory;
}

char *
plan_builder_day_hash(const char *date, const char *salt)
{
    g_autofree char *name = g_strconcat("day ", date, salt, NULL);

    return plan_builder_hash(name);
}

ContentManifest *
plan_builder_manifest(gint64 version, gint64 now_us, GPtrArray *days, const char *salt)
{
    ContentManifest *manifest = content_document_new(&content_manifest_type);

    manifest->station = g_strdup("ia-pa");
    manifest->version = version;
    manifest->issued_us = manifest->not_before_us = now_us;
    manifest->expires_us = now_us + CONTENT_MANIFEST_LIFE_US;
    for (guint i = 0; i < days->len; i++) {
        const ContentDayPlan *day = days->pdata[i];
        ContentManifestDay *row = content_shape_new(&content_manifest_day_shape);

        row->date = g_strdup(day->date);
        row->hash = plan_builder_day_hash(day->date, salt);
        g_ptr_array_add(manifest->days, row);
    }
    return manifest;
}
