/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that outlive the job which starts them, and the sockets that they listen on. C11, and
 * C++.
 *
 * Of every function: [any-thread & initialised, running | blocks for a call to the agent and back,
 * for as long as there is none | OSTLER_CANCELLED, at once; works again after begin_cleanup()]
 * Arguments are borrowed until it returns. Besides what its comment names it returns
 * OSTLER_UNAVAILABLE when the host has no such service: the manifest must ask for it, and there is
 * none in a run outside any build.
 */
#ifndef OSTLER_SERVICE_H
#define OSTLER_SERVICE_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * listener: TCP sockets that listen on this machine alone (127.0.0.1), held by the host. Manifest:
 * "permissions": {"services": ["listener"]}. The plugin itself never has them: its commands find
 * those that are open as descriptors 3, 4 and so on, in the order of their names, with LISTEN_FDS,
 * LISTEN_PID and LISTEN_FDNAMES as systemd gives them, and the address of "my-web" in
 * OSTLER_LISTENER_MY_WEB. They end with the step; a service that was started with one keeps it.
 */
#define OSTLER_LISTENER_ID "ostler.listener/1"

/* `name`: [a-z][a-z0-9-]*, at most 32 bytes. `port`: 0 for any that is free. The value is the
 * address, "127.0.0.1:40123". OSTLER_CONFLICT: the name is open. OSTLER_UNAVAILABLE: the port is
 * taken, or 8 are open. */
static inline ostler_status_t ostler_listener_open(const ostler_host_t *host, ostler_text_t name,
                                                   uint16_t port, const ostler_sink_t *address,
                                                   const ostler_sink_t *error) {
  char number[8];
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = number;
  arguments[1].size = (uint64_t)snprintf(number, sizeof number, "%u", (unsigned)port);
  return ostler_call(host, OSTLER_LISTENER_ID, "open", arguments, 2, address, error);
}

/* OSTLER_OK also when none of that name is open. */
static inline ostler_status_t ostler_listener_close(const ostler_host_t *host, ostler_text_t name,
                                                    const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_LISTENER_ID, "close", &name, 1, NULL, error);
}

/*
 * service: programs that go on after the job, the agent and its restarts, until they are stopped or
 * the machine restarts. Manifest: "permissions": {"services": ["service"]}; the agent's operator
 * must list the plugin in plugin-services. A name means one of the pipeline; OSTLER_CONFLICT: it
 * runs for another plugin. What it prints goes to a log of its own: the last 4 to 8 MiB stay.
 */
#define OSTLER_SERVICE_RUN_ID "ostler.service/1"
enum { OSTLER_SERVICE_MOST_TEXTS = 128 };
typedef struct ostler_service_request {
  uint32_t struct_size;
  uint32_t threshold;     /* failed probes in a row that make it unhealthy; 3 is usual */
  ostler_text_t name;     /* [a-z][a-z0-9-]*, at most 32 bytes */
  ostler_text_t listener; /* name of an open one, which it gets as descriptor 3; or empty */
  ostler_text_t address;  /* where it will listen by itself: "127.0.0.1:8080", or "unix:NAME" for a
                           * socket in its directory; or empty. OSTLER_CONFLICT while another one
                           * that serves listens there */
  ostler_text_t probe;    /* "tcp": a connection, where there is no listener, which the host keeps
                           * open; "/path": an HTTP request that is answered with 2xx or 3xx;
                           * empty: none */
  ostler_text_t restart;  /* "never", "on-failure" or "always"; ten ends in a row, each within a
                           * minute, are the last */
  int64_t interval_ns;    /* between two probes, 100 ms to 1 h */
  const ostler_text_t *arguments; /* the program first, 128 at most; without secrets of the job */
  uint64_t argument_count;
  const ostler_text_t *environment; /* "NAME=value", 128 at most, which may be secret. It has these,
                                     * PATH, HOME, USER, LOGNAME, LANG, TZ, OSTLER_SERVICE_NAME,
                                     * _ID, _DIRECTORY and _ADDRESS, and nothing of the job */
  uint64_t environment_count;
} ostler_service_request_t;

/* Starts one beside the one of that name which runs; another that was never promoted is stopped.
 * It runs in the directory of its name. The value is its id, its address and that directory, one a
 * line. One that is not promoted within an hour is stopped. OSTLER_UNAVAILABLE: 32 run on the
 * agent, or the program cannot be started. */
static inline ostler_status_t ostler_service_start(const ostler_host_t *host,
                                                   const ostler_service_request_t *request,
                                                   const ostler_sink_t *value,
                                                   const ostler_sink_t *error) {
  char interval[24];
  char threshold[16];
  char count[16];
  ostler_text_t texts[8 + 2 * OSTLER_SERVICE_MOST_TEXTS];
  uint64_t at = 8;
  uint64_t i;
  if (request->argument_count > OSTLER_SERVICE_MOST_TEXTS ||
      request->environment_count > OSTLER_SERVICE_MOST_TEXTS) {
    return OSTLER_INVALID;
  }
  texts[0] = request->name;
  texts[1] = request->listener;
  texts[2] = request->address;
  texts[3] = request->probe;
  texts[4] = ostler_milliseconds_text(request->interval_ns, interval, sizeof interval);
  texts[5].data = threshold;
  texts[5].size = (uint64_t)snprintf(threshold, sizeof threshold, "%u", request->threshold);
  texts[6] = request->restart;
  texts[7].data = count;
  texts[7].size =
      (uint64_t)snprintf(count, sizeof count, "%u", (unsigned)request->environment_count);
  for (i = 0; i < request->environment_count; ++i) texts[at++] = request->environment[i];
  for (i = 0; i < request->argument_count; ++i) texts[at++] = request->arguments[i];
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "start", texts, at, value, error);
}

/* Makes it the one of its name, which stays; the one before is stopped. `target` is an id or, for
 * the newest that runs, a name. OSTLER_CONFLICT: it has ended. */
static inline ostler_status_t ostler_service_promote(const ostler_host_t *host,
                                                     ostler_text_t target,
                                                     const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "promote", &target, 1, NULL, error);
}

/* Tells one (an id), or all of a name, to end, and does not wait for it: SIGTERM, and after 10 s
 * what is left is killed. OSTLER_NOT_FOUND: none is known. */
static inline ostler_status_t ostler_service_stop(const ostler_host_t *host, ostler_text_t target,
                                                  const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "stop", &target, 1, NULL, error);
}

/* The value is a JSON array of those of an id, a name, or with an empty target the pipeline, the
 * oldest first: id, name, phase (waiting, running, restarting, stopping, stopped, ended, failed,
 * lost), health (unknown, healthy, unhealthy), promoted, address, restarts, evidence and times. */
static inline ostler_status_t ostler_service_status(const ostler_host_t *host, ostler_text_t target,
                                                    const ostler_sink_t *value,
                                                    const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "status", &target, 1, value, error);
}

/* The last `bytes`, 256 KiB at most, of what it has printed; of a name the newest. */
static inline ostler_status_t ostler_service_log(const ostler_host_t *host, ostler_text_t target,
                                                 uint32_t bytes, const ostler_sink_t *value,
                                                 const ostler_sink_t *error) {
  char number[16];
  ostler_text_t arguments[2];
  arguments[0] = target;
  arguments[1].data = number;
  arguments[1].size = (uint64_t)snprintf(number, sizeof number, "%u", bytes);
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "log", arguments, 2, value, error);
}

/* The directory in which services of the name run, and which stays for the next ones. It is for
 * commands to fill: the plugin itself may not enter it. */
static inline ostler_status_t ostler_service_directory(const ostler_host_t *host,
                                                       ostler_text_t name,
                                                       const ostler_sink_t *value,
                                                       const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SERVICE_RUN_ID, "place", &name, 1, value, error);
}

#ifdef __cplusplus
}
#endif

#endif
