/* alert-fixture.h - a district that can warn: people, the standard set, some of it recorded. */
#pragma once

#include "tests/scheduler/web/api-fixture.h"

/**
 * alert_fixture_set_up:
 *
 * "op", "le-app" and "le" (an official) of the commune ia-le, "village" of ia-le-a in it, "blu"
 * and "blu-app" of the neighbour. Approved in Vietnamese: false alarm, drill, house fire and
 * the name of ia-le-a; in Jrai: false alarm. Each phrase's script is its id, its audio the
 * bytes "PHRASE LANGUAGE"; those of the phrases in Vietnamese lie in the object store.
 */
void alert_fixture_set_up(ApiFixture *f);
