// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/http_server.hpp"
#include "store/store.hpp"
#include "wire/rest_log.hpp"

namespace ostler::rest_api {

/// A range of a job's log as an answer's body, read from the store piece by piece.
class LogTextSource final : public net::BodySource {
 public:
  /// Bytes `begin` to `end`, which can be read already. `store` outlives the source.
  LogTextSource(store::Store& store, JobId job, std::int64_t begin, std::int64_t end)
      : store_(store), job_(job), at_(begin), begin_(begin), end_(end) {}

  boost::asio::awaitable<Result<std::string>> next() override;
  std::optional<std::uint64_t> size() const override {
    return static_cast<std::uint64_t>(end_ - begin_);
  }

 private:
  store::Store& store_;
  JobId job_;
  std::int64_t at_;
  std::int64_t begin_;
  std::int64_t end_;
};

/// A job's log as the JSON object of the log endpoint.
class LogJsonSource final : public net::BodySource {
 public:
  LogJsonSource(LogTextSource text, wire::LogJsonStream json)
      : text_(std::move(text)), json_(std::move(json)) {}

  boost::asio::awaitable<Result<std::string>> next() override;
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  enum class Place : std::uint8_t { Begin, Content, End };

  LogTextSource text_;
  wire::LogJsonStream json_;
  Place place_ = Place::Begin;
};

}  // namespace ostler::rest_api
