// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostler::hub {

/// A server that repositories are reached at over https.
struct RepositoryEndpoint {
  std::string host;  ///< in lower case; an IPv6 address with its brackets
  std::uint16_t port = 443;

  bool operator==(const RepositoryEndpoint&) const = default;
};

/// The server of "https://host[:port]/...". None for other schemes, for a user before the host, and
/// for hosts that another reader of the address could take for something else.
std::optional<RepositoryEndpoint> https_endpoint(std::string_view url);

/// The server over https that goes with a pipeline's repository: its own host and port when it is
/// reached so, the default port of its host when it is reached otherwise. None for a path.
std::optional<RepositoryEndpoint> endpoint_of_repository(std::string_view address);

}  // namespace ostler::hub
