// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

namespace ostler::crypto {

/// Bytes in lower-case hex, two letters each.
std::string to_hex(std::span<const unsigned char> bytes);

}  // namespace ostler::crypto
