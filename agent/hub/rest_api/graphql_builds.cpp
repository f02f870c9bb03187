// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/graphql_documents.hpp"
#include "wire/rest_build.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using wire::GraphqlRequest;
using wire::JsonObjectText;

std::string graphql_build(const Backend& backend, const FoundBuild& found) {
  const model::Build& build = found.build;
  const std::string& slug = found.pipeline.settings.slug;
  const std::string pipeline =
      JsonObjectText()
          .text("slug", slug)
          .raw("organization", JsonObjectText().text("slug", found.organization.slug).finish())
          .finish();
  return JsonObjectText()
      .text("uuid", build.id.str())
      .number("number", build.number)
      .text("state", wire::graphql_build_state(wire::rest_build_state(build.state)))
      .text("branch", build.request.branch)
      .text("commit", build.request.commit)
      .text_or_null("message", build.request.message)
      .text("url", urls_of(backend, found.organization).web_build(slug, build.number))
      .time("createdAt", build.created_at)
      .time("startedAt", build.started_at)
      .time("finishedAt", build.finished_at)
      .raw("pipeline", pipeline)
      .finish();
}

/// {"build": ...}, with null for one that is not there.
GraphqlData graphql_build_answer(const Backend& backend, const Result<FoundBuild>& found) {
  if (!found && found.error().code() != Errc::NotFound) co_return found.error();
  co_return graphql_field("build", found ? graphql_build(backend, found.value()) : "null");
}

}  // namespace

std::vector<std::string> graphql_slug_parts(const std::string& slug) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (auto end = slug.find('/'); end != slug.npos; end = slug.find('/', at)) {
    parts.push_back(slug.substr(at, end - at));
    at = end + 1;
  }
  parts.push_back(slug.substr(at));
  return parts;
}

GraphqlData graphql_build_by_uuid(const Backend& backend, const Call& call,
                                  const GraphqlRequest& request) {
  // Whole ids alone: the beginning of one is no UUID.
  const auto id = BuildId::parse(request.variable("u"));
  if (!id) co_return graphql_field("build", "null");
  Call of_build = call;
  of_build.parameters = {{"build", id->str()}};
  const auto found = co_await find_build(backend, of_build);
  co_return co_await graphql_build_answer(backend, found);
}

GraphqlData graphql_build_by_slug(const Backend& backend, const Call& call,
                                  const GraphqlRequest& request) {
  const auto parts = graphql_slug_parts(request.variable("slug"));
  if (parts.size() != 3) co_return graphql_field("build", "null");
  Call of_build = call;
  of_build.parameters = {{"org", parts[0]}, {"pipeline", parts[1]}, {"build", parts[2]}};
  const auto found = co_await find_build(backend, of_build);
  co_return co_await graphql_build_answer(backend, found);
}

}  // namespace ostler::rest_api
