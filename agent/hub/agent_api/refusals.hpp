// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "hub/agent_api/routes.hpp"
#include "hub/line_budget.hpp"

namespace ostler::agent_api {

/// Who makes a call, and about what.
struct Caller {
  AgentId agent = {};   ///< not set when nobody whom the hub knows
  std::string id = {};  ///< the job or build that the path names
};

/// Tells the operator of a call that is answered with an error: in a line that says what happens
/// next where somebody should know, within the budget, else for debugging. Never with a token.
void log_refusal(const Route& route, const Caller& caller, const Error& error,
                 hub::LineBudget& lines);

}  // namespace ostler::agent_api
