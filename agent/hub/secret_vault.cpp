// SPDX-License-Identifier: Apache-2.0
#include "hub/secret_vault.hpp"

#include "crypto/sealing.hpp"

namespace ostler::hub {
namespace {

std::string context_of(ClusterId cluster, std::string_view key) {
  return "secret\n" + cluster.str() + "\n" + std::string(key);
}

}  // namespace

std::string SecretVault::seal(ClusterId cluster, std::string_view key, const Secret& value) const {
  return crypto::seal(key_, context_of(cluster, key), value);
}

Result<Secret> SecretVault::open(const store::ClusterSecret& secret) const {
  auto opened = crypto::open_sealed(key_, context_of(secret.cluster, secret.key), secret.sealed);
  if (opened) return opened;
  return Error(opened.error().code(), "secret " + secret.key + ": " + opened.error().message() +
                                          "; set its value again, or bring back the file "
                                          "secrets-key that belongs to this database");
}

}  // namespace ostler::hub
