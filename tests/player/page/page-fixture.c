/* page-fixture.c - see page-fixture.h */
#include "tests/player/page/page-fixture.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/wait.h"

static GBytes *
say_people(PageFixture *f, GError **error)
{
    static const char *const names[][2] = {{"hoa-1", "Rơ Châm Hoa"}, {"kia-2", "Siu Kia"}};
    g_autoptr(PlayPagePeople) people = content_document_new(&play_page_people_type);

    people->station = g_strdup("Đài Ia Pa");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        PlayPageAccount *account = content_shape_new(&play_page_account_shape);

        account->id = g_strdup(names[i][0]);
        account->name = g_strdup(names[i][1]);
        account->pin_hash = g_strdup(f->pin_hash);
        g_ptr_array_add(people->accounts, account);
    }
    return content_document_write(&play_page_people_type, people, error);
}

static GBytes *
say_choices(GError **error)
{
    g_autoptr(PlayPageChoices) choices = content_document_new(&play_page_choices_type);
    PlayPageTemplate *template_ = content_shape_new(&play_page_template_shape);
    PlayPageName *village = content_shape_new(&play_page_name_shape);

    template_->id = g_strdup("bao-lu");
    template_->title = g_strdup("Lũ");
    template_->severity = 4;
    g_ptr_array_add(choices->templates, template_);
    village->id = g_strdup("b1");
    village->name = g_strdup("Plei Ơi");
    g_ptr_array_add(choices->villages, village);
    return content_document_write(&play_page_choices_type, choices, error);
}

static GBytes *
say_state(GError **error)
{
    g_autoptr(PlayPageState) state = content_document_new(&play_page_state_type);

    state->station = g_strdup("Đài Ia Pa");
    state->gateway = TRUE;
    return content_document_write(&play_page_state_type, state, error);
}

static GBytes *
say_outcome(PageFixture *f, const PlayPageAsk *ask, GError **error)
{
    g_autoptr(PlayPageOutcome) outcome = content_document_new(&play_page_outcome_type);
    GString *villages = g_string_new(NULL);

    for (guint i = 0; i < ask->villages->len; i++)
        g_string_append_printf(villages, "%s%s", i == 0 ? "" : ",",
                               (char *) ask->villages->pdata[i]);
    g_free(f->last);
    if (ask->act == PLAY_PAGE_STOP) {
        f->n_stopped++;
        f->last = g_strdup_printf("stop %s %s", ask->account,
                                  ask->alert != NULL ? ask->alert : "all");
    } else {
        f->n_started++;
        f->last = g_strdup_printf("start %s %s %s %s", ask->account, ask->template_,
                                  villages->str, ask->drill ? "drill" : "real");
        if (f->refusal != NULL)
            outcome->refusal = content_remark_new(f->refusal, NULL, NULL);
        else
            outcome->alert = g_strdup_printf("alert-%u", f->n_started);
    }
    g_string_free(villages, TRUE);
    return content_document_write(&play_page_outcome_type, outcome, error);
}

static GBytes *
hear_hello(PageFixture *f, const PlayPageAsk *ask, GError **error)
{
    g_autoptr(PlayPageOutcome) outcome = content_document_new(&play_page_outcome_type);

    g_assert_cmpstr(ask->certificate, ==, f->certificate->fingerprint);
    f->n_hellos++;
    return content_document_write(&play_page_outcome_type, outcome, error);
}

static GBytes *
on_ask(const PlayPageAsk *ask, gpointer data, GError **error)
{
    PageFixture *f = data;

    if (f->says_rubbish)
        return g_bytes_new_static("{}", 2);
    if (ask->act == PLAY_PAGE_PEOPLE)
        return say_people(f, error);
    if (ask->act == PLAY_PAGE_CHOICES)
        return say_choices(error);
    if (ask->act == PLAY_PAGE_STATE)
        return say_state(error);
    if (ask->act == PLAY_PAGE_HELLO)
        return hear_hello(f, ask, error);
    return say_outcome(f, ask, error);
}

static void
on_problem(const char *words, gpointer data)
{
    g_test_message("refused: %s", words);
}

static const PlayPagePostEvents events = {on_ask, on_problem};

void
page_fixture_post(PageFixture *f, gboolean is_there)
{
    g_clear_pointer(&f->post, play_page_post_free);
    if (is_there)
        f->post = play_page_post_new(f->socket, f->clock, &events, f);
    TEST_WAIT_UNTIL(play_page_has_player(f->page) == is_there);
}

/* The least that argon2id accepts: the rules are the same, the test is quick. */
static char *
hash_of(const char *pin)
{
    char out[crypto_pwhash_STRBYTES];

    g_assert_cmpint(crypto_pwhash_str_alg(out, pin, strlen(pin), 1, 8192,
                                          crypto_pwhash_ALG_ARGON2ID13),
                    ==, 0);
    return g_strdup(out);
}

void
page_fixture_start(PageFixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *state = NULL, *user = NULL;
    PlayPageOptions options = {.address = "127.0.0.1"};

    f->folder = test_scratch_new();
    f->socket = g_build_filename(f->folder, "page.sock", NULL);
    f->pin_hash = hash_of(FIXTURE_PIN);
    f->clock = content_clock_system_new();
    user = g_strdup_printf("%u", geteuid());
    state = g_build_filename(f->folder, "state", NULL);
    options.state = state;
    options.socket = f->socket;
    options.user = user;
    f->certificate = play_page_certificate_load(state, "127.0.0.1", &error);
    g_assert_no_error(error);
    f->page = play_page_new(&options, f->certificate, f->clock, &error);
    g_assert_no_error(error);
    page_fixture_post(f, TRUE);
    f->peer.port = play_page_port(f->page);
    f->peer.authority = f->certificate->chain;
}

void
page_fixture_stop(PageFixture *f, gconstpointer data)
{
    play_page_free(f->page);
    play_page_post_free(f->post);
    play_page_certificate_free(f->certificate);
    content_clock_free(f->clock);
    test_scratch_free(f->folder);
    g_free(f->socket);
    g_free(f->pin_hash);
    g_free(f->cookie);
    g_free(f->last);
}

TestAnswer *
page_ask(PageFixture *f, const char *method, const char *path, const char *body)
{
    const char *const headers[] = {"Sec-Fetch-Site: same-origin",
                                   "Content-Type: application/json",
                                   f->cookie != NULL ? f->cookie : "X-Nothing: 1", NULL};

    return test_https(&f->peer, method, path, headers, body, body == NULL ? 0 : strlen(body));
}

guint
page_sign_in(PageFixture *f, const char *account, const char *pin)
{
    g_autofree char *body =
        g_strdup_printf("{\"account\":\"%s\",\"pin\":\"%s\",\"type\":\"page-sign-in\",\"v\":1}",
                        account, pin);
    g_autoptr(TestAnswer) answer = page_ask(f, "POST", "/api/session", body);
    g_autofree char *cookie = test_answer_header(answer, "Set-Cookie");

    if (cookie != NULL) {
        g_free(f->cookie);
        f->cookie = g_strdup_printf("Cookie: %.*s", (int) strcspn(cookie, ";"), cookie);
    }
    return answer->status;
}
