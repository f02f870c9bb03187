// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_lint.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "cli/own_lock_file.hpp"
#include "cli/plugin_place.hpp"
#include "environment/variables.hpp"
#include "pipeline/document_json.hpp"
#include "pipeline/yaml_document.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/hook_plugin.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using model::SourcePosition;
using pipeline::YamlEntry;
using pipeline::YamlNode;
using plugin_host::ConfigFault;
using plugin_host::Manifest;
using plugin_host::StepReference;

namespace {

/// At steps and plugins: aliases can stand in each other, so that a short text has no end of them.
constexpr int kMostLooks = 100'000;

/// Variables, and tokens of a matrix.
bool is_open_text(std::string_view text) {
  return text.find('$') != text.npos || text.find("{{") != text.npos;
}

const YamlEntry* entry_of(const YamlNode& mapping, std::string_view key) {
  const auto found = std::ranges::find(mapping.entries, key, &YamlEntry::key);
  return found == mapping.entries.end() ? nullptr : &*found;
}

/// Where a pointer leads, as far as the text has it: the place of the last key or item.
SourcePosition place_of(const YamlNode& config, std::string_view pointer, SourcePosition at) {
  const YamlNode* node = &config;
  while (node != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    if (node->kind == YamlNode::Kind::Sequence) {
      std::size_t index = node->items.size();
      std::from_chars(part.data(), part.data() + part.size(), index);
      node = index < node->items.size() ? node->items[index] : nullptr;
      if (node != nullptr) at = node->at;
      continue;
    }
    const auto found = std::ranges::find_if(node->entries, [&](const YamlEntry& entry) {
      return plugin_host::pointer_part(entry.key) == part;
    });
    if (found == node->entries.end()) return at;
    at = found->at;
    node = found->value;
  }
  return at;
}

/// Looks at the plugins of all steps of one pipeline.
class PluginLint {
 public:
  PluginLint(const KnownPlugins& known, pipeline::FaultList& faults, pipeline::FaultList& doubts)
      : known_(known), faults_(faults), doubts_(doubts), values_(ignored_, std::nullopt) {}

  void visit_steps(const YamlNode& steps) {
    for (const YamlNode* step : steps.items) {
      if (--looks_left_ <= 0 || faults_.is_full()) return;
      if (const YamlEntry* plugins = entry_of(*step, "plugins")) visit_plugins(*plugins->value);
      if (const YamlEntry* inner = entry_of(*step, "steps")) visit_steps(*inner->value);
    }
  }

 private:
  void visit_plugins(const YamlNode& plugins) {
    visit_plugin(plugins);
    for (const YamlNode* item : plugins.items) {
      if (--looks_left_ <= 0) return;
      visit_plugin(*item);
    }
  }
  void visit_plugin(const YamlNode& item) {
    const YamlNode none;
    if (item.kind == YamlNode::Kind::Scalar) check(item.text, item.at, none);
    for (const YamlEntry& entry : item.entries) check(entry.key, entry.at, *entry.value);
  }
  void check(const std::string& source, SourcePosition at, const YamlNode& config) {
    if (is_open_text(source)) return;
    const std::size_t mark = source.starts_with("ostler://") ? source.find('@') : source.npos;
    if (mark != source.npos) {
      return faults_.add(at, source + ": a version stands behind #; write " +
                                 source.substr(0, mark) + "#" + source.substr(mark + 1));
    }
    if (source == "ostler://" || source.starts_with("ostler://#")) {
      return faults_.add(at, source + ": it names no plugin; write ostler://ID#VERSION");
    }
    const std::optional<Manifest>& manifest = meant_by(source, at);
    if (!manifest) return;
    auto value = plugin_host::parse_json(pipeline::plugins_json(values_, config, true));
    if (!value) {
      return faults_.add(at, manifest->reference() + ": " + value.error().message());
    }
    for (const ConfigFault& fault :
         plugin_host::certain_faults(manifest->schema, std::move(value).value(), is_open_text)) {
      faults_.add(place_of(config, fault.pointer, at), manifest->reference() + ": " + fault.text());
    }
  }

  /// Most steps of a pipeline use the same few. Of each it is told once what is against it.
  const std::optional<Manifest>& meant_by(const std::string& source, SourcePosition at) {
    const auto found = met_.find(source);
    if (found != met_.end()) return found->second;
    auto manifest = known_.meant_by(source);
    const std::string doubt = manifest ? "" : known_.doubt_about(source);
    if (!doubt.empty()) doubts_.add(at, doubt);
    return met_.emplace(source, std::move(manifest)).first->second;
  }

  const KnownPlugins& known_;
  pipeline::FaultList& faults_;
  pipeline::FaultList& doubts_;
  pipeline::FaultList ignored_{""};  // the pipeline's reader tells them
  pipeline::ValueReader values_;
  std::map<std::string, std::optional<Manifest>> met_;
  int looks_left_ = kMostLooks;
};

}  // namespace

Result<KnownPlugins> KnownPlugins::find(const std::string& store,
                                        const std::vector<std::string>& directories) {
  KnownPlugins known;
  for (const std::string& directory : directories) {
    OSTLER_TRY(auto bundle, plugin_host::open_bundle(directory));
    known.manifests_.push_back(std::move(bundle.manifest));
  }
  const auto found = plugin_store(store);
  if (found) known.store_ = found.value();
  const auto policy = plugin_host::plugin_policy(environment::variables_of_process());
  known.bare_names_ = policy.bare_names;
  auto lock = read_lock_file_at(own_lock_file());  // jobs and `plugin lock` tell its faults
  if (lock) known.lock_ = std::move(lock).value();
  return known;
}

std::optional<Manifest> KnownPlugins::meant_by(const std::string& source) const {
  const auto wanted = plugin_host::step_reference(source, bare_names_);
  if (!wanted) return std::nullopt;
  for (const Manifest& manifest : manifests_) {
    const bool fits =
        wanted->version.empty() || plugin_host::version_fits(manifest.version, wanted->version);
    if (manifest.id == wanted->id && fits) return manifest;
  }
  if (!store_) return std::nullopt;
  const auto* pinned = plugin_host::pinned_as(*wanted, lock_);
  const auto directory = plugin_host::find_in_store(
      *store_, pinned == nullptr ? *wanted : StepReference{pinned->id, pinned->version});
  if (!directory) return std::nullopt;
  auto bundle = plugin_host::open_bundle(directory.value());
  if (!bundle) return std::nullopt;
  return std::move(bundle.value().manifest);
}

std::string KnownPlugins::doubt_about(const std::string& source) const {
  const fs::path store = store_.value_or(fs::path());
  const auto wanted = plugin_host::step_reference(source, bare_names_);
  if (!wanted) return plugin_host::hook_plugin_fault(source, store, bare_names_);
  const bool is_pinned = std::ranges::any_of(lock_, [&](const plugin_host::LockedPlugin& pinned) {
    return pinned.id == wanted->id &&
           (wanted->version.empty() || plugin_host::version_fits(pinned.version, wanted->version));
  });
  if (is_pinned) return {};
  const auto installed = plugin_host::find_in_store(store, *wanted);
  if (installed || !store_) return {};
  return source + ": neither pinned in " + plugin_host::kLockFileName +
         " nor installed here: " + installed.error().message();
}

void lint_plugins(const PipelineInput& input, const KnownPlugins& known,
                  pipeline::FaultList& faults, pipeline::FaultList& doubts) {
  pipeline::FaultList ignored(input.name);  // the pipeline's reader tells them
  PluginLint lint(known, faults, doubts);
  for (const auto& document : pipeline::read_yaml(input.text, ignored)) {
    const YamlNode& root = document->root();
    const YamlEntry* steps = entry_of(root, "steps");
    lint.visit_steps(steps == nullptr ? root : *steps->value);
  }
}

}  // namespace ostler::cli
