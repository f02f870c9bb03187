/* SPDX-License-Identifier: Apache-2.0 */
/* The service artifact, a part of ostler/services.h. C11, and C++. */
#ifndef OSTLER_ARTIFACT_H
#define OSTLER_ARTIFACT_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * artifact: files of the build. Manifest: "permissions": {"services": ["artifact"]}.
 */
#define OSTLER_ARTIFACT_ID "ostler.artifact/1"

/* Uploads a regular file of the workspace, which the manifest lets the plugin read, or of its
 * scratch directory, and returns when the server has it. `path`: absolute, or relative to the
 * workspace; links may not lead out of it. `name`: how the build shows it, "logs/a.txt".
 * `media_type`: may be empty. OSTLER_INVALID: another file, or no such name. OSTLER_FAILED: the
 * upload; the log says why. */
static inline ostler_status_t ostler_artifact_upload(const ostler_host_t *host, ostler_text_t path,
                                                     ostler_text_t name, ostler_text_t media_type,
                                                     const ostler_sink_t *error) {
  ostler_text_t arguments[3];
  arguments[0] = path;
  arguments[1] = name;
  arguments[2] = media_type;
  return ostler_call(host, OSTLER_ARTIFACT_ID, "upload", arguments, 3, NULL, error);
}

/* Which artifacts of a build are meant. */
typedef struct ostler_artifact_query {
  uint32_t struct_size;
  int32_t with_retried; /* 1: also those of jobs that were retried */
  ostler_text_t glob;   /* over their paths: "dist/" and stars, or one path */
  ostler_text_t step;   /* key or label of a step, or id of a job; empty: all */
  ostler_text_t build;  /* its id; empty: the build of this job */
} ostler_artifact_query_t;

/* The value is a JSON array, empty when nothing matches; of several with one path the newest:
 * [{"path": "dist/a", "size": 3, "sha1": "...", "sha256": "...", "id": "...", "job_id": "...",
 * "media_type": "..."}]; a digest that its uploader did not tell is empty. */
static inline ostler_status_t ostler_artifact_search(const ostler_host_t *host,
                                                     const ostler_artifact_query_t *query,
                                                     const ostler_sink_t *value,
                                                     const ostler_sink_t *error) {
  ostler_text_t arguments[4];
  arguments[0] = query->glob;
  arguments[1] = query->step;
  arguments[2] = query->build;
  arguments[3].data = query->with_retried != 0 ? "1" : "0";
  arguments[3].size = 1;
  return ostler_call(host, OSTLER_ARTIFACT_ID, "search", arguments, 4, value, error);
}

/* Writes each to its path beneath `directory`, whole, once its digest is right; what is there by
 * that name is replaced, missing directories are made, no symbolic link beneath `directory` is
 * followed. `directory`: one that is there, of the scratch directory, or of the workspace, which
 * the manifest lets the plugin write; absolute, or relative to the workspace. The value is how many
 * came. OSTLER_NOT_FOUND: nothing matches, or there is no such directory. OSTLER_DENIED: the plugin
 * may not write there. OSTLER_INVALID: no directory of these. OSTLER_FAILED: not all came; the log
 * says why. */
static inline ostler_status_t ostler_artifact_download(const ostler_host_t *host,
                                                       const ostler_artifact_query_t *query,
                                                       ostler_text_t directory,
                                                       const ostler_sink_t *value,
                                                       const ostler_sink_t *error) {
  ostler_text_t arguments[5];
  arguments[0] = query->glob;
  arguments[1] = directory;
  arguments[2] = query->step;
  arguments[3] = query->build;
  arguments[4].data = query->with_retried != 0 ? "1" : "0";
  arguments[4].size = 1;
  return ostler_call(host, OSTLER_ARTIFACT_ID, "download", arguments, 5, value, error);
}

#ifdef __cplusplus
}
#endif

#endif
