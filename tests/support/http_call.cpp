// SPDX-License-Identifier: Apache-2.0
#include "support/http_call.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

#include "base/assert.hpp"

namespace ostler::support {
namespace {

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* answer) {
  static_cast<HttpAnswer*>(answer)->body.append(bytes, size);
  return size;
}

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  const auto start = text.find_first_not_of(" \t");
  return start == std::string::npos ? std::string() : text.substr(start);
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* answer) {
  const std::string line(bytes, size);
  const auto colon = line.find(':');
  if (colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static_cast<HttpAnswer*>(answer)->headers[name] = trimmed(line.substr(colon + 1));
  }
  return size;
}

}  // namespace

HttpAnswer http_call(const HttpCall& call) {
  HttpAnswer answer;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                   curl_easy_cleanup);
  OSTLER_ASSERT(handle != nullptr);
  curl_slist* headers = nullptr;
  for (const auto& header : call.headers) headers = curl_slist_append(headers, header.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_NOBODY, call.method == "HEAD" ? 1L : 0L);
  if (call.method != "GET" && call.method != "HEAD") {
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, call.body.data());
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
  }
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  if (const char* file = std::getenv("SSL_CERT_FILE")) {
    curl_easy_setopt(handle.get(), CURLOPT_CAINFO, file);
  }
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &answer);
  const bool answered = curl_easy_perform(handle.get()) == CURLE_OK;
  curl_slist_free_all(headers);
  long status = 0;
  if (answered) curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace ostler::support
