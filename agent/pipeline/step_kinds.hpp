// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A word that stands for a step kind: as a key, as `type`, and some as a whole step.
struct KindWord {
  std::string_view word;
  std::optional<model::StepKind> kind;  ///< none: a group, which is no step
};

/// In the order in which keys decide. Source: reference/pipeline-yaml.md 2.2.
std::span<const KindWord> kind_words();
/// Null when it is none.
const KindWord* kind_word(std::string_view word);

/// The entry with that key; null when there is none.
const YamlEntry* entry_of(const YamlNode& mapping, std::string_view key);

/// The step's entries; those of a nested step (`command: {command: ...}`) in their place.
std::vector<YamlEntry> flattened(const YamlNode& step);

}  // namespace ostler::pipeline
