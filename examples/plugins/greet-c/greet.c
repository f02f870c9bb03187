/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest useful step plugin in C: reads its configuration, writes to the log, passes. */
#include <ostler/abi.h>
#include <stdio.h>
#include <string.h>

static const ostler_host_t *host;
static const ostler_log_t *log_service;
static const ostler_config_t *config;
static char name[401]; /* 100 characters, as plugin.json says, have at most 400 bytes */

static ostler_text_t text(const char *characters) {
  ostler_text_t made = {characters, strlen(characters)};
  return made;
}

/* Keeps what the host says: it is borrowed only while this runs. */
static void keep_name(const ostler_sink_t *sink, ostler_text_t value) {
  (void)sink;
  snprintf(name, sizeof name, "%.*s", (int)value.size, value.data);
}

static ostler_status_t init(const ostler_step_t *step, const ostler_host_t *given,
                            const ostler_sink_t *error) {
  (void)step;
  host = given;
  log_service = host->get_extension(host, text(OSTLER_LOG_ID));
  config = host->get_extension(host, text(OSTLER_CONFIG_ID));
  if (log_service != NULL && config != NULL) return OSTLER_OK;
  if (error != NULL) error->take(error, text("this host gives no log or no configuration"));
  return OSTLER_UNAVAILABLE;
}

static ostler_status_t run(const ostler_step_t *step, const ostler_result_sink_t *result,
                           const ostler_sink_t *error) {
  (void)step;
  const ostler_sink_t sink = {sizeof sink, 0, NULL, keep_name};
  const ostler_status_t status = config->text(host, text("/name"), &sink, error);
  if (status != OSTLER_OK) return status;
  char line[sizeof name + 16];
  snprintf(line, sizeof line, "Hello, %s!", name);
  log_service->write(host, OSTLER_LOG_INFO, text(line));
  ostler_result_t passed = {.struct_size = sizeof passed, .outcome = OSTLER_PASSED};
  passed.message = text("greeted one");
  return result->set(result, &passed, error);
}

static void destroy(const ostler_step_t *step) { (void)step; }

static const ostler_step_t greet = {sizeof greet, 0, NULL, init, run, NULL, destroy};

static const ostler_step_t *create(const ostler_step_factory_t *factory) {
  (void)factory;
  return &greet;
}

static const ostler_step_factory_t steps = {sizeof steps, 0, create};

static const void *get_factory(ostler_text_t id) {
  const size_t size = strlen(OSTLER_STEP_FACTORY_ID);
  return id.size == size && memcmp(id.data, OSTLER_STEP_FACTORY_ID, size) == 0 ? &steps : NULL;
}

static const ostler_descriptor_t *get_descriptor(void) {
  static ostler_descriptor_t descriptor = {sizeof descriptor, 0, {"greet", 5}, {"1.0.0", 5}};
  return &descriptor;
}

OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {
    sizeof ostler_plugin_entry, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR, get_descriptor, get_factory};
