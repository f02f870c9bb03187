// SPDX-License-Identifier: Apache-2.0
#include "object_store/google_store.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/joined.hpp"
#include "object_store/file_parts.hpp"
#include "object_store/google_credentials.hpp"
#include "object_store/location.hpp"
#include "object_store/refusal.hpp"
#include "object_store/send.hpp"

namespace ostler::object_store {
namespace {

/// An ACL by the name that people write, and by the XML API's.
struct AclName {
  std::string_view written;
  std::string_view sent;
};
constexpr AclName kGoogleAcls[] = {{"authenticatedRead", "authenticated-read"},
                                   {"private", "private"},
                                   {"projectPrivate", "project-private"},
                                   {"publicRead", "public-read"},
                                   {"publicReadWrite", "public-read-write"}};

struct GoogleSettings {
  Location location;
  std::string endpoint;    // no "/" at its end
  std::string acl;         // as it is sent; empty: the bucket's own default
  std::string shown_base;  // what people are shown begins with it
  std::string shown_suffix;
};

Result<std::string> read_acl(const std::string& name) {
  if (name.empty()) return std::string();
  std::vector<std::string_view> known;
  for (const AclName& acl : kGoogleAcls) {
    if (acl.written == name) return std::string(acl.sent);
    known.push_back(acl.written);
  }
  return Error(Errc::UserFault, "BUILDKITE_GS_ACL \"" + name +
                                    "\" is no ACL of Google Cloud Storage; there are " +
                                    joined(known, ", "));
}

Result<GoogleSettings> read_google_settings(const std::string& destination,
                                            const Variables& variables) {
  GoogleSettings settings;
  OSTLER_TRY(settings.location, parse_location(destination, kGoogleScheme));
  OSTLER_TRY(settings.acl, read_acl(variables("BUILDKITE_GS_ACL")));
  // The variable that Google's own libraries read, for emulators.
  const std::string emulator = variables("STORAGE_EMULATOR_HOST");
  settings.endpoint = emulator.empty()                            ? "https://storage.googleapis.com"
                      : emulator.find("://") != std::string::npos ? without_slash(emulator)
                                                                  : "http://" + emulator;
  const std::string host = variables("BUILDKITE_GCS_ACCESS_HOST");
  std::string prefix = variables("BUILDKITE_GCS_PATH_PREFIX");
  if (prefix.empty()) prefix = settings.location.bucket;
  const std::size_t begin = std::min(prefix.find_first_not_of('/'), prefix.size());
  prefix = without_slash(prefix.substr(begin));
  settings.shown_base = "https://" + (host.empty() ? "storage.googleapis.com" : host) + "/" +
                        (prefix.empty() ? "" : url_path(prefix) + "/");
  settings.shown_suffix = variables("BUILDKITE_GCS_PATH_SUFFIX");
  return settings;
}

// A name in quotes, as Content-Disposition has it.
std::string disposition_of(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  std::erase_if(name, [](char c) { return c == '"' || c == '\\' || (c >= 0 && c < 0x20); });
  return "inline; filename=\"" + name + "\"";
}

class GoogleStore final : public ObjectStore {
 public:
  GoogleStore(GoogleSettings settings, const StoreOptions& options)
      : settings_(std::move(settings)),
        options_(options),
        credentials_(options.variables, clock_of(options)) {}

  Result<void> prepare(net::BlockingHttpClient& client) const override {
    OSTLER_TRY(credentials_.token(client));
    return success();
  }

  std::string url_of(const std::string& path) const override {
    return settings_.shown_base + url_path(settings_.location.object_of(path)) +
           settings_.shown_suffix;
  }

  Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const override {
    net::HttpRequest request = request_for("PUT", file.path);
    request.headers = {{"Content-Type", file.content_type},
                       {"Content-Disposition", disposition_of(file.path)}};
    if (!settings_.acl.empty()) request.headers.emplace_back("x-goog-acl", settings_.acl);
    const net::FileBody whole{file.file, 0, file.size};
    OSTLER_TRY(auto md5, digest_part(whole, crypto::Algorithm::Md5));
    request.headers.emplace_back("Content-MD5", base64(md5.finish()));  // the store compares
    request.body = whole;
    return send_signed(client, request, options_.upload, file.path);
  }

  Result<void> get(net::BlockingHttpClient& client, const std::string& path,
                   const std::filesystem::path& target) const override {
    net::HttpRequest request = request_for("GET", path);
    request.download_to = target;
    return send_signed(client, request, options_.download, path);
  }

 private:
  net::HttpRequest request_for(const std::string& method, const std::string& path) const {
    net::HttpRequest request{.method = method,
                             .url = settings_.endpoint + "/" + settings_.location.bucket + "/" +
                                    url_path(settings_.location.object_of(path))};
    request.total_timeout = {};  // as long as bytes flow
    request.follow_redirects = false;
    return request;
  }

  Result<void> send_signed(net::BlockingHttpClient& client, const net::HttpRequest& request,
                           const agent_client::RetryPolicy& policy, const std::string& path) const {
    const std::string name =
        "gs://" + settings_.location.bucket + "/" + settings_.location.object_of(path);
    const auto make = [&]() -> Result<net::HttpRequest> {
      OSTLER_TRY(const Secret token, credentials_.token(client));
      net::HttpRequest with_token = request;
      with_token.headers.emplace_back("Authorization", "Bearer " + token.reveal());
      return with_token;
    };
    OSTLER_TRY(send(client, make, policy, [&](const net::HttpResponse& answer) {
      return plain_refusal(
          answer, name,
          {.denied = "let the account do storage.objects.create, storage.objects.delete (to "
                     "replace) and storage.objects.get in the bucket",
           .not_found = "make the bucket, or correct the destination"});
    }));
    return success();
  }

  const GoogleSettings settings_;
  const StoreOptions options_;
  const GoogleCredentials credentials_;
};

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_google_store(const std::string& destination,
                                                       const StoreOptions& options) {
  OSTLER_TRY(auto settings, read_google_settings(destination, options.variables));
  return std::make_unique<GoogleStore>(std::move(settings), options);
}

}  // namespace ostler::object_store
