/*
 * notify.h - telling the service manager that we are ready, alive, or stopping.
 *
 * Flow: wiring only. sd_notify(3) by libsystemd; without NOTIFY_SOCKET every call does nothing.
 */
#pragma once

#include <glib.h>

/**
 * content_notify_ready:
 * @status: one line for `systemctl status`
 */
void content_notify_ready(const char *status);

/**
 * content_notify_status:
 * @status: one line for `systemctl status`
 */
void content_notify_status(const char *status);

/** content_notify_stopping: say that the daemon has begun to stop. */
void content_notify_stopping(void);

/**
 * content_notify_alive:
 *
 * Feeds the watchdog. To be called where work was proved to advance (sound written, a relay
 * read back, a plan looked at), never from a bare timer.
 */
void content_notify_alive(void);

/**
 * content_notify_watchdog_us:
 *
 * Returns: how often the manager wants content_notify_alive(), µs; 0 if there is no watchdog
 */
gint64 content_notify_watchdog_us(void);
