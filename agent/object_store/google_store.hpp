// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "object_store/object_store.hpp"

namespace ostler::object_store {

inline constexpr std::string_view kGoogleScheme = "gs://";

/// A bucket of Google Cloud Storage, by its XML API. Errors: UserFault for a destination without a
/// bucket, or an ACL that there is not.
/// Source: job-lifecycle 8.4; Cloud Storage, "XML API: PUT Object".
Result<std::unique_ptr<ObjectStore>> open_google_store(const std::string& destination,
                                                       const StoreOptions& options);

}  // namespace ostler::object_store
