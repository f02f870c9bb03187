// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hub/web/pages.hpp"
#include "store/store.hpp"

// What pages show of builds, read from the store.
namespace ostler::hub {

/// Whose eyes see a page.
struct Viewer {
  const store::ApiHolder& holder;
  std::string organization;  ///< slug
  std::string public_url;

  bool may(std::string_view scope) const;
};

/// The newest builds of a pipeline, or of all, each with its first jobs.
boost::asio::awaitable<Result<std::vector<BuildLine>>> newest_builds(
    store::Store& store, const Viewer& viewer, std::optional<PipelineId> pipeline = std::nullopt);
/// A build with all of its jobs. Errors: NotFound.
boost::asio::awaitable<Result<BuildLine>> whole_build(store::Store& store, const Viewer& viewer,
                                                      const std::string& pipeline,
                                                      std::int64_t number);

}  // namespace ostler::hub
