// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

namespace ostler::pipeline {

/// What a step of an upload is to the agent that sends it, which looks at fewer keys than a server.
enum class UploadStepKind : std::uint8_t { Command, Wait, Input, Trigger, Group, Unknown };

/// Of a step that is a mapping. Source: pipeline-yaml 2.2.
UploadStepKind upload_step_kind(const nlohmann::ordered_json& step);

}  // namespace ostler::pipeline
