// SPDX-License-Identifier: Apache-2.0
#include "box/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "box/calls.h"

static void write_json_text(FILE *into, ostler_text_t text) {
  fputc('"', into);
  for (uint64_t i = 0; i < text.size; ++i) {
    const unsigned char byte = (unsigned char)text.data[i];
    if (byte < 0x20) {
      fprintf(into, "\\u%04x", byte);
      continue;
    }
    if (byte == '"' || byte == '\\') fputc('\\', into);
    fputc(byte, into);
  }
  fputc('"', into);
}

/* What the host is asked for, as JSON that the caller frees; NULL: no memory. */
static char *json_of(const ostler_command_options_t *options, size_t *size) {
  char *text = NULL;
  FILE *into = open_memstream(&text, size);
  if (into == NULL) return NULL;
  fputs("{\"arguments\":[", into);
  for (uint64_t i = 0; i < options->argument_count; ++i) {
    if (i > 0) fputc(',', into);
    write_json_text(into, options->arguments[i]);
  }
  fprintf(into, "],\"capture\":%s,\"time_limit_ns\":%lld}", options->capture ? "true" : "false",
          (long long)options->time_limit_ns);
  if (fclose(into) == 0) return text;
  free(text);
  return NULL;
}

/* Where the parts of an answer go. */
struct taken {
  ostler_command_end_t *end;
  const ostler_sink_t *output;
};

/* A line with three numbers, then what the program wrote. */
static void take_end(const ostler_sink_t *sink, ostler_text_t value) {
  const struct taken *taken = sink->context;
  const char *line_end = value.size == 0 ? NULL : memchr(value.data, '\n', value.size);
  if (line_end == NULL) return;
  const size_t length = (size_t)(line_end - value.data);
  char line[64];
  if (length >= sizeof line) return;
  memcpy(line, value.data, length);
  line[length] = '\0';
  char *next = line;
  const int32_t exit_status = (int32_t)strtol(next, &next, 10);
  const int32_t signal = (int32_t)strtol(next, &next, 10);
  const int32_t is_truncated = (int32_t)strtol(next, &next, 10);
  if (taken->end != NULL && OSTLER_REACHES(ostler_command_end_t, taken->end, is_truncated)) {
    taken->end->exit_status = exit_status;
    taken->end->signal = signal;
    taken->end->is_truncated = is_truncated;
  }
  box_take(taken->output, (ostler_text_t){line_end + 1, value.size - length - 1});
}

ostler_status_t box_run_command(const ostler_host_t *host, const ostler_command_options_t *options,
                                ostler_command_end_t *end, const ostler_sink_t *output,
                                const ostler_sink_t *error) {
  if (options == NULL || !OSTLER_REACHES(ostler_command_options_t, options, time_limit_ns)) {
    box_take(error, box_text("a command without options"));
    return OSTLER_INVALID;
  }
  if (box_is_refusing()) {
    box_take(error, box_text("the job was cancelled"));
    return OSTLER_CANCELLED;
  }
  size_t size = 0;
  char *json = json_of(options, &size);
  if (json == NULL) {
    box_take(error, box_text("no memory for the options of a command"));
    return OSTLER_UNAVAILABLE;
  }
  struct taken taken = {end, output};
  const ostler_sink_t sink = {sizeof sink, 0, &taken, take_end};
  const ostler_status_t status =
      box_ask("ostler.command/1/run", (ostler_text_t){json, size}, options->input, &sink, error);
  free(json);
  return status;
}
