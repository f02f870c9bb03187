// SPDX-License-Identifier: Apache-2.0
#include "net/http_response_head.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>

namespace ostler::net {
namespace {

/// The time as in "Date: Sun, 06 Nov 1994 08:49:37 GMT", made anew once a second per thread.
const std::string& date_line() {
  thread_local std::time_t made_at = 0;
  thread_local std::string line;
  const std::time_t now = std::time(nullptr);
  if (now == made_at) return line;
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 48> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
  line.assign(text.data(), size);
  made_at = now;
  return line;
}

}  // namespace

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char letter : value) {
    const bool breaks = letter == '\r' || letter == '\n' || letter == '\0';
    head.push_back(breaks ? ' ' : letter);
  }
  head.append("\r\n");
}

bool has_no_body(int status) { return status == 204 || status == 304 || status < 200; }

std::string response_head(const ServerResponse& response, const BodyFraming& framing,
                          bool keep_alive) {
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason.data(), reason.size()).append("\r\n").append(date_line());
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  if (framing.size && !has_no_body(response.status)) {
    append_header(head, "Content-Length", std::to_string(*framing.size));
  }
  if (framing.chunked) append_header(head, "Transfer-Encoding", "chunked");
  if (!keep_alive) append_header(head, "Connection", "close");
  head.append("\r\n");
  return head;
}

}  // namespace ostler::net
