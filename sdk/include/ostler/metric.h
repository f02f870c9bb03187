/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metric: figures about a run: counts, durations, costs. C11, and C++. Manifest: "permissions":
 * {"services": ["metric"]}. They are kept with the job by a hub of Ostler, in the order in which
 * they were told; elsewhere the log has a line for each. A name is [a-z][a-z0-9_.-]*, at most 64
 * bytes; a job tells at most 500. OSTLER_INVALID: what is none, or too many.
 */
#ifndef OSTLER_METRIC_H
#define OSTLER_METRIC_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OSTLER_METRIC_ID "ostler.metric/1"

static inline ostler_status_t ostler_metric_number(const ostler_host_t *host, const char *method,
                                                   ostler_text_t name, int64_t number,
                                                   const ostler_sink_t *error) {
  char value[24];
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = value;
  arguments[1].size = (uint64_t)snprintf(value, sizeof value, "%lld", (long long)number);
  return ostler_call(host, OSTLER_METRIC_ID, method, arguments, 2, NULL, error);
}

/* "tests", 214: at most 15 digits. */
static inline ostler_status_t ostler_metric_count(const ostler_host_t *host, ostler_text_t name,
                                                  int64_t count, const ostler_sink_t *error) {
  return ostler_metric_number(host, "count", name, count, error);
}

/* Kept in milliseconds. */
static inline ostler_status_t ostler_metric_duration(const ostler_host_t *host, ostler_text_t name,
                                                     int64_t duration_ns,
                                                     const ostler_sink_t *error) {
  return ostler_metric_number(host, "duration", name, duration_ns / 1000000, error);
}

/* `amount`: a decimal number, "0.25", kept as it is; `currency`: "USD". */
static inline ostler_status_t ostler_metric_cost(const ostler_host_t *host, ostler_text_t name,
                                                 ostler_text_t amount, ostler_text_t currency,
                                                 const ostler_sink_t *error) {
  ostler_text_t arguments[3];
  arguments[0] = name;
  arguments[1] = amount;
  arguments[2] = currency;
  return ostler_call(host, OSTLER_METRIC_ID, "cost", arguments, 3, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
