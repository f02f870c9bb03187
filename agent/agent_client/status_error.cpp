// SPDX-License-Identifier: Apache-2.0
#include "agent_client/status_error.hpp"

#include "wire/agent_api.hpp"

namespace ostler::agent_client {
namespace {

Errc code_of(int status) {
  switch (status) {
    case 401:
    case 403: return Errc::Denied;
    case 404: return Errc::NotFound;
    case 409:
    case 412:
    case 422:
    case 423: return Errc::Conflict;
    default: return status == 429 || status >= 500 ? Errc::Unavailable : Errc::Protocol;
  }
}

}  // namespace

Error error_of_status(std::string_view call, int status, std::string_view body) {
  std::string text = std::string(call) + ": the server answered " + std::to_string(status);
  std::string message = wire::decode_message(body);
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';  // an error is one line
  }
  if (!message.empty()) text += " (" + message + ")";
  const Errc code = code_of(status);
  return Error(code, std::move(text)).with_native(status).with_retryable(code == Errc::Unavailable);
}

bool is_refusal(const Error& error) {
  return error.native() >= 400 && error.native() < 500 && error.native() != 429;
}

}  // namespace ostler::agent_client
