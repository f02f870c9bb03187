// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_kinds.hpp"

namespace ostler::pipeline {
namespace {

using model::StepKind;

constexpr KindWord kKindWords[] = {
    {"command", StepKind::Command}, {"commands", StepKind::Command}, {"script", StepKind::Command},
    {"plugins", StepKind::Command}, {"wait", StepKind::Wait},        {"waiter", StepKind::Wait},
    {"block", StepKind::Block},     {"input", StepKind::Input},      {"manual", StepKind::Block},
    {"trigger", StepKind::Trigger}, {"group", std::nullopt},
};

bool may_nest(std::string_view key) {
  const KindWord* word = kind_word(key);
  return word != nullptr && word->kind.has_value() && key != "plugins";
}

}  // namespace

std::span<const KindWord> kind_words() { return kKindWords; }

const KindWord* kind_word(std::string_view word) {
  for (const KindWord& known : kKindWords) {
    if (known.word == word) return &known;
  }
  return nullptr;
}

const YamlEntry* entry_of(const YamlNode& mapping, std::string_view key) {
  for (const YamlEntry& entry : mapping.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

std::vector<YamlEntry> flattened(const YamlNode& step) {
  std::vector<YamlEntry> entries;
  for (const YamlEntry& entry : step.entries) {
    if (may_nest(entry.key) && entry.value->kind == YamlNode::Kind::Mapping) {
      entries.insert(entries.end(), entry.value->entries.begin(), entry.value->entries.end());
    } else {
      entries.push_back(entry);
    }
  }
  return entries;
}

}  // namespace ostler::pipeline
