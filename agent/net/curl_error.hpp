// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace ostler::net {

/// The error that a CURLcode means; `detail` is what libcurl wrote about it, may be empty.
Error curl_error(int code, std::string_view detail);

}  // namespace ostler::net
