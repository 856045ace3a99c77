/*
 * testcard-main.c - loa-testcard: make test sound cards for a shell, and say what was heard.
 *
 * Flow: `loa-testcard make FOLDER NAME…` writes FOLDER/asound.conf (use it with
 * ALSA_CONFIG_PATH) -> a program plays -> `loa-testcard heard FOLDER NAME` prints one JSON line
 * a sound: from_utc_us, duration_us, hz. Cards are 48 kHz mono and remember the last ten
 * minutes.
 */
#include "tests/support/testcard.h"

#include <string.h>

#define KEEP_S 600

static int
make(const char *folder, char **names, int n_names)
{
    g_autofree TestCardSpec *specs = g_new0(TestCardSpec, (gsize) n_names);
    g_autofree char *path = g_canonicalize_filename(folder, NULL);

    for (int i = 0; i < n_names; i++)
        specs[i] = (TestCardSpec){.name = names[i], .channels = 1, .keep_s = KEEP_S};
    test_cards_free(test_cards_new(path, specs, (gsize) n_names));
    g_print("%s/asound.conf\n", path);
    return 0;
}

static int
heard(const char *folder, const char *name)
{
    TestCardSpec spec = {.name = name, .channels = 1};
    g_autoptr(TestTimeline) timeline = test_timeline_read(folder, &spec);
    g_autoptr(GArray) sounds = NULL;

    if (timeline == NULL) {
        g_printerr("loa-testcard: nothing was ever played to card '%s' in %s\n", name, folder);
        return 1;
    }
    sounds = test_timeline_sounds(timeline);
    for (guint i = 0; i < sounds->len; i++) {
        const TestSound *sound = &g_array_index(sounds, TestSound, i);
        gint64 from_us = test_timeline_us(timeline, sound->from);

        g_print("{\"from_utc_us\":%" G_GINT64_FORMAT ",\"duration_us\":%" G_GINT64_FORMAT
                ",\"hz\":%u}\n",
                from_us - timeline->zero_us + timeline->zero_utc_us,
                test_timeline_us(timeline, sound->to) - from_us, sound->hz);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "make") == 0)
        return make(argv[2], argv + 3, argc - 3);
    if (argc == 4 && strcmp(argv[1], "heard") == 0)
        return heard(argv[2], argv[3]);
    g_printerr(
        "usage: loa-testcard make FOLDER NAME…\n       loa-testcard heard FOLDER NAME\n");
    return 64;
}
