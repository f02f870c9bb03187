// SPDX-License-Identifier: Apache-2.0
// `ostler build watch --json` with a hub that does not answer everything at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"
#include "support/scripted_server.hpp"

namespace ostler {
namespace {

/// A hub that refuses to say how its build stands for as long as there are answers in `refusals`,
/// once its stream has told of a block.
class ShyHub {
 public:
  ShyHub(std::string state, std::vector<int> refusals)
      : state_(std::move(state)), refusals_(std::move(refusals)) {}

  support::ProgramResult watched() const {
    return support::run_program(
        {support::ostler_program(), "build", "watch", "app/1", "--json", "--until-blocked"},
        {.environment = {{"OSTLER_URL", server_.url()},
                         {"OSTLER_API_TOKEN", "t"},
                         {"OSTLER_ORGANIZATION", "ostler"}},
         .directory = {}});
  }

  /// Between a refusal and the next call.
  std::chrono::steady_clock::duration shortest_pause() const { return shortest_pause_; }

 private:
  using Pieces = std::vector<std::string>;

  boost::asio::awaitable<support::ServerAnswer> answer(support::ServerRequest request) {
    if (request.target.ends_with("/events")) {
      const auto last = request.headers.find("last-event-id");
      co_return events_behind(last == request.headers.end() ? "" : last->second);
    }
    if (request.target.find("/builds/1") == std::string::npos) {
      co_return support::ServerReply{404, "{}"};
    }
    const auto now = std::chrono::steady_clock::now();
    if (refused_ > 0) shortest_pause_ = std::min(shortest_pause_, now - refused_at_);
    if (has_told_ && refused_ < refusals_.size()) {
      refused_at_ = now;
      co_return support::ServerReply{
          refusals_[refused_++], R"({"message":"not now"})", {{"Retry-After", "1"}}};
    }
    co_return support::ServerReply{
        200, R"({"id":"b","number":1,"state":")" + (has_told_ ? state_ : "running") +
                 R"(","url":"http://x/v2/organizations/ostler/pipelines/app/builds/1","jobs":[]})"};
  }

  /// Nothing more comes behind a block, unless it is open.
  support::ServerAnswer events_behind(const std::string& id) {
    Pieces pieces{
        "id: 1\nevent: meta_data\ndata: {\"id\":1}\n\n"
        "id: 2\nevent: build\ndata: {\"id\":2,\"build\":{\"state\":\"blocked\"}}\n\n"};
    if (id == "2") pieces.clear();
    if (id == "2" && state_ != "blocked") {
      pieces.emplace_back("id: 3\nevent: meta_data\ndata: {\"id\":3}\n\n");
      pieces.emplace_back("event: end\ndata: {\"build\":{\"state\":\"passed\"}}\n\n");
    }
    const bool ends = pieces.size() > 1;
    has_told_ = true;
    return support::StreamReply{.headers = {{"Content-Type", "text/event-stream"}},
                                .next = [pieces, ends]() mutable { return next(pieces, ends); }};
  }

  static boost::asio::awaitable<std::optional<std::string>> next(Pieces& pieces, bool ends) {
    if (pieces.empty() && ends) co_return std::nullopt;
    if (pieces.empty()) {
      boost::asio::steady_timer silence(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
      co_await silence.async_wait(boost::asio::use_awaitable);
    }
    std::string piece = std::move(pieces.front());
    pieces.erase(pieces.begin());
    co_return piece;
  }

  std::string state_;
  std::vector<int> refusals_;
  std::size_t refused_ = 0;
  std::chrono::steady_clock::time_point refused_at_{};
  std::chrono::steady_clock::duration shortest_pause_ = std::chrono::hours(1);
  bool has_told_ = false;
  support::ScriptedServer server_{
      [this](support::ServerRequest request) { return answer(std::move(request)); }};
};

constexpr const char* kUpToTheBlock = "{\"id\":1}\n{\"id\":2,\"build\":{\"state\":\"blocked\"}}\n";

TEST(BuildWatch, TellsEachEventOnceWhenTheHubDoesNotSayAtOnceThatItIsBlocked) {
  const ShyHub hub("blocked", {503, 429, 503});
  const auto watched = hub.watched();
  EXPECT_EQ(watched.code, 3) << watched.err;
  EXPECT_EQ(watched.out, kUpToTheBlock);
}

TEST(BuildWatch, ComesBackToAHubThatTakesNoMoreCallsWhenItSays) {
  const ShyHub hub("blocked", {429});
  const auto watched = hub.watched();
  EXPECT_EQ(watched.code, 3) << watched.err;
  EXPECT_EQ(watched.err,
            "ostler: the hub takes no more calls of this token for now; waiting for it\n");
  EXPECT_GE(hub.shortest_pause(), std::chrono::seconds(1));
}

TEST(BuildWatch, GoesOnBehindABlockThatIsOpen) {
  const ShyHub hub("running", {503});
  const auto watched = hub.watched();
  EXPECT_EQ(watched.code, 0) << watched.err;
  EXPECT_EQ(watched.out,
            std::string(kUpToTheBlock) + "{\"id\":3}\n{\"build\":{\"state\":\"passed\"}}\n");
}

}  // namespace
}  // namespace ostler
