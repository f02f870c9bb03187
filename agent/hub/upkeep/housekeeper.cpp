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
  if (!age_.holds()) co_return success();
  const auto rows = co_await remove_builds(clock_.now());
  const auto files = co_await remove_files();
  co_return rows ? files : rows;
}

/// A build that cannot be removed does not keep the others; the first of their errors is told.
asio::awaitable<Result<void>> Housekeeper::remove_builds(Timestamp now) {
  Result<void> outcome = success();
  Result<void> files = success();
  while (!stopping_ && outcome) {
    OSTLER_CO_TRY(const auto expired,
                  co_await store_.expired_builds({.terms = options_.terms, .now = now}));
    if (expired.empty()) break;
    std::size_t removed = 0;
    for (const auto& build : expired) {
      if (stopping_) co_return outcome;
      auto one = co_await remove(build);
      removed += one ? 1 : 0;
      if (!one && outcome)
        outcome = std::move(one).error().with_context("build " + build.build.str());
    }
    diag::info("removed what has expired", {{"builds", std::to_string(removed)}});
    files = co_await remove_files();
  }
  co_return outcome ? files : outcome;
}

/// Leaves in `names` those whose files are gone. Errors: the first.
Result<void> Housekeeper::remove_each(std::vector<store::BlobName>& names) {
  Result<void> outcome = success();
  std::erase_if(names, [&](const store::BlobName& name) {
    auto removed = blobs_.remove(name);
    const bool is_left = !removed;
    if (is_left && outcome) outcome = std::move(removed);
    return is_left;
  });
  return outcome;
}

asio::awaitable<Result<void>> Housekeeper::remove(store::ExpiredBuild expired) {
  for (bool more = true; more && !stopping_;) {
    OSTLER_CO_TRY(const auto removed,
                  co_await store_.remove_expired({.expired = expired, .now = clock_.now()}));
    listener_.changed(removed.follow_ups);
    more = removed.more;
    co_await pause_.wait(options_.pause);
  }
  co_return success();
}

/// A file that cannot be removed stays on the list and does not keep the others.
asio::awaitable<Result<void>> Housekeeper::remove_files() {
  constexpr std::int64_t kPage = 200;
  Result<void> outcome = success();
  std::optional<store::BlobName> last;
  while (!stopping_) {
    // First the list, then the question: what is in the list has left the database before a backup
    // that begins after the question can have looked at it.
    OSTLER_CO_TRY(auto names, co_await store_.removed_blobs(last, kPage));
    if (names.empty()) break;
    OSTLER_CO_TRY(const bool held, are_blobs_held(options_.directory));
    if (held) break;
    last = names.back();
    auto removed = co_await blocking_.run([&] { return remove_each(names); });
    if (outcome) outcome = std::move(removed);
    OSTLER_CO_TRY(co_await store_.forget_removed_blobs(std::move(names)));
  }
  co_return outcome;
}

}  // namespace ostler::hub
