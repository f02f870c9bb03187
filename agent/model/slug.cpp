// SPDX-License-Identifier: Apache-2.0
#include "model/slug.hpp"

#include <algorithm>

namespace ostler::model {

Result<void> check_slug(const std::string& slug) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool is_fine = !slug.empty() && slug.size() <= 100 && is_letter(slug.front()) &&
                       std::ranges::all_of(slug, [&](char c) { return is_letter(c) || c == '-'; });
  if (is_fine) return success();
  return Error(Errc::UserFault, "slug \"" + slug +
                                    "\" is not well formed: use lower-case letters, digits and "
                                    "hyphens, at most 100, not starting with a hyphen");
}

}  // namespace ostler::model
