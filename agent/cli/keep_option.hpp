// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/pipeline.hpp"

namespace ostler::cli {

inline constexpr const char* kKeepHelp =
    "What it keeps, such as builds-days=30,logs-days=7,newest-artifacts=20 (builds, logs, "
    "artifacts; 0: for ever, any number); what is left out is as the hub says. \"hub\": all of it";

/// Reads the value of `--keep`. Errors: UserFault naming the part that is wrong.
Result<model::Retention> parse_keep(std::string_view text);

}  // namespace ostler::cli
