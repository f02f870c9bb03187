// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// How the answer to a call goes to the plugin: an error as its ostler_status_t and its message.
supervise::BoxAnswer service_answer(std::uint32_t id, Result<std::string> found);

/// The other way: the value, or an error of that status.
Result<std::string> value_of_answer(supervise::BoxAnswer answer);

}  // namespace ostler::plugin_host
