/*
 * smtp-peer.h - a mail server as a program of its own, see smtp-peer.py.
 */
#pragma once

#include <jansson.h>

#include "tests/support/child.h"

typedef struct {
    TestChild *child;
    guint port;
} TestSmtpPeer;

/** test_smtp_peer_new: @options: (nullable): words behind the program, NULL-terminated */
TestSmtpPeer *test_smtp_peer_new(const char *const *options);
void test_smtp_peer_free(TestSmtpPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestSmtpPeer, test_smtp_peer_free)

/** test_smtp_peer_take: Returns: (transfer full): the next letter it took; waits for it */
json_t *test_smtp_peer_take(TestSmtpPeer *self);

/** test_smtp_peer_text: Returns: (transfer none): member of a letter; "" if there is none */
const char *test_smtp_peer_text(const json_t *letter, const char *name);
