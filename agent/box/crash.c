// SPDX-License-Identifier: Apache-2.0
#include "box/crash.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unwind.h>

#include "box/wire.h"

enum { MOST_MODULES = 64, LONGEST_NAME = 128, LONGEST_BUILD_ID = 20, STACK = 64 << 10 };
enum { MOST_CALLERS = 16, MOST_FRAMES = 256 }; /* of a crash, whose stack may be a circle */

struct module {
  uintptr_t base;
  uintptr_t begin;
  uintptr_t end;
  uintptr_t code_begin;
  uintptr_t code_end;
  char name[LONGEST_NAME];
  char build_id[2 * LONGEST_BUILD_ID + 1];
};

static struct module modules[MOST_MODULES];
static size_t module_count;
static const struct module *plugin;
static const struct box_start *given;
static _Unwind_Reason_Code (*unwind)(_Unwind_Trace_Fn, void *);
static uintptr_t (*unwind_address)(struct _Unwind_Context *);
static unsigned char handler_stack[STACK];

static const int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

static void note_build_id(struct module *module, const unsigned char *note, size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head;
    memcpy(&head, note, sizeof head);
    const size_t name = (head.n_namesz + 3U) & ~3U;
    const size_t content = (head.n_descsz + 3U) & ~3U;
    if (size - sizeof head < name + content) return;
    const unsigned char *bytes = note + sizeof head + name;
    if (head.n_type == NT_GNU_BUILD_ID && head.n_descsz <= LONGEST_BUILD_ID) {
      for (size_t i = 0; i < head.n_descsz; ++i)
        snprintf(module->build_id + 2 * i, 3, "%02x", bytes[i]);
      return;
    }
    note += sizeof head + name + content;
    size -= sizeof head + name + content;
  }
}

static void note_segment(struct module *module, const ElfW(Phdr) * segment) {
  const uintptr_t begin = module->base + segment->p_vaddr;
  const uintptr_t end = begin + segment->p_memsz;
  if (segment->p_type == PT_NOTE) note_build_id(module, (const void *)begin, segment->p_memsz);
  if (segment->p_type != PT_LOAD) return;
  if (module->begin == 0 || begin < module->begin) module->begin = begin;
  if (end > module->end) module->end = end;
  if ((segment->p_flags & PF_X) == 0) return;
  module->code_begin = begin;
  module->code_end = end;
}

static int note_module(struct dl_phdr_info *info, size_t size, void *unused) {
  if (module_count == MOST_MODULES) return 1;
  struct module *module = &modules[module_count++];
  *module = (struct module){.base = info->dlpi_addr};
  const char *name = info->dlpi_name[0] == '\0' ? "ostler-box" : info->dlpi_name;
  const size_t begin = sizeof BOX_FILE_PATH - 1;
  const bool is_file = strncmp(name, BOX_FILE_PATH, begin) == 0;
  const size_t file = is_file ? strtoul(name + begin, NULL, 10) - BOX_FILE : BOX_MOST_FILES;
  if (file < given->file_count) name = given->files[file];
  if (file == 0) plugin = module;
  const char *slash = strrchr(name, '/');
  snprintf(module->name, sizeof module->name, "%s", slash != NULL ? slash + 1 : name);
  for (int i = 0; i < info->dlpi_phnum; ++i) note_segment(module, &info->dlpi_phdr[i]);
  return 0;
}

void box_note_modules(void) {
  module_count = 0;
  dl_iterate_phdr(note_module, NULL);
}

static const struct module *module_at(uintptr_t address) {
  for (size_t i = 0; i < module_count; ++i)
    if (address >= modules[i].begin && address < modules[i].end) return &modules[i];
  return NULL;
}

static uintptr_t place_of(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#else
  return (uintptr_t)context->uc_mcontext.pc;
#endif
}

struct crash {
  const siginfo_t *info;
  uintptr_t place;
  int callers, frames; /* told, and seen so far */
};

/* `caller`: offset of what of the plugin led to it; 0: not known, or it is in the plugin. */
static void tell(const struct crash *crash, uintptr_t caller) {
  const struct module *module = module_at(crash->place);
  box_say_from_handler(BOX_CRASH, "wqtqtq", (uint32_t)crash->info->si_signo,
                       (uint64_t)(uintptr_t)crash->info->si_addr,
                       box_text(module == NULL ? "" : module->name),
                       (uint64_t)(crash->place - (module == NULL ? 0 : module->base)),
                       box_text(module == NULL ? "" : module->build_id), (uint64_t)caller);
}

static _Unwind_Reason_Code tell_caller(struct _Unwind_Context *frame, void *context) {
  struct crash *crash = context;
  const uintptr_t address = unwind_address(frame);
  /* Behind a call that never returns another function may begin. */
  const bool is_caller = address > plugin->code_begin && address <= plugin->code_end;
  if (is_caller) tell(crash, address - 1 - plugin->base);
  const bool is_last = (crash->callers += is_caller) == MOST_CALLERS;
  return is_last || ++crash->frames == MOST_FRAMES ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

/* May call only what is safe in the middle of anything. The stack may be broken: what is known is
 * told before more of it is read. */
static void tell_crash(int number, siginfo_t *info, void *context) {
  struct crash crash = {info, place_of(context), 0, 0};
  /* A constructor of the plugin crashed. The lock of the linker that this takes is one that its own
   * thread may take again. */
  if (plugin == NULL) box_note_modules();
  tell(&crash, 0);
  if (plugin != NULL && module_at(crash.place) != plugin && unwind != NULL)
    unwind(tell_caller, &crash);
  signal(number, SIG_DFL);
  raise(number);
}

/* What C++ and Rust unwind with; not on every machine where all is in C. */
static void find_unwinder(void) {
  void *library = dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);
  *(void **)&unwind = dlsym(library, "_Unwind_Backtrace");
  *(void **)&unwind_address = dlsym(library, "_Unwind_GetIP");
  if (unwind_address == NULL) unwind = NULL;
}

void box_watch_crashes(const struct box_start *start) {
  given = start;
  find_unwinder();
  const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = tell_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof kSignals / sizeof *kSignals; ++i)
    sigaction(kSignals[i], &action, NULL);
}

const char *box_build_id(void) { return plugin == NULL ? "" : plugin->build_id; }
