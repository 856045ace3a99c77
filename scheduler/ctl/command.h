/*
 * command.h - a command of loactl is a row: words, options, a call of the API, columns.
 *
 * Flow: argv -> arguments (here) -> client.h -> render.h. Pure; the rows stand in commands.c.
 * Only a command that is more than one call (an upload, a sign-in) has a function of its own.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "scheduler/ctl/format.h"

/* More arguments than this are refused. */
#define CTL_MAX_ARGUMENTS 512

typedef enum {
    CTL_TEXT,  /* as given */
    CTL_INT,   /* a decimal number */
    CTL_FLAG,  /* an option without a value: true */
    CTL_UNSET, /* the same: false */
    CTL_LIST,  /* may be repeated; an array of texts; a position not given: an empty one */
    CTL_PAIRS, /* may be repeated, KEY=VALUE; only for commands with a function of their own */
} CtlKind;

/* Where an argument goes. */
typedef enum {
    CTL_IN_BODY,     /* a member of the JSON body */
    CTL_IN_PATH,     /* replaces {member} in the path */
    CTL_IN_QUERY,    /* behind the question mark */
    CTL_TO_FUNCTION, /* looked at by the command's function alone */
} CtlPlace;

typedef struct {
    const char *name; /* "--name" of an option, "NAME" of a position */
    CtlKind kind;
    CtlPlace place;
    const char *member; /* in the API */
    gboolean required;
    const char *meaning; /* key of the words, behind "option." */
} CtlOption;

typedef struct {
    const char *heading; /* of CSV; in tables, what "head." of it says */
    const char *member;  /* "sounding.0.title" goes down, "faults.*.words" joins a list */
    CtlFormat format;
} CtlColumn;

typedef struct CtlCommand CtlCommand;
typedef struct CtlRun CtlRun;

/* Returns: the exit code through @error only; prints what it has to say itself. */
typedef gboolean (*CtlFunc)(CtlRun *run, GError **error);

struct CtlCommand {
    const char *words;        /* "station add"; what it means stands at "command." of it */
    const char *method;       /* (nullable): NULL: the function does everything */
    const char *path;         /* "/api/stations/{station}" */
    const CtlOption *options; /* ended by a row without a name */
    const char *rows;         /* (nullable): member of the answer that holds the list */
    const CtlColumn *columns; /* (nullable): ended by a row without a heading; NULL: "done" */
    CtlFunc function;         /* (nullable) */
};

typedef struct {
    const CtlCommand *command; /* (not owned) */
    GHashTable *values;        /* (owned): name of an option -> GPtrArray of utf8 */
} CtlArguments;
void ctl_arguments_free(CtlArguments *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlArguments, ctl_arguments_free)

/**
 * ctl_arguments_parse:
 * @commands: ended by a row without words
 * @argv: behind loactl's own options: words, positions and options in any order behind the
 * words
 *
 * Errors are CTL_CLIENT_ERROR_USAGE and name what is wrong.
 */
CtlArguments *ctl_arguments_parse(const CtlCommand *commands, int argc, char **argv,
                                  GError **error);

/** ctl_arguments_get: Returns: (nullable): the (last) value; "true" for a given flag */
const char *ctl_arguments_get(const CtlArguments *self, const char *name);

/** ctl_arguments_all: Returns: (nullable) (element-type utf8): all values, in order */
GPtrArray *ctl_arguments_all(const CtlArguments *self, const char *name);

/** ctl_arguments_path: Returns: (transfer full): the path with its members and query filled in
 */
char *ctl_arguments_path(const CtlArguments *self);

/**
 * ctl_arguments_body:
 *
 * Returns: (transfer full) (nullable): the JSON body; NULL without error for a command without
 *   one (GET, or no option in the body)
 */
json_t *ctl_arguments_body(const CtlArguments *self, GError **error);

/** ctl_command_usage: Returns: (transfer full): how it is called, with every option's meaning
 */
char *ctl_command_usage(const CtlCommand *command, ContentReader reader);

/** ctl_commands_usage: Returns: (transfer full): a line a command */
char *ctl_commands_usage(const CtlCommand *commands, ContentReader reader);

/** ctl_commands_completion: Returns: (transfer full): a script for bash */
char *ctl_commands_completion(const CtlCommand *commands);
