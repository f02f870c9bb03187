// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <charconv>
#include <memory>

#include "base/ascii.hpp"

namespace ostler::net {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

Result<Url> parse(const std::string& text) {
  Url url(curl_url());
  if (text.find('\0') != text.npos ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    return Error(Errc::UserFault, "no URL of http or https, or one with a password: " + text);
  }
  return url;
}

std::string part(const Url& url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url.get(), what, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

bool is_loopback(const UrlOrigin& origin) {
  in_addr address{};
  const bool is_v4 = ::inet_pton(AF_INET, origin.host.c_str(), &address) == 1;
  return origin.host == "localhost" || origin.host == "[::1]" ||
         (is_v4 && (ntohl(address.s_addr) >> 24) == 127);
}

Result<UrlOrigin> origin_of_url(const std::string& text) {
  OSTLER_TRY(const Url url, parse(text));
  UrlOrigin origin{.scheme = part(url, CURLUPART_SCHEME),
                   .host = lower_case(part(url, CURLUPART_HOST))};
  const std::string port = part(url, CURLUPART_PORT);
  std::from_chars(port.data(), port.data() + port.size(), origin.port);
  if ((origin.scheme != "http" && origin.scheme != "https") || origin.host.empty()) {
    return Error(Errc::UserFault, "no URL of http or https: " + text);
  }
  return origin;
}

Result<std::string> resolve_url(const std::string& text, const std::string& location) {
  OSTLER_TRY(const Url url, parse(text));
  if (location.empty() ||
      curl_url_set(url.get(), CURLUPART_URL, location.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    return Error(Errc::UserFault, text + " leads to what is no URL: " + location);
  }
  return part(url, CURLUPART_URL);
}

}  // namespace ostler::net
