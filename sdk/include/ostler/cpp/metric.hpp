// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/metric.h>

#include <chrono>
#include <cstdint>
#include <ostler/cpp/services.hpp>
#include <string_view>

namespace ostler {

/// Figures about a run; see ostler/metric.h. Its functions throw CallFailed.
class Metrics {
 public:
  explicit Metrics(const Services& services) : host_(services.host()) {}

  void count(std::string_view name, std::int64_t count) const {
    detail::Kept error;
    detail::require(ostler_metric_count(host_, to_text(name), count, error.sink()), error);
  }
  void duration(std::string_view name, std::chrono::nanoseconds duration) const {
    detail::Kept error;
    detail::require(ostler_metric_duration(host_, to_text(name), duration.count(), error.sink()),
                    error);
  }
  /// `amount` is a decimal number: "0.25".
  void cost(std::string_view name, std::string_view amount, std::string_view currency) const {
    detail::Kept error;
    detail::require(
        ostler_metric_cost(host_, to_text(name), to_text(amount), to_text(currency), error.sink()),
        error);
  }

 private:
  const ostler_host_t* host_;
};

}  // namespace ostler
