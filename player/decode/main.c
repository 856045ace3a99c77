/*
 * main.c - loa-decode FORMAT: sound of a stranger's format on standard input, 48 kHz mono
 * frames on standard output.
 *
 * Started by the player (far-decoder.h) for a stream that is not Ogg, and ended by it. Exit
 * codes of sysexits.h: 65 for what is not the sound that its name says.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "content/base/fd.h"
#include "content/ingest/sandbox.h"
#include "player/decode/decode.h"

/* libavcodec with its libraries takes 150 MiB of address space, one stream next to nothing. */
#define MEMORY_BYTES (G_GUINT64_CONSTANT(256) * 1024 * 1024)
/* A day of AAC takes a Raspberry Pi 3 about half an hour. */
#define PROCESSOR_S (2 * 3600)

#if defined(__SANITIZE_ADDRESS__)
/* The leak check would trace this process, which the walls forbid. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

/* If the machine runs out of memory, it is this process that goes, not the player. */
static void
offer_oneself(void)
{
    static const char most[] = "1000";
    g_auto(ContentFd) fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, most, sizeof most - 1) < 0)
        g_printerr("loa-decode: /proc/self/oom_score_adj: %s\n", g_strerror(errno));
}

int
main(int argc, char **argv)
{
    const ContentIngestLimits limits = {MEMORY_BYTES, PROCESSOR_S, 0};
    g_autoptr(GError) error = NULL;

    if (argc != 2 || !play_decode_knows(argv[1])) {
        fputs("loa-decode: it wants one format: mp3, aac, mpegts or mp4\n", stderr);
        return EX_USAGE;
    }
    /* A player that is killed leaves nobody behind. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    offer_oneself();
    if (!content_ingest_confine(&limits, -1, -1, &error)) {
        g_printerr("loa-decode: %s\n", error->message);
        return EX_SOFTWARE;
    }
    return play_decode(argv[1], STDIN_FILENO, STDOUT_FILENO, &error) ? EX_OK : EX_DATAERR;
}
