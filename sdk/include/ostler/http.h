/* SPDX-License-Identifier: Apache-2.0 */
/* The service http, a part of ostler/services.h. C11, and C++. */
#ifndef OSTLER_HTTP_H
#define OSTLER_HTTP_H

#include <ostler/call.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * http: requests that the host makes, to the hosts that the manifest names: "permissions":
 * {"http": ["api.example.com", "*.example.com", "127.0.0.1:8080", {"config": "/base_url"}]}. A host
 * without a port stands for ports 80 and 443. Proxies and certificates are those of the job.
 * Redirects are followed, ten at most, to such hosts; to another server without your headers.
 * [any-thread | blocks until the server has answered, or a deadline | OSTLER_CANCELLED, at once;
 * works again after begin_cleanup()]
 *
 * "hub:" in that list is the server that gave the job. The agent asks it, as the job, with a token
 * that no plugin sees: JSON, no other header, answers of 1 MiB at most, no idle deadline; 502 when
 * the server gave no answer. There are
 *
 * - GET hub:/v3/jobs/JOB: the state of this job
 * - POST hub:/v3/jobs/JOB/oidc/tokens, with {"audience": "sts.example.com"}: an identity token of
 *   this job, which the log hides from then on
 * - POST hub:/v3/builds/BUILD/data/get, .../exists and .../keys: meta-data of another build that
 *   the job may read
 * - POST hub:/v3/steps/STEP/export: an attribute of a step
 *
 * and no other: OSTLER_DENIED. OSTLER_UNAVAILABLE in a run outside any build.
 */
#define OSTLER_HTTP_ID "ostler.http/1"
typedef struct ostler_http_request {
  uint32_t struct_size;
  uint32_t reserved;     /* 0 */
  ostler_text_t method;  /* "GET" */
  ostler_text_t url;     /* http://, https:// or hub: */
  ostler_text_t headers; /* "Name: value", one a line. "{secret:NAME}" in a value stands for that
                          * secret, which the manifest names and which is sent by TLS only, or
                          * to this machine; it never enters the plugin. Text
                          * that is not yours must not have "{secret:" in it */
  ostler_text_t body;    /* with all else at most 255 KiB */
  int64_t total_ns;      /* from the begin of the request to the end of the answer; 0: none */
  int64_t idle_ns;       /* without a byte, rounded up to seconds; 0: none */
  int32_t most_attempts; /* 0 or 1: it is sent once */
  int32_t repeats_all;   /* 1: also one whose method is not GET, HEAD, OPTIONS, PUT or DELETE, which
                          * the server may then do twice */
  ostler_text_t body_file; /* path of a regular file of the workspace, which the manifest lets the
                            * plugin read, or of its scratch directory, that is sent in the place of
                            * `body`: absolute, or relative to the workspace; links may not lead out
                            * of it. At most 5 GiB, read from the disk while it is sent, by each
                            * attempt from its begin. Its size is told to the server
                            * (Content-Length), which does not get all of one that is changed
                            * meanwhile. Not to "hub:", not with HEAD */
} ostler_http_request_t;

/* One attempt at a request. */
typedef struct ostler_http_attempt {
  const ostler_sink_t *head;
  int64_t left_ns;    /* of the total deadline; 0: there is none */
  ostler_text_t held; /* the head of an answer that another attempt may follow */
  char *memory;       /* of it, to be freed; NULL: none is held */
  int32_t is_last;
  int32_t reserved;
  uint64_t why_size;
  char why[512]; /* what came instead of an answer */
} ostler_http_attempt_t;

static inline int32_t ostler_http_most_attempts(const ostler_http_request_t *request) {
  static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  size_t i;
  if (!OSTLER_REACHES(ostler_http_request_t, request, repeats_all)) return 1;
  if (request->url.size >= 4 && memcmp(request->url.data, "hub:", 4) == 0) return 1;
  if (request->repeats_all != 0) return request->most_attempts;
  for (i = 0; i < sizeof methods / sizeof *methods; ++i) {
    const size_t size = strlen(methods[i]);
    if (request->method.size != size) continue;
    if (memcmp(request->method.data, methods[i], size) == 0) return request->most_attempts;
  }
  return 1;
}

/* A whole number of at most nine digits; -1: none stands there. */
static inline int64_t ostler_http_number(const char *at, const char *end) {
  int64_t number = -1;
  int digits = 0;
  while (at != end && *at == ' ') ++at;
  for (; at != end && *at >= '0' && *at <= '9' && digits < 9; ++at, ++digits) {
    number = (number < 0 ? 0 : number * 10) + (*at - '0');
  }
  return number;
}

/* Seconds that the headers of an answer ask to wait; -1: they do not. */
static inline int64_t ostler_http_retry_after(ostler_text_t head) {
  static const char name[] = "retry-after:";
  const size_t size = sizeof name - 1;
  const char *at = head.data;
  const char *const end = head.data + head.size;
  while ((at = (const char *)memchr(at, '\n', (size_t)(end - at))) != NULL) {
    size_t i = 0;
    ++at;
    while (i < size && at + i != end &&
           (at[i] | ('A' <= at[i] && at[i] <= 'Z' ? 32 : 0)) == name[i]) {
      ++i;
    }
    if (i == size) return ostler_http_number(at + size, end);
  }
  return -1;
}

static inline void ostler_http_give(const ostler_sink_t *sink, ostler_text_t text) {
  if (sink != NULL && OSTLER_HAS(ostler_sink_t, sink, take)) sink->take(sink, text);
}

/* Hands the head of an answer on, or holds it: whether there is time for another attempt is asked
 * after the call, as a sink may not ask the clock. */
static inline void ostler_http_take_head(const ostler_sink_t *sink, ostler_text_t head) {
  ostler_http_attempt_t *attempt = (ostler_http_attempt_t *)sink->context;
  const int64_t status = ostler_http_number(head.data, head.data + head.size);
  const int is_overload = status == 429 || status == 502 || status == 503 || status == 504;
  if (is_overload && !attempt->is_last) attempt->memory = (char *)malloc((size_t)head.size);
  if (attempt->memory == NULL) {
    ostler_http_give(attempt->head, head);
    return;
  }
  memcpy(attempt->memory, head.data, (size_t)head.size);
  attempt->held.data = attempt->memory;
  attempt->held.size = head.size;
}

static inline void ostler_http_take_why(const ostler_sink_t *sink, ostler_text_t why) {
  ostler_http_attempt_t *attempt = (ostler_http_attempt_t *)sink->context;
  attempt->why_size = why.size < sizeof attempt->why ? why.size : sizeof attempt->why;
  while (attempt->why_size < why.size && attempt->why_size > 0 &&
         ((unsigned char)why.data[attempt->why_size] & 0xC0) == 0x80) {
    --attempt->why_size;
  }
  if (attempt->why_size > 0) memcpy(attempt->why, why.data, (size_t)attempt->why_size);
}

/* Ends it, at its end or before; OSTLER_OK also when it is closed already. [any-thread | blocks for
 * one message to the host and back | works] */
static inline ostler_status_t ostler_http_close(const ostler_host_t *host, ostler_text_t name,
                                                const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_HTTP_ID, "close", &name, 1, NULL, error);
}

/* Another attempt is made instead of the answer that is held. */
static inline void ostler_http_close_held(const ostler_host_t *host,
                                          const ostler_http_attempt_t *attempt) {
  const ostler_text_t head = attempt->held;
  const char *blank = (const char *)memchr(head.data, ' ', (size_t)head.size);
  const char *line = (const char *)memchr(head.data, '\n', (size_t)head.size);
  ostler_text_t name;
  if (blank == NULL) return;
  name.data = blank + 1;
  name.size = (uint64_t)((line == NULL ? head.data + head.size : line) - name.data);
  ostler_http_close(host, name, NULL);
}

static inline ostler_status_t ostler_http_ask(const ostler_host_t *host, const char *method,
                                              const ostler_http_request_t *request,
                                              ostler_http_attempt_t *attempt) {
  char total[24];
  char idle[24];
  ostler_text_t arguments[7];
  uint64_t count = 6;
  ostler_sink_t head = {sizeof(ostler_sink_t), 0, NULL, ostler_http_take_head};
  ostler_sink_t why = {sizeof(ostler_sink_t), 0, NULL, ostler_http_take_why};
  head.context = attempt;
  why.context = attempt;
  attempt->memory = NULL;
  attempt->held.size = 0;
  attempt->why_size = 0;
  arguments[0] = request->method;
  arguments[1] = request->url;
  arguments[2] = request->headers;
  arguments[3] = request->body;
  arguments[4] = ostler_milliseconds_text(attempt->left_ns, total, sizeof total);
  arguments[5] = ostler_milliseconds_text(request->idle_ns, idle, sizeof idle);
  if (OSTLER_REACHES(ostler_http_request_t, request, body_file) && request->body_file.size > 0) {
    arguments[count++] = request->body_file;
  }
  return ostler_call(host, OSTLER_HTTP_ID, method, arguments, count, &head, &why);
}

static inline ostler_status_t ostler_http_end(const ostler_http_attempt_t *attempt,
                                              ostler_status_t status, const ostler_sink_t *error) {
  ostler_text_t why;
  why.data = attempt->why;
  why.size = attempt->why_size;
  ostler_http_give(error, why);
  return status;
}

/* How long to wait for the next attempt; -1: the server asks for longer than anybody waits. Many
 * jobs come back by and by, also when it has told all of them the same. */
static inline int64_t ostler_http_delay_ns(const ostler_http_attempt_t *attempt, int64_t backoff_ns,
                                           int64_t begin_ns) {
  const int64_t asked = attempt->memory == NULL ? -1 : ostler_http_retry_after(attempt->held);
  int64_t delay = backoff_ns - backoff_ns / 4;
  if (asked > 600) return -1;
  if (asked * 1000000000 > delay) delay = asked * 1000000000;
  return delay + begin_ns % (backoff_ns / 2);
}

/* Waits for the next attempt, if there is to be one: OSTLER_TIMEOUT: there is no time for it. What
 * is held is closed before. */
static inline ostler_status_t ostler_http_wait(const ostler_host_t *host,
                                               const ostler_clock_t *clock, int64_t end_ns,
                                               int64_t delay_ns, ostler_http_attempt_t *attempt) {
  static const char cancelled[] = "the job was cancelled between two attempts at a request";
  if (attempt->is_last || delay_ns < 0) return OSTLER_TIMEOUT;
  if (end_ns > 0) {
    attempt->left_ns = end_ns - clock->ticks_ns(host) - delay_ns;
    if (attempt->left_ns <= 0) return OSTLER_TIMEOUT;
  }
  if (attempt->memory != NULL) ostler_http_close_held(host, attempt);
  if (clock->sleep(host, delay_ns) == OSTLER_OK) return OSTLER_OK;
  memcpy(attempt->why, cancelled, sizeof cancelled);
  attempt->why_size = sizeof cancelled - 1;
  return OSTLER_CANCELLED;
}

/* Sends it and waits for the head of the answer, whatever its status. `head` gets "200 71.3", the
 * status and a name by which to read it, and the headers, one a line. Close that name; a cancel of
 * the job closes all.
 *
 * With most_attempts it is sent again while there is no answer in time and no connection, and after
 * the statuses 429, 502, 503 and 504: after a second, twice as long each further time up to a
 * minute, give or take a quarter, or a little after the seconds of Retry-After, all within
 * total_ns. The last answer counts, and one whose Retry-After is too late for the deadline, or more
 * than ten minutes. What is asked of "hub:" is sent once. (It is the plugin
 * that sends again: by its clock, so that a test has no wait, and as requests of their own, so that
 * a case records each.)
 *
 * OSTLER_DENIED: a host that the manifest does not name, a secret without TLS, a certificate that
 * is not trusted. OSTLER_TIMEOUT: a deadline. OSTLER_UNAVAILABLE: no connection, or 16 requests are
 * open. OSTLER_INVALID: what is no request, and a body_file that is no such file. OSTLER_NOT_FOUND:
 * there is no body_file. OSTLER_CONFLICT: it was changed while it was sent. OSTLER_CANCELLED: also
 * in the middle of a body, and between two attempts. */
static inline ostler_status_t ostler_http_send(const ostler_host_t *host,
                                               const ostler_http_request_t *request,
                                               const ostler_sink_t *head,
                                               const ostler_sink_t *error) {
  const ostler_text_t clock_id = {OSTLER_CLOCK_ID, sizeof OSTLER_CLOCK_ID - 1};
  const ostler_clock_t *clock = (const ostler_clock_t *)host->get_extension(host, clock_id);
  const int64_t begin = clock->ticks_ns(host);
  const int64_t total = request->total_ns > 0 ? request->total_ns : 0;
  const int64_t end = total > INT64_MAX - begin ? INT64_MAX : begin + total;
  int64_t backoff = 1000000000;
  int32_t number;
  ostler_http_attempt_t attempt;
  memset(&attempt, 0, sizeof attempt);
  attempt.head = head;
  attempt.left_ns = total;
  for (number = 1;; ++number) {
    ostler_status_t status;
    ostler_status_t waited;
    attempt.is_last = number >= ostler_http_most_attempts(request);
    status = ostler_http_ask(host, "send", request, &attempt);
    if (attempt.memory == NULL && status != OSTLER_UNAVAILABLE && status != OSTLER_TIMEOUT) {
      return status == OSTLER_OK ? OSTLER_OK : ostler_http_end(&attempt, status, error);
    }
    waited = ostler_http_wait(host, clock, total > 0 ? end : 0,
                              ostler_http_delay_ns(&attempt, backoff, begin), &attempt);
    if (waited == OSTLER_TIMEOUT && attempt.memory != NULL) ostler_http_give(head, attempt.held);
    free(attempt.memory);
    if (waited == OSTLER_CANCELLED) status = OSTLER_CANCELLED;
    if (status == OSTLER_OK && waited == OSTLER_TIMEOUT) return OSTLER_OK;
    if (waited != OSTLER_OK) return ostler_http_end(&attempt, status, error);
    backoff = backoff > 30000000000 ? 60000000000 : backoff * 2;
  }
}

/* The next bytes of the answer's body, 256 KiB at most, as soon as some are there; none at its end.
 * What is not read waits at the server once 1 MiB is here. OSTLER_UNAVAILABLE: it was cut short.
 * OSTLER_TIMEOUT: a deadline. */
static inline ostler_status_t ostler_http_read(const ostler_host_t *host, ostler_text_t name,
                                               const ostler_sink_t *piece,
                                               const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_HTTP_ID, "read", &name, 1, piece, error);
}

#ifdef __cplusplus
}
#endif

#endif
