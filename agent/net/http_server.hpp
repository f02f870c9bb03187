// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/http_message.hpp"
#include "net/listener.hpp"
#include "net/request_target.hpp"

// HTTP/1.1 server over TCP and unix sockets. It routes nothing: each request is one call of a
// RequestHandler, on the connection's own strand, one at a time per connection.
namespace ostler::net {

/// The body of a request, received as it is read.
class RequestBody {
 public:
  virtual ~RequestBody() = default;

  /// Receives up to `into.size()` bytes; 0 at the end of the body, and again after it.
  /// Errors: Timeout (nothing came for the read timeout), Protocol (broken framing), Unavailable
  /// (the peer went away), Cancelled (the server stops).
  virtual boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into) = 0;

  /// The size that the peer declared; none when it sends until an end mark.
  virtual std::optional<std::uint64_t> declared_size() const = 0;
};

/// What a handler can ask of the connection that its request came by.
class Peer {
 public:
  virtual ~Peer() = default;

  /// Until the handler returns, a peer that closes its side (and a server that begins to stop)
  /// cancels the handler with `total`, which it must have enabled. For long waits. When it answers
  /// with a BodySource, the same holds for each of its pieces.
  virtual void cancel_on_hang_up() = 0;
  /// The IP address that the connection came from ("10.1.2.3", "::1"), which may be a proxy's;
  /// empty when it came by a Unix socket.
  virtual const std::string& address() const = 0;
};

struct ServerRequest {
  std::string method;
  std::string target;  ///< as sent
  RequestTarget parts = {};
  HttpHeaders headers = {};
  RequestBody* body = nullptr;  ///< never null in a handler; lives as long as the call
  Peer* peer = nullptr;         ///< never null in a handler; lives as long as the call

  /// The first header of that name in any letter case; empty when there is none.
  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  /// The first query parameter of that name.
  std::optional<std::string> parameter(std::string_view name) const;
};

/// The whole body. Errors: UserFault with native 413 when it is larger than `limit`; else as
/// RequestBody::read_some.
boost::asio::awaitable<Result<std::string>> read_whole(RequestBody& body, std::size_t limit);

/// Part of an open file as an answer's body, sent without passing through memory of ours.
struct FileRegion {
  UniqueFd file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// An answer's body made while it is sent.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next piece; empty at the end. An error cuts the connection, so that the peer sees a
  /// body that is not whole.
  virtual boost::asio::awaitable<Result<std::string>> next() = 0;
  /// The whole size when it is known before the first piece.
  virtual std::optional<std::uint64_t> size() const = 0;
  /// What is said behind the end of a body whose size was not known before.
  virtual HttpHeaders trailers() const { return {}; }
};

struct ServerResponse {
  int status = 200;
  HttpHeaders headers = {};  ///< without Content-Length, Connection and Date, which the server adds
  std::variant<std::string, FileRegion, std::unique_ptr<BodySource>> body = std::string();
  bool close = false;  ///< ends the connection after this answer
};

/// An answer with a JSON body.
ServerResponse json_response(int status, std::string body);

/// Answers requests. Thread-safe: requests of several connections are handled at once.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// `request` lives until the answer is returned. Must not throw.
  /// Cancel: `terminal` when the server cuts its connections.
  virtual boost::asio::awaitable<ServerResponse> handle(ServerRequest& request) = 0;
};

struct HttpServerOptions {
  std::uint32_t header_limit = 64u << 10;  ///< bytes of request line and headers; above: 431
  std::size_t max_connections = 20'000;    ///< more wait in the kernel's accept queue
  std::chrono::milliseconds idle_timeout{90'000};   ///< between two requests of a connection
  std::chrono::milliseconds read_timeout{30'000};   ///< for a whole head; between bytes of a body
  std::chrono::milliseconds write_timeout{30'000};  ///< between bytes that the peer takes
  /// What a body must bring in a second, on the average, once it has been waited for as long as
  /// read_timeout in all: bytes that trickle would hold a connection for days.
  std::uint64_t least_body_rate = 500;
};

class HttpServer {
 public:
  /// `handler` must outlive the server. Each connection runs on a strand of `executor`, which may
  /// be run by any number of threads.
  HttpServer(const boost::asio::any_io_executor& executor, RequestHandler& handler,
             HttpServerOptions options = {});
  /// Requires: never listened, or `stop` has returned.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Accepts connections from `listener`. Thread-safe.
  void serve(Listener listener);

  /// Listens as `listen_on_tcp` does and serves; returns the port.
  Result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port);
  /// Listens as `listen_on_unix` does and serves.
  Result<void> listen_unix(const std::filesystem::path& path);

  /// Stops in stages: accepts no more, closes idle connections, cancels long waits with `total`
  /// and lets running requests end; after `grace` cuts what is left. Returns when all is gone.
  /// Runs on: any executor.
  boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ostler::net
