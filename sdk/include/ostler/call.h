/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of all services that have no table of their own in ostler/abi.h are made of.
 * C11, and C++.
 *
 * Of every function that says nothing else of it: [any-thread & initialised, running | blocks for a
 * call to the server and back, tried again while the server is out of reach | OSTLER_CANCELLED, at
 * once; works again after begin_cleanup()]
 * Arguments are borrowed until it returns. Besides what its comment names it returns
 * OSTLER_UNAVAILABLE when the server stays out of reach and when the host has no such service: the
 * manifest must ask for it, and there is none in a run outside any build.
 */
#ifndef OSTLER_CALL_H
#define OSTLER_CALL_H

#include <ostler/abi.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes which line of plugin.json asks for the service `id` (NUL-terminated) into `space`, as
 * snprintf does: "permissions": {"services": ["meta-data"]}.
 * [any-thread | any | not-blocking | unaffected] */
static inline int ostler_permission_line(const char *id, char *space, size_t size) {
  const char *name = strncmp(id, "ostler.", 7) == 0 ? id + 7 : id;
  const size_t length = strcspn(name, "/");
  if (strncmp(name, "command/", 8) == 0) {
    return snprintf(space, size, "\"permissions\": {\"commands\": \"workspace\"}, or \"host\"");
  }
  if (strncmp(name, "secret/", 7) == 0) {
    return snprintf(space, size, "\"permissions\": {\"secrets\": [\"NAME\"]}");
  }
  if (strncmp(name, "http/", 5) == 0) {
    return snprintf(space, size, "\"permissions\": {\"http\": [\"HOST\"]}");
  }
  return snprintf(space, size, "\"permissions\": {\"services\": [\"%.*s\"]}",
                  length > 64 ? 64 : (int)length, name);
}

/* Calls `method` of the service `id`; the functions of all services are made of it. Statuses are
 * those of the method. */
static inline ostler_status_t ostler_call(const ostler_host_t *host, const char *id,
                                          const char *method, const ostler_text_t *arguments,
                                          uint64_t argument_count, const ostler_sink_t *value,
                                          const ostler_sink_t *error) {
  char name[256];
  ostler_text_t text;
  const ostler_service_t *service;
  text.data = id;
  text.size = strlen(id);
  service = (const ostler_service_t *)host->get_extension(host, text);
  text.data = name;
  if (service == NULL) {
    char line[128];
    ostler_permission_line(id, line, sizeof line);
    text.size = (uint64_t)snprintf(
        name, sizeof name, "this run has no service %.64s; ask for it in plugin.json: %s", id, line);
    if (error != NULL && OSTLER_HAS(ostler_sink_t, error, take)) error->take(error, text);
    return OSTLER_UNAVAILABLE;
  }
  text.size = (uint64_t)snprintf(name, sizeof name, "%.64s/%.32s", id, method);
  return service->call(host, text, arguments, argument_count, value, error);
}

static inline ostler_text_t ostler_milliseconds_text(int64_t ns, char *space, size_t size) {
  ostler_text_t text;
  const int64_t ms = ns <= 0 ? 0 : ns / 1000000 + (ns % 1000000 != 0);
  text.data = space;
  text.size = (uint64_t)snprintf(space, size, "%lld", (long long)ms);
  return text;
}

#ifdef __cplusplus
}
#endif

#endif
