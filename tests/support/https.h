/*
 * https.h - an HTTPS client for tests: libcurl, well-behaved or byte by byte.
 *
 * Flow: the server under test lives in the caller's main context; each call here does its
 * blocking work in a thread of its own and turns that context until it is done.
 */
#pragma once

#include <glib.h>

typedef struct TestAnswer TestAnswer;

typedef struct {
    guint port;
    const char *authority;   /* PEM: the only root that is believed */
    const char *certificate; /* (nullable) PEM: of the client */
    const char *key;         /* (nullable) PEM */
    const char *from;        /* (nullable): local address to connect from */
    long max_tls;            /* 0, or a CURL_SSLVERSION_MAX_… */
    /* (nullable): every answer that came, before the test sees it */
    void (*seen)(const char *method, const char *path, const TestAnswer *answer);
} TestHttps;

struct TestAnswer {
    guint status;  /* 0: no answer at all */
    char *headers; /* (owned): as they came */
    GString *body; /* (owned) */
    char *failure; /* (owned) (nullable): curl's words if there was no answer */
    gint64 took_us;
};

void test_answer_free(TestAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestAnswer, test_answer_free)

/** test_answer_header: Returns: (transfer full) (nullable): value of the first such header */
char *test_answer_header(const TestAnswer *answer, const char *name);

/**
 * test_https:
 * @headers: (nullable): "Name: value", NULL-terminated
 * @body: (nullable)
 */
TestAnswer *test_https(const TestHttps *peer, const char *method, const char *path,
                       const char *const *headers, const char *body, gsize n_body);

/* A piece that test_https_raw() writes, and how long it waits before it. */
typedef struct {
    const char *bytes;
    gsize n_bytes; /* 0: up to the NUL */
    gint64 pause_us;
} TestPiece;

/**
 * test_https_raw:
 * @pieces: written one after the other, as they are; ended by one without bytes
 * @patience_us: gives up after so long
 * @out_took_us: (out) (optional): until the server closed, or patience ended
 *
 * Returns: (transfer full) (nullable): all that came until the server closed; NULL if there
 *   was no connection
 */
char *test_https_raw(const TestHttps *peer, const TestPiece *pieces, gint64 patience_us,
                     gint64 *out_took_us);

/**
 * test_https_hold:
 * @path: asked for on each of @n_connections, of which only the first bytes are read
 * @work: run while they are all open, in the caller's thread; with @data
 *
 * The connections come from 127.0.0.100 and up, twenty from each address.
 *
 * Returns: on how many of them an answer began
 */
guint test_https_hold(const TestHttps *peer, const char *path, guint n_connections,
                      void (*work)(gpointer data), gpointer data);

/** test_run_aside: runs @work in a thread, turning the caller's main context meanwhile */
void test_run_aside(GThreadFunc work, gpointer data);
