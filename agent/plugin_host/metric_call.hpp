// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// A figure about a run, which a plugin tells.
struct Metric {
  std::string kind;  ///< "count", "duration" or "cost"
  std::string name;
  std::string value;  ///< a decimal number
  std::string unit = {};
};

/// "metric tests = 214".
std::string describe(const Metric& metric);

/// Whether a plugin tells a figure: "ostler.metric/1/count".
bool is_metric_call(std::string_view method);
/// Requires: is_metric_call().
/// Errors: UserFault for what is no figure; NotFound for a method that there is not.
Result<Metric> read_metric_call(const std::string& method,
                                const std::vector<std::string>& arguments);

/// A step, and a job, tells no more of them.
inline constexpr int kMostMetrics = 500;

}  // namespace ostler::plugin_host
