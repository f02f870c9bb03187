// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"

// Step plugins that an organization's agents can have from its hub, in REST v2. Ostler's own:
// Buildkite has none.
namespace ostler::wire {

struct RestPlugin {
  std::string id{};
  std::string name{};
  std::string version{};
  std::string platform{};
  std::string description{};
  std::string sha256{};     ///< of its plugin.json, in hex
  std::string signed_by{};  ///< the key that its signature names, unchecked; empty: not signed
  std::string archive_sha256{};
  std::int64_t size = 0;  ///< bytes of the archive
  Timestamp published_at{};
};
std::string encode_rest_plugin(const RestPlugin& plugin);

/// A list of them, without ids. Errors: Protocol.
Result<std::vector<RestPlugin>> decode_rest_plugins(std::string_view body);

}  // namespace ostler::wire
