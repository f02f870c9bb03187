// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>

#include "base/joined.hpp"
#include "hub/rest_api/document_handlers.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {
namespace {

/// openapi.json in pieces, for a literal may not be as long as that.
constexpr auto kPieces = std::to_array<std::string_view>({
#include "hub/rest_api/openapi.inc"
});

}  // namespace

Answer get_open_api(const Backend&, Call) { co_return json(200, joined(kPieces, "")); }

}  // namespace ostler::rest_api
