// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace ostler::support {

/// A TCP proxy on a free port of loopback that counts texts in what clients send through it, so a
/// test can say how often a request was made. Runs on threads of its own until it is destroyed.
class TcpProxy {
 public:
  /// Forwards to 127.0.0.1:`port`, connecting anew for each client.
  explicit TcpProxy(int port);
  /// The same on a socket in the file system.
  TcpProxy(int port, const std::filesystem::path& socket);
  /// What an HTTP proxy answers to CONNECT, whatever host it names. Anything but a 200 ends there.
  struct Tunnel {
    std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n";
  };
  TcpProxy(int port, Tunnel tunnel);
  ~TcpProxy();

  /// "http://127.0.0.1:<own port>".
  std::string url() const;
  /// How often `text` has been sent by clients so far. A text cut by two reads counts.
  int count(const std::string& text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ostler::support
