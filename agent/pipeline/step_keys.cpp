// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_keys.hpp"

#include <algorithm>
#include <numeric>
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

void StepKeys::add(const std::string& key, model::SourcePosition at, const Holder& holder,
                   FaultList& faults) {
  if (key.empty()) return;
  const auto [found, is_new] = holders_.emplace(key, holder);
  if (is_new) {
    order_.push_back(found->first);
    return;
  }
  const Holder& other = found->second;
  const std::string where =
      other.is_group ? "a group" : "step " + std::to_string(other.first_step + 1);
  faults.add(at, "the key \"" + key + "\" has already been used by another step in this build (" +
                     where + "); choose another");
}

void StepKeys::add_all(const model::PipelineDefinition& definition, const KeyPlaces& places,
                       FaultList& faults) {
  std::optional<std::size_t> group;
  for (std::size_t at = 0; at < definition.steps.size(); ++at) {
    const model::StepDefinition& step = definition.steps[at];
    faults.enter_step(at + 1);
    if (step.group && step.group != group) {
      const auto ends = std::ranges::find_if(
          definition.steps.begin() + static_cast<std::ptrdiff_t>(at), definition.steps.end(),
          [&](const model::StepDefinition& other) { return other.group != step.group; });
      const auto count = static_cast<std::size_t>(ends - definition.steps.begin()) - at;
      const model::GroupDefinition& whole = definition.groups[*step.group];
      add(whole.key, places.of_group(*step.group, whole),
          {.first_step = at, .steps = count, .is_group = true}, faults);
    }
    group = step.group;
    add(step.key, places.of_step(at, step), {.first_step = at}, faults);
  }
  faults.enter_step(0);
}

bool StepKeys::contains(std::string_view key) const { return holders_.contains(std::string(key)); }

std::vector<std::size_t> StepKeys::steps_of(std::string_view key) const {
  const auto found = holders_.find(std::string(key));
  if (found == holders_.end()) return {};
  std::vector<std::size_t> steps(found->second.steps);
  std::iota(steps.begin(), steps.end(), found->second.first_step);
  return steps;
}

bool StepKeys::names(std::string_view key, std::size_t step) const {
  const auto found = holders_.find(std::string(key));
  if (found == holders_.end() || step < found->second.first_step) return false;
  return step - found->second.first_step < found->second.steps;
}

std::vector<std::string_view> StepKeys::first(std::size_t most) const {
  return {order_.begin(),
          order_.begin() + static_cast<std::ptrdiff_t>(std::min(most, order_.size()))};
}

namespace {

/// Adds the faults of one `depends_on` after the other.
class DependencyCheck {
 public:
  DependencyCheck(const StepKeys& keys, FaultList& faults)
      : keys_(keys), faults_(faults), known_(keys.first(kMostSuggestions)) {}

  void check(const std::optional<std::vector<model::StepDependency>>& dependencies) {
    if (!dependencies) return;
    for (const model::StepDependency& dependency : *dependencies) {
      if (keys_.contains(dependency.key)) continue;
      if (faults_.is_full()) known_.clear();
      faults_.add(dependency.at, unknown_key_text(dependency.key, known_));
    }
  }

 private:
  const StepKeys& keys_;
  FaultList& faults_;
  std::vector<std::string_view> known_;
};

}  // namespace

void check_dependencies(const model::PipelineDefinition& definition, const StepKeys& keys,
                        FaultList& faults) {
  DependencyCheck check(keys, faults);
  std::optional<std::size_t> group;
  for (std::size_t at = 0; at < definition.steps.size(); ++at) {
    const model::StepDefinition& step = definition.steps[at];
    faults.enter_step(at + 1);
    if (step.group && step.group != group) check.check(definition.groups[*step.group].depends_on);
    group = step.group;
    check.check(step.depends_on);
  }
  faults.enter_step(0);
}

}  // namespace ostler::pipeline
