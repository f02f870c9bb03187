// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "model/pipeline_definition.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Where a `checkout` stands: the key of a repository is for steps only.
enum class CheckoutPlace : std::uint8_t { Pipeline, Step };

/// Reads `checkout` as a JSON object; empty when it says nothing.
/// Source: reference/pipeline-yaml.md 15.3.
std::string read_checkout(ValueReader& values, const YamlNode& value, CheckoutPlace place);

/// Of each leaf the step's, where it has one.
std::string merged_checkout(const std::string& of_pipeline, const std::string& of_step);

/// Puts the variables into `env` that say so to a job. Flags, sparse paths and verification give
/// way to what is there.
void put_checkout(model::Variables& env, const std::string& checkout);

/// The key of the secret that opens the repository; empty: none.
std::string ssh_secret_of(const std::string& checkout);

}  // namespace ostler::pipeline
