// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::plugin_host {

/// Whether it is MAJOR.MINOR.PATCH, and perhaps -PRERELEASE, without build metadata.
/// Source: https://semver.org/spec/v2.0.0.html
bool is_semantic_version(std::string_view text);

/// Whether `a` is the earlier one of two such versions. Directories of a store may have other
/// names, which have an order, too.
bool is_earlier(std::string_view a, std::string_view b);

}  // namespace ostler::plugin_host
