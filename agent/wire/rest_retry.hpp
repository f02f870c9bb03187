// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/failure_kind.hpp"

namespace ostler::wire {

/// The body of a request that retries the failed jobs of a build: which of them. Empty: all.
/// Errors: Protocol when the text is not a JSON object; UserFault, with the words that are known,
/// for one that is not. Source: rest-api, 9.5.
Result<std::vector<model::FailureKind>> decode_rest_retry(std::string_view json);

}  // namespace ostler::wire
