/* test-decide.c - who is told what, by which way, when; and that a hundred are one message. */
#include "scheduler/message/decide.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/waiting.h"

#include <string.h>

#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define HOUR   (60 * MINUTE)
#define NOW    (G_GINT64_CONSTANT(1772409600) * G_USEC_PER_SEC)

/* A world of news and people; what was told is a set of "account way key". */
typedef struct {
    GPtrArray *news, *people;
    GHashTable *told;
    SchedMessageMoment moment;
} World;

static gboolean
was_told(const char *account, gint way, const char *key, gpointer data)
{
    g_autofree char *one = g_strdup_printf("%s %d %s", account, way, key);

    return g_hash_table_contains(data, one);
}

static World *
world_new(void)
{
    World *w = g_new0(World, 1);

    w->news = g_ptr_array_new_with_free_func((GDestroyNotify) sched_news_free);
    w->people = g_ptr_array_new_with_free_func((GDestroyNotify) sched_reachable_free);
    w->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    w->moment = (SchedMessageMoment){NOW, 0, "https://loa.example.vn/", was_told, w->told};
    return w;
}

static void
world_free(World *w)
{
    g_ptr_array_unref(w->news);
    g_ptr_array_unref(w->people);
    g_hash_table_unref(w->told);
    g_free(w);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* @path: "ia-le chu-puh", from the place upwards; "": of no place */
static SchedNews *
happen(World *w, gint event, const char *key, const char *path, const char *who)
{
    SchedNews *news = sched_news_new(event, key);

    if (*path != '\0') {
        g_auto(GStrv) areas = g_strsplit(path, " ", -1);

        news->above = g_ptr_array_new_with_free_func(g_free);
        for (gsize i = 0; areas[i] != NULL; i++)
            g_ptr_array_add(news->above, g_strdup(areas[i]));
    }
    news->since_us = NOW - HOUR;
    news->what[CONTENT_READER_VI] = g_strdup("Đài mất liên lạc");
    news->what[CONTENT_READER_EN] = g_strdup("Out of contact");
    g_free(news->who);
    news->who = g_strdup(who);
    g_ptr_array_add(w->news, news);
    return news;
}

static SchedReachable *
person(World *w, const char *account, SchedRole role, const char *area)
{
    SchedReachable *one = sched_reachable_new(account);

    one->address[SCHED_MESSAGE_BY_EMAIL] = g_strdup_printf("%s@example.vn", account);
    one->address[SCHED_MESSAGE_BY_PHONE] = g_strdup("0905123456");
    sched_reachable_add_right(one, role, area, "");
    for (gint event = 0; event < SCHED_MESSAGE_N_EVENTS; event++)
        one->wants[event][SCHED_MESSAGE_BY_EMAIL] = TRUE;
    g_ptr_array_add(w->people, one);
    return one;
}

/* "tech email station_lost; …" */
static char *
decide(World *w)
{
    g_autoptr(GPtrArray) drafts = sched_message_decide(w->news, w->people, &w->moment);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < drafts->len; i++) {
        const SchedMessageDraft *d = g_ptr_array_index(drafts, i);

        g_string_append_printf(out, "%s%s %s %s", i == 0 ? "" : "; ", d->account,
                               sched_message_way_words[d->way],
                               sched_message_event_words[d->event]);
        if (d->due_us != w->moment.now_us)
            g_string_append(out, " later");
    }
    return g_string_free(out, FALSE);
}

#define assert_told(w, words)                                                                  \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autofree char *told_ = decide(w);                                                    \
        g_assert_cmpstr(told_, ==, words);                                                     \
    }                                                                                          \
    G_STMT_END

static void
test_rights(void)
{
    g_autoptr(World) w = world_new();

    person(w, "above", SCHED_ROLE_TECHNICIAN, "chu-puh");
    person(w, "there", SCHED_ROLE_TECHNICIAN, "ia-le");
    person(w, "beside", SCHED_ROLE_TECHNICIAN, "ia-blu");
    person(w, "below", SCHED_ROLE_TECHNICIAN, "ia-le-a");
    person(w, "reads", SCHED_ROLE_EDITOR, "chu-puh");
    happen(w, SCHED_MESSAGE_STATION_LOST, "lost/ia-le", "ia-le chu-puh", "Đài Ia Le");
    assert_told(w, "above email station_lost; there email station_lost");
}

static void
test_languages(void)
{
    g_autoptr(World) w = world_new();
    SchedReachable *jrai = person(w, "jrai", SCHED_ROLE_EDITOR, "nowhere");
    SchedReachable *kriem = person(w, "kriem", SCHED_ROLE_EDITOR, "nowhere");
    SchedNews *news = happen(w, SCHED_MESSAGE_UNAPPROVED, "day/s", "ia-le chu-puh", "");

    sched_reachable_add_right(jrai, SCHED_ROLE_REVIEWER, "chu-puh", "jra");
    sched_reachable_add_right(kriem, SCHED_ROLE_REVIEWER, "chu-puh", "bdq");
    news->language = g_strdup("bdq-x-kriem");
    assert_told(w, "kriem email unapproved");
    /* Who wrote it is told whatever their role and wherever it is. */
    g_ptr_array_add(news->only, g_strdup("jrai"));
    assert_told(w, "jrai email unapproved; kriem email unapproved");
}

static void
test_only(void)
{
    g_autoptr(World) w = world_new();

    person(w, "a", SCHED_ROLE_APPROVER, "chu-puh");
    person(w, "b", SCHED_ROLE_APPROVER, "chu-puh");
    g_ptr_array_add(happen(w, SCHED_MESSAGE_WAITING, "waiting/1", "", "")->only, g_strdup("b"));
    assert_told(w, "b email waiting");
}

static void
test_choices(void)
{
    g_autoptr(World) w = world_new();
    SchedReachable *one = person(w, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");

    happen(w, SCHED_MESSAGE_STATION_LOST, "lost/1", "chu-puh", "A");
    one->wants[SCHED_MESSAGE_STATION_LOST][SCHED_MESSAGE_BY_PHONE] = TRUE;
    assert_told(w, "tech email station_lost; tech phone station_lost");
    one->wants[SCHED_MESSAGE_STATION_LOST][SCHED_MESSAGE_BY_EMAIL] = FALSE;
    assert_told(w, "tech phone station_lost");
    *one->address[SCHED_MESSAGE_BY_PHONE] = '\0';
    assert_told(w, "");
}

static void
test_once(void)
{
    g_autoptr(World) w = world_new();
    SchedReachable *one = person(w, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");

    happen(w, SCHED_MESSAGE_STATION_LOST, "lost/1", "chu-puh", "A");
    g_hash_table_add(w->told, g_strdup("tech 0 lost/1"));
    assert_told(w, "");
    /* Another one waits for the gap, and is told when it is over. */
    happen(w, SCHED_MESSAGE_STATION_LOST, "lost/2", "chu-puh", "B");
    one->last_us[SCHED_MESSAGE_STATION_LOST][SCHED_MESSAGE_BY_EMAIL] = NOW - 29 * MINUTE;
    assert_told(w, "");
    w->moment.now_us = NOW + MINUTE;
    assert_told(w, "tech email station_lost");
    /* A clock that was set back silences nobody. */
    one->last_us[SCHED_MESSAGE_STATION_LOST][SCHED_MESSAGE_BY_EMAIL] = NOW + HOUR;
    assert_told(w, "tech email station_lost");
}

static void
test_settles(void)
{
    g_autoptr(World) w = world_new();
    SchedNews *first;

    person(w, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    first = happen(w, SCHED_MESSAGE_STATION_LOST, "lost/1", "chu-puh", "A");
    first->since_us = NOW - 9 * MINUTE;
    assert_told(w, "");
    first->since_us = NOW - 10 * MINUTE;
    assert_told(w, "tech email station_lost");
}

static void
test_night(void)
{
    g_autoptr(World) w = world_new();
    SchedNews *near;

    person(w, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    person(w, "app", SCHED_ROLE_APPROVER, "chu-puh");
    w->moment.morning_us = NOW + 3 * HOUR;
    happen(w, SCHED_MESSAGE_STATION_LOST, "lost/1", "chu-puh", "A");
    near = happen(w, SCHED_MESSAGE_UNAPPROVED, "near/s", "chu-puh", "");
    assert_told(w, "tech email station_lost later; app email unapproved later");
    near->is_urgent = TRUE;
    assert_told(w, "tech email station_lost later; app email unapproved");
}

/* However many: one message, with names that a person can read, and the rest counted. */
static void
test_hundred(void)
{
    g_autoptr(World) w = world_new();
    g_autoptr(GPtrArray) drafts = NULL;
    const SchedMessageDraft *mail, *text;
    SchedReachable *one = person(w, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");

    one->wants[SCHED_MESSAGE_STATION_LOST][SCHED_MESSAGE_BY_PHONE] = TRUE;
    for (guint i = 0; i < 100; i++) {
        g_autofree char *key = g_strdup_printf("lost/%u", i);
        g_autofree char *who = g_strdup_printf("Đài %u", i);

        happen(w, SCHED_MESSAGE_STATION_LOST, key, "chu-puh", who);
    }
    drafts = sched_message_decide(w->news, w->people, &w->moment);
    g_assert_cmpuint(drafts->len, ==, 2);
    mail = g_ptr_array_index(drafts, 0);
    text = g_ptr_array_index(drafts, 1);
    g_assert_cmpuint(mail->keys->len, ==, 100);
    g_assert_cmpstr(mail->subject, ==, "100 đài mất liên lạc");
    g_assert_true(g_str_has_prefix(
        mail->body, "- Đài mất liên lạc: Đài 0, Đài 1, Đài 2, Đài 3, Đài 4, Đài 5, Đài 6, "
                    "Đài 7 và 92 nơi khác\n\n"));
    g_assert_nonnull(strstr(mail->body, "https://loa.example.vn/"));
    g_assert_cmpuint(strlen(text->body), <=, SCHED_MESSAGE_MAX_TEXT_BYTES);
    g_assert_true(g_utf8_validate(text->body, -1, NULL));
}

/* Different things are lines of their own, as many as a person reads, and a text is cut between
 * letters. */
static void
test_many_lines(void)
{
    g_autoptr(World) w = world_new();
    g_autoptr(GPtrArray) drafts = NULL;
    const SchedMessageDraft *mail, *text;
    SchedReachable *one = person(w, "app", SCHED_ROLE_APPROVER, "chu-puh");
    g_auto(GStrv) lines = NULL;

    one->reader = CONTENT_READER_EN;
    one->wants[SCHED_MESSAGE_UNAPPROVED][SCHED_MESSAGE_BY_PHONE] = TRUE;
    for (guint i = 0; i < 60; i++) {
        g_autofree char *key = g_strdup_printf("day/%u", i);
        SchedNews *news = happen(w, SCHED_MESSAGE_UNAPPROVED, key, "chu-puh", "");

        g_free(news->what[CONTENT_READER_EN]);
        news->what[CONTENT_READER_EN] = g_strdup_printf("ơ̆ư̆ê̆ô̆\r\nBcc: x %u", i);
    }
    drafts = sched_message_decide(w->news, w->people, &w->moment);
    mail = g_ptr_array_index(drafts, 0);
    text = g_ptr_array_index(drafts, 1);
    g_assert_null(strpbrk(mail->subject, "\r\n"));
    lines = g_strsplit(mail->body, "\n- ", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, SCHED_MESSAGE_MAX_LINES + 1);
    g_assert_true(g_str_has_prefix(lines[SCHED_MESSAGE_MAX_LINES], "and 35 more\n"));
    g_assert_cmpuint(strlen(text->body), <=, SCHED_MESSAGE_MAX_TEXT_BYTES);
    g_assert_true(g_utf8_validate(text->body, -1, NULL));
    g_assert_true(g_str_has_suffix(text->body, "…"));
}

/* The table speaks of roles by number: they are those of the store. */
static void
test_rules(void)
{
    /* clang-format off */
    static const struct { gint event; SchedRole role; gboolean concerns; } cases[] = {
        { SCHED_MESSAGE_UNAPPROVED,    SCHED_ROLE_APPROVER,   TRUE  },
        { SCHED_MESSAGE_UNAPPROVED,    SCHED_ROLE_EDITOR,     TRUE  },
        { SCHED_MESSAGE_UNAPPROVED,    SCHED_ROLE_TECHNICIAN, FALSE },
        { SCHED_MESSAGE_DROPPED,       SCHED_ROLE_OFFICIAL,   TRUE  },
        { SCHED_MESSAGE_WAITING,       SCHED_ROLE_REVIEWER,   TRUE  },
        { SCHED_MESSAGE_WAITING,       SCHED_ROLE_EDITOR,     TRUE  }, /* to record */
        { SCHED_MESSAGE_WAITING,       SCHED_ROLE_OFFICIAL,   FALSE },
        { SCHED_MESSAGE_MISSED,        SCHED_ROLE_OPERATOR,   TRUE  },
        { SCHED_MESSAGE_STATION_LOST,  SCHED_ROLE_TECHNICIAN, TRUE  },
        { SCHED_MESSAGE_STATION_FAULT, SCHED_ROLE_OPERATOR,   FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(sched_message_concerns(cases[i].event, 1u << cases[i].role), ==,
                        cases[i].concerns);
}

/* Every sentence that a message is made of is in both catalogues. */
static void
test_words(void)
{
    static const char *const ends[] = {"one", "many"};

    for (const char *const *kind = sched_waiting_kind_words; *kind != NULL; kind++) {
        g_autofree char *key = g_strdup_printf("message.waiting.%s", *kind);

        g_assert_nonnull(content_wording_text(CONTENT_READER_VI, key));
        g_assert_nonnull(content_wording_text(CONTENT_READER_EN, key));
    }

    for (gint event = 0; event < SCHED_MESSAGE_N_EVENTS; event++) {
        for (gsize i = 0; i < 2 * G_N_ELEMENTS(ends); i++) {
            g_autofree char *key =
                g_strdup_printf("message.%s.%s", sched_message_event_words[event], ends[i / 2]);

            g_assert_nonnull(content_wording_text((ContentReader) (i % 2), key));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/decide/rights", test_rights);
    g_test_add_func("/message/decide/languages", test_languages);
    g_test_add_func("/message/decide/only", test_only);
    g_test_add_func("/message/decide/choices", test_choices);
    g_test_add_func("/message/decide/once", test_once);
    g_test_add_func("/message/decide/settles", test_settles);
    g_test_add_func("/message/decide/night", test_night);
    g_test_add_func("/message/decide/hundred", test_hundred);
    g_test_add_func("/message/decide/many-lines", test_many_lines);
    g_test_add_func("/message/decide/rules", test_rules);
    g_test_add_func("/message/decide/words", test_words);
    return g_test_run();
}
