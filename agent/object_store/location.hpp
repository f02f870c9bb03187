// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::object_store {

/// What a destination names: a bucket (or repository), and where in it artifacts go.
struct Location {
  std::string bucket;
  std::string prefix;  ///< no "/" at either end; may be empty

  /// The name of the object for an artifact's path, always beneath the prefix: ".." and empty
  /// components are resolved, and leading ".." fall away.
  std::string object_of(std::string_view path) const;
};

/// Reads "SCHEME://BUCKET/PREFIX". Errors: UserFault when there is no bucket, or its name is none.
Result<Location> parse_location(const std::string& destination, std::string_view scheme);

/// A path in a URL: each segment encoded, "/" between.
std::string url_path(std::string_view path);

/// Whether it is an http:// or https:// URL without user name, password and query, fit to be shown.
bool is_plain_url(std::string_view url);

/// A URL without the "/" at its end.
std::string without_slash(std::string url);

}  // namespace ostler::object_store
