// SPDX-License-Identifier: Apache-2.0
/* The rules of ostler/abi.h on threads and states: who breaks one ends the process as its fault.
 * Held when the host names ostler.thread-check/1 among its services. */
#ifndef OSTLER_BOX_THREADS_H
#define OSTLER_BOX_THREADS_H

#include "box/wire.h"

#define BOX_THREAD_CHECK_ID "ostler.thread-check/1"

/* The plugin may call the host; from the second on it may not any more, for it is `when`: "after
 * run() had returned". */
void box_allow_calls(bool watch);
void box_end_calls(const char *when);

/* Around a sink, and around cancel(), of the plugin: on the same thread. */
void box_enter_sink(void);
void box_leave_sink(void);
void box_enter_cancel(void);
void box_leave_cancel(void);

/* The plugin has called a function: one that may be called everywhere (log, progress), or any
 * other. Called without a lock. */
void box_light_call(const char *function);
void box_call(ostler_text_t function);
/* run() has returned, and that call has not. */
void box_unfinished_call(ostler_text_t function);

#endif
