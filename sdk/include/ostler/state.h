/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state: values that a plugin keeps for later runs, changed by compare-and-swap. C11, and C++.
 * Manifest: "permissions": {"services": ["state"]}. Calls block, end and fail as those of
 * ostler/call.h; OSTLER_UNAVAILABLE at once where the job's server keeps no such values.
 *
 * A key has 1 to 256 letters, digits and characters of "._-/:@", a value at most 64 KiB of UTF-8
 * without NUL. Keys are of the plugin, by its id: another one does not see them. A scope (one
 * pipeline, one host, everywhere) has at most 1,000 keys of all plugins. Values stay until they are
 * deleted, or their pipeline or cluster is. Secrets of the job are taken out of values.
 *
 * Each change gives a value a new revision, greater than all before it, also after a deletion.
 */
#ifndef OSTLER_STATE_H
#define OSTLER_STATE_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OSTLER_STATE_ID "ostler.state/1"

/* Whose runs see a value. */
typedef int32_t ostler_state_scope_t;
enum {
  OSTLER_STATE_PIPELINE = 0,  /* those of the job's pipeline */
  OSTLER_STATE_HOST = 1,      /* those on the job's host, by its name, in its cluster */
  OSTLER_STATE_EVERYWHERE = 2 /* those of the job's cluster */
};

/* What a change expects. */
enum {
  OSTLER_STATE_NEW = 0, /* that there is no such key */
  OSTLER_STATE_ANY = -1 /* nothing: whatever is there */
};

static inline ostler_text_t ostler_state_scope_text(ostler_state_scope_t scope) {
  ostler_text_t text;
  text.data = scope == OSTLER_STATE_PIPELINE ? "pipeline"
              : scope == OSTLER_STATE_HOST   ? "host"
                                             : "everywhere";
  text.size = strlen(text.data);
  return text;
}

static inline ostler_text_t ostler_state_expected_text(int64_t expected, char *space, size_t size) {
  ostler_text_t text;
  text.data = space;
  text.size = (uint64_t)(expected < 0 ? snprintf(space, size, "any")
                                      : snprintf(space, size, "%lld", (long long)expected));
  return text;
}

/* Takes "7", LF and the value apart. */
typedef struct ostler_state_parts {
  int64_t revision;
  const ostler_sink_t *value; /* may be NULL */
} ostler_state_parts_t;

static inline void ostler_state_take(const ostler_sink_t *sink, ostler_text_t answer) {
  ostler_state_parts_t *parts = (ostler_state_parts_t *)sink->context;
  uint64_t at = 0;
  while (at < answer.size && answer.data[at] >= '0' && answer.data[at] <= '9') {
    parts->revision = parts->revision * 10 + (answer.data[at++] - '0');
  }
  if (parts->value == NULL || !OSTLER_HAS(ostler_sink_t, parts->value, take)) return;
  if (at < answer.size) ++at;
  answer.data += at;
  answer.size -= at;
  parts->value->take(parts->value, answer);
}

static inline ostler_status_t ostler_state_ask(const ostler_host_t *host, const char *method,
                                               const ostler_text_t *arguments, uint64_t count,
                                               int64_t *revision, const ostler_sink_t *value,
                                               const ostler_sink_t *error) {
  ostler_state_parts_t parts = {0, value};
  ostler_sink_t sink = {sizeof(ostler_sink_t), 0, NULL, ostler_state_take};
  ostler_status_t status;
  sink.context = &parts;
  status = ostler_call(host, OSTLER_STATE_ID, method, arguments, count, &sink, error);
  if (status == OSTLER_OK && revision != NULL) *revision = parts.revision;
  return status;
}

/* The value, and its revision unless `revision` is NULL. OSTLER_NOT_FOUND: there is no such key. */
static inline ostler_status_t ostler_state_get(const ostler_host_t *host,
                                               ostler_state_scope_t scope, ostler_text_t key,
                                               int64_t *revision, const ostler_sink_t *value,
                                               const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = ostler_state_scope_text(scope);
  arguments[1] = key;
  return ostler_state_ask(host, "get", arguments, 2, revision, value, error);
}

/* Sets it when its revision is `expected`, or OSTLER_STATE_NEW, or OSTLER_STATE_ANY; `revision`
 * (may be NULL) is the new one then. OSTLER_CONFLICT: it is another one, which `error` names, for
 * somebody was faster: get it again. OSTLER_INVALID: no such key or value. OSTLER_FAILED: the scope
 * is full. */
static inline ostler_status_t ostler_state_set(const ostler_host_t *host,
                                               ostler_state_scope_t scope, ostler_text_t key,
                                               ostler_text_t value, int64_t expected,
                                               int64_t *revision, const ostler_sink_t *error) {
  char number[24];
  ostler_text_t arguments[4];
  arguments[0] = ostler_state_scope_text(scope);
  arguments[1] = key;
  arguments[2] = value;
  arguments[3] = ostler_state_expected_text(expected, number, sizeof number);
  return ostler_state_ask(host, "set", arguments, 4, revision, NULL, error);
}

/* Deletes it by the same rule; with OSTLER_STATE_ANY a key that is not there is fine. */
static inline ostler_status_t ostler_state_delete(const ostler_host_t *host,
                                                  ostler_state_scope_t scope, ostler_text_t key,
                                                  int64_t expected, const ostler_sink_t *error) {
  char number[24];
  ostler_text_t arguments[3];
  arguments[0] = ostler_state_scope_text(scope);
  arguments[1] = key;
  arguments[2] = ostler_state_expected_text(expected, number, sizeof number);
  return ostler_call(host, OSTLER_STATE_ID, "delete", arguments, 3, NULL, error);
}

/* The value is a JSON array of the plugin's keys that begin with `begin`, sorted. */
static inline ostler_status_t ostler_state_keys(const ostler_host_t *host,
                                                ostler_state_scope_t scope, ostler_text_t begin,
                                                const ostler_sink_t *value,
                                                const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = ostler_state_scope_text(scope);
  arguments[1] = begin;
  return ostler_call(host, OSTLER_STATE_ID, "keys", arguments, 2, value, error);
}

#ifdef __cplusplus
}
#endif

#endif
