// SPDX-License-Identifier: Apache-2.0
#include "box/calls.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "box/threads.h"

enum { MOST_WAITING = 64, LONGEST_MESSAGE = 64 << 10 };

/* A thread that waits for an answer. */
struct waiting {
  uint32_t id; /* 0: free */
  ostler_text_t function;
  bool answered;
  ostler_status_t status;
  ostler_text_t text;
  void *memory;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct waiting waiting[MOST_WAITING]; /* guarded by `lock` */
static uint32_t last_id;                     /* guarded by `lock` */

static pthread_mutex_t run_lock = PTHREAD_MUTEX_INITIALIZER;
static const ostler_step_t *running; /* guarded by `run_lock` */

static int cancel_descriptor = -1;
static _Atomic int32_t cancel_reason;
static _Atomic int64_t cancel_deadline = INT64_MAX;
static atomic_bool cleaning_up;

int64_t box_ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int32_t box_cancel_reason(const ostler_host_t *host) { return cancel_reason; }
int32_t box_cancel_descriptor(const ostler_host_t *host) { return cancel_descriptor; }
int64_t box_cancel_deadline(const ostler_host_t *host) { return cancel_deadline; }

bool box_is_refusing(void) {
  if (cancel_reason == OSTLER_CANCEL_NONE) return false;
  return !cleaning_up || box_ticks() >= cancel_deadline;
}

void box_begin_cleanup(const ostler_host_t *host) {
  if (cancel_reason == OSTLER_CANCEL_NONE || atomic_exchange(&cleaning_up, true)) return;
  box_say(BOX_CLEANUP, "");
}

static void tell_plugin(int32_t reason) {
  pthread_mutex_lock(&run_lock);
  if (running != NULL && OSTLER_HAS(ostler_step_t, running, cancel)) {
    box_enter_cancel();
    running->cancel(running, reason);
    box_leave_cancel();
  }
  pthread_mutex_unlock(&run_lock);
}

/* The deadline stands before the reason is seen. A second cancel can only bring it forward. */
static void take_cancel(struct box_payload *payload) {
  const int32_t reason = (int32_t)box_get(payload, 1);
  const int64_t deadline = (int64_t)box_get(payload, 8);
  const bool is_first = cancel_reason == OSTLER_CANCEL_NONE;
  if (deadline < cancel_deadline) cancel_deadline = deadline;
  if (!is_first || reason == OSTLER_CANCEL_NONE) return;
  cancel_reason = reason;
  if (eventfd_write(cancel_descriptor, 1) != 0) return;
  tell_plugin(reason);
}

/* The memory of an answer that nobody waits for. */
static void *take_answer(struct box_payload *payload, void *memory) {
  const uint32_t id = (uint32_t)box_get(payload, 4);
  const ostler_status_t status = (ostler_status_t)box_get(payload, 4);
  const ostler_text_t text = box_get_text(payload);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST_WAITING; ++i) {
    if (waiting[i].id != id || id == 0 || waiting[i].answered) continue;
    waiting[i] = (struct waiting){id, waiting[i].function, true, status, text, memory};
    memory = NULL;
  }
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  return memory;
}

/* Ends the process when the host is gone: nobody waits for it any more. */
static void *listen_to_host(void *unused) {
  for (;;) {
    struct box_payload payload;
    void *memory = NULL;
    const int type = box_receive(&payload, &memory);
    if (type < 0) _exit(1);
    if (type == BOX_ANSWER) memory = take_answer(&payload, memory);
    if (type == BOX_CANCEL) take_cancel(&payload);
    free(memory);
  }
  return unused;
}

bool box_start_listening(void) {
  cancel_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const bool started = pthread_create(&thread, NULL, listen_to_host, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started && cancel_descriptor >= 0;
}

void box_take(const ostler_sink_t *sink, ostler_text_t value) {
  if (sink == NULL || !OSTLER_HAS(ostler_sink_t, sink, take)) return;
  box_enter_sink();
  sink->take(sink, value);
  box_leave_sink();
}

/* NULL: as many threads wait as there is room for. */
static struct waiting *begin_waiting(ostler_text_t function, const ostler_sink_t *error) {
  struct waiting *mine = NULL;
  box_call(function);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST_WAITING && mine == NULL; ++i)
    if (waiting[i].id == 0) mine = &waiting[i];
  if (++last_id == 0) last_id = 1;
  if (mine != NULL) *mine = (struct waiting){.id = last_id, .function = function};
  pthread_mutex_unlock(&lock);
  if (mine == NULL) box_take(error, box_text("more than 64 threads wait for the host"));
  return mine;
}

/* Waits for the answer to what was sent, or says that it could not be. */
static ostler_status_t end_waiting(struct waiting *mine, bool sent, const ostler_sink_t *value,
                                   const ostler_sink_t *error) {
  pthread_mutex_lock(&lock);
  while (sent && !mine->answered) pthread_cond_wait(&changed, &lock);
  const struct waiting answer = *mine;
  mine->id = 0;
  pthread_mutex_unlock(&lock);
  if (!sent) {
    box_take(error, box_text("the values of the call are longer than 256 KiB"));
    return OSTLER_INVALID;
  }
  box_take(answer.status == OSTLER_OK ? value : error, answer.text);
  free(answer.memory);
  return answer.status;
}

ostler_status_t box_ask(ostler_text_t method, const ostler_text_t *arguments, uint64_t count,
                        const ostler_sink_t *value, const ostler_sink_t *error) {
  struct waiting *mine = begin_waiting(method, error);
  if (mine == NULL) return OSTLER_UNAVAILABLE;
  const bool sent = box_say(BOX_ASK, "wtl", mine->id, method, arguments, count);
  return end_waiting(mine, sent, value, error);
}

ostler_status_t box_ask_unless_cancelled(const ostler_host_t *host, ostler_text_t method,
                                         const ostler_text_t *arguments, uint64_t count,
                                         const ostler_sink_t *value, const ostler_sink_t *error) {
  static const char close[] = "/close";
  const size_t size = sizeof close - 1;
  const bool closes =
      method.size > size && memcmp(method.data + method.size - size, close, size) == 0;
  if (closes || !box_is_refusing()) return box_ask(method, arguments, count, value, error);
  box_take(error, box_text("the job was cancelled"));
  return OSTLER_CANCELLED;
}

ostler_status_t box_tell_result(const ostler_result_t *result, const ostler_sink_t *error) {
  struct waiting *mine = begin_waiting(box_text("ostler_result_sink_t.set"), error);
  if (mine == NULL) return OSTLER_UNAVAILABLE;
  ostler_text_t message = result->message, hint = result->hint;
  /* Long ones must not cost the result. */
  if (message.size > LONGEST_MESSAGE) message.size = LONGEST_MESSAGE;
  if (hint.size > LONGEST_MESSAGE) hint.size = LONGEST_MESSAGE;
  const bool sent = box_say(BOX_RESULT, "wwwwtttt", mine->id, (uint32_t)result->outcome,
                            (uint32_t)result->exit_status, (uint32_t)result->retryable,
                            result->reason, message, hint, result->detail);
  return end_waiting(mine, sent, NULL, error);
}

bool box_enter_run(const ostler_step_t *step) {
  pthread_mutex_lock(&run_lock);
  const bool may_run = cancel_reason == OSTLER_CANCEL_NONE;
  if (may_run) running = step;
  pthread_mutex_unlock(&run_lock);
  return may_run;
}

void box_leave_run(void) {
  pthread_mutex_lock(&run_lock);
  running = NULL;
  pthread_mutex_unlock(&run_lock);
}

void box_close_calls(const char *when) {
  box_end_calls(when);
  pthread_mutex_lock(&lock);
  ostler_text_t unfinished = {NULL, 0};
  for (int i = 0; i < MOST_WAITING; ++i)
    if (waiting[i].id != 0) unfinished = waiting[i].function;
  pthread_mutex_unlock(&lock);
  if (unfinished.size > 0) box_unfinished_call(unfinished);
}
