// SPDX-License-Identifier: Apache-2.0
#include "box/crash.h"

#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "box/wire.h"

enum { MOST_MODULES = 64, LONGEST_NAME = 128, LONGEST_BUILD_ID = 20, STACK = 64 << 10 };
enum { WORDS_SEARCHED = 4096 };

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
static uintptr_t main_stack_end;
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
      for (size_t i = 0; i < head.n_descsz; ++i) {
        snprintf(module->build_id + 2 * i, 3, "%02x", bytes[i]);
      }
      return;
    }
    note += sizeof head + name + content;
    size -= sizeof head + name + content;
  }
}

static void note_segment(struct module *module, const ElfW(Phdr) * segment) {
  const uintptr_t begin = module->base + segment->p_vaddr;
  const uintptr_t end = begin + segment->p_memsz;
  if (segment->p_type == PT_NOTE) {
    note_build_id(module, (const unsigned char *)begin, segment->p_memsz);
  }
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
  module->base = info->dlpi_addr;
  const char *slash = strrchr(info->dlpi_name, '/');
  snprintf(module->name, sizeof module->name, "%s", slash != NULL ? slash + 1 : info->dlpi_name);
  if (module->name[0] == '\0') strcpy(module->name, "ostler-box");
  for (int i = 0; i < info->dlpi_phnum; ++i) note_segment(module, &info->dlpi_phdr[i]);
  return 0;
}

static struct module *module_at(uintptr_t address) {
  for (size_t i = 0; i < module_count; ++i) {
    if (address >= modules[i].begin && address < modules[i].end) return &modules[i];
  }
  return NULL;
}

static void find_place(const ucontext_t *context, uintptr_t *place, uintptr_t *stack) {
#if defined(__x86_64__)
  *place = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
  *stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#else
  *place = (uintptr_t)context->uc_mcontext.pc;
  *stack = (uintptr_t)context->uc_mcontext.sp;
#endif
}

/* The first word on the main thread's stack that is an address in the plugin's code: what called
 * the library in which it crashed, most likely. 0: none. */
static uintptr_t likely_caller(uintptr_t stack) {
  if (plugin == NULL || stack + STACK < stack) return 0;
  for (int i = 0; i < WORDS_SEARCHED; ++i, stack += sizeof(uintptr_t)) {
    if (stack < main_stack_end - (8U << 20) || stack + sizeof(uintptr_t) > main_stack_end) return 0;
    uintptr_t word;
    memcpy(&word, (const void *)stack, sizeof word);
    if (word > plugin->code_begin && word < plugin->code_end) return word;
  }
  return 0;
}

/* May call only what is safe in the middle of anything. */
static void tell_crash(int number, siginfo_t *info, void *context) {
  uintptr_t place = 0;
  uintptr_t stack = 0;
  find_place(context, &place, &stack);
  const struct module *module = module_at(place);
  const uintptr_t caller = module == plugin ? 0 : likely_caller(stack);
  box_say_from_handler(BOX_CRASH, "wqtqtq", (uint32_t)number, (uint64_t)(uintptr_t)info->si_addr,
                       box_text(module == NULL ? "" : module->name),
                       (uint64_t)(module == NULL ? place : place - module->base),
                       box_text(module == NULL ? "" : module->build_id),
                       (uint64_t)(caller == 0 ? 0 : caller - plugin->base));
  signal(number, SIG_DFL);
  raise(number);
}

void box_note_stack(void) {
  pthread_attr_t attributes;
  void *lowest = NULL;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) {
    main_stack_end = (uintptr_t)lowest + size;
  }
  pthread_attr_destroy(&attributes);
}

void box_watch_crashes(const void *entry, const char *name) {
  dl_iterate_phdr(note_module, NULL);
  struct module *own = module_at((uintptr_t)entry);
  if (own != NULL) snprintf(own->name, sizeof own->name, "%s", name);
  plugin = own;
  const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = tell_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof kSignals / sizeof *kSignals; ++i) {
    sigaction(kSignals[i], &action, NULL);
  }
}

const char *box_build_id(void) { return plugin == NULL ? "" : plugin->build_id; }
