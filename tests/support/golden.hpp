// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::support {

/// The content of tests/data/<name>, which `actual` should equal. With OSTLER_ACCEPT_GOLDEN=1 in
/// the environment the file is first made to hold `actual`: then read the diff.
std::string golden(std::string_view name, const std::string& actual);

/// JSON text laid out for reading, with its fields in their order.
std::string pretty_json(const std::string& text);

}  // namespace ostler::support
