// SPDX-License-Identifier: Apache-2.0
#include "pipeline/upload_step_kind.hpp"

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

UploadStepKind upload_kind_of_type(std::string_view type) {
  for (const auto& [word, kind] : kUploadTypes) {
    if (type == word) return kind;
  }
  return Kind::Unknown;
}

UploadStepKind upload_kind_of_keys(const std::function<bool(std::string_view)>& has_key) {
  for (const auto& [word, kind] : kUploadKeys) {
    if (has_key(word)) return kind;
  }
  return Kind::Unknown;
}

}  // namespace ostler::pipeline
