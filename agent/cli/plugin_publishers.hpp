// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/ed25519.hpp"
#include "plugin_host/bundle.hpp"

// Who may have signed a step plugin that a command is about.
namespace ostler::cli {

/// The keys that are named, each as config::read_publisher_key takes it.
Result<std::vector<crypto::Ed25519PublicKey>> publisher_keys(const std::vector<std::string>& named);

/// Who signed `bundle`, where that must be one of `named`, or one that OSTLER_PLUGIN_PUBLISHER_KEYS
/// names while OSTLER_PLUGIN_REQUIRE_SIGNED is on; none where nobody asks for it.
/// Errors: as plugin_host::check_signature; UserFault when that flag cannot be read.
Result<std::optional<crypto::Ed25519PublicKey>> publisher_where_wanted(
    const plugin_host::Bundle& bundle, const std::vector<std::string>& named);

}  // namespace ostler::cli
