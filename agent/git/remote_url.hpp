// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ostler::git {

enum class RemoteKind {
  Local,  ///< a path or a file:// URL
  Http,   ///< http:// or https://
  Ssh,    ///< ssh:// or user@host:path
  Other,  ///< git://, ftp:// and whatever else
};

/// What a repository's address is, by its form alone.
RemoteKind remote_kind(std::string_view url);

/// The path that a Local address names.
std::filesystem::path local_path(std::string_view url);

/// The user name and password that `url` holds, decoded: "user:password", or "user:" without one.
std::optional<std::string> credentials_of(std::string_view url);

/// `url` without user name and password, fit for logs and file names. The user name of an ssh
/// address stays: it is no secret, and says which repository is meant.
std::string without_credentials(std::string_view url);

/// `text` with each "%41" as the byte it stands for.
std::string percent_decoded(std::string_view text);

}  // namespace ostler::git
