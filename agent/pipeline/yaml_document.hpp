// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::pipeline {

struct YamlNode;

struct YamlEntry {
  std::string key;  ///< canonical text
  model::SourcePosition at;
  const YamlNode* value = nullptr;
};

/// One value of a YAML document. Aliases share the node of their anchor; there are no circles.
struct YamlNode {
  enum class Kind : std::uint8_t { Null, Scalar, Sequence, Mapping };

  Kind kind = Kind::Null;
  bool plain = false;         ///< a scalar without quotes: may mean a number or a boolean
  bool quoted = false;        ///< a scalar that begins with a quote
  bool holds_anchor = false;  ///< it, or something in it, can be referred to
  model::SourcePosition at;
  std::string text;                    ///< of a scalar
  std::vector<const YamlNode*> items;  ///< of a sequence
  std::vector<YamlEntry> entries;      ///< of a mapping: keys unique, merges done, in order
};

/// Owns the nodes of one document.
class YamlDocument {
 public:
  const YamlNode& root() const { return *root_; }

 private:
  friend class YamlBuilder;
  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
};

/// Reads every document in `text` (UTF-8, at most 4 MiB, 500 documents, 64 levels) and applies
/// `<<`. Empty documents are left out unless there is no other. None, with the
/// reason in `faults`, when one is unreadable or there is nothing to read; faults that leave the
/// rest readable (a key written twice) are added and the documents returned.
std::vector<std::unique_ptr<YamlDocument>> read_yaml(std::string_view text, FaultList& faults);

}  // namespace ostler::pipeline
