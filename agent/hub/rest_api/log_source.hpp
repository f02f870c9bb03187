// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/http_server.hpp"
#include "store/store.hpp"
#include "wire/rest_log.hpp"
#include "wire/rest_log_html.hpp"

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

/// A job's log in another form, which a `Form` makes of its text piece by piece: `begin()`,
/// `append(piece)`, `end()`.
template <class Form>
class LogFormSource final : public net::BodySource {
 public:
  LogFormSource(LogTextSource text, Form form) : text_(std::move(text)), form_(std::move(form)) {}

  boost::asio::awaitable<Result<std::string>> next() override {
    if (place_ == Place::Begin) {
      place_ = Place::Content;
      co_return form_.begin();
    }
    while (place_ == Place::Content) {
      OSTLER_CO_TRY(const std::string piece, co_await text_.next());
      if (piece.empty()) {
        place_ = Place::End;
        co_return form_.end();
      }
      std::string text = form_.append(piece);
      // A piece of which nothing can be said yet makes no text, and no text means the end.
      if (!text.empty()) co_return text;
    }
    co_return std::string();
  }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  enum class Place : std::uint8_t { Begin, Content, End };

  LogTextSource text_;
  Form form_;
  Place place_ = Place::Begin;
};

using LogJsonSource = LogFormSource<wire::LogJsonStream>;
using LogHtmlSource = LogFormSource<wire::LogHtmlStream>;

}  // namespace ostler::rest_api
