// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "git/credential_search.hpp"
#include "git/handles.hpp"
#include "git/native_error.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

/// One connection to a remote for fetching, over whatever its address says. For the files of this
/// room.
class RemoteConnection {
 public:
  /// Connects. `authorization`: the value of the header to send to an http server; empty: none.
  /// Errors: those of fetch; native() kUnauthorized when the server wants (other) credentials.
  static Result<RemoteConnection> open(git_repository* repository, const std::string& url,
                                       const std::string& authorization, Watcher& watcher);
  ~RemoteConnection();
  RemoteConnection(RemoteConnection&&) noexcept;

  git_remote* native() const;
  /// Downloads what is missing and updates references.
  Result<void> download(const std::vector<std::string>& refspecs);
  std::size_t updated_references() const;

 private:
  struct State;
  explicit RemoteConnection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The address that is meant by `url` in the user's configuration (url.*.insteadOf).
Result<std::string> effective_address(git_repository* repository, const std::string& url);

/// Does `use` with a connection to `url`, again with other credentials while the server asks for
/// them. Errors: Denied, naming what was tried; Cancelled; those of open and `use`.
template <class Use>
auto with_connection(git_repository* repository, const std::string& url, Watcher& watcher, Use use)
    -> decltype(use(std::declval<RemoteConnection&>())) {
  CredentialSearch search(url, watcher);
  for (;;) {
    auto connection = RemoteConnection::open(repository, url, search.authorization(), watcher);
    auto done = connection ? use(connection.value())
                           : decltype(use(connection.value()))(std::move(connection).error());
    if (done) search.accepted();
    if (done || done.error().native() != kUnauthorized) return done;
    if (search.next()) continue;
    if (!watcher.keep_going()) return Error(Errc::Cancelled, "stopped");
    return Error(Errc::Denied, "the server wants credentials: " + search.explanation())
        .with_native(kUnauthorized);
  }
}

}  // namespace ostler::git
