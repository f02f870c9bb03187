// SPDX-License-Identifier: Apache-2.0
#include "box/services.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "box/calls.h"
#include "box/threads.h"

enum { LOG_PIECE = 32 << 10, LONGEST_TITLE = 1024, LONGEST_PHASE = 256 };

static const struct box_start *given;

static pthread_mutex_t logging = PTHREAD_MUTEX_INITIALIZER;

/* A message that goes in pieces is not parted by one of another thread. */
static void log_write(const ostler_host_t *host, ostler_severity_t severity, ostler_text_t bytes) {
  box_light_call("ostler.log/1/write");
  pthread_mutex_lock(&logging);
  bool more = true;
  while (more) {
    const uint64_t size = bytes.size < LOG_PIECE ? bytes.size : LOG_PIECE;
    const ostler_text_t piece = {bytes.data, size};
    more = size < bytes.size;
    if (!box_say(BOX_LOG, "wbt", (uint32_t)severity, (unsigned)!more, piece)) break;
    bytes.data = more ? bytes.data + size : bytes.data;
    bytes.size -= size;
  }
  pthread_mutex_unlock(&logging);
}

/* Cut at the begin of a character of UTF-8. */
static ostler_text_t cut(ostler_text_t text, uint64_t longest) {
  if (text.size <= longest) return text;
  while (longest > 0 && ((unsigned char)text.data[longest] & 0xC0) == 0x80) --longest;
  return (ostler_text_t){text.data, longest};
}

static void log_begin_group(const ostler_host_t *host, ostler_group_style_t style,
                            ostler_text_t title) {
  box_light_call("ostler.log/1/begin_group");
  pthread_mutex_lock(&logging);
  box_say(BOX_GROUP, "wt", (uint32_t)style, cut(title, LONGEST_TITLE));
  pthread_mutex_unlock(&logging);
}

static void progress_report(const ostler_host_t *host, const ostler_progress_report_t *report) {
  box_light_call("ostler.progress/1/report");
  if (report == NULL || !OSTLER_REACHES(ostler_progress_report_t, report, message)) return;
  box_say(BOX_PROGRESS, "wwtt", (uint32_t)report->done, (uint32_t)report->attempt,
          cut(report->phase, LONGEST_PHASE), cut(report->message, LONGEST_TITLE));
}

/* Virtual time, of tests: it begins at the same moment each time, a sleep is over at once and moves
 * it on. After a day of it sleeps are real, so that a plugin that waits for ever does. */
static const int64_t kVirtualBegin = 1767225600000000000; /* 2026-01-01T00:00:00Z */
static const int64_t kVirtualDay = 86400000000000;
static bool is_virtual;
static _Atomic int64_t virtual_ticks;

static bool move_virtual_time(int64_t duration) {
  int64_t now = virtual_ticks;
  if (duration < 0) duration = 0;
  do {
    if (!is_virtual || duration > kVirtualDay - now) return false;
  } while (!atomic_compare_exchange_weak(&virtual_ticks, &now, now + duration));
  return true;
}

static int64_t clock_now_ns(const ostler_host_t *host) {
  struct timespec now;
  if (is_virtual) return kVirtualBegin + virtual_ticks;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t clock_ticks_ns(const ostler_host_t *host) {
  return is_virtual ? virtual_ticks : box_ticks();
}

/* The end of a sleep: the job's cancel before it, and while cleaning up the deadline. */
static ostler_status_t clock_sleep(const ostler_host_t *host, int64_t duration_ns) {
  box_call(box_text("ostler.clock/1/sleep"));
  const int64_t begin = box_ticks();
  const int64_t end = duration_ns > INT64_MAX - begin ? INT64_MAX : begin + duration_ns;
  for (;;) {
    if (box_is_refusing()) return OSTLER_CANCELLED;
    if (move_virtual_time(duration_ns)) return OSTLER_OK;
    const bool cleans_up = box_cancel_reason(host) != OSTLER_CANCEL_NONE;
    const int64_t deadline = box_cancel_deadline(host);
    const int64_t rest = (end < deadline ? end : deadline) - box_ticks();
    if (rest <= 0) return end <= deadline ? OSTLER_OK : OSTLER_CANCELLED;
    const struct timespec wait = {rest / 1000000000, rest % 1000000000};
    struct pollfd cancelled = {box_cancel_descriptor(host), POLLIN, 0};
    ppoll(&cancelled, cleans_up ? 0 : 1, &wait, NULL);
  }
}

static int64_t with_jitter(int64_t delay) {
  return delay - delay / 4 + (int64_t)((double)(delay / 2) * drand48());
}

static ostler_status_t clock_retry(const ostler_host_t *host, const ostler_retry_policy_t *policy,
                                   ostler_status_t (*attempt)(void *context, int32_t number),
                                   void *context) {
  box_call(box_text("ostler.clock/1/retry"));
  if (policy == NULL || attempt == NULL ||
      !OSTLER_REACHES(ostler_retry_policy_t, policy, most_delay_ns) || policy->most_attempts < 1 ||
      policy->first_delay_ns < 0 || policy->most_delay_ns < policy->first_delay_ns) {
    return OSTLER_INVALID;
  }
  int64_t delay = policy->first_delay_ns;
  for (int32_t number = 1;; ++number) {
    const ostler_status_t status = attempt(context, number);
    const bool may_work_later = status == OSTLER_UNAVAILABLE || status == OSTLER_TIMEOUT;
    if (!may_work_later || number >= policy->most_attempts) return status;
    if (clock_sleep(host, with_jitter(delay)) != OSTLER_OK) return OSTLER_CANCELLED;
    delay = delay > policy->most_delay_ns / 2 ? policy->most_delay_ns : delay * 2;
  }
}

/* An answer stands at the end of its payload, behind which there is a NUL. */
static void take_number(const ostler_sink_t *sink, ostler_text_t value) {
  *(int64_t *)sink->context = value.size == 0 ? 0 : strtoll(value.data, NULL, 10);
}

/* Calls whose answer is a whole number. */
#define ASKS_FOR_NUMBER(function, method, type)                                               \
  static ostler_status_t function(const ostler_host_t *host, ostler_text_t name, type *value, \
                                  const ostler_sink_t *error) {                               \
    int64_t number = 0;                                                                       \
    const ostler_sink_t sink = {sizeof sink, 0, &number, take_number};                        \
    const ostler_status_t status = box_ask(box_text(method), &name, 1, &sink, error);         \
    if (status == OSTLER_OK) *value = (type)number;                                           \
    return status;                                                                            \
  }
/* Calls whose answer is handed on as it is. */
#define ASKS_FOR_TEXT(function, method)                                                     \
  static ostler_status_t function(const ostler_host_t *host, ostler_text_t name,            \
                                  const ostler_sink_t *value, const ostler_sink_t *error) { \
    return box_ask(box_text(method), &name, 1, value, error);                               \
  }

ASKS_FOR_NUMBER(config_type, "ostler.config/1/type", ostler_json_type_t)
ASKS_FOR_NUMBER(config_boolean, "ostler.config/1/boolean", int32_t)
ASKS_FOR_NUMBER(config_integer, "ostler.config/1/integer", int64_t)
ASKS_FOR_NUMBER(config_count, "ostler.config/1/count", uint64_t)
ASKS_FOR_TEXT(config_text, "ostler.config/1/text")
ASKS_FOR_TEXT(config_json, "ostler.config/1/json")
ASKS_FOR_TEXT(environment_get, "ostler.environment/1/get")

static ostler_status_t config_key(const ostler_host_t *host, ostler_text_t pointer, uint64_t index,
                                  const ostler_sink_t *value, const ostler_sink_t *error) {
  char number[32];
  snprintf(number, sizeof number, "%llu", (unsigned long long)index);
  const ostler_text_t arguments[] = {pointer, box_text(number)};
  return box_ask(box_text("ostler.config/1/key"), arguments, 2, value, error);
}

static const ostler_job_facts_t *job_facts(const ostler_host_t *host) { return &given->facts; }

static ostler_status_t job_outcome(const ostler_host_t *host, ostler_text_t step,
                                   const ostler_sink_t *value, const ostler_sink_t *error) {
  return box_ask_unless_cancelled(host, box_text("ostler.job/1/outcome"), &step, 1, value, error);
}

static ostler_status_t environment_set(const ostler_host_t *host, ostler_text_t name,
                                       ostler_text_t value, const ostler_sink_t *error) {
  const ostler_text_t arguments[] = {name, value};
  return box_ask(box_text("ostler.environment/1/set"), arguments, 2, NULL, error);
}

static ostler_status_t output_set(const ostler_host_t *host, ostler_text_t name, ostler_text_t json,
                                  const ostler_sink_t *error) {
  const ostler_text_t arguments[] = {name, json};
  return box_ask(box_text("ostler.output/1/set"), arguments, 2, NULL, error);
}

static ostler_status_t output_get(const ostler_host_t *host, ostler_text_t step, ostler_text_t name,
                                  const ostler_sink_t *json, const ostler_sink_t *error) {
  const ostler_text_t arguments[] = {step, name};
  return box_ask_unless_cancelled(host, box_text("ostler.output/1/get"), arguments, 2, json, error);
}

static const ostler_log_t kLog = {sizeof kLog, 0, log_write, log_begin_group};
static const ostler_progress_t kProgress = {sizeof kProgress, 0, progress_report};
static const ostler_cancel_t kCancel = {sizeof kCancel,      0,
                                        box_cancel_reason,   box_cancel_descriptor,
                                        box_cancel_deadline, box_begin_cleanup};
static const ostler_clock_t kClock = {sizeof kClock,  0,           clock_now_ns,
                                      clock_ticks_ns, clock_sleep, clock_retry};
static const ostler_config_t kConfig = {sizeof kConfig, 0,           config_type, config_boolean,
                                        config_integer, config_text, config_json, config_count,
                                        config_key};
static const ostler_job_t kJob = {sizeof kJob, 0, job_facts, job_outcome};
static const ostler_environment_t kEnvironment = {sizeof kEnvironment, 0, environment_get,
                                                  environment_set};
static const ostler_output_t kOutput = {sizeof kOutput, 0, output_set, output_get};

/* Of every service that has no table above. */
static const ostler_service_t kService = {sizeof kService, 0, box_ask_unless_cancelled};

static const struct {
  const char *id;
  const void *table;
} kServices[] = {
    {OSTLER_LOG_ID, &kLog},       {OSTLER_PROGRESS_ID, &kProgress},
    {OSTLER_CANCEL_ID, &kCancel}, {OSTLER_CLOCK_ID, &kClock},
    {OSTLER_CONFIG_ID, &kConfig}, {OSTLER_JOB_ID, &kJob},
    {OSTLER_OUTPUT_ID, &kOutput}, {OSTLER_ENVIRONMENT_ID, &kEnvironment},
};

bool box_is_given(ostler_text_t id) {
  for (const char *const *one = given->services; *one != NULL; ++one)
    if (box_equal(id, *one)) return true;
  return false;
}

static const void *get_extension(const ostler_host_t *host, ostler_text_t id) {
  const void *table = &kService;
  for (size_t i = 0; i < sizeof kServices / sizeof *kServices; ++i)
    if (box_equal(id, kServices[i].id)) table = kServices[i].table;
  return box_is_given(id) ? table : NULL;
}

const ostler_host_t *box_host(const struct box_start *start) {
  static const ostler_host_t host = {sizeof host, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR, NULL,
                                     get_extension};
  given = start;
  is_virtual = box_is_given(box_text("ostler.virtual-clock/1"));
  srand48(clock_ticks_ns(&host));
  box_allow_calls(box_is_given(box_text(BOX_THREAD_CHECK_ID)));
  return &host;
}
