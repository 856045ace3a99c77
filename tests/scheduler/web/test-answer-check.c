/* test-answer-check.c - the check that every test of the API rests on finds what it should. */
#include "tests/scheduler/web/answer-check.h"

#include <string.h>

#define JSON    "X-Request-Id: r\r\nContent-Type: application/json\r\n"
#define PROBLEM "X-Request-Id: r\r\nContent-Type: application/problem+json\r\n"
#define FILE_HEADERS                                                                           \
    "X-Request-Id: r\r\nETag: \"h\"\r\nAccept-Ranges: bytes\r\n"                               \
    "Cache-Control: private\r\nContent-Type: audio/ogg\r\n"
#define AUDIO "/api/versions/v/audio"
#define TOKEN "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *why, *method, *path;
    guint status;
    const char *headers, *body;
    const char *complaint; /* (nullable): stands in the words; NULL: none */
} cases[] = {
    {"as it is", "POST", "/api/areas/import", 200, JSON, "{\"areas\":3}", NULL},
    {"with a query", "GET", "/api/stations?area=a", 200, JSON, "{\"stations\":[]}", NULL},
    {"nothing to tell", "DELETE", "/api/areas/a", 200, JSON, "{}", NULL},
    {"something to tell after all", "DELETE", "/api/areas/a", 200, JSON, "{\"a\":1}", "a: is"},
    {"a member too many", "POST", "/api/areas/import", 200, JSON, "{\"areas\":3,\"x\":1}",
     "x: is not in the page"},
    {"one too few", "POST", "/api/areas/import", 200, JSON, "{}", "areas: is missing"},
    {"of another kind", "POST", "/api/areas/import", 200, JSON, "{\"areas\":\"3\"}", "areas"},
    {"out of its range", "POST", "/api/areas/import", 200, JSON, "{\"areas\":-1}", "areas"},
    {"no list", "GET", "/api/stations", 200, JSON, "{\"stations\":{}}", "is no list"},
    {"deep inside", "GET", "/api/areas", 200, JSON, "{\"areas\":[{\"id\":\"a\"}]}",
     "areas.kind: is missing"},
    {"no JSON", "GET", "/api/areas", 200, JSON, "<p>", "no JSON"},
    {"another status", "GET", "/api/areas", 201, JSON, "{\"areas\":[]}", "status 201"},
    {"another kind of text", "GET", "/api/areas", 200, PROBLEM, "{\"areas\":[]}",
     "Content-Type"},
    {"nobody's path", "GET", "/api/area", 200, JSON, "{}", "no route"},
    {"no name of the request", "GET", "/api/areas", 200, "Content-Type: application/json\r\n",
     "{\"areas\":[]}", "X-Request-Id"},
    {"no cookie", "POST", "/api/session", 201, JSON, "{}", "Set-Cookie"},
    {"a sign-in", "POST", "/api/session", 201, JSON "Set-Cookie: c\r\n",
     "{\"token\":\"" TOKEN "\",\"account\":\"a\",\"until_us\":1,"
     "\"sets_up\":false}",
     NULL},
    {"a refusal", "GET", "/api/areas", 404, PROBLEM,
     "{\"type\":\"about:blank\",\"status\":404,\"title\":\"Not Found\",\"code\":\"not-found\","
     "\"request\":\"r\"}",
     NULL},
    {"a refusal that says more", "GET", "/api/areas", 404, PROBLEM,
     "{\"type\":\"about:blank\",\"status\":404,\"title\":\"Not Found\",\"code\":\"not-found\","
     "\"request\":\"r\",\"row\":7}",
     "row: is not in the page"},
    {"a refusal in another form", "GET", "/api/areas", 500, JSON, "{}", "Content-Type"},
    {"slow down, but how long", "GET", "/api/areas", 429, PROBLEM, "{}", "Retry-After"},
    {"who are you, but how", "GET", "/api/areas", 401, PROBLEM, "{}", "WWW-Authenticate"},
    {"a file", "GET", AUDIO, 200, FILE_HEADERS, "OggS", NULL},
    {"its head", "HEAD", AUDIO, 200, FILE_HEADERS, "", NULL},
    {"a part", "GET", AUDIO, 206, FILE_HEADERS "Content-Range: bytes 0-3/9\r\n", "OggS", NULL},
    {"a part of what", "GET", AUDIO, 206, FILE_HEADERS, "OggS", "Content-Range"},
    {"a file that may be kept", "GET", AUDIO, 304, JSON, "", "ETag"},
    {"a file of another kind", "GET", "/api/versions/v/original", 200,
     FILE_HEADERS "Content-Disposition: attachment\r\n", "OggS", "Content-Type"},
    {"a file to be shown", "GET", "/api/versions/v/original", 200, FILE_HEADERS, "OggS",
     "Content-Disposition"},
};

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestAnswer) answer = g_new0(TestAnswer, 1);
        g_autofree char *words = NULL;

        answer->status = cases[i].status;
        answer->headers = g_strdup(cases[i].headers);
        answer->body = g_string_new(cases[i].body);
        words = answer_check_complain(cases[i].method, cases[i].path, answer);
        g_test_message("%s: %s", cases[i].why, words != NULL ? words : "nothing");
        if (cases[i].complaint == NULL)
            g_assert_cmpstr(words, ==, NULL);
        else
            g_assert_nonnull(strstr(words != NULL ? words : "", cases[i].complaint));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/answer-check/cases", test_cases);
    return g_test_run();
}
