// SPDX-License-Identifier: Apache-2.0
// The sending half of HttpConnection.
#include <sys/sendfile.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <charconv>

#include "net/http_connection.hpp"

namespace ostler::net {

namespace asio = boost::asio;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
/// Most bytes between two looks at the write deadline.
constexpr std::size_t kWritePiece = 256u << 10;
constexpr std::size_t kFilePiece = 1u << 20;
/// A body up to this size is copied behind its head, which saves a second buffer.
constexpr std::size_t kJoinedBody = 16u << 10;

std::string chunk_head(std::size_t size) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  return std::string(digits.data(), end) + "\r\n";
}

}  // namespace

BodyFraming HttpConnection::framing_of(const ServerResponse& response) const {
  if (const auto* text = std::get_if<std::string>(&response.body)) return {.size = text->size()};
  if (const auto* region = std::get_if<FileRegion>(&response.body)) return {.size = region->size};
  const auto size = std::get<std::unique_ptr<BodySource>>(response.body)->size();
  const bool modern = parser_ && parser_->get().version() >= 11;
  return {.size = size, .chunked = !size && modern};
}

asio::awaitable<bool> HttpConnection::send(ServerResponse response, bool keep_alive) {
  const BodyFraming framing = framing_of(response);
  keep_alive = keep_alive && (framing.size || framing.chunked);
  std::string head = response_head(response, framing, keep_alive);
  const bool head_only = (parser_ && parser_->get().method() == boost::beast::http::verb::head) ||
                         has_no_body(response.status);
  auto* text = std::get_if<std::string>(&response.body);
  if (text && !head_only && text->size() <= kJoinedBody) head += *text;
  if (!co_await write(head)) co_return false;
  if (head_only) co_return true;
  if (text) co_return text->size() <= kJoinedBody || co_await write(*text);
  if (auto* region = std::get_if<FileRegion>(&response.body)) co_return co_await send_file(*region);
  auto& source = *std::get<std::unique_ptr<BodySource>>(response.body);
  const bool whole = co_await send_source(source, framing.chunked);
  co_return whole && (framing.size || framing.chunked);
}

asio::awaitable<bool> HttpConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kWritePiece);
    set_deadline(options_.write_timeout);
    const auto [error, size] =
        co_await asio::async_write(socket_, asio::buffer(piece.data(), piece.size()), kAsTuple);
    clear_deadline();
    if (error) {
      cut();
      co_return false;
    }
    bytes.remove_prefix(piece.size());
  }
  co_return true;
}

asio::awaitable<bool> HttpConnection::send_file(const FileRegion& region) {
  boost::system::error_code error;
  socket_.native_non_blocking(true, error);
  auto offset = static_cast<off_t>(region.offset);
  std::uint64_t left = region.size;
  while (left > 0 && !error && socket_.is_open()) {
    const ssize_t sent = ::sendfile(socket_.native_handle(), region.file.get(), &offset,
                                    std::min<std::uint64_t>(left, kFilePiece));
    if (sent > 0) {
      left -= static_cast<std::uint64_t>(sent);
      co_await asio::post(asio::use_awaitable);  // others of this thread take their turn
    } else if (sent < 0 && errno == EAGAIN) {
      set_deadline(options_.write_timeout);
      std::tie(error) = co_await socket_.async_wait(Socket::wait_write, kAsTuple);
      clear_deadline();
    } else if (sent == 0 || errno != EINTR) {
      break;  // the file became shorter, or the peer went away
    }
  }
  if (left > 0) cut();
  co_return left == 0;
}

asio::awaitable<bool> HttpConnection::send_source(BodySource& source, bool chunked) {
  std::optional<std::uint64_t> left = source.size();
  for (;;) {
    auto piece = co_await source.next();
    const bool ended = piece && piece.value().empty();
    const bool fits = !left || (piece && piece.value().size() <= *left);
    if (!piece || !fits || (ended && left.value_or(0) > 0)) {
      cut();
      co_return false;
    }
    if (ended) co_return !chunked || co_await write("0\r\n\r\n");
    if (left) *left -= piece.value().size();
    std::string framed = std::move(piece).value();
    if (chunked) framed = chunk_head(framed.size()) + framed + "\r\n";
    if (!co_await write(framed)) co_return false;
  }
}

}  // namespace ostler::net
