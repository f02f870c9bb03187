// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::supervise {

/// What the worker must know of its job. The agent makes it, the keeper forwards its bytes
/// untouched, and it is never written to a file.
struct JobDocument {
  std::string job_id;  ///< as the server wrote it
  /// The whole environment of the job. The worker reads its settings from it (BUILDKITE_COMMAND,
  /// BUILDKITE_PTY, ...) and lays it over its own process environment for every child.
  std::map<std::string, std::string, std::less<>> env;
  std::string job_socket;  ///< absolute path to listen on for in-job commands; empty: no socket
};

/// The document as one JSON object. Bytes that are not UTF-8 become U+FFFD.
std::string encode(const JobDocument& document);

/// Errors: Protocol, naming the key, when it is not what `encode` writes. Unknown keys are ignored.
Result<JobDocument> decode_job_document(std::string_view json);

}  // namespace ostler::supervise
