// SPDX-License-Identifier: Apache-2.0
#include "hub/web/web.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include "crypto/random.hpp"
#include "diag/log.hpp"
#include "hub/rest_api/log_range.hpp"
#include "hub/web/build_lines.hpp"
#include "hub/web/fleet_facts.hpp"
#include "hub/web/return_path.hpp"
#include "net/request_target.hpp"
#include "wire/agent_api.hpp"

namespace ostler::hub {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kLargestForm = 4u << 10;
constexpr std::string_view kReadBuilds = "read_builds";

/// "/{organization}/{pipeline}/builds/{number}", where builds say that they are in the web.
bool is_build_path(const std::vector<std::string>& segments) {
  return segments.size() == 4 && segments[2] == "builds";
}

/// What stands behind the organization.
std::vector<std::string> behind_organization(const std::vector<std::string>& segments) {
  return {segments.begin() + 1, segments.end()};
}

/// "/{organization}" and what is beneath it.
bool is_own_path(const std::vector<std::string>& segments) {
  return segments.size() <= 2 || is_build_path(segments) ||
         is_fleet_path(behind_organization(segments));
}

/// Nothing runs on a page, nothing is loaded for it, it stays in no cache, and it sends its forms
/// to the hub alone. With another Referrer-Policy those would come without their origin.
net::ServerResponse page_answer(const PageFrame& frame, int status, std::string html) {
  return {.status = status,
          .headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy",
                       "default-src 'none'; style-src 'nonce-" + frame.nonce +
                           "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "same-origin"},
                      {"Cache-Control", "no-store"},
                      {"Vary", "Accept, Cookie"}},
          .body = std::move(html)};
}

/// Sends the browser to a page.
net::ServerResponse lead_to(const std::string& path, std::string_view public_url) {
  return {.status = 303,
          .headers = {{"Location", base_path(public_url) + path}, {"Cache-Control", "no-store"}}};
}

/// The same with another cookie.
net::ServerResponse lead_to(const std::string& path, std::string_view public_url,
                            std::string cookie) {
  auto response = lead_to(path, public_url);
  response.headers.emplace_back("Set-Cookie", std::move(cookie));
  return response;
}

std::string field_of(const std::string& form, std::string_view name) {
  const auto parsed = net::parse_target("/?" + form);
  if (!parsed) return {};
  for (const auto& [key, value] : parsed.value().query) {
    if (key == name) return value;
  }
  return {};
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

int status_for(const Error& error) {
  if (error.native() == 413) return 413;
  switch (error.code()) {
    case Errc::NotFound: return 404;
    case Errc::UserFault:
    case Errc::Protocol: return 400;
    case Errc::Unavailable:
    case Errc::Timeout:
    case Errc::Cancelled: return 503;
    default: return 500;
  }
}

std::string words_for(int status) {
  switch (status) {
    case 404: return "There is nothing here.";
    case 413: return "That is too long.";
    case 503: return "The hub is busy; try again.";
    case 500: return "The hub could not do this; its log says why.";
    default: return "The hub cannot read that.";
  }
}

}  // namespace

bool Web::wants_page(const net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  if (request.method == "POST") return !segments.empty() && segments.front() == "session";
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool is_here = segments.empty() || is_own_path(segments);
  return reads && is_here &&
         rest_api::read_log_format(request.header("Accept")) == rest_api::LogFormat::Html;
}

std::optional<net::ServerResponse> Web::let_in(net::ServerRequest& request) {
  if (!request.header("Authorization").empty()) return std::nullopt;
  const auto token = sessions_.token_of(request);
  if (!token) return std::nullopt;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && !is_from_own_page(request, public_url_)) {
    return net::json_response(
        403, wire::encode_message("Forbidden: a cookie may change something only from the hub's "
                                  "own pages"));
  }
  request.headers.emplace_back("Authorization", "Bearer " + token->reveal());
  return std::nullopt;
}

asio::awaitable<net::ServerResponse> Web::handle(net::ServerRequest& request) {
  auto served = co_await serve(request);
  if (served) co_return std::move(served).value();
  const int status = status_for(served.error());
  if (status == 500) {
    diag::error("a page failed", {{"target", request.target}, {"error", served.error().message()}});
  }
  PageFrame bare{
      .organization = {}, .public_url = public_url_, .nonce = crypto::random_token(16), .user = {}};
  co_return page_answer(bare, status, render_refusal(bare, words_for(status)));
}

asio::awaitable<Result<net::ServerResponse>> Web::serve(net::ServerRequest& request) {
  OSTLER_CO_TRY(PageFrame frame, co_await this->frame());
  if (request.method == "POST") co_return co_await take_form(frame, request);
  OSTLER_CO_TRY(const auto viewer, co_await holder_of(sessions_.token_of(request)));
  if (!viewer)
    co_return page_answer(frame, 200, render_sign_in(frame, "", return_path(request.target)));
  frame.user = viewer->user.name;
  const auto& segments = request.parts.segments;
  if (segments.empty()) co_return co_await show_builds(frame, *viewer);
  if (segments[0] != frame.organization) co_return Error(Errc::NotFound, "no such organization");
  if (segments.size() == 1) co_return lead_to("/", public_url_);
  if (is_build_path(segments)) co_return co_await show_build(frame, *viewer, request);
  co_return co_await show_part(frame, *viewer, behind_organization(segments));
}

asio::awaitable<Result<net::ServerResponse>> Web::show_part(const PageFrame& frame,
                                                            const store::ApiHolder& viewer,
                                                            std::vector<std::string> segments) {
  const Viewer eyes{viewer, frame.organization, public_url_};
  if (segments.size() == 1) co_return co_await show_pipeline(frame, eyes, segments[0]);
  OSTLER_CO_TRY(const auto facts, co_await fleet_facts(store_, eyes, std::move(segments)));
  co_return page_answer(frame, 200, render_facts(frame, facts));
}

asio::awaitable<Result<net::ServerResponse>> Web::show_pipeline(const PageFrame& frame,
                                                                const Viewer& eyes,
                                                                std::string slug) {
  if (!eyes.may(kReadBuilds)) co_return Error(Errc::NotFound, "no such pipeline");
  OSTLER_CO_TRY(const auto pipeline,
                co_await store_.pipeline_by_slug(eyes.holder.organization, slug));
  OSTLER_CO_TRY(const auto builds, co_await newest_builds(store_, eyes, pipeline.id));
  co_return page_answer(frame, 200, render_pipeline(frame, slug, builds));
}

asio::awaitable<Result<net::ServerResponse>> Web::take_form(const PageFrame& frame,
                                                            net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  const bool is_end = segments.size() == 2 && segments[1] == "end";
  if (segments.size() != 1 && !is_end) co_return Error(Errc::NotFound, "no such form");
  if (!is_from_own_page(request, public_url_)) {
    co_return page_answer(
        frame, 403, render_refusal(frame, "No page of this hub has sent this; nothing was done."));
  }
  if (is_end) co_return lead_to("/", public_url_, sessions_.end(request));
  co_return co_await sign_in(frame, request);
}

asio::awaitable<Result<net::ServerResponse>> Web::sign_in(const PageFrame& frame,
                                                          net::ServerRequest& request) {
  OSTLER_CO_TRY(const auto form, co_await net::read_whole(*request.body, kLargestForm));
  Secret token(trimmed(field_of(form, "token")));
  const std::string next = return_path(field_of(form, "next"));
  OSTLER_CO_TRY(const auto holder, co_await holder_of(token));
  if (!holder) {
    constexpr const char* kRefusal = "That is no API token of this hub, or it has ended.";
    co_return page_answer(frame, 403, render_sign_in(frame, kRefusal, next));
  }
  co_return lead_to(next, public_url_, sessions_.begin(std::move(token)));
}

asio::awaitable<Result<net::ServerResponse>> Web::show_builds(const PageFrame& frame,
                                                              const store::ApiHolder& viewer) {
  const Viewer eyes{viewer, frame.organization, public_url_};
  std::vector<BuildLine> builds;
  std::string refusal;
  if (eyes.may(kReadBuilds)) {
    OSTLER_CO_TRY(builds, co_await newest_builds(store_, eyes));
  } else {
    refusal = "The token that you signed in with may not read builds: it lacks read_builds.";
  }
  co_return page_answer(frame, 200, render_builds(frame, builds, refusal));
}

asio::awaitable<Result<net::ServerResponse>> Web::show_build(const PageFrame& frame,
                                                             const store::ApiHolder& viewer,
                                                             const net::ServerRequest& request) {
  const Viewer eyes{viewer, frame.organization, public_url_};
  const auto& segments = request.parts.segments;
  const std::string& text = segments[3];
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!is_number || !eyes.may(kReadBuilds)) {
    co_return Error(Errc::NotFound, "no such build");
  }
  OSTLER_CO_TRY(const BuildLine build, co_await whole_build(store_, eyes, segments[1], number));
  co_return page_answer(frame, 200, render_build(frame, build));
}

asio::awaitable<Result<std::optional<store::ApiHolder>>> Web::holder_of(
    std::optional<Secret> token) {
  if (!token || token->empty()) co_return std::optional<store::ApiHolder>();
  auto principal = co_await store_.authenticate(std::move(*token), clock_.now());
  if (!principal && principal.error().code() != Errc::Denied) {
    co_return std::move(principal).error();
  }
  auto* holder = principal ? std::get_if<store::ApiHolder>(&principal.value()) : nullptr;
  if (!holder) co_return std::optional<store::ApiHolder>();
  co_return std::optional(std::move(*holder));
}

asio::awaitable<Result<PageFrame>> Web::frame() {
  OSTLER_CO_TRY(const auto organizations, co_await store_.organizations());
  co_return PageFrame{.organization = organizations.empty() ? "" : organizations.front().slug,
                      .public_url = public_url_,
                      .nonce = crypto::random_token(16),
                      .user = std::nullopt};
}

}  // namespace ostler::hub
