/*
 * render.h - answers of the API: tables in words; JSON and CSV the same in every language.
 *
 * Flow: client.h's answer + a command's columns -> here -> standard output. Pure.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "scheduler/ctl/command.h"

typedef enum {
    CTL_OUT_TABLE,
    CTL_OUT_JSON,
    CTL_OUT_CSV,
} CtlOut;

/**
 * ctl_render:
 * @answer: of the API
 * @view: whose `is_plain` goes with CTL_OUT_CSV
 *
 * An answer with a list gives a row an element; another one, a line a column ("name: value").
 *
 * Returns: (transfer full): the text to print, ended by a line feed or empty
 */
char *ctl_render(const CtlCommand *command, const json_t *answer, CtlOut out,
                 const CtlView *view);

/** ctl_render_member: Returns: (transfer full): one member of @object as @column shows it */
char *ctl_render_member(const json_t *object, const CtlColumn *column, const CtlView *view);
