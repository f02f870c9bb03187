// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "support/scripted_server.hpp"

namespace ostler::support {

/// Serves the repositories in a directory over smart HTTP, through git's own http-backend.
class GitHttpServer {
 public:
  explicit GitHttpServer(std::filesystem::path root);

  /// "http://127.0.0.1:<port>/<repository>", with "user:password@" before the host when given.
  std::string url(const std::string& repository, const std::string& credentials = "") const;

  /// Asks for these credentials ("user:password") from now on.
  void protect(const std::string& credentials);
  /// Sends everybody to the same path of another server from now on, under another host's name.
  void redirect_to(const GitHttpServer& other);
  /// Answers so many requests with 503.
  void fail_next(int requests) { failures_ = requests; }
  /// Answers nothing from now on.
  void fall_silent() { silent_ = true; }

  int downloads() const { return downloads_; }
  int requests() const { return requests_; }

 private:
  ServerAnswer answer(const ServerRequest& request);
  ServerAnswer run_backend(const ServerRequest& request);

  const std::filesystem::path root_;
  std::string authorization_;  // set before requests that need it, as the next
  std::string redirect_;
  std::atomic<int> failures_ = 0;
  std::atomic<bool> silent_ = false;
  std::atomic<int> downloads_ = 0;
  std::atomic<int> requests_ = 0;
  ScriptedServer server_;
};

}  // namespace ostler::support
