// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent_client/call_with_retries.hpp"
#include "agent_client/transport.hpp"
#include "wire/agent_api_pipelines.hpp"

namespace ostler::agent_client {

/// Uploads one pipeline for a job and waits until the server has taken it in. Blocks: up to five
/// minutes of attempts, and as long again of looks at what became of it.
/// Errors: UserFault when the server rejects it, with the reason; those of error_of_status;
/// Protocol when the server answers for another upload; Timeout when it does not come to an end.
/// Source: agent-api 2.16, job-lifecycle 9.8.
Result<void> upload_pipeline(Transport& transport, const std::string& job,
                             const wire::PipelineUploadRequest& request,
                             const RetryClock& clock = RetryClock::system());

}  // namespace ostler::agent_client
