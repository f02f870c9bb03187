// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/document_handlers.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/plugin_handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr bool kStreamsBody = true;

constexpr std::array kAccountRoutes = {
    Route{"GET", "openapi.json", kNoToken, get_open_api},
    Route{"POST", "graphql", "graphql", graphql},
    Route{"GET", "meta", kNoToken, get_meta},
    Route{"GET", "access-token", kAnyToken, get_access_token},
    Route{"DELETE", "access-token", kAnyToken, delete_access_token},
    Route{"GET", "organizations/:org/rate_limit", kAnyToken, get_rate_limit},
    Route{"GET", "user", "read_user", get_user},
    Route{"GET", "organizations", "read_organizations", list_organizations},
    Route{"GET", "organizations/:org", "read_organizations", get_organization},
    Route{"GET", "organizations/:org/emojis", kAnyToken, list_emojis},
    Route{"GET", "organizations/:org/members", "read_organizations", list_members},
    Route{"GET", "organizations/:org/members/:member", "read_organizations", get_member},
    Route{"GET", "organizations/:org/plugins", "read_plugins", list_plugins},
    Route{"POST", "organizations/:org/plugins", "write_plugins", publish_plugin, kStreamsBody},
    Route{"GET", "organizations/:org/plugins/:plugin/versions/:version/archive", "read_plugins",
          download_plugin_archive},
    Route{"DELETE", "organizations/:org/plugins/:plugin/versions/:version", "write_plugins",
          unpublish_plugin},
};

}  // namespace

std::span<const Route> account_routes() { return kAccountRoutes; }

}  // namespace ostler::rest_api
