// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/http_message.hpp"
#include "object_store/object_store.hpp"

namespace ostler::object_store {

/// A storage account of Azure, and the key that signs for it.
struct AzureAccount {
  std::string name;
  std::string endpoint;  ///< no "/" at its end
  Secret key;            ///< in bytes; empty: requests carry a token instead
};

/// The account `name`, with the key in BUILDKITE_AZURE_BLOB_CONNECTION_STRING or
/// BUILDKITE_AZURE_BLOB_ACCESS_KEY, or none. Errors: UserFault when the string lacks what it needs,
/// is of another account, or a key is no base64.
Result<AzureAccount> read_azure_account(const std::string& name, const Variables& variables);

/// Adds the headers x-ms-date and x-ms-version, which every request has.
void date_for_azure(net::HttpRequest& request, Timestamp now);

/// Signs a dated request with the account's key; `body_size` is that of its body.
/// Requires: the URL's query has decoded names in lower case and values without "%" escapes but
/// those of `url_path`. Source: Azure Storage, "Authorize with Shared Key".
void sign_for_azure(net::HttpRequest& request, const AzureAccount& account,
                    std::uint64_t body_size);

/// The query that lets whoever has the URL of a blob read it until `expires`.
/// Source: Azure Storage, "Create a service SAS", version 2020-12-06 and later.
std::string azure_read_query(const AzureAccount& account, const std::string& container_and_blob,
                             Timestamp expires);

}  // namespace ostler::object_store
