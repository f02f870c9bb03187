// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "support/scripted_server.hpp"

namespace ostler::support {

/// A store that keeps whole files by PUT and GET at their path, over real HTTP. What stands before
/// it, of keys and digests, a test says: real stores differ in little else.
class FakeFileServer {
 public:
  struct File {
    std::string content;
    std::map<std::string, std::string> headers;  ///< of the request that brought it
  };
  /// The refusal of a request; its status is 200 when it is let in.
  using Guard = std::function<ServerReply(const ServerRequest&)>;

  explicit FakeFileServer(Guard guard);

  const std::string& url() const { return server_.url(); }
  std::map<std::string, File> files();
  std::vector<std::string> calls();
  /// So many requests are answered 503 first.
  void be_busy(int times);
  /// So many downloads end in the middle.
  void cut_bodies(int times);
  /// Downloads are redirected to this address, where the path is the same.
  void redirect_to(const std::string& url);

 private:
  struct State {
    std::map<std::string, File> files;
    std::vector<std::string> calls;
    int busy = 0;
    int cut = 0;
    std::string elsewhere;
  };
  ServerAnswer answer(const ServerRequest& request);
  ServerAnswer serve(const std::string& path, const std::string& target);

  Guard guard_;
  std::mutex mutex_;
  State state_;  // guarded by mutex_
  ScriptedServer server_;
};

/// The digest of a text by OpenSSL's name of it, in bytes.
std::string digest_of(const std::string& text, const char* algorithm);
/// Whether `signature` over `text` was made by the key of this PEM with RSA and SHA-256.
bool is_rs256(const std::string& text, const std::string& signature, const std::string& pem);
/// Base64 in either alphabet, with or without padding.
std::string base64_decoded(std::string text);

}  // namespace ostler::support
