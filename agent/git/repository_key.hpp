// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::git {

/// What two addresses of one repository have in common, however it is reached: host and path
/// without ".git", so that git@host:a/b.git and https://host/a/b are one; the absolute path of a
/// repository on this machine. Empty when the address names none.
std::string repository_key(std::string_view url);

/// The last part of a repository's path without ".git": part of each of its addresses.
std::string repository_name(std::string_view url);

}  // namespace ostler::git
