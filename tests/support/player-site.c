/* player-site.c - see player-site.h */
#include "tests/support/player-site.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "content/base/clock.h"
#include "content/grant.h"
#include "content/template.h"
#include "player/intake/hold.h"
#include "player/intake/identity.h"
#include "player/intake/trust-clock.h"
#include "player/report/journal.h"
#include "tests/support/district.h"
#include "tests/support/plan-builder.h"
#include "tests/support/port.h"
#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"
#include "tests/support/test-ca.h"

#define STATION "ia-pa"
#define OUTPUT  "main"

struct PlayerSite {
    char *folder, *state, *socket, *config, *gateway_config;
    TestCards *cards;
    TestChild *sim, *gateway, *player;
    TestDistrict *district;
    TestCa *ca;
    ContentKeys *keys;
    char *keys_envelope;
    char *tones;
    gint64 version;
    ContentSealKey *alerter; /* of alerts and grants */
    gboolean is_entrusted;
    guint page_port;
    char *page_folder;
};

/* ---- the station's folder ---- */

static void
copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes;

    g_assert_true(g_file_get_contents(from, &bytes, &n_bytes, &error));
    g_assert_true(g_file_set_contents_full(to, bytes, (gssize) n_bytes,
                                           G_FILE_SET_CONTENTS_NONE, 0600, &error));
}

static void
write_enrolled(PlayerSite *site, const char *identity)
{
    g_autoptr(ContentEnrolled) enrolled = content_document_new(&content_enrolled_type);
    g_autofree char *path = g_build_filename(identity, "enrolled.json", NULL);
    g_autofree char *certificate =
        test_ca_issue(site->ca, STATION, STATION, TEST_CERTIFICATE_CLIENT);
    g_autofree char *stem = g_strndup(certificate, strlen(certificate) - 4);
    g_autofree char *key = g_strconcat(stem, ".key", NULL);
    g_autofree char *key_copy = g_build_filename(identity, "tls.key", NULL);
    g_autofree char *certificate_copy = g_build_filename(identity, "tls.pem", NULL);
    g_autofree char *authority_copy = g_build_filename(identity, "authority.pem", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;

    copy_file(key, key_copy);
    copy_file(certificate, certificate_copy);
    copy_file(test_ca_path(site->ca), authority_copy);
    enrolled->station = g_strdup(STATION);
    g_assert_true(g_file_get_contents(certificate, &enrolled->certificate, NULL, &error));
    g_assert_true(
        g_file_get_contents(test_ca_path(site->ca), &enrolled->authority, NULL, &error));
    enrolled->root_key = g_strdup(content_seal_key_public(site->district->root));
    enrolled->keys = g_strdup(site->keys_envelope);
    /* Nobody listens on these: the network is down. */
    enrolled->device_url = g_strdup("https://127.0.0.1:9");
    g_ptr_array_add(enrolled->brokers, g_strdup("mqtts://127.0.0.1:9"));
    bytes = content_document_write(&content_enrolled_type, enrolled, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents_full(path, g_bytes_get_data(bytes, NULL),
                                           (gssize) g_bytes_get_size(bytes),
                                           G_FILE_SET_CONTENTS_NONE, 0600, &error));
}

static void
enrol(PlayerSite *site)
{
    g_autofree char *identity = g_build_filename(site->state, "identity", NULL);
    g_autofree char *key_path = g_build_filename(identity, "station.key", NULL);
    g_autoptr(ContentSealKey) key = content_seal_key_generate();
    g_autoptr(GBytes) envelope = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(identity, 0700), ==, 0);
    g_assert_true(content_seal_key_save(key, key_path, &error));
    site->keys = test_district_keys(site->district, g_get_real_time() - PLAN_MIN(60));
    site->alerter = content_seal_key_generate();
    test_district_add_key(site->keys, site->alerter, CONTENT_ROLE_ALERT,
                          g_get_real_time() - PLAN_MIN(60),
                          g_get_real_time() + PLAN_MIN(60 * 24));
    envelope = test_seal(site->district->root, &content_keys_type, site->keys, NULL, 1);
    site->keys_envelope =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    write_enrolled(site, identity);
}

static void
keep_tones(PlayerSite *site)
{
    g_autofree char *folder = g_build_filename(site->state, "objects", NULL);
    g_autofree char *copy = g_build_filename(site->folder, "tones.opus", NULL);
    g_autofree char *source =
        g_build_filename(g_test_get_dir(G_TEST_BUILT), "support", "tones.opus", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentObjectStore) objects = content_object_store_open(folder, &error);

    g_assert_no_error(error);
    copy_file(source, copy);
    site->tones = content_object_store_put_file(objects, copy, NULL, &error);
    g_assert_no_error(error);
}

/* ---- the clock ---- */

static gboolean
says_yes(gpointer data)
{
    return TRUE;
}

static gboolean
says_no(gpointer data)
{
    return FALSE;
}

static void
on_changed(const char *words, gpointer data)
{
}

static void
on_ask(const char *nonce, gpointer data)
{
}

/* The kernel vouches for the clock of this boot once, as on a station with a time service; the
 * player that starts later in the same boot goes on from there. */
static void
trust_clock(PlayerSite *site)
{
    static const PlayTrustMachine synchronised = {says_yes, says_no};
    static const PlayTrustClockEvents events = {on_changed, on_ask};
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autofree char *boot = NULL;
    g_auto(GStrv) parts = NULL;
    PlayTrustClock *trust;

    g_assert_true(g_file_get_contents("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL));
    parts = g_strsplit(g_strstrip(boot), "-", -1);
    g_free(boot);
    boot = g_strjoinv("", parts);
    trust = play_trust_clock_new(clock, site->state, boot, &synchronised, NULL, &events, NULL);
    g_assert_cmpint(play_trust_clock_trust(trust), ==, CONTENT_TRUST_SYNCED);
    play_trust_clock_free(trust);
}

void
player_site_forget_time(PlayerSite *site)
{
    g_autofree char *path = g_build_filename(site->state, "clock-floor", NULL);

    g_assert_cmpint(g_unlink(path), ==, 0);
}

void
player_site_shift_time(PlayerSite *site, gint64 off_us)
{
    g_autofree char *path = g_build_filename(site->state, "clock-floor", NULL);
    g_autofree char *text = NULL, *line = NULL;
    g_auto(GStrv) words = NULL;

    /* floor, boot, base, trust: see trust-clock.c */
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    words = g_strsplit(text, " ", -1);
    g_assert_cmpuint(g_strv_length(words), ==, 4);
    line = g_strdup_printf("%s %s %" G_GINT64_FORMAT " %s", words[0], words[1],
                           g_ascii_strtoll(words[2], NULL, 10) + off_us, words[3]);
    g_assert_true(g_file_set_contents(path, line, -1, NULL));
}

/* ---- the site ---- */

static void
start_gateway(PlayerSite *site)
{
    guint port = 0;
    g_autofree char *text = NULL;

    site->sim = test_sim_tcp("1:coils:8:8", &port);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n"
                           "[board b1]\nline=l1\nunit=1\ninputs=8\n"
                           "[input nut]\nboard=b1\nnumber=6\nrole=button\nwords=Nút\n"
                           "[lamp den]\nrelay=b1/7\n"
                           "[zone lang]\nrelays=b1/1\namplifier=b1/8\nwarm-up-ms=%d\n"
                           "stagger-ms=0\ntail-ms=300\nrest-s=0\n"
                           "[zone bon]\nrelays=b1/2\namplifier=b1/8\nwarm-up-ms=%d\n"
                           "stagger-ms=0\ntail-ms=300\nrest-s=0\n",
                           site->socket, getuid(), port, PLAYER_SITE_WARM_UP_MS,
                           PLAYER_SITE_WARM_UP_MS);
    site->gateway_config = test_gateway_write_config(site->folder, text);
    site->gateway = test_gateway_start(site->gateway_config, site->socket);
}

static void
write_config(PlayerSite *site)
{
    g_autofree char *text = g_strdup_printf("[player]\nstate=%s\ngateway-socket=%s\n"
                                            "buffer-ms=100\n[output " OUTPUT "]\ndevice=card\n"
                                            "[button nut]\ninput=nut\nlamp=den\n"
                                            "hold-ms=1000\ncancel-ms=%d\n",
                                            site->state, site->socket, PLAYER_SITE_CANCEL_MS);

    site->config = g_build_filename(site->folder, "player.conf", NULL);
    g_assert_true(g_file_set_contents(site->config, text, -1, NULL));
}

PlayerSite *
player_site_new(void)
{
    const TestCardSpec spec = {"card", 2, 0, 0};
    PlayerSite *site = g_new0(PlayerSite, 1);

    site->folder = test_scratch_new();
    site->state = g_build_filename(site->folder, "state", NULL);
    site->socket = g_build_filename(site->folder, "lease.sock", NULL);
    g_assert_cmpint(g_mkdir_with_parents(site->state, 0700), ==, 0);
    site->cards = test_cards_new(site->folder, &spec, 1);
    site->district = test_district_new();
    site->ca = test_ca_new(site->folder, "ca");
    enrol(site);
    keep_tones(site);
    trust_clock(site);
    start_gateway(site);
    write_config(site);
    return site;
}

const char *
player_site_state(PlayerSite *site)
{
    return site->state;
}

void
player_site_free(PlayerSite *site)
{
    if (site == NULL)
        return;
    test_child_stop(site->player);
    test_child_stop(site->gateway);
    test_child_stop(site->sim);
    test_cards_free(site->cards);
    test_district_free(site->district);
    test_ca_free(site->ca);
    content_keys_free(site->keys);
    content_seal_key_free(site->alerter);
    g_free(site->keys_envelope);
    g_free(site->page_folder);
    g_free(site->tones);
    g_free(site->gateway_config);
    g_free(site->config);
    g_free(site->socket);
    g_free(site->state);
    test_scratch_free(site->folder);
    g_free(site);
}

const char *
player_site_tones(PlayerSite *site)
{
    return site->tones;
}

const char *
player_site_config(PlayerSite *site)
{
    return site->config;
}

TestChild *
player_site_board(PlayerSite *site)
{
    return site->sim;
}

/* ---- what the commune may start alone ---- */

void
player_site_entrust(PlayerSite *site)
{
    g_autofree char *text = NULL, *more = NULL;

    site->is_entrusted = TRUE;
    site->page_port = test_free_port();
    site->page_folder = g_build_filename(site->folder, "page", NULL);
    g_assert_true(g_file_get_contents(site->config, &text, NULL, NULL));
    more = g_strdup_printf("%s[page]\nenabled=true\naddress=127.0.0.1\nport=%u\nstate=%s\n"
                           "socket=%s/page.sock\nplayer-user=%u\n",
                           text, site->page_port, site->page_folder, site->folder, getuid());
    g_assert_true(g_file_set_contents(site->config, more, -1, NULL));
}

guint
player_site_page_port(PlayerSite *site)
{
    return site->page_port;
}

const char *
player_site_page_folder(PlayerSite *site)
{
    return site->page_folder;
}

/* Returns: hash of its approval, by a second person of the district */
static const char *
shelve_spoken(PlayerSite *site, TestShelf *shelf)
{
    g_autoptr(ContentApproval) approval = plan_builder_spoken(site->tones, "vi");

    approval->valid_until_us = CONTENT_US_MAX;
    approval->approved_us = g_get_real_time() - PLAN_MIN(60);
    return test_shelf_put(shelf, &content_approval_type, approval, site->district->approver, 0);
}

static ContentTemplates *
new_templates(PlayerSite *site, TestShelf *shelf)
{
    ContentTemplates *templates = content_document_new(&content_templates_type);
    const struct {
        const char *id, *title;
        gint event;
    } rows[] = {
        {"dien-tap", "Diễn tập", CONTENT_EVENT_DRILL},
        {"lu", "Lũ trên sông", CONTENT_EVENT_FLOOD},
    };
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

    templates->station = g_strdup(STATION);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ContentTemplate *template = content_shape_new(&content_template_shape);
        ContentTemplateLine *line = content_shape_new(&content_template_line_shape);
        ContentTemplatePart *part = content_shape_new(&content_template_part_shape);

        template->id = g_strdup(rows[i].id);
        template->title = g_strdup(rows[i].title);
        template->event = rows[i].event;
        template->severity = 4;
        template->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
        template->repeats = 2;
        template->gap_ms = 1000;
        template->life_min = 60;
        line->language = g_strdup("vi");
        part->object = g_strdup(site->tones);
        g_ptr_array_add(line->parts, part);
        g_ptr_array_add(template->lines, line);
        g_ptr_array_add(templates->templates, template);
    }
    object->hash = g_strdup(site->tones);
    object->size_bytes = 1;
    object->duration_us = PLAN_S(8);
    object->approval = g_strdup(shelve_spoken(site, shelf));
    g_ptr_array_add(templates->objects, object);
    return templates;
}

/* As the district writes it, but as cheap as argon2id can be. */
static char *
hash_of(const char *pin)
{
    char out[crypto_pwhash_STRBYTES];

    g_assert_cmpint(crypto_pwhash_str_alg(out, pin, strlen(pin), crypto_pwhash_OPSLIMIT_MIN,
                                          crypto_pwhash_MEMLIMIT_MIN,
                                          crypto_pwhash_ALG_ARGON2ID13),
                    ==, 0);
    return g_strdup(out);
}

static ContentGrant *
new_grant(void)
{
    ContentGrant *grant = content_document_new(&content_grant_type);
    ContentGrantAccount *account = content_shape_new(&content_grant_account_shape);
    ContentGrantInput *input = content_shape_new(&content_grant_input_shape);

    grant->id = g_strdup("g1");
    grant->station = g_strdup(STATION);
    *account = (ContentGrantAccount){g_strdup(PLAYER_SITE_ACCOUNT), g_strdup("Rơ Châm Hoa"),
                                     hash_of(PLAYER_SITE_PIN)};
    g_ptr_array_add(grant->accounts, account);
    input->name = g_strdup("nut");
    input->template_ = g_strdup("lu");
    g_ptr_array_add(grant->inputs, input);
    g_ptr_array_add(grant->templates, g_strdup("lu"));
    g_ptr_array_add(grant->zones, g_strdup("bon"));
    g_ptr_array_add(grant->zones, g_strdup("lang"));
    grant->drills = TRUE;
    grant->max_starts = 20;
    grant->span_s = 3600;
    grant->issued_us = grant->not_before_us = g_get_real_time() - PLAN_MIN(60);
    grant->expires_us = g_get_real_time() + PLAN_MIN(60 * 24);
    return grant;
}

static void
shelve_trust(PlayerSite *site, TestShelf *shelf, ContentManifest *manifest)
{
    g_autoptr(ContentTemplates) templates = new_templates(site, shelf);
    g_autoptr(ContentGrant) grant = new_grant();

    manifest->templates =
        g_strdup(test_shelf_put(shelf, &content_templates_type, templates, NULL, 0));
    g_ptr_array_add(manifest->grants, g_strdup(test_shelf_put(shelf, &content_grant_type, grant,
                                                              site->alerter, 0)));
}

/* ---- what was sent before ---- */

static void
on_manifest(const ContentManifest *manifest, gpointer data)
{
}

static void
on_settings(ContentStationSettings *settings, gpointer data)
{
    content_station_settings_free(settings);
}

static void
on_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
       gboolean is_pending, gpointer data)
{
    content_day_plan_free(plan);
    g_clear_pointer(&approvals, g_hash_table_unref);
}

static void
on_templates(const ContentTemplates *templates, GHashTable *approvals, gpointer data)
{
    g_hash_table_unref(approvals);
}

static void
on_grants(const GPtrArray *grants, gpointer data)
{
}

static void
on_refused(const ContentRemark *why, gpointer data)
{
    g_error("%s: %s", why->code, why->subject);
}

static void
on_issued(gint64 issued_us, gboolean is_reset, gpointer data)
{
}

static void
shelve_approvals(PlayerSite *site, TestShelf *shelf, ContentDayPlan *day)
{
    g_autoptr(GHashTable) approvals = NULL;

    for (guint i = 0; i < day->segments->len; i++) {
        ContentSegment *segment = day->segments->pdata[i];

        g_free(segment->object);
        segment->object = g_strdup(site->tones);
    }
    approvals = plan_builder_approvals(day);
    for (guint i = 0; i < day->segments->len; i++) {
        ContentSegment *segment = day->segments->pdata[i];
        ContentApproval *approval = g_hash_table_lookup(approvals, segment->approval);
        const char *hash = NULL;

        approval->valid_until_us = g_get_real_time() + PLAN_MIN(60 * 24);
        approval->approved_us = g_get_real_time() - PLAN_MIN(60);
        hash = test_shelf_put(shelf, &content_approval_type, approval, site->district->approver,
                              0);
        g_free(segment->approval);
        segment->approval = g_strdup(hash);
        g_ptr_array_add(day->approvals, g_strdup(hash));
    }
}

static void
list_object(PlayerSite *site, ContentDayPlan *day)
{
    ContentPlanObject *object = content_shape_new(&content_plan_object_shape);

    object->hash = g_strdup(site->tones);
    object->size_bytes = 1;
    object->duration_us = PLAN_S(8);
    g_ptr_array_add(day->objects, object);
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static GBytes *
shelve(PlayerSite *site, TestShelf *shelf, ContentDayPlan *day)
{
    g_autoptr(ContentManifest) manifest =
        test_manifest(STATION, ++site->version, g_get_real_time() - PLAN_S(1));
    g_autoptr(ContentStationSettings) settings =
        plan_builder_settings("Asia/Ho_Chi_Minh", OUTPUT ":lang " OUTPUT ":bon");

    if (site->is_entrusted)
        shelve_trust(site, shelf, manifest);
    shelve_approvals(site, shelf, day);
    list_object(site, day);
    g_ptr_array_sort(day->approvals, compare_texts);
    g_free(manifest->settings);
    manifest->settings =
        g_strdup(test_shelf_put(shelf, &content_station_settings_type, settings, NULL, 0));
    g_free(manifest->keys);
    manifest->keys = g_strdup(
        test_shelf_put(shelf, &content_keys_type, site->keys, site->district->root, 1));
    test_manifest_add_day(manifest, day->date,
                          test_shelf_put(shelf, &content_day_plan_type, day, NULL, 0));
    return test_seal(site->district->online, &content_manifest_type, manifest, STATION,
                     site->version);
}

void
player_site_keep(PlayerSite *site, ContentDayPlan *day)
{
    static const PlayHoldEvents events = {on_manifest, on_settings, on_day,   on_templates,
                                          on_refused,  on_issued,   on_grants};
    PlayVerifyTime time = {.now_us = g_get_real_time(), .is_trusted = TRUE};
    const char *root = content_seal_key_public(site->district->root);
    g_autoptr(TestShelf) shelf = test_shelf_new();
    g_autoptr(GBytes) envelope = shelve(site, shelf, day);
    g_autoptr(GError) error = NULL;
    PlayKeep *keep = play_keep_open(site->state, STATION, root, &error);
    PlayHold *hold;

    g_assert_no_error(error);
    hold = play_hold_new(keep, STATION, root, site->keys_envelope, time, &events, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(play_hold_take_pushed(hold, envelope, time));
    for (g_autoptr(GPtrArray) wanted = play_hold_wanted(hold); wanted->len > 0;) {
        g_autoptr(ContentBundle) bundle = test_shelf_answer(shelf, wanted);

        g_assert_cmpuint(play_hold_take_bundle(hold, bundle, time), >, 0);
        g_ptr_array_unref(wanted);
        wanted = play_hold_wanted(hold);
    }
    play_hold_free(hold);
    play_keep_free(keep);
    content_day_plan_free(day);
}

/* ---- the player ---- */

void
player_site_start(PlayerSite *site)
{
    const char *const argv[] = {TEST_PLAYER, "--config", site->config, NULL};

    site->player = test_child_start(argv);
}

int
player_site_stop(PlayerSite *site, int signal_number)
{
    int code;

    test_child_signal(site->player, signal_number);
    code = test_child_wait(site->player, 60 * G_USEC_PER_SEC);
    g_clear_pointer(&site->player, test_child_stop);
    return code;
}

GPid
player_site_pid(PlayerSite *site)
{
    return test_child_pid(site->player);
}

static void
on_fault(const char *words, gpointer data)
{
    g_error("the journal refuses: %s", words);
}

GPtrArray *
player_site_records(PlayerSite *site)
{
    g_autofree char *path = g_build_filename(site->state, "journal.db", NULL);
    g_autoptr(GError) error = NULL;
    PlayJournal *journal = play_journal_open(path, on_fault, NULL, &error);
    GPtrArray *history;

    g_assert_no_error(error);
    history = play_journal_history(journal, 0, &error);
    g_assert_no_error(error);
    play_journal_free(journal);
    return history;
}

TestTimeline *
player_site_listen(PlayerSite *site)
{
    return test_cards_listen(site->cards, "card");
}

TestCards *
player_site_cards(PlayerSite *site)
{
    return site->cards;
}

gint64
player_site_first_sample_us(PlayerSite *site, gint64 after_us)
{
    gint64 until_us = g_get_monotonic_time() + PLAN_S(60);

    while (g_get_monotonic_time() < until_us) {
        g_autoptr(TestTimeline) heard = player_site_listen(site);
        g_autoptr(GArray) sounds = test_timeline_sounds(heard);

        for (guint i = 0; i < sounds->len; i++) {
            gint64 at_us = test_timeline_us(heard, g_array_index(sounds, TestSound, i).from);

            if (at_us > after_us)
                return at_us;
        }
        g_usleep(20000);
    }
    g_error("nothing was heard");
}
