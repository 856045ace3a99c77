/*
 * test-louder-places.c - places, windows and volumes around a slot in the air: which change
 * waits.
 */
#include "tests/scheduler/web/louder-fixture.h"

#include <curl/curl.h>
#include <string.h>

/* clang-format off */
/* In order: each stands on what the ones before it left. 200: done; 202: it waits. */
static const struct { const char *why, *path, *body; guint status; } changes[] = {
    { "a lower cap", "/api/stations/ia-le", LOUDER_STATION(",\"gain_cap_mdb\":-6000"), 200 },
    { "no word of its cap", "/api/stations/ia-le", LOUDER_STATION(""), 200 },
    { "a higher cap", "/api/stations/ia-le", LOUDER_STATION(",\"gain_cap_mdb\":0"), 202 },
    { "the hours of its windows", "/api/stations/ia-le",
      LOUDER_STATION(",\"gain_cap_mdb\":-6000,\"tzid\":\"Asia/Tokyo\""), 202 },
    { "another commune's windows", "/api/stations/ia-le",
      "{\"name\":\"Ia Le\",\"area\":\"ia-blu\",\"gain_cap_mdb\":-6000}", 202 },
    { "another name", "/api/stations/ia-le",
      "{\"name\":\"Ia Lê\",\"area\":\"ia-le\",\"gain_cap_mdb\":-6000}", 200 },
    { "retired", "/api/stations/ia-le", LOUDER_STATION(",\"gain_cap_mdb\":-6000,\"retired\":true"), 200 },
    { "no word of its retirement", "/api/stations/ia-le", LOUDER_STATION(""), 200 },
    { "back from retirement", "/api/stations/ia-le", LOUDER_STATION(",\"retired\":false"), 202 },
    { "a station that is new", "/api/stations/ia-le-2", LOUDER_STATION(""), 200 },
    { "a cap where no zone is", "/api/stations/ia-le-2", LOUDER_STATION(",\"gain_cap_mdb\":-1"), 200 },
    { "a cap where no zone is, higher", "/api/stations/ia-le-2",
      LOUDER_STATION(",\"gain_cap_mdb\":0"), 200 },
    { "a cap where no slot is for", "/api/stations/ia-blu",
      "{\"name\":\"B\",\"area\":\"ia-blu\",\"gain_cap_mdb\":-1}", 200 },
    { "a cap where no slot is for, higher", "/api/stations/ia-blu",
      "{\"name\":\"B\",\"area\":\"ia-blu\",\"gain_cap_mdb\":0}", 200 },

    { "a language taken away", "/api/stations/ia-le/zones/a", LOUDER_ZONE("ia-le-a", "[\"jra\"]"), 200 },
    { "a language more", "/api/stations/ia-le/zones/a", LOUDER_ZONE("ia-le-a", "[\"jra\",\"bdq\"]"), 202 },
    { "languages in another order", "/api/stations/ia-le/zones/b",
      LOUDER_ZONE("ia-le-b", "[\"vi\",\"bdq\"]"), 202 },
    { "a zone in another village", "/api/stations/ia-le/zones/a",
      LOUDER_ZONE("ia-le-b", "[\"jra\"]"), 202 },
    { "a zone in a village without slots", "/api/stations/ia-le/zones/a",
      LOUDER_ZONE("ia-blu-a", "[\"jra\"]"), 202 },
    { "a zone that is new", "/api/stations/ia-le/zones/c", LOUDER_ZONE("ia-le-a", "[\"jra\"]"), 202 },
    { "a new zone where no slot is for", "/api/stations/ia-blu/zones/c",
      LOUDER_ZONE("ia-blu-a", "[\"jra\"]"), 200 },
    { "a language more where no slot is for", "/api/stations/ia-blu/zones/c",
      LOUDER_ZONE("ia-blu-a", "[\"jra\",\"vi\"]"), 200 },

    { "volumes are lowered from none", "/api/stations/ia-le/zones/a/volumes",
      LOUDER_VOLUME("0", "1440", "-9000"), 200 },
    { "and raised", "/api/stations/ia-le/zones/a/volumes", LOUDER_VOLUME("0", "1440", "-8999"), 202 },
    { "and left out for a minute", "/api/stations/ia-le/zones/a/volumes",
      LOUDER_VOLUME("0", "1439", "-9000"), 202 },
    { "and left out", "/api/stations/ia-le/zones/a/volumes", "{\"volumes\":[]}", 202 },
    { "and lowered further", "/api/stations/ia-le/zones/a/volumes",
      LOUDER_VOLUME("0", "1440", "-12000"), 200 },
    { "raised where no slot is for", "/api/stations/ia-blu/zones/a/volumes",
      "{\"volumes\":[]}", 200 },

    { "narrower windows", "/api/areas/ia-le/windows", LOUDER_WINDOW("330", "400", "60"), 200 },
    { "a minute more", "/api/areas/ia-le/windows", LOUDER_WINDOW("330", "401", "60"), 202 },
    { "a minute earlier", "/api/areas/ia-le/windows", LOUDER_WINDOW("329", "400", "60"), 202 },
    { "a minute more a day", "/api/areas/ia-le/windows", LOUDER_WINDOW("330", "400", "61"), 202 },
    { "as the area above", "/api/areas/ia-le/windows", "{\"windows\":[],\"limit_min\":60}", 202 },
    { "no limit of its own", "/api/areas/ia-le/windows", LOUDER_WINDOW("330", "400", "-1"), 202 },
    { "narrower still", "/api/areas/ia-le/windows", LOUDER_WINDOW("340", "390", "30"), 200 },
    { "wider above it", "/api/areas/gia-lai/windows", LOUDER_WINDOW("240", "1260", "240"), 202 },
    { "wider where no slot is for", "/api/areas/ia-blu/windows", LOUDER_WINDOW("0", "1440", "1440"), 200 },

    { "an area that sounds, elsewhere", "/api/areas/ia-le", LOUDER_AREA("gia-lai", "Ia Le"), 202 },
    { "under an area with slots", "/api/areas/ia-blu", LOUDER_AREA("ia-le", "Ia Blứ"), 202 },
    { "its name", "/api/areas/ia-le", LOUDER_AREA("chu-puh", "Ia Lê"), 200 },
    { "an area without slots, elsewhere", "/api/areas/ia-blu", LOUDER_AREA("gia-lai", "Ia Blứ"), 200 },
};
/* clang-format on */

static void
test_places(LouderFixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        json_auto_t *answer = NULL;
        guint status =
            louder_call(f, "admin", "PUT", changes[i].path, changes[i].body, &answer);

        g_test_message("%s", changes[i].why);
        g_assert_cmpuint(status, ==, changes[i].status);
        g_assert_cmpint(api_text(answer, "waits")[0] != '\0', ==, status == 202);
    }
}

/* A table of areas moves nothing that sounds; that is a change of its own. */
static void
test_import(LouderFixture *f, gconstpointer data)
{
    static const char csv[] = "id,parent,kind,name\nia-le,gia-lai,commune,Ia Le\n";
    g_autofree char *token = api_fixture_token("admin");
    const char *const headers[] = {token, "Content-Type: text/csv", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->api.people, "POST", "/api/areas/import", headers, csv, strlen(csv));

    g_assert_cmpuint(answer->status, ==, 422);
    g_assert_nonnull(strstr(answer->body->str, "line 2, column parent"));
}

static void
add(const char *path, void (*test)(LouderFixture *, gconstpointer))
{
    g_test_add(path, LouderFixture, NULL, louder_set_up, test, louder_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("/scheduler/web/louder/places", test_places);
    add("/scheduler/web/louder/import", test_import);
    return g_test_run();
}
