// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/responses.hpp"

#include <algorithm>

#include "hub/rest_api/paging.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

int status_of(const Error& error) {
  if (error.native() == 413) return 413;
  switch (error.code()) {
    case Errc::NotFound: return 404;
    case Errc::Denied: return 403;
    case Errc::Conflict: return 422;
    case Errc::UserFault:
    case Errc::Protocol: return 400;
    case Errc::Unavailable:
    case Errc::Timeout:
    case Errc::Cancelled: return 503;
    case Errc::Corrupt:
    case Errc::Internal: return 500;
  }
  return 500;
}

}  // namespace

net::ServerResponse json(int status, std::string body) {
  return net::json_response(status, std::move(body));
}

net::ServerResponse message(int status, std::string_view text) {
  return json(status, wire::encode_rest_error(text));
}

net::ServerResponse validation_failed(const std::vector<wire::RestFieldError>& errors) {
  return json(422, wire::encode_rest_validation(errors));
}

net::ServerResponse cluster_validation_failed(const std::vector<wire::RestFieldError>& errors) {
  return message(422, wire::rest_validation_sentence(errors));
}

net::ServerResponse list(const Call& call, const std::vector<std::string>& items,
                         store::PageRequest page, bool has_next) {
  net::ServerResponse response = json(200, wire::json_array(items));
  std::string links = link_header(call.url, call.query, page, has_next);
  if (!links.empty()) response.headers.emplace_back("Link", std::move(links));
  return response;
}

net::ServerResponse list_part(const Call& call, const std::vector<std::string>& all,
                              store::PageRequest page) {
  const auto size = static_cast<std::int64_t>(all.size());
  const std::int64_t begin = std::min(size, (page.number - 1) * page.size);
  const std::int64_t end = std::min(size, begin + page.size);
  return list(call, {all.begin() + begin, all.begin() + end}, page, size > end);
}

net::ServerResponse error_response(const Error& error) {
  const int status = status_of(error);
  if (status == 500) {
    return message(status, "The hub could not do this; its log says why");
  }
  net::ServerResponse response = message(status, error.message());
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Error not_found(std::string_view text) { return Error(Errc::NotFound, std::string(text)); }
Error bad_request(std::string_view text) { return Error(Errc::UserFault, std::string(text)); }

}  // namespace ostler::rest_api
