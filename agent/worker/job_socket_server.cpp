// SPDX-License-Identifier: Apache-2.0
#include "worker/job_socket_server.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "crypto/random.hpp"
#include "environment/protected.hpp"
#include "net/http_server.hpp"
#include "supervise/service_call.hpp"
#include "wire/agent_api_pipelines.hpp"
#include "worker/job_context.hpp"
#include "worker/promised_failures.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using Json = nlohmann::json;
using net::ServerRequest;
using net::ServerResponse;

namespace {

constexpr std::size_t kLongestBody = 8 << 20;  // bytes; half of what the keeper keeps for all
constexpr std::string_view kAgentApi = "/api/ostler/v0/agent-api/";
constexpr std::string_view kEnv = "/api/current-job/v0/env";
constexpr std::string_view kPromise = "/api/current-job/v0/promise-failure";
constexpr std::string_view kRedactions = "/api/current-job/v0/redactions";
constexpr std::size_t kLongestNumber = 9;
constexpr std::chrono::milliseconds kStopGrace{50};

ServerResponse answer(int status, const Json& body) {
  return net::json_response(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

ServerResponse refuse(int status, std::string_view why) {
  return answer(status, {{"error", std::string(why)}});
}

/// The header's value when it is a number; empty otherwise, for it goes out in the agent's name.
std::string number_in(const ServerRequest& request, std::string_view header) {
  const std::string_view value = request.header(header);
  const bool is_number = value.find_first_not_of("0123456789") == value.npos;
  return is_number ? std::string(value.substr(0, kLongestNumber)) : std::string();
}

/// The names that a job may not set, as the genuine agent says it; empty when there are none.
std::string objection_to(const std::vector<std::string>& names) {
  std::string refused;
  for (const std::string& name : names) {
    const auto* protection = environment::protection_of(name);
    if (protection == nullptr || protection->job_mutable) continue;
    refused += (refused.empty() ? "" : " ") + name;
  }
  if (refused.empty()) return {};
  return "the following environment variables are protected, and cannot be modified: [" + refused +
         "]";
}

}  // namespace

class JobSocketServer::Handler final : public net::RequestHandler {
 public:
  explicit Handler(JobContext& job)
      : job_(job),
        token_(crypto::random_token()),
        promises_(job.executor, job.link, job.document.job_id) {}

  const std::string& token() const { return token_.reveal(); }

  asio::awaitable<ServerResponse> handle(ServerRequest& request) override {
    if (!is_authorized(request)) co_return refuse(401, "invalid authorization token");
    auto body = co_await net::read_whole(*request.body, kLongestBody);
    if (!body) co_return refuse(body.error().native() == 413 ? 413 : 400, body.error().message());
    if (request.target.starts_with(kAgentApi)) {
      co_return co_await pass_on(request, std::move(body).value());
    }
    if (request.target == kPromise && request.method == "POST") {
      co_return co_await promise(body.value());
    }
    co_return job_api(request, body.value());
  }

 private:
  bool is_authorized(const ServerRequest& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view header = request.header("Authorization");
    return header.starts_with(kBearer) &&
           equal_in_constant_time(header.substr(kBearer.size()), token_.reveal());
  }

  asio::awaitable<ServerResponse> pass_on(const ServerRequest& request, std::string body) {
    const std::string path = request.target.substr(kAgentApi.size());
    if (path.starts_with(supervise::kServiceCalls)) {
      co_return answer(403, {{"message", "only step plugins may start services"}});
    }
    const std::string_view uuid = request.header("Ostler-Request-Uuid");
    auto reply =
        co_await job_.link.call({.uuid = uuid.empty() ? Uuid::make().str() : std::string(uuid),
                                 .method = request.method,
                                 .path = path,
                                 .content_type = std::string(request.header("Content-Type")),
                                 .body = std::move(body),
                                 .backoff_sequence = number_in(request, wire::kBackoffHeader)});
    if (!reply) co_return answer(503, {{"message", reply.error().message()}});
    ServerResponse response{.status = reply.value().status,
                            .headers = std::move(reply.value().headers)};
    response.body = std::move(reply.value().body);
    co_return response;
  }

  asio::awaitable<ServerResponse> promise(const std::string& body) {
    auto request = wire::decode_promise_failure_request(body);
    if (!request) co_return refuse(400, request.error().message());
    const auto made = co_await promises_.declare(std::move(request).value());
    co_return net::json_response(200, encode(made));
  }

  ServerResponse job_api(const ServerRequest& request, const std::string& body) {
    const std::string_view path =
        std::string_view(request.target).substr(0, request.target.find('?'));
    if (path == kEnv && request.method == "GET") return answer(200, {{"env", job_.env}});
    const bool known =
        (path == kEnv && (request.method == "PATCH" || request.method == "DELETE")) ||
        (path == kRedactions && request.method == "POST");
    if (!known) return refuse(404, request.method + " " + request.target + ": no such call");
    const Json input = Json::parse(body, nullptr, false);
    if (!input.is_object()) return refuse(400, "the body is not a JSON object");
    if (path == kRedactions) return add_redaction(input);
    return request.method == "PATCH" ? update(input) : remove(input);
  }

  ServerResponse add_redaction(const Json& input) {
    const auto text = input.find("redact");
    if (text == input.end() || !text->is_string()) return refuse(400, "redact must be a text");
    job_.log.needles().add(text->get_ref<const std::string&>());
    return answer(201, {{"redacted", *text}});
  }

  ServerResponse update(const Json& input) {
    const auto env = input.find("env");
    if (env == input.end() || !env->is_object()) return refuse(400, "env must be an object");
    std::vector<std::string> names;
    for (const auto& [name, value] : env->items()) {
      if (value.is_null()) return refuse(422, "the value of " + name + " must not be null");
      if (!value.is_string()) return refuse(400, "the value of " + name + " must be a text");
      names.push_back(name);
    }
    if (const auto objection = objection_to(names); !objection.empty()) {
      return refuse(422, objection);
    }
    Json added = Json::array();
    Json updated = Json::array();
    for (const auto& [name, value] : env->items()) {
      (job_.env.contains(name) ? updated : added).push_back(name);
      job_.env[name] = value.get<std::string>();
      job_.before_plugins.erase(name);
    }
    job_.hide_secret_variables();
    return answer(200, {{"added", added}, {"updated", updated}});
  }

  ServerResponse remove(const Json& input) {
    const auto keys = input.find("keys");
    if (keys == input.end() || !keys->is_array()) return refuse(400, "keys must be an array");
    std::vector<std::string> names;
    for (const Json& key : *keys) {
      if (!key.is_string()) return refuse(400, "keys must be texts");
      names.push_back(key.get<std::string>());
    }
    if (const auto objection = objection_to(names); !objection.empty()) {
      return refuse(422, objection);
    }
    std::ranges::sort(names);
    Json deleted = Json::array();
    for (const std::string& name : names) {
      if (job_.env.erase(name) != 0) deleted.push_back(name);
    }
    return answer(200, {{"deleted", deleted}});
  }

  JobContext& job_;
  Secret token_;
  PromisedFailures promises_;
};

struct JobSocketServer::Parts {
  Parts(JobContext& job, std::string where)
      : handler(job), server(job.executor, handler), path(std::move(where)) {}

  Handler handler;
  net::HttpServer server;
  std::string path;
};

Result<std::unique_ptr<JobSocketServer>> JobSocketServer::start(JobContext& job,
                                                                const std::string& path) {
  auto parts = std::make_unique<Parts>(job, path);
  OSTLER_TRY(parts->server.listen_unix(path));
  return std::unique_ptr<JobSocketServer>(new JobSocketServer(std::move(parts)));
}

JobSocketServer::JobSocketServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JobSocketServer::~JobSocketServer() = default;

const std::string& JobSocketServer::token() const { return parts_->handler.token(); }

asio::awaitable<void> JobSocketServer::stop() {
  co_await parts_->server.stop(kStopGrace);
  ::unlink(parts_->path.c_str());
}

}  // namespace ostler::worker
