/*
 * events.c - see events.h
 *
 * Everything goes through GLib's structured log, so that one writer decides where lines go.
 * Thread: any; one line is one write, so lines of two threads do not mix.
 */
#include "content/base/events.h"

#include <string.h>
#include <unistd.h>

/* clang-format off */
const ContentEvent content_event_ready = { "1ca7cef4997803277b314f62b9774334", "ready", G_LOG_LEVEL_MESSAGE };
const ContentEvent content_event_stopping = { "fc04e0b4f5c50b07e56bf89454a8ea51", "stopping", G_LOG_LEVEL_MESSAGE };
const ContentEvent content_event_settings_refused = { "449e49884a765d373779e9d88e216e09", "settings-refused", G_LOG_LEVEL_MESSAGE };
const ContentEvent content_event_start_failed = { "223c837804de0074b478601048f271a4", "start-failed", G_LOG_LEVEL_MESSAGE };
/* clang-format on */

static const char *
field(const GLogField *fields, gsize n_fields, const char *key)
{
    for (gsize i = 0; i < n_fields; i++) {
        if (strcmp(fields[i].key, key) == 0 && fields[i].length < 0)
            return fields[i].value;
    }
    return NULL;
}

/* Text that came from outside must not end the line or move the cursor of who reads it. */
static void
append_printable(GString *line, const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        g_string_append_c(line, g_ascii_iscntrl(*at) ? ' ' : *at);
}

static char *
format_line(const GLogField *fields, gsize n_fields)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
    const char *name = field(fields, n_fields, "LOA_EVENT");
    const char *subject = field(fields, n_fields, "LOA_SUBJECT");
    const char *message = field(fields, n_fields, "MESSAGE");
    GString *line = g_string_new(NULL);

    if (name == NULL)
        name = field(fields, n_fields, "GLIB_DOMAIN");
    g_string_append_printf(line, "%s.%03d %s", time, g_date_time_get_microsecond(now) / 1000,
                           name != NULL ? name : "loa");
    if (subject != NULL) {
        g_string_append_c(line, ' ');
        append_printable(line, subject);
    }
    g_string_append(line, ": ");
    append_printable(line, message != NULL ? message : "");
    g_string_append_c(line, '\n');
    return g_string_free(line, FALSE);
}

static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    gboolean is_journal = GPOINTER_TO_INT(data);
    g_autofree char *line = NULL;

    if (g_log_writer_default_would_drop(level, field(fields, n_fields, "GLIB_DOMAIN")))
        return G_LOG_WRITER_HANDLED;
    if (is_journal &&
        g_log_writer_journald(level, fields, n_fields, NULL) == G_LOG_WRITER_HANDLED)
        return G_LOG_WRITER_HANDLED;
    line = format_line(fields, n_fields);
    return write(STDERR_FILENO, line, strlen(line)) < 0 ? G_LOG_WRITER_UNHANDLED
                                                        : G_LOG_WRITER_HANDLED;
}

void
content_events_start(void)
{
    g_log_set_writer_func(write_log, GINT_TO_POINTER(g_log_writer_is_journald(STDERR_FILENO)),
                          NULL);
}

static const char *
priority_of(GLogLevelFlags level)
{
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
        return "3";
    if (level & G_LOG_LEVEL_WARNING)
        return "4";
    if (level & G_LOG_LEVEL_MESSAGE)
        return "5";
    return level & G_LOG_LEVEL_INFO ? "6" : "7";
}

void
content_event_log(const ContentEvent *event, const char *subject, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = g_strdup_vprintf(format, arguments);
    va_end(arguments);

    const GLogField fields[] = {
        {"MESSAGE", message, -1},       {"PRIORITY", priority_of(event->level), -1},
        {"GLIB_DOMAIN", "loa", -1},     {"MESSAGE_ID", event->id, -1},
        {"LOA_EVENT", event->name, -1}, {"LOA_SUBJECT", subject, -1},
    };

    /* The subject stands last, so that an event without one simply leaves it out. */
    g_log_structured_array(event->level, fields, G_N_ELEMENTS(fields) - (subject == NULL));
}
