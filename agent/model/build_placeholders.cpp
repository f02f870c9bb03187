// SPDX-License-Identifier: Apache-2.0
#include "model/build_placeholders.hpp"

#include <algorithm>

namespace ostler::model {
namespace {

constexpr std::string_view kBeginning = "${BUILDKITE_BUILD_";

/// Calls `use` with each text of a step in which the build can be named.
template <class Step, class Use>
void each_text(Step& step, Use use) {
  use(step.label);
  if (step.concurrency) use(step.concurrency->group);
  if (step.gate) use(step.gate->prompt);
  if (!step.trigger) return;
  for (auto* text : {&step.trigger->branch, &step.trigger->commit, &step.trigger->message}) {
    use(*text);
  }
  for (auto* layer : {&step.trigger->env, &step.trigger->meta_data}) {
    for (auto& [name, value] : *layer) use(value);
  }
}

}  // namespace

BuildPlaceholders::BuildPlaceholders(BuildId id, std::int64_t number, const std::string& url)
    : values_{{"${BUILDKITE_BUILD_ID}", id.str()},
              {"${BUILDKITE_BUILD_NUMBER}", std::to_string(number)}} {
  if (!url.empty()) values_.emplace_back("${BUILDKITE_BUILD_URL}", url);
}

std::string BuildPlaceholders::filled_in(std::string text) const {
  for (const auto& [name, value] : values_) {
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at)) {
      text.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return text;
}

Variables BuildPlaceholders::filled_in(Variables layer) const {
  for (auto& [name, value] : layer) value = filled_in(std::move(value));
  return layer;
}

void BuildPlaceholders::fill_in(StepDefinition& step) const {
  each_text(step, [this](std::string& text) { text = filled_in(std::move(text)); });
}

bool BuildPlaceholders::has_any(const std::string& text) {
  return text.find(kBeginning) != text.npos;
}

bool BuildPlaceholders::has_any(const StepDefinition& step) {
  bool any = false;
  each_text(step, [&any](const std::string& text) { any = any || has_any(text); });
  return any;
}

}  // namespace ostler::model
