// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/state.h>

#include <cstdint>
#include <optional>
#include <ostler/cpp/services.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace ostler {

struct StateValue {
  std::string value;
  std::int64_t revision = 0;
};

/// Values that the plugin keeps for later runs; see ostler/state.h. Its functions throw CallFailed.
class State {
 public:
  /// `State state(services)` has the values of the pipeline.
  explicit State(const Services& services, ostler_state_scope_t scope = OSTLER_STATE_PIPELINE)
      : host_(services.host()), scope_(scope) {}

  /// None: there is no such key.
  std::optional<StateValue> get(std::string_view key) const {
    detail::Kept value;
    detail::Kept error;
    std::int64_t revision = 0;
    const auto status =
        ostler_state_get(host_, scope_, to_text(key), &revision, value.sink(), error.sink());
    if (status == OSTLER_NOT_FOUND) return std::nullopt;
    detail::require(status, error);
    return StateValue{std::move(value).text(), revision};
  }
  /// The new revision. None when that of the key is not `expected` (OSTLER_STATE_NEW: it is to be
  /// new): somebody was faster.
  [[nodiscard]] std::optional<std::int64_t> swap(std::string_view key, std::string_view value,
                                                 std::int64_t expected) const {
    detail::Kept error;
    std::int64_t revision = 0;
    const auto status = change(key, value, expected, revision, error);
    if (status == OSTLER_CONFLICT) return std::nullopt;
    detail::require(status, error);
    return revision;
  }
  /// Whatever was there; the new revision.
  std::int64_t set(std::string_view key, std::string_view value) const {
    detail::Kept error;
    std::int64_t revision = 0;
    detail::require(change(key, value, OSTLER_STATE_ANY, revision, error), error);
    return revision;
  }
  /// False when the revision of the key is not `expected`.
  bool remove(std::string_view key, std::int64_t expected = OSTLER_STATE_ANY) const {
    detail::Kept error;
    const auto status = ostler_state_delete(host_, scope_, to_text(key), expected, error.sink());
    if (status == OSTLER_CONFLICT) return false;
    detail::require(status, error);
    return true;
  }
  /// Those that begin so: a JSON array.
  std::string keys(std::string_view begin = {}) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(ostler_state_keys(host_, scope_, to_text(begin), value.sink(), error.sink()),
                    error);
    return std::move(value).text();
  }

 private:
  ostler_status_t change(std::string_view key, std::string_view value, std::int64_t expected,
                         std::int64_t& revision, detail::Kept& error) const {
    return ostler_state_set(host_, scope_, to_text(key), to_text(value), expected, &revision,
                            error.sink());
  }

  const ostler_host_t* host_;
  ostler_state_scope_t scope_;
};

}  // namespace ostler
