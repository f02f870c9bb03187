// SPDX-License-Identifier: Apache-2.0
#include "model/artifact.hpp"

namespace ostler::model {

Result<ArtifactState> transition(ArtifactState state, ArtifactEvent event) {
  const auto wanted =
      event == ArtifactEvent::Finish ? ArtifactState::Finished : ArtifactState::Error;
  if (state == ArtifactState::New || state == wanted) return wanted;
  return Error(Errc::Conflict, "artifact is " + std::string(to_string(state)) +
                                   ": it cannot become " + std::string(to_string(wanted)));
}

std::string_view to_string(ArtifactState state) {
  switch (state) {
    case ArtifactState::New: return "new";
    case ArtifactState::Finished: return "finished";
    case ArtifactState::Error: return "error";
  }
  return "unknown";
}

}  // namespace ostler::model
