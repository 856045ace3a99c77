/* warning-words.c - see warning-words.h. Pure. */
#include "scheduler/cap/warning-words.h"

#include <string.h>

#define MET      SCHED_CAP_CATEGORY_MET
#define GEO      SCHED_CAP_CATEGORY_GEO
#define SAFETY   SCHED_CAP_CATEGORY_SAFETY
#define EVACUATE SCHED_CAP_RESPONSE_EVACUATE
#define CLEAR    SCHED_CAP_RESPONSE_ALL_CLEAR
#define NOW      SCHED_CAP_URGENCY_IMMEDIATE
#define PAST     SCHED_CAP_URGENCY_PAST
#define LIKELY   SCHED_CAP_CERTAINTY_LIKELY
#define OBSERVED SCHED_CAP_CERTAINTY_OBSERVED

/* clang-format off */
static const WarningEvent events[] = {
    [CONTENT_EVENT_FLOOD]       = { "Lũ",             MET, EVACUATE, NOW, LIKELY },
    [CONTENT_EVENT_FLASH_FLOOD] = { "Lũ quét",        MET, EVACUATE, NOW, LIKELY },
    [CONTENT_EVENT_LANDSLIDE]   = { "Sạt lở đất",     GEO, EVACUATE, NOW, LIKELY },
    [CONTENT_EVENT_STORM]       = { "Bão",            MET, SCHED_CAP_RESPONSE_SHELTER | SCHED_CAP_RESPONSE_PREPARE, SCHED_CAP_URGENCY_EXPECTED, LIKELY },
    [CONTENT_EVENT_DAM_RELEASE] = { "Hồ chứa xả lũ",  SCHED_CAP_CATEGORY_INFRA | SAFETY, EVACUATE | SCHED_CAP_RESPONSE_AVOID, NOW, LIKELY },
    [CONTENT_EVENT_FOREST_FIRE] = { "Cháy rừng",      SCHED_CAP_CATEGORY_FIRE, EVACUATE, NOW, OBSERVED },
    [CONTENT_EVENT_HOUSE_FIRE]  = { "Cháy nhà",       SCHED_CAP_CATEGORY_FIRE, EVACUATE, NOW, OBSERVED },
    [CONTENT_EVENT_EPIDEMIC]    = { "Dịch bệnh",      SCHED_CAP_CATEGORY_HEALTH, SCHED_CAP_RESPONSE_MONITOR, NOW, OBSERVED },
    [CONTENT_EVENT_ALL_CLEAR]   = { "Hết nguy hiểm",  SAFETY, CLEAR, PAST, OBSERVED },
    [CONTENT_EVENT_FALSE_ALARM] = { "Báo nhầm",       SAFETY, CLEAR, PAST, OBSERVED },
    [CONTENT_EVENT_SPOKEN]      = { "Thông báo khẩn", SAFETY, SCHED_CAP_RESPONSE_MONITOR, NOW, SCHED_CAP_CERTAINTY_UNKNOWN },
    [CONTENT_EVENT_DRILL]       = { "Diễn tập",       SAFETY, SCHED_CAP_RESPONSE_NONE, NOW, SCHED_CAP_CERTAINTY_UNKNOWN },
};

/* Codes of the National Weather Service (47 CFR 11.31), which many programs write. */
static const struct { const char *code; ContentEventKind kind; } same_codes[] = {
    { "FFW", CONTENT_EVENT_FLASH_FLOOD }, { "FFA", CONTENT_EVENT_FLASH_FLOOD },
    { "FLW", CONTENT_EVENT_FLOOD },       { "FLA", CONTENT_EVENT_FLOOD },
    { "HUW", CONTENT_EVENT_STORM },       { "HUA", CONTENT_EVENT_STORM },
    { "TRW", CONTENT_EVENT_STORM },       { "TRA", CONTENT_EVENT_STORM },
    { "LSW", CONTENT_EVENT_LANDSLIDE },   { "DBW", CONTENT_EVENT_DAM_RELEASE },
    { "DBA", CONTENT_EVENT_DAM_RELEASE }, { "WFW", CONTENT_EVENT_FOREST_FIRE },
    { "WFA", CONTENT_EVENT_FOREST_FIRE },
};

/* Whole words of an event's text, in lower case; the narrower before what it holds. Marks are
 * not taken off: "báo động" is no "bão". */
static const struct { const char *word; ContentEventKind kind; } words[] = {
    { "báo nhầm",           CONTENT_EVENT_FALSE_ALARM }, { "false alarm",      CONTENT_EVENT_FALSE_ALARM },
    { "hết nguy hiểm",      CONTENT_EVENT_ALL_CLEAR },   { "all clear",        CONTENT_EVENT_ALL_CLEAR },
    { "lũ quét",            CONTENT_EVENT_FLASH_FLOOD }, { "lũ ống",           CONTENT_EVENT_FLASH_FLOOD },
    { "flash flood",        CONTENT_EVENT_FLASH_FLOOD }, { "flash flooding",   CONTENT_EVENT_FLASH_FLOOD },
    { "xả lũ",              CONTENT_EVENT_DAM_RELEASE }, { "vỡ đập",           CONTENT_EVENT_DAM_RELEASE },
    { "dam release",        CONTENT_EVENT_DAM_RELEASE }, { "dam break",        CONTENT_EVENT_DAM_RELEASE },
    { "sạt lở",             CONTENT_EVENT_LANDSLIDE },   { "trượt lở",         CONTENT_EVENT_LANDSLIDE },
    { "landslide",          CONTENT_EVENT_LANDSLIDE },   { "mudslide",         CONTENT_EVENT_LANDSLIDE },
    { "lũ",                 CONTENT_EVENT_FLOOD },       { "ngập lụt",         CONTENT_EVENT_FLOOD },
    { "flood",              CONTENT_EVENT_FLOOD },       { "flooding",         CONTENT_EVENT_FLOOD },
    { "bão",                CONTENT_EVENT_STORM },       { "áp thấp nhiệt đới", CONTENT_EVENT_STORM },
    { "typhoon",            CONTENT_EVENT_STORM },       { "tropical storm",   CONTENT_EVENT_STORM },
    { "tropical cyclone",   CONTENT_EVENT_STORM },       { "hurricane",        CONTENT_EVENT_STORM },
    { "cháy rừng",          CONTENT_EVENT_FOREST_FIRE }, { "forest fire",      CONTENT_EVENT_FOREST_FIRE },
    { "wildfire",           CONTENT_EVENT_FOREST_FIRE }, { "wild fire",        CONTENT_EVENT_FOREST_FIRE },
    { "cháy nhà",           CONTENT_EVENT_HOUSE_FIRE },  { "house fire",       CONTENT_EVENT_HOUSE_FIRE },
    { "dịch bệnh",          CONTENT_EVENT_EPIDEMIC },    { "epidemic",         CONTENT_EVENT_EPIDEMIC },
};

/*
 * Decision 18/2021, Art. 4 has five colours, CAP four words: light yellow is moderate, orange
 * severe, red and purple extreme, light blue minor. Read without its level, a severity is the
 * lower of the levels that it stands for: a person may raise it.
 */
static const SchedCapSeverity severities[] = {
    [1] = SCHED_CAP_SEVERITY_MINOR,   [2] = SCHED_CAP_SEVERITY_MODERATE,
    [3] = SCHED_CAP_SEVERITY_SEVERE,  [4] = SCHED_CAP_SEVERITY_EXTREME,
    [5] = SCHED_CAP_SEVERITY_EXTREME,
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(events) == CONTENT_EVENT_DRILL + 1);
G_STATIC_ASSERT(G_N_ELEMENTS(severities) == CONTENT_ALERT_SEVEREST + 1);

const WarningEvent *
warning_event(gint kind)
{
    g_return_val_if_fail(kind >= 0 && kind < (gint) G_N_ELEMENTS(events),
                         &events[CONTENT_EVENT_SPOKEN]);
    return &events[kind];
}

SchedCapSeverity
warning_severity(gint64 level)
{
    g_return_val_if_fail(level >= 1 && level <= CONTENT_ALERT_SEVEREST,
                         SCHED_CAP_SEVERITY_UNKNOWN);
    return severities[level];
}

gint64
warning_level(SchedCapSeverity severity)
{
    for (gsize level = 1; level < G_N_ELEMENTS(severities); level++) {
        if (severities[level] == severity)
            return (gint64) level;
    }
    return 0;
}

/* ---- which hazard ---- */

static gint
kind_of_code(const SchedCapValue *code)
{
    for (gint i = 0; strcmp(code->name, SCHED_WARNING_EVENT) == 0; i++) {
        if (content_event_kind_words[i] == NULL)
            return -1;
        if (strcmp(content_event_kind_words[i], code->value) == 0)
            return i;
    }
    for (gsize i = 0; strcmp(code->name, "SAME") == 0 && i < G_N_ELEMENTS(same_codes); i++) {
        if (strcmp(same_codes[i].code, code->value) == 0)
            return (gint) same_codes[i].kind;
    }
    return -1;
}

static gboolean
has_word(const char *text, const char *word)
{
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        const char *end = at + strlen(word);
        gunichar before = at == text ? ' ' : g_utf8_get_char(g_utf8_find_prev_char(text, at));

        if (!g_unichar_isalnum(before) && !g_unichar_isalnum(g_utf8_get_char(end)))
            return TRUE;
    }
    return FALSE;
}

static gint
kind_of_text(const char *text)
{
    g_autofree char *lower = g_utf8_strdown(text, -1);
    g_autofree char *composed = g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);

    for (gsize i = 0; composed != NULL && i < G_N_ELEMENTS(words); i++) {
        if (has_word(composed, words[i].word))
            return (gint) words[i].kind;
    }
    return -1;
}

gint
warning_kind(const SchedCapInfo *info)
{
    gint kind = -1;

    for (guint i = 0; kind < 0 && i < info->event_codes->len; i++)
        kind = kind_of_code(info->event_codes->pdata[i]);
    if (kind < 0)
        kind = kind_of_text(info->event);
    /* A flood that is over is still called a flood. */
    if (kind != CONTENT_EVENT_FALSE_ALARM &&
        (info->responses & SCHED_CAP_RESPONSE_ALL_CLEAR) != 0)
        return CONTENT_EVENT_ALL_CLEAR;
    return kind;
}
