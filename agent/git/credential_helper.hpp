// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "git/netrc.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

/// What a server's credentials are asked for, in git's words. Fields hold no control characters.
struct CredentialQuestion {
  std::string protocol;  ///< "https" or "http"
  std::string host;      ///< with its port, if the address names one
  std::string path;      ///< without the leading "/"
  std::string user;      ///< from the address; may be empty
};

/// The credential helpers of the user's git configuration, asked by way of `git credential`. It
/// asks nobody on a terminal or a screen; GIT_ASKPASS and core.askPass are obeyed. Secrets go
/// through pipes only.
class CredentialHelper {
 public:
  explicit CredentialHelper(Watcher& watcher) : watcher_(watcher) {}

  /// Errors: NotFound: no helper has any; UserFault: there is no git program; Timeout; Cancelled;
  /// those of starting a program. The message says what git said.
  Result<Login> fill(const CredentialQuestion& question) const;
  /// Tells the helpers that `login` was right, so that they may keep it, or wrong.
  void approve(const CredentialQuestion& question, const Login& login) const;
  void reject(const CredentialQuestion& question, const Login& login) const;

 private:
  Result<std::string> run(const std::string& verb, const std::string& input) const;

  Watcher& watcher_;
};

}  // namespace ostler::git
