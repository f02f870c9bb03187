// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Requests of one step to the server that gave the job: "hub:/v3/jobs/<id>/oidc/tokens". The agent
/// makes them and adds the token, so no redirect carries it away; only those calls are made that
/// change nothing, and that for an identity token. Runs on: one thread.
class HubRequests {
 public:
  /// Requires: the job outlives it, and its tasks are joined before the job ends.
  HubRequests(JobContext& job, bool is_permitted);

  /// Whether a URL leads here.
  static bool is_hub_url(const std::string& url);
  /// Whether an answer of that name is here.
  bool has(const std::string& name) const;

  /// Arguments as of "send". Any status is an answer; 502 when the server gave none.
  /// Errors, for the plugin: Denied for a call that is not for plugins; UserFault; Timeout;
  /// Unavailable.
  void send(const std::vector<std::string>& arguments, plugin_host::CallDone done);
  /// The next bytes of an answer. Requires: has(name).
  std::string read(const std::string& name);
  void close(const std::string& name);
  /// What was asked is not waited for any more.
  void break_off();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::worker
