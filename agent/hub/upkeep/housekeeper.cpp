// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/housekeeper.hpp"

#include <vector>

#include "diag/log.hpp"
#include "hub/upkeep/hub_files.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

asio::awaitable<void> Housekeeper::run() {
  while (!stopping_) {
    const auto done = co_await tidy();
    if (!done) {
      diag::warn("cannot remove what has expired, trying again",
                 {{"error", done.error().message()}});
    }
    if (!stopping_) co_await pause_.wait(options_.interval);
  }
}

void Housekeeper::stop() {
  stopping_ = true;
  pause_.wake();
}

asio::awaitable<Result<void>> Housekeeper::tidy() {
  while (!stopping_) {
    OSTLER_CO_TRY(const auto expired,
                  co_await store_.expired_builds({.terms = options_.terms, .now = clock_.now()}));
    if (expired.empty()) break;
    for (const auto& build : expired) {
      if (stopping_) co_return success();
      OSTLER_CO_TRY(co_await remove(build));
    }
    diag::info("removed what has expired", {{"builds", std::to_string(expired.size())}});
    OSTLER_CO_TRY(co_await remove_files());
  }
  co_return co_await remove_files();
}

asio::awaitable<Result<void>> Housekeeper::remove(store::ExpiredBuild expired) {
  for (bool more = true; more && !stopping_;) {
    OSTLER_CO_TRY(const auto removed, co_await store_.remove_expired({.expired = expired}));
    more = removed.more;
    co_await pause_.wait(options_.pause);
  }
  co_return success();
}

asio::awaitable<Result<void>> Housekeeper::remove_files() {
  constexpr std::int64_t kPage = 200;
  while (!stopping_) {
    // First the list, then the question: what is in the list has left the database before a backup
    // that begins after the question can have looked at it.
    OSTLER_CO_TRY(const auto names, co_await store_.removed_blobs(kPage));
    if (names.empty()) co_return success();
    OSTLER_CO_TRY(const bool held, are_blobs_held(options_.directory));
    if (held) co_return success();
    OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
      for (const auto& name : names) {
        OSTLER_TRY(blobs_.remove(name));
      }
      return success();
    }));
    OSTLER_CO_TRY(co_await store_.forget_removed_blobs(names));
  }
  co_return success();
}

}  // namespace ostler::hub
