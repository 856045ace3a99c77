/* telling.c - see telling.h */
#include "scheduler/message/telling.h"

#include <string.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "scheduler/message/look.h"
#include "scheduler/message/post.h"

#define PASSWORD_MAX_BYTES 1024

struct SchedTelling {
    const SchedTellingEvents *events; /* (not owned) */
    gpointer user_data;
    char *link, *password; /* (owned) */
    SchedLook *look;       /* (owned) */
    SchedPost *post;       /* (owned) */
};

static void
on_said(const char *words, gpointer user_data)
{
    SchedTelling *self = user_data;

    self->events->said(words, self->user_data);
}

static void
on_trouble(const char *words, gpointer user_data)
{
    g_autofree char *said = g_strdup_printf("looking for what is to be told: %s", words);

    on_said(said, user_data);
}

static void
on_added(guint n_messages, gpointer user_data)
{
    sched_telling_wake(user_data);
}

static const SchedLookEvents look_events = {on_trouble, on_added};
static const SchedPostEvents post_events = {on_said};

/* Without it the server refuses, which stands beside each message; the district serves on. */
static char *
read_password(SchedTelling *self, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    char *text;

    if (*path == '\0')
        return g_strdup("");
    bytes = content_files_read(path, PASSWORD_MAX_BYTES, &error);
    if (bytes == NULL) {
        g_autofree char *words = g_strdup_printf("[mail] password-file: %s", error->message);

        on_said(words, self);
        return g_strdup("");
    }
    text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

/* Where people find the pages. */
static char *
link_of(const SchedConfig *config)
{
    const char *host = config->people_hosts[0];
    gboolean is_v6 = strchr(host, ':') != NULL;

    return g_strdup_printf(is_v6 ? "https://[%s]:%" G_GINT64_FORMAT "/"
                                 : "https://%s:%" G_GINT64_FORMAT "/",
                           host, config->people_port);
}

SchedTelling *
sched_telling_new(const SchedConfig *config, SchedStore *store, ContentClock *clock,
                  const SchedTellingEvents *events, gpointer user_data)
{
    SchedTelling *self = g_new0(SchedTelling, 1);
    g_autofree char *holder = content_id_new(content_clock_utc_us(clock));
    SchedPostOptions options = {
        .smtp = {.host = config->mail_host,
                 .port = (guint) config->mail_port,
                 .security = (SchedSmtpSecurity) config->mail_security,
                 .authority = config->mail_authority,
                 .user = config->mail_user,
                 .from = config->mail_from},
        .command = (const char *const *) config->text_command,
    };

    self->events = events;
    self->user_data = user_data;
    self->link = link_of(config);
    options.smtp.password = self->password = read_password(self, config->mail_password_file);
    self->post = sched_post_new(store, clock, &options, &post_events, self);
    self->look =
        sched_look_new(store, clock, holder, self->link,
                       sched_post_has(self->post, SCHED_MESSAGE_BY_PHONE), &look_events, self);
    return self;
}

gboolean
sched_telling_has(const SchedTelling *self, SchedMessageWay way)
{
    return sched_post_has(self->post, way);
}

void
sched_telling_wake(SchedTelling *self)
{
    sched_post_wake(self->post);
}

void
sched_telling_look(SchedTelling *self)
{
    sched_look_now(self->look);
}

void
sched_telling_free(SchedTelling *self)
{
    if (self == NULL)
        return;
    sched_look_free(self->look);
    sched_post_free(self->post);
    g_free(self->link);
    g_free(self->password);
    g_free(self);
}
