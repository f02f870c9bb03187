/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The services that have no table of their own in ostler/abi.h: a function for each call. C11, and
 * C++.
 *
 * Of every function that says nothing else of it: [any-thread & initialised, running | blocks for a
 * call to the server and back, tried again while the server is out of reach | OSTLER_CANCELLED, at
 * once; works again after begin_cleanup()]
 * Arguments are borrowed until it returns. Besides what its comment names it returns
 * OSTLER_UNAVAILABLE when the server stays out of reach and when the host has no such service: the
 * manifest must ask for it, and there is none in a run outside any build.
 */
#ifndef OSTLER_SERVICES_H
#define OSTLER_SERVICES_H

#include <ostler/abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls `method` of the service `id`; the other functions of this file are made of it. Statuses are
 * those of the method. */
static inline ostler_status_t ostler_call(const ostler_host_t *host, const char *id,
                                          const char *method, const ostler_text_t *arguments,
                                          uint64_t argument_count, const ostler_sink_t *value,
                                          const ostler_sink_t *error) {
  char name[128];
  ostler_text_t text;
  const ostler_service_t *service;
  text.data = id;
  text.size = strlen(id);
  service = (const ostler_service_t *)host->get_extension(host, text);
  text.data = name;
  if (service == NULL) {
    text.size = (uint64_t)snprintf(name, sizeof name, "this run has no service %.64s", id);
    if (error != NULL && OSTLER_HAS(ostler_sink_t, error, take)) error->take(error, text);
    return OSTLER_UNAVAILABLE;
  }
  text.size = (uint64_t)snprintf(name, sizeof name, "%.64s/%.32s", id, method);
  return service->call(host, text, arguments, argument_count, value, error);
}

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
 * {"config": "/key"}]}, the second for a name that the configuration has there.
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

static inline ostler_text_t ostler_milliseconds_text(int64_t ns, char *space, size_t size) {
  ostler_text_t text;
  const int64_t ms = ns <= 0 ? 0 : ns / 1000000 + (ns % 1000000 != 0);
  text.data = space;
  text.size = (uint64_t)snprintf(space, size, "%lld", (long long)ms);
  return text;
}

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

/*
 * command: programs outside the box. The host starts them in the job's tree, in the directory of
 * the checkout. Manifest: "permissions": {"commands": "host"}: with the environment that the job
 * has by then and all rights of the agent's user, as a hook; or {"commands": "workspace"}: with
 * what the plugin may read of the environment, HOME and TMPDIR being the scratch directory, and
 * confined: they read and write the workspace and the scratch directory, read and execute the
 * programs of the system, have the network as the plugin has it, and get no privileges. Each has a
 * process group of its own: what is left of that ends with the program, and every program with the
 * plugin. These are there outside a build, too.
 * [any-thread | blocks until the program has, or its streams have, what is asked for |
 * OSTLER_CANCELLED, at once; works again after begin_cleanup()]
 */
#define OSTLER_COMMAND_ID "ostler.command/1"
typedef struct ostler_command_options {
  uint32_t struct_size;
  int32_t reads_output; /* 1: the plugin gets standard output; 0: it goes to the job's log, line by
                         * line */
  int32_t reads_errors; /* the same of standard error; for ostler_command_start only */
  int32_t open_input;   /* 1: ostler_command_write gives what it reads; for ostler_command_start
                         * only */
  const ostler_text_t
      *arguments;          /* the program first: a path, or a name in the job's PATH; without NUL */
  uint64_t argument_count; /* 1 or more */
  ostler_text_t input;     /* bytes that it reads; with the arguments at most 255 KiB */
  int64_t time_limit_ns;   /* rounded up to milliseconds; 0: none. When it has passed the program
                            * gets the job's cancel signal (SIGTERM unless set), 5 s later it is
                            * killed */
  int32_t is_confined;     /* 1: this one under the profile workspace, though the manifest says
                            * "host" */
  int32_t reserved;        /* 0 */
} ostler_command_options_t;
typedef struct ostler_command_end {
  uint32_t struct_size; /* set by the caller */
  int32_t exit_status;  /* -1 when a signal ended it */
  int32_t signal;       /* that ended it; 0: none did */
  int32_t is_truncated; /* of ostler_command_run: it wrote more than the 1 MiB that was kept */
  int32_t is_late;      /* of ostler_command_wait: its time limit has passed */
} ostler_command_end_t;

/* What an answer is made of, and where its parts go. */
typedef struct ostler_command_answer {
  ostler_command_end_t *end;
  const ostler_sink_t *output;
} ostler_command_answer_t;

/* The next of the numbers that a line of an answer has, each with one byte behind it. */
static inline int32_t ostler_next_number(ostler_text_t *text) {
  int32_t number = 0;
  int32_t sign = 1;
  for (; text->size > 0; ++text->data, --text->size) {
    const char c = *text->data;
    if (c == '-') sign = -1;
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
    if (c == ' ' || c == '\n') break;
  }
  if (text->size > 0) ++text->data, --text->size;
  return sign * number;
}

/* "EXIT_STATUS SIGNAL IS_TRUNCATED IS_LATE", LF, what it wrote. */
static inline void ostler_take_command_end(const ostler_sink_t *sink, ostler_text_t value) {
  const ostler_command_answer_t *answer = (const ostler_command_answer_t *)sink->context;
  ostler_command_end_t end;
  end.exit_status = ostler_next_number(&value);
  end.signal = ostler_next_number(&value);
  end.is_truncated = ostler_next_number(&value);
  end.is_late = ostler_next_number(&value);
  if (answer->end != NULL && OSTLER_REACHES(ostler_command_end_t, answer->end, is_late)) {
    end.struct_size = answer->end->struct_size;
    memcpy(answer->end, &end, sizeof end);
  }
  if (answer->output != NULL && OSTLER_HAS(ostler_sink_t, answer->output, take)) {
    answer->output->take(answer->output, value);
  }
}

/* Calls "run" or "start": three texts, then the words of the command. */
static inline ostler_status_t ostler_command_call(const ostler_host_t *host, const char *method,
                                                  const ostler_command_options_t *options,
                                                  const ostler_sink_t *value,
                                                  const ostler_sink_t *error) {
  char how[8];
  char limit[24];
  ostler_status_t status;
  ostler_text_t *texts =
      (ostler_text_t *)malloc((size_t)(options->argument_count + 3) * sizeof(ostler_text_t));
  if (texts == NULL) return OSTLER_UNAVAILABLE;
  texts[0].data = how;
  texts[0].size =
      (uint64_t)snprintf(how, sizeof how, "%s%s%s%s", options->reads_output ? "o" : "",
                         options->reads_errors ? "e" : "", options->open_input ? "i" : "",
                         options->is_confined ? "w" : "");
  texts[1] = ostler_milliseconds_text(options->time_limit_ns, limit, sizeof limit);
  texts[2] = options->input;
  if (options->argument_count > 0) {
    memcpy(texts + 3, options->arguments, (size_t)options->argument_count * sizeof(ostler_text_t));
  }
  status = ostler_call(host, OSTLER_COMMAND_ID, method, texts, options->argument_count + 3, value,
                       error);
  free(texts);
  return status;
}

/* Runs a program to its end; `output` gets what it wrote, 1 MiB at most. OSTLER_OK also when it
 * fails: `end` says how it ended. OSTLER_NOT_FOUND, OSTLER_DENIED: it could not be started.
 * OSTLER_TIMEOUT: its time limit passed. OSTLER_CANCELLED: the job was cancelled, and the program
 * stopped in the same way, within half of the time that is left. OSTLER_UNAVAILABLE: 16 are there
 * already. */
static inline ostler_status_t ostler_command_run(const ostler_host_t *host,
                                                 const ostler_command_options_t *options,
                                                 ostler_command_end_t *end,
                                                 const ostler_sink_t *output,
                                                 const ostler_sink_t *error) {
  ostler_command_answer_t answer;
  ostler_sink_t sink;
  answer.end = end;
  answer.output = output;
  sink.struct_size = sizeof sink;
  sink.reserved = 0;
  sink.context = &answer;
  sink.take = ostler_take_command_end;
  return ostler_command_call(host, "run", options, &sink, error);
}

/* Starts a program and returns; `name` gets that by which the functions below know it. Close it. A
 * cancel of the job stops the program, as ostler_command_run says, and ends calls that wait. */
static inline ostler_status_t ostler_command_start(const ostler_host_t *host,
                                                   const ostler_command_options_t *options,
                                                   const ostler_sink_t *name,
                                                   const ostler_sink_t *error) {
  return ostler_command_call(host, "start", options, name, error);
}

/* Gives it bytes to read, 255 KiB at most, and returns when all are in the pipe, which holds some
 * 64 KiB that it has not read. OSTLER_CONFLICT: it reads no more, or another call writes.
 * OSTLER_INVALID: started without open_input. */
static inline ostler_status_t ostler_command_write(const ostler_host_t *host, ostler_text_t name,
                                                   ostler_text_t bytes,
                                                   const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1] = bytes;
  return ostler_call(host, OSTLER_COMMAND_ID, "write", arguments, 2, NULL, error);
}

/* Says that no more comes. */
static inline ostler_status_t ostler_command_close_input(const ostler_host_t *host,
                                                         ostler_text_t name,
                                                         const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_COMMAND_ID, "close-input", &name, 1, NULL, error);
}

/* The next bytes of standard output, `of_errors` 1: of standard error, 256 KiB at most, as soon as
 * some are there; none at the end. A program waits while 1 MiB is not read. OSTLER_CONFLICT:
 * another call reads them. OSTLER_INVALID: started without reads_output or reads_errors. */
static inline ostler_status_t ostler_command_read(const ostler_host_t *host, ostler_text_t name,
                                                  int32_t of_errors, const ostler_sink_t *piece,
                                                  const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = of_errors != 0 ? "errors" : "output";
  arguments[1].size = 6;
  return ostler_call(host, OSTLER_COMMAND_ID, "read", arguments, 2, piece, error);
}

/* Sends a signal to the process group. OSTLER_CONFLICT: the program has ended. */
static inline ostler_status_t ostler_command_signal(const ostler_host_t *host, ostler_text_t name,
                                                    int32_t number, const ostler_sink_t *error) {
  char text[16];
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1].data = text;
  arguments[1].size = (uint64_t)snprintf(text, sizeof text, "%d", number);
  return ostler_call(host, OSTLER_COMMAND_ID, "signal", arguments, 2, NULL, error);
}

/* Waits until it has ended, and what it wrote can be read to its end. `limit_ns`: rounded up to
 * milliseconds; 0: none. OSTLER_TIMEOUT: it runs longer, and goes on. Works as often as you like.
 */
static inline ostler_status_t ostler_command_wait(const ostler_host_t *host, ostler_text_t name,
                                                  int64_t limit_ns, ostler_command_end_t *end,
                                                  const ostler_sink_t *error) {
  char limit[24];
  ostler_text_t arguments[2];
  ostler_command_answer_t answer;
  ostler_sink_t sink;
  arguments[0] = name;
  arguments[1] = ostler_milliseconds_text(limit_ns, limit, sizeof limit);
  answer.end = end;
  answer.output = NULL;
  sink.struct_size = sizeof sink;
  sink.reserved = 0;
  sink.context = &answer;
  sink.take = ostler_take_command_end;
  return ostler_call(host, OSTLER_COMMAND_ID, "wait", arguments, 2, &sink, error);
}

/* Forgets the name; a program that still runs is killed, and over when this returns. OSTLER_OK also
 * when it is closed already. [any-thread | blocks until the program is gone | works] */
static inline ostler_status_t ostler_command_close(const ostler_host_t *host, ostler_text_t name,
                                                   const ostler_sink_t *error) {
  return ostler_call(host, OSTLER_COMMAND_ID, "close", &name, 1, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
