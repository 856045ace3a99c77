/*
 * reel.h - one file of what was said into the station's microphone, whole when it is visible.
 *
 * Flow: tape.c's thread adds packets of Opus -> FOLDER/ALERT-FROM.part -> at its end, fsync and
 * rename: FOLDER/ALERT-FROM.opus -> intake/courier.h takes it to the district. Port; blocks.
 *
 * Pages are written whole, so that of a player that was killed the part said is kept:
 * play_reel_mend() makes a whole file of what it left.
 */
#pragma once

#include <glib.h>

#include "content/base/id.h"
#include "content/opus-file.h"

/* Of one file, so that a bad line begins anew with little; more follows in the next one. The
 * district takes no larger one. */
#define PLAY_REEL_MAX_BYTES (768 * 1024)
/* Of all files that wait for the district: four days of speech without a pause. */
#define PLAY_REEL_FOLDER_MAX_BYTES (G_GINT64_CONSTANT(1024) * 1024 * 1024)
/* Left free on the disk, as intake leaves it: records must find room. */
#define PLAY_REEL_RESERVE_BYTES (G_GINT64_CONSTANT(64) * 1024 * 1024)
#define PLAY_REEL_PACKET_US     (20 * G_GINT64_CONSTANT(1000))

/* What a file's name says. */
typedef struct {
    char alert[CONTENT_ID_LENGTH + 1];
    gint64 from_us; /* UTC by the station's clock: its first sample */
} PlayReelName;

/* What was kept. */
typedef struct {
    PlayReelName name;
    char object[65]; /* SHA-256 of the file */
    gint64 duration_us;
    gint64 lost_us; /* of what was heard meanwhile, not in it */
} PlayReelKept;

typedef struct PlayReel PlayReel;

/**
 * play_reel_refusal:
 * @waiting_bytes: of the files in the folder
 * @free_bytes: of the disk
 *
 * Returns: errno of why there is no room for one file more; 0: there is
 */
int play_reel_refusal(gint64 waiting_bytes, gint64 free_bytes);

/** play_reel_begin: Returns: (transfer full): NULL: the disk refuses, or holds enough already
 */
PlayReel *play_reel_begin(const char *folder, const PlayReelName *name, GError **error);

/** play_reel_add: @packets: see content_opus_add(). A failure is told by play_reel_end(), and
 * what was written before it is kept */
void play_reel_add(PlayReel *self, const GPtrArray *packets);

/** play_reel_is_full: Returns: whether the next packets belong into another one */
gboolean play_reel_is_full(const PlayReel *self);

/**
 * play_reel_end:
 * @self: (transfer full)
 * @out_kept: (out): but for lost_us
 *
 * Returns: whether something was kept; nothing said leaves no file. With FALSE and @error: the
 *   disk refused, and what can be kept waits for play_reel_mend()
 */
gboolean play_reel_end(PlayReel *self, PlayReelKept *out_kept, GError **error);

/** play_reel_mend: Returns: (transfer full) (element-type PlayReelKept): what a killed player
 * had not ended yet, whole now */
GArray *play_reel_mend(const char *folder);

/** play_reel_list: Returns: (transfer full) (element-type PlayReelName): of the whole files */
GArray *play_reel_list(const char *folder);

/** play_reel_look: @out_kept: (out): what play_reel_end() told of that whole file.
 * Returns: %FALSE: it cannot be read, or is none */
gboolean play_reel_look(const char *folder, const PlayReelName *name, PlayReelKept *out_kept);
