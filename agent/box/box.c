// SPDX-License-Identifier: Apache-2.0
/*
 * ostler-box: the process of one run of a step plugin. Started with a socket to its host as
 * descriptor 3, the plugin's shared object as descriptor 4, and libraries that it needs from 5 on;
 * agent/docs/box-protocol.md has the order of what they say. Confines itself, maps the plugin, runs
 * it, ends.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box/calls.h"
#include "box/confine.h"
#include "box/crash.h"
#include "box/services.h"

static struct box_start start;

/* Says why there is no run, and ends. */
__attribute__((format(printf, 1, 2))) static _Noreturn void fault(const char *what, ...) {
  char text[1024];
  va_list values;
  va_start(values, what);
  vsnprintf(text, sizeof text, what, values);
  box_say(BOX_FAULT, "t", box_text(text));
  _exit(1);
}

static void confine(void) {
  uint32_t measures = 0;
  const char *failed = NULL;
  if (!box_confine(&start, &measures, &failed)) fault("%s: %s", failed, strerror(errno));
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  box_say(BOX_CONFINED, "w", measures);
}

static _Noreturn void execute(void) {
  box_execute(&start);
  fault("%s: %s", start.command[0], strerror(errno));
}

static void *map_file(size_t i) {
  char path[32];
  const int size = snprintf(path, sizeof path, BOX_FILE_PATH "%zu", BOX_FILE + i);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *why = dlerror(); /* people know it by another name than the linker */
    const bool has_path = strncmp(why, path, (size_t)size) == 0;
    fault("it cannot be mapped: %s%s", has_path ? start.files[i] : "", why + (has_path ? size : 0));
  }
  close(BOX_FILE + (int)i);
  return library;
}

/* What a file needs is there before it: the linker knows that by its DT_SONAME. */
static const ostler_entry_t *map(void) {
  box_watch_crashes(&start); /* their constructors may crash */
  void *library = NULL;
  for (size_t i = start.file_count; i > 0; --i) library = map_file(i - 1);
  const ostler_entry_t *entry = dlsym(library, OSTLER_ENTRY_SYMBOL);
  if (entry == NULL) fault("it does not export " OSTLER_ENTRY_SYMBOL);
  box_note_modules();
  return entry;
}

/* Whether it is all memory. A mask of signals is read before its unknown use is refused; aligned,
 * it lies in one page, and no page is smaller than the step to the next one. */
static bool is_readable(const void *place, uint64_t size) {
  uintptr_t mask = (uintptr_t)place & ~(uintptr_t)(sizeof(uint64_t) - 1);
  const uintptr_t last = (uintptr_t)place + (size == 0 ? 0 : size - 1);
  bool is_memory = mask != 0 && mask <= last;
  for (; is_memory && mask <= last; mask = (mask | 4095) + 1)
    is_memory = syscall(SYS_rt_sigprocmask, ~0, mask, NULL, 8L) == 0 || errno != EFAULT;
  return is_memory;
}

/* As much of a struct as it says to have, of what this host knows. */
#define IS_STRUCT(at)                            \
  (is_readable(at, sizeof((at)->struct_size)) && \
   is_readable(at, (at)->struct_size < sizeof *(at) ? (at)->struct_size : sizeof *(at)))

static bool is_text(ostler_text_t text) { return is_readable(text.data, text.size); }

static const ostler_step_factory_t *find_factory(const ostler_entry_t *entry) {
  if (entry->abi_major != OSTLER_ABI_MAJOR || entry->abi_minor != OSTLER_ABI_MINOR) {
    fault(
        "it was compiled for version %u.%u of the plugin ABI, this host maps %d.%d only; "
        "compile it against this host's SDK",
        entry->abi_major, entry->abi_minor, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR);
  }
  if (!OSTLER_HAS(ostler_entry_t, entry, get_descriptor) ||
      !OSTLER_HAS(ostler_entry_t, entry, get_factory)) {
    fault("its entry lacks get_descriptor or get_factory");
  }
  const ostler_step_factory_t *factory = entry->get_factory(box_text(OSTLER_STEP_FACTORY_ID));
  if (!IS_STRUCT(factory) || !OSTLER_HAS(ostler_step_factory_t, factory, create)) {
    fault("it has no factory for " OSTLER_STEP_FACTORY_ID);
  }
  return factory;
}

static void tell_mapped(const ostler_entry_t *entry) {
  const ostler_descriptor_t *descriptor = entry->get_descriptor();
  if (!IS_STRUCT(descriptor) || !OSTLER_REACHES(ostler_descriptor_t, descriptor, version)) {
    fault("it has no descriptor, or one without id and version");
  }
  if (!is_text(descriptor->id) || !is_text(descriptor->version)) {
    fault("id or version of its descriptor cannot be read");
  }
  if (!box_say(BOX_MAPPED, "ttt", descriptor->id, descriptor->version, box_text(box_build_id())))
    fault("its descriptor is too long");
}

/* The host compares what was mapped with the manifest before it lets it run. */
static void wait_for_go(void) {
  struct box_payload payload;
  void *memory = NULL;
  if (box_receive(&payload, &memory) != BOX_GO) _exit(1);
  free(memory);
  if (!box_start_listening()) fault("start a thread: %s", strerror(errno));
}

/* Names all that it lacks. */
static void hold_whole(const ostler_step_t *step) {
  const bool has_init = OSTLER_HAS(ostler_step_t, step, init);
  const bool has_run = OSTLER_HAS(ostler_step_t, step, run);
  const bool has_destroy = OSTLER_HAS(ostler_step_t, step, destroy);
  if (has_init && has_run && has_destroy) return;
  fault("create() gave half a step, of %u bytes: it lacks%s%s%s", step->struct_size,
        has_init ? "" : " init()", has_run ? "" : " run()", has_destroy ? "" : " destroy()");
}

static const ostler_step_t *create(const ostler_step_factory_t *factory) {
  const ostler_step_t *step = factory->create(factory);
  if (step == NULL) fault("create() gave no step but NULL");
  if (!IS_STRUCT(step)) fault("create() gave a step that cannot be read, at %p", (void *)step);
  hold_whole(step);
  return step;
}

/* The reason that a plugin gives, kept. */
static void keep_text(const ostler_sink_t *sink, ostler_text_t value) {
  char *kept = sink->context;
  if (kept[0] != '\0') return;
  snprintf(kept, 4096, "%.*s", value.size < 4096 ? (int)value.size : 4095,
           value.data == NULL ? "" : value.data);
}

static ostler_status_t set_result(const ostler_result_sink_t *sink, const ostler_result_t *result,
                                  const ostler_sink_t *error) {
  if (result == NULL || !OSTLER_REACHES(ostler_result_t, result, detail)) {
    box_take(error, box_text("struct_size of the result is not set"));
    return OSTLER_INVALID;
  }
  return box_tell_result(result, error);
}

static ostler_status_t run(const ostler_step_t *step, const ostler_host_t *host,
                           const ostler_sink_t *error) {
  static const ostler_result_sink_t result = {sizeof result, 0, NULL, set_result};
  const char *when = "after init() had failed";
  ostler_status_t status = step->init(step, host, error);
  if (status == OSTLER_OK && !box_enter_run(step)) {
    when = "after init() had returned, for a job that was cancelled";
    status = OSTLER_CANCELLED;
  } else if (status == OSTLER_OK) {
    when = "after run() had returned";
    status = step->run(step, &result, error);
    box_leave_run();
  }
  box_close_calls(when);
  return status;
}

int main(void) {
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  if (!box_receive_start(&start)) {
    fputs("ostler-box: it is started by Ostler, to run one step plugin\n", stderr);
    return 1;
  }
  confine();
  if (start.command[0] != NULL) execute();
  const ostler_entry_t *entry = map();
  const ostler_step_factory_t *factory = find_factory(entry);
  tell_mapped(entry);
  wait_for_go();
  const ostler_step_t *step = create(factory);
  const ostler_host_t *host = box_host(&start);
  const bool is_unused = box_is_given(box_text(BOX_ONLY_CREATE_ID));
  char reason[4096] = "";
  const ostler_sink_t error = {sizeof error, 0, reason, keep_text};
  const ostler_status_t status = is_unused ? OSTLER_OK : run(step, host, &error);
  if (!is_unused) box_say(BOX_RETURNED, "wt", (uint32_t)status, box_text(reason));
  step->destroy(step);
  fflush(NULL);
  box_say(BOX_ENDED, "wt", (uint32_t)status, box_text(reason));
  _exit(0);
}
