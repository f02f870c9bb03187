// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ostler::process {

/// "SIGTERM" for 15; "signal 77" for a number without a name.
std::string signal_name(int signal);
/// The signals that a job may be cancelled with, by name in any letter case: SIGHUP, SIGINT,
/// SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM. None for any other text.
std::optional<int> parse_cancel_signal(std::string_view name);

}  // namespace ostler::process
