// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/crash_symbol.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
                                          "__rust_"};
  constexpr std::string_view kOfRust[] = {"rust_begin_unwind", "rust_eh_personality", "rust_oom",
                                          "rust_panic"};
  return is_of_rust(function) || std::ranges::find(kOfRust, function) != std::end(kOfRust) ||
         std::ranges::any_of(kBegins,
                             [&](std::string_view begin) { return function.starts_with(begin); });
}

/// The nearest caller that an author knows; when all are of libraries, the nearest. `symbols`: one
/// for each.
void name_caller(BoxEvidence& evidence, std::span<const std::string> symbols) {
  const auto known = std::ranges::find_if_not(symbols, ends_programs);
  const auto nearest = known == symbols.end() ? symbols.begin() : known;
  evidence.crash->caller = evidence.callers[static_cast<std::size_t>(nearest - symbols.begin())];
  evidence.caller_symbol = *nearest;
}

std::vector<std::string> symbols_of(const CodeFile& file, std::span<const std::uint64_t> offsets) {
  const MappedFile object(file.file.get());
  return symbols_at(object.bytes(), offsets);
}

}  // namespace

BoxEvidence with_names(BoxEvidence evidence, const std::vector<CodeFile>& code) {
  const auto crashed = std::ranges::find(code, evidence.crash->module, &CodeFile::name);
  const std::uint64_t place[] = {evidence.crash->offset};
  if (crashed != code.end()) evidence.symbol = symbols_of(*crashed, place).front();
  if (!evidence.callers.empty()) name_caller(evidence, symbols_of(code.front(), evidence.callers));
  return evidence;
}

}  // namespace ostler::plugin_host
