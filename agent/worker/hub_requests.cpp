// SPDX-License-Identifier: Apache-2.0
#include "worker/hub_requests.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>

#include "base/uuid.hpp"
#include "plugin_host/http_deadline.hpp"
#include "plugin_host/http_service.hpp"
#include "wire/agent_api_secrets.hpp"
#include "worker/redacted_json.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::CallDone;
using Arguments = std::vector<std::string>;

namespace {

constexpr std::string_view kHubScheme = "hub:";
constexpr std::string_view kHubBase = "hub:/v3/";
constexpr std::size_t kMostHubRequests = 16;          // open, or under way
constexpr std::size_t kLongestHubAnswer = 1u << 20;   // bytes
constexpr std::size_t kLongestHubPiece = 256u << 10;  // of an answer to `read`
constexpr std::string_view kTokenCall = "oidc/tokens";
constexpr std::size_t kMostTokens = 256;         // for one step: the log must hide each for ever
constexpr std::size_t kMostOfTokens = 1u << 20;  // bytes of all of them

/// What may be asked: ":job" is the job itself, ":id" any one id.
struct HubRoute {
  std::string_view method;
  std::string_view pattern;
};
constexpr HubRoute kHubRoutes[] = {{"GET", "jobs/:job"},
                                   {"POST", "jobs/:job/oidc/tokens"},
                                   {"POST", "builds/:id/data/get"},
                                   {"POST", "builds/:id/data/exists"},
                                   {"POST", "builds/:id/data/keys"},
                                   {"POST", "steps/:id/export"}};

std::string_view take_segment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

bool is_plain_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool matches(std::string_view pattern, std::string_view path, std::string_view job) {
  if (path.ends_with('/')) return false;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view found = take_segment(path);
    const bool fits = wanted == ":id"    ? is_plain_id(found)
                      : wanted == ":job" ? found == job
                                         : found == wanted;
    if (!fits) return false;
  }
  return pattern.empty() && path.empty();
}

Result<std::string> path_of_call(const std::string& method, const std::string& url,
                                 const std::string& job) {
  const std::string_view path =
      url.starts_with(kHubBase) ? std::string_view(url).substr(kHubBase.size()) : "";
  for (const HubRoute& route : kHubRoutes) {
    if (route.method == method && matches(route.pattern, path, job)) return std::string(path);
  }
  return Error(Errc::Denied, method + " " + url.substr(0, 200) +
                                 ": no call for plugins; ostler/http.h names those of hub:");
}

/// JSON goes there and comes back: no other header makes sense.
Result<void> check_hub_headers(const std::string& headers) {
  if (headers.empty() || headers == "Content-Type: application/json" ||
      headers == "Content-Type: application/json\n") {
    return success();
  }
  return Error(Errc::UserFault, "hub: takes no header but Content-Type: application/json");
}

}  // namespace

struct HubRequests::State : std::enable_shared_from_this<HubRequests::State> {
  State(JobContext& of, bool may) : job(of), is_permitted(may) {}

  /// A call whose answer the plugin waits for.
  struct Waiting {
    explicit Waiting(const asio::any_io_executor& executor, CallDone then)
        : done(std::move(then)), limit(executor) {}
    CallDone done;  ///< empty: it has its answer, or needs none
    asio::steady_timer limit;

    void answer(Result<std::string> found) {
      limit.cancel();
      if (done) std::exchange(done, {})(std::move(found));
    }
  };

  JobContext& job;
  bool is_permitted;
  std::map<std::string, std::string> answers{};  ///< what is unread of each
  std::vector<std::weak_ptr<Waiting>> under_way{};
  std::uint64_t last = 0;
  std::size_t tokens = 0;
  std::size_t token_bytes = 0;

  Result<supervise::ApiRequest> request_of(const Arguments& given);
  std::size_t count_open();
  void start(supervise::ApiRequest request, std::chrono::milliseconds limit, CallDone done);
  Result<void> hide_token(const std::string& body);
  Result<std::string> keep(const std::string& path, supervise::ApiReply reply);
  static asio::awaitable<void> ask(std::shared_ptr<State> self, supervise::ApiRequest request,
                                   std::shared_ptr<Waiting> waiting);
};

Result<supervise::ApiRequest> HubRequests::State::request_of(const Arguments& given) {
  if (!is_permitted) {
    return Error(Errc::Denied,
                 "plugin.json does not ask for the server of the job; name \"hub:\" in "
                 "\"permissions\": {\"http\": [...]}");
  }
  OSTLER_TRY(auto path, path_of_call(given[0], given[1], job.document.job_id));
  OSTLER_TRY(check_hub_headers(given[2]));
  if (!given[plugin_host::kHttpFile].empty()) {
    return Error(Errc::UserFault, "hub: takes no file as a body: " + given[plugin_host::kHttpFile]);
  }
  if (count_open() == kMostHubRequests) {
    return Error(Errc::Unavailable, "16 requests of the plugin are open already");
  }
  const bool has_body = given[0] != "GET";
  return supervise::ApiRequest{.uuid = Uuid::make().str(),
                               .method = given[0],
                               .path = std::move(path),
                               .content_type = has_body ? "application/json" : "",
                               .body = has_body ? redacted_json(job.log, given[3]) : ""};
}

std::size_t HubRequests::State::count_open() {
  std::erase_if(under_way, [](const auto& other) { return other.expired(); });
  return answers.size() + under_way.size();
}

void HubRequests::State::start(supervise::ApiRequest request, std::chrono::milliseconds limit,
                               CallDone done) {
  const auto waiting = std::make_shared<Waiting>(job.executor, std::move(done));
  under_way.push_back(waiting);
  if (limit.count() > 0) {
    waiting->limit.expires_after(limit);
    waiting->limit.async_wait([weak = std::weak_ptr(waiting)](const boost::system::error_code& ec) {
      const auto late = weak.lock();
      if (!ec && late) late->answer(Error(Errc::Timeout, "the server did not answer in time"));
    });
  }
  job.tasks.spawn(ask(shared_from_this(), std::move(request), waiting));
}

asio::awaitable<void> HubRequests::State::ask(std::shared_ptr<State> self,
                                              supervise::ApiRequest request,
                                              std::shared_ptr<Waiting> waiting) {
  const std::string path = request.path;
  auto reply = co_await self->job.link.call(std::move(request));
  if (!waiting->done) co_return;
  waiting->answer(reply ? self->keep(path, std::move(reply).value())
                        : Result<std::string>(std::move(reply).error()));
}

/// One that cannot be hidden is not handed on.
Result<void> HubRequests::State::hide_token(const std::string& body) {
  const auto token = wire::decode_token(body);
  if (!token) return success();
  const std::string& text = token.value().reveal();
  if (tokens == kMostTokens || token_bytes + text.size() > kMostOfTokens) {
    return Error(Errc::Unavailable,
                 "the step has 256 identity tokens, or 1 MiB of them, already; keep those");
  }
  ++tokens;
  token_bytes += text.size();
  job.log.needles().add(text);
  return success();
}

/// The head, by which the plugin reads the rest.
Result<std::string> HubRequests::State::keep(const std::string& path, supervise::ApiReply reply) {
  if (reply.body.size() > kLongestHubAnswer) {
    return Error(Errc::Internal, "the answer of the server is longer than 1 MiB");
  }
  if (path.ends_with(kTokenCall)) {
    OSTLER_TRY(hide_token(reply.body));
  }
  const std::string name = "hub." + std::to_string(++last);
  answers.emplace(name, std::move(reply.body));
  return std::to_string(reply.status) + " " + name + "\nContent-Type: application/json\n";
}

HubRequests::HubRequests(JobContext& job, bool is_permitted)
    : state_(std::make_shared<State>(job, is_permitted)) {}

bool HubRequests::is_hub_url(const std::string& url) { return url.starts_with(kHubScheme); }

bool HubRequests::has(const std::string& name) const { return state_->answers.contains(name); }

void HubRequests::send(const Arguments& arguments, CallDone done) {
  auto request = state_->request_of(arguments);
  if (!request) return done(std::move(request).error());
  const auto limit = plugin_host::read_deadline(arguments[4]);
  if (!limit) return done(limit.error());
  state_->start(std::move(request).value(), limit.value(), std::move(done));
}

std::string HubRequests::read(const std::string& name) {
  std::string& rest = state_->answers.at(name);
  std::string piece = rest.substr(0, kLongestHubPiece);
  rest.erase(0, piece.size());
  return piece;
}

void HubRequests::close(const std::string& name) { state_->answers.erase(name); }

void HubRequests::break_off() {
  for (const auto& weak : state_->under_way) {
    const auto waiting = weak.lock();
    if (!waiting) continue;
    waiting->done = {};
    waiting->limit.cancel();
  }
  state_->under_way.clear();
  state_->answers.clear();
}

}  // namespace ostler::worker
