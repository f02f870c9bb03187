// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// One thing that is wrong with a configuration, for the author of a pipeline.
struct ConfigFault {
  std::string pointer;  ///< of the value, or of the key that is wrong or missing; empty: of all
  std::string reason;   ///< "must be a string, is the number 7"
  bool is_missing = false;

  /// "/name: must be a string, is the number 7", "the configuration must be a mapping, is a list".
  std::string text() const;
};

/// What is wrong with a configuration by its schema, in its order; the first of many. The schema
/// library judges; where it has a fault that this does not know, its own words stand.
std::vector<ConfigFault> config_faults(const JsonValue& schema, const JsonValue& config);

/// The same by a part of the schema `root`, without the library. Takes the steps that it costs off
/// `steps_left`; with none left everything fits.
std::vector<ConfigFault> faults_by_part(const JsonValue& root, const JsonValue& part,
                                        const JsonValue& value, int& steps_left);

/// Whether a value has none by `schema`, which is a part of `root`; likewise.
bool fits_schema(const JsonValue& root, const JsonValue& schema, const JsonValue& value,
                 int& steps_left);

/// Whether a text, or the name of a key, will be another one when the step runs.
using IsOpen = bool (*)(std::string_view text);
/// Of a configuration that is not yet complete, what is wrong with it whatever its open texts
/// become.
std::vector<ConfigFault> certain_config_faults(const JsonValue& schema, const JsonValue& config,
                                               IsOpen is_open);

}  // namespace ostler::plugin_host
