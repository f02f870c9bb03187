// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace ostler {
using SecretId = Id<struct SecretKind>;
}

// Secrets of clusters. The store sees them sealed only.
namespace ostler::store {

struct ClusterSecret {
  SecretId id;
  ClusterId cluster;
  std::string key{};  ///< unique in its cluster, letter case ignored
  std::string description{};
  std::string sealed{};  ///< the value as crypto::seal made it
  Timestamp created_at{};
  Timestamp updated_at{};
};

struct CreateSecret {
  ClusterId cluster;
  std::string key{};
  std::string description{};
  std::string sealed{};
  Timestamp now{};
};

/// What is absent stays as it is.
struct UpdateSecret {
  ClusterId cluster;
  SecretId id;
  std::optional<std::string> description{};
  std::optional<std::string> sealed{};
  Timestamp now{};
};

struct DeleteSecret {
  ClusterId cluster;
  SecretId id;
};

}  // namespace ostler::store
