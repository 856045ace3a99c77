/*
 * test-hold-templates.c - templates and grants: in force with their approvals and signatures,
 * until others are here.
 */
#include "tests/player/intake/hold-fixture.h"

/* Returns: hash of the approval of what a template says, signed by @key */
static const char *
shelve_spoken(Fixture *fixture, ContentSealKey *key)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);

    approval->kind = CONTENT_APPROVED_TEMPLATE;
    approval->class_ = CONTENT_CLASS_KHAN_CAP;
    return test_shelf_put(fixture->shelf, &content_approval_type, approval, key, 0);
}

static void
push_templates(Fixture *fixture, gint64 version, const char *title, const char *approval)
{
    g_autoptr(ContentTemplates) templates = content_document_new(&content_templates_type);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    ContentTemplate *template = content_shape_new(&content_template_shape);
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
    g_autoptr(GBytes) envelope = NULL;

    templates->station = g_strdup(STATION);
    object->hash = g_strdup(fixture->object);
    object->size_bytes = 100;
    object->duration_us = 1000;
    object->approval = g_strdup(approval);
    g_ptr_array_add(templates->objects, object);
    template->id = g_strdup("lu");
    template->title = g_strdup(title);
    template->severity = 3;
    template->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    template->repeats = template->life_min = 1;
    g_ptr_array_add(templates->templates, template);
    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    manifest->templates =
        g_strdup(test_shelf_put(fixture->shelf, &content_templates_type, templates, NULL, 0));
    envelope = test_seal(fixture->district->online, &content_manifest_type, manifest, STATION,
                         version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

/*
 * Templates without an approval of their audio are known by that; the next ones wait for
 * theirs, and what is in force stays. An approval of something else is none, and is told once.
 */
static void
test_templates_approved(Fixture *fixture, gconstpointer data)
{
    g_autofree char *nowhere = g_strnfill(64, 'a');
    const char *good = shelve_spoken(fixture, fixture->district->approver);

    push_templates(fixture, 1, "Lũ", good);
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved",
           "1 audio of templates, 1 approved");
    push_templates(fixture, 2, "Lũ lớn", nowhere);
    EXPECT("manifest 2");
    fetch_all(fixture);
    EXPECT("refused templates", "1 audio of templates, 0 approved");
    push_templates(fixture, 3, "Lũ nhỏ", fixture->approval);
    fetch_all(fixture);
    EXPECT("manifest 3", "refused templates", "1 audio of templates, 1 approved");
    restart(fixture);
    EXPECT("manifest 3", "settings Asia/Ho_Chi_Minh", "refused templates",
           "1 audio of templates, 1 approved");
}

/* What the district is told: audio that is here, and that no approval holds for. */
static void
test_templates_counted(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *why;
        gint kind;
        gboolean is_here, is_other;
        guint n;
    } cases[] = {
        {"approved", CONTENT_APPROVED_TEMPLATE, TRUE, FALSE, 0},
        {"nobody approved it", CONTENT_APPROVED_TEMPLATE, FALSE, FALSE, 1},
        {"as a bulletin, not to alert with", CONTENT_APPROVED_VERSION, TRUE, FALSE, 1},
        {"another recording", CONTENT_APPROVED_TEMPLATE, TRUE, TRUE, 1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentTemplates) templates = content_document_new(&content_templates_type);
        ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
        g_autofree char *other = g_strnfill(64, 'b');
        g_autoptr(ContentApproval) approval =
            test_approval(cases[i].is_other ? other : fixture->object);
        g_autoptr(GHashTable) approvals = g_hash_table_new(g_str_hash, g_str_equal);

        g_test_message("%s", cases[i].why);
        object->hash = g_strdup(fixture->object);
        object->approval = g_strdup("h");
        g_ptr_array_add(templates->objects, object);
        approval->kind = cases[i].kind;
        if (cases[i].is_here)
            g_hash_table_insert(approvals, (gpointer) "h", approval);
        g_assert_cmpuint(play_hold_unapproved_templates(templates, approvals), ==, cases[i].n);
    }
}

/* What a lost key approved is no longer said in alerts either, nor after a restart. */
static void
test_templates_lost_key(Fixture *fixture, gconstpointer data)
{
    push_templates(fixture, 1, "Lũ", shelve_spoken(fixture, fixture->district->approver));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved",
           "1 audio of templates, 1 approved");
    push_approver(fixture, content_seal_key_generate());
    EXPECT("1 audio of templates, 0 approved", "floor reset");
    fetch_all(fixture);
    EXPECT("refused approval");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "1 audio of templates, 0 approved");
}

/* Its audio is wanted first and never evicted; they stay in force until others are here, and
 * those of another station are none. */
static void
test_templates(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentTemplates) templates = content_document_new(&content_templates_type);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    g_autoptr(GHashTable) here = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) named = NULL;
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);

    object->hash = g_strdup(fixture->object);
    object->size_bytes = 100;
    object->duration_us = 1000;
    object->approval = g_strdup(shelve_spoken(fixture, fixture->district->approver));
    g_ptr_array_add(templates->objects, object);
    for (gint64 version = 1; version <= 3; version++) {
        g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
        g_autoptr(GBytes) envelope = NULL;

        g_free(templates->station);
        templates->station = g_strdup(version == 3 ? "another" : STATION);
        g_free(manifest->settings);
        manifest->settings = g_strdup(fixture->settings);
        g_free(manifest->keys);
        manifest->keys = g_strdup(fixture->keys);
        if (version != 2)
            manifest->templates = g_strdup(
                test_shelf_put(fixture->shelf, &content_templates_type, templates, NULL, 0));
        envelope = test_seal(fixture->district->online, &content_manifest_type, manifest,
                             STATION, version);
        g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
        fetch_all(fixture);
        if (version == 1)
            EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh",
                   "1 audio of templates, 0 approved", "1 audio of templates, 1 approved");
        else if (version == 2)
            EXPECT("manifest 2");
        else
            EXPECT("manifest 3");
        if (version == 1) {
            restart(fixture);
            EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh",
                   "1 audio of templates, 1 approved");
        }
    }
    play_hold_queue_templates(fixture->hold, here, queue);
    g_assert_cmpuint(queue->len, ==, 1);
    g_assert_cmpstr(((PlayFetchItem *) queue->pdata[0])->hash, ==, fixture->object);
    named = play_hold_named_objects(fixture->hold);
    g_assert_true(g_hash_table_contains(named, fixture->object));
}

/* ---- grants ---- */

static ContentGrant *
new_grant(const char *id, const char *station)
{
    ContentGrant *grant = content_document_new(&content_grant_type);
    ContentGrantInput *input = content_shape_new(&content_grant_input_shape);

    grant->id = g_strdup(id);
    grant->station = g_strdup(station);
    input->name = g_strdup("nut");
    input->template_ = g_strdup("lu");
    g_ptr_array_add(grant->inputs, input);
    g_ptr_array_add(grant->templates, g_strdup("lu"));
    g_ptr_array_add(grant->zones, g_strdup("cho"));
    grant->max_starts = 1;
    grant->span_s = 60;
    /* It begins later, and is here all the same. */
    grant->not_before_us = NOW + DAY_US;
    grant->expires_us = NOW + 90 * DAY_US;
    return grant;
}

/* Returns: (transfer none): its hash; it is on the shelf if there is a @key */
static const char *
shelve_grant(Fixture *fixture, const char *id, const char *station, ContentSealKey *key)
{
    g_autoptr(ContentGrant) grant = new_grant(id, station);

    return test_shelf_put(fixture->shelf, &content_grant_type, grant, key, 0);
}

static void
push_grants(Fixture *fixture, gint64 version, const char *const *hashes)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, NOW);
    g_autoptr(GBytes) envelope = NULL;

    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    for (gsize i = 0; hashes[i] != NULL; i++)
        g_ptr_array_add(manifest->grants, g_strdup(hashes[i]));
    envelope = test_seal(fixture->district->online, &content_manifest_type, manifest, STATION,
                         version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
}

/* The root says whose key may order alerts; NULL: nobody's. */
static void
push_alerter(Fixture *fixture, ContentSealKey *alerter)
{
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->district->keys_version++;
    keys = test_district_keys(fixture->district, NOW);
    if (alerter != NULL)
        test_district_add_key(keys, alerter, CONTENT_ROLE_ALERT, NOW - DAY_US,
                              NOW + 90 * DAY_US);
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL,
                         fixture->district->keys_version);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
    g_free(fixture->keys);
    fixture->keys =
        g_strdup(test_shelf_put(fixture->shelf, &content_keys_type, keys,
                                fixture->district->root, fixture->district->keys_version));
}

/* In force when all that are listed are here; gone with the manifest that lists them no more,
 * and not with one whose time is over. */
static void
test_grants(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) alerter = content_seal_key_generate();
    const char *one, *two;

    push_alerter(fixture, alerter);
    one = shelve_grant(fixture, "g1", STATION, alerter);
    two = shelve_grant(fixture, "g2", STATION, alerter);
    push_grants(fixture, 1, DAYS(one));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "grants g1");
    push_grants(fixture, 2, DAYS(one, two));
    EXPECT("manifest 2");
    fetch_all(fixture);
    EXPECT("grants g1 g2");
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "grants g1 g2");
    push_grants(fixture, 3, DAYS(two));
    EXPECT("manifest 3", "grants g2");
    fixture->time.now_us = NOW + CONTENT_MANIFEST_LIFE_US;
    play_hold_check_expiry(fixture->hold, fixture->time);
    EXPECT("refused manifest", "no manifest");
    restart(fixture);
    EXPECT("refused manifest", "settings Asia/Ho_Chi_Minh", "grants g2");
    fixture->time.now_us = NOW;
    push_grants(fixture, 4, DAYS(NULL));
    EXPECT("manifest 4", "grants");
    restart(fixture);
    EXPECT("manifest 4", "settings Asia/Ho_Chi_Minh");
}

/* Who holds the manifests' key alone cannot grant, nor hand over what is another station's. */
static void
test_refused_grants(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) alerter = content_seal_key_generate();
    const char *by_other, *by_nobody, *of_other;

    push_alerter(fixture, alerter);
    by_other = shelve_grant(fixture, "g1", STATION, fixture->district->online);
    by_nobody = shelve_grant(fixture, "g2", STATION, NULL);
    of_other = shelve_grant(fixture, "g3", "another", alerter);
    push_grants(fixture, 1, DAYS(by_other, by_nobody, of_other, fixture->approval));
    fetch_all(fixture);
    EXPECT("manifest 1", "refused grant", "refused grant", "refused grant", "refused grant",
           "settings Asia/Ho_Chi_Minh");
}

/* A key of alerts that is lost takes its grants with it, until another one has signed them. */
static void
test_lost_alert_key(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) lost = content_seal_key_generate();
    g_autoptr(ContentSealKey) next = content_seal_key_generate();
    const char *grant;

    push_alerter(fixture, lost);
    grant = shelve_grant(fixture, "g1", STATION, lost);
    push_grants(fixture, 1, DAYS(grant));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "grants g1");
    push_alerter(fixture, next);
    EXPECT("grants");
    fetch_all(fixture);
    EXPECT("refused grant");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh");
    grant = shelve_grant(fixture, "g1", STATION, next);
    push_grants(fixture, 2, DAYS(grant));
    fetch_all(fixture);
    EXPECT("manifest 2", "grants g1");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    HOLD_ADD("templates-counted", test_templates_counted);
    HOLD_ADD("templates", test_templates);
    HOLD_ADD("templates-approved", test_templates_approved);
    HOLD_ADD("templates-lost-key", test_templates_lost_key);
    HOLD_ADD("grants", test_grants);
    HOLD_ADD("refused-grants", test_refused_grants);
    HOLD_ADD("lost-alert-key", test_lost_alert_key);
    return g_test_run();
}
