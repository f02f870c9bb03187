// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/artifact.h>

#include <ostler/cpp/call.hpp>
#include <string>

namespace ostler {

/// Which artifacts are meant; see ostler_artifact_query.
struct ArtifactQuery {
  std::string glob;
  std::string step = {};      ///< key, label, or id of a job; empty: all
  std::string build = {};     ///< id; empty: the build of this job
  bool with_retried = false;  ///< also those of jobs that were retried

  ostler_artifact_query_t table() const {
    ostler_artifact_query_t query{};
    query.struct_size = sizeof query;
    query.with_retried = with_retried ? 1 : 0;
    query.glob = to_text(glob);
    query.step = to_text(step);
    query.build = to_text(build);
    return query;
  }
};

}  // namespace ostler
