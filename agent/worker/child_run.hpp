// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "worker/job_context.hpp"

namespace ostler::worker {

struct ChildSpec {
  std::vector<std::string> words;  ///< program (a path, or a name in the job's PATH) and arguments
  Cancellation::Spare spare = Cancellation::Spare::Nothing;
  /// What the child writes to descriptor 4 ends up here, 8 MiB at most; null: no descriptor 4.
  std::string* result = nullptr;
  /// What the child gets as descriptors 5, 6, ...
  std::vector<int> more_fds = {};
  bool is_ours = false;  ///< gets own_program_environment()
};

/// Runs a program in the job's directory with the job's environment, its output in the job's log.
/// Returns when the program itself has ended and what it wrote is in the log; processes that it
/// left behind hold nobody.
/// Errors: NotFound or Denied when it cannot be started; Cancelled when the job was before.
boost::asio::awaitable<Result<process::ExitStatus>> run_child(JobContext& job, ChildSpec spec);

}  // namespace ostler::worker
