/*
 * journal.c - see journal.h
 *
 * The thread takes all requests that wait, commits the appended records among them in one
 * transaction (group commit) and answers in the order in which they were asked. Records that
 * the disk refuses wait in memory and are tried again every two seconds.
 */
#include "player/report/journal.h"

#include "player/intake/mailbox.h"
#include "player/report/drafts.h"
#include "player/report/journal-file.h"

#define RETRY_US (2 * G_USEC_PER_SEC)

typedef enum {
    REQUEST_APPEND,
    REQUEST_DRAFT,
    REQUEST_BATCH,
    REQUEST_ACKNOWLEDGE,
    REQUEST_REWIND,
    REQUEST_HISTORY,
    REQUEST_STOP,
} RequestKind;

typedef struct {
    RequestKind kind;
    ContentRecord *record; /* (owned) */
    gint64 seq, time_us;
    PlayJournalDoneFunc done;
    PlayJournalBatchFunc batch_done;
    gpointer data;
    GAsyncQueue *answer; /* HISTORY: (not owned) */
} Request;

/* What a disk may refuse. */
typedef enum {
    DISK_RECORDS,
    DISK_DRAFTS,
    DISK_N,
} Disk;

struct PlayJournal {
    GThread *thread;
    GAsyncQueue *requests;
    PlayMailbox *mailbox;
    PlayJournalFaultFunc fault;
    gpointer fault_data;
    char *id;
    gint64 seq, acked; /* as last told by the thread */
    GPtrArray *found;  /* (nullable): drafts of the player before this one */

    GMutex lock;            /* guards next_drafts */
    GPtrArray *next_drafts; /* (nullable): to be kept */

    /* The thread's own. */
    PlayJournalFile *file;
    char *drafts_path;
    PlayDrafts *drafts; /* (nullable): until the disk lets it be made */
    GQueue waiting;     /* of Request: appended, not yet on disk */
    guint n_lost;
    gboolean refuses[DISK_N];
};

/* What the thread tells the owner. */
typedef struct {
    gint64 seq, acked;
    gint64 number;      /* for done */
    gboolean is_oldest; /* for batch_done, as texts */
    GPtrArray *texts;   /* (owned) (nullable) */
    char *words;        /* (owned) (nullable): for fault */
    gboolean is_fault;
    PlayJournalDoneFunc done;
    PlayJournalBatchFunc batch_done;
    gpointer data;
} Letter;

/* The answer to REQUEST_HISTORY. */
typedef struct {
    GPtrArray *records;
    GError *error;
} History;

static void
request_free(gpointer data)
{
    Request *request = data;

    content_record_free(request->record);
    g_free(request);
}

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_clear_pointer(&letter->texts, g_ptr_array_unref);
    g_free(letter->words);
    g_free(letter);
}

static void
on_letter(gpointer data, gpointer owner)
{
    Letter *letter = data;
    PlayJournal *self = owner;

    self->seq = letter->seq;
    self->acked = letter->acked;
    if (letter->done != NULL)
        letter->done(letter->number, letter->data);
    if (letter->batch_done != NULL)
        letter->batch_done(letter->number, letter->is_oldest, g_steal_pointer(&letter->texts),
                           letter->data);
    if (letter->is_fault && self->fault != NULL)
        self->fault(letter->words, self->fault_data);
}

static void
tell(PlayJournal *self, Letter letter)
{
    letter.seq = play_journal_file_seq(self->file);
    letter.acked = play_journal_file_acked(self->file);
    play_mailbox_post(self->mailbox, on_letter, g_memdup2(&letter, sizeof letter), letter_free);
}

/* Tells once that the disk refuses, and once that it refuses nothing any more. */
static void
note_disk(PlayJournal *self, Disk disk, const GError *error)
{
    if ((error != NULL) == self->refuses[disk])
        return;
    self->refuses[disk] = error != NULL;
    if (error == NULL && (self->refuses[DISK_RECORDS] || self->refuses[DISK_DRAFTS]))
        return;
    tell(self,
         (Letter){.is_fault = TRUE, .words = error == NULL ? NULL : g_strdup(error->message)});
}

/* Records that memory had no room for leave one record that counts them. */
static void
wait_with_loss(PlayJournal *self)
{
    Request *request = g_new0(Request, 1);
    ContentRemark *lost = content_remark_new("records_lost", "journal", NULL);

    request->kind = REQUEST_APPEND;
    request->record = content_document_new(&content_record_type);
    request->record->kind = CONTENT_RECORD_FAULT;
    request->record->boot = g_strdup("00000000000000000000000000000000");
    request->record->at_us = g_get_real_time();
    request->record->monotonic_us = g_get_monotonic_time();
    request->record->reason = CONTENT_REASON_UNKNOWN;
    content_remark_add_number(lost, "count", self->n_lost);
    content_record_tell(request->record, lost);
    self->n_lost = 0;
    g_queue_push_tail(&self->waiting, request);
}

static void
commit_waiting(PlayJournal *self)
{
    g_autoptr(GPtrArray) records = NULL;
    g_autoptr(GError) error = NULL;
    gint64 first = play_journal_file_seq(self->file) + 1;
    Request *request;

    if (self->n_lost > 0 && !self->refuses[DISK_RECORDS])
        wait_with_loss(self);
    if (g_queue_is_empty(&self->waiting))
        return;
    records = g_ptr_array_new();
    for (GList *link = self->waiting.head; link != NULL; link = link->next)
        g_ptr_array_add(records, ((Request *) link->data)->record);
    if (!play_journal_file_append(self->file, records, &error)) {
        note_disk(self, DISK_RECORDS, error);
        return;
    }
    note_disk(self, DISK_RECORDS, NULL);
    for (gint64 seq = first; (request = g_queue_pop_head(&self->waiting)) != NULL; seq++) {
        if (request->done != NULL)
            tell(self, (Letter){.number = seq, .done = request->done, .data = request->data});
        request_free(request);
    }
    if (self->n_lost > 0)
        commit_waiting(self);
}

static void
take_append(PlayJournal *self, Request *request)
{
    if (g_queue_get_length(&self->waiting) < PLAY_JOURNAL_MAX_WAITING) {
        g_queue_push_tail(&self->waiting, request);
        return;
    }
    self->n_lost++;
    request_free(request);
}

static void
answer_batch(PlayJournal *self, const Request *request)
{
    g_autoptr(GError) error = NULL;
    gint64 first = play_journal_file_acked(self->file) + 1;
    gboolean is_oldest = FALSE;
    GPtrArray *texts = play_journal_file_batch(self->file, &first, &is_oldest, &error);

    if (texts == NULL) {
        note_disk(self, DISK_RECORDS, error);
        texts = g_ptr_array_new_with_free_func(g_free);
    }
    tell(self, (Letter){.number = first,
                        .is_oldest = is_oldest,
                        .texts = texts,
                        .batch_done = request->batch_done,
                        .data = request->data});
}

static void
answer_acknowledge(PlayJournal *self, const Request *request)
{
    g_autoptr(GError) error = NULL;
    gboolean is_kept =
        request->kind == REQUEST_REWIND
            ? play_journal_file_rewind(self->file, request->seq, &error)
            : play_journal_file_acknowledge(self->file, request->seq, request->time_us, &error);

    if (!is_kept)
        note_disk(self, DISK_RECORDS, error);
    tell(self, (Letter){.number = play_journal_file_acked(self->file),
                        .done = request->done,
                        .data = request->data});
}

static void
answer_history(PlayJournal *self, const Request *request)
{
    History *history = g_new0(History, 1);

    history->records = play_journal_file_history(self->file, request->time_us, &history->error);
    g_async_queue_push(request->answer, history);
}

static gboolean
open_drafts(PlayJournal *self, GError **error)
{
    if (self->drafts == NULL)
        self->drafts = play_drafts_open(self->drafts_path, error);
    return self->drafts != NULL;
}

static void
keep_drafts(PlayJournal *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) drafts = NULL;

    g_mutex_lock(&self->lock);
    drafts = g_steal_pointer(&self->next_drafts);
    g_mutex_unlock(&self->lock);
    if (drafts == NULL)
        return;
    if (open_drafts(self, &error))
        play_drafts_keep(self->drafts, drafts, &error);
    note_disk(self, DISK_DRAFTS, error);
}

/* Returns: %FALSE when the thread is to end */
static gboolean
handle(PlayJournal *self, Request *request)
{
    gboolean goes_on = request->kind != REQUEST_STOP;

    if (request->kind == REQUEST_APPEND) {
        take_append(self, request);
        return TRUE;
    }
    /* An answer tells of everything that was appended before the question. */
    commit_waiting(self);
    if (request->kind == REQUEST_DRAFT)
        keep_drafts(self);
    else if (request->kind == REQUEST_BATCH)
        answer_batch(self, request);
    else if (request->kind == REQUEST_ACKNOWLEDGE || request->kind == REQUEST_REWIND)
        answer_acknowledge(self, request);
    else if (request->kind == REQUEST_HISTORY)
        answer_history(self, request);
    request_free(request);
    return goes_on;
}

static gpointer
journal_thread(gpointer data)
{
    PlayJournal *self = data;
    gboolean goes_on = TRUE;

    while (goes_on) {
        Request *request = g_queue_is_empty(&self->waiting)
                               ? g_async_queue_pop(self->requests)
                               : g_async_queue_timeout_pop(self->requests, RETRY_US);

        while (goes_on && request != NULL) {
            goes_on = handle(self, request);
            request = goes_on ? g_async_queue_try_pop(self->requests) : NULL;
        }
        commit_waiting(self);
    }
    return NULL;
}

PlayJournal *
play_journal_open(const char *path, PlayJournalFaultFunc fault, gpointer data, GError **error)
{
    PlayJournalFile *file = play_journal_file_open(path, error);
    PlayJournal *self;

    if (file == NULL)
        return NULL;
    self = g_new0(PlayJournal, 1);
    self->file = file;
    self->id = g_strdup(play_journal_file_id(file));
    self->seq = play_journal_file_seq(file);
    self->acked = play_journal_file_acked(file);
    self->fault = fault;
    self->fault_data = data;
    self->requests = g_async_queue_new_full(request_free);
    self->mailbox = play_mailbox_new(self);
    g_queue_init(&self->waiting);
    g_mutex_init(&self->lock);
    self->drafts_path = g_strconcat(path, ".drafts", NULL);
    /* A disk that refuses says so again when something is to be kept. */
    if (open_drafts(self, NULL))
        self->found = play_drafts_read(self->drafts);
    self->thread = g_thread_new("journal", journal_thread, self);
    return self;
}

static void
ask(PlayJournal *self, Request request)
{
    g_async_queue_push(self->requests, g_memdup2(&request, sizeof request));
}

void
play_journal_free(PlayJournal *self)
{
    if (self == NULL)
        return;
    ask(self, (Request){.kind = REQUEST_STOP});
    g_thread_join(self->thread);
    play_mailbox_close(self->mailbox);
    g_queue_clear_full(&self->waiting, request_free);
    g_async_queue_unref(self->requests);
    play_journal_file_close(self->file);
    play_drafts_close(self->drafts);
    g_clear_pointer(&self->found, g_ptr_array_unref);
    g_clear_pointer(&self->next_drafts, g_ptr_array_unref);
    g_mutex_clear(&self->lock);
    g_free(self->drafts_path);
    g_free(self->id);
    g_free(self);
}

void
play_journal_draft(PlayJournal *self, GPtrArray *drafts)
{
    GPtrArray *overtaken;

    g_mutex_lock(&self->lock);
    overtaken = self->next_drafts;
    self->next_drafts = drafts;
    g_mutex_unlock(&self->lock);
    if (overtaken == NULL)
        ask(self, (Request){.kind = REQUEST_DRAFT});
    else
        g_ptr_array_unref(overtaken);
}

GPtrArray *
play_journal_drafts(PlayJournal *self)
{
    GPtrArray *found = g_steal_pointer(&self->found);

    return found != NULL ? found
                         : g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
}

const char *
play_journal_id(PlayJournal *self)
{
    return self->id;
}

gint64
play_journal_seq(PlayJournal *self)
{
    return self->seq;
}

gint64
play_journal_acked(PlayJournal *self)
{
    return self->acked;
}

void
play_journal_append(PlayJournal *self, ContentRecord *record, PlayJournalDoneFunc done,
                    gpointer data)
{
    ask(self, (Request){.kind = REQUEST_APPEND, .record = record, .done = done, .data = data});
}

void
play_journal_next_batch(PlayJournal *self, PlayJournalBatchFunc done, gpointer data)
{
    ask(self, (Request){.kind = REQUEST_BATCH, .batch_done = done, .data = data});
}

void
play_journal_acknowledge(PlayJournal *self, const char *journal, gint64 seq, gint64 now_us,
                         PlayJournalDoneFunc done, gpointer data)
{
    /* For a journal that is no more: the district will see ours and answer for it. */
    if (g_strcmp0(journal, self->id) != 0)
        return;
    ask(self, (Request){.kind = REQUEST_ACKNOWLEDGE,
                        .seq = seq,
                        .time_us = now_us,
                        .done = done,
                        .data = data});
}

void
play_journal_rewind(PlayJournal *self, gint64 seq, PlayJournalDoneFunc done, gpointer data)
{
    ask(self, (Request){.kind = REQUEST_REWIND, .seq = seq, .done = done, .data = data});
}

GPtrArray *
play_journal_history(PlayJournal *self, gint64 since_us, GError **error)
{
    g_autoptr(GAsyncQueue) answer = g_async_queue_new();
    g_autofree History *history = NULL;

    ask(self, (Request){.kind = REQUEST_HISTORY, .time_us = since_us, .answer = answer});
    history = g_async_queue_pop(answer);
    if (history->error != NULL)
        g_propagate_error(error, history->error);
    return history->records;
}
