// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostler::net {

/// What stood for the ":names" of a pattern, in their order. The names live as long as the pattern.
using PathParameters = std::vector<std::pair<std::string_view, std::string>>;

/// What the segments of a path have in place of the ":names" of a pattern such as
/// "jobs/:id/finish"; none when the path has another form.
std::optional<PathParameters> match_path(std::string_view pattern,
                                         std::span<const std::string> segments);

}  // namespace ostler::net
