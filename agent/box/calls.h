// SPDX-License-Identifier: Apache-2.0
/* Requests to the host and their answers, from any thread; the cancel of the job. */
#ifndef OSTLER_BOX_CALLS_H
#define OSTLER_BOX_CALLS_H

#include "box/wire.h"

/* Starts the thread that reads the socket. From then on nobody else may. */
bool box_start_listening(void);

/* Asks the host and waits. The answer's text goes to `value` when the status is OSTLER_OK, else to
 * `error`; either may be NULL. */
ostler_status_t box_ask(ostler_text_t method, const ostler_text_t *arguments, uint64_t count,
                        const ostler_sink_t *value, const ostler_sink_t *error);
/* The same, unless the job was cancelled: for calls that may take long. A method "close" works
 * then, too. */
ostler_status_t box_ask_unless_cancelled(const ostler_host_t *host, ostler_text_t method,
                                         const ostler_text_t *arguments, uint64_t count,
                                         const ostler_sink_t *value, const ostler_sink_t *error);

/* Hands over a result and waits for what the host makes of it. */
ostler_status_t box_tell_result(const ostler_result_t *result, const ostler_sink_t *error);

void box_take(const ostler_sink_t *sink, ostler_text_t value);

/* The functions of ostler_cancel. */
int32_t box_cancel_reason(const ostler_host_t *host);
int32_t box_cancel_descriptor(const ostler_host_t *host);
int64_t box_cancel_deadline(const ostler_host_t *host);
void box_begin_cleanup(const ostler_host_t *host);
/* Whether a call that blocks must return at once. */
bool box_is_refusing(void);
/* What a plugin may call inside `run`. From the first to the second it is told of a cancel. The
 * first is false when there was one before. */
bool box_enter_run(const ostler_step_t *step);
void box_leave_run(void);
/* From now on the plugin may not call: run() has returned, or init() has failed. */
void box_close_calls(const char *when);

int64_t box_ticks(void);

#endif
