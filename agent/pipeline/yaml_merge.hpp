// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/fault_list.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A mapping's entry as it is written; `merges` when its key is a plain `<<`.
struct WrittenEntry {
  YamlEntry entry;
  bool merges = false;
};

/// Makes the entries of mappings from what is written in them.
class YamlMerge {
 public:
  explicit YamlMerge(FaultList& faults) : faults_(faults) {}

  /// A key that is written wins over a merged one; of two merged ones the first does. Merged
  /// entries stand where the `<<` stands. Faults: a key written twice, `<<` of something else.
  std::vector<YamlEntry> entries_of(const std::vector<WrittenEntry>& written);

  /// Whether the merges so far copy more keys than a text may have.
  bool is_over_limit() const;

 private:
  using TakenKeys = std::unordered_map<std::string_view, model::SourcePosition>;

  TakenKeys written_keys(const std::vector<WrittenEntry>& written);
  void merge(const YamlNode& from, model::SourcePosition at, TakenKeys& taken,
             std::vector<YamlEntry>& entries);

  FaultList& faults_;
  std::size_t merged_ = 0;
  std::size_t merged_bytes_ = 0;  ///< of keys
};

}  // namespace ostler::pipeline
