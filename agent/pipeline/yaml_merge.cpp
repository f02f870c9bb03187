// SPDX-License-Identifier: Apache-2.0
#include "pipeline/yaml_merge.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostMerged = 500'000;
constexpr std::size_t kMostMergedBytes = 64u << 20;

}  // namespace

bool YamlMerge::is_over_limit() const {
  return merged_ > kMostMerged || merged_bytes_ > kMostMergedBytes;
}

YamlMerge::TakenKeys YamlMerge::written_keys(const std::vector<WrittenEntry>& written) {
  TakenKeys keys;
  for (const auto& [entry, merges] : written) {
    if (merges) continue;
    const auto [first, is_first] = keys.emplace(entry.key, entry.at);
    if (is_first) continue;
    faults_.add(entry.at, "\"" + entry.key + "\" is already given in line " +
                              std::to_string(first->second.line) + "; keep one");
  }
  return keys;
}

std::vector<YamlEntry> YamlMerge::entries_of(const std::vector<WrittenEntry>& written) {
  TakenKeys taken = written_keys(written);
  TakenKeys unwritten = taken;
  std::vector<YamlEntry> entries;
  for (const auto& [entry, merges] : written) {
    if (merges) {
      merge(*entry.value, entry.at, taken, entries);
    } else if (unwritten.erase(entry.key) > 0) {
      entries.push_back(entry);
    }
  }
  return entries;
}

void YamlMerge::merge(const YamlNode& from, model::SourcePosition at, TakenKeys& taken,
                      std::vector<YamlEntry>& entries) {
  std::vector<const YamlNode*> mappings{&from};
  if (from.kind == YamlNode::Kind::Sequence) mappings = from.items;
  for (const YamlNode* mapping : mappings) {
    if (mapping->kind != YamlNode::Kind::Mapping) {
      faults_.add(at, "<< takes a mapping or a list of mappings; refer to one with *name");
      return;
    }
    merged_ += mapping->entries.size() + 1;
    if (is_over_limit()) return;
    for (const YamlEntry& entry : mapping->entries) {
      merged_bytes_ += entry.key.size();
      if (is_over_limit()) return;
      if (taken.emplace(entry.key, entry.at).second) entries.push_back(entry);
    }
  }
}

}  // namespace ostler::pipeline
