// SPDX-License-Identifier: Apache-2.0
#include "broken_stacks.hpp"

#include <dlfcn.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace zoo {
namespace {

/// Code outside of the plugin, and what the unwinder is told of it.
struct Page {
  unsigned char code[64];
  struct {
    std::uint32_t size;
    std::uint32_t is_common;
    unsigned char version_and_augmentation[2];
    unsigned char factors_and_return_column[3];
    unsigned char nothing[3];
  } common;
  struct {
    std::uint32_t size;
    std::uint32_t to_common;
    const void* begin;
    std::uint64_t length;
    unsigned char rules[8];
  } frame;
  std::uint32_t end;
};

// DWARF: https://dwarfstd.org, 6.4.
constexpr unsigned char kCanonicalFrame = 0x0c;  // DW_CFA_def_cfa
constexpr unsigned char kSameValue = 0x08;       // DW_CFA_same_value
constexpr unsigned char kStackPointer = 7;       // of x86-64
constexpr unsigned char kReturnColumn = 16;

using Abort = void (*)();

/// Calls abort() from a page whose frame is described by `rules`.
void abort_below(const unsigned char (&rules)[8]) {
#if defined(__x86_64__)
  void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  void* unwinder = ::dlopen("libgcc_s.so.1", RTLD_NOW);
  if (memory == MAP_FAILED || unwinder == nullptr) return;
  Page& page = *static_cast<Page*>(memory);
  // push %rbx; mov $4096, %ebx; call *%rdi; int3
  const unsigned char code[] = {0x53, 0xbb, 0x00, 0x10, 0x00, 0x00, 0xff, 0xd7, 0xcc};
  std::memcpy(page.code, code, sizeof code);
  page.common = {sizeof page.common - 4, 0, {1, 0}, {1, 0x78, kReturnColumn}, {0, 0, 0}};
  page.frame.size = sizeof page.frame - 4;
  page.frame.to_common =
      static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&page.frame.to_common) -
                                 reinterpret_cast<std::uintptr_t>(&page.common));
  page.frame.begin = page.code;
  page.frame.length = sizeof page.code;
  std::memcpy(page.frame.rules, rules, sizeof rules);
  reinterpret_cast<void (*)(void*)>(::dlsym(unwinder, "__register_frame"))(&page.common);
  reinterpret_cast<void (*)(Abort)>(page.code)(&std::abort);
#else
  (void)rules;
#endif
}

}  // namespace

void abort_in_a_circle() {
  abort_below({kCanonicalFrame, kStackPointer, 0, kSameValue, kReturnColumn, 0, 0, 0});
}

void abort_above_nothing() {
  constexpr unsigned char kKept = 3;       // %rbx, where no memory is
  constexpr unsigned char kOffset = 0x80;  // DW_CFA_offset
  abort_below({kCanonicalFrame, kKept, 0, kOffset | kReturnColumn, 1, 0, 0, 0});
}

}  // namespace zoo
