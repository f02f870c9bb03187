// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::net {

/// Names and values in the order of the wire; names in any letter case.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name in any letter case; with no data() when there is
/// none.
std::string_view find_header(const HttpHeaders& headers, std::string_view name);

/// Part of a file as a request body. It is read while it is sent, never held in memory.
struct FileBody {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// An open file as a request body, whole. It is read while it is sent; when it is changed
/// meanwhile, the request fails with Conflict and the server does not get all of it.
struct OpenFileBody {
  std::shared_ptr<const UniqueFd> file;
  std::string name;  ///< for messages
  // As they were when it was opened.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
};
/// Requires: a regular file.
Result<OpenFileBody> open_file_body(UniqueFd file, std::string name);
/// Whether its bytes are still those that were there when it was opened.
bool is_unchanged(const OpenFileBody& body);

/// A multipart/form-data body: the text fields in order, then the file as the last part.
struct FormBody {
  std::vector<std::pair<std::string, std::string>> fields;
  std::string file_field;
  std::string file_name;  ///< as told to the server
  std::string content_type = "application/octet-stream";
  std::filesystem::path file;
};

struct HttpResponse;
/// Takes a body that goes on, piece by piece: `head` has the answer's status and headers. The first
/// piece comes with the head and is empty; later ones may be. Called where the client works, never
/// at the same time as another call for the same request. An error ends the request, which then
/// fails with it.
using BodySink = std::function<Result<void>(const HttpResponse& head, std::string_view piece)>;

using HttpBody = std::variant<std::string, FileBody, OpenFileBody, FormBody>;

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};          ///< http:// or https://
  std::string unix_socket = {};  ///< path to connect to instead of the host of `url`; empty: none
  HttpHeaders headers = {};
  HttpBody body = std::string();
  /// Where a 2xx body goes, replaced when the request begins; empty: into HttpResponse::body.
  std::filesystem::path download_to = {};
  /// Takes a 2xx body while it comes, not inflated; none: it is collected.
  BodySink body_sink = {};
  bool sink_takes_failures = false;  ///< the body of an answer from 400 on, too
  /// Asked about once a second; true ends the request: Cancelled. None: never.
  std::function<bool()> is_abandoned = {};
  std::size_t response_limit = 16u
                               << 20;  ///< most bytes of a body held in memory; 0: the head ends it
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds total_timeout{60'000};  ///< connect, send and receive; zero: no limit
  std::chrono::seconds idle_timeout{60};  ///< no byte either way for so long; zero: no limit
  bool follow_redirects = true;           ///< else a 3xx is the answer, as for signed requests
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  bool ok() const { return status >= 200 && status < 300; }
  /// The first header of that name, letter case ignored; empty when there is none.
  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

}  // namespace ostler::net
