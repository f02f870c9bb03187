// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "hub/secret_vault.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Whether the file `secrets-key` is the one that the secrets of the clusters were sealed with.
/// Errors: Corrupt, with what to do, when a secret does not open.
boost::asio::awaitable<Result<void>> check_secrets_key(store::Store& store,
                                                       const SecretVault& vault);

}  // namespace ostler::hub
