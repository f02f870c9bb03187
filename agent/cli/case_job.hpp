// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "environment/variables.hpp"

namespace ostler::cli {

/// The job that a plugin runs in in a case, and what others have left for it, as the file
/// NAME.job.json gives them.
struct CaseJob {
  struct Step {
    std::string outcome = "passed";                   ///< as ostler.job/1/outcome tells it
    std::map<std::string, std::string> outputs = {};  ///< JSON, by name
  };
  struct Value {
    std::string scope;
    std::string key;
    std::string value;
  };

  std::vector<std::pair<std::string, std::string>> facts = {};  ///< ostler_job_facts, by name
  std::int32_t attempt = 1;
  environment::Variables variables = {};
  std::map<std::string, Step> steps = {};  ///< of the build, by key
  std::map<std::string, std::string> meta_data = {};
  std::vector<Value> state = {};        ///< that earlier runs of the plugin have kept
  std::vector<std::string> locks = {};  ///< that another job holds
};

/// None when there is no such file. Errors: UserFault with the place in the file.
Result<std::optional<CaseJob>> read_case_job(const std::filesystem::path& file);

}  // namespace ostler::cli
