/* init.c - see init.h */
#include "scheduler/init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/areas.h"
#include "scheduler/trust/authority.h"
#include "scheduler/trust/keys.h"
#include "scheduler/trust/password.h"
#include "scheduler/trust/root.h"

G_DEFINE_QUARK(SchedInitError, sched_init_error)

/* The folder is built beside its place and renamed at the end, so it is there whole or not. */
#define UNFINISHED ".unfinished"

void
sched_init_secrets_clear(SchedInitSecrets *self)
{
    g_clear_pointer(&self->password, g_free);
    g_clear_pointer(&self->passphrase, g_free);
    g_clear_pointer(&self->fingerprint, g_free);
}

typedef struct {
    const SchedInitWish *wish;
    const char *hash; /* of the password */
    gint64 now_us;
} First;

static gboolean
add_first(SchedTxn *txn, gpointer data, GError **error)
{
    const First *first = data;
    g_autofree char *id = content_id_new(first->now_us);
    const SchedAreaRow area = {.id = (char *) first->wish->area,
                               .kind = SCHED_AREA_DISTRICT,
                               .name = (char *) first->wish->name};
    const SchedAccountRow account = {.id = id,
                                     .login = (char *) first->wish->login,
                                     .name = (char *) first->wish->person,
                                     .password = (char *) first->hash,
                                     .created_us = first->now_us};
    const SchedRightRow right = {.account = id,
                                 .role = SCHED_ROLE_ADMINISTRATOR,
                                 .area = (char *) first->wish->area,
                                 .language = (char *) ""};

    return sched_store_area_put(txn, &area, error) &&
           sched_store_account_add(txn, &account, error) &&
           sched_store_right_grant(txn, &right, error);
}

static gboolean
make_database(const char *folder, const SchedInitWish *wish, const char *password,
              gint64 now_us, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "district.db", NULL);
    g_autofree char *hash = sched_password_hash(&sched_password_cost, password, error);
    const SchedWrite write = {.actor = "init", .at_us = now_us};
    First first = {wish, hash, now_us};
    g_autoptr(SchedStore) store = NULL;

    if (hash == NULL || (store = sched_store_open(path, NULL, error)) == NULL)
        return FALSE;
    return sched_store_write(store, &write, add_first, &first, NULL, error);
}

static gboolean
make_keys(const char *folder, const char *root_path, const char *passphrase, gint64 now_us,
          GError **error)
{
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    g_autoptr(ContentSealKey) root =
        sched_root_create(root_path, passphrase, &sched_root_cost, error);

    return root != NULL && sched_keys_create(keys, root, now_us, error);
}

static gboolean
make_district(const char *folder, const SchedInitWish *wish, const SchedInitSecrets *secrets,
              gint64 now_us, char **out_fingerprint, GError **error)
{
    g_autofree char *authority_folder = g_build_filename(folder, "authority", NULL);
    const char *password = wish->password == NULL ? secrets->password : wish->password;
    const char *passphrase = wish->passphrase == NULL ? secrets->passphrase : wish->passphrase;
    g_autoptr(SchedAuthority) authority = NULL;

    if (!content_files_make_folder(folder, 0700, error) ||
        !make_database(folder, wish, password, now_us, error))
        return FALSE;
    authority = sched_authority_create(authority_folder, wish->name, now_us, error);
    if (authority == NULL)
        return FALSE;
    *out_fingerprint = sched_authority_fingerprint(authority);
    /* Last, because it writes outside the folder. */
    return make_keys(folder, wish->root_path, passphrase, now_us, error);
}

/* What an init that was cut off left behind holds nothing that anybody relies on. */
static void
remove_unfinished(const char *folder)
{
    const char *argv[] = {"rm", "-rf", "--", folder, NULL};

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

/* The state folder itself may be there already (systemd makes it), but must hold no district.
 */
static gboolean
move_in(const char *from, const char *to, GError **error)
{
    static const char *const names[] = {"authority", "keys", "district.db"};

    if (!content_files_make_folder(to, 0700, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *source = g_build_filename(from, names[i], NULL);
        g_autofree char *target = g_build_filename(to, names[i], NULL);

        if (rename(source, target) != 0) {
            g_set_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO, "%s: %s", target,
                        g_strerror(errno));
            return FALSE;
        }
    }
    return content_files_sync_folder(to, error);
}

gboolean
sched_init(const SchedConfig *config, const SchedInitWish *wish, gint64 now_us,
           SchedInitSecrets *out_secrets, GError **error)
{
    g_autofree char *database = sched_config_path(config, "district.db");
    g_autofree char *unfinished = sched_config_path(config, UNFINISHED);
    g_auto(SchedInitSecrets) secrets = {NULL, NULL, NULL};
    gboolean is_made;

    if (g_file_test(database, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_INIT_ERROR, SCHED_INIT_ERROR_EXISTS,
                    "there is a district in %s already", config->state_folder);
        return FALSE;
    }
    if (wish->password == NULL)
        secrets.password = sched_password_generate();
    else if (!sched_password_check(wish->password, wish->login, SCHED_PASSWORD_MIN_LENGTH,
                                   error))
        return FALSE;
    if (wish->passphrase == NULL)
        secrets.passphrase = sched_password_generate();
    remove_unfinished(unfinished);
    is_made = make_district(unfinished, wish, &secrets, now_us, &secrets.fingerprint, error) &&
              move_in(unfinished, config->state_folder, error);
    remove_unfinished(unfinished);
    if (!is_made)
        return FALSE;
    *out_secrets = secrets;
    secrets = (SchedInitSecrets){NULL, NULL, NULL};
    return TRUE;
}
