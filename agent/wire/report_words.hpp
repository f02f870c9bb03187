// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ostler::wire {

/// What the texts of a summary end in that go on in the report. A secret may go on there, too.
inline constexpr std::string_view kCutMark = "...";

/// A report of a step, as the data of its event, in one line: "junit unit: 3 of 214 failed: a, b,
/// c". Nobody has made the text fit for a terminal.
std::string describe_report(const nlohmann::json& data);

/// "3 of 214 failed: a, b, c"; empty for a report of another kind, and when none has failed.
std::string describe_failed_tests(const nlohmann::json& data);

}  // namespace ostler::wire
