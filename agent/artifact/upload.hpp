// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent_client/transport.hpp"
#include "artifact/batch_upload.hpp"
#include "artifact/find.hpp"
#include "object_store/object_store.hpp"

namespace ostler::artifact {

struct UploadOptions {
  std::string job;           ///< the job's id
  std::string content_type;  ///< of all files; empty: by file name
  bool multipart = true;     ///< the server may ask for files in parts
  std::string destination;   ///< of one's own; empty: the server's own store
  object_store::StoreOptions store;
  BatchUploadOptions batch;
};

/// Declares files on the server in batches, uploads each batch and reports its state before the
/// next: to where the server says, or to a destination of one's own, of which it is told. Memory
/// does not grow with the size of files. Blocks. Errors: UserFault for a destination that cannot be
/// used; NotFound and others when a file cannot be read, or is over 5 GiB and for the server's
/// store; what the server refused, with its words; Unavailable naming the files that did not
/// arrive.
Result<void> upload(const std::vector<FoundFile>& files, const UploadOptions& options,
                    agent_client::Transport& transport, const Tell& tell);

}  // namespace ostler::artifact
