/*
 * test-loactl.c - the program itself against the real API: what it prints, and how it exits.
 *
 * Flow: each case is a list of lines typed by somebody, in order, in one district. $NAME stands
 * for an id that an earlier line was answered with, @FOLDER for a folder of small files,
 * @SOON for a date some days from now.
 */
#include "tests/scheduler/web/api-fixture.h"

#include "tests/support/phone.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_KEPT 8

/* One line at the terminal. */
typedef struct {
    const char *who;  /* whose session */
    const char *line; /* behind "loactl", quoted as in a shell */
    gint code;        /* how it exits */
    const char *out;  /* (nullable): in what it prints */
    const char *err;  /* (nullable): in what it complains */
    const char
        *keep; /* (nullable): "NAME=member": the member of the answer (--json) is $NAME */
} Line;

typedef struct {
    ApiFixture api;
    char *folder;
    GHashTable *kept; /* "$NAME" -> id */
} Fixture;

typedef struct {
    gboolean is_over;
    char *out, *err;
} Ran;

/* ---- the district and its people ---- */

/* As many seconds as bytes: longer than a slot may be put off. */
#define TWENTY  "12345678901234567890"
#define HUNDRED TWENTY TWENTY TWENTY TWENTY TWENTY

/* clang-format off */
static const struct { const char *login; gint role; const char *area; } people[] = {
    { "admin",      SCHED_ROLE_ADMINISTRATOR, "gia-lai" },
    { "writer",     SCHED_ROLE_EDITOR,        "chu-puh" },
    { "head",       SCHED_ROLE_EDITOR,        "gia-lai" },
    { "head-judge", SCHED_ROLE_APPROVER,      "gia-lai" },
    { "ia-blu-ed",  SCHED_ROLE_EDITOR,        "ia-blu"  },
    { "checker",    SCHED_ROLE_REVIEWER,      "chu-puh" },
    { "judge",      SCHED_ROLE_APPROVER,      "chu-puh" },
    { "fitter",     SCHED_ROLE_TECHNICIAN,    "ia-le"   },
    { "operator",   SCHED_ROLE_OPERATOR,      "ia-le"   },
    { "neighbour",  SCHED_ROLE_OPERATOR,      "ia-blu"  },
    { "nobody",     -1,                       NULL      },
};
static const struct { const char *name, *text; } files[] = {
    { "bdq.wav",      "sound of Bahnar" },
    { "vi.wav",       "sound of Vietnamese" },
    { "long.wav",     "sound " HUNDRED HUNDRED },
    { "notes.txt",    "no recording at all" },
    { "script.txt",   "Pơlĕi" },
    { "broken.txt",   "\xff\xfe" },
    { "font.txt",     "[ơi le\\" },
    { "tcvn3.txt",    "Vi\326t Nam, \256\351c l\313p" },
    { "seen.txt",     "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam" },
    { "areas.csv",    "id,kind,name,parent\nia-hla,commune,Ia Hla,chu-puh\n" },
    { "bad.csv",      "id,kind,name,parent\nia-dreng,commune,Ia Dreng,chu-puh\nx,planet,X,\n" },
    { "flood.xml",    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>1</identifier><sender>kttv.example</sender><sent>2026-01-01T00:00:00+07:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>Lũ</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>2099-01-01T00:00:00+07:00</expires><area><areaDesc>Đảo xa</areaDesc></area></info></alert>" },
    { "password",     API_PASSWORD "\n" },
    { "wrong",        "something else\n" },
};
/* clang-format on */

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *authority = NULL;

    api_fixture_set_up(&f->api, data);
    f->folder = test_scratch_new();
    f->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(f->folder, files[i].name, NULL);

        g_assert_true(g_file_set_contents(path, files[i].text, -1, NULL));
    }
    authority = g_build_filename(f->folder, "ca.pem", NULL);
    g_assert_true(g_file_set_contents(authority, f->api.people.authority, -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        g_autofree char *path = g_build_filename(f->folder, people[i].login, NULL);
        g_autofree char *session = g_strdup_printf(
            "[session]\nurl=https://127.0.0.1:%u\nauthority=%s\ntoken=token-%s\n",
            f->api.people.port, authority, people[i].login);

        api_fixture_account(&f->api, people[i].login, people[i].role, people[i].area);
        g_assert_true(g_file_set_contents(path, session, -1, NULL));
    }
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_hash_table_unref(f->kept);
    test_scratch_free(f->folder);
    api_fixture_tear_down(&f->api, data);
}

/* ---- one line ---- */

static void
on_over(GObject *source, GAsyncResult *result, gpointer data)
{
    Ran *ran = data;
    g_autoptr(GError) error = NULL;

    g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &ran->out, &ran->err,
                                         &error);
    g_assert_no_error(error);
    ran->is_over = TRUE;
}

/* Half a minute goes by, so that no code of the phone comes twice. */
static void
look_at_phone(Fixture *f)
{
    const char *secret = g_hash_table_lookup(f->kept, "$SECRET");

    if (secret == NULL)
        return;
    fake_clock_advance(f->api.clock, 30 * G_USEC_PER_SEC);
    g_hash_table_insert(f->kept, g_strdup("$CODE"),
                        test_phone_code(secret, content_clock_utc_us(f->api.clock)));
}

static char *
some_days_from_now(Fixture *f)
{
    g_autoptr(GDateTime) now =
        g_date_time_new_from_unix_utc(content_clock_utc_us(f->api.clock) / G_USEC_PER_SEC);
    g_autoptr(GDateTime) then = g_date_time_add_days(now, 5);

    return g_date_time_format(then, "%Y-%m-%d");
}

/* $NAME, $URL, @FOLDER and @SOON for what they stand for. */
static char *
fill_in(Fixture *f, const char *line)
{
    g_autoptr(GString) text = g_string_new(line);
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%u", f->api.people.port);
    g_autofree char *soon = some_days_from_now(f);
    GHashTableIter iter;
    gpointer name, id;

    g_string_replace(text, "@FOLDER", f->folder, 0);
    g_string_replace(text, "$URL", url, 0);
    g_string_replace(text, "@SOON", soon, 0);
    g_hash_table_iter_init(&iter, f->kept);
    while (g_hash_table_iter_next(&iter, &name, &id))
        g_string_replace(text, name, id, 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
keep(Fixture *f, const Line *line, const char *out)
{
    g_auto(GStrv) parts = g_strsplit(line->keep, "=", 2);
    json_t *answer = json_loads(out, 0, NULL);
    json_t *list = json_object_get(answer, "versions");
    json_t *from = list == NULL ? answer : json_array_get(list, 0);

    g_assert_nonnull(answer);
    if (strcmp(parts[1], "id") == 0 && !g_str_has_prefix(parts[0], "VERSION"))
        from = answer;
    from = json_object_get(from, parts[1]);
    g_hash_table_insert(
        f->kept, g_strconcat("$", parts[0], NULL),
        g_strdup(json_string_value(json_is_array(from) ? json_array_get(from, 0) : from)));
    json_decref(answer);
}

/* While somebody listens the district's time flies. */
static gboolean
on_tick(gpointer data)
{
    Fixture *f = data;

    fake_clock_advance(f->api.clock, 60 * G_USEC_PER_SEC);
    return G_SOURCE_CONTINUE;
}

static void
run_line(Fixture *f, const Line *line)
{
    g_autofree char *session = g_build_filename(f->folder, line->who, NULL);
    g_autofree char *words = NULL, *command = NULL;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_auto(GStrv) argv = NULL;
    g_autoptr(GSubprocess) process = NULL;
    g_autoptr(GError) error = NULL;
    Ran ran = {0};
    guint ticks = 0;

    look_at_phone(f);
    words = fill_in(f, line->line);
    command = g_strconcat(LOACTL " ", words, NULL);
    g_assert_true(g_shell_parse_argv(command, NULL, &argv, &error));
    g_subprocess_launcher_setenv(launcher, "LOACTL_SESSION", session, TRUE);
    g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
    /* A line that does not choose speaks English here; nothing hangs on the machine's zone. */
    g_subprocess_launcher_setenv(launcher, "LOA_LANG", "en", TRUE);
    g_subprocess_launcher_setenv(launcher, "TZ", "America/Los_Angeles", TRUE);
    process = g_subprocess_launcher_spawnv(launcher, (const char *const *) argv, &error);
    g_assert_no_error(error);
    g_subprocess_communicate_utf8_async(process, NULL, NULL, on_over, &ran);
    if (g_str_has_prefix(line->line, "version hear"))
        ticks = g_timeout_add(100, on_tick, f);
    TEST_WAIT_UNTIL(ran.is_over);
    if (ticks != 0)
        g_source_remove(ticks);

    g_test_message("%s: loactl %s\n%s%s", line->who, words, ran.out, ran.err);
    g_assert_true(g_subprocess_get_if_exited(process));
    g_assert_cmpint(g_subprocess_get_exit_status(process), ==, line->code);
    if (line->out != NULL) {
        g_autofree char *wanted = fill_in(f, line->out);

        g_assert_nonnull(strstr(ran.out, wanted));
    }
    if (line->err != NULL)
        g_assert_nonnull(strstr(ran.err, line->err));
    /* Whoever fails says so on stderr; whoever does not keeps quiet there but for what is
     * expected. */
    g_assert_cmpint(*ran.err != '\0', ==, line->code != 0 || line->err != NULL);
    if (line->keep != NULL)
        keep(f, line, ran.out);
    g_free(ran.out);
    g_free(ran.err);
}

/* ---- the lines ---- */

/* clang-format off */
#define DECLARED "--no-state-secret "
#define ADD_ANNOUNCEMENT                                                                        \
    "--json announcement add 'Lịch tiêm phòng' --home chu-puh --source-number 12/TB "           \
    "--source-issuer 'UBND xã' --source-date 2026-03-01 --valid-until 2199-01-01 "              \
    "--announcer 'giọng đọc' "

static const Line whole_way[] = {
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav --script bdq=@FOLDER/script.txt",
      0, "\"id\"", NULL, "ANNOUNCEMENT=id" },
    { "writer", "--json announcement show $ANNOUNCEMENT", 0, "\"draft\"", NULL, "VERSION=id" },
    { "writer", "version approve $VERSION --no-state-secret", 77, NULL, "no right to do this here", NULL },
    { "writer", "version check $VERSION --no-state-secret", 77, NULL, "no right to do this here", NULL },
    { "judge", "version approve $VERSION --no-state-secret", 77, NULL, "checked its language", NULL },
    { "checker", "version check $VERSION --no-state-secret", 0, "checked", NULL, NULL },
    { "judge", "version approve $VERSION --no-state-secret", 5, NULL, "not heard this audio", NULL },
    { "writer", "version hear $VERSION @FOLDER/heard.opus", 77, NULL, "no right to do this here", NULL },
    { "judge", "version hear $VERSION @FOLDER/heard.opus", 0, "heard", NULL, NULL },
    { "judge", "version approve $VERSION --no-state-secret", 0, "approved", NULL, NULL },
    { "writer", "--json playlist add Sáng --home chu-puh announcement:$ANNOUNCEMENT", 0, NULL,
      NULL, "PLAYLIST=id" },
    { "writer", "--json slot add Sáng --home chu-puh --playlist $PLAYLIST --date 2026-11-23 "
      "--at 05:30 --rule FREQ=DAILY --to ia-le", 0, "\"local_min\": 330", NULL, "SLOT=id" },
    { "writer", "slot approve $SLOT", 77, NULL, "no right", NULL },
    { "writer", "slot return $SLOT sớm", 77, NULL, "no right", NULL },
    { "judge", "slot return $SLOT", 64, NULL, "NOTE is missing", NULL },
    { "judge", "slot return $SLOT 'quá sớm'", 0, "quá sớm", NULL, NULL },
    { "judge", "review", 0, "nothing", NULL, NULL },
    { "writer", "slot list", 0, "quá sớm", NULL, NULL },
    { "judge", "slot approve $SLOT", 0, NULL, NULL, NULL },
    { "writer", "slot list", 0, "Sáng", NULL, NULL },
    { "writer", "--csv slot list", 0, "Sáng", NULL, NULL },
    { "writer", "playlist remove $PLAYLIST", 5, NULL, "something else names this", NULL },
    { "writer", "preview ia-le-a 2026-11-24", 0, NULL, NULL, NULL },
    { "writer", "delivery --date 2026-11-23 --check", 1, NULL, "not all was delivered", NULL },
    { "writer", "slot stop $SLOT", 0, NULL, NULL, NULL },
    { "judge", "slot approve $SLOT", 77, NULL, "stopped slot", NULL },
    { "writer", "announcement withdraw $ANNOUNCEMENT", 0, NULL, NULL, NULL },
    { "admin", "audit list", 0, "announcement.withdraw", NULL, NULL },
    { "admin", "audit verify", 0, "yes", NULL, NULL },
    { NULL },
};

/* A right in one commune is none next door, and none above. */
static const Line elsewhere[] = {
    { "writer", ADD_ANNOUNCEMENT, 0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "writer", "--json playlist add Sáng --home chu-puh announcement:$ANNOUNCEMENT", 0, NULL,
      NULL, "PLAYLIST=id" },
    { "ia-blu-ed", "slot add Lén --home ia-blu --playlist $PLAYLIST --date 2026-11-23 --at 05:30 "
      "--to ia-le", 77, NULL, "no right to do this here", NULL },
    { "ia-blu-ed", "slot add Lén --home ia-blu --playlist $PLAYLIST --date 2026-11-23 --at 05:30 "
      "--to ia-le/a", 77, NULL, "no right to do this here", NULL },
    { "ia-blu-ed", "slot add Lén --home ia-blu --playlist $PLAYLIST --date 2026-11-23 --at 05:30 "
      "--to ia-blu --to chu-puh", 77, NULL, "no right to do this here", NULL },
    { "ia-blu-ed", "status --area ia-le", 77, NULL, "no right", NULL },
    { "ia-blu-ed", "audit list", 77, NULL, "no right", NULL },
    { "fitter", "station enrol ia-blu", 77, NULL, "no right", NULL },
    { "fitter", "station show ia-blu", 77, NULL, "no right", NULL },
    { "fitter", "station enrol ia-le", 0, "code", NULL, NULL },
    { "nobody", "area list", 77, NULL, "no right", NULL },
    { "nobody", "station list", 77, NULL, "no right", NULL },
    { NULL },
};

/* Asked of somebody without an account, whose file comes by another way. */
static const Line wanted[] = {
    { "writer", ADD_ANNOUNCEMENT, 0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "writer", "announcement askable $ANNOUNCEMENT", 0, "writer", NULL, NULL },
    { "writer", "--csv announcement checkers $ANNOUNCEMENT", 0, "bdq,checker", NULL, NULL },
    { "writer", "wanted ask $ANNOUNCEMENT bdq 2020-01-01 --name 'Đinh Hmưr'", 65, NULL, "it is over", NULL },
    { "checker", "wanted ask $ANNOUNCEMENT bdq @SOON --name 'Đinh Hmưr'", 77, NULL, "no right", NULL },
    { "writer", "--json wanted ask $ANNOUNCEMENT bdq @SOON --name 'Đinh Hmưr' --note 'đọc chậm'", 0,
      "\"state\": \"wanted\"", NULL, "WANTED=id" },
    { "writer", "wanted list --whose asked", 0, "Đinh Hmưr", NULL, NULL },
    { "writer", "wanted list --whose mine", 0, "nothing", NULL, NULL },
    { "writer", "version add $ANNOUNCEMENT bdq=@FOLDER/bdq.wav --no-state-secret", 65, NULL, "whose voice", NULL },
    { "writer", "--json version add $ANNOUNCEMENT bdq=@FOLDER/bdq.wav --no-state-secret --announcer 'Đinh Hmưr'", 0,
      "\"behalf\": true", NULL, "VERSION=id" },
    { "writer", "wanted list --announcement $ANNOUNCEMENT", 0, "recorded", NULL, NULL },
    { "checker", "review", 0, "Đinh Hmưr", NULL, NULL },
    { "checker", "--csv version show $VERSION", 0, "Đinh Hmưr,writer,yes", NULL, NULL },
    { "writer", "wanted withdraw $WANTED", 0, "wanted no more", NULL, NULL },
    { "admin", "audit list --object $WANTED", 0, "wanted.withdraw", NULL, NULL },
    { NULL },
};

/* Scripts of old fonts: converted when that is asked for, with the difference told. */
#define ADD_SCRIPT ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav --script bdq=@FOLDER/"
static const Line old_fonts[] = {
    { "writer", ADD_SCRIPT "font.txt --from font", 0, NULL, "[ơi → ƀơi", "FONT=id" },
    { "writer", "--json announcement show $FONT", 0, "ƀơi lĕ", NULL, NULL },
    { "writer", ADD_SCRIPT "tcvn3.txt --from tcvn3", 0, NULL, "→ Việt", "TCVN3=id" },
    { "writer", "--json announcement show $TCVN3", 0, "Việt Nam, độc lập", NULL, NULL },
    { "writer", ADD_SCRIPT "tcvn3.txt", 65, NULL, "--from vni, tcvn3 or font", NULL },
    { "writer", ADD_SCRIPT "seen.txt", 0, NULL, "--from vni converts it", "VNI=id" },
    { "writer", "--json announcement show $VNI", 0, "Coäng", NULL, NULL },
    { "writer", ADD_SCRIPT "script.txt --from latin1", 64, NULL, "vni, tcvn3 or font", NULL },
    { "writer", ADD_SCRIPT "script.txt", 0, NULL, NULL, NULL },
    { NULL },
};

/* Two at the same time in one class: the commune says which, and the preview shows it. */
#define CLASHING(name, announcement, version, playlist, slot)                                   \
    { "writer", "--json announcement add '" name "' --home chu-puh --class uu_tien "            \
      "--source-number 1 --source-issuer U --source-date 2026-03-01 "                           \
      "--valid-until 2199-01-01 " DECLARED "--version jra=@FOLDER/long.wav",                                \
      0, NULL, NULL, announcement "=id" },                                                      \
    { "writer", "--json announcement show $" announcement, 0, NULL, NULL, version "=id" },      \
    { "checker", "version check $" version " --no-state-secret", 0, NULL, NULL, NULL },                              \
    { "judge", "version hear $" version " @FOLDER/heard.opus", 0, NULL, NULL, NULL },          \
    { "judge", "version approve $" version " --no-state-secret", 0, NULL, NULL, NULL },                              \
    { "writer", "--json playlist add '" name "' --home chu-puh announcement:$" announcement,    \
      0, NULL, NULL, playlist "=id" },                                                          \
    { "writer", "--json slot add '" name "' --home chu-puh --playlist $" playlist               \
      " --class uu_tien --date 2027-03-01 --at 05:30 --to ia-le", 0, NULL, NULL, slot "=id" },  \
    { "judge", "slot approve $" slot, 0, NULL, NULL, NULL }
#define SOUNDS(name)    "jra," name ",,,,,\r\n"
#define DISPLACED(name) "jra," name ",displaced,,,,\r\n"
#define HUSHED(name)    "jra," name ",quiet_request,"

static const Line choices[] = {
    CLASHING("Huyện", "ONE", "VERSION1", "LIST1", "SLOT1"),
    CLASHING("Xã", "TWO", "VERSION2", "LIST2", "SLOT2"),
    { "writer", "choice set ia-le $SLOT2 $SLOT1", 77, NULL, "no right", NULL },
    { "neighbour", "choice set ia-le $SLOT2 $SLOT1", 77, NULL, "no right", NULL },
    { "neighbour", "choice show ia-le", 77, NULL, "no right", NULL },
    { "operator", "choice set ia-le $SLOT2 $SLOT1", 0, "Xã", NULL, NULL },
    { "operator", "choice set ia-le $SLOT2 $SLOT1", 0, "Xã", NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, SOUNDS("Xã"), NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, DISPLACED("Huyện"), NULL, NULL },
    { "operator", "choice set ia-le $SLOT1 $SLOT2", 0, NULL, NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, SOUNDS("Huyện"), NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, DISPLACED("Xã"), NULL, NULL },
    /* Silence needs nobody else, and neither does its end; what it hides stays hidden behind. */
    { "writer", "quiet add ia-le-a '2027-03-01 06:00' exam", 77, NULL, "no right", NULL },
    { "operator", "quiet add ia-le-a '2027-03-01 06:00' exam", 65, NULL, "31 days", NULL },
    { "operator", "--json quiet add ia-le-a '2027-03-01 06:00' other --words 'lễ bỏ mả' "
      "--from '2027-02-28 12:00'", 0, "lễ bỏ mả", NULL, "QUIET=id" },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, HUSHED("Huyện"), NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, DISPLACED("Xã"), NULL, NULL },
    { "writer", "quiet list", 0, "lễ bỏ mả", NULL, NULL },
    { "operator", "quiet end $QUIET", 0, "lễ bỏ mả", NULL, NULL },
    { "writer", "--csv preview ia-le-a 2027-03-01", 0, SOUNDS("Huyện"), NULL, NULL },
    { "writer", "--csv choice show ia-le", 0, "uu_tien,05:30\r\n", NULL, NULL },
    { "operator", "choice set ia-le $SLOT1 no-such-slot", 4, NULL, "slots[1]", NULL },
    { "operator", "choice set ia-le $SLOT1 $SLOT1", 5, NULL, "slots[1]", NULL },
    { "operator", "choice show ia-le", 0, "Xã", NULL, NULL },
    { "operator", "choice set ia-le", 0, "nothing", NULL, NULL },
    { "admin", "audit list --object ia-le", 0, "choices.set", NULL, NULL },
    /* Nothing was recorded for alerts here: nobody can call one, and it is said who is not ready. */
    { "operator", "alert call lu --area ia-le --value x", 65, NULL, "there is no template lu", NULL },
    { "operator", "alert drill lu --area ia-le", 65, NULL, "there is no template lu", NULL },
    { "writer", "alert call lu --area ia-le", 77, NULL, "no right", NULL },
    { "operator", "alert call lu", 64, NULL, "--area", NULL },
    { "operator", "alert state no-such-one", 4, NULL, "alert", NULL },
    { "operator", "alert silence ia-le", 0, "done", NULL, NULL },
    { "operator", "--csv alert ready --area ia-le", 0, "ia-le,", NULL, NULL },
    { "fitter", "station show ia-le", 0, "not ready for alerts", NULL, NULL },
    { "operator", "--json alert import @FOLDER/flood.xml", 0, "\"unknown\": [", NULL, "IMPORT=id" },
    { "operator", "alert imported $IMPORT", 0, "Đảo xa", NULL, NULL },
    { "operator", "alert imports", 0, "kttv.example", NULL, NULL },
    { "operator", "alert import @FOLDER/areas.csv", 65, NULL, "no XML: line 1", NULL },
    { "writer", "alert import @FOLDER/flood.xml", 77, NULL, "no right", NULL },
    { "operator", "alert call lu --area ia-le --import $IMPORT", 65, NULL, "there is no template lu", NULL },
    { "operator", "alert cap no-such-one @FOLDER/out.xml", 4, NULL, "alert", NULL },
    { "operator", "alert list", 0, "nothing", NULL, NULL },
    { "operator", "alert templates", 0, "nothing", NULL, NULL },
    { "admin", "audit list", 0, "alert.stop", NULL, NULL },
    { NULL },
};

/* Who goes to a village, and what was said of a task: $TASK is laid down below. */
static const Line messengers[] = {
    { "neighbour", "messenger contact add ia-le-a 'Ama Thin' gong", 77, NULL, "no right", NULL },
    { "operator", "messenger contact add ia-le-a 'Ama Thin' bell", 65, NULL, "means", NULL },
    { "operator", "messenger contact add ia-le-a 'Ama Thin' gong --phone 12", 65, NULL, "phone", NULL },
    { "operator", "messenger contact add ia-le-a 'Ama Thin' drum", 0, "Ama Thin", NULL, NULL },
    { "operator", "messenger contact add ia-le-a 'Ama Blơi' on_foot", 0, "Ama Blơi", NULL, NULL },
    { "operator", "messenger contact add ia-le-a 'Ama Thin' gong --phone '0905 123 456'", 0, "0905123456", NULL, NULL },
    { "operator", "messenger village ia-le-a --households 45 --language jra --signal 'ba hồi chiêng'", 0, "45", NULL, NULL },
    { "operator", "messenger contact remove ia-le-a 'Ama Blơi'", 0, "ba hồi chiêng", NULL, NULL },
    { "operator", "--csv messenger villages", 0, ",45,jra,ba hồi chiêng,Ama Thin,0905123456,ia-le-a\r\n", NULL, NULL },
    { "neighbour", "messenger villages", 0, "nothing", NULL, NULL },
    { "operator", "messenger list --waiting --area ia-le", 0, "to be told", NULL, NULL },
    { "operator", "delivery --date 2026-03-02 --check", 1, NULL, "not all was delivered", NULL },
    { "operator", "messenger show task-1", 0, "jra", NULL, NULL },
    { "neighbour", "messenger tell task-1 gong", 77, NULL, "no right", NULL },
    { "operator", "messenger tell task-1 by_phone --to 'Ama Thin'", 0, "the messenger was told", NULL, NULL },
    { "operator", "messenger confirm task-1 46 45", 65, NULL, "reached", NULL },
    { "operator", "messenger confirm task-1 42 45 --note 'ba hộ đi rẫy'", 0, "confirmed", NULL, NULL },
    { "operator", "delivery --date 2026-03-02 --area ia-blu --check", 77, NULL, "no right", NULL },
    { "operator", "messenger fail task-1 'ngầm ngập'", 0, "not reached", NULL, NULL },
    { "operator", "messenger confirm task-1 43 45", 0, "confirmed", NULL, NULL },
    { "operator", "messenger history task-1", 0, "ba hộ đi rẫy", NULL, NULL },
    { "operator", "messenger history task-1", 0, "ngầm ngập", NULL, NULL },
    { "operator", "--csv messenger list --date 2026-03-02", 0, "no_loudspeaker,confirmed,43,45,", NULL, NULL },
    { "operator", "messenger list --waiting", 0, "nothing", NULL, NULL },
    { "operator", "--csv delivery --date 2026-03-02", 0, ",confirmed,by_messenger 43/45\r\n", NULL, NULL },
    { "operator", "--lang vi delivery --date 2026-03-02 --area ia-le", 0, "báo tay: 43/45 hộ", NULL, NULL },
    { "operator", "delivery --date 2026-03-02 --check", 0, "confirmed", NULL, NULL },
    { "operator", "--json figures ia-le --month 2026-03", 0, "\"reached\": 43", NULL, NULL },
    { "operator", "--json figures ia-le --week 2026-03-08", 0, "\"reached\": 43", NULL, NULL },
    { "operator", "--json figures ia-le --week 2026-03-09", 0, "\"reached\": 0", NULL, NULL },
    { "operator", "figures ia-le --week 2026-13-09", 64, NULL, "no date of a week", NULL },
    { "operator", "figures ia-le --week 2026-03-09 --month 2026-03", 64, NULL, "--month is given", NULL },
    { "operator", "--lang vi messenger list", 0, "đã xác nhận", NULL, NULL },
    { NULL },
};

/* Sent to the communes with a deadline: one of them chooses, and the sender sees it. */
static const Line offers[] = {
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav", 0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "writer", "--json announcement show $ANNOUNCEMENT", 0, NULL, NULL, "VERSION=id" },
    { "checker", "version check $VERSION --no-state-secret", 0, NULL, NULL, NULL },
    { "judge", "version hear $VERSION @FOLDER/heard.opus", 0, NULL, NULL, NULL },
    { "judge", "version approve $VERSION --no-state-secret", 0, NULL, NULL, NULL },
    { "writer", "offer add '@SOON 17:00' --home chu-puh --to chu-puh", 65, NULL, "one of the two", NULL },
    { "writer", "offer add '2199-01-01 17:00' --announcement $ANNOUNCEMENT --home chu-puh --to chu-puh",
      65, NULL, "60 days", NULL },
    { "writer", "--json offer add '@SOON 17:00' --announcement $ANNOUNCEMENT --home chu-puh --to chu-puh "
      "--hours 12", 0, "\"lead_h\": 12", NULL, "OFFER=id" },
    { "operator", "offer place $OFFER ia-le '@SOON 12:00'", 77, NULL, "waits to be approved", NULL },
    { "writer", "offer approve $OFFER", 77, NULL, "no right", NULL },
    { "judge", "review", 0, "sent to communes", NULL, NULL },
    { "judge", "offer approve $OFFER", 0, "Lịch tiêm phòng", NULL, NULL },
    { "operator", "offer times $OFFER ia-le", 0, "nothing", NULL, NULL },
    { "operator", "offer place $OFFER ia-le '@SOON 03:00'", 65, NULL, "outside_window", NULL },
    { "neighbour", "offer place $OFFER ia-le '@SOON 12:00'", 77, NULL, "no right", NULL },
    { "operator", "offer place $OFFER ia-le '@SOON 12:00'", 0, "placed", NULL, NULL },
    { "writer", "offer show $OFFER", 0, "not placed yet", NULL, NULL },
    { "writer", "offer list --announcement $ANNOUNCEMENT", 0, "Lịch tiêm phòng", NULL, NULL },
    { "admin", "audit list --object '$OFFER ia-le'", 0, "offer.place", NULL, NULL },
    { "writer", "offer end $OFFER", 0, NULL, NULL, NULL },
    { "writer", "offer show $OFFER", 0, "stopped", NULL, NULL },
    { "operator", "offer place $OFFER ia-le '@SOON 13:00'", 77, NULL, "taken back", NULL },
    { NULL },
};

#define PLACE_TEMPLATE(words, id)                                                               \
    { "head", "--json " words, 0, NULL, NULL, id "=waits" },                                    \
    { "head", "proposal approve $" id, 77, NULL, "no right", NULL },                            \
    { "head-judge", "proposal approve $" id, 0, "done", NULL, NULL }

/* A template of the district's own, with an order of words for a language and for a dialect. */
static const Line templates[] = {
    { "head", "alert standard gia-lai", 0, "done", NULL, NULL },
    { "writer", "template add vo-dap dam_release 'Vỡ đập' --part cb-nham-1", 77, NULL, "no right", NULL },
    { "head", "template add vo-dap dam_release 'Vỡ đập' --part cb-nham-1 --order jra", 64, NULL, "expected KEY=VALUE", NULL },
    { "head", "template add vo-dap dam_release 'Vỡ đập' --part cb-nham-1 --part [village] --order jra=[level]", 65, NULL, "orders", NULL },
    PLACE_TEMPLATE("template add vo-dap dam_release 'Vỡ đập' --part cb-nham-1 --part [village] "
                   "--order jra=[village],cb-nham-1 --order bdq-x-kriem=[village],cb-lu-1,cb-nham-1", "ONE"),
    { "head", "--csv template show vo-dap", 0,
      "cb-nham-1 [village],bdq-x-kriem; jra,[village] cb-lu-1 cb-nham-1; [village] cb-nham-1,", NULL, NULL },
    /* What is not named stays, and an order of "-" is none. */
    PLACE_TEMPLATE("template change vo-dap --repeats 5 --order bdq-x-kriem=- --order bdq=[village],cb-nham-1", "TWO"),
    { "head", "--csv template show vo-dap", 0,
      ",5,60,cb-nham-1 [village],bdq; jra,[village] cb-nham-1; [village] cb-nham-1,", NULL, NULL },
    /* Recorded nowhere, it is missed by nobody. */
    { "head", "template retire vo-dap", 64, NULL, "WHY", NULL },
    { "head", "template retire vo-dap 'trùng mẫu xả lũ'", 0, "Vỡ đập", NULL, NULL },
    { "admin", "--json audit list --object vo-dap", 0, "trùng mẫu xả lũ", NULL, NULL },
    { NULL },
};

/* A change that makes more sound, from who asks to who answers for it. */
static const Line louder[] = {
    CLASHING("Tin", "ONE", "VERSION1", "LIST1", "SLOT1"),
    { "fitter", "station put ia-le 'Ia Le' --area ia-le --gain-cap-mdb -6000", 0, "done", NULL,
      NULL },
    { "fitter", "station put ia-le 'Ia Le' --area ia-le --gain-cap-mdb 0", 0, "waits for a second person", NULL,
      NULL },
    { "fitter", "--json station put ia-le 'Ia Le' --area ia-le --gain-cap-mdb 0", 0, NULL, NULL,
      "PROPOSAL=waits" },
    { "judge", "proposal list", 0, "/api/stations/ia-le", NULL, NULL },
    { "fitter", "proposal approve $PROPOSAL", 77, NULL, "no right", NULL },
    { "judge", "proposal approve $PROPOSAL", 0, "done", NULL, NULL },
    { "judge", "proposal approve $PROPOSAL", 5, NULL, "approved before", NULL },
    { "judge", "proposal list", 0, "nothing", NULL, NULL },
    { "judge", "proposal refuse no-such-one", 4, NULL, "proposal", NULL },
    { "admin", "audit list", 0, "proposal.approve", NULL, NULL },
    { NULL },
};

/* What is there, changed: only what was given is another. */
static const Line changes[] = {
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav --script bdq=@FOLDER/script.txt",
      0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "writer", "announcement change $ANNOUNCEMENT --title 'Lịch mới' --valid-until 2198-01-01", 0,
      "Lịch mới", NULL, NULL },
    { "writer", "--json announcement show $ANNOUNCEMENT", 0, "\"source_number\": \"12/TB\"", NULL,
      "VERSION=id" },
    { "writer", "--json version show $VERSION", 0, "Pơlĕi", NULL, NULL },
    { "writer", "--json version change $VERSION --no-state-secret --announcer Mai", 0, "Mai", NULL, NULL },
    { "writer", "--json version show $VERSION", 0, "\"behalf\": true", NULL, NULL },
    { "writer", "--json whoami", 0, NULL, NULL, "ME=id" },
    { "writer", "--json version change $VERSION --no-state-secret --voice $ME", 0, "\"behalf\": false", NULL, NULL },
    { "writer", "--json version show $VERSION", 0, "Pơlĕi", NULL, NULL },
    { "writer", "version change $VERSION --script jra=@FOLDER/script.txt", 64, NULL,
      "the version is in bdq", NULL },
    { "writer", "version record $VERSION @FOLDER/vi.wav --no-state-secret", 0, NULL, NULL, NULL },
    { "writer", "version record $VERSION @FOLDER/notes.txt --no-state-secret", 65, NULL, "sound", NULL },
    { "writer", "playlist add X --home chu-puh stream:a", 64, NULL, "stream:ID:MINUTES", NULL },
    { "writer", "playlist add X --home chu-puh stream:a:0", 64, NULL, "stream:ID:MINUTES", NULL },
    { "writer", "playlist add X --home chu-puh line_in:a:241", 64, NULL, "line_in:ID:MINUTES", NULL },
    { "writer", "playlist add X --home chu-puh line_in:a:30m", 64, NULL, "line_in:ID:MINUTES", NULL },
    { "writer", "--json playlist add Sáng --home chu-puh pause:5 announcement:$ANNOUNCEMENT pause:6",
      0, NULL, NULL, "PLAYLIST=id" },
    { "writer", "--json slot add Sáng --home chu-puh --playlist $PLAYLIST --date 2027-03-01 "
      "--at 05:30 --rule FREQ=DAILY --until 2027-04-01 --to ia-le --to ia-blu", 0, NULL, NULL, "SLOT=id" },
    { "judge", "slot approve $SLOT", 0, NULL, NULL, NULL },
    /* Less in it: the approval stays. */
    { "writer", "playlist change $PLAYLIST announcement:$ANNOUNCEMENT pause:6", 0, NULL, NULL, NULL },
    { "writer", "slot change $SLOT --to ia-le --until 2027-03-31 --except 2027-03-05", 0, NULL, NULL, NULL },
    { "writer", "--json slot show $SLOT", 0, "\"approver\": \"judge\"", NULL, NULL },
    /* A date: what was set is shown, and approved as it stands. */
    { "writer", "--csv slot date set $SLOT 2027-03-03", 0, "2027-03-03,,", NULL, NULL },
    { "writer", "--csv slot date set $SLOT 2027-03-04 --playlist $PLAYLIST", 0,
      "2027-03-04,$PLAYLIST,", NULL, NULL },
    { "judge", "slot date approve $SLOT 2027-03-04", 0, NULL, NULL, NULL },
    { "judge", "slot date approve $SLOT 2027-03-06", 4, NULL, "nothing is different", NULL },
    { "judge", "slot date approve $SLOT 2027-03-04 "
      "0000000000000000000000000000000000000000000000000000000000000000", 5, NULL, "changed", NULL },
    { "writer", "slot change $SLOT --at 05:45 --gain -3 --until -", 0, "05:45", NULL, NULL },
    { "writer", "--json slot show $SLOT", 0, "\"approved_us\": 0", NULL, NULL },
    { "fitter", "volume set ia-le a '05:00-07:00 -6' '07:00-21:00 -3'", 0, NULL, NULL, NULL },
    { "fitter", "--csv volume list ia-le", 0, "a,05:00,07:00,-6.0\r\na,07:00,21:00,-3.0", NULL, NULL },
    { "fitter", "volume set ia-le a '05:00-07:00 loud'", 64, NULL, "no gain", NULL },
    { "fitter", "volume set ia-le a 'always -6'", 64, NULL, "no volume", NULL },
    { "fitter", "output put ia-le spare 'Dự phòng'", 0, NULL, NULL, NULL },
    { "fitter", "output list ia-le", 0, "spare", NULL, NULL },
    { "fitter", "output remove ia-le spare", 0, NULL, NULL, NULL },
    { "fitter", "output remove ia-le main", 5, NULL, "something else names this", NULL },
    { "admin", "area show ia-le", 0, "Ia Le", NULL, NULL },
    { "admin", "--json account add look Look --password-file @FOLDER/password", 0, NULL, NULL, "LOOK=id" },
    { "admin", "right give $LOOK inspector gia-lai", 65, NULL, "end", NULL },
    { "admin", "right give $LOOK inspector gia-lai --until 2198-01-01", 0, NULL, NULL, NULL },
    { "admin", "account password $LOOK", 0, "password", NULL, NULL },
    { "writer", "playlist show $PLAYLIST", 0, "pause", NULL, NULL },
    { "writer", "language list", 0, "jra", NULL, NULL },
    { "writer", "session list", 0, "127.0.0.1", NULL, NULL },
    { "writer", "session end", 0, NULL, NULL, NULL },
    { "writer", "whoami", 77, NULL, NULL, NULL },
    { NULL },
};

/* What is wrong is said by name, with an exit code that a script can tell apart. */
static const Line wrong[] = {
    { "writer", "sing", 64, NULL, "sing", NULL },
    { "writer", "help sing", 64, NULL, "no command 'sing'", NULL },
    { "writer", "slot add Sáng", 64, NULL, "--", NULL },
    { "writer", "slot list --loud", 64, NULL, "--loud", NULL },
    { "writer", "slot add S --home chu-puh --playlist x --date 2026-11-23 --at 25:00 --to ia-le",
      64, NULL, "25:00", NULL },
    { "writer", "slot add S --home chu-puh --playlist x --date 2026-02-30 --at 05:00 --to ia-le",
      65, NULL, "first_date", NULL },
    { "writer", "announcement show no-such-one", 4, NULL, "announcement", NULL },
    { "writer", "announcement show ../../session", 4, NULL, NULL, NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/notes.txt", 65, NULL, "sound", NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/nothing.wav", 66, NULL, "nothing.wav",
      NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version xx-klingon=@FOLDER/bdq.wav", 65, NULL, "language", NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav --script bdq=@FOLDER/broken.txt",
      65, NULL, "UTF-8", NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav --script jra=@FOLDER/script.txt",
      64, NULL, "no recording in that language", NULL },
    { "writer", "announcement list", 0, NULL, NULL, NULL },
    /* A recording that is none leaves nothing in the way of the next. */
    { "writer", ADD_ANNOUNCEMENT, 0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "writer", "version add $ANNOUNCEMENT bdq=@FOLDER/notes.txt --no-state-secret", 65, NULL, "sound", NULL },
    { "writer", "version add $ANNOUNCEMENT bdq=@FOLDER/bdq.wav --no-state-secret --script bdq=@FOLDER/script.txt", 0,
      NULL, NULL, NULL },
    { "writer", "version add $ANNOUNCEMENT bdq=@FOLDER/vi.wav --no-state-secret", 5, NULL,
      "has a version in this language already", NULL },
    { "admin", "account add mai Mai --password-file @FOLDER/broken.txt", 65, NULL, "UTF-8", NULL },
    { "admin", "area import @FOLDER/bad.csv", 65, NULL, "line 3", NULL },
    { "admin", "--json area list", 0, NULL, NULL, NULL },
    { "admin", "area import @FOLDER/areas.csv", 0, "1", NULL, NULL },
    { "admin", "area list", 0, "Ia Hla", NULL, NULL },
    { "admin", "windows set chu-puh 'mon-sun 5-21'", 64, NULL, "no time of day", NULL },
    { "admin", "settings set no-such-key 5", 4, NULL, "no-such-key", NULL },
    { "fitter", "station put ia-le 'Ia Le' --area ia-le --tzid ../../etc/passwd", 65, NULL, "tzid",
      NULL },
    { NULL },
};

static const Line sessions[] = {
    { "stranger", "status", 77, NULL, "nobody is signed in", NULL },
    { "stranger", "sign-in judge", 64, NULL, "--url and --authority", NULL },
    { "stranger", "sign-in judge --url $URL --authority @FOLDER/ca.pem --password-file @FOLDER/wrong",
      77, NULL, NULL, NULL },
    { "stranger", "sign-in judge --url https://127.0.0.1:1 --authority @FOLDER/ca.pem "
      "--password-file @FOLDER/password", 69, NULL, NULL, NULL },
    { "stranger", "sign-in judge --url $URL --authority @FOLDER/notes.txt "
      "--password-file @FOLDER/password", 69, NULL, NULL, NULL },
    { "stranger", "sign-in judge --url $URL --authority @FOLDER/ca.pem "
      "--password-file @FOLDER/password", 0, NULL, "loactl factor begin", NULL },
    { "stranger", "whoami", 0, "approver", NULL, NULL },
    { "stranger", "slot list", 77, NULL, "set up a second factor first", NULL },
    { "stranger", "sign-out", 0, NULL, NULL, NULL },
    { "stranger", "whoami", 77, NULL, NULL, NULL },
    { "admin", "--json account add mai-login Mai --password-file @FOLDER/password "
      "--right editor@chu-puh", 0, NULL, NULL, "MAI=id" },
    { "mai", "sign-in mai-login --url $URL --authority @FOLDER/ca.pem "
      "--password-file @FOLDER/password", 0, NULL, NULL, NULL },
    { "mai", "--json playlist add Sáng --home chu-puh pause:5", 0, NULL, NULL, "LIST=id" },
    { "admin", "--csv audit list --object $LIST", 0, ",mai-login,$MAI,playlist.put", NULL, NULL },
    { "mai", "session close 0000000000000000", 4, NULL, "no such session", NULL },
    { "mai", "session end --keep this", 0, NULL, NULL, NULL },
    { "mai", "whoami", 0, "mai-login", NULL, NULL },
    { "stranger", "completion", 0, "complete -", NULL, NULL },
    { "stranger", "help slot add", 0, "--playlist", NULL, NULL },
    { "admin", "--json account show $MAI", 0, "\"editor\"", NULL, NULL },
    { "admin", "--json account add lan Lan --password-file @FOLDER/password --right editor@chu-puh",
      0, "\"role\": \"editor\"", NULL, NULL },
    { "admin", "account add hoa Hoa --password-file @FOLDER/password --right editor", 64, NULL,
      "'editor' is no right", NULL },
    { "admin", "account add hoa Hoa --password-file @FOLDER/password --right editor@nowhere", 77,
      NULL, "(HTTP 403); the account ", NULL },
    { NULL },
};

/* Vietnamese first: what a person reads; what programs read is the same in every language. */
static const Line vietnamese[] = {
    { "writer", "--lang vi whoami", 0, "biên tập viên", NULL, NULL },
    { "writer", "--lang=vi whoami", 0, "tên đăng nhập:", NULL, NULL },
    { "writer", "--lang en whoami", 0, "login:", NULL, NULL },
    { "writer", "--lang vi --json whoami", 0, "\"editor\"", NULL, NULL },
    { "writer", "--lang vi --csv whoami", 0, "name,login,id,may be,in,second factor", NULL, NULL },
    { "writer", "--lang", 64, NULL, "vi or en", NULL },
    { "writer", "--lang fr whoami", 64, NULL, "vi or en", NULL },
    { "writer", "--lang vi sing", 64, NULL, "không có lệnh 'sing'", NULL },
    { "writer", "--lang vi help", 0, "  slot add                 Khung giờ mới", NULL, NULL },
    { "writer", "--lang vi help slot add", 0, "cách dùng: loactl slot add NAME", NULL, NULL },
    { "writer", "--lang vi slot add Sáng", 64, NULL, "thiếu --home (đơn vị quản lý", NULL },
    { "writer", "--lang vi announcement show no-such-one", 4, NULL, "không tìm thấy", NULL },
    { "writer", "--lang vi audit list", 77, NULL, "bạn không có quyền làm việc này ở đây", NULL },
    { "writer", "--lang vi playlist list", 0, "không có gì", NULL, NULL },
    { "writer", ADD_ANNOUNCEMENT DECLARED "--version bdq=@FOLDER/bdq.wav", 0, NULL, NULL, "ONE=id" },
    { "writer", "--lang vi announcement show $ONE", 0, "chờ kiểm tra tiếng", NULL, NULL },
    { "writer", "--lang vi --csv announcement show $ONE", 0, ",bdq,draft,", NULL, NULL },
    /* 2199-01-01 is typed, kept and shown as the district's midnight, on a machine elsewhere. */
    { "writer", "--json announcement list", 0, "\"valid_until_us\": 7226557200000000", NULL, NULL },
    { "writer", "--lang vi announcement list", 0, "01/01/2199 00:00:00", NULL, NULL },
    { "writer", "--csv announcement list", 0, "2199-01-01T00:00:00.000", NULL, NULL },
    { "fitter", "--lang vi status", 0, "chưa từng liên lạc", "bị bỏ khỏi mọi lịch: ", NULL },
    { "fitter", "--lang vi --csv status", 0, ",never,", "bị bỏ khỏi mọi lịch: ", NULL },
    { "fitter", "status", 0, "never heard of", "left out of all plans: ", NULL },
    { "admin", "--lang vi settings list", 0, "Múi giờ của trung tâm", NULL, NULL },
    { "admin", "--lang vi settings set tzid Mars/Olympus", 65, NULL, "dữ liệu chưa đúng: ", NULL },
    { "admin", "settings set tzid Asia/Tokyo", 0, NULL, NULL, NULL },
    { "writer", "--lang vi announcement list", 0, "01/01/2199 02:00:00", NULL, NULL },
    { "fitter", "--lang vi windows show ia-le", 0, NULL, NULL, NULL },
    { NULL },
};
/* $CODE is what the phone that was told $SECRET shows, half a minute later for every line. */
#define SIGN_IN "sign-in judge --url $URL --authority @FOLDER/ca.pem --password-file @FOLDER/password"
static const Line factors[] = {
    { "stranger", SIGN_IN, 0, NULL, "loactl factor begin", NULL },
    { "stranger", "factor begin --password-file @FOLDER/wrong", 77, NULL, "password", NULL },
    { "stranger", "factor begin --password-file @FOLDER/password", 0, "█", NULL, NULL },
    { "stranger", "--json factor begin --password-file @FOLDER/password", 0, "otpauth://totp/", NULL, "SECRET=secret" },
    { "stranger", "factor confirm 12345", 77, NULL, "not one of now", NULL },
    { "stranger", "--json factor confirm $CODE", 0, NULL, NULL, "RECOVERY=codes" },
    { "stranger", "slot list", 0, NULL, NULL, NULL },
    { "stranger", "sign-out", 0, NULL, NULL, NULL },
    /* No terminal to ask for the second step at. */
    { "stranger", SIGN_IN, 64, NULL, "--code", NULL },
    { "stranger", SIGN_IN " --code abcd-efgh-jkmn-pqrs", 77, NULL, "not one of now", NULL },
    { "stranger", SIGN_IN " --code $CODE", 0, "judge", NULL, NULL },
    { "stranger", SIGN_IN " --code $RECOVERY", 0, "judge", NULL, NULL },
    { "stranger", SIGN_IN " --code $RECOVERY", 77, NULL, "used", NULL },
    { "stranger", "whoami", 0, "signed in with a recovery code", NULL, NULL },
    { "stranger", "notes seen", 0, NULL, NULL, NULL },
    { "stranger", "factor remove --password-file @FOLDER/password", 5, NULL, "keep a second factor", NULL },
    { "writer", "factor remove --password-file @FOLDER/password", 0, NULL, NULL, NULL },
    /* Lost: one administrator asks, another one confirms. */
    { "fitter", "factor-reset ask judge 'phone in the river'", 77, NULL, "no right", NULL },
    { "admin", "factor-reset ask judge 'phone in the river'", 0, NULL, NULL, NULL },
    { "admin", "factor-reset confirm judge", 77, NULL, "nobody confirms", NULL },
    { "admin", "right give writer administrator chu-puh", 0, NULL, NULL, NULL },
    { "writer", "factor-reset refuse judge", 0, NULL, NULL, NULL },
    { "writer", "factor-reset ask judge 'phone in the river'", 0, NULL, NULL, NULL },
    { "admin", "factor-reset confirm judge", 0, NULL, NULL, NULL },
    { "stranger", SIGN_IN, 0, NULL, "loactl factor begin", NULL },
    { "stranger", "whoami", 0, "second factor taken away", NULL, NULL },
    /* Leaving: work goes to somebody; the last approver is kept. */
    { "writer", ADD_ANNOUNCEMENT, 0, NULL, NULL, "ANNOUNCEMENT=id" },
    { "admin", "account state writer retired", 65, NULL, "unfinished", NULL },
    { "admin", "account state writer retired --successor ia-blu-ed", 0, NULL, NULL, NULL },
    { "admin", "account state approver retired", 0, NULL, NULL, NULL },
    { "admin", "account state head-judge retired", 0, NULL, NULL, NULL },
    { "admin", "account state approver-2 retired", 0, NULL, NULL, NULL },
    { "admin", "account state judge retired", 5, NULL, "nobody else approves for: Chư Pưh", NULL },
    { "admin", "account state judge retired --force", 0, NULL, NULL, NULL },
    { NULL },
};
/* clang-format on */

static void
test_lines(Fixture *f, gconstpointer data)
{
    for (const Line *line = data; line->who != NULL; line++)
        run_line(f, line);
}

static gboolean
add_task(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO messenger_tasks (id, village, kind, announcement, why, "
                         "date, made_us, due_us) SELECT 'task-1', 'ia-le-a', 'announcement', "
                         "id, 'no_loudspeaker', '2026-03-02', 1, 2 FROM announcements");
    return TRUE;
}

static void
test_messengers(Fixture *f, gconstpointer data)
{
    static const Line first = {"writer", ADD_ANNOUNCEMENT, 0, NULL, NULL, NULL};

    run_line(f, &first);
    temp_store_run(f->api.store, add_task, NULL);
    test_lines(f, data);
}

static gboolean
alter_audit(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "DROP TRIGGER audit_no_update; "
                         "UPDATE audit SET actor = 'somebody' WHERE seq IN (3, 5);");
    return TRUE;
}

/* Whoever has a shell at the database may alter a row, but not so that nobody sees which. */
static void
test_altered(Fixture *f, gconstpointer data)
{
    static const Line before = {"admin", "audit verify", 0, "yes", NULL, NULL};
    static const Line after = {
        "admin", "audit verify", 1, NULL, "the chain was altered at row 3", NULL};

    run_line(f, &before);
    temp_store_run(f->api.store, alter_audit, NULL);
    run_line(f, &after);
}

/* What `completion` prints is bash, and completes. */
static void
test_completion(void)
{
    static const char script[] =
        "eval \"$(" LOACTL " completion)\"; COMP_WORDS=(loactl announcement wi); COMP_CWORD=2; "
        "$(complete -p loactl | sed 's/.*-F \\([^ ]*\\).*/\\1/') loactl wi announcement; "
        "echo \"${COMPREPLY[@]}\"";
    const char *const argv[] = {"bash", "-c", script, NULL};
    g_autofree char *out = NULL, *err = NULL;
    int status = 0;

    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &out, &err, &status, NULL));
    g_assert_cmpstr(err, ==, "");
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpstr(g_strstrip(out), ==, "withdraw");
}

#define ADD(name, lines)                                                                       \
    g_test_add("/ctl/loactl/" name, Fixture, lines, set_up, test_lines, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("whole-way", whole_way);
    ADD("elsewhere", elsewhere);
    ADD("wanted", wanted);
    ADD("old-fonts", old_fonts);
    ADD("choices", choices);
    ADD("offers", offers);
    ADD("templates", templates);
    ADD("louder", louder);
    ADD("changes", changes);
    ADD("wrong", wrong);
    ADD("sessions", sessions);
    ADD("vietnamese", vietnamese);
    g_test_add("/ctl/loactl/messengers", Fixture, messengers, set_up, test_messengers,
               tear_down);
    g_test_add("/ctl/loactl/altered", Fixture, NULL, set_up, test_altered, tear_down);
    ADD("factors", factors);
    g_test_add_func("/ctl/loactl/completion", test_completion);
    return g_test_run();
}
