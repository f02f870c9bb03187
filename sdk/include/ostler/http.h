/* SPDX-License-Identifier: Apache-2.0 */
/* The service http, a part of ostler/services.h. C11, and C++. */
#ifndef OSTLER_HTTP_H
#define OSTLER_HTTP_H

#include <ostler/call.h>

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
  int64_t total_ns;      /* from the begin to the end of the answer; 0: none */
  int64_t idle_ns;       /* without a byte, rounded up to seconds; 0: none */
} ostler_http_request_t;

/* Sends it and waits for the head of the answer, whatever its status. `head` gets "200 71.3", the
 * status and a name by which to read it, and the headers, one a line. Close that name; a cancel of
 * the job closes all.
 * OSTLER_DENIED: a host that the manifest does not name, a secret without TLS, a certificate that
 * is not trusted. OSTLER_TIMEOUT: a deadline. OSTLER_UNAVAILABLE: no connection, or 16 requests are
 * open; try again by ostler_clock's retry. OSTLER_INVALID: what is no request. */
static inline ostler_status_t ostler_http_send(const ostler_host_t *host,
                                               const ostler_http_request_t *request,
                                               const ostler_sink_t *head,
                                               const ostler_sink_t *error) {
  char total[24];
  char idle[24];
  ostler_text_t arguments[6];
  arguments[0] = request->method;
  arguments[1] = request->url;
  arguments[2] = request->headers;
  arguments[3] = request->body;
  arguments[4] = ostler_milliseconds_text(request->total_ns, total, sizeof total);
  arguments[5] = ostler_milliseconds_text(request->idle_ns, idle, sizeof idle);
  return ostler_call(host, OSTLER_HTTP_ID, "send", arguments, 6, head, error);
}

/* The next bytes of the answer's body, 256 KiB at most, as soon as some are there; none at its end.
 * What is not read waits at the server once 1 MiB is here. OSTLER_UNAVAILABLE: it was cut short.
 * OSTLER_TIMEOUT: a deadline. */
static inline ostler_status_t ostler_http_read(const ostler_host_t *host, ostler_text_t name,
                                               const ostler_sink_t *piece,
                                               const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_HTTP_ID, "read", &name, 1, piece, error);
}

/* Ends it, at its end or before; OSTLER_OK also when it is closed already. [any-thread | blocks for
 * one message to the host and back | works] */
static inline ostler_status_t ostler_http_close(const ostler_host_t *host, ostler_text_t name,
                                                const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_HTTP_ID, "close", &name, 1, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
