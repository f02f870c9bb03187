/* SPDX-License-Identifier: Apache-2.0 */
/* The service command, a part of ostler/services.h. C11, and C++. */
#ifndef OSTLER_COMMAND_H
#define OSTLER_COMMAND_H

#include <ostler/call.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * command: programs outside the box. The host starts them in the job's tree, in the directory of
 * the checkout. Manifest: "permissions": {"commands": "host"}: with the environment that the job
 * has by then and all rights of the agent's user, as a hook; or {"commands": "workspace"}: with
 * what the plugin may read of the environment, HOME and TMPDIR being the scratch directory, and
 * confined: they read and write the workspace and the scratch directory, read and execute the
 * programs of the system, have the network as the plugin has it, and get no privileges. Each has a
 * session of its own, without a terminal, and so a process group: what is left of that ends with
 * the program, and every program with the plugin. These are there outside a build, too.
 * [any-thread | blocks until the program has, or its streams have, what is asked for |
 * OSTLER_CANCELLED, at once; works again after begin_cleanup()]
 */
#define OSTLER_COMMAND_ID "ostler.command/1"
typedef struct ostler_command_options {
  uint32_t struct_size;
  int32_t reads_output; /* 1: the plugin gets standard output; 0: it goes to the job's log, line by
                         * line */
  int32_t reads_errors; /* the same of standard error; for ostler_command_start only */
  int32_t open_input;   /* 1: ostler_command_write gives what it reads; for ostler_command_start
                         * only */
  const ostler_text_t
      *arguments;          /* the program first: a path, or a name in the job's PATH; without NUL */
  uint64_t argument_count; /* 1 or more */
  ostler_text_t input;     /* bytes that it reads; with the arguments at most 255 KiB */
  int64_t time_limit_ns;   /* rounded up to milliseconds; 0: none. When it has passed the program
                            * gets the job's cancel signal (SIGTERM unless set), 5 s later it is
                            * killed */
  int32_t is_confined;     /* 1: this one under the profile workspace, though the manifest says
                            * "host" */
  int32_t reserved;        /* 0 */
} ostler_command_options_t;
typedef struct ostler_command_end {
  uint32_t struct_size; /* set by the caller */
  int32_t exit_status;  /* -1 when a signal ended it */
  int32_t signal;       /* that ended it; 0: none did */
  int32_t is_truncated; /* of ostler_command_run: it wrote more than the 1 MiB that was kept */
  int32_t is_late;      /* of ostler_command_wait: its time limit has passed */
} ostler_command_end_t;

/* What an answer is made of, and where its parts go. */
typedef struct ostler_command_answer {
  ostler_command_end_t *end;
  const ostler_sink_t *output;
} ostler_command_answer_t;

/* The next of the numbers that a line of an answer has, each with one byte behind it. */
static inline int32_t ostler_next_number(ostler_text_t *text) {
  int32_t number = 0;
  int32_t sign = 1;
  for (; text->size > 0; ++text->data, --text->size) {
    const char c = *text->data;
    if (c == '-') sign = -1;
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
    if (c == ' ' || c == '\n') break;
  }
  if (text->size > 0) ++text->data, --text->size;
  return sign * number;
}

/* "EXIT_STATUS SIGNAL IS_TRUNCATED IS_LATE", LF, what it wrote. */
static inline void ostler_take_command_end(const ostler_sink_t *sink, ostler_text_t value) {
  const ostler_command_answer_t *answer = (const ostler_command_answer_t *)sink->context;
  ostler_command_end_t end;
  end.exit_status = ostler_next_number(&value);
  end.signal = ostler_next_number(&value);
  end.is_truncated = ostler_next_number(&value);
  end.is_late = ostler_next_number(&value);
  if (answer->end != NULL && OSTLER_REACHES(ostler_command_end_t, answer->end, is_late)) {
    end.struct_size = answer->end->struct_size;
    memcpy(answer->end, &end, sizeof end);
  }
  if (answer->output != NULL && OSTLER_HAS(ostler_sink_t, answer->output, take)) {
    answer->output->take(answer->output, value);
  }
}

/* Calls "run" or "start": three texts, then the words of the command. */
static inline ostler_status_t ostler_command_call(const ostler_host_t *host, const char *method,
                                                  const ostler_command_options_t *options,
                                                  const ostler_sink_t *value,
                                                  const ostler_sink_t *error) {
  char how[8];
  char limit[24];
  ostler_status_t status;
  ostler_text_t *texts =
      (ostler_text_t *)malloc((size_t)(options->argument_count + 3) * sizeof(ostler_text_t));
  if (texts == NULL) return OSTLER_UNAVAILABLE;
  texts[0].data = how;
  texts[0].size =
      (uint64_t)snprintf(how, sizeof how, "%s%s%s%s", options->reads_output ? "o" : "",
                         options->reads_errors ? "e" : "", options->open_input ? "i" : "",
                         options->is_confined ? "w" : "");
  texts[1] = ostler_milliseconds_text(options->time_limit_ns, limit, sizeof limit);
  texts[2] = options->input;
  if (options->argument_count > 0) {
    memcpy(texts + 3, options->arguments, (size_t)options->argument_count * sizeof(ostler_text_t));
  }
  status = ostler_call(host, OSTLER_COMMAND_ID, method, texts, options->argument_count + 3, value,
                       error);
  free(texts);
  return status;
}

/* Runs a program to its end; `output` gets what it wrote, 1 MiB at most. OSTLER_OK also when it
 * fails: `end` says how it ended. OSTLER_NOT_FOUND, OSTLER_DENIED: it could not be started.
 * OSTLER_TIMEOUT: its time limit passed. OSTLER_CANCELLED: the job was cancelled, and the program
 * stopped in the same way, within half of the time that is left. OSTLER_UNAVAILABLE: 16 are there
 * already. */
static inline ostler_status_t ostler_command_run(const ostler_host_t *host,
                                                 const ostler_command_options_t *options,
                                                 ostler_command_end_t *end,
                                                 const ostler_sink_t *output,
                                                 const ostler_sink_t *error) {
  ostler_command_answer_t answer;
  ostler_sink_t sink;
  answer.end = end;
  answer.output = output;
  sink.struct_size = sizeof sink;
  sink.reserved = 0;
  sink.context = &answer;
  sink.take = ostler_take_command_end;
  return ostler_command_call(host, "run", options, &sink, error);
}

/* Starts a program and returns; `name` gets that by which the functions below know it. Close it. A
 * cancel of the job stops the program, as ostler_command_run says, and ends calls that wait. */
static inline ostler_status_t ostler_command_start(const ostler_host_t *host,
                                                   const ostler_command_options_t *options,
                                                   const ostler_sink_t *name,
                                                   const ostler_sink_t *error) {
  return ostler_command_call(host, "start", options, name, error);
}

/* Gives it bytes to read, 255 KiB at most, and returns when all are in the pipe, which holds some
 * 64 KiB that it has not read. OSTLER_CONFLICT: it reads no more, or another call writes.
 * OSTLER_INVALID: started without open_input. */
static inline ostler_status_t ostler_command_write(const ostler_host_t *host, ostler_text_t name,
                                                   ostler_text_t bytes,
                                                   const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1] = bytes;
  return ostler_call(host, OSTLER_COMMAND_ID, "write", arguments, 2, NULL, error);
}

/* Says that no more comes. */
static inline ostler_status_t ostler_command_close_input(const ostler_host_t *host,
                                                         ostler_text_t name,
                                                         const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_COMMAND_ID, "close-input", &name, 1, NULL, error);
}

/* The next bytes of standard output, `of_errors` 1: of standard error, 256 KiB at most, as soon as
 * some are there; none at the end. A program waits while 1 MiB is not read. OSTLER_CONFLICT:
 * another call reads them. OSTLER_INVALID: started without reads_output or reads_errors. */
static inline ostler_status_t ostler_command_read(const ostler_host_t *host, ostler_text_t name,
                                                  int32_t of_errors, const ostler_sink_t *piece,
                                                  const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = of_errors != 0 ? "errors" : "output";
  arguments[1].size = 6;
  return ostler_call(host, OSTLER_COMMAND_ID, "read", arguments, 2, piece, error);
}

/* Sends a signal to the process group. OSTLER_CONFLICT: the program has ended. */
static inline ostler_status_t ostler_command_signal(const ostler_host_t *host, ostler_text_t name,
                                                    int32_t number, const ostler_sink_t *error) {
  char text[16];
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = text;
  arguments[1].size = (uint64_t)snprintf(text, sizeof text, "%d", number);
  return ostler_call(host, OSTLER_COMMAND_ID, "signal", arguments, 2, NULL, error);
}

/* Waits until it has ended, and what it wrote can be read to its end. `limit_ns`: rounded up to
 * milliseconds; 0: none. OSTLER_TIMEOUT: it runs longer, and goes on. Works as often as you like.
 */
static inline ostler_status_t ostler_command_wait(const ostler_host_t *host, ostler_text_t name,
                                                  int64_t limit_ns, ostler_command_end_t *end,
                                                  const ostler_sink_t *error) {
  char limit[24];
  ostler_text_t arguments[2];
  ostler_command_answer_t answer;
  ostler_sink_t sink;
  arguments[0] = name;
  arguments[1] = ostler_milliseconds_text(limit_ns, limit, sizeof limit);
  answer.end = end;
  answer.output = NULL;
  sink.struct_size = sizeof sink;
  sink.reserved = 0;
  sink.context = &answer;
  sink.take = ostler_take_command_end;
  return ostler_call(host, OSTLER_COMMAND_ID, "wait", arguments, 2, &sink, error);
}

/* Forgets the name; a program that still runs is killed, and over when this returns. OSTLER_OK also
 * when it is closed already. [any-thread | blocks until the program is gone | works] */
static inline ostler_status_t ostler_command_close(const ostler_host_t *host, ostler_text_t name,
                                                   const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_COMMAND_ID, "close", &name, 1, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
