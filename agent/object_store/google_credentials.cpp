// SPDX-License-Identifier: Apache-2.0
#include "object_store/google_credentials.hpp"

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "crypto/rsa_key.hpp"
#include "files/file.hpp"
#include "object_store/secret_address.hpp"
#include "object_store/send.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::string_view kScope = "https://www.googleapis.com/auth/devstorage.full_control";
constexpr std::int64_t kAssertionLife = 3600;  // seconds

Result<std::optional<GoogleKey>> key_in_file(const std::string& file, const std::string& origin) {
  auto text = files::read_file(file);
  if (!text) return std::move(text).error().with_context(origin);
  OSTLER_TRY(auto key, parse_google_key(text.value(), origin));
  return key;
}

}  // namespace

Result<GoogleKey> parse_google_key(const std::string& text, const std::string& origin) {
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) {
    return Error(Errc::UserFault, origin + " is not the JSON of Google credentials");
  }
  GoogleKey key;
  std::string type;
  key.token_uri = "https://oauth2.googleapis.com/token";
  wire::ObjectReader reader(document, origin);
  reader.read("type", type);
  reader.read("token_uri", key.token_uri);
  reader.read("client_email", key.client_email);
  reader.read("private_key_id", key.private_key_id);
  reader.read("private_key", key.private_key);
  reader.read("client_id", key.client_id);
  reader.read("client_secret", key.client_secret);
  reader.read("refresh_token", key.refresh_token);
  const bool is_person = type == "authorized_user";
  if (!is_person && type != "service_account") {
    return Error(Errc::UserFault, origin + ": Google credentials of type \"" + quoted_words(type) +
                                      "\" are not supported; use the key of a service account");
  }
  key.kind = is_person ? GoogleKey::Kind::AuthorizedUser : GoogleKey::Kind::ServiceAccount;
  reader.require(is_person || !key.client_email.empty(), "client_email", "an address");
  reader.require(is_person || !key.private_key.empty(), "private_key", "a key in PEM");
  reader.require(!is_person || !key.refresh_token.empty(), "refresh_token", "a token");
  reader.require(may_be_told_secrets(key.token_uri), "token_uri", "an https:// URL");
  if (auto read = reader.finish(); !read) return Error(Errc::UserFault, read.error().message());
  return key;
}

Result<Secret> google_assertion(const GoogleKey& key, Timestamp now) {
  const std::int64_t seconds = now.micros / 1'000'000;
  json head = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key.private_key_id.empty()) head["kid"] = key.private_key_id;
  const json claims = {{"iss", key.client_email},
                       {"scope", kScope},
                       {"aud", key.token_uri},
                       {"iat", seconds},
                       {"exp", seconds + kAssertionLife}};
  const auto signer = crypto::RsaKey::from_pem(key.private_key);
  if (!signer) {
    return Error(Errc::UserFault, "Google credentials: the private_key of " + key.client_email +
                                      ": " + signer.error().message());
  }
  const std::string to_sign =
      base64_url(wire::to_text(head)) + "." + base64_url(wire::to_text(claims));
  return Secret(to_sign + "." + base64_url(signer.value().sign(to_sign)));
}

Result<Secret> GoogleCredentials::token(net::BlockingHttpClient& client) const {
  const std::lock_guard lock(mutex_);
  if (!token_ || !token_->is_fresh(clock_.now())) {
    OSTLER_TRY(token_, fetch(client));
  }
  return token_->text;
}

Result<AccessToken> GoogleCredentials::fetch(net::BlockingHttpClient& client) const {
  OSTLER_TRY(const auto key, find_key());
  if (key) return exchange(client, *key);
  return ask_machine(client);
}

Result<std::optional<GoogleKey>> GoogleCredentials::find_key() const {
  constexpr const char* kJson = "BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON";
  if (const std::string text = variables_(kJson); !text.empty()) {
    OSTLER_TRY(auto key, parse_google_key(text, kJson));
    return key;
  }
  for (const char* name :
       {"BUILDKITE_GS_APPLICATION_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"}) {
    if (const std::string file = variables_(name); !file.empty()) return key_in_file(file, name);
  }
  std::string folder = variables_("CLOUDSDK_CONFIG");
  if (folder.empty()) folder = variables_("HOME") + "/.config/gcloud";
  const std::string file = folder + "/application_default_credentials.json";
  if (std::error_code ec; std::filesystem::exists(file, ec)) return key_in_file(file, file);
  return std::optional<GoogleKey>();
}

Result<AccessToken> GoogleCredentials::exchange(net::BlockingHttpClient& client,
                                                const GoogleKey& key) const {
  std::string form;
  if (key.kind == GoogleKey::Kind::ServiceAccount) {
    OSTLER_TRY(const Secret assertion, google_assertion(key, clock_.now()));
    form = "grant_type=" + wire::percent_encode("urn:ietf:params:oauth:grant-type:jwt-bearer") +
           "&assertion=" + assertion.reveal();
  } else {
    form = "grant_type=refresh_token&client_id=" + wire::percent_encode(key.client_id) +
           "&client_secret=" + wire::percent_encode(key.client_secret.reveal()) +
           "&refresh_token=" + wire::percent_encode(key.refresh_token.reveal());
  }
  net::HttpRequest request{.method = "POST", .url = key.token_uri};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = std::move(form);
  return ask_for_token(client, request, "Google credentials: " + key.token_uri, clock_);
}

// Only Google's machines answer there, and say that they do.
Result<AccessToken> GoogleCredentials::ask_machine(net::BlockingHttpClient& client) const {
  const std::string host = variables_("GCE_METADATA_HOST");
  const std::string base = "http://" + (host.empty() ? "169.254.169.254" : host);
  net::HttpRequest probe{.url = base + "/computeMetadata/v1/instance/id"};
  probe.headers = {{"Metadata-Flavor", "Google"}};
  probe.connect_timeout = 1s;
  probe.total_timeout = 3s;
  const auto found = client.send(probe);
  if (!found || found.value().header("Metadata-Flavor") != "Google") {
    return Error(Errc::UserFault,
                 "no Google credentials: set BUILDKITE_GS_APPLICATION_CREDENTIALS to the file of a "
                 "service account's key, or BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON to its "
                 "content; looked also at GOOGLE_APPLICATION_CREDENTIALS, gcloud's own file, and "
                 "the service account of this machine");
  }
  net::HttpRequest request = probe;
  request.url = base + "/computeMetadata/v1/instance/service-accounts/default/token";
  request.total_timeout = 10s;
  return ask_for_token(client, request, "Google credentials: the metadata of this machine", clock_);
}

}  // namespace ostler::object_store
