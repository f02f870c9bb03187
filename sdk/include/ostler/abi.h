/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface between Ostler and a step plugin: a shared object that executes one step of a
 * pipeline. C11, and C++.
 *
 * Version 0.x: a host maps plugins of its own major and minor version only, until 1.0.
 *
 * Life of a plugin
 *
 *   found ----> mapped ----> created ----> initialised ----> running ----> stopped ----> destroyed
 *   manifest    entry,       create()      init()            run()         run()         destroy()
 *   was read    descriptor                                                 returned
 *                               |              |                                            ^
 *                               +--------------+----- init() failed ------------------------+
 *
 *   Each plugin runs in a process of its own, once, and is unloaded by the end of that process.
 *   Before it is mapped the process confines itself (see agent/docs/box-protocol.md): constructors
 *   of statics run confined. Destructors of statics do not run: destroy() is the last call.
 *
 * Threads
 *
 *   [main-thread]    the thread that mapped the plugin. It calls the plugin, except for cancel().
 *   [cancel-thread]  the host's thread that tells of a cancel, beside the main thread.
 *   [any-thread]     any of both, or a thread that the plugin has started.
 *
 *   Services may be called from any thread from the begin of init() until run() returns; the
 *   plugin joins its threads before that. Behind the tag stands the state: [main-thread & created];
 *   then whether the function blocks, and what a cancel of the job does to it:
 *   [any-thread | blocks | works]. What a function does not say of itself, the comment above its
 *   table says.
 *
 * Memory
 *
 *   Who allocates frees. What is passed to a function is borrowed until it returns, unless its
 *   comment says longer. Values come back through a sink: a function of the caller that is called,
 *   on the calling thread, before the call returns, and that copies what it wants to keep. A sink
 *   may call the services log, progress and cancel, no others.
 *
 * Values
 *
 *   Names and messages are UTF-8 without NUL. Paths, values of environment variables and the bytes
 *   of a log are bytes. A truth value is an int32_t, 0 or 1. Times are nanoseconds, `_ns` in the
 *   name. A struct that crosses begins with its size, as its writer was compiled: fields are only
 *   ever appended, and a reader asks OSTLER_HAS before it reads what a first version had not.
 *
 * Exceptions and signals
 *
 *   Nothing is thrown across, in either direction. A plugin that throws out of a function, crashes,
 *   or calls exit() ends its own process, and the host says so; the job goes on to its hooks.
 */
#ifndef OSTLER_ABI_H
#define OSTLER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OSTLER_ABI_MAJOR 0
#define OSTLER_ABI_MINOR 2

/* For the one symbol that a plugin exports. */
#define OSTLER_EXPORT __attribute__((visibility("default")))

/* Whether `table`, a struct of type `type`, was written by one who knew its field `member`. */
#define OSTLER_REACHES(type, table, member) \
  ((table)->struct_size >= offsetof(type, member) + sizeof((table)->member))

/* Whether it was written with the function or pointer `member`. */
#define OSTLER_HAS(type, table, member) \
  (OSTLER_REACHES(type, table, member) && (table)->member != NULL)

/* Bytes with a length; not ended by NUL. `data` may be NULL when `size` is 0. */
typedef struct ostler_text {
  const char *data;
  uint64_t size;
} ostler_text_t;

/* How a call went. A reader takes a number that it does not know for OSTLER_FAILED. */
typedef int32_t ostler_status_t;
enum {
  OSTLER_OK = 0,
  OSTLER_CANCELLED = 1,   /* the job was cancelled */
  OSTLER_TIMEOUT = 2,     /* a deadline of the call passed */
  OSTLER_NOT_FOUND = 3,   /* what was named does not exist */
  OSTLER_DENIED = 4,      /* not allowed: permission, policy */
  OSTLER_CONFLICT = 5,    /* it is in another state, or somebody else holds it */
  OSTLER_UNAVAILABLE = 6, /* out of reach or exhausted; may work later */
  OSTLER_INVALID = 7,     /* wrong argument, or a value of another type */
  OSTLER_FAILED = 8       /* anything else */
};

/* Takes one value. Made by the caller of a function, valid until that function returns. */
typedef struct ostler_sink {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *context;     /* the maker's own */
  /* Takes the whole value: called at most once for each sink. [the calling thread | must not block
   * | is called all the same] */
  void (*take)(const struct ostler_sink *sink, ostler_text_t value);
} ostler_sink_t;

/*
 * Wherever a function has `const ostler_sink_t *error`, the callee gives it the reason when it does
 * not return OSTLER_OK: one line for people, that says what is wrong with what. NULL: not wanted.
 */

/* What the host gives. */

/* The host, as a plugin sees it. Valid from init() until destroy() returns. */
typedef struct ostler_host {
  uint32_t struct_size;
  uint16_t abi_major;
  uint16_t abi_minor;
  void *host_data; /* the host's own */
  /*
   * The table of functions of a service, such as OSTLER_LOG_ID; NULL when this host, or this run,
   * has no such service. Valid as long as the host is.
   * [any-thread & initialised, running; main-thread inside init() | does not block | works]
   */
  const void *(*get_extension)(const struct ostler_host *host, ostler_text_t id);
} ostler_host_t;

/* What the plugin gives. */

/* How a step ended. */
typedef int32_t ostler_outcome_t;
enum {
  OSTLER_PASSED = 0,
  OSTLER_STEP_FAILED = 1,   /* the step did its work, and the answer is no */
  OSTLER_SKIPPED = 2,       /* there was nothing to do; counts as passed */
  OSTLER_ERROR = 3,         /* the step could not do its work */
  OSTLER_STEP_CANCELLED = 4 /* it stopped since the job was cancelled */
};

/* What a run has to say. */
typedef struct ostler_result {
  uint32_t struct_size;
  ostler_outcome_t outcome;
  /* 0 to 255: what the job's command ends with. 0 with `failed` and `error` stands for 1; `passed`
   * and `skipped` end with 0. */
  int32_t exit_status;
  int32_t retryable;    /* the same run may succeed later without anybody changing anything */
  ostler_text_t reason; /* for programs: [a-z0-9_], at most 64 bytes; may be empty */
  /* For people: what happened, and what to do about it (may be empty), one line of at most 4 KiB.
   * What is longer, or has more lines, is cut to that, and stands in the log up to 64 KiB. */
  ostler_text_t message;
  ostler_text_t hint;
  ostler_text_t detail; /* JSON, at most 64 KiB; may be empty */
} ostler_result_t;

/* Takes the result of a run. Valid until run() returns. */
typedef struct ostler_result_sink {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *host_data;   /* the host's own */
  /*
   * Says how the step ended; of several calls the last counts. Copies what it is given.
   * OSTLER_INVALID: the result breaks a rule of its struct, and `error` says which; the one before
   * it still counts. [any-thread & running | blocks for one message to the host and back | works]
   */
  ostler_status_t (*set)(const struct ostler_result_sink *sink, const ostler_result_t *result,
                         const ostler_sink_t *error);
} ostler_result_sink_t;

/* One step. Made by create(), owned by the plugin, valid until destroy() returns. */
typedef struct ostler_step {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *plugin_data; /* the plugin's own */
  /*
   * Required. Takes the services that it needs and looks at its configuration, which has passed
   * the schema of the manifest. Should be quick. Anything but OSTLER_OK ends the plugin: the next
   * call is destroy(). [main-thread & created | should be quick | calls that block return
   * OSTLER_CANCELLED]
   */
  ostler_status_t (*init)(const struct ostler_step *step, const ostler_host_t *host,
                          const ostler_sink_t *error);
  /*
   * Required. Does the work of the step, and returns when it is done. With OSTLER_OK the result
   * that was set counts, and a missing one is an error of the step; otherwise the step ends as an
   * error (OSTLER_CANCELLED: as cancelled) for the reason given to `error`; the status is its
   * reason for programs ("not_found"), and OSTLER_TIMEOUT and OSTLER_UNAVAILABLE are retryable.
   * After a cancel it must return before the deadline, else the process is killed. [main-thread &
   * initialised | as long as the step takes | must return before the deadline]
   */
  ostler_status_t (*run)(const struct ostler_step *step, const ostler_result_sink_t *result,
                         const ostler_sink_t *error);
  /*
   * May be NULL. Tells of a cancel at once, while run() goes on: for plugins that wait in a library
   * which must be woken. `reason`: see ostler_cancel. May call log, progress and cancel only, and
   * must not block. Never called after run() has returned; it may come while run() is only about to
   * begin: what it touches is made by init() or create(), and run() asks ostler_cancel before it
   * waits for what cancel() would wake. [cancel-thread & running | must not block | is how it is
   * told]
   */
  void (*cancel)(const struct ostler_step *step, int32_t reason);
  /*
   * Required. Ends the step: called once, after create() in any state, also when init() failed. May
   * not call the host. One that takes longer than 10 s is cut off with its process; the result, or
   * the status of run() or init(), stands. [main-thread & created, initialised, stopped | should be
   * quick | is called all the same]
   */
  void (*destroy)(const struct ostler_step *step);
} ostler_step_t;

/* Makes steps. Ids that begin with "ostler.provider" are reserved: what else a plugin may be one
 * day, of the kind "provider" in its manifest, which no host maps yet. */
#define OSTLER_STEP_FACTORY_ID "ostler.step/1"
typedef struct ostler_step_factory {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Makes the step: no work, no call of the host. NULL when it cannot. [main-thread & mapped | must
   * not block | comes after it] */
  const ostler_step_t *(*create)(const struct ostler_step_factory *factory);
} ostler_step_factory_t;

/* Who the plugin is; must agree with its manifest. */
typedef struct ostler_descriptor {
  uint32_t struct_size;
  uint32_t reserved;     /* 0 */
  ostler_text_t id;      /* [a-z][a-z0-9-]*, at most 64 bytes */
  ostler_text_t version; /* semantic version (1.2.3-rc.1, no build metadata), at most 64 bytes */
} ostler_descriptor_t;

/* The one exported symbol of a plugin, by which everything else is found. */
#define OSTLER_ENTRY_SYMBOL "ostler_plugin_entry"
typedef struct ostler_entry {
  uint32_t struct_size;
  uint16_t abi_major; /* OSTLER_ABI_MAJOR */
  uint16_t abi_minor; /* OSTLER_ABI_MINOR */
  /* Valid as long as the plugin is mapped. Never NULL. [main-thread & mapped | must not block |
   * comes after it] */
  const ostler_descriptor_t *(*get_descriptor)(void);
  /* The factory of that id, such as OSTLER_STEP_FACTORY_ID; NULL when the plugin has none. Valid as
   * long as the plugin is mapped. [main-thread & mapped | must not block | comes after it] */
  const void *(*get_factory)(ostler_text_t id);
} ostler_entry_t;

OSTLER_EXPORT extern const ostler_entry_t ostler_plugin_entry;

/* Services: each is an extension of the host. A change that breaks gets the next number in its id.
 */

/* What the job's log says. [any-thread | blocks no longer than the log takes to be written | works,
 * and inside sinks] */
#define OSTLER_LOG_ID "ostler.log/1"
typedef int32_t ostler_severity_t;
enum {
  OSTLER_LOG_DEBUG = 0, /* shown on demand only */
  OSTLER_LOG_INFO = 1,
  OSTLER_LOG_WARNING = 2,
  OSTLER_LOG_ERROR = 3,
  OSTLER_LOG_HOST_MISBEHAVING = 4,  /* the host broke a rule of this file */
  OSTLER_LOG_PLUGIN_MISBEHAVING = 5 /* the plugin, or a library of it, broke one */
};
typedef int32_t ostler_group_style_t;
enum {
  OSTLER_GROUP_COLLAPSED = 0, /* folded until somebody opens it */
  OSTLER_GROUP_EXPANDED = 1,
  OSTLER_GROUP_MUTED = 2 /* folded, and of little interest */
};
typedef struct ostler_log {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Writes bytes, secrets hidden, on lines of their own. */
  void (*write)(const ostler_host_t *host, ostler_severity_t severity, ostler_text_t bytes);
  /* Begins a group of lines, which lasts until the next. */
  void (*begin_group)(const ostler_host_t *host, ostler_group_style_t style, ostler_text_t title);
} ostler_log_t;

/* How far the step is. */
#define OSTLER_PROGRESS_ID "ostler.progress/1"
typedef struct ostler_progress_report {
  uint32_t struct_size;
  int32_t done;          /* 0 to 10000; other numbers are taken for the nearest of these */
  int32_t attempt;       /* from 1; 0 when the step knows none */
  int32_t reserved;      /* 0 */
  ostler_text_t phase;   /* "build"; may be empty; cut after 256 bytes and at the end of its line */
  ostler_text_t message; /* the same, after 1 KiB */
} ostler_progress_report_t;
typedef struct ostler_progress {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Says so; call it as often as you like: of many in a short time the last is shown.
   * [any-thread | does not block | works, and inside sinks] */
  void (*report)(const ostler_host_t *host, const ostler_progress_report_t *report);
} ostler_progress_t;

/* Whether the step should stop. After a cancel, calls that block return OSTLER_CANCELLED and are
 * refused until begin_cleanup(), after which they work until the deadline; then the process is
 * killed. Calls that do not block go on working. [any-thread | does not block | works, and inside
 * sinks] */
#define OSTLER_CANCEL_ID "ostler.cancel/1"
typedef int32_t ostler_cancel_reason_t;
enum {
  OSTLER_CANCEL_NONE = 0, /* not cancelled */
  OSTLER_CANCEL_USER = 1,
  OSTLER_CANCEL_TIMEOUT = 2,
  OSTLER_CANCEL_LEASE_LOST = 3,
  OSTLER_CANCEL_AGENT_STOP = 4
};
typedef struct ostler_cancel {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Why the job was cancelled; OSTLER_CANCEL_NONE while it is not. */
  ostler_cancel_reason_t (*reason)(const ostler_host_t *host);
  /* Readable from the cancel on: for poll(2) and its kin. The host's: neither read nor close it.
   * */
  int32_t (*descriptor)(const ostler_host_t *host);
  /* When the process is killed, in the ticks of ostler_clock; INT64_MAX while not cancelled.
   * */
  int64_t (*deadline_ns)(const ostler_host_t *host);
  /* From now on blocking calls work again, until the deadline: the plugin has seen the cancel and
   * cleans up. Does nothing before a cancel. */
  void (*begin_cleanup)(const ostler_host_t *host);
} ostler_cancel_t;

/* Time, and waiting. [any-thread | does not block | works] */
#define OSTLER_CLOCK_ID "ostler.clock/1"
typedef struct ostler_retry_policy {
  uint32_t struct_size;
  int32_t most_attempts;  /* 1 or more */
  int64_t first_delay_ns; /* before the second attempt; doubled before each further one */
  int64_t most_delay_ns;  /* no delay is longer */
} ostler_retry_policy_t;
typedef struct ostler_clock {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Nanoseconds since 1970, UTC. May jump. */
  int64_t (*now_ns)(const ostler_host_t *host);
  /* Ticks: nanoseconds that only grow, also while the machine sleeps. */
  int64_t (*ticks_ns)(const ostler_host_t *host);
  /* Waits. OSTLER_CANCELLED: the job was cancelled first, or the deadline came.
   * [any-thread | blocks for that time | OSTLER_CANCELLED, at once; it works again after
   * begin_cleanup()] */
  ostler_status_t (*sleep)(const ostler_host_t *host, int64_t duration_ns);
  /*
   * Calls `attempt` (with numbers from 1) until it returns something else than OSTLER_UNAVAILABLE
   * or OSTLER_TIMEOUT, or the attempts are used up, and returns its last answer. Delays vary by a
   * quarter, so that many jobs do not come back at once. OSTLER_CANCELLED: the job was cancelled
   * while it waited. OSTLER_INVALID: the policy makes no sense. [any-thread | blocks for the
   * delays, and as `attempt` does | OSTLER_CANCELLED, instead of the next attempt]
   */
  ostler_status_t (*retry)(const ostler_host_t *host, const ostler_retry_policy_t *policy,
                           ostler_status_t (*attempt)(void *context, int32_t number),
                           void *context);
} ostler_clock_t;

/*
 * The configuration that the pipeline gives the step: valid by the manifest's schema, defaults
 * filled in. `pointer` is a JSON pointer (RFC 6901): "" is the whole, "/servers/0/name" a part.
 * Every function: OSTLER_NOT_FOUND when nothing is there, OSTLER_INVALID when it is of another type
 * or `pointer` is none. [any-thread | blocks for one message to the host and back | works]
 */
#define OSTLER_CONFIG_ID "ostler.config/1"
typedef int32_t ostler_json_type_t;
enum {
  OSTLER_JSON_NULL = 1,
  OSTLER_JSON_BOOLEAN = 2,
  OSTLER_JSON_NUMBER = 3,
  OSTLER_JSON_STRING = 4,
  OSTLER_JSON_ARRAY = 5,
  OSTLER_JSON_OBJECT = 6
};
typedef struct ostler_config {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  ostler_status_t (*type)(const ostler_host_t *host, ostler_text_t pointer,
                          ostler_json_type_t *type, const ostler_sink_t *error);
  ostler_status_t (*boolean)(const ostler_host_t *host, ostler_text_t pointer, int32_t *value,
                             const ostler_sink_t *error);
  /* OSTLER_INVALID also for a number with a fraction, and beyond int64: read that as text. */
  ostler_status_t (*integer)(const ostler_host_t *host, ostler_text_t pointer, int64_t *value,
                             const ostler_sink_t *error);
  /* A string's characters, a number as it was written, or "true" and "false". */
  ostler_status_t (*text)(const ostler_host_t *host, ostler_text_t pointer,
                          const ostler_sink_t *value, const ostler_sink_t *error);
  /* Whatever is there, as JSON: no blanks, keys sorted, numbers as they were written. */
  ostler_status_t (*json)(const ostler_host_t *host, ostler_text_t pointer,
                          const ostler_sink_t *value, const ostler_sink_t *error);
  /* Of an array or object. */
  ostler_status_t (*count)(const ostler_host_t *host, ostler_text_t pointer, uint64_t *count,
                           const ostler_sink_t *error);
  /* The name of an object's member; they are sorted. */
  ostler_status_t (*key)(const ostler_host_t *host, ostler_text_t pointer, uint64_t index,
                         const ostler_sink_t *value, const ostler_sink_t *error);
} ostler_config_t;

/* What the step belongs to. Texts are empty where there is no such thing, as in a run outside any
 * build. */
#define OSTLER_JOB_ID "ostler.job/1"
typedef struct ostler_job_facts {
  uint32_t struct_size;
  int32_t attempt; /* from 1 */
  ostler_text_t job_id;
  ostler_text_t build_id;
  ostler_text_t build_number;
  ostler_text_t organization;
  ostler_text_t pipeline;
  ostler_text_t step_key;
  ostler_text_t step_label;
  ostler_text_t branch;
  ostler_text_t commit;
  ostler_text_t host_name;
  ostler_text_t agent_name;
  ostler_text_t workspace; /* directory of the checkout; empty when the plugin may not see it */
  ostler_text_t scratch;   /* a directory for this run alone, removed after it */
  /* A host may be older than what follows: ask OSTLER_REACHES(ostler_job_facts_t, facts, NAME). */
  ostler_text_t resources; /* directory with the files of the plugin beside its library, to be read
                              only; empty when it has none */
  ostler_text_t host_directory; /* a directory that stays on this host for later runs of the plugin
                                   in this pipeline, until nobody has used it for 30 days; others
                                   may run at the same time. Empty unless the manifest asks for it:
                                   "permissions": {"host_directory": "write"} */
  ostler_text_t parallel_job; /* which of the step's parallel jobs this is, from "0"; empty when it
                                 has no such */
  ostler_text_t parallel_job_count; /* how many they are */
} ostler_job_facts_t;
typedef struct ostler_job {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Never NULL; valid as long as the host is. [any-thread | does not block | works] */
  const ostler_job_facts_t *(*facts)(const ostler_host_t *host);
  /* A host may be older than what follows: ask OSTLER_HAS(ostler_job_t, job, NAME). */
  /*
   * What has become of the step with that key or id, of this build: "passed", "soft_failed",
   * "hard_failed" or "errored" once it is over, and before that where it is:
   * "waiting_for_dependencies", "ready", "waiting_for_input", "running"; "canceled"; "finished" for
   * a step that can neither pass nor fail. OSTLER_NOT_FOUND: the build has no such step.
   * OSTLER_UNAVAILABLE: the server is out of reach, or the run is outside any build. [any-thread |
   * blocks for a call to the server and back, tried again while it is out of reach |
   * OSTLER_CANCELLED, at once; works again after begin_cleanup()]
   */
  ostler_status_t (*outcome)(const ostler_host_t *host, ostler_text_t step,
                             const ostler_sink_t *value, const ostler_sink_t *error);
} ostler_job_t;

/* The environment of the job, which the plugin's own process does not have.
 * [any-thread | blocks for one message to the host and back | works] */
#define OSTLER_ENVIRONMENT_ID "ostler.environment/1"
typedef struct ostler_environment {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* OSTLER_NOT_FOUND: not set. */
  ostler_status_t (*get)(const ostler_host_t *host, ostler_text_t name, const ostler_sink_t *value,
                         const ostler_sink_t *error);
  /* Sets it for what follows in the job. OSTLER_DENIED: the name is protected. */
  ostler_status_t (*set)(const ostler_host_t *host, ostler_text_t name, ostler_text_t value,
                         const ostler_sink_t *error);
} ostler_environment_t;

/* Named values that the step leaves for others. */
#define OSTLER_OUTPUT_ID "ostler.output/1"
typedef struct ostler_output {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /* Name: [a-z][a-z0-9_-]*, at most 64 bytes, not "result"; value: JSON, at most 64 KiB; at most
   * 256 names. The last of several values of one name counts. OSTLER_INVALID: one of these does not
   * hold. [any-thread | blocks for one message to the host and back | works] */
  ostler_status_t (*set)(const ostler_host_t *host, ostler_text_t name, ostler_text_t json,
                         const ostler_sink_t *error);
  /* A host may be older than what follows: ask OSTLER_HAS(ostler_output_t, output, NAME). */
  /*
   * JSON that the plugin of the step with that key (without one: that id), of this build, has set;
   * "result" is how it ended: {"outcome": "passed", "message": "...", ...}. They are there once
   * the plugin is over. OSTLER_NOT_FOUND: there is none. OSTLER_INVALID: no such name.
   * OSTLER_UNAVAILABLE: the server is out of reach, or the run is outside any build. [any-thread |
   * blocks for a call to the server and back, tried again while it is out of reach |
   * OSTLER_CANCELLED, at once; works again after begin_cleanup()]
   */
  ostler_status_t (*get)(const ostler_host_t *host, ostler_text_t step, ostler_text_t name,
                         const ostler_sink_t *json, const ostler_sink_t *error);
} ostler_output_t;

/* The table of every service that has none of its own above: calls by name, with texts. The
 * functions of ostler/services.h make them. */
typedef struct ostler_service {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  /*
   * Calls `method`, such as "ostler.meta-data/1/get"; the arguments have at most 255 KiB.
   * OSTLER_NOT_FOUND: also when the host knows no such method. OSTLER_DENIED: the manifest does not
   * ask for it. OSTLER_CANCELLED: the job was cancelled, before the call or meanwhile; what was
   * asked for may have been done. OSTLER_UNAVAILABLE: out of reach, also after several attempts.
   * [any-thread | blocks as long as its method takes | OSTLER_CANCELLED, at once; works after
   * begin_cleanup(); a method "close" always works]
   */
  ostler_status_t (*call)(const ostler_host_t *host, ostler_text_t method,
                          const ostler_text_t *arguments, uint64_t argument_count,
                          const ostler_sink_t *value, const ostler_sink_t *error);
} ostler_service_t;

#ifdef __cplusplus
}
#endif

#endif
