// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::artifact {

/// What the server is told of a file's content.
struct ContentDigest {
  std::uint64_t size = 0;
  std::string sha1;    ///< lower-case hex
  std::string sha256;  ///< lower-case hex
};

/// Reads a file once, in pieces. Errors: NotFound, Denied and others, naming the file.
Result<ContentDigest> digest_file(const std::filesystem::path& path);

/// The media type that a file name's extension stands for, letter case ignored;
/// "binary/octet-stream" when it is not known.
std::string_view content_type_of(std::string_view path);

}  // namespace ostler::artifact
