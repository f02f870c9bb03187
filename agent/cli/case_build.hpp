// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/case_job.hpp"

namespace ostler::cli {

/// The build that a case has where a file gives it: its other steps, its meta-data, and who holds
/// locks. Nothing of it outlives the run. Runs on: one thread.
class CaseBuild {
 public:
  /// `tell` gets a line for each change.
  CaseBuild(std::optional<CaseJob> job, std::function<void(const std::string&)> tell)
      : job_(std::move(job)), tell_(std::move(tell)) {}

  bool is_given() const { return job_.has_value(); }
  /// Whether a call is one of its: of other steps, or "ostler.meta-data/1/get".
  bool is_call(std::string_view method) const;
  /// Requires: is_call(). Errors: as a server's of the same call.
  Result<std::string> answer(const std::string& method, const std::vector<std::string>& arguments);
  /// Whether another job has that lock to the end.
  bool holds_lock(const std::string& name) const;

 private:
  Result<std::string> outcome(const std::vector<std::string>& arguments);
  Result<std::string> output(const std::vector<std::string>& arguments);
  Result<std::string> get_datum(const std::vector<std::string>& arguments);
  Result<std::string> has_datum(const std::vector<std::string>& arguments);
  Result<std::string> set_datum(const std::vector<std::string>& arguments);
  Result<std::string> list_keys(const std::vector<std::string>& arguments);

  struct Method;
  static const Method* method_named(std::string_view name);

  std::optional<CaseJob> job_;
  std::function<void(const std::string&)> tell_;
};

}  // namespace ostler::cli
