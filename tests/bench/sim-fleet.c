/* sim-fleet.c - see sim-fleet.h */
#include "tests/bench/sim-fleet.h"

#include <sodium.h>
#include <string.h>

#include "content/base/id.h"
#include "content/claim.h"
#include "content/exchange.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/templates.h"
#include "scheduler/store/windows.h"

#define TZID         "Asia/Ho_Chi_Minh"
#define BATCH        500 /* stations in one transaction */
#define DAY_US       (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define OBJECT_BYTES 80000
#define OBJECT_US    (20 * G_USEC_PER_SEC)
#define FIRST_MIN    300  /* 05:00 */
#define LAST_MIN     1260 /* 21:00 */
#define LIMIT_MIN    960
#define HEARTBEAT_S  60
#define PHRASE       "cb-nham-1" /* all that SIM_FLEET_TEMPLATE says */

static const char *const languages[] = {"bdq", "jra", "vi"};

/* clang-format off */
static const struct { const char *id; SchedRole role; } accounts[] = {
    { SIM_FLEET_EDITOR,   SCHED_ROLE_EDITOR   },
    { SIM_FLEET_REVIEWER, SCHED_ROLE_REVIEWER },
    { SIM_FLEET_APPROVER, SCHED_ROLE_APPROVER },
};
/* clang-format on */

/* One piece of work: numbers from … to − 1 of something. */
typedef struct {
    const SimFleet *fleet;
    guint from, to;
    SchedAuthority *authority;
    const SimDistrict *district;
    const char *folder;
    gboolean is_once; /* slots are for tomorrow alone */
    char *serial;     /* (owned) (nullable): of the certificate signed last */
} Job;

char *
sim_fleet_station(guint n)
{
    return g_strdup_printf("tram-%05u", n);
}

char *
sim_fleet_slot(guint n)
{
    return g_strdup_printf("khung-%u", n);
}

static gboolean
run(SchedStore *store, const char *actor, SchedWork work, Job *job, GError **error)
{
    const SchedWrite write = {.actor = actor, .at_us = job->fleet->now_us};

    return sched_store_write(store, &write, work, job, NULL, error);
}

static gboolean
run_batches(SchedStore *store, const char *actor, SchedWork work, Job *job, GError **error)
{
    for (job->from = 0; job->from < job->fleet->n_stations; job->from = job->to) {
        job->to = MIN(job->from + BATCH, job->fleet->n_stations);
        if (!run(store, actor, work, job, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- places and people ---- */

static gboolean
put_area(SchedTxn *txn, const char *id, const char *parent, SchedAreaKind kind, GError **error)
{
    const SchedAreaRow area = {
        .id = (char *) id, .parent = (char *) parent, .kind = kind, .name = (char *) id};

    return sched_store_area_put(txn, &area, error);
}

static gboolean
put_account(SchedTxn *txn, const char *id, SchedRole role, const char *hash, GError **error)
{
    const SchedAccountRow account = {.id = (char *) id,
                                     .login = (char *) id,
                                     .name = (char *) id,
                                     .password = (char *) hash};
    const SchedRightRow right = {.account = (char *) id,
                                 .role = (gint) role,
                                 .area = (char *) SIM_FLEET_TOP,
                                 .language = (char *) ""};

    return sched_store_account_add(txn, &account, error) &&
           sched_store_right_grant(txn, &right, error);
}

/* Cheap to verify: signing in is not what is measured with these accounts. */
static char *
hash_of(const char *password)
{
    char hash[crypto_pwhash_STRBYTES];

    if (password == NULL)
        return NULL;
    if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_MIN,
                          crypto_pwhash_MEMLIMIT_MIN) != 0)
        g_error("argon2id: no memory");
    return g_strdup(hash);
}

static gboolean
put_top(SchedTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;
    g_autofree char *hash = hash_of(job->fleet->password);
    g_autoptr(GPtrArray) windows = g_ptr_array_new();
    SchedWindowRow window = {(char *) SIM_FLEET_TOP, CONTENT_CLASS_THONG_THUONG, 127, FIRST_MIN,
                             LAST_MIN};

    if (!put_area(txn, SIM_FLEET_TOP, NULL, SCHED_AREA_DISTRICT, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        if (!put_account(txn, accounts[i].id, accounts[i].role, hash, error))
            return FALSE;
    }
    g_ptr_array_add(windows, &window);
    return sched_store_windows_set(txn, SIM_FLEET_TOP, windows, LIMIT_MIN, error);
}

static gboolean
put_zone(SchedTxn *txn, const char *station, const char *commune, guint n, GError **error)
{
    g_autofree char *id = g_strdup_printf("cum-%u", n);
    g_autofree char *village = g_strdup_printf("%s-lang-%u", commune, n);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    const SchedZoneRow zone = {(char *) station, id, (char *) "loa", id, village, list};

    g_ptr_array_add(list, (char *) languages[n % G_N_ELEMENTS(languages)]);
    return put_area(txn, village, commune, SCHED_AREA_VILLAGE, error) &&
           sched_store_zone_put(txn, &zone, error);
}

static gboolean
put_station(SchedTxn *txn, const SimFleet *fleet, guint n, GError **error)
{
    g_autofree char *commune = g_strdup_printf("xa-%05u", n);
    g_autoptr(SchedStationRow) station = sched_station_row_new();
    SchedOutputRow output = {.id = (char *) "loa", .name = (char *) "Loa"};

    station->id = sim_fleet_station(n);
    station->name = g_strdup(station->id);
    station->area = g_strdup(commune);
    station->heartbeat_s = HEARTBEAT_S;
    output.station = station->id;
    if (!put_area(txn, commune, SIM_FLEET_TOP, SCHED_AREA_COMMUNE, error) ||
        !sched_store_station_put(txn, station, error) ||
        !sched_store_output_put(txn, &output, error))
        return FALSE;
    for (guint i = 0; i < fleet->n_zones; i++) {
        if (!put_zone(txn, station->id, commune, i, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_stations(SchedTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;

    for (guint i = job->from; i < job->to; i++) {
        if (!put_station(txn, job->fleet, i, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- what sounds ---- */

static gboolean
put_version(SchedTxn *txn, const char *announcement, const char *language, GError **error)
{
    g_autofree char *id = g_strdup_printf("%s-%s", announcement, language);
    g_autofree char *hash = content_sha256_hex(id, strlen(id));
    const SchedObjectRow object = {hash, OBJECT_BYTES, OBJECT_US, -16000, -1500, 0};
    const SchedVersionRow version = {.id = id,
                                     .announcement = (char *) announcement,
                                     .language = (char *) language,
                                     .object = hash,
                                     .script = (char *) "…",
                                     .announcer_name = (char *) "giọng đọc"};

    return sched_store_object_put(txn, &object, NULL, error) &&
           sched_store_version_put(txn, &version, error);
}

static gboolean
put_announcement(SchedTxn *txn, const SimFleet *fleet, const char *id, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {.id = (char *) id,
                                      .title = (char *) "Lịch tiêm phòng",
                                      .category = (char *) "Y tế",
                                      .source_number = (char *) "12/TB",
                                      .source_issuer = (char *) "UBND huyện",
                                      .source_date = (char *) "2026-03-01",
                                      .valid_from_us = fleet->now_us - DAY_US,
                                      .valid_until_us = fleet->now_us + 60 * DAY_US,
                                      .home = (char *) SIM_FLEET_TOP,
                                      .areas = areas};

    g_ptr_array_add(areas, (char *) SIM_FLEET_TOP);
    if (!sched_store_announcement_put(txn, &row, 0, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        if (!put_version(txn, id, languages[i], error))
            return FALSE;
    }
    return TRUE;
}

static char *
local_date(gint64 utc_us)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(TZID);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(utc_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

    return g_date_time_format(local, "%F");
}

static gboolean
put_slot(SchedTxn *txn, const Job *job, guint n, const char *playlist, GError **error)
{
    g_autofree char *id = sim_fleet_slot(n);
    g_autofree char *first_date = local_date(job->fleet->now_us + (job->is_once ? DAY_US : 0));
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    SchedTargetRow target = {(char *) SIM_FLEET_TOP, (char *) "", (char *) ""};
    const SchedSlotRow slot = {.id = id,
                               .name = id,
                               .home = (char *) SIM_FLEET_TOP,
                               .playlist = (char *) playlist,
                               .tzid = (char *) TZID,
                               .first_date = first_date,
                               .local_min =
                                   FIRST_MIN + (gint64) n * 30 % (LAST_MIN - FIRST_MIN),
                               .rule = (char *) (job->is_once ? "" : "FREQ=DAILY"),
                               .targets = targets,
                               .dates_in = none,
                               .dates_out = none};

    g_ptr_array_add(targets, &target);
    return sched_store_slot_put(txn, &slot, 0, error);
}

static char *
announcement_of(guint slot, guint item)
{
    return g_strdup_printf("tin-%u-%u", slot, item);
}

/* Slot @n with a playlist of its own. */
static gboolean
put_programme(SchedTxn *txn, const Job *job, guint n, guint n_items, GError **error)
{
    g_autofree char *id = g_strdup_printf("chuong-trinh-%u", n);
    g_autoptr(GPtrArray) items =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_item_row_free);
    const SchedPlaylistRow playlist = {
        .id = id, .name = id, .home = (char *) SIM_FLEET_TOP, .items = items};

    for (guint i = 0; i < n_items; i++) {
        SchedItemRow *item = g_new0(SchedItemRow, 1);

        item->id = g_strdup_printf("muc-%u-%u", n, i);
        item->kind = SCHED_ITEM_ANNOUNCEMENT;
        item->announcement = announcement_of(n, i);
        g_ptr_array_add(items, item);
        if (!put_announcement(txn, job->fleet, item->announcement, error))
            return FALSE;
    }
    return sched_store_playlist_put(txn, &playlist, 0, error) &&
           put_slot(txn, job, n, id, error);
}

static gboolean
put_programmes(SchedTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;

    for (guint i = job->from; i < job->to; i++) {
        guint n_items = i < job->fleet->n_slots ? job->fleet->n_items : 1;

        if (!put_programme(txn, job, i, n_items, error))
            return FALSE;
    }
    return TRUE;
}

/* The standard set: texts, and the audio of one of them. Before there are villages, for each
 * would want its name recorded. */
static gboolean
put_phrase(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedObjectRow *audio = ((const Job *) data)->fleet->phrase;
    g_autoptr(GPtrArray) versions = NULL;
    SchedVersionRow *version;

    if (!sched_store_templates_standard(txn, SIM_FLEET_TOP, error) ||
        !sched_store_object_put(txn, audio, NULL, error))
        return FALSE;
    versions = sched_store_version_list(txn, PHRASE, error);
    if (versions == NULL)
        return FALSE;
    version = versions->pdata[0];
    g_free(version->object);
    version->object = g_strdup(audio->hash);
    return sched_store_version_put(txn, version, error);
}

/* ---- the second and the third person ---- */

static gboolean
check_versions(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, NULL, error);

    for (guint i = 0; versions != NULL && i < versions->len; i++) {
        const SchedVersionRow *version = g_ptr_array_index(versions, i);

        if (version->state == SCHED_VERSION_DRAFT && version->object != NULL &&
            !sched_store_version_check(txn, version->id, version->object, version->script_hash,
                                       error))
            return FALSE;
    }
    return versions != NULL;
}

static gboolean
approve_version(SchedTxn *txn, const SimFleet *fleet, const SchedVersionRow *version,
                GError **error)
{
    const ContentSealKey *key =
        sched_keys_signer((SchedKeys *) fleet->keys, CONTENT_ROLE_APPROVAL);
    g_autoptr(GBytes) document = sched_store_approval_build(txn, version->id, version->object,
                                                            version->script_hash, error);
    g_autofree char *comment = content_claim_comment("approval", NULL, 0);
    g_autofree char *lines = NULL;
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature signature = {(char *) "minisign", (char *) content_seal_key_id(key), NULL,
                                  NULL};

    if (document == NULL)
        return FALSE;
    lines = content_seal_sign(key, g_bytes_get_data(document, NULL), g_bytes_get_size(document),
                              comment);
    signature.signature = lines;
    g_ptr_array_add(signatures, &signature);
    return sched_store_approval_add(txn, version->id, document, signatures, error);
}

static gboolean
approve_versions(SchedTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, NULL, error);

    for (guint i = 0; versions != NULL && i < versions->len; i++) {
        const SchedVersionRow *version = g_ptr_array_index(versions, i);

        if (version->state == SCHED_VERSION_CHECKED &&
            !approve_version(txn, job->fleet, version, error))
            return FALSE;
    }
    return versions != NULL;
}

static gboolean
approve_slots(SchedTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;

    for (guint i = job->from; i < job->to; i++) {
        g_autofree char *id = sim_fleet_slot(i);
        g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, id, error);

        if (slot == NULL || !sched_store_slot_approve(txn, id, slot->content, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- the front ---- */

static gboolean
add_programmes(SchedStore *store, Job *job, GError **error)
{
    return run(store, SIM_FLEET_EDITOR, put_programmes, job, error) &&
           run(store, SIM_FLEET_REVIEWER, check_versions, job, error) &&
           run(store, SIM_FLEET_APPROVER, approve_versions, job, error);
}

gboolean
sim_fleet_fill(SchedStore *store, const SimFleet *fleet, GError **error)
{
    Job job = {.fleet = fleet};

    if (!run(store, "init", put_top, &job, error) ||
        (fleet->phrase != NULL && !run(store, SIM_FLEET_EDITOR, put_phrase, &job, error)) ||
        !run_batches(store, "init", put_stations, &job, error))
        return FALSE;
    job.from = 0;
    job.to = fleet->n_slots;
    return add_programmes(store, &job, error) &&
           run(store, SIM_FLEET_APPROVER, approve_slots, &job, error);
}

gboolean
sim_fleet_add_slot(SchedStore *store, const SimFleet *fleet, guint n, gboolean is_daily,
                   GError **error)
{
    Job job = {.fleet = fleet, .from = n, .to = n + 1, .is_once = !is_daily};

    return add_programmes(store, &job, error);
}

gboolean
sim_fleet_approve_slot(SchedStore *store, const SimFleet *fleet, guint n, GError **error)
{
    Job job = {.fleet = fleet, .from = n, .to = n + 1};

    return run(store, SIM_FLEET_APPROVER, approve_slots, &job, error);
}

/* ---- enrolling without a technician ---- */

static char *
sign_request(const char *request, const char *station, gpointer data, GError **error)
{
    Job *job = data;

    g_clear_pointer(&job->serial, g_free);
    return sched_authority_sign_request(job->authority, request, station, job->fleet->now_us,
                                        &job->serial, error);
}

static gboolean
enrol_station(SchedTxn *txn, Job *job, guint n, GError **error)
{
    g_autofree char *station = sim_fleet_station(n);
    g_autofree char *folder = g_build_filename(job->folder, station, NULL);
    g_autofree char *secret = content_sha256_hex(station, strlen(station));
    g_autofree char *journal = content_id_new(job->fleet->now_us);
    g_autofree char *public_key = NULL;
    SimDistrict district = *job->district;
    SchedDeviceRow device = {0};

    district.sign = sign_request;
    district.data = job;
    if (!sim_identity_write(folder, station, &district, &public_key, error))
        return FALSE;
    device.serial = job->serial;
    device.station = station;
    device.public_key = public_key;
    device.certificate = (char *) "-";
    device.journal = journal;
    device.enrolled_us = job->fleet->now_us;
    device.expires_us = job->fleet->now_us + 365 * DAY_US;
    return sched_store_enrolment_add(txn, secret, station, job->fleet->now_us + DAY_US,
                                     error) &&
           sched_store_enrolment_use(txn, secret, &device, error);
}

static gboolean
enrol_stations(SchedTxn *txn, gpointer data, GError **error)
{
    Job *job = data;

    for (guint i = job->from; i < job->to; i++) {
        if (!enrol_station(txn, job, i, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sim_fleet_enrol(SchedStore *store, const SimFleet *fleet, SchedAuthority *authority,
                const SimDistrict *district, const char *folder, GError **error)
{
    Job job = {.fleet = fleet, .authority = authority, .district = district, .folder = folder};
    gboolean ok = run_batches(store, "init", enrol_stations, &job, error);

    g_free(job.serial);
    return ok;
}
