/* cap-table.c - see cap-table.h */
#include "scheduler/cap/cap-table.h"

#define MAX_LINE 1000
#define MAX_TEXT 8000
#define MAX_FORM 16000

#define N_OF(table)      G_N_ELEMENTS(table)
#define AT(type, member) G_STRUCT_OFFSET(type, member)

static const char *const statuses[] = {"Actual", "Exercise", "System", "Test", "Draft", NULL};
static const char *const messages[] = {"Alert", "Update", "Cancel", "Ack", "Error", NULL};
static const char *const scopes[] = {"Public", "Restricted", "Private", NULL};
static const char *const categories[] = {"Geo",   "Met",    "Safety", "Security",  "Rescue",
                                         "Fire",  "Health", "Env",    "Transport", "Infra",
                                         "CBRNE", "Other",  NULL};
static const char *const responses[] = {"Shelter", "Evacuate", "Prepare",  "Execute", "Avoid",
                                        "Monitor", "Assess",   "AllClear", "None",    NULL};
static const char *const urgencies[] = {"Immediate", "Expected", "Future",
                                        "Past",      "Unknown",  NULL};
static const char *const severities[] = {"Extreme", "Severe",  "Moderate",
                                         "Minor",   "Unknown", NULL};
static const char *const certainties[] = {"Observed", "Likely",  "Possible",
                                          "Unlikely", "Unknown", NULL};

/* clang-format off */
/* The order is the schema's (a sequence): what is written in another order is not valid. */
static const CapMember value_members[] = {
    { "valueName",    CAP_TEXT,  AT(SchedCapValue, name),            1,   1, MAX_LINE, NULL, NULL },
    { "value",        CAP_TEXT,  AT(SchedCapValue, value),           1,   1, MAX_LINE, NULL, NULL },
};
static const CapPart event_code = { "eventCode", sizeof(SchedCapValue), value_members, N_OF(value_members) };
static const CapPart parameter  = { "parameter", sizeof(SchedCapValue), value_members, N_OF(value_members) };
static const CapPart geocode    = { "geocode",   sizeof(SchedCapValue), value_members, N_OF(value_members) };

static const CapMember resource_members[] = {
    { "resourceDesc", CAP_TEXT,  AT(SchedCapResource, description),  1,   1, MAX_LINE, NULL, NULL },
    { "mimeType",     CAP_TEXT,  AT(SchedCapResource, mime_type),    1,   1, 255,      NULL, NULL },
    { "size",         CAP_SIZE,  AT(SchedCapResource, size_bytes),   0,   1, 19,       NULL, NULL },
    { "uri",          CAP_TEXT,  AT(SchedCapResource, uri),          0,   1, MAX_LINE, NULL, NULL },
    { "derefUri",     CAP_TEXT,  AT(SchedCapResource, deref_uri),    0,   1, SCHED_CAP_MAX_BYTES, NULL, NULL },
    { "digest",       CAP_TEXT,  AT(SchedCapResource, digest),       0,   1, 128,      NULL, NULL },
};
static const CapPart resource = { "resource", sizeof(SchedCapResource), resource_members, N_OF(resource_members) };

static const CapMember area_members[] = {
    { "areaDesc",     CAP_TEXT,  AT(SchedCapArea, description),      1,   1, MAX_LINE, NULL, NULL },
    { "polygon",      CAP_TEXTS, AT(SchedCapArea, polygons),         0,  32, MAX_FORM, NULL, NULL },
    { "circle",       CAP_TEXTS, AT(SchedCapArea, circles),          0,  32, 100,      NULL, NULL },
    { "geocode",      CAP_PARTS, AT(SchedCapArea, geocodes),         0, 256, 0,        NULL, &geocode },
    { "altitude",     CAP_TEXT,  AT(SchedCapArea, altitude),         0,   1, 32,       NULL, NULL },
    { "ceiling",      CAP_TEXT,  AT(SchedCapArea, ceiling),          0,   1, 32,       NULL, NULL },
};
static const CapPart area = { "area", sizeof(SchedCapArea), area_members, N_OF(area_members) };

static const CapMember info_members[] = {
    { "language",     CAP_TEXT,  AT(SchedCapInfo, language),         0,   1, 35,       NULL, NULL },
    { "category",     CAP_WORDS, AT(SchedCapInfo, categories),       1,  12, 16,       categories, NULL },
    { "event",        CAP_TEXT,  AT(SchedCapInfo, event),            1,   1, MAX_LINE, NULL, NULL },
    { "responseType", CAP_WORDS, AT(SchedCapInfo, responses),        0,   9, 16,       responses, NULL },
    { "urgency",      CAP_WORD,  AT(SchedCapInfo, urgency),          1,   1, 16,       urgencies, NULL },
    { "severity",     CAP_WORD,  AT(SchedCapInfo, severity),         1,   1, 16,       severities, NULL },
    { "certainty",    CAP_WORD,  AT(SchedCapInfo, certainty),        1,   1, 16,       certainties, NULL },
    { "audience",     CAP_TEXT,  AT(SchedCapInfo, audience),         0,   1, MAX_LINE, NULL, NULL },
    { "eventCode",    CAP_PARTS, AT(SchedCapInfo, event_codes),      0,  32, 0,        NULL, &event_code },
    { "effective",    CAP_TIME,  AT(SchedCapInfo, effective_us),     0,   1, 25,       NULL, NULL },
    { "onset",        CAP_TIME,  AT(SchedCapInfo, onset_us),         0,   1, 25,       NULL, NULL },
    { "expires",      CAP_TIME,  AT(SchedCapInfo, expires_us),       0,   1, 25,       NULL, NULL },
    { "senderName",   CAP_TEXT,  AT(SchedCapInfo, sender_name),      0,   1, MAX_LINE, NULL, NULL },
    { "headline",     CAP_TEXT,  AT(SchedCapInfo, headline),         0,   1, MAX_LINE, NULL, NULL },
    { "description",  CAP_TEXT,  AT(SchedCapInfo, description),      0,   1, MAX_TEXT, NULL, NULL },
    { "instruction",  CAP_TEXT,  AT(SchedCapInfo, instruction),      0,   1, MAX_TEXT, NULL, NULL },
    { "web",          CAP_TEXT,  AT(SchedCapInfo, web),              0,   1, MAX_LINE, NULL, NULL },
    { "contact",      CAP_TEXT,  AT(SchedCapInfo, contact),          0,   1, MAX_LINE, NULL, NULL },
    { "parameter",    CAP_PARTS, AT(SchedCapInfo, parameters),       0,  64, 0,        NULL, &parameter },
    { "resource",     CAP_PARTS, AT(SchedCapInfo, resources),        0,  32, 0,        NULL, &resource },
    { "area",         CAP_PARTS, AT(SchedCapInfo, areas),            0, 200, 0,        NULL, &area },
};
static const CapPart info = { "info", sizeof(SchedCapInfo), info_members, N_OF(info_members) };

static const CapMember alert_members[] = {
    { "identifier",   CAP_NAME,  AT(SchedCap, identifier),           1,   1, 255,      NULL, NULL },
    { "sender",       CAP_NAME,  AT(SchedCap, sender),               1,   1, 255,      NULL, NULL },
    { "sent",         CAP_TIME,  AT(SchedCap, sent_us),              1,   1, 25,       NULL, NULL },
    { "status",       CAP_WORD,  AT(SchedCap, status),               1,   1, 16,       statuses, NULL },
    { "msgType",      CAP_WORD,  AT(SchedCap, message),              1,   1, 16,       messages, NULL },
    { "source",       CAP_TEXT,  AT(SchedCap, source),               0,   1, MAX_LINE, NULL, NULL },
    { "scope",        CAP_WORD,  AT(SchedCap, scope),                1,   1, 16,       scopes, NULL },
    { "restriction",  CAP_TEXT,  AT(SchedCap, restriction),          0,   1, MAX_LINE, NULL, NULL },
    { "addresses",    CAP_TEXT,  AT(SchedCap, addresses),            0,   1, MAX_TEXT, NULL, NULL },
    { "code",         CAP_TEXTS, AT(SchedCap, codes),                0,  32, MAX_LINE, NULL, NULL },
    { "note",         CAP_TEXT,  AT(SchedCap, note),                 0,   1, MAX_TEXT, NULL, NULL },
    { "references",   CAP_REFERENCES, AT(SchedCap, references),      0,   1, MAX_FORM, NULL, NULL },
    { "incidents",    CAP_TEXT,  AT(SchedCap, incidents),            0,   1, MAX_LINE, NULL, NULL },
    { "info",         CAP_PARTS, AT(SchedCap, infos),                0,  32, 0,        NULL, &info },
};
const CapPart cap_alert = { "alert", sizeof(SchedCap), alert_members, N_OF(alert_members) };
/* clang-format on */

G_DEFINE_QUARK(sched - cap - error, sched_cap_error)

/* ---- memory ---- */

void
cap_reference_free(gpointer data)
{
    SchedCapReference *reference = data;

    g_free(reference->sender);
    g_free(reference->identifier);
    g_free(reference->sent);
    g_free(reference);
}

static gboolean
is_array(CapKind kind)
{
    return kind == CAP_TEXTS || kind == CAP_REFERENCES || kind == CAP_PARTS;
}

static void
part_free(const CapPart *part, gpointer owner)
{
    for (guint i = 0; i < part->n_members; i++) {
        const CapMember *member = &part->members[i];

        if (member->kind == CAP_TEXT || member->kind == CAP_NAME)
            g_free(G_STRUCT_MEMBER(char *, owner, member->offset));
        if (!is_array(member->kind))
            continue;
        for (guint k = 0; member->kind == CAP_PARTS && k < cap_array(owner, member)->len; k++)
            part_free(member->part, cap_array(owner, member)->pdata[k]);
        g_ptr_array_unref(cap_array(owner, member));
    }
    g_free(owner);
}

gpointer
cap_part_new(const CapPart *part)
{
    gpointer owner = g_malloc0(part->size);

    for (guint i = 0; i < part->n_members; i++) {
        const CapMember *member = &part->members[i];
        GDestroyNotify destroy = member->kind == CAP_TEXTS        ? g_free
                                 : member->kind == CAP_REFERENCES ? cap_reference_free
                                                                  : NULL;

        if (is_array(member->kind))
            G_STRUCT_MEMBER(GPtrArray *, owner, member->offset) =
                g_ptr_array_new_with_free_func(destroy);
        if (member->kind == CAP_SIZE)
            G_STRUCT_MEMBER(gint64, owner, member->offset) = -1;
    }
    return owner;
}

GPtrArray *
cap_array(gconstpointer owner, const CapMember *member)
{
    return G_STRUCT_MEMBER(GPtrArray *, owner, member->offset);
}

gpointer
cap_add_part(gpointer owner, const CapMember *member)
{
    gpointer one = cap_part_new(member->part);

    g_ptr_array_add(cap_array(owner, member), one);
    return one;
}

static gpointer
add_named(const CapPart *part, gpointer owner, const char *name)
{
    for (guint i = 0; i < part->n_members; i++) {
        if (g_str_equal(part->members[i].name, name))
            return cap_add_part(owner, &part->members[i]);
    }
    g_return_val_if_reached(NULL);
}

SchedCap *
sched_cap_new(void)
{
    return cap_part_new(&cap_alert);
}

void
sched_cap_free(SchedCap *self)
{
    if (self != NULL)
        part_free(&cap_alert, self);
}

SchedCapInfo *
sched_cap_add_info(SchedCap *self)
{
    return add_named(&cap_alert, self, "info");
}

SchedCapArea *
sched_cap_info_add_area(SchedCapInfo *self)
{
    return add_named(&info, self, "area");
}

SchedCapResource *
sched_cap_info_add_resource(SchedCapInfo *self)
{
    return add_named(&info, self, "resource");
}

void
sched_cap_add_value(GPtrArray *values, const char *name, const char *value)
{
    SchedCapValue *one = cap_part_new(&geocode);

    one->name = g_strdup(name);
    one->value = g_strdup(value);
    g_ptr_array_add(values, one);
}

void
sched_cap_add_reference(SchedCap *self, const char *sender, const char *identifier,
                        const char *sent)
{
    SchedCapReference *one = g_new0(SchedCapReference, 1);

    one->sender = g_strdup(sender);
    one->identifier = g_strdup(identifier);
    one->sent = g_strdup(sent);
    g_ptr_array_add(self->references, one);
}
