// SPDX-License-Identifier: Apache-2.0
#include "rest_fixture.hpp"

#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <span>

#include "hub/rest_api/routes.hpp"
#include "open_api_document.hpp"

namespace ostler::rest_api {
namespace {

/// A request's body that is in memory.
class MemoryBody final : public net::RequestBody {
 public:
  explicit MemoryBody(std::string_view left) : left_(left) {}

  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), left_.size());
    std::memcpy(into.data(), left_.data(), count);
    left_.remove_prefix(count);
    co_return count;
  }
  std::optional<std::uint64_t> declared_size() const override { return std::nullopt; }

 private:
  std::string_view left_;
};

class NoPeer final : public net::Peer {
 public:
  void cancel_on_hang_up() override {}
  const std::string& address() const override { return address_; }

 private:
  std::string address_ = "127.0.0.1";
};

boost::asio::awaitable<std::string> whole_body(net::ServerResponse& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) co_return std::move(*text);
  if (auto* region = std::get_if<net::FileRegion>(&response.body)) {
    std::string bytes(region->size, '\0');
    const auto read =
        ::pread(region->file.get(), bytes.data(), bytes.size(), static_cast<off_t>(region->offset));
    EXPECT_EQ(read, static_cast<ssize_t>(bytes.size()));
    co_return bytes;
  }
  auto& source = *std::get<std::unique_ptr<net::BodySource>>(response.body);
  std::string whole;
  for (;;) {
    auto piece = co_await source.next();
    if (!piece) {
      ADD_FAILURE() << piece.error().message();
      break;
    }
    if (piece.value().empty()) break;
    whole += piece.value();
  }
  if (source.size()) EXPECT_EQ(*source.size(), whole.size());
  co_return whole;
}

boost::asio::awaitable<Reply> exchange(RestApi& api, net::ServerRequest& request) {
  net::ServerResponse response = co_await api.handle(request);
  Reply reply{.status = response.status, .headers = response.headers, .body = {}};
  if (request.method != "HEAD") reply.body = co_await whole_body(response);
  co_return reply;
}

/// Takes minutes to compare; thousands of items of one form show no more than a few.
constexpr std::size_t kLongAnswer = 1 << 20;

/// Whatever a test asks for: an answer that is not as the API's document says fails it.
void compare_with_document(const net::ServerRequest& request, const Reply& reply) {
  const std::span<const std::string> segments(request.parts.segments);
  const RouteSearch search = find_route(routes(), request.method, segments.subspan(1));
  const auto* found = std::get_if<RouteMatch>(&search);
  if (found == nullptr || request.method == "HEAD") return;
  if (reply.body.size() > kLongAnswer) return;
  EXPECT_EQ(OpenApiDocument::get().fault_in(request.method, found->route->pattern, reply.status,
                                            reply.header("Content-Type"), reply.body),
            "")
      << request.method << " " << request.target << "\n"
      << reply.body.substr(0, 2000);
}

std::string gzipped(std::string_view bytes) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(1);
  std::string out(libdeflate_gzip_compress_bound(compressor, bytes.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

}  // namespace

RestFixture::RestFixture() { open_store(grantable_scopes()); }

RestFixture::~RestFixture() = default;

void RestFixture::open_store(const std::vector<std::string>& scopes) {
  api_.reset();
  store_.reset();
  blobs_.reset();
  directory_.emplace();
  blobs_ = store::open_directory_blob_store(directory_->path() / "blobs").value();
  store_ = store::open_sqlite_store({.directory = directory_->path() / "store", .now = clock_.at},
                                    *blobs_)
               .value();
  tokens_ = *run(store_->first_start({.now = clock_.at, .api_scopes = scopes}));
  serve();
}

void RestFixture::serve(std::int64_t calls_per_minute) {
  api_.emplace(Backend{.store = *store_,
                       .clock = clock_,
                       .listener = listener_,
                       .downloads = links_,
                       .threads = threads_,
                       .summaries = summaries_,
                       .sealer = sealer_,
                       .disk = disk_,
                       .blobs = *blobs_,
                       .archives = archives_,
                       .events = events_.emplace(*store_),
                       .logs = logs_,
                       .public_url = "http://hub",
                       .calls_per_minute = calls_per_minute});
}

Reply RestFixture::send(std::string method, std::string target, net::HttpHeaders headers,
                        std::string body) {
  MemoryBody bytes(body);
  NoPeer peer;
  net::ServerRequest request{.method = std::move(method), .target = "/v2" + target};
  auto parts = net::parse_target(request.target);
  EXPECT_TRUE(parts) << request.target;
  request.parts = std::move(parts).value();
  request.headers = std::move(headers);
  request.body = &bytes;
  request.peer = &peer;
  const Reply reply = support::run_task(io_, exchange(*api_, request));
  compare_with_document(request, reply);
  return reply;
}

std::vector<Reply> RestFixture::at_once(const std::string& method, const std::string& target,
                                        const std::vector<nlohmann::json>& bodies) {
  std::vector<std::string> texts;
  for (const auto& body : bodies) texts.push_back(body.dump());
  std::deque<MemoryBody> bytes(texts.begin(), texts.end());
  std::deque<net::ServerRequest> requests;
  std::vector<std::optional<Reply>> replies(bodies.size());
  NoPeer peer;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    auto& request =
        requests.emplace_back(net::ServerRequest{.method = method, .target = "/v2" + target});
    request.parts = net::parse_target(request.target).value();
    request.headers = {{"Authorization", "Bearer " + tokens_.api_token.reveal()}};
    request.body = &bytes[i];
    request.peer = &peer;
    boost::asio::co_spawn(io_, support::keep(exchange(*api_, request), replies[i]),
                          boost::asio::detached);
  }
  io_.restart();
  io_.run();
  std::vector<Reply> all;
  for (auto& reply : replies) all.push_back(std::move(*reply));
  return all;
}

Reply RestFixture::call(std::string method, std::string target, const nlohmann::json& body) {
  return send(std::move(method), std::move(target),
              {{"Authorization", "Bearer " + tokens_.api_token.reveal()}},
              body.is_null() ? "" : body.dump());
}

Reply RestFixture::get(std::string target, net::HttpHeaders headers) {
  headers.emplace_back("Authorization", "Bearer " + tokens_.api_token.reveal());
  return send("GET", std::move(target), std::move(headers));
}

std::string RestFixture::make_pipeline(const std::string& name, const std::string& yaml) {
  const Reply made = call("POST", "/organizations/ostler/pipelines",
                          {{"name", name}, {"repository", "r"}, {"configuration", yaml}});
  EXPECT_EQ(made.status, 201) << made.body;
  return made.json().at("slug");
}

nlohmann::json RestFixture::make_build(const std::string& pipeline, nlohmann::json more) {
  nlohmann::json body = {{"commit", "HEAD"}, {"branch", "main"}};
  if (more.is_object()) body.update(more);
  const Reply made = call("POST", "/organizations/ostler/pipelines/" + pipeline + "/builds", body);
  EXPECT_EQ(made.status, 201) << made.body;
  return made.json();
}

store::RegisteredAgent RestFixture::connect_agent() {
  const store::Principal holder = run(store_->authenticate(tokens_.agent_token, clock_.at));
  store::RegisterAgent command;
  command.holder = std::get<store::AgentTokenHolder>(holder);
  command.description.name = "builder-1";
  command.description.tags = {"queue=default"};
  command.now = clock_.at;
  store::RegisteredAgent registered = run(store_->register_agent(std::move(command)));
  registered.agent = run(store_->connect_agent({registered.agent.id, clock_.at}));
  return registered;
}

void RestFixture::start(const store::RegisteredAgent& agent, JobId job) {
  run(store_->accept_job({.agent = agent.agent.id,
                          .job = job,
                          .session_token = agent.session_token,
                          .public_url = "http://hub",
                          .now = clock_.at}));
  run(store_->start_job({agent.agent.id, job, clock_.at, clock_.at}));
}

void RestFixture::finish(const store::RegisteredAgent& agent, JobId job, int exit_status) {
  store::FinishJob command;
  command.agent = agent.agent.id;
  command.job = job;
  command.outcome.exit_status = exit_status;
  command.finished_at = clock_.at;
  command.now = clock_.at;
  run(store_->finish_job(std::move(command)));
}

void RestFixture::write_log(const store::RegisteredAgent& agent, JobId job, const std::string& text,
                            std::size_t chunk) {
  std::int64_t sequence = 1;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    const std::string_view piece = std::string_view(text).substr(at, chunk);
    const Result<void> appended = support::run_task(
        io_, store_->append_chunk({.agent = agent.agent.id,
                                   .job = job,
                                   .sequence = sequence++,
                                   .offset = static_cast<std::int64_t>(at),
                                   .size = static_cast<std::int64_t>(piece.size()),
                                   .gzip = gzipped(piece)}));
    ASSERT_TRUE(appended) << appended.error().message();
  }
}

JobId first_job(const nlohmann::json& build) {
  for (const auto& job : build.at("jobs")) {
    if (job.at("type") == "script") return *JobId::parse(job.at("id").get<std::string>());
  }
  ADD_FAILURE() << "no script job";
  return {};
}

}  // namespace ostler::rest_api
