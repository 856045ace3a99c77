/*
 * broker.h - a real mosquitto with mutual TLS on a free port, and independent clients for it.
 *
 * It remembers nothing between starts, as the worst broker would. Killed by pid when freed.
 */
#pragma once

#include <gio/gio.h>

#include "tests/support/test-ca.h"

typedef struct TestBroker TestBroker;

/**
 * test_broker_new:
 * @ca: signs the broker's certificate and those of its clients
 * @acl: (nullable): text of an ACL file; NULL: every certificate may do everything
 *
 * Returns when it accepts connections.
 */
TestBroker *test_broker_new(const char *folder, TestCa *ca, const char *acl);
void test_broker_free(TestBroker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestBroker, test_broker_free)

/** test_broker_uri: Returns: (transfer none): mqtts://127.0.0.1:PORT */
const char *test_broker_uri(TestBroker *self);
guint test_broker_port(TestBroker *self);

/** test_broker_kill: SIGKILL; waits until it is gone */
void test_broker_kill(TestBroker *self);

/** test_broker_start: again after a kill, on the same port, with an empty state */
void test_broker_start(TestBroker *self);

/** test_broker_pause, test_broker_resume: a line that is there and says nothing (SIGSTOP) */
void test_broker_pause(TestBroker *self);
void test_broker_resume(TestBroker *self);

/**
 * test_broker_listen:
 * @certificate: path of a client certificate, its key beside it as .key
 *
 * Starts mosquitto_sub, an independent client; returns when its subscription stands.
 */
typedef struct TestListener TestListener;
TestListener *test_broker_listen(TestBroker *self, const char *certificate, const char *filter);
void test_listener_free(TestListener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestListener, test_listener_free)

/**
 * test_listener_next:
 *
 * Waits for the next message.
 *
 * Returns: (transfer full): its payload
 */
GBytes *test_listener_next(TestListener *listener, char **out_topic);

/** test_listener_count: how many messages have come that were not taken yet */
guint test_listener_count(TestListener *listener);

/** test_broker_say: mosquitto_pub: one message at QoS 1, from an independent client */
void test_broker_say(TestBroker *self, const char *certificate, const char *topic,
                     GBytes *payload);

/** test_broker_say_lines: @lines: each is a message, all over one connection */
void test_broker_say_lines(TestBroker *self, const char *certificate, const char *topic,
                           GBytes *lines);
