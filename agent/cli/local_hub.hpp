// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::cli {

/// Asks the hub whose directory this is, at the socket in it, which needs no token: the body of its
/// good answer.
/// Errors: Unavailable when no hub runs there; refusal_code() with its words when it refuses.
Result<std::string> ask_local_hub(const std::filesystem::path& data_path, std::string method,
                                  std::string_view path, std::string body = "");

}  // namespace ostler::cli
