// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/key_check.hpp"

#include <set>

namespace ostler::hub {
namespace {

boost::asio::awaitable<Result<std::set<ClusterId>>> all_clusters(store::Store& store) {
  std::set<ClusterId> clusters;
  OSTLER_CO_TRY(const auto organizations, co_await store.organizations());
  for (const auto& organization : organizations) {
    OSTLER_CO_TRY(const auto found, co_await store.clusters(organization.id));
    for (const auto& cluster : found) clusters.insert(cluster.id);
  }
  co_return clusters;
}

}  // namespace

boost::asio::awaitable<Result<void>> check_secrets_key(store::Store& store,
                                                       const SecretVault& vault) {
  OSTLER_CO_TRY(const auto clusters, co_await all_clusters(store));
  for (const ClusterId cluster : clusters) {
    OSTLER_CO_TRY(const auto secrets, co_await store.secrets(cluster));
    for (const auto& secret : secrets) {
      OSTLER_CO_TRY(vault.open(secret));
    }
  }
  co_return success();
}

}  // namespace ostler::hub
