// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "object_store/object_store.hpp"
#include "object_store/s3_settings.hpp"

namespace ostler::object_store {

/// A bucket of Amazon S3, or of a server that speaks like it. Errors: as open_store.
Result<std::unique_ptr<ObjectStore>> open_s3_store(const std::string& destination,
                                                   const StoreOptions& options);

}  // namespace ostler::object_store
