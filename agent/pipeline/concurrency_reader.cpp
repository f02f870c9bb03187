// SPDX-License-Identifier: Apache-2.0
#include "pipeline/concurrency_reader.hpp"

#include <algorithm>

namespace ostler::pipeline {
namespace {

constexpr std::ptrdiff_t kLongestGroup = 200;  // characters

std::ptrdiff_t count_characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; });
}

model::Concurrency& concurrency_of(StepDraft& draft) {
  auto& concurrency = draft.step.concurrency;
  return concurrency ? *concurrency : concurrency.emplace();
}

}  // namespace

void read_concurrency(StepDraft& draft, const YamlNode& value, std::string_view name) {
  concurrency_of(draft).limit = draft.values.positive_number(value, name).value_or(1);
}

void read_concurrency_group(StepDraft& draft, const YamlNode& value, std::string_view name) {
  std::string& group = concurrency_of(draft).group;
  group = draft.values.text(value, name);
  const bool is_text = value.entries.empty() && value.items.empty();
  if (group.empty() && is_text) {
    draft.values.faults().add(value.at,
                              "concurrency_group is empty; name a group, like app/deploy");
  } else if (count_characters(group) > kLongestGroup) {
    draft.values.faults().add(value.at,
                              "concurrency_group has more than 200 characters; shorten the name");
  }
}

void read_concurrency_method(StepDraft& draft, const YamlNode& value, std::string_view name) {
  const auto method = model::concurrency_method(draft.values.text(value, name));
  if (!method) {
    draft.values.faults().add(value.at, "concurrency_method must be ordered or eager");
  }
  concurrency_of(draft).method = method.value_or(model::ConcurrencyMethod::Ordered);
}

void check_concurrency(const AttributePlaces& seen, FaultList& faults) {
  const auto limit = seen.find("concurrency");
  const auto group = seen.find("concurrency_group");
  const auto method = seen.find("concurrency_method");
  const bool has_limit = limit != seen.end();
  const bool has_group = group != seen.end();
  if (has_limit && !has_group) {
    faults.add(limit->second, "concurrency needs a concurrency_group; name one, or remove it");
  } else if (has_group && !has_limit) {
    faults.add(group->second, "concurrency_group needs concurrency; say how many jobs at once");
  } else if (!has_group && method != seen.end()) {
    faults.add(method->second, "concurrency_method needs concurrency and concurrency_group");
  }
}

}  // namespace ostler::pipeline
