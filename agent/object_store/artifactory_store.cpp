// SPDX-License-Identifier: Apache-2.0
#include "object_store/artifactory_store.hpp"

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "object_store/file_parts.hpp"
#include "object_store/location.hpp"
#include "object_store/refusal.hpp"
#include "object_store/send.hpp"

namespace ostler::object_store {
namespace {

struct ArtifactorySettings {
  Location location;
  std::string url;  // no "/" at its end
  Secret authorization;
};

Result<ArtifactorySettings> read_artifactory_settings(const std::string& destination,
                                                      const Variables& variables) {
  ArtifactorySettings settings;
  OSTLER_TRY(settings.location, parse_location(destination, kArtifactoryScheme));
  for (const char* name : {"BUILDKITE_ARTIFACTORY_URL", "BUILDKITE_ARTIFACTORY_USER",
                           "BUILDKITE_ARTIFACTORY_PASSWORD"}) {
    if (!variables(name).empty()) continue;
    return Error(Errc::UserFault, "artifact destination \"" + destination + "\" needs " + name +
                                      "; set BUILDKITE_ARTIFACTORY_URL, BUILDKITE_ARTIFACTORY_USER "
                                      "and BUILDKITE_ARTIFACTORY_PASSWORD");
  }
  settings.url = without_slash(variables("BUILDKITE_ARTIFACTORY_URL"));
  // It is shown to people, and sent to the server.
  if (!is_plain_url(settings.url)) {
    return Error(Errc::UserFault,
                 "BUILDKITE_ARTIFACTORY_URL must be an http:// or https:// URL without user name, "
                 "password and query");
  }
  settings.authorization = Secret("Basic " + base64(variables("BUILDKITE_ARTIFACTORY_USER") + ":" +
                                                    variables("BUILDKITE_ARTIFACTORY_PASSWORD")));
  return settings;
}

class ArtifactoryStore final : public ObjectStore {
 public:
  ArtifactoryStore(ArtifactorySettings settings, const StoreOptions& options)
      : settings_(std::move(settings)), options_(options) {}

  Result<void> prepare(net::BlockingHttpClient& /*client*/) const override { return success(); }

  std::string url_of(const std::string& path) const override {
    return settings_.url + "/" + settings_.location.bucket + "/" +
           url_path(settings_.location.object_of(path));
  }

  // The server compares what arrives with the digests.
  Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const override {
    const net::FileBody whole{file.file, 0, file.size};
    OSTLER_TRY(auto md5, digest_part(whole, crypto::Algorithm::Md5));
    net::HttpRequest request = request_for("PUT", file.path);
    request.follow_redirects = false;
    request.headers.emplace_back("X-Checksum-MD5", md5.finish_hex());
    request.headers.emplace_back("X-Checksum-SHA1", file.sha1);
    request.headers.emplace_back("X-Checksum-SHA256", file.sha256);
    request.body = whole;
    return send_to(client, request, options_.upload, file.path);
  }

  // Redirects are followed: servers hand downloads on to the store that they keep files in.
  Result<void> get(net::BlockingHttpClient& client, const std::string& path,
                   const std::filesystem::path& target) const override {
    net::HttpRequest request = request_for("GET", path);
    request.download_to = target;
    return send_to(client, request, options_.download, path);
  }

 private:
  net::HttpRequest request_for(const std::string& method, const std::string& path) const {
    net::HttpRequest request{.method = method, .url = url_of(path)};
    request.headers = {{"Authorization", settings_.authorization.reveal()}};
    request.total_timeout = {};  // as long as bytes flow
    return request;
  }

  Result<void> send_to(net::BlockingHttpClient& client, const net::HttpRequest& request,
                       const agent_client::RetryPolicy& policy, const std::string& path) const {
    const std::string name =
        "rt://" + settings_.location.bucket + "/" + settings_.location.object_of(path);
    OSTLER_TRY(send(
        client, [&] { return Result<net::HttpRequest>(request); }, policy,
        [&](const net::HttpResponse& answer) {
          return plain_refusal(answer, name,
                               {.denied = "check BUILDKITE_ARTIFACTORY_USER and "
                                          "BUILDKITE_ARTIFACTORY_PASSWORD, and what that user may "
                                          "do in the repository",
                                .not_found = "make the repository, or correct the destination and "
                                             "BUILDKITE_ARTIFACTORY_URL"});
        }));
    return success();
  }

  const ArtifactorySettings settings_;
  const StoreOptions options_;
};

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_artifactory_store(const std::string& destination,
                                                            const StoreOptions& options) {
  OSTLER_TRY(auto settings, read_artifactory_settings(destination, options.variables));
  return std::make_unique<ArtifactoryStore>(std::move(settings), options);
}

}  // namespace ostler::object_store
