// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

// Texts that are kept encrypted: AES-256-GCM with a random nonce for each.
namespace ostler::crypto {

/// Bytes of a key.
inline constexpr std::size_t kSealingKeySize = 32;

/// `text` encrypted: "v1." and base64 of nonce (12 bytes), cipher text and tag (16 bytes). It can
/// be opened with the same `key` and `context` only. Requires: `key` has kSealingKeySize bytes.
std::string seal(const Secret& key, std::string_view context, const Secret& text);

/// The text. Errors: Corrupt when `sealed` was not made with this key and context.
Result<Secret> open_sealed(const Secret& key, std::string_view context, std::string_view sealed);

}  // namespace ostler::crypto
