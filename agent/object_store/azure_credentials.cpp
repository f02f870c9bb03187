// SPDX-License-Identifier: Apache-2.0
#include "object_store/azure_credentials.hpp"

#include "files/file.hpp"
#include "object_store/location.hpp"
#include "object_store/secret_address.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;

constexpr const char* kNoAzureCredentials =
    "no Azure credentials: set BUILDKITE_AZURE_BLOB_ACCESS_KEY or "
    "BUILDKITE_AZURE_BLOB_CONNECTION_STRING; looked also at AZURE_CLIENT_ID with "
    "AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE, and the identity of this machine";

}  // namespace

Result<Secret> AzureCredentials::token(net::BlockingHttpClient& client) const {
  const std::lock_guard lock(mutex_);
  if (!token_ || !token_->is_fresh(clock_.now())) {
    OSTLER_TRY(token_, fetch(client));
  }
  return token_->text;
}

Result<AccessToken> AzureCredentials::fetch(net::BlockingHttpClient& client) const {
  const bool is_application =
      !variables_("AZURE_TENANT_ID").empty() && !variables_("AZURE_CLIENT_ID").empty();
  if (const auto secret = variables_("AZURE_CLIENT_SECRET"); is_application && !secret.empty()) {
    return ask_as_application(client, "&client_secret=" + wire::percent_encode(secret));
  }
  const std::string file = variables_("AZURE_FEDERATED_TOKEN_FILE");
  if (!is_application || file.empty()) return ask_machine(client);
  auto token = files::read_file(file);
  if (!token) return std::move(token).error().with_context("AZURE_FEDERATED_TOKEN_FILE");
  while (!token.value().empty() && token.value().back() <= ' ') token.value().pop_back();
  return ask_as_application(
      client, "&client_assertion_type=" +
                  wire::percent_encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") +
                  "&client_assertion=" + wire::percent_encode(token.value()));
}

Result<AccessToken> AzureCredentials::ask_as_application(net::BlockingHttpClient& client,
                                                         const std::string& proof) const {
  const std::string given = variables_("AZURE_AUTHORITY_HOST");
  const std::string host =
      without_slash(given.empty() ? "https://login.microsoftonline.com" : given);
  if (!may_be_told_secrets(host)) {
    return Error(Errc::UserFault, "AZURE_AUTHORITY_HOST must be an https:// URL");
  }
  net::HttpRequest request{.method = "POST",
                           .url = host + "/" + wire::percent_encode(variables_("AZURE_TENANT_ID")) +
                                  "/oauth2/v2.0/token"};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = "grant_type=client_credentials&client_id=" +
                 wire::percent_encode(variables_("AZURE_CLIENT_ID")) +
                 "&scope=" + wire::percent_encode("https://storage.azure.com/.default") + proof;
  return ask_for_token(client, request, "Azure credentials: " + host, clock_);
}

Result<AccessToken> AzureCredentials::ask_machine(net::BlockingHttpClient& client) const {
  net::HttpRequest request{
      .url =
          "http://169.254.169.254/metadata/identity/oauth2/token"
          "?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F"};
  if (const auto id = variables_("AZURE_CLIENT_ID"); !id.empty()) {
    request.url += "&client_id=" + wire::percent_encode(id);
  }
  request.headers = {{"Metadata", "true"}};
  request.connect_timeout = 1s;
  request.total_timeout = 10s;
  auto token =
      ask_for_token(client, request, "Azure credentials: the metadata of this machine", clock_);
  if (token) return token;
  return Error(Errc::UserFault, kNoAzureCredentials);
}

}  // namespace ostler::object_store
