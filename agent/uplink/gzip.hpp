// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::uplink {

/// `bytes` as one gzip member, compressed for speed. Thread-safe.
std::string gzip(std::string_view bytes);

}  // namespace ostler::uplink
