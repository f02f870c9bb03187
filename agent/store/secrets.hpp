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

/// The job for whose plugin a value was set.
struct SecretWriter {
  JobId job;
  BuildId build;
  std::string plugin{};  ///< as the job named it
};

struct ClusterSecret {
  SecretId id;
  ClusterId cluster;
  std::string key{};  ///< unique in its cluster, letter case ignored
  std::string description{};
  std::string sealed{};  ///< the value as crypto::seal made it
  Timestamp created_at{};
  Timestamp updated_at{};
  bool writable_by_jobs = false;         ///< their plugins may set the value
  std::optional<SecretWriter> writer{};  ///< of the value; none: a person
};

struct CreateSecret {
  ClusterId cluster;
  std::string key{};
  std::string description{};
  std::string sealed{};
  bool writable_by_jobs = false;
  Timestamp now{};
};

/// What is absent stays as it is.
struct UpdateSecret {
  ClusterId cluster;
  SecretId id;
  std::optional<std::string> description{};
  std::optional<std::string> sealed{};
  std::optional<bool> writable_by_jobs{};
  Timestamp now{};
};

struct DeleteSecret {
  ClusterId cluster;
  SecretId id;
};

/// A plugin of a running job sets a value of the job's cluster.
struct PutSecret {
  JobId job;
  ClusterId cluster;  ///< for which it was sealed
  std::string key{};  ///< for which it was sealed
  std::string sealed{};
  std::string plugin{};
  std::string request{};  ///< the same in a repeat
  Timestamp now{};
};

}  // namespace ostler::store
