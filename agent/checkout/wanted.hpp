// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checkout/settings.hpp"

namespace ostler::checkout {

/// What must be in the mirror before a job's work tree can be made.
struct Wanted {
  std::string revision;                 ///< id, abbreviation or full reference name to build
  std::vector<std::string> references;  ///< sources to fetch besides all branches and tags
  std::string fetch_head;               ///< the name under which FETCH_HEAD shows it
  bool fresh = false;                   ///< what the remote says now counts, not what was so once
};

/// What a job wants. Source: job-lifecycle 2.5.
Result<Wanted> wanted_of(const Settings& settings);

/// Why the commit is not verified against the branch; empty when it is to be.
/// Source: job-lifecycle 1.18 and 2.6.
std::string reason_not_to_verify(const Settings& settings);

}  // namespace ostler::checkout
