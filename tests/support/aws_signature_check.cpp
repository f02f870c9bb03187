// SPDX-License-Identifier: Apache-2.0
#include "support/aws_signature_check.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>

namespace ostler::support {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", byte & 0xFF);
    text += pair;
  }
  return text;
}

std::string sha256(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  return hex(std::string(reinterpret_cast<char*>(digest), size));
}

std::string hmac(const std::string& key, const std::string& text) {
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), code, &size);
  return std::string(reinterpret_cast<char*>(code), size);
}

std::string encoded(const std::string& text, bool slash_stays) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(c & 0xFF) || c == '-' || c == '_' || c == '.' || c == '~' ||
        (slash_stays && c == '/')) {
      out += c;
    } else {
      char escape[4];
      std::snprintf(escape, sizeof escape, "%%%02X", c & 0xFF);
      out += escape;
    }
  }
  return out;
}

// The part of the Authorization header behind `name`.
std::string field(const std::string& authorization, const std::string& name) {
  const std::size_t at = authorization.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return authorization.substr(begin, authorization.find(',', begin) - begin);
}

std::string canonical_query(const std::string& target) {
  std::string text;
  for (const auto& [name, value] : query_of(target)) {
    text += (text.empty() ? "" : "&") + encoded(name, false) + "=" + encoded(value, false);
  }
  return text;
}

}  // namespace

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
    } else {
      out += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::map<std::string, std::string> query_of(const std::string& target) {
  std::map<std::string, std::string> query;
  const std::size_t mark = target.find('?');
  std::istringstream parameters(mark == std::string::npos ? "" : target.substr(mark + 1));
  for (std::string parameter; std::getline(parameters, parameter, '&');) {
    const std::size_t equals = parameter.find('=');
    query[percent_decoded(parameter.substr(0, equals))] =
        equals == std::string::npos ? "" : percent_decoded(parameter.substr(equals + 1));
  }
  return query;
}

std::string AwsSignatureCheck::fault(const ServerRequest& request) const {
  const auto header = [&](const std::string& name) {
    const auto at = request.headers.find(name);
    return at == request.headers.end() ? std::string() : at->second;
  };
  const std::string authorization = header("authorization");
  const std::string date = header("x-amz-date").substr(0, 8);
  const std::string scope = date + "/" + region + "/s3/aws4_request";
  const std::string credential = field(authorization, "Credential");
  if (!authorization.starts_with("AWS4-HMAC-SHA256 ") || date.size() != 8) return "AccessDenied";
  if (header("x-amz-security-token") != token) return "InvalidToken";
  if (!credential.starts_with(key + "/")) return "InvalidAccessKeyId";
  if (credential != key + "/" + scope) return "AuthorizationHeaderMalformed";
  if (header("x-amz-content-sha256") != sha256(request.body)) return "XAmzContentSHA256Mismatch";
  const std::string names = field(authorization, "SignedHeaders");
  std::set<std::string> wanted{"host"};
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-amz-")) wanted.insert(name);
  }
  std::string lines;
  std::istringstream each(names);
  for (std::string name; std::getline(each, name, ';');) {
    lines += name + ":" + header(name) + "\n";
    wanted.erase(name);
  }
  if (!wanted.empty()) return "AccessDenied";
  const std::string path = percent_decoded(request.target.substr(0, request.target.find('?')));
  const std::string canonical = request.method + "\n" + encoded(path, true) + "\n" +
                                canonical_query(request.target) + "\n" + lines + "\n" + names +
                                "\n" + header("x-amz-content-sha256");
  std::string signing_key = hmac("AWS4" + secret, date);
  for (const std::string& step : {region, std::string("s3"), std::string("aws4_request")}) {
    signing_key = hmac(signing_key, step);
  }
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + header("x-amz-date") + "\n" + scope + "\n" + sha256(canonical);
  const bool fits = field(authorization, "Signature") == hex(hmac(signing_key, to_sign));
  return fits ? "" : "SignatureDoesNotMatch";
}

}  // namespace ostler::support
