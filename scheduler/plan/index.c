/* index.c - see index.h */
#include "scheduler/plan/index-private.h"

#include "content/base/id.h"
#include "content/language.h"
#include "content/wording.h"

/* What the error says, for readers of any language; NULL: the message alone says it. */
typedef struct {
    ContentRemark *what; /* (owned) (nullable) */
} SchedIndexErrorPrivate;

/* In what GLib generates the compiler fears for pointers that GLib vouches for. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnull-dereference"

static void
sched_index_error_private_init(SchedIndexErrorPrivate *self)
{
    self->what = NULL;
}

static void
sched_index_error_private_copy(const SchedIndexErrorPrivate *from, SchedIndexErrorPrivate *to)
{
    to->what = content_remark_copy(from->what);
}

static void
sched_index_error_private_clear(SchedIndexErrorPrivate *self)
{
    content_remark_free(self->what);
}

G_DEFINE_EXTENDED_ERROR(SchedIndexError, sched_index_error)
#pragma GCC diagnostic pop

/* @what: (transfer full) */
static gboolean
refuse_row(GError **error, ContentRemark *what)
{
    g_autoptr(ContentRemark) owned = what;
    g_autofree char *words = content_wording_remark(what, CONTENT_READER_EN, NULL);
    SchedIndexErrorPrivate *private;

    if (error == NULL)
        return FALSE;
    g_set_error_literal(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID, words);
    private = sched_index_error_get_private(*error);
    if (private != NULL)
    private->what = g_steal_pointer(&owned);
    return FALSE;
}

gboolean
sched_index_spoilt(GError **error, const char *code, const char *subject, ...)
{
    ContentRemark *what = content_remark_new(code, subject == NULL ? "" : subject, NULL);
    const char *name;
    va_list arguments;

    va_start(arguments, subject);
    while ((name = va_arg(arguments, const char *)) != NULL)
        content_remark_add(what, name, va_arg(arguments, const char *));
    va_end(arguments);
    return refuse_row(error, what);
}

gboolean
sched_index_spoilt_by(GError **error, const GError *cause, const char *code,
                      const char *subject)
{
    return refuse_row(error, content_remark_say(content_remark_new(code, subject, NULL),
                                                cause->message));
}

gboolean
sched_index_refuse(GError **error, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list arguments;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID, words);
    return FALSE;
}

/* The id is checked and not there yet. */
gboolean
sched_index_check_new(GHashTable *table, const char *kind, const char *id, GError **error)
{
    if (!content_id_is_valid(id))
        return sched_index_spoilt(error, "plan_id", id == NULL ? "" : id, "kind", kind, NULL);
    if (g_hash_table_contains(table, id))
        return sched_index_spoilt(error, "plan_twice", id, "kind", kind, NULL);
    return TRUE;
}

SchedTongue
sched_index_tongue(SchedIndex *self, const char *tag)
{
    g_autofree char *base = tag == NULL ? NULL : content_language_base(tag);
    const char *names[] = {tag, base};
    guint numbers[2] = {0, 0};

    for (guint i = 0; i < 2 && names[i] != NULL; i++) {
        numbers[i] = GPOINTER_TO_UINT(g_hash_table_lookup(self->tags, names[i]));
        if (numbers[i] == 0) {
            numbers[i] = g_hash_table_size(self->tags) + 1;
            g_hash_table_insert(self->tags, g_strdup(names[i]), GUINT_TO_POINTER(numbers[i]));
        }
    }
    return (SchedTongue){numbers[0], numbers[1]};
}

SchedCalendar *
sched_index_calendar(SchedIndex *self, const char *tzid, const char *kind, const char *id,
                     GError **error)
{
    SchedCalendar *calendar = g_hash_table_lookup(self->calendars, tzid);

    if (calendar == NULL) {
        calendar = sched_calendar_new(tzid);
        if (calendar != NULL)
            g_hash_table_insert(self->calendars, g_strdup(tzid), calendar);
    }
    if (calendar == NULL)
        sched_index_spoilt(error, "plan_tzid", id, "kind", kind, "tzid", tzid, NULL);
    return calendar;
}

static GHashTable *
table_new(GDestroyNotify free_value)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_value);
}

void
sched_index_leave_out(SchedIndex *self, const char *kind, const char *id, const char *place,
                      GError *error)
{
    const SchedIndexErrorPrivate *private = sched_index_error_get_private(error);
    ContentRemark *what =
        private == NULL || private->what == NULL
            ? content_remark_say(content_remark_new("plan_unread", id, "kind", kind, NULL),
                                 error->message)
            : content_remark_copy(private->what);

    g_ptr_array_add(self->troubles, sched_trouble_new(kind, id, place, what));
    g_error_free(error);
}

static SchedIndex *
index_new(void)
{
    SchedIndex *self = g_new0(SchedIndex, 1);

    self->special_from = SCHED_DAY_MAX + 1;
    self->silences = g_ptr_array_new_with_free_func(g_free);
    self->tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->calendars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) sched_calendar_free);
    self->areas = table_new(sched_index_area_free);
    self->stations = table_new(sched_index_station_free);
    self->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->announcements = table_new(sched_index_announcement_free);
    self->playlists = table_new(sched_index_playlist_free);
    self->slots = table_new(sched_index_slot_free);
    self->troubles = g_ptr_array_new_with_free_func((GDestroyNotify) sched_trouble_free);
    self->left_stations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    return self;
}

SchedIndex *
sched_index_new(const SchedSnapshot *snapshot)
{
    SchedIndex *self = index_new();

    for (guint i = 0; i < snapshot->troubles->len; i++)
        g_ptr_array_add(self->troubles,
                        sched_trouble_copy(g_ptr_array_index(snapshot->troubles, i)));
    sched_index_add_areas(self, snapshot);
    sched_index_add_stations(self, snapshot);
    sched_index_add_zones(self, snapshot);
    sched_index_add_announcements(self, snapshot);
    sched_index_add_playlists(self, snapshot);
    sched_index_add_slots(self, snapshot);
    sched_index_add_overrides(self, snapshot);
    sched_index_add_choices(self, snapshot);
    sched_index_add_quiets(self, snapshot);
    sched_index_add_specials(self, snapshot);
    sched_index_add_make_ups(self, snapshot);
    return self;
}

void
sched_index_free(SchedIndex *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->slots);
    g_hash_table_unref(self->playlists);
    g_hash_table_unref(self->announcements);
    g_hash_table_unref(self->zones);
    g_hash_table_unref(self->stations);
    g_hash_table_unref(self->areas);
    g_hash_table_unref(self->calendars);
    g_hash_table_unref(self->tags);
    g_ptr_array_unref(self->troubles);
    g_ptr_array_unref(self->silences);
    g_hash_table_unref(self->left_stations);
    g_free(self);
}

GPtrArray *
sched_index_troubles(SchedIndex *self)
{
    return self->troubles;
}

const char *
sched_index_why_not(SchedIndex *self, const char *station)
{
    return g_hash_table_lookup(self->left_stations, station);
}

SchedIndexStation *
sched_index_station(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->stations, id);
}

const SchedIndexArea *
sched_index_area(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->areas, id);
}

const SchedIndexPlaylist *
sched_index_playlist(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->playlists, id);
}

const SchedIndexSlot *
sched_index_slot(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->slots, id);
}
