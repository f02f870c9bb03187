/* SPDX-License-Identifier: Apache-2.0 */
/* The service cache, a part of ostler/services.h. C11, and C++. */
#ifndef OSTLER_CACHE_H
#define OSTLER_CACHE_H

#include <ostler/call.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * cache: files of the workspace that later jobs of the cluster take up again. Manifest:
 * "permissions": {"services": ["cache"], "workspace": "write"}; "read" is enough to save. The
 * server keeps which entries there are, the place that the agent's operator names
 * (BUILDKITE_AGENT_CACHE_STORE_URL: file:///DIRECTORY, s3://BUCKET/PREFIX and the other stores of
 * artifacts) keeps their bytes; without one OSTLER_FAILED. Entries are of all jobs of the cluster:
 * a job that can write one can write what others restore.
 */
#define OSTLER_CACHE_ID "ostler.cache/1"
typedef struct ostler_cache_entry {
  uint32_t struct_size;
  uint32_t common;   /* how many of the first parts of the key another entry must have in common to
                      * be restored where this one is not there: the one with the most, of these
                      * the newest; 0: none may. Of no meaning to save */
  ostler_text_t key; /* its parts, one a line, from the general to the special: "deps", "linux",
                      * the digest of a file; 1 to 32, of 512 bytes at most */
  ostler_text_t paths; /* files and directories within the workspace, one a line, 1 to 64; an entry
                        * of other paths is another one */
} ostler_cache_entry_t;

/* Writes the files of the entry over those that are there. The value is {"hit": "exact",
 * "fallback" or "none", "key": its parts, "bytes": packed}. OSTLER_DENIED: the plugin may not write
 * the workspace. OSTLER_FAILED: the log says why. */
static inline ostler_status_t ostler_cache_restore(const ostler_host_t *host,
                                                   const ostler_cache_entry_t *entry,
                                                   const ostler_sink_t *value,
                                                   const ostler_sink_t *error) {
  char common[16];
  ostler_text_t arguments[3];
  arguments[0] = entry->key;
  arguments[1].data = common;
  arguments[1].size = (uint64_t)snprintf(common, sizeof common, "%u", (unsigned)entry->common);
  arguments[2] = entry->paths;
  return ostler_call(host, OSTLER_CACHE_ID, "restore", arguments, 3, value, error);
}

/* Keeps the files at the paths, those that are there; regular files, directories and symbolic links
 * alone. The value is {"saved": true, "bytes": packed}; false when an entry of that key and paths
 * is there already. OSTLER_NOT_FOUND: nothing is there. OSTLER_DENIED: the plugin does not see the
 * workspace. OSTLER_FAILED: the log says why. */
static inline ostler_status_t ostler_cache_save(const ostler_host_t *host,
                                                const ostler_cache_entry_t *entry,
                                                const ostler_sink_t *value,
                                                const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = entry->key;
  arguments[1] = entry->paths;
  return ostler_call(host, OSTLER_CACHE_ID, "save", arguments, 2, value, error);
}

#ifdef __cplusplus
}
#endif

#endif
