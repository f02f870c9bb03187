/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock: locks by name that hold for all jobs of a cluster. C11, and C++. Manifest: "permissions":
 * {"services": ["lock"]}. Calls block, end and fail as those of ostler/call.h;
 * OSTLER_UNAVAILABLE at once where the job's server keeps no locks.
 *
 * A job holds a lock until it releases it or ends, in whatever way: it stays with the job when the
 * plugin is over. Who waits longest has it next. A name has 1 to 256 letters, digits and characters
 * of "._-/:@", and stands in the logs of those who wait.
 */
#ifndef OSTLER_LOCK_H
#define OSTLER_LOCK_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OSTLER_LOCK_ID "ostler.lock/1"

static inline void ostler_lock_take_fence(const ostler_sink_t *sink, ostler_text_t answer) {
  int64_t *fence = (int64_t *)sink->context;
  uint64_t at;
  *fence = 0;
  for (at = 0; at < answer.size; ++at) *fence = *fence * 10 + (answer.data[at] - '0');
}

/*
 * Waits for the lock, at most `longest_ns` (rounded up to seconds; 0: not at all; -1: as long as it
 * takes). `fence` (may be NULL) gets a number that is greater than those of all who held it before:
 * a system that is changed under the lock can refuse who comes with a lower one. After three
 * seconds the log says which job holds it. OSTLER_TIMEOUT: it does so still, and `error` names it.
 * OSTLER_CONFLICT: this job holds it, or waits for it, already. OSTLER_FAILED: this job has 64.
 */
static inline ostler_status_t ostler_lock_acquire(const ostler_host_t *host, ostler_text_t name,
                                                  int64_t longest_ns, int64_t *fence,
                                                  const ostler_sink_t *error) {
  char space[24];
  int64_t number = 0;
  ostler_sink_t sink = {sizeof(ostler_sink_t), 0, NULL, ostler_lock_take_fence};
  ostler_text_t arguments[2];
  ostler_status_t status;
  sink.context = &number;
  arguments[0] = name;
  arguments[1] = ostler_milliseconds_text(longest_ns, space, sizeof space);
  if (longest_ns < 0) {
    arguments[1].data = "-1";
    arguments[1].size = 2;
  }
  status = ostler_call(host, OSTLER_LOCK_ID, "acquire", arguments, 2, &sink, error);
  if (status == OSTLER_OK && fence != NULL) *fence = number;
  return status;
}

/* OSTLER_NOT_FOUND: the job does not hold it. */
static inline ostler_status_t ostler_lock_release(const ostler_host_t *host, ostler_text_t name,
                                                  const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_LOCK_ID, "release", &name, 1, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
