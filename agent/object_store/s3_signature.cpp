// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_signature.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/ascii.hpp"
#include "base/joined.hpp"
#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"

// Not libcurl's own CURLOPT_AWS_SIGV4: the version in use signs a query in the order it is given
// and "?uploads" without its "=", which S3 refuses, and does not sign the digest of a body that it
// reads from a file.
namespace ostler::object_store {
namespace {

struct UrlParts {
  std::string host;  // as the Host header has it
  std::string path;
  std::string query;
};

UrlParts split_url(const std::string& url) {
  const std::size_t host_at = url.find("://") + 3;
  const std::size_t path_at = std::min(url.find_first_of("/?", host_at), url.size());
  const std::size_t query_at = std::min(url.find('?', path_at), url.size());
  UrlParts parts{url.substr(host_at, path_at - host_at), url.substr(path_at, query_at - path_at),
                 url.substr(std::min(query_at + 1, url.size()))};
  const std::string usual_port = url.starts_with("https") ? ":443" : ":80";
  if (parts.host.ends_with(usual_port)) {
    parts.host.resize(parts.host.size() - usual_port.size());
  }
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

std::string sorted_query(const std::string& query) {
  std::vector<std::string> parameters;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    parameters.push_back(query.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(parameters);
  return joined(parameters, "&");
}

// Runs of spaces count as one, and none at the ends.
std::string canonical_value(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c != ' ' || (!text.empty() && text.back() != ' ')) text += c;
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

std::map<std::string, std::string> canonical_headers(const net::HttpRequest& request,
                                                     const std::string& host) {
  std::map<std::string, std::string> headers{{"host", host}};
  for (const auto& [name, value] : request.headers) {
    headers[lower_case(name)] = canonical_value(value);
  }
  return headers;
}

std::string basic_time(Timestamp at) {
  std::string text = format_rfc3339(at, 0);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

Secret signing_key(const S3Signer& signer, std::string_view date) {
  Secret key("AWS4" + signer.credentials.secret_access_key.reveal());
  for (const std::string_view part : {date, std::string_view(signer.region), std::string_view("s3"),
                                      std::string_view("aws4_request")}) {
    key = Secret(crypto::hmac_sha256(key, part));
  }
  return key;
}

}  // namespace

void sign_for_s3(net::HttpRequest& request, std::string_view body_sha256, const S3Signer& signer) {
  const std::string time = basic_time(signer.now);
  request.headers.emplace_back("x-amz-date", time);
  request.headers.emplace_back("x-amz-content-sha256", body_sha256);
  if (const auto& token = signer.credentials.session_token.reveal(); !token.empty()) {
    request.headers.emplace_back("x-amz-security-token", token);
  }
  const UrlParts url = split_url(request.url);
  std::string lines;
  std::vector<std::string> names;
  for (const auto& [name, value] : canonical_headers(request, url.host)) {
    lines += name + ":" + value + "\n";
    names.push_back(name);
  }
  const std::string signed_names = joined(names, ";");
  const std::string canonical =
      joined(std::vector<std::string>{request.method, url.path, sorted_query(url.query), lines,
                                      signed_names, std::string(body_sha256)},
             "\n");
  const std::string date = time.substr(0, 8);
  const std::string scope = date + "/" + signer.region + "/s3/aws4_request";
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + crypto::sha256_hex(canonical);
  request.headers.emplace_back(
      "Authorization", "AWS4-HMAC-SHA256 Credential=" + signer.credentials.access_key_id + "/" +
                           scope + ",SignedHeaders=" + signed_names + ",Signature=" +
                           crypto::hmac_sha256_hex(signing_key(signer, date), to_sign));
}

}  // namespace ostler::object_store
