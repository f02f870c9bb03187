// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "object_store/object_store.hpp"

namespace ostler::object_store {

/// Whether a destination is a URL of Azure's, right or wrong in the rest.
bool is_azure_destination(const std::string& destination);

/// A container of Azure Blob Storage: "https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX"; a
/// query is ignored. Errors: UserFault for a destination without account or container, or keys and
/// times that cannot be read.
/// Source: job-lifecycle 8.4; Azure Storage, "Put Blob", "Put Block", "Put Block List".
Result<std::unique_ptr<ObjectStore>> open_azure_store(const std::string& destination,
                                                      const StoreOptions& options);

}  // namespace ostler::object_store
