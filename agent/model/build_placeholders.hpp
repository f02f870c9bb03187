// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/uuid.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::model {

/// What a configuration has in place of what is known when its build has been made:
/// "${BUILDKITE_BUILD_NUMBER}", "${BUILDKITE_BUILD_ID}" and "${BUILDKITE_BUILD_URL}".
class BuildPlaceholders {
 public:
  /// Without a URL, that of the build stays as it is.
  BuildPlaceholders(BuildId id, std::int64_t number, const std::string& url = "");

  std::string filled_in(std::string text) const;
  /// In the values.
  Variables filled_in(Variables layer) const;
  /// In all that nobody fills in later: neither commands, which shells read, nor the environment of
  /// a step, which each job gets with the build's URL.
  void fill_in(StepDefinition& step) const;

  /// Whether a text of a step has any of them.
  static bool has_any(const StepDefinition& step);
  static bool has_any(const std::string& text);

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace ostler::model
