/*
 * unit-walls.c - unit-walls FILE PROGRAM [ARGUMENT …]: PROGRAM behind the walls of a unit.
 *
 * FILE names the system calls that SystemCallFilter= leaves, one a line; all others are
 * answered with EPERM, as SystemCallErrorNumber= says. Memory that is both written and run is
 * refused as MemoryDenyWriteExecute= does it. So a test sees without systemd what would fail
 * under it.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#define WX (PROT_WRITE | PROT_EXEC)

static int
load(scmp_filter_ctx filter, int status)
{
    if (status == 0)
        status = seccomp_load(filter);
    seccomp_release(filter);
    return status;
}

static int
refuse_written_code(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int status;

    if (filter == NULL)
        return -ENOMEM;
    status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mmap), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, WX, WX));
    if (status == 0)
        status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    return load(filter, status);
}

static int
allow_only(FILE *names)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    char name[64];
    int status = filter == NULL ? -ENOMEM : 0;

    while (status == 0 && fgets(name, sizeof name, names) != NULL) {
        int number;

        name[strcspn(name, "\n")] = '\0';
        number = seccomp_syscall_resolve_name(name);
        /* Names of other architectures, and newer than the library, are none here. */
        if (number >= 0)
            status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
    }
    return filter == NULL ? status : load(filter, status);
}

int
main(int argc, char **argv)
{
    FILE *names = argc < 3 ? NULL : fopen(argv[1], "re");
    int status;

    if (names == NULL) {
        fprintf(stderr, "usage: unit-walls FILE PROGRAM [ARGUMENT ...]\n");
        return EX_USAGE;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return EX_OSERR;
    status = refuse_written_code();
    if (status == 0)
        status = allow_only(names);
    if (status != 0) {
        fprintf(stderr, "unit-walls: %s\n", strerror(-status));
        return EX_OSERR;
    }
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return EX_UNAVAILABLE;
}
