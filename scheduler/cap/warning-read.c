/* warning-read.c - what a CAP message would be as alerts of ours: see warning.h. Pure. */
#include "scheduler/cap/warning-words.h"

#include <string.h>

/* ---- whether it is for us ---- */

static gboolean
is_over(const SchedCapInfo *info, gint64 now_us)
{
    return info->expires_us != 0 && info->expires_us <= now_us;
}

gint64
sched_warning_expires(const SchedCap *cap)
{
    gint64 last_us = 0;

    for (guint i = 0; i < cap->infos->len; i++) {
        const SchedCapInfo *info = cap->infos->pdata[i];

        if (info->expires_us == 0)
            return 0;
        last_us = MAX(last_us, info->expires_us);
    }
    return last_us;
}

SchedWarningRefusal
sched_warning_refuse(const SchedCap *cap, gint64 now_us)
{
    gint64 expires_us = sched_warning_expires(cap);

    if (cap->message == SCHED_CAP_MESSAGE_ACK || cap->message == SCHED_CAP_MESSAGE_ERROR)
        return SCHED_WARNING_REPLY;
    if (cap->status != SCHED_CAP_STATUS_ACTUAL && cap->status != SCHED_CAP_STATUS_EXERCISE)
        return SCHED_WARNING_TEST;
    if (cap->scope != SCHED_CAP_SCOPE_PUBLIC)
        return SCHED_WARNING_PRIVATE;
    /* What ends another says so for as long as anybody might not know. */
    if (cap->message == SCHED_CAP_MESSAGE_CANCEL)
        return SCHED_WARNING_TAKEN;
    return expires_us != 0 && expires_us <= now_us ? SCHED_WARNING_OVER : SCHED_WARNING_TAKEN;
}

const char *
sched_warning_headline(const SchedCap *cap)
{
    for (guint i = 0; i < cap->infos->len; i++) {
        const SchedCapInfo *info = cap->infos->pdata[i];

        if (info->headline != NULL)
            return info->headline;
    }
    return cap->infos->len > 0 ? ((const SchedCapInfo *) cap->infos->pdata[0])->event
                               : cap->identifier;
}

/* ---- drafts ---- */

static void
draft_free(gpointer data)
{
    SchedWarningDraft *draft = data;

    g_free(draft->event_text);
    g_free(draft->headline);
    g_ptr_array_unref(draft->languages);
    g_ptr_array_unref(draft->values);
    g_ptr_array_unref(draft->areas);
    g_free(draft);
}

static SchedWarningDraft *
draft_new(gint event, const char *text)
{
    SchedWarningDraft *draft = g_new0(SchedWarningDraft, 1);

    draft->event = event;
    draft->event_text = g_strdup(text);
    draft->languages = g_ptr_array_new_with_free_func(g_free);
    draft->values = g_ptr_array_new_with_free_func(g_free);
    draft->areas = g_ptr_array_new();
    return draft;
}

static void
add_once(GPtrArray *texts, const char *text)
{
    if (!g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
        g_ptr_array_add(texts, g_strdup(text));
}

static gboolean
is_same_text(const SchedWarningDraft *draft, const char *text)
{
    return draft->event < 0 && strcmp(draft->event_text, text) == 0;
}

/* Of a hazard that has no word here: another language of the first, or a hazard of its own. */
static SchedWarningDraft *
find_unknown(GPtrArray *drafts, const SchedCapInfo *info)
{
    SchedWarningDraft *first = drafts->len > 0 ? drafts->pdata[0] : NULL;

    for (guint i = 0; i < drafts->len; i++) {
        if (is_same_text(drafts->pdata[i], info->event))
            return drafts->pdata[i];
    }
    return first != NULL && !g_ptr_array_find_with_equal_func(first->languages, info->language,
                                                              g_str_equal, NULL)
               ? first
               : NULL;
}

static SchedWarningDraft *
draft_of(GPtrArray *drafts, const SchedCapInfo *info)
{
    gint kind = warning_kind(info);
    SchedWarningDraft *draft = kind < 0 ? find_unknown(drafts, info) : NULL;

    for (guint i = 0; kind >= 0 && draft == NULL && i < drafts->len; i++) {
        SchedWarningDraft *one = drafts->pdata[i];

        if (one->event == kind)
            draft = one;
    }
    if (draft == NULL) {
        draft = draft_new(kind, info->event);
        g_ptr_array_add(drafts, draft);
    }
    return draft;
}

/* ---- what a part says ---- */

static gint64
level_of(const SchedCapInfo *info)
{
    for (guint i = 0; i < info->parameters->len; i++) {
        const SchedCapValue *one = info->parameters->pdata[i];

        if (strcmp(one->name, SCHED_WARNING_LEVEL) == 0 && strlen(one->value) == 1 &&
            one->value[0] >= '1' && one->value[0] <= '0' + CONTENT_ALERT_SEVEREST)
            return one->value[0] - '0';
    }
    return warning_level(info->severity);
}

static gboolean
is_same_area(const SchedWarningArea *a, const SchedWarningArea *b)
{
    if (a->id != NULL || b->id != NULL)
        return g_strcmp0(a->id, b->id) == 0;
    if (a->codes->len != b->codes->len)
        return FALSE;
    for (guint i = 0; i < a->codes->len; i++) {
        if (strcmp(a->codes->pdata[i], b->codes->pdata[i]) != 0)
            return FALSE;
    }
    return a->codes->len > 0 || strcmp(a->name, b->name) == 0;
}

/* @is_ours: ids are believed */
static void
add_area(SchedWarningDraft *draft, const SchedCapArea *from, gboolean is_ours)
{
    SchedWarningArea *area =
        sched_warning_add_area(draft->areas, NULL, from->description, NULL);

    for (guint i = 0; i < from->geocodes->len; i++) {
        const SchedCapValue *one = from->geocodes->pdata[i];

        if (strcmp(one->name, SCHED_WARNING_AREA) != 0) {
            g_ptr_array_add(area->codes, g_strdup(one->value));
            g_ptr_array_add(area->kinds, g_strdup(one->name));
        } else if (is_ours && area->id == NULL) {
            area->id = g_strdup(one->value);
        }
    }
    for (guint i = 0; i + 1 < draft->areas->len; i++) {
        if (is_same_area(draft->areas->pdata[i], area)) {
            g_ptr_array_set_size(draft->areas, (gint) draft->areas->len - 1);
            return;
        }
    }
}

static void
add_info(SchedWarningDraft *draft, const SchedCapInfo *info, gboolean is_ours)
{
    gint64 level = level_of(info);

    add_once(draft->languages, info->language);
    if (draft->headline == NULL)
        draft->headline = g_strdup(info->headline);
    draft->severity = MAX(draft->severity, level);
    if (info->expires_us != 0 &&
        (draft->expires_us == 0 || info->expires_us < draft->expires_us))
        draft->expires_us = info->expires_us;
    for (guint i = 0; i < info->parameters->len; i++) {
        const SchedCapValue *one = info->parameters->pdata[i];

        if (strcmp(one->name, SCHED_WARNING_VALUE) == 0)
            add_once(draft->values, one->value);
    }
    for (guint i = 0; i < info->areas->len; i++)
        add_area(draft, info->areas->pdata[i], is_ours);
}

GPtrArray *
sched_warning_drafts(const SchedCap *cap, const char *sender, gint64 now_us)
{
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(draft_free);
    gboolean is_ours = g_strcmp0(cap->sender, sender) == 0;

    for (guint i = 0; i < cap->infos->len; i++) {
        const SchedCapInfo *info = cap->infos->pdata[i];

        if (!is_over(info, now_us))
            add_info(draft_of(drafts, info), info, is_ours);
    }
    return g_steal_pointer(&drafts);
}
