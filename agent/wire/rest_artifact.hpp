// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/artifact.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// An artifact object. Source: rest-api, 11.
std::string encode_rest_artifact(const model::Artifact& artifact, std::string_view pipeline,
                                 std::int64_t build, const RestUrls& urls);

/// {"url": url}: the body beside the Location of a download.
std::string encode_rest_download(std::string_view url);

/// What the `state` filter of an artifact list selects.
struct RestArtifactStateFilter {
  /// None: a state of the reference that no artifact of this hub has ("deleted", "expired").
  std::optional<model::ArtifactState> state;
};
/// None when `name` is no state.
std::optional<RestArtifactStateFilter> rest_artifact_state_filter(std::string_view name);

}  // namespace ostler::wire
