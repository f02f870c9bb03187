// SPDX-License-Identifier: Apache-2.0
#include "hub/error_response.hpp"

#include "diag/log.hpp"
#include "wire/agent_api.hpp"

namespace ostler::hub {

int status_of(const Error& error) {
  if (error.native() >= 400 && error.native() < 600) return error.native();
  switch (error.code()) {
    case Errc::NotFound: return 404;
    case Errc::Denied: return 403;
    case Errc::Conflict:
    case Errc::UserFault: return 422;
    case Errc::Protocol: return 400;
    case Errc::Cancelled:
    case Errc::Timeout:
    case Errc::Unavailable: return 503;
    case Errc::Corrupt:
    case Errc::Internal: return 500;
  }
  return 500;
}

net::ServerResponse error_answer(const Error& error) {
  return net::json_response(status_of(error), wire::encode_message(error.message()));
}

net::ServerResponse error_response(const net::ServerRequest& request, const Error& error) {
  const int status = status_of(error);
  const bool is_ours = status >= 500;
  diag::log(is_ours ? diag::Level::Warn : diag::Level::Debug,
            is_ours ? "request failed" : "a call is refused",
            {{"method", request.method},
             {"path", request.target.substr(0, request.target.find('?'))},
             {"status", std::to_string(status)},
             {"error", error.message()}});
  return error_answer(error);
}

}  // namespace ostler::hub
