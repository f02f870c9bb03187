// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ostler {

/// A number of bytes for people: "17 bytes", "1.5 KiB", "2.0 TiB".
std::string size_text(std::uint64_t bytes);

}  // namespace ostler
