/* SPDX-License-Identifier: Apache-2.0 */
/* Shared objects that are no plugins of this host, each in its own way. */
#include <ostler/abi.h>
#include <unistd.h>

#if defined(MISFIT_HANGS)
__attribute__((constructor)) static void hang(void) {
  for (;;) pause();
}
#endif

#if defined(MISFIT_BORN_DEAD)
static volatile int *nowhere;
__attribute__((constructor)) static void die(void) { *nowhere = 1; }
#endif

#if defined(MISFIT_TWO_SYMBOLS)
OSTLER_EXPORT int another_symbol(void);
int another_symbol(void) { return 1; }
#endif

#if defined(MISFIT_VERSION)
enum { MINOR = OSTLER_ABI_MINOR + 1 };
#else
enum { MINOR = OSTLER_ABI_MINOR };
#endif

#if defined(MISFIT_UNRESOLVED)
int not_to_be_found(void);
#endif
#if defined(MISFIT_NEEDS) || defined(MISFIT_LACKS)
int needed(void);
#endif
#if defined(MISFIT_STATIC_TLS)
static __thread __attribute__((tls_model("initial-exec"))) volatile char large[2048];
#endif

/* Its writer knew no version. */
#if defined(MISFIT_SHORT)
enum { DESCRIPTOR_SIZE = offsetof(ostler_descriptor_t, version) };
#else
enum { DESCRIPTOR_SIZE = sizeof(ostler_descriptor_t) };
#endif

#if defined(MISFIT_SHORT)
static const ostler_step_t *create(const ostler_step_factory_t *factory) {
  (void)factory;
  return NULL;
}
#endif

static const ostler_descriptor_t *get_descriptor(void) {
  static const ostler_descriptor_t descriptor = {DESCRIPTOR_SIZE, 0, {"zoo", 3}, {"1.0.0", 5}};
#if defined(MISFIT_UNRESOLVED)
  if (not_to_be_found() != 0) return NULL;
#endif
#if defined(MISFIT_NEEDS) || defined(MISFIT_LACKS)
  if (needed() != 1) return NULL;
#endif
#if defined(MISFIT_STATIC_TLS)
  if (large[getpid() % 2048] != 0) return NULL;
#endif
  return &descriptor;
}

static const void *get_factory(ostler_text_t id) {
  (void)id;
#if defined(MISFIT_SHORT)
  static const ostler_step_factory_t factory = {sizeof factory, 0, create};
  return &factory;
#endif
  return NULL;
}

#if defined(MISFIT_NO_ENTRY)
OSTLER_EXPORT const ostler_entry_t plugin_entry;
#define ostler_plugin_entry plugin_entry
#endif
OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {
    sizeof ostler_plugin_entry, OSTLER_ABI_MAJOR, MINOR, get_descriptor, get_factory};
