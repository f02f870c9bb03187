// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/report.h>

#include <ostler/cpp/services.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace ostler {

/// What tests and tools have found; see ostler/report.h. Its functions throw CallFailed; those that
/// are given a file return its summary as JSON.
class Reports {
 public:
  explicit Reports(const Services& services) : host_(services.host()) {}

  std::string junit(std::string_view name, std::string_view path) const {
    return hand_in(ostler_report_junit, name, path);
  }
  std::string coverage(std::string_view name, std::string_view path) const {
    return hand_in(ostler_report_coverage, name, path);
  }
  std::string sarif(std::string_view name, std::string_view path) const {
    return hand_in(ostler_report_sarif, name, path);
  }
  /// `table` is JSON.
  void table(std::string_view name, std::string_view table) const {
    detail::Kept error;
    detail::require(ostler_report_table(host_, to_text(name), to_text(table), error.sink()), error);
  }

 private:
  using Method = ostler_status_t (*)(const ostler_host_t*, ostler_text_t, ostler_text_t,
                                     const ostler_sink_t*, const ostler_sink_t*);
  std::string hand_in(Method method, std::string_view name, std::string_view path) const {
    detail::Kept value;
    detail::Kept error;
    detail::require(method(host_, to_text(name), to_text(path), value.sink(), error.sink()), error);
    return std::move(value).text();
  }

  const ostler_host_t* host_;
};

}  // namespace ostler
