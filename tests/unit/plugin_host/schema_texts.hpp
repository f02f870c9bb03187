// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/config_schema.hpp"

namespace ostler::plugin_host {

/// What is wrong with a schema.
inline std::vector<std::string> schema_faults(std::string_view schema) {
  std::vector<std::string> faults;
  check_schema(parse_json(schema).value(), faults);
  return faults;
}

/// The configuration that a step has; else what is wrong.
inline std::string completed(std::string_view schema, std::string_view config) {
  const auto done = complete_config(parse_json(schema).value(), parse_json(config).value());
  return done ? canonical_json(done.value()) : done.error().message();
}

}  // namespace ostler::plugin_host
