/*
 * test-button.c - presses, whole and broken, and 100,000 random ones against a model.
 *
 * A course is words: U, D, L, G and B with milliseconds. U: read as released. D: pressed, read
 * every 50 ms. L: nobody reads it. G: pressed, and no reading comes. B: pressed, told without a
 * reading. What came of it is a letter for each: s started, o called off, l lost, x not taken,
 * ! stuck.
 */
#include "player/cue/button.h"

#include <string.h>

#define MS(x)     ((gint64) (x) *1000)
#define HOLD_US   MS(3000)
#define CANCEL_US MS(2000)
#define POLL_US   MS(50)

typedef struct {
    PlayButton button;
    gint64 now_us;
    GString *came;
    gboolean is_refused; /* what the next start is answered */
    gboolean is_untaken; /* and the cue says nothing of it */
} Fixture;

static void
settle(Fixture *fixture)
{
    static const char letters[] = {' ', 's', 'o', 'l', 'x'};
    PlayButtonState before = fixture->button.state;
    PlayButtonDo what;

    while (play_button_step(&fixture->button, fixture->now_us, &what)) {
        if (what != PLAY_BUTTON_DO_NOTHING)
            g_string_append_c(fixture->came, letters[what]);
        if (what == PLAY_BUTTON_DO_START)
            play_button_answer(&fixture->button, !fixture->is_refused);
        if (fixture->button.state == PLAY_BUTTON_STUCK && before != PLAY_BUTTON_STUCK)
            g_string_append_c(fixture->came, '!');
        if (fixture->button.state == PLAY_BUTTON_ORDERED && !fixture->is_untaken)
            play_button_taken(&fixture->button, TRUE);
        before = fixture->button.state;
    }
}

static void
tell(Fixture *fixture, char word)
{
    switch (word) {
    case 'U':
        play_button_read(&fixture->button, FALSE, 0, fixture->now_us);
        break;
    case 'D':
        play_button_read(&fixture->button, TRUE, fixture->now_us, fixture->now_us);
        break;
    case 'B':
        play_button_read(&fixture->button, TRUE, 0, fixture->now_us);
        break;
    case 'L':
        play_button_lose(&fixture->button);
        break;
    case 'G':
        break;
    default:
        g_assert_not_reached();
    }
    settle(fixture);
}

/* Time goes by, and whoever has an alarm set is asked at it. */
static void
wait_until(Fixture *fixture, gint64 until_us)
{
    for (;;) {
        gint64 next_us = play_button_next_us(&fixture->button);

        if (next_us == 0 || next_us > until_us)
            break;
        fixture->now_us = MAX(fixture->now_us, next_us);
        settle(fixture);
        g_assert_cmpint(play_button_next_us(&fixture->button), !=, next_us);
    }
    fixture->now_us = until_us;
}

static void
run(Fixture *fixture, const char *course)
{
    g_auto(GStrv) words = g_strsplit(course, " ", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        gint64 end_us = fixture->now_us + MS(g_ascii_strtoll(words[i] + 1, NULL, 10));

        tell(fixture, words[i][0]);
        while (fixture->now_us < end_us) {
            wait_until(fixture, MIN(end_us, fixture->now_us + POLL_US));
            if (fixture->now_us < end_us && (words[i][0] == 'D' || words[i][0] == 'B'))
                tell(fixture, words[i][0]);
        }
    }
}

static void
start(Fixture *fixture)
{
    *fixture = (Fixture){.now_us = MS(5000), .came = g_string_new(NULL)};
    play_button_init(&fixture->button, HOLD_US, CANCEL_US);
}

static void
stop(Fixture *fixture)
{
    g_string_free(fixture->came, TRUE);
}

static void
test_courses(void)
{
    /* clang-format off */
    const struct { const char *why, *course, *came; PlayButtonState state; } cases[] = {
        { "held, let go, not called off",    "U100 D3050 U2100",       "s",  PLAY_BUTTON_SOUNDING },
        { "let go a reading too soon",       "U100 D3000 U9000",       "",   PLAY_BUTTON_IDLE     },
        { "a knock at it",                   "U100 D20 U9000",         "",   PLAY_BUTTON_IDLE     },
        { "many knocks are no hold",         "U100 D900 U50 D900 U50 D900 U50 D900 U9000", "", PLAY_BUTTON_IDLE },
        { "not yet: still in the window",    "U100 D3050 U1900",       "",   PLAY_BUTTON_WINDOW   },
        { "called off by a second press",    "U100 D3050 U1000 D100 U9000", "o", PLAY_BUTTON_IDLE },
        { "called off, and held again",      "U100 D3050 U1000 D3050 U9000", "o", PLAY_BUTTON_IDLE },
        { "called off, let go, held anew",   "U100 D3050 U1000 D100 U100 D3050 U2100", "os", PLAY_BUTTON_SOUNDING },
        { "never let go: not yet",           "U100 D29900",            "",   PLAY_BUTTON_FULL     },
        { "never let go: stuck",             "U100 D40000 U9000",      "!",  PLAY_BUTTON_IDLE     },
        { "let go late",                     "U100 D20000 U2100",      "s",  PLAY_BUTTON_SOUNDING },
        { "pressed from the beginning",      "D9000 U9000",            "!",  PLAY_BUTTON_IDLE     },
        { "stuck, let go, then held",        "D9000 U100 D3050 U2100", "!s", PLAY_BUTTON_SOUNDING },
        { "never seen",                      "L9000",                  "",   PLAY_BUTTON_UNSEEN   },
        { "gateway lost in mid-hold",        "U100 D2000 L100 D2000 U9000", "l!", PLAY_BUTTON_IDLE },
        { "gateway lost after the hold",     "U100 D3100 L100 U9000",  "l",  PLAY_BUTTON_IDLE     },
        { "gateway lost in the window",      "U100 D3050 U500 L100 U9000", "l", PLAY_BUTTON_IDLE  },
        { "gateway lost while idle",         "U100 L100 D5000 U9000",  "!",  PLAY_BUTTON_IDLE     },
        { "a gap is no hold",                "U100 D1500 G700 D1500 U9000", "", PLAY_BUTTON_IDLE  },
        { "after a gap the whole hold",      "U100 D1500 G700 D3050 U2100", "s", PLAY_BUTTON_SOUNDING },
        { "a short gap is borne",            "U100 D1500 G500 D1050 U2100", "s", PLAY_BUTTON_SOUNDING },
        { "readings end: not followed",      "U100 D1500 G2100",       "l",  PLAY_BUTTON_UNSEEN   },
        { "readings end after the hold",     "U100 D3050 G2100",       "l",  PLAY_BUTTON_UNSEEN   },
        { "told, but not read: no hold",     "U100 B5000 U9000",       "l!", PLAY_BUTTON_IDLE     },
        { "a press while it sounds",         "U100 D3050 U2100 D5000 U100", "s", PLAY_BUTTON_SOUNDING },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture fixture;

        g_test_message("%s", cases[i].why);
        start(&fixture);
        run(&fixture, cases[i].course);
        g_assert_cmpstr(fixture.came->str, ==, cases[i].came);
        g_assert_cmpint(fixture.button.state, ==, cases[i].state);
        stop(&fixture);
    }
}

static void
test_lamp(void)
{
    /* clang-format off */
    const struct { const char *why, *course; gboolean is_refused; ContentLampShow show; } cases[] = {
        { "nothing is known",    "L100",                     FALSE, CONTENT_LAMP_OFF    },
        { "nobody presses",      "U100",                     FALSE, CONTENT_LAMP_OFF    },
        { "held",                "U100 D2000",               FALSE, CONTENT_LAMP_SLOW   },
        { "held long enough",    "U100 D3050",               FALSE, CONTENT_LAMP_FAST   },
        { "may be called off",   "U100 D3050 U1000",         FALSE, CONTENT_LAMP_FAST   },
        { "called off",          "U100 D3050 U1000 D50",     FALSE, CONTENT_LAMP_OFF    },
        { "sounds",              "U100 D3050 U2100",         FALSE, CONTENT_LAMP_STEADY },
        { "refused",             "U100 D3050 U2100",         TRUE,  CONTENT_LAMP_DOUBLE },
        { "refused, and shown",  "U100 D3050 U2000 U10050",  TRUE,  CONTENT_LAMP_OFF    },
        { "stuck",               "D5000",                    FALSE, CONTENT_LAMP_OFF    },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture fixture;

        g_test_message("%s", cases[i].why);
        start(&fixture);
        fixture.is_refused = cases[i].is_refused;
        run(&fixture, cases[i].course);
        g_assert_cmpint(play_button_lamp(&fixture.button), ==, cases[i].show);
        stop(&fixture);
    }
}

static void
test_alert_that_ends(void)
{
    Fixture fixture;

    start(&fixture);
    run(&fixture, "U100 D3050 U2100");
    play_button_over(&fixture.button);
    run(&fixture, "U100 D3050 U2100");
    g_assert_cmpstr(fixture.came->str, ==, "ss");
    /* Of one whose end nobody told, the longest life is the end. */
    run(&fixture, "U86400000 U100");
    g_assert_cmpint(fixture.button.state, ==, PLAY_BUTTON_IDLE);
    stop(&fixture);
}

/* Ordered, but the cue refuses it, or is never heard of it: refused, and not for good. */
static void
test_not_taken(void)
{
    Fixture fixture;

    start(&fixture);
    fixture.is_untaken = TRUE;
    run(&fixture, "U100 D3050 U2100");
    g_assert_cmpint(fixture.button.state, ==, PLAY_BUTTON_ORDERED);
    play_button_taken(&fixture.button, FALSE);
    run(&fixture, "U100");
    g_assert_cmpint(fixture.button.state, ==, PLAY_BUTTON_REFUSED);
    run(&fixture, "U11000 D3050 U13000");
    g_assert_cmpstr(fixture.came->str, ==, "ssx");
    g_assert_cmpint(fixture.button.state, ==, PLAY_BUTTON_REFUSED);
    run(&fixture, "U11000");
    g_assert_cmpint(fixture.button.state, ==, PLAY_BUTTON_IDLE);
    stop(&fixture);
}

/* Without a cancel window it starts when it is let go, not before. */
static void
test_no_window(void)
{
    Fixture fixture;

    start(&fixture);
    fixture.button.cancel_us = 0;
    run(&fixture, "U100 D4000");
    g_assert_cmpstr(fixture.came->str, ==, "");
    run(&fixture, "U1");
    g_assert_cmpstr(fixture.came->str, ==, "s");
    stop(&fixture);
}

static void
test_rows(void)
{
    gboolean is_reached[PLAY_BUTTON_N_STATES] = {[PLAY_BUTTON_UNSEEN] = TRUE};
    gboolean is_left[PLAY_BUTTON_N_STATES] = {FALSE};
    gsize n_rules;
    const PlayButtonRule *rules = play_button_rules(&n_rules);

    for (gsize round = 0; round < PLAY_BUTTON_N_STATES; round++) {
        for (gsize i = 0; i < n_rules; i++) {
            is_reached[rules[i].to] |= is_reached[rules[i].from];
            is_left[rules[i].from] = TRUE;
            for (gsize j = 0; j < i; j++)
                g_assert_false(rules[i].from == rules[j].from &&
                               rules[i].seen == rules[j].seen);
            /* Only one way leads to a start. */
            g_assert_cmpint(rules[i].then == PLAY_BUTTON_DO_START, ==,
                            rules[i].from == PLAY_BUTTON_WINDOW &&
                                rules[i].seen == PLAY_PRESS_IN_TIME);
        }
    }
    for (gsize i = 0; i < PLAY_BUTTON_N_STATES; i++)
        g_assert_true(is_reached[i] && is_left[i]);
}

/* ---- random courses against a model that keeps only what was told ---- */

typedef struct {
    char word; /* U, D or L */
    gint64 at_us;
} Told;

typedef struct {
    Fixture fixture;
    GArray *told; /* Told, of what matters: from the last U before the last D on */
    gsize n_seen; /* letters looked at */
    guint n_started, n_off;
} Model;

static void
note(Model *model, char word)
{
    Told told = {word, model->fixture.now_us};

    g_array_append_val(model->told, told);
}

/* Before anything was told nobody reads it. */
static Told
at(const Model *model, gint index)
{
    const Told nothing = {'L', 0};

    return index < 0 ? nothing : g_array_index(model->told, Told, (guint) index);
}

/* From what was told alone: is there a press, seen released before it, held without a gap for
 * the whole hold, let go, and nothing since for the whole window? */
static void
check_start(const Model *model)
{
    gint i = (gint) model->told->len - 1;
    gint64 let_go_us = 0, run_end_us, longest_us = 0;

    for (; at(model, i).word == 'U'; i--)
        let_go_us = at(model, i).at_us;
    g_assert_cmpint(model->fixture.now_us - let_go_us, >=, CANCEL_US);
    run_end_us = at(model, i).at_us;
    for (; at(model, i).word == 'D'; i--) {
        longest_us = MAX(longest_us, run_end_us - at(model, i).at_us);
        if (at(model, i).at_us - at(model, i - 1).at_us > PLAY_BUTTON_GAP_US)
            run_end_us = at(model, i - 1).at_us;
    }
    g_assert_cmpint(longest_us, >=, HOLD_US);
    g_assert_cmpint(at(model, i).word, ==, 'U');
}

static void
look(Model *model)
{
    for (; model->n_seen < model->fixture.came->len; model->n_seen++) {
        char letter = model->fixture.came->str[model->n_seen];

        if (letter == 's') {
            check_start(model);
            model->n_started++;
        }
        model->n_off += letter == 'o';
    }
}

/* Mostly what a finger and a line do, so that whole presses come about. */
static void
random_event(Model *model)
{
    Fixture *fixture = &model->fixture;
    gint dice = g_test_rand_int_range(0, 1000);
    char last = at(model, (gint) model->told->len - 1).word;
    char word = last == 'L' ? 'U' : last;

    if (dice < 16)
        word = last == 'D' ? 'U' : 'D';
    else if (dice < 18)
        word = 'L';
    wait_until(fixture, fixture->now_us + MS(g_test_rand_int_range(10, 100)) +
                            (dice >= 998 ? MS(g_test_rand_int_range(300, 2500)) : 0));
    look(model);
    fixture->is_refused = g_test_rand_bit();
    if (dice >= 990 && fixture->button.state == PLAY_BUTTON_SOUNDING)
        play_button_over(&fixture->button);
    note(model, word);
    tell(fixture, word);
    look(model);
}

static void
test_random(void)
{
    Model model = {.told = g_array_new(FALSE, FALSE, sizeof(Told))};

    for (guint i = 0; i < 100000; i++) {
        start(&model.fixture);
        g_array_set_size(model.told, 0);
        model.n_seen = 0;
        for (guint j = 0, n = (guint) g_test_rand_int_range(20, 200); j < n; j++)
            random_event(&model);
        stop(&model.fixture);
    }
    g_test_message("%u started, %u called off", model.n_started, model.n_off);
    /* The check would hold for a button that never starts anything, too. */
    g_assert_cmpuint(model.n_started, >, 1000);
    g_assert_cmpuint(model.n_off, >, 1000);
    g_array_unref(model.told);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/button/courses", test_courses);
    g_test_add_func("/player/cue/button/lamp", test_lamp);
    g_test_add_func("/player/cue/button/alert-that-ends", test_alert_that_ends);
    g_test_add_func("/player/cue/button/not-taken", test_not_taken);
    g_test_add_func("/player/cue/button/no-window", test_no_window);
    g_test_add_func("/player/cue/button/rows", test_rows);
    g_test_add_func("/player/cue/button/random", test_random);
    return g_test_run();
}
