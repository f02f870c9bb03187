// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A secret of the cluster, and the variable in which a job has it.
struct NamedSecret {
  std::string variable;
  std::string key;
};

/// Reads `secrets`: a list of keys, each its own variable, or of {key, environment_variable}; or a
/// mapping of variables to keys. `verbatim`: without interpolating it, as at the top.
/// Source: reference/pipeline-yaml.md 15.1.
std::vector<NamedSecret> read_secrets(ValueReader& values, const YamlNode& value, bool verbatim);

/// Those of a step behind those of its pipeline; of two with one variable the step's.
std::vector<NamedSecret> merged_secrets(std::vector<NamedSecret> of_pipeline,
                                        const std::vector<NamedSecret>& of_step);

/// They as an agent is told them: a JSON list of {"key", "environment_variable"}; empty for none.
std::string secrets_text(const std::vector<NamedSecret>& secrets);
/// The other way round.
std::vector<NamedSecret> secrets_in(const std::string& text);

}  // namespace ostler::pipeline
