// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace ostler::wire {

/// An annotation as a client of REST reads it.
struct RestAnnotationAnswer {
  std::string id;
  std::string context;
  std::string style;  ///< "error"; empty: plain
  std::string scope;  ///< "build" or "job"
  std::int64_t priority = 0;
  std::string body_html;
  std::optional<Timestamp> updated_at;
};
/// Errors: Protocol.
Result<std::vector<RestAnnotationAnswer>> decode_rest_annotations(std::string_view json);

/// What HTML says without its markup. Never fails: what is no HTML is text.
std::string text_of_html(std::string_view html);

}  // namespace ostler::wire
