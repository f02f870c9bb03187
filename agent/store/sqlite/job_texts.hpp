// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/retry.hpp"
#include "model/soft_fail.hpp"

// What steps and jobs keep about retries and failures, as JSON. Errors of the readers: Corrupt.
namespace ostler::store::sqlite {

/// Empty for the policy of a step that says nothing.
std::string retry_text(const model::RetryPolicy& policy);
Result<model::RetryPolicy> read_retry_policy(const std::string& text);

/// Empty when no failure is soft.
std::string soft_fail_text(const model::SoftFail& soft_fail);
Result<model::SoftFail> read_soft_fail(const std::string& text);

/// How often each rule of a policy has let a chain of attempts go on.
std::string rule_retries_text(const std::vector<int>& counts);
Result<std::vector<int>> read_rule_retries(const std::string& text);

}  // namespace ostler::store::sqlite
