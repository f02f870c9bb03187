// SPDX-License-Identifier: Apache-2.0
#include "pipeline/parse.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest_word.hpp"
#include "model/variables.hpp"
#include "pipeline/checkout_reader.hpp"
#include "pipeline/graph_check.hpp"
#include "pipeline/group_reader.hpp"
#include "pipeline/notify_reader.hpp"
#include "pipeline/secrets_reader.hpp"
#include "pipeline/step_reader.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {
namespace {

constexpr const char* kSshKeyVariable = "BUILDKITE_GIT_SSH_KEY";
constexpr std::size_t kMostSteps = 10'000;
constexpr std::size_t kMostShared = 8u << 20;  // bytes
constexpr std::string_view kSupportedKeys[] = {"steps", "env",   "agents",  "priority", "notify",
                                               "image", "cache", "secrets", "checkout"};

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

VariableTable table_of(const model::Variables& variables) {
  VariableTable table;
  for (const auto& [name, value] : variables) table[name] = value;
  return table;
}

using Documents = std::vector<std::unique_ptr<YamlDocument>>;

/// What a document gives the steps in it that say nothing else.
struct StepDefaults {
  std::vector<std::string> agents;
  model::SourcePosition agents_at;
  std::int64_t priority = 0;
  std::string image;
  std::vector<NamedSecret> secrets;
  std::string checkout;
};

/// Reads documents into one definition: their steps in the order of the text, each with what its
/// own document says. So a pipeline of several documents is what a job makes of it that uploads
/// them one after the other.
class PipelineReader {
 public:
  PipelineReader(FaultList& faults, std::optional<VariableTable> variables)
      : faults_(faults), values_(faults, std::move(variables)) {}

  model::PipelineDefinition read(const Documents& documents) {
    for (const auto& document : documents) read_document(document->root());
    definition_.env = std::move(env_).take();
    return std::move(definition_);
  }

  model::PipelineDefinition read(const YamlDocument& document) {
    read_document(document.root());
    return std::move(definition_);
  }

  const KeyPlaces& key_places() const { return key_places_; }
  /// Of each step that was read, those without a kind included.
  UploadPlaces take_places() { return {std::move(step_places_), env_at_, notify_at_}; }

 private:
  void read_document(const YamlNode& root) {
    values_.forget_definitions();
    defaults_ = {};
    if (root.kind == YamlNode::Kind::Mapping) {
      read_mapping(root);
    } else if (root.kind == YamlNode::Kind::Sequence) {
      read_steps(root);
    } else {
      faults_.add(root.at, "this is no pipeline; write \"steps:\" and a list of steps");
    }
    faults_.enter_step(0);
  }

  void read_mapping(const YamlNode& root) {
    const YamlNode* steps = nullptr;
    for (const YamlEntry& entry : root.entries) {
      if (entry.key == "steps") steps = entry.value;
      check_key(entry);
    }
    read_pipeline_attributes(root);
    if (steps != nullptr) {
      read_steps(*steps);
    } else if (faults_.empty()) {
      faults_.add(root.at, "the pipeline has no steps; write \"steps:\" and a list of steps");
    }
  }

  void read_pipeline_attributes(const YamlNode& root) {
    if (const YamlNode* env = value_of(root, "env")) {
      env_at_ = env->at;
      env_.put(values_.define_variables(*env, "env"));
    }
    if (const YamlNode* notify = value_of(root, "notify")) {
      notify_at_ = notify->at;
      auto all = read_notify(values_, *notify, NotifyPlace::Build);
      std::ranges::move(all, std::back_inserter(definition_.notifications));
    }
    if (const YamlNode* agents = value_of(root, "agents")) {
      defaults_.agents = values_.query_rules(*agents, "agents");
      defaults_.agents_at = agents->at;
    }
    if (const YamlNode* priority = value_of(root, "priority")) {
      defaults_.priority = values_.priority(*priority, "priority");
    }
    if (const YamlNode* image = value_of(root, "image")) {
      defaults_.image = values_.text(*image, "image");
    }
    if (const YamlNode* secrets = value_of(root, "secrets")) {
      defaults_.secrets = read_secrets(values_, *secrets, true);
    }
    if (const YamlNode* checkout = value_of(root, "checkout")) {
      defaults_.checkout = read_checkout(values_, *checkout, CheckoutPlace::Pipeline);
    }
  }

  /// An unknown key is a place to keep anchors; one without any, spelled almost like a known one,
  /// is a mistake that would otherwise go unseen.
  void check_key(const YamlEntry& entry) {
    if (is_one_of(entry.key, kSupportedKeys)) return;
    const std::string_view near = nearest_word(entry.key, kSupportedKeys);
    if (near.empty() || entry.value->holds_anchor) return;
    faults_.add(entry.at,
                "unknown key \"" + entry.key + "\"; did you mean \"" + std::string(near) + "\"?");
  }

  static const YamlNode* value_of(const YamlNode& root, std::string_view key) {
    for (const YamlEntry& entry : root.entries) {
      if (entry.key == key) return entry.value;
    }
    return nullptr;
  }

  void read_steps(const YamlNode& steps) {
    if (steps.kind == YamlNode::Kind::Null) return;
    if (steps.kind != YamlNode::Kind::Sequence) {
      return faults_.add(steps.at, "steps must be a list; begin each step with \"- \"");
    }
    if (steps.items.size() > kMostSteps) {
      return faults_.add(steps.at, "more than 10000 steps; split the pipeline");
    }
    for (const YamlNode* step : steps.items) {
      if (!values_.is_exhausted()) read_step(*step);
    }
  }

  void read_step(const YamlNode& node) {
    if (!is_group(node)) return read_single(node, nullptr);
    faults_.enter_step(step_number_ + 1);
    GroupText group = read_group(values_, node);
    definition_.groups.push_back(std::move(group.definition));
    key_places_.groups.push_back(group.key_at);
    for (const YamlNode* step : group.steps) {
      if (is_group(*step)) {
        faults_.add(step->at, "a group cannot stand in a group; put its steps behind the group");
      } else if (!values_.is_exhausted()) {
        read_single(*step, &group);
      }
    }
  }

  /// `group`: the one that it stands in, the last of the definition; null: none.
  void read_single(const YamlNode& node, const GroupText* group) {
    if (step_number_ == kMostSteps) return refuse_more_steps(node);
    StepReader reader(values_, ++step_number_);
    step_places_.push_back({node.at, {}, {}});
    faults_.enter_step(step_number_);
    faults_.name_step(step_number_, name_in(node));
    auto step = reader.read(node);
    if (!step) return;
    if (step->kind == model::StepKind::Command) {
      if (!reader.has("agents")) take_agents(*step);
      if (!reader.has("priority")) step->priority = defaults_.priority;
      if (!reader.has("image")) step->carried.image = defaults_.image;
      if (faults_.empty()) share(*step, node);
    }
    if (group != nullptr) put_in_group(*step, *group);
    step_places_.back() = {node.at, step->agents_at, step->conditions};
    definition_.steps.push_back(std::move(*step));
    key_places_.steps.push_back(reader.key_place());
  }

  /// What a step calls itself, whatever else is wrong with it; empty: nothing.
  static std::string_view name_in(const YamlNode& step) {
    for (const char* key : {"label", "name", "key"}) {
      const YamlNode* name = value_of(step, key);
      if (name != nullptr && !name->text.empty()) return name->text;
    }
    return {};
  }

  void take_agents(model::StepDefinition& step) const {
    step.agent_query_rules = defaults_.agents;
    step.agents_at = defaults_.agents_at;
  }

  /// Gives the step what it has from the pipeline where it says nothing else, and says what that
  /// means in its env. Requires: no fault, so that the texts can be read again.
  void share(model::StepDefinition& step, const YamlNode& node) {
    model::CarriedAttributes& carried = step.carried;
    carried.checkout = merged_checkout(defaults_.checkout, carried.checkout);
    put_checkout(step.env, carried.checkout);
    auto secrets = merged_secrets(defaults_.secrets, secrets_in(carried.secrets));
    const std::string key = ssh_secret_of(carried.checkout);
    if (!key.empty()) secrets = merged_secrets(std::move(secrets), {{kSshKeyVariable, key}});
    carried.secrets = secrets_text(secrets);
    shared_ += carried.secrets.size() + carried.checkout.size();
    if (shared_ > kMostShared) {
      faults_.add(node.at, "secrets and checkout of all steps are longer than 8 MiB together");
    }
  }

  void refuse_more_steps(const YamlNode& node) {
    if (!has_too_many_) faults_.add(node.at, "more than 10000 steps; split the pipeline");
    has_too_many_ = true;
  }

  void put_in_group(model::StepDefinition& step, const GroupText& group) {
    step.group = definition_.groups.size() - 1;
    if (group.condition) step.conditions.insert(step.conditions.begin(), *group.condition);
    if (!step.skip) step.skip = group.skip;
  }

  FaultList& faults_;
  ValueReader values_;
  model::PipelineDefinition definition_;
  model::VariableLayers env_;  ///< of all documents
  KeyPlaces key_places_;
  std::vector<StepPlace> step_places_;
  model::SourcePosition env_at_;     ///< of the last document
  model::SourcePosition notify_at_;  ///< of the last document
  StepDefaults defaults_;
  std::size_t shared_ = 0;  ///< bytes of what steps have of both
  std::size_t step_number_ = 0;
  bool has_too_many_ = false;
};

/// At least one, or the reason in `faults`.
Documents documents_of(std::string_view text, FaultList& faults) {
  Documents documents = read_yaml(text, faults);
  if (documents.empty() && faults.empty()) {
    faults.add({1, 1}, "there is no pipeline in it; write \"steps:\" and a list of steps");
  }
  return documents;
}

}  // namespace

Result<model::PipelineDefinition> parse(std::string_view yaml, const model::Variables& build_env,
                                        std::string_view file) {
  FaultList faults(file);
  auto definition = parse(yaml, build_env, faults);
  if (!definition) return faults.error();
  return std::move(*definition);
}

std::optional<model::PipelineDefinition> parse(std::string_view yaml,
                                               const model::Variables& build_env,
                                               FaultList& faults) {
  const Documents documents = documents_of(yaml, faults);
  if (documents.empty()) return std::nullopt;
  PipelineReader reader(faults, table_of(build_env));
  auto definition = reader.read(documents);
  check_graph(definition, reader.key_places(), faults);
  if (!faults.empty()) return std::nullopt;
  return definition;
}

Result<model::PipelineDefinition> parse_upload(std::string_view json, std::string_view name) {
  FaultList faults(name, FaultList::Naming::Steps);
  const Documents documents = documents_of(json, faults);
  if (documents.empty()) return faults.error();
  if (documents.size() > 1) {
    faults.add(documents[1]->root().at, "a second document; upload each by itself");
  }
  auto definition = PipelineReader(faults, std::nullopt).read(documents);
  check_graph_of_upload(definition, faults);
  if (!faults.empty()) return faults.error();
  return definition;
}

UploadPlaces places_of_upload(const UploadedText& upload, FaultList& faults) {
  const Documents documents = documents_of(upload.text, faults);
  if (upload.document >= documents.size()) return {};
  PipelineReader reader(faults, upload.variables);
  const auto definition = reader.read(*documents[upload.document]);
  check_graph(definition, reader.key_places(), faults);
  return reader.take_places();
}

}  // namespace ostler::pipeline
