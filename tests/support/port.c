/* port.c - see port.h */
#include "tests/support/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_PORT 10000
#define END_PORT   32768 /* net.ipv4.ip_local_port_range begins here unless changed */
#define MAX_TRIES  100

static gboolean
is_free(guint port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((guint16) port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    gboolean is_bound = bind(fd, (struct sockaddr *) &address, sizeof address) == 0;

    close(fd);
    return is_bound;
}

guint
test_free_port(void)
{
    for (guint i = 0; i < MAX_TRIES; i++) {
        guint port = (guint) g_random_int_range(FIRST_PORT, END_PORT);

        if (is_free(port))
            return port;
    }
    g_error("no free port below %d", END_PORT);
}
