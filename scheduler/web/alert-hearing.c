/*
 * alert-hearing.c - which village would hear an alert in which of its languages; see
 * api-internal.h.
 *
 * Asked before it is called, of the very document that would go out: by the same rule as a
 * player chooses the speeches of a zone.
 */
#include "scheduler/web/api-internal.h"

#include "content/language.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/stations.h"

#define MAX_LANGUAGES 16

/* Strings stay the store's rows' and the alert's. */
typedef struct {
    char *village, *village_name;
    GPtrArray *heard, *lacking; /* (owned) (element-type utf8) */
} HearRow;

/* clang-format off */
static const ContentMember hear_members[] = {
    ROW_WORDS(HearRow, heard, MAX_LANGUAGES, LANGUAGE, "In which it would be heard; none: no loudspeaker is there."),
    ROW_WORDS(HearRow, lacking, MAX_LANGUAGES, LANGUAGE, "Languages of the village in which it says nothing."),
    ROW_WORD(HearRow, village, ID, "Village."),
    ROW_TEXT(HearRow, village_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_END,
};
/* clang-format on */
const ContentShape sched_api_hear_shape = {"AlertHearing", sizeof(HearRow), hear_members};

static void
add_once(GPtrArray *words, const char *word)
{
    if (words->len < MAX_LANGUAGES &&
        !g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
        g_ptr_array_add(words, (gpointer) word);
}

static gboolean
speaks(GPtrArray *speeches, const char *language)
{
    for (guint i = 0; i < speeches->len; i++) {
        if (content_language_match(language,
                                   ((const ContentSpeech *) speeches->pdata[i])->language) > 0)
            return TRUE;
    }
    return FALSE;
}

static void
hear(HearRow *row, const ContentAlert *alert, const SchedZoneRow *zone)
{
    const ContentSettingsZone place = {.languages = zone->languages};
    g_autoptr(GPtrArray) speeches = content_alert_speeches(alert, &place);

    for (guint i = 0; i < speeches->len; i++)
        add_once(row->heard, ((const ContentSpeech *) speeches->pdata[i])->language);
    for (guint i = 0; i < zone->languages->len; i++) {
        if (!speaks(speeches, zone->languages->pdata[i]))
            add_once(row->lacking, zone->languages->pdata[i]);
    }
}

static gboolean
add_village(SchedTxn *txn, const ContentAlert *alert, const SchedAreaRow *area, json_t *list,
            GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_village_zones(txn, area->id, error);
    g_autoptr(GPtrArray) heard = g_ptr_array_new(), lacking = g_ptr_array_new();
    HearRow row = {area->id, area->name, heard, lacking};

    for (guint i = 0; zones != NULL && i < zones->len; i++)
        hear(&row, alert, zones->pdata[i]);
    if (zones != NULL)
        json_array_append_new(list, sched_shape_write(&sched_api_hear_shape, &row));
    return zones != NULL;
}

json_t *
sched_api_hearing(SchedTxn *txn, const ContentAlert *alert, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    json_auto_t *list = json_array();

    for (guint i = 0; i < alert->areas->len; i++) {
        g_autoptr(GPtrArray) areas =
            sched_store_area_list(txn, alert->areas->pdata[i], NULL, error);

        if (areas == NULL)
            return NULL;
        for (guint j = 0; j < areas->len; j++) {
            const SchedAreaRow *area = areas->pdata[j];

            if (area->kind == SCHED_AREA_VILLAGE && area->valid_to == NULL &&
                g_hash_table_add(seen, g_strdup(area->id)) &&
                !add_village(txn, alert, area, list, error))
                return NULL;
        }
    }
    return g_steal_pointer(&list);
}
