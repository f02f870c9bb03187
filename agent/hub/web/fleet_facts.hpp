// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hub/web/build_lines.hpp"
#include "hub/web/pages.hpp"
#include "store/store.hpp"

// What the pages of agents, clusters and queues show, read from the store.
namespace ostler::hub {

/// The page at "/{organization}/agents/{id}", "/{organization}/clusters/{id}" or
/// "/{organization}/clusters/{id}/queues/{id}", by the segments behind the organization.
/// Errors: NotFound, also of what the viewer may not see.
boost::asio::awaitable<Result<FactsPage>> fleet_facts(store::Store& store, const Viewer& viewer,
                                                      std::vector<std::string> segments);

/// Whether segments behind the organization are those of such a page.
bool is_fleet_path(const std::vector<std::string>& segments);

}  // namespace ostler::hub
