/*
 * http-peer.h - the district's device listener as a program of its own that misbehaves on
 * request: see http-peer.py.
 */
#pragma once

#include <gio/gio.h>

#include "tests/support/test-ca.h"

typedef struct TestHttpPeer TestHttpPeer;

/**
 * test_http_peer_new:
 * @wants_certificate: %FALSE: a client without a certificate is served, too (for enrolment)
 */
TestHttpPeer *test_http_peer_new(const char *folder, TestCa *ca, gboolean wants_certificate);
void test_http_peer_free(TestHttpPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestHttpPeer, test_http_peer_free)

/** test_http_peer_url: Returns: (transfer none): https://127.0.0.1:PORT */
const char *test_http_peer_url(TestHttpPeer *self);
guint test_http_peer_port(TestHttpPeer *self);

/** test_http_peer_fault: @words: see http-peer.py; "": behave */
void test_http_peer_fault(TestHttpPeer *self, const char *words);

/** test_http_peer_put: Returns: (transfer full): the hash under which @bytes are served */
char *test_http_peer_put(TestHttpPeer *self, GBytes *bytes);

/** test_http_peer_file: a file in its folder, appears at once */
void test_http_peer_file(TestHttpPeer *self, const char *name, const char *text);

/** test_http_peer_requests: Returns: (transfer full): the lines so far */
char **test_http_peer_requests(TestHttpPeer *self);
