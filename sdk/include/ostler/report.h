/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: what tests, coverage tools and linters have found. C11, and C++. Manifest: "permissions":
 * {"services": ["report"]}. A summary is kept with the job by a hub of Ostler, in the order in
 * which reports were handed in; elsewhere the log has a line for each. Secrets of the job in it are
 * replaced. A name is [a-z][a-z0-9_.-]*, at most 64 bytes; a job hands in at most 100.
 *
 * `path`: a regular file of the workspace, which the manifest lets the plugin read, or of its
 * scratch directory; absolute, or relative to the workspace; links may not lead out of it. The
 * value is the summary as JSON, as it is kept; `value` may be NULL. Texts in it are lines of at
 * most 512 bytes. OSTLER_INVALID: another file, no such report, with the place of the fault, or too
 * many. OSTLER_TIMEOUT: it could not be read within a minute.
 */
#ifndef OSTLER_REPORT_H
#define OSTLER_REPORT_H

#include <ostler/call.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OSTLER_REPORT_ID "ostler.report/1"

static inline ostler_status_t ostler_report_hand_in(const ostler_host_t *host, const char *method,
                                                    ostler_text_t name, ostler_text_t content,
                                                    const ostler_sink_t *value,
                                                    const ostler_sink_t *error) {
  ostler_text_t arguments[2];
  arguments[0] = name;
  arguments[1] = content;
  return ostler_call(host, OSTLER_REPORT_ID, method, arguments, 2, value, error);
}

/* JUnit's XML, at most 64 MiB: {"tests": 214, "failures": 2, "errors": 1, "skipped": 0,
 * "duration_ms": 9000, "failed": [{"name": "...", "outcome": "failure" or "error", "suite": "...",
 * "class": "...", "message": "...", "file": "...", "line": 7}]}, the first 50 of those; what is not
 * known of one is left out. A person who asks why the job failed is told the first of them. */
static inline ostler_status_t ostler_report_junit(const ostler_host_t *host, ostler_text_t name,
                                                  ostler_text_t path, const ostler_sink_t *value,
                                                  const ostler_sink_t *error) {
  return ostler_report_hand_in(host, "junit", name, path, value, error);
}

/* Cobertura's XML or lcov's records, whichever it is, at most 64 MiB: {"format": "cobertura" or
 * "lcov", "files": 12, "lines_valid": 900, "lines_covered": 700, "lowest": [{"file": "...",
 * "lines_valid": 10, "lines_covered": 0}]}, the 20 files of which the smallest part was run. */
static inline ostler_status_t ostler_report_coverage(const ostler_host_t *host, ostler_text_t name,
                                                     ostler_text_t path, const ostler_sink_t *value,
                                                     const ostler_sink_t *error) {
  return ostler_report_hand_in(host, "coverage", name, path, value, error);
}

/* SARIF 2, at most 16 MiB: {"levels": {"error": 1, "warning": 2, "note": 0, "none": 0},
 * "suppressed": 0, "results": [{"level": "error", "rule": "...", "message": "...", "file": "...",
 * "line": 7}]}, the first 50, the worst of them first. */
static inline ostler_status_t ostler_report_sarif(const ostler_host_t *host, ostler_text_t name,
                                                  ostler_text_t path, const ostler_sink_t *value,
                                                  const ostler_sink_t *error) {
  return ostler_report_hand_in(host, "sarif", name, path, value, error);
}

/* `table`: {"columns": ["file", "bytes"], "rows": [["a", 7]]}, at most 64 KiB, 32 columns and 500
 * rows; a cell is a text, a number, a boolean or null. It is kept as it is. */
static inline ostler_status_t ostler_report_table(const ostler_host_t *host, ostler_text_t name,
                                                  ostler_text_t table, const ostler_sink_t *error) {
  return ostler_report_hand_in(host, "table", name, table, NULL, error);
}

#ifdef __cplusplus
}
#endif

#endif
