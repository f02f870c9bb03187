// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/uuid.hpp"
#include "model/job.hpp"

namespace ostler::model {

/// A step that must end before another one.
struct Predecessor {
  StepId step;
  std::string key;  ///< empty: none
  bool allow_failure = false;
};

/// A step with what stands around it.
struct StepView {
  Job job;                ///< the latest; its `step` is the step
  std::vector<Job> jobs;  ///< the last attempt at each, with what their states need only
  std::vector<Predecessor> depends_on;
};

}  // namespace ostler::model
