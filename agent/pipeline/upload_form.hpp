// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/fault_list.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Brings a pipeline, the text of a JSON object, into the form in which it is uploaded: one name
/// per attribute, commands as one text, plugins as a list of full sources, secrets as a list of
/// pairs, values of variables as texts, `steps` a list. What it does not know it leaves as it is,
/// with a warning when it is a whole step. `root` is the same as it is written: faults are at the
/// places there.
/// Source: agent-api 2.16, job-lifecycle 9.5.
std::string upload_form(std::string_view json, const YamlNode& root, FaultList& faults,
                        std::vector<std::string>& warnings);

}  // namespace ostler::pipeline
