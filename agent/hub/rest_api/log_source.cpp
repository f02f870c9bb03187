// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/log_source.hpp"

#include <algorithm>

namespace ostler::rest_api {
namespace {

/// What one answer holds of a log at a time. JSON makes up to six bytes of one.
constexpr std::int64_t kPiece = 256 << 10;

}  // namespace

boost::asio::awaitable<Result<std::string>> LogTextSource::next() {
  if (at_ == end_) co_return std::string();
  const std::int64_t limit = std::min(kPiece, end_ - at_);
  OSTLER_CO_TRY(std::string piece,
                co_await store_.read_log({.job = job_, .offset = at_, .limit = limit}));
  if (piece.empty()) {
    co_return Error(Errc::Corrupt, "log of job " + job_.str() + " ends at byte " +
                                       std::to_string(at_) + ", before its known end " +
                                       std::to_string(end_));
  }
  at_ += static_cast<std::int64_t>(piece.size());
  co_return piece;
}

}  // namespace ostler::rest_api
