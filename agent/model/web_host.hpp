// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::model {

/// The host of an http:// or https:// address, alike however it is written: in lower case, without
/// user, port and final dot; of IPv6 in brackets.
std::string web_host(std::string_view address);

}  // namespace ostler::model
