/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins whose create() gives half a step, none, or does not return. */
#include <ostler/abi.h>
#include <string.h>
#include <sys/mman.h>
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

#if defined(HALF_AT_BORDER) || defined(HALF_TEXT_AT_BORDER)
/* Where 8 bytes of memory end, whatever the size of a page; the same place in each process. */
static void *border(const void *bytes, size_t size) {
  enum { HALF = 64 << 10, KINDS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE };
  char *memory = mmap((void *)0x10000000, 2 * HALF, PROT_READ | PROT_WRITE, KINDS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory + HALF, HALF, PROT_NONE) != 0) return NULL;
  return memcpy(memory + HALF - 8, bytes, size);
}
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
#elif defined(HALF_AT_BORDER)
  return border(&kStep, 8);
#else
  return &kStep;
#endif
}

static const ostler_descriptor_t *get_descriptor(void) {
#if defined(HALF_TEXT)
  static const ostler_descriptor_t descriptor = {sizeof descriptor, 0, {NULL, 3}, {"1.0.0", 5}};
#elif defined(HALF_TEXT_AT_BORDER)
  static ostler_descriptor_t descriptor = {sizeof descriptor, 0, {NULL, 9}, {"1.0.0", 5}};
  descriptor.id.data = border("zoo", 3);
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
