/* upkeep.c - see upkeep.h */
#include "scheduler/upkeep.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scheduler/store/db.h"
#include "scheduler/trust/keys.h"
#include "scheduler/trust/root.h"

G_DEFINE_QUARK(SchedUpkeepError, sched_upkeep_error)

static gboolean
find_role(const char *word, ContentRole *out_role, GError **error)
{
    for (ContentRole role = 0; role < SCHED_KEYS_N_ROLES; role++) {
        if (strcmp(content_role_words[role], word) == 0) {
            *out_role = role;
            return TRUE;
        }
    }
    g_set_error(error, SCHED_UPKEEP_ERROR, SCHED_UPKEEP_ERROR_ROLE,
                "no signing key for '%s': there are manifest, approval, time and alert", word);
    return FALSE;
}

/* A key written by root would be one that the district cannot read. */
static gboolean
check_owner(const char *folder, GError **error)
{
    struct stat status;

    if (stat(folder, &status) < 0) {
        g_set_error(error, SCHED_UPKEEP_ERROR, SCHED_UPKEEP_ERROR_USER, "%s: %s", folder,
                    g_strerror(errno));
        return FALSE;
    }
    if (status.st_uid == geteuid())
        return TRUE;
    g_set_error(error, SCHED_UPKEEP_ERROR, SCHED_UPKEEP_ERROR_USER,
                "%s belongs to user number %u: run this as that user", folder, status.st_uid);
    return FALSE;
}

gboolean
sched_upkeep_rotate_key(const SchedConfig *config, const SchedUpkeepRotation *wish,
                        gint64 now_us, GError **error)
{
    g_autofree char *folder = sched_config_path(config, "keys");
    g_autoptr(ContentSealKey) root = NULL;
    ContentRole role;

    if (!find_role(wish->role, &role, error) || !check_owner(folder, error))
        return FALSE;
    root = sched_root_open(wish->root_path, wish->passphrase, error);
    return root != NULL &&
           sched_keys_rotate(folder, root, role,
                             wish->is_lost ? SCHED_ROTATE_LOST : SCHED_ROTATE_AGED, now_us,
                             error);
}

gboolean
sched_upkeep_resign(const SchedConfig *config, const char *root_path, const char *passphrase,
                    GError **error)
{
    g_autofree char *folder = sched_config_path(config, "keys");
    g_autoptr(ContentSealKey) root = NULL;

    if (!check_owner(folder, error))
        return FALSE;
    root = sched_root_open(root_path, passphrase, error);
    return root != NULL && sched_keys_order_resign(folder, root, error);
}

gboolean
sched_upkeep_backup(const SchedConfig *config, const char *path, GError **error)
{
    g_autofree char *database = sched_config_path(config, "district.db");

    /* A reader leaves files beside the database, which must not be another user's. */
    return check_owner(database, error) && sched_store_backup_file(database, path, error);
}

gboolean
sched_upkeep_check_store(const SchedConfig *config, GError **error)
{
    g_autofree char *database = sched_config_path(config, "district.db");

    return check_owner(database, error) && sched_store_check_file(database, error);
}
