// SPDX-License-Identifier: Apache-2.0
#include "pipeline/upload_step_kind.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ostler::pipeline {
namespace {

using Kind = UploadStepKind;

struct UploadKindWord {
  std::string_view word;
  Kind kind;
};
/// In the order in which keys decide.
constexpr UploadKindWord kUploadKeys[] = {{"command", Kind::Command}, {"commands", Kind::Command},
                                          {"plugins", Kind::Command}, {"wait", Kind::Wait},
                                          {"waiter", Kind::Wait},     {"block", Kind::Input},
                                          {"input", Kind::Input},     {"manual", Kind::Input},
                                          {"trigger", Kind::Trigger}, {"group", Kind::Group}};
constexpr UploadKindWord kUploadTypes[] = {
    {"command", Kind::Command}, {"script", Kind::Command},  {"wait", Kind::Wait},
    {"waiter", Kind::Wait},     {"block", Kind::Input},     {"input", Kind::Input},
    {"manual", Kind::Input},    {"trigger", Kind::Trigger}, {"group", Kind::Group}};

}  // namespace

UploadStepKind upload_step_kind(const nlohmann::ordered_json& step) {
  if (const auto type = step.find("type"); type != step.end()) {
    for (const auto& [word, kind] : kUploadTypes) {
      if (type->is_string() && type->get_ref<const std::string&>() == word) return kind;
    }
    return Kind::Unknown;
  }
  for (const auto& [word, kind] : kUploadKeys) {
    if (step.contains(word)) return kind;
  }
  return Kind::Unknown;
}

}  // namespace ostler::pipeline
