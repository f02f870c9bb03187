// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>

namespace ostler::support {

struct ServerRequest {
  std::string method;
  std::string target;                          ///< path and query as on the wire
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

struct ServerReply {
  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers = {};
};
/// These bytes instead of an HTTP answer, then the end of the connection; by RST if it `resets`.
struct RawReply {
  std::string bytes;
  bool resets = false;
};
/// The connection ends with RST and no byte of an answer.
struct ResetReply {};
/// The connection stays open and silent until the client gives up.
struct SilentReply {};

/// An answer of 200 whose body goes on, a chunk for each piece, then its trailers.
struct StreamReply {
  std::map<std::string, std::string> headers = {};
  /// The next piece; none at the end. Destroyed unfinished when the server ends.
  std::function<boost::asio::awaitable<std::optional<std::string>>()> next;
  std::string trailers = {};  ///< each ending in CR LF
};

using ServerAnswer = std::variant<ServerReply, RawReply, ResetReply, SilentReply, StreamReply>;

/// A real HTTP/1.1 server on a free port of loopback with a thread of its own, whose every answer
/// the test decides, broken ones included.
class ScriptedServer {
 public:
  /// Called on the server's thread, for one request of each connection at a time.
  using Handler = std::function<boost::asio::awaitable<ServerAnswer>(ServerRequest)>;

  /// `port` 0: a free one.
  explicit ScriptedServer(Handler handler, unsigned short port = 0);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// "http://127.0.0.1:<port>"
  const std::string& url() const { return url_; }
  unsigned short port() const { return port_; }
  boost::asio::io_context& io() { return io_; }

 private:
  struct Connections;
  boost::asio::io_context io_{1};
  std::shared_ptr<Connections> connections_;
  unsigned short port_ = 0;
  std::string url_;
  std::thread thread_;
};

}  // namespace ostler::support
