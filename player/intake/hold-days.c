/*
 * hold-days.c - days and settings as they come into force and go out of it. See hold.h
 */
#include "player/intake/hold-internal.h"

#include <string.h>

#include "player/intake/places.h"

PlayKnown
play_hold_known(PlayHold *self, const char *hash)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(self->known, hash));
}

void
play_hold_set_known(PlayHold *self, const char *hash, PlayKnown known)
{
    g_hash_table_replace(self->known, g_strdup(hash), GINT_TO_POINTER(known));
}

void
play_hold_add_approval(PlayHold *self, const char *hash, GHashTable *into)
{
    g_autoptr(GBytes) bytes = NULL;
    ContentApproval *approval;

    if (play_hold_known(self, hash) == PLAY_KNOWN_HELD)
        bytes = play_keep_get_document(self->keep, hash, NULL);
    if (bytes == NULL)
        return;
    approval = content_document_read(&content_approval_type, g_bytes_get_data(bytes, NULL),
                                     g_bytes_get_size(bytes), NULL);
    if (approval != NULL)
        g_hash_table_insert(into, g_strdup(hash), approval);
}

/* Returns: (transfer full): hash -> ContentApproval of the approvals that are here */
static GHashTable *
approvals_of(PlayHold *self, const ContentDayPlan *plan)
{
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);

    for (guint i = 0; i < plan->approvals->len; i++)
        play_hold_add_approval(self, plan->approvals->pdata[i], approvals);
    return approvals;
}

ContentDayPlan *
play_hold_parse_plan(GBytes *bytes, GError **error)
{
    return content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), error);
}

/* Is a document here with the right bytes? One that a card has changed is wanted again. */
gboolean
play_hold_is_kept(PlayHold *self, const char *hash)
{
    g_autoptr(GBytes) bytes = play_keep_get_document(self->keep, hash, NULL);

    if (bytes == NULL && play_hold_known(self, hash) == PLAY_KNOWN_HELD)
        g_hash_table_remove(self->known, hash);
    if (bytes != NULL)
        play_hold_set_known(self, hash, PLAY_KNOWN_HELD);
    return bytes != NULL;
}

/* Reads a day's plan from disk and what is known of its approvals. */
static void
load_plan(PlayHold *self, PlayIntakeDay *day)
{
    g_autoptr(GBytes) bytes = NULL;

    if (day->plan != NULL || !play_hold_is_kept(self, day->hash))
        return;
    bytes = play_keep_get_document(self->keep, day->hash, NULL);
    day->plan = bytes == NULL ? NULL : play_hold_parse_plan(bytes, NULL);
    for (guint i = 0; day->plan != NULL && i < day->plan->approvals->len; i++)
        play_hold_is_kept(self, day->plan->approvals->pdata[i]);
}

static void
say_day(PlayHold *self, const PlayIntakeDay *day)
{
    g_autoptr(GBytes) bytes = NULL;
    ContentDayPlan *copy = NULL;

    /* The owner gets a plan of its own, from the same bytes. */
    if (day->is_applied)
        bytes = play_keep_get_document(self->keep, day->hash, NULL);
    if (bytes != NULL)
        copy = play_hold_parse_plan(bytes, NULL);
    self->events->day(day->date, day->hash, copy,
                      copy == NULL ? NULL : approvals_of(self, copy), copy == NULL, self->data);
}

void
play_hold_keep_days(PlayHold *self)
{
    g_autoptr(GPtrArray) applied =
        g_ptr_array_new_with_free_func(content_manifest_day_shape.free);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];
        ContentManifestDay *kept;

        if (!day->is_applied)
            continue;
        kept = content_shape_new(&content_manifest_day_shape);
        kept->date = g_strdup(day->date);
        kept->hash = g_strdup(day->hash);
        g_ptr_array_add(applied, kept);
    }
    if (!play_keep_set_days(self->keep, applied, &error))
        play_hold_say_error(self, "disk", error);
}

/* Days whose plan has become complete come into force, in the order of their dates. */
void
play_hold_apply_days(PlayHold *self)
{
    gboolean has_changed = FALSE;

    for (guint i = 0; i < self->days->len; i++) {
        PlayIntakeDay *day = self->days->pdata[i];

        if (day->is_applied)
            continue;
        load_plan(self, day);
        if (day->plan == NULL || !play_intake_can_apply(day->plan, self->known))
            continue;
        day->is_applied = TRUE;
        has_changed = TRUE;
        say_day(self, day);
    }
    if (has_changed)
        play_hold_keep_days(self);
}

void
play_hold_say_days_of(PlayHold *self, GHashTable *approvals)
{
    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];
        gboolean names_one = FALSE;

        for (guint j = 0; day->is_applied && j < day->plan->approvals->len; j++)
            names_one |= g_hash_table_contains(approvals, day->plan->approvals->pdata[j]);
        if (names_one)
            say_day(self, day);
    }
}

void
play_hold_doubt_approvals(PlayHold *self)
{
    g_autoptr(GHashTable) all = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) of_templates =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer hash;

    for (guint i = 0; i < self->days->len; i++) {
        const ContentDayPlan *plan = ((const PlayIntakeDay *) self->days->pdata[i])->plan;

        for (guint j = 0; plan != NULL && j < plan->approvals->len; j++) {
            g_hash_table_remove(self->known, plan->approvals->pdata[j]);
            g_hash_table_add(all, plan->approvals->pdata[j]);
        }
    }
    play_hold_name_template_approvals(self, of_templates);
    g_hash_table_iter_init(&iter, of_templates);
    while (g_hash_table_iter_next(&iter, &hash, NULL))
        g_hash_table_remove(self->known, hash);
    play_hold_say_days_of(self, all);
    play_hold_say_templates_of(self, of_templates);
}

static PlayIntakeDay *
find_day(GPtrArray *days, const char *date)
{
    for (guint i = 0; i < days->len; i++) {
        if (strcmp(((PlayIntakeDay *) days->pdata[i])->date, date) == 0)
            return days->pdata[i];
    }
    return NULL;
}

/* The days of a new manifest; what is the same as before stays as it is. */
void
play_hold_replace_days(PlayHold *self, const ContentManifest *manifest)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&self->days);

    self->days = g_ptr_array_new_with_free_func(play_intake_day_free);
    for (guint i = 0; manifest != NULL && i < manifest->days->len; i++) {
        const ContentManifestDay *listed = manifest->days->pdata[i];
        PlayIntakeDay *old = find_day(before, listed->date);
        PlayIntakeDay *day = g_new0(PlayIntakeDay, 1);

        day->date = g_strdup(listed->date);
        day->hash = g_strdup(listed->hash);
        if (old != NULL && strcmp(old->hash, day->hash) == 0) {
            day->plan = g_steal_pointer(&old->plan);
            day->is_applied = old->is_applied;
        }
        g_ptr_array_add(self->days, day);
    }
    for (guint i = 0; i < before->len; i++) {
        const PlayIntakeDay *old = before->pdata[i];
        const PlayIntakeDay *now = find_day(self->days, old->date);

        if (now == NULL)
            self->events->day(old->date, old->hash, NULL, NULL, FALSE, self->data);
    }
}

/* Days that list another plan than before and do not have it yet. */
void
play_hold_say_pending(PlayHold *self, GHashTable *applied_before)
{
    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];

        if (!day->is_applied && g_hash_table_contains(applied_before, day->date))
            say_day(self, day);
    }
}

GHashTable *
play_hold_applied_dates(PlayHold *self)
{
    GHashTable *dates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];

        if (day->is_applied)
            g_hash_table_add(dates, g_strdup(day->date));
    }
    return dates;
}

/* Once: the same settings are not looked at with every bundle. */
static void
refuse_settings(PlayHold *self, const GError *error)
{
    if (play_hold_known(self, self->manifest->settings) == PLAY_KNOWN_REFUSED)
        return;
    play_hold_set_known(self, self->manifest->settings, PLAY_KNOWN_REFUSED);
    play_hold_say_error(self, "settings", error);
}

/*
 * An approval or grant is judged once, by where the zones lay at that moment. When they lie
 * elsewhere, a key for some areas may have signed for a place where it has no say: all are
 * judged again.
 */
static gboolean
judge_by_places(PlayHold *self, const ContentStationSettings *settings, GError **error)
{
    g_autoptr(GPtrArray) places = play_places_new(settings);
    g_autofree char *words = play_places_words(places);
    g_autoptr(GBytes) now = g_bytes_new(words, strlen(words));
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) before = play_keep_places(self->keep, &why);
    gboolean has_moved;

    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    if (before != NULL && g_bytes_equal(before, now))
        return TRUE;
    has_moved =
        before != NULL && (play_verify_is_limited(self->verify, CONTENT_ROLE_APPROVAL) ||
                           play_verify_is_limited(self->verify, CONTENT_ROLE_ALERT));
    if (!play_keep_set_places(self->keep, words, has_moved, error))
        return FALSE;
    if (has_moved) {
        play_hold_doubt_approvals(self);
        play_hold_doubt_grants(self);
    }
    return TRUE;
}

void
play_hold_apply_settings(PlayHold *self)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    ContentStationSettings *copy;

    if (self->manifest == NULL || g_strcmp0(self->settings_hash, self->manifest->settings) == 0)
        return;
    bytes = play_keep_get_document(self->keep, self->manifest->settings, NULL);
    if (bytes == NULL)
        return;
    copy = content_document_read(&content_station_settings_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), NULL);
    if (copy == NULL)
        return;
    if (!play_verify_covers(self->verify, self->manifest_key, copy, &error)) {
        refuse_settings(self, error);
        content_station_settings_free(copy);
        return;
    }
    /* With the places of before nothing sounds where it should not: they stay until the disk
     * can be written. */
    if (!judge_by_places(self, copy, &error)) {
        play_hold_say_error(self, "disk", error);
        content_station_settings_free(copy);
        return;
    }
    play_hold_set_known(self, self->manifest->settings, PLAY_KNOWN_HELD);
    content_station_settings_free(self->settings);
    self->settings =
        content_document_read(&content_station_settings_type, g_bytes_get_data(bytes, NULL),
                              g_bytes_get_size(bytes), NULL);
    g_free(self->settings_hash);
    self->settings_hash = g_strdup(self->manifest->settings);
    play_verify_set_places(self->verify, copy);
    self->events->settings(copy, self->data);
}

/* Days that were in force before and are listed still need nothing to be in force again. */
void
play_hold_resume_days(PlayHold *self)
{
    g_autoptr(GPtrArray) kept = play_keep_days(self->keep, NULL);

    for (guint i = 0; kept != NULL && i < kept->len; i++) {
        const ContentManifestDay *was = kept->pdata[i];
        PlayIntakeDay *day = find_day(self->days, was->date);

        if (day == NULL || strcmp(day->hash, was->hash) != 0)
            continue;
        load_plan(self, day);
        if (day->plan == NULL)
            continue;
        day->is_applied = TRUE;
        say_day(self, day);
    }
}
