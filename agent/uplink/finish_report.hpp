// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "journal/verdict.hpp"
#include "wire/agent_api.hpp"

namespace ostler::uplink {

/// What the server is told about a verdict: exit status, signal, signal reason, and
/// what these do not tell.
/// Source: agent-api 2.9, job-lifecycle 3.5.
wire::FinishRequest finish_report(const journal::Verdict& verdict, Timestamp finished_at);

}  // namespace ostler::uplink
