/* station.c - see station.h */
#include "tests/support/station.h"

#include <string.h>

PlayIdentity *
test_station_new(TestCa *ca, const char *name, const char *device_url, const char *broker)
{
    PlayIdentity *identity = g_new0(PlayIdentity, 1);
    g_autofree char *stem = NULL;

    identity->station = g_strdup(name);
    identity->certificate_path = test_ca_issue(ca, name, name, TEST_CERTIFICATE_CLIENT);
    stem = g_strndup(identity->certificate_path, strlen(identity->certificate_path) - 4);
    identity->key_path = g_strconcat(stem, ".key", NULL);
    identity->authority_path = g_strdup(test_ca_path(ca));
    identity->device_url = g_strdup(device_url);
    identity->brokers = g_new0(char *, 2);
    identity->brokers[0] = g_strdup(broker);
    identity->seal = content_seal_key_generate();
    return identity;
}
