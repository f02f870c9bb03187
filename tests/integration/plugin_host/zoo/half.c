/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins whose create() gives half a step, none, or does not return. */
#include <ostler/abi.h>
#include <unistd.h>

static ostler_status_t init(const ostler_step_t *step, const ostler_host_t *host,
                            const ostler_sink_t *error) {
  (void)step, (void)host, (void)error;
  return OSTLER_OK;
}

static ostler_status_t run(const ostler_step_t *step, const ostler_result_sink_t *result,
                           const ostler_sink_t *error) {
  (void)step;
  const ostler_result_t passed = {.struct_size = sizeof passed, .outcome = OSTLER_PASSED};
  return result->set(result, &passed, error);
}

static void destroy(const ostler_step_t *step) { (void)step; }

#if defined(HALF_NO_INIT)
static const ostler_step_t kStep = {sizeof kStep, 0, NULL, NULL, run, NULL, destroy};
#elif defined(HALF_NO_RUN)
static const ostler_step_t kStep = {sizeof kStep, 0, NULL, init, NULL, NULL, destroy};
#elif defined(HALF_NONE)
static const ostler_step_t kStep = {sizeof kStep, 0, NULL, NULL, NULL, NULL, NULL};
#elif defined(HALF_SHORT)
static const ostler_step_t kStep = {
    offsetof(ostler_step_t, cancel), 0, NULL, init, run, NULL, NULL};
#else
static const ostler_step_t kStep = {sizeof kStep, 0, NULL, init, run, NULL, destroy};
#endif

static const ostler_step_t *create(const ostler_step_factory_t *factory) {
  (void)factory, (void)init, (void)run, (void)destroy;
#if defined(HALF_HANGS)
  for (;;) pause();
#endif
#if defined(HALF_NULL)
  return NULL;
#elif defined(HALF_GARBAGE)
  return (const void *)0x1238; /* no page begins so low */
#else
  return &kStep;
#endif
}

static const ostler_descriptor_t *get_descriptor(void) {
#if defined(HALF_TEXT)
  static const ostler_descriptor_t descriptor = {sizeof descriptor, 0, {NULL, 3}, {"1.0.0", 5}};
#else
  static const ostler_descriptor_t descriptor = {sizeof descriptor, 0, {"zoo", 3}, {"1.0.0", 5}};
#endif
  return &descriptor;
}

static const void *get_factory(ostler_text_t id) {
  (void)id;
  static const ostler_step_factory_t factory = {sizeof factory, 0, create};
  return &factory;
}

OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {
    sizeof ostler_plugin_entry, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR, get_descriptor, get_factory};
