/*
 * journal-file.c - see journal-file.h
 *
 * The newest record is never deleted: its hash is the beginning of the next one.
 */
#include "player/report/journal-file.h"

#include <string.h>

#include "content/base/id.h"
#include "player/report/journal.h"

#define HISTORY_MAX 100000
/* What a batch document needs around its records: names, station, journal, number. */
#define BATCH_FRAME_BYTES 512

struct PlayJournalFile {
    sqlite3 *db;
    char *id;
    char *last_hash;
    gint64 seq;
    gint64 acked;
};

/* clang-format off */
static const char *const migrations[] = {
    "CREATE TABLE journal (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL,"
    " acked INTEGER NOT NULL) STRICT;"
    "CREATE TABLE record (seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,"
    " acked_us INTEGER NOT NULL, hash TEXT NOT NULL, bytes BLOB NOT NULL) STRICT",
    /* Three months of records are not read through at each acknowledgement. */
    "CREATE INDEX record_acked ON record (acked_us, seq)",
    NULL,
};

static const char sql_begin_journal[] =
    "INSERT INTO journal (one, id, acked) VALUES (1, $id, 0) ON CONFLICT (one) DO NOTHING";
static const char sql_journal[] = "SELECT id, acked FROM journal";
static const char sql_newest[] = "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1";
static const char sql_append[] =
    "INSERT INTO record (seq, at_us, acked_us, hash, bytes)"
    " VALUES ($seq, $at_us, 0, $hash, $bytes)";
static const char sql_batch[] =
    "SELECT bytes FROM record WHERE seq > $acked ORDER BY seq LIMIT $count";
static const char sql_acked[] = "UPDATE journal SET acked = $seq";
static const char sql_mark[] =
    "UPDATE record SET acked_us = $now_us WHERE seq <= $seq AND acked_us = 0";
static const char sql_drop[] =
    "DELETE FROM record WHERE acked_us > 0 AND acked_us < $before_us"
    " AND seq < (SELECT max(seq) FROM record)";
/* Given again: it is not to be dropped before it is acknowledged anew. */
static const char sql_unmark[] = "UPDATE record SET acked_us = 0 WHERE seq > $seq";
static const char sql_oldest[] = "SELECT ifnull(min(seq), 1) FROM record";
static const char sql_history[] =
    "SELECT bytes FROM (SELECT seq, bytes FROM record WHERE at_us >= $since_us"
    " ORDER BY seq DESC LIMIT $count) ORDER BY seq";
/* clang-format on */

static gboolean
begin_journal(PlayJournalFile *self, GError **error)
{
    g_autofree char *fresh = content_id_new(g_get_real_time());
    g_autoptr(PlayStatement) insert = play_database_prepare(self->db, sql_begin_journal, error);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_journal, error);

    if (insert == NULL || read == NULL)
        return FALSE;
    play_database_bind_text(insert, "$id", fresh);
    if (!play_database_run(insert, error) || play_database_step(read, error) != SQLITE_ROW)
        return FALSE;
    self->id = play_database_column_text(read, 0);
    self->acked = sqlite3_column_int64(read, 1);
    return TRUE;
}

static gboolean
find_newest(PlayJournalFile *self, GError **error)
{
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_newest, error);
    int result = read == NULL ? SQLITE_ERROR : play_database_step(read, error);

    if (result == SQLITE_ERROR)
        return FALSE;
    if (result == SQLITE_ROW) {
        self->seq = sqlite3_column_int64(read, 0);
        self->last_hash = play_database_column_text(read, 1);
    } else {
        self->last_hash = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    }
    return TRUE;
}

PlayJournalFile *
play_journal_file_open(const char *path, GError **error)
{
    g_autoptr(PlayJournalFile) self = g_new0(PlayJournalFile, 1);

    self->db = play_database_open(path, migrations, error);
    if (self->db == NULL || !begin_journal(self, error) || !find_newest(self, error)) {
        g_prefix_error(error, "journal: ");
        return NULL;
    }
    return g_steal_pointer(&self);
}

void
play_journal_file_close(PlayJournalFile *self)
{
    if (self == NULL)
        return;
    play_database_close(self->db);
    g_free(self->id);
    g_free(self->last_hash);
    g_free(self);
}

const char *
play_journal_file_id(PlayJournalFile *self)
{
    return self->id;
}

gint64
play_journal_file_seq(PlayJournalFile *self)
{
    return self->seq;
}

gint64
play_journal_file_acked(PlayJournalFile *self)
{
    return self->acked;
}

/* Writes a record; one that cannot be written becomes a fault with the reason. */
static GBytes *
write_record(const ContentRecord *record)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentRecord) fault = NULL;
    GBytes *bytes = content_document_write(&content_record_type, record, &error);

    if (bytes != NULL)
        return bytes;
    fault = content_document_new(&content_record_type);
    fault->seq = record->seq;
    fault->prev = g_strdup(record->prev);
    fault->kind = CONTENT_RECORD_FAULT;
    fault->boot = g_strdup("00000000000000000000000000000000");
    fault->reason = CONTENT_REASON_UNKNOWN;
    content_record_tell(
        fault, content_remark_say(content_remark_new("record_unwritten", "journal", NULL),
                                  error->message));
    return content_document_write(&content_record_type, fault, NULL);
}

static gboolean
insert_record(PlayStatement *insert, ContentRecord *record, gint64 seq, char **hash,
              GError **error)
{
    g_autoptr(GBytes) bytes = NULL;

    record->seq = seq;
    g_free(record->prev);
    record->prev = g_strdup(*hash);
    bytes = write_record(record);
    g_free(*hash);
    *hash = content_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    play_database_bind_int(insert, "$seq", seq);
    play_database_bind_int(insert, "$at_us", record->at_us);
    play_database_bind_text(insert, "$hash", *hash);
    play_database_bind_bytes(insert, "$bytes", bytes);
    return play_database_run(insert, error);
}

static gboolean
insert_all(PlayJournalFile *self, GPtrArray *records, char **hash, GError **error)
{
    g_autoptr(PlayStatement) insert = play_database_prepare(self->db, sql_append, error);

    if (insert == NULL)
        return FALSE;
    for (guint i = 0; i < records->len; i++) {
        if (!insert_record(insert, records->pdata[i], self->seq + 1 + i, hash, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
play_journal_file_append(PlayJournalFile *self, GPtrArray *records, GError **error)
{
    g_autofree char *hash = g_strdup(self->last_hash);

    if (play_database_exec(self->db, "BEGIN IMMEDIATE", error) &&
        insert_all(self, records, &hash, error) &&
        play_database_exec(self->db, "COMMIT", error)) {
        self->seq += records->len;
        g_free(self->last_hash);
        self->last_hash = g_steal_pointer(&hash);
        return TRUE;
    }
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    g_prefix_error(error, "journal: ");
    return FALSE;
}

/* Bytes that a record takes as a JSON string inside the batch: quotes and escapes double. */
static gsize
escaped_length(const char *text, gsize length)
{
    gsize total = length + 3;

    for (gsize i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            total++;
    }
    return total;
}

/* What is before it is not here any more and cannot be given again. */
static gboolean
read_oldest(PlayJournalFile *self, gint64 *out_seq, GError **error)
{
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_oldest, error);

    if (read == NULL || play_database_step(read, error) != SQLITE_ROW)
        return FALSE;
    *out_seq = sqlite3_column_int64(read, 0);
    return TRUE;
}

GPtrArray *
play_journal_file_batch(PlayJournalFile *self, gint64 *out_first_seq, gboolean *out_is_oldest,
                        GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_batch, error);
    gsize total = BATCH_FRAME_BYTES;
    gint64 oldest;
    int result = SQLITE_ROW;

    if (read == NULL || !read_oldest(self, &oldest, error))
        return NULL;
    play_database_bind_int(read, "$acked", self->acked);
    play_database_bind_int(read, "$count", CONTENT_RECORDS_MAX_COUNT);
    while ((result = play_database_step(read, error)) == SQLITE_ROW) {
        gsize length = (gsize) sqlite3_column_bytes(read, 0);
        const char *text = sqlite3_column_blob(read, 0);

        total += escaped_length(text, length);
        if (total > CONTENT_RECORDS_MAX_BYTES && texts->len > 0)
            break;
        g_ptr_array_add(texts, g_strndup(text, length));
    }
    if (result == SQLITE_ERROR)
        return NULL;
    *out_first_seq = self->acked + 1;
    *out_is_oldest = oldest > self->acked;
    return g_steal_pointer(&texts);
}

static gboolean
run_with(PlayJournalFile *self, const char *sql, const char *name, gint64 value,
         const char *name2, gint64 value2, GError **error)
{
    g_autoptr(PlayStatement) statement = play_database_prepare(self->db, sql, error);

    if (statement == NULL)
        return FALSE;
    play_database_bind_int(statement, name, value);
    if (name2 != NULL)
        play_database_bind_int(statement, name2, value2);
    return play_database_run(statement, error);
}

gboolean
play_journal_file_acknowledge(PlayJournalFile *self, gint64 seq, gint64 now_us, GError **error)
{
    if (seq <= self->acked || seq > self->seq)
        return TRUE;
    if (play_database_exec(self->db, "BEGIN IMMEDIATE", error) &&
        run_with(self, sql_acked, "$seq", seq, NULL, 0, error) &&
        (now_us <= 0 || (run_with(self, sql_mark, "$now_us", now_us, "$seq", seq, error) &&
                         run_with(self, sql_drop, "$before_us", now_us - PLAY_JOURNAL_KEEP_US,
                                  NULL, 0, error))) &&
        play_database_exec(self->db, "COMMIT", error)) {
        self->acked = seq;
        return TRUE;
    }
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

gboolean
play_journal_file_rewind(PlayJournalFile *self, gint64 seq, GError **error)
{
    gint64 oldest = 0;

    if (seq >= self->acked)
        return TRUE;
    if (!read_oldest(self, &oldest, error))
        return FALSE;
    seq = CLAMP(oldest - 1, seq, self->acked);
    if (play_database_exec(self->db, "BEGIN IMMEDIATE", error) &&
        run_with(self, sql_acked, "$seq", seq, NULL, 0, error) &&
        run_with(self, sql_unmark, "$seq", seq, NULL, 0, error) &&
        play_database_exec(self->db, "COMMIT", error)) {
        self->acked = seq;
        return TRUE;
    }
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

GPtrArray *
play_journal_file_history(PlayJournalFile *self, gint64 since_us, GError **error)
{
    g_autoptr(GPtrArray) records =
        g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_history, error);
    int result;

    if (read == NULL)
        return NULL;
    play_database_bind_int(read, "$since_us", since_us);
    play_database_bind_int(read, "$count", HISTORY_MAX);
    while ((result = play_database_step(read, error)) == SQLITE_ROW) {
        ContentRecord *record =
            content_document_read(&content_record_type, sqlite3_column_blob(read, 0),
                                  (gsize) sqlite3_column_bytes(read, 0), NULL);

        /* One that an older program wrote differently is still sent, only not looked at. */
        if (record != NULL)
            g_ptr_array_add(records, record);
    }
    return result == SQLITE_ERROR ? NULL : g_steal_pointer(&records);
}
