// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hub/web/browser_sessions.hpp"
#include "hub/web/build_lines.hpp"
#include "hub/web/pages.hpp"
#include "net/http_server.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// What the hub shows to a browser: sign-in, the newest builds, the jobs of a build, agents,
/// clusters and queues. Serves `GET /`, the `web_url` of everything that the REST API names, `POST
/// /session` and `POST /session/end`.
/// Thread-safe.
class Web final : public net::RequestHandler {
 public:
  /// Everything outlives it but the address, which has no slash at its end.
  Web(store::Store& store, const Clock& clock, BrowserSessions& sessions, std::string public_url)
      : store_(store), clock_(clock), sessions_(sessions), public_url_(std::move(public_url)) {}

  /// Whether a request is for a page: a browser's (it accepts text/html), or one of its forms.
  static bool wants_page(const net::ServerRequest& request);

  /// Gives a request of a browser that is signed in the token of its session. A browser sends its
  /// cookie along whoever made it ask, so what changes something must come from a page of the hub:
  /// else the refusal.
  std::optional<net::ServerResponse> let_in(net::ServerRequest& request);

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  template <class T>
  using Lookup = boost::asio::awaitable<Result<T>>;

  Lookup<net::ServerResponse> serve(net::ServerRequest& request);
  Lookup<net::ServerResponse> take_form(const PageFrame& frame, net::ServerRequest& request);
  Lookup<net::ServerResponse> sign_in(const PageFrame& frame, net::ServerRequest& request);
  Lookup<net::ServerResponse> show_builds(const PageFrame& frame, const store::ApiHolder& viewer);
  Lookup<net::ServerResponse> show_pipeline(const PageFrame& frame, const Viewer& eyes,
                                            std::string slug);
  Lookup<net::ServerResponse> show_part(const PageFrame& frame, const store::ApiHolder& viewer,
                                        std::vector<std::string> segments);
  Lookup<net::ServerResponse> show_build(const PageFrame& frame, const store::ApiHolder& viewer,
                                         const net::ServerRequest& request);
  /// Who holds a token; none when nobody does.
  Lookup<std::optional<store::ApiHolder>> holder_of(std::optional<Secret> token);
  Lookup<PageFrame> frame();

  store::Store& store_;
  const Clock& clock_;
  BrowserSessions& sessions_;
  const std::string public_url_;
};

}  // namespace ostler::hub
