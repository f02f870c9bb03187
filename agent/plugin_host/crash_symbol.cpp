// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/crash_symbol.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "plugin_host/library_symbol.hpp"
#include "plugin_host/mapped_file.hpp"

namespace ostler::plugin_host {

namespace {

/// Of Rust's own crates, by the names that its linker has: "_RNvNtCs12ab_3std7process5abort".
bool is_of_rust(std::string_view symbol) {
  constexpr std::string_view kCrates[] = {"3std", "4core", "5alloc", "7___rustc"};
  const std::size_t root = symbol.starts_with("_R") ? symbol.find("Cs") : symbol.npos;
  const std::size_t end = root == symbol.npos ? symbol.npos : symbol.find('_', root);
  if (end == symbol.npos) return false;
  return std::ranges::any_of(
      kCrates, [&](std::string_view name) { return symbol.substr(end + 1).starts_with(name); });
}

/// What the libraries of a language, linked into the plugin, do between its code and abort().
bool ends_programs(std::string_view function) {
  constexpr std::string_view kBegins[] = {"__gnu_cxx::__verbose_terminate_handler",
                                          "__cxxabiv1::",
                                          "std::terminate",
                                          "std::__throw_",
                                          "__cxa_",
                                          "__gxx_",
                                          "_Unwind_",
                                          "__clang_call_terminate",
                                          "std::process::abort",
                                          "std::sys::",
                                          "std::panicking::",
                                          "core::panicking::",
                                          "rust_",
                                          "__rust_"};
  return is_of_rust(function) || std::ranges::any_of(kBegins, [&](std::string_view begin) {
           return function.starts_with(begin);
         });
}

/// The nearest caller that an author knows; when all are of libraries, the nearest.
void name_caller(BoxEvidence& evidence, std::string_view object) {
  for (const std::uint64_t caller : evidence.callers) {
    std::string symbol = symbol_at(object, caller);
    const bool is_it = !ends_programs(symbol);
    if (!is_it && caller != evidence.callers.front()) continue;
    evidence.crash->caller = caller;
    evidence.caller_symbol = std::move(symbol);
    if (is_it) return;
  }
}

}  // namespace

void name_crash(BoxEvidence& evidence, int library) {
  if (!evidence.crash || evidence.is_program) return;
  const supervise::BoxCrash& crash = *evidence.crash;
  const MappedFile object(library);
  if (crash.module == evidence.library) {
    evidence.symbol = symbol_at(object.bytes(), crash.offset);
  }
  name_caller(evidence, object.bytes());
}

}  // namespace ostler::plugin_host
