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
};
/// Errors: Protocol.
Result<std::vector<RestSecretAnswer>> decode_rest_secrets(std::string_view json);

std::string encode_rest_new_secret(const std::string& key, const Secret& value,
                                   const std::string& description);
std::string encode_rest_secret_value(const Secret& value);
std::string encode_rest_secret_description(const std::string& description);

}  // namespace ostler::wire
