/*
 * init.h - a new district: authority, keys, database, the first area and administrator.
 *
 * Flow: `loa-scheduler init`, once. Nothing that is there already is touched.
 */
#pragma once

#include "scheduler/config.h"

#define SCHED_INIT_ERROR (sched_init_error_quark())
GQuark sched_init_error_quark(void);

typedef enum {
    SCHED_INIT_ERROR_EXISTS, /* there is a district in this folder */
} SchedInitError;

typedef struct {
    const char *area;       /* id of the area at the top */
    const char *name;       /* its name; also in the authority's certificate */
    const char *login;      /* of the first administrator */
    const char *person;     /* their name */
    const char *password;   /* (nullable): NULL: one is made; there is never a default */
    const char *passphrase; /* (nullable): seals the root key; NULL: one is made */
    const char *root_path;  /* where the sealed root key goes, to be moved off the machine */
} SchedInitWish;

/* What a person has to write down; each (owned) and, where one was given, NULL. */
typedef struct {
    char *password;
    char *passphrase;
    char *fingerprint; /* of the authority's public key */
} SchedInitSecrets;
void sched_init_secrets_clear(SchedInitSecrets *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SchedInitSecrets, sched_init_secrets_clear)

/**
 * sched_init:
 * @now_us: UTC
 *
 * On an error the folder holds no district; a second try after the cause was mended works.
 */
gboolean sched_init(const SchedConfig *config, const SchedInitWish *wish, gint64 now_us,
                    SchedInitSecrets *out_secrets, GError **error);
