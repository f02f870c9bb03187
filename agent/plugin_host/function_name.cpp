// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/function_name.hpp"

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>
#include <memory>

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kLongestMangled = 512;
constexpr std::size_t kMostReferences = 12;
constexpr std::size_t kLongestName = 200;

/// Upper bound of the back references in a mangled name (S_, S1_, T_, T0_): each can double what
/// the name grows to, so few of them are safe to take apart, whoever wrote them.
std::size_t references_in(std::string_view name) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (name[i] != 'S' && name[i] != 'T') continue;
    const auto next = static_cast<unsigned char>(name[i + 1]);
    if (next == '_' || std::isdigit(next) != 0 || std::isupper(next) != 0) ++count;
  }
  return count;
}

std::string taken_apart(std::string_view name) {
  const bool is_mangled = name.starts_with("_Z") && name.size() <= kLongestMangled &&
                          references_in(name) <= kMostReferences;
  if (!is_mangled) return std::string(name);
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && text != nullptr ? text.get() : std::string(name);
}

}  // namespace

std::string function_name(std::string_view linker_name) {
  std::string name = taken_apart(linker_name);
  std::erase_if(name, [](char c) { return c < ' ' || c > '~'; });
  if (name.size() > kLongestName) name = name.substr(0, kLongestName) + "...";
  return name;
}

}  // namespace ostler::plugin_host
