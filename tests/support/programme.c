/* programme.c - see programme.h */
#include "tests/support/programme.h"

#include "content/base/id.h"
#include "content/exchange.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

/* clang-format off */
static const struct { const char *id, *language; } versions[] = {
    { "v-jra", "jra" },
    { "v-bdq", "bdq" },
    { "v-vi",  "vi"  },
};
/* clang-format on */

static void
put_announcement(SchedTxn *txn)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {
        .id = (char *) "bulletin",
        .title = (char *) "Lịch tiêm phòng",
        .category = (char *) "",
        .source_number = (char *) "12/TB",
        .source_issuer = (char *) "UBND xã",
        .source_date = (char *) "2026-03-01",
        .valid_from_us = NOW,
        .valid_until_us = NOW + 30 * TEMP_STORE_DAY_US,
        .home = (char *) "chu-puh",
        .areas = areas,
    };

    g_ptr_array_add(areas, (gpointer) "chu-puh");
    assert_done(sched_store_announcement_put(txn, &row, 0, &problem));
}

static void
approve_version(SchedTxn *txn, const SchedVersionRow *row)
{
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature signature = {(char *) "minisign", (char *) "0011223344556677",
                                  (char *) "four lines", NULL};
    g_autoptr(GError) unbuilt = NULL;
    g_autoptr(GBytes) document =
        sched_store_approval_build(txn, row->id, row->object, row->script_hash, &unbuilt);

    g_assert_no_error(unbuilt);
    g_ptr_array_add(signatures, &signature);
    assert_done(sched_store_approval_add(txn, row->id, document, signatures, &problem));
}

static void
put_version(SchedTxn *txn, const char *id, const char *language)
{
    g_autofree char *hash = temp_store_hash(language);
    const SchedObjectRow object = {hash,   40000, PROGRAMME_SECONDS * G_USEC_PER_SEC,
                                   -16000, -1500, 0};
    const SchedVersionRow version = {.id = (char *) id,
                                     .announcement = (char *) "bulletin",
                                     .language = (char *) language,
                                     .object = hash,
                                     .announcer_name = (char *) "giọng đọc"};
    g_autoptr(SchedVersionRow) row = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_object_put(txn, &object, NULL, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
    temp_store_as(txn, "reader", NOW);
    assert_done(sched_store_version_check(txn, id, hash, NULL, &problem));
    temp_store_as(txn, "approver", NOW);
    row = sched_store_version_get(txn, id, NULL);
    approve_version(txn, row);
}

static void
put_playlist(SchedTxn *txn)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    SchedItemRow item = {.id = (char *) "i",
                         .kind = SCHED_ITEM_ANNOUNCEMENT,
                         .announcement = (char *) "bulletin"};
    const SchedPlaylistRow row = {.id = (char *) "list",
                                  .name = (char *) "Tối",
                                  .home = (char *) "chu-puh",
                                  .items = items};

    g_ptr_array_add(items, &item);
    assert_done(sched_store_playlist_put(txn, &row, 0, &problem));
}

static void
put_slot(SchedTxn *txn)
{
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    SchedTargetRow target = {(char *) "ia-le", (char *) "", (char *) ""};
    const SchedSlotRow row = {
        .id = (char *) "s",
        .name = (char *) "Tối",
        .home = (char *) "chu-puh",
        .playlist = (char *) "list",
        .tzid = (char *) "Asia/Ho_Chi_Minh",
        .first_date = (char *) "2026-03-02",
        .local_min = 18 * 60,
        .rule = (char *) "FREQ=DAILY",
        .targets = targets,
        .dates_in = none,
        .dates_out = none,
    };

    g_ptr_array_add(targets, &target);
    assert_done(sched_store_slot_put(txn, &row, 0, &problem));
}

void
programme_approve_slot(SchedTxn *txn, const char *slot)
{
    g_autoptr(SchedSlotRow) row = sched_store_slot_get(txn, slot, NULL);

    temp_store_as(txn, "approver", NOW);
    assert_done(sched_store_slot_approve(txn, slot, row->content, &problem));
}

char *
programme_fill(SchedTxn *txn)
{
    g_autoptr(GBytes) keys = g_bytes_new_static(PROGRAMME_KEY, strlen(PROGRAMME_KEY));
    char *hash = temp_store_hash(PROGRAMME_KEY);
    const SchedDocumentRow document = {.hash = hash, .type = (char *) "keys", .body = keys};

    assert_done(sched_store_document_put(txn, &document, &problem));
    temp_store_as(txn, "editor", NOW);
    put_announcement(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(versions); i++)
        put_version(txn, versions[i].id, versions[i].language);
    temp_store_as(txn, "editor", NOW);
    put_playlist(txn);
    put_slot(txn);
    programme_approve_slot(txn, "s");
    return hash;
}
