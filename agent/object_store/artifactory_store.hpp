// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "object_store/object_store.hpp"

namespace ostler::object_store {

inline constexpr std::string_view kArtifactoryScheme = "rt://";

/// A repository of an Artifactory server. Errors: UserFault for a destination without a repository,
/// or when the variables that say where the server is and who asks are not all set.
/// Source: job-lifecycle 8.4; Artifactory REST API, "Deploy Artifact".
Result<std::unique_ptr<ObjectStore>> open_artifactory_store(const std::string& destination,
                                                            const StoreOptions& options);

}  // namespace ostler::object_store
