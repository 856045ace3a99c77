/* test-words.c - every word of loactl is there in both languages, with the same arguments. */
#include "scheduler/ctl/run.h"
#include "scheduler/ctl/words/catalogue.h"
#include "scheduler/plan/finding.h"
#include "scheduler/report/delivery.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/message/smtp.h"
#include "scheduler/store/factors.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/specials.h"
#include "scheduler/store/unapproved.h"
#include "scheduler/store/waiting.h"
#include "scheduler/store/wanted.h"

#include <string.h>

static gint
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* "{n} of {all}" -> "all n": the names, sorted. */
static char *
names_in(const char *text)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *open, *close;

    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        g_ptr_array_add(names, g_strndup(open + 1, (gsize) (close - open - 1)));
        text = close + 1;
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **) names->pdata);
}

static void
test_catalogues(void)
{
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    const ContentWording *en = ctl_words_en;

    for (const ContentWording *vi = ctl_words_vi; vi->key != NULL; vi++, en++) {
        g_autofree char *here = names_in(vi->text), *there = NULL;

        g_test_message("%s", vi->key);
        g_assert_cmpstr(vi->key, ==, en->key);
        there = names_in(en->text);
        g_assert_cmpstr(here, ==, there);
        g_assert_cmpstr(vi->text, !=, "");
        g_assert_cmpstr(en->text, !=, "");
        g_assert_true(g_utf8_validate(vi->text, -1, NULL));
        g_assert_true(g_hash_table_add(keys, (gpointer) vi->key));
    }
    g_assert_null(en->key);
}

static void
need(const char *family, const char *name)
{
    g_autofree char *key = g_strdup_printf("%s.%s", family, name);

    g_test_message("%s", key);
    g_assert_nonnull(ctl_words_get(CONTENT_READER_VI, key));
    g_assert_nonnull(ctl_words_get(CONTENT_READER_EN, key));
}

/* Commands, options and headings of the table of commands. */
static void
test_commands(void)
{
    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        need("command", command->words);
        for (const CtlOption *option = command->options; option->name != NULL; option++)
            need("option", option->meaning);
        for (const CtlColumn *column = command->columns;
             column != NULL && column->heading != NULL; column++)
            need("head", column->heading);
    }
}

/* Every code that a column can hold. */
static void
test_codes(void)
{
    const char *const *const lists[] = {
        sched_account_state_words,
        sched_role_words,
        sched_area_kind_words,
        content_class_words,
        sched_version_state_words,
        sched_delivery_state_words,
        sched_item_kind_words,
        sched_waiting_kind_words,
        sched_finding_words,
        content_trust_words,
        sched_quiet_reason_words,
        sched_special_act_words,
        sched_announcement_kind_words,
        sched_note_code_words,
        sched_wanted_state_words,
        sched_announcement_kind_words,
        sched_note_code_words,
        sched_message_event_words,
        sched_message_way_words,
        sched_message_state_words,
        sched_unapproved_kind_words,
        sched_post_error_words,
        sched_messenger_why_words,
        sched_messenger_state_words,
        sched_messenger_means_words + 1,
        sched_messenger_kind_words,
    };
    gsize n_settings;
    const SchedSettingKnown *settings = sched_setting_known(&n_settings);

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (const char *const *word = lists[i]; *word != NULL; word++)
            need("word", *word);
    }
    for (gsize i = 0; i < n_settings; i++)
        need("setting", settings[i].key);
}

static void
test_say(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *vi =
        ctl_words_say(CONTENT_READER_VI, "waits", "proposal", "{words} p1", NULL);

    g_assert_true(g_str_has_suffix(vi, "đề nghị {words} p1"));
    g_setenv(CONTENT_READER_VARIABLE, "vi", TRUE);
    g_assert_false(
        ctl_fail(&error, CTL_CLIENT_ERROR_NEGATIVE, "audit_altered", "row", "7", NULL));
    g_assert_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_NEGATIVE);
    g_assert_cmpstr(error->message, ==, "chuỗi nhật ký đã bị sửa ở dòng 7");
    g_clear_error(&error);
    g_setenv(CONTENT_READER_VARIABLE, "en", TRUE);
    ctl_fail(&error, CTL_CLIENT_ERROR_NEGATIVE, "audit_altered", "row", "7", NULL);
    g_assert_cmpstr(error->message, ==, "the chain was altered at row 7");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/words/catalogues", test_catalogues);
    g_test_add_func("/ctl/words/commands", test_commands);
    g_test_add_func("/ctl/words/codes", test_codes);
    g_test_add_func("/ctl/words/say", test_say);
    return g_test_run();
}
