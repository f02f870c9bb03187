// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ostler::environment {

/// A variable that the server's job environment cannot set, and why.
struct Protection {
  std::string_view name;
  bool job_mutable = false;  ///< hooks, plugins and the Job API may set it all the same
  std::string_view reason;
};

/// Every protected variable, sorted by name. Source: job-lifecycle 1.13.
std::span<const Protection> protections();

/// The protection of `name`; null when there is none.
const Protection* protection_of(std::string_view name);

}  // namespace ostler::environment
