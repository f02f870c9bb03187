/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest plugin there can be, as C sees the header. */
#include <ostler/abi.h>
#include <ostler/lock.h>
#include <ostler/metric.h>
#include <ostler/report.h>
#include <ostler/service.h>
#include <ostler/services.h>
#include <ostler/state.h>

static ostler_status_t init(const ostler_step_t *step, const ostler_host_t *host,
                            const ostler_sink_t *error) {
  (void)step;
  (void)error;
  return OSTLER_HAS(ostler_host_t, host, get_extension) ? OSTLER_OK : OSTLER_INVALID;
}

static ostler_status_t run(const ostler_step_t *step, const ostler_result_sink_t *result,
                           const ostler_sink_t *error) {
  ostler_result_t passed = {sizeof passed, OSTLER_PASSED, 0,         0,
                            {NULL, 0},     {NULL, 0},     {NULL, 0}, {NULL, 0}};
  (void)step;
  return result->set(result, &passed, error);
}

static void destroy(const ostler_step_t *step) { (void)step; }

static const ostler_step_t the_step = {sizeof the_step, 0, NULL, init, run, NULL, destroy};

static const ostler_step_t *create(const ostler_step_factory_t *factory) {
  (void)factory;
  return &the_step;
}

static const ostler_step_factory_t the_factory = {sizeof the_factory, 0, create};
static const ostler_descriptor_t descriptor = {sizeof descriptor, 0, {"least", 5}, {"1.0.0", 5}};

static const ostler_descriptor_t *get_descriptor(void) { return &descriptor; }
static const void *get_factory(ostler_text_t id) { return id.size == 0 ? NULL : &the_factory; }

OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {
    sizeof ostler_plugin_entry, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR, get_descriptor, get_factory};
