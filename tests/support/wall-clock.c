/*
 * wall-clock.c - preloaded into a daemon: its wall clock begins at another time.
 *
 * LOA_WALL_CLOCK names the seconds since 1970 at which it begins. What counts durations stays
 * as it is, also in timers, which libfaketime does not manage: that is the machine without a
 * clock of its own, to the life.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#define MAX_FDS 1024

/* The library has no main() to hold them. */
static int64_t behind_s; /* real wall clock less ours */
static uint8_t is_wall[MAX_FDS];

static int
real_gettime(clockid_t clock, struct timespec *out)
{
    static int (*real)(clockid_t, struct timespec *);

    if (real == NULL)
        *(void **) &real = dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock, out);
}

__attribute__((constructor)) static void
begin(void)
{
    const char *text = getenv("LOA_WALL_CLOCK");
    struct timespec now;

    if (text == NULL || real_gettime(CLOCK_REALTIME, &now) != 0)
        return;
    behind_s = now.tv_sec - strtoll(text, NULL, 10);
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
    int result = real_gettime(clock, out);

    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        out->tv_sec -= behind_s;
    return result;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t
time(time_t *out)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

int
timerfd_create(int clock, int flags)
{
    static int (*real)(int, int);
    int fd;

    if (real == NULL)
        *(void **) &real = dlsym(RTLD_NEXT, "timerfd_create");
    fd = real(clock, flags);
    if (fd >= 0 && fd < MAX_FDS)
        is_wall[fd] = clock == CLOCK_REALTIME;
    return fd;
}

int
timerfd_settime(int fd, int flags, const struct itimerspec *wanted, struct itimerspec *old)
{
    static int (*real)(int, int, const struct itimerspec *, struct itimerspec *);
    struct itimerspec shifted = *wanted;

    if (real == NULL)
        *(void **) &real = dlsym(RTLD_NEXT, "timerfd_settime");
    if (fd >= 0 && fd < MAX_FDS && is_wall[fd] && (flags & TFD_TIMER_ABSTIME) != 0 &&
        (wanted->it_value.tv_sec != 0 || wanted->it_value.tv_nsec != 0))
        shifted.it_value.tv_sec += behind_s;
    return real(fd, flags, &shifted, old);
}
