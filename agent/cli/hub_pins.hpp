// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client_access.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/step_reference.hpp"
#include "wire/rest_plugin.hpp"

namespace ostler::cli {

/// What plugins.lock would say of plugins that a hub has. It is asked at the first call, and once.
class HubPins {
 public:
  /// Without flags it is the hub that one is logged in to.
  explicit HubPins(ClientFlags client) : client_(std::move(client)) {}

  /// A line for each platform that it has of the newest version that `wanted` may mean: the newest
  /// for this platform, or for any when it has none for this one.
  /// Errors: those of find_access_to_organization and HubClient; NotFound, with what is there
  /// instead; Protocol when the hub says what no lock can hold.
  Result<std::vector<plugin_host::LockedPlugin>> of(const plugin_host::StepReference& wanted);
  /// Its address. Requires: an earlier call had lines.
  const std::string& url() const { return url_; }

 private:
  Result<void> ask();

  ClientFlags client_;
  std::string url_;
  std::optional<std::vector<wire::RestPlugin>> all_;
};

}  // namespace ostler::cli
