// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_retry.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "wire/rest_fields.hpp"

namespace ostler::wire {
namespace {

using model::FailureKind;

constexpr std::array<std::pair<std::string_view, FailureKind>, 5> kFailureKinds{{
    {"canceled", FailureKind::Canceled},
    {"expired", FailureKind::Expired},
    {"failed", FailureKind::Failed},
    {"soft_failed", FailureKind::SoftFailed},
    {"timed_out", FailureKind::TimedOut},
}};

Error invalid_states(const std::string& bad) {
  std::string text = "Invalid states: " + bad + ". Valid states: ";
  for (const auto& [name, kind] : kFailureKinds) {
    text.append(name == kFailureKinds.front().first ? "" : ", ").append(name);
  }
  return {Errc::UserFault, text};
}

/// The words of a list that commas divide.
std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), word.size() + 1));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace

Result<std::vector<FailureKind>> decode_rest_retry(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  std::string states;
  if (!fields.read("states", states)) {
    return Error(Errc::UserFault, "states must be text: words with commas between them");
  }
  std::vector<FailureKind> kinds;
  std::string bad;
  for (const std::string& word : words_of(states)) {
    const auto* known =
        std::ranges::find(kFailureKinds, word, &decltype(kFailureKinds)::value_type::first);
    if (known == kFailureKinds.end()) {
      bad += (bad.empty() ? "" : ", ") + word;
    } else {
      kinds.push_back(known->second);
    }
  }
  if (!bad.empty()) return invalid_states(bad);
  return kinds;
}

}  // namespace ostler::wire
