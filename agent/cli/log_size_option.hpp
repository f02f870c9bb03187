// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class Option;
}

namespace ostler::cli {

inline constexpr const char* kMaxLogSizeHelp =
    "How long the log of one job may be, such as 100MB (1 KiB to 1 TiB, MB is 1024 KB); what is "
    "more is dropped, and the log says so";

/// Makes an option one of a log's size: its value becomes a number of bytes.
void take_log_size(CLI::Option& option);

}  // namespace ostler::cli
