/* notify.c - see notify.h */
#include "content/base/notify.h"

#include <systemd/sd-daemon.h>

void
content_notify_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
content_notify_status(const char *status)
{
    sd_notifyf(0, "STATUS=%s", status);
}

void
content_notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

void
content_notify_alive(void)
{
    sd_notify(0, "WATCHDOG=1");
}

gint64
content_notify_watchdog_us(void)
{
    guint64 timeout_us = 0;

    /* Twice as often as the manager's limit, as sd_watchdog_enabled(3) advises. */
    return sd_watchdog_enabled(0, &timeout_us) > 0 ? (gint64) (timeout_us / 2) : 0;
}
