// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/http_message.hpp"

namespace ostler::object_store {

/// What to do about the two commonest refusals.
struct RefusalAdvice {
  std::string denied;     ///< 401 and 403
  std::string not_found;  ///< 404
};

/// The error that an answer means: which object, the status, the store's own words (the `message`
/// of a JSON answer, the `Code` and `Message` of an XML one), and what to do. None for a success.
std::optional<Error> plain_refusal(const net::HttpResponse& answer, const std::string& object,
                                   const RefusalAdvice& advice);

}  // namespace ostler::object_store
