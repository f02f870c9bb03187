// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "json_shapes.hpp"
#include "support/raw_connection.hpp"

namespace ostler {

/// Bytes as lower-case hexadecimal digits.
std::string hex(std::string_view bytes);

/// What a client says and what it must be answered, written down in a text file:
///
///     >>> what this is about
///     POST /v3/jobs/{JOB}/finish HTTP/1.1
///     Authorization: Token {TOKEN}
///     Content-Length: {length}
///
///     {"exit_status":"0"}
///     <<< 200
///     /state = "running"        the value at a JSON pointer
///     /id -> JOB                remembered under a name; of an address its path as JOB_PATH, too
///     /interval >= 1
///     Location ~ /pipelines/    part of a header
///     without Link              there is no such header
///     is =job                   the body, or "/0 is =job" what is at a pointer, is of that kind
///     size /jobs = 2            the size of a list or an object
///     body "text"               the whole body
///     eventually /job/id        first: the request is repeated until the answer has this
///     chunk 00000000021200      the next chunk of a body, in hex
///
/// The bytes of a request are sent as they stand, lines ended by CR LF up to the empty one; {NAME}
/// is put in, {length} is the size of the body, whose lines end with LF. A line `raw TEXT` stands
/// for a body without a line's end, `gzip TEXT` for a compressed one; in both "\r" and "\n" are put
/// in. Lines that begin with # are for readers.
class Conversation {
 public:
  /// `names` are put in from the start. Fails the running test when something is not as written.
  Conversation(std::uint16_t port, std::map<std::string, std::string> names)
      : port_(port), names_(std::move(names)) {}

  /// Kinds are described in the file `shapes.txt` beside `file`.
  void replay(const std::filesystem::path& file);
  void remember(const std::string& name, const std::string& value) { names_[name] = value; }
  const std::string& remembered(const std::string& name) { return names_[name]; }

 private:
  struct Exchange {
    std::string about = {};
    std::vector<std::string> head = {};
    std::string body = {};
    int status = 0;
    std::vector<std::string> expectations = {};
  };

  static std::vector<Exchange> read(const std::filesystem::path& file);
  void hold(const Exchange& exchange);
  std::string answer_to(const Exchange& exchange);
  std::string request(const Exchange& exchange) const;
  void check(const std::string& expectation, const std::string& answer);
  void remember_value(const std::string& name, const std::string& value);
  void check_body(const std::string& line, const std::string& answer);
  std::string filled(std::string text) const;

  std::uint16_t port_;
  JsonShapes shapes_{};
  std::map<std::string, std::string> names_;
  support::RawConnection connection_ = support::RawConnection::to_port(port_);
  std::vector<support::RawConnection> streams_;  ///< answers that go on
};

}  // namespace ostler
