// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

struct ssl_st;

namespace ostler::support {

/// A client's end of a connection, byte by byte, for saying what no proper client would.
/// Every wait ends after 20 s.
class RawConnection {
 public:
  static RawConnection to_port(std::uint16_t port);
  /// The same through TLS; trusts any certificate.
  static RawConnection to_tls_port(std::uint16_t port);
  static RawConnection to_unix(const std::filesystem::path& path);

  /// False when the peer refused the bytes.
  bool send(std::string_view bytes);
  /// Says that nothing more will be sent; answers can still be read.
  void shut_down_sending();

  /// One answer: head and body by Content-Length or chunks (decoded). Empty when the peer closed.
  std::string read_answer();
  /// An answer's head; empty when the peer closed.
  std::string read_head();
  /// The next chunk of a body; empty at its end, when its trailers have been read too.
  std::string read_chunk();
  /// What followed the last body that was read in chunks, a line each.
  const std::string& trailers() const { return trailers_; }
  /// What comes until the peer closes.
  std::string read_to_end();

 private:
  explicit RawConnection(UniqueFd fd);
  bool receive();
  std::string take(std::size_t size);
  std::string take_to(std::string_view end);

  UniqueFd fd_;
  std::shared_ptr<ssl_st> tls_;  ///< null: none
  std::string received_;
  std::string trailers_;
};

/// The number in an answer's first line; 0 when it has none.
int status_in(std::string_view answer);
/// What follows an answer's head.
std::string body_in(std::string_view answer);

}  // namespace ostler::support
