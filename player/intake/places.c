/* places.c - see places.h */
#include "player/intake/places.h"

typedef struct {
    char *zone;
    GPtrArray *areas; /* (owned) (element-type utf8): its village and all above it */
} Place;

static void
place_free(gpointer data)
{
    Place *place = data;

    g_free(place->zone);
    g_ptr_array_unref(place->areas);
    g_free(place);
}

static gpointer
copy_text(gconstpointer text, gpointer data)
{
    return g_strdup(text);
}

GPtrArray *
play_places_new(const ContentStationSettings *settings)
{
    GPtrArray *places = g_ptr_array_new_with_free_func(place_free);

    for (guint i = 0; settings != NULL && i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];
        Place *place = g_new0(Place, 1);

        place->zone = g_strdup(zone->id);
        place->areas = g_ptr_array_copy(zone->areas, copy_text, NULL);
        g_ptr_array_add(places, place);
    }
    return places;
}

char *
play_places_words(const GPtrArray *places)
{
    GString *words = g_string_new(NULL);

    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        g_string_append_printf(words, "%s:", place->zone);
        for (guint j = 0; j < place->areas->len; j++)
            g_string_append_printf(words, " %s", (const char *) place->areas->pdata[j]);
        g_string_append_c(words, '\n');
    }
    return g_string_free(words, FALSE);
}

static gboolean
is_any_in(const GPtrArray *texts, const GPtrArray *among)
{
    for (guint i = 0; i < texts->len; i++) {
        if (g_ptr_array_find_with_equal_func((GPtrArray *) among, texts->pdata[i], g_str_equal,
                                             NULL))
            return TRUE;
    }
    return FALSE;
}

const char *
play_places_outside(const GPtrArray *places, const GPtrArray *scope, const GPtrArray *areas)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = places->pdata[i];

        if ((areas == NULL || is_any_in(areas, place->areas)) &&
            !is_any_in(scope, place->areas))
            return place->zone;
    }
    return NULL;
}
