/* sessions.c - see sessions.h */
#include "player/page/sessions.h"

#include <sodium.h>
#include <string.h>

#include "content/base/id.h"

#define TOKEN_BYTES 32

typedef struct {
    char *hash; /* (owned): SHA-256 of the token: what is in memory opens nothing */
    char *account;
    gint64 begun_us, used_us;
} Session;

struct PlaySessions {
    GPtrArray *all; /* (owned) (element-type Session): used longest ago first */
};

static void
session_free(gpointer data)
{
    Session *session = data;

    g_free(session->hash);
    g_free(session->account);
    g_free(session);
}

PlaySessions *
play_sessions_new(void)
{
    PlaySessions *self = g_new0(PlaySessions, 1);

    self->all = g_ptr_array_new_with_free_func(session_free);
    return self;
}

void
play_sessions_free(PlaySessions *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->all);
    g_free(self);
}

char *
play_sessions_open(PlaySessions *self, const char *account, gint64 now_us)
{
    guint8 bytes[TOKEN_BYTES];
    Session *session = g_new0(Session, 1);
    char *token;

    randombytes_buf(bytes, sizeof bytes);
    token = content_hex(bytes, sizeof bytes);
    session->hash = content_sha256_hex(token, strlen(token));
    session->account = g_strdup(account);
    session->begun_us = session->used_us = now_us;
    if (self->all->len >= PLAY_SESSIONS_MAX)
        g_ptr_array_remove_index(self->all, 0);
    g_ptr_array_add(self->all, session);
    return token;
}

static gboolean
find_index(PlaySessions *self, const char *token, guint *out_index)
{
    g_autofree char *hash = NULL;

    if (token == NULL || strlen(token) != (gsize) TOKEN_BYTES * 2)
        return FALSE;
    hash = content_sha256_hex(token, strlen(token));
    for (*out_index = 0; *out_index < self->all->len; (*out_index)++) {
        if (strcmp(((Session *) self->all->pdata[*out_index])->hash, hash) == 0)
            return TRUE;
    }
    return FALSE;
}

const char *
play_sessions_find(PlaySessions *self, const char *token, gint64 now_us)
{
    Session *session;
    guint i;

    if (!find_index(self, token, &i))
        return NULL;
    session = self->all->pdata[i];
    if (now_us - session->used_us >= PLAY_SESSIONS_IDLE_US ||
        now_us - session->begun_us >= PLAY_SESSIONS_LIFE_US) {
        g_ptr_array_remove_index(self->all, i);
        return NULL;
    }
    session->used_us = now_us;
    g_ptr_array_add(self->all, g_ptr_array_steal_index(self->all, i));
    return session->account;
}

void
play_sessions_close(PlaySessions *self, const char *token)
{
    guint i;

    if (find_index(self, token, &i))
        g_ptr_array_remove_index(self->all, i);
}
