// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

// Secrets of clusters as a client of REST says and reads them.
namespace ostler::wire {

struct RestSecretAnswer {
  std::string id;
  std::string key;
  std::string description;
  std::optional<Timestamp> updated_at;
  bool writable_by_jobs = false;
  std::string writer_plugin;  ///< that set the value; empty: a person did
  std::string writer_job;
};
/// Errors: Protocol.
Result<std::vector<RestSecretAnswer>> decode_rest_secrets(std::string_view json);

std::string encode_rest_new_secret(const std::string& key, const Secret& value,
                                   const std::string& description, bool writable_by_jobs);
std::string encode_rest_secret_value(const Secret& value);
/// What is absent stays as it is.
std::string encode_rest_secret_change(const std::optional<std::string>& description,
                                      std::optional<bool> writable_by_jobs);

}  // namespace ostler::wire
