// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::model {

/// Whether `text` is IP networks with spaces between them: "192.0.2.0/24 2001:db8::/32 10.1.2.3".
/// An empty text is none, and fine.
bool are_ip_networks(std::string_view text);

/// Whether `address` ("10.1.2.3", "::1", "::ffff:10.1.2.3") is in one of `networks`. No networks
/// at all let every address in; what is no address is let in by nothing else.
/// Requires: are_ip_networks(networks).
bool is_in_networks(std::string_view networks, std::string_view address);

}  // namespace ostler::model
