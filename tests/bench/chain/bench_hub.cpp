// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/bench_hub.hpp"

#include <libdeflate.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/assert.hpp"
#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "net/http_server.hpp"

namespace ostler::bench {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr std::size_t kKeptLog = 64 * 1024;
constexpr std::size_t kBodyLimit = 64u << 20;

std::string inflate_start(const std::string& gzip, std::uint64_t size) {
  std::string out(size, '\0');
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  const auto result = libdeflate_gzip_decompress(decompressor, gzip.data(), gzip.size(), out.data(),
                                                 out.size(), nullptr);
  libdeflate_free_decompressor(decompressor);
  OSTLER_ASSERT(result == LIBDEFLATE_SUCCESS);
  return out;
}

}  // namespace

/// All members are touched by the one io thread only, but for what `mutex` guards.
struct BenchHub::State final : net::RequestHandler {
  struct Job {
    JobOrder order;
    JobTrace trace;
    std::string agent;
    bool is_to_be_told = false;  ///< that it is canceled
  };

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  net::HttpServer server{io.get_executor(), *this};
  asio::steady_timer offers{io, asio::steady_timer::time_point::max()};
  std::map<std::string, Job> jobs;
  std::vector<std::string> sequence;
  std::deque<std::string> waiting;
  std::set<asio::steady_timer*> held;  ///< calls that ask for a job's state
  std::uint16_t port = 0;
  int agents = 0;
  std::thread thread;

  std::mutex mutex;
  std::condition_variable changed;
  int idle = 0;
  std::size_t finished = 0;

  asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;
  asio::awaitable<net::ServerResponse> handle_job(net::ServerRequest& request, std::string id,
                                                  std::string verb, std::string body);
  asio::awaitable<net::ServerResponse> ping(net::ServerRequest& request);
  asio::awaitable<net::ServerResponse> job_state(std::string id);
  bool tells_of_cancel(const std::string& id);
  net::ServerResponse accept(Job& job, const std::string& id);
  void take_chunk(Job& job, const net::ServerRequest& request, const std::string& body);
  net::ServerResponse registered();
};

net::ServerResponse BenchHub::State::registered() {
  const std::string id = Uuid::make().str();
  auto answer = net::json_response(200, json{{"id", id},
                                             {"name", "bench-" + std::to_string(++agents)},
                                             {"access_token", id},
                                             {"ping_interval", 1},
                                             {"job_status_interval", 1},
                                             {"heartbeat_interval", 60},
                                             {"lease_seconds", 600}}
                                            .dump());
  answer.headers.emplace_back("Ostler-Wait", "1");
  return answer;
}

asio::awaitable<net::ServerResponse> BenchHub::State::ping(net::ServerRequest& request) {
  const bool waits = request.parameter("wait").has_value();
  request.peer->cancel_on_hang_up();
  if (waiting.empty() && waits) {
    {
      const std::lock_guard lock(mutex);
      ++idle;
    }
    changed.notify_all();
    boost::system::error_code ec;
    co_await offers.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    const std::lock_guard lock(mutex);
    --idle;
  }
  if (waiting.empty()) co_return net::json_response(200, "{}");
  const std::string id = waiting.front();
  waiting.pop_front();
  jobs.at(id).trace.offered = std::chrono::steady_clock::now();
  co_return net::json_response(200, json{{"job", {{"id", id}}}}.dump());
}

net::ServerResponse BenchHub::State::accept(Job& job, const std::string& id) {
  json env = {{"BUILDKITE", "true"},
              {"CI", "true"},
              {"BUILDKITE_JOB_ID", id},
              {"BUILDKITE_BUILD_ID", id},
              {"BUILDKITE_BUILD_NUMBER", "1"},
              {"BUILDKITE_ORGANIZATION_SLUG", "ostler"},
              {"BUILDKITE_PIPELINE_SLUG", "bench"},
              {"BUILDKITE_PIPELINE_PROVIDER", "git"},
              {"BUILDKITE_REPO", "file:///nowhere"},
              {"BUILDKITE_COMMIT", "HEAD"},
              {"BUILDKITE_BRANCH", "main"},
              {"BUILDKITE_AGENT_NAME", "bench"},
              {"BUILDKITE_PULL_REQUEST", "false"},
              {"BUILDKITE_SKIP_CHECKOUT", "true"},
              {"BUILDKITE_COMMAND", "true"}};
  for (const auto& [name, value] : job.order.env) env[name] = value;
  job.trace.accepted_at = SystemClock().now().micros;
  auto answer = net::json_response(200, json{{"id", id},
                                             {"token", id},
                                             {"chunks_max_size_bytes", 1 << 20},
                                             {"chunks_interval_seconds", 1},
                                             {"env", env}}
                                            .dump());
  answer.headers.emplace_back("Ostler-Wait", "1");
  return answer;
}

void BenchHub::State::take_chunk(Job& job, const net::ServerRequest& request,
                                 const std::string& body) {
  const std::uint64_t size =
      std::strtoull(request.parameter("size").value_or("").c_str(), nullptr, 10);
  job.trace.log_bytes += size;
  if (job.trace.log.size() < kKeptLog) job.trace.log += inflate_start(body, size);
}

asio::awaitable<net::ServerResponse> BenchHub::State::job_state(std::string id) {
  if (tells_of_cancel(id)) co_return net::json_response(200, R"({"state":"canceling"})");
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::seconds(20));
  held.insert(&timer);
  boost::system::error_code ec;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  held.erase(&timer);
  const char* state = tells_of_cancel(id) ? R"({"state":"canceling"})" : R"({"state":"running"})";
  co_return net::json_response(200, state);
}

/// Whether the agent has yet to hear that the job is canceled, which it does now.
bool BenchHub::State::tells_of_cancel(const std::string& id) {
  const auto found = jobs.find(id);
  if (found == jobs.end() || !found->second.is_to_be_told) return false;
  found->second.is_to_be_told = false;
  found->second.trace.canceled = std::chrono::steady_clock::now();
  return true;
}

asio::awaitable<net::ServerResponse> BenchHub::State::handle_job(net::ServerRequest& request,
                                                                 std::string id, std::string verb,
                                                                 std::string body) {
  const auto found = jobs.find(id);
  if (found == jobs.end()) co_return net::json_response(404, R"({"message":"No job found"})");
  Job& job = found->second;
  if (verb == "accept") co_return accept(job, id);
  if (verb.empty() && request.method == "GET") {
    request.peer->cancel_on_hang_up();
    co_return co_await job_state(id);
  }
  if (verb == "chunks") take_chunk(job, request, body);
  if (verb == "finish") {
    job.trace.exit_status = json::parse(body).value("exit_status", "");
    job.trace.finished = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock(mutex);
      ++finished;
    }
    changed.notify_all();
  }
  co_return net::json_response(200, "{}");
}

asio::awaitable<net::ServerResponse> BenchHub::State::handle(net::ServerRequest& request) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto& path = request.parts.segments;
  auto body = co_await net::read_whole(*request.body, kBodyLimit);
  if (!body || path.size() < 2) co_return net::json_response(404, "{}");
  if (path[1] == "register") co_return registered();
  if (path[1] == "ping") co_return co_await ping(request);
  if (path[1] == "jobs" && path.size() > 2) {
    const std::string verb = path.size() > 3 ? path[3] : "";
    co_return co_await handle_job(request, path[2], verb, std::move(body).value());
  }
  const bool known = path[1] == "connect" || path[1] == "disconnect" || path[1] == "heartbeat";
  co_return net::json_response(known ? 200 : 404, "{}");
}

BenchHub::BenchHub() : state_(std::make_unique<State>()) {
  auto port = state_->server.listen_tcp("127.0.0.1", 0);
  OSTLER_ASSERT(port.has_value());
  state_->port = port.value();
  state_->thread = std::thread([state = state_.get()] { state->io.run(); });
}

BenchHub::~BenchHub() {
  asio::co_spawn(state_->io, state_->server.stop(std::chrono::milliseconds(100)), asio::use_future)
      .wait();
  state_->work.reset();
  state_->io.stop();
  state_->thread.join();
}

std::string BenchHub::endpoint() const {
  return "http://127.0.0.1:" + std::to_string(state_->port) + "/v3";
}

bool BenchHub::await_idle(int count) {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, std::chrono::seconds(30),
                                  [&] { return state_->idle >= count; });
}

void BenchHub::cancel() {
  asio::post(state_->io, [state = state_.get()] {
    for (auto& [id, job] : state->jobs) job.is_to_be_told = true;
    for (asio::steady_timer* timer : state->held) timer->cancel();
  });
}

std::vector<JobTrace> BenchHub::run(const std::vector<JobOrder>& orders) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->finished = 0;
  }
  asio::post(state_->io, [state = state_.get(), orders] {
    state->jobs.clear();
    state->sequence.clear();
    for (const auto& order : orders) {
      const std::string id = Uuid::make().str();
      state->jobs[id].order = order;
      state->sequence.push_back(id);
      state->waiting.push_back(id);
    }
    state->offers.cancel();
  });
  {
    std::unique_lock lock(state_->mutex);
    const bool done = state_->changed.wait_for(lock, std::chrono::minutes(5),
                                               [&] { return state_->finished >= orders.size(); });
    if (!done) std::fprintf(stderr, "only %zu jobs finished\n", state_->finished);
    OSTLER_ASSERT(done);
  }
  std::vector<JobTrace> traces;
  asio::post(state_->io, asio::use_future([&] {
               for (const auto& id : state_->sequence) traces.push_back(state_->jobs.at(id).trace);
             }))
      .wait();
  return traces;
}

}  // namespace ostler::bench
