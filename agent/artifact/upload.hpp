// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent_client/transport.hpp"
#include "artifact/batch_upload.hpp"
#include "artifact/find.hpp"

namespace ostler::artifact {

struct UploadOptions {
  std::string job;           ///< the job's id
  std::string content_type;  ///< of all files; empty: by file name
  bool multipart = true;     ///< the server may ask for files in parts
  BatchUploadOptions batch;
};

/// Declares files on the server in batches, uploads each batch and reports its state before the
/// next. Memory does not grow with the size of files. Blocks.
/// Errors: NotFound and others when a file cannot be read or is over 5 GiB; what the server
/// refused, with its words; Unavailable naming the files that did not arrive.
Result<void> upload(const std::vector<FoundFile>& files, const UploadOptions& options,
                    agent_client::Transport& transport, const Tell& tell);

}  // namespace ostler::artifact
