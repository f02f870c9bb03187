/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The services of the build; and those that every plugin may come to need, from headers of their
 * own. C11, and C++.
 */
#ifndef OSTLER_SERVICES_H
#define OSTLER_SERVICES_H

#include <ostler/artifact.h>
#include <ostler/cache.h>
#include <ostler/call.h>
#include <ostler/command.h>
#include <ostler/http.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * meta-data: what the jobs of a build tell each other and its people, by keys. Manifest:
 * "permissions": {"services": ["meta-data"]}. Secrets of the job are taken out of values.
 */
#define OSTLER_META_DATA_ID "ostler.meta-data/1"

/* OSTLER_NOT_FOUND: no such key. */
static inline ostler_status_t ostler_meta_data_get(const ostler_host_t *host, ostler_text_t key,
                                                   const ostler_sink_t *value,
                                                   const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_META_DATA_ID, "get", &key, 1, value, error);
}

/* OSTLER_INVALID: key or value is blank. OSTLER_DENIED: the key begins with "ostler:" or
 * "buildkite:". */
static inline ostler_status_t ostler_meta_data_set(const ostler_host_t *host, ostler_text_t key,
                                                   ostler_text_t value,
                                                   const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = key;
  arguments[1] = value;
  return ostler_call(host, OSTLER_META_DATA_ID, "set", arguments, 2, NULL, error);
}

/* The value is "1" when there is such a key, else "0". */
static inline ostler_status_t ostler_meta_data_exists(const ostler_host_t *host, ostler_text_t key,
                                                      const ostler_sink_t *value,
                                                      const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_META_DATA_ID, "exists", &key, 1, value, error);
}

/* The value is a JSON array of all keys. */
static inline ostler_status_t ostler_meta_data_keys(const ostler_host_t *host,
                                                    const ostler_sink_t *value,
                                                    const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_META_DATA_ID, "keys", NULL, 0, value, error);
}

/*
 * annotation: Markdown beside the build. Manifest: "permissions": {"services": ["annotation"]}.
 * Secrets of the job are taken out of it.
 */
#define OSTLER_ANNOTATION_ID "ostler.annotation/1"
typedef struct ostler_annotation {
  uint32_t struct_size;
  int32_t priority;      /* 1, shown last, to 10, shown first; 3 is usual */
  int32_t append;        /* 1: after what is there; 0: in its place */
  int32_t of_job;        /* 1: it is about the job; 0: about the build */
  ostler_text_t context; /* its name; one annotation per name */
  ostler_text_t style;   /* "success", "info", "warning" or "error"; empty: as it was */
  ostler_text_t body;    /* Markdown, at most 250 KiB in one call */
} ostler_annotation_t;

static inline ostler_text_t ostler_scope_text(int32_t of_job) {
  ostler_text_t text;
  text.data = of_job != 0 ? "job" : "build";
  text.size = strlen(text.data);
  return text;
}

/* Makes or changes it. OSTLER_INVALID: a value that is none, and what is longer than the server
 * takes. */
static inline ostler_status_t ostler_annotation_put(const ostler_host_t *host,
                                                    const ostler_annotation_t *annotation,
                                                    const ostler_sink_t *error) {
  char priority[16];
  ostler_text_t arguments[6];
  arguments[0] = annotation->context;
  arguments[1] = annotation->style;
  arguments[2] = ostler_scope_text(annotation->of_job);
  arguments[3].data = priority;
  arguments[3].size = (uint64_t)snprintf(priority, sizeof priority, "%d", annotation->priority);
  arguments[4].data = annotation->append != 0 ? "1" : "0";
  arguments[4].size = 1;
  arguments[5] = annotation->body;
  return ostler_call(host, OSTLER_ANNOTATION_ID, "put", arguments, 6, NULL, error);
}

/* OSTLER_NOT_FOUND: there is none of that name. */
static inline ostler_status_t ostler_annotation_remove(const ostler_host_t *host,
                                                       ostler_text_t context, int32_t of_job,
                                                       const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = context;
  arguments[1] = ostler_scope_text(of_job);
  return ostler_call(host, OSTLER_ANNOTATION_ID, "remove", arguments, 2, NULL, error);
}

/*
 * secret: values that the hub keeps for jobs. Manifest: "permissions": {"secrets": ["DEPLOY_KEY",
 * {"config": "/key"}]}, the second for a name that the configuration has there. To set some:
 * "permissions": {"secrets_put": ["ROTATED_KEY"]}, of the same form.
 */
#define OSTLER_SECRET_ID "ostler.secret/1"

/* The log hides the value from then on. OSTLER_DENIED: the manifest does not name it, or the server
 * does not give it to this job. OSTLER_NOT_FOUND: there is none. */
static inline ostler_status_t ostler_secret_get(const ostler_host_t *host, ostler_text_t name,
                                                const ostler_sink_t *value,
                                                const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SECRET_ID, "get", &name, 1, value, error);
}

/* Has the log hide a text from now on, and what goes to the server. OSTLER_INVALID: it has less
 * than 6 bytes, or 1,000 such texts, or 1 MiB, are there already. */
static inline ostler_status_t ostler_secret_protect(const ostler_host_t *host, ostler_text_t text,
                                                    const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_SECRET_ID, "protect", &text, 1, NULL, error);
}

/* Sets the value of a secret of the hub, for later jobs of the cluster, or makes the secret: 6 bytes
 * to 64 KiB of UTF-8 without NUL, which count as those of ostler_secret_protect. The log hides it
 * from then on. The agent's operator must list the plugin in plugin-secrets-put. Who set it is shown
 * with the secret. OSTLER_DENIED: the manifest does not name it, a person made it and has not opened
 * it to jobs (`ostler secret set NAME --writable-by-jobs`), or the hub itself uses it.
 * OSTLER_INVALID: no such value. OSTLER_UNAVAILABLE: at once where the job's server is no hub of
 * Ostler. OSTLER_FAILED: the job has set 100, or the cluster has 1,000 of jobs. */
static inline ostler_status_t ostler_secret_put(const ostler_host_t *host, ostler_text_t name,
                                                ostler_text_t value, const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1] = value;
  return ostler_call(host, OSTLER_SECRET_ID, "put", arguments, 2, NULL, error);
}

/*
 * pipeline: more steps for the build; a block step among them waits for a person. Manifest:
 * "permissions": {"services": ["pipeline"]}.
 */
#define OSTLER_PIPELINE_ID "ostler.pipeline/1"

/* Adds steps, YAML or JSON, behind this one; `replace`: 1 in the place of those that have not
 * begun. Nothing in them is interpolated. OSTLER_FAILED: they are refused; the log says why. */
static inline ostler_status_t ostler_pipeline_upload(const ostler_host_t *host, ostler_text_t steps,
                                                     int32_t replace, const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = steps;
  arguments[1].data = replace != 0 ? "1" : "0";
  arguments[1].size = 1;
  return ostler_call(host, OSTLER_PIPELINE_ID, "upload", arguments, 2, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
