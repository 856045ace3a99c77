/* action.c - see action.h */
#include "player/cue/action.h"

static void
action_free(gpointer data)
{
    PlayAction *action = data;

    g_free(action->output);
    g_free(action->object);
    g_free(action->address);
    g_free(action->alert);
    g_free(action->key);
    g_clear_pointer(&action->zones, g_ptr_array_unref);
    content_record_free(action->record);
    content_test_answer_free(action->answer);
    g_free(action);
}

GPtrArray *
play_actions_new(void)
{
    return g_ptr_array_new_with_free_func(action_free);
}

PlayAction *
play_actions_add(GPtrArray *actions, PlayDo what)
{
    PlayAction *action = g_new0(PlayAction, 1);

    action->what = what;
    action->tone = PLAY_TONE_TEST;
    g_ptr_array_add(actions, action);
    return action;
}

ContentRecord *
play_record_new(ContentRecordKind kind)
{
    ContentRecord *record = content_document_new(&content_record_type);

    record->kind = kind;
    record->level_mdb = G_MININT64;
    record->peak_mdb = G_MININT64;
    return record;
}
