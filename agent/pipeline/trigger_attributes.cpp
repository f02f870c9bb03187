// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <utility>

#include "base/nearest_word.hpp"
#include "model/slug.hpp"
#include "pipeline/soft_fail_reader.hpp"
#include "pipeline/step_attributes.hpp"

namespace ostler::pipeline {
namespace {

/// More builds than that one step never makes.
constexpr int kMostBuilds = 1'000;

void read_slug_of(StepDraft& draft, const YamlNode& value, std::string_view name) {
  std::string& slug = draft.step.trigger->pipeline;
  slug = draft.values.text(value, name);
  if (model::check_slug(slug)) return;
  draft.values.faults().add(value.at, slug.empty()
                                          ? "trigger needs the slug of a pipeline; name one"
                                          : "\"" + slug +
                                                "\" is no slug of a pipeline; use small letters, "
                                                "digits and dashes, as in its address");
}

void read_async(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.trigger->is_async = draft.values.boolish(value, name);
}

struct BuildKey {
  std::string_view name;
  void (*read)(model::Trigger& trigger, ValueReader& values, const YamlNode& value);
};
constexpr std::array<BuildKey, 5> kBuildKeys{{
    {"branch", [](auto& trigger, auto& values,
                  const auto& value) { trigger.branch = values.text(value, "branch"); }},
    {"commit", [](auto& trigger, auto& values,
                  const auto& value) { trigger.commit = values.text(value, "commit"); }},
    {"message", [](auto& trigger, auto& values,
                   const auto& value) { trigger.message = values.text(value, "message"); }},
    {"env", [](auto& trigger, auto& values,
               const auto& value) { trigger.env = values.variables(value, "env"); }},
    {"meta_data",
     [](auto& trigger, auto& values, const auto& value) {
       trigger.meta_data = values.variables(value, "meta_data");
     }},
}};

void read_build_entry(StepDraft& draft, const YamlEntry& entry) {
  std::array<std::string_view, kBuildKeys.size()> names;
  for (std::size_t at = 0; at < names.size(); ++at) {
    names.at(at) = kBuildKeys.at(at).name;
    if (names.at(at) != entry.key) continue;
    return kBuildKeys.at(at).read(*draft.step.trigger, draft.values, *entry.value);
  }
  const std::string_view near = nearest_word(entry.key, names);
  std::string text = "unknown key \"" + entry.key + "\" in build; ";
  if (near.empty()) {
    text += "use branch, commit, message, env or meta_data";
  } else {
    text.append("did you mean \"").append(near).append("\"?");
  }
  draft.values.faults().add(entry.at, text);
}

void read_build_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  if (value.kind == YamlNode::Kind::Null) return;
  if (value.kind != YamlNode::Kind::Mapping) {
    return draft.values.faults().add(
        value.at, "build must be a mapping; write branch:, commit: or env: under it");
  }
  for (const YamlEntry& entry : value.entries) read_build_entry(draft, entry);
}

void read_builds_at_once(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.parallelism = draft.values.number(value, name, 0, kMostBuilds);
}

void read_skip_of_trigger(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.skip = read_skip(draft.values, value);
}

void read_soft_fail_of_trigger(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.soft_fail = read_soft_fail(draft.values, value);
}

/// `if_changed` is for whoever has the commits at hand, which is the agent that uploads the step.
void pass_over_in_trigger(StepDraft&, const YamlNode&, std::string_view) {}

constexpr StepAttribute kTriggerAttributes[] = {
    {"trigger", "trigger", read_slug_of},
    {"async", "async", read_async},
    {"build", "build", read_build_of},
    {"parallelism", "parallelism", read_builds_at_once},
    {"skip", "skip", read_skip_of_trigger},
    {"soft_fail", "soft_fail", read_soft_fail_of_trigger},
    {"if_changed", "if_changed", pass_over_in_trigger},
};

}  // namespace

StepAttributes trigger_attributes() { return kTriggerAttributes; }

}  // namespace ostler::pipeline
