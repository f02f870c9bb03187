// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "git/credential_helper.hpp"

namespace ostler::git {

/// Where the credentials for one http(s) address come from, one place after the other: the address
/// itself, ~/.netrc (or the file that NETRC names), git's credential helpers. The next place is
/// looked at when the server has answered 401 to the one before.
class CredentialSearch {
 public:
  CredentialSearch(const std::string& url, Watcher& watcher);

  /// The value of the Authorization header to send; empty: none.
  std::string authorization() const;
  /// The server refused what there is so far. False when there is no more; explanation() says why.
  bool next();
  /// The server took it.
  void accepted() const;
  /// What was tried, for the error: "no entry for h in /home/a/.netrc; ...".
  std::string explanation() const { return explanation_; }

 private:
  enum class Place { Address, Netrc, Helper, Nowhere };

  bool look_into_netrc();
  bool ask_helper();
  void note(const std::string& text);

  CredentialQuestion question_;
  std::string host_;       ///< without the port
  bool complete_ = false;  ///< the address holds a password
  CredentialHelper helper_;
  Place place_ = Place::Address;
  std::optional<Login> login_;
  std::string explanation_;
};

}  // namespace ostler::git
