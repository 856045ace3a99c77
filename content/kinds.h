/*
 * kinds.h - the closed lists of words that documents, database and pages share.
 *
 * Pure. The index in a list is an enum in C; the word is what is written in JSON and SQL.
 */
#pragma once

#include <glib.h>

/* Priority class (Circular 39/2020: three classes of bulletins). */
typedef enum {
    CONTENT_CLASS_THONG_THUONG, /* the commune chooses the time */
    CONTENT_CLASS_UU_TIEN,      /* with priority in the programme */
    CONTENT_CLASS_KHAN_CAP,     /* alerts only, never a bulletin */
} ContentClass;
extern const char *const content_class_words[];

/* Where the sound of a segment comes from. The last is reserved: it is no matter of a plan. */
typedef enum {
    CONTENT_SOURCE_OBJECT,
    CONTENT_SOURCE_TONE,
    CONTENT_SOURCE_SILENCE,
    CONTENT_SOURCE_STREAM,
    CONTENT_SOURCE_LINE_IN,
    CONTENT_SOURCE_MICROPHONE,
} ContentSource;
extern const char *const content_source_words[];

/* How far the clock of a station is to be believed (DESIGN §8). */
typedef enum {
    CONTENT_TRUST_UNSET,
    CONTENT_TRUST_GUARDED,
    CONTENT_TRUST_SYNCED,
} ContentTrust;
extern const char *const content_trust_words[];

/* Why something did not happen as planned. "" (none) means: it did. */
typedef enum {
    CONTENT_REASON_NONE,
    CONTENT_REASON_OBJECT_MISSING,   /* the audio was not there at its cue */
    CONTENT_REASON_OBJECT_CORRUPT,   /* the audio did not match its hash */
    CONTENT_REASON_DECODE_FAILED,    /* the audio matched but could not be decoded */
    CONTENT_REASON_CLOCK_UNTRUSTED,  /* nothing is played by a calendar nobody vouches for */
    CONTENT_REASON_OUTSIDE_WINDOW,   /* the village's allowed windows forbid it */
    CONTENT_REASON_OVER_DAILY_LIMIT, /* the village's minutes a day are used up */
    CONTENT_REASON_NOT_APPROVED,     /* outside the language, class, areas or dates approved */
    CONTENT_REASON_WITHDRAWN,        /* the manifest in force does not list it any more */
    CONTENT_REASON_DISPLACED,        /* something of higher class sounded */
    CONTENT_REASON_RELAY_FAILED,     /* the relay did not confirm */
    CONTENT_REASON_GATEWAY_DOWN,     /* no gateway answered */
    CONTENT_REASON_ZONE_UNKNOWN,     /* the gateway has no such zone */
    CONTENT_REASON_OUTPUT_FAILED,    /* the sound card failed or stopped taking sound */
    CONTENT_REASON_PLAYER_STOPPED,   /* the program was not running */
    CONTENT_REASON_NO_POWER,         /* the machine was off */
    CONTENT_REASON_INTERRUPTED,      /* cut short, see the record for the position */
    CONTENT_REASON_LATE_SOURCE,      /* the source was not ready: silence instead */
    CONTENT_REASON_UNKNOWN,          /* no evidence of any cause */
    CONTENT_REASON_NO_NETWORK,       /* it ran, and the district could not reach it */
    CONTENT_REASON_QUIET_REQUEST,    /* somebody asked for silence there; the district's word */
    CONTENT_REASON_STOPPED,          /* an alert: somebody ordered it to stop */
    CONTENT_REASON_REPLACED,         /* an alert: another one took its place */
    CONTENT_REASON_EXPIRED,          /* an alert: its time was over */
} ContentReason;
extern const char *const content_reason_words[];

/* What was observed of a relay. */
typedef enum {
    CONTENT_RELAY_UNKNOWN, /* never read, or the board does not answer */
    CONTENT_RELAY_OPEN,
    CONTENT_RELAY_CLOSED,
    CONTENT_RELAY_FAULT, /* reads differently from what was written */
} ContentRelay;
extern const char *const content_relay_words[];

/**
 * content_word_index:
 * @words: NULL-terminated
 *
 * Returns: the index of @word, or -1
 */
int content_word_index(const char *const *words, const char *word);
