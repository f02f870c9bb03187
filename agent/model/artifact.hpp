// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"

namespace ostler::model {

/// Where an artifact is in its life. The numbers are stored: append, never renumber.
/// New --Finish--> Finished, New --Fail--> Error; a repeated report of the same outcome is fine.
enum class ArtifactState : std::uint8_t {
  New = 1,  ///< declared, its bytes are not known to be there
  Finished = 2,
  Error = 3,  ///< its upload failed
};

enum class ArtifactEvent : std::uint8_t { Finish, Fail };

/// What an artifact becomes by an event. Errors: Conflict when it has the other outcome already.
Result<ArtifactState> transition(ArtifactState state, ArtifactEvent event);

/// For logs and errors: "finished".
std::string_view to_string(ArtifactState state);

struct Artifact {
  ArtifactId id;
  JobId job;
  BuildId build;
  ArtifactState state = ArtifactState::New;
  std::string path;                ///< as the agent reported it; never a path on the hub
  std::string absolute_path;       ///< on the agent's machine
  std::string content_type;        ///< may be empty
  std::string sha1sum;             ///< lower-case hex, may be empty
  std::string sha256sum;           ///< lower-case hex, may be empty
  std::string upload_destination;  ///< empty: the hub's own store
  std::string url;                 ///< of a custom destination; else empty
  std::int64_t file_size = 0;      ///< bytes
  Timestamp created_at;
};

}  // namespace ostler::model
