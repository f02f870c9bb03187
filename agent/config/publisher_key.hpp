// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "crypto/ed25519.hpp"

namespace ostler::config {

/// The public key of a publisher of plugins: "ed25519:BASE64", or the path of a PEM file.
/// Errors: UserFault, with the path.
Result<crypto::Ed25519PublicKey> read_publisher_key(std::string_view named);

}  // namespace ostler::config
