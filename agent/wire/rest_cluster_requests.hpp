// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/cluster.hpp"
#include "wire/rest_pipeline.hpp"

// What clients say to make and change clusters, queues and agent tokens. Source: rest-api, 14.
// Errors of all: Protocol when the text is not a JSON object.
namespace ostler::wire {

struct RestClusterRequest {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> emoji;
  std::optional<std::string> color;
  std::optional<std::string> default_queue_id;  ///< of a change only
};
/// A change, as all that is said here; what is absent is not said.
std::string encode(const RestClusterRequest& request);
/// One with a name.
Result<RestDecoded<RestClusterRequest>> decode_rest_new_cluster(std::string_view json);
Result<RestDecoded<RestClusterRequest>> decode_rest_cluster_change(std::string_view json);

/// A lease is from 120 seconds to one day; in a change zero is the hub's own.
struct RestQueueRequest {
  std::string key;  ///< of a new one only
  std::optional<std::string> description;
  std::optional<model::RetryAffinity> retry_affinity;
  std::optional<std::chrono::seconds> lease;
};
std::string encode(const RestQueueRequest& request);
Result<RestDecoded<RestQueueRequest>> decode_rest_new_queue(std::string_view json);
Result<RestDecoded<RestQueueRequest>> decode_rest_queue_change(std::string_view json);

/// The note of a pause; empty: none.
std::string encode_rest_queue_pause(const std::string& note);
Result<RestDecoded<std::string>> decode_rest_queue_pause(std::string_view json);

struct RestAgentTokenRequest {
  std::optional<std::string> description;
  std::optional<std::string> allowed_ip_addresses;  ///< well formed
  std::optional<Timestamp> expires_at;              ///< of a new one only
};
std::string encode(const RestAgentTokenRequest& request);
/// One with a description.
Result<RestDecoded<RestAgentTokenRequest>> decode_rest_new_agent_token(std::string_view json);
Result<RestDecoded<RestAgentTokenRequest>> decode_rest_agent_token_change(std::string_view json);

}  // namespace ostler::wire
