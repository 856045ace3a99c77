/*
 * port.h - a TCP port for a program that cannot be told to take any and say which.
 */
#pragma once

#include <glib.h>

/**
 * test_free_port:
 *
 * Below the range from which the kernel takes the near end of connections, so that nothing that
 * merely connects, in this test or beside it, can have the port before the program does, or
 * while the program is being restarted.
 *
 * Returns: a port of the loopback that was free a moment ago
 */
guint test_free_port(void);
