// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "worker/job_log.hpp"

namespace ostler::worker {

/// JSON without the secrets of the job, however it spells them: "a\"b" and "\u0061" are found by
/// what they mean. Canonical; what is no JSON is redacted as it stands.
std::string redacted_json(JobLog& log, const std::string& json);

/// The same of the summary of a report. What its texts were cut from is not there to be seen: of
/// one that ends in wire::kCutMark, what may be the beginning of a secret is left out.
std::string redacted_summary(JobLog& log, const std::string& json);

}  // namespace ostler::worker
