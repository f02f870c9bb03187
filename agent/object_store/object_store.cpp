// SPDX-License-Identifier: Apache-2.0
#include "object_store/object_store.hpp"

#include <cstdlib>

#include "object_store/artifactory_store.hpp"
#include "object_store/azure_store.hpp"
#include "object_store/google_store.hpp"
#include "object_store/s3_store.hpp"

namespace ostler::object_store {

std::string process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

const Clock& clock_of(const StoreOptions& options) {
  static const SystemClock system;
  return options.clock == nullptr ? system : *options.clock;
}

Result<std::unique_ptr<ObjectStore>> open_store(const std::string& destination,
                                                const StoreOptions& options) {
  if (destination.starts_with(kS3Scheme)) return open_s3_store(destination, options);
  if (destination.starts_with(kArtifactoryScheme)) {
    return open_artifactory_store(destination, options);
  }
  if (is_azure_destination(destination)) return open_azure_store(destination, options);
  if (destination.starts_with(kGoogleScheme)) return open_google_store(destination, options);
  return Error(Errc::UserFault, "artifact destination \"" + destination +
                                    "\" is of no known kind: write s3://BUCKET/PREFIX, "
                                    "gs://BUCKET/PREFIX, rt://REPOSITORY/PREFIX or "
                                    "https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX, or "
                                    "leave it out to use the server's own store");
}

}  // namespace ostler::object_store
