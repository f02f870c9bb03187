// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <thread>

#include "net/http_server.hpp"
#include "rest_fixture.hpp"
#include "support/http_call.hpp"

namespace ostler::rest_api {
namespace {

/// The same handlers behind a real HTTP server on a free port of loopback.
class RestServer : public RestFixture {
 protected:
  RestServer() {
    port_ = server_.listen_tcp("127.0.0.1", 0).value();
    thread_ = std::jthread([this] { server_io_.run(); });
  }
  ~RestServer() override {
    boost::asio::co_spawn(server_io_, server_.stop(std::chrono::seconds(1)), boost::asio::detached);
    thread_.join();
  }

  support::HttpAnswer ask(const std::string& method, const std::string& path,
                          std::vector<std::string> headers = {}, const std::string& body = "") {
    headers.push_back("Authorization: Bearer " + tokens_.api_token.reveal());
    return support::http_call({method, "http://127.0.0.1:" + std::to_string(port_) + "/v2" + path,
                               std::move(headers), body});
  }

  boost::asio::io_context server_io_{1};
  net::HttpServer server_{server_io_.get_executor(), *api_};
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

TEST_F(RestServer, MakesAPipelineAndABuild) {
  const auto pipeline = ask("POST", "/organizations/ostler/pipelines/", {},
                            R"({"name":"P","repository":"r","configuration":"steps: [wait]"})");
  ASSERT_EQ(pipeline.status, 201) << pipeline.body;
  const auto build = ask("POST", "/organizations/ostler/pipelines/p/builds", {},
                         R"({"commit":"HEAD","branch":"main"})");
  ASSERT_EQ(build.status, 201) << build.body;
  EXPECT_EQ(build.json().at("number"), 1);
  EXPECT_EQ(ask("GET", "/nothing").json(), nlohmann::json({{"message", "Not Found"}}));
}

TEST_F(RestServer, TellsTheSizeOfALogAndSendsItInEveryForm) {
  const JobId job = first_job(make_build(make_pipeline("p")));
  const auto agent = connect_agent();
  start(agent, job);
  std::string text;
  while (text.size() < 1u << 20) text += "line " + std::to_string(text.size()) + "\n";
  write_log(agent, job, text);
  const std::string path = "/organizations/ostler/jobs/" + job.str() + "/log";
  const auto head = ask("HEAD", path);
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(text.size()));
  EXPECT_EQ(head.headers.at("accept-ranges"), "bytes");
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(ask("GET", path + ".txt").body, text);
  EXPECT_EQ(ask("GET", path).json().at("content"), text);
  const auto end = ask("GET", path, {"Accept: text/plain", "Range: bytes=-11"});
  EXPECT_EQ(end.status, 206);
  EXPECT_EQ(end.body, text.substr(text.size() - 11));
}

TEST_F(RestServer, AnswersCreationsOfManyClientsAtOnce) {
  const auto slug = make_pipeline("p");
  std::vector<std::jthread> clients;
  std::atomic<int> made = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 5; ++n) {
        const auto build = ask("POST", "/organizations/ostler/pipelines/" + slug + "/builds", {},
                               R"({"commit":"HEAD","branch":"main"})");
        if (build.status == 201) ++made;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(made, 40);
  std::set<int> numbers;
  const auto builds = ask("GET", "/builds?per_page=100&exclude_jobs=true").json();
  for (const auto& build : builds) numbers.insert(build.at("number").get<int>());
  EXPECT_EQ(numbers.size(), 40u);
  EXPECT_EQ(*numbers.rbegin(), 40);
}

}  // namespace
}  // namespace ostler::rest_api
