// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ostler::pipeline {

/// What a step of an upload is to the agent that sends it, which looks at fewer keys than a server.
enum class UploadStepKind : std::uint8_t { Command, Wait, Input, Trigger, Group, Unknown };

/// By the text of its key "type".
UploadStepKind upload_kind_of_type(std::string_view type);
/// By what else it has.
UploadStepKind upload_kind_of_keys(const std::function<bool(std::string_view)>& has_key);

/// Of a step that is a mapping of nlohmann::json. Source: pipeline-yaml 2.2.
template <class Json>
UploadStepKind upload_step_kind(const Json& step) {
  const auto type = step.find("type");
  if (type == step.end()) {
    return upload_kind_of_keys([&](std::string_view key) { return step.contains(key); });
  }
  return type->is_string() ? upload_kind_of_type(type->template get<std::string>())
                           : UploadStepKind::Unknown;
}

}  // namespace ostler::pipeline
