// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/ed25519.hpp"
#include "plugin_host/bundle.hpp"

// plugin.json.sig beside plugin.json: one line, "ed25519:KEY sha256:DIGEST SIGNATURE". What is
// signed are the bytes of plugin.json, which has the digests of the other files. Key and digest
// stand there so that a refusal can say what is wrong; neither is believed.
namespace ostler::plugin_host {

/// The content of plugin.json.sig.
std::string sign_bundle(const Bundle& bundle, const crypto::Ed25519PrivateKey& key);

/// The key that the signature names, unchecked; empty: there is none.
std::string claimed_publisher(const Bundle& bundle);

/// What is wrong with the signature of a bundle that can be told without a key: it cannot be read,
/// or is of another plugin.json. Empty: nothing, or there is none.
std::string fault_of_signature(const Bundle& bundle);

/// Whose signature the bundle carries.
/// Errors: Denied when it has none, is signed by none of `publishers`, was changed after it was
/// signed, or has a signature that the key did not make; each in words of its own.
Result<crypto::Ed25519PublicKey> check_signature(
    const Bundle& bundle, const std::vector<crypto::Ed25519PublicKey>& publishers);

}  // namespace ostler::plugin_host
