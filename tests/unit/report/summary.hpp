// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "report/report.hpp"

namespace ostler::report {

inline nlohmann::json summary_of(std::string_view kind, std::string_view text) {
  return nlohmann::json::parse(summarize(kind, text).value());
}

/// Why a text is no such report; empty when it is one.
inline std::string fault_of(std::string_view kind, std::string_view text) {
  const auto summary = summarize(kind, text);
  if (summary) return {};
  return summary.error().code() == Errc::UserFault ? summary.error().message() : "another error";
}

/// `text`, `times` over.
inline std::string times(std::size_t count, std::string_view text) {
  std::string all;
  all.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace ostler::report
