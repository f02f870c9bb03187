// SPDX-License-Identifier: Apache-2.0
#include "box/command.h"

#include "box/calls.h"

/* Where the parts of an answer go. */
struct taken {
  ostler_command_end_t *end;
  const ostler_sink_t *output;
};

/* Three numbers, then what the program wrote. */
static void take_end(const ostler_sink_t *sink, ostler_text_t value) {
  const struct taken *taken = sink->context;
  struct box_payload fields = {(const unsigned char *)value.data, value.size, false};
  const int32_t exit_status = (int32_t)box_get(&fields, 4);
  const int32_t signal = (int32_t)box_get(&fields, 4);
  const int32_t is_truncated = (int32_t)box_get(&fields, 1);
  if (taken->end != NULL && OSTLER_REACHES(ostler_command_end_t, taken->end, is_truncated)) {
    taken->end->exit_status = exit_status;
    taken->end->signal = signal;
    taken->end->is_truncated = is_truncated;
  }
  box_take(taken->output, (ostler_text_t){(const char *)fields.bytes, fields.size});
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
  struct taken taken = {end, output};
  const ostler_sink_t sink = {sizeof sink, 0, &taken, take_end};
  return box_ask_command(options, &sink, error);
}
