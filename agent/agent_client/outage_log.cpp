// SPDX-License-Identifier: Apache-2.0
#include "agent_client/outage_log.hpp"

#include "diag/log.hpp"

namespace ostler::agent_client {
namespace {

constexpr std::chrono::nanoseconds kRepeat = std::chrono::minutes(1);

}  // namespace

void OutageLog::failed(std::string_view call, const Error& error) {
  Outage& outage = outages_.try_emplace(std::string(call)).first->second;
  ++outage.failures;
  const auto now = clock_.since_boot();
  if (outage.said_at.count() != 0 && now - outage.said_at < kRepeat) return;
  outage.said_at = now;
  outage.said = true;
  diag::warn("a call to the server fails, trying again",
             {{"call", std::string(call)},
              {"failures", std::to_string(outage.failures)},
              {"error", error.message()}});
}

void OutageLog::worked(std::string_view call) {
  const auto found = outages_.find(call);
  if (found == outages_.end() || found->second.failures == 0) return;
  if (found->second.said) {
    diag::notice(
        "the call to the server works again",
        {{"call", std::string(call)}, {"failures", std::to_string(found->second.failures)}});
  }
  found->second.failures = 0;
  found->second.said = false;
}

}  // namespace ostler::agent_client
