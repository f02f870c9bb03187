// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_client.hpp"

#include <cstdlib>
#include <utility>

#include "console/plain_text.hpp"
#include "wire/rest_gate.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr int kPerPage = 100;
constexpr int kMostPages = 1'000;

constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;
constexpr int kTooManyRequests = 429;
constexpr int kServerFault = 500;  ///< and all above

/// What stands between the brackets of a JSON list.
std::string_view items_of(std::string_view list) {
  const std::size_t begin = list.find('[');
  const std::size_t end = list.rfind(']');
  return begin < end && end != list.npos ? list.substr(begin + 1, end - begin - 1) : list;
}

std::string query_of(const BuildQuery& query) {
  std::string text =
      "?exclude_jobs=true&exclude_pipeline=true&per_page=" + std::to_string(query.limit);
  for (const auto& branch : query.branches) text += "&branch[]=" + wire::percent_encode(branch);
  for (const auto& state : query.states) text += "&state[]=" + wire::percent_encode(state);
  return text;
}

}  // namespace

Errc refusal_code(int status) {
  return status >= kServerFault || status == kTooManyRequests ? Errc::Unavailable : Errc::UserFault;
}

HubClient::HubClient(std::string url, std::string organization, Secret token)
    : url_(std::move(url)), organization_(std::move(organization)), token_(std::move(token)) {}

std::string HubClient::organization_url() const {
  return url_ + "/v2/organizations/" + organization_;
}

std::string HubClient::builds_url(const std::string& pipeline) const {
  return organization_url() + "/pipelines/" + pipeline + "/builds";
}

std::string HubClient::words_of_missing(const net::HttpRequest& request,
                                        const std::string& text) const {
  if (text == wire::kNoOrganizationFound) {
    return "the hub has no organization " + organization_ +
           " for this token; name another with --org or OSTLER_ORGANIZATION";
  }
  if (text != wire::kNotFound) return "the hub refuses: " + text;
  const bool is_own = request.url.starts_with(url_);
  const std::string path = is_own ? request.url.substr(url_.size()) : request.url;
  return "the hub has nothing at " + path.substr(0, path.find('?'));
}

std::string HubClient::words_of_refusal(const net::HttpRequest& request,
                                        const net::HttpResponse& response) const {
  const std::string status = std::to_string(response.status);
  std::string text = console::plain_lines(wire::rest_error_text(response.body));
  if (text.empty()) text = "status " + status;
  switch (response.status) {
    case kUnauthorized: return "the hub does not take this API token; " + how_to_give_another();
    case kNotFound: return words_of_missing(request, text);
    case kTooManyRequests: return "the hub refuses for now: " + text;
    default: break;
  }
  return (response.status < kServerFault ? "the hub refuses: "
                                         : "the hub failed (" + status + "): ") +
         text;
}

std::string HubClient::how_to_give_another() const {
  const char* variable = std::getenv("OSTLER_API_TOKEN");
  if (variable != nullptr && token_.reveal() == variable) return "set another in OSTLER_API_TOKEN";
  return "\"ostler login " + url_ + "\" takes another one";
}

Error HubClient::refusal(const net::HttpRequest& request, const net::HttpResponse& response) const {
  return Error(refusal_code(response.status), words_of_refusal(request, response))
      .with_native(response.status);
}

Error HubClient::silence(const net::HttpRequest& request, const Error& error) const {
  const std::string where = request.method + " " + request.url + ": ";
  const bool is_away = error.code() == Errc::Unavailable || error.code() == Errc::Timeout;
  if (!is_away || !error.message().starts_with(where)) return error;
  return Error(error.code(), "the hub at " + url_ +
                                 " does not answer: " + error.message().substr(where.size()) +
                                 "; \"ostler up\" starts one, \"ostler doctor\" looks for causes")
      .with_native(error.native())
      .with_retryable(error.retryable());
}

net::HttpRequest HubClient::request_to(const std::string& path) const {
  return {.url = organization_url() + path,
          .headers = {{"Authorization", "Bearer " + token_.reveal()}}};
}

Result<net::HttpResponse> HubClient::send(net::HttpRequest request) {
  request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
  request.headers.emplace_back("Content-Type", "application/json");
  auto response = http_.send(request);
  if (!response) return silence(request, response.error());
  if (!response.value().ok()) return refusal(request, response.value());
  return response;
}

Result<std::string> HubClient::get(const std::string& path) { return ask("GET", path); }

Result<std::string> HubClient::all_pages(const std::string& path) {
  const char* const joint = path.find('?') == std::string::npos ? "?" : "&";
  std::string all;
  for (int page = 1; page <= kMostPages; ++page) {
    OSTLER_TRY(const auto response, send({.url = organization_url() + path + joint +
                                                 "per_page=" + std::to_string(kPerPage) +
                                                 "&page=" + std::to_string(page)}));
    const std::string_view items = items_of(response.body);
    if (!all.empty() && !items.empty()) all += ',';
    all += items;
    if (response.header("Link").find("rel=\"next\"") == std::string_view::npos) break;
  }
  return "[" + all + "]";
}

Result<std::string> HubClient::ask(std::string method, const std::string& path, std::string body) {
  OSTLER_TRY(auto response, send({.method = std::move(method),
                                  .url = organization_url() + path,
                                  .body = std::move(body)}));
  return std::move(response.body);
}

Result<wire::RestTokenAnswer> HubClient::token() {
  OSTLER_TRY(const auto response, send({.url = url_ + "/v2/access-token"}));
  return wire::decode_rest_token(response.body);
}

Result<std::vector<std::string>> HubClient::organizations() {
  OSTLER_TRY(const auto response, send({.url = url_ + "/v2/organizations"}));
  return wire::decode_rest_organization_slugs(response.body);
}

Result<std::string> HubClient::public_url() {
  OSTLER_TRY(const auto body, get(""));
  OSTLER_TRY(const std::string url, wire::decode_rest_organization_url(body));
  return url.substr(0, url.find("/v2/"));
}

Result<std::vector<wire::RestPipelineAnswer>> HubClient::pipelines(const std::string& repository) {
  OSTLER_TRY(const auto text,
             all_pages("/pipelines?repository=" + wire::percent_encode(repository)));
  return wire::decode_rest_pipelines(text);
}

Result<wire::RestPipelineAnswer> HubClient::pipeline(const std::string& slug) {
  OSTLER_TRY(const auto body, get("/pipelines/" + slug));
  return wire::decode_rest_pipeline(body);
}

Result<std::string> HubClient::create_pipeline_text(const wire::RestNewPipeline& pipeline) {
  return ask("POST", "/pipelines", wire::encode_rest_new_pipeline(pipeline));
}

Result<std::string> HubClient::create_pipeline(const wire::RestNewPipeline& pipeline) {
  OSTLER_TRY(const auto text, create_pipeline_text(pipeline));
  return wire::decode_rest_pipeline_slug(text);
}

Result<std::string> HubClient::create_build_text(const std::string& pipeline,
                                                 const wire::RestNewBuild& build) {
  OSTLER_TRY(auto response, send({.method = "POST",
                                  .url = builds_url(pipeline),
                                  .body = wire::encode_rest_new_build(build)}));
  return std::move(response.body);
}

Result<wire::RestBuildAnswer> HubClient::create_build(const std::string& pipeline,
                                                      const wire::RestNewBuild& build) {
  OSTLER_TRY(const auto text, create_build_text(pipeline, build));
  return wire::decode_rest_build(text);
}

Result<wire::RestBuildAnswer> HubClient::build(const std::string& pipeline, std::int64_t number) {
  OSTLER_TRY(const auto response,
             send({.url = builds_url(pipeline) + "/" + std::to_string(number) +
                          "?exclude_pipeline=true&include_retried_jobs=true"}));
  return wire::decode_rest_build(response.body);
}

Result<std::string> HubClient::build_text_with_attempts(const std::string& pipeline,
                                                        std::int64_t number) {
  return get("/pipelines/" + pipeline + "/builds/" + std::to_string(number) +
             "?include_retried_jobs=true");
}

Result<std::string> HubClient::build_text(const std::string& pipeline, std::int64_t number) {
  return get("/pipelines/" + pipeline + "/builds/" + std::to_string(number));
}

Result<std::string> HubClient::build_text(const std::string& id) { return get("/builds/" + id); }

Result<std::string> HubClient::builds_text(const BuildQuery& query) {
  return get((query.pipeline.empty() ? "" : "/pipelines/" + query.pipeline) + "/builds" +
             query_of(query));
}

Result<wire::RestJobAnswer> HubClient::job(const std::string& id) {
  OSTLER_TRY(const auto body, get("/jobs/" + id));
  return wire::decode_rest_job(body);
}

Result<std::string> HubClient::retry_job_text(const std::string& id) {
  return ask("PUT", "/jobs/" + id + "/retry");
}

Result<std::string> HubClient::unblock_job_text(const std::string& id,
                                                const std::map<std::string, std::string>& fields) {
  return ask("PUT", "/jobs/" + id + "/unblock", wire::encode_rest_unblock(fields));
}

Result<std::string> HubClient::retry_failed_jobs_text(const std::string& pipeline,
                                                      std::int64_t number,
                                                      const std::vector<std::string>& states) {
  return ask("PUT",
             "/pipelines/" + pipeline + "/builds/" + std::to_string(number) + "/retry_failed_jobs",
             wire::encode_rest_retry(states));
}

Result<std::string> HubClient::rebuild_text(const std::string& pipeline, std::int64_t number,
                                            const std::string& key) {
  OSTLER_TRY(auto response,
             send({.method = "PUT",
                   .url = builds_url(pipeline) + "/" + std::to_string(number) + "/rebuild",
                   .headers = {{"Idempotency-Key", key}}}));
  return std::move(response.body);
}

Result<std::string> HubClient::cancel_build_text(const std::string& pipeline, std::int64_t number) {
  return ask("PUT", "/pipelines/" + pipeline + "/builds/" + std::to_string(number) + "/cancel");
}

}  // namespace ostler::cli
