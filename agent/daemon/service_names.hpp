// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "daemon/state_directory.hpp"
#include "supervise/service_directory.hpp"

// Whose services are whose: names belong to a pipeline, a running service to its plugin.
namespace ostler::daemon {

std::vector<supervise::Service> living_named(const std::vector<supervise::Service>& all,
                                             std::string_view scope, std::string_view name);
/// Those that were promoted before another one of their name was.
std::vector<supervise::Service> outdated(const std::vector<supervise::Service>& all);

/// Errors: Conflict when it was started by another plugin than `plugin`, of whatever version.
Result<void> check_owner(const supervise::Service& service, std::string_view plugin);

/// Errors: Conflict when a living service has the address of `spec`: it would answer the probes of
/// the new one. Those of its name that nobody promoted are told to end before it starts.
Result<void> check_address(const std::vector<supervise::Service>& all,
                           const supervise::ServiceSpec& spec);

/// Removes what ended, but the last one of each name, so that its log can be read. Of the name of
/// `next` and beyond 64 in all none stays.
Result<void> forget_ended(const std::filesystem::path& root,
                          const std::vector<supervise::Service>& all,
                          const supervise::ServiceSpec& next);

/// The directory in which the services of a name run. Made when it is missing; used from now on.
Result<std::string> place_of(const StateDirectory& state, std::string_view scope,
                             std::string_view name);

/// Removes the directories of names that nobody has used for 30 days; one of a service of `all`
/// that is kept is in use. Errors: the first one that cannot be removed.
Result<void> clear_places(const StateDirectory& state, const std::vector<supervise::Service>& all,
                          Timestamp now);

/// The first hexadecimal digits of its SHA-256.
std::string short_digest(std::string_view text, std::size_t digits);

}  // namespace ostler::daemon
