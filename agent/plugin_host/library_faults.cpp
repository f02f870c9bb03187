// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_faults.hpp"

#include <algorithm>

#include "base/joined.hpp"

namespace ostler::plugin_host {
namespace {

using Faults = std::vector<std::string>;

constexpr std::string_view kEntrySymbol = "ostler_plugin_entry";

/// What every machine with glibc has, and the runtime of C++.
constexpr std::string_view kAllowed[] = {"libc.so.6",
                                         "libm.so.6",
                                         "libpthread.so.0",
                                         "libdl.so.2",
                                         "librt.so.1",
                                         "libresolv.so.2",
                                         "libutil.so.1",
                                         "libstdc++.so.6",
                                         "libgcc_s.so.1",
                                         "ld-linux-x86-64.so.2",
                                         "ld-linux-aarch64.so.1"};

void judge_linking(const LibraryFile& library, Faults& faults) {
  if (!library.search_path.empty()) {
    faults.push_back("looks for libraries in " + library.search_path +
                     ", which other machines lack; link without -rpath (CMake: "
                     "SKIP_BUILD_RPATH)");
  }
  if (library.has_text_relocations) {
    faults.push_back("writes into its own code when it is mapped; compile all of it with -fPIC");
  }
  if (library.has_executable_stack) {
    faults.push_back("asks for a stack that can be executed; link with -z noexecstack");
  }
}

}  // namespace

bool is_everywhere(std::string_view soname) {
  return std::ranges::find(kAllowed, soname) != std::end(kAllowed);
}

bool exports_entry(const LibraryFile& library) {
  return std::ranges::find(library.exported, kEntrySymbol) != library.exported.end();
}

void judge_exports(const LibraryFile& plugin, Faults& faults) {
  if (!exports_entry(plugin)) {
    faults.push_back("does not export " + std::string(kEntrySymbol));
  }
  std::vector<std::string> others = plugin.exported;
  std::erase(others, kEntrySymbol);
  if (!others.empty()) {
    const std::size_t shown = std::min<std::size_t>(others.size(), 5);
    const std::string rest =
        others.size() > shown ? " and " + std::to_string(others.size() - shown) + " more" : "";
    others.resize(shown);
    faults.push_back("exports more than one symbol: " + joined(others, ", ") + rest +
                     "; hide them with -fvisibility=hidden and a version script");
  }
}

void judge_library(const LibraryFile& library, Faults& faults) {
  if (library.static_tls > kMostStaticTls) {
    faults.push_back("wants " + std::to_string(library.static_tls) +
                     " bytes of initial-exec thread-local memory, more than 1024; compile it with "
                     "-ftls-model=global-dynamic");
  }
  judge_linking(library, faults);
}

void judge_program(const LibraryFile& program, Faults& faults) {
  for (const std::string& name : program.needed) {
    if (is_everywhere(name)) continue;
    faults.push_back("needs " + name + ", which a machine may lack; link it statically");
  }
  judge_linking(program, faults);
}

}  // namespace ostler::plugin_host
