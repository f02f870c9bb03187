// SPDX-License-Identifier: Apache-2.0
#include "object_store/aws_metadata.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "files/file.hpp"
#include "object_store/location.hpp"
#include "object_store/secret_address.hpp"
#include "object_store/send.hpp"
#include "object_store/xml_text.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

using Found = Result<std::optional<AwsCredentials>>;
using namespace std::chrono_literals;

constexpr agent_client::RetryPolicy kAsking{3, agent_client::Growth::Exponential, 500ms};
constexpr std::size_t kLargestToken = 64u << 10;

/// What becomes of a refusal: never its body, which may hold what it refuses.
ReadRefusal refused_by(std::string who) {
  return [who = std::move(who)](const net::HttpResponse& answer) -> std::optional<Error> {
    if (answer.ok()) return std::nullopt;
    return Error(code_of_status(answer.status),
                 "AWS credentials: " + who + " answered " + std::to_string(answer.status))
        .with_native(answer.status)
        .with_retryable(may_heal(answer.status));
  };
}

Result<AwsCredentials> decode_credentials(const std::string& body, std::string origin) {
  OSTLER_TRY(const auto json, wire::parse_json(body, "AWS credentials from " + origin));
  AwsCredentials found;
  const std::string what = "AWS credentials from " + origin;
  wire::ObjectReader reader(json, what);
  reader.read("AccessKeyId", found.access_key_id);
  reader.read("SecretAccessKey", found.secret_access_key);
  reader.read("Token", found.session_token);
  reader.read("Expiration", found.expires);
  reader.require(!found.access_key_id.empty(), "AccessKeyId", "a key");
  reader.require(!found.secret_access_key.empty(), "SecretAccessKey", "a key");
  OSTLER_TRY(reader.finish());
  found.origin = std::move(origin);
  return found;
}

Result<std::string> token_in(const std::string& file, const char* variable) {
  auto text = files::read_file(file, kLargestToken);
  if (!text) return std::move(text).error().with_context(variable);
  while (!text.value().empty() && text.value().back() <= ' ') text.value().pop_back();
  return text;
}

/// Of the credentials of a container; they lead to no other machine's network.
constexpr std::array<std::string_view, 2> kContainerHosts = {"169.254.170.2", "169.254.170.23"};

Result<net::HttpResponse> ask_instance(net::BlockingHttpClient& client, net::HttpRequest request) {
  request.connect_timeout = 1s;
  request.total_timeout = 5s;
  request.follow_redirects = false;
  return send(
      client, [&] { return Result<net::HttpRequest>(request); }, {},
      refused_by("the metadata of this machine"));
}

std::string instance_base(const Variables& variables) {
  const std::string given = variables("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  return without_slash(given.empty() ? "http://169.254.169.254" : given);
}

}  // namespace

Found web_identity_credentials(const Variables& variables, net::BlockingHttpClient& client) {
  const std::string file = variables("AWS_WEB_IDENTITY_TOKEN_FILE");
  const std::string role = variables("AWS_ROLE_ARN");
  if (file.empty() || role.empty()) return std::optional<AwsCredentials>();
  OSTLER_TRY(const auto token, token_in(file, "AWS_WEB_IDENTITY_TOKEN_FILE"));
  const std::string region = variables("AWS_REGION");
  const std::string session = variables("AWS_ROLE_SESSION_NAME");
  std::string url = variables("AWS_ENDPOINT_URL_STS");
  if (url.empty()) url = "https://sts." + (region.empty() ? "" : region + ".") + "amazonaws.com";
  net::HttpRequest request{.method = "POST", .url = without_slash(url) + "/"};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.follow_redirects = false;
  request.body =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + wire::percent_encode(role) +
      "&RoleSessionName=" + wire::percent_encode(session.empty() ? "ostler" : session) +
      "&WebIdentityToken=" + wire::percent_encode(token);
  OSTLER_TRY(const auto answer, send(
                                    client, [&] { return Result<net::HttpRequest>(request); },
                                    kAsking, refused_by("AssumeRoleWithWebIdentity of " + role)));
  AwsCredentials found{
      xml_text(answer.body, "AccessKeyId"), Secret(xml_text(answer.body, "SecretAccessKey")),
      Secret(xml_text(answer.body, "SessionToken")),
      parse_rfc3339(xml_text(answer.body, "Expiration")), "AWS_WEB_IDENTITY_TOKEN_FILE"};
  if (!found.access_key_id.empty() && !found.secret_access_key.empty()) return found;
  return Error(Errc::Protocol, "AWS credentials: AssumeRoleWithWebIdentity answered without a key");
}

Found container_credentials(const Variables& variables, net::BlockingHttpClient& client) {
  const std::string relative = variables("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url = relative.empty() ? variables("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                                           : "http://169.254.170.2" + relative;
  if (url.empty()) return std::optional<AwsCredentials>();
  if (!may_be_told_secrets(url, kContainerHosts)) {
    return Error(Errc::UserFault, "AWS_CONTAINER_CREDENTIALS_FULL_URI is " + quoted_words(url) +
                                      ": only https, this machine, 169.254.170.2 and "
                                      "169.254.170.23 are asked for credentials");
  }
  std::string token = variables("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = variables("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    OSTLER_TRY(token, token_in(file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  }
  net::HttpRequest request{.url = url};
  request.total_timeout = 10s;
  request.follow_redirects = false;
  if (!token.empty()) request.headers = {{"Authorization", token}};
  OSTLER_TRY(const auto answer, send(
                                    client, [&] { return Result<net::HttpRequest>(request); },
                                    kAsking, refused_by("the role of this container")));
  OSTLER_TRY(auto found, decode_credentials(answer.body, "the role of this container"));
  return found;
}

Found instance_credentials(const Variables& variables, net::BlockingHttpClient& client) {
  const std::string disabled = variables("AWS_EC2_METADATA_DISABLED");
  if (disabled == "true" || disabled == "TRUE" || disabled == "True") {
    return std::optional<AwsCredentials>();
  }
  const std::string base = instance_base(variables) + "/latest/";
  net::HttpRequest token_request{.method = "PUT", .url = base + "api/token"};
  token_request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  const auto token = ask_instance(client, token_request);
  if (!token) return std::optional<AwsCredentials>();  // this is no such machine
  net::HttpRequest request{.url = base + "meta-data/iam/security-credentials/"};
  request.headers = {{"X-aws-ec2-metadata-token", token.value().body}};
  const auto roles = ask_instance(client, request);
  if (!roles) return std::optional<AwsCredentials>();  // it has no role
  request.url += wire::percent_encode(roles.value().body.substr(0, roles.value().body.find('\n')));
  OSTLER_TRY(const auto answer, ask_instance(client, request));
  OSTLER_TRY(auto found, decode_credentials(answer.body, "the role of this machine"));
  return found;
}

}  // namespace ostler::object_store
