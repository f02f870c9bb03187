// SPDX-License-Identifier: Apache-2.0
#include "object_store/azure_account.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <optional>

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "crypto/hmac.hpp"
#include "object_store/location.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

constexpr const char* kConnection = "BUILDKITE_AZURE_BLOB_CONNECTION_STRING";
constexpr const char* kAccessKey = "BUILDKITE_AZURE_BLOB_ACCESS_KEY";
constexpr std::string_view kAzureVersion = "2021-12-02";

// Standard base64 with padding, as keys are written; none for anything else.
std::optional<std::string> decoded_key(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

std::map<std::string, std::string> parts_of(const std::string& connection) {
  std::map<std::string, std::string> parts;
  for (std::size_t at = 0; at < connection.size();) {
    const std::size_t end = std::min(connection.find(';', at), connection.size());
    const std::string part = connection.substr(at, end - at);
    const std::size_t equals = part.find('=');
    if (equals != std::string::npos) parts[part.substr(0, equals)] = part.substr(equals + 1);
    at = end + 1;
  }
  return parts;
}

Error bad_key(const char* variable) {
  return Error(Errc::UserFault,
               std::string(variable) + ": the account's key is no base64; copy it anew");
}

Result<AzureAccount> account_in(const std::string& connection, const std::string& name) {
  auto parts = parts_of(connection);
  if (parts["AccountName"].empty() || parts["AccountKey"].empty()) {
    return Error(Errc::UserFault, std::string(kConnection) +
                                      " needs AccountName and AccountKey; shared access "
                                      "signatures are not supported");
  }
  if (parts["AccountName"] != name) {
    return Error(Errc::UserFault, std::string(kConnection) + " is of the account " +
                                      parts["AccountName"] + ", the destination of " + name);
  }
  const auto key = decoded_key(parts["AccountKey"]);
  if (!key) return bad_key(kConnection);
  std::string endpoint = parts["BlobEndpoint"];
  if (endpoint.empty()) {
    const std::string scheme = parts["DefaultEndpointsProtocol"];
    const std::string suffix = parts["EndpointSuffix"];
    endpoint = (scheme.empty() ? "https" : scheme) + "://" + name + ".blob." +
               (suffix.empty() ? "core.windows.net" : suffix);
  }
  if (is_plain_url(endpoint)) return AzureAccount{name, without_slash(endpoint), Secret(*key)};
  return Error(Errc::UserFault, std::string(kConnection) + ": its endpoint is no plain URL");
}

// "Fri, 26 Jun 2015 23:39:12 GMT", whatever the locale.
std::string http_date(Timestamp at) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at.micros / 1'000'000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday],
                utc.tm_mday, kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text.data();
}

std::string signature(const AzureAccount& account, const std::string& to_sign) {
  return base64(crypto::hmac_sha256(account.key, to_sign));
}

// All headers that begin with x-ms-, by name.
std::string signed_headers(const net::HttpRequest& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    const std::string lower = lower_case(name);
    if (lower.starts_with("x-ms-")) headers[lower] = value;
  }
  std::string lines;
  for (const auto& [name, value] : headers) lines += name + ":" + value + "\n";
  return lines;
}

// The account, the path as it is sent, and each parameter.
std::string signed_resource(const std::string& url, const std::string& account) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t path = std::min(url.find('/', host), url.size());
  const std::size_t query = std::min(url.find('?', path), url.size());
  std::map<std::string, std::string> parameters;
  for (std::size_t at = query + 1; at < url.size();) {
    const std::size_t end = std::min(url.find('&', at), url.size());
    const std::string parameter = url.substr(at, end - at);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    parameters[parameter.substr(0, equals)] =
        parameter.substr(std::min(equals + 1, parameter.size()));
    at = end + 1;
  }
  std::string text = "/" + account + url.substr(path, query - path);
  for (const auto& [name, value] : parameters) text += "\n" + name + ":" + value;
  return text;
}

}  // namespace

Result<AzureAccount> read_azure_account(const std::string& name, const Variables& variables) {
  if (const auto connection = variables(kConnection); !connection.empty()) {
    return account_in(connection, name);
  }
  AzureAccount account{name, "https://" + name + ".blob.core.windows.net", {}};
  if (const auto text = variables(kAccessKey); !text.empty()) {
    const auto key = decoded_key(text);
    if (!key) return bad_key(kAccessKey);
    account.key = Secret(*key);
  }
  return account;
}

void date_for_azure(net::HttpRequest& request, Timestamp now) {
  request.headers.emplace_back("x-ms-date", http_date(now));
  request.headers.emplace_back("x-ms-version", kAzureVersion);
}

void sign_for_azure(net::HttpRequest& request, const AzureAccount& account,
                    std::uint64_t body_size) {
  const auto header = [&](const char* name) {
    return std::string(net::find_header(request.headers, name));
  };
  const std::string size = body_size == 0 ? "" : std::to_string(body_size);
  const std::string to_sign = request.method + "\n\n\n" + size + "\n" + header("Content-MD5") +
                              "\n" + header("Content-Type") + "\n\n\n\n\n\n\n" +
                              signed_headers(request) + signed_resource(request.url, account.name);
  request.headers.emplace_back("Authorization",
                               "SharedKey " + account.name + ":" + signature(account, to_sign));
}

std::string azure_read_query(const AzureAccount& account, const std::string& container_and_blob,
                             Timestamp expires) {
  const std::string end = format_rfc3339(expires, 0);
  const std::string version(kAzureVersion);
  const std::string to_sign = "r\n\n" + end + "\n/blob/" + account.name + "/" + container_and_blob +
                              "\n\n\n\n" + version + "\nb\n\n\n\n\n\n\n";
  return "sv=" + version + "&se=" + wire::percent_encode(end) +
         "&sr=b&sp=r&sig=" + wire::percent_encode(signature(account, to_sign));
}

}  // namespace ostler::object_store
