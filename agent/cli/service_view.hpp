// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "console/table.hpp"
#include "supervise/service_directory.hpp"

// Services that outlive jobs, for people.
namespace ostler::cli {

/// Whether it runs, or ended as nobody wished.
bool deserves_a_look(const supervise::Service& service);

std::vector<std::vector<console::Cell>> service_table(
    const std::vector<supervise::Service>& services, Timestamp now);
/// One setting a line.
std::vector<std::string> service_lines(const supervise::Service& service);

/// The one that `wanted` means: an id, a name, or "pipeline/name"; of several of a name the one
/// that runs, and of these the promoted one.
/// Errors: NotFound; UserFault when several pipelines have one of that name.
Result<supervise::Service> choose_service(const std::vector<supervise::Service>& all,
                                          const std::string& wanted);

/// The names of an agent's services that run, or are to.
std::vector<std::string> services_that_go_on(const std::filesystem::path& agent_state);
/// "2 services go on: web, api; ..."; empty of none.
std::string words_for_services(const std::vector<std::string>& names);

}  // namespace ostler::cli
