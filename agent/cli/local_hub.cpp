// SPDX-License-Identifier: Apache-2.0
#include "cli/local_hub.hpp"

#include "cli/hub_client.hpp"
#include "net/http_client.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::cli {

namespace {

namespace fs = std::filesystem;

/// The directory of a hub, or that of "ostler up", which has the hub's in it.
fs::path own_socket(const fs::path& data_path) {
  const fs::path of_hub = data_path / "hub.sock";
  const fs::path of_up = data_path / "hub" / "hub.sock";
  std::error_code error;
  return !fs::exists(of_hub, error) && fs::exists(of_up, error) ? of_up : of_hub;
}

}  // namespace

Result<std::string> ask_local_hub(const std::filesystem::path& data_path, std::string method,
                                  std::string_view path, std::string body) {
  net::HttpRequest request{.method = std::move(method),
                           .url = "http://hub" + std::string(path),
                           .unix_socket = own_socket(data_path),
                           .body = std::move(body)};
  net::BlockingHttpClient client;
  auto answer = client.send(request);
  if (!answer) {
    return Error(Errc::Unavailable,
                 "no hub answers at " + request.unix_socket +
                     "; start one with \"ostler up\", or name with --data-path the directory that "
                     "it says its data is in");
  }
  if (answer.value().ok()) return std::move(answer.value().body);
  const Errc code = refusal_code(answer.value().status);
  const char* const what = code == Errc::UserFault ? "the hub refuses: " : "the hub cannot do it: ";
  return Error(code, what + wire::rest_error_text(answer.value().body));
}

}  // namespace ostler::cli
