// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "hub/rest_api/call.hpp"
#include "wire/rest_error.hpp"

namespace ostler::rest_api {

/// An answer with one JSON value.
net::ServerResponse json(int status, std::string body);
/// An answer {"message": ...}.
net::ServerResponse message(int status, std::string_view text);
/// 422 {"message": "Validation Failed", "errors": [...]}.
net::ServerResponse validation_failed(const std::vector<wire::RestFieldError>& errors);

/// 422 {"message": "Validation failed: Name is missing, ..."}: what clusters and what is in them
/// say.
net::ServerResponse cluster_validation_failed(const std::vector<wire::RestFieldError>& errors);

/// 200 with a JSON array of `items`, and the Link header of the page.
net::ServerResponse list(const Call& call, const std::vector<std::string>& items,
                         store::PageRequest page, bool has_next);

/// The same, of a page of `all` items.
net::ServerResponse list_part(const Call& call, const std::vector<std::string>& all,
                              store::PageRequest page);

/// What an error of a handler tells the client: NotFound 404, Denied 403, Conflict 422, UserFault
/// and Protocol 400, Unavailable and Timeout 503; else 500, without the error's text.
/// Source: rest-api, 5.
net::ServerResponse error_response(const Error& error);

/// Errors whose text goes to the client.
Error not_found(std::string_view text = "Not Found");
Error bad_request(std::string_view text);

}  // namespace ostler::rest_api
