// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "wire/rest_pipeline.hpp"
#include "wire/rest_urls.hpp"

// Secrets of clusters in REST v2. Their values go in and never come out.
namespace ostler::wire {

/// The job for whose plugin a value was set.
struct RestSecretWriter {
  Uuid job;
  Uuid build;
  std::string plugin;
};

struct RestSecret {
  Uuid id;
  ClusterId cluster;
  std::string key;
  std::string description;
  Timestamp created_at;
  Timestamp updated_at;
  bool writable_by_jobs = false;
  std::optional<RestSecretWriter> writer;  ///< of the value; none: a person
};
std::string encode_rest_secret(const RestSecret& secret, const RestUrls& urls);

struct RestSecretRequest {
  std::string key;
  Secret value;
  std::optional<std::string> description;
  std::optional<bool> writable_by_jobs;
};
/// A new secret.
Result<RestDecoded<RestSecretRequest>> decode_rest_secret_request(std::string_view body);
/// A change: a description, and whether jobs may set the value.
Result<RestDecoded<RestSecretRequest>> decode_rest_secret_change(std::string_view body);
/// A change: a value alone.
Result<RestDecoded<RestSecretRequest>> decode_rest_secret_value(std::string_view body);

}  // namespace ostler::wire
