// SPDX-License-Identifier: Apache-2.0
#include "model/plugin_state.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"

namespace ostler::model {
namespace {

constexpr std::pair<StateScope, std::string_view> kScopes[] = {
    {StateScope::Pipeline, "pipeline"},
    {StateScope::Host, "host"},
    {StateScope::Everywhere, "everywhere"}};
constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kLongestPlugin = 64;

bool consists_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(
      text, [&](char c) { return kLetters.find(c) != kLetters.npos || more.find(c) != more.npos; });
}

}  // namespace

std::string_view name_of(StateScope scope) {
  return std::ranges::find(kScopes, scope, &std::pair<StateScope, std::string_view>::first)->second;
}

Result<StateScope> state_scope_of(std::string_view name) {
  const auto found =
      std::ranges::find(kScopes, name, &std::pair<StateScope, std::string_view>::second);
  if (found != std::end(kScopes)) return found->first;
  return Error(Errc::UserFault,
               "the scope of a value is \"pipeline\", \"host\" or \"everywhere\", not \"" +
                   std::string(name) + "\"");
}

Result<void> check_begin(const StateKey& at) {
  if (at.plugin.empty() || at.plugin.size() > kLongestPlugin || !consists_of(at.plugin, "-")) {
    return Error(Errc::UserFault, "no name of a plugin: " + at.plugin);
  }
  if (at.key.size() <= kLongestStateKey && consists_of(at.key, "._-/:@")) return success();
  return Error(Errc::UserFault,
               "the key of a value has 1 to 256 letters, digits and characters of ._-/:@; this is "
               "none: " +
                   at.key);
}

Result<void> check(const StateKey& at) {
  OSTLER_TRY(check_begin(at));
  if (at.key.empty()) return Error(Errc::UserFault, "the key of a value is empty");
  return success();
}

Result<void> check_state_value(std::string_view value) {
  if (value.size() > kLongestStateValue) {
    return Error(Errc::UserFault,
                 "a value has at most 64 KiB; put more into an artifact, and its name here");
  }
  if (valid_utf8_prefix(value) == value.size()) return success();
  return Error(Errc::UserFault,
               "a value is text in UTF-8 without NUL; encode bytes, in Base64 say");
}

}  // namespace ostler::model
