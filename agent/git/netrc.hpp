// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace ostler::git {

/// A user name with its password or token.
struct Login {
  std::string user;
  Secret password;
};

/// What `text`, the content of a .netrc file, says for `host` (compared without case): its first
/// entry, or the first with this `user` unless that is empty; else the default entry. Entries
/// without a password are passed over.
/// Source: netrc(5), and curl for quotes and comments.
std::optional<Login> find_in_netrc(std::string_view text, std::string_view host,
                                   std::string_view user);

}  // namespace ostler::git
