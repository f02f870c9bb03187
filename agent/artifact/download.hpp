// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "agent_client/retry.hpp"
#include "agent_client/transport.hpp"
#include "artifact/find.hpp"
#include "artifact/search.hpp"
#include "object_store/object_store.hpp"

namespace ostler::artifact {

struct DownloadOptions {
  SearchOptions search;
  std::size_t threads = 1;
  std::string user_agent;
  agent_client::RetryPolicy retry = agent_client::policy::kArtifactDownload;
  object_store::StoreOptions store;
  /// An open directory where somebody who is not trusted may write: artifacts go beneath it, no
  /// symbolic link on the way is followed, and the destination is only what it is called.
  int beneath = -1;
};

/// Searches a build's artifacts, wherever each is stored, and writes each beneath `destination`,
/// whole or not at all: to a temporary name, compared with the digest or size that the server
/// tells, then renamed. How many these were. Blocks. Errors: UserFault when the destination is no
/// directory, or a store cannot be used; NotFound when nothing matches; Denied for a path that
/// leads out of the destination; Corrupt for other content than declared; Unavailable naming what
/// did not come.
Result<std::size_t> download(const std::string& query, const std::string& destination,
                             const DownloadOptions& options, agent_client::Transport& transport,
                             const Tell& tell);

}  // namespace ostler::artifact
