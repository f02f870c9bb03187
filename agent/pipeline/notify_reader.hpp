// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/notification.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Where a `notify` stands: some kinds are not for single steps.
enum class NotifyPlace : std::uint8_t { Build, Group, Step };

/// Reads `notify`: every kind that the language has, spelled in any of its ways. Most: 100.
/// Source: reference/pipeline-yaml.md 16.
std::vector<model::Notification> read_notify(ValueReader& values, const YamlNode& value,
                                             NotifyPlace place);

/// They as one JSON list; empty when there are none.
std::string notifications_text(const std::vector<model::Notification>& notifications);

/// The kind of a notification that was read: "slack".
std::string notification_kind(const model::Notification& notification);

}  // namespace ostler::pipeline
