// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::config {

/// The setting that somebody who wrote `name` probably meant; empty when none is near.
std::string_view nearest_setting(std::string_view name);

}  // namespace ostler::config
