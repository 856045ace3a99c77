/* cue-world-journal.c - what the cue of cue-world.h records */
#include "tests/support/cue-world-inside.h"

#include "content/wording.h"

static void
count_final(CueWorld *world, ContentRecord *record)
{
    const char *name = cue_world_name_of(world, record->segment);
    g_autofree char *key = g_strdup_printf("%s %s", name, record->zone);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(world->finals, key));

    if (n > 0)
        cue_world_fail(world, "a second final record for %s", key);
    g_hash_table_replace(world->last, g_strdup(key), record);
    g_hash_table_replace(world->finals, g_steal_pointer(&key), GUINT_TO_POINTER(n + 1));
}

static void
check_record(const ContentRecord *record)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    ContentRecord sent = *record;

    sent.seq = 1;
    sent.prev = (char *) CONTENT_RECORD_NO_PREVIOUS;
    sent.boot = (char *) "00000000000000000000000000000000";
    bytes = content_document_write(&content_record_type, &sent, &error);
    g_assert_no_error(error);
}

/* "fault gateway_down gateway", and what else is told, in English. */
static void
write_details(CueWorld *world, const char *kind, const GPtrArray *details)
{
    g_autofree char *words = content_wording_remarks(details, CONTENT_READER_EN, NULL);
    const ContentRemark *first = details->len == 0 ? NULL : details->pdata[0];

    cue_world_write(world, "%s %s %s: %s", kind, first == NULL ? "" : first->code,
                    first == NULL || first->subject == NULL ? "" : first->subject, words);
}

void
cue_world_take_record(CueWorld *world, ContentRecord *record)
{
    const char *kind = content_record_kind_words[record->kind];
    const char *name = cue_world_name_of(world, record->segment);

    check_record(record);
    g_ptr_array_add(world->journal, record);
    if (g_strcmp0(record->item, "alert") == 0) {
        cue_world_take_alert_record(world, record);
        return;
    }
    if (record->kind == CONTENT_RECORD_STARTED) {
        cue_world_write(world, "%s %s", kind, name);
        g_ptr_array_add(world->unwritten, g_strdup(record->segment));
    } else if (record->segment != NULL) {
        if (record->kind != CONTENT_RECORD_PART)
            count_final(world, record);
        cue_world_write(world, "%s %s %s %s", kind, name, record->zone,
                        content_reason_words[record->reason]);
    } else {
        write_details(world, kind, record->details);
    }
}

guint
cue_world_finals(CueWorld *world, const char *name, const char *zone)
{
    g_autofree char *key = g_strdup_printf("%s %s", name, zone);

    return GPOINTER_TO_UINT(g_hash_table_lookup(world->finals, key));
}

const ContentRecord *
cue_world_last_final(CueWorld *world, const char *name, const char *zone)
{
    g_autofree char *key = g_strdup_printf("%s %s", name, zone);

    return g_hash_table_lookup(world->last, key);
}
