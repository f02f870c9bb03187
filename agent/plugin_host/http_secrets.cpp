// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_secrets.hpp"

#include <algorithm>
#include <sstream>

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kLongestHeaders = 256 << 10;

Result<void> find_secrets(const std::string& line, std::vector<std::string>& names) {
  std::size_t done = std::min(line.find(':'), line.size());  // the begin of a secret has one, too
  if (done == line.size() || line.find(kSecretBegin) < done) {
    return Error(Errc::UserFault, "a header is \"Name: value\", a secret stands in its value");
  }
  for (std::size_t at = line.find(kSecretBegin, done); at != line.npos;
       at = line.find(kSecretBegin, done)) {
    const std::size_t name = at + kSecretBegin.size();
    done = line.find('}', name);
    if (done == line.npos) return Error(Errc::UserFault, "a header has {secret: without }");
    names.push_back(line.substr(name, done - name));
  }
  return success();
}

}  // namespace

Result<std::vector<std::string>> secrets_in_headers(const std::string& headers) {
  std::vector<std::string> names;
  if (headers.find(kSecretBegin) == headers.npos) return names;
  std::istringstream lines(headers);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    OSTLER_TRY(find_secrets(line, names));
  }
  return names;
}

Result<std::string> put_secrets(const std::string& headers,
                                const std::map<std::string, std::string>& values) {
  std::string text;
  std::size_t done = 0;
  for (std::size_t at = headers.find(kSecretBegin); at != headers.npos;
       at = headers.find(kSecretBegin, done)) {
    const std::size_t name = at + kSecretBegin.size();
    const std::size_t end = headers.find('}', name);
    const auto found = values.find(headers.substr(name, end - name));
    if (end == headers.npos || found == values.end()) {
      return Error(Errc::UserFault, "a header names a secret that was not looked up");
    }
    const auto& [key, value] = *found;
    if (value.find_first_of("\r\n") != value.npos) {
      return Error(Errc::UserFault, "a secret of several lines fits no header: " + key);
    }
    text.append(headers, done, at - done).append(value);
    if (text.size() > kLongestHeaders) break;
    done = end + 1;
  }
  if (text.size() + headers.size() - done <= kLongestHeaders) return text.append(headers, done);
  return Error(Errc::UserFault, "the headers with their secrets are longer than 256 KiB");
}

Result<void> check_secret(const std::string& name, const std::vector<std::string>& permitted) {
  if (std::ranges::find(permitted, name) != permitted.end()) return success();
  return Error(Errc::Denied, "plugin.json does not ask for the secret " + name +
                                 "; name it in \"permissions\": {\"secrets\": [...]}");
}

Result<void> check_secret_put(const std::string& name, const std::vector<std::string>& permitted) {
  if (std::ranges::find(permitted, name) != permitted.end()) return success();
  return Error(Errc::Denied, "plugin.json does not ask to set the secret " + name +
                                 "; name it in \"permissions\": {\"secrets_put\": [...]}");
}

}  // namespace ostler::plugin_host
