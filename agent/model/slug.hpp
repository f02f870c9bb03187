// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace ostler::model {

/// Whether a text can name an organization or a pipeline in URLs.
/// Errors: UserFault, saying what is allowed.
Result<void> check_slug(const std::string& slug);

}  // namespace ostler::model
