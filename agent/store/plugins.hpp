// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace ostler {
using PluginId = Id<struct PluginKind>;
}

// Step plugins that agents of an organization can have from its hub. Their archives are blobs.
namespace ostler::store {

/// One version of a plugin for one platform. It never changes.
struct PublishedPlugin {
  PluginId id;
  OrganizationId organization;
  std::string name{};
  std::string version{};
  std::string platform{};  ///< "linux-x86_64-glibc"
  std::string description{};
  std::string sha256{};     ///< of its plugin.json, by which plugins.lock names it, in hex
  std::string signature{};  ///< text of its plugin.json.sig; empty: it has none
  std::string archive_sha256{};
  std::int64_t size = 0;  ///< bytes of the archive
  Timestamp published_at{};
};

/// What a line of plugins.lock names.
struct WantedPlugin {
  std::string sha256;  ///< of its plugin.json, in hex
  std::string platform;
};

}  // namespace ostler::store
