// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_keys.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/nearest_word.hpp"
#include "base/uuid.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kLongestKey = 100;
/// Looking for a likely key among more than this takes longer than it helps.
constexpr std::size_t kMostSuggestions = 1'000;

bool fits_key(char c) {
  const bool letter_or_digit =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter_or_digit || std::string_view("_-:${}.,").find(c) != std::string_view::npos;
}

std::string unknown_key_text(const std::string& key, std::span<const std::string_view> known) {
  std::string text = "depends_on names \"" + key + "\", but no step has that key; ";
  const std::string_view near = nearest_word(key, known);
  if (near.empty()) return text + "give a step that key, or remove the dependency";
  return text.append("did you mean \"").append(near).append("\"?");
}

}  // namespace

std::optional<std::string_view> fault_in_step_key(std::string_view key) {
  if (key.size() > kLongestKey) return "is longer than 100 characters; shorten it";
  if (!std::all_of(key.begin(), key.end(), fits_key)) {
    return "may hold only letters, digits and _ - : . ,; change the rest";
  }
  if (Uuid::parse(key)) return "looks like a UUID; choose a word";
  return std::nullopt;
}

void StepKeys::add(const model::StepDefinition& step, std::size_t index, FaultList& faults) {
  if (step.key.empty() || index_.emplace(step.key, index).second) return;
  faults.add(step.at, "the key \"" + step.key +
                          "\" has already been used by another step in this build (step " +
                          std::to_string(*index_of(step.key) + 1) + "); choose another");
}

std::optional<std::size_t> StepKeys::index_of(std::string_view key) const {
  const auto found = index_.find(std::string(key));
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

void check_dependencies(const model::PipelineDefinition& definition, const StepKeys& keys,
                        FaultList& faults) {
  std::vector<std::string_view> known;
  for (const model::StepDefinition& step : definition.steps) {
    if (!step.key.empty() && known.size() < kMostSuggestions) known.push_back(step.key);
  }
  std::size_t number = 0;
  for (const model::StepDefinition& step : definition.steps) {
    faults.enter_step(++number);
    if (!step.depends_on) continue;
    for (const model::StepDependency& dependency : *step.depends_on) {
      if (keys.index_of(dependency.key)) continue;
      if (faults.is_full()) known.clear();
      faults.add(dependency.at, unknown_key_text(dependency.key, known));
    }
  }
}

}  // namespace ostler::pipeline
