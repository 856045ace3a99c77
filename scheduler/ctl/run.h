/*
 * run.h - one command under way, and what commands of more than one call share.
 *
 * Flow: main.c makes it -> a command's function (or ctl_run_plain) -> client.h, render.h.
 */
#pragma once

#include "scheduler/ctl/client.h"
#include "scheduler/ctl/command.h"
#include "scheduler/ctl/render.h"
#include "scheduler/ctl/session.h"
#include "scheduler/ctl/words.h"

struct CtlRun {
    CtlClient *client;          /* (owned) (nullable): NULL before a sign-in */
    CtlSession *session;        /* (owned) (nullable) */
    char *session_path;         /* (owned) */
    const CtlCommand *commands; /* (not owned): for the help */
    CtlArguments *arguments;    /* (owned) */
    CtlOut out;
    ContentReader reader;
    gboolean has_asked; /* zone and ahead_us are the district's */
    GTimeZone *zone;    /* (owned) (nullable): NULL: the district does not say it */
    gint64 ahead_us;    /* the district's clock minus this machine's */
};

/** ctl_run_plain: the call that the command's row describes; prints the answer */
gboolean ctl_run_plain(CtlRun *run, GError **error);

/** ctl_run_call: @path: (transfer full) (nullable): freed. As ctl_client_call() */
json_t *ctl_run_call(CtlRun *run, const char *method, char *path, const json_t *body,
                     GError **error);

/** ctl_run_print: @answer: (transfer full): by the command's columns */
void ctl_run_print(CtlRun *run, json_t *answer);

/**
 * ctl_run_view: how the command's answer is shown
 *
 * Asks the district for its time zone where a column needs it; where that fails, times are UTC
 * and say so, for what the command did is done. The view lives as long as @run.
 */
CtlView ctl_run_view(CtlRun *run);

/** ctl_run_now: @out_us: (out): UTC by the district's clock, whatever this machine's says */
gboolean ctl_run_now(CtlRun *run, gint64 *out_us, GError **error);

/** ctl_run_today: Returns: (transfer full): "2026-03-02", where the district is */
char *ctl_run_today(CtlRun *run, GError **error);

/** ctl_run_get: Returns: (nullable): value of an option or position */
const char *ctl_run_get(CtlRun *run, const char *name);

/**
 * ctl_run_time:
 * @text: "2026-03-02" (midnight) or "2026-03-02 05:30", in the district's time zone
 * @out_us: (out): UTC
 */
gboolean ctl_run_time(CtlRun *run, const char *text, gint64 *out_us, GError **error);

/** ctl_parse_clock: @text: "05:30" or "05:30:15"; @out_s: (out): seconds after midnight */
gboolean ctl_parse_clock(const char *text, gint64 *out_s, GError **error);

/** ctl_parse_db: @text: "-6" or "-6.5"; @out_mdb: (out): 1/1000 dB, ≤ 0 */
gboolean ctl_parse_db(const char *text, gint64 *out_mdb, GError **error);

/** ctl_split_pair: "KEY=VALUE"; @out_key: (out) (transfer full); Returns: (nullable): VALUE */
const char *ctl_split_pair(const char *text, char **out_key, GError **error);

/* What is wrong with the command line, by a key of the words; the value is FALSE. */
#define ctl_usage(error, ...) ctl_fail(error, CTL_CLIENT_ERROR_USAGE, __VA_ARGS__, NULL)

/** ctl_tell_left: @error, about @what, goes on to say how far the command came and how to go
 * on, so that nobody makes the same thing twice */
void ctl_tell_left(GError **error, const char *what, const char *left);

/** ctl_fill_items: @body gets `items` of the positions ITEM */
gboolean ctl_fill_items(CtlRun *run, json_t *body, GError **error);

/** ctl_fill_slot: @body gets what --at, --to and --gain say, where they are given */
gboolean ctl_fill_slot(CtlRun *run, json_t *body, GError **error);

/** ctl_announcement_change and the others: the commands with functions of their own; each
 * prints its answer */
gboolean ctl_announcement_change(CtlRun *run, GError **error);
gboolean ctl_playlist_change(CtlRun *run, GError **error);
gboolean ctl_slot_change(CtlRun *run, GError **error);
gboolean ctl_volume_set(CtlRun *run, GError **error);
gboolean ctl_right_set(CtlRun *run, GError **error);
gboolean ctl_account_password(CtlRun *run, GError **error);
gboolean ctl_version_change(CtlRun *run, GError **error);
gboolean ctl_version_record(CtlRun *run, GError **error);
gboolean ctl_date_return(CtlRun *run, GError **error);
gboolean ctl_date_approve(CtlRun *run, GError **error);
gboolean ctl_sign_in(CtlRun *run, GError **error);
gboolean ctl_factor_begin(CtlRun *run, GError **error);
gboolean ctl_factor_remove(CtlRun *run, GError **error);
gboolean ctl_sign_out(CtlRun *run, GError **error);
gboolean ctl_password(CtlRun *run, GError **error);
gboolean ctl_account_add(CtlRun *run, GError **error);
gboolean ctl_area_import(CtlRun *run, GError **error);
gboolean ctl_announcement_add(CtlRun *run, GError **error);
gboolean ctl_version_add(CtlRun *run, GError **error);
gboolean ctl_version_judge(CtlRun *run, GError **error);
gboolean ctl_version_hear(CtlRun *run, GError **error);
gboolean ctl_version_listen(CtlRun *run, GError **error);
gboolean ctl_playlist_add(CtlRun *run, GError **error);
gboolean ctl_slot_add(CtlRun *run, GError **error);
gboolean ctl_slot_judge(CtlRun *run, GError **error);
gboolean ctl_slot_try(CtlRun *run, GError **error);
gboolean ctl_week_show(CtlRun *run, GError **error);
gboolean ctl_week_submit(CtlRun *run, GError **error);
gboolean ctl_week_judge(CtlRun *run, GError **error);
gboolean ctl_windows_set(CtlRun *run, GError **error);
gboolean ctl_notice_add(CtlRun *run, GError **error);
gboolean ctl_notice_approve(CtlRun *run, GError **error);
gboolean ctl_offer_add(CtlRun *run, GError **error);
gboolean ctl_offer_place(CtlRun *run, GError **error);
gboolean ctl_offer_approve(CtlRun *run, GError **error);
gboolean ctl_quiet_add(CtlRun *run, GError **error);
gboolean ctl_grant_add(CtlRun *run, GError **error);
gboolean ctl_pin(CtlRun *run, GError **error);
gboolean ctl_alert_call(CtlRun *run, GError **error);
gboolean ctl_alert_drill(CtlRun *run, GError **error);
gboolean ctl_alert_speak(CtlRun *run, GError **error);
gboolean ctl_alert_speak_drill(CtlRun *run, GError **error);
gboolean ctl_speech_ask(CtlRun *run, GError **error);
gboolean ctl_alert_listen(CtlRun *run, GError **error);
gboolean ctl_alert_listen_part(CtlRun *run, GError **error);
gboolean ctl_station_show(CtlRun *run, GError **error);
gboolean ctl_alert_import(CtlRun *run, GError **error);
gboolean ctl_alert_cap(CtlRun *run, GError **error);
gboolean ctl_template_add(CtlRun *run, GError **error);
gboolean ctl_template_change(CtlRun *run, GError **error);
gboolean ctl_messenger_village(CtlRun *run, GError **error);
gboolean ctl_messenger_add(CtlRun *run, GError **error);
gboolean ctl_messenger_remove(CtlRun *run, GError **error);
gboolean ctl_messenger_tell(CtlRun *run, GError **error);
gboolean ctl_messenger_confirm(CtlRun *run, GError **error);
gboolean ctl_messenger_fail(CtlRun *run, GError **error);
gboolean ctl_preview(CtlRun *run, GError **error);
gboolean ctl_status(CtlRun *run, GError **error);
gboolean ctl_delivery(CtlRun *run, GError **error);
gboolean ctl_figures(CtlRun *run, GError **error);
gboolean ctl_messages_set(CtlRun *run, GError **error);
gboolean ctl_audit_verify(CtlRun *run, GError **error);
gboolean ctl_settings(CtlRun *run, GError **error);

/* The table of all commands, ended by a row without words. */
extern const CtlCommand ctl_commands[];
