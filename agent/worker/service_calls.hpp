// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent_client/retry.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Makes the value for the plugin of the body of an answer.
using ReadReply = std::function<Result<std::string>(const std::string& body)>;

/// What a step may do with secrets.
struct SecretAccess {
  std::vector<std::string> names;      ///< of those that it may read
  std::vector<std::string> puts = {};  ///< of those that it may set
  std::string plugin = {};             ///< "rotate#1.0.0"
  int hidden_texts = 0;                ///< that the log hides at its wish
  std::size_t hidden = 0;              ///< their bytes
};

/// What is to be done for a call of a plugin.
struct ServiceCall {
  std::optional<supervise::ApiRequest> request = {};  ///< none: it is done
  agent_client::RetryPolicy policy = {};
  ReadReply read = {};
  /// What a refusal means to the plugin; none: what the server answered.
  std::function<Error(Error)> explain = {};
};

/// A call by its name.
struct ServiceMethod {
  std::string_view name;
  std::size_t arguments;
  Result<ServiceCall> (*plan)(JobContext& job, const std::vector<std::string>& arguments);
};

/// Methods and their arguments: agent/docs/box-protocol.md. What goes to the server has no secret
/// of the job in it.
/// Errors: UserFault for a wrong number of arguments or a wrong value; Denied for a secret that it
/// may not read and a key that is not the plugin's to write; NotFound for a method that there is
/// not.
Result<ServiceCall> plan_service_call(JobContext& job, SecretAccess& secrets,
                                      const std::string& method,
                                      const std::vector<std::string>& arguments);

}  // namespace ostler::worker
