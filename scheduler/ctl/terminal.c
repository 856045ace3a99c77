/* terminal.c - see terminal.h */
#include "scheduler/ctl/terminal.h"

#include "scheduler/ctl/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define BAR_CELLS     30
#define USUAL_COLUMNS 80
/* Of a frame, beside its label and cells; the last column stays free, or the line would wrap.
 */
#define BAR_FRAME_COLUMNS (9 + 1)
#define BAR_EVERY_US      (G_USEC_PER_SEC / 10)

/* One line of at most CTL_PASSWORD_MAX_BYTES, without its end. */
static char *
read_line(FILE *in, GError **error)
{
    g_autofree char *line = g_malloc0(CTL_PASSWORD_MAX_BYTES + 2);

    if (fgets(line, CTL_PASSWORD_MAX_BYTES + 2, in) == NULL) {
        ctl_fail(error, CTL_CLIENT_ERROR_FILE, "no_password", NULL);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    if (!g_utf8_validate(line, -1, NULL)) {
        explicit_bzero(line, strlen(line));
        ctl_fail(error, CTL_CLIENT_ERROR_DATA, "password_utf8", NULL);
        return NULL;
    }
    return g_steal_pointer(&line);
}

static char *
ask(const char *prompt, GError **error)
{
    FILE *terminal = fopen("/dev/tty", "r+e");
    struct termios before, quiet;
    char *line;

    if (terminal == NULL || tcgetattr(fileno(terminal), &before) != 0) {
        ctl_fail(error, CTL_CLIENT_ERROR_USAGE, "no_terminal", NULL);
        if (terminal != NULL)
            fclose(terminal);
        return NULL;
    }
    quiet = before;
    quiet.c_lflag &= (tcflag_t) ~ECHO;
    tcsetattr(fileno(terminal), TCSAFLUSH, &quiet);
    fputs(prompt, terminal);
    fflush(terminal);
    line = read_line(terminal, error);
    tcsetattr(fileno(terminal), TCSAFLUSH, &before);
    fputs("\n", terminal);
    fclose(terminal);
    return line;
}

char *
ctl_terminal_password(const char *prompt, const char *file, GError **error)
{
    FILE *in;
    char *line;

    if (file == NULL)
        return ask(prompt, error);
    if (strcmp(file, "-") == 0)
        return read_line(stdin, error);
    in = fopen(file, "re");
    if (in == NULL) {
        ctl_fail(error, CTL_CLIENT_ERROR_FILE, "file", "file", file, "cause", g_strerror(errno),
                 NULL);
        return NULL;
    }
    line = read_line(in, error);
    fclose(in);
    return line;
}

void
ctl_terminal_forget(char *password)
{
    if (password == NULL)
        return;
    explicit_bzero(password, strlen(password));
    g_free(password);
}

/* As many as fit beside @what: on a phone's terminal a frame that wraps is not drawn over. */
static int
count_cells(const char *what)
{
    struct winsize size = {0};
    int columns = USUAL_COLUMNS;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        columns = size.ws_col;
    return CLAMP(columns - BAR_FRAME_COLUMNS - (int) g_utf8_strlen(what, -1), 0, BAR_CELLS);
}

void
ctl_bar_show(gint64 done_bytes, gint64 total_bytes, gpointer user_data)
{
    CtlBar *self = user_data;
    gint64 now_us = g_get_monotonic_time();
    char cells[BAR_CELLS + 1] = "";
    int n_cells, percent;

    if (!isatty(STDERR_FILENO) || total_bytes <= 0)
        return;
    percent = (int) (done_bytes * 100 / total_bytes);
    if (self->shown_us != 0 &&
        (percent == self->percent ||
         (now_us - self->shown_us < BAR_EVERY_US && done_bytes < total_bytes)))
        return;
    self->shown_us = now_us;
    self->percent = percent;
    n_cells = count_cells(self->what);
    memset(cells, '.', (gsize) n_cells);
    memset(cells, '#', (gsize) CLAMP(done_bytes * n_cells / total_bytes, 0, n_cells));
    fprintf(stderr, "\r%s [%s] %3d %%", self->what, cells, percent);
    fflush(stderr);
}

void
ctl_bar_clear(CtlBar *self)
{
    if (self->shown_us == 0)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
