// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.hpp"
#include "hub/rest_api/call.hpp"
#include "store/secrets.hpp"

namespace ostler::hub {

/// Seals and opens the values of secrets with the hub's own key. A sealed value is bound to its
/// cluster and key: moved to another row, it does not open. Thread-safe.
class SecretVault final : public rest_api::SecretSealer {
 public:
  explicit SecretVault(Secret key) : key_(std::move(key)) {}

  std::string seal(ClusterId cluster, std::string_view key, const Secret& value) const override;
  /// Errors: Corrupt when it was sealed with another key file.
  Result<Secret> open(const store::ClusterSecret& secret) const;

 private:
  Secret key_;
};

}  // namespace ostler::hub
