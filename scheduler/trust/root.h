/*
 * root.h - the root key in its sealed file, to be moved off the machine.
 *
 * Flow: `loa-scheduler init` makes it -> it vouches for the online keys (keys.h) -> it is
 * opened again only to sign the next `keys` document. Errors are SchedKeysError. Thread: any.
 */
#pragma once

#include "content/seal.h"
#include "scheduler/trust/password.h"

/* What opening the sealed root costs: 4 passes over 256 MiB. It happens once in years. */
extern const SchedPasswordCost sched_root_cost;

/**
 * sched_root_create:
 * @path: the sealed file; must not exist; mode 0600
 * @passphrase: UTF-8
 * @cost: &sched_root_cost
 *
 * Sealing is XSalsa20-Poly1305 (libsodium's secretbox) under argon2id of the passphrase.
 *
 * Returns: (transfer full): the new root, so that it need not be opened again at once
 */
ContentSealKey *sched_root_create(const char *path, const char *passphrase,
                                  const SchedPasswordCost *cost, GError **error);

/** sched_root_open: Returns: (transfer full): the root sealed in @path */
ContentSealKey *sched_root_open(const char *path, const char *passphrase, GError **error);
